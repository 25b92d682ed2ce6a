//! The file of an order: numbers or keys of documents, one after the other.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use journal::Version;
use tempfile::NamedTempFile;

use super::jobb::{Bestilling, Innhold, Jobb, Slag};
use crate::bok::{Bok, siste_versjon};
use crate::endring::PERSONER;
use crate::modell::Dokumentidentifikator;
use crate::nokkel::{Dokument, Dokumentnokler};
use crate::plass::Hendelsesplass;
use crate::rettighetspakke::{Rettighetspakke, Vern};
use crate::{Feil, Folkeregister};

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
    let mappe = sti.parent().map(PathBuf::from).unwrap_or_default();
    let (mut ut, mut antall) = (ny_fil(&mappe)?, 0);
    let seq = register.journal().head().await?;
    let bytes = jobb.bestilling.innhold().bytes() as u64;
    let nokler = register.nokler().await?;
    let mut etter = None;
    loop {
        let bunt = register.journal().scan(PERSONER, seq, etter, BUNT).await?;
        let siste = bunt.len() < BUNT;
        etter = bunt.last().map(|versjon| versjon.id);
        let linjer = match &jobb.bestilling {
            Bestilling::Komplett { .. } => dokumenter(&bunt, nokler)?,
            Bestilling::Tilpasset(kriterier) => {
                let (kriterier, pakke) = (kriterier.clone(), Rettighetspakke::av_kode(&jobb.pakke));
                let finn = move || numre(&bunt, |bok| pakke.map_or(Ok(None), |p| kriterier.treffer(bok, p)));
                tokio::task::spawn_blocking(finn).await.map_err(|_| Feil::Avbrutt)??
            }
        };
        antall += linjer.len() as u64 / bytes;
        ut.write_all(&linjer)?;
        if siste {
            break;
        }
    }
    let ferdig = ut.into_inner().map_err(io::IntoInnerError::into_error)?;
    ferdig.as_file().sync_all()?;
    ferdig.persist(&sti).map_err(|feil| feil.error)?;
    Ok(antall)
}

fn ny_fil(mappe: &std::path::Path) -> io::Result<BufWriter<NamedTempFile>> {
    fs::create_dir_all(mappe)?;
    Ok(BufWriter::new(NamedTempFile::new_in(mappe)?))
}

/// The key of the newest document of each.
fn dokumenter(bunt: &[Version], nokler: &Dokumentnokler) -> Result<Vec<u8>, Feil> {
    let mut ut = Vec::with_capacity(bunt.len() * 16);
    for versjon in bunt {
        if let Some(k) = siste_versjon(&versjon.body) {
            let plass = Hendelsesplass { nummer: versjon.id, k, plass: 0 };
            ut.extend_from_slice(&nokler.laas(Dokument::Person(plass))?.verdi().to_be_bytes());
        }
    }
    Ok(ut)
}

/// The numbers that `treffer` finds in books.
fn numre(bunt: &[Version], treffer: impl Fn(&Bok<'_>) -> Result<Option<u64>, Feil>) -> Result<Vec<u8>, Feil> {
    let mut ut = Vec::new();
    for versjon in bunt.iter().filter(|versjon| siste_versjon(&versjon.body).is_some()) {
        if let Some(nummer) = treffer(&Bok::les(versjon.id, &versjon.body)?)? {
            ut.extend_from_slice(&nummer.to_be_bytes());
        }
    }
    Ok(ut)
}

impl super::Kriterier {
    /// The person's number, if what the package gets of the person fits: who may not see an address does not find by it.
    fn treffer(&self, bok: &Bok<'_>, pakke: Rettighetspakke) -> Result<Option<u64>, Feil> {
        let Some(k) = bok.siste() else { return Ok(None) };
        let Some(utlevert) = bok.utlever(k, pakke, &self.deler(), Vern::Ingen)? else { return Ok(None) };
        if !self.passer(utlevert.dokument()) {
            return Ok(None);
        }
        let gjeldende =
            utlevert.dokument().identifikasjonsnummer.iter().find(|n| n.meta.er_gjeldende == Some(true));
        Ok(Some(gjeldende.map_or(bok.person(), |nummer| nummer.foedsels_eller_d_nummer.verdi())))
    }
}
