//! The synthetic nation, told to the register through the register's own writer: history and all.

use std::collections::HashSet;

use enhetsregisteret::endring::{Datert, Melding};
use enhetsregisteret::matrikkel::Matrikkelenhet;
use enhetsregisteret::modell::dokument::kanoniser;
use enhetsregisteret::modell::{Enhetstype, UgyldigDokument, rolleform};
use enhetsregisteret::{Enhetsregister, Feil};
use identifikator::Organisasjonsnummer;
use serde::Serialize;
use syntetisk::{Endring, Hendelse, Nasjon};
use tid::Timestamp;
use tokio::sync::mpsc;

use crate::progress::Meter;

/// Events in one change: large enough for few flushes to disk, small enough to hold in memory.
const BATCH: usize = 5_000;
/// Batches that may wait while one is written.
const AHEAD: usize = 2;

/// Tells the register the whole history of a nation.
///
/// # Errors
/// When the store fails.
pub async fn load(register: &Enhetsregister, nation: Nasjon, meter: &Meter) -> Result<(), Feil> {
    let day = Timestamp::start_of(nation.oppsett().dato);
    let mut batches = told(nation);
    let mut done = 0;
    while let Some(told) = batches.recv().await {
        match told? {
            Told::Changes { at, changes, all } => {
                done += changes.len() as u64;
                register.skriver().skriv(at, changes, Vec::new()).await?;
                meter.at(done, Some((done, all)));
            }
            Told::Properties(properties) => register.skriv_matrikkel(day, &properties).await?,
        }
    }
    Ok(())
}

enum Told {
    Changes { at: Timestamp, changes: Vec<Datert>, all: u64 },
    Properties(Vec<Matrikkelenhet>),
}

/// The nation, made on a thread of its own a few batches ahead of the writer.
fn told(nation: Nasjon) -> mpsc::Receiver<Result<Told, Feil>> {
    let (tell, batches) = mpsc::channel(AHEAD);
    tokio::task::spawn_blocking(move || {
        if tell_history(&nation, &tell).is_err() {
            return;
        }
        let mut properties = nation.matrikkel().map(|property| self::property(&property)).peekable();
        while properties.peek().is_some() {
            let some = properties.by_ref().take(BATCH).collect();
            if tell.blocking_send(Ok(Told::Properties(some))).is_err() {
                return;
            }
        }
    });
    batches
}

/// The receiver is gone: there is nobody to tell.
struct Gone;

/// Tells the history in batches. No document comes twice in a batch: a change keeps only the last version of each,
/// and every version is wanted.
fn tell_history(nation: &Nasjon, tell: &mpsc::Sender<Result<Told, Feil>>) -> Result<(), Gone> {
    let history = nation.historie();
    let all = history.len() as u64;
    let send = |told| tell.blocking_send(told).map_err(|_| Gone);
    let (mut at, mut batch, mut seen) = (Timestamp::default(), Vec::new(), HashSet::new());
    for event in history {
        let next = event.at;
        let change = match change(event) {
            Ok(change) => change,
            Err(error) => return send(Err(error.into())),
        };
        if batch.len() == BATCH || !seen.insert(change.melding.hvor()) {
            send(Ok(Told::Changes { at, changes: std::mem::take(&mut batch), all }))?;
            seen.clear();
            seen.insert(change.melding.hvor());
        }
        at = next;
        batch.push(change);
    }
    send(Ok(Told::Changes { at, changes: batch, all }))
}

fn change(event: Hendelse) -> Result<Datert, UgyldigDokument> {
    let melding = match event.endring {
        Endring::Enhet(unit) => enhet(Enhetstype::Enhet, &unit)?,
        Endring::Underenhet(unit) => enhet(Enhetstype::Underenhet, &unit)?,
        Endring::Slettet(kind, unit) => enhet(kind, &unit)?,
        Endring::Fjernet(kind, number, slettedato) => {
            Melding::Fjernet { kind, orgnr: number_of(number)?, slettedato }
        }
        Endring::Roller(number, roles) => {
            let orgnr = number_of(number)?;
            let roller = roles.map(|roles| rolleform::kanoniser(&json(&roles)?, Some(orgnr))).transpose()?;
            Melding::Roller { orgnr, roller: roller.map(|(_, roller)| roller) }
        }
    };
    Ok(Datert { at: Some(event.at), endringstype: Some(event.slag), melding })
}

fn enhet(kind: Enhetstype, unit: &impl Serialize) -> Result<Melding, UgyldigDokument> {
    Ok(Melding::Enhet { kind, enhet: kanoniser(&json(unit)?, kind)? })
}

fn json(document: &impl Serialize) -> Result<Vec<u8>, UgyldigDokument> {
    Ok(serde_json::to_vec(document)?)
}

fn number_of(number: u32) -> Result<Organisasjonsnummer, UgyldigDokument> {
    Organisasjonsnummer::fra_verdi(number).ok_or(UgyldigDokument::Organisasjonsnummer)
}

fn property(property: &syntetisk::Matrikkelenhet) -> Matrikkelenhet {
    Matrikkelenhet {
        orgnr: format!("{:09}", property.orgnr),
        kommnr: property.kommnr.to_owned(),
        gaardsnr: property.gaardsnr.to_string(),
        bruksnr: property.bruksnr.to_string(),
        festenr: property.festenr.map(|number| number.to_string()),
        matrikkelenhetid: property.matrikkelenhetid.to_string(),
        rekkefolge: property.rekkefolge.to_string(),
    }
}
