//! Which groups of roles a unit has, and who sits where.

use crate::faste::{REGNSKAPSFOERERE, REVISORER, SELSKAPER};
use crate::folk::{Personnummer, Rolleperson, Sete};
use crate::harde::{self, Krav};
use crate::kalender::aar;
use crate::liv::Hva;
use crate::nasjon::Nasjon;
use crate::plan::{FEEDSTART, Plan};
use crate::terning::{Merke, Terning};

/// The groups, in the order in which documents list them: the director and the board first, then auditor,
/// accountant and contact (sheet section 10.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gruppe {
    Dagl,
    Innh,
    Styr,
    Delt,
    Komp,
    Best,
    Bobe,
    Kdeb,
    Kenk,
    Ffor,
    Repr,
    Hfor,
    Ados,
    Orgl,
    Eikm,
    Hlse,
    Kirk,
    Ktrf,
    Opmv,
    Revi,
    Regn,
    Kont,
}

use Gruppe::{
    Ados, Best, Bobe, Dagl, Delt, Eikm, Ffor, Hfor, Hlse, Innh, Kdeb, Kenk, Kirk, Komp, Kont, Ktrf, Opmv,
    Orgl, Regn, Repr, Revi, Styr,
};

impl Gruppe {
    /// All of them, in document order.
    pub(crate) const ALLE: [Self; 22] = [
        Dagl, Innh, Styr, Delt, Komp, Best, Bobe, Kdeb, Kenk, Ffor, Repr, Hfor, Ados, Orgl, Eikm, Hlse, Kirk,
        Ktrf, Opmv, Revi, Regn, Kont,
    ];

    /// Its code in the register.
    pub(crate) const fn kode(self) -> &'static str {
        match self {
            Dagl => "DAGL",
            Innh => "INNH",
            Styr => "STYR",
            Delt => "DELT",
            Komp => "KOMP",
            Best => "BEST",
            Bobe => "BOBE",
            Kdeb => "KDEB",
            Kenk => "KENK",
            Ffor => "FFØR",
            Repr => "REPR",
            Hfor => "HFOR",
            Ados => "ADOS",
            Orgl => "ORGL",
            Eikm => "EIKM",
            Hlse => "HLSE",
            Kirk => "KIRK",
            Ktrf => "KTRF",
            Opmv => "OPMV",
            Revi => "REVI",
            Regn => "REGN",
            Kont => "KONT",
        }
    }

    /// Its place among the groups that change hands, if it does.
    pub(crate) const fn skiftende(self) -> Option<usize> {
        match self {
            Dagl => Some(0),
            Styr => Some(1),
            Revi => Some(2),
            Regn => Some(3),
            _ => None,
        }
    }
}

/// Per mille of the units of a form that have a group.
#[rustfmt::skip]
fn andeler(form: &str) -> &'static [(Gruppe, u32)] {
    match form {
        "AS" => &[(Dagl, 800), (Styr, 1000), (Revi, 300), (Regn, 600), (Kont, 10)],
        "ASA" => &[(Dagl, 1000), (Styr, 1000), (Revi, 1000), (Regn, 200)],
        "ENK" => &[(Innh, 1000), (Dagl, 8), (Regn, 150), (Ktrf, 1)],
        "TVAM" => &[(Innh, 1000)],
        "FLI" => &[(Styr, 950), (Kont, 500), (Dagl, 100), (Revi, 40), (Regn, 50)],
        "NUF" => &[(Repr, 350), (Hfor, 700), (Dagl, 600), (Styr, 200), (Kont, 300), (Regn, 200)],
        "UTLA" => &[(Repr, 100), (Kont, 300)],
        "ESEK" => &[(Styr, 1000), (Ffor, 600), (Revi, 200), (Regn, 100)],
        "BRL" => &[(Styr, 1000), (Ffor, 800), (Revi, 700), (Dagl, 50)],
        "SAM" => &[(Styr, 300), (Kont, 800)],
        "ANS" | "DA" => &[(Delt, 1000), (Styr, 200), (Dagl, 250), (Regn, 300)],
        "KS" => &[(Komp, 1000), (Styr, 1000), (Dagl, 300), (Revi, 500), (Regn, 400)],
        "PRE" => &[(Best, 1000), (Delt, 600)],
        "STI" => &[(Styr, 1000), (Dagl, 500), (Ffor, 50), (Revi, 900), (Regn, 300), (Kont, 50)],
        "SA" => &[(Styr, 1000), (Dagl, 700), (Revi, 400), (Regn, 500)],
        "KF" | "FKF" | "IKS" => &[(Styr, 1000), (Dagl, 950), (Eikm, 1000), (Revi, 800)],
        "SF" => &[(Styr, 1000), (Dagl, 1000), (Hlse, 700), (Revi, 1000)],
        "BA" | "BBL" | "GFS" | "SPA" | "PK" | "SE" | "SÆR" =>
            &[(Styr, 1000), (Dagl, 950), (Revi, 800), (Regn, 100)],
        "BO" => &[(Bobe, 900)],
        "ORGL" => &[(Orgl, 1000), (Dagl, 300), (Kont, 300)],
        "ADOS" => &[(Ados, 1000), (Kont, 600)],
        "KOMM" | "FYLK" => &[(Dagl, 1000), (Styr, 800), (Kont, 900), (Revi, 600)],
        "STAT" => &[(Kont, 1000)],
        "KIRK" => &[(Styr, 700), (Kirk, 600), (Kont, 500)],
        "KTRF" => &[(Kont, 900), (Dagl, 100)],
        "OPMV" => &[(Opmv, 1000)],
        "VPFO" => &[(Ffor, 1000), (Revi, 800)],
        "EOFG" => &[(Delt, 1000), (Dagl, 1000)],
        "ANNA" | "IKJP" | "VIFE" => &[(Kont, 900), (Styr, 400)],
        "PERS" => &[(Kont, 300)],
        _ => &[],
    }
}

/// The groups of a unit, in document order.
pub(crate) fn grupper(nasjon: &Nasjon, plan: &Plan) -> Vec<Gruppe> {
    if plan.er_konkursbo() {
        let debitor = nasjon.ramme().plan(plan.slot - 1);
        return vec![Bobe, if debitor.form.kode == "ENK" { Kenk } else { Kdeb }];
    }
    let av_tilfellet = |g: Gruppe| {
        plan.har(|k| match k {
            Krav::Gruppe(krevd) | Krav::Fratraadt(krevd) | Krav::Avregistrert(krevd) | Krav::Doed(krevd) => {
                *krevd == g
            }
            Krav::AltEndres => matches!(g, Dagl | Revi | Regn) && plan.form.kode == "AS",
            Krav::ValgtAv(_) | Krav::Styre { .. } => g == Styr,
            _ => false,
        })
    };
    let andeler = andeler(plan.form.kode);
    let har = |g: &Gruppe| {
        let promille = andeler.iter().find(|rad| rad.0 == *g).map_or(0, |rad| rad.1);
        av_tilfellet(*g) || plan.terning.gren(Merke::Gruppe, *g as u32).promille(promille)
    };
    // Who is at the top of a row does not hold a role in it.
    let selv = |g: &Gruppe| toppen(*g) == Some(plan.slot);
    Gruppe::ALLE.into_iter().filter(|g| har(g) && !selv(g)).collect()
}

/// The state of the groups that change hands.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Rolletilstand {
    /// How often each has changed.
    pub versjon: [u8; 4],
    /// On which day it last did; by [`Gruppe::skiftende`].
    pub dag: [i32; 4],
    /// The company has opted out of audit.
    pub uten_revisor: bool,
    /// The last day on which anything was registered.
    pub sist: i32,
}

impl Rolletilstand {
    /// Takes a step of the roles.
    pub(crate) fn ta(&mut self, hva: Hva, dag: i32) {
        self.sist = dag;
        match hva {
            Hva::RollerOppdatert { uten_revisor } => self.uten_revisor |= uten_revisor,
            Hva::Rolle(gruppe) => {
                if let Some(i) = gruppe.skiftende() {
                    self.versjon[i] += 1;
                    self.dag[i] = dag;
                }
            }
            _ => {}
        }
    }
}

/// Who holds a role.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Innehaver {
    /// A person, and since when if somebody who died held the role before.
    Person(Personnummer, Option<i32>),
    /// The unit on a slot.
    Enhet(u32),
}

/// So many days after death a sole trader's role is over.
pub(crate) const FRATREDELSE: i32 = 200;

/// One role to be written.
#[derive(Debug)]
pub(crate) struct Plass {
    pub type_: &'static str,
    pub innehaver: Innehaver,
    pub andel: Option<String>,
    pub valgt_av: Option<&'static str>,
}

fn plass(type_: &'static str, innehaver: Innehaver) -> Plass {
    Plass { type_, innehaver, andel: None, valgt_av: None }
}

/// The day from which a group has been what it was at the start: somewhere between registration and the feeds.
pub(crate) fn foerste_dag(plan: &Plan, g: Gruppe) -> i32 {
    if plan.registrert >= FEEDSTART || g.skiftende().is_none() {
        return plan.registrert;
    }
    plan.terning.gren(Merke::Gruppe, 100 + g as u32).mellom(plan.registrert, FEEDSTART - 10)
}

/// What picks the members of one unit's groups.
pub(crate) struct Velger<'a> {
    pub nasjon: &'a Nasjon,
    pub plan: &'a Plan,
    pub tilstand: &'a Rolletilstand,
}

impl Velger<'_> {
    /// The members of a group, in order of `rekkefolge`.
    pub(crate) fn medlemmer(&self, g: Gruppe) -> Vec<Plass> {
        let kode = g.kode();
        match g {
            Styr => self.styre(),
            Delt => self.deltakere(),
            Dagl => vec![plass(kode, self.leder(g, 600))],
            Innh => vec![plass(kode, Innehaver::Person(self.nasjon.eier(self.plan), None))],
            Kenk => {
                let debitor = self.nasjon.ramme().plan(self.plan.slot - 1);
                vec![plass(kode, Innehaver::Person(self.nasjon.eier(&debitor), None))]
            }
            Kdeb => vec![plass(kode, Innehaver::Enhet(self.plan.slot - 1))],
            Revi | Regn | Ffor | Komp | Best | Opmv | Hfor | Eikm | Hlse | Kirk | Ktrf | Orgl | Ados => {
                vec![plass(kode, self.selskap(g))]
            }
            Bobe | Repr | Kont => vec![plass(kode, self.person(g, 0, 0))],
        }
    }

    fn terning(&self, g: Gruppe, nr: u32, versjon: u32) -> Terning {
        self.plan.terning.gren(Merke::Medlem, (g as u32) << 16 | nr << 8 | versjon)
    }

    fn versjon(&self, g: Gruppe) -> u32 {
        g.skiftende().map_or(0, |i| u32::from(self.tilstand.versjon[i]))
    }

    /// Someone who was grown up when the group became what it is. Who dies is followed by another.
    fn person(&self, g: Gruppe, nr: u32, versjon: u32) -> Innehaver {
        let dag = foerste_dag(self.plan, g).min(self.plan.registrert + 3650);
        let doer = (nr == 0 && self.skal_vaere_doed(g)).then(|| self.nasjon.doedsvindu());
        let sete = Sete { aar: aar(dag), nr, fast_navn: false, doer };
        let valgt = self.nasjon.person(self.plan, &mut self.terning(g, nr, versjon), sete);
        self.etterfulgt(g, (nr, versjon), valgt)
    }

    /// Who holds the role after those who held it have died.
    fn etterfulgt(&self, g: Gruppe, (nr, versjon): (u32, u32), foerste: Personnummer) -> Innehaver {
        let (mut innehaver, mut siden) = (foerste, None);
        for ledd in 1..20 {
            let Some(dag) = self.etterfoelges(g, innehaver).filter(|d| *d <= self.tilstand.sist) else {
                break;
            };
            let merke = (g as u32) << 24 | nr << 16 | versjon << 8 | ledd;
            let mut t = self.plan.terning.gren(Merke::Etterfoelger, merke);
            let sete = Sete { aar: aar(dag), nr, ..Sete::default() };
            (innehaver, siden) = (self.nasjon.person(self.plan, &mut t, sete), Some(dag));
        }
        Innehaver::Person(innehaver, siden)
    }

    /// From which day on another one holds the role of one who dies. A sole trader is not followed by anybody.
    fn etterfoelges(&self, g: Gruppe, innehaver: Personnummer) -> Option<i32> {
        let alene = matches!(g, Innh | Kenk) || self.skal_vaere_doed(g);
        let doed = self.nasjon.rolleperson(innehaver).and_then(Rolleperson::doed).filter(|_| !alene)?;
        Some(doed + self.plan.terning.gren(Merke::Etterfoelger, g as u32).mellom(20, 110))
    }

    fn skal_vaere_doed(&self, g: Gruppe) -> bool {
        self.plan.har(|k| matches!(k, Krav::Doed(krevd) if *krevd == g))
    }

    /// The founder as long as nothing has changed, at least in so many of a thousand units.
    fn leder(&self, g: Gruppe, promille: u32) -> Innehaver {
        let versjon = self.versjon(g);
        if versjon == 0 && !self.skal_vaere_doed(g) && self.terning(g, 255, 0).promille(promille) {
            return self.etterfulgt(g, (255, 0), self.nasjon.eier(self.plan));
        }
        self.person(g, 0, versjon)
    }

    /// The next day after `dag` on which something about a holder changes: death, name, or a successor.
    pub(crate) fn neste_endring(&self, grupper: &[Gruppe], dag: i32) -> Option<i32> {
        let dager = |g: &Gruppe| {
            let g = *g;
            let personer = self.medlemmer(g).into_iter().filter_map(|p| match p.innehaver {
                Innehaver::Person(nummer, _) => Some(nummer),
                Innehaver::Enhet(_) => None,
            });
            let av_en = move |nummer: Personnummer| {
                let person = self.nasjon.rolleperson(nummer);
                let doed = person.and_then(Rolleperson::doed);
                let trer_ut = doed.filter(|_| g == Innh).map(|d| d + FRATREDELSE);
                let navn = person.and_then(Rolleperson::navnebytte);
                let alt = [doed.map(|d| d + 1), trer_ut, navn.map(|d| d + 1), self.etterfoelges(g, nummer)];
                alt.into_iter().flatten()
            };
            personer.flat_map(av_en).collect::<Vec<_>>()
        };
        grupper.iter().flat_map(dager).filter(|d| *d > dag).min()
    }

    fn selskap(&self, g: Gruppe) -> Innehaver {
        let versjon = self.versjon(g);
        let mut t = self.terning(g, 0, versjon);
        let plasser = self.nasjon.plasser();
        // A few auditors and accountants have most of the clients: the lesser of two throws.
        let mut tall = || u64::from((t.tall() >> 40) as u32).min(t.tall() >> 40);
        let fra = |rekke: crate::faste::Rekke, tall: u64| Innehaver::Enhet(rekke.velg(plasser, tall));
        match g {
            Revi => fra(REVISORER, tall()),
            Regn => fra(REGNSKAPSFOERERE, tall()),
            Hfor => Innehaver::Enhet(self.nasjon.hovedforetak(self.plan)),
            Opmv => fra(SELSKAPER, tall()),
            Eikm | Orgl | Ados => {
                self.nasjon.overordnet(self.plan).map_or_else(|| self.person(g, 0, 0), Innehaver::Enhet)
            }
            Hlse | Kirk | Ktrf => toppen(g).map_or_else(|| self.person(g, 0, 0), Innehaver::Enhet),
            _ if t.promille(600) => fra(if g == Ffor { REGNSKAPSFOERERE } else { SELSKAPER }, t.tall() >> 16),
            _ => self.person(g, 0, 0),
        }
    }

    fn deltakere(&self) -> Vec<Plass> {
        let mut t = self.terning(Delt, 254, 0);
        let krevd = self.plan.krav(|k| if let Krav::Andeler(andeler) = k { Some(*andeler) } else { None });
        let antall = krevd.map_or_else(|| t.mellom(2, 4).cast_unsigned(), |a| a.len() as u32);
        let delt = matches!(self.plan.form.kode, "DA" | "PRE");
        let skrivemaate = t.under(3);
        let deltaker = |nr: u32| {
            let enhet = nr > 0 && self.terning(Delt, nr, 1).promille(80);
            let innehaver = if enhet {
                Innehaver::Enhet(
                    SELSKAPER.velg(self.nasjon.plasser(), self.terning(Delt, nr, 2).tall() >> 16),
                )
            } else if nr == 0 {
                self.etterfulgt(Delt, (nr, 0), self.nasjon.eier(self.plan))
            } else {
                self.person(Delt, nr, 0)
            };
            let andel = match krevd {
                Some(andeler) => andeler.get(nr as usize).map(|a| (*a).to_owned()),
                None => delt.then(|| andel(antall, nr, skrivemaate)),
            };
            Plass { andel, ..plass(if delt { "DTPR" } else { "DTSO" }, innehaver) }
        };
        (0..antall).map(deltaker).collect()
    }

    fn styre(&self) -> Vec<Plass> {
        let sammensetning = Styre::av(self.plan);
        let versjon = self.versjon(Styr);
        let mut plasser = Vec::with_capacity(sammensetning.antall());
        for (nr, type_) in sammensetning.typer().enumerate() {
            let nr = nr as u32;
            // A change of the board replaces some of its members.
            let egen =
                (1..=versjon).filter(|v| self.terning(Styr, 128 + nr, *v).promille(400)).count() as u32;
            let gruender = type_ == "LEDE" && egen == 0;
            let innehaver = if gruender { self.leder(Styr, 700) } else { self.person(Styr, nr, egen) };
            plasser.push(plass(type_, innehaver));
        }
        if let Some(valgt_av) = self.valgt_av(&sammensetning) {
            let valgte = |p: &&mut Plass| matches!(p.type_, "MEDL" | "VARA");
            plasser.iter_mut().rev().filter(valgte).take(2).for_each(|p| p.valgt_av = Some(valgt_av));
        }
        plasser
    }

    /// About one role in a thousand is elected by someone; the shares are those of section 17.
    fn valgt_av(&self, styre: &Styre) -> Option<&'static str> {
        if let Some(krevd) = self.plan.krav(|k| if let Krav::ValgtAv(kode) = k { Some(*kode) } else { None })
        {
            return Some(krevd);
        }
        let mut t = self.terning(Styr, 253, 0);
        let mulig = self.plan.form.kode == "AS" && styre.medlemmer >= 3 && t.promille(20);
        mulig.then(|| t.vektet(&[("A-AK", 3761), ("AREP", 581), ("B-AK", 30), ("C-AK", 7)], |rad| rad.1).0)
    }
}

/// A partner's share, in one of the ways in which people write it.
fn andel(antall: u32, nr: u32, skrivemaate: u32) -> String {
    match (skrivemaate, antall) {
        (0, _) => format!("1/{antall}"),
        (_, 3) if nr == 0 => "33,34%".to_owned(),
        (_, 3) => "33,33%".to_owned(),
        (1, 2) if nr == 0 => "60%".to_owned(),
        (1, 2) => "40%".to_owned(),
        _ => format!("{}%", 100 / antall),
    }
}

/// Who sits on a board.
struct Styre {
    nestleder: bool,
    medlemmer: u8,
    vara: u8,
    observatoerer: u8,
}

impl Styre {
    fn av(plan: &Plan) -> Self {
        let krevd = plan.krav(|k| match k {
            Krav::Styre { medlemmer, vara, observatoerer, nestleder } => Some(Self {
                medlemmer: *medlemmer,
                vara: *vara,
                observatoerer: *observatoerer,
                nestleder: *nestleder,
            }),
            _ => None,
        });
        if let Some(krevd) = krevd {
            return krevd;
        }
        let mut t = plan.terning.gren(Merke::Medlem, u32::MAX);
        let liten = matches!(plan.form.kode, "AS" | "NUF" | "DA" | "ANS");
        let medlemmer = match (liten, t.under(1000)) {
            (true, 0..=479) => 0,
            (true, 480..=669) => 1,
            (true, 670..=799) => 2,
            (true, 800..=899) => 3,
            (true, _) => t.mellom(4, 7),
            (false, _) => t.mellom(1, 5),
        };
        let nestleder = t.promille(if liten { 20 } else { 450 });
        let vara = if t.promille(if liten { 330 } else { 500 }) { t.mellom(1, 3) } else { 0 };
        Self {
            nestleder,
            medlemmer: medlemmer.cast_unsigned() as u8,
            vara: vara.cast_unsigned() as u8,
            observatoerer: u8::from(t.promille(6)),
        }
    }

    fn antall(&self) -> usize {
        1 + usize::from(self.nestleder)
            + usize::from(self.medlemmer)
            + usize::from(self.vara)
            + usize::from(self.observatoerer)
    }

    fn typer(&self) -> impl Iterator<Item = &'static str> {
        let gjenta = |type_, antall: u8| std::iter::repeat_n(type_, usize::from(antall));
        std::iter::once("LEDE")
            .chain(gjenta("NEST", u8::from(self.nestleder)))
            .chain(gjenta("MEDL", self.medlemmer))
            .chain(gjenta("VARA", self.vara))
            .chain(gjenta("OBS", self.observatoerer))
    }
}

/// The slot of the guaranteed unit at the top of a row: the health enterprise, the church council, the offices.
pub(crate) fn toppen(g: Gruppe) -> Option<u32> {
    match g {
        Hlse => Some(harde::plass("regional health enterprise")),
        Kirk => Some(harde::plass("church council")),
        Ktrf => Some(harde::plass("shared offices")),
        _ => None,
    }
}
