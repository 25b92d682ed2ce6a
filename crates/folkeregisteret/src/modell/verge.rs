//! Guardianship and legal capacity.

use identifikator::Personidentifikator;

use super::{IdentifiserendeInformasjon, Personnavn, Tekst, Vergemaalsomfang, Vergemaaltype};

felttabell! {
    /// A service and a task that a guardian sees to.
    #[derive(Default)]
    VergeTjeneste {
        /// The service, as in `nav`.
        verge_tjenestevirksomhet: Option<Tekst> = ALLE,
        /// The task, as in `pensjon`.
        verge_tjenesteoppgave: Option<Tekst> = ALLE,
    }
}

felttabell! {
    /// A guardian or attorney. Historic guardianships have the format until 2023-11-01 (`navn`, `omfang`), current ones
    /// the new (`navnFoedselsdato`, `tjenesteomraade`). Who it is, is open; what it covers, confidential (section 3.4,
    /// rule 6).
    #[derive(Default)]
    VergeRepresentantEllerFullmektig {
        /// Name; old format.
        navn: Option<Personnavn> = ALLE,
        /// Number.
        foedsels_eller_d_nummer: Option<Personidentifikator> = OMH.og(FIN),
        /// Extent; old format.
        omfang: Option<Vergemaalsomfang> = OMH,
        /// Whether the extent lies within the personal; old format.
        omfanget_er_innen_personlig_omraade: Option<bool> = OMH,
        /// Who; new format.
        navn_foedselsdato: Option<IdentifiserendeInformasjon> = ALLE,
        /// Extent; new format.
        tjenesteomraade: Vec<VergeTjeneste> = OMH,
    }
}

entitetstabell! {
    /// `vergemaalEllerFremtidsfullmakt`.
    VergemaalRepresentasjonEllerFremtidsfullmakt {
        /// The kind.
        vergemaaltype: Option<Vergemaaltype> = ALLE,
        /// The office of the county governor, free text: `statsforvalterenIAgder`.
        embete: Option<Tekst> = ALLE,
        /// The guardian.
        verge: VergeRepresentantEllerFullmektig = ALLE,
    }
}

entitetstabell! {
    /// `rettsligHandleevne`: limits to legal capacity, since 2023-11-01.
    #[derive(Default)]
    RettsligHandleevne {
        /// How far. The list of values is not public.
        rettslig_handleevneomfang: Option<Tekst> = ALLE,
    }
}

entitetstabell! {
    /// `fratattRettsligHandleevne`. In the model, never used.
    #[derive(Default)]
    FratattRettsligHandleevne {}
}
