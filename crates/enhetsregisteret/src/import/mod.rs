//! Bulk load: the official dumps, as a stream.
//!
//! A dump says how everything is, so importing one is a comparison: what differs is written and put on the feeds,
//! what is as before costs a read. A batch is one journal change, and the place reached is written in it; an
//! import that is cut off goes on where it stopped when the same file is given again. A record that cannot be a
//! unit is reported with number, line and offset, set aside in a file, and the rest is loaded.

pub mod elementer;
pub mod kilde;
pub mod tabell;

mod avvist;
mod manglende;
mod poster;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use journal::{Guard, Space, Step};
use serde::{Deserialize, Serialize};
use tid::Timestamp;

pub use avvist::Avvist;
pub use kilde::Innhold;
pub use manglende::Manglende;
pub(crate) use poster::{Bunt, Poster};

use crate::endring::Datert;
use crate::{Enhetsregister, Feil};

/// How far an import of a file has come.
const STED: Space = Space("enhetsregisteret/import");

/// What to import and how.
#[derive(Debug, Clone)]
pub struct Importvalg {
    /// What the file holds.
    pub innhold: Innhold,
    /// Where refused records go; `None`: only reported.
    pub avvist_til: Option<PathBuf>,
    /// What happens to units that the register has and the file has not.
    pub manglende: Manglende,
    /// The file is another register's, as things were there at this time, and that register's own events will tell
    /// what happened after it: nothing of the file goes on the feeds.
    pub stille: Option<Timestamp>,
}

/// How an import went.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Importrapport {
    /// Records read, those of an earlier, cut off run included.
    pub lest: u64,
    /// Of these, loaded by the earlier run.
    pub gjenopptatt: u64,
    /// New units or role sets.
    pub nye: u64,
    /// Changed ones.
    pub endrede: u64,
    /// Those that were as before.
    pub uendrede: u64,
    /// Refused records.
    pub avviste: u64,
    /// The first refused records.
    pub eksempler: Vec<Avvist>,
    /// Units that the register had and the file had not.
    pub manglende: u64,
    /// Whether those were marked as deleted.
    pub slettet_manglende: bool,
}

/// Told now and then how far an import has come: (bytes read of the file as it lies, records).
pub type Framdrift<'a> = &'a (dyn Fn(u64, u64) + Send + Sync);

/// Imports a file.
///
/// # Errors
/// When the file cannot be read to its end or the store fails. What was loaded by then stays.
pub async fn fil(
    register: &Enhetsregister,
    sti: &Path,
    valg: &Importvalg,
    framdrift: Framdrift<'_>,
) -> Result<Importrapport, Feil> {
    let avtrykk = Fingeravtrykk::av(sti)?;
    flyt(register, File::open(sti)?, Some(avtrykk), valg, framdrift).await
}

/// Imports from a reader that cannot be read again, such as standard input.
///
/// # Errors
/// As [`fil`].
pub async fn flyt(
    register: &Enhetsregister,
    kilde: impl Read + Send + 'static,
    avtrykk: Option<Fingeravtrykk>,
    valg: &Importvalg,
    framdrift: Framdrift<'_>,
) -> Result<Importrapport, Feil> {
    let bytes = Arc::new(AtomicU64::new(0));
    let tellende = Tellende { kilde, lest: bytes.clone() };
    let mut poster = Poster::les(tellende, valg.innhold);
    let mut import = Import::begynn(register, valg, avtrykk).await?;
    while let Some(bunt) = poster.neste().await {
        import.bunt(bunt?).await?;
        framdrift(bytes.load(Ordering::Relaxed), import.rapport.lest);
    }
    import.ferdig().await
}

/// An import under way.
struct Import<'a> {
    register: &'a Enhetsregister,
    valg: &'a Importvalg,
    avtrykk: Option<Fingeravtrykk>,
    /// Everything of one import has one time, as one nightly batch has (sheet section 11.1).
    tid: Timestamp,
    sett: Vec<u32>,
    avviste: avvist::Avvistfil,
    rapport: Importrapport,
}

impl<'a> Import<'a> {
    async fn begynn(
        register: &'a Enhetsregister,
        valg: &'a Importvalg,
        avtrykk: Option<Fingeravtrykk>,
    ) -> Result<Self, Feil> {
        let mut rapport = Importrapport::default();
        if let (Some(avtrykk), Some(post)) =
            (&avtrykk, register.journal().record(STED, valg.innhold.ord().as_bytes()).await?)
        {
            let sted: Sted = serde_json::from_slice(&post.value)?;
            if sted.avtrykk == *avtrykk {
                rapport.gjenopptatt = sted.poster;
            }
        }
        let avviste = avvist::Avvistfil::ny(valg.avvist_til.clone(), rapport.gjenopptatt > 0);
        let tid = valg.stille.unwrap_or_else(|| register.naa());
        Ok(Self { register, valg, avtrykk, tid, sett: Vec::new(), avviste, rapport })
    }

    async fn bunt(&mut self, bunt: Bunt) -> Result<(), Feil> {
        let Some(siste) = bunt.last().map(|(nummer, _)| *nummer) else { return Ok(()) };
        let mut meldinger = Vec::with_capacity(bunt.len());
        for (nummer, post) in bunt {
            let lastet = nummer <= self.rapport.gjenopptatt;
            self.rapport.lest += 1;
            match post {
                Ok((orgnr, melding)) => {
                    self.sett.push(orgnr.verdi());
                    if !lastet {
                        meldinger.push(Datert { at: Some(self.tid), endringstype: None, melding });
                    }
                }
                Err(avvist) => self.avvis(avvist, lastet)?,
            }
        }
        if siste > self.rapport.gjenopptatt {
            tid::crash::point("import.batch.before");
            let (skriver, sted) = (self.register.skriver(), self.sted(Some(siste))?);
            let kvittering = match self.valg.stille {
                Some(_) => skriver.gjengi(self.tid, meldinger, &[], sted).await?,
                None => skriver.skriv(self.tid, meldinger, sted).await?,
            };
            self.rapport.nye += kvittering.nye;
            self.rapport.endrede += kvittering.endrede;
            self.rapport.uendrede += kvittering.uendrede;
            tid::crash::point("import.batch.after");
        }
        Ok(())
    }

    fn avvis(&mut self, avvist: Avvist, lastet: bool) -> Result<(), Feil> {
        self.rapport.avviste += 1;
        if !lastet {
            self.avviste.skriv(&avvist)?;
        }
        if self.rapport.eksempler.len() < 10 {
            self.rapport.eksempler.push(avvist);
        }
        Ok(())
    }

    /// The record of how far the import has come; `None` takes it away.
    fn sted(&self, poster: Option<u64>) -> Result<Vec<Step>, Feil> {
        let Some(avtrykk) = &self.avtrykk else { return Ok(Vec::new()) };
        let value = poster
            .map(|poster| serde_json::to_vec(&Sted { avtrykk: avtrykk.clone(), poster }))
            .transpose()?;
        let key = self.valg.innhold.ord().as_bytes().to_vec();
        Ok(vec![Step::Record { space: STED, key, value, guard: Guard::Any }])
    }

    /// The whole file has been read: what it does not mention may be gone.
    async fn ferdig(mut self) -> Result<Importrapport, Feil> {
        self.avviste.ferdig()?;
        self.sett.sort_unstable();
        self.sett.dedup();
        let (register, valg, tid) = (self.register, self.valg, self.tid);
        manglende::behandle(register, valg, tid, &self.sett, &mut self.rapport).await?;
        let borte = self.sted(None)?;
        register.skriver().skriv(tid, Vec::new(), borte).await?;
        Ok(self.rapport)
    }
}

/// What tells one file from another without reading all of it: length and a hash of its beginning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingeravtrykk {
    lengde: u64,
    hash: u64,
}

impl Fingeravtrykk {
    fn av(sti: &Path) -> Result<Self, Feil> {
        use std::hash::{DefaultHasher, Hasher};
        let fil = File::open(sti)?;
        let lengde = fil.metadata()?.len();
        let mut begynnelse = Vec::new();
        fil.take(64 * 1024).read_to_end(&mut begynnelse)?;
        let mut hash = DefaultHasher::new();
        hash.write(&begynnelse);
        Ok(Self { lengde, hash: hash.finish() })
    }
}

#[derive(Serialize, Deserialize)]
struct Sted {
    avtrykk: Fingeravtrykk,
    poster: u64,
}

/// Counts what is read of a file as it lies on disk.
struct Tellende<R> {
    kilde: R,
    lest: Arc<AtomicU64>,
}

impl<R: Read> Read for Tellende<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let antall = self.kilde.read(buffer)?;
        self.lest.fetch_add(antall as u64, Ordering::Relaxed);
        Ok(antall)
    }
}
