//! Every row of the catalogue of refusals (sheet section 8.2), with status, `error`, code and text.

use serde_json::json;
use vakt::jws::{KeyHint, sign};

use crate::prove::{
    APENT, DELT, EIER, KONSUMENT, LES, LEVERANDOR, Prove, STENGT, Svar, drift, fremmed, nokkel, scope,
};

type Rad = (u16, &'static str, &'static str, String);

#[expect(clippy::needless_pass_by_value, reason = "rows are written on the spot")]
fn er(svar: &Svar, rad: Rad) {
    let (status, error, kode, tekst) = svar.avslag();
    assert_eq!((status, error.as_str(), kode.as_str(), tekst), rad, "{}", svar.tekst());
}

const GRANT: &str = "invalid_grant";
const FORESPORSEL: &str = "invalid_request";

fn klient(tekst: &str) -> String {
    format!("Invalid assertion. Client authentication failed. {tekst}")
}

#[tokio::test]
async fn form_and_replay() {
    let prove = Prove::ny().await;
    er(
        &prove.send("x").await,
        (400, FORESPORSEL, "MP-011", "Invalid assertion. Invalid parameter value".into()),
    );
    let egen = "Validation of JWT claim failed: The combination consumer_org in claim and delegation scope on client \
                is invalid";
    let svar = prove.be(json!({ "consumer_org": KONSUMENT })).await;
    er(&svar, (400, FORESPORSEL, "", egen.into()));
    let bevis = prove.bevis("konsument", json!({}));
    prove.send(&bevis).await;
    er(&prove.send(&bevis).await, (400, GRANT, "MP-012", "Grant is used before".into()));
    let svar = prove.skjema("grant_type=password").await;
    assert_eq!((svar.status, svar.avslag().1.as_str()), (400, "unsupported_grant_type"));
}

#[tokio::test]
async fn client_authentication() {
    let prove = Prove::ny().await;
    er(&prove.be(json!({ "iss": "x" })).await, (400, GRANT, "MP-100", klient("Client not found")));
    er(&prove.be(json!({ "aud": "x" })).await, (400, GRANT, "MP-110", klient("Invalid JWT claim aud")));
    let fremmed_bevis = sign(&*fremmed(), KeyHint::Kid, &prove.krav("konsument", json!({}))).unwrap();
    er(&prove.send(&fremmed_bevis).await, (400, GRANT, "MP-124", klient("Invalid JWT signature.")));
    prove.klient("annet-kid", KONSUMENT, &[LES]).await;
    let annen = vakt::jws::RsaSigner::generate().unwrap().named("annet");
    let bevis = sign(&annen, KeyHint::Kid, &prove.krav("konsument", json!({}))).unwrap();
    er(&prove.send(&bevis).await, (400, GRANT, "", klient("Unknown key identifier (kid) for client.")));
    let x5c =
        sign(&*nokkel(), KeyHint::Certificates(&[vec![1]]), &prove.krav("konsument", json!({}))).unwrap();
    let tekst = "Invalid JWT. The client requires pre-registered jwk and no key identifier (kid) provided";
    er(&prove.send(&x5c).await, (400, GRANT, "", klient(tekst)));
    prove.klokke.advance_millis(366 * 86_400_000);
    er(&prove.be(json!({})).await, (400, GRANT, "MP-121", klient("Expired key")));
}

#[tokio::test]
async fn times() {
    let prove = Prove::ny().await;
    let naa = prove.naa();
    er(&prove.be(json!({ "exp": naa })).await, (400, GRANT, "MP-130", "JWT is expired".into()));
    er(&prove.be(json!({ "iat": naa + 11 })).await, (400, GRANT, "", "Issue time is after now".into()));
}

#[tokio::test]
async fn scopes_access_and_delegation() {
    let prove = Prove::ny().await;
    let ikke = |scope: &str| format!("Token request contains invalid scopes for client, {scope}");
    let is = "invalid_scope";
    for scope in ["demo:finnes.ikke", "Demo:register.read", "demo:register.read,demo:apent", "uten", "demo:"]
    {
        er(&prove.be(json!({ "scope": scope })).await, (400, is, "MP-200", ikke(scope)));
    }
    er(&prove.be(json!({ "scope": format!("{LES} demo:x") })).await, (400, is, "MP-200", ikke("demo:x")));
    for tom in ["", " ", "\t "] {
        er(&prove.be(json!({ "scope": tom })).await, (400, is, "MP-200", ikke("")));
    }
    er(&prove.be(json!({ "scope": "demo:a\ndemo:b" })).await, (400, is, "MP-200", ikke("demo:ademo:b")));
    let mange = vec![LES; 101].join(" ");
    assert_eq!(prove.be(json!({ "scope": mange })).await.avslag().2, "MP-011", "A93");
    let pa_klient = prove.be_delegert(json!({ "scope": LES })).await;
    er(&pa_klient, (400, is, "MP-200", ikke(LES)));
    prove.mp.slett_scope(&drift(), &scope(APENT)).await.unwrap();
    er(&prove.be(json!({ "scope": APENT })).await, (400, is, "MP-200", ikke(APENT)));

    let mut felt = maskinporten::admin::Scopefelt { active: Some(true), ..Default::default() };
    felt.allowed_integration_types = vec!["idporten".to_owned()];
    prove.mp.endre_scope(&drift(), &scope(APENT), felt).await.unwrap();
    let tekst = "Token request contains scopes not allowed for maskinporten";
    er(&prove.be(json!({ "scope": APENT })).await, (400, is, "MP-201", tekst.into()));

    let fb = "forbidden";
    let tekst = format!("Consumer has not been granted access to the scope {STENGT}.");
    er(&prove.be(json!({ "scope": STENGT })).await, (403, fb, "MP-250", tekst.clone()));
    er(&prove.be_delegert(json!({ "scope": STENGT })).await, (403, fb, "MP-250", tekst));
    let eget = prove.send(&prove.bevis("leverandor", json!({ "scope": DELT }))).await;
    assert_eq!(eget.avslag().2, "MP-250", "A109: without consumer_org the supplier asks for itself");

    prove.tilgang(DELT, EIER).await;
    let tekst =
        format!("Consumer {EIER} has not delegated access to the scope {DELT} to supplier {LEVERANDOR}.");
    er(&prove.be_delegert(json!({ "consumer_org": EIER })).await, (403, fb, "MP-251", tekst));
}

#[tokio::test]
async fn authorization_details() {
    let prove = Prove::ny().await;
    let rar = "invalid_authorization_details";
    let svar = |detaljer| prove.be(json!({ "authorization_details": detaljer }));
    let org = json!({ "authority": "iso6523-actorid-upis", "ID": format!("0192:{KONSUMENT}") });
    let bruker = json!({ "type": "urn:altinn:systemuser", "systemuser_org": org });
    let type_ = (400, rar, "MP-301", "Unknown authorization details type".to_owned());
    for detaljer in [json!([{ "type": "x" }]), json!([{}]), json!(["x"]), json!([bruker, { "type": 1 }])] {
        er(&svar(detaljer).await, type_.clone());
    }
    let mut ekstra = bruker.clone();
    ekstra["systemuser_id"] = json!(["x"]);
    er(
        &svar(json!([ekstra])).await,
        (400, rar, "MP-302", "Unknown fields in the authorization details".into()),
    );
    for detaljer in [
        json!([]),
        json!([bruker, bruker]),
        json!([{ "type": "urn:altinn:systemuser" }]),
        json!([{ "type": "urn:altinn:systemuser", "systemuser_org": KONSUMENT }]),
        json!([{ "type": "urn:altinn:systemuser", "systemuser_org": { "authority": "iso6523-actorid-upis", "ID": KONSUMENT } }]),
        json!([{ "type": "urn:altinn:systemuser", "systemuser_org": { "authority": "annen", "ID": "0192:311015001" } }]),
        json!([{ "type": "urn:altinn:systemuser", "systemuser_org": org, "externalRef": 1 }]),
    ] {
        let (status, error, kode, tekst) = svar(detaljer.clone()).await.avslag();
        assert_eq!((status, error.as_str(), kode.as_str()), (400, rar, "MP-303"), "{detaljer}");
        assert!(tekst.starts_with("Invalid authorization details values"), "{tekst}");
    }
    let ingen = svar(json!([bruker])).await.avslag();
    assert_eq!(
        (ingen.0, ingen.1.as_str(), ingen.2.as_str()),
        (400, "invalid_altinn_customer_configuration", "MP-303")
    );
    let samtykke = svar(json!([{ "type": "urn:altinn:consent", "id": "x", "from": "y" }])).await.avslag();
    assert_eq!(
        (samtykke.1.as_str(), samtykke.2.as_str()),
        ("invalid_altinn_customer_configuration", "MP-303")
    );
}

#[tokio::test]
async fn every_code_has_its_page_and_errors_can_be_without_address() {
    let prove = Prove::ny().await;
    let avslag = prove.be(json!({ "iss": "x" })).await.json();
    let sti = avslag["error_uri"].as_str().unwrap().strip_prefix("https://as.example.no").unwrap().to_owned();
    let side = prove.kall("GET", &sti, &[], "").await;
    assert_eq!((side.status, side.hode("content-type")), (200, "text/html; charset=utf-8"));
    assert_eq!(prove.kall("GET", "/errors/MP-999", &[], "").await.status, 404);
    let uten = Prove::med(maskinporten::Oppsett { error_uri: false, ..Default::default() }).await;
    let avslag = uten.be(json!({ "iss": "x" })).await.json();
    assert_eq!(avslag.as_object().unwrap().keys().collect::<Vec<_>>(), ["error", "error_description"]);
}

#[tokio::test]
async fn trouble_of_our_own_is_503_and_leaves_the_grant_unused() {
    let prove = Prove::ny().await;
    // The first token has made the signing key.
    assert_eq!(prove.be(json!({})).await.status, 200);
    let stengt =
        journal::sqlite::SqliteJournal::open_read_only(&prove.mappe.path().join("grunndata.sqlite")).unwrap();
    let mp = Prove::tjener(stengt, prove.klokke.clone(), maskinporten::Oppsett::default(), None);
    let skjema = maskinporten::bevis::Skjema {
        grant_type: Some(crate::prove::GRANT.to_owned()),
        assertion: Some(prove.bevis("konsument", json!({}))),
        client_id: None,
        uten_virkning: Vec::new(),
    };
    let avslag = mp.token(&skjema, "spor").await.unwrap_err();
    assert_eq!((avslag.status, avslag.error), (503, "temporarily_unavailable"));
    assert!(prove.mp.token(&skjema, "spor").await.is_ok(), "it can be sent again");
}
