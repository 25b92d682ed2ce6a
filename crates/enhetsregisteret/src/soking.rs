//! The search index of one kind of unit: [`crate::indeks`] and [`crate::sporring`] in the words of `sok`.

use std::collections::HashMap;
use std::ops::Bound;
use std::path::Path;
use std::sync::Arc;

use journal::{SharedJournal, Version};
use sok::{Direction, Document, Field, Follower, Hits, Index, Query, Request, Schema, SortKey};

use crate::Feil;
use crate::indeks::{FELTER, Feltslag, INDEKSVERSJON, Verdi, verdier};
use crate::modell::Enhetstype;
use crate::sporring::{Filter, Retning, Sporring};

/// The index of one kind of unit. Cheap to clone.
#[derive(Clone)]
pub struct Soking {
    kind: Enhetstype,
    index: Index,
    felter: Arc<Felter>,
}

struct Felter(HashMap<&'static str, Field>);

impl Felter {
    fn felt(&self, navn: &str) -> Result<Field, Feil> {
        self.0.get(navn).copied().ok_or(Feil::Sok(sok::SearchError::UnknownField))
    }
}

impl Soking {
    /// Opens the index in a directory of its own. It answers when a follower has built it.
    ///
    /// # Errors
    /// When the directory cannot be made or read.
    pub fn open(mappe: &Path, kind: Enhetstype) -> Result<Self, Feil> {
        let mut bygger = Schema::builder();
        let felter = FELTER
            .iter()
            .map(|&(navn, slag)| {
                let felt = match slag {
                    Feltslag::Nokkel => bygger.keyword(navn).sortable().field(),
                    Feltslag::Tall => bygger.number(navn).field(),
                    Feltslag::Flagg => bygger.flag(navn).sortable().field(),
                    Feltslag::Tekst => bygger.tokens(navn).field(),
                    Feltslag::Navn => bygger.name(navn).field(),
                };
                (navn, felt)
            })
            .collect();
        let index = Index::open(&mappe.join(kind.flertall()), bygger.build()?, INDEKSVERSJON)?;
        Ok(Self { kind, index, felter: Arc::new(Felter(felter)) })
    }

    /// The index itself: its position, its size, its health.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// Which kind of unit it holds.
    pub(crate) fn kind(&self) -> Enhetstype {
        self.kind
    }

    /// The index's field of this name.
    pub(crate) fn felt(&self, navn: &str) -> Result<Field, Feil> {
        self.felter.felt(navn)
    }

    /// What builds the index and keeps it in step with the feed.
    pub fn folger(&self, journal: SharedJournal) -> Follower {
        let (kind, felter) = (self.kind, self.felter.clone());
        let avbild = move |versjon: &Version| match verdier(&versjon.body, kind) {
            Ok(verdier) => verdier.map(|verdier| dokument(&felter, versjon.id, verdier)),
            Err(feil) => {
                tracing::error!(%feil, seq = %versjon.seq, "et lagret dokument kan ikke indekseres");
                None
            }
        };
        Follower::new(journal, kind.feed(), kind.samling(), self.index.clone(), Arc::new(avbild))
    }

    /// Searches; `fra` units are passed over and at most `antall` answered.
    ///
    /// # Errors
    /// When the index is not built yet or fails.
    pub async fn sok(&self, sporring: &Sporring, fra: u64, antall: u64) -> Result<Hits, Feil> {
        let request = self.foresporsel(sporring, fra, antall)?;
        let index = self.index.clone();
        let svar = tokio::task::spawn_blocking(move || index.search(&request)).await;
        Ok(svar.map_err(|_| Feil::Avbrutt)??)
    }

    /// The search in the index's own words.
    pub(crate) fn foresporsel(&self, sporring: &Sporring, fra: u64, antall: u64) -> Result<Request, Feil> {
        let query = Query::And(sporring.filtre.iter().map(|f| self.query(f)).collect::<Result<_, _>>()?);
        let mut sort = Vec::new();
        for s in &sporring.sortering {
            let direction = match s.retning {
                Retning::Stigende => Direction::Ascending,
                Retning::Synkende => Direction::Descending,
            };
            sort.push(SortKey { field: self.felter.felt(s.felt)?, direction });
        }
        if sort.is_empty() && !sporring.har_navn() {
            sort.push(SortKey { field: self.felter.felt("navn")?, direction: Direction::Ascending });
        }
        let tall = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
        Ok(Request { query, sort, offset: tall(fra), limit: tall(antall) })
    }

    fn query(&self, filter: &Filter) -> Result<Query, Feil> {
        let felt = |navn| self.felter.felt(navn);
        let bundet = |grense: Option<i64>| grense.map_or(Bound::Unbounded, Bound::Included);
        Ok(match filter {
            Filter::Navn(tekst) => Query::Name(felt("navn")?, tekst.clone()),
            Filter::NavnNaer(tekst, edits) => Query::NameNear(felt("navn")?, tekst.clone(), *edits),
            Filter::NavnSammenhengende(tekst) => Query::NamePhrase(felt("navn")?, tekst.clone()),
            Filter::Enheter(ider) => Query::Ids(ider.iter().map(|&id| id.into()).collect()),
            Filter::EnAv(navn, verdier) => Query::OneOf(felt(navn)?, verdier.clone()),
            Filter::Flagg(navn, verdi) => Query::Flag(felt(navn)?, *verdi),
            Filter::Mellom(navn, fra, til) => Query::Range(felt(navn)?, bundet(*fra), bundet(*til)),
            Filter::Tekst(navn, tekster) => {
                let felt = felt(navn)?;
                Query::Or(tekster.iter().map(|t| Query::Tokens(felt, t.clone())).collect())
            }
            Filter::Eller(deler) => Query::Or(deler.iter().map(|d| self.query(d)).collect::<Result<_, _>>()?),
        })
    }
}

fn dokument(felter: &Felter, id: u64, verdier: Vec<(&'static str, Verdi)>) -> Document {
    let mut dokument = Document::new(id);
    for (navn, verdi) in verdier {
        let Ok(felt) = felter.felt(navn) else { continue };
        match verdi {
            Verdi::Tall(tall) => dokument.number(felt, tall),
            Verdi::Flagg(flagg) => dokument.flag(felt, flagg),
            Verdi::Tekst(tekst) => match felt.kind() {
                sok::Kind::Name => dokument.name(felt, tekst),
                sok::Kind::Tokens => dokument.tokens(felt, tekst),
                _ => dokument.keyword(felt, tekst),
            },
        }
    }
    dokument
}
