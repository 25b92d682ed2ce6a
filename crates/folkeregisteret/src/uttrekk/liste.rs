//! The list of an order, in batches: a record each, so that every node answers from the same list, and a restart keeps it.
//!
//! Whoever makes a list makes it under a key of its own, and the order says in the end which one counts: two nodes that both
//! believe that the work is theirs do not mix theirs.

use std::ops::ControlFlow;

use journal::{Change, DocId, Guard, Seq, SharedJournal, Space, Step};
use tid::Timestamp;

use super::jobb::{Bestilling, Innhold, Jobb, Slag};
use crate::bok::siste_versjon;
use crate::endring::{HENDELSER, PERSONER};
use crate::modell::UgyldigDokument;
use crate::plass::Hendelsesplass;
use crate::sporring::Uttrekkskriterier;
use crate::{Feil, Folkeregister, Rettighetspakke, tallrekke};

/// Batches. Keys are the order's id, the attempt, and the batch's number, the high bytes first.
const LISTER: Space = Space("folkeregisteret/uttrekk/lister");
/// Books read at a time.
const BUNT: usize = 2000;
/// Parts of the register of about the same size: numbers begin with the day of birth, those of a D-number with 40 more.
const SNITT: [(DocId, DocId); 8] = {
    const DAG: DocId = 1_000_000_000;
    [
        (0, 4 * DAG),
        (4 * DAG, 8 * DAG),
        (8 * DAG, 12 * DAG),
        (12 * DAG, 16 * DAG),
        (16 * DAG, 20 * DAG),
        (20 * DAG, 24 * DAG),
        (24 * DAG, 28 * DAG),
        (28 * DAG, DocId::MAX),
    ]
};
/// Batches that are forgotten at a time.
const GLEM: usize = 20;

/// Makes the list, of one moment; answers how many stand in it.
pub(super) async fn lag(register: &Folkeregister, id: &str, jobb: &Jobb, forsoek: u64) -> Result<u64, Feil> {
    let mut liste = Liste {
        journal: register.journal(),
        noekkel: noekkel(id, forsoek),
        slag: jobb.bestilling.innhold(),
        naa: register.naa(),
        antall: 0,
        bunt: Vec::new(),
        forrige: 0,
    };
    match &jobb.bestilling {
        Bestilling::Komplett { .. } => dokumenter(register, &mut liste).await?,
        Bestilling::Tilpasset(kriterier) => {
            for nummer in numre(register, kriterier.clone(), &jobb.pakke).await? {
                liste.ta(nummer, None).await?;
            }
        }
    }
    liste.skriv().await?;
    Ok(liste.antall)
}

/// A batch of a list that is made.
pub(super) async fn les(
    journal: &SharedJournal,
    id: &str,
    jobb: &Jobb,
    (forsoek, nummer): (u64, u64),
) -> Result<Innhold, Feil> {
    let noekkel = [&noekkel(id, forsoek)[..], &nummer.to_be_bytes()].concat();
    let mangler = || UgyldigDokument::lagret("en batch av et uttrekk mangler");
    let post = journal.record(LISTER, &noekkel).await?.ok_or_else(mangler)?;
    let (mut pakket, mut forrige) = (&post.value[..], 0u64);
    let mut neste = || {
        forrige = forrige.checked_add(tallrekke::les(&mut pakket)?)?;
        Some((
            forrige,
            match jobb.bestilling.innhold() {
                Slag::Dokumenter => tallrekke::les(&mut pakket)? as u16,
                Slag::Numre => 0,
            },
        ))
    };
    let alle = std::iter::from_fn(&mut neste);
    Ok(match jobb.bestilling.innhold() {
        Slag::Dokumenter => {
            Innhold::Dokumenter(alle.map(|(nummer, k)| Hendelsesplass { nummer, k, plass: 0 }).collect())
        }
        Slag::Numre => Innhold::Numre(alle.map(|(nummer, _)| nummer).collect()),
    })
}

/// Forgets every list that was made for an order.
pub(super) async fn glem(journal: &SharedJournal, id: &str, naa: Timestamp) -> Result<(), Feil> {
    loop {
        let bunt = journal.records(LISTER, id.as_bytes(), None, GLEM).await?;
        let siste = bunt.len() < GLEM;
        let slett = |post: journal::Record| Step::Record {
            space: LISTER,
            key: post.key,
            value: None,
            guard: Guard::Any,
        };
        let steps: Vec<Step> = bunt.into_iter().map(slett).collect();
        if !steps.is_empty() {
            journal.append(Change { at: naa, steps }).await?;
        }
        if siste {
            return Ok(());
        }
    }
}

fn noekkel(id: &str, forsoek: u64) -> Vec<u8> {
    [id.as_bytes(), &forsoek.to_be_bytes()].concat()
}

/// A list that is being made.
struct Liste<'r> {
    journal: &'r SharedJournal,
    noekkel: Vec<u8>,
    slag: Slag,
    naa: Timestamp,
    antall: u64,
    /// The batch so far: of each number the distance from the one before it, and the version.
    bunt: Vec<u8>,
    forrige: u64,
}

impl Liste<'_> {
    /// The next number, higher than the one before; with the version of the document, if documents are listed.
    async fn ta(&mut self, nummer: u64, k: Option<u16>) -> Result<(), Feil> {
        if self.antall > 0 && self.antall.is_multiple_of(self.slag.per_batch()) {
            self.skriv().await?;
        }
        tallrekke::skriv(nummer.saturating_sub(self.forrige), &mut self.bunt);
        if let Some(k) = k {
            tallrekke::skriv(k.into(), &mut self.bunt);
        }
        self.forrige = nummer;
        self.antall += 1;
        Ok(())
    }

    /// Writes the batch there is.
    async fn skriv(&mut self) -> Result<(), Feil> {
        let Some(siste) = self.antall.checked_sub(1) else { return Ok(()) };
        let nummer = siste / self.slag.per_batch();
        let key = [&self.noekkel[..], &nummer.to_be_bytes()].concat();
        let value = Some(std::mem::take(&mut self.bunt));
        self.forrige = 0;
        let steps = vec![Step::Record { space: LISTER, key, value, guard: Guard::Any }];
        self.journal.append(Change { at: self.naa, steps }).await?;
        Ok(())
    }
}

/// Lists everybody's newest document. Two parts of the register are read at a time: of ten million persons they take 50 MB.
async fn dokumenter(register: &Folkeregister, liste: &mut Liste<'_>) -> Result<(), Feil> {
    let journal = register.journal();
    let seq = journal.head().await?;
    for par in SNITT.chunks_exact(2) {
        let deler = tokio::try_join!(nyeste(journal, seq, par[0]), nyeste(journal, seq, par[1]))?;
        for (nummer, k) in deler.0.into_iter().chain(deler.1) {
            liste.ta(nummer, Some(k)).await?;
        }
    }
    Ok(())
}

/// The numbers from one on, up to but without another, under which there are books, with the newest version of each.
async fn nyeste(
    journal: &SharedJournal,
    seq: Seq,
    (fra, til): (DocId, DocId),
) -> Result<Vec<(u64, u16)>, Feil> {
    let (mut etter, mut alle) = (fra.checked_sub(1), Vec::new());
    loop {
        let bunt = journal.scan(PERSONER, seq, etter, BUNT).await?;
        for versjon in bunt.iter().filter(|versjon| versjon.id < til) {
            alle.extend(siste_versjon(&versjon.body).map(|k| (versjon.id, k)));
        }
        etter = bunt.last().map(|versjon| versjon.id);
        if bunt.len() < BUNT || etter.is_some_and(|siste| siste >= til) {
            return Ok(alle);
        }
    }
}

/// The numbers of those who fit, in order, as the index has them when it has everything that is told now. Of ten million
/// persons they take 80 MB.
async fn numre(
    register: &Folkeregister,
    kriterier: Uttrekkskriterier,
    pakke: &str,
) -> Result<Vec<u64>, Feil> {
    let Some(pakke) = Rettighetspakke::av_kode(pakke) else { return Ok(Vec::new()) };
    let hode = register.journal().feed_head(HENDELSER).await?.position;
    let indeks = register.indeks().clone();
    indeks.index().wait_for(hode).await;
    let finn = move || {
        let mut numre = Vec::new();
        indeks.uttrekk(&kriterier, pakke, &mut |noen| {
            numre.extend(noen.iter().map(|treff| treff.nummer));
            ControlFlow::Continue(())
        })?;
        numre.sort_unstable();
        Ok(numre)
    };
    tokio::task::spawn_blocking(finn).await.map_err(|_| Feil::Avbrutt)?
}
