//! Tokens, metadata and keys (sheet sections 2.3, 2.4, 6, 7, 10).

use maskinporten::admin::Scopefelt;
use maskinporten::modell::{Tilgangstilstand, Tokentype};
use serde_json::{Value, json};
use vakt::jwk::KeySet;
use vakt::jws::{Compact, KeyHint, sign};

use crate::prove::{
    APENT, DELT, KILDE, KONSUMENT, LES, LEVERANDOR, Prove, UTSTEDER, drift, nokkel, orgnr, scope,
};

/// Without what is random.
fn stabil(mut verdi: Value) -> Value {
    for navn in ["jti", "kid", "n"] {
        if let Some(felt) = verdi.get_mut(navn) {
            *felt = json!(format!("<{} tegn>", felt.as_str().unwrap().len()));
        }
    }
    verdi
}

#[tokio::test]
async fn metadata() {
    let prove = Prove::ny().await;
    let svar = prove.kall("GET", "/.well-known/oauth-authorization-server", &[], "").await;
    assert_eq!((svar.status, svar.hode("content-type")), (200, "application/json"));
    insta::assert_json_snapshot!("metadata", svar.json());
    assert_eq!(prove.kall("GET", "/.well-known/openid-configuration", &[], "").await.status, 404);
    let med = Prove::med(maskinporten::Oppsett { oidc_alias: true, ..Default::default() }).await;
    let alias = med.kall("GET", "/.well-known/openid-configuration", &[], "").await;
    assert_eq!(alias.json(), svar.json());
}

#[tokio::test]
async fn keys_are_public_members_only() {
    let prove = Prove::ny().await;
    let svar = prove.kall("GET", "/jwk", &[], "").await;
    assert_eq!(svar.hode("cache-control"), "public, max-age=3600");
    let mut dokument = svar.json();
    assert_eq!(dokument["keys"].as_array().unwrap().len(), 1);
    dokument["keys"][0] = stabil(dokument["keys"][0].clone());
    insta::assert_json_snapshot!("jwk", dokument);
}

#[tokio::test]
async fn an_ordinary_token() {
    let prove = Prove::ny().await;
    let svar = prove.be(json!({})).await;
    let mut kropp = svar.json();
    let token = kropp["access_token"].as_str().unwrap().to_owned();
    kropp["access_token"] = json!("…");
    insta::assert_json_snapshot!("svar", kropp);
    insta::assert_json_snapshot!("token", stabil(Value::Object(svar.token())));
    let jws = Compact::parse(&token, 1 << 14).unwrap();
    let nokler = KeySet::parse(&prove.kall("GET", "/jwk", &[], "").await.kropp).unwrap();
    jws.verify(nokler.get(jws.header().kid.as_deref().unwrap()).unwrap()).unwrap();
    assert_eq!((jws.header().alg.as_str(), &jws.header().typ), ("RS256", &None));
}

#[tokio::test]
async fn a_delegated_token() {
    let prove = Prove::ny().await;
    let svar = prove.be_delegert(json!({})).await;
    insta::assert_json_snapshot!("delegert", stabil(Value::Object(svar.token())));
    let (fra, til) = (orgnr(KONSUMENT), orgnr(LEVERANDOR));
    prove.mp.trekk_delegering(&drift(), fra, til, "demo-delt").await.unwrap();
    assert_eq!(
        prove.be_delegert(json!({})).await.avslag().2,
        "MP-251",
        "A98: revocation holds for the next grant"
    );
}

#[tokio::test]
async fn audience_and_person() {
    let prove = Prove::ny().await;
    let en = prove.be(json!({ "resource": "https://api.example.no/v1", "pid": "41814061033" })).await.token();
    assert_eq!((&en["aud"], &en["pid"]), (&json!("https://api.example.no/v1"), &json!("41814061033")));
    let en_i_liste = prove.be(json!({ "resource": ["https://api.example.no/v1"] })).await.token();
    assert_eq!(en_i_liste["aud"], "https://api.example.no/v1");
    let to = prove.be(json!({ "resource": ["https://a.no", "urn:x:y"] })).await.token();
    assert_eq!(to["aud"], json!(["https://a.no", "urn:x:y"]));
    let produksjon = maskinporten::Oppsett { syntetiske_personer: false, ..Default::default() };
    let prove = Prove::med(produksjon).await;
    assert_eq!(prove.be(json!({ "pid": "41814061033" })).await.avslag().2, "MP-011", "A121");
}

#[tokio::test]
async fn unrestricted_audience_by_server_and_by_scope() {
    let oppsett = maskinporten::Oppsett { uspesifisert_aud: true, ..Default::default() };
    let prove = Prove::med(oppsett).await;
    assert_eq!(prove.be(json!({})).await.token()["aud"], "unspecified");
    let felt = |aud: &str| Scopefelt { unrestricted_aud: Some(aud.to_owned()), ..Default::default() };
    prove.mp.endre_scope(&drift(), &scope(LES), felt("")).await.unwrap();
    assert!(prove.be(json!({})).await.token().get("aud").is_none());
    prove.mp.endre_scope(&drift(), &scope(LES), felt("egen")).await.unwrap();
    assert_eq!(prove.be(json!({})).await.token()["aud"], "egen");
    assert_eq!(prove.be(json!({ "resource": "https://a.no" })).await.token()["aud"], "https://a.no");
}

#[tokio::test]
async fn lifetimes_are_the_shortest_of_what_is_allowed() {
    let prove = Prove::ny().await;
    let levetid = async |endringer: Value| {
        let svar = prove.be(endringer).await;
        let token = svar.token();
        let levetid = token["exp"].as_i64().unwrap() - token["iat"].as_i64().unwrap();
        assert_eq!(svar.json()["expires_in"], json!(levetid));
        levetid
    };
    assert_eq!(levetid(json!({})).await, 120);
    let felt = |tak| Scopefelt { at_max_age: tak, ..Default::default() };
    prove.mp.endre_scope(&drift(), &scope(LES), felt(60)).await.unwrap();
    assert_eq!(levetid(json!({})).await, 60, "A147");
    let lang = |sekunder| maskinporten::admin::Klientfelt {
        scopes: [LES, DELT].map(scope).to_vec(),
        access_token_lifetime: Some(sekunder),
        ..Default::default()
    };
    prove.mp.endre_klient(&drift(), "konsument", lang(3600)).await.unwrap();
    assert_eq!(levetid(json!({})).await, 60);
    assert_eq!(levetid(json!({ "scope": DELT })).await, 3600);
    assert_eq!(levetid(json!({ "scope": format!("{DELT} {LES}") })).await, 60);
    prove.mp.endre_klient(&drift(), "konsument", lang(1_000_000_000)).await.unwrap();
    assert_eq!(levetid(json!({ "scope": DELT })).await, 7200, "A146");
    prove.mp.endre_scope(&drift(), &scope(LES), felt(0)).await.unwrap();
    assert_eq!(levetid(json!({})).await, 7200);
}

#[tokio::test]
async fn aliases_of_the_audience() {
    let oppsett = maskinporten::Oppsett {
        aud_alias: vec!["https://test.maskinporten.no/".to_owned()],
        ..Default::default()
    };
    let prove = Prove::med(oppsett).await;
    let svar = prove.be(json!({ "aud": "https://test.maskinporten.no/" })).await;
    assert_eq!(svar.token()["iss"], UTSTEDER);
    assert_eq!(prove.be(json!({ "aud": "https://maskinporten.no/" })).await.avslag().2, "MP-110");
}

#[tokio::test]
async fn prefixes_of_the_consumer_in_tokens_for_altinns_administration() {
    let prove = Prove::ny().await;
    prove.klient("eier", crate::prove::EIER, &[]).await;
    prove.gi_scope("altinn:maskinporten/delegations", "eier", crate::prove::EIER).await;
    let token =
        prove.send(&prove.bevis("eier", json!({ "scope": "altinn:maskinporten/delegations" }))).await.token();
    assert_eq!(token["consumer_prefix"], json!(["altinn", "demo"]));
    assert!(prove.be(json!({})).await.token().get("consumer_prefix").is_none());
}

#[tokio::test]
async fn opaque_tokens_and_introspection() {
    const SPORRE: &str = "idporten:token.introspection";
    let prove = Prove::ny().await;
    prove.klient("api", crate::prove::EIER, &[]).await;
    prove.gi_scope(SPORRE, "api", crate::prove::EIER).await;
    let felt = |token_type| Scopefelt {
        token_type,
        enforced_aud_for_introspection: vec!["api".to_owned()],
        ..Default::default()
    };
    prove.mp.endre_scope(&drift(), &scope(LES), felt(Tokentype::Opaque)).await.unwrap();
    let svar = prove.be(json!({})).await.json();
    let opak = svar["access_token"].as_str().unwrap().to_owned();
    assert_eq!((opak.len(), &svar["expires_in"]), (43, &json!(120)));
    let spor = async |hvem: &str, token: &str| {
        let bevis = sign(&*nokkel(), KeyHint::Kid, &prove.krav(hvem, json!({ "scope": null }))).unwrap();
        let kropp = form_urlencoded::Serializer::new(String::new())
            .append_pair("token", token)
            .append_pair("client_assertion", &bevis)
            .append_pair("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
            .finish();
        let type_ = [("content-type", "application/x-www-form-urlencoded")];
        prove.kall("POST", "/tokenintrospect", &type_, kropp).await
    };
    let svar = spor("api", &opak).await.json();
    assert_eq!(
        (&svar["active"], &svar["scope"], &svar["client_id"]),
        (&json!(true), &json!(LES), &json!("konsument"))
    );
    let nei = json!({ "active": false });
    prove.mp.sett_tilgang(&drift(), &scope(LES), orgnr(KONSUMENT), Tilgangstilstand::Denied).await.unwrap();
    assert_eq!(spor("api", &opak).await.json(), nei, "what it was issued on is withdrawn");
    prove.tilgang(LES, KONSUMENT).await;
    assert_eq!(spor("api", &opak).await.json()["active"], true);
    assert_eq!(spor("konsument", &opak).await.json(), nei, "not one that the scope names");
    for ukjent in ["x", "", "a.b.c", &"x".repeat(43)] {
        assert_eq!(spor("api", ukjent).await.json(), nei, "{ukjent}");
    }
    prove.mp.endre_scope(&drift(), &scope(LES), felt(Tokentype::SelfContained)).await.unwrap();
    let token = prove.be(json!({})).await.json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(spor("api", &token).await.json()["active"], true, "ordinary tokens too");
    let annet = prove.be(json!({ "scope": APENT })).await.json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(spor("api", &annet).await.json(), nei, "a scope that does not name the client");
    prove.klokke.advance_millis(120_000);
    for ended in [&opak, &token] {
        assert_eq!(spor("api", ended).await.json(), nei);
    }
    prove.klokke.advance_millis(60_000);
    assert!(prove.mp.rydd().await.unwrap() > 0, "ended tokens are taken away");
    let uten = prove.kall(
        "POST",
        "/tokenintrospect",
        &[("content-type", "application/x-www-form-urlencoded")],
        "token=x",
    );
    assert_eq!(uten.await.avslag().1, "invalid_request");
}

#[tokio::test]
async fn system_users() {
    let prove = Prove::ny().await;
    let system = maskinporten::admin::NyttSystem {
        id: format!("{LEVERANDOR}_system"),
        name: "System".to_owned(),
        client_ids: vec!["leverandor".to_owned()],
    };
    let spor = async |ekstra: Value| {
        let mut post = json!({ "type": "urn:altinn:systemuser", "systemuser_org":
            { "authority": "iso6523-actorid-upis", "ID": format!("0192:{KONSUMENT}") } });
        for (navn, verdi) in ekstra.as_object().unwrap() {
            post[navn] = verdi.clone();
        }
        let krav = json!({ "scope": APENT, "authorization_details": [post] });
        prove.send(&prove.bevis("leverandor", krav)).await
    };
    assert!(
        spor(json!({})).await.avslag().3.contains("client_id"),
        "the text says which of the causes it is"
    );
    prove.mp.sett_system(&drift(), system).await.unwrap();
    assert!(spor(json!({})).await.avslag().3.contains("systemuser_org"));
    let ny = maskinporten::admin::NySystembruker {
        system_id: format!("{LEVERANDOR}_system"),
        owner_org: orgnr(KONSUMENT),
        external_ref: Some("kunde-42".to_owned()),
    };
    let bruker = prove.mp.ny_systembruker(&drift(), ny).await.unwrap();
    assert!(spor(json!({})).await.avslag().3.contains("externalRef"));
    let token = spor(json!({ "externalRef": "kunde-42" })).await.token();
    assert_eq!(
        token["authorization_details"],
        json!([{
            "type": "urn:altinn:systemuser",
            "systemuser_id": [bruker.id],
            "systemuser_org": { "authority": "iso6523-actorid-upis", "ID": format!("0192:{KONSUMENT}") },
            "system_id": format!("{LEVERANDOR}_system"),
        }])
    );
    assert_eq!(token["consumer"]["ID"], format!("0192:{LEVERANDOR}"), "the vendor is the consumer");
    assert!(token.get("supplier").is_none());
    prove.mp.slett_systembruker(&drift(), &bruker.id).await.unwrap();
    assert_eq!(spor(json!({ "externalRef": "kunde-42" })).await.avslag().2, "MP-303");
}

#[tokio::test]
async fn consents() {
    let prove = Prove::ny().await;
    let fra = "urn:altinn:person:identifier-no:41814061033";
    let gi = async |til: &str| {
        let nytt = maskinporten::admin::NyttSamtykke {
            from: fra.to_owned(),
            to: orgnr(til),
            valid_to: tid::Clock::now(&*prove.klokke).plus_millis(3_600_000),
            rights: Vec::new(),
        };
        prove.mp.nytt_samtykke(&drift(), nytt).await.unwrap().id
    };
    let spor = async |id: &str, fra: &str| {
        prove
            .be(json!({ "authorization_details": [{ "type": "urn:altinn:consent", "id": id, "from": fra }] }))
            .await
    };
    let (mitt, annens) = (gi(KONSUMENT).await, gi(LEVERANDOR).await);
    let post = spor(&mitt, fra).await.token()["authorization_details"][0].clone();
    assert_eq!((&post["id"], &post["to"]["ID"]), (&json!(mitt), &json!(format!("0192:{KONSUMENT}"))));
    assert_eq!(post["validTo"], "2026-01-01T01:00:00.000+00:00");
    assert_eq!(spor(&annens, fra).await.avslag().2, "MP-303", "A131");
    assert_eq!(spor(&mitt, "urn:altinn:person:identifier-no:1").await.avslag().2, "MP-303");
    let andre = gi(KONSUMENT).await;
    prove.mp.trekk_samtykke(&drift(), &andre).await.unwrap();
    assert_eq!(spor(&andre, fra).await.avslag().2, "MP-303");
    prove.klokke.advance_millis(3_600_000);
    assert_eq!(spor(&mitt, fra).await.avslag().2, "MP-303");
}

#[tokio::test]
async fn the_route_of_our_own() {
    let prove = Prove::ny().await;
    prove.gi_scope("grunndata:demo.les", "konsument", KONSUMENT).await;
    let svar = prove.som("konsument", "grunndata:demo.les", "GET", "/utvidet/hvem-er-jeg", Value::Null).await;
    assert_eq!((svar.status, svar.json()["konsument"].to_string()), (200, format!("\"{KONSUMENT}\"")));
    let uten = prove.kall("GET", "/utvidet/hvem-er-jeg", &[], "").await;
    assert_eq!((uten.status, uten.hode("www-authenticate").starts_with("Bearer")), (401, true));
    let feil_scope = prove.som("konsument", LES, "GET", "/utvidet/hvem-er-jeg", Value::Null).await;
    assert_eq!(feil_scope.status, 403);
    let bevis = prove.bevis("konsument", json!({}));
    let som_token = [("authorization", &*format!("Bearer {bevis}"))];
    assert_eq!(prove.kall("GET", "/utvidet/hvem-er-jeg", &som_token, "").await.status, 401, "A171");
    let _ = KILDE;
}
