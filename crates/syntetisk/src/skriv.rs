//! The nation as files, in the formats of the official downloads (sheet section 12).

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use enhetsregisteret::Feil as Registerfeil;
use enhetsregisteret::lastned::json::Liste;
use enhetsregisteret::lastned::tabell::Csv;
use enhetsregisteret::modell::{Enhetstype, Versjon};
use enhetsregisteret::representasjon::{Form, enhet_i_fil, roller_i_fil};
use flate2::Compression;
use flate2::write::GzEncoder;
use folkeregisteret::{Deler, Rettighetspakke};
use identifikator::Organisasjonsnummer;
use serde::Serialize;
use tempfile::NamedTempFile;

use crate::Nasjon;

/// The files that [`skriv_alt`] writes, by name.
pub const FILER: [&str; 7] = [
    "enheter_alle.json.gz",
    "enheter_alle.csv.gz",
    "underenheter_alle.json.gz",
    "underenheter_alle.csv.gz",
    "roller_alle.json.gz",
    "matrikkelenheter.csv",
    "personer_alle.jsonl.gz",
];

/// Why the files could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Feil {
    /// The disk.
    #[error("filen kunne ikke skrives: {0}")]
    Fil(#[from] std::io::Error),
    /// A document could not be written as JSON.
    #[error("dokumentet kunne ikke skrives som JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// The register's own writers.
    #[error(transparent)]
    Register(#[from] Registerfeil),
}

/// What is told about the progress: the name of the file and how many of its elements are written. Called every
/// thousand elements and at the end, from several threads.
pub type Fremdrift<'a> = &'a (dyn Fn(&'static str, u64) + Sync);

/// How many elements are written between two reports.
const MELDING: u64 = 1000;

/// Writes all [`FILER`] into a directory, which is made if need be. A file is written aside and renamed, so
/// that a file that is there is whole. `base` is what links begin with, the public address of the API without a
/// slash at the end; only the role file has links.
///
/// # Errors
/// When a file cannot be written. Files that were finished before that stay.
pub fn skriv_alt(nasjon: &Nasjon, mappe: &Path, base: &str, fremdrift: Fremdrift<'_>) -> Result<(), Feil> {
    std::fs::create_dir_all(mappe)?;
    std::thread::scope(|traader| {
        let oppgaver = [
            traader.spawn(|| enheter(Enhetstype::Enhet, nasjon.enheter(), mappe, fremdrift)),
            traader.spawn(|| enheter(Enhetstype::Underenhet, nasjon.underenheter(), mappe, fremdrift)),
            traader.spawn(|| roller(nasjon, mappe, base, fremdrift)),
            traader.spawn(|| matrikkel(nasjon, mappe, fremdrift)),
            traader.spawn(|| personer(nasjon, mappe, fremdrift)),
        ];
        oppgaver.into_iter().try_for_each(|oppgave| match oppgave.join() {
            Ok(svar) => svar,
            Err(panikk) => std::panic::resume_unwind(panikk),
        })
    })
}

/// Both files of one kind of unit in one go, so that every unit is made once.
fn enheter<E: Serialize>(
    kind: Enhetstype,
    enheter: impl Iterator<Item = E>,
    mappe: &Path,
    fremdrift: Fremdrift<'_>,
) -> Result<(), Feil> {
    let [navn, tabellnavn] = match kind {
        Enhetstype::Enhet => [FILER[0], FILER[1]],
        Enhetstype::Underenhet => [FILER[2], FILER[3]],
    };
    let (json, tabell) = (Utfil::ny(mappe, navn)?, Utfil::ny(mappe, tabellnavn)?);
    let form = Form { versjon: Versjon::V2, utvidet: true };
    let mut liste = Liste::new(json.gzip()?);
    let mut rader = Csv::new(tabell.gzip()?, kind, true)?;
    let (mut lagret, mut i_fil) = (Vec::new(), Vec::new());
    let mut antall = 0;
    for enhet in enheter {
        lagret.clear();
        i_fil.clear();
        serde_json::to_writer(&mut lagret, &enhet)?;
        enhet_i_fil(&mut i_fil, &lagret, kind, form)?;
        liste.skriv(&i_fil)?;
        rader.skriv(&i_fil)?;
        antall += 1;
        if antall % MELDING == 0 {
            fremdrift(navn, antall);
        }
    }
    json.ferdig(liste.ferdig()?)?;
    tabell.ferdig(rader.ferdig()?)?;
    fremdrift(navn, antall);
    Ok(())
}

fn roller(nasjon: &Nasjon, mappe: &Path, base: &str, fremdrift: Fremdrift<'_>) -> Result<(), Feil> {
    let fil = Utfil::ny(mappe, FILER[4])?;
    let mut liste = Liste::new(fil.gzip()?);
    let mut antall = 0;
    for (nummer, roller) in nasjon.roller() {
        let Some(orgnr) = Organisasjonsnummer::fra_verdi(nummer) else { continue };
        let tre = roller_i_fil(&serde_json::to_vec(&roller)?, orgnr, base)?;
        liste.skriv(&serde_json::to_vec(&tre)?)?;
        antall += 1;
        if antall % MELDING == 0 {
            fremdrift(FILER[4], antall);
        }
    }
    fil.ferdig(liste.ferdig()?)?;
    fremdrift(FILER[4], antall);
    Ok(())
}

/// The open data have no file of these; ours is a plain CSV with the API's own field names.
fn matrikkel(nasjon: &Nasjon, mappe: &Path, fremdrift: Fremdrift<'_>) -> Result<(), Feil> {
    let fil = Utfil::ny(mappe, FILER[5])?;
    let mut ut = fil.raa()?;
    writeln!(ut, "orgnr,kommnr,gaardsnr,bruksnr,festenr,matrikkelenhetid,rekkefolge")?;
    let mut antall = 0;
    for m in nasjon.matrikkel() {
        let feste = m.festenr.map(|nr| nr.to_string()).unwrap_or_default();
        write!(ut, "{},{},{},{},", m.orgnr, m.kommnr, m.gaardsnr, m.bruksnr)?;
        writeln!(ut, "{feste},{},{}", m.matrikkelenhetid, m.rekkefolge)?;
        antall += 1;
    }
    ut.flush()?;
    fil.gi_navn()?;
    fremdrift(FILER[5], antall);
    Ok(())
}

/// Folkeregisteret has no file of everybody; ours has a line for each person: the document of today with history, as those
/// with the widest rights get it.
fn personer(nasjon: &Nasjon, mappe: &Path, fremdrift: Fremdrift<'_>) -> Result<(), Feil> {
    let fil = Utfil::ny(mappe, FILER[6])?;
    let mut ut = fil.gzip()?;
    let (deler, mut linje, mut antall) = (Deler::alt(), Vec::new(), 0);
    for nr in 0..nasjon.grender() {
        let grend = nasjon.grend(nr);
        for i in 0..grend.antall() {
            let Some(dokument) = grend.versjoner(i).siste() else { continue };
            linje.clear();
            Rettighetspakke::OffentligMedHjemmel.filtrer(dokument, &deler).skriv_json(&mut linje);
            linje.push(b'\n');
            ut.write_all(&linje)?;
            antall += 1;
            if antall % MELDING == 0 {
                fremdrift(FILER[6], antall);
            }
        }
    }
    fil.ferdig(ut)?;
    fremdrift(FILER[6], antall);
    Ok(())
}

/// A file that others may read once it has its name: temporary files are otherwise their maker's own.
fn aside(mappe: &Path) -> std::io::Result<NamedTempFile> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        tempfile::Builder::new().permissions(std::fs::Permissions::from_mode(0o644)).tempfile_in(mappe)
    }
    #[cfg(not(unix))]
    NamedTempFile::new_in(mappe)
}

/// A file that gets its name when it is whole.
struct Utfil<'a> {
    mappe: &'a Path,
    navn: &'static str,
    midlertidig: NamedTempFile,
}

type Gzip = GzEncoder<BufWriter<File>>;

impl<'a> Utfil<'a> {
    fn ny(mappe: &'a Path, navn: &'static str) -> Result<Self, Feil> {
        Ok(Self { mappe, navn, midlertidig: aside(mappe)? })
    }

    fn raa(&self) -> Result<BufWriter<File>, Feil> {
        Ok(BufWriter::with_capacity(256 * 1024, self.midlertidig.as_file().try_clone()?))
    }

    fn gzip(&self) -> Result<Gzip, Feil> {
        Ok(GzEncoder::new(self.raa()?, Compression::new(6)))
    }

    fn ferdig(self, gzip: Gzip) -> Result<(), Feil> {
        gzip.finish()?.flush()?;
        self.gi_navn()
    }

    fn gi_navn(self) -> Result<(), Feil> {
        self.midlertidig.as_file().sync_all()?;
        self.midlertidig.persist(self.mappe.join(self.navn)).map_err(|e| Feil::Fil(e.error))?;
        Ok(())
    }
}
