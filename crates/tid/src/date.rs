//! Civil dates.

use std::fmt;
use std::str::FromStr;

use jiff::civil;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A civil date without time or zone, years 0000–9999, written `yyyy-MM-dd`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(civil::Date);

/// The text is not a date that exists, in the form `yyyy-MM-dd`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidDate;

impl fmt::Display for InvalidDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("datoen finnes ikke eller er ikke på formatet yyyy-MM-dd")
    }
}

impl std::error::Error for InvalidDate {}

const EPOCH: civil::Date = civil::date(1970, 1, 1);

impl Date {
    /// A date from year, month and day; `None` if there is no such date.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        if !(0..=9999).contains(&year) {
            return None;
        }
        civil::Date::new(year, month, day).ok().map(Self)
    }

    /// Reads exactly `yyyy-MM-dd`.
    ///
    /// # Errors
    /// [`InvalidDate`] for any other form and for dates that do not exist.
    pub fn parse(text: &str) -> Result<Self, InvalidDate> {
        let b = text.as_bytes();
        let digits = |r: std::ops::Range<usize>| b[r].iter().all(u8::is_ascii_digit);
        if b.len() != 10 || b[4] != b'-' || b[7] != b'-' || !digits(0..4) || !digits(5..7) || !digits(8..10) {
            return Err(InvalidDate);
        }
        let n = |r: std::ops::Range<usize>| b[r].iter().fold(0i16, |sum, d| sum * 10 + i16::from(d - b'0'));
        Self::new(n(0..4), n(5..7) as i8, n(8..10) as i8).ok_or(InvalidDate)
    }

    /// Days since 1970-01-01; negative before it.
    pub fn days_since_epoch(self) -> i32 {
        EPOCH.until(self.0).map_or(0, |span| span.get_days())
    }

    /// The date so many days after 1970-01-01, clamped to years 0000–9999.
    pub fn from_days_since_epoch(days: i32) -> Self {
        let days = days.clamp(-719_528, 2_932_896);
        Self(EPOCH.saturating_add(jiff::Span::new().days(days)))
    }

    /// The date so many days later (earlier if negative).
    #[must_use]
    pub fn plus_days(self, days: i32) -> Self {
        Self::from_days_since_epoch(self.days_since_epoch().saturating_add(days))
    }

    /// The year, 0–9999.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// The month, 1–12.
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// The day of the month, 1–31.
    pub fn day(self) -> i8 {
        self.0.day()
    }

    pub(crate) fn from_jiff(date: civil::Date) -> Self {
        Self(date)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year(), self.month(), self.day())
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Date {
    type Err = InvalidDate;

    fn from_str(text: &str) -> Result<Self, InvalidDate> {
        Self::parse(text)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn strict_form_only() {
        assert_eq!(Date::parse("2000-02-29").unwrap().to_string(), "2000-02-29");
        for bad in
            ["2001-02-29", "2000-2-29", "2000-02-29 ", "20000229", "+000-02-29", "2000-02-00", "æøå0-01-1"]
        {
            assert!(Date::parse(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn days_round_trip(days in -719_528i32..=2_932_896) {
            let date = Date::from_days_since_epoch(days);
            prop_assert_eq!(date.days_since_epoch(), days);
            prop_assert_eq!(Date::parse(&date.to_string()), Ok(date));
        }
    }
}
