//! 17.6: pid, resource, authorization details.

use serde_json::{Value, json};

use super::tavle::{Ventet, ir};
use super::verden::{DELT, EIER, FORELDER, KONSUMENT, LEVERANDOR, Verden};

const MP_011: Ventet = ir("MP-011");
/// A synthetic person number, good in its form.
const PID: &str = "17912099997";
const RAR: &str = "invalid_authorization_details";

pub fn rader(v: &mut Verden) {
    person(v);
    ressurs(v);
    systembruker(v);
    samtykke(v);
    v.start(&["maskinporten.syntetiske_personer=false"]);
    v.tavle.avslag("A121", "synthetic in production", &v.be(&json!({ "pid": PID })), MP_011);
    v.start(&[]);
}

fn person(v: &mut Verden) {
    for pid in [
        json!("1791209999"),
        json!("179120999970"),
        json!("17912099998"),
        json!("1791209999a"),
        json!(17_912_099_997_i64),
        json!([PID]),
        json!(""),
        json!(" 17912099997"),
    ] {
        v.tavle.avslag("A120", &pid.to_string(), &v.be(&json!({ "pid": pid })), MP_011);
    }
    let token = v.godtas("a person", &v.be(&json!({ "pid": PID })));
    v.tavle.holder(
        "A122",
        "no person number in the log",
        !v.logg().contains(PID) && !v.logg().contains(&token),
    );
}

fn ressurs(v: &mut Verden) {
    let stor = format!("https://h/{}", "a".repeat(1 << 20));
    v.tavle.avslag("A123", "1 MB", &v.be(&json!({ "resource": stor })), Ventet(413, "invalid_request", ""));
    for ressurs in [
        json!("/v1"),
        json!("api.example.no"),
        json!("https://h/#f"),
        json!(""),
        json!("javascript:alert(1)"),
        json!(1),
        json!({}),
        json!([]),
        json!([1]),
        json!(["https://a.no", ""]),
        json!(vec!["https://a.no"; 100]),
        json!(format!("https://h/{}", "a".repeat(3000))),
        json!("https://h/\r\n"),
    ] {
        v.tavle.avslag("A123", &format!("{ressurs:.40}"), &v.be(&json!({ "resource": ressurs })), MP_011);
    }
    v.tavle.avslag("A124", "unspecified", &v.be(&json!({ "resource": "unspecified" })), MP_011);
}

fn org(orgnr: &str) -> Value {
    json!({ "authority": "iso6523-actorid-upis", "ID": format!("0192:{orgnr}") })
}

fn bruker(kunde: &str) -> Value {
    json!({ "type": "urn:altinn:systemuser", "systemuser_org": org(kunde), "externalRef": "kunde-42" })
}

/// The supplier's grant with authorization details.
fn be(v: &Verden, detaljer: &Value) -> crate::server::Answer {
    v.be(&json!({ "iss": "leverandor", "scope": DELT, "authorization_details": detaljer }))
}

fn systembruker(v: &mut Verden) {
    let system = format!("{LEVERANDOR}_system");
    v.ok(&["systembruker", "system", &system, "--klient", "leverandor"]);
    for kunde in [KONSUMENT, EIER] {
        v.ok(&["systembruker", "ny", &system, "--kunde", kunde, "--referanse", "kunde-42"]);
    }
    v.godtas("a system user", &be(v, &json!([bruker(KONSUMENT)])));
    let rar = |kode| Ventet(400, RAR, kode);
    let med = |endringer: Value| {
        let mut post = bruker(KONSUMENT);
        post.as_object_mut().expect("an object").extend(endringer.as_object().expect("an object").clone());
        json!([post])
    };
    for type_ in [json!("urn:altinn:annet"), json!(""), json!(1)] {
        v.tavle.avslag("A125", &type_.to_string(), &be(v, &med(json!({ "type": type_ }))), rar("MP-301"));
    }
    for ekstra in [json!({ "systemuser_id": ["33a0"] }), json!({ "system_id": "x" }), json!({ "foo": 1 })] {
        v.tavle.avslag("A126", &ekstra.to_string(), &be(v, &med(ekstra.clone())), rar("MP-302"));
    }
    let to = json!([bruker(KONSUMENT), bruker(EIER)]);
    v.tavle.avslag("A127", "two customers", &be(v, &to), rar("MP-303"));
    v.tavle.avslag(
        "A127",
        "the same twice",
        &be(v, &json!([bruker(KONSUMENT), bruker(KONSUMENT)])),
        rar("MP-303"),
    );
    v.tavle.avslag("A128", "an object", &be(v, &bruker(KONSUMENT)), MP_011);
    v.tavle.avslag("A128", "empty", &be(v, &json!([])), rar("MP-303"));
    v.tavle.avslag("A128", "a text", &be(v, &json!(["x"])), rar("MP-301"));
    for id in ["311015001", "9908:311015001", "0192:311015002", "0192:31101500", "0192:311015001:x"] {
        let kunde = json!({ "systemuser_org": { "authority": "iso6523-actorid-upis", "ID": id } });
        v.tavle.avslag("A129", id, &be(v, &med(kunde)), rar("MP-303"));
    }
    let annen = json!({ "systemuser_org": { "authority": "annen", "ID": "0192:311015001" } });
    v.tavle.avslag("A129", "another authority", &be(v, &med(annen)), rar("MP-303"));
    let oppsett = Ventet(400, "invalid_altinn_customer_configuration", "MP-303");
    v.tavle.avslag("A130", "no system user", &be(v, &json!([bruker(FORELDER)])), oppsett);
    v.tavle.avslag("A130", "wrong reference", &be(v, &med(json!({ "externalRef": "annen" }))), oppsett);
    let annen = json!({ "iss": "konsument", "scope": DELT, "authorization_details": [bruker(KONSUMENT)] });
    v.tavle.avslag("A130", "another client", &v.be(&annen), oppsett);
    let laget = v
        .administrer(&["systembruker", "ny", &system, "--kunde", FORELDER, "--referanse", "kunde-42"])
        .ok()
        .out;
    let laget: Value = serde_json::from_str(&laget).expect("JSON");
    v.godtas("before it is deleted", &be(v, &json!([bruker(FORELDER)])));
    v.ok(&["systembruker", "slett", laget["id"].as_str().expect("an id")]);
    v.tavle.avslag("A130", "deleted", &be(v, &json!([bruker(FORELDER)])), oppsett);
}

fn samtykke(v: &mut Verden) {
    let oppsett = Ventet(400, "invalid_altinn_customer_configuration", "MP-303");
    let fra = |orgnr: &str| format!("urn:altinn:organization:identifier-no:{orgnr}");
    let samtykke = |id: &str, av: &str| json!([{ "type": "urn:altinn:consent", "id": id, "from": fra(av) }]);
    let ukjent = samtykke("0d6c6f2e-0000-4000-8000-000000000000", EIER);
    v.tavle.avslag("A131", "unknown", &be(v, &ukjent), oppsett);
    let gi = |v: &Verden, til: &str, gyldig_til: &str| {
        let gitt = ["samtykke", "ny", "--fra", &fra(EIER), "--til", til, "--gyldig-til", gyldig_til];
        let said = v.administrer(&[&gitt[..], &["--ressurs", "inntektsopplysninger"]].concat()).ok();
        let gitt: Value = serde_json::from_str(&said.out).expect("JSON");
        gitt["id"].as_str().expect("an id").to_owned()
    };
    let utlopt = gi(v, LEVERANDOR, "2020-01-01T00:00:00.000Z");
    v.tavle.avslag("A131", "expired", &be(v, &samtykke(&utlopt, EIER)), oppsett);
    let andres = gi(v, KONSUMENT, "2999-01-01T00:00:00.000Z");
    v.tavle.avslag("A131", "given to another", &be(v, &samtykke(&andres, EIER)), oppsett);
    let god = gi(v, LEVERANDOR, "2999-01-01T00:00:00.000Z");
    v.godtas("a consent", &be(v, &samtykke(&god, EIER)));
    v.tavle.avslag("A131", "from another", &be(v, &samtykke(&god, FORELDER)), oppsett);
    let to = [samtykke(&god, EIER), samtykke(&god, EIER)].map(|liste| liste[0].clone());
    v.tavle.avslag("A131", "twice", &be(v, &json!(to)), Ventet(400, RAR, "MP-303"));
    v.ok(&["samtykke", "trekk", &god]);
    v.tavle.avslag("A131", "taken back", &be(v, &samtykke(&god, EIER)), oppsett);
}
