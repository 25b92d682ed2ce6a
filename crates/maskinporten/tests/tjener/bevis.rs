//! The claims and the signature of a grant (sheet section 5, steps 7 to 17; attack rows A01 to A14, A21, A50 to A65,
//! A70 to A87, A120 to A124).

use serde_json::{Value, json};
use vakt::jws::{Algorithm, KeyHint, RsaSigner, Signer, sign};

use crate::prove::{DELT, KONSUMENT, LES, Prove, UTSTEDER, drift, fremmed, jwks, krav, nokkel};

fn delt(bevis: &str) -> (String, String, String) {
    let mut deler = bevis.split('.').map(str::to_owned);
    (deler.next().unwrap(), deler.next().unwrap(), deler.next().unwrap())
}

fn kod(verdi: &Value) -> String {
    vakt::base64url::encode(verdi.to_string())
}

/// A grant with a header of the caller's own making, signed with the tests' key all the same.
fn med_hode(prove: &Prove, hode: &Value) -> String {
    let (_, last, _) = delt(&prove.bevis("konsument", json!({})));
    let tekst = format!("{}.{last}", kod(hode));
    let signatur = nokkel().sign(tekst.as_bytes()).unwrap();
    format!("{tekst}.{}", vakt::base64url::encode(signatur))
}

#[tokio::test]
async fn other_algorithms_and_extensions() {
    let prove = Prove::ny().await;
    for alg in [
        "none", "None", "NONE", "nOnE", "HS256", "HS512", "ES256", "PS256", "EdDSA", "RSA-OAEP", "rs256",
        "RS1", "",
    ] {
        let svar = prove.send(&med_hode(&prove, &json!({ "alg": alg, "kid": "n-1" }))).await;
        let (status, error, kode, _) = svar.avslag();
        assert_eq!((status, error.as_str(), kode.as_str()), (400, "invalid_grant", "MP-124"), "{alg}");
    }
    for hode in [
        json!({ "alg": "RS256", "kid": "n-1", "crit": ["b64"], "b64": false }),
        json!({ "alg": "RS256", "kid": "n-1", "crit": [] }),
        json!({ "alg": "RS256", "kid": "n-1", "b64": true }),
        json!({ "alg": "RS256", "kid": "n-1", "zip": "DEF" }),
    ] {
        assert_eq!(prove.send(&med_hode(&prove, &hode)).await.avslag().2, "MP-124", "{hode}");
    }
    let offentlig = vakt::jwk::to_json("n-1", Algorithm::RS256, fremmed().public_key());
    for hode in [
        json!({ "alg": "RS256", "jwk": offentlig }),
        json!({ "alg": "RS256", "jku": "http://127.0.0.1:1/jwk" }),
        json!({ "alg": "RS256", "x5u": "http://127.0.0.1:1/pem" }),
        json!({ "alg": "RS256" }),
    ] {
        let (status, error, _, tekst) = prove.send(&med_hode(&prove, &hode)).await.avslag();
        assert_eq!((status, error.as_str()), (400, "invalid_grant"), "{hode}");
        assert!(tekst.contains("no key identifier (kid) provided"), "{tekst}");
    }
    for hode in [
        json!({ "alg": "RS256", "kid": "n-1", "typ": "JWT" }),
        json!({ "alg": "RS256", "kid": "n-1", "typ": "jwt", "x5t": "x" }),
        json!({ "alg": "RS256", "kid": "n-1", "x5c": ["ignored when keys are registered"] }),
    ] {
        assert_eq!(prove.send(&med_hode(&prove, &hode)).await.status, 200, "{hode}");
    }
}

#[tokio::test]
async fn three_algorithms_verify_and_no_signature_of_another() {
    let prove = Prove::ny().await;
    let der = nokkel().to_pkcs8_der().unwrap();
    for algoritme in Algorithm::ALL {
        let signerer = RsaSigner::from_pkcs8_der(&der).unwrap().named("n-1").with(algoritme);
        let bevis = sign(&signerer, KeyHint::Kid, &prove.krav("konsument", json!({}))).unwrap();
        assert_eq!(prove.send(&bevis).await.status, 200, "{algoritme:?}");
    }
    let (hode, last, signatur) = delt(&prove.bevis("konsument", json!({})));
    let bytes = vakt::base64url::decode(&signatur).unwrap();
    let mut snudd = bytes.clone();
    snudd[10] ^= 1;
    let annet = kod(&json!({ "alg": "RS512", "kid": "n-1" }));
    let endret = kod(&prove.krav("konsument", json!({ "scope": DELT })));
    let kode = |bytes: &[u8]| vakt::base64url::encode(bytes);
    for bevis in [
        format!("{annet}.{last}.{signatur}"),
        format!("{hode}.{endret}.{signatur}"),
        format!("{hode}.{last}."),
        format!("{hode}.{last}.{}", kode(&snudd)),
        format!("{hode}.{last}.{}", kode(&bytes[..200])),
        format!("{hode}.{last}.{}", kode(&[&[0], &bytes[..]].concat())),
        sign(&*fremmed(), KeyHint::Kid, &prove.krav("konsument", json!({}))).unwrap(),
    ] {
        let (status, error, kode, tekst) = prove.send(&bevis).await.avslag();
        assert_eq!((status, error.as_str(), kode.as_str()), (400, "invalid_grant", "MP-124"), "{bevis:.80}");
        assert_eq!(tekst, "Invalid assertion. Client authentication failed. Invalid JWT signature.");
    }
    let (hode, last, mut signatur) = delt(&prove.bevis("konsument", json!({})));
    // 256 bytes leave four spare bits in the last character.
    let siste = signatur.pop().unwrap();
    let naboer = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let plass = naboer.find(siste).unwrap();
    signatur.push(naboer.as_bytes()[plass ^ 1] as char);
    assert_eq!(prove.send(&format!("{hode}.{last}.{signatur}")).await.avslag().2, "MP-011", "A62");
}

#[tokio::test]
async fn keys_are_found_by_exact_name_within_the_client() {
    let prove = Prove::ny().await;
    prove.klient_uten_nokkel("angriper", KONSUMENT, &[LES]).await;
    let egen = RsaSigner::generate().unwrap().named("angripers-1");
    prove.mp.sett_nokler(&drift(), "angriper", &jwks(&egen), true).await.unwrap();
    let lang = "k".repeat(10_000);
    for kid in
        ["N-1", "n-1 ", "", "../../etc/passwd", "file:///n-1", "' OR 1=1", "a\u{0}b", "angripers-1", &lang]
    {
        let navngitt = RsaSigner::from_pkcs8_der(&egen.to_pkcs8_der().unwrap()).unwrap().named(kid);
        let bevis = sign(&navngitt, KeyHint::Kid, &prove.krav("konsument", json!({}))).unwrap();
        let (status, error, kode, tekst) = prove.send(&bevis).await.avslag();
        assert_eq!((status, error.as_str(), kode.as_str()), (400, "invalid_grant", ""), "{kid:.30}");
        assert_eq!(
            tekst,
            "Invalid assertion. Client authentication failed. Unknown key identifier (kid) for client."
        );
    }
}

#[tokio::test]
async fn claims_that_are_missing_unknown_or_of_the_wrong_type() {
    let prove = Prove::ny().await;
    for endring in [
        json!({ "aud": null }),
        json!({ "iss": null }),
        json!({ "iat": null }),
        json!({ "exp": null }),
        json!({ "scope": null }),
        json!({ "iss": 1 }),
        json!({ "iat": "1767225600" }),
        json!({ "iat": 1_767_225_600.5 }),
        json!({ "exp": -1 }),
        json!({ "exp": true }),
        json!({ "exp": [1] }),
        json!({ "jti": "" }),
        json!({ "jti": 7 }),
        json!({ "jti": "j".repeat(3000) }),
        json!({ "nbf": "0" }),
        json!({ "sub": "annen" }),
        json!({ "sub": 1 }),
        json!({ "scope": ["demo:register.read"] }),
        json!({ "pid": 11_111_111_111_u64 }),
        json!({ "pid": ["41814061033"] }),
        json!({ "pid": "4181406103" }),
        json!({ "pid": "418140610333" }),
        json!({ "pid": "41814061034" }),
        json!({ "pid": "abcdefghijk" }),
        json!({ "resource": 1 }),
        json!({ "resource": [] }),
        json!({ "resource": [1] }),
        json!({ "resource": "/v1" }),
        json!({ "resource": "https://api.example.no/#x" }),
        json!({ "resource": "javascript:alert(1)" }),
        json!({ "resource": "" }),
        json!({ "resource": "unspecified" }),
        json!({ "resource": format!("https://{}", "a".repeat(3000)) }),
        json!({ "resource": vec!["https://a.no"; 100] }),
        json!({ "consumer_org": 312_026_007 }),
        json!({ "consumer_org": "0192:312026007" }),
        json!({ "consumer_org": "31202600" }),
        json!({ "consumer_org": "3120260077" }),
        json!({ "consumer_org": "312026008" }),
        json!({ "consumer_org": "３12026007" }),
        json!({ "consumer_org": " 312026007" }),
        json!({ "consumer_org": "" }),
        json!({ "consumer_org": "312026007", "iss_onbehalfof": "x" }),
        json!({ "authorization_details": {} }),
        json!({ "authorization_details": "x" }),
    ] {
        let (status, error, kode, tekst) = prove.be(endring.clone()).await.avslag();
        assert_eq!(
            (status, error.as_str(), kode.as_str()),
            (400, "invalid_request", "MP-011"),
            "{endring:.120}"
        );
        assert!(tekst.starts_with("Invalid assertion"), "{tekst}");
    }
    for navn in [
        "foo",
        "consumer_orgno",
        "onbehalfof",
        "__proto__",
        "constructor",
        "consumer",
        "supplier",
        "client_id",
        "client_amr",
        "token_type",
        "delegation_source",
    ] {
        let (status, error, _, tekst) = prove.be(json!({ navn: "x" })).await.avslag();
        assert_eq!((status, error.as_str()), (400, "invalid_request"), "{navn}");
        assert_eq!(tekst, format!("Invalid assertion. Unsupported claim {navn}"));
    }
    let (_, _, _, tekst) = prove.be(json!({ "<b>\r\nx": 1 })).await.avslag();
    assert_eq!(tekst, "Invalid assertion. Unsupported claim bx", "A87: what is repeated is cleaned");
}

#[tokio::test]
async fn claims_that_are_good() {
    let prove = Prove::ny().await;
    let naa = prove.naa();
    for endring in [
        json!({ "sub": "konsument" }),
        json!({ "nbf": naa }),
        json!({ "jti": null, "exp": naa + 99 }),
        json!({ "aud": [UTSTEDER] }),
        json!({ "iat": naa as f64, "exp": (naa + 98) as f64 }),
        json!({ "scope": format!("\t{LES}  {DELT} {LES}") }),
        json!({ "exp": naa + 121 }),
        json!({ "iat": naa + 9 }),
        json!({ "iat": naa - 10 }),
        json!({ "pid": "41814061033" }),
        json!({ "resource": "urn:example:api:1" }),
    ] {
        let svar = prove.be(endring.clone()).await;
        assert_eq!(svar.status, 200, "{endring}: {}", svar.tekst());
    }
}

#[tokio::test]
async fn who_and_for_whom() {
    let prove = Prove::ny().await;
    prove.klient("borte", KONSUMENT, &[LES]).await;
    prove.mp.slett_klient(&drift(), "borte").await.unwrap();
    let felt = maskinporten::admin::Klientfelt {
        client_id: Some("innlogging".to_owned()),
        integration_type: Some("idporten".to_owned()),
        client_orgno: Some(crate::prove::orgnr(KONSUMENT)),
        ..Default::default()
    };
    prove.mp.ny_klient(&drift(), felt).await.unwrap();
    for iss in
        ["ukjent", "borte", "innlogging", "Konsument", " konsument", "kоnsument", "konsument\u{1f}x", ""]
    {
        let (status, error, kode, tekst) = prove.be(json!({ "iss": iss })).await.avslag();
        assert_eq!((status, error.as_str(), kode.as_str()), (400, "invalid_grant", "MP-100"), "{iss}");
        assert_eq!(tekst, "Invalid assertion. Client authentication failed. Client not found");
    }
    for aud in [
        json!("https://as.example.no"),
        json!("http://as.example.no/"),
        json!("https://AS.example.no/"),
        json!("https://as.example.no/token"),
        json!("https://as.example.no/x"),
        json!("https://as.example"),
        json!("https://maskinporten.no/"),
        json!([UTSTEDER, "https://annen.no/"]),
        json!([]),
        json!([1]),
        json!({ "0": UTSTEDER }),
        json!(1),
    ] {
        let (status, error, kode, tekst) = prove.be(json!({ "aud": aud.clone() })).await.avslag();
        assert_eq!((status, error.as_str(), kode.as_str()), (400, "invalid_grant", "MP-110"), "{aud}");
        assert_eq!(tekst, "Invalid assertion. Client authentication failed. Invalid JWT claim aud");
    }
}

#[tokio::test]
async fn times() {
    let prove = Prove::ny().await;
    let naa = prove.naa();
    let rader = [
        (json!({ "iat": naa - 5, "exp": naa - 1 }), "MP-130", "JWT is expired"),
        (json!({ "iat": naa + 60 }), "", "Issue time is after now"),
        (json!({ "iat": naa + 11 }), "", "Issue time is after now"),
        (json!({ "iat": naa - 60, "exp": naa + 50 }), "MP-130", "JWT is expired"),
        (json!({ "nbf": naa + 600 }), "", "Issue time is after now"),
        (json!({ "exp": naa + 200 }), "", "Invalid assertion."),
        (json!({ "exp": naa + 86_400 }), "", "Invalid assertion."),
        (json!({ "iat": naa + 5, "exp": naa + 5 }), "", "Invalid assertion."),
        (json!({ "iat": 0, "exp": 0 }), "MP-130", "JWT is expired"),
    ];
    for (endring, ventet_kode, ventet_tekst) in rader {
        let (status, error, kode, tekst) = prove.be(endring.clone()).await.avslag();
        assert_eq!((status, error.as_str(), kode.as_str()), (400, "invalid_grant", ventet_kode), "{endring}");
        assert!(tekst.starts_with(ventet_tekst), "{endring}: {tekst}");
    }
}

#[tokio::test]
async fn the_first_check_that_fails_answers() {
    let prove = Prove::ny().await;
    let naa = prove.naa();
    // Each row is wrong in its own way and in all ways of the rows after it.
    let feil = [
        (json!({ "foo": 1 }), "MP-011"),
        (json!({ "iss": "ukjent" }), "MP-100"),
        (json!({ "aud": "x" }), "MP-110"),
        (json!({ "exp": naa - 1, "iat": naa - 5 }), "MP-130"),
        (json!({ "scope": "demo:finnes.ikke" }), "MP-200"),
        (json!({ "scope": crate::prove::STENGT }), "MP-250"),
        (json!({ "pid": "1" }), "MP-011"),
    ];
    for (plass, (_, ventet)) in feil.iter().enumerate() {
        let mut alle = json!({});
        for (endring, _) in feil[plass..].iter().rev() {
            for (navn, verdi) in endring.as_object().unwrap() {
                alle[navn] = verdi.clone();
            }
        }
        assert_eq!(prove.be(alle.clone()).await.avslag().2, *ventet, "{alle}");
    }
}

#[tokio::test]
async fn a_grant_is_used_once() {
    let prove = Prove::ny().await;
    let bevis = prove.bevis("konsument", json!({ "jti": "en" }));
    assert_eq!(prove.send(&bevis).await.status, 200);
    let brukt = (400, "invalid_grant".to_owned(), "MP-012".to_owned(), "Grant is used before".to_owned());
    assert_eq!(prove.send(&bevis).await.avslag(), brukt, "A58");
    assert_eq!(prove.be(json!({ "jti": "en", "scope": DELT })).await.avslag(), brukt, "A60");
    let annens =
        prove.send(&prove.bevis("leverandor", json!({ "jti": "en", "scope": crate::prove::APENT }))).await;
    assert_eq!(annens.status, 200, "A61: {}", annens.tekst());
    let uten = prove.bevis("konsument", json!({ "jti": null }));
    assert_eq!(prove.send(&uten).await.status, 200);
    assert_eq!(prove.send(&uten).await.avslag(), brukt, "without jti");
    let avvist = prove.bevis("konsument", json!({ "scope": "demo:finnes.ikke" }));
    assert_eq!(prove.send(&avvist).await.avslag().2, "MP-200");
    assert_eq!(prove.send(&avvist).await.avslag(), brukt, "recorded whatever the outcome");
    let ugyldig = sign(&*fremmed(), KeyHint::Kid, &prove.krav("konsument", json!({}))).unwrap();
    for _ in 0..2 {
        assert_eq!(
            prove.send(&ugyldig).await.avslag().2,
            "MP-124",
            "A65: not recorded before the signature is good"
        );
    }
}

#[tokio::test]
async fn many_at_once_on_two_nodes_get_one_token() {
    let prove = Prove::ny().await;
    let annen =
        Prove::tjener(prove.journal.clone(), prove.klokke.clone(), maskinporten::Oppsett::default(), None);
    let skjema = maskinporten::bevis::Skjema {
        grant_type: Some(crate::prove::GRANT.to_owned()),
        assertion: Some(prove.bevis("konsument", json!({}))),
        client_id: None,
        uten_virkning: Vec::new(),
    };
    let mut kall = tokio::task::JoinSet::new();
    for nr in 0..50 {
        let (mp, skjema) = (if nr % 2 == 0 { prove.mp.clone() } else { annen.clone() }, skjema.clone());
        kall.spawn(async move { mp.token(&skjema, "spor").await });
    }
    let utfall = kall.join_all().await;
    assert_eq!(utfall.iter().filter(|utfall| utfall.is_ok()).count(), 1, "A59");
    let brukt = utfall.iter().filter_map(|utfall| utfall.as_ref().err());
    assert!(brukt.into_iter().all(|avslag| avslag.kode == Some("MP-012")));
}

#[tokio::test]
async fn replay_survives_a_restart_and_is_forgotten_in_time() {
    let prove = Prove::ny().await;
    let bevis = prove.bevis("konsument", json!({ "exp": prove.naa() + 120 }));
    assert_eq!(prove.send(&bevis).await.status, 200);
    let prove = prove.paa_nytt(maskinporten::Oppsett::default());
    assert_eq!(prove.send(&bevis).await.avslag().2, "MP-012", "A63");
    prove.klokke.advance_millis(129_000);
    assert_eq!(prove.mp.rydd().await.unwrap(), 0, "it could still be shown");
    prove.klokke.advance_millis(2_000);
    assert_eq!(prove.mp.rydd().await.unwrap(), 1, "A65: records go when their time is up");
    assert_eq!(prove.send(&bevis).await.avslag().2, "MP-130");
}

#[tokio::test]
async fn what_the_trail_says_of_grants() {
    let prove = Prove::ny().await;
    let svar = prove.be(json!({ "pid": "41814061033" })).await;
    let jti = krav(svar.json()["access_token"].as_str().unwrap())["jti"].clone();
    prove.be(json!({ "scope": crate::prove::STENGT })).await;
    let rader = prove.mp.utstedelser(tid::Timestamp::default(), 100).await.unwrap();
    let rader = serde_json::to_value(&rader).unwrap();
    let funnet =
        |avslag: Value| rader.as_array().unwrap().iter().find(|rad| rad["avslag"] == avslag).unwrap();
    let (gitt, nektet) = (funnet(Value::Null), funnet(json!("MP-250")));
    assert_eq!((&gitt["jti"], &gitt["consumer"], &gitt["pid"]), (&jti, &json!(KONSUMENT), &json!(true)));
    assert_eq!((&nektet["client_id"], &nektet["scope"]), (&json!("konsument"), &json!(crate::prove::STENGT)));
    assert!(!rader.to_string().contains("41814061033"), "A122: the person is not in the trail");
}

#[tokio::test]
async fn a_limit_for_each_client() {
    let oppsett = maskinporten::Oppsett { klient_per_minutt: 2, ..Default::default() };
    let prove = Prove::med(oppsett).await;
    for _ in 0..2 {
        assert_eq!(prove.be(json!({})).await.status, 200);
    }
    let svar = prove.be(json!({})).await;
    assert_eq!(
        (svar.status, svar.avslag().1.as_str(), svar.hode("retry-after")),
        (429, "temporarily_unavailable", "60")
    );
    assert_eq!(prove.be_delegert(json!({})).await.status, 200, "another client");
    let ugyldig = sign(&*fremmed(), KeyHint::Kid, &prove.krav("leverandor", json!({}))).unwrap();
    for _ in 0..5 {
        assert_eq!(
            prove.send(&ugyldig).await.avslag().2,
            "MP-124",
            "strangers do not use up a client's share"
        );
    }
    prove.klokke.advance_millis(60_000);
    assert_eq!(prove.be(json!({})).await.status, 200);
}

#[tokio::test]
async fn a_limit_for_each_address() {
    let oppsett =
        maskinporten::Oppsett { adresse_per_minutt: 2, stol_paa_videresendte: true, ..Default::default() };
    let prove = Prove::med(oppsett).await;
    let fra = async |adresse: &str| {
        let hoder = [("x-forwarded-for", adresse), ("content-type", "application/x-www-form-urlencoded")];
        prove.kall("POST", "/token", &hoder, "").await
    };
    for _ in 0..2 {
        assert_eq!(fra("192.0.2.1").await.status, 400);
    }
    let svar = fra("192.0.2.1").await;
    assert_eq!((svar.status, svar.avslag().1.as_str()), (429, "temporarily_unavailable"));
    assert!((1..=61).contains(&svar.hode("retry-after").parse::<u32>().unwrap()));
    assert_eq!(fra("192.0.2.2").await.status, 400);
}
