//! Clients (sheet 11.2).

use serde_json::{Map, Value};
use tid::Timestamp;
use vakt::Scope;

use super::{Aktor, Avvist, Utfall, kort};
use crate::Maskinporten;
use crate::endring::Arbeid;
use crate::lager::{KLIENTER, KLIENTER_AV, SCOPES, TILGANGER, par, siste, under};
use crate::modell::{Klient, Lagretklient, MASKINPORTEN, Onbehalfof, Orgnr, Tilgangstilstand};

/// Integration types there are; tokens are issued to the first only.
pub const INTEGRASJONSTYPER: &[&str] =
    &[MASKINPORTEN, "idporten", "api_klient", "ansattporten", "krr", "eformidling"];
/// Longest id of a client.
const CLIENT_ID_MAKS: usize = 255;
/// Members of other products that may be kept, in bytes together.
const OVRIGE_MAKS: usize = 32 << 10;
/// Most scopes of a client.
const SCOPES_MAKS: usize = 1_000;

/// What somebody says of a client, new or changed.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Klientfelt {
    /// Its id, when the operator wants a certain one; otherwise a UUID is made.
    #[serde(default)]
    pub client_id: Option<String>,
    /// The product; `maskinporten` if not said.
    #[serde(default)]
    pub integration_type: Option<String>,
    /// What its owner calls it.
    #[serde(default)]
    pub client_name: String,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// A page about it.
    #[serde(default)]
    pub client_uri: Option<String>,
    /// The scopes it may ask for.
    #[serde(default)]
    pub scopes: Vec<Scope>,
    /// The lifetime of its tokens.
    #[serde(default)]
    pub access_token_lifetime: Option<u64>,
    /// The organisation it is for, when that is another than the actor.
    #[serde(default)]
    pub client_orgno: Option<Orgnr>,
    /// The actor runs the client for `client_orgno` (`idporten:dcr.supplier`).
    #[serde(default)]
    pub som_leverandor: bool,
    /// Members of other products.
    #[serde(default)]
    pub ovrige: Map<String, Value>,
}

impl Maskinporten {
    /// The clients that an organisation has or runs; those that are active, unless all are asked for.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn klienter(&self, aktor: &Aktor, ogsaa_inaktive: bool) -> Utfall<Vec<Lagretklient>> {
        let journal = &**self.journal();
        let alle = match aktor.orgnr {
            None => KLIENTER.alle(journal, "").await?.into_iter().map(|post| post.verdi).collect(),
            Some(orgnr) => {
                let mut mine = Vec::new();
                for post in KLIENTER_AV.alle(journal, &under(orgnr)).await? {
                    mine.extend(KLIENTER.hent(journal, &siste(&post.nokkel)).await?.map(|post| post.verdi));
                }
                mine
            }
        };
        Ok(alle.into_iter().filter(|k: &Lagretklient| ogsaa_inaktive || k.klient.active).collect())
    }

    /// One client of the actor's.
    ///
    /// # Errors
    /// [`Avvist::Ukjent`] when there is none, or it is another's.
    pub async fn klient(&self, aktor: &Aktor, client_id: &str) -> Utfall<Lagretklient> {
        let funnet = KLIENTER.hent(&**self.journal(), client_id).await?.map(|post| post.verdi);
        funnet.filter(|lagret| eier(aktor, lagret)).ok_or(Avvist::Ukjent("klienten"))
    }

    /// Makes a client.
    ///
    /// # Errors
    /// When a value is not allowed, or a scope is not the organisation's to have.
    pub async fn ny_klient(&self, aktor: &Aktor, felt: Klientfelt) -> Utfall<Lagretklient> {
        let (eier, leverandor) = eiere(aktor, &felt)?;
        let mut arbeid = self.skriver().begynn(self.naa(), aktor.hvem.clone()).await;
        let client_id = felt.client_id.clone().unwrap_or_else(|| tid::uuid(self.tilfeldig()));
        er_client_id(&client_id)?;
        if arbeid.hent(KLIENTER, &client_id).await?.is_some() {
            return Err(Avvist::Konflikt("client_id er i bruk".to_owned()));
        }
        let type_ = felt.integration_type.clone().unwrap_or_else(|| MASKINPORTEN.to_owned());
        if !INTEGRASJONSTYPER.contains(&type_.as_str()) {
            return Err(Avvist::ugyldig("integration_type", "integration_type er ukjent"));
        }
        let naa = arbeid.naa();
        let mut klient = Klient {
            client_id: client_id.clone(),
            integration_type: type_,
            client_name: String::new(),
            description: String::new(),
            client_uri: None,
            scopes: Vec::new(),
            access_token_lifetime: self.oppsett().token_levetid_s,
            client_orgno: eier,
            supplier_orgno: leverandor,
            active: true,
            created: naa,
            last_updated: naa,
            ovrige: Map::new(),
        };
        self.sett_felt(&mut arbeid, &mut klient, felt).await?;
        let lagret = Lagretklient { klient, jwks: None, onbehalfof: Vec::new() };
        arbeid.sett(KLIENTER, &client_id, &lagret)?;
        for orgnr in [Some(eier), leverandor].into_iter().flatten() {
            arbeid.sett(KLIENTER_AV, &par(orgnr, &client_id), &())?;
        }
        arbeid.fullfor("klient.ny", &client_id, &lagret.klient).await?;
        Ok(lagret)
    }

    /// Replaces what is said of a client. Id, product, owner and keys stay.
    ///
    /// # Errors
    /// As [`ny_klient`](Self::ny_klient), and when it is unknown or another's.
    pub async fn endre_klient(
        &self,
        aktor: &Aktor,
        client_id: &str,
        felt: Klientfelt,
    ) -> Utfall<Lagretklient> {
        let mut arbeid = self.skriver().begynn(self.naa(), aktor.hvem.clone()).await;
        let mut lagret = hent(&mut arbeid, aktor, client_id).await?;
        let annen = felt.integration_type.as_ref().is_some_and(|t| *t != lagret.klient.integration_type);
        if annen {
            return Err(Avvist::ugyldig("integration_type", "integration_type kan ikke endres"));
        }
        if !lagret.klient.active {
            return Err(Avvist::Ukjent("klienten"));
        }
        self.sett_felt(&mut arbeid, &mut lagret.klient, felt).await?;
        self.lagre(arbeid, "klient.endret", lagret).await
    }

    /// Deactivates a client. It is never erased.
    ///
    /// # Errors
    /// When it is unknown or another's.
    pub async fn slett_klient(&self, aktor: &Aktor, client_id: &str) -> Utfall<()> {
        let mut arbeid = self.skriver().begynn(self.naa(), aktor.hvem.clone()).await;
        let mut lagret = hent(&mut arbeid, aktor, client_id).await?;
        if lagret.klient.active {
            lagret.klient.active = false;
            self.lagre(arbeid, "klient.deaktivert", lagret).await?;
        }
        Ok(())
    }

    /// Replaces the entries of the old supplier scheme.
    ///
    /// # Errors
    /// When the client is unknown or another's.
    pub async fn sett_onbehalfof(
        &self,
        aktor: &Aktor,
        client_id: &str,
        endre: impl FnOnce(&mut Vec<Onbehalfof>) -> Utfall<()>,
    ) -> Utfall<Lagretklient> {
        let mut arbeid = self.skriver().begynn(self.naa(), aktor.hvem.clone()).await;
        let mut lagret = hent(&mut arbeid, aktor, client_id).await?;
        endre(&mut lagret.onbehalfof)?;
        self.lagre(arbeid, "klient.onbehalfof", lagret).await
    }

    pub(super) async fn lagre(
        &self,
        mut arbeid: Arbeid<'_>,
        handling: &str,
        mut lagret: Lagretklient,
    ) -> Utfall<Lagretklient> {
        lagret.klient.last_updated = senest(arbeid.naa(), lagret.klient.last_updated);
        let client_id = lagret.klient.client_id.clone();
        arbeid.sett(KLIENTER, &client_id, &lagret)?;
        arbeid.fullfor(handling, &client_id, &lagret).await?;
        Ok(lagret)
    }

    async fn sett_felt(&self, arbeid: &mut Arbeid<'_>, klient: &mut Klient, felt: Klientfelt) -> Utfall<()> {
        kort("client_name", &felt.client_name)?;
        kort("description", &felt.description)?;
        kort("client_uri", felt.client_uri.as_deref().unwrap_or_default())?;
        if serde_json::to_vec(&felt.ovrige).map_or(usize::MAX, |json| json.len()) > OVRIGE_MAKS {
            return Err(Avvist::ugyldig("client", "klienten har for mange felter"));
        }
        if felt.scopes.len() > SCOPES_MAKS {
            return Err(Avvist::ugyldig("scopes", "for mange scopes"));
        }
        for scope in &felt.scopes {
            if !klient.scopes.contains(scope) {
                kan_ha(arbeid, klient.client_orgno, scope).await?;
            }
        }
        let levetid = felt.access_token_lifetime.filter(|levetid| *levetid > 0);
        klient.access_token_lifetime =
            levetid.unwrap_or(self.oppsett().token_levetid_s).min(self.oppsett().token_levetid_maks_s);
        klient.client_name = felt.client_name;
        klient.description = felt.description;
        klient.client_uri = felt.client_uri;
        klient.scopes = unike(felt.scopes);
        klient.ovrige = felt.ovrige;
        Ok(())
    }
}

/// The client, to be changed.
pub(super) async fn hent(arbeid: &mut Arbeid<'_>, aktor: &Aktor, client_id: &str) -> Utfall<Lagretklient> {
    let funnet = arbeid.hent(KLIENTER, client_id).await?;
    funnet.filter(|lagret| eier(aktor, lagret)).ok_or(Avvist::Ukjent("klienten"))
}

/// Whoever runs the client may change it; its consumer may too.
fn eier(aktor: &Aktor, lagret: &Lagretklient) -> bool {
    let Klient { client_orgno, supplier_orgno, .. } = &lagret.klient;
    aktor.eier(*client_orgno) || supplier_orgno.is_some_and(|orgnr| aktor.eier(orgnr))
}

/// Whose the client is, and who runs it.
fn eiere(aktor: &Aktor, felt: &Klientfelt) -> Utfall<(Orgnr, Option<Orgnr>)> {
    match (aktor.orgnr, felt.client_orgno) {
        (Some(egen), Some(annen)) if egen != annen && felt.som_leverandor => Ok((annen, Some(egen))),
        (Some(egen), Some(annen)) if egen != annen => {
            Err(Avvist::Forbudt("client_orgno kan bare settes med idporten:dcr.supplier".to_owned()))
        }
        (Some(egen), _) => Ok((egen, None)),
        (None, Some(orgnr)) => Ok((orgnr, None)),
        (None, None) => Err(Avvist::ugyldig("client_orgno", "client_orgno mangler")),
    }
}

/// A scope may stand on a client whose organisation has access, or when it is open to all, or can be delegated
/// (sheet 11.2).
async fn kan_ha(arbeid: &mut Arbeid<'_>, orgnr: Orgnr, scope: &Scope) -> Utfall<()> {
    let ukjent = || Avvist::ugyldig("scopes", format!("scopet {scope} finnes ikke"));
    let post = SCOPES.hent(&**arbeid.journal(), scope.as_str()).await?.ok_or_else(ukjent)?.verdi;
    if !post.active {
        return Err(ukjent());
    }
    if post.accessible_for_all || post.delegation_source.is_some() || post.owner_orgno == orgnr {
        return Ok(());
    }
    let tilgang = TILGANGER.hent(&**arbeid.journal(), &par(scope, orgnr)).await?;
    match tilgang.map(|post| post.verdi.state) {
        Some(Tilgangstilstand::Approved) => Ok(()),
        _ => Err(Avvist::ugyldig("scopes", format!("{orgnr} har ikke tilgang til scopet {scope}"))),
    }
}

fn er_client_id(client_id: &str) -> Utfall<()> {
    let plain = |b: u8| {
        b.is_ascii_graphic()
            && !matches!(b, b'/' | b'%' | b'?' | b'#' | b'"' | b'\'' | b'<' | b'>' | b'&' | b'\\')
    };
    if (1..=CLIENT_ID_MAKS).contains(&client_id.len()) && client_id.bytes().all(plain) {
        return Ok(());
    }
    Err(Avvist::ugyldig("client_id", "client_id har ugyldige tegn"))
}

fn unike(scopes: Vec<Scope>) -> Vec<Scope> {
    let mut ut: Vec<Scope> = Vec::with_capacity(scopes.len());
    for scope in scopes {
        if !ut.contains(&scope) {
            ut.push(scope);
        }
    }
    ut
}

fn senest(a: Timestamp, b: Timestamp) -> Timestamp {
    a.max(b)
}
