//! Authorization details (sheet section 13): system users and consents, confirmed before they go into a token.

use serde_json::{Map, Value, json};
use tid::Timestamp;
use vakt::iso6523::Iso6523;

use super::avslag::{Avslag, RAR_FELT, RAR_TYPE};
use super::rett::Parter;
use crate::Maskinporten;
use crate::lager::{SAMTYKKER, SYSTEMBRUKERE, SYSTEMER, tre};
use crate::modell::{Klient, Orgnr, Samtykke, tidstekst};

/// The types that the metadata list.
pub const TYPER: [&str; 2] = ["urn:altinn:systemuser", "urn:altinn:consent"];

/// Longest reference of a customer, in bytes.
const REFERANSE_MAKS: usize = 255;

/// Step 23: each entry is of a known type, has known members, and Altinn confirms it. Answers the token's entries.
pub async fn bekreft(
    mp: &Maskinporten,
    klient: &Klient,
    parter: Parter,
    detaljer: &[Value],
    naa: Timestamp,
) -> Result<Vec<Value>, Avslag> {
    let type_ = |post: &Value| post.get("type").and_then(Value::as_str).map(str::to_owned);
    let typer: Vec<String> = detaljer.iter().map(|post| type_(post).unwrap_or_default()).collect();
    if typer.iter().any(|type_| !TYPER.contains(&type_.as_str())) {
        return Err(RAR_TYPE);
    }
    let [post] = detaljer else { return Err(Avslag::rar_verdi("exactly one entry is allowed")) };
    let Some(felt) = post.as_object() else { return Err(RAR_TYPE) };
    let bekreftet = if typer[0] == TYPER[0] {
        systembruker(mp, klient, felt).await?
    } else {
        samtykke(mp, parter, felt, naa).await?
    };
    Ok(vec![bekreftet])
}

fn bare(felt: &Map<String, Value>, kjente: &[&str]) -> Result<(), Avslag> {
    if felt.keys().all(|navn| kjente.contains(&navn.as_str())) { Ok(()) } else { Err(RAR_FELT) }
}

/// The customer has let a system of the vendor's with this client act for it.
async fn systembruker(
    mp: &Maskinporten,
    klient: &Klient,
    felt: &Map<String, Value>,
) -> Result<Value, Avslag> {
    bare(felt, &["type", "systemuser_org", "externalRef"])?;
    let organisasjon =
        felt.get("systemuser_org").ok_or_else(|| Avslag::rar_verdi("systemuser_org is missing"))?;
    if let Some(objekt) = organisasjon.as_object() {
        bare(objekt, &["authority", "ID"])?;
    }
    let eier =
        Iso6523::read(organisasjon).and_then(|organisasjon| organisasjon.orgnr()).ok_or_else(|| {
            Avslag::rar_verdi("systemuser_org must be iso6523-actorid-upis with ID 0192:<orgno>")
        })?;
    let referanse = match felt.get("externalRef") {
        None => eier.to_string(),
        Some(Value::String(tekst)) if er_referanse(tekst) => tekst.clone(),
        Some(_) => return Err(Avslag::rar_verdi("externalRef")),
    };
    let nokkel = tre(&klient.client_id, eier, &referanse);
    let Some(funnet) = SYSTEMBRUKERE.hent(&**mp.journal(), &nokkel).await? else {
        return Err(hvorfor_ingen(mp, klient, eier).await?);
    };
    let bruker = funnet.verdi;
    if bruker.deleted || bruker.vendor != klient.client_orgno {
        return Err(Avslag::rar_oppsett("the system user is deleted or of another vendor's system"));
    }
    Ok(json!({
        "type": TYPER[0],
        "systemuser_id": [bruker.id],
        "systemuser_org": Iso6523::of(bruker.owner_org).to_json(),
        "system_id": bruker.system_id,
    }))
}

/// Which of the usual causes it is that there is no system user (sheet 13.3).
async fn hvorfor_ingen(mp: &Maskinporten, klient: &Klient, eier: Orgnr) -> Result<Avslag, Avslag> {
    let leverandors = format!("{}_", klient.client_orgno);
    let systemer = SYSTEMER.alle(&**mp.journal(), &leverandors).await?;
    if !systemer.iter().any(|post| post.verdi.client_ids.contains(&klient.client_id)) {
        return Ok(Avslag::rar_oppsett("no system of the vendor has this client_id"));
    }
    let noen = SYSTEMBRUKERE.side(&**mp.journal(), &tre(&klient.client_id, eier, ""), None, 1).await?;
    let tekst = if noen.is_empty() {
        "the organisation in systemuser_org has no system user for this system"
    } else {
        "no system user of the organisation has this externalRef"
    };
    Ok(Avslag::rar_oppsett(tekst))
}

/// Somebody has consented to what the consumer wants to do.
async fn samtykke(
    mp: &Maskinporten,
    parter: Parter,
    felt: &Map<String, Value>,
    naa: Timestamp,
) -> Result<Value, Avslag> {
    bare(felt, &["type", "id", "from"])?;
    let tekst =
        |navn: &'static str| felt.get(navn).and_then(Value::as_str).filter(|t| er_referanse(t)).ok_or(navn);
    let id = tekst("id").map_err(Avslag::rar_verdi)?;
    let fra = tekst("from").map_err(Avslag::rar_verdi)?;
    let funnet = SAMTYKKER.hent(&**mp.journal(), id).await?.map(|post| post.verdi);
    let passer =
        |samtykke: &Samtykke| samtykke.from == fra && samtykke.to == parter.consumer && samtykke.gjelder(naa);
    let Some(samtykke) = funnet.filter(passer) else {
        return Err(Avslag::rar_oppsett("no valid consent has this id, from and to"));
    };
    Ok(json!({
        "type": TYPER[1],
        "id": samtykke.id,
        "from": samtykke.from,
        "to": Iso6523::of(samtykke.to).to_json(),
        "consented": samtykke.consented.map(tidstekst),
        "validTo": tidstekst(samtykke.valid_to),
        "consentRights": samtykke.rights,
    }))
}

fn er_referanse(tekst: &str) -> bool {
    (1..=REFERANSE_MAKS).contains(&tekst.len()) && !tekst.chars().any(char::is_control)
}
