//! Reading a list and finding a row in it.
//!
//! The files have a header, `;` between fields and no quotes; the tests hold them to it. A field that is
//! missing all the same reads as empty.

/// A row of a code list.
pub(crate) trait Rad {
    /// The code by which the list is ordered and searched.
    fn kode(&self) -> &'static str;
}

/// The rows of a file in code order. `fra` makes a row of the first `N` fields of a line.
pub(crate) fn les<R: Rad, const N: usize>(csv: &'static str, fra: fn([&'static str; N]) -> R) -> Vec<R> {
    let felt = |linje: &'static str| {
        let mut felt = linje.split(';');
        std::array::from_fn(|_| felt.next().unwrap_or_default())
    };
    let mut rader: Vec<R> = csv.lines().skip(1).map(|linje| fra(felt(linje))).collect();
    rader.sort_unstable_by_key(R::kode);
    rader
}

/// The row of a code among rows in code order.
pub(crate) fn finn<'a, R: Rad>(rader: &'a [R], kode: &str) -> Option<&'a R> {
    rader.binary_search_by_key(&kode, |rad| rad.kode()).ok().map(|plass| &rader[plass])
}

/// The flags of the files.
pub(crate) fn ja(felt: &str) -> bool {
    felt == "ja"
}

/// An empty field is no value.
pub(crate) fn verdi(felt: &'static str) -> Option<&'static str> {
    (!felt.is_empty()).then_some(felt)
}

/// `alle` and `finn` of a module: row type and code field, file, and how fields become a row.
macro_rules! kodeliste {
    ($rad:ident.$kode:ident, $fil:literal, $fra:expr) => {
        impl crate::tabell::Rad for $rad {
            fn kode(&self) -> &'static str {
                self.$kode
            }
        }

        rader!($rad, $fil, $fra);
    };
}

/// The same for a row type that several modules share.
macro_rules! rader {
    ($rad:ident, $fil:literal, $fra:expr) => {
        static RADER: std::sync::LazyLock<Vec<$rad>> =
            std::sync::LazyLock::new(|| crate::tabell::les(include_str!(concat!("../data/", $fil)), $fra));

        /// Every row, in code order.
        pub fn alle() -> &'static [$rad] {
            &RADER
        }

        /// The row of a code, written exactly as in the list; `None` if it is not there.
        pub fn finn(kode: &str) -> Option<&'static $rad> {
            crate::tabell::finn(&RADER, kode)
        }
    };
}
