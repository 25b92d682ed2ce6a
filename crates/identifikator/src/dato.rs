//! The calendar, as far as birth dates need it.

use std::fmt;

/// A civil date that exists (Gregorian calendar), years 1–9999. Written `yyyy-MM-dd`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dato {
    aar: u16,
    maaned: u8,
    dag: u8,
}

impl Dato {
    /// The date; `None` if there is no such date.
    pub const fn ny(aar: u16, maaned: u8, dag: u8) -> Option<Self> {
        if aar >= 1 && aar <= 9999 && dag >= 1 && dag <= dager_i_maaned(aar, maaned) {
            Some(Self { aar, maaned, dag })
        } else {
            None
        }
    }

    /// The year, 1–9999.
    pub const fn aar(self) -> u16 {
        self.aar
    }

    /// The month, 1–12.
    pub const fn maaned(self) -> u8 {
        self.maaned
    }

    /// The day of the month, 1–31.
    pub const fn dag(self) -> u8 {
        self.dag
    }
}

/// Days in a month of a year; 0 for a month that does not exist.
pub(crate) const fn dager_i_maaned(aar: u16, maaned: u8) -> u8 {
    let skuddaar = aar.is_multiple_of(4) && (!aar.is_multiple_of(100) || aar.is_multiple_of(400));
    match maaned {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if skuddaar => 29,
        2 => 28,
        _ => 0,
    }
}

impl fmt::Display for Dato {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.aar, self.maaned, self.dag)
    }
}

impl fmt::Debug for Dato {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Dato({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_gregorian_leap_years() {
        assert!(Dato::ny(2000, 2, 29).is_some());
        assert!(Dato::ny(2024, 2, 29).is_some());
        for aar in [1900, 2001, 2100] {
            assert_eq!(Dato::ny(aar, 2, 29), None, "{aar}");
        }
    }

    #[test]
    fn refuses_what_does_not_exist_and_orders_by_time() {
        for (aar, maaned, dag) in [(0, 1, 1), (2024, 0, 1), (2024, 13, 1), (2024, 4, 31), (2024, 1, 0)] {
            assert_eq!(Dato::ny(aar, maaned, dag), None);
        }
        assert!(Dato::ny(1999, 12, 31) < Dato::ny(2000, 1, 1));
        assert_eq!(Dato::ny(987, 6, 5).unwrap().to_string(), "0987-06-05");
    }
}
