//! What a package gets of an entity when that depends on its value: grading, status, who it is about, current or past.
//!
//! Every entity has its rule here, if only to say that it has none: [`Regel`] is not implemented otherwise, and a new
//! entity does not compile without. Field × package stands beside the fields.

use super::deler::Utvalg;
use super::{OFFENTLIGE, OMH, Rettighetspakke};
use crate::format::Json;
use crate::modell::felttype::Verdi;
use crate::modell::metadata::Entitetsinnslag;
use crate::modell::{
    Adressegradering, BibeholdAvNorskStatsborgerskap, Bostedsadresse, DeltBosted, Doedsbokontakt, Doedsfall,
    Entitet, FalskIdentitet, Familierelasjon, Foedsel, FoedselINorge, Folkeregisteridentifikator,
    Folkeregisterpersonnavn, Folkeregisterpersonstatus, Foreldreansvar, FratattRettsligHandleevne,
    GraderingAvAdresse, Identifikasjonsdokument, Identitetsgrunnlag, IdentitetsgrunnlagIHendelse,
    InnflyttingTilNorge, Kontaktadresse, KontaktadresseIUtlandet, KontaktinformasjonForDoedsbo, Opphold,
    OppholdPaaSvalbard, Oppholdsadresse, Persondokument, Personidentifikasjon, Personkjoenn, Personstatus,
    PreferertKontaktadresse, Registermetadata, RettsligHandleevne, SametingetsValgmanntall, SamiskSpraak,
    Sivilstand, Statsborgerskap, UtflyttingFraNorge, VergemaalRepresentasjonEllerFremtidsfullmakt,
};

/// How far a person's addresses are protected. In order: the later, the more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Vern {
    /// Not at all.
    #[default]
    Ingen,
    /// Kode 7.
    Fortrolig,
    /// Kode 6.
    StrengtFortrolig,
}

impl Vern {
    /// The protection of a person: the strongest that is not said to be past.
    pub fn av(dokument: &Persondokument) -> Self {
        let gjeldende = dokument.adressebeskyttelse.iter().filter(|a| a.meta.er_gjeldende != Some(false));
        gjeldende.map(Self::av_innslag).max().unwrap_or_default()
    }

    /// The protection that an entry gives.
    pub(super) fn av_innslag(innslag: &GraderingAvAdresse) -> Self {
        Self::av_gradering(innslag.graderingsnivaa)
    }

    fn av_gradering(gradering: Adressegradering) -> Self {
        match gradering {
            Adressegradering::Ugradert => Self::Ingen,
            // Known for addresses only. A person who has it all the same is protected.
            Adressegradering::Klientadresse | Adressegradering::Fortrolig => Self::Fortrolig,
            Adressegradering::StrengtFortrolig => Self::StrengtFortrolig,
        }
    }
}

/// For whom, about whom, and whether about the past.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Syn {
    pub(super) pakke: Rettighetspakke,
    pub(super) vern: Vern,
    tidligere: bool,
}

impl Syn {
    pub(super) const fn ny(pakke: Rettighetspakke, vern: Vern) -> Self {
        Self { pakke, vern, tidligere: false }
    }

    fn har_hjemmel(self) -> bool {
        OMH.har(self.pakke)
    }
}

/// The rule of an entity.
pub(crate) trait Regel: Entitetsinnslag + Verdi {
    /// Takes away what the package does not get of this entry. `false`: nothing of it.
    fn anvend(&mut self, syn: Syn) -> bool;
}

/// The same to everybody who gets the entity at all.
macro_rules! uten_regel {
    ($($type:ty),+ $(,)?) => {
        $(impl Regel for $type {
            fn anvend(&mut self, _: Syn) -> bool {
                true
            }
        })+
    };
}

uten_regel!(
    BibeholdAvNorskStatsborgerskap,
    Doedsfall,
    FalskIdentitet,
    Familierelasjon,
    Foedsel,
    FoedselINorge,
    Folkeregisteridentifikator,
    Folkeregisterpersonnavn,
    Foreldreansvar,
    FratattRettsligHandleevne,
    GraderingAvAdresse,
    Identifikasjonsdokument,
    Identitetsgrunnlag,
    IdentitetsgrunnlagIHendelse,
    Opphold,
    Personidentifikasjon,
    Personkjoenn,
    RettsligHandleevne,
    SametingetsValgmanntall,
    SamiskSpraak,
    Sivilstand,
    Statsborgerskap,
    VergemaalRepresentasjonEllerFremtidsfullmakt,
);

impl Regel for Folkeregisterpersonstatus {
    /// Confidential statuses are shown as `aktiv` (section 3.4, rule 1), and nothing beside tells the true one.
    fn anvend(&mut self, syn: Syn) -> bool {
        use Personstatus::{
            Aktiv, Bosatt, Doed, Foedselsregistrert, Forsvunnet, IkkeBosatt, Inaktiv, Midlertidig, Opphoert,
            Utflyttet,
        };
        match self.status {
            Bosatt | Utflyttet | Doed | Opphoert | Inaktiv | Aktiv => {}
            Forsvunnet | Foedselsregistrert | Midlertidig | IkkeBosatt if syn.har_hjemmel() => {}
            Forsvunnet | Foedselsregistrert | Midlertidig | IkkeBosatt => {
                self.status = Aktiv;
                uten_opphav(&mut self.meta);
            }
        }
        true
    }
}

impl Regel for KontaktinformasjonForDoedsbo {
    /// A person is told by number or by facts, never both (section 3.4, rule 4).
    fn anvend(&mut self, syn: Syn) -> bool {
        let Doedsbokontakt::Person(person) = &mut self.kontakt else { return true };
        Verdi::sil(person, syn.pakke);
        if person.foedsels_eller_d_nummer.is_some() {
            (person.foedselsdato, person.personnavn) = (None, None);
        }
        person.foedsels_eller_d_nummer.is_some() || person.personnavn.is_some()
    }
}

/// Whether an address is delivered (section 3.5), after what tells too much is taken away.
fn adresse(gradering: Adressegradering, apen_post: bool, meta: &mut Registermetadata, syn: Syn) -> bool {
    let apen = apen_post && gradering == Adressegradering::Ugradert;
    let vern = if apen { Vern::Ingen } else { syn.vern.max(Vern::av_gradering(gradering)) };
    if syn.vern > Vern::Ingen && !syn.har_hjemmel() {
        uten_opphav(meta);
    }
    match vern {
        Vern::Ingen => !(syn.tidligere && syn.vern == Vern::StrengtFortrolig),
        Vern::Fortrolig => syn.har_hjemmel(),
        Vern::StrengtFortrolig => false,
    }
}

/// Outside omh, past addresses have no dates: they would tell where an address is left out (section 3.5).
fn uten_datoer_fra_fortiden(innslag: &mut impl Verdi, syn: Syn) {
    if syn.tidligere && !syn.har_hjemmel() {
        innslag.glem_datoer();
    }
}

macro_rules! adresser {
    ($($type:ty, $apen_post:literal;)+) => {
        $(impl Regel for $type {
            fn anvend(&mut self, syn: Syn) -> bool {
                uten_datoer_fra_fortiden(self, syn);
                adresse(self.adressegradering, $apen_post, &mut self.meta, syn)
            }
        })+
    };
}

adresser! {
    Bostedsadresse, false;
    DeltBosted, false;
    Oppholdsadresse, false;
    Kontaktadresse, true;
    KontaktadresseIUtlandet, false;
}

impl Regel for PreferertKontaktadresse {
    /// An address without grading is taken for the strongest.
    fn anvend(&mut self, syn: Syn) -> bool {
        let gradering = self.adressegradering.unwrap_or(Adressegradering::StrengtFortrolig);
        adresse(gradering, false, &mut self.meta, syn)
    }
}

/// Whether a move of a protected person is delivered, and if so whether without country, place and dates (section 3.4,
/// rule 5).
fn flytting(syn: Syn) -> (bool, bool) {
    (syn.vern < Vern::StrengtFortrolig, syn.vern > Vern::Ingen && !OFFENTLIGE.har(syn.pakke))
}

macro_rules! flyttinger {
    ($($type:ident),+) => {
        $(impl Regel for $type {
            fn anvend(&mut self, syn: Syn) -> bool {
                let (leveres, skjult) = flytting(syn);
                if syn.vern > Vern::Ingen && !syn.har_hjemmel() {
                    uten_opphav(&mut self.meta);
                }
                if skjult {
                    // Every field of a move is a country, a place or a date; one that comes to be is hidden until it
                    // is thought of.
                    *self = Self { meta: std::mem::take(&mut self.meta), ..Self::default() };
                    self.glem_datoer();
                }
                leveres
            }
        })+
    };
}

flyttinger!(InnflyttingTilNorge, UtflyttingFraNorge);

impl Regel for OppholdPaaSvalbard {
    /// The place left is treated as that of any other move.
    fn anvend(&mut self, syn: Syn) -> bool {
        let (leveres, skjult) = flytting(syn);
        if skjult {
            (self.fraflyttingskommunenummer, self.fraflyttingsland) = (None, None);
        }
        leveres
    }
}

/// Takes away source and cause.
fn uten_opphav(meta: &mut Registermetadata) {
    (meta.kilde, meta.aarsak) = (None, None);
}

/// Shown every entity of a document.
pub(crate) trait Sil {
    /// An entity and its entries.
    fn entitet<L: Innslagsliste>(&mut self, entitet: Entitet, innslag: &mut L);
}

/// The entries of an entity: one at most, or any number.
pub(crate) trait Innslagsliste {
    /// Keeps what an entity's rule leaves of each entry that is wanted.
    fn sil(&mut self, gjeldende: bool, tidligere: bool, syn: Syn);

    /// Shows each entry: whether it says that it is current, and its JSON without that.
    fn hvert(&self, se: &mut impl FnMut(Option<bool>, String));
}

impl<T: Regel> Innslagsliste for Vec<T> {
    fn sil(&mut self, gjeldende: bool, tidligere: bool, syn: Syn) {
        self.retain_mut(|innslag| behold(innslag, gjeldende, tidligere, syn));
    }

    fn hvert(&self, se: &mut impl FnMut(Option<bool>, String)) {
        for innslag in self {
            se(innslag.meta().er_gjeldende, json_uten_gjeldende(innslag));
        }
    }
}

impl<T: Regel> Innslagsliste for Option<T> {
    fn sil(&mut self, gjeldende: bool, tidligere: bool, syn: Syn) {
        if self.as_mut().is_some_and(|innslag| !behold(innslag, gjeldende, tidligere, syn)) {
            *self = None;
        }
    }

    fn hvert(&self, se: &mut impl FnMut(Option<bool>, String)) {
        if let Some(innslag) = self {
            se(innslag.meta().er_gjeldende, json_uten_gjeldende(innslag));
        }
    }
}

/// The JSON of an entry, without what it says of being current.
pub(crate) fn json_uten_gjeldende(innslag: &impl Verdi) -> String {
    let mut ut = Vec::with_capacity(256);
    Verdi::skriv(innslag, &mut Json::uten(&mut ut, "erGjeldende"));
    // The writer writes nothing but UTF-8.
    String::from_utf8(ut).unwrap_or_default()
}

fn behold<T: Regel>(innslag: &mut T, gjeldende: bool, tidligere: bool, syn: Syn) -> bool {
    let er_gjeldende = innslag.meta().er_gjeldende == Some(true);
    let oensket = if er_gjeldende { gjeldende } else { tidligere };
    if !oensket || !innslag.anvend(Syn { tidligere: !er_gjeldende, ..syn }) {
        return false;
    }
    innslag.sil(syn.pakke);
    true
}

/// The filter of a person document.
pub(super) struct Dokumentsil {
    pub(super) utvalg: Utvalg,
    pub(super) syn: Syn,
}

impl Sil for Dokumentsil {
    fn entitet<L: Innslagsliste>(&mut self, entitet: Entitet, innslag: &mut L) {
        innslag.sil(self.utvalg.gjeldende.har(entitet), self.utvalg.tidligere.har(entitet), self.syn);
    }
}
