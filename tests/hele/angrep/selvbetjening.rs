//! 17.7: self-service and register.

use serde_json::{Value, json};
use vakt::jwk;
use vakt::jws::{KeyHint, RsaSigner, Signer, sign};

use super::verden::{
    DELT, EIER, ENDRE, GI, KONSUMENT, LES, LESE, LEVERANDOR, OPPSLAG, SCOPES, SKRIVE, Verden, naa,
};

const V1: &str = "/samarbeid/api/v1";

pub fn rader(v: &mut Verden) {
    andres(v);
    scopes(v);
    felter(v);
    altinn(v);
    samtidig(v);
}

fn andres(v: &mut Verden) {
    for (klient, hva) in [("leverandor", "foreign"), ("finnes-ikke", "missing"), ("%00", "nothing")] {
        let sti = format!("{V1}/clients/{klient}");
        for (metode, kropp) in [("GET", Value::Null), ("PUT", json!({})), ("DELETE", Value::Null)] {
            let svar = v.som(("konsument", SKRIVE), metode, &sti, &kropp);
            v.tavle.nektet("A140", &format!("{metode} {hva}"), &svar, &[404]);
        }
        let nokler = json!({ "keys": [jwk::to_json("x", v.nabo.algorithm(), v.nabo.public_key())] });
        let svar = v.som(("konsument", SKRIVE), "PUT", &format!("{sti}/jwks"), &nokler);
        v.tavle.nektet("A140", &format!("keys, {hva}"), &svar, &[404]);
    }
    for (metode, sti, kropp) in [
        ("POST", "/clients".to_owned(), json!({ "scopes": [LES] })),
        ("PUT", "/clients/konsument".to_owned(), json!({})),
        ("DELETE", "/clients/konsument".to_owned(), Value::Null),
        ("DELETE", "/clients/konsument/jwks".to_owned(), Value::Null),
    ] {
        let svar = v.som(("konsument", LESE), metode, &format!("{V1}{sti}"), &kropp);
        v.tavle.nektet("A141", &format!("{metode} {sti}"), &svar, &[403]);
    }
    let fremmed = json!({ "client_orgno": LEVERANDOR, "scopes": [LES] });
    let svar = v.som(("konsument", SKRIVE), "POST", &format!("{V1}/clients"), &fremmed);
    v.tavle.nektet("A142", "a stranger's", &svar, &[400, 403]);
}

fn scopes(v: &mut Verden) {
    for (prefiks, under, statuser) in [
        ("demo", "nytt", &[403][..]),
        ("fremmed", "nytt", &[403]),
        ("a:b", "nytt", &[400]),
        ("DEMO", "nytt", &[400, 403]),
        ("__", "nytt", &[400, 403]),
        ("", "nytt", &[400, 403]),
    ] {
        let scope = json!({ "prefix": prefiks, "subscope": under });
        let svar = v.som(("konsument", SCOPES), "POST", &format!("{V1}/scopes"), &scope);
        v.tavle.nektet("A143", prefiks, &svar, statuser);
    }
    for under in ["", "a b", "a\n", "æ"] {
        let scope = json!({ "prefix": "demo", "subscope": under });
        let svar = v.som(("eier", SCOPES), "POST", &format!("{V1}/scopes"), &scope);
        v.tavle.nektet("A143", &format!("{under:?}"), &svar, &[400]);
    }
    let gi = format!("{V1}/scopes/access/{KONSUMENT}?scope={}", super::verden::STENGT);
    let svar = v.som(("konsument", SCOPES), "PUT", &gi, &Value::Null);
    v.tavle.nektet("A144", "access to another's", &svar, &[403, 404]);
    for sporring in ["demo%252Fdelt", "%00", "demo:delt%00/les", "demo%3Adelt%252Fles"] {
        let sti = format!("{V1}/scopes?scope={sporring}");
        let svar = v.som(("eier", SCOPES), "PUT", &sti, &json!({ "description": "x" }));
        v.tavle.nektet("A150", sporring, &svar, &[400, 404]);
    }
    let pluss = v.som(("eier", SCOPES), "PUT", &format!("{V1}/scopes?scope=demo:delt+les"), &json!({}));
    v.tavle.nektet("A150", "plus", &pluss, &[400, 404]);
}

fn felter(v: &mut Verden) {
    let ny = json!({ "client_name": "x", "scopes": [LES, DELT], "integration_type": "maskinporten" });
    let laget = v.som(("konsument", SKRIVE), "POST", &format!("{V1}/clients"), &ny);
    assert_eq!(laget.status, 200, "{}", laget.text());
    let id = laget.json()["client_id"].as_str().expect("an id").to_owned();
    let sti = format!("{V1}/clients/{id}");
    for endring in [
        json!({ "integration_type": "krr" }),
        json!({ "client_id": "konsument" }),
        json!({ "client_orgno": EIER }),
    ] {
        let mut kropp = laget.json();
        kropp.as_object_mut().expect("an object").extend(endring.as_object().expect("an object").clone());
        let svar = v.som(("konsument", ENDRE), "PUT", &sti, &kropp);
        let naa = v.som(("konsument", LESE), "GET", &sti, &Value::Null).json();
        let urort = ["integration_type", "client_id", "client_orgno"]
            .iter()
            .all(|felt| naa[*felt] == laget.json()[*felt]);
        v.tavle.holder("A145", &format!("{endring}: {}", svar.status), urort);
    }
    let nokler = json!({ "keys": [jwk::to_json("n-1", v.nokkel.algorithm(), v.nokkel.public_key())] });
    let evig = {
        let mut nokler = nokler.clone();
        nokler["keys"][0]["exp"] = json!(naa() + 10 * 365 * 86_400);
        nokler
    };
    let satt = v.som(("konsument", ENDRE), "PUT", &format!("{sti}/jwks"), &evig).json();
    let kuttet = satt["keys"][0]["exp"].as_i64().is_some_and(|exp| exp <= naa() + 366 * 86_400);
    v.tavle.holder("A151", "cut to one year", kuttet);
    for (levetid, godt) in [(json!(1_000_000_000), true), (json!(-1), false), (json!("x"), false)] {
        let mut kropp = laget.json();
        kropp["access_token_lifetime"] = levetid.clone();
        let svar = v.som(("konsument", ENDRE), "PUT", &sti, &kropp);
        if svar.status == 200 && godt {
            let svar = v.be(&json!({ "iss": id, "scope": LES }));
            v.godtas("capped", &svar);
            v.tavle.holder("A146", "capped", svar.json()["expires_in"].as_i64().is_some_and(|s| s <= 7200));
        } else {
            v.tavle.nektet("A146", &levetid.to_string(), &svar, &[400]);
        }
    }
    v.ok(&["scope", "sett", LES, "--levetid-maks", "30"]);
    let svar = v.be(&json!({ "iss": id, "scope": LES }));
    v.godtas("a shorter life", &svar);
    v.tavle.holder("A147", "obeyed at once", svar.json()["expires_in"].as_i64().is_some_and(|s| s <= 30));
    v.ok(&["scope", "sett", LES]);
}

fn altinn(v: &mut Verden) {
    const OPPSLAGSSTI: &str = "/altinn/accessmanagement/api/v1/maskinporten/delegations";
    const LEVERANDORER: &str = "/altinn/accessmanagement/api/v1/enduser/maskinportensuppliers";
    for scope in ["demo:delt/les", "demo", "dem", "demo2:x", "altinn"] {
        let svar =
            v.som(("konsument", OPPSLAG), "GET", &format!("{OPPSLAGSSTI}?scope={scope}"), &Value::Null);
        v.tavle.nektet("A148", scope, &svar, &[403]);
    }
    for til in [KONSUMENT, "17912099997", "311015002", "x"] {
        let sti = format!("{LEVERANDORER}?party={KONSUMENT}&supplier={til}");
        let svar = v.som(("konsument", GI), "POST", &sti, &Value::Null);
        v.tavle.nektet("A149", til, &svar, &[400]);
    }
    let annens = format!("{LEVERANDORER}?party={EIER}&supplier={LEVERANDOR}");
    v.tavle.nektet(
        "A149",
        "another's party",
        &v.som(("konsument", GI), "POST", &annens, &Value::Null),
        &[400, 403],
    );
}

/// While the key set is exchanged again and again, a grant is judged by the old set or by the new one: a name of the
/// one is never taken with a key of the other.
fn samtidig(v: &mut Verden) {
    let gammel = json!({ "keys": [jwk::to_json("gammel", v.nokkel.algorithm(), v.nokkel.public_key())] });
    let ny = json!({ "keys": [jwk::to_json("ny", v.nabo.algorithm(), v.nabo.public_key())] });
    let laget =
        v.som(("eier", SKRIVE), "POST", &format!("{V1}/clients"), &json!({ "scopes": [DELT] })).json();
    let id = laget["client_id"].as_str().expect("an id");
    let sti = format!("{V1}/clients/{id}/jwks");
    let bearer = v.bearer("eier", ENDRE);
    let bytt = |v: &Verden, sett: &Value| {
        let hoder = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        assert_eq!(v.server().send("PUT", &sti, &hoder, sett.to_string().as_bytes()).status, 200);
    };
    bytt(v, &gammel);
    let verden: &Verden = v;
    let svar: Vec<_> = std::thread::scope(|scope| {
        let bytter =
            scope.spawn(|| (0..40).for_each(|i| bytt(verden, if i % 2 == 0 { &ny } else { &gammel })));
        let der = verden.nokkel.to_pkcs8_der().expect("a key");
        let signer = RsaSigner::from_pkcs8_der(&der).expect("a key").named("gammel");
        let krav = || verden.krav(&json!({ "iss": id, "scope": DELT }));
        let mut svar = Vec::new();
        while !bytter.is_finished() {
            svar.push(verden.send(&sign(&signer, KeyHint::Kid, &krav()).expect("a signature")));
        }
        svar
    });
    let ukjent = |tekst: &str| tekst.contains("Unknown key identifier");
    v.tavle.holder("A152", "never a mix", svar.iter().all(|svar| svar.status == 200 || ukjent(&svar.text())));
    v.tavle.holder(
        "A152",
        "both sets were met",
        svar.iter().any(|s| s.status == 200) && svar.iter().any(|s| s.status != 200),
    );
}
