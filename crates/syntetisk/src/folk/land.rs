//! Where people come from and go to.

use crate::terning::Terning;

/// A country, with a place in it that nobody can mistake for an address.
#[derive(Debug)]
pub(crate) struct Land {
    pub alfa2: &'static str,
    pub alfa3: &'static str,
    /// Of a thousand who come.
    pub vekt: u32,
    pub sted: &'static str,
    pub gate: &'static str,
    pub postkode: &'static str,
    /// In the Nordic countries nobody needs a permit; those in the European area register.
    pub avtale: Avtale,
}

/// By which right somebody stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Avtale {
    Norden,
    Eoes,
    /// Needs a permit.
    Tillatelse,
    /// Needs one, and most come as refugees.
    Flukt,
}

const fn l(
    (alfa2, alfa3): (&'static str, &'static str),
    vekt: u32,
    avtale: Avtale,
    sted: &'static str,
    gate: &'static str,
    postkode: &'static str,
) -> Land {
    Land { alfa2, alfa3, vekt, sted, gate, postkode, avtale }
}

use Avtale::{Eoes, Flukt, Norden, Tillatelse};

/// Index of the row for an unknown country.
pub(crate) const UKJENT: u8 = 19;

/// The countries, by how many come (Statistics Norway, rounded); the last rows are the special codes (`landkode_spesial`).
#[rustfmt::skip]
pub(crate) const LAND: &[Land] = &[
    l(("PL", "POL"), 180, Eoes,       "GDYNIA",     "ul. Latarniowa",  "81-336"),
    l(("LT", "LTU"),  75, Eoes,       "VILNIUS",    "Smuiko gatvė",    "LT-01103"),
    l(("SE", "SWE"), 100, Norden,     "STOCKHOLM",  "Fiolgatan",       "111 29"),
    l(("DK", "DNK"),  60, Norden,     "AARHUS",     "Tulipanvej",      "8000"),
    l(("FI", "FIN"),  20, Norden,     "HELSINKI",   "Viulukatu",       "00100"),
    l(("IS", "ISL"),  15, Norden,     "REYKJAVÍK",  "Fiðlugata",       "101"),
    l(("DE", "DEU"),  60, Eoes,       "HAMBURG",    "Geigenstraße",    "20095"),
    l(("GB", "GBR"),  50, Tillatelse, "ABERDEEN",   "Lantern Road",    "AB10 1AB"),
    l(("UA", "UKR"),  80, Flukt,      "ODESA",      "Skrypkova vulytsia", "65000"),
    l(("SY", "SYR"),  50, Flukt,      "HOMS",       "Sharia al-Kaman", "00963"),
    l(("SO", "SOM"),  40, Flukt,      "KISMAYO",    "Kite Road",       "00252"),
    l(("ER", "ERI"),  35, Flukt,      "KEREN",      "Kite Road",       "00291"),
    l(("AF", "AFG"),  30, Flukt,      "HERAT",      "Fanoos Road",     "3001"),
    l(("IQ", "IRQ"),  35, Flukt,      "MOSUL",      "Fanoos Street",   "41001"),
    l(("PH", "PHL"),  40, Tillatelse, "CEBU",       "Biyolin Street",  "6000"),
    l(("TH", "THA"),  30, Tillatelse, "CHIANG MAI", "Thanon Wiolin",   "50000"),
    l(("IN", "IND"),  40, Tillatelse, "PUNE",       "Patang Road",     "411001"),
    l(("PK", "PAK"),  35, Tillatelse, "LAHORE",     "Patang Road",     "54000"),
    l(("US", "USA"),  20, Tillatelse, "HOUSTON",    "Kite Avenue",     "TX 77002"),
    l(("YY", "XUK"),   2, Flukt,      "UKJENT",     "Ukjent",          "0"),
    l(("XK", "XXK"),  10, Flukt,      "PRIZREN",    "Rruga e Violinës","20000"),
    l(("ES", "ESP"),  18, Eoes,       "MADRID",     "Calle Violín",    "28001"),
];

/// A country, the usual ones more often.
pub(crate) fn trekk(t: &mut Terning) -> u8 {
    let mut rest = t.under(LAND.iter().map(|l| l.vekt).sum());
    for (i, land) in LAND.iter().enumerate() {
        if rest < land.vekt {
            return i as u8;
        }
        rest -= land.vekt;
    }
    UKJENT
}

/// A country of the table.
pub(crate) fn land(nr: u8) -> &'static Land {
    &LAND[usize::from(nr).min(LAND.len() - 1)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_code_list_or_special_ones() {
        assert_eq!(LAND[usize::from(UKJENT)].alfa3, "XUK");
        for land in LAND.iter().filter(|l| !matches!(l.alfa2, "YY" | "XK")) {
            let rad = kodeverk::landkoder::finn(land.alfa2);
            assert_eq!(rad.map(|r| r.alfa3), Some(land.alfa3), "{}", land.alfa2);
        }
    }
}
