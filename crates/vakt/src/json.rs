//! JSON objects read so that no two readers can see different things in them.
//!
//! The ordinary readers keep the last of two members with one name and say nothing. A grant that has been signed
//! with two `scope` members must not mean one thing here and another there, so it means nothing (sheet section
//! 4.2). Refused at any level: repeated names, also when spelt with escapes; more than eight levels; integers and
//! whole floats that a double cannot hold exactly; NUL characters, where they are not asked for.

use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// An object, in the order it was written.
pub type Object = serde_json::Map<String, Value>;

/// Deepest nesting, the outer object included (sheet section 4.2).
const DEPTH_MAX: u8 = 8;
/// Integers beyond this are not the same number to all readers.
const INTEGER_MAX: u64 = 1 << 53;

/// Why bytes are not such an object. The text does not repeat them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a JSON object without repeated names, deep nesting or inexact numbers")]
pub struct NotAnObject;

/// Reads an object; nothing but white space may follow it.
pub fn object(bytes: &[u8]) -> Result<Object, NotAnObject> {
    read(bytes, false)
}

/// As [`object`], for the header of a signature: a key identifier may hold anything, it is only compared.
pub(crate) fn header(bytes: &[u8]) -> Result<Object, NotAnObject> {
    read(bytes, true)
}

fn read(bytes: &[u8], nul_allowed: bool) -> Result<Object, NotAnObject> {
    let text = str::from_utf8(bytes).map_err(|_| NotAnObject)?;
    let mut reader = serde_json::Deserializer::from_str(text);
    let value =
        Strict { levels: DEPTH_MAX, nul_allowed }.deserialize(&mut reader).map_err(|_| NotAnObject)?;
    reader.end().map_err(|_| NotAnObject)?;
    match value {
        Value::Object(object) => Ok(object),
        _ => Err(NotAnObject),
    }
}

/// A moment as tokens write it: whole seconds since 1970. A number with a zero fraction (`1.7e9`) will do; a
/// negative one, a text or a fraction will not (sheet section 4.2).
pub fn seconds(value: &Value) -> Option<i64> {
    if let Some(whole) = value.as_i64() {
        return (whole >= 0).then_some(whole);
    }
    let number = value.as_f64()?;
    let whole = number.fract() == 0.0 && (0.0..=INTEGER_MAX as f64).contains(&number);
    whole.then_some(number as i64)
}

#[derive(Clone, Copy)]
struct Strict {
    levels: u8,
    nul_allowed: bool,
}

impl Strict {
    fn deeper<E: de::Error>(self) -> Result<Self, E> {
        let levels = self.levels.checked_sub(1).ok_or_else(|| E::custom("too deep"))?;
        Ok(Self { levels, ..self })
    }

    fn text<E: de::Error>(self, text: String) -> Result<String, E> {
        if self.nul_allowed || !text.contains('\0') { Ok(text) } else { Err(E::custom("a NUL character")) }
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        if value <= INTEGER_MAX { Ok(value.into()) } else { Err(E::custom("a number too large")) }
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        if value.unsigned_abs() <= INTEGER_MAX {
            Ok(value.into())
        } else {
            Err(E::custom("a number too small"))
        }
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        let exact = value.abs() <= INTEGER_MAX as f64;
        if exact { Ok(value.into()) } else { Err(E::custom("a number too large")) }
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        self.text(value.to_owned()).map(Value::String)
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<Value, E> {
        self.text(value).map(Value::String)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut list = Vec::new();
        while let Some(member) = members.next_element_seed(inner)? {
            list.push(member);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut object = Object::new();
        while let Some(name) = members.next_key::<String>()? {
            let name = self.text(name)?;
            let value = members.next_value_seed(inner)?;
            if object.insert(name, value).is_some() {
                return Err(de::Error::custom("a repeated name"));
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn ordinary_objects_are_read_in_order() {
        let read = object(br#" {"b":[1,-2,1.5,"x",null,true],"a":{"c":{}}} "#).unwrap();
        assert_eq!(Value::Object(read.clone()), json!({"b": [1, -2, 1.5, "x", null, true], "a": {"c": {}}}));
        assert_eq!(read.keys().collect::<Vec<_>>(), ["b", "a"]);
    }

    #[test]
    fn what_two_readers_could_see_differently_is_refused() {
        let nested = |n: usize| format!("{{\"a\":{}{}}}", "[".repeat(n), "]".repeat(n));
        assert!(object(nested(7).as_bytes()).is_ok());
        let deep = [nested(8), nested(100), nested(100_000)];
        let refused = [
            r#"{"a":1,"a":1}"#,
            r#"{"scope":1,"sc\u006fpe":2}"#,
            r#"{"x":[{"a":1,"a":2}]}"#,
            r#"{"a":9007199254740993}"#,
            r#"{"a":-9007199254740993}"#,
            r#"{"a":1e300}"#,
            r#"{"a":1e400}"#,
            r#"{"a":"x\u0000"}"#,
            r#"{"\u0000":1}"#,
            r#"{"a":"\ud800"}"#,
            r#"{"a":1} x"#,
            r#"{"a":1}{"b":1}"#,
            "{\"a\":\"\0\"}",
            "\u{feff}{}",
            r#"{"a":1,}"#,
            "{'a':1}",
            "[]",
            "\"a\"",
            "null",
            "",
        ];
        for text in refused.iter().copied().chain(deep.iter().map(String::as_str)) {
            assert_eq!(object(text.as_bytes()), Err(NotAnObject), "{text:.60}");
        }
        assert_eq!(object(b"{\"a\":\"\xc0\xaf\"}"), Err(NotAnObject), "overlong");
        assert_eq!(object(b"{\"a\":\"\xff\"}"), Err(NotAnObject));
    }

    #[test]
    fn a_key_identifier_may_hold_anything() {
        assert_eq!(header(br#"{"kid":"a\u0000"}"#).unwrap()["kid"], "a\0");
        assert!(header(br#"{"kid":"a","kid":"a"}"#).is_err());
    }

    #[test]
    fn moments() {
        for (value, expected) in [
            (json!(0), Some(0)),
            (json!(1_767_225_600), Some(1_767_225_600)),
            (json!(1.7e9), Some(1_700_000_000)),
            (json!(1.5), None),
            (json!(-1), None),
            (json!(-1.0), None),
            (json!(1e300), None),
            (json!("1"), None),
            (json!(null), None),
            (json!(true), None),
            (json!([1]), None),
        ] {
            assert_eq!(seconds(&value), expected, "{value}");
        }
    }

    proptest! {
        #[test]
        fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = object(&bytes);
        }

        #[test]
        fn what_is_accepted_is_what_the_ordinary_reader_sees(text in r#"\{("[ab]":([01]|"[xy]"|\[[01]?\]|\{("c":1)?\}),?){0,3}\}"#) {
            if let Ok(strict) = object(text.as_bytes()) {
                prop_assert_eq!(Value::Object(strict), serde_json::from_str::<Value>(&text).unwrap());
            }
        }
    }
}
