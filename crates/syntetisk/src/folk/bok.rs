//! The book of one person: the document as it grows, change by change, and what the feed tells of each change.
//!
//! A new value makes the one before historic; a correction replaces it; an annulment takes it away; what ends without
//! a successor gets its end (consumer sheet, sections 7.3 and 8.3). Newest first.

pub(super) use folkeregisteret::modell::{Egenskap, Entitet, Entitetsendring};
use folkeregisteret::modell::{
    Egenskapshendelse, Hendelse, Hendelsestype, Persondokument, Registermetadata, Tekst,
};
use identifikator::Personidentifikator;
use tid::{Moment, Timestamp};

use super::borger::Borger;
use super::bosted::{Bosteder, Sted};
use super::grend::Grend;
use super::nummer::{Hvilket, nummer};
use super::pyramide::Pyramide;
use super::saer::{MIGRERT, Trekk};
use crate::kalender::midnatt;
use crate::nasjon::Nasjon;
use crate::terning::{Merke, Terning};

/// A hamlet ready to be written about: homes found, numbers handed out.
pub(crate) struct Bygd<'a> {
    pub nasjon: &'a Nasjon,
    pub grend: Grend,
    pub bosteder: Bosteder,
    numre: Vec<Numre>,
}

/// The numbers of one person, and from when each is in use.
#[derive(Debug, Clone, Default)]
struct Numre(Vec<(i32, Personidentifikator)>);

impl<'a> Bygd<'a> {
    pub(crate) fn ny(nasjon: &'a Nasjon, pyramide: &Pyramide, grend: Grend) -> Self {
        let bosteder = Bosteder::av(&grend);
        let numre = grend.folk.iter().map(|b| Numre::av(pyramide, b)).collect();
        Self { nasjon, grend, bosteder, numre }
    }

    /// The number of a person on a day; the first one before that.
    pub(crate) fn nummer(&self, i: u16, dag: i32) -> Option<Personidentifikator> {
        let numre = &self.numre[usize::from(i)].0;
        numre.iter().rev().find(|n| n.0 <= dag).or(numre.first()).map(|n| n.1)
    }
}

impl Numre {
    fn av(pyramide: &Pyramide, borger: &Borger) -> Self {
        let ett = |kvinne, hvilket| nummer(pyramide, borger.plass, kvinne, hvilket);
        let mut alle = Vec::with_capacity(1);
        let mut legg = |dag: i32, ett: Option<Personidentifikator>| alle.extend(ett.map(|n| (dag, n)));
        match borger.opphav {
            super::borger::Opphav::DNummer => {
                legg(borger.inn, ett(borger.kvinne, Hvilket::DNummer(borger.inn)));
                return Self(alle);
            }
            super::borger::Opphav::Innvandrer(Some(dag)) => {
                legg(dag, ett(borger.kvinne, Hvilket::DNummer(dag)));
            }
            _ => {}
        }
        let skifte = borger.saer.dag(Trekk::Kjoennsskifte).map(|d| (d, !borger.kvinne));
        let skifte = skifte.or_else(|| borger.saer.dag(Trekk::NyttNummer).map(|d| (d, borger.kvinne)));
        if let Some((dag, kvinne)) = skifte {
            legg(borger.inn, ett(kvinne, Hvilket::Annet));
            legg(dag, ett(borger.kvinne, Hvilket::Foedselsnummer));
        } else {
            legg(borger.inn, ett(borger.kvinne, Hvilket::Foedselsnummer));
        }
        Self(alle)
    }
}

/// The book of one person.
pub(crate) struct Bok<'a> {
    pub bygd: &'a Bygd<'a>,
    pub i: u16,
    pub borger: &'a Borger,
    pub dok: Persondokument,
    /// Changes of the step that is being told.
    pub endringer: Vec<Egenskapshendelse>,
    /// Events of the step that is being told.
    pub hendelser: Vec<Hendelse>,
    /// Whether steps are told one by one already.
    pub melder: bool,
    /// Where the person lives as the register has it.
    pub sted: Option<Sted>,
    /// Protection of all addresses.
    pub vern: folkeregisteret::modell::Adressegradering,
    pub at: Moment,
    pub dag: i32,
    gyldig: Moment,
    kilde: &'static str,
    aarsak: &'static str,
}

/// A new value beside those that hold.
macro_rules! foey_til {
    ($bok:expr, $felt:ident, $entitet:ident, $verdi:expr) => {{
        let verdi = $verdi;
        if $bok.melder {
            let mut kopi = verdi.clone();
            kopi.meta.er_gjeldende = None;
            $bok.endret(
                $crate::folk::bok::Entitet::$entitet,
                $crate::folk::bok::Entitetsendring::RegistrereNy,
                Some($crate::folk::bok::Egenskap::$entitet(kopi)),
            );
        }
        $bok.dok.$felt.insert(0, verdi);
    }};
}

/// A new value instead of the one that holds.
macro_rules! registrer {
    ($bok:expr, $felt:ident, $entitet:ident, $verdi:expr) => {{
        let ny = $verdi;
        $bok.dok.$felt.iter_mut().for_each(|gammel| gammel.meta.er_gjeldende = Some(false));
        $crate::folk::bok::foey_til!($bok, $felt, $entitet, ny);
    }};
}

/// Another value for the one that holds, as if it always had been so.
macro_rules! korriger {
    ($bok:expr, $felt:ident, $entitet:ident, |$gammel:ident| $endring:expr) => {{
        let at = $bok.at;
        let funnet = $bok.dok.$felt.iter_mut().find(|v| v.meta.er_gjeldende == Some(true));
        let kopi = funnet.map(|$gammel| {
            $endring;
            $gammel.meta.ajourholdstidspunkt = Some(at);
            let mut kopi = $gammel.clone();
            kopi.meta.er_gjeldende = None;
            kopi
        });
        let noe = kopi.is_some();
        if let (Some(kopi), true) = (kopi, $bok.melder) {
            $bok.endret(
                $crate::folk::bok::Entitet::$entitet,
                $crate::folk::bok::Entitetsendring::Korrigere,
                Some($crate::folk::bok::Egenskap::$entitet(kopi)),
            );
        }
        noe
    }};
}

/// The values that hold, and that `hvilke` picks, end.
macro_rules! opphoer {
    ($bok:expr, $felt:ident, $entitet:ident, |$v:ident| $hvilke:expr) => {{
        let (at, gyldig) = ($bok.at, $bok.gyldig());
        let mut kopier = Vec::new();
        for $v in $bok.dok.$felt.iter_mut().filter(|v| v.meta.er_gjeldende == Some(true)) {
            if $hvilke {
                $v.meta.er_gjeldende = Some(false);
                $v.meta.opphoerstidspunkt = Some(gyldig);
                $v.meta.ajourholdstidspunkt = Some(at);
                let mut kopi = $v.clone();
                kopi.meta.er_gjeldende = None;
                kopier.push(kopi);
            }
        }
        let noe = !kopier.is_empty();
        for kopi in if $bok.melder { kopier } else { Vec::new() } {
            $bok.endret(
                $crate::folk::bok::Entitet::$entitet,
                $crate::folk::bok::Entitetsendring::Korrigere,
                Some($crate::folk::bok::Egenskap::$entitet(kopi)),
            );
        }
        noe
    }};
}

/// The values that hold go, as if they never had been.
macro_rules! annuller {
    ($bok:expr, $felt:ident, $entitet:ident) => {{
        let foer = $bok.dok.$felt.len();
        $bok.dok.$felt.retain(|v| v.meta.er_gjeldende != Some(true));
        let noe = foer > $bok.dok.$felt.len();
        if noe && $bok.melder {
            $bok.endret(
                $crate::folk::bok::Entitet::$entitet,
                $crate::folk::bok::Entitetsendring::Annullere,
                None,
            );
        }
        noe
    }};
}

pub(super) use {annuller, foey_til, korriger, opphoer, registrer};

impl<'a> Bok<'a> {
    pub(crate) fn ny(bygd: &'a Bygd<'a>, i: u16) -> Self {
        Self {
            bygd,
            i,
            borger: bygd.grend.en(i),
            dok: Persondokument::default(),
            endringer: Vec::new(),
            hendelser: Vec::new(),
            melder: false,
            sted: None,
            vern: folkeregisteret::modell::Adressegradering::Ugradert,
            at: Moment::oslo(Timestamp::from_millis(0)),
            dag: 0,
            gyldig: midnatt(0),
            kilde: "",
            aarsak: "",
        }
    }

    /// Turns to the next step.
    pub(super) fn bla(&mut self, at: Timestamp, dag: i32, melder: bool) {
        self.at = Moment::oslo(at);
        self.gyldig = midnatt(dag);
        self.dag = dag;
        self.melder = melder;
        self.endringer.clear();
        self.hendelser.clear();
    }

    /// Tells the whole book as one that came over on the first day.
    pub(super) fn last_inn(&mut self, at: Timestamp) {
        self.bla(at, MIGRERT, true);
        let samlet = self.borger.saer.dag(Trekk::SplittFra).and(self.borger.saer.motpart);
        if let Some(andre) = samlet.and_then(|m| self.bygd.nummer(m, MIGRERT)) {
            self.sak("folkeregistermyndigheten", "Sammenslåing");
            self.melder = false;
            self.annens_nummer(andre);
            self.melder = true;
        }
        self.meld(Hendelsestype::PersonErOpprettet);
    }

    /// Who says so, and why. What came over on the first day has the old register as its source.
    pub(super) fn sak(&mut self, kilde: &'static str, aarsak: &'static str) {
        self.kilde = if self.dag <= MIGRERT { "KILDE_DSF" } else { kilde };
        self.aarsak = aarsak;
    }

    /// The metadata of a value that is new now.
    pub(super) fn meta(&self) -> Registermetadata {
        Registermetadata {
            ajourholdstidspunkt: Some(self.at),
            er_gjeldende: Some(true),
            kilde: Some(Tekst::tilpass(self.kilde)),
            aarsak: Some(Tekst::tilpass(self.aarsak)),
            gyldighetstidspunkt: Some(self.gyldig),
            opphoerstidspunkt: None,
        }
    }

    /// From when what is new now holds.
    pub(super) const fn gyldig(&self) -> Moment {
        self.gyldig
    }

    /// One change of one entity.
    pub(super) fn endret(
        &mut self,
        entitet: Entitet,
        entitetsendring: Entitetsendring,
        egenskap: Option<Egenskap>,
    ) {
        self.endringer.push(Egenskapshendelse { egenskap, entitet, entitetsendring });
    }

    /// Tells what was changed since the last event of the step.
    pub(super) fn meld(&mut self, hendelsestype: Hendelsestype) {
        self.meld_om(hendelsestype, self.dag);
    }

    /// The same under the number that the person had on another day.
    pub(super) fn meld_om(&mut self, hendelsestype: Hendelsestype, dag: i32) {
        let Some(nummer) = self.bygd.nummer(self.i, dag).filter(|_| self.melder) else { return };
        let egenskapshendelse = std::mem::take(&mut self.endringer);
        self.hendelser.push(Hendelse {
            folkeregisteridentifikator: nummer,
            hendelsestype,
            ajourholdstidspunkt: self.at,
            egenskapshendelse,
            hendelsesaarsak_i_dsf: None,
        });
    }

    /// The person's number on the day of the step.
    pub(super) fn nummer(&self) -> Option<Personidentifikator> {
        self.bygd.nummer(self.i, self.dag)
    }

    /// A die for a detail of the person.
    pub(super) fn terning(&self, nr: u32) -> Terning {
        self.borger.terning.gren(Merke::Detalj, 5000 + nr)
    }
}
