//! News and operations messages: what the register tells those who use it (producer sheet, chapter 13; consumer sheet,
//! chapter 15).

mod vis;

use journal::{Change, Guard, JournalError, Step};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};
use tid::{Date, Moment, Timestamp};

use crate::kommando::Avslag;
use crate::lager::{NYHETER, NYHETSADRESSER, TILSTAND, noekkel, sett, siste_del, slett};
use crate::{Feil, Produsent};

pub use vis::{forside, html, nyhetsside, rss};

/// Longest title, in characters.
const TITTEL_MAKS: usize = 200;
/// Longest text, in bytes.
const INNHOLD_MAKS: usize = 32 * 1024;
/// Most messages; the real feed has some five hundred.
const ANTALL_MAKS: u64 = 5_000;
/// How often a message is written again, should another be written at the same time.
const FORSOEK: usize = 4;
/// Where the state of the list stands.
const STAND: &[u8] = b"nyheter";
/// Addresses that are no message's.
const OPPTATT: [&str; 2] = ["rss.xml", "nyheter"];
/// What a demo begins with: what the real page told in the autumn of 2021 (seed 000), in our words.
const DEMO: &str = include_str!("../../data/nyheter.json");

/// Which list a message is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Type {
    /// News.
    Nyhet,
    /// An operations message.
    Driftsvarsel,
}

/// How what a message tells of stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the sheet's own words")]
pub enum Status {
    Planlagt,
    Paagaar,
    Loest,
    Avlyst,
}

/// Whom a message concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the sheet's own words")]
pub enum Gjelder {
    Produsent,
    Konsument,
    Begge,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nyhet {
    /// Which list.
    #[serde(rename = "type")]
    pub type_: Type,
    /// The title, unlike all others: its address is made of it.
    pub tittel: String,
    /// The time that it is shown under.
    #[serde(serialize_with = "skriv_tidspunkt", deserialize_with = "tolk_tidspunkt")]
    pub tidspunkt: Timestamp,
    /// The text, in Markdown.
    pub innhold: String,
    /// How it stands, if that is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Whom it concerns, if that is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gjelder: Option<Gjelder>,
}

/// What is to be another in a message; what is `None` stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Endring {
    /// The title.
    pub tittel: Option<String>,
    /// The time, as [`les_tidspunkt`] reads it.
    pub tidspunkt: Option<String>,
    /// The text.
    pub innhold: Option<String>,
    /// How it stands.
    pub status: Option<Valg<Status>>,
    /// Whom it concerns.
    pub gjelder: Option<Valg<Gjelder>>,
}

/// What may be said or left unsaid.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Valg<T> {
    /// Nothing is said of it.
    Ingen,
    /// This.
    Er(T),
}

impl<T> From<Valg<T>> for Option<T> {
    fn from(valg: Valg<T>) -> Self {
        match valg {
            Valg::Ingen => None,
            Valg::Er(verdi) => Some(verdi),
        }
    }
}

/// An order about messages.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "nyhet")]
pub enum Ordre {
    /// All, newest first.
    Liste,
    /// One.
    Vis {
        /// Which.
        id: u64,
    },
    /// A new one; without a time it is now.
    Ny {
        /// Which list.
        liste: Type,
        /// What it says; title and text must be there.
        felt: Endring,
    },
    /// Another wording of one.
    Endre {
        /// Which.
        id: u64,
        /// What is to be another.
        felt: Endring,
    },
    /// Takes one away.
    Slett {
        /// Which.
        id: u64,
    },
}

/// How far the list has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stand {
    /// The highest number that a message has had.
    pub siste: u64,
    /// How many there are.
    pub antall: u64,
    /// One more for every change.
    pub versjon: u64,
    /// When the last change was.
    pub endret: Timestamp,
}

/// What becomes of a message.
enum Skritt {
    Ny(Nyhet),
    Endre(u64, Endring),
    Slett(u64),
}

/// A message as it was and as it will be.
struct Bytte {
    /// None for a new one.
    id: Option<u64>,
    gammel: Option<Nyhet>,
    ny: Option<Nyhet>,
}

/// Reads a date, a date with time, or both with a zone; without one it is GMT (sheet, chapter 13).
///
/// # Errors
/// The text when it is none of these.
pub fn les_tidspunkt(tekst: &str) -> Result<Timestamp, String> {
    if let Ok(dato) = Date::parse(tekst) {
        return Ok(Timestamp::start_of(dato));
    }
    let former = [tekst.to_owned(), format!("{tekst}Z"), format!("{tekst}:00")];
    let moment = former.iter().find_map(|form| Moment::parse(form).ok());
    moment.map(Moment::timestamp).ok_or_else(|| format!("{tekst} er ikke en dato eller et tidspunkt"))
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
fn skriv_tidspunkt<S: Serializer>(tidspunkt: &Timestamp, ut: S) -> Result<S::Ok, S::Error> {
    ut.collect_str(tidspunkt)
}

fn tolk_tidspunkt<'de, D: Deserializer<'de>>(inn: D) -> Result<Timestamp, D::Error> {
    les_tidspunkt(&String::deserialize(inn)?).map_err(serde::de::Error::custom)
}

impl Nyhet {
    /// The last part of its address: the title in lower case, without Norwegian letters, with hyphens for spaces. Dots stay.
    pub fn adresse(&self) -> String {
        let mut ut = String::with_capacity(self.tittel.len());
        for tegn in self.tittel.to_lowercase().chars() {
            match tegn {
                'æ' => ut.push_str("ae"),
                'ø' => ut.push('o'),
                'å' => ut.push('a'),
                tegn if tegn.is_whitespace() => ut.push('-'),
                tegn if tegn.is_ascii_alphanumeric() || "-._".contains(tegn) => ut.push(tegn),
                _ => {}
            }
        }
        ut
    }

    /// What the heading over it says: the title is not shown of operations messages (sheet, chapter 13).
    pub fn overskrift(&self) -> String {
        let tid = self.tidspunkt.to_string();
        match self.type_ {
            Type::Nyhet => format!("{} - {}", &tid[..10], self.tittel),
            Type::Driftsvarsel => tid[..19].to_owned(),
        }
    }

    fn gyldig(&self) -> Result<(), Avslag> {
        let umulig = |hvorfor: &str| Err(Avslag::Umulig(hvorfor.to_owned()));
        // What XML cannot hold cannot be on the feed.
        let ulovlig = |tegn: char| {
            (tegn.is_control() && !matches!(tegn, '\n' | '\t')) || matches!(tegn, '\u{fffe}' | '\u{ffff}')
        };
        if self.tittel.trim().is_empty() || self.tittel.chars().count() > TITTEL_MAKS {
            return umulig("tittelen må ha mellom 1 og 200 tegn");
        }
        if self.innhold.trim().is_empty() || self.innhold.len() > INNHOLD_MAKS {
            return umulig("innholdet må ha tekst, og høyst 32 kB");
        }
        if self.tittel.contains(['\n', '\t'])
            || self.tittel.contains(ulovlig)
            || self.innhold.contains(ulovlig)
        {
            return umulig("teksten har tegn som ikke kan vises");
        }
        let adresse = self.adresse();
        if !adresse.contains(|tegn: char| tegn.is_ascii_alphanumeric()) || OPPTATT.contains(&&*adresse) {
            return umulig("tittelen gir ingen adresse");
        }
        Ok(())
    }

    fn med(mut self, felt: Endring) -> Result<Self, Avslag> {
        self.tittel = felt.tittel.unwrap_or(self.tittel);
        self.innhold = felt.innhold.map_or(self.innhold, |tekst| tekst.replace("\r\n", "\n"));
        if let Some(tekst) = felt.tidspunkt {
            self.tidspunkt = les_tidspunkt(&tekst).map_err(Avslag::Umulig)?;
        }
        self.status = felt.status.map_or(self.status, Option::from);
        self.gjelder = felt.gjelder.map_or(self.gjelder, Option::from);
        self.gyldig().map(|()| self)
    }
}

impl Produsent {
    /// How far the list of messages has come.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn nyhetsstand(&self) -> Result<Stand, Feil> {
        Ok(self.lest_stand().await?.0)
    }

    async fn lest_stand(&self) -> Result<(Stand, Guard), Feil> {
        let Some(record) = self.journal.record(TILSTAND, STAND).await? else {
            return Ok((Stand::default(), Guard::Absent));
        };
        Ok((serde_json::from_slice(&record.value)?, Guard::SetAt(record.seq)))
    }

    /// All messages with their numbers, newest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn nyheter(&self) -> Result<Vec<(u64, Nyhet)>, Feil> {
        let mut alle: Vec<(u64, Nyhet)> = Vec::new();
        let mut etter: Option<Vec<u8>> = None;
        loop {
            let bunt = self.journal.records(NYHETER, &[], etter.as_deref(), 500).await?;
            for record in &bunt {
                let id = siste_del(&record.key).ok_or(Feil::Mangler("et nummer på en nyhet"))?;
                alle.push((id, serde_json::from_slice(&record.value)?));
            }
            match bunt.last() {
                Some(siste) if bunt.len() == 500 => etter = Some(siste.key.clone()),
                _ => break,
            }
        }
        alle.sort_by_key(|(id, nyhet)| std::cmp::Reverse((nyhet.tidspunkt, *id)));
        Ok(alle)
    }

    /// The message with an address.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn nyhet_med_adresse(&self, adresse: &str) -> Result<Option<Nyhet>, Feil> {
        // No address is longer than what the longest title gives.
        if adresse.len() > 2 * TITTEL_MAKS {
            return Ok(None);
        }
        let record = self.journal.record(NYHETSADRESSER, adresse.as_bytes()).await?;
        match record.and_then(|record| siste_del(&record.value)) {
            Some(id) => self.nyhet(id).await,
            None => Ok(None),
        }
    }

    async fn nyhet(&self, id: u64) -> Result<Option<Nyhet>, Feil> {
        let record = self.journal.record(NYHETER, &noekkel(&[id])).await?;
        Ok(record.map(|record| serde_json::from_slice(&record.value)).transpose()?)
    }

    async fn kjent_nyhet(&self, id: u64) -> Result<Nyhet, Avslag> {
        self.nyhet(id).await?.ok_or(Avslag::Ukjent("meldingen finnes ikke"))
    }

    /// Carries out an order about messages.
    ///
    /// # Errors
    /// [`Avslag`] when it cannot be; then nothing is changed.
    pub async fn utfor_nyhet(&self, ordre: Ordre) -> Result<Value, Avslag> {
        Ok(match ordre {
            Ordre::Liste => self.nyheter().await?.iter().map(|(id, nyhet)| vist(*id, nyhet)).collect(),
            Ordre::Vis { id } => vist(id, &self.kjent_nyhet(id).await?),
            Ordre::Ny { liste, felt } => {
                let tom = Nyhet {
                    type_: liste,
                    tittel: String::new(),
                    tidspunkt: self.register.naa(),
                    innhold: String::new(),
                    status: None,
                    gjelder: None,
                };
                self.skriv_nyhet(Skritt::Ny(tom.med(felt)?)).await?
            }
            Ordre::Endre { id, felt } => self.skriv_nyhet(Skritt::Endre(id, felt)).await?,
            Ordre::Slett { id } => self.skriv_nyhet(Skritt::Slett(id)).await?,
        })
    }

    /// Writes what a demo begins with.
    ///
    /// # Errors
    /// [`Avslag`] when a message cannot be written.
    pub async fn skriv_demonyheter(&self) -> Result<(), Avslag> {
        let alle: Vec<Nyhet> = serde_json::from_str(DEMO).map_err(Feil::from)?;
        for nyhet in alle {
            nyhet.gyldig()?;
            self.skriv_nyhet(Skritt::Ny(nyhet)).await?;
        }
        Ok(())
    }

    /// The message as it is afterwards, or the number of the one that was taken away.
    async fn skriv_nyhet(&self, skritt: Skritt) -> Result<Value, Avslag> {
        for _ in 0..FORSOEK {
            let (stand, vakt) = self.lest_stand().await?;
            // Read after the guard: what it was when it is written, is what was looked at here.
            let bytte = self.bytte(&skritt).await?;
            self.kan_skrives(&bytte, stand).await?;
            let now = self.register.naa();
            let (id, ny_stand, mut steps) = steg(&bytte, stand, now)?;
            steps.push(sett(TILSTAND, STAND.to_vec(), &ny_stand, vakt).map_err(Feil::from)?);
            match self.journal.append(Change { at: now, steps }).await {
                Ok(_) => return Ok(bytte.ny.map_or_else(|| json!({ "id": id }), |ny| vist(id, &ny))),
                Err(JournalError::Conflict { .. }) => {}
                Err(feil) => return Err(Feil::from(feil).into()),
            }
        }
        Err(Avslag::Umulig("en annen melding ble skrevet samtidig".to_owned()))
    }

    async fn bytte(&self, skritt: &Skritt) -> Result<Bytte, Avslag> {
        Ok(match skritt {
            Skritt::Ny(ny) => Bytte { id: None, gammel: None, ny: Some(ny.clone()) },
            Skritt::Endre(id, felt) => {
                let gammel = self.kjent_nyhet(*id).await?;
                let ny = gammel.clone().med(felt.clone())?;
                Bytte { id: Some(*id), gammel: Some(gammel), ny: Some(ny) }
            }
            Skritt::Slett(id) => {
                Bytte { id: Some(*id), gammel: Some(self.kjent_nyhet(*id).await?), ny: None }
            }
        })
    }

    async fn kan_skrives(&self, bytte: &Bytte, stand: Stand) -> Result<(), Avslag> {
        let Some(nyhet) = &bytte.ny else { return Ok(()) };
        let opptatt =
            self.journal.record(NYHETSADRESSER, nyhet.adresse().as_bytes()).await.map_err(Feil::from)?;
        if opptatt.is_some_and(|record| siste_del(&record.value) != bytte.id) {
            return Err(Avslag::Umulig("en annen melding har denne tittelen".to_owned()));
        }
        if bytte.id.is_none() && stand.antall >= ANTALL_MAKS {
            return Err(Avslag::Umulig("det er for mange meldinger; slett gamle først".to_owned()));
        }
        Ok(())
    }
}

fn steg(bytte: &Bytte, stand: Stand, now: Timestamp) -> Result<(u64, Stand, Vec<Step>), Feil> {
    let id = bytte.id.unwrap_or(stand.siste + 1);
    let key = noekkel(&[id]);
    let adresse = |nyhet: &Nyhet, value: Option<Vec<u8>>| Step::Record {
        space: NYHETSADRESSER,
        key: nyhet.adresse().into_bytes(),
        value,
        guard: Guard::Any,
    };
    let mut steps: Vec<Step> = bytte.gammel.iter().map(|gammel| adresse(gammel, None)).collect();
    match &bytte.ny {
        Some(ny) => {
            steps.push(sett(NYHETER, key.clone(), ny, Guard::Any)?);
            steps.push(adresse(ny, Some(key)));
        }
        None => steps.push(slett(NYHETER, key)),
    }
    let antall = stand.antall + u64::from(bytte.gammel.is_none());
    let antall = antall.saturating_sub(u64::from(bytte.ny.is_none()));
    let ny_stand = Stand { siste: stand.siste.max(id), antall, versjon: stand.versjon + 1, endret: now };
    Ok((id, ny_stand, steps))
}

/// A message with its number.
pub fn vist(id: u64, nyhet: &Nyhet) -> Value {
    let mut vist = json!({ "id": id });
    if let (Value::Object(vist), Value::Object(felt)) = (&mut vist, json!(nyhet)) {
        vist.extend(felt);
    }
    vist
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_every_form_of_the_sheet() {
        for (tekst, ventet) in [
            ("2021-10-12", "2021-10-12T00:00:00.000Z"),
            ("2021-09-27T10:15:00", "2021-09-27T10:15:00.000Z"),
            ("2021-10-11T16:00:00+02", "2021-10-11T14:00:00.000Z"),
            ("2021-10-11T16:00:00+02:00", "2021-10-11T14:00:00.000Z"),
        ] {
            assert_eq!(les_tidspunkt(tekst).unwrap().to_string(), ventet, "{tekst}");
        }
        assert!(les_tidspunkt("i går").is_err());
    }

    #[test]
    fn what_a_demo_begins_with_is_valid_and_told_apart() {
        let alle: Vec<Nyhet> = serde_json::from_str(DEMO).unwrap();
        let mut adresser: Vec<String> = alle.iter().map(Nyhet::adresse).collect();
        assert!(alle.iter().all(|nyhet| nyhet.gyldig().is_ok()));
        assert_eq!(alle.iter().filter(|nyhet| nyhet.type_ == Type::Nyhet).count(), 10);
        assert_eq!(alle.len(), 20);
        adresser.sort_unstable();
        adresser.dedup();
        assert_eq!(adresser.len(), 20);
    }

    #[test]
    fn addresses_are_made_of_titles() {
        let alle: Vec<Nyhet> = serde_json::from_str(DEMO).unwrap();
        let med = |tittel: &str| Nyhet { tittel: tittel.to_owned(), ..alle[0].clone() };
        assert_eq!(med("Vedlikehold 20. september").adresse(), "vedlikehold-20.-september");
        assert_eq!(med("«Dødsbo» på Ærøya?").adresse(), "dodsbo-pa-aeroya");
        for ugyldig in ["", "?", "Nyheter", "rss.xml", "a\nb"] {
            assert!(med(ugyldig).gyldig().is_err(), "{ugyldig}");
        }
        assert!(Nyhet { innhold: "a\u{8}".to_owned(), ..alle[0].clone() }.gyldig().is_err());
    }
}
