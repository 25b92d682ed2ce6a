//! Orders of a search (fact sheet section 6).

use super::regler::Feilliste;
use crate::modell::{Enhetstype, Versjon};

/// Ascending or descending. Missing values come last in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Retning {
    /// `ASC`.
    #[default]
    Stigende,
    /// `DESC`.
    Synkende,
}

impl Retning {
    fn les(ord: &str) -> Option<Self> {
        if ord.eq_ignore_ascii_case("asc") {
            Some(Self::Stigende)
        } else if ord.eq_ignore_ascii_case("desc") {
            Some(Self::Synkende)
        } else {
            None
        }
    }

    /// As links write it: lower case.
    pub const fn ord(self) -> &'static str {
        match self {
            Self::Stigende => "asc",
            Self::Synkende => "desc",
        }
    }
}

/// One key of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sortering {
    /// The field, as the API names it; also its name in the index.
    pub felt: &'static str,
    /// The direction.
    pub retning: Retning,
}

const BEGGE: &[&str] = &[
    "navn",
    "organisasjonsnummer",
    "overordnetEnhet",
    "organisasjonsform.kode",
    "antallAnsatte",
    "hjemmeside",
    "postadresse.kommune",
    "postadresse.kommunenummer",
    "registreringsdatoEnhetsregisteret",
    "registrertIMvaregisteret",
    "naeringskode1.kode",
    "naeringskode2.kode",
    "naeringskode3.kode",
];
const BARE_ENHET: &[&str] = &[
    "registrertIForetaksregisteret",
    "registrertIStiftelsesregisteret",
    "registrertIFrivillighetsregisteret",
    "forretningsadresse.kommune",
    "forretningsadresse.kommunenummer",
    "stiftelsesdato",
    "institusjonellSektorkode.kode",
    "konkurs",
    "underAvvikling",
    "underTvangsavviklingEllerTvangsopplosning",
];
const BARE_UNDERENHET: &[&str] = &[
    "oppstartsdato",
    "nedleggelsesdato",
    "datoEierskifte",
    "slettedato",
    "beliggenhetsadresse.kommune",
    "beliggenhetsadresse.kommunenummer",
];
const BARE_V1: &[&str] =
    &["naeringskode1.hjelpeenhetskode", "naeringskode2.hjelpeenhetskode", "naeringskode3.hjelpeenhetskode"];
const BARE_V2: &[&str] = &["hjelpeenhetskode.kode"];

/// The fields that can be sorted by.
pub fn sorteringsfelter(kind: Enhetstype, versjon: Versjon) -> impl Iterator<Item = &'static str> {
    let av_kind = match kind {
        Enhetstype::Enhet => BARE_ENHET,
        Enhetstype::Underenhet => BARE_UNDERENHET,
    };
    let av_versjon = match versjon {
        Versjon::V1 => BARE_V1,
        Versjon::V2 => BARE_V2,
    };
    BEGGE.iter().chain(av_kind).chain(av_versjon).copied()
}

/// Reads one `sort` value: `felt`, `felt,retning`, `felt,felt,retning`, or only `retning`, which python-brreg
/// sends and which turns the default order.
pub fn les_sort(
    verdi: &str,
    (kind, versjon): (Enhetstype, Versjon),
    ut: &mut Vec<Sortering>,
    feil: &mut Feilliste,
) {
    let mut deler: Vec<&str> = verdi.split(',').map(str::trim).filter(|d| !d.is_empty()).collect();
    let retning = deler.last().and_then(|siste| Retning::les(siste));
    if retning.is_some() {
        deler.pop();
    }
    let retning = retning.unwrap_or_default();
    for del in deler {
        let navn = if del == "navn.norwegian" { "navn" } else { del };
        match sorteringsfelter(kind, versjon).find(|felt| *felt == navn) {
            Some(felt) => ut.push(Sortering { felt, retning }),
            None => feil.legg_til("sort", format!("{del} er ikke et gyldig sorteringsfelt"), Some(verdi)),
        }
    }
}

/// The direction of a `sort` value that names no field.
pub fn bare_retning(verdi: &str) -> Option<Retning> {
    Retning::les(verdi.trim())
}
