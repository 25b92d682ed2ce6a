//! Times of day on the walls of Oslo, for what happens once a day.

use std::fmt;

use jiff::ToSpan;
use jiff::civil;
use jiff::tz::TimeZone;

use crate::Timestamp;
use crate::timestamp::oslo;

/// A time of day, in hours and minutes, written `HH:MM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeOfDay {
    hour: i8,
    minute: i8,
}

impl TimeOfDay {
    /// Reads exactly `HH:MM`, 00:00 to 23:59.
    pub fn parse(text: &str) -> Option<Self> {
        let (hour, minute) = text.split_once(':')?;
        let number = |text: &str, below: i8| {
            let two_digits = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
            text.parse().ok().filter(|n| two_digits && *n < below)
        };
        Some(Self { hour: number(hour, 24)?, minute: number(minute, 60)? })
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)
    }
}

impl Timestamp {
    /// The newest moment, this one included, at which clocks in Oslo showed the time. A time that is skipped when
    /// summer time begins comes as much later as clocks are moved; of one that comes twice, the first counts.
    #[must_use]
    pub fn latest_in_oslo(self, time: TimeOfDay) -> Self {
        (-1..=0).rev().map(|day| self.in_oslo(day, time)).find(|at| *at <= self).unwrap_or(self)
    }

    /// The next moment, after this one, at which clocks in Oslo show the time.
    #[must_use]
    pub fn next_in_oslo(self, time: TimeOfDay) -> Self {
        (0..=1).map(|day| self.in_oslo(day, time)).find(|at| *at > self).unwrap_or(self)
    }

    /// The time, so many days from this moment's date in Oslo.
    fn in_oslo(self, days: i64, time: TimeOfDay) -> Self {
        let zone: TimeZone = oslo();
        let date: civil::Date = self.jiff().to_zoned(zone.clone()).date().saturating_add(days.days());
        let at = date.at(time.hour, time.minute, 0, 0).to_zoned(zone);
        at.map_or(self, |at| Self::from_millis(at.timestamp().as_millisecond()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn strict_form_only() {
        assert_eq!(TimeOfDay::parse("04:05").unwrap().to_string(), "04:05");
        for bad in ["", "4:30", "04:3", "24:00", "04:60", "-1:00", "+4:30", "04:30:00", "0430", "04:ø"] {
            assert!(TimeOfDay::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn in_winter_in_summer_and_on_the_days_between() {
        let at = |text| Timestamp::parse(text).unwrap();
        for (now, time, latest, next) in [
            ("2024-01-17T03:29:59.999Z", "04:30", "2024-01-16T03:30:00.000Z", "2024-01-17T03:30:00.000Z"),
            ("2024-01-17T03:30:00.000Z", "04:30", "2024-01-17T03:30:00.000Z", "2024-01-18T03:30:00.000Z"),
            ("2024-07-17T23:00:00.000Z", "04:30", "2024-07-17T02:30:00.000Z", "2024-07-18T02:30:00.000Z"),
            // 02:30 is skipped on 31 March and comes twice on 27 October.
            ("2024-03-31T12:00:00.000Z", "02:30", "2024-03-31T01:30:00.000Z", "2024-04-01T00:30:00.000Z"),
            ("2024-10-27T12:00:00.000Z", "02:30", "2024-10-27T00:30:00.000Z", "2024-10-28T01:30:00.000Z"),
        ] {
            let time = TimeOfDay::parse(time).unwrap();
            assert_eq!(at(now).latest_in_oslo(time), at(latest), "{now}");
            assert_eq!(at(now).next_in_oslo(time), at(next), "{now}");
        }
    }

    proptest! {
        #[test]
        fn now_lies_between(ms in 0i64..=4_000_000_000_000, hour in 0i8..24, minute in 0i8..60) {
            let (now, time) = (Timestamp::from_millis(ms), TimeOfDay { hour, minute });
            let (latest, next) = (now.latest_in_oslo(time), now.next_in_oslo(time));
            prop_assert!(latest <= now && now < next);
            let apart = next.as_millis() - latest.as_millis();
            prop_assert!((22 * 3_600_000..=26 * 3_600_000).contains(&apart), "{apart} ms apart");
        }
    }
}
