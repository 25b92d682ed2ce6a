//! Whom to contact about a dead person's estate.

use identifikator::{LandkodeAlfa3, Organisasjonsnummer, Personidentifikator};
use tid::Date;

use super::{Liste, Personnavn, Skifteform, Tekst};

felttabell! {
    /// A person to contact. A package sees the number or, where there is none or it gets none, date of birth and name
    /// (section 3.4, rule 4); so both are kept.
    #[derive(Default)]
    PersonSomKontakt {
        /// Date of birth.
        foedselsdato: Option<Date> = ALLE,
        /// Name.
        personnavn: Option<Personnavn> = ALLE,
        /// Number.
        foedsels_eller_d_nummer: Option<Personidentifikator> = MED_NUMMER,
    }
}

felttabell! {
    /// A lawyer to contact.
    AdvokatSomKontakt {
        /// Name.
        personnavn: Personnavn = ALLE,
        /// Firm.
        organisasjonsnavn: Option<Tekst<175>> = ALLE,
        /// Its number.
        organisasjonsnummer: Option<Organisasjonsnummer> = ALLE,
    }
}

felttabell! {
    /// An organisation to contact.
    OrganisasjonSomKontakt {
        /// Name.
        organisasjonsnavn: Tekst<175> = ALLE,
        /// Number.
        organisasjonsnummer: Option<Organisasjonsnummer> = ALLE,
        /// Whom to ask for.
        kontaktpersonnavn: Option<Personnavn> = ALLE,
    }
}

felttabell! {
    /// The address of a contact.
    KontaktadresseForDoedsbo {
        /// One or two lines.
        adresselinje: Liste<Tekst, 1, 2> = ALLE,
        /// Town.
        poststedsnavn: Tekst = ALLE,
        /// Postal code.
        postnummer: Tekst = ALLE,
        /// Country.
        landkode: Option<LandkodeAlfa3> = ALLE,
    }
}

valg! {
    /// Who is to be contacted.
    Doedsbokontakt {
        /// A person.
        Person(PersonSomKontakt),
        /// A lawyer.
        Advokat(AdvokatSomKontakt),
        /// An organisation.
        Organisasjon(OrganisasjonSomKontakt),
    }
}

entitetstabell! {
    /// `kontaktinformasjonForDoedsbo`.
    KontaktinformasjonForDoedsbo [
        /// Who.
        kontakt: Doedsbokontakt
    ] {
        /// How the estate is divided.
        skifteform: Skifteform = ALLE,
        /// The date of the probate certificate.
        attestutstedelsesdato: Date = ALLE,
        /// Where.
        adresse: KontaktadresseForDoedsbo = ALLE,
    }
}
