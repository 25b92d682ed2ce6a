//! `Range` headers (RFC 9110 section 14).

/// What a caller wants of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All of it.
    Whole,
    /// The bytes from `start` up to but not including `end`; never empty.
    Part { start: u64, end: u64 },
    /// A range outside the file.
    Nothing,
}

/// Reads a `Range` header for a file of `length` bytes.
pub(super) fn read(header: &str, length: u64) -> Wanted {
    match parse(header) {
        None => Wanted::Whole,
        Some((None, 0)) => Wanted::Nothing,
        Some((None, _)) if length == 0 => Wanted::Nothing,
        Some((None, last)) => Wanted::Part { start: length.saturating_sub(last), end: length },
        Some((Some(start), _)) if start >= length => Wanted::Nothing,
        Some((Some(start), end)) => Wanted::Part { start, end: end.saturating_add(1).min(length) },
    }
}

/// `(start, last byte)` or, for `-n`, `(None, n)`. `None` for what is not one readable range.
fn parse(header: &str) -> Option<(Option<u64>, u64)> {
    let (unit, range) = header.split_once('=')?;
    let (start, end) = range.trim().split_once('-')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    match (start, end) {
        ("", n) => Some((None, number(n)?)),
        (start, "") => Some((Some(number(start)?), u64::MAX)),
        (start, end) => {
            let (start, end) = (number(start)?, number(end)?);
            (start <= end).then_some((Some(start), end))
        }
    }
}

fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    // More digits than fit name a byte beyond any file.
    digits.then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn table() {
        let part = |start, end| Wanted::Part { start, end };
        for (header, expected) in [
            ("bytes=0-9", part(0, 10)),
            ("bytes=0-", part(0, 100)),
            ("Bytes = 5-500", part(5, 100)),
            ("bytes=99-99999999999999999999999", part(99, 100)),
            ("bytes=-1", part(99, 100)),
            ("bytes=-500", part(0, 100)),
            ("bytes=100-", Wanted::Nothing),
            ("bytes=-0", Wanted::Nothing),
            ("bytes=9-5", Wanted::Whole),
            ("bytes=0-1,5-6", Wanted::Whole),
            ("bytes=-", Wanted::Whole),
            ("bytes=+1-2", Wanted::Whole),
            ("lines=0-9", Wanted::Whole),
            ("tull", Wanted::Whole),
        ] {
            assert_eq!(read(header, 100), expected, "{header}");
        }
        assert_eq!(read("bytes=-5", 0), Wanted::Nothing);
        assert_eq!(read("bytes=0-", 0), Wanted::Nothing);
    }

    proptest! {
        #[test]
        fn parts_lie_inside(header in "bytes=[0-9]{0,21}-[0-9]{0,21}", length in any::<u64>()) {
            if let Wanted::Part { start, end } = read(&header, length) {
                prop_assert!(start < end && end <= length);
            }
        }
    }
}
