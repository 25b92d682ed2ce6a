//! The keys that tokens are signed with, and their rollover with overlap (sheet 2.5).
//!
//! A key is published, signs from a moment on, and is published for a while after the next has taken over. All of
//! that follows from two times that are stored with it, so there is nothing to be switched when the moment comes,
//! and every node agrees. The keys are one record of the journal, encrypted under a master key outside it; or they
//! are given from outside, in files or by a device, and then nothing is stored.

mod kryptering;

use std::collections::HashMap;
use std::sync::Arc;

use journal::Guard;
use parking_lot::RwLock;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tid::Timestamp;
use tokio::sync::Mutex;
use vakt::jwk::{KeySet, RsaPublicKey, to_json};
use vakt::jws::{RsaSigner, Signer};
use vakt::keys::OwnKeys;

pub use kryptering::{Hovednokkel, IngenHovednokkel};

use crate::endring::Arbeid;
use crate::lager::NOKKELRING;
use crate::modell::Hvem;
use crate::{Feil, Maskinporten};

/// The key of the one record.
const POST: &str = "ring";
/// How long what was read of the journal is taken for true. A key is published for hours before it signs; only an
/// emergency change is seen this much later on other nodes, where [`Nokkelring::les`] has not read it before.
const FERSK_MS: i64 = 500;

/// The stored keys, oldest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Lagretring {
    nokler: Vec<Lagretnokkel>,
}

/// A stored key.
#[derive(Clone, Serialize, Deserialize)]
struct Lagretnokkel {
    kid: String,
    /// Encrypted under the master key.
    privat: String,
    publisert: Timestamp,
    signerer_fra: Timestamp,
}

impl std::fmt::Debug for Lagretnokkel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Lagretnokkel({})", self.kid)
    }
}

/// Where the keys come from.
#[derive(Debug, Clone)]
pub enum Kilde {
    /// The journal, under this master key.
    Lager(Hovednokkel),
    /// From outside: the first signs, all are published.
    Gitt(Vec<Ytre>),
}

/// A key from outside.
#[derive(Clone)]
pub struct Ytre(pub Arc<dyn Signer>);

impl std::fmt::Debug for Ytre {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Ytre({})", self.0.kid())
    }
}

/// How one key stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stilling {
    /// Published, and will sign.
    Neste,
    /// Signs.
    Gjeldende,
    /// Has signed; published until the last reader has forgotten it.
    Avlost,
}

/// One key, for people.
#[derive(Debug, Clone, Serialize)]
pub struct Nokkelstatus {
    /// Its identifier.
    pub kid: String,
    /// How it stands.
    pub stilling: Stilling,
    /// When it was published.
    pub publisert: Timestamp,
    /// From when it signs.
    pub signerer_fra: Timestamp,
}

/// The ring.
pub struct Nokkelring {
    kilde: Kilde,
    journal: journal::SharedJournal,
    lest: RwLock<Option<Lest>>,
    /// Opened keys, so that each is decrypted once.
    apnet: Mutex<HashMap<String, Arc<RsaSigner>>>,
    /// The public halves, for guards in this process.
    egne: Arc<OwnKeys>,
    /// How long a key stays published after the next has taken over, in milliseconds.
    ettertid_ms: i64,
}

/// Published keys with their private halves, oldest first.
type Apne = Arc<Vec<(Lagretnokkel, Arc<RsaSigner>)>>;

#[derive(Clone)]
struct Lest {
    naar: Timestamp,
    nokler: Apne,
}

impl Nokkelring {
    /// A ring.
    pub fn ny(kilde: Kilde, journal: journal::SharedJournal, ettertid: std::time::Duration) -> Self {
        let ettertid_ms = i64::try_from(ettertid.as_millis()).unwrap_or(i64::MAX);
        let gitt = match &kilde {
            Kilde::Gitt(nokler) => nokler.iter().map(|ytre| offentlig(&*ytre.0)).collect(),
            Kilde::Lager(_) => KeySet::default(),
        };
        let egne = Arc::new(OwnKeys::new(gitt));
        Self { kilde, journal, lest: RwLock::new(None), apnet: Mutex::default(), egne, ettertid_ms }
    }

    /// The public keys as guards of this process know them: as of the last [`frisk`](Self::frisk).
    pub fn egne(&self) -> &Arc<OwnKeys> {
        &self.egne
    }

    /// Reads the keys again if what was read is old.
    ///
    /// # Errors
    /// As [`signerer`](Self::signerer).
    pub async fn frisk(&self, naa: Timestamp) -> Result<(), Feil> {
        if matches!(self.kilde, Kilde::Lager(_)) {
            self.publiserte(naa).await?;
        }
        Ok(())
    }

    /// Reads the keys again, if there are any, so that guards hear of what another node did.
    ///
    /// # Errors
    /// When the store fails or a key cannot be opened.
    pub async fn les(&self, naa: Timestamp) -> Result<(), Feil> {
        if let Kilde::Lager(hovednokkel) = &self.kilde
            && let Some(post) = NOKKELRING.hent(&*self.journal, POST).await?
        {
            let mut apnet = self.apnet.lock().await;
            self.apne_alle(hovednokkel, &mut apnet, &post.verdi, naa)?;
        }
        Ok(())
    }

    /// The key that signs now. The first is made when it is first asked for.
    ///
    /// # Errors
    /// When the store fails or the key cannot be opened.
    pub async fn signerer(&self, naa: Timestamp) -> Result<Arc<dyn Signer>, Feil> {
        if let Kilde::Gitt(nokler) = &self.kilde {
            return nokler.first().map(|ytre| ytre.0.clone()).ok_or(Feil::Nokkel("ingen nøkkel er gitt"));
        }
        let nokler = self.publiserte(naa).await?;
        let gjeldende = nokler.iter().rev().find(|(lagret, _)| lagret.signerer_fra <= naa);
        // A clock that went back: the oldest is the best there is.
        let (_, signerer) = gjeldende.or(nokler.first()).ok_or(Feil::Nokkel("det finnes ingen nøkkel"))?;
        Ok(signerer.clone())
    }

    /// The public keys, by identifier.
    ///
    /// # Errors
    /// As [`signerer`](Self::signerer).
    pub async fn nokkelsett(&self, naa: Timestamp) -> Result<KeySet, Feil> {
        Ok(self.offentlige(naa).await?.iter().map(|signerer| offentlig(&**signerer)).collect())
    }

    /// The document at `/jwk` (sheet 2.4): public members only.
    ///
    /// # Errors
    /// As [`signerer`](Self::signerer).
    pub async fn dokument(&self, naa: Timestamp) -> Result<Value, Feil> {
        let alle = self.offentlige(naa).await?;
        let nokkel = |s: &Arc<dyn Signer>| to_json(s.kid(), s.algorithm(), s.public_key());
        Ok(json!({ "keys": alle.iter().map(nokkel).collect::<Vec<_>>() }))
    }

    async fn offentlige(&self, naa: Timestamp) -> Result<Vec<Arc<dyn Signer>>, Feil> {
        if let Kilde::Gitt(nokler) = &self.kilde {
            return Ok(nokler.iter().map(|ytre| ytre.0.clone()).collect());
        }
        let nokler = self.publiserte(naa).await?;
        Ok(nokler.iter().map(|(_, signerer)| signerer.clone() as Arc<dyn Signer>).collect())
    }

    /// How the stored keys stand; none for keys from outside.
    ///
    /// # Errors
    /// As [`signerer`](Self::signerer).
    pub async fn status(&self, naa: Timestamp) -> Result<Vec<Nokkelstatus>, Feil> {
        if matches!(self.kilde, Kilde::Gitt(_)) {
            return Ok(Vec::new());
        }
        let signerer = self.signerer(naa).await?;
        let nokler = self.publiserte(naa).await?;
        let status = nokler.iter().map(|(lagret, _)| Nokkelstatus {
            kid: lagret.kid.clone(),
            stilling: match lagret {
                l if l.kid == signerer.kid() => Stilling::Gjeldende,
                l if l.signerer_fra > naa => Stilling::Neste,
                _ => Stilling::Avlost,
            },
            publisert: lagret.publisert,
            signerer_fra: lagret.signerer_fra,
        });
        Ok(status.collect())
    }

    async fn publiserte(&self, naa: Timestamp) -> Result<Apne, Feil> {
        if let Some(lest) = self.fersk(naa) {
            return Ok(lest);
        }
        // One reads; the others wait for it and find what it read.
        let mut apnet = self.apnet.lock().await;
        if let Some(lest) = self.fersk(naa) {
            return Ok(lest);
        }
        let Kilde::Lager(hovednokkel) = &self.kilde else { return Ok(Arc::default()) };
        let lagret = match NOKKELRING.hent(&*self.journal, POST).await? {
            Some(post) => post.verdi,
            None => self.forste(hovednokkel, naa).await?,
        };
        self.apne_alle(hovednokkel, &mut apnet, &lagret, naa)
    }

    /// Opens what is not open yet, and takes note of it.
    fn apne_alle(
        &self,
        hovednokkel: &Hovednokkel,
        apnet: &mut HashMap<String, Arc<RsaSigner>>,
        lagret: &Lagretring,
        naa: Timestamp,
    ) -> Result<Apne, Feil> {
        let nokler = lagret.publisert(naa, self.ettertid_ms);
        let mut ring = Vec::with_capacity(nokler.len());
        for lagret in nokler {
            let signerer = match apnet.get(&lagret.kid) {
                Some(signerer) => signerer.clone(),
                None => Arc::new(apne(hovednokkel, &lagret)?),
            };
            ring.push((lagret, signerer));
        }
        *apnet = ring.iter().map(|(lagret, signerer)| (lagret.kid.clone(), signerer.clone())).collect();
        self.egne.replace(ring.iter().map(|(_, signerer)| offentlig(&**signerer)).collect());
        let nokler = Arc::new(ring);
        *self.lest.write() = Some(Lest { naar: naa, nokler: nokler.clone() });
        Ok(nokler)
    }

    fn fersk(&self, naa: Timestamp) -> Option<Apne> {
        let lest = self.lest.read();
        let lest = lest.as_ref()?;
        let alder = naa.as_millis() - lest.naar.as_millis();
        (0..FERSK_MS).contains(&alder).then(|| lest.nokler.clone())
    }

    /// Makes the first key. Of two nodes that do so at once, one wins, and both use its key.
    async fn forste(&self, hovednokkel: &Hovednokkel, naa: Timestamp) -> Result<Lagretring, Feil> {
        let ring = Lagretring { nokler: vec![lag(hovednokkel, naa, naa).await?] };
        let step = NOKKELRING.sett(POST, &ring, Guard::Absent)?;
        match self.journal.append(journal::Change { at: naa, steps: vec![step] }).await.map_err(Feil::from) {
            Ok(_) => Ok(ring),
            Err(Feil::Samtidig) => {
                let andres = NOKKELRING.hent(&*self.journal, POST).await?;
                andres.map(|post| post.verdi).ok_or(Feil::Samtidig)
            }
            Err(feil) => Err(feil),
        }
    }

    fn glem(&self) {
        *self.lest.write() = None;
    }
}

impl Lagretring {
    /// Those that are published: until `ettertid_ms` after the next has taken over.
    fn publisert(&self, naa: Timestamp, ettertid_ms: i64) -> Vec<Lagretnokkel> {
        let etter = self.nokler.iter().skip(1).map(|neste| Some(neste.signerer_fra)).chain([None]);
        let par = self.nokler.iter().zip(etter);
        let publisert = |neste: Option<Timestamp>| neste.is_none_or(|fra| fra.plus_millis(ettertid_ms) > naa);
        par.filter(|(_, neste)| publisert(*neste)).map(|(lagret, _)| lagret.clone()).collect()
    }
}

/// The public half under its name.
fn offentlig(signerer: &dyn Signer) -> (String, RsaPublicKey) {
    (signerer.kid().to_owned(), signerer.public_key().clone())
}

/// Makes a key, on a thread where that may take its time.
async fn lag(
    hovednokkel: &Hovednokkel,
    publisert: Timestamp,
    signerer_fra: Timestamp,
) -> Result<Lagretnokkel, Feil> {
    let hovednokkel = hovednokkel.clone();
    let laget = tokio::task::spawn_blocking(move || {
        let nokkel = RsaSigner::generate().map_err(|_| Feil::Nokkel("ingen ny nøkkel kan lages"))?;
        let der = nokkel.to_pkcs8_der().map_err(|_| Feil::Nokkel("den nye nøkkelen kan ikke skrives"))?;
        let kid = nokkel.kid().to_owned();
        let privat = hovednokkel.lukk(&kid, &der)?;
        Ok(Lagretnokkel { kid, privat, publisert, signerer_fra })
    });
    laget.await.map_err(|_| Feil::Avbrutt)?
}

fn apne(hovednokkel: &Hovednokkel, lagret: &Lagretnokkel) -> Result<RsaSigner, Feil> {
    let der = hovednokkel.aapne(&lagret.kid, &lagret.privat)?;
    RsaSigner::from_pkcs8_der(&der).map_err(|_| Feil::Nokkel("den lagrede nøkkelen er ikke en RSA-nøkkel"))
}

/// How a change of keys goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bytte {
    /// Publish the next now, sign with it when every reader has had time to fetch it.
    Varslet,
    /// The key is lost or known to others: a new one signs at once, and the others are gone at once.
    Straks,
}

impl Maskinporten {
    /// Publishes a new signing key; answers how the keys then stand.
    ///
    /// # Errors
    /// When keys come from outside, or the store fails.
    pub async fn bytt_nokkel(&self, bytte: Bytte, hvem: Hvem) -> Result<Vec<Nokkelstatus>, Feil> {
        let ring = self.nokkelring();
        let Kilde::Lager(hovednokkel) = &ring.kilde else {
            return Err(Feil::Nokkel("nøklene er gitt utenfra og byttes der"));
        };
        let naa = self.naa();
        ring.signerer(naa).await?;
        let mut arbeid: Arbeid<'_> = self.skriver().begynn(naa, hvem).await;
        let mut lagret = arbeid.hent(NOKKELRING, POST).await?.unwrap_or_default();
        let (handling, fra) = match bytte {
            Bytte::Varslet => ("nokkel.bytt", naa.plus_millis(millis(self.oppsett().nokkel_forvarsel))),
            Bytte::Straks => ("nokkel.bytt-straks", naa),
        };
        lagret.nokler = match bytte {
            Bytte::Varslet => lagret.publisert(naa, ring.ettertid_ms),
            Bytte::Straks => Vec::new(),
        };
        let ny = lag(hovednokkel, naa, fra).await?;
        let kid = ny.kid.clone();
        lagret.nokler.push(ny);
        arbeid.sett(NOKKELRING, POST, &lagret)?;
        arbeid.fullfor(handling, &kid, &json!({ "signerer_fra": fra })).await?;
        ring.glem();
        ring.status(naa).await
    }

    /// Publishes the next key when the one that signs is old enough (`nokkelbytte_d`); answers whether it did.
    pub(crate) async fn bytt_gammel_nokkel(&self) -> Result<bool, Feil> {
        let (naa, oppsett) = (self.naa(), self.oppsett());
        if oppsett.nokkelbytte_d == 0 {
            return Ok(false);
        }
        let status = self.nokkelring().status(naa).await?;
        let siste = status.last().map(|nokkel| nokkel.signerer_fra);
        let alder = oppsett.nokkelbytte_d.saturating_mul(86_400_000) - millis(oppsett.nokkel_forvarsel);
        if siste.is_none_or(|siste| naa.as_millis() - siste.as_millis() < alder) {
            return Ok(false);
        }
        self.bytt_nokkel(Bytte::Varslet, Hvem::drift("program")).await?;
        Ok(true)
    }
}

fn millis(tid: std::time::Duration) -> i64 {
    i64::try_from(tid.as_millis()).unwrap_or(i64::MAX)
}
