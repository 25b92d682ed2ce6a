//! The field table: every field of a unit, in emitted order, with the profile it belongs to.
//!
//! Source: fact sheet sections 8.1 (enhet), 9.2 (underenhet), 16.1 (beyond 1.5.0).

use std::collections::HashMap;
use std::sync::LazyLock;

/// The two kinds of unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Enhetstype {
    /// A main unit: `/enheter`.
    Enhet,
    /// A sub-unit, always under a main unit: `/underenheter`.
    Underenhet,
}

impl Enhetstype {
    /// Both kinds.
    pub const ALLE: [Self; 2] = [Self::Enhet, Self::Underenhet];

    /// The word in paths, file names and `_embedded`: `enheter`, `underenheter`.
    pub const fn flertall(self) -> &'static str {
        match self {
            Self::Enhet => "enheter",
            Self::Underenhet => "underenheter",
        }
    }

    /// The word in media types and feed links: `enhet`, `underenhet`.
    pub const fn entall(self) -> &'static str {
        match self {
            Self::Enhet => "enhet",
            Self::Underenhet => "underenhet",
        }
    }

    /// The value of `respons_klasse` on a live unit.
    pub const fn responsklasse(self) -> &'static str {
        match self {
            Self::Enhet => "Enhet",
            Self::Underenhet => "Underenhet",
        }
    }

    /// The fields of this kind, in emitted order.
    pub const fn felter(self) -> &'static [Felt] {
        match self {
            Self::Enhet => ENHET,
            Self::Underenhet => UNDERENHET,
        }
    }

    /// The place of a field in [`Self::felter`], if the register has it.
    pub fn plass(self, navn: &str) -> Option<usize> {
        static PLASSER: LazyLock<[HashMap<&'static str, usize>; 2]> = LazyLock::new(|| {
            Enhetstype::ALLE.map(|t| t.felter().iter().enumerate().map(|(i, f)| (f.navn, i)).collect())
        });
        PLASSER[self as usize].get(navn).copied()
    }

    /// As [`Self::plass`], looking first at and after a place where the field is likely to be.
    pub fn plass_fra(self, navn: &str, fra: usize) -> Option<usize> {
        let (for_, etter) = self.felter().split_at_checked(fra)?;
        let i = |felter: &[Felt]| felter.iter().position(|felt| felt.navn == navn);
        i(etter).map(|i| i + fra).or_else(|| i(for_))
    }
}

/// The version of the representation that a caller asks for (sheet section 5.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Versjon {
    /// Version 1: the number of employees is never hidden, helper codes are a flag.
    V1,
    /// Version 2, the default since 2024-03-11.
    V2,
}

/// From which profile on a field is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Profil {
    /// In both versions of 1.5.0.
    V1,
    /// In version 2 of 1.5.0.
    V2,
    /// Added by the real service after 1.5.0; behind the switch `utvidede_felter`.
    Utvidet,
}

/// One field of a unit.
#[derive(Debug, Clone, Copy)]
pub struct Felt {
    /// Its key.
    pub navn: &'static str,
    /// The profile it belongs to.
    pub profil: Profil,
}

const fn v1(navn: &'static str) -> Felt {
    Felt { navn, profil: Profil::V1 }
}
const fn v2(navn: &'static str) -> Felt {
    Felt { navn, profil: Profil::V2 }
}
const fn ny(navn: &'static str) -> Felt {
    Felt { navn, profil: Profil::Utvidet }
}

/// What both kinds begin with. `slettedato` occurs on deleted units only.
const FELLES: [Felt; 25] = [
    v1("organisasjonsnummer"),
    v1("navn"),
    v1("organisasjonsform"),
    ny("historiskeNavn"),
    v1("slettedato"),
    v1("hjemmeside"),
    v1("postadresse"),
    v1("registreringsdatoEnhetsregisteret"),
    v1("registrertIMvaregisteret"),
    v1("frivilligMvaRegistrertBeskrivelser"),
    v1("naeringskode1"),
    v1("naeringskode2"),
    v1("naeringskode3"),
    v2("hjelpeenhetskode"),
    v1("antallAnsatte"),
    v2("harRegistrertAntallAnsatte"),
    v1("overordnetEnhet"),
    ny("registreringsdatoFrivilligMerverdiavgiftsregisteret"),
    ny("registreringsdatoMerverdiavgiftsregisteret"),
    ny("registreringsdatoMerverdiavgiftsregisteretEnhetsregisteret"),
    ny("registreringsdatoAntallAnsatteEnhetsregisteret"),
    ny("registreringsdatoAntallAnsatteNAVAaregisteret"),
    ny("epostadresse"),
    ny("telefon"),
    ny("mobil"),
];

/// Fields of a main unit. `nedleggelsesdato` occurs on deleted ones only.
pub const ENHET: &[Felt] = &etter_felles::<64>(&[
    v1("forretningsadresse"),
    v1("stiftelsesdato"),
    v1("institusjonellSektorkode"),
    v1("registrertIForetaksregisteret"),
    v1("registrertIStiftelsesregisteret"),
    v1("registrertIFrivillighetsregisteret"),
    v1("sisteInnsendteAarsregnskap"),
    v1("konkurs"),
    v2("konkursdato"),
    v1("underAvvikling"),
    v2("underAvviklingDato"),
    v1("underTvangsavviklingEllerTvangsopplosning"),
    v2("tvangsavvikletPgaManglendeSlettingDato"),
    v2("tvangsopplostPgaManglendeDagligLederDato"),
    v2("tvangsopplostPgaManglendeRevisorDato"),
    v2("tvangsopplostPgaManglendeRegnskapDato"),
    v2("tvangsopplostPgaMangelfulltStyreDato"),
    v1("maalform"),
    v2("vedtektsdato"),
    v2("vedtektsfestetFormaal"),
    v2("aktivitet"),
    ny("registreringsdatoForetaksregisteret"),
    ny("registreringsdatoFrivillighetsregisteret"),
    ny("registrertIPartiregisteret"),
    ny("registreringsdatoPartiregisteret"),
    ny("paategninger"),
    ny("fravalgRevisjonDato"),
    ny("fravalgRevisjonBeslutningsDato"),
    ny("erIKonsern"),
    ny("kapital"),
    ny("registreringsnummerIHjemlandet"),
    ny("utenlandskRegisterNavn"),
    ny("utenlandskRegisterAdresse"),
    ny("underlagtLovgivningLand"),
    ny("underlagtLovgivningLandKode"),
    ny("foretaksformIHjemlandet"),
    ny("underRekonstruksjonsforhandlingDato"),
    ny("underUtenlandskInsolvensbehandlingDato"),
    v1("nedleggelsesdato"),
]);

/// Fields of a sub-unit.
pub const UNDERENHET: &[Felt] = &etter_felles::<29>(&[
    v1("oppstartsdato"),
    v1("datoEierskifte"),
    v1("beliggenhetsadresse"),
    v1("nedleggelsesdato"),
]);

/// The common fields and then a kind's own.
const fn etter_felles<const N: usize>(egne: &[Felt]) -> [Felt; N] {
    let mut ut = [FELLES[0]; N];
    let mut i = 0;
    while i < N {
        ut[i] = if i < FELLES.len() { FELLES[i] } else { egne[i - FELLES.len()] };
        i += 1;
    }
    ut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_found_at_their_place() {
        for kind in Enhetstype::ALLE {
            for (i, felt) in kind.felter().iter().enumerate() {
                assert_eq!(kind.plass(felt.navn), Some(i), "{}", felt.navn);
            }
        }
        assert_eq!(Enhetstype::Underenhet.plass("konkurs"), None);
    }
}
