//! What the feed holds (consumer sheet, section 8.1).

use identifikator::Personidentifikator;
use tid::Moment;

use super::{Dokumentidentifikator, Hendelsestype, Tekst};
use crate::modell::beskrivelse::Type;
use crate::modell::felttype::Verdi;

felttabell! {
    /// An event on the feed: thin. What a package is not known to get of it, it does not get: keys of documents are for
    /// those who can use them, times for those who get the events as they are.
    FeedHendelse {
        /// Whom it is about.
        folkeregisteridentifikator: Option<Personidentifikator> = ALLE.uten(UTEN_NUMMER),
        /// What happened. Spelt otherwise than in event documents.
        hendelsetype: Hendelsestype = ALLE,
        /// The key of the event document.
        hendelsesdokument: Option<Dokumentidentifikator> = OMH,
        /// The key of the person document as it was right after the event.
        persondokument: Option<Dokumentidentifikator> = OMH,
        /// When it was entered in the register.
        ajourholdstidspunkt: Option<Moment> = MED_NUMMER,
        /// Its cause in the register before this one.
        hendelsesaarsak_i_dsf: Option<Tekst> = OMH,
    }
}

felttabell! {
    /// An event with its place on the feed. Leaves as a [`Feedutlevering`](crate::Feedutlevering).
    LagretHendelse {
        /// Its number on the package's feed.
        sekvensnummer: i64 = ALLE,
        /// The event.
        hendelse: FeedHendelse = ALLE,
    }
}

impl LagretHendelse {
    /// What the model consists of.
    pub fn beskrivelse() -> &'static Type {
        <Self as Verdi>::TYPE
    }
}
