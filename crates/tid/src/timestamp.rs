//! Moments and the clock.

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::Date;

/// A moment: whole milliseconds since 1970-01-01T00:00:00Z.
///
/// Its text form is the one of Enhetsregisteret's feeds, `yyyy-MM-dd'T'HH:mm:ss.SSS'Z'`
/// (fact sheet section 3): UTC, always three decimals.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

/// The text is not a moment in the form `yyyy-MM-dd'T'HH:mm:ss.SSS'Z'`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidTimestamp;

impl fmt::Display for InvalidTimestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("tidspunktet er ikke på formatet yyyy-MM-dd'T'HH:mm:ss.SSS'Z'")
    }
}

impl std::error::Error for InvalidTimestamp {}

impl Timestamp {
    /// 9999-12-31T23:59:59.999Z, the last moment the text form can hold.
    pub const MAX: Self = Self(253_402_300_799_999);

    /// From milliseconds since 1970, clamped to the years 0000–9999 that the text form can hold.
    pub const fn from_millis(millis: i64) -> Self {
        const MIN: i64 = -62_167_219_200_000;
        if millis < MIN {
            Self(MIN)
        } else if millis > Self::MAX.0 {
            Self::MAX
        } else {
            Self(millis)
        }
    }

    /// Milliseconds since 1970.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Midnight UTC at the start of the date.
    pub fn start_of(date: Date) -> Self {
        Self::from_millis(i64::from(date.days_since_epoch()) * 86_400_000)
    }

    /// This moment moved by a number of milliseconds.
    #[must_use]
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self::from_millis(self.0.saturating_add(millis))
    }

    /// Reads exactly `yyyy-MM-dd'T'HH:mm:ss.SSS'Z'`.
    ///
    /// # Errors
    /// [`InvalidTimestamp`] for any other form, and for dates and times that do not exist.
    pub fn parse(text: &str) -> Result<Self, InvalidTimestamp> {
        let b = text.as_bytes();
        let shape = b.len() == 24
            && b[10] == b'T'
            && b[13] == b':'
            && b[16] == b':'
            && b[19] == b'.'
            && b[23] == b'Z';
        if !shape {
            return Err(InvalidTimestamp);
        }
        let date = text.get(..10).and_then(|t| Date::parse(t).ok()).ok_or(InvalidTimestamp)?;
        let number = |from: usize, to: usize, max: i64| {
            let digits = &b[from..to];
            let all = digits.iter().all(u8::is_ascii_digit);
            let value = digits.iter().fold(0, |sum, d| sum * 10 + i64::from(d.wrapping_sub(b'0')));
            if all && value <= max { Ok(value) } else { Err(InvalidTimestamp) }
        };
        let (h, m, s, ms) =
            (number(11, 13, 23)?, number(14, 16, 59)?, number(17, 19, 59)?, number(20, 23, 999)?);
        Ok(Self(i64::from(date.days_since_epoch()) * 86_400_000 + ((h * 60 + m) * 60 + s) * 1000 + ms))
    }

    /// The UTC date of this moment.
    pub fn date_utc(self) -> Date {
        Date::from_days_since_epoch(self.0.div_euclid(86_400_000) as i32)
    }

    /// The date of this moment on a wall in Oslo.
    pub fn date_oslo(self) -> Date {
        let zoned = self.jiff().to_zoned(oslo());
        Date::from_jiff(zoned.date())
    }

    /// Local time in Oslo without zone, `yyyy-MM-dd HH:mm:ss`, as `historiskeNavn` writes it (sheet 16.1).
    pub fn local_oslo(self) -> String {
        self.jiff().to_zoned(oslo()).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// An HTTP date, `Wed, 05 Aug 2026 02:30:57 GMT` (RFC 9110 section 5.6.7); whole seconds.
    pub fn http_date(self) -> String {
        self.jiff().to_zoned(TimeZone::UTC).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }

    /// With the zone as `+0000`, the form of the registers' 500 bodies (sheet 14.3).
    pub fn with_numeric_zone(self) -> String {
        let text = self.to_string();
        format!("{}+0000", text.trim_end_matches('Z'))
    }

    pub(crate) fn jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

pub(crate) fn oslo() -> TimeZone {
    TimeZone::get("Europe/Oslo").unwrap_or(TimeZone::fixed(jiff::tz::offset(1)))
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let in_day = self.0.rem_euclid(86_400_000);
        let (s, ms) = (in_day / 1000, in_day % 1000);
        write!(f, "{}T{:02}:{:02}:{:02}.{ms:03}Z", self.date_utc(), s / 3600, s / 60 % 60, s % 60)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The source of "now". Production has one [`SystemClock`]; tests have a [`StoppedClock`].
pub trait Clock: Send + Sync + 'static {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the machine's clock is read")]
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(jiff::Timestamp::now().as_millisecond())
    }
}

/// A clock that moves only when told to.
#[derive(Debug, Default)]
pub struct StoppedClock(AtomicI64);

impl StoppedClock {
    /// A clock that shows `at`.
    pub const fn at(at: Timestamp) -> Self {
        Self(AtomicI64::new(at.0))
    }

    /// Moves the clock on by a number of milliseconds.
    pub fn advance_millis(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn strict_form_only() {
        let t = Timestamp::parse("2024-01-17T05:01:31.544Z").unwrap();
        assert_eq!(t.to_string(), "2024-01-17T05:01:31.544Z");
        assert_eq!(t.as_millis(), 1_705_467_691_544);
        for bad in [
            "2024-01-17",
            "2024-01-17T05:01:31Z",
            "2024-01-17T05:01:31.544+01:00",
            "2024-13-17T05:01:31.544Z",
            "2024-02-30T05:01:31.544Z",
            "2024-01-17T24:01:31.544Z",
            "2024-01-17T05:61:31.544Z",
            "2024-01-17t05:01:31.544Z",
            "2024-01-17T+5:01:31.544Z",
            "ø024-01-17T05:01:31.54Z",
        ] {
            assert!(Timestamp::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn other_forms() {
        let t = Timestamp::parse("2026-08-05T02:30:57.000Z").unwrap();
        assert_eq!(t.http_date(), "Wed, 05 Aug 2026 02:30:57 GMT");
        assert_eq!(t.local_oslo(), "2026-08-05 04:30:57");
        assert_eq!(t.with_numeric_zone(), "2026-08-05T02:30:57.000+0000");
        assert_eq!(
            Timestamp::parse("2026-08-05T22:30:57.000Z").unwrap().date_oslo().to_string(),
            "2026-08-06"
        );
    }

    proptest! {
        #[test]
        fn text_round_trips(ms in -62_167_219_200_000i64..=253_402_300_799_999) {
            let t = Timestamp::from_millis(ms);
            prop_assert_eq!(Timestamp::parse(&t.to_string()), Ok(t));
        }
    }
}
