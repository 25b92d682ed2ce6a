//! Moments as somebody wrote them down: with an offset from UTC and a number of decimals.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Date, Timestamp};

/// A moment with its offset from UTC and 0 to 9 decimals, `2022-03-25T12:41:16.42144+01:00`, as Folkeregisteret
/// writes date-times (consumer sheet, section 7.2). The text is kept: decimals and offset come out as they went in
/// (an offset of zero as `Z`).
///
/// Ordered by the moment; two moments that are written differently are not equal.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Moment {
    /// Milliseconds would lose decimals: whole seconds since 1970, UTC.
    seconds: i64,
    nanos: u32,
    offset_minutes: i16,
    decimals: u8,
}

/// The text is not a moment in the form `yyyy-MM-dd'T'HH:mm:ss[.SSSSSSSSS](Z|±HH:mm)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidMoment;

impl fmt::Display for InvalidMoment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("tidspunktet er ikke på formatet yyyy-MM-dd'T'HH:mm:ss med tidssone")
    }
}

impl std::error::Error for InvalidMoment {}

const DAY: i64 = 86_400;

impl Moment {
    /// Reads date, time, at most nine decimals, and an offset of less than a day.
    ///
    /// # Errors
    /// [`InvalidMoment`] for any other form, and for dates and times that do not exist.
    pub fn parse(text: &str) -> Result<Self, InvalidMoment> {
        let b = text.as_bytes();
        let date = text.get(..10).and_then(|t| Date::parse(t).ok()).ok_or(InvalidMoment)?;
        let time =
            b.get(10..19).filter(|t| t[0] == b'T' && t[3] == b':' && t[6] == b':').ok_or(InvalidMoment)?;
        let (h, m, s) = (two(&time[1..3], 23)?, two(&time[4..6], 59)?, two(&time[7..9], 59)?);
        let (nanos, decimals, zone) = fraction(&b[19..])?;
        let offset_minutes = offset(zone)?;
        let local = i64::from(date.days_since_epoch()) * DAY + (h * 60 + m) * 60 + s;
        Ok(Self { seconds: local - i64::from(offset_minutes) * 60, nanos, offset_minutes, decimals })
    }

    /// A moment as a clock on a wall in Oslo shows it, with three decimals.
    pub fn oslo(at: Timestamp) -> Self {
        let millis = at.as_millis();
        Self {
            seconds: millis.div_euclid(1000),
            nanos: (millis.rem_euclid(1000) * 1_000_000) as u32,
            offset_minutes: at.offset_minutes_oslo(),
            decimals: 3,
        }
    }

    /// Midnight in Oslo at the start of a date, without decimals: `2022-03-25T00:00:00+01:00`.
    pub fn midnight_oslo(date: Date) -> Self {
        // The offset an hour or two after the true midnight is the one of midnight: Oslo's clocks change at 01:00 UTC.
        let offset_minutes = Timestamp::start_of(date).offset_minutes_oslo();
        let seconds = i64::from(date.days_since_epoch()) * DAY - i64::from(offset_minutes) * 60;
        Self { seconds, nanos: 0, offset_minutes, decimals: 0 }
    }

    /// The moment, cut to whole milliseconds.
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_millis(self.seconds * 1000 + i64::from(self.nanos / 1_000_000))
    }

    /// The date on the wall of whoever wrote it.
    pub fn local_date(self) -> Date {
        Date::from_days_since_epoch(self.local().div_euclid(DAY) as i32)
    }

    const fn local(self) -> i64 {
        self.seconds + self.offset_minutes as i64 * 60
    }
}

/// Two digits, at most `max`.
fn two(digits: &[u8], max: i64) -> Result<i64, InvalidMoment> {
    match digits {
        [a @ b'0'..=b'9', b @ b'0'..=b'9'] => {
            let value = i64::from(a - b'0') * 10 + i64::from(b - b'0');
            if value <= max { Ok(value) } else { Err(InvalidMoment) }
        }
        _ => Err(InvalidMoment),
    }
}

/// Nanoseconds, how many decimals they were written with, and what stands after them.
fn fraction(rest: &[u8]) -> Result<(u32, u8, &[u8]), InvalidMoment> {
    let Some(rest) = rest.strip_prefix(b".") else { return Ok((0, 0, rest)) };
    let decimals = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    if !(1..=9).contains(&decimals) {
        return Err(InvalidMoment);
    }
    let value = rest[..decimals].iter().fold(0, |sum, d| sum * 10 + u32::from(d - b'0'));
    Ok((value * 10u32.pow(9 - decimals as u32), decimals as u8, &rest[decimals..]))
}

fn offset(zone: &[u8]) -> Result<i16, InvalidMoment> {
    let (sign, rest) = match zone {
        b"Z" => return Ok(0),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return Err(InvalidMoment),
    };
    if rest.len() != 5 || rest[2] != b':' {
        return Err(InvalidMoment);
    }
    Ok(sign * (two(&rest[..2], 23)? * 60 + two(&rest[3..], 59)?) as i16)
}

impl PartialOrd for Moment {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Moment {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let key = |m: &Self| (m.seconds, m.nanos, m.offset_minutes, m.decimals);
        key(self).cmp(&key(other))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let s = self.local().rem_euclid(DAY);
        write!(f, "{}T{:02}:{:02}:{:02}", self.local_date(), s / 3600, s / 60 % 60, s % 60)?;
        if self.decimals > 0 {
            let width = usize::from(self.decimals);
            write!(f, ".{:0width$}", self.nanos / 10u32.pow(9 - u32::from(self.decimals)))?;
        }
        if self.offset_minutes == 0 {
            return f.write_str("Z");
        }
        let sign = if self.offset_minutes < 0 { '-' } else { '+' };
        let minutes = self.offset_minutes.unsigned_abs();
        write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

impl fmt::Debug for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Moment {
    type Err = InvalidMoment;

    fn from_str(text: &str) -> Result<Self, InvalidMoment> {
        Self::parse(text)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
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
    fn texts_come_out_as_they_went_in() {
        for text in [
            "2022-03-25T12:41:16.42144+01:00",
            "2022-07-01T00:00:00+02:00",
            "2022-07-01T00:00:00.129821871+02:00",
            "2022-07-01T00:00:00.000Z",
            "1900-01-01T00:00:00-03:30",
        ] {
            assert_eq!(Moment::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Moment::parse("2022-07-01T00:00:00+00:00").unwrap().to_string(), "2022-07-01T00:00:00Z");
    }

    #[test]
    fn strict_form_only() {
        for bad in [
            "",
            "2022-03-25",
            "2022-03-25T12:41:16",
            "2022-03-25T12:41:16.Z",
            "2022-03-25T12:41:16.1234567890Z",
            "2022-02-30T12:41:16Z",
            "2022-03-25T24:41:16Z",
            "2022-03-25T12:41:16+1:00",
            "2022-03-25T12:41:16+0100",
            "2022-03-25T12:41:16+24:00",
            "2022-03-25 12:41:16Z",
            "2022-03-25T12:41:16ZZ",
            "ø022-03-25T12:41:16Z",
        ] {
            assert_eq!(Moment::parse(bad), Err(InvalidMoment), "{bad}");
        }
    }

    #[test]
    fn oslo_knows_summer_and_winter() {
        let at = |text| Moment::oslo(Timestamp::parse(text).unwrap()).to_string();
        assert_eq!(at("2022-03-25T11:41:16.421Z"), "2022-03-25T12:41:16.421+01:00");
        assert_eq!(at("2022-07-25T22:41:16.000Z"), "2022-07-26T00:41:16.000+02:00");
        let midnight = |text| Moment::midnight_oslo(Date::parse(text).unwrap()).to_string();
        assert_eq!(midnight("2022-03-25"), "2022-03-25T00:00:00+01:00");
        assert_eq!(midnight("2022-07-25"), "2022-07-25T00:00:00+02:00");
        assert_eq!(midnight("2022-03-27"), "2022-03-27T00:00:00+01:00");
        assert_eq!(midnight("2022-03-28"), "2022-03-28T00:00:00+02:00");
        assert_eq!(midnight("2022-10-30"), "2022-10-30T00:00:00+02:00");
    }

    #[test]
    fn order_is_the_order_of_time() {
        let moment = |text| Moment::parse(text).unwrap();
        assert!(moment("2022-03-25T12:00:00+01:00") < moment("2022-03-25T11:30:00Z"));
        assert!(moment("2022-03-25T12:00:00.1Z") < moment("2022-03-25T12:00:00.11Z"));
        assert_eq!(moment("2022-03-25T00:30:00+01:00").timestamp().to_string(), "2022-03-24T23:30:00.000Z");
        assert_eq!(moment("2022-03-25T00:30:00+01:00").local_date().to_string(), "2022-03-25");
    }

    proptest! {
        #[test]
        fn text_round_trips(ms in -60_000_000_000_000i64..=250_000_000_000_000) {
            let moment = Moment::oslo(Timestamp::from_millis(ms));
            prop_assert_eq!(Moment::parse(&moment.to_string()), Ok(moment));
            prop_assert_eq!(moment.timestamp().as_millis(), ms);
        }
    }
}
