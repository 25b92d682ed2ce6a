//! Numbers, statuses, and what a person's identity rests on.

use identifikator::{LandkodeAlfa3, Personidentifikator};
use tid::{Date, Moment};

use super::{
    Folkeregisteridentifikatortype, Identifikatorstatuskode, IdentifiserendeInformasjon,
    Identitetsgrunnlagstatus, Personstatus, Tekst,
};

entitetstabell! {
    /// `identifikasjonsnummer`: a number that the person has or had.
    Folkeregisteridentifikator {
        /// Whether it is in use.
        status: Identifikatorstatuskode = ALLE,
        /// The number.
        foedsels_eller_d_nummer: Personidentifikator = ALLE,
        /// Which kind.
        identifikatortype: Folkeregisteridentifikatortype = ALLE,
    }
}

entitetstabell! {
    /// `status`.
    Folkeregisterpersonstatus {
        /// The status. Some are confidential, and shown to those without authority as `aktiv`.
        status: Personstatus = ALLE,
    }
}

entitetstabell! {
    /// `identitetsgrunnlag`: how well the identity is checked.
    Identitetsgrunnlag {
        /// How well.
        identitetsgrunnlagstatus: Identitetsgrunnlagstatus = ALLE,
    }
}

valg! {
    /// Who a person with a false identity really is.
    RettIdentitet {
        /// Known by facts.
        RettIdentitetVedOpplysninger(IdentifiserendeInformasjon),
        /// Unknown.
        RettIdentitetErUkjent(bool),
        /// Known by number.
        RettIdentitetVedIdentifikasjonsnummer(Personidentifikator),
    }
}

entitetstabell! {
    /// `falskIdentitet`.
    FalskIdentitet [
        /// Who it really is.
        rett_identitet: RettIdentitet
    ] {
        /// Whether the identity is false.
        er_falsk: bool = ALLE,
    }
}

felttabell! {
    /// A check of an identity document.
    TekniskDokumentkontroll {
        /// The outcome, free text.
        dokumentkontrollstatus: Tekst = ALLE,
        /// When.
        dokumentkontrolltidspunkt: Option<Moment> = ALLE,
    }
}

entitetstabell! {
    /// `legitimasjonsdokument`: an identity document.
    Identifikasjonsdokument {
        /// Its number.
        identifikasjonsdokumentnummer: Option<Tekst> = ALLE,
        /// Its kind, free text: `pass`, `nasjonaltIdentitetskort` …
        identifikasjonsdokumenttype: Tekst = ALLE,
        /// The country that issued it.
        utstederland: LandkodeAlfa3 = ALLE,
        /// Who issued it.
        utstedernavn: Option<Tekst> = ALLE,
        /// Valid from.
        gyldig_fra: Option<Date> = ALLE,
        /// Valid to.
        gyldig_til: Option<Date> = ALLE,
        /// How it was checked.
        dokumentkontroll: Option<TekniskDokumentkontroll> = ALLE,
    }
}

entitetstabell! {
    /// `utenlandskPersonidentifikasjon` and `utlendingsmyndighetenesIdentifikasjonsnummer`: a number that others have
    /// given the person.
    Personidentifikasjon {
        /// The number.
        identifikasjonsnummer: Tekst = ALLE,
        /// Its kind, free text: `utenlandskIdentifikasjonsnummer`, `taxIdentificationNumber` …
        identifikasjonsnummertype: Tekst = ALLE,
        /// The country that gave it.
        utstederland: LandkodeAlfa3 = ALLE,
    }
}
