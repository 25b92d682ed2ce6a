//! What sets somebody apart: the rare things, each with its rate, and each guaranteed in every nation.
//!
//! Read the table: what it is, whom it can befall, how many of 100 000 of those, and when. The first two hamlets have one
//! of each row whatever chance says, so that the smallest nation holds every documented state.
//!
//! Where a real figure is known, the rate follows it: the bulk corrections (`storhendelser` of the sheet: 3.5 million, 1.7
//! million and 880 000 of some eight million persons) and guardians (100 000 guardianships got another form on one day). The
//! others are guesses at the order of magnitude, for nobody publishes how many have a false identity; a few are higher than
//! life, so that a nation of twenty thousand has more than the guaranteed one.

use super::borger::{Borger, Opphav};
use super::grend::Grend;
use super::nummer::FORTRINN;
use super::steg::NYE_VERGEMAAL;
use crate::terning::Merke;

/// 2020-10-25, when the new register became the master (sheet section 16): the feed begins, and what was known
/// before came over in one load. In days since 1970.
pub(crate) const MIGRERT: i32 = 18_560;

/// The rare things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trekk {
    Fortrolig,
    FortroligOpphevet,
    StrengtFortrolig,
    StrengtOpphevet,
    Klientadresse,
    UkjentBosted,
    UkjentUtenKommune,
    Pendler,
    Militaer,
    Utenriks,
    OppholdPaaSvalbardadresse,
    OppholdUkjent,
    OppholdMatrikkel,
    OppholdUtland,
    Postboks,
    PostVeg,
    PostFritt,
    PostUtland,
    PostUtlandFritt,
    Svalbard,
    VergeVoksen,
    VergeMidlertidig,
    Fremtidsfullmakt,
    Forvaltning,
    Handleevne,
    Samisk,
    Valgmanntall,
    Navneendring,
    Navneendringer,
    Kjoennsskifte,
    NyttNummer,
    FalskUkjent,
    FalskOpplysninger,
    FalskNummer,
    OpphoertNummer,
    OpphoertFoedsel,
    DoedAnnullert,
    DoedKorrigert,
    Forsvunnet,
    ForsvunnetDoed,
    FoedselKorrigert,
    FoedselINorgeKorrigert,
    KjoennKorrigert,
    AdresseKorrigert,
    SivilstandKorrigert,
    StatusKorrigert,
    Oppdatert,
    Identitetskontroll,
    Legitimasjon,
    UtenlandskId,
    Doedfoedt,
    Soesken,
    Bibehold,
    BibeholdSlutt,
    BibeholdIkke,
    Partnerskap,
    PartnerskapSeparert,
    PartnerskapSkilt,
    PartnerskapGjenlevende,
    GiftUtenlands,
    Preferert,
    ForeldreansvarEn,
    ForeldreansvarAndre,
    ForeldreansvarOrganisasjon,
    ForeldreansvarUkjent,
    VergeMindreaarig,
    VergeMidlertidigMindreaarig,
    EnsligAsylsoeker,
    EnsligFlyktning,
    DeltBosted,
    Reaktivert,
    InaktivMeldt,
    OppholdsadresseD,
    PostUtlandD,
    DublettBort,
    DublettTatt,
    SplittFra,
    SplittGjenopprettet,
}

/// Whom something can befall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hvem {
    /// Grown up, resident and alive since the feed began.
    Voksen,
    /// Grown up, resident, alive, never in a couple, and without children.
    Enslig,
    /// Born here, resident and alive.
    FoedtHer,
    /// A mother.
    Mor,
    /// Grown up, from abroad, resident and alive.
    Innvandrer,
    /// The same, and never in a couple.
    InnvandrerEnslig,
    /// Under age, born here, with a mother.
    Barn,
    /// Under age, with two parents.
    BarnMedTo,
    /// The same, of whom one is a co-mother.
    BarnMedMedmor,
    /// Came under age and alone from abroad, and still is under age.
    AleneBarn,
    /// With a D-number only, and alive as far as the register knows.
    DNummer,
    /// The same, without children.
    Ukjent,
    /// With a D-number only, allotted more than six years ago.
    GammelDNummer,
    /// Resident, died since the feed began.
    Doed,
    /// Has room for another number.
    ForanIKoeen,
    /// Is chosen for another one.
    Ingen,
}

/// When it happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Naar {
    /// Since the feed began.
    Vindu,
    /// Any time in grown-up life.
    Livet,
    /// Since a day.
    Siden(i32),
    /// On one day for all.
    Dag(i32),
}

struct Rad {
    trekk: Trekk,
    hvem: Hvem,
    /// Of 100 000.
    rate: u32,
    naar: Naar,
    /// Nothing else may set this person apart.
    alene: bool,
}

const fn r(trekk: Trekk, hvem: Hvem, rate: u32, naar: Naar) -> Rad {
    Rad { trekk, hvem, rate, naar, alene: false }
}

const fn a(trekk: Trekk, hvem: Hvem, rate: u32, naar: Naar) -> Rad {
    Rad { trekk, hvem, rate, naar, alene: true }
}

/// 2021-05-06, 2021-08-20, 2023-03-17: days of the bulk corrections (`storhendelser`).
const SIVILSTANDSDAGEN: i32 = 18_753;
const OPPDATERINGSDAGEN: i32 = 18_859;
const STATUSDAGEN: i32 = 19_433;

use Hvem::{AleneBarn, Barn, BarnMedMedmor, BarnMedTo, DNummer, Doed, Enslig, FoedtHer, ForanIKoeen};
use Hvem::{GammelDNummer, Ingen, Innvandrer, InnvandrerEnslig, Mor, Ukjent, Voksen};
use Naar::{Dag, Livet, Siden, Vindu};

#[rustfmt::skip]
const RADER: &[Rad] = &[
    // What changes who somebody is goes first.
    a(Trekk::Kjoennsskifte,          ForanIKoeen,     60, Vindu),
    a(Trekk::NyttNummer,             ForanIKoeen,     40, Vindu),
    a(Trekk::FalskUkjent,            InnvandrerEnslig, 30, Vindu),
    a(Trekk::FalskOpplysninger,      InnvandrerEnslig, 30, Vindu),
    a(Trekk::FalskNummer,            InnvandrerEnslig, 30, Vindu),
    a(Trekk::OpphoertNummer,         Ukjent,          30, Vindu),
    a(Trekk::OpphoertFoedsel,        Barn,            10, Vindu),
    a(Trekk::DoedAnnullert,          Voksen,           5, Vindu),
    a(Trekk::DoedKorrigert,          Doed,           500, Vindu),
    a(Trekk::Forsvunnet,             Enslig,          50, Livet),
    a(Trekk::ForsvunnetDoed,         Doed,            60, Vindu),
    a(Trekk::DublettBort,            Ukjent,         200, Vindu),
    a(Trekk::SplittGjenopprettet,    Ukjent,          30, Vindu),
    a(Trekk::DublettTatt,            Ingen,            0, Vindu),
    a(Trekk::SplittFra,              Ingen,            0, Vindu),
    // Protection.
    a(Trekk::Fortrolig,              Enslig,          60, Livet),
    a(Trekk::FortroligOpphevet,      Enslig,          30, Vindu),
    a(Trekk::StrengtFortrolig,       Enslig,          20, Livet),
    a(Trekk::StrengtOpphevet,        Enslig,          10, Vindu),
    a(Trekk::Klientadresse,          Voksen,         100, Vindu),
    // Addresses.
    r(Trekk::UkjentBosted,           Enslig,         900, Livet),
    r(Trekk::UkjentUtenKommune,      Enslig,         150, Livet),
    r(Trekk::Pendler,                Voksen,         300, Livet),
    r(Trekk::Militaer,               Voksen,         150, Livet),
    r(Trekk::Utenriks,               Voksen,          50, Vindu),
    r(Trekk::OppholdPaaSvalbardadresse, Voksen,       40, Vindu),
    r(Trekk::OppholdUkjent,          Voksen,          30, Vindu),
    r(Trekk::OppholdMatrikkel,       Voksen,          40, Vindu),
    r(Trekk::OppholdUtland,          Voksen,          60, Vindu),
    r(Trekk::Postboks,               Voksen,        2200, Livet),
    r(Trekk::PostVeg,                Voksen,        1200, Vindu),
    r(Trekk::PostFritt,              Voksen,         500, Livet),
    r(Trekk::PostUtland,             Voksen,          60, Vindu),
    r(Trekk::PostUtlandFritt,        Voksen,          60, Vindu),
    r(Trekk::Svalbard,               Voksen,         120, Vindu),
    r(Trekk::Preferert,              Voksen,         400, Livet),
    r(Trekk::DeltBosted,             BarnMedTo,     2000, Vindu),
    r(Trekk::OppholdsadresseD,       DNummer,     45_000, Vindu),
    r(Trekk::PostUtlandD,            DNummer,     25_000, Vindu),
    // Guardians and custody.
    r(Trekk::VergeVoksen,            Voksen,        1000, Livet),
    r(Trekk::VergeMidlertidig,       Voksen,          80, Vindu),
    r(Trekk::Fremtidsfullmakt,       Voksen,          80, Vindu),
    r(Trekk::Forvaltning,            Voksen,          30, Livet),
    r(Trekk::Handleevne,             Voksen,          50, Siden(NYE_VERGEMAAL)),
    r(Trekk::VergeMindreaarig,       Barn,           150, Vindu),
    r(Trekk::VergeMidlertidigMindreaarig, Barn,       30, Vindu),
    r(Trekk::EnsligAsylsoeker,       AleneBarn,   30_000, Vindu),
    r(Trekk::EnsligFlyktning,        AleneBarn,   30_000, Vindu),
    r(Trekk::ForeldreansvarEn,       BarnMedTo,      500, Vindu),
    r(Trekk::ForeldreansvarEn,       BarnMedMedmor, 30_000, Vindu),
    r(Trekk::ForeldreansvarAndre,    Barn,           600, Vindu),
    r(Trekk::ForeldreansvarOrganisasjon, Barn,        50, Vindu),
    r(Trekk::ForeldreansvarUkjent,   Barn,            30, Vindu),
    // Family.
    r(Trekk::Doedfoedt,              Mor,             80, Livet),
    r(Trekk::Soesken,                FoedtHer,         5, Vindu),
    r(Trekk::Partnerskap,            Enslig,          15, Livet),
    r(Trekk::PartnerskapSeparert,    Enslig,          15, Livet),
    r(Trekk::PartnerskapSkilt,       Enslig,          15, Livet),
    r(Trekk::PartnerskapGjenlevende, Enslig,          15, Livet),
    r(Trekk::GiftUtenlands,          InnvandrerEnslig, 12_000, Livet),
    // Names, language, citizenship.
    r(Trekk::Navneendring,           Voksen,        1500, Vindu),
    r(Trekk::Navneendringer,         Voksen,         100, Vindu),
    r(Trekk::Samisk,                 FoedtHer,       500, Livet),
    r(Trekk::Valgmanntall,           FoedtHer,       600, Livet),
    r(Trekk::Bibehold,               Voksen,          30, Vindu),
    r(Trekk::BibeholdSlutt,          Voksen,          20, Vindu),
    r(Trekk::BibeholdIkke,           Voksen,          20, Vindu),
    // Identity.
    r(Trekk::Legitimasjon,           Innvandrer,  30_000, Livet),
    r(Trekk::Legitimasjon,           DNummer,     60_000, Livet),
    r(Trekk::UtenlandskId,           Innvandrer,  30_000, Livet),
    r(Trekk::UtenlandskId,           DNummer,     40_000, Livet),
    r(Trekk::Identitetskontroll,     Voksen,        8000, Vindu),
    r(Trekk::Reaktivert,             GammelDNummer, 1500, Vindu),
    r(Trekk::InaktivMeldt,           GammelDNummer,  500, Vindu),
    // Corrections, most of them in bulk.
    r(Trekk::FoedselKorrigert,       Voksen,         100, Vindu),
    r(Trekk::FoedselINorgeKorrigert, FoedtHer,        60, Vindu),
    r(Trekk::KjoennKorrigert,        Voksen,          10, Vindu),
    r(Trekk::AdresseKorrigert,       Voksen,        9000, Vindu),
    r(Trekk::SivilstandKorrigert,    Voksen,      30_000, Dag(SIVILSTANDSDAGEN)),
    r(Trekk::Oppdatert,              Voksen,      20_000, Dag(OPPDATERINGSDAGEN)),
    r(Trekk::StatusKorrigert,        Voksen,      12_000, Dag(STATUSDAGEN)),
];

/// What sets one person apart, each with its day, and who else has part in it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Saer {
    alt: Vec<(Trekk, i32)>,
    alene: bool,
    /// The other one of a merge or a split.
    pub motpart: Option<u16>,
}

impl Saer {
    /// The day of something, if it befalls this person.
    pub(crate) fn dag(&self, trekk: Trekk) -> Option<i32> {
        self.alt.iter().find(|s| s.0 == trekk).map(|s| s.1)
    }

    /// All that befalls this person.
    pub(crate) fn alle(&self) -> impl Iterator<Item = (Trekk, i32)> {
        self.alt.iter().copied()
    }

    /// Whether anything makes this person not one to be a guardian, or to hold a role.
    pub(crate) const fn alene(&self) -> bool {
        self.alene
    }
}

/// The hamlets in which every row has one.
const VISNINGSGRENDER: usize = 2;

/// Lets chance, and in the first hamlets the table, set people apart.
pub(crate) fn fordel(grend: &mut Grend) {
    vis_fram(grend);
    for i in 0..grend.folk.len() {
        let terning = grend.folk[i].terning.gren(Merke::Saer, 0);
        for (nr, rad) in RADER.iter().enumerate() {
            let kast = terning.gren(Merke::Saer, nr as u32).under(100_000);
            if kast < rad.rate && Gruppe::av(&grend.folk[i], grend).har(rad.hvem) {
                gi(grend, i, rad);
            }
        }
    }
}

/// One of each row, for those who have nothing yet.
fn vis_fram(grend: &mut Grend) {
    for (nr, rad) in RADER.iter().enumerate().filter(|r| r.1.hvem != Ingen) {
        if nr % VISNINGSGRENDER != grend.nr as usize {
            continue;
        }
        let ledig = |b: &Borger| b.saer.alt.is_empty() && Gruppe::av(b, grend).har(rad.hvem);
        if let Some(i) = grend.folk.iter().position(ledig) {
            gi(grend, i, rad);
        }
    }
}

fn gi(grend: &mut Grend, i: usize, rad: &Rad) {
    let borger = &grend.folk[i];
    let saer = &borger.saer;
    if saer.alene || (rad.alene && !saer.alt.is_empty()) || saer.dag(rad.trekk).is_some() {
        return;
    }
    let Some(dag) = dag(borger, rad, grend.idag) else { return };
    let motstykke = match rad.trekk {
        Trekk::DublettBort => Some(Trekk::DublettTatt),
        Trekk::SplittGjenopprettet => Some(Trekk::SplittFra),
        _ => None,
    };
    if let Some(motstykke) = motstykke {
        let Some(j) = motpart(grend, i) else { return };
        let annen = &mut grend.folk[j].saer;
        (annen.alene, annen.motpart) = (true, Some(i as u16));
        annen.alt.push((motstykke, dag));
        grend.folk[i].saer.motpart = Some(j as u16);
    }
    let saer = &mut grend.folk[i].saer;
    saer.alene |= rad.alene;
    saer.alt.push((rad.trekk, dag));
}

/// An immigrant of the same sex and nearly the same age, of whom nothing is told yet.
fn motpart(grend: &Grend, i: usize) -> Option<usize> {
    let en = &grend.folk[i];
    let passer =
        |b: &Borger| b.kvinne == en.kvinne && b.saer.alt.is_empty() && Gruppe::av(b, grend).har(Innvandrer);
    let naert = |j: &usize| (grend.folk[*j].foedt() - en.foedt()).abs();
    (0..grend.folk.len()).filter(|j| *j != i && passer(&grend.folk[*j])).min_by_key(naert)
}

fn dag(borger: &Borger, rad: &Rad, idag: i32) -> Option<i32> {
    let mut t = borger.terning.gren(Merke::Saer, 1000 + rad.trekk as u32);
    let sist = borger.slutt(idag) - 60;
    let tidligst = borger.inn + 40;
    let fra = match rad.naar {
        Vindu => tidligst.max(MIGRERT + 30),
        Siden(dag) => tidligst.max(dag + 10),
        Livet => tidligst.max(borger.fyller(18)).max(MIGRERT - 9000),
        Dag(dag) => return (tidligst < dag && dag < sist).then_some(dag),
    };
    (fra < sist).then(|| t.mellom(fra, sist))
}

/// What somebody is, as the table asks for it.
struct Gruppe<'a> {
    borger: &'a Borger,
    grend: &'a Grend,
    voksen: bool,
    barn: bool,
}

impl<'a> Gruppe<'a> {
    fn av(borger: &'a Borger, grend: &'a Grend) -> Self {
        let idag = grend.idag;
        let fast = borger.bosatt() && borger.doed.is_none();
        let voksen = fast && borger.fyller(18) < MIGRERT && borger.inn < MIGRERT - 100;
        let barn = fast && borger.fyller(16) > idag && borger.inn < idag - 400;
        Self { borger, grend, voksen, barn }
    }

    fn har(&self, hvem: Hvem) -> bool {
        let (b, idag) = (self.borger, self.grend.idag);
        let utenfra = matches!(b.opphav, Opphav::Innvandrer(_));
        let med_dnummer = b.opphav == Opphav::DNummer && b.doed.is_none();
        match hvem {
            Voksen => self.voksen,
            Enslig => self.voksen && b.par.is_empty() && b.barn.is_empty(),
            FoedtHer => self.voksen && b.opphav == Opphav::Norsk,
            Mor => self.voksen && b.kvinne && !b.barn.is_empty(),
            Innvandrer => self.voksen && utenfra,
            InnvandrerEnslig => self.voksen && utenfra && b.par.is_empty() && b.barn.is_empty(),
            Barn => self.barn && b.opphav == Opphav::Norsk && b.mor.is_some(),
            BarnMedTo => self.barn && b.opphav == Opphav::Norsk && b.mor.is_some() && b.far.is_some(),
            BarnMedMedmor => self.barn && b.mor.is_some() && b.far.is_some_and(|f| self.grend.en(f).kvinne),
            AleneBarn => self.barn && utenfra && b.mor.is_none(),
            DNummer => med_dnummer && b.inn < idag - 400,
            Ukjent => med_dnummer && b.inn < idag - 400 && b.barn.is_empty(),
            GammelDNummer => med_dnummer && b.inn < idag - 2400 && b.inn < MIGRERT,
            Doed => b.bosatt() && b.doed.is_some_and(|d| d > MIGRERT + 120 && d < idag - 200),
            ForanIKoeen => {
                let foran = b.plass.rang < FORTRINN && b.opphav == Opphav::Norsk;
                self.voksen && foran && b.par.is_empty() && b.barn.is_empty()
            }
            Ingen => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kalender::dag;

    #[test]
    fn the_days_are_what_they_say() {
        assert_eq!(MIGRERT, dag(2020, 10, 25));
        assert_eq!(SIVILSTANDSDAGEN, dag(2021, 5, 6));
        assert_eq!(OPPDATERINGSDAGEN, dag(2021, 8, 20));
        assert_eq!(STATUSDAGEN, dag(2023, 3, 17));
    }
}
