//! The self-service API (sheet section 11; attack rows A22 to A25, A140 to A152).

use serde_json::{Value, json};
use vakt::jws::{RsaSigner, Signer};

use crate::prove::{DELT, EIER, KONSUMENT, LES, LEVERANDOR, Prove, fremmed, jwks, nokkel};

const LESE: &str = "idporten:dcr.read";
const ENDRE: &str = "idporten:dcr.modify";
const SKRIVE: &str = "idporten:dcr.write";
const SOM_LEVERANDOR: &str = "idporten:dcr.supplier";
const SCOPES: &str = "idporten:scopes.write";

async fn prove() -> Prove {
    let prove = Prove::ny().await;
    for scope in [LESE, ENDRE, SKRIVE, SOM_LEVERANDOR] {
        prove.gi_scope(scope, "konsument", KONSUMENT).await;
        prove.gi_scope(scope, "leverandor", LEVERANDOR).await;
    }
    prove.klient("eier", EIER, &[]).await;
    prove.gi_scope(SCOPES, "eier", EIER).await;
    prove.gi_scope(SCOPES, "konsument", KONSUMENT).await;
    prove
}

/// The form of section 11.7.
fn feil(svar: &crate::prove::Svar) -> (u16, String) {
    let kropp = svar.json();
    assert_eq!(kropp["status"], svar.status, "{kropp}");
    for felt in ["timestamp", "correlation_id", "error", "error_description"] {
        assert!(kropp[felt].is_string(), "{felt}: {kropp}");
    }
    assert!(
        kropp["errors"][0]["errorMessage"].is_string() && kropp["errors"][0]["isFieldError"].is_boolean()
    );
    (svar.status, kropp["errors"][0]["fieldIdentifier"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn a_client_from_cradle_to_grave() {
    let prove = prove().await;
    let sti = "/samarbeid/api/v1/clients";
    let ny = json!({
        "client_name": "Vår klient",
        "description": "Prøve",
        "integration_type": "maskinporten",
        "scopes": [LES, DELT],
        "grant_types": ["jwt_bearer_token"],
        "token_endpoint_auth_method": "private_key_jwt",
        "application_type": "web",
        "redirect_uris": ["https://a.no"],
        "refresh_token_usage": "REUSE",
        "client_id": "min-egen",
        "created": "2020-01-01",
        "active": false,
    });
    let laget = prove.som("konsument", SKRIVE, "POST", &format!("{sti}/"), ny.clone()).await;
    assert_eq!(laget.status, 200, "{}", laget.tekst());
    let laget = laget.json();
    let id = laget["client_id"].as_str().unwrap().to_owned();
    assert_eq!((id.len(), &laget["active"]), (36, &json!(true)), "what the server sets is the server's");
    assert_eq!(laget["created"], "2026-01-01T00:00:00.000+00:00");
    assert_eq!(
        (&laget["redirect_uris"], &laget["refresh_token_usage"], &laget["access_token_lifetime"]),
        (&json!(["https://a.no"]), &json!("REUSE"), &json!(120))
    );
    assert_eq!(laget["client_orgno"], KONSUMENT);

    let nokler = format!("{sti}/{id}/jwks");
    let tomt = prove.som("konsument", LESE, "GET", &nokler, Value::Null).await;
    assert_eq!(tomt.json(), json!({ "keys": [] }));
    let satt = prove.som("konsument", ENDRE, "POST", &nokler, Value::Object(jwks(&*nokkel()))).await.json();
    assert_eq!(satt["keys"][0]["kid"], "n-1");
    assert_eq!(satt["keys"][0]["exp"], prove.naa() + 365 * 86_400, "a year from posting");
    assert_eq!(prove.send(&prove.bevis(&id, json!({}))).await.status, 200, "it works at once");

    let mut endret = laget.clone();
    endret["scopes"] = json!([DELT]);
    endret["client_orgno"] = json!(null);
    let svar = prove.som("konsument", ENDRE, "PUT", &format!("{sti}/{id}"), endret).await;
    assert_eq!((svar.status, &svar.json()["scopes"]), (200, &json!([DELT])), "{}", svar.tekst());
    assert_eq!(prove.send(&prove.bevis(&id, json!({}))).await.avslag().2, "MP-200", "invariant 9");
    let type_ = prove
        .som("konsument", ENDRE, "PUT", &format!("{sti}/{id}"), json!({ "integration_type": "krr" }))
        .await;
    assert_eq!(feil(&type_), (400, "integration_type".to_owned()), "A145");

    let slettet = prove.som("konsument", ENDRE, "DELETE", &nokler, Value::Null).await;
    assert_eq!(slettet.status, 200);
    assert_eq!(prove.send(&prove.bevis(&id, json!({ "scope": DELT }))).await.avslag().2, "MP-123");
    prove.som("konsument", ENDRE, "PUT", &nokler, Value::Object(jwks(&*nokkel()))).await;
    assert_eq!(
        prove.som("konsument", ENDRE, "DELETE", &format!("{sti}/{id}"), Value::Null).await.status,
        200
    );
    assert_eq!(prove.send(&prove.bevis(&id, json!({ "scope": DELT }))).await.avslag().2, "MP-100");
    let liste = prove.som("konsument", LESE, "GET", "/samarbeid/clients", Value::Null).await.json();
    let ider: Vec<&str> =
        liste.as_array().unwrap().iter().map(|k| k["client_id"].as_str().unwrap()).collect();
    assert_eq!(ider, ["konsument"], "deactivated ones are not listed, nor others'");
    assert_eq!(
        prove.som("konsument", LESE, "GET", &format!("{sti}/{id}"), Value::Null).await.json()["active"],
        false
    );
    let spor = serde_json::to_value(prove.mp.spor(tid::Timestamp::default(), 1000).await.unwrap()).unwrap();
    let om: Vec<&str> = spor
        .as_array()
        .unwrap()
        .iter()
        .filter(|rad| rad["om"] == id.as_str())
        .map(|rad| rad["handling"].as_str().unwrap())
        .collect();
    assert_eq!(
        om,
        ["klient.ny", "nokler.satt", "klient.endret", "nokler.slettet", "nokler.satt", "klient.deaktivert"]
    );
    let rad = spor.as_array().unwrap().iter().find(|rad| rad["om"] == id.as_str()).unwrap();
    assert_eq!((&rad["hvem"]["orgnr"], &rad["hvem"]["client_id"]), (&json!(KONSUMENT), &json!("konsument")));
}

#[tokio::test]
async fn tokens_and_scopes() {
    let prove = prove().await;
    let uten = prove.kall("GET", "/samarbeid/clients", &[], "").await;
    assert_eq!((feil(&uten).0, uten.hode("www-authenticate")), (401, "Bearer"));
    for token in ["Bearer x", "Bearer a.b.c", "Basic a", "Bearer"] {
        let svar = prove.kall("GET", "/samarbeid/clients", &[("authorization", token)], "").await;
        assert_eq!(feil(&svar).0, 401, "{token}");
    }
    let les = async |scope: &str, metode: &str, kropp: Value| {
        prove.som("konsument", scope, metode, "/samarbeid/clients/konsument", kropp).await.status
    };
    assert_eq!(les(LES, "GET", Value::Null).await, 403);
    assert_eq!(les(LESE, "GET", Value::Null).await, 200);
    assert_eq!(les(LESE, "PUT", json!({})).await, 403, "A141");
    assert_eq!(les(LESE, "DELETE", Value::Null).await, 403);
    assert_eq!(prove.som("konsument", ENDRE, "POST", "/samarbeid/clients", json!({})).await.status, 403);
    let bevis = prove.bevis("konsument", json!({ "scope": LESE, "resource": "https://annen.no" }));
    let token = prove.send(&bevis).await.json()["access_token"].as_str().unwrap().to_owned();
    let annens = [("authorization", &*format!("Bearer {token}"))];
    assert_eq!(prove.kall("GET", "/samarbeid/clients", &annens, "").await.status, 401, "another audience");
    prove.klokke.advance_millis(121_000);
    assert_eq!(prove.kall("GET", "/samarbeid/clients", &annens, "").await.status, 401);
}

#[tokio::test]
async fn what_is_anothers() {
    let prove = prove().await;
    for sti in
        ["/samarbeid/clients/leverandor", "/samarbeid/clients/finnes-ikke", "/samarbeid/clients/%1f%00"]
    {
        for (metode, kropp) in [("GET", Value::Null), ("PUT", json!({})), ("DELETE", Value::Null)] {
            let svar = prove.som("konsument", SKRIVE, metode, sti, kropp).await;
            assert_eq!(feil(&svar).0, 404, "A140: {metode} {sti}");
        }
        let nokler = Value::Object(jwks(&*fremmed()));
        assert_eq!(prove.som("konsument", SKRIVE, "POST", &format!("{sti}/jwks"), nokler).await.status, 404);
    }
    let fremmed =
        prove.som("konsument", SKRIVE, "POST", "/samarbeid/clients", json!({ "client_orgno": LEVERANDOR }));
    assert_eq!(fremmed.await.status, 403, "A142");
    let scope = prove.som(
        "konsument",
        SCOPES,
        "POST",
        "/samarbeid/scopes",
        json!({ "prefix": "demo", "subscope": "x" }),
    );
    assert_eq!(scope.await.status, 403, "A143");
    let sti = format!("/samarbeid/scopes/access/{KONSUMENT}?scope=demo:stengt");
    let gitt = prove.som("konsument", SCOPES, "PUT", &sti, Value::Null).await;
    assert_eq!(gitt.status, 404, "A144: another's scope");
}

#[tokio::test]
async fn a_supplier_with_clients_of_others() {
    let prove = prove().await;
    let ny = json!({ "client_orgno": KONSUMENT, "scopes": [LES] });
    let laget = prove.som("leverandor", SOM_LEVERANDOR, "POST", "/samarbeid/clients", ny).await.json();
    assert_eq!((&laget["client_orgno"], &laget["supplier_orgno"]), (&json!(KONSUMENT), &json!(LEVERANDOR)));
    let id = laget["client_id"].as_str().unwrap();
    let sti = format!("/samarbeid/clients/{id}/jwks");
    prove.som("leverandor", SOM_LEVERANDOR, "PUT", &sti, Value::Object(jwks(&*nokkel()))).await;
    let token = prove.send(&prove.bevis(id, json!({}))).await.token();
    assert_eq!(token["consumer"]["ID"], format!("0192:{KONSUMENT}"));
    assert_eq!(token["supplier"]["ID"], format!("0192:{LEVERANDOR}"));
    assert!(token.get("delegation_source").is_none());
    let egen =
        prove.som("leverandor", SOM_LEVERANDOR, "PUT", "/samarbeid/clients/leverandor", json!({})).await;
    assert_eq!(egen.status, 404, "only what it runs for others");
    let uten = prove.som("leverandor", SOM_LEVERANDOR, "POST", "/samarbeid/clients", json!({})).await;
    assert_eq!(feil(&uten).0, 400);
    let medlem = json!({ "client_orgno": KONSUMENT, "scopes": [DELT] });
    let laget = prove.som("leverandor", SOM_LEVERANDOR, "POST", "/samarbeid/clients", medlem).await.json();
    let id = laget["client_id"].as_str().unwrap();
    let sti = format!("/samarbeid/clients/{id}/jwks");
    prove.som("leverandor", SOM_LEVERANDOR, "PUT", &sti, Value::Object(jwks(&*nokkel()))).await;
    let svar = prove.send(&prove.bevis(id, json!({ "scope": DELT }))).await;
    assert_eq!(svar.avslag().2, "MP-251", "the two models exclude each other");
    let paa_vegne = prove.send(&prove.bevis(id, json!({ "scope": DELT, "consumer_org": EIER }))).await;
    assert_eq!(paa_vegne.avslag().1, "invalid_request");
}

#[tokio::test]
async fn keys_that_are_refused_as_a_whole() {
    let prove = prove().await;
    let sti = "/samarbeid/api/v1/clients/konsument/jwks";
    let god = vakt::jwk::to_json("a", nokkel().algorithm(), nokkel().public_key());
    let med = |navn: &str, verdi: Value| {
        let mut jwk = god.clone();
        if verdi.is_null() {
            jwk.as_object_mut().unwrap().shift_remove(navn);
        } else {
            jwk[navn] = verdi;
        }
        json!({ "keys": [jwk] })
    };
    let kid = |kid: &str| {
        let mut jwk = god.clone();
        jwk["kid"] = json!(kid);
        jwk
    };
    let for_mange: Vec<Value> = (0..6).map(|nr| kid(&nr.to_string())).collect();
    let n = god["n"].as_str().unwrap();
    let mut partall = vakt::base64url::decode(n).unwrap();
    *partall.last_mut().unwrap() &= 0xfe;
    for (kropp, felt) in [
        (med("e", json!("AQ")), "n"),
        (med("e", json!("Aw")), "n"),
        (med("n", json!(&n[..170])), "n"),
        (med("n", json!(vakt::base64url::encode(&partall))), "n"),
        (med("kty", json!("EC")), "kty"),
        (med("kty", json!("oct")), "kty"),
        (med("alg", json!("PS256")), "alg"),
        (med("alg", Value::Null), "alg"),
        (med("use", json!("enc")), "use"),
        (med("use", Value::Null), "use"),
        (med("kid", Value::Null), "kid"),
        (med("kid", json!("a/b")), "kid"),
        (med("kid", json!("a b")), "kid"),
        (med("kid", json!("k".repeat(129))), "kid"),
        (med("d", json!("AQAB")), "keys"),
        (med("k", json!("AQAB")), "keys"),
        (med("exp", json!(1)), "exp"),
        (med("exp", json!("x")), "exp"),
        (med("x5c", json!("x")), "x5c"),
        (json!({ "keys": for_mange }), "keys"),
        (json!({ "keys": [kid("a"), kid("a")] }), "kid"),
        (json!({ "keys": [] }), "keys"),
        (json!({ "nokler": [god] }), "keys"),
    ] {
        let svar = prove.som("konsument", ENDRE, "PUT", sti, kropp.clone()).await;
        assert_eq!(feil(&svar), (400, felt.to_owned()), "{kropp:.200}");
    }
    for kropp in ["[]", "x", "{\"keys\":[],\"keys\":[]}", ""] {
        let token = prove.send(&prove.bevis("konsument", json!({ "scope": ENDRE }))).await.json();
        let bearer = format!("Bearer {}", token["access_token"].as_str().unwrap());
        assert_eq!(prove.kall("PUT", sti, &[("authorization", &bearer)], kropp).await.status, 400, "{kropp}");
    }
    let da = prove.som("konsument", LESE, "GET", sti, Value::Null).await.json();
    assert_eq!(da["keys"][0]["kid"], "n-1", "nothing of it was stored");
    let lenge = med("exp", json!(prove.naa() + 10 * 365 * 86_400));
    let satt = prove.som("konsument", ENDRE, "PUT", sti, lenge).await.json();
    assert_eq!(satt["keys"][0]["exp"], prove.naa() + 365 * 86_400, "A151: cut to a year");
}

#[tokio::test]
async fn the_older_address_does_not_ask_what_a_key_is_for() {
    let prove = prove().await;
    let mut jwk = vakt::jwk::to_json("n-1", nokkel().algorithm(), nokkel().public_key());
    jwk.as_object_mut().unwrap().shift_remove("use");
    let kropp = json!({ "keys": [jwk] });
    let ny =
        prove.som("konsument", ENDRE, "PUT", "/samarbeid/api/v1/clients/konsument/jwks", kropp.clone()).await;
    assert_eq!(ny.status, 400);
    let gammel = prove.som("konsument", ENDRE, "PUT", "/samarbeid/clients/konsument/jwks", kropp).await;
    assert_eq!(gammel.status, 200, "{}", gammel.tekst());
}

#[tokio::test]
async fn a_scope_from_cradle_to_grave() {
    let prove = prove().await;
    let ny = json!({ "prefix": "demo", "subscope": "global/ny.les", "description": "Ny", "token_type": "SELF_CONTAINED",
        "delegation_source": null, "allowed_integration_types": ["maskinporten"], "at_max_age": 30 });
    let laget = prove.som("eier", SCOPES, "POST", "/samarbeid/scopes", ny.clone()).await;
    assert_eq!(
        (laget.status, &laget.json()["name"]),
        (200, &json!("demo:global/ny.les")),
        "{}",
        laget.tekst()
    );
    assert_eq!(laget.json()["owner_orgno"], EIER);
    assert_eq!(prove.som("eier", SCOPES, "POST", "/samarbeid/scopes", ny.clone()).await.status, 409);
    let sti = "/samarbeid/scopes?scope=demo:global%2Fny.les";
    let tilgang = format!("/samarbeid/scopes/access/{KONSUMENT}?scope=demo:global/ny.les");
    for _ in 0..2 {
        let gitt = prove.som("eier", SCOPES, "PUT", &tilgang, Value::Null).await.json();
        assert_eq!((&gitt["state"], &gitt["consumer_orgno"]), (&json!("APPROVED"), &json!(KONSUMENT)));
    }
    let klient = json!({ "scopes": ["demo:global/ny.les"], "client_name": "x" });
    let id = prove.som("konsument", SKRIVE, "POST", "/samarbeid/clients", klient).await.json()["client_id"]
        .clone();
    let id = id.as_str().unwrap();
    let nokler = format!("/samarbeid/clients/{id}/jwks");
    prove.som("konsument", SKRIVE, "PUT", &nokler, Value::Object(jwks(&*nokkel()))).await;
    let token = async || prove.send(&prove.bevis(id, json!({ "scope": "demo:global/ny.les" }))).await;
    assert_eq!(token().await.json()["expires_in"], 30);
    let trukket = prove.som("eier", SCOPES, "DELETE", &tilgang, Value::Null).await.json();
    assert_eq!(trukket["state"], "DENIED");
    assert_eq!(token().await.avslag().2, "MP-250", "A95");
    let gitt = json!({ "scope": "demo:global/ny.les", "consumer_orgno": KONSUMENT });
    assert_eq!(prove.som("eier", SCOPES, "POST", "/samarbeid/scopes/access", gitt).await.status, 200);
    assert_eq!(prove.som("eier", SCOPES, "DELETE", sti, Value::Null).await.json()["active"], false);
    assert_eq!(token().await.avslag().2, "MP-200");
    assert_eq!(prove.som("eier", SCOPES, "POST", "/samarbeid/scopes", ny).await.status, 409);
    let igjen = prove.som("eier", SCOPES, "PUT", sti, json!({ "active": true })).await;
    assert_eq!((igjen.status, &igjen.json()["active"]), (200, &json!(true)));
    assert_eq!(token().await.status, 200, "access rows stay");
    let mine = prove.som("konsument", LESE, "GET", "/samarbeid/scopes/access/all", Value::Null).await.json();
    assert!(mine.as_array().unwrap().iter().any(|rad| rad["scope"] == "demo:global/ny.les"));
    let liste = format!("/samarbeid/scopes/access?scope=demo:global/ny.les&consumer_orgno={KONSUMENT}");
    assert_eq!(
        prove.som("eier", SCOPES, "GET", &liste, Value::Null).await.json().as_array().unwrap().len(),
        1
    );
    let alle = prove.kall("GET", "/samarbeid/scopes/all", &[], "").await.json();
    assert!(alle.as_array().unwrap().iter().any(|rad| rad["name"] == "demo:global/ny.les"));
    let apne = prove.kall("GET", "/samarbeid/scopes/all?accessible_for_all=true", &[], "").await.json();
    assert_eq!(apne.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn scopes_that_are_refused() {
    let prove = prove().await;
    for (kropp, status) in [
        (json!({ "prefix": "demo" }), 400),
        (json!({ "prefix": "de:mo", "subscope": "x" }), 400),
        (json!({ "prefix": "demo", "subscope": "a b" }), 400),
        (json!({ "prefix": "Demo", "subscope": "x" }), 403),
        (json!({ "prefix": "__proto__", "subscope": "x" }), 403),
        (json!({ "prefix": "demo", "subscope": "x", "visibility": "SECRET" }), 400),
        (json!({ "prefix": "demo", "subscope": "x", "delegation_source": "https://annen.no/" }), 400),
        (json!({ "prefix": "demo", "subscope": "x", "allowed_integration_types": ["x"] }), 400),
        (json!({ "prefix": "demo", "subscope": "x", "at_max_age": -1 }), 400),
        (json!({ "prefix": "demo", "subscope": "x", "token_type": "JWT" }), 400),
    ] {
        let svar = prove.som("eier", SCOPES, "POST", "/samarbeid/scopes", kropp.clone()).await;
        assert_eq!(feil(&svar).0, status, "{kropp}");
    }
    for sti in [
        "/samarbeid/scopes/access/31101500?scope=demo:stengt",
        "/samarbeid/scopes/access/311015002?scope=demo:stengt",
        "/samarbeid/scopes/access/311015001?scope=demo%2500",
        "/samarbeid/scopes/access/311015001",
    ] {
        assert_eq!(feil(&prove.som("eier", SCOPES, "PUT", sti, Value::Null).await).0, 400, "{sti}");
    }
    let kilder = prove.kall("GET", "/samarbeid/delegationsources", &[], "").await.json();
    assert_eq!(kilder[0]["issuer"], "https://tt02.altinn.no/");
    let prefikser = prove.kall("GET", "/samarbeid/prefix/all", &[], "").await.json();
    assert!(prefikser.as_array().unwrap().iter().any(|p| p["prefix"] == "demo" && p["owner_orgno"] == EIER));
}

#[tokio::test]
async fn a_scope_without_access_cannot_be_put_on_a_client() {
    let prove = prove().await;
    let svar =
        prove.som("leverandor", SKRIVE, "POST", "/samarbeid/clients", json!({ "scopes": [LES] })).await;
    assert_eq!(feil(&svar), (400, "scopes".to_owned()));
    let svar = prove
        .som("leverandor", SKRIVE, "POST", "/samarbeid/clients", json!({ "scopes": ["demo:ukjent"] }))
        .await;
    assert_eq!(feil(&svar), (400, "scopes".to_owned()));
    for kropp in [
        json!({ "scopes": "x" }),
        json!({ "scopes": [1] }),
        json!({ "access_token_lifetime": -1 }),
        json!({ "client_name": 1 }),
        json!({ "grant_types": ["authorization_code"] }),
        json!({ "token_endpoint_auth_method": "client_secret_basic" }),
        json!({ "integration_type": "ukjent" }),
        json!({ "client_orgno": "1" }),
        json!({ "client_name": "x".repeat(5000) }),
    ] {
        let svar = prove.som("leverandor", SKRIVE, "POST", "/samarbeid/clients", kropp.clone()).await;
        assert_eq!(feil(&svar).0, 400, "{kropp:.80}");
    }
}

#[tokio::test]
async fn entries_of_the_old_supplier_scheme() {
    let prove = prove().await;
    for ord in ["onbehalfof", "onbehalof"] {
        let sti = format!("/samarbeid/clients/konsument/{ord}");
        let ny = json!({ "onbehalfof": "kunde", "display_name": "Kunde", "orgno": LEVERANDOR });
        let laget = prove.som("konsument", ENDRE, "POST", &sti, ny.clone()).await;
        assert_eq!((laget.status, &laget.json()["name"]), (200, &json!("Kunde")), "{}", laget.tekst());
        assert_eq!(prove.som("konsument", ENDRE, "POST", &sti, ny.clone()).await.status, 409);
        let en = format!("{sti}/kunde");
        let endret =
            prove.som("konsument", ENDRE, "PUT", &en, json!({ "onbehalfof": "kunde", "name": "Ny" })).await;
        assert_eq!(endret.json()["name"], "Ny");
        assert_eq!(prove.som("konsument", LESE, "GET", &en, Value::Null).await.json()["name"], "Ny");
        let slettet = prove.som("konsument", ENDRE, "DELETE", &en, Value::Null).await;
        assert_eq!((slettet.status, slettet.kropp.len()), (200, 0));
        assert_eq!(prove.som("konsument", LESE, "GET", &en, Value::Null).await.status, 404);
        assert_eq!(prove.som("konsument", LESE, "GET", &sti, Value::Null).await.json(), json!([]));
    }
}

#[tokio::test]
async fn two_nodes_do_not_overwrite_each_other() {
    let prove = prove().await;
    let annen =
        Prove::tjener(prove.journal.clone(), prove.klokke.clone(), maskinporten::Oppsett::default(), None);
    let andre = RsaSigner::generate().unwrap().named("n-2");
    let mut kall = tokio::task::JoinSet::new();
    for nr in 0..20 {
        let mp = if nr % 2 == 0 { prove.mp.clone() } else { annen.clone() };
        let sett = if nr % 2 == 0 { jwks(&*nokkel()) } else { jwks(&andre) };
        kall.spawn(async move { mp.sett_nokler(&crate::prove::drift(), "konsument", &sett, true).await });
    }
    let utfall = kall.join_all().await;
    assert!(utfall.iter().any(Result::is_ok));
    for feil in utfall.into_iter().filter_map(Result::err) {
        assert!(matches!(feil, maskinporten::admin::Avvist::Feil(maskinporten::Feil::Samtidig)), "{feil}");
    }
    let lagret = prove.mp.klient(&crate::prove::drift(), "konsument").await.unwrap();
    assert_eq!(lagret.jwks.unwrap().keys.len(), 1, "A152: one set or the other");
}
