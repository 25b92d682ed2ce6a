//! What the client may have (sheet section 5, steps 18 to 22): on whose behalf, which scopes, by whose leave.

use journal::Journal;
use vakt::{Scope, Scopes};

use super::avslag::{Avslag, EGEN_KONSUMENT, FLERE_KILDER, ISS_ONBEHALFOF, VERDI};
use super::krav::Krav;
use crate::admin::delegerte_scopes;
use crate::lager::{SCOPES, TILGANGER, par};
use crate::modell::{Klient, Orgnr, Scopepost, Tilgangstilstand};

/// Most scopes of one request (sheet section 19).
const SCOPES_MAKS: usize = 100;

/// Who the token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parter {
    /// The legal user of the data.
    pub consumer: Orgnr,
    /// Who runs the software, when that is another.
    pub supplier: Option<Orgnr>,
}

/// Rights that have been granted.
#[derive(Debug, Clone)]
pub struct Rett {
    /// Who the token is for.
    pub parter: Parter,
    /// The issuer of the delegation, when there is one.
    pub delegation_source: Option<String>,
    /// The scopes, in the order asked for.
    pub scopes: Vec<Scopepost>,
}

/// Step 18: `consumer_org`.
pub fn parter(klient: &Klient, krav: &Krav) -> Result<Parter, Avslag> {
    if krav.iss_onbehalfof {
        return Err(if krav.consumer_org.is_some() { VERDI } else { ISS_ONBEHALFOF });
    }
    let Some(tekst) = &krav.consumer_org else {
        return Ok(Parter { consumer: klient.client_orgno, supplier: klient.supplier_orgno });
    };
    let consumer = Orgnr::parse_strengt(tekst).map_err(|_| VERDI.merk("consumer_org"))?;
    // A client that already belongs to its customer (sheet 11.1) has nobody else to act for.
    if consumer == klient.client_orgno || klient.supplier_orgno.is_some() {
        return Err(EGEN_KONSUMENT);
    }
    Ok(Parter { consumer, supplier: Some(klient.client_orgno) })
}

/// Steps 19 to 22: what the client may have of the scopes in `onsket`, for whom, and by whose leave.
pub async fn gi(
    journal: &dyn Journal,
    klient: &Klient,
    parter: Parter,
    onsket: &str,
) -> Result<Rett, Avslag> {
    let scopes = scopes(journal, klient, onsket).await?;
    tilganger(journal, parter, &scopes).await?;
    let delegation_source = delegeringer(journal, klient, parter, &scopes).await?;
    Ok(Rett { parter, delegation_source, scopes })
}

/// Steps 19 and 20: each scope exists, is active, is on the client and may be had by a machine.
async fn scopes(journal: &dyn Journal, klient: &Klient, onsket: &str) -> Result<Vec<Scopepost>, Avslag> {
    if Scopes::count(onsket) > SCOPES_MAKS {
        return Err(VERDI.merk("more than a hundred scopes"));
    }
    let onsket = Scopes::parse(onsket).map_err(|feil| Avslag::scope(&feil.word))?;
    if onsket.is_empty() {
        return Err(Avslag::scope(""));
    }
    let mut poster = Vec::new();
    for scope in &onsket {
        let funnet = SCOPES.hent(journal, scope.as_str()).await?.map(|post| post.verdi);
        match funnet.filter(|post| post.active && klient.scopes.contains(scope)) {
            Some(post) => poster.push(post),
            None => return Err(Avslag::scope(scope.as_str())),
        }
    }
    match poster.iter().find(|post| !post.for_maskinporten()) {
        Some(post) => Err(Avslag::scope_for_innlogging(&post.name)),
        None => Ok(poster),
    }
}

/// Step 21: the owner of each scope has given the consumer access, or everybody has it.
async fn tilganger(journal: &dyn Journal, parter: Parter, scopes: &[Scopepost]) -> Result<(), Avslag> {
    for scope in scopes.iter().filter(|scope| !scope.accessible_for_all) {
        let nokkel = par(&scope.name, parter.consumer);
        let funnet = TILGANGER.hent(journal, &nokkel).await?;
        if funnet.is_none_or(|post| post.verdi.state != Tilgangstilstand::Approved) {
            return Err(Avslag::tilgang(&scope.name));
        }
    }
    Ok(())
}

/// Step 22: who acts for another has each scope delegated by that other; answers the source of the delegations.
async fn delegeringer(
    journal: &dyn Journal,
    klient: &Klient,
    parter: Parter,
    scopes: &[Scopepost],
) -> Result<Option<String>, Avslag> {
    let Some(supplier) = parter.supplier else { return Ok(None) };
    let nektet = |scope: &Scope| Avslag::delegering(parter.consumer, scope, supplier);
    if klient.supplier_orgno.is_some() {
        // The older model and Altinn's exclude each other on a scope (sheet 11.1).
        let delegerbar = scopes.iter().find(|scope| scope.delegation_source.is_some());
        return delegerbar.map_or(Ok(None), |scope| Err(nektet(&scope.name)));
    }
    let mut kilde: Option<&str> = None;
    for scope in scopes {
        let denne = scope.delegation_source.as_deref().ok_or_else(|| nektet(&scope.name))?;
        if kilde.is_some_and(|kilde| kilde != denne) {
            return Err(FLERE_KILDER);
        }
        kilde = Some(denne);
    }
    let delegerte = delegerte_scopes(journal, parter.consumer, supplier).await?;
    match scopes.iter().find(|scope| !delegerte.contains(&scope.name)) {
        Some(scope) => Err(nektet(&scope.name)),
        None => Ok(kilde.map(str::to_owned)),
    }
}
