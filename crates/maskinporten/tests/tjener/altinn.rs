//! Delegation in Altinn (sheet section 12; attack rows A97 to A114, A148 to A150).

use serde_json::{Value, json};

use crate::prove::{DELT, EIER, KILDE, KONSUMENT, LES, LEVERANDOR, Prove, drift, orgnr, scope};

const OPPSLAG: &str = "altinn:maskinporten/delegations";
const OPPSLAG_ALT: &str = "altinn:maskinporten/delegations.admin";
const GI: &str = "altinn:accessmanagement/enduser:maskinportensuppliers.write";
const MOTTATT: &str = "altinn:accessmanagement/enduser:maskinportenconsumers.write";
const STI: &str = "/altinn/accessmanagement/api/v1/maskinporten/delegations";
const LEVERANDORER: &str = "/altinn/accessmanagement/api/v1/enduser/maskinportensuppliers";
const KONSUMENTER: &str = "/altinn/accessmanagement/api/v1/enduser/maskinportenconsumers";

async fn prove() -> Prove {
    let prove = Prove::ny().await;
    prove.klient("eier", EIER, &[]).await;
    for scope in [OPPSLAG, OPPSLAG_ALT] {
        prove.gi_scope(scope, "eier", EIER).await;
    }
    prove.gi_scope(OPPSLAG, "konsument", KONSUMENT).await;
    prove.gi_scope(GI, "konsument", KONSUMENT).await;
    prove.gi_scope(MOTTATT, "leverandor", LEVERANDOR).await;
    prove
}

#[tokio::test]
async fn the_look_up() {
    let prove = prove().await;
    let sok = async |iss: &str, med: &str, query: &str| {
        let svar = prove.som(iss, med, "GET", &format!("{STI}/{query}"), Value::Null).await;
        (svar.status, svar.json())
    };
    let (status, rader) = sok("eier", OPPSLAG, &format!("?scope={DELT}")).await;
    assert_eq!(status, 200, "{rader}");
    let guid = rader[0]["delegation_scheme_Id"].as_str().unwrap().to_owned();
    assert_eq!(
        rader,
        json!([{
            "consumer_org": KONSUMENT,
            "supplier_org": LEVERANDOR,
            "delegation_scheme_Id": guid,
            "scopes": [DELT],
            "created": "2026-01-01T00:00:00.000+00:00",
            "resourceid": "demo-delt",
        }])
    );
    for query in [
        format!("?supplierOrg={LEVERANDOR}"),
        format!("?consumerOrg={KONSUMENT}"),
        format!("?supplierOrg={LEVERANDOR}&consumerOrg={KONSUMENT}&scope={DELT}"),
    ] {
        assert_eq!(sok("eier", OPPSLAG_ALT, &query).await, (200, rader.clone()), "{query}");
    }
    for query in [
        "?scope=demo:ukjent".to_owned(),
        "?scope=x".to_owned(),
        format!("?supplierOrg={KONSUMENT}"),
        format!("?consumerOrg={LEVERANDOR}&supplierOrg={KONSUMENT}"),
    ] {
        assert_eq!(sok("eier", OPPSLAG_ALT, &query).await, (200, json!([])), "{query}");
    }
    let uten = "Not authorized for lookup of delegations without specifying parameter: scope";
    for query in ["", "?supplierOrg=312026007"] {
        let (status, kropp) = sok("eier", OPPSLAG, query).await;
        assert_eq!((status, &kropp["title"]), (403, &json!(uten)), "rights come before parameters");
    }
    for navn in ["demo:delt/les", "demo2:x", "dem", "demo", "altinn:x"] {
        let (status, kropp) = sok("konsument", OPPSLAG, &format!("?scope={navn}")).await;
        let tekst = format!("Not authorized for lookup of delegations for the scope: {navn}");
        assert_eq!((status, &kropp["title"]), (403, &json!(tekst)), "A148");
    }
    let mangler = "Missing query parameters; provide at least one of: scope, supplierOrg, consumerOrg";
    let (status, kropp) = sok("eier", OPPSLAG_ALT, "").await;
    assert_eq!((status, &kropp["title"]), (400, &json!(mangler)));
    let (status, kropp) = sok("eier", OPPSLAG_ALT, "?supplierOrg=312026008").await;
    assert_eq!(
        (status, &kropp["errors"]["supplierOrg"][0]),
        (400, &json!("supplierOrg is not a valid organization number"))
    );
    assert_eq!(sok("konsument", LES, &format!("?scope={DELT}")).await.0, 403);
    let svar = prove.kall("GET", STI, &[], "").await;
    assert_eq!((svar.status, svar.hode("content-type")), (401, "application/problem+json"));
}

#[tokio::test]
async fn a_consumer_delegates_and_takes_back() {
    let prove = prove().await;
    let kall = async |iss: &str, med: &str, metode: &str, sti: &str| {
        let svar = prove.som(iss, med, metode, sti, Value::Null).await;
        let kropp = if svar.kropp.is_empty() { Value::Null } else { svar.json() };
        (svar.status, kropp)
    };
    let ressurs = format!("{LEVERANDORER}/resources?supplier={LEVERANDOR}&resource=demo-delt");
    assert_eq!(kall("konsument", GI, "DELETE", &ressurs).await.0, 204);
    assert_eq!(prove.be_delegert(json!({})).await.avslag().2, "MP-251", "A98");
    assert_eq!(kall("konsument", GI, "DELETE", &ressurs).await.0, 204, "again: no effect");
    assert_eq!(kall("konsument", GI, "POST", &ressurs).await, (200, json!(true)));
    assert_eq!(kall("konsument", GI, "POST", &ressurs).await, (200, json!(true)));
    assert_eq!(prove.be_delegert(json!({})).await.status, 200);
    let ukjent = format!("{LEVERANDORER}/resources?supplier={LEVERANDOR}&resource=ukjent");
    let (status, kropp) = kall("konsument", GI, "POST", &ukjent).await;
    assert_eq!(
        (status, &kropp["errors"]["resource"][0]),
        (400, &json!("The resource is not available for delegation"))
    );
    let lenke = format!("{LEVERANDORER}?supplier={LEVERANDOR}");
    let (status, kropp) = kall("konsument", GI, "DELETE", &lenke).await;
    assert_eq!(status, 400, "{kropp}");
    assert!(kropp.to_string().contains("Use cascade=true or remove resources first."));
    assert_eq!(kall("konsument", GI, "DELETE", &format!("{lenke}&cascade=true")).await.0, 204);
    assert_eq!(prove.be_delegert(json!({})).await.avslag().2, "MP-251");
    assert_eq!(kall("konsument", GI, "GET", LEVERANDORER).await.1, json!([]));
    assert_eq!(kall("konsument", GI, "POST", &lenke).await.0, 200);
    assert_eq!(kall("konsument", GI, "GET", LEVERANDORER).await.1[0]["supplier"], LEVERANDOR);
    kall("konsument", GI, "POST", &ressurs).await;

    let mottatte = "/altinn/accessmanagement/api/v1/enduser/maskinportenconsumers/resources";
    assert_eq!(kall("leverandor", MOTTATT, "GET", mottatte).await.1[0]["consumer_org"], KONSUMENT);
    let fra_seg = format!("{mottatte}?consumer={KONSUMENT}&resource=demo-delt");
    assert_eq!(kall("leverandor", MOTTATT, "DELETE", &fra_seg).await.0, 204);
    assert_eq!(prove.be_delegert(json!({})).await.avslag().2, "MP-251", "the supplier can give it up");

    kall("konsument", GI, "POST", &ressurs).await;
    assert_eq!(kall("leverandor", MOTTATT, "GET", KONSUMENTER).await.1[0]["consumer"], KONSUMENT);
    let forlat = format!("{KONSUMENTER}?consumer={KONSUMENT}");
    assert_eq!(kall("leverandor", MOTTATT, "DELETE", &forlat).await.0, 400, "something is still delegated");
    assert_eq!(kall("leverandor", MOTTATT, "DELETE", &format!("{forlat}&cascade=true")).await.0, 204);
    assert_eq!(kall("leverandor", MOTTATT, "GET", KONSUMENTER).await.1, json!([]));
    assert_eq!(kall("konsument", GI, "GET", LEVERANDORER).await.1, json!([]));
    assert_eq!(prove.be_delegert(json!({})).await.avslag().2, "MP-251");

    for (sti, status) in [
        (format!("{LEVERANDORER}?supplier={KONSUMENT}"), 400),
        (format!("{LEVERANDORER}?supplier=41814061033"), 400),
        (format!("{LEVERANDORER}?supplier=312026008"), 400),
        (LEVERANDORER.to_owned(), 400),
        (format!("{LEVERANDORER}?party={EIER}&supplier={LEVERANDOR}"), 403),
    ] {
        assert_eq!(kall("konsument", GI, "POST", &sti).await.0, status, "A149: {sti}");
    }
}

#[tokio::test]
async fn what_delegation_does_not_give() {
    let prove = prove().await;
    let kode = async |endringer: Value| prove.be_delegert(endringer).await.avslag().2;
    // The other way, other organisations.
    let motsatt =
        prove.send(&prove.bevis("konsument", json!({ "scope": DELT, "consumer_org": LEVERANDOR }))).await;
    assert_eq!(motsatt.avslag().2, "MP-250");
    prove.tilgang(DELT, LEVERANDOR).await;
    let motsatt =
        prove.send(&prove.bevis("konsument", json!({ "scope": DELT, "consumer_org": LEVERANDOR }))).await;
    assert_eq!(motsatt.avslag().2, "MP-251", "A102");
    prove.mp.trekk_delegering(&drift(), orgnr(KONSUMENT), orgnr(LEVERANDOR), "demo-delt").await.unwrap();
    assert_eq!(kode(json!({})).await, "MP-251", "A100: own access does not help");
    prove.mp.deleger(&drift(), orgnr(KONSUMENT), orgnr(LEVERANDOR), "demo-delt").await.unwrap();
    // A scope without a source, open to all.
    let apen = prove.be_delegert(json!({ "scope": crate::prove::APENT })).await.avslag();
    assert_eq!((apen.2.as_str(), apen.0), ("MP-251", 403), "A105, A112");
    // One covered, one not.
    prove.tilgang(crate::prove::STENGT, KONSUMENT).await;
    let to = prove.be_delegert(json!({ "scope": format!("{DELT} {}", crate::prove::STENGT) })).await.avslag();
    assert!(to.2 == "MP-251" && to.3.contains(crate::prove::STENGT), "A101: {}", to.3);
    // The bundle loses the scope.
    let tom = maskinporten::admin::NyRessurs {
        owner_org: orgnr(EIER),
        resourceid: Some("demo-delt".to_owned()),
        scopes: vec![scope(crate::prove::STENGT)],
        title: vec![maskinporten::modell::Spraaktekst { code: "en".to_owned(), value: "x".to_owned() }],
        description: Vec::new(),
        default_language: "en".to_owned(),
        required_security_level: 3,
    };
    prove.mp.sett_ressurs(&drift(), tom).await.unwrap();
    assert_eq!(kode(json!({})).await, "MP-251", "A104");
    assert_eq!(
        prove.be_delegert(json!({ "scope": crate::prove::STENGT })).await.token()["delegation_source"],
        KILDE
    );
}

#[tokio::test]
async fn schemes_of_the_older_form() {
    const SKRIVE: &str = "altinn:maskinporten/delegationschemes.write";
    const SLETTE: &str = "altinn:maskinporten/delegationschemes.delete";
    let prove = prove().await;
    for scope in [SKRIVE, SLETTE] {
        prove.gi_scope(scope, "eier", EIER).await;
        prove.gi_scope(scope, "konsument", KONSUMENT).await;
    }
    let ordning = json!({
        "owner_org": EIER,
        "scopes": [crate::prove::STENGT],
        "title": [{ "code": "nb_NO", "value": "Stengt" }, { "code": "en", "value": "Closed" }],
        "description": [{ "code": "nb_NO", "value": "x" }],
        "default_language": "nb_NO",
        "delegation_source_config": { "required_security_level": 3 },
    });
    let sti = "/altinn/maskinporten-api/delegationSchemes";
    let laget = prove.som("eier", SKRIVE, "POST", sti, ordning.clone()).await;
    assert_eq!(laget.status, 200, "{}", laget.tekst());
    let guid = laget.json().as_str().unwrap().to_owned();
    let vist = prove.som("eier", SKRIVE, "GET", &format!("{sti}/{guid}"), Value::Null).await.json();
    assert_eq!(vist["delegation_source_config"]["required_security_level"], 3);
    assert_eq!(prove.som("eier", SKRIVE, "GET", sti, Value::Null).await.json().as_array().unwrap().len(), 2);
    assert_eq!(
        prove.som("konsument", SKRIVE, "GET", &format!("{sti}/{guid}"), Value::Null).await.status,
        404
    );
    let med = |navn: &str, verdi: Value| {
        let mut kropp = ordning.clone();
        kropp[navn] = verdi;
        kropp
    };
    for (hvem, kropp, status) in [
        ("konsument", ordning.clone(), 403),
        ("eier", med("scopes", json!([LES])), 400),
        ("eier", med("scopes", json!([])), 400),
        ("eier", med("scopes", json!(["demo:ukjent"])), 400),
        ("eier", med("title", json!([{ "code": "xx", "value": "x" }])), 400),
        ("eier", med("delegation_source_config", json!({ "required_security_level": 5 })), 400),
        ("eier", json!({}), 400),
    ] {
        assert_eq!(
            prove.som(hvem, SKRIVE, "POST", sti, kropp.clone()).await.status,
            status,
            "{hvem} {kropp}"
        );
    }
    let ressurs = vist["resourceid"].as_str().unwrap();
    prove.mp.deleger(&drift(), orgnr(KONSUMENT), orgnr(LEVERANDOR), ressurs).await.unwrap();
    let en = format!("{sti}/{guid}");
    assert_eq!(prove.som("eier", SLETTE, "DELETE", &en, Value::Null).await.status, 409);
    let alt = format!("{en}?deleteDelegations=true");
    assert_eq!(prove.som("konsument", SLETTE, "DELETE", &alt, Value::Null).await.status, 404);
    assert_eq!(prove.som("eier", SLETTE, "DELETE", &alt, Value::Null).await.status, 200);
    assert_eq!(prove.som("eier", SKRIVE, "GET", &en, Value::Null).await.status, 404);
    let mellom = prove.mp.delegeringer_mellom(orgnr(KONSUMENT), orgnr(LEVERANDOR)).await.unwrap();
    assert_eq!(mellom.len(), 1, "the other bundle is still delegated");
}
