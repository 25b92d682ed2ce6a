//! What Altinn would know of system users and consents (sheet section 13), for those who test against them.

use serde::{Deserialize, Serialize};
use tid::Timestamp;

use super::{Aktor, Avvist, Utfall, kort};
use crate::Maskinporten;
use crate::lager::{KLIENTER, SAMTYKKER, SYSTEMBRUKERE, SYSTEMER, tre};
use crate::modell::{Orgnr, Samtykke, Samtykkerett, System, Systembruker};

/// A vendor's system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NyttSystem {
    /// `<orgno>_<name>`.
    pub id: String,
    /// What it is called.
    #[serde(default)]
    pub name: String,
    /// The clients that are this system.
    pub client_ids: Vec<String>,
}

/// A customer lets a system act for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NySystembruker {
    /// The system.
    pub system_id: String,
    /// The customer.
    pub owner_org: Orgnr,
    /// What tells the customer's system users apart; its organisation number if not given.
    #[serde(default)]
    pub external_ref: Option<String>,
}

/// A consent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NyttSamtykke {
    /// Who gave it.
    pub from: String,
    /// Who may use it.
    pub to: Orgnr,
    /// When it ends.
    pub valid_to: Timestamp,
    /// What it covers.
    pub rights: Vec<Samtykkerett>,
}

impl Maskinporten {
    /// Registers a system, or changes which clients are it.
    ///
    /// # Errors
    /// When the id is not the actor's, or a client is another's or belongs to another system.
    pub async fn sett_system(&self, aktor: &Aktor, nytt: NyttSystem) -> Utfall<System> {
        kort("name", &nytt.name)?;
        let vendor =
            leverandor(&nytt.id).ok_or_else(|| Avvist::ugyldig("id", "id må være <orgnr>_<navn>"))?;
        if !aktor.eier(vendor) {
            return Err(Avvist::Forbudt("systemet er en annens".to_owned()));
        }
        let mut arbeid = self.skriver().begynn(self.naa(), aktor.hvem.clone()).await;
        let alle = SYSTEMER.alle(&**arbeid.journal(), &format!("{vendor}_")).await?;
        for client_id in &nytt.client_ids {
            let klient = KLIENTER.hent(&**arbeid.journal(), client_id).await?.map(|post| post.verdi.klient);
            if klient.is_none_or(|klient| klient.client_orgno != vendor) {
                return Err(Avvist::ugyldig("client_ids", "klienten finnes ikke, eller er en annens"));
            }
            let andres = |system: &System| system.id != nytt.id && system.client_ids.contains(client_id);
            if alle.iter().any(|post| andres(&post.verdi)) {
                return Err(Avvist::Konflikt("klienten hører til et annet system".to_owned()));
            }
        }
        let created = arbeid.hent(SYSTEMER, &nytt.id).await?.map_or(arbeid.naa(), |der: System| der.created);
        let system = System { id: nytt.id, vendor, name: nytt.name, client_ids: nytt.client_ids, created };
        arbeid.sett(SYSTEMER, &system.id, &system)?;
        arbeid.fullfor("system.satt", &system.id, &system).await?;
        Ok(system)
    }

    /// Makes a system user for a customer. The customer does that, or the operator.
    ///
    /// # Errors
    /// When the system is unknown, or a reference is in use.
    pub async fn ny_systembruker(&self, aktor: &Aktor, ny: NySystembruker) -> Utfall<Systembruker> {
        if !aktor.eier(ny.owner_org) {
            return Err(Avvist::Forbudt("bare kunden kan gi en systembruker".to_owned()));
        }
        let external_ref = ny.external_ref.unwrap_or_else(|| ny.owner_org.to_string());
        if external_ref.is_empty() || external_ref.len() > 255 || external_ref.chars().any(char::is_control) {
            return Err(Avvist::ugyldig(
                "external_ref",
                "external_ref er tom, for lang eller har ugyldige tegn",
            ));
        }
        let mut arbeid = self.skriver().begynn(self.naa(), aktor.hvem.clone()).await;
        let system = arbeid.hent(SYSTEMER, &ny.system_id).await?.ok_or(Avvist::Ukjent("systemet"))?;
        let bruker = Systembruker {
            id: tid::uuid(self.tilfeldig()),
            system_id: system.id,
            vendor: system.vendor,
            owner_org: ny.owner_org,
            external_ref,
            deleted: false,
            created: arbeid.naa(),
        };
        for client_id in &system.client_ids {
            let nokkel = tre(client_id, bruker.owner_org, &bruker.external_ref);
            if arbeid.hent(SYSTEMBRUKERE, &nokkel).await?.is_some_and(|der| !der.deleted) {
                return Err(Avvist::Konflikt("kunden har en systembruker med denne referansen".to_owned()));
            }
            arbeid.sett(SYSTEMBRUKERE, &nokkel, &bruker)?;
        }
        arbeid.fullfor("systembruker.ny", &bruker.id, &bruker).await?;
        Ok(bruker)
    }

    /// Deletes a system user.
    ///
    /// # Errors
    /// When there is none, or it is another's.
    pub async fn slett_systembruker(&self, aktor: &Aktor, id: &str) -> Utfall<()> {
        let mut arbeid = self.skriver().begynn(self.naa(), aktor.hvem.clone()).await;
        let alle = SYSTEMBRUKERE.alle(&**arbeid.journal(), "").await?;
        let mut funnet = false;
        for post in alle.into_iter().filter(|post| post.verdi.id == id && aktor.eier(post.verdi.owner_org)) {
            let nokkel = String::from_utf8_lossy(&post.nokkel).into_owned();
            if let Some(bruker) = arbeid.hent(SYSTEMBRUKERE, &nokkel).await? {
                arbeid.sett(SYSTEMBRUKERE, &nokkel, &Systembruker { deleted: true, ..bruker })?;
                funnet = true;
            }
        }
        if !funnet {
            return Err(Avvist::Ukjent("systembrukeren"));
        }
        Ok(arbeid.fullfor("systembruker.slettet", id, &()).await?)
    }

    /// Notes a consent that has been given.
    ///
    /// # Errors
    /// When a value is not allowed.
    pub async fn nytt_samtykke(&self, aktor: &Aktor, nytt: NyttSamtykke) -> Utfall<Samtykke> {
        if aktor.orgnr.is_some() {
            return Err(Avvist::Forbudt("samtykker gis i Altinn".to_owned()));
        }
        let fra = ["urn:altinn:person:identifier-no:", "urn:altinn:organization:identifier-no:"];
        if !fra.iter().any(|form| nytt.from.starts_with(form)) || nytt.from.len() > 100 {
            return Err(Avvist::ugyldig(
                "from",
                "from må være urn:altinn:person:identifier-no:… eller tilsvarende",
            ));
        }
        let arbeid_naa = self.naa();
        let samtykke = Samtykke {
            id: tid::uuid(self.tilfeldig()),
            from: nytt.from,
            to: nytt.to,
            consented: Some(arbeid_naa),
            valid_to: nytt.valid_to,
            revoked: None,
            rights: nytt.rights,
        };
        let mut arbeid = self.skriver().begynn(arbeid_naa, aktor.hvem.clone()).await;
        arbeid.sett(SAMTYKKER, &samtykke.id, &samtykke)?;
        // The trail names the consent, not the person.
        arbeid.fullfor("samtykke.gitt", &samtykke.id, &()).await?;
        Ok(samtykke)
    }

    /// Takes a consent back.
    ///
    /// # Errors
    /// When there is none.
    pub async fn trekk_samtykke(&self, aktor: &Aktor, id: &str) -> Utfall<()> {
        if aktor.orgnr.is_some() {
            return Err(Avvist::Forbudt("samtykker trekkes i Altinn".to_owned()));
        }
        let mut arbeid = self.skriver().begynn(self.naa(), aktor.hvem.clone()).await;
        let mut samtykke = arbeid.hent(SAMTYKKER, id).await?.ok_or(Avvist::Ukjent("samtykket"))?;
        samtykke.revoked = Some(arbeid.naa());
        arbeid.sett(SAMTYKKER, id, &samtykke)?;
        Ok(arbeid.fullfor("samtykke.trukket", id, &()).await?)
    }
}

fn leverandor(id: &str) -> Option<Orgnr> {
    let (orgnr, navn) = id.split_once('_')?;
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    let riktig = (1..=100).contains(&navn.len()) && navn.bytes().all(plain);
    Orgnr::parse_strengt(orgnr).ok().filter(|_| riktig)
}
