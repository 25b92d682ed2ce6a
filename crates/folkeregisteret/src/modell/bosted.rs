//! Where a person lives, stays and gets post, and how far that is protected.

use tid::Date;

use super::{
    AdresseIFrittFormat, Adressegradering, Adressetype, InternasjonalAdresse,
    InternasjonalAdresseIFrittFormat, Matrikkeladresse, OppholdAnnetSted, PostadresseIFrittFormat,
    Postboksadresse, Tekst, UkjentBosted, Vegadresse, VegadresseForPost,
};

valg! {
    /// A home.
    Bosted {
        /// Not known.
        UkjentBosted(UkjentBosted),
        /// On a road.
        Vegadresse(Vegadresse),
        /// In the cadastre.
        Matrikkeladresse(Matrikkeladresse),
    }
}

entitetstabell! {
    /// `bostedsadresse`. Everybody with a fødselsnummer has one.
    Bostedsadresse [
        /// Where.
        bosted: Bosted
    ] {
        /// The address's key in the cadastre.
        adresse_identifikator_fra_matrikkelen: Option<Tekst> = ALLE,
        /// The key of an address close by.
        naer_adresse_identifikator_fra_matrikkelen: Option<Tekst> = ALLE,
        /// How protected it is.
        adressegradering: Adressegradering = ALLE,
        /// When the person moved there.
        flyttedato: Option<Date> = ALLE,
        /// Basic statistical unit.
        grunnkrets: Option<i64> = ALLE,
        /// Polling district.
        stemmekrets: Option<i64> = ALLE,
        /// School district.
        skolekrets: Option<i64> = ALLE,
        /// Parish.
        kirkekrets: Option<i64> = ALLE,
    }
}

valg! {
    /// A shared home.
    DeltBostedValg {
        /// On a road.
        Vegadresse(Vegadresse),
        /// In the cadastre.
        Matrikkeladresse(Matrikkeladresse),
        /// Not known.
        UkjentBosted(UkjentBosted),
    }
}

entitetstabell! {
    /// `deltBosted`: the second home of a child by agreement between the parents.
    DeltBosted [
        /// Where.
        bosted: DeltBostedValg
    ] {
        /// From when the agreement holds.
        startdato_for_kontrakt: Date = ALLE,
        /// Until when.
        sluttdato_for_kontrakt: Option<Date> = ALLE,
        /// The address's key in the cadastre.
        adresse_identifikator_fra_matrikkelen: Option<Tekst> = ALLE,
        /// The key of an address close by.
        naer_adresse_identifikator_fra_matrikkelen: Option<Tekst> = ALLE,
        /// How protected it is.
        adressegradering: Adressegradering = ALLE,
    }
}

valg! {
    /// A place of stay.
    Oppholdssted {
        /// On a road.
        Vegadresse(Vegadresse),
        /// In the cadastre.
        Matrikkeladresse(Matrikkeladresse),
        /// Abroad.
        UtenlandskAdresse(InternasjonalAdresse),
        /// Not known.
        AdressenErUkjent(bool),
    }
}

entitetstabell! {
    /// `oppholdsadresse`.
    Oppholdsadresse [
        /// Where.
        oppholdssted: Oppholdssted
    ] {
        /// The address's key in the cadastre.
        adresse_identifikator_fra_matrikkelen: Option<Tekst> = ALLE,
        /// How protected it is.
        adressegradering: Adressegradering = ALLE,
        /// From when the person stays there.
        oppholdsadressedato: Option<Date> = ALLE,
        /// Why the person is not at home.
        opphold_annet_sted: Option<OppholdAnnetSted> = ALLE,
    }
}

entitetstabell! {
    /// `postadresse`. Who is strengt fortrolig has an open one, run by others.
    Kontaktadresse {
        /// How protected it is.
        adressegradering: Adressegradering = ALLE,
        /// A box.
        postboksadresse: Option<Postboksadresse> = ALLE,
        /// On a road.
        vegadresse: Option<VegadresseForPost> = ALLE,
        /// In lines.
        postadresse_i_fritt_format: Option<PostadresseIFrittFormat> = ALLE,
        /// The address's key in the cadastre.
        adresse_identifikator_fra_matrikkelen: Option<Tekst> = ALLE,
    }
}

entitetstabell! {
    /// `postadresseIUtlandet`.
    KontaktadresseIUtlandet {
        /// How protected it is.
        adressegradering: Adressegradering = ALLE,
        /// Structured.
        utenlandsk_adresse: Option<InternasjonalAdresse> = ALLE,
        /// In lines.
        utenlandsk_adresse_i_fritt_format: Option<InternasjonalAdresseIFrittFormat> = ALLE,
    }
}

entitetstabell! {
    /// `adressebeskyttelse`: the protection of the person.
    GraderingAvAdresse {
        /// How far.
        graderingsnivaa: Adressegradering = ALLE,
    }
}

entitetstabell! {
    /// `preferertKontaktadresse`. Phased out on 2021-10-16.
    PreferertKontaktadresse {
        /// Which.
        valg: Adressetype = ALLE,
        /// How protected it is.
        adressegradering: Option<Adressegradering> = ALLE,
        /// In lines.
        kontaktadresse_i_fritt_format: Option<AdresseIFrittFormat> = ALLE,
    }
}
