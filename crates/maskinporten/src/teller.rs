//! How many grants came to what: counted without a lock, for whoever watches the server.

use std::sync::atomic::{AtomicU64, Ordering};

/// What a grant comes to: a token, or a refusal by its code, or by its `error` where it has no code. What has another
/// name is counted with the last.
const UTFALL: [&str; 26] = [
    UTSTEDT,
    "MP-011",
    "MP-012",
    "MP-100",
    "MP-110",
    "MP-120",
    "MP-121",
    "MP-122",
    "MP-123",
    "MP-124",
    "MP-130",
    "MP-200",
    "MP-201",
    "MP-250",
    "MP-251",
    "MP-301",
    "MP-302",
    "MP-303",
    "invalid_request",
    "invalid_grant",
    "invalid_scope",
    "forbidden",
    "unsupported_grant_type",
    "temporarily_unavailable",
    "server_error",
    "other",
];

/// A token was issued.
pub const UTSTEDT: &str = "issued";

/// The counts since the server was opened.
#[derive(Debug, Default)]
pub struct Teller([AtomicU64; UTFALL.len()]);

impl Teller {
    /// Counts one more.
    pub(crate) fn tell(&self, utfall: &str) {
        let plass = UTFALL.iter().position(|navn| *navn == utfall).unwrap_or(UTFALL.len() - 1);
        if let Some(antall) = self.0.get(plass) {
            antall.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Tokens issued, and how many there have been of each refusal that there has been any of.
    pub fn alle(&self) -> impl Iterator<Item = (&'static str, u64)> + '_ {
        let antall = self.0.iter().map(|antall| antall.load(Ordering::Relaxed));
        UTFALL.into_iter().zip(antall).filter(|(navn, antall)| *navn == UTSTEDT || *antall > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_own_count() {
        for (kode, ..) in crate::api::KODER {
            assert!(UTFALL.contains(kode), "{kode}");
        }
        let teller = Teller::default();
        for utfall in [UTSTEDT, "MP-250", UTSTEDT, "x"] {
            teller.tell(utfall);
        }
        assert_eq!(teller.alle().collect::<Vec<_>>(), [(UTSTEDT, 2), ("MP-250", 1), ("other", 1)]);
    }
}
