//! The shapes of addresses.

use identifikator::{Kommunenummer, Landkode, Postnummer};

use super::{Bruksenhetstype, Husbokstav, Husnummer, Liste, Tekst};

felttabell! {
    /// The number of a house.
    Adressenummer {
        /// Its number.
        husnummer: Husnummer = ALLE,
        /// Its letter.
        husbokstav: Option<Husbokstav> = ALLE,
    }
}

felttabell! {
    /// A postal town.
    #[derive(Default)]
    Poststed {
        /// Its name.
        poststedsnavn: Option<Tekst> = ALLE,
        /// Its postal code.
        postnummer: Option<Postnummer> = ALLE,
    }
}

felttabell! {
    /// A number in the cadastre.
    Matrikkelnummer {
        /// The municipality.
        kommunenummer: Kommunenummer = ALLE,
        /// Farm.
        gaardsnummer: i64 = ALLE,
        /// Holding.
        bruksnummer: i64 = ALLE,
        /// Leasehold.
        festenummer: Option<i64> = ALLE,
    }
}

felttabell! {
    /// No known home, perhaps in a known municipality.
    #[derive(Default)]
    UkjentBosted {
        /// The municipality.
        bostedskommune: Option<Kommunenummer> = ALLE,
    }
}

felttabell! {
    /// An address on a road.
    Vegadresse {
        /// The municipality.
        kommunenummer: Kommunenummer = ALLE,
        /// The unit, as in `H0101`.
        bruksenhetsnummer: Option<Tekst> = ALLE,
        /// The kind of the unit.
        bruksenhetstype: Option<Bruksenhetstype> = ALLE,
        /// The road.
        adressenavn: Tekst = ALLE,
        /// The number of the house.
        adressenummer: Option<Adressenummer> = ALLE,
        /// The code of the road; zero-padded or not.
        adressekode: Option<Tekst> = ALLE,
        /// An additional name.
        adressetilleggsnavn: Option<Tekst> = ALLE,
        /// The postal town.
        poststed: Option<Poststed> = ALLE,
        /// Care of.
        co_adressenavn: Option<Tekst> = ALLE,
    }
}

felttabell! {
    /// An address in the cadastre.
    Matrikkeladresse {
        /// The unit, as in `H0101`.
        bruksenhetsnummer: Option<Tekst> = ALLE,
        /// The kind of the unit.
        bruksenhetstype: Option<Bruksenhetstype> = ALLE,
        /// The number in the cadastre.
        matrikkelnummer: Matrikkelnummer = ALLE,
        /// A number below it.
        undernummer: Option<i64> = ALLE,
        /// An additional name.
        adressetilleggsnavn: Option<Tekst> = ALLE,
        /// The postal town.
        poststed: Option<Poststed> = ALLE,
        /// Care of.
        co_adressenavn: Option<Tekst> = ALLE,
    }
}

felttabell! {
    /// A structured address abroad.
    InternasjonalAdresse {
        /// Care of.
        co_adressenavn: Option<Tekst> = ALLE,
        /// Road and number.
        adressenavn: Option<Tekst> = ALLE,
        /// Building.
        bygning: Option<Tekst> = ALLE,
        /// Floor.
        etasjenummer: Option<Tekst> = ALLE,
        /// Unit.
        boenhet: Option<Tekst> = ALLE,
        /// Box.
        postboks: Option<Tekst> = ALLE,
        /// Postal code.
        postkode: Option<Tekst> = ALLE,
        /// Town.
        by_eller_stedsnavn: Option<Tekst> = ALLE,
        /// District.
        distriktsnavn: Option<Tekst> = ALLE,
        /// Region.
        region: Option<Tekst> = ALLE,
        /// Country; `YY` for unknown.
        landkode: Landkode = ALLE,
    }
}

felttabell! {
    /// An address abroad in lines.
    #[derive(Default)]
    InternasjonalAdresseIFrittFormat {
        /// The lines.
        adresselinje: Vec<Tekst> = ALLE,
        /// Postal code.
        postkode: Option<Tekst> = ALLE,
        /// Town.
        by_eller_stedsnavn: Option<Tekst> = ALLE,
        /// Country; `YY` for unknown.
        landkode: Option<Landkode> = ALLE,
    }
}

felttabell! {
    /// A post office box.
    Postboksadresse {
        /// Whose box it is.
        postbokseier: Option<Tekst> = ALLE,
        /// The box, as in `Postboks 1`.
        postboks: Tekst = ALLE,
        /// The postal town.
        poststed: Option<Poststed> = ALLE,
    }
}

felttabell! {
    /// An address on a road for post: no municipality, no kind of unit.
    #[derive(Default)]
    VegadresseForPost {
        /// Care of.
        co_adressenavn: Option<Tekst> = ALLE,
        /// The road.
        adressenavn: Option<Tekst> = ALLE,
        /// The number of the house.
        adressenummer: Option<Adressenummer> = ALLE,
        /// The postal town.
        poststed: Option<Poststed> = ALLE,
        /// The code of the road.
        adressekode: Option<Tekst> = ALLE,
        /// An additional name.
        adressetilleggsnavn: Option<Tekst> = ALLE,
        /// The unit.
        bruksenhetsnummer: Option<Tekst> = ALLE,
    }
}

felttabell! {
    /// An address for post in lines.
    #[derive(Default)]
    PostadresseIFrittFormat {
        /// The lines, at most four.
        adresselinje: Liste<Tekst, 0, 4> = ALLE,
        /// The postal town.
        poststed: Option<Poststed> = ALLE,
    }
}

felttabell! {
    /// An address in lines.
    #[derive(Default)]
    AdresseIFrittFormat {
        /// The lines.
        adresselinje: Vec<Tekst> = ALLE,
        /// Country.
        landkode: Option<Landkode> = ALLE,
    }
}
