//! Scopes: what access is called (sheet section 11.5).

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Longest name of a scope, in bytes.
pub const LENGTH_MAX: usize = 255;

/// The name of an access, `prefix:subscope`. The prefix belongs to an owner and holds no colon; the rest may hold
/// colons and slashes. Names are compared whole and case-sensitively.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope {
    name: Arc<str>,
    colon: u8,
}

/// The text is not the name of a scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a scope: prefix:subscope")]
pub struct InvalidScope {
    /// The text, as it was given; for the answer to the one who gave it.
    pub word: String,
}

impl Scope {
    /// Reads a name.
    pub fn parse(text: &str) -> Result<Self, InvalidScope> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        let sound = |prefix: &str, rest: &str| {
            text.len() <= LENGTH_MAX
                && !prefix.is_empty()
                && !rest.is_empty()
                && prefix.bytes().all(plain)
                && rest.bytes().all(|b| plain(b) || matches!(b, b':' | b'/'))
        };
        match text.split_once(':') {
            Some((prefix, rest)) if sound(prefix, rest) => {
                Ok(Self { name: text.into(), colon: u8::try_from(prefix.len()).unwrap_or(u8::MAX) })
            }
            _ => Err(InvalidScope { word: text.to_owned() }),
        }
    }

    /// The whole name.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// What stands before the first colon.
    pub fn prefix(&self) -> &str {
        self.name.get(..usize::from(self.colon)).unwrap_or("")
    }

    /// What stands after the first colon.
    pub fn subscope(&self) -> &str {
        self.name.get(usize::from(self.colon) + 1..).unwrap_or("")
    }
}

impl FromStr for Scope {
    type Err = InvalidScope;

    fn from_str(text: &str) -> Result<Self, InvalidScope> {
        Self::parse(text)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scope({})", self.name)
    }
}

impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(&self.name)
    }
}

impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(reader)?).map_err(de::Error::custom)
    }
}

/// A list of scopes without repetition, in the order first seen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scopes(Vec<Scope>);

impl Scopes {
    /// Reads names with any run of spaces and tabs between them (sheet section 5, *scope split*).
    ///
    /// # Errors
    /// The first word that is no scope.
    pub fn parse(text: &str) -> Result<Self, InvalidScope> {
        words(text).map(Scope::parse).collect()
    }

    /// As [`Self::parse`], passing over words that are no scope: a token of another issuer may hold such, and
    /// they open nothing here.
    pub fn known(text: &str) -> Self {
        words(text).filter_map(|word| Scope::parse(word).ok()).collect()
    }

    /// How many words the text has; cheap, for limits.
    pub fn count(text: &str) -> usize {
        words(text).count()
    }

    /// Whether this very scope is among them.
    pub fn contains(&self, scope: &Scope) -> bool {
        self.0.contains(scope)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One by one, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Scope> {
        self.0.iter()
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', '\t']).filter(|word| !word.is_empty())
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        let mut list = Vec::new();
        for scope in scopes {
            if !list.contains(&scope) {
                list.push(scope);
            }
        }
        Self(list)
    }
}

impl<'a> IntoIterator for &'a Scopes {
    type Item = &'a Scope;
    type IntoIter = std::slice::Iter<'a, Scope>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Scopes {
    /// The claim of a token: names with one space between them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, scope) in self.0.iter().enumerate() {
            let gap = if place == 0 { "" } else { " " };
            write!(f, "{gap}{scope}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let scope = Scope::parse("idporten:dcr/onbehalfof:write").unwrap();
        assert_eq!((scope.prefix(), scope.subscope()), ("idporten", "dcr/onbehalfof:write"));
        assert!(Scope::parse("312026007:a").is_ok());
        let long = format!("a:{}", "b".repeat(LENGTH_MAX));
        for text in [
            "", ":", "a", "a:", ":b", "a b:c", "a:b c", "a:b,a:c", "a/b:c", "æ:b", "a:ø", "a:b\n", "a:%00",
            &long,
        ] {
            assert_eq!(Scope::parse(text), Err(InvalidScope { word: text.to_owned() }));
        }
    }

    #[test]
    fn lists() {
        let list = Scopes::parse(" a:b \t a:c  a:b ").unwrap();
        assert_eq!(list.to_string(), "a:b a:c");
        assert!(list.contains(&"a:c".parse().unwrap()) && !list.contains(&"a:C".parse().unwrap()));
        assert!(!Scopes::known("a:bc").contains(&"a:b".parse().unwrap()));
        assert_eq!(Scopes::parse("a:b\na:c").unwrap_err().word, "a:b\na:c");
        assert_eq!(Scopes::known("openid a:b profile").to_string(), "a:b");
        assert!(Scopes::parse(" ").unwrap().is_empty());
        assert_eq!(Scopes::count("a:b  a:b c"), 3);
    }
}
