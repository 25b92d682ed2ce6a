//! The layers of the configuration, merged: every key with its value and where the value came from.
//!
//! What keys there are, and of which type, is read from the compiled-in default file; there is no second list.

use std::fmt;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::failure::Failure;

/// The compiled-in default configuration, which is also its documentation.
pub const DEFAULT_FILE: &str = include_str!("../../grunndata.default.toml");

/// The variables that belong to the program begin so.
pub const ENVIRONMENT_PREFIX: &str = "GRUNNDATA_";

/// A setting's value. Settings are scalars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A string.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// `true` or `false`.
    Truth(bool),
}

impl Value {
    const fn type_name(&self) -> &'static str {
        match self {
            Self::Text(_) => "a string",
            Self::Whole(_) => "a whole number",
            Self::Truth(_) => "true or false",
        }
    }

    /// Reads text (from the environment or a flag) as the same type as `self`.
    fn same_type_from(&self, text: &str) -> Option<Self> {
        match self {
            Self::Text(_) => Some(Self::Text(text.to_owned())),
            Self::Whole(_) => text.trim().parse().ok().map(Self::Whole),
            Self::Truth(_) => text.trim().parse().ok().map(Self::Truth),
        }
    }

    fn of(value: &DeValue<'_>) -> Option<Self> {
        match value {
            DeValue::String(text) => Some(Self::Text(text.clone().into_owned())),
            DeValue::Integer(digits) => {
                i64::from_str_radix(digits.as_str(), digits.radix()).ok().map(Self::Whole)
            }
            DeValue::Boolean(truth) => Some(Self::Truth(*truth)),
            _ => None,
        }
    }
}

impl fmt::Display for Value {
    /// As TOML writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "{}", toml::Value::String(text.clone())),
            Self::Whole(number) => number.fmt(f),
            Self::Truth(truth) => truth.fmt(f),
        }
    }
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The compiled-in default.
    Default,
    /// A configuration file and the line in it.
    File(PathBuf, usize),
    /// An environment variable.
    Environment(String),
    /// A flag, as the user wrote it.
    Flag(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path, line) => write!(f, "{} line {line}", path.display()),
            Self::Environment(name) => write!(f, "environment variable {name}"),
            Self::Flag(flag) => write!(f, "flag {flag}"),
        }
    }
}

/// One key with its value.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The key with its table, such as `server.listen`.
    pub key: String,
    /// The value in force.
    pub value: Value,
    /// Where it came from.
    pub origin: Origin,
}

impl Setting {
    /// The value as it may be shown, in TOML; secrets, known by how their key ends, are masked.
    pub fn shown(&self) -> String {
        let secret =
            ["passord", "hemmelighet", "nokkel", "token"].iter().any(|word| self.key.ends_with(word));
        match &self.value {
            _ if secret => "\"***\"".to_owned(),
            Value::Text(text) if text.contains("://") => Value::Text(without_secrets(text)).to_string(),
            value => value.to_string(),
        }
    }
}

/// An address without who gets in and how: what stands before the host, and parameters that may hold a password.
fn without_secrets(address: &str) -> String {
    let (head, parameters) =
        address.split_once('?').map_or((address, None), |(head, rest)| (head, Some(rest)));
    let (scheme, rest) = head.split_once("://").unwrap_or(("", head));
    let rest = rest.rsplit_once('@').map_or(rest.to_owned(), |(_, host)| format!("***@{host}"));
    let parameters = match parameters {
        Some(parameters) if parameters.contains("password") => "?***".to_owned(),
        Some(parameters) => format!("?{parameters}"),
        None => String::new(),
    };
    format!("{scheme}://{rest}{parameters}")
}

/// Every key there is, in the order of the default file.
#[derive(Debug, Clone)]
pub struct Settings(Vec<Setting>);

impl Settings {
    /// The defaults.
    ///
    /// # Errors
    /// If the compiled-in file is not a configuration, which a test rules out.
    pub fn defaults() -> Result<Self, Failure> {
        let entries = entries(DEFAULT_FILE, Path::new("the compiled-in defaults"))?;
        let setting = |e: Entry| Setting { key: e.key, value: e.value, origin: Origin::Default };
        Ok(Self(entries.into_iter().map(setting).collect()))
    }

    /// Every key in the order of the default file.
    pub fn all(&self) -> &[Setting] {
        &self.0
    }

    /// One setting by its key.
    pub fn get(&self, key: &str) -> Option<&Setting> {
        self.0.iter().find(|s| s.key == key)
    }

    /// Lays a configuration file's text over what is there.
    pub fn lay_file(&mut self, text: &str, path: &Path) -> Result<(), Failure> {
        for Entry { key, value, line } in entries(text, path)? {
            let origin = Origin::File(path.to_owned(), line);
            let expected = &self.known(&key, &origin)?.value;
            if std::mem::discriminant(expected) != std::mem::discriminant(&value) {
                return Err(wrong_type(&key, &value.to_string(), expected, &origin));
            }
            self.set(&key, value, origin);
        }
        Ok(())
    }

    /// Lays environment variables over what is there; those of other programs are passed over.
    pub fn lay_environment(&mut self, variables: &[(String, String)]) -> Result<(), Failure> {
        for (name, text) in variables.iter().filter(|(name, _)| name.starts_with(ENVIRONMENT_PREFIX)) {
            let origin = Origin::Environment(name.clone());
            let Some(key) = self.0.iter().map(|s| s.key.clone()).find(|key| variable(key) == *name) else {
                let names = self.0.iter().map(|s| variable(&s.key));
                return Err(unknown(name, names, &origin));
            };
            self.lay_text(&key, text, origin)?;
        }
        Ok(())
    }

    /// Lays one flag's value over what is there.
    pub fn lay_flag(&mut self, key: &str, text: &str, flag: String) -> Result<(), Failure> {
        self.lay_text(key, text, Origin::Flag(flag))
    }

    fn lay_text(&mut self, key: &str, text: &str, origin: Origin) -> Result<(), Failure> {
        let expected = &self.known(key, &origin)?.value;
        let value = expected.same_type_from(text).ok_or_else(|| wrong_type(key, text, expected, &origin))?;
        self.set(key, value, origin);
        Ok(())
    }

    fn known(&self, key: &str, origin: &Origin) -> Result<&Setting, Failure> {
        self.get(key).ok_or_else(|| unknown(key, self.0.iter().map(|s| s.key.clone()), origin))
    }

    fn set(&mut self, key: &str, value: Value, origin: Origin) {
        if let Some(setting) = self.0.iter_mut().find(|s| s.key == key) {
            setting.value = value;
            setting.origin = origin;
        }
    }
}

/// The environment variable of a key: `server.listen` → `GRUNNDATA_SERVER_LISTEN`.
pub fn variable(key: &str) -> String {
    format!("{ENVIRONMENT_PREFIX}{}", key.replace('.', "_").to_uppercase())
}

struct Entry {
    key: String,
    value: Value,
    line: usize,
}

/// The keys and values of a TOML text, tables flattened, in the order they are written.
fn entries(text: &str, path: &Path) -> Result<Vec<Entry>, Failure> {
    let table = DeTable::parse(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(text, span.start));
        Failure::usage(
            format!("{} line {line}: {}", path.display(), error.message().replace('\n', ", ")),
            "the file must be TOML: `key = value` lines under [table] headings; see `grunndata config --default`",
        )
    })?;
    let mut found = Vec::new();
    flatten(table.get_ref(), "", text, path, &mut found)?;
    found.sort_by_key(|entry| entry.line);
    Ok(found)
}

fn flatten(
    table: &DeTable<'_>,
    prefix: &str,
    text: &str,
    path: &Path,
    found: &mut Vec<Entry>,
) -> Result<(), Failure> {
    for (name, value) in table {
        let key = if prefix.is_empty() {
            name.get_ref().to_string()
        } else {
            format!("{prefix}.{}", name.get_ref())
        };
        let line = line_of(text, Spanned::span(name).start);
        if let DeValue::Table(inner) = value.get_ref() {
            flatten(inner, &key, text, path, found)?;
        } else {
            let value = Value::of(value.get_ref()).ok_or_else(|| {
                Failure::usage(
                    format!("{} line {line}: {key} cannot hold this kind of value", path.display()),
                    "values are strings in quotes, whole numbers, or true and false",
                )
            })?;
            found.push(Entry { key, value, line });
        }
    }
    Ok(())
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|b| *b == b'\n').count() + 1
}

fn unknown(given: &str, known: impl Iterator<Item = String>, origin: &Origin) -> Failure {
    let nearest = known
        .map(|name| (strsim::normalized_damerau_levenshtein(given, &name), name))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .filter(|(likeness, _)| *likeness > 0.5);
    let hint = match nearest {
        Some((_, name)) => format!("did you mean {name}? `grunndata config --default` shows every key"),
        None => "`grunndata config --default` shows every key there is".to_owned(),
    };
    Failure::usage(format!("{given} is not a setting (from {origin})"), hint)
}

fn wrong_type(key: &str, given: &str, expected: &Value, origin: &Origin) -> Failure {
    Failure::usage(
        format!("{key} = {given} is not {} (from {origin})", expected.type_name()),
        format!("write {} such as {expected}", expected.type_name()),
    )
}
