//! What is told back to senders: events in cases, by contract, on a feed of their own for each (producer sheet, chapter 7).

use journal::{Guard, SharedJournal, Step};
use serde_json::{Map, Value, json};
use tid::{Moment, Timestamp};

use crate::Feil;
use crate::lager::{BAKFRA, TILBAKEMELDINGER, merk, noekkel, sett, siste_del};
use crate::ressurs::{Ressurs, Tilbakemeldingskontrakt};
use crate::sak::{Begrunnelse, Kode, Sak, Tildelt, Vedtak};

/// Days from a case is opened until somebody should have decided it (section 5.1).
const FRIST_DAGER: i32 = 5;
/// Largest page.
pub const SIDE_MAKS: usize = 100;

/// What became of a case.
pub enum Beslutningsinnhold {
    /// It was done.
    Ja(Vedtak, Vec<Begrunnelse>),
    /// It was not.
    Nei {
        /// The decision.
        beslutning: crate::sak::Beslutning,
        /// Why.
        begrunnelse: Begrunnelse,
        /// The number that the person has already.
        eksisterende: Option<u64>,
    },
}

/// Which contract an event is told in.
fn kontrakt(ressurs: &Ressurs, har_vaert_manuell: bool) -> Tilbakemeldingskontrakt {
    match ressurs.tilbakemelding {
        // That contract has no manual treatment (section 6.11).
        Tilbakemeldingskontrakt::EndringAvDNummerPerson if har_vaert_manuell => {
            Tilbakemeldingskontrakt::Folkeregistrering
        }
        annen => annen,
    }
}

/// The case as every contract begins.
fn hode(ressurs: &Ressurs, kontrakt: Tilbakemeldingskontrakt, sak: &Sak) -> Map<String, Value> {
    let mut felter = Map::new();
    if kontrakt == Tilbakemeldingskontrakt::Folkeregistrering {
        felter.insert("sakstype".to_owned(), ressurs.sakstype.into());
    }
    felter.insert("saksnummer".to_owned(), sak.saksnummer.clone().into());
    felter.insert("opprettet".to_owned(), sak.opprettet().to_string().into());
    if let Some(saksreferanse) = &sak.saksreferanse {
        felter.insert("avsendersSaksreferanse".to_owned(), saksreferanse.as_str().into());
    }
    let referanse = json!({
        "avsendersMeldingsidentifikator": sak.meldingsidentifikator.as_deref().unwrap_or(""),
        "folkeregisterReferanse": sak.referanse,
    });
    felter.insert("meldingsreferanse".to_owned(), referanse);
    if kontrakt == Tilbakemeldingskontrakt::Folkeregistrering {
        return felter;
    }
    let mut ut = Map::new();
    ut.insert("sak".to_owned(), felter.into());
    ut
}

/// "Sent to manual treatment"; `None` if nothing is told of this resource.
pub fn manuell(ressurs: &Ressurs, sak: &Sak) -> Option<Value> {
    let kontrakt = kontrakt(ressurs, true);
    let frist = sak.opprettet().date_oslo().plus_days(FRIST_DAGER).to_string();
    let mut ut = hode(ressurs, kontrakt, sak);
    let innhold = match kontrakt {
        Tilbakemeldingskontrakt::Ingen => return None,
        Tilbakemeldingskontrakt::Rekvisisjon => {
            let duf = sak.begrunnelser.iter().any(|b| b.kode == Kode::DufNummerIBruk.kode());
            let kode = if duf { Kode::DufNummerIBruk } else { Kode::MuligDublett };
            json!({ "saksfrist": frist, "begrunnelse": kode.kode() })
        }
        _ => json!({ "saksfrist": frist, "begrunnelse": sak.begrunnelser }),
    };
    ut.insert("sakTilManuellBehandling".to_owned(), innhold);
    Some(hendelse(kontrakt, &ut))
}

/// "Decided"; `None` if nothing is told of this resource.
pub fn beslutning(
    ressurs: &Ressurs,
    (sak, melding): (&Sak, &Value),
    har_vaert_manuell: bool,
    innhold: &Beslutningsinnhold,
    at: Timestamp,
) -> Option<Value> {
    let kontrakt = kontrakt(ressurs, har_vaert_manuell);
    let mut ut = hode(ressurs, kontrakt, sak);
    let beslutning = match innhold {
        Beslutningsinnhold::Ja(vedtak, _) => vedtak.beslutning,
        Beslutningsinnhold::Nei { beslutning, .. } => *beslutning,
    };
    let mut felter = Map::new();
    felter.insert("beslutning".to_owned(), beslutning.kode().into());
    felter.insert("beslutningstidspunkt".to_owned(), at.to_string().into());
    match kontrakt {
        Tilbakemeldingskontrakt::Ingen => return None,
        Tilbakemeldingskontrakt::Folkeregistrering => {
            folkeregistrering(&mut felter, ressurs, melding, innhold);
        }
        Tilbakemeldingskontrakt::Rekvisisjon => rekvisisjon(&mut felter, innhold, at),
        Tilbakemeldingskontrakt::EndringAvDNummerPerson => dnummerperson(&mut felter, innhold, at),
    }
    ut.insert("saksbeslutning".to_owned(), felter.into());
    Some(hendelse(kontrakt, &ut))
}

/// An event with the name of the contract that it is in.
fn hendelse(kontrakt: Tilbakemeldingskontrakt, hendelseinfo: &Map<String, Value>) -> Value {
    json!({ "kontrakt": kontrakt.navn(), "hendelseinfo": hendelseinfo })
}

fn folkeregistrering(
    felter: &mut Map<String, Value>,
    ressurs: &Ressurs,
    melding: &Value,
    innhold: &Beslutningsinnhold,
) {
    let (kode, tekst, begrunnelser) = match innhold {
        Beslutningsinnhold::Ja(vedtak, merknader) => {
            let (kode, tekst) = vedtak.resultat.unwrap_or((ressurs.resultat.0, ressurs.beskrivelse.0));
            (kode, tekst, merknader.clone())
        }
        Beslutningsinnhold::Nei { begrunnelse, .. } => {
            let (kode, tekst) = ressurs.avslag(melding);
            (kode, tekst, vec![begrunnelse.clone()])
        }
    };
    felter.insert("resultatkode".to_owned(), kode.into());
    felter.insert("resultatbeskrivelse".to_owned(), tekst.into());
    if !begrunnelser.is_empty() {
        felter.insert("begrunnelse".to_owned(), json!(begrunnelser));
    }
    if let Beslutningsinnhold::Ja(Vedtak { tildelt: Some(tildelt), .. }, _) = innhold {
        let Tildelt { nummer, type_, avviker } = tildelt;
        let person = json!({
            "foedselsEllerDNummer": nummer,
            "identifikatortype": type_.kode(),
            "tildeltIdentifikatorAvvikerFraFoedselsdato": avviker,
        });
        felter.insert("opprettetFolkeregisterperson".to_owned(), person);
    }
}

/// The date of a moment as the feed has it: midnight in Oslo, in UTC (section 6.12).
fn midnatt(at: Timestamp) -> String {
    let midnatt = Moment::midnight_oslo(at.date_oslo()).timestamp();
    // Whole seconds, without decimals, as in the documented example.
    midnatt.to_string().replace(".000Z", "Z")
}

fn rekvisisjon(felter: &mut Map<String, Value>, innhold: &Beslutningsinnhold, at: Timestamp) {
    match innhold {
        Beslutningsinnhold::Ja(Vedtak { tildelt: Some(tildelt), .. }, _) => {
            let tildeling = json!({
                "dNummer": tildelt.nummer,
                "registreringstidspunkt": midnatt(at),
                "gyldighetstidspunkt": midnatt(at),
                "tildeltDnummerAvvikerFraFoedselsdato": tildelt.avviker,
            });
            felter.insert("skalTildeleDNummer".to_owned(), tildeling);
        }
        annet => {
            let mut ikke = Map::new();
            ikke.insert("begrunnelse".to_owned(), tekst(annet).into());
            if let Beslutningsinnhold::Nei { eksisterende: Some(nummer), .. } = annet {
                ikke.insert("eksisterendeIdNummer".to_owned(), format!("{nummer:011}").into());
            }
            felter.insert("skalIkkeTildeleDNummer".to_owned(), ikke.into());
        }
    }
}

/// A refusal in words.
fn tekst(innhold: &Beslutningsinnhold) -> String {
    match innhold {
        Beslutningsinnhold::Ja(..) => String::new(),
        Beslutningsinnhold::Nei { begrunnelse, .. } => {
            begrunnelse.merknad.clone().unwrap_or_else(|| begrunnelse.navn.clone())
        }
    }
}

fn dnummerperson(felter: &mut Map<String, Value>, innhold: &Beslutningsinnhold, at: Timestamp) {
    match innhold {
        Beslutningsinnhold::Ja(vedtak, _) => {
            let endring = json!({
                "dNummer": vedtak.endret,
                "registreringstidspunkt": at.to_string(),
                "gyldighetstidspunkt": at.to_string(),
            });
            felter.insert("skalEndrePersoninformasjon".to_owned(), endring);
        }
        Beslutningsinnhold::Nei { begrunnelse, .. } => {
            let ikke = json!({ "avvisningskode": begrunnelse.kode, "begrunnelse": tekst(innhold) });
            felter.insert("skalIkkeEndrePersoninformasjon".to_owned(), ikke);
        }
    }
}

/// The steps that put an event on an organisation's feed under a number.
///
/// # Errors
/// When the event cannot be written.
pub fn publiser(orgnr: u64, nummer: u64, at: Timestamp, hendelse: &Value) -> Result<[Step; 2], Feil> {
    let post = json!({ "updated": at.to_string(), "hendelse": hendelse });
    Ok([
        sett(TILBAKEMELDINGER, noekkel(&[orgnr, nummer]), &post, Guard::Absent)?,
        merk(BAKFRA, noekkel(&[orgnr, u64::MAX - nummer]), Guard::Absent),
    ])
}

/// An event on the feed.
#[derive(Clone)]
pub struct Post {
    /// Its number.
    pub id: u64,
    /// When it was published.
    pub updated: String,
    /// The name of its contract.
    pub kontrakt: String,
    /// What it says.
    pub hendelseinfo: Value,
}

impl std::fmt::Debug for Post {
    /// Without content: it is personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Post({})", self.id)
    }
}

/// Which way to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retning {
    /// From the number on, rising.
    Nyere,
    /// From the number back, falling.
    Eldre,
}

/// A page of an organisation's feed, and whether there is more that way.
///
/// # Errors
/// When the store fails.
pub async fn side(
    journal: &SharedJournal,
    orgnr: u64,
    seq: u64,
    retning: Retning,
    antall: usize,
) -> Result<(Vec<Post>, bool), Feil> {
    let (space, fra) = match retning {
        Retning::Nyere => (TILBAKEMELDINGER, seq),
        Retning::Eldre => (BAKFRA, u64::MAX - seq),
    };
    let prefiks = noekkel(&[orgnr]);
    // What comes after the greatest key below the first wanted one.
    let etter = fra.checked_sub(1).map(|foer| noekkel(&[orgnr, foer]));
    let mut funnet = journal.records(space, &prefiks, etter.as_deref(), antall + 1).await?;
    let mer = funnet.len() > antall;
    funnet.truncate(antall);
    let mut poster = Vec::with_capacity(funnet.len());
    for record in funnet {
        let Some(id) = siste_del(&record.key) else { continue };
        match retning {
            Retning::Nyere => poster.push(post(id, &record.value)?),
            Retning::Eldre => {
                let id = u64::MAX - id;
                let record = journal.record(TILBAKEMELDINGER, &noekkel(&[orgnr, id])).await?;
                poster.push(post(id, &record.ok_or(Feil::Mangler("en tilbakemelding"))?.value)?);
            }
        }
    }
    Ok((poster, mer))
}

fn post(id: u64, verdi: &[u8]) -> Result<Post, Feil> {
    let mut lest: Value = serde_json::from_slice(verdi)?;
    let tekst = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    Ok(Post {
        id,
        updated: tekst(&lest["updated"]),
        kontrakt: tekst(&lest["hendelse"]["kontrakt"]),
        hendelseinfo: lest["hendelse"]["hendelseinfo"].take(),
    })
}
