//! Making one download file.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use flate2::Compression;
use flate2::write::GzEncoder;
use identifikator::Organisasjonsnummer;
use journal::{Collection, Seq, SharedJournal, Version};
use tempfile::NamedTempFile;

use super::json::Liste;
use super::parquet::{Enhetstabell, Rolletabell};
use super::tabell::{Csv, Regneark};
use super::{Fil, Meld, Utgave};
use crate::Feil;
use crate::endring::{ENHETER, ROLLER};
use crate::modell::{Dokument, Enhetstype};
use crate::representasjon::{self, Form};

/// How many documents are read at a time.
const BOLK: usize = 2000;

/// One file to make.
pub(super) struct Oppdrag {
    pub(super) fil: Fil,
    pub(super) utgave: Utgave,
    pub(super) form: Form,
    pub(super) base: String,
    pub(super) sti: PathBuf,
    pub(super) meld: Meld,
}

impl Oppdrag {
    /// Makes the file aside and renames it into place.
    pub(super) async fn utfor(self, journal: &SharedJournal) -> Result<(), Feil> {
        let mappe = self.sti.parent().unwrap_or(Path::new("."));
        let midlertidig = NamedTempFile::new_in(mappe)?;
        let ut = BufWriter::with_capacity(256 * 1024, midlertidig.as_file().try_clone()?);
        match self.fil {
            Fil::Json(kind, _) => {
                let mut liste = Liste::new(gzip(ut));
                self.enheter(journal, kind, |enhet| Ok(liste.skriv(enhet)?)).await?;
                avslutt(liste.ferdig()?)?;
            }
            Fil::Csv(kind) => {
                let mut tabell = Csv::new(gzip(ut), kind, self.form.utvidet)?;
                self.enheter(journal, kind, |enhet| tabell.skriv(enhet)).await?;
                avslutt(tabell.ferdig()?)?;
            }
            Fil::Regneark(kind, versjon) => {
                let mut bok = Regneark::new(kind, versjon, self.form.utvidet, (mappe, self.utgave.laget))?;
                self.enheter(journal, kind, |enhet| bok.skriv(enhet)).await?;
                bok.ferdig(midlertidig.as_file().try_clone()?)?;
            }
            Fil::Roller => {
                let mut liste = Liste::new(gzip(ut));
                self.roller(journal, |orgnr, lagret| self.rolleelement(&mut liste, orgnr, lagret)).await?;
                avslutt(liste.ferdig()?)?;
            }
            Fil::Parquet(kind) => {
                let mut tabell = Enhetstabell::new(ut, kind, self.form.utvidet, self.utgave.sekvensnummer)?;
                self.enheter(journal, kind, |enhet| tabell.skriv(enhet)).await?;
                tabell.ferdig()?.flush()?;
            }
            Fil::ParquetRoller => {
                let mut tabell = Rolletabell::new(ut, self.utgave.sekvensnummer)?;
                self.roller(journal, |orgnr, lagret| tabell.skriv(orgnr, &serde_json::from_slice(lagret)?))
                    .await?;
                tabell.ferdig()?.flush()?;
            }
        }
        // When the content was so, not when it was written out: who follows the feeds from there misses nothing.
        let millis = u64::try_from(self.utgave.laget.as_millis()).unwrap_or(0);
        midlertidig.as_file().set_modified(SystemTime::UNIX_EPOCH + Duration::from_millis(millis))?;
        midlertidig.as_file().sync_all()?;
        tid::crash::point("lastned.rename.before");
        midlertidig.persist(&self.sti).map_err(|e| Feil::Fil(e.error))?;
        Ok(())
    }

    /// Hands over every live unit, as the JSON download has it.
    async fn enheter(
        &self,
        journal: &SharedJournal,
        kind: Enhetstype,
        mut ta: impl FnMut(&[u8]) -> Result<(), Feil>,
    ) -> Result<(), Feil> {
        let mut buffer = Vec::new();
        let mut bolker = Bolker::new(kind.samling(), self.utgave.sekvensnummer);
        while let Some(bolk) = bolker.neste(journal).await? {
            (self.meld)(bolker.lest);
            for versjon in bolk.iter().filter(|v| !v.removed) {
                if Dokument::les(&versjon.body)?.er_slettet() {
                    continue;
                }
                buffer.clear();
                representasjon::enhet_i_fil(&mut buffer, &versjon.body, kind, self.form)?;
                ta(&buffer)?;
            }
        }
        Ok(())
    }

    /// One unit's roles in the role download.
    fn rolleelement<W: Write>(
        &self,
        liste: &mut Liste<W>,
        orgnr: Organisasjonsnummer,
        lagret: &[u8],
    ) -> Result<(), Feil> {
        let roller = representasjon::roller_i_fil(lagret, orgnr, &self.base)?;
        if roller["rollegrupper"].as_array().is_some_and(|g| !g.is_empty()) {
            liste.skriv(&serde_json::to_vec(&roller)?)?;
        }
        Ok(())
    }

    /// Hands over the stored roles of every live unit.
    async fn roller(
        &self,
        journal: &SharedJournal,
        mut ta: impl FnMut(Organisasjonsnummer, &[u8]) -> Result<(), Feil>,
    ) -> Result<(), Feil> {
        let mut bolker = Bolker::new(ROLLER, self.utgave.sekvensnummer);
        while let Some(bolk) = bolker.neste(journal).await? {
            (self.meld)(bolker.lest);
            let ider: Vec<u64> = bolk.iter().map(|v| v.id).collect();
            let enheter =
                journal.get_many(ENHETER, &ider, journal::AsOf::Seq(self.utgave.sekvensnummer)).await?;
            for (versjon, enhet) in bolk.iter().zip(enheter) {
                let lever = match &enhet {
                    Some(enhet) => !enhet.removed && !Dokument::les(&enhet.body)?.er_slettet(),
                    None => true,
                };
                let orgnr = u32::try_from(versjon.id).ok().and_then(Organisasjonsnummer::fra_verdi);
                let (true, false, Some(orgnr)) = (lever, versjon.removed, orgnr) else { continue };
                ta(orgnr, &versjon.body)?;
            }
        }
        Ok(())
    }
}

fn gzip<W: Write>(ut: W) -> GzEncoder<W> {
    GzEncoder::new(ut, Compression::new(6))
}

fn avslutt(gz: GzEncoder<BufWriter<File>>) -> Result<(), Feil> {
    Ok(gz.finish()?.flush()?)
}

/// A collection at a sequence number, a handful at a time.
struct Bolker {
    samling: Collection,
    seq: Seq,
    etter: Option<u64>,
    lest: u64,
    slutt: bool,
}

impl Bolker {
    fn new(samling: Collection, seq: Seq) -> Self {
        Self { samling, seq, etter: None, lest: 0, slutt: false }
    }

    async fn neste(&mut self, journal: &SharedJournal) -> Result<Option<Vec<Version>>, Feil> {
        if self.slutt {
            return Ok(None);
        }
        let bolk = journal.scan(self.samling, self.seq, self.etter, BOLK).await?;
        self.slutt = bolk.len() < BOLK;
        self.lest += bolk.len() as u64;
        self.etter = bolk.last().map(|v| v.id);
        Ok(Some(bolk))
    }
}
