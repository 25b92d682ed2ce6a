//! The event document: what happened to a person, entity by entity (consumer sheet, section 8.3).

use identifikator::Personidentifikator;
use tid::Moment;

use super::{
    BibeholdAvNorskStatsborgerskap, Bostedsadresse, DeltBosted, Doedsfall, Dokumentidentifikator, Entitet,
    Entitetsendring, FalskIdentitet, Familierelasjon, Foedsel, FoedselINorge, Folkeregisteridentifikator,
    Folkeregisterpersonnavn, Folkeregisterpersonstatus, Foreldreansvar, FratattRettsligHandleevne,
    GraderingAvAdresse, Hendelsestype, Identifikasjonsdokument, Identitetsgrunnlagstatus,
    InnflyttingTilNorge, Kontaktadresse, KontaktadresseIUtlandet, KontaktinformasjonForDoedsbo,
    NAVNEROM_HENDELSE, Opphold, OppholdPaaSvalbard, Oppholdsadresse, Personidentifikasjon, Personkjoenn,
    PreferertKontaktadresse, RettsligHandleevne, SametingetsValgmanntall, SamiskSpraak, Sivilstand,
    Statsborgerskap, Tekst, UgyldigDokument, UtflyttingFraNorge,
    VergemaalRepresentasjonEllerFremtidsfullmakt,
};
use crate::format::{Json, Skriver, Xml, les_xml};
use crate::modell::beskrivelse::{Innhold, Type};
use crate::modell::enkle::les_tekst;
use crate::modell::felttype::{Innfelt, Verdi};
use crate::rettighetspakke::{Regel, Syn, json_uten_gjeldende};

entitetstabell! {
    /// `identitetsgrunnlag` as event documents have it: under another name (section 8.3).
    IdentitetsgrunnlagIHendelse {
        /// How well the identity is checked.
        legitimasjonskontroll: Identitetsgrunnlagstatus = ALLE,
    }
}

/// `Entity(Type), …`: an alternative for each entity, of the entity's name.
macro_rules! egenskaper {
    ($( $(#[$doc:meta])* $entitet:ident($type:ty), )+) => {
        valg! {
            /// The entity that an event is about, in its new form.
            Egenskap {
                $( $(#[$doc])* $entitet($type), )+
            }
        }

        impl Egenskap {
            /// Which entity it is.
            pub const fn entitet(&self) -> Entitet {
                match self {
                    $( Self::$entitet(_) => Entitet::$entitet, )+
                }
            }

            /// Its JSON, as the book of the person has it.
            pub(crate) fn json(&self) -> String {
                match self {
                    $( Self::$entitet(innslag) => json_uten_gjeldende(innslag), )+
                }
            }

            /// Takes away what is not for these eyes, by the entity's rule. It has no past: each change is current as
            /// it is made, and does not say so (section 7.2).
            pub(crate) fn anvend(&mut self, syn: Syn) -> bool {
                match self {
                    $( Self::$entitet(innslag) => {
                        innslag.meta.er_gjeldende = None;
                        Regel::anvend(innslag, syn)
                    } )+
                }
            }
        }
    };
}

egenskaper! {
    /// False identity.
    FalskIdentitet(FalskIdentitet),
    /// Number.
    Identifikasjonsnummer(Folkeregisteridentifikator),
    /// How well the identity is checked.
    Identitetsgrunnlag(IdentitetsgrunnlagIHendelse),
    /// Whom to contact about the estate.
    KontaktinformasjonForDoedsbo(KontaktinformasjonForDoedsbo),
    /// Identity document.
    Legitimasjonsdokument(Identifikasjonsdokument),
    /// Status.
    Status(Folkeregisterpersonstatus),
    /// Number of the immigration authorities.
    UtlendingsmyndighetenesIdentifikasjonsnummer(Personidentifikasjon),
    /// Foreign number.
    UtenlandskPersonidentifikasjon(Personidentifikasjon),
    /// Shared home.
    DeltBosted(DeltBosted),
    /// Sex.
    Kjoenn(Personkjoenn),
    /// Birth.
    Foedsel(Foedsel),
    /// Birth in Norway.
    FoedselINorge(FoedselINorge),
    /// Family relation.
    Familierelasjon(Familierelasjon),
    /// Marital status.
    Sivilstand(Sivilstand),
    /// Death.
    Doedsfall(Doedsfall),
    /// Name.
    Navn(Folkeregisterpersonnavn),
    /// Protection of addresses.
    Adressebeskyttelse(GraderingAvAdresse),
    /// Home.
    Bostedsadresse(Bostedsadresse),
    /// Place of stay.
    Oppholdsadresse(Oppholdsadresse),
    /// Move to Norway.
    Innflytting(InnflyttingTilNorge),
    /// Move from Norway.
    Utflytting(UtflyttingFraNorge),
    /// Sami languages.
    BrukAvSamiskSpraak(SamiskSpraak),
    /// The electoral roll of the Sami parliament.
    ForholdTilSametingetsValgmanntall(SametingetsValgmanntall),
    /// Preferred address.
    PreferertKontaktadresse(PreferertKontaktadresse),
    /// Postal address.
    Postadresse(Kontaktadresse),
    /// Postal address abroad.
    PostadresseIUtlandet(KontaktadresseIUtlandet),
    /// Parental responsibility.
    Foreldreansvar(Foreldreansvar),
    /// Citizenship.
    Statsborgerskap(Statsborgerskap),
    /// Retention of citizenship.
    Bibehold(BibeholdAvNorskStatsborgerskap),
    /// Residence permit.
    Opphold(Opphold),
    /// Residence on Svalbard.
    OppholdPaaSvalbard(OppholdPaaSvalbard),
    /// Guardianship.
    VergemaalEllerFremtidsfullmakt(VergemaalRepresentasjonEllerFremtidsfullmakt),
    /// Never used.
    FratattRettsligHandleevne(FratattRettsligHandleevne),
    /// Limits to legal capacity.
    RettsligHandleevne(RettsligHandleevne),
}

felttabell! {
    /// A change's entity alone.
    BareEgenskap [
        /// The entity.
        egenskap: Egenskap
    ] {}
}

impl Egenskap {
    /// Reads it from an object with one field of the entity's name.
    pub(crate) fn fra_json(json: &[u8]) -> Result<Self, UgyldigDokument> {
        Ok(serde_json::from_slice::<BareEgenskap>(json)?.egenskap)
    }
}

felttabell! {
    /// One change of one entity.
    Egenskapshendelse [
        /// The entity in its new form; not when it is annulled.
        egenskap: Option<Egenskap>
    ] {
        /// Which entity.
        entitet: Entitet = ALLE,
        /// What happened to it.
        entitetsendring: Entitetsendring = ALLE,
    }
}

felttabell! {
    /// The event.
    Hendelse {
        /// Whom it is about.
        folkeregisteridentifikator: Personidentifikator = ALLE,
        /// What happened.
        hendelsestype: Hendelsestype = ALLE,
        /// When it was entered in the register.
        ajourholdstidspunkt: Moment = ALLE,
        /// The changes, entity by entity.
        egenskapshendelse: Vec<Egenskapshendelse> = ALLE,
        /// Its cause in the register before this one.
        hendelsesaarsak_i_dsf: Option<Tekst> = OMH,
    }
}

felttabell! {
    /// An event document. Leaves as a [`Hendelsesutlevering`](crate::Hendelsesutlevering).
    DokumentForHendelse {
        /// Its key.
        dokumentidentifikator: Dokumentidentifikator = ALLE,
        /// The version of its schema, `1.0`.
        skjemaversjon: Tekst = ALLE,
        /// The event.
        hendelse: Hendelse = ALLE,
    }
}

/// The root element.
const ROT: &str = "dokumentForHendelse";

impl DokumentForHendelse {
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

    /// Reads a document in XML.
    ///
    /// # Errors
    /// As [`Self::fra_json`].
    pub fn fra_xml(xml: &[u8]) -> Result<Self, UgyldigDokument> {
        les_xml(xml, ROT).map_err(|feil| UgyldigDokument(feil.0))
    }

    /// Writes the whole document, as it is stored.
    pub(crate) fn skriv_json(&self, ut: &mut Vec<u8>) {
        Json::til(ut).objekt(|ut| self.skriv_felter(ut));
    }

    /// Writes the whole document in XML.
    pub(crate) fn skriv_xml(&self, ut: &mut Vec<u8>) {
        Xml::dokument(ut, ROT, NAVNEROM_HENDELSE, |ut| self.skriv_felter(ut));
    }

    /// Writes the elements that stand inside the root element, under a prefix.
    pub(crate) fn skriv_xml_innhold(&self, ut: &mut Vec<u8>, prefiks: &str) {
        self.skriv_felter(&mut Xml::med_prefiks(ut, prefiks));
    }
}

/// The names of entities in event documents: those of the person document, but for two (section 8.3).
const NAVN_I_HENDELSE: [&str; Entitet::ALLE.len()] = {
    let mut navn = [""; Entitet::ALLE.len()];
    let mut i = 0;
    while i < navn.len() {
        navn[i] = match Entitet::ALLE[i] {
            Entitet::Postadresse => "kontaktadresse",
            Entitet::PostadresseIUtlandet => "kontaktadresseIUtlandet",
            entitet => entitet.navn(),
        };
        i += 1;
    }
    navn
};

impl<'de> serde::Deserialize<'de> for Entitet {
    fn deserialize<D: serde::Deserializer<'de>>(inn: D) -> Result<Self, D::Error> {
        let finn = |navn: &str| NAVN_I_HENDELSE.iter().position(|n| *n == navn).map(|i| Self::ALLE[i]);
        les_tekst(inn, finn, "navnet på en entitet")
    }
}

impl Verdi for Entitet {
    const TYPE: &'static Type = &Type { navn: "Entitet", innhold: Innhold::Koder(&NAVN_I_HENDELSE) };

    fn skriv<S: Skriver>(&self, ut: &mut S) {
        ut.kode(&NAVN_I_HENDELSE[*self as usize]);
    }
}
