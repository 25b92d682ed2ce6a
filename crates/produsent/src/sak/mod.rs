//! Cases: one for each accepted message (producer sheet, chapter 5).

mod gang;
mod innslag;
mod koder;
mod utkast;

use serde::{Deserialize, Serialize};
use tid::{Date, Timestamp};

pub use gang::{Erklaering, Flyttet, Flytting, Gang, Stopp, Svar, Tildelt, Vedtak};
pub use innslag::Innslag;
pub use koder::{Begrunnelse, Beslutning, Kode};
pub use utkast::{P, Utkast, alder, gjeldende, gjeldende_alle};

/// Where a case is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Tilstand {
    /// Received; there is no case yet.
    Mottatt,
    /// On somebody's desk.
    Manuell,
    /// Cannot take effect before a date.
    Venter,
    /// Decided.
    Besluttet,
}

/// What happens to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hending {
    /// The rules decided.
    ReglerBesluttet,
    /// The rules want somebody to look.
    ReglerManuelt,
    /// The rules say that it is too early.
    ReglerVent,
    /// A case worker decided.
    Avgjort,
    /// A message that corrects it came before it was decided.
    Erstattet,
}

/// What a message that corrects another one found (section 6.3, F8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Korrigerer {
    /// It corrects none.
    Ingenting,
    /// The one that it says it corrects is not known.
    Ukjent,
    /// One that has not been entered.
    Uavgjort,
    /// One that has been entered; with the number that the child got, if it got one.
    Registrert(Option<u64>),
}

/// What the sender is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fortelles {
    /// Nothing.
    Ingenting,
    /// `sakTilManuellBehandling`.
    Manuell,
    /// `saksbeslutning`.
    Beslutning,
}

/// The state machine (section 5.1). What is not in the table does not happen. A case is opened and put before the rules in
/// the same change in which the rules decide, so it is never seen in between.
pub const OVERGANGER: &[(Tilstand, Hending, Tilstand, Fortelles)] = {
    use Fortelles::{Beslutning, Ingenting, Manuell as Meldes};
    use Hending::{Avgjort, Erstattet, ReglerBesluttet, ReglerManuelt, ReglerVent};
    use Tilstand::{Besluttet, Manuell, Mottatt, Venter};
    &[
        (Mottatt, ReglerBesluttet, Besluttet, Beslutning),
        (Mottatt, ReglerManuelt, Manuell, Meldes),
        (Mottatt, ReglerVent, Venter, Ingenting),
        (Venter, ReglerBesluttet, Besluttet, Beslutning),
        (Venter, ReglerManuelt, Manuell, Meldes),
        (Venter, ReglerVent, Venter, Ingenting),
        (Manuell, Avgjort, Besluttet, Beslutning),
        (Manuell, Erstattet, Besluttet, Beslutning),
    ]
};

impl Tilstand {
    /// Where something leads to, and what is told of it; `None` if it cannot happen here.
    pub fn etter(self, hending: Hending) -> Option<(Self, Fortelles)> {
        let rad = OVERGANGER.iter().find(|(fra, hva, ..)| (*fra, *hva) == (self, hending));
        rad.map(|(_, _, til, fortelles)| (*til, *fortelles))
    }
}

/// A case.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sak {
    /// Where it is.
    pub tilstand: Tilstand,
    /// The resource that the message was posted to.
    pub ressurs: String,
    /// Who sent it.
    pub orgnr: u64,
    /// The reference that was given back.
    pub referanse: String,
    /// The sender's identifier of the message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meldingsidentifikator: Option<String>,
    /// The sender's own case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saksreferanse: Option<String>,
    /// When the message came, in milliseconds since 1970.
    pub mottatt: i64,
    /// The number of the case; none before it is opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saksnummer: Option<String>,
    /// When it was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opprettet: Option<i64>,
    /// What the message names lies not with it.
    #[serde(default)]
    pub vedlegg_mangler: bool,
    /// Why somebody must look.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub begrunnelser: Vec<Begrunnelse>,
    /// How it was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beslutning: Option<Beslutning>,
    /// The number that it gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tildelt: Option<u64>,
    /// Who decided it, if not the rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avgjort_av: Option<String>,
    /// The date it waits for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venter_til: Option<Date>,
}

impl std::fmt::Debug for Sak {
    /// Without what the sender wrote.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sak({:?}, {})", self.tilstand, self.ressurs)
    }
}

impl Sak {
    /// When it was opened.
    pub fn opprettet(&self) -> Timestamp {
        Timestamp::from_millis(self.opprettet.unwrap_or(self.mottatt))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_ends_decided_once_and_is_on_a_desk_at_most_once() {
        for (fra, hending, til, fortelles) in OVERGANGER {
            assert_ne!(*fra, Tilstand::Besluttet, "nothing happens to what is decided");
            assert_eq!(*til == Tilstand::Besluttet, *fortelles == Fortelles::Beslutning, "{hending:?}");
            assert_eq!(*til == Tilstand::Manuell, *fortelles == Fortelles::Manuell, "{hending:?}");
        }
        assert_eq!(Tilstand::Manuell.etter(Hending::ReglerManuelt), None);
        assert_eq!(Tilstand::Mottatt.etter(Hending::Avgjort), None);
    }
}
