//! Delegation in Altinn (sheet section 12): bundles, supplier links, delegations, look-up.

use std::collections::BTreeMap;

use journal::Journal;
use serde::{Deserialize, Serialize};
use vakt::Scope;

use super::{Aktor, Avvist, Utfall, kort};
use crate::lager::{
    DELEGERINGER, DELEGERINGER_TIL, LEVERANDORER, LEVERANDORER_TIL, RESSURSER, SCOPES, par, siste, tre, under,
};
use crate::modell::{Delegering, Leverandor, Oppslagsrad, Orgnr, Ressurs, Tekst, tidstekst};
use crate::{Feil, Maskinporten};

/// Most scopes of a bundle.
const SCOPES_MAKS: usize = 100;
/// Languages of a title.
const SPRAAK: &[&str] = &["nb_NO", "nn_NO", "en"];

/// A bundle as its owner describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NyRessurs {
    /// The API owner.
    pub owner_org: Orgnr,
    /// Its identifier; made if it is not given.
    #[serde(default)]
    pub resourceid: Option<String>,
    /// The scopes.
    pub scopes: Vec<Scope>,
    /// Its title.
    pub title: Tekst,
    /// What it gives.
    #[serde(default)]
    pub description: Tekst,
    /// The language to fall back on.
    #[serde(default = "bokmaal")]
    pub default_language: String,
    /// The login level.
    #[serde(default = "nivaa")]
    pub required_security_level: u8,
}

fn bokmaal() -> String {
    SPRAAK[0].to_owned()
}

const fn nivaa() -> u8 {
    2
}

/// What a look-up asks for; at least one of the three.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sokedelegering {
    /// Who received.
    pub supplier: Option<Orgnr>,
    /// Who gave.
    pub consumer: Option<Orgnr>,
    /// What.
    pub scope: Option<Scope>,
}

impl Maskinporten {
    /// Registers a bundle of scopes, or changes it if it is there.
    ///
    /// # Errors
    /// When a scope is another's, unknown, or cannot be delegated; or a value is not allowed.
    pub async fn sett_ressurs(&self, aktor: &Aktor, ny: NyRessurs) -> Utfall<Ressurs> {
        if !aktor.eier(ny.owner_org) {
            return Err(Avvist::Forbudt("owner_org er en annen virksomhet".to_owned()));
        }
        riktig(&ny)?;
        let mut arbeid = self.skriver().begynn(self.naa(), aktor.hvem.clone()).await;
        for scope in &ny.scopes {
            let post = SCOPES.hent(&**arbeid.journal(), scope.as_str()).await?.map(|post| post.verdi);
            let god = post.is_some_and(|p| p.owner_orgno == ny.owner_org && p.delegation_source.is_some());
            if !god {
                return Err(Avvist::ugyldig(
                    "scopes",
                    format!("scopet {scope} er ikke ditt, eller kan ikke delegeres"),
                ));
            }
        }
        let guid = tid::uuid(self.tilfeldig());
        let resourceid = ny.resourceid.unwrap_or_else(|| format!("delegationscheme-{guid}"));
        let der = arbeid.hent(RESSURSER, &resourceid).await?;
        if der.as_ref().is_some_and(|der| der.owner_org != ny.owner_org) {
            return Err(Avvist::Konflikt("ressursen er en annens".to_owned()));
        }
        let naa = arbeid.naa();
        let ressurs = Ressurs {
            delegation_scheme_id: der.as_ref().map_or(guid, |der| der.delegation_scheme_id.clone()),
            created: der.as_ref().map_or(naa, |der| der.created),
            resourceid,
            owner_org: ny.owner_org,
            scopes: ny.scopes,
            title: ny.title,
            description: ny.description,
            default_language: ny.default_language,
            required_security_level: ny.required_security_level,
            delegable: true,
            last_updated: naa,
        };
        arbeid.sett(RESSURSER, &ressurs.resourceid, &ressurs)?;
        arbeid.fullfor("ressurs.satt", &ressurs.resourceid, &ressurs).await?;
        Ok(ressurs)
    }

    /// Takes a bundle away; its delegations only if that is said.
    ///
    /// # Errors
    /// When it is unknown or another's, or has delegations and they are to stay.
    pub async fn slett_ressurs(&self, aktor: &Aktor, resourceid: &str, med_delegeringer: bool) -> Utfall<()> {
        let mut arbeid = self.skriver().begynn(self.naa(), aktor.hvem.clone()).await;
        let funnet = arbeid.hent(RESSURSER, resourceid).await?;
        let Some(mut ressurs) = funnet.filter(|ressurs| aktor.eier(ressurs.owner_org)) else {
            return Err(Avvist::Ukjent("ressursen"));
        };
        let alle = DELEGERINGER.alle(&**arbeid.journal(), "").await?;
        let gjeldende =
            alle.iter().filter(|post| post.verdi.gjelder() && post.verdi.resourceid == resourceid);
        for post in gjeldende {
            if !med_delegeringer {
                return Err(Avvist::Konflikt(
                    "ressursen er delegert; bruk deleteDelegations=true".to_owned(),
                ));
            }
            let nokkel = nokkel(&post.verdi);
            if let Some(mut delegering) = arbeid.hent(DELEGERINGER, &nokkel).await? {
                delegering.revoked = Some(arbeid.naa());
                arbeid.sett(DELEGERINGER, &nokkel, &delegering)?;
            }
        }
        ressurs.delegable = false;
        ressurs.scopes = Vec::new();
        ressurs.last_updated = arbeid.naa();
        arbeid.sett(RESSURSER, resourceid, &ressurs)?;
        Ok(arbeid.fullfor("ressurs.slettet", resourceid, &ressurs).await?)
    }

    /// The bundles of an API owner, or all.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn ressurser(&self, eier: Option<Orgnr>) -> Utfall<Vec<Ressurs>> {
        let alle = RESSURSER.alle(&**self.journal(), "").await?.into_iter().map(|post| post.verdi);
        let synlig = |r: &Ressurs| r.delegable && eier.is_none_or(|eier| eier == r.owner_org);
        Ok(alle.filter(synlig).collect())
    }

    /// One bundle.
    ///
    /// # Errors
    /// When there is none.
    pub async fn ressurs(&self, resourceid: &str) -> Utfall<Ressurs> {
        let funnet = RESSURSER.hent(&**self.journal(), resourceid).await?;
        funnet.map(|post| post.verdi).filter(|r| r.delegable).ok_or(Avvist::Ukjent("ressursen"))
    }

    /// Adds a supplier link. Again: no effect.
    ///
    /// # Errors
    /// When the actor is not the consumer, or the two are one.
    pub async fn ny_leverandor(&self, aktor: &Aktor, consumer_org: Orgnr, supplier_org: Orgnr) -> Utfall<()> {
        to_ulike(aktor, consumer_org, supplier_org)?;
        let mut arbeid = self.skriver().begynn(self.naa(), aktor.hvem.clone()).await;
        let nokkel = par(consumer_org, supplier_org);
        if arbeid.hent(LEVERANDORER, &nokkel).await?.is_none() {
            let leverandor = Leverandor { consumer_org, supplier_org, created: arbeid.naa() };
            arbeid.sett(LEVERANDORER, &nokkel, &leverandor)?;
            arbeid.sett(LEVERANDORER_TIL, &par(supplier_org, consumer_org), &())?;
            arbeid.fullfor("leverandor.ny", &format!("{consumer_org} {supplier_org}"), &leverandor).await?;
        }
        Ok(())
    }

    /// The suppliers of a consumer.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn leverandorer(&self, consumer_org: Orgnr) -> Utfall<Vec<Leverandor>> {
        let alle = LEVERANDORER.alle(&**self.journal(), &under(consumer_org)).await?;
        Ok(alle.into_iter().map(|post| post.verdi).collect())
    }

    /// The consumers that an organisation is a supplier of.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn konsumenter(&self, supplier_org: Orgnr) -> Utfall<Vec<Leverandor>> {
        let journal = &**self.journal();
        let mut funnet = Vec::new();
        for post in LEVERANDORER_TIL.alle(journal, &under(supplier_org)).await? {
            let lenke = par(siste(&post.nokkel), supplier_org);
            funnet.extend(LEVERANDORER.hent(journal, &lenke).await?.map(|post| post.verdi));
        }
        Ok(funnet)
    }

    /// Takes a supplier link away, by the consumer or given up by the supplier; with the delegations only if that is
    /// said.
    ///
    /// # Errors
    /// When the actor is neither of the two, or something is still delegated and shall stay.
    pub async fn slett_leverandor(
        &self,
        aktor: &Aktor,
        consumer_org: Orgnr,
        supplier_org: Orgnr,
        med_delegeringer: bool,
    ) -> Utfall<()> {
        en_av(aktor, consumer_org, supplier_org)?;
        let gitt = self.delegeringer_mellom(consumer_org, supplier_org).await?;
        if !gitt.is_empty() && !med_delegeringer {
            return Err(Avvist::ugyldig(
                "supplier",
                "Cannot remove supplier assignment while resources are still delegated. Use cascade=true or remove resources first.",
            ));
        }
        let mut arbeid = self.skriver().begynn(self.naa(), aktor.hvem.clone()).await;
        for delegering in gitt {
            let nokkel = nokkel(&delegering);
            if let Some(mut delegering) = arbeid.hent(DELEGERINGER, &nokkel).await? {
                delegering.revoked = Some(arbeid.naa());
                arbeid.sett(DELEGERINGER, &nokkel, &delegering)?;
            }
        }
        if arbeid.hent(LEVERANDORER, &par(consumer_org, supplier_org)).await?.is_some() {
            arbeid.slett(LEVERANDORER, &par(consumer_org, supplier_org));
            arbeid.slett(LEVERANDORER_TIL, &par(supplier_org, consumer_org));
        }
        Ok(arbeid.fullfor("leverandor.slettet", &format!("{consumer_org} {supplier_org}"), &()).await?)
    }

    /// Delegates a bundle to a supplier, and adds the supplier link if it is not there. Again: no effect.
    ///
    /// # Errors
    /// When the actor is not the consumer, the two are one, or the bundle cannot be delegated.
    pub async fn deleger(
        &self,
        aktor: &Aktor,
        consumer_org: Orgnr,
        supplier_org: Orgnr,
        resourceid: &str,
    ) -> Utfall<Delegering> {
        to_ulike(aktor, consumer_org, supplier_org)?;
        let mut arbeid = self.skriver().begynn(self.naa(), aktor.hvem.clone()).await;
        let ressurs = RESSURSER.hent(&**arbeid.journal(), resourceid).await?.map(|post| post.verdi);
        if ressurs.is_none_or(|ressurs| !ressurs.delegable) {
            return Err(Avvist::ugyldig("resource", "The resource is not available for delegation"));
        }
        let naa = arbeid.naa();
        let lenke = par(consumer_org, supplier_org);
        if arbeid.hent(LEVERANDORER, &lenke).await?.is_none() {
            arbeid.sett(LEVERANDORER, &lenke, &Leverandor { consumer_org, supplier_org, created: naa })?;
            arbeid.sett(LEVERANDORER_TIL, &par(supplier_org, consumer_org), &())?;
        }
        let nokkel = tre(consumer_org, supplier_org, resourceid);
        if let Some(der) = arbeid.hent(DELEGERINGER, &nokkel).await?.filter(Delegering::gjelder) {
            return Ok(der);
        }
        let delegering = Delegering {
            consumer_org,
            supplier_org,
            resourceid: resourceid.to_owned(),
            created: naa,
            revoked: None,
        };
        arbeid.sett(DELEGERINGER, &nokkel, &delegering)?;
        arbeid.sett(DELEGERINGER_TIL, &tre(supplier_org, consumer_org, resourceid), &())?;
        arbeid
            .fullfor("delegering.gitt", &format!("{consumer_org} {supplier_org} {resourceid}"), &delegering)
            .await?;
        Ok(delegering)
    }

    /// Takes a delegation back: by the consumer, or given up by the supplier. Again: no effect.
    ///
    /// # Errors
    /// When the actor is neither of the two.
    pub async fn trekk_delegering(
        &self,
        aktor: &Aktor,
        consumer_org: Orgnr,
        supplier_org: Orgnr,
        resourceid: &str,
    ) -> Utfall<()> {
        en_av(aktor, consumer_org, supplier_org)?;
        let mut arbeid = self.skriver().begynn(self.naa(), aktor.hvem.clone()).await;
        let nokkel = tre(consumer_org, supplier_org, resourceid);
        if let Some(mut delegering) = arbeid.hent(DELEGERINGER, &nokkel).await?.filter(Delegering::gjelder) {
            delegering.revoked = Some(arbeid.naa());
            arbeid.sett(DELEGERINGER, &nokkel, &delegering)?;
            let om = format!("{consumer_org} {supplier_org} {resourceid}");
            arbeid.fullfor("delegering.trukket", &om, &delegering).await?;
        }
        Ok(())
    }

    /// What a consumer has delegated to a supplier and not taken back.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn delegeringer_mellom(
        &self,
        consumer: Orgnr,
        supplier: Orgnr,
    ) -> Result<Vec<Delegering>, Feil> {
        mellom(&**self.journal(), consumer, supplier).await
    }

    /// The look-up (sheet 12.5).
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sok_delegeringer(&self, sok: &Sokedelegering) -> Utfall<Vec<Oppslagsrad>> {
        let journal = &**self.journal();
        let ressurser: BTreeMap<String, Ressurs> = RESSURSER
            .alle(journal, "")
            .await?
            .into_iter()
            .map(|post| (post.verdi.resourceid.clone(), post.verdi))
            .collect();
        let mut rader = Vec::new();
        for delegering in self.kandidater(sok).await? {
            let Some(ressurs) = ressurser.get(&delegering.resourceid) else { continue };
            let passer = delegering.gjelder()
                && sok.supplier.is_none_or(|supplier| supplier == delegering.supplier_org)
                && sok.consumer.is_none_or(|consumer| consumer == delegering.consumer_org)
                && sok.scope.as_ref().is_none_or(|scope| ressurs.scopes.contains(scope));
            if passer {
                rader.push(rad(&delegering, ressurs));
            }
        }
        Ok(rader)
    }

    /// Delegations among which those sought are, by the narrowest key there is.
    async fn kandidater(&self, sok: &Sokedelegering) -> Utfall<Vec<Delegering>> {
        let journal = &**self.journal();
        let verdier =
            |poster: Vec<crate::lager::Funnet<Delegering>>| poster.into_iter().map(|post| post.verdi);
        match (sok.consumer, sok.supplier) {
            (Some(consumer), Some(supplier)) => {
                Ok(verdier(DELEGERINGER.alle(journal, &under(par(consumer, supplier))).await?).collect())
            }
            (Some(consumer), None) => {
                Ok(verdier(DELEGERINGER.alle(journal, &under(consumer)).await?).collect())
            }
            (None, None) => Ok(verdier(DELEGERINGER.alle(journal, "").await?).collect()),
            (None, Some(supplier)) => {
                let mut funnet = Vec::new();
                for post in DELEGERINGER_TIL.alle(journal, &under(supplier)).await? {
                    let tekst = String::from_utf8_lossy(&post.nokkel).into_owned();
                    let consumer = tekst.split('\u{1f}').nth(1).unwrap_or_default().to_owned();
                    let nokkel = tre(consumer, supplier, siste(&post.nokkel));
                    funnet.extend(DELEGERINGER.hent(journal, &nokkel).await?.map(|post| post.verdi));
                }
                Ok(funnet)
            }
        }
    }
}

async fn mellom(journal: &dyn Journal, consumer: Orgnr, supplier: Orgnr) -> Result<Vec<Delegering>, Feil> {
    let gitt = DELEGERINGER.alle(journal, &under(par(consumer, supplier))).await?;
    Ok(gitt.into_iter().map(|post| post.verdi).filter(Delegering::gjelder).collect())
}

/// The scopes of everything that is delegated from consumer to supplier now: what counts is what each bundle holds
/// today.
pub(crate) async fn delegerte_scopes(
    journal: &dyn Journal,
    consumer: Orgnr,
    supplier: Orgnr,
) -> Result<Vec<Scope>, Feil> {
    let mut scopes = Vec::new();
    for delegering in mellom(journal, consumer, supplier).await? {
        let ressurs = RESSURSER.hent(journal, &delegering.resourceid).await?;
        scopes.extend(ressurs.into_iter().flat_map(|post| post.verdi.scopes));
    }
    Ok(scopes)
}

fn nokkel(delegering: &Delegering) -> String {
    tre(delegering.consumer_org, delegering.supplier_org, &delegering.resourceid)
}

fn rad(delegering: &Delegering, ressurs: &Ressurs) -> Oppslagsrad {
    Oppslagsrad {
        consumer_org: delegering.consumer_org.to_string(),
        supplier_org: delegering.supplier_org.to_string(),
        delegation_scheme_id: Some(ressurs.delegation_scheme_id.clone()),
        scopes: ressurs.scopes.iter().map(ToString::to_string).collect(),
        created: tidstekst(delegering.created),
        resourceid: ressurs.resourceid.clone(),
    }
}

/// The actor is the consumer, and the supplier is somebody else: a third party has no say (sheet 12.1).
fn to_ulike(aktor: &Aktor, consumer: Orgnr, supplier: Orgnr) -> Utfall<()> {
    if !aktor.eier(consumer) {
        return Err(Avvist::Forbudt("bare konsumenten kan delegere".to_owned()));
    }
    if consumer == supplier {
        return Err(Avvist::ugyldig("supplier", "konsument og leverandør er den samme"));
    }
    Ok(())
}

/// The actor is the one who gave or the one who received.
fn en_av(aktor: &Aktor, consumer: Orgnr, supplier: Orgnr) -> Utfall<()> {
    if aktor.eier(consumer) || aktor.eier(supplier) {
        return Ok(());
    }
    Err(Avvist::Forbudt("delegeringen er andres".to_owned()))
}

fn riktig(ny: &NyRessurs) -> Utfall<()> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    let er_id = |id: &String| (1..=200).contains(&id.len()) && id.bytes().all(plain);
    if ny.resourceid.as_ref().is_some_and(|id| !er_id(id)) {
        return Err(Avvist::ugyldig("resourceid", "resourceid har ugyldige tegn"));
    }
    if !(1..=SCOPES_MAKS).contains(&ny.scopes.len()) {
        return Err(Avvist::ugyldig("scopes", "scopes må være en liste med 1 til 100 scopes"));
    }
    if !(2..=4).contains(&ny.required_security_level) {
        return Err(Avvist::ugyldig(
            "required_security_level",
            "required_security_level må være 2, 3 eller 4",
        ));
    }
    let spraak = |kode: &String| SPRAAK.contains(&kode.as_str());
    for tekst in ny.title.iter().chain(&ny.description) {
        kort("title", &tekst.value)?;
        if !spraak(&tekst.code) {
            return Err(Avvist::ugyldig("title", "code må være nb_NO, nn_NO eller en"));
        }
    }
    if ny.title.is_empty() || !spraak(&ny.default_language) {
        return Err(Avvist::ugyldig("title", "title og default_language må være satt"));
    }
    Ok(())
}
