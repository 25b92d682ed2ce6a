//! Marriage, family, and parental responsibility.

use identifikator::{Kommunenummer, LandkodeAlfa3, Organisasjonsnummer, Personidentifikator};
use tid::Date;

use super::{
    ElleveSifre, Familierelasjontype, Foreldreansvarstype, RelatertBiPerson, Sivilstandstype, Tekst,
};

entitetstabell! {
    /// `sivilstand`: marital status.
    Sivilstand {
        /// The status.
        sivilstand: Sivilstandstype = ALLE,
        /// Since when.
        sivilstandsdato: Option<Date> = ALLE,
        /// The authority, free text.
        myndighet: Option<Tekst> = ALLE,
        /// The municipality where it came about.
        kommune: Option<Kommunenummer> = ALLE,
        /// The place.
        sted: Option<Tekst> = ALLE,
        /// The country, if abroad.
        utland: Option<LandkodeAlfa3> = ALLE,
        /// The spouse or partner, who is confidential (section 3.4, rule 3).
        relatert_ved_sivilstand: Option<ElleveSifre> = OMH.og(FIN),
    }
}

valg! {
    /// The other person of a family relation.
    Relatert {
        /// By number.
        RelatertPerson(Personidentifikator),
        /// By facts.
        RelatertPersonUtenFolkeregisteridentifikator(RelatertBiPerson),
    }
}

entitetstabell! {
    /// `familierelasjon`.
    Familierelasjon [
        /// The other person.
        relatert: Relatert
    ] {
        /// What the other is to this person.
        relatert_persons_rolle: Familierelasjontype = ALLE,
        /// What this person is to the other.
        min_rolle_for_person: Option<Familierelasjontype> = ALLE,
    }
}

entitetstabell! {
    /// `foreldreansvar`: parental responsibility, one entry for each who has it.
    Foreldreansvar {
        /// Who has it.
        ansvar: Foreldreansvarstype = ALLE,
        /// The child.
        ansvarssubjekt: Option<Personidentifikator> = ALLE,
        /// The responsible person.
        ansvarlig: Option<Personidentifikator> = ALLE,
        /// The responsible organisation.
        ansvarlig_organisasjon: Option<Organisasjonsnummer> = ALLE,
        /// The responsible person, without a number.
        ansvarlig_uten_identifikator: Option<RelatertBiPerson> = ALLE,
        /// The child, without a number.
        ansvarssubjekt_uten_identifikator: Option<RelatertBiPerson> = ALLE,
    }
}
