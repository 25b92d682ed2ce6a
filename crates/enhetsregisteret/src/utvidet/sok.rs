//! The search of our own surface: typing errors, counts, and pages without limit at one moment.

use journal::{AsOf, Seq, Version};
use sok::{Facet, Page, Query, View};

use super::fasett::Fasett;
use super::markoer::{Markoer, fingeravtrykk};
use super::visning::Visninger;
use crate::modell::{Dokument, Enhetstype};
use crate::soking::Soking;
use crate::sporring::{Filter, Sporring};
use crate::{Enhetsregister, Feil};

/// With fewer exact hits than this, names with typing errors are looked for too, unless the caller says otherwise.
pub const FAA_TREFF: u64 = 5;

/// Whether names with typing errors are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Skrivefeil {
    /// When there are few exact hits.
    #[default]
    Auto,
    /// Never.
    Nei,
    /// Always.
    Ja,
}

/// What is wanted.
#[derive(Debug, Clone, Default)]
pub struct Onske {
    /// What is searched for.
    pub sporring: Sporring,
    /// How names may be misspelt.
    pub skrivefeil: Skrivefeil,
    /// How many to pass over; 0 with a cursor.
    pub fra: u64,
    /// How many to answer with.
    pub antall: u64,
    /// Where to go on.
    pub markoer: Option<Markoer>,
    /// What to count by.
    pub fasetter: Vec<&'static Fasett>,
    /// How many values of each.
    pub fasettverdier: usize,
}

/// How the name was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Navnetreff {
    /// There was no name, or every hit has all of its words.
    Eksakt,
    /// Besides so many exact hits there are some with typing errors.
    MedSkrivefeil(u64),
    /// No name has all the words; the hits have some of them.
    Delvis,
}

/// The answer.
#[derive(Debug, Clone)]
pub struct Resultat {
    /// How many units match in all.
    pub antall: u64,
    /// The units of the page, as they were after [`Self::seq`].
    pub enheter: Vec<Version>,
    /// The moment of the units.
    pub seq: Seq,
    /// Whether selection and order are those of the first page.
    pub fast: bool,
    /// Where the next page begins, if there is one.
    pub neste: Option<Markoer>,
    /// The counts, in the order they were asked for.
    pub fasetter: Vec<(&'static Fasett, Facet)>,
    /// How the name was found.
    pub navnetreff: Navnetreff,
    /// What was asked of the index, for more questions about the same moment.
    pub visning: View,
}

struct Indekssvar {
    side: Page,
    fasetter: Vec<Facet>,
    navnetreff: Navnetreff,
    naer: bool,
}

impl Enhetsregister {
    /// Searches. Removed and deleted units are never among the hits.
    ///
    /// # Errors
    /// When the index is not built yet, the cursor is of another order, or store or index fail.
    pub async fn utvidet_sok(
        &self,
        kind: Enhetstype,
        onske: &Onske,
        visninger: &Visninger,
    ) -> Result<Resultat, Feil> {
        let markoer = onske.markoer.as_ref();
        let holdt = match markoer {
            Some(markoer) => visninger.hent(kind, markoer.posisjon, self.naa()).await,
            None => None,
        };
        let fast = markoer.is_none() || holdt.is_some();
        let visning = holdt.map_or_else(|| self.soking(kind).index().view(), Ok)?;
        // Read after the view is taken: units are never older than what the index knows of them.
        let seq = match markoer {
            Some(markoer) => markoer.seq,
            None => self.journal().head().await?,
        };
        let svar = self.spor_indeks(kind, onske, visning.clone()).await?;
        let hits = svar.side.hits;
        let versjoner = self.journal().get_many(kind.samling(), &hits.ids, AsOf::Seq(seq)).await?;
        let mut enheter = Vec::with_capacity(versjoner.len());
        for versjon in versjoner.into_iter().flatten().filter(|v| !v.removed) {
            if !Dokument::les(&versjon.body)?.er_slettet() {
                enheter.push(versjon);
            }
        }
        let sett = markoer.map_or(onske.fra, |m| m.sett) + hits.ids.len() as u64;
        // A cursor holds the values that are sorted by, and numbers of employees may be withheld.
        let aapen = onske.sporring.sortering.iter().all(|s| s.felt != "antallAnsatte");
        let neste = svar.side.last.filter(|_| aapen && sett < hits.total).map(|sted| Markoer {
            sok: fingeravtrykk(kind, &onske.sporring),
            seq,
            posisjon: visning.position(),
            sett,
            naer: svar.naer,
            sted,
        });
        if neste.is_some() {
            visninger.hold(kind, visning.clone(), self.naa()).await;
        }
        let fasetter = onske.fasetter.iter().copied().zip(svar.fasetter).collect();
        let navnetreff = svar.navnetreff;
        Ok(Resultat { antall: hits.total, enheter, seq, fast, neste, fasetter, navnetreff, visning })
    }

    async fn spor_indeks(&self, kind: Enhetstype, onske: &Onske, visning: View) -> Result<Indekssvar, Feil> {
        let soking = self.soking(kind).clone();
        let onske = onske.clone();
        let svar = tokio::task::spawn_blocking(move || svar_fra(&soking, &onske, &visning)).await;
        svar.map_err(|_| Feil::Avbrutt)?
    }

    /// How many units a search finds in a view.
    ///
    /// # Errors
    /// When the index fails.
    pub async fn tell(&self, kind: Enhetstype, sporring: &Sporring, visning: &View) -> Result<u64, Feil> {
        let query = self.soking(kind).foresporsel(sporring, 0, 0)?.query;
        let visning = visning.clone();
        let svar = tokio::task::spawn_blocking(move || visning.count(&query)).await;
        Ok(svar.map_err(|_| Feil::Avbrutt)??)
    }
}

fn svar_fra(soking: &Soking, onske: &Onske, visning: &View) -> Result<Indekssvar, Feil> {
    let (naer, navnetreff) = navnemaate(soking, onske, visning)?;
    let sporring =
        if naer { med_skrivefeil(&onske.sporring, sok::near::MAX_EDITS) } else { onske.sporring.clone() };
    let request = soking.foresporsel(&sporring, onske.fra, onske.antall)?;
    let side = visning.page(&request, onske.markoer.as_ref().map(|m| &m.sted))?;
    let felter = onske.fasetter.iter().filter_map(|f| f.felt(soking.kind()));
    let felter = felter.map(|felt| soking.felt(felt)).collect::<Result<Vec<_>, _>>()?;
    let fasetter = if felter.is_empty() {
        Vec::new()
    } else {
        visning.facets(&request.query, &felter, onske.fasettverdier)?
    };
    let navnetreff = match navnetreff {
        Navnetreff::Delvis if side.hits.total == 0 => Navnetreff::Eksakt,
        annet => annet,
    };
    Ok(Indekssvar { side, fasetter, navnetreff, naer })
}

/// Whether names with typing errors are looked for, and what is found beside them. A later page does as the first.
fn navnemaate(soking: &Soking, onske: &Onske, visning: &View) -> Result<(bool, Navnetreff), Feil> {
    if !onske.sporring.filtre.iter().any(|f| matches!(f, Filter::Navn(_))) {
        return Ok((false, Navnetreff::Eksakt));
    }
    let tell = |edits| -> Result<u64, Feil> {
        let query: Query = soking.foresporsel(&med_skrivefeil(&onske.sporring, edits), 0, 0)?.query;
        Ok(visning.count(&query)?)
    };
    let eksakte = tell(0)?;
    let uten = if eksakte == 0 { Navnetreff::Delvis } else { Navnetreff::Eksakt };
    let proves = match (&onske.markoer, onske.skrivefeil) {
        (Some(markoer), _) => markoer.naer,
        (None, Skrivefeil::Auto) => eksakte < FAA_TREFF,
        (None, valg) => valg == Skrivefeil::Ja,
    };
    if proves && (onske.markoer.is_some() || tell(sok::near::MAX_EDITS)? > eksakte) {
        return Ok((true, Navnetreff::MedSkrivefeil(eksakte)));
    }
    Ok((false, uten))
}

/// The same search with the name at most so many edits a word away.
fn med_skrivefeil(sporring: &Sporring, edits: u8) -> Sporring {
    let filtre = sporring.filtre.iter().map(|filter| match filter {
        Filter::Navn(tekst) => Filter::NavnNaer(tekst.clone(), edits),
        annet => annet.clone(),
    });
    Sporring { filtre: filtre.collect(), sortering: sporring.sortering.clone() }
}

/// The condition that the purpose or activity has every word of a text; none for an empty one.
pub fn fritekst(tekst: &str) -> Option<Filter> {
    (!tekst.is_empty()).then(|| Filter::Tekst(crate::indeks::FRITEKST, vec![tekst.to_owned()]))
}
