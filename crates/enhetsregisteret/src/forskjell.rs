//! What changed between two versions of a document, as JSON Patch (RFC 6902).
//!
//! One mechanism for the feeds (fact sheet section 16.3), which tell of units field by field, and for the history
//! on our own surface, which also tells of roles, list by list. The number of employees is left out where version 2
//! of the representation hides it (section 5.3).

use serde_json::{Map, Value, json};

use crate::Feil;
use crate::representasjon::MINSTE_SYNLIGE_ANTALL;

/// The difference of two units: field by field, objects one level deep, lists as a whole.
///
/// # Errors
/// When one of them is not JSON.
pub fn enheter(foer: &[u8], etter: &[u8]) -> Result<Vec<Value>, Feil> {
    forskjell(foer, etter, 2, false)
}

/// The difference of two sets of roles: to the bottom, lists element by element.
///
/// # Errors
/// When one of them is not JSON.
pub fn roller(foer: &[u8], etter: &[u8]) -> Result<Vec<Value>, Feil> {
    forskjell(foer, etter, usize::MAX, true)
}

fn forskjell(foer: &[u8], etter: &[u8], dybde: usize, lister: bool) -> Result<Vec<Value>, Feil> {
    let (foer, etter): (Value, Value) = (serde_json::from_slice(foer)?, serde_json::from_slice(etter)?);
    let mut ut = Vec::new();
    Sammenligning { lister, ut: &mut ut }.verdi("", &foer, &etter, dybde);
    Ok(ut)
}

struct Sammenligning<'a> {
    /// Whether lists are compared element by element.
    lister: bool,
    ut: &'a mut Vec<Value>,
}

impl Sammenligning<'_> {
    /// `dybde`: through how many more levels of objects and lists the comparison goes.
    fn verdi(&mut self, sti: &str, foer: &Value, etter: &Value, dybde: usize) {
        match (foer, etter) {
            _ if foer == etter => {}
            (Value::Object(a), Value::Object(b)) if dybde > 0 => self.objekt(sti, a, b, dybde - 1),
            (Value::Array(a), Value::Array(b)) if dybde > 0 && self.lister => {
                self.liste(sti, a, b, dybde - 1);
            }
            _ => self.ut.push(json!({ "op": "replace", "path": sti, "value": etter })),
        }
    }

    fn objekt(&mut self, sti: &str, foer: &Map<String, Value>, etter: &Map<String, Value>, dybde: usize) {
        for navn in foer.keys() {
            let her = under(sti, navn);
            match (synlig(foer, navn), synlig(etter, navn)) {
                (Some(gammel), Some(ny)) => self.verdi(&her, gammel, ny, dybde),
                (Some(_), None) => self.ut.push(json!({ "op": "remove", "path": her })),
                (None, Some(ny)) => self.ut.push(json!({ "op": "add", "path": her, "value": ny })),
                (None, None) => {}
            }
        }
        for navn in etter.keys().filter(|navn| !foer.contains_key(*navn)) {
            if let Some(ny) = synlig(etter, navn) {
                self.ut.push(json!({ "op": "add", "path": under(sti, navn), "value": ny }));
            }
        }
    }

    /// What the lists begin and end with in common is left alone; between, element is held against element, and
    /// what one list has more is removed, the last first, or added.
    fn liste(&mut self, sti: &str, foer: &[Value], etter: &[Value], dybde: usize) {
        let korteste = foer.len().min(etter.len());
        let forst = foer.iter().zip(etter).take_while(|(a, b)| a == b).count();
        let sist = foer.iter().rev().zip(etter.iter().rev()).take_while(|(a, b)| a == b).count();
        let sist = sist.min(korteste - forst);
        let (a, b) = (&foer[forst..foer.len() - sist], &etter[forst..etter.len() - sist]);
        for (i, (gammel, ny)) in a.iter().zip(b).enumerate() {
            self.verdi(&format!("{sti}/{}", forst + i), gammel, ny, dybde);
        }
        for i in (b.len()..a.len()).rev() {
            self.ut.push(json!({ "op": "remove", "path": format!("{sti}/{}", forst + i) }));
        }
        for (i, ny) in b.iter().enumerate().skip(a.len()) {
            self.ut.push(json!({ "op": "add", "path": format!("{sti}/{}", forst + i), "value": ny }));
        }
    }
}

/// A path one step further down.
fn under(sti: &str, navn: &str) -> String {
    format!("{sti}/{}", navn.replace('~', "~0").replace('/', "~1"))
}

/// A field, unless it is a number of employees that is hidden.
fn synlig<'a>(objekt: &'a Map<String, Value>, navn: &str) -> Option<&'a Value> {
    let verdi = objekt.get(navn)?;
    let skjult = navn == "antallAnsatte"
        && verdi.as_u64().is_none_or(|antall| antall < u64::from(MINSTE_SYNLIGE_ANTALL));
    (!skjult).then_some(verdi)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn differences_are_patches() {
        let foer = br#"{"navn":"A","konkurs":false,"antallAnsatte":3,"adr":{"a":"1","b":["x"]},"borte":1}"#;
        let etter =
            br#"{"navn":"A","konkurs":true,"antallAnsatte":7,"adr":{"a":"2","b":["x"]},"ny":{"k":1}}"#;
        assert_eq!(
            Value::from(enheter(foer, etter).unwrap()),
            json!([
                { "op": "replace", "path": "/konkurs", "value": true },
                { "op": "add", "path": "/antallAnsatte", "value": 7 },
                { "op": "replace", "path": "/adr/a", "value": "2" },
                { "op": "remove", "path": "/borte" },
                { "op": "add", "path": "/ny", "value": { "k": 1 } },
            ])
        );
        let lister = enheter(br#"{"a":{"b":["x"]}}"#, br#"{"a":{"b":["x","y"]}}"#).unwrap();
        assert_eq!(Value::from(lister), json!([{ "op": "replace", "path": "/a/b", "value": ["x", "y"] }]));
    }

    /// RFC 6902 as far as it is used here.
    fn utfor(dokument: &mut Value, endring: &Value) {
        let sti = endring["path"].as_str().unwrap();
        let (forelder, navn) = sti.rsplit_once('/').unwrap_or(("", ""));
        let navn = navn.replace("~1", "/").replace("~0", "~");
        if sti.is_empty() {
            *dokument = endring["value"].clone();
            return;
        }
        let verdi = endring["value"].clone();
        match (dokument.pointer_mut(forelder).unwrap(), endring["op"].as_str().unwrap()) {
            (Value::Object(o), "remove") => assert!(o.shift_remove(&navn).is_some()),
            (Value::Object(o), _) => drop(o.insert(navn, verdi)),
            (Value::Array(l), "remove") => drop(l.remove(navn.parse().unwrap())),
            (Value::Array(l), "add") => l.insert(navn.parse().unwrap(), verdi),
            (Value::Array(l), _) => l[navn.parse::<usize>().unwrap()] = verdi,
            annet => panic!("{annet:?}"),
        }
    }

    fn tre() -> impl Strategy<Value = Value> {
        let blad = prop_oneof![(0u8..4).prop_map(Value::from), any::<bool>().prop_map(Value::from)];
        blad.prop_recursive(4, 24, 4, |inne| {
            prop_oneof![
                prop::collection::vec(inne.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[ab/~]{1,2}", inne, 0..4)
                    .prop_map(|felter| Value::Object(felter.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_patch_leads_from_the_one_to_the_other(foer in tre(), etter in tre()) {
            for finn in [enheter, roller] {
                let mut dokument = foer.clone();
                for endring in finn(foer.to_string().as_bytes(), etter.to_string().as_bytes()).unwrap() {
                    utfor(&mut dokument, &endring);
                }
                prop_assert_eq!(&dokument, &etter);
            }
        }
    }
}
