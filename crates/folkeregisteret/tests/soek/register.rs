//! A register of some persons, and its index, which has followed it.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::{Arc, OnceLock};

use folkeregisteret::endring::Melding;
use folkeregisteret::modell::{Hendelse, Hendelsestype, Persondokument};
use folkeregisteret::sporring::{Entydigsoek, Soek, Soekefeil, Treff, Uttrekkskriterier};
use folkeregisteret::{Folkeregister, Oppsett, Rettighetspakke};
use identifikator::Personidentifikator;
use journal::SharedJournal;
use journal::sqlite::{Options, SqliteJournal};
use tempfile::TempDir;
use tid::{Moment, SeededRandom, StoppedClock, Timestamp};

use crate::fasit;

pub struct Register {
    inni: Arc<Folkeregister>,
    /// By the number that the book is kept under.
    pub personer: BTreeMap<u64, Persondokument>,
    /// The same as each package sees them.
    sett: [OnceLock<BTreeMap<u64, Persondokument>>; Rettighetspakke::ALLE.len()],
    _mappe: TempDir,
}

impl Register {
    /// The first of the persons are there when the index is built. Of the others there is only the number then; the rest
    /// comes as a change, told under the number that they have now.
    pub fn ny(personer: BTreeMap<u64, Persondokument>) -> Self {
        let mappe = tempfile::tempdir().unwrap();
        let journal: SharedJournal =
            SqliteJournal::open(&mappe.path().join("journal.sqlite"), Options::default()).unwrap();
        let naa = Timestamp::parse("2026-11-22T12:00:00.000Z").unwrap();
        let klokke = Arc::new(StoppedClock::at(naa));
        let tilfeldig = Arc::new(SeededRandom::new(1));
        let register =
            Folkeregister::open(journal.clone(), mappe.path(), Oppsett::default(), klokke, tilfeldig)
                .unwrap();
        let foerst = personer.len() * 9 / 10;
        let alle = personer.iter().enumerate();
        let begynnelse = alle.map(|(i, (id, person))| {
            let numre = person.identifikasjonsnummer.clone();
            let bare = Persondokument { identifikasjonsnummer: numre, ..Persondokument::default() };
            melding(*id, if i < foerst { person.clone() } else { bare }, naa)
        });
        let begynnelse: Vec<Melding> = begynnelse.collect();
        let resten: Vec<Melding> =
            personer.iter().skip(foerst).map(|(id, person)| melding(*id, person.clone(), naa)).collect();
        let kjoering = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        kjoering.block_on(async {
            let mut foelger = register.indeks().folger(journal);
            for meldinger in [begynnelse, resten] {
                register.skriver().skriv(naa, &meldinger).await.unwrap();
                foelger.catch_up().await.unwrap();
            }
        });
        assert_eq!(register.indeks().index().documents().unwrap(), personer.len() as u64);
        Self { inni: register, personer, sett: Default::default(), _mappe: mappe }
    }

    /// The persons as a package sees them.
    pub fn sett(&self, pakke: Rettighetspakke) -> &BTreeMap<u64, Persondokument> {
        let plass = Rettighetspakke::ALLE.iter().position(|p| *p == pakke).unwrap();
        let se = || self.personer.iter().map(|(id, person)| (*id, fasit::sett(person, pakke))).collect();
        self.sett[plass].get_or_init(se)
    }

    pub fn indeks(&self) -> &folkeregisteret::Personindeks {
        self.inni.indeks()
    }

    /// Persons as hits, in order.
    pub fn treff(&self, ider: impl Iterator<Item = u64>) -> Vec<Treff> {
        let mut treff: Vec<Treff> = ider
            .map(|person| Treff { person, nummer: nummer(person, &self.personer[&person]).verdi() })
            .collect();
        treff.sort_unstable();
        treff
    }

    /// What a hit list answers to parameters; `None` when there are too many.
    pub fn soek(&self, pakke: Rettighetspakke, parametre: &[(&str, &str)]) -> Option<Vec<Treff>> {
        match self.inni.indeks().soek(&Soek::les(parametre.iter().copied()).unwrap(), pakke) {
            Ok(funnet) => Some(funnet),
            Err(Soekefeil::ForMangeTreff) => None,
            Err(feil) => panic!("{feil}"),
        }
    }

    pub fn entydig(&self, pakke: Rettighetspakke, parametre: &[(&str, &str)]) -> Result<Treff, Soekefeil> {
        self.inni.indeks().entydigsoek(&Entydigsoek::les(parametre.iter().copied(), pakke)?)
    }

    pub fn uttrekk(&self, pakke: Rettighetspakke, kropp: &str) -> Vec<Treff> {
        let kriterier = Uttrekkskriterier::les(kropp.as_bytes()).unwrap();
        let mut alle = Vec::new();
        self.inni
            .indeks()
            .uttrekk(&kriterier, pakke, &mut |noen| {
                alle.extend_from_slice(noen);
                ControlFlow::Continue(())
            })
            .unwrap();
        alle.sort_unstable();
        alle
    }
}

/// The number that a person is told by.
fn nummer(id: u64, person: &Persondokument) -> Personidentifikator {
    let gjeldende = person.identifikasjonsnummer.iter().find(|n| n.meta.er_gjeldende == Some(true));
    gjeldende.map_or_else(|| Personidentifikator::fra_verdi(id).unwrap(), |n| n.foedsels_eller_d_nummer)
}

fn melding(id: u64, dokument: Persondokument, at: Timestamp) -> Melding {
    let hendelse = Hendelse {
        folkeregisteridentifikator: nummer(id, &dokument),
        hendelsestype: Hendelsestype::PersonErOppdatert,
        ajourholdstidspunkt: Moment::parse("2026-11-22T13:00:00+01:00").unwrap(),
        egenskapshendelse: Vec::new(),
        hendelsesaarsak_i_dsf: None,
    };
    Melding {
        person: Personidentifikator::fra_verdi(id).unwrap(),
        at,
        dokument: Some(dokument),
        videre: None,
        hendelser: vec![hendelse],
    }
}
