//! Birth, sex, death, and belonging to countries.

use identifikator::{Kommunenummer, LandkodeAlfa3};
use tid::Date;

use super::{
    Aarstall, Bibehold, ForholdTilSametingetsValgmanntall, Kjoenn, Liste, Oppholdstillatelsetype,
    OppholdsvarighetType, SamiskSpraakType, Tekst,
};

entitetstabell! {
    /// `foedsel`.
    Foedsel {
        /// The date.
        foedselsdato: Option<Date> = ALLE,
        /// The year.
        foedselsaar: Aarstall = ALLE,
        /// The place.
        foedested: Option<Tekst> = ALLE,
        /// The municipality, when born in Norway.
        foedekommune_i_norge: Option<Kommunenummer> = ALLE,
        /// The country.
        foedeland: Option<LandkodeAlfa3> = ALLE,
    }
}

entitetstabell! {
    /// `foedselINorge`.
    #[derive(Default)]
    FoedselINorge {
        /// The hospital.
        foedselsinstitusjonsnavn: Option<Tekst> = ALLE,
        /// Two digits: how many were born and which this is; 11 for an only child, 21 for the first of two.
        rekkefoelgenummer: Option<i64> = ALLE,
    }
}

entitetstabell! {
    /// `kjoenn`.
    Personkjoenn {
        /// Sex.
        kjoenn: Kjoenn = ALLE,
    }
}

entitetstabell! {
    /// `doedsfall`.
    #[derive(Default)]
    Doedsfall {
        /// The date.
        doedsdato: Option<Date> = ALLE,
    }
}

entitetstabell! {
    /// `innflytting`: a move to Norway.
    #[derive(Default)]
    InnflyttingTilNorge {
        /// The country left.
        fraflyttingsland: Option<LandkodeAlfa3> = ALLE,
        /// The place left.
        fraflyttingssted_i_utlandet: Option<Tekst> = ALLE,
    }
}

entitetstabell! {
    /// `utflytting`: a move from Norway.
    #[derive(Default)]
    UtflyttingFraNorge {
        /// The country moved to.
        tilflyttingsland: Option<LandkodeAlfa3> = ALLE,
        /// The place moved to.
        tilflyttingssted_i_utlandet: Option<Tekst> = ALLE,
        /// The date that the person states.
        utflyttingsdato: Option<Date> = ALLE,
    }
}

entitetstabell! {
    /// `statsborgerskap`. There may be several current ones.
    Statsborgerskap {
        /// The country; `XXX` stateless, `XUK` unknown.
        statsborgerskap: LandkodeAlfa3 = ALLE,
        /// Since when.
        ervervsdato: Option<Date> = ALLE,
    }
}

entitetstabell! {
    /// `bibehold`: retention of Norwegian citizenship.
    BibeholdAvNorskStatsborgerskap {
        /// Whether.
        bibeholdstatus: Bibehold = ALLE,
        /// Since when.
        dato_for_bibehold: Option<Date> = ALLE,
    }
}

entitetstabell! {
    /// `opphold`: a residence permit.
    Opphold {
        /// Its kind.
        oppholdstillatelse: Oppholdstillatelsetype = ALLE,
        /// From when.
        opphold_fra: Date = ALLE,
        /// Until when.
        opphold_til: Option<Date> = ALLE,
    }
}

entitetstabell! {
    /// `oppholdPaaSvalbard`: residence on Svalbard.
    OppholdPaaSvalbard {
        /// From when.
        startdato: Date = ALLE,
        /// Until when.
        sluttdato: Option<Date> = ALLE,
        /// For how long it is expected to be.
        antatt_oppholdsvarighet: OppholdsvarighetType = ALLE,
        /// The municipality left.
        fraflyttingskommunenummer: Option<Kommunenummer> = ALLE,
        /// The country left.
        fraflyttingsland: Option<LandkodeAlfa3> = ALLE,
        /// How many stays there were before. Phased out on 2021-10-16.
        antall_tidligere_opphold: Option<i64> = ALLE,
    }
}

entitetstabell! {
    /// `brukAvSamiskSpraak`.
    #[derive(Default)]
    SamiskSpraak {
        /// The languages, at most three.
        spraak: Liste<SamiskSpraakType, 0, 3> = ALLE,
    }
}

entitetstabell! {
    /// `forholdTilSametingetsValgmanntall`. Withdrawn on 2023-04-03.
    SametingetsValgmanntall {
        /// The tie.
        forhold: ForholdTilSametingetsValgmanntall = ALLE,
        /// When it was decided.
        vedtaksdato: Date = ALLE,
    }
}
