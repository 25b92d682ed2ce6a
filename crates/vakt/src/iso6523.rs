//! Organisations as tokens write them (sheet section 7.4).

use identifikator::Organisasjonsnummer;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The scheme of the identifiers, in the member `authority`.
pub const AUTHORITY: &str = "iso6523-actorid-upis";
/// The code of Enhetsregisteret, before the organisation number.
pub const ICD: &str = "0192";

/// `{"authority":"iso6523-actorid-upis","ID":"0192:311015001"}`: the member is `ID`, in capitals.
///
/// Any authority and any identifier can be held, for readers must bear what comes later; [`Self::orgnr`] says
/// whether it is an organisation number today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Iso6523 {
    /// Which scheme the identifier belongs to.
    pub authority: String,
    /// The identifier, colon-separated.
    #[serde(rename = "ID")]
    pub id: String,
}

impl Iso6523 {
    /// The canonical form of an organisation number.
    pub fn of(orgnr: Organisasjonsnummer) -> Self {
        Self { authority: AUTHORITY.to_owned(), id: format!("{ICD}:{orgnr}") }
    }

    /// Reads the object; members that the form does not have are borne, for other issuers may add some.
    pub fn read(value: &Value) -> Option<Self> {
        let text = |name: &str| Some(value.get(name)?.as_str()?.to_owned());
        Some(Self { authority: text("authority")?, id: text("ID")? })
    }

    /// The organisation number, if it is exactly one of Enhetsregisteret with its control digit right. A sub-unit
    /// of the pilot with four parts is not its parent.
    pub fn orgnr(&self) -> Option<Organisasjonsnummer> {
        let digits = self.id.strip_prefix(ICD)?.strip_prefix(':')?;
        if self.authority != AUTHORITY {
            return None;
        }
        Organisasjonsnummer::parse_strengt(digits).ok()
    }

    /// The JSON of the object.
    pub fn to_json(&self) -> Value {
        json!({"authority": self.authority, "ID": self.id})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_canonical_form_is_an_organisation_number() {
        let orgnr = Organisasjonsnummer::parse("311015001").unwrap();
        let object = Iso6523::of(orgnr);
        assert_eq!(object.to_json(), json!({"authority": AUTHORITY, "ID": "0192:311015001"}));
        assert_eq!(Iso6523::read(&object.to_json()).unwrap().orgnr(), Some(orgnr));
        for id in [
            "311015001",
            "0192:311015002",
            "0192:31101500",
            "0193:311015001",
            "0192:311015001:ER//312026007:1",
            "0192: 311015001",
            "",
        ] {
            assert_eq!(Iso6523 { authority: AUTHORITY.into(), id: id.into() }.orgnr(), None, "{id}");
        }
        assert_eq!(Iso6523 { authority: "etsi".into(), id: "0192:311015001".into() }.orgnr(), None);
    }

    #[test]
    fn other_shapes_are_not_read() {
        for value in [
            json!("0192:311015001"),
            json!(null),
            json!({"authority": AUTHORITY}),
            json!({"authority": AUTHORITY, "id": "0192:311015001"}),
            json!({"authority": AUTHORITY, "ID": 311_015_001}),
        ] {
            assert_eq!(Iso6523::read(&value), None, "{value}");
        }
        assert!(Iso6523::read(&json!({"authority": "a", "ID": "b", "c": 1})).is_some());
    }
}
