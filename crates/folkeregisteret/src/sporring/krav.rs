//! What names, addresses and years are asked for, and the same in the index's words.

use std::ops::Bound;

use sok::{Field, Query};

use crate::Rettighetspakke;
use crate::indeks::fonetikk::noekkel;
use crate::indeks::ord::ord;
use crate::indeks::{Adressefelter, Adresseslag, Felter, Navneledd, Tidsfelt, aarsord, alle_spor, merket};
use crate::rettighetspakke::OMH;

/// The most words of a name.
const MAKS_ORD: usize = 20;

/// So few years are quicker read off one by one than looked for in the column of years.
const FAA_AAR: u16 = 10;

/// The words of a name. Each is what folding made of it: several, if it had a hyphen; never none.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Navnekrav(Vec<Vec<String>>);

impl Navnekrav {
    pub(super) fn les(verdi: &str) -> Option<Self> {
        let alle: Vec<_> = verdi.split_whitespace().map(ord).filter(|ord| !ord.is_empty()).collect();
        (1..=MAKS_ORD).contains(&alle.iter().flatten().count()).then_some(Self(alle))
    }

    /// How many words there are.
    pub(super) fn antall(&self) -> usize {
        self.0.len()
    }

    /// Every word stands somewhere in the name.
    pub(super) fn alle_steder(&self, hvordan: Navnevalg, krav: &mut Vec<Query>) {
        for ord in &self.0 {
            hvordan.krev(ord, &Navneledd::ALLE, krav);
        }
    }

    /// The first word stands in the first name, the last in the last name, the others anywhere (section 9.1).
    pub(super) fn foerst_og_sist(&self, hvordan: Navnevalg, krav: &mut Vec<Query>) {
        let siste = self.0.len().saturating_sub(1);
        for (i, ord) in self.0.iter().enumerate() {
            let ledd: &[Navneledd] = match i {
                0 => &[Navneledd::Fornavn],
                _ if i == siste => &[Navneledd::Etternavn],
                _ => &Navneledd::ALLE,
            };
            hvordan.krev(ord, ledd, krav);
        }
    }
}

/// How names are compared.
#[derive(Debug, Clone, Copy)]
pub(super) struct Navnevalg {
    felt: Tidsfelt,
    fonetisk: bool,
    historisk: bool,
}

impl Navnevalg {
    pub(super) fn ny(felter: &Felter, fonetisk: bool, historisk: bool) -> Self {
        Self { felt: if fonetisk { felter.lyd } else { felter.navn }, fonetisk, historisk }
    }

    fn krev(self, ord: &[String], ledd: &[Navneledd], krav: &mut Vec<Query>) {
        for ord in ord {
            let ord = if self.fonetisk { noekkel(ord) } else { ord.clone() };
            let merkede: Vec<String> = ledd.iter().map(|ledd| ledd.merket(&ord)).collect();
            let naa = Query::OneOf(self.felt.gjeldende, merkede.clone());
            krav.push(if self.historisk {
                Query::Or(vec![naa, Query::OneOf(self.felt.tidligere, merkede)])
            } else {
                naa
            });
        }
    }
}

/// What is asked of one address.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Adressekrav {
    /// How the road begins, folded.
    pub(super) gate: Option<String>,
    pub(super) husnummer: Option<String>,
    pub(super) postnummer: Option<String>,
    pub(super) kommunenummer: Option<String>,
    pub(super) fylkesnummer: Option<String>,
}

/// Which addresses of a person may answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Adressevalg {
    pub(super) pakke: Rettighetspakke,
    pub(super) slag: &'static [Adresseslag],
    pub(super) historisk: bool,
}

impl Adressekrav {
    /// Some address that the package sees is all that is asked. `None` when nothing is.
    pub(super) fn query(&self, felter: &Felter, valg: Adressevalg) -> Option<Query> {
        if *self == Self::default() {
            return None;
        }
        let mut noen = Vec::new();
        for spor in valg.slag.iter().flat_map(|slag| alle_spor(*slag, valg.historisk)) {
            noen.push(self.av_spor(&felter.aapne, &spor));
            if OMH.har(valg.pakke) {
                noen.push(self.av_spor(&felter.graderte, &spor));
            }
        }
        Some(Query::Or(noen))
    }

    fn av_spor(&self, felter: &Adressefelter, spor: &str) -> Query {
        let er = |felt: Field| move |verdi: &String| Query::Equals(felt, merket(spor, verdi));
        let begynner = |felt: Field| move |verdi: &String| Query::Prefix(felt, merket(spor, verdi));
        let krav = [
            self.gate.as_ref().map(begynner(felter.gate)),
            self.husnummer.as_ref().map(er(felter.husnummer)),
            self.postnummer.as_ref().map(er(felter.postnummer)),
            self.kommunenummer.as_ref().map(er(felter.kommune)),
            // A county is how the number of a municipality begins.
            self.fylkesnummer.as_ref().map(begynner(felter.kommune)),
        ];
        Query::And(krav.into_iter().flatten().collect())
    }
}

/// A range of years, open where a year is not given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Aarsspenn {
    pub(super) fra: Option<u16>,
    pub(super) til: Option<u16>,
}

impl Aarsspenn {
    /// `None` when the first is after the last.
    pub(super) fn ny(fra: Option<u16>, til: Option<u16>) -> Option<Self> {
        let tomt = fra.zip(til).is_some_and(|(fra, til)| fra > til);
        (!tomt).then_some(Self { fra, til })
    }

    /// Who is born in these years.
    pub(super) fn foedt(self, felter: &Felter) -> Option<Query> {
        match self.fra.zip(self.til) {
            Some((fra, til)) if til.saturating_sub(fra) < FAA_AAR => {
                Some(Query::OneOf(felter.foedselsaar_ord, (fra..=til).map(aarsord).collect()))
            }
            _ => self.query(felter.foedselsaar),
        }
    }

    /// A number is within these years.
    pub(super) fn query(self, felt: Field) -> Option<Query> {
        let grense = |aar: Option<u16>| aar.map_or(Bound::Unbounded, |aar| Bound::Included(i64::from(aar)));
        (self != Self::default()).then(|| Query::Range(felt, grense(self.fra), grense(self.til)))
    }
}
