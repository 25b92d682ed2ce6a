//! Re-laying JSON bytes without parsing them.

use std::borrow::Cow;

/// Appends `compact`, which must be valid JSON, to `out` in the services' layout. `level` is the number of
/// objects that the value already stands inside. White space in the input is dropped.
///
/// One pass, no allocation but `out` and a small stack; this runs over whole downloads. Input that is not JSON
/// gives output that is not JSON either, nothing worse.
pub fn pretty_into(out: &mut Vec<u8>, compact: &[u8], level: usize) {
    out.reserve(compact.len() + compact.len() / 2);
    let mut state = State { level, inside_object: Vec::with_capacity(16) };
    let (mut at, mut copied) = (0, 0);
    while let Some(&byte) = compact.get(at) {
        let class = CLASS[usize::from(byte)];
        if class == Class::Plain {
            at += 1;
            continue;
        }
        if class == Class::Quote {
            at = after_string(compact, at + 1);
            continue;
        }
        out.extend_from_slice(&compact[copied..at]);
        at += 1;
        if matches!(class, Class::OpenObject | Class::OpenArray) {
            at = state.open(out, compact, at, class == Class::OpenObject);
        } else {
            state.between(out, class);
        }
        copied = at;
    }
    out.extend_from_slice(&compact[copied..]);
}

/// A line break and the indent of so many objects.
pub(super) fn line(level: usize) -> Cow<'static, [u8]> {
    const LINE: &[u8; 65] = b"\n                                                                ";
    match LINE.get(..=2 * level) {
        Some(line) => Cow::Borrowed(line),
        None => Cow::Owned(std::iter::once(b'\n').chain(std::iter::repeat_n(b' ', 2 * level)).collect()),
    }
}

struct State {
    level: usize,
    inside_object: Vec<bool>,
}

impl State {
    /// After an opening bracket at `at - 1`: writes it, and its partner too if nothing stands between them.
    /// Returns where to go on.
    fn open(&mut self, out: &mut Vec<u8>, json: &[u8], at: usize, object: bool) -> usize {
        let next = at + json[at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
        let (empty, close) = if object { (b"{ }", b'}') } else { (b"[ ]", b']') };
        if json.get(next) == Some(&close) {
            out.extend_from_slice(empty);
            return next + 1;
        }
        self.inside_object.push(object);
        if object {
            self.level += 1;
            out.push(b'{');
            out.extend_from_slice(&line(self.level));
        } else {
            out.extend_from_slice(b"[ ");
        }
        next
    }

    fn between(&mut self, out: &mut Vec<u8>, class: Class) {
        match class {
            Class::Colon => out.extend_from_slice(b" : "),
            Class::Comma if self.inside_object.last() == Some(&true) => {
                out.push(b',');
                out.extend_from_slice(&line(self.level));
            }
            Class::Comma => out.extend_from_slice(b", "),
            Class::CloseObject => {
                self.inside_object.pop();
                self.level = self.level.saturating_sub(1);
                out.extend_from_slice(&line(self.level));
                out.push(b'}');
            }
            Class::CloseArray => {
                self.inside_object.pop();
                out.extend_from_slice(b" ]");
            }
            Class::Space | Class::Plain | Class::Quote | Class::OpenObject | Class::OpenArray => {}
        }
    }
}

/// The position after the quote that ends the string beginning at `at`.
fn after_string(json: &[u8], mut at: usize) -> usize {
    while let Some(&byte) = json.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    json.len()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Plain,
    Quote,
    Colon,
    Comma,
    OpenObject,
    CloseObject,
    OpenArray,
    CloseArray,
    Space,
}

static CLASS: [Class; 256] = {
    let mut table = [Class::Plain; 256];
    table[b'"' as usize] = Class::Quote;
    table[b':' as usize] = Class::Colon;
    table[b',' as usize] = Class::Comma;
    table[b'{' as usize] = Class::OpenObject;
    table[b'}' as usize] = Class::CloseObject;
    table[b'[' as usize] = Class::OpenArray;
    table[b']' as usize] = Class::CloseArray;
    table[b' ' as usize] = Class::Space;
    table[b'\n' as usize] = Class::Space;
    table[b'\r' as usize] = Class::Space;
    table[b'\t' as usize] = Class::Space;
    table
};

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::super::to_vec;
    use super::*;

    fn pretty(json: &[u8], level: usize) -> Vec<u8> {
        let mut out = Vec::new();
        pretty_into(&mut out, json, level);
        out
    }

    /// The layout written down a second time, by recursion over values.
    fn reference(value: &Value, level: usize, out: &mut String) {
        let indent = |n: usize| "  ".repeat(n);
        match value {
            Value::Array(items) if items.is_empty() => out.push_str("[ ]"),
            Value::Array(items) => {
                for (i, item) in items.iter().enumerate() {
                    out.push_str(if i == 0 { "[ " } else { ", " });
                    reference(item, level, out);
                }
                out.push_str(" ]");
            }
            Value::Object(members) if members.is_empty() => out.push_str("{ }"),
            Value::Object(members) => {
                for (i, (name, member)) in members.iter().enumerate() {
                    out.push_str(if i == 0 { "{\n" } else { ",\n" });
                    out.push_str(&indent(level + 1));
                    out.push_str(&Value::from(name.as_str()).to_string());
                    out.push_str(" : ");
                    reference(member, level + 1, out);
                }
                out.push('\n');
                out.push_str(&indent(level));
                out.push('}');
            }
            plain => out.push_str(&plain.to_string()),
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".*".prop_map(Value::from),
            r#"["\\{}\[\],: ]*"#.prop_map(Value::from),
        ];
        leaf.prop_recursive(6, 64, 6, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                proptest::collection::btree_map(".*", inner, 0..6)
                    .prop_map(|m| Value::Object(m.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn all_ways_agree(value in any_json(), level in 0usize..40) {
            let mut expected = String::new();
            reference(&value, level, &mut expected);
            let compact = serde_json::to_vec(&value).unwrap();
            prop_assert_eq!(String::from_utf8(pretty(&compact, level)).unwrap(), expected);
            let spacious = serde_json::to_vec_pretty(&value).unwrap();
            prop_assert_eq!(pretty(&spacious, 0), pretty(&compact, 0));
            prop_assert_eq!(pretty(&compact, 0), to_vec(&value).unwrap());
        }

        #[test]
        fn what_is_not_json_does_no_harm(bytes in r#"[{}\[\]",:\\ a]{0,40}"#) {
            let _ = pretty(bytes.as_bytes(), 1);
        }
    }
}
