//! Names, and persons described by facts instead of a number.

use identifikator::LandkodeAlfa3;
use tid::Date;

use super::{Kjoenn, Navnedel, Tekst};

felttabell! {
    /// A person's name, where it is part of something else.
    Personnavn {
        /// First name.
        fornavn: Navnedel = ALLE,
        /// Middle name.
        mellomnavn: Option<Navnedel> = ALLE,
        /// Last name.
        etternavn: Navnedel = ALLE,
    }
}

entitetstabell! {
    /// `navn`: the name of the person. No part is longer than 200 characters, and nothing spills over.
    Folkeregisterpersonnavn {
        /// First name.
        fornavn: Navnedel = ALLE,
        /// Middle name.
        mellomnavn: Option<Navnedel> = ALLE,
        /// Last name.
        etternavn: Navnedel = ALLE,
        /// The name in at most 40 characters.
        forkortet_navn: Option<Tekst<40>> = ALLE,
        /// The name in the form it had originally.
        originalt_navn: Option<Personnavn> = ALLE,
    }
}

felttabell! {
    /// Facts that identify a person.
    IdentifiserendeInformasjon {
        /// Name.
        personnavn: Personnavn = ALLE,
        /// Date of birth.
        foedselsdato: Option<Date> = ALLE,
        /// Citizenships.
        statsborgerskap: Vec<LandkodeAlfa3> = ALLE,
        /// Sex.
        kjoenn: Option<Kjoenn> = ALLE,
    }
}

felttabell! {
    /// A related person who has no number.
    RelatertBiPerson {
        /// Name.
        navn: Personnavn = ALLE,
        /// Date of birth.
        foedselsdato: Option<Date> = ALLE,
        /// Citizenship.
        statsborgerskap: Option<LandkodeAlfa3> = ALLE,
        /// Sex.
        kjoenn: Option<Kjoenn> = ALLE,
    }
}
