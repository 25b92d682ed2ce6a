//! Typed reading of merged settings, with messages that name key, value and origin.

use std::ops::RangeInclusive;

use super::{Setting, Settings, Value};
use crate::failure::Failure;

/// Reads settings by key.
pub(super) struct Reader<'a>(pub(super) &'a Settings);

impl Reader<'_> {
    /// A string that `parse` accepts.
    pub(super) fn checked<T>(
        &self,
        key: &str,
        expected: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, Failure> {
        let setting = self.setting(key)?;
        let Value::Text(text) = &setting.value else { return Err(refused(setting, expected)) };
        parse(text).ok_or_else(|| refused(setting, expected))
    }

    /// As [`checked`](Self::checked), where empty text means that none is set.
    pub(super) fn optional<T>(
        &self,
        key: &str,
        expected: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, Failure> {
        match &self.setting(key)?.value {
            Value::Text(text) if text.is_empty() => Ok(None),
            _ => self.checked(key, expected, parse).map(Some),
        }
    }

    /// A whole number within a range.
    pub(super) fn whole(&self, key: &str, range: RangeInclusive<u64>) -> Result<u64, Failure> {
        let setting = self.setting(key)?;
        let number = match setting.value {
            Value::Whole(number) => u64::try_from(number).ok().filter(|n| range.contains(n)),
            _ => None,
        };
        number.ok_or_else(|| {
            refused(setting, &format!("a whole number from {} to {}", range.start(), range.end()))
        })
    }

    /// True or false.
    pub(super) fn truth(&self, key: &str) -> Result<bool, Failure> {
        let setting = self.setting(key)?;
        match setting.value {
            Value::Truth(truth) => Ok(truth),
            _ => Err(refused(setting, "true or false")),
        }
    }

    /// One of some words; answers its place among them.
    pub(super) fn choice(&self, key: &str, words: &[&str]) -> Result<usize, Failure> {
        let quoted: Vec<_> = words.iter().map(|w| format!("{w:?}")).collect();
        self.checked(key, &quoted.join(" or "), |text| words.iter().position(|w| *w == text))
    }

    fn setting(&self, key: &str) -> Result<&Setting, Failure> {
        self.0.get(key).ok_or_else(|| {
            Failure::usage(
                format!("{key} has no default"),
                "report this: the compiled-in default file lacks the key",
            )
        })
    }
}

fn refused(setting: &Setting, expected: &str) -> Failure {
    Failure::usage(
        format!("{} = {} is not {expected} (from {})", setting.key, setting.shown(), setting.origin),
        format!("give {expected}; `grunndata config --default` explains the key"),
    )
}
