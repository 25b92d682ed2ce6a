//! The claims of a token, read into a [`Konsument`] (sheet sections 7 and 14.1).

use std::sync::Arc;

use identifikator::{Organisasjonsnummer, Personidentifikator};
use serde_json::Value;

use crate::denied::Denied;
use crate::iso6523::Iso6523;
use crate::json::{self, Object};
use crate::konsument::Konsument;
use crate::scope::Scopes;

/// Most words in `scope`, members of `aud` and of `authorization_details`.
const MEMBERS_MAX: usize = 100;
/// What unrestricted tokens once said, and some still say (sheet section 7.5).
const UNSPECIFIED: &str = "unspecified";

/// What is believed of an issuer's tokens.
#[derive(Debug, Clone)]
pub struct Beliefs {
    /// The issuer, exactly as its tokens say it.
    pub issuer: Arc<str>,
    /// The delegation sources that are believed, exactly as tokens say them.
    pub delegation_sources: Vec<Arc<str>>,
    /// Whether a supplier without a delegation source is believed: the issuer's own, older way of letting one
    /// organisation act for another (`dcr.supplier`, sheet section 11.1). Strictly it is not (section 20.1).
    pub supplier_without_source: bool,
    /// How far clocks may be apart, in seconds. Seen in use: 0 to 30.
    pub leeway_s: i64,
}

/// Reads the claims at a moment in seconds since 1970. The signature, or the issuer's word, has been checked.
pub fn read(claims: &Object, beliefs: &Beliefs, now: i64) -> Result<Konsument, Denied> {
    if claims.get("iss").is_some_and(|issuer| issuer.as_str() != Some(&beliefs.issuer)) {
        return Err(Denied::Invalid("the issuer is another"));
    }
    let expires = life(claims, beliefs.leeway_s, now)?;
    let consumer = organisation(claims.get("consumer").ok_or(Denied::Invalid("consumer is missing"))?)?;
    let supplier = claims.get("supplier").map(organisation).transpose()?;
    let delegation_source = delegation(claims, beliefs, consumer, supplier)?;
    let scopes = text(claims, "scope")?;
    if Scopes::count(scopes) > MEMBERS_MAX {
        return Err(Denied::Invalid("scope has too many words"));
    }
    Ok(Konsument {
        consumer,
        supplier,
        delegation_source,
        scopes: Scopes::known(scopes),
        issuer: beliefs.issuer.clone(),
        client_id: text(claims, "client_id")?.into(),
        audience: audience(claims.get("aud"))?,
        pid: person(claims.get("pid"))?,
        authorization_details: details(claims.get("authorization_details"))?,
        expires,
    })
}

/// When the token ends, if it has begun and not ended.
fn life(claims: &Object, leeway: i64, now: i64) -> Result<i64, Denied> {
    let moment = |name: &str, otherwise: Denied| match claims.get(name) {
        None => Ok(None),
        Some(value) => json::seconds(value).map(Some).ok_or(otherwise),
    };
    let not_a_moment = Denied::Invalid("a time is not a whole number of seconds");
    let expires = moment("exp", not_a_moment.clone())?.ok_or(Denied::Invalid("exp is missing"))?;
    if now >= expires.saturating_add(leeway) {
        return Err(Denied::Invalid("the token has expired"));
    }
    for name in ["iat", "nbf"] {
        if moment(name, not_a_moment.clone())?.is_some_and(|begins| begins > now.saturating_add(leeway)) {
            return Err(Denied::Invalid("the token is not valid yet"));
        }
    }
    Ok(expires)
}

fn text<'a>(claims: &'a Object, name: &'static str) -> Result<&'a str, Denied> {
    let found = claims.get(name).and_then(Value::as_str);
    found.ok_or(Denied::Invalid("a claim that every token has is missing or is no text"))
}

/// An object of another authority is borne (it may come) and opens nothing: who cannot be told apart from others
/// cannot be given access.
fn organisation(value: &Value) -> Result<Organisasjonsnummer, Denied> {
    let object = Iso6523::read(value).ok_or(Denied::Invalid("an organisation is not written as one"))?;
    object.orgnr().ok_or(Denied::Forbidden("the organisation is not one of Enhetsregisteret"))
}

fn delegation(
    claims: &Object,
    beliefs: &Beliefs,
    consumer: Organisasjonsnummer,
    supplier: Option<Organisasjonsnummer>,
) -> Result<Option<Arc<str>>, Denied> {
    match (supplier, claims.get("delegation_source")) {
        (None, None) => Ok(None),
        (None, Some(_)) => Err(Denied::Invalid("there is a delegation source and no supplier")),
        (Some(supplier), _) if supplier == consumer => {
            Err(Denied::Invalid("consumer and supplier are the same"))
        }
        (Some(_), None) if beliefs.supplier_without_source => Ok(None),
        (Some(_), None) => Err(Denied::Forbidden("the supplier has no delegation source")),
        (Some(_), Some(source)) => {
            let source = source.as_str().ok_or(Denied::Invalid("the delegation source is no text"))?;
            let known = beliefs.delegation_sources.iter().find(|known| known.as_ref() == source);
            known.cloned().map(Some).ok_or(Denied::Forbidden("the delegation source is not believed"))
        }
    }
}

/// The audiences a token is restricted to. Absent and `unspecified` are the same: none.
fn audience(claim: Option<&Value>) -> Result<Vec<Arc<str>>, Denied> {
    let wrong = Denied::Invalid("aud is neither a text nor a list of texts");
    let list = match claim {
        None => return Ok(Vec::new()),
        Some(Value::String(one)) => vec![one.as_str().into()],
        Some(Value::Array(many)) if (1..=MEMBERS_MAX).contains(&many.len()) => {
            let texts: Option<Vec<Arc<str>>> = many.iter().map(|one| one.as_str().map(Into::into)).collect();
            texts.ok_or(wrong)?
        }
        Some(_) => return Err(wrong),
    };
    let unrestricted = list.len() == 1 && list.iter().all(|one| one.as_ref() == UNSPECIFIED);
    Ok(if unrestricted { Vec::new() } else { list })
}

fn person(claim: Option<&Value>) -> Result<Option<Personidentifikator>, Denied> {
    let read = |value: &Value| Personidentifikator::parse(value.as_str()?).ok();
    match claim {
        None => Ok(None),
        Some(value) => read(value).map(Some).ok_or(Denied::Invalid("pid is not a person's number")),
    }
}

fn details(claim: Option<&Value>) -> Result<Vec<Value>, Denied> {
    match claim {
        None => Ok(Vec::new()),
        Some(Value::Array(list))
            if (1..=MEMBERS_MAX).contains(&list.len()) && list.iter().all(Value::is_object) =>
        {
            Ok(list.clone())
        }
        Some(_) => Err(Denied::Invalid("authorization_details is not a list of objects")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_767_225_600;
    const SOURCE: &str = "https://tt02.altinn.no/";

    fn beliefs() -> Beliefs {
        Beliefs {
            issuer: "https://as.example.no/".into(),
            delegation_sources: vec![SOURCE.into()],
            supplier_without_source: false,
            leeway_s: 30,
        }
    }

    fn org(orgnr: &str) -> Value {
        json!({"authority": "iso6523-actorid-upis", "ID": format!("0192:{orgnr}")})
    }

    fn claims(changes: &Value) -> Object {
        let mut claims = json!({
            "iss": "https://as.example.no/", "scope": "demo:register.read", "client_id": "c", "client_amr": "x",
            "token_type": "Bearer", "iat": NOW, "exp": NOW + 120, "jti": "j", "consumer": org("311015001"),
        });
        for (name, value) in changes.as_object().unwrap() {
            match value {
                Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
                value => claims[name] = value.clone(),
            }
        }
        claims.as_object().unwrap().clone()
    }

    fn with(changes: &Value) -> Result<Konsument, Denied> {
        read(&claims(changes), &beliefs(), NOW)
    }

    fn invalid(changes: &Value) -> bool {
        matches!(with(changes), Err(Denied::Invalid(_)))
    }

    fn forbidden(changes: &Value) -> bool {
        matches!(with(changes), Err(Denied::Forbidden(_)))
    }

    #[test]
    fn an_ordinary_and_a_delegated_token() {
        let plain = with(&json!({})).unwrap();
        assert_eq!(plain.consumer.to_string(), "311015001");
        assert_eq!((plain.supplier, plain.audience.len(), plain.expires), (None, 0, NOW + 120));
        let delegated = with(&json!({"supplier": org("312026007"), "delegation_source": SOURCE})).unwrap();
        assert_eq!(delegated.consumer.to_string(), "311015001", "a168: the consumer, not the supplier");
        assert_eq!(delegated.supplier.unwrap().to_string(), "312026007");
        let bare = with(&json!({"nbf": null, "sub": "x", "typ": "y", "foo": {"a": 1}})).unwrap();
        assert_eq!(bare, plain);
    }

    #[test]
    fn a162_a163_issuer_and_time() {
        for issuer in ["https://as.example.no", "https://test.example.no/", "HTTPS://as.example.no/", ""] {
            assert!(invalid(&json!({"iss": issuer})), "{issuer}");
        }
        assert!(invalid(&json!({"iss": ["https://as.example.no/"]})));
        let ends = |exp: i64| with(&json!({"iat": NOW - 100, "exp": exp})).is_ok();
        assert!(ends(NOW - 29) && !ends(NOW - 30) && !ends(NOW - 31));
        assert!(with(&json!({"nbf": NOW + 30})).is_ok() && invalid(&json!({"nbf": NOW + 31})));
        assert!(with(&json!({"iat": NOW + 30})).is_ok() && invalid(&json!({"iat": NOW + 31})));
        for exp in [json!(null), json!("1"), json!(1.5), json!(-1), json!(1e300), json!(true), json!([])] {
            assert!(invalid(&json!({"exp": exp})), "{exp}");
        }
    }

    #[test]
    fn a165_scope_is_words_in_a_text() {
        assert!(invalid(&json!({"scope": ["demo:register.read"]})));
        assert!(invalid(&json!({"scope": null})));
        assert!(invalid(&json!({"scope": "a:b ".repeat(101)})));
        assert_eq!(with(&json!({"scope": "openid a:b  a:b"})).unwrap().scopes.to_string(), "a:b");
        assert!(invalid(&json!({"client_id": 1})));
    }

    #[test]
    fn a167_organisations() {
        for consumer in [
            json!(null),
            json!("0192:311015001"),
            json!({"authority": "x", "id": "0192:311015001"}),
            json!([]),
        ] {
            assert!(invalid(&json!({"consumer": consumer})), "{consumer}");
            if !consumer.is_null() {
                assert!(invalid(&json!({"supplier": consumer, "delegation_source": SOURCE})), "{consumer}");
            }
        }
        for id in ["311015001", "0192:311015002", "0192:311015001:ER//312026007:1", "9999:311015001"] {
            let consumer = json!({"authority": "iso6523-actorid-upis", "ID": id});
            assert!(forbidden(&json!({"consumer": consumer})), "{id}");
        }
        assert!(forbidden(&json!({"consumer": {"authority": "etsi-en-319-412", "ID": "NTRNO-311015001"}})));
    }

    #[test]
    fn delegations_from_sources_that_are_believed() {
        let supplier = org("312026007");
        assert!(forbidden(&json!({"supplier": supplier, "delegation_source": "https://www.altinn.no/"})));
        assert!(forbidden(&json!({"supplier": supplier})));
        assert!(invalid(&json!({"supplier": supplier, "delegation_source": 1})));
        assert!(invalid(&json!({"delegation_source": SOURCE})));
        assert!(invalid(&json!({"supplier": org("311015001"), "delegation_source": SOURCE})));
        let kinder = Beliefs { supplier_without_source: true, ..beliefs() };
        assert!(read(&claims(&json!({"supplier": supplier})), &kinder, NOW).is_ok());
    }

    #[test]
    fn audiences_persons_and_details() {
        let audience = |aud: Value| with(&json!({"aud": aud})).map(|k| k.audience.len());
        assert_eq!(audience(json!("https://a.example.no")), Ok(1));
        assert_eq!(audience(json!(["a:1", "b:2"])), Ok(2));
        assert_eq!(audience(json!("unspecified")), Ok(0));
        for aud in [json!([]), json!([1]), json!(1), json!({"a": 1})] {
            assert!(audience(aud.clone()).is_err(), "{aud}");
        }
        assert!(with(&json!({"pid": "17912099997"})).unwrap().pid.is_some());
        for pid in [json!("17912099998"), json!(17_912_099_997_i64), json!("x"), json!([])] {
            assert!(invalid(&json!({"pid": pid})), "{pid}");
        }
        assert_eq!(
            with(&json!({"authorization_details": [{"type": "x"}]})).unwrap().authorization_details.len(),
            1
        );
        for list in [json!({}), json!([]), json!(["x"]), json!("x")] {
            assert!(invalid(&json!({"authorization_details": list})), "{list}");
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(json!(null)),
            any::<bool>().prop_map(|b| json!(b)),
            any::<i64>().prop_map(|n| json!(n)),
            any::<f64>().prop_map(|n| json!(n)),
            "[ -~]{0,20}".prop_map(|s| json!(s)),
        ];
        leaf.prop_recursive(3, 16, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
                proptest::collection::btree_map("(ID|id|authority|type)", inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_claim_of_any_kind_never_panics_and_never_widens_access(
            name in "(iss|scope|client_id|exp|iat|nbf|consumer|supplier|delegation_source|aud|pid|authorization_details)",
            value in any_json(),
        ) {
            let mut changed = claims(&json!({}));
            changed.insert(name, value);
            if let Ok(konsument) = read(&changed, &beliefs(), NOW) {
                prop_assert_eq!(konsument.consumer.to_string(), "311015001");
                prop_assert!(konsument.supplier.is_none());
            }
        }
    }
}
