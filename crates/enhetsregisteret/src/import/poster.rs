//! The records of a file, read ahead.
//!
//! One thread unpacks and splits; a few batches at a time are read as records on threads of their own, and come out in
//! the file's order. So reading keeps up with writing, and memory holds a few batches however large the file is.

use std::io::{self, Read};

use identifikator::Organisasjonsnummer;
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};

use super::avvist::Avvist;
use super::elementer::Element;
use super::kilde::{Innhold, Kilde};
use crate::endring::Melding;
use crate::modell::dokument;
use crate::modell::{UgyldigDokument, rolleform};

/// Records in one batch, which becomes one change.
const BUNT: usize = 2000;
/// Batches that are read as records, or have been and wait.
const FORSPRANG: usize = 2;

/// A batch of records: readable ones with their message, and refused ones.
pub(crate) type Bunt = Vec<(u64, Result<(Organisasjonsnummer, Melding), Avvist>)>;

/// The batches of a file in order.
pub(crate) struct Poster(mpsc::Receiver<io::Result<JoinHandle<Bunt>>>);

impl Poster {
    /// Begins to read.
    pub(crate) fn les(kilde: impl Read + Send + 'static, innhold: Innhold) -> Self {
        let (til, fra) = mpsc::channel(FORSPRANG);
        spawn_blocking(move || {
            if let Err(feil) = del_opp(kilde, innhold, &til) {
                // Whoever stopped listening does not want to know.
                let _ = til.blocking_send(Err(feil));
            }
        });
        Self(fra)
    }

    /// The next batch; `None` after the last, which may be empty.
    pub(crate) async fn neste(&mut self) -> Option<io::Result<Bunt>> {
        Some(match self.0.recv().await? {
            Ok(bunt) => bunt.await.map_err(io::Error::other),
            Err(feil) => Err(feil),
        })
    }
}

fn del_opp(
    kilde: impl Read + Send + 'static,
    innhold: Innhold,
    til: &mpsc::Sender<io::Result<JoinHandle<Bunt>>>,
) -> io::Result<()> {
    let mut kilde = Kilde::apne(kilde, innhold)?;
    let mut elementer = Vec::with_capacity(BUNT);
    loop {
        let element = kilde.neste()?;
        let slutt = element.is_none();
        elementer.extend(element);
        if slutt || elementer.len() == BUNT {
            let bunt = std::mem::replace(&mut elementer, Vec::with_capacity(BUNT));
            // The last batch may be empty: it says that the end was reached.
            let bunt =
                spawn_blocking(move || bunt.into_iter().map(|element| tolk(element, innhold)).collect());
            if til.blocking_send(Ok(bunt)).is_err() || slutt {
                return Ok(());
            }
        }
    }
}

fn tolk(element: Element, innhold: Innhold) -> (u64, Result<(Organisasjonsnummer, Melding), Avvist>) {
    let melding = match element.feil {
        Some(feil) => Err(UgyldigDokument::Json(feil.to_owned())),
        None => melding(&element.innhold, innhold),
    };
    (element.nummer, melding.map_err(|feil| Avvist::ny(element, &feil)))
}

fn melding(json: &[u8], innhold: Innhold) -> Result<(Organisasjonsnummer, Melding), UgyldigDokument> {
    match innhold {
        Innhold::Enheter(kind) => {
            let enhet = dokument::kanoniser(json, kind)?;
            Ok((enhet.orgnr, Melding::Enhet { kind, enhet }))
        }
        Innhold::Roller => {
            let (orgnr, roller) = rolleform::kanoniser(json, None)?;
            Ok((orgnr, Melding::Roller { orgnr, roller: Some(roller) }))
        }
    }
}
