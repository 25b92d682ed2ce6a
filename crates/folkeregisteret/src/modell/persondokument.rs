//! The person document: the one table of entities, with what each package gets of them.

use super::{
    BibeholdAvNorskStatsborgerskap, Bostedsadresse, DeltBosted, Doedsfall, FalskIdentitet, Familierelasjon,
    Foedsel, FoedselINorge, Folkeregisteridentifikator, Folkeregisterpersonnavn, Folkeregisterpersonstatus,
    Foreldreansvar, FratattRettsligHandleevne, GraderingAvAdresse, Identifikasjonsdokument,
    Identitetsgrunnlag, InnflyttingTilNorge, Kontaktadresse, KontaktadresseIUtlandet,
    KontaktinformasjonForDoedsbo, NAVNEROM_PERSON, Opphold, OppholdPaaSvalbard, Oppholdsadresse,
    Personidentifikasjon, Personkjoenn, PreferertKontaktadresse, RettsligHandleevne, SametingetsValgmanntall,
    SamiskSpraak, Sivilstand, Statsborgerskap, UgyldigDokument, UtflyttingFraNorge,
    VergemaalRepresentasjonEllerFremtidsfullmakt,
};
use crate::format::{Json, Skriver, Xml, les_xml};
use crate::modell::beskrivelse::Type;
use crate::modell::felttype::{Felttype, Innfelt, Verdi, les_felter};
use crate::rettighetspakke::{
    ALLE, BRSV, EID, Entiteter, FIN, INGEN, Innslagsliste, MED_NUMMER, OMH, OUH, PRIVATE_OG_PRESSE, Pakker,
    Part, Sil,
};

/// `Entity  field: type;  packages;  packages with history;  part.`
macro_rules! entiteter {
    ($( $(#[$doc:meta])* $entitet:ident $felt:ident: $type:ty; $pakker:expr; $historikk:expr; $part:expr, )+) => {
        /// An entity: a top-level part of the person document, in the order they are written.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Entitet {
            $( $(#[$doc])* $entitet, )+
        }

        impl Entitet {
            /// Every entity.
            pub const ALLE: &'static [Self] = &[$( Self::$entitet, )+];
            const NAVN: &'static [&'static str] = &[$( feltnavn!($felt), )+];
            const PAKKER: &'static [Pakker] = &[$( $pakker, )+];
            const HISTORIKK: &'static [Pakker] = &[$( $historikk, )+];
            const PART: &'static [Part] = &[$( $part, )+];
            const LISTE: &'static [bool] = &[$( <$type as Felttype>::LISTE, )+];
        }

        felttabell! {
            /// Everything that the register holds about a person, history included (consumer sheet, section 7).
            ///
            /// Stored, searched, and filtered; never sent. What is sent is an [`Utlevering`](crate::Utlevering).
            #[derive(Default)]
            Persondokument {
                $( $(#[$doc])* $felt: $type = $pakker, )+
            }
        }

        impl Persondokument {
            /// Shows every entity, in order.
            pub(crate) fn sil_entiteter(&mut self, sil: &mut impl Sil) {
                $( sil.entitet(Entitet::$entitet, &mut self.$felt); )+
            }

            /// Shows every entry, in order: its entity, whether it says that it is current, and its JSON without that.
            pub(crate) fn hvert_innslag(&self, se: &mut impl FnMut(Entitet, Option<bool>, String)) {
                $( self.$felt.hvert(&mut |gjeldende, json| se(Entitet::$entitet, gjeldende, json)); )+
            }
        }
    };
}

entiteter! {
    /// A false identity, and who it really is.
    FalskIdentitet falsk_identitet: Option<FalskIdentitet>;
        OMH.og(OUH).og(FIN).og(EID); INGEN; Part::UTVIDET,
    /// Numbers.
    Identifikasjonsnummer identifikasjonsnummer: Vec<Folkeregisteridentifikator>;
        MED_NUMMER.og(PRIVATE_OG_PRESSE); ALLE; Part::NUMMER,
    /// How well the identity is checked.
    Identitetsgrunnlag identitetsgrunnlag: Vec<Identitetsgrunnlag>;
        ALLE; OMH; Part::BASIS,
    /// Whom to contact about the estate.
    KontaktinformasjonForDoedsbo kontaktinformasjon_for_doedsbo: Vec<KontaktinformasjonForDoedsbo>;
        ALLE; OMH; Part::BASIS,
    /// Identity documents.
    Legitimasjonsdokument legitimasjonsdokument: Vec<Identifikasjonsdokument>;
        OMH.og(EID); INGEN; Part::UTVIDET_OG_BASIS_FOR_EID,
    /// Statuses.
    Status status: Vec<Folkeregisterpersonstatus>;
        ALLE; OMH; Part::BASIS,
    /// Numbers of the immigration authorities.
    UtlendingsmyndighetenesIdentifikasjonsnummer
        utlendingsmyndighetenes_identifikasjonsnummer: Vec<Personidentifikasjon>;
        OMH; INGEN; Part::EGEN,
    /// Foreign numbers.
    UtenlandskPersonidentifikasjon utenlandsk_personidentifikasjon: Vec<Personidentifikasjon>;
        OMH.og(EID); INGEN; Part::UTVIDET_OG_BASIS_FOR_EID,
    /// Shared homes.
    DeltBosted delt_bosted: Vec<DeltBosted>;
        ALLE; OMH; Part::BASIS,
    /// Sex.
    Kjoenn kjoenn: Vec<Personkjoenn>;
        ALLE; OMH; Part::BASIS,
    /// Birth.
    Foedsel foedsel: Vec<Foedsel>;
        ALLE; INGEN; Part::BASIS,
    /// Birth in Norway.
    FoedselINorge foedsel_i_norge: Vec<FoedselINorge>;
        OMH; INGEN; Part::EGEN,
    /// Family relations.
    Familierelasjon familierelasjon: Vec<Familierelasjon>;
        OMH.og(FIN); OMH; Part::RELASJON,
    /// Marital statuses.
    Sivilstand sivilstand: Vec<Sivilstand>;
        ALLE; OMH.og(FIN); Part::BASIS,
    /// Death.
    Doedsfall doedsfall: Option<Doedsfall>;
        ALLE; INGEN; Part::BASIS,
    /// Names.
    Navn navn: Vec<Folkeregisterpersonnavn>;
        ALLE; ALLE; Part::BASIS,
    /// Protection of addresses.
    Adressebeskyttelse adressebeskyttelse: Vec<GraderingAvAdresse>;
        OMH; OMH; Part::BASIS,
    /// Homes.
    Bostedsadresse bostedsadresse: Vec<Bostedsadresse>;
        ALLE; ALLE; Part::BASIS,
    /// Places of stay.
    Oppholdsadresse oppholdsadresse: Vec<Oppholdsadresse>;
        ALLE; ALLE; Part::BASIS,
    /// Moves to Norway.
    Innflytting innflytting: Vec<InnflyttingTilNorge>;
        ALLE; OMH; Part::EGEN,
    /// Moves from Norway.
    Utflytting utflytting: Vec<UtflyttingFraNorge>;
        ALLE; OMH; Part::EGEN,
    /// Sami languages.
    BrukAvSamiskSpraak bruk_av_samisk_spraak: Vec<SamiskSpraak>;
        OMH; INGEN; Part::EGEN,
    /// The electoral roll of the Sami parliament. Withdrawn.
    ForholdTilSametingetsValgmanntall forhold_til_sametingets_valgmanntall: Vec<SametingetsValgmanntall>;
        INGEN; INGEN; Part::UGYLDIG,
    /// The preferred address. Phased out.
    PreferertKontaktadresse preferert_kontaktadresse: Vec<PreferertKontaktadresse>;
        INGEN; INGEN; Part::EGEN,
    /// Postal addresses.
    Postadresse postadresse: Vec<Kontaktadresse>;
        ALLE; ALLE; Part::BASIS,
    /// Postal addresses abroad.
    PostadresseIUtlandet postadresse_i_utlandet: Vec<KontaktadresseIUtlandet>;
        ALLE; ALLE; Part::BASIS,
    /// Parental responsibilities.
    Foreldreansvar foreldreansvar: Vec<Foreldreansvar>;
        OMH.og(FIN); OMH; Part::RELASJON,
    /// Citizenships.
    Statsborgerskap statsborgerskap: Vec<Statsborgerskap>;
        ALLE; OMH; Part::BASIS,
    /// Retention of citizenship.
    Bibehold bibehold: Vec<BibeholdAvNorskStatsborgerskap>;
        OMH; INGEN; Part::EGEN,
    /// Residence permits.
    Opphold opphold: Vec<Opphold>;
        OMH; INGEN; Part::EGEN,
    /// Residence on Svalbard.
    OppholdPaaSvalbard opphold_paa_svalbard: Vec<OppholdPaaSvalbard>;
        BRSV; INGEN; Part::EGEN,
    /// Guardianships and lasting powers of attorney.
    VergemaalEllerFremtidsfullmakt
        vergemaal_eller_fremtidsfullmakt: Vec<VergemaalRepresentasjonEllerFremtidsfullmakt>;
        ALLE; OMH; Part::RELASJON,
    /// In the model, never used.
    FratattRettsligHandleevne fratatt_rettslig_handleevne: Vec<FratattRettsligHandleevne>;
        INGEN; INGEN; Part::EGEN,
    /// Limits to legal capacity.
    RettsligHandleevne rettslig_handleevne: Vec<RettsligHandleevne>;
        ALLE; OMH; Part::EGEN,
}

impl Entitet {
    /// The name in documents, and as a value of `part`.
    pub const fn navn(self) -> &'static str {
        Self::NAVN[self as usize]
    }

    /// The packages that get it.
    pub const fn pakker(self) -> Pakker {
        Self::PAKKER[self as usize]
    }

    /// The packages that get its past values too, when they ask for history (section 6).
    pub const fn historikk(self) -> Pakker {
        Self::HISTORIKK[self as usize]
    }

    /// Whether documents have a list of it, even of one.
    pub(crate) const fn er_liste(self) -> bool {
        Self::LISTE[self as usize]
    }

    /// Which values of `part` give it.
    pub(crate) const fn part(self) -> Part {
        Self::PART[self as usize]
    }
}

/// The root element.
const ROT: &str = "folkeregisterperson";

impl Persondokument {
    /// What the model consists of.
    pub fn beskrivelse() -> &'static Type {
        <Self as Verdi>::TYPE
    }

    /// Reads a document in JSON. Fields that the model does not have are left out.
    ///
    /// # Errors
    /// [`UgyldigDokument`] when it is not JSON or a field has a value that it may not.
    pub fn fra_json(json: &[u8]) -> Result<Self, UgyldigDokument> {
        Ok(serde_json::from_slice(json)?)
    }

    /// Reads only these entities of a document, and passes over the rest without a look.
    pub(crate) fn fra_json_bare(json: &[u8], entiteter: Entiteter) -> Result<Self, UgyldigDokument> {
        let mut inn = serde_json::Deserializer::from_slice(json);
        let dokument = les_felter(&mut inn, |navn| {
            Entitet::ALLE.iter().any(|entitet| entiteter.har(*entitet) && entitet.navn() == navn)
        })?;
        inn.end()?;
        Ok(dokument)
    }

    /// Reads a document in XML.
    ///
    /// # Errors
    /// As [`Self::fra_json`].
    pub fn fra_xml(xml: &[u8]) -> Result<Self, UgyldigDokument> {
        les_xml(xml, ROT).map_err(|feil| UgyldigDokument(feil.0))
    }

    /// Writes the whole document, as it is stored: the form of the API, with everything in it.
    pub(crate) fn skriv_json(&self, ut: &mut Vec<u8>) {
        Json::til(ut).objekt(|ut| self.skriv_felter(ut));
    }

    /// Writes the whole document in XML.
    pub(crate) fn skriv_xml(&self, ut: &mut Vec<u8>) {
        Xml::dokument(ut, ROT, NAVNEROM_PERSON, |ut| self.skriv_felter(ut));
    }

    /// Writes the elements that stand inside the root element, under a prefix.
    pub(crate) fn skriv_xml_innhold(&self, ut: &mut Vec<u8>, prefiks: &str) {
        self.skriv_felter(&mut Xml::med_prefiks(ut, prefiks));
    }
}
