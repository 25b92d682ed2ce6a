//! What can happen to a person, and when it is told.

use tid::Timestamp;

use super::bosted::Sted;
use super::saer::{MIGRERT, Trekk};
use crate::terning::{Merke, Terning};

/// What happens. Persons are meant by their place in the hamlet, couples and names by theirs in its lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hva {
    /// Born here; the name is not chosen yet if it is told so.
    Foedt {
        uten_navn: bool,
    },
    /// The first name is chosen.
    NavnValgt,
    /// The father, or co-mother, is established.
    Farskap,
    /// A D-number is allotted.
    DNummer,
    /// The D-number is five years old; `true` when it is told in the rarer way.
    Inaktiv(bool),
    /// Has a fødselsnummer without being resident.
    IkkeBosatt,
    /// Resident by immigration.
    Innvandret(Sted),
    Utvandret(u8),
    /// Data about the last move to, or `true`, from this country are put right.
    FlyttingRettet(bool),
    Flyttet(Sted),
    /// The dwelling has another number since 2024-01-01.
    Kommuneregulert,
    Gift(u16),
    Separert(u16),
    Skilt(u16),
    /// The spouse has died.
    Etterlatt(u16),
    Navn(u8),
    BarnFoedt(u16),
    /// Parental responsibility ends as this child, or oneself, is of age.
    Myndig(Option<u16>),
    /// A parent of somebody under age has died.
    ForelderDoed(u16),
    /// A residence permit; `true` for a permanent one.
    Tillatelse(bool),
    NorskStatsborger,
    Doed,
    /// The register learns whom to contact about the estate.
    Doedsbo,
    /// Something rare, at its beginning or, `true`, its end.
    Saer(Trekk, bool),
    /// The electoral roll of the Sami parliament is withdrawn.
    ValgmanntallTrukket,
    /// A guardianship gets the form of 2023-11-01.
    VergeNyForm(Trekk),
    /// The register has it from biometrics that there is but one such person.
    Unik,
}

/// One step of a life.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Steg {
    /// When it was entered in the register.
    pub at: Timestamp,
    /// From which day it holds, in days since 1970.
    pub dag: i32,
    pub hva: Hva,
}

const DOEGN: i64 = 86_400_000;

/// A moment of office hours `forsinkelse` days after a day. All of one case have nearly the same one: `sak` is its die,
/// `nr` the place in it.
pub(crate) fn tidspunkt(dag: i32, forsinkelse: i32, sak: Terning, nr: u32) -> Timestamp {
    let mut t = sak.gren(Merke::Registrert, dag.cast_unsigned());
    let i_dagen = 21_600_000 + i64::from(t.under(39_600_000)) + i64::from(nr) * 1113;
    Timestamp::from_millis(i64::from(dag + forsinkelse) * DOEGN + i_dagen)
}

/// 2021-10-16, when the preferred address was phased out, in days since 1970.
pub(crate) const UTEN_PREFERERT: i32 = 18_916;

/// 2023-11-01, when guardianships got another form and limits to legal capacity came in (sheet section 16), in days since 1970.
pub(crate) const NYE_VERGEMAAL: i32 = 19_662;
/// 2023-04-03, when the electoral roll was withdrawn (sheet section 16), in days since 1970.
pub(crate) const VALGMANNTALL_TRUKKET: i32 = 19_450;

/// The first moment of a day.
pub(crate) fn tidligst(dag: i32) -> Timestamp {
    Timestamp::from_millis(i64::from(dag) * DOEGN)
}

/// When all that was known on the first day came over: in batches, one for each hamlet.
pub(crate) fn innlasting(grend: u32) -> Timestamp {
    Timestamp::from_millis(i64::from(MIGRERT) * DOEGN + 3_600_000 + i64::from(grend) * 2500)
}

/// The moment from which what happens is told, one by one.
pub(crate) fn feedstart() -> Timestamp {
    Timestamp::from_millis(i64::from(MIGRERT + 1) * DOEGN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kalender::dag;

    #[test]
    fn the_days_are_what_they_say() {
        assert_eq!(UTEN_PREFERERT, dag(2021, 10, 16));
        assert_eq!(NYE_VERGEMAAL, dag(2023, 11, 1));
        assert_eq!(VALGMANNTALL_TRUKKET, dag(2023, 4, 3));
    }
}
