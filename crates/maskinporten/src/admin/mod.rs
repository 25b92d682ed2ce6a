//! Administration: clients and keys, scopes and access, delegation. The same operations for the self-service API
//! (sheet section 11), for Altinn's API (section 12) and for the command line.
//!
//! Who acts is an [`Aktor`]: an organisation, which may do what is its own, or the operator, who may do all. Every
//! change is one transaction with the row of the trail that says who made it.

mod delegeringer;
mod klienter;
mod nokler;
mod scopes;
mod sporet;
mod systemer;
mod tilganger;

pub(crate) use delegeringer::delegerte_scopes;
pub use delegeringer::{NyRessurs, Sokedelegering};
pub use klienter::Klientfelt;
pub use scopes::Scopefelt;
pub use systemer::{NySystembruker, NyttSamtykke, NyttSystem};

use crate::Feil;
use crate::modell::{Hvem, Orgnr};

/// Who acts, and in which row of the trail it is told.
#[derive(Debug, Clone)]
pub struct Aktor {
    /// The organisation; `None`: the operator.
    pub orgnr: Option<Orgnr>,
    /// For the trail.
    pub hvem: Hvem,
}

impl Aktor {
    /// The operator of the server, by some way (`kommando`, `demo`).
    pub fn drift(vei: &str) -> Self {
        Self { orgnr: None, hvem: Hvem::drift(vei) }
    }

    /// Whether something of this organisation's is the actor's to change.
    pub fn eier(&self, orgnr: Orgnr) -> bool {
        self.orgnr.is_none_or(|egen| egen == orgnr)
    }
}

/// Why an act of administration is refused. Texts are bokmål, for the caller.
#[derive(Debug, thiserror::Error)]
pub enum Avvist {
    /// A value is not allowed.
    #[error("{tekst}")]
    Ugyldig {
        /// The member or parameter.
        felt: &'static str,
        /// What is wrong with it.
        tekst: String,
    },
    /// It does not exist, or is another's: the same answer for both (attack row A140).
    #[error("{0} finnes ikke")]
    Ukjent(&'static str),
    /// It is another's to decide.
    #[error("{0}")]
    Forbudt(String),
    /// It contradicts what is there.
    #[error("{0}")]
    Konflikt(String),
    /// Our own trouble.
    #[error(transparent)]
    Feil(#[from] Feil),
}

impl Avvist {
    /// A value that is not allowed.
    pub(crate) fn ugyldig(felt: &'static str, tekst: impl Into<String>) -> Self {
        Self::Ugyldig { felt, tekst: tekst.into() }
    }
}

/// What acts of administration answer.
pub type Utfall<T> = Result<T, Avvist>;

/// Longest name or description.
const TEKST_MAKS: usize = 4_000;

fn kort(felt: &'static str, tekst: &str) -> Utfall<()> {
    let styretegn = |c: char| c.is_control() && c != '\n' && c != '\t';
    if tekst.chars().count() > TEKST_MAKS || tekst.chars().any(styretegn) {
        return Err(Avvist::ugyldig(felt, format!("{felt} er for lang eller har ugyldige tegn")));
    }
    Ok(())
}
