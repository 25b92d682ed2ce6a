//! The file of an order: numbers or keys of documents, one after the other.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;

use tempfile::NamedTempFile;

use super::jobb::{Bestilling, Innhold, Jobb, Slag};
use crate::bok::siste_versjon;
use crate::endring::{HENDELSER, PERSONER};
use crate::modell::Dokumentidentifikator;
use crate::nokkel::Dokument;
use crate::plass::Hendelsesplass;
use crate::sporring::Uttrekkskriterier;
use crate::{Feil, Folkeregister, Rettighetspakke};

/// Books read at a time.
const BUNT: usize = 2000;

/// A file that is made.
pub(super) struct Liste {
    pub(super) sti: PathBuf,
    pub(super) slag: Slag,
}

impl Liste {
    /// The batch that begins with this one.
    pub(super) async fn les(self, fra: u64) -> io::Result<Innhold> {
        tokio::task::spawn_blocking(move || self.les_her(fra)).await.map_err(io::Error::other)?
    }

    fn les_her(&self, fra: u64) -> io::Result<Innhold> {
        let bytes = self.slag.bytes();
        let mut fil = File::open(&self.sti)?;
        fil.seek(SeekFrom::Start(fra.saturating_mul(bytes as u64)))?;
        let mut lest = Vec::new();
        fil.take(self.slag.per_batch() * bytes as u64).read_to_end(&mut lest)?;
        let tall =
            lest.chunks_exact(bytes).map(|b| b.iter().fold(0u128, |tall, b| tall << 8 | u128::from(*b)));
        Ok(match self.slag {
            Slag::Dokumenter => Innhold::Dokumenter(tall.map(Dokumentidentifikator::ny).collect()),
            Slag::Numre => Innhold::Numre(tall.map(|tall| tall as u64).collect()),
        })
    }
}

/// Makes the file, of one moment; answers how many stand in it. It is there whole or not at all.
pub(super) async fn skriv(register: &Folkeregister, jobb: &Jobb, sti: PathBuf) -> Result<u64, Feil> {
    let mut ut = ny_fil(&sti.parent().map(PathBuf::from).unwrap_or_default())?;
    let antall = match &jobb.bestilling {
        Bestilling::Komplett { .. } => dokumenter(register, &mut ut).await?,
        Bestilling::Tilpasset(kriterier) => {
            let numre = numre(register, kriterier.clone(), &jobb.pakke).await?;
            for nummer in &numre {
                ut.write_all(&nummer.to_be_bytes())?;
            }
            numre.len() as u64
        }
    };
    let ferdig = ut.into_inner().map_err(io::IntoInnerError::into_error)?;
    ferdig.as_file().sync_all()?;
    ferdig.persist(&sti).map_err(|feil| feil.error)?;
    Ok(antall)
}

fn ny_fil(mappe: &std::path::Path) -> io::Result<BufWriter<NamedTempFile>> {
    fs::create_dir_all(mappe)?;
    Ok(BufWriter::new(NamedTempFile::new_in(mappe)?))
}

/// Writes the key of everybody's newest document.
async fn dokumenter(register: &Folkeregister, ut: &mut impl Write) -> Result<u64, Feil> {
    let nokler = register.nokler().await?;
    let seq = register.journal().head().await?;
    let (mut etter, mut antall) = (None, 0);
    loop {
        let bunt = register.journal().scan(PERSONER, seq, etter, BUNT).await?;
        for versjon in &bunt {
            let Some(k) = siste_versjon(&versjon.body) else { continue };
            let plass = Hendelsesplass { nummer: versjon.id, k, plass: 0 };
            ut.write_all(&nokler.laas(Dokument::Person(plass))?.verdi().to_be_bytes())?;
            antall += 1;
        }
        if bunt.len() < BUNT {
            return Ok(antall);
        }
        etter = bunt.last().map(|versjon| versjon.id);
    }
}

/// The numbers of those who fit, as the index has them when it has everything that is told now. In order, so that a file
/// that is made again is as it was for who is half through it. Of ten million persons they take 80 MB.
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
