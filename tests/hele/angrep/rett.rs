//! 17.5: scope, access, delegation.

use serde_json::{Value, json};

use super::tavle::{Ventet, fb, ir, is};
use super::verden::{
    APENT, DELT, EIER, FORELDER, KONSUMENT, KUNDE, LES, LEVERANDOR, SCOPES, SERT, STENGT, UDELEGERT, Verden,
};

const MP_200: Ventet = is("MP-200");
const MP_250: Ventet = fb("MP-250");
const MP_251: Ventet = fb("MP-251");
const MP_011: Ventet = ir("MP-011");

/// The supplier's grant on the consumer's behalf.
fn delegert(endringer: &Value) -> Value {
    let mut alle = json!({ "iss": "leverandor", "scope": DELT, "consumer_org": KONSUMENT });
    alle.as_object_mut().expect("an object").extend(endringer.as_object().expect("an object").clone());
    alle
}

pub fn rader(v: &mut Verden) {
    scopes(v);
    tilgang(v);
    v.godtas("a delegation that holds", &v.be(&delegert(&json!({}))));
    delegering(v);
    konsument(v);
    kilder(v);
}

fn scopes(v: &mut Verden) {
    for scope in [
        "demo:ukjent",
        "demo:inaktiv",
        "demo:Register.read",
        "DEMO:register.read",
        "demo:register",
        "fremmed:x",
    ] {
        v.tavle.avslag("A90", scope, &v.be(&json!({ "scope": scope })), MP_200);
    }
    let ikke_paa = v.krav(&json!({ "iss": "nabo", "scope": DELT }));
    let ikke_paa = vakt::jws::sign(&v.nabo, vakt::jws::KeyHint::Kid, &ikke_paa).expect("a signature");
    v.tavle.avslag("A90", "not on the client", &v.send(&ikke_paa), MP_200);
    for scope in ["", " ", " \t  "] {
        v.tavle.avslag("A91", &format!("{scope:?}"), &v.be(&json!({ "scope": scope })), MP_200);
    }
    v.tavle.avslag("A91", "missing", &v.be(&json!({ "scope": null })), MP_011);
    v.tavle.avslag(
        "A92",
        "one good, one bad",
        &v.be(&json!({ "scope": format!("{LES} demo:ukjent") })),
        MP_200,
    );
    v.tavle.avslag(
        "A92",
        "one bad, one good",
        &v.be(&json!({ "scope": format!("demo:ukjent {LES}") })),
        MP_200,
    );
    let mange = |antall: usize| (0..antall).map(|i| format!("demo:{i}")).collect::<Vec<_>>().join(" ");
    v.tavle.avslag(
        "A93",
        "10 000",
        &v.be(&json!({ "scope": mange(10_000) })),
        Ventet(413, "invalid_request", ""),
    );
    v.tavle.avslag("A93", "1 000", &v.be(&json!({ "scope": mange(1_000) })), MP_011);
    v.tavle.avslag("A93", "commas", &v.be(&json!({ "scope": format!("{LES},{DELT}") })), MP_200);
    v.tavle.avslag("A93", "a newline", &v.be(&json!({ "scope": format!("{LES}\n{DELT}") })), MP_200);
    v.godtas("tabs", &v.be(&json!({ "scope": format!("{LES}\t{DELT}") })));
    let innlogging =
        json!({ "prefix": "demo", "subscope": "innlogging", "allowed_integration_types": ["idporten"] });
    let laget = v.som(("eier", SCOPES), "POST", "/samarbeid/scopes", &innlogging);
    assert_eq!(laget.status, 200, "{}", laget.text());
    v.ok(&["tilgang", "gi", "demo:innlogging", KONSUMENT]);
    v.ok(&["klient", "scopes", "konsument", "--legg-til", "demo:innlogging"]);
    v.tavle.avslag("A94", "for people", &v.be(&json!({ "scope": "demo:innlogging" })), is("MP-201"));
}

fn tilgang(v: &mut Verden) {
    v.godtas("access", &v.be(&json!({})));
    v.ok(&["tilgang", "trekk", LES, KONSUMENT]);
    v.tavle.avslag("A95", "withdrawn", &v.be(&json!({})), MP_250);
    let rader: Value = serde_json::from_str(&v.administrer(&["tilgang", "liste", "--scope", LES]).ok().out)
        .expect("the rows as JSON");
    let rad = rader.as_array().expect("rows").iter().find(|rad| rad["consumer_orgno"] == KONSUMENT);
    let nektet = rad.is_some_and(|rad| rad["state"] == "DENIED");
    v.tavle.holder("A96", "the row stays and is not approved", nektet);
    v.tavle.avslag("A96", "not approved", &v.be(&json!({})), MP_250);
    v.ok(&["tilgang", "gi", LES, KONSUMENT]);
    v.godtas("given again", &v.be(&json!({})));
}

fn delegering(v: &mut Verden) {
    v.tavle.avslag("A97", "none", &v.be(&delegert(&json!({ "scope": UDELEGERT }))), MP_251);
    v.ok(&["delegering", "trekk", KONSUMENT, LEVERANDOR, "delt"]);
    v.tavle.avslag("A98", "just revoked", &v.be(&delegert(&json!({}))), MP_251);
    v.ok(&["delegering", "gi", KONSUMENT, LEVERANDOR, "delt"]);
    v.godtas("A98: delegated again", &v.be(&delegert(&json!({}))));
    v.tavle.avslag(
        "A99",
        "the consumer has no access",
        &v.be(&delegert(&json!({ "scope": STENGT }))),
        MP_250,
    );
    v.godtas("A100: the supplier's own", &v.be(&json!({ "iss": "leverandor", "scope": UDELEGERT })));
    v.tavle.avslag("A100", "own access", &v.be(&delegert(&json!({ "scope": UDELEGERT }))), MP_251);
    let begge = v.be(&delegert(&json!({ "scope": format!("{DELT} {UDELEGERT}") })));
    v.tavle.avslag("A101", "one of two", &begge, fb(UDELEGERT));
    v.tavle.avslag("A101", "one of two", &begge, MP_251);
    let omvendt = json!({ "iss": "konsument", "scope": DELT, "consumer_org": LEVERANDOR });
    v.tavle.avslag("A102", "the other way", &v.be(&omvendt), MP_251);
    v.tavle.avslag("A103", "to another unit", &v.be(&delegert(&json!({ "scope": UDELEGERT }))), MP_251);
    let forelder = json!({ "scope": UDELEGERT, "consumer_org": FORELDER });
    v.godtas("A103: who delegated", &v.be(&delegert(&forelder)));
    v.tavle.avslag(
        "A103",
        "from another",
        &v.be(&delegert(&json!({ "scope": UDELEGERT, "consumer_org": EIER }))),
        MP_251,
    );
    v.ok(&["delegering", "ordning", "delt", "--eier", EIER, "--scope", KUNDE, "--tittel", "annet"]);
    v.tavle.avslag("A104", "taken out of the bundle", &v.be(&delegert(&json!({}))), MP_251);
    v.ok(&["delegering", "ordning", "delt", "--eier", EIER, "--scope", DELT, "--tittel", "delt"]);
    v.godtas("A104: in it again", &v.be(&delegert(&json!({}))));
    v.ok(&["tilgang", "gi", SERT, KONSUMENT]);
    v.tavle.avslag("A105", "not delegable", &v.be(&delegert(&json!({ "scope": SERT }))), MP_251);
}

fn konsument(v: &mut Verden) {
    let egen = json!({ "iss": "leverandor", "scope": DELT, "consumer_org": LEVERANDOR });
    let tekst = "Validation of JWT claim failed: The combination consumer_org in claim and delegation scope on client \
                 is invalid";
    v.tavle.avslag("A106", "itself", &v.be(&egen), ir(tekst));
    v.tavle.avslag("A107", "both", &v.be(&delegert(&json!({ "iss_onbehalfof": "x" }))), MP_011);
    for org in [
        json!(311_015_001),
        json!("0192:311015001"),
        json!("31101500"),
        json!("3110150011"),
        json!("311015002"),
        json!("３１１０１５００１"),
        json!(" 311015001"),
        json!("311015001 "),
        json!(""),
        json!([KONSUMENT]),
    ] {
        let svar = v.be(&delegert(&json!({ "consumer_org": org })));
        v.tavle.avslag("A108", &org.to_string(), &svar, MP_011);
    }
    v.tavle.avslag("A109", "left out", &v.be(&json!({ "iss": "leverandor", "scope": KUNDE })), MP_250);
    let nabo = |v: &Verden| {
        let krav = v.krav(&json!({ "iss": "nabo", "scope": APENT }));
        v.send(&vakt::jws::sign(&v.nabo, vakt::jws::KeyHint::Kid, &krav).expect("a signature"))
    };
    v.tavle.avslag("A111", "open to all, not on the client", &nabo(v), MP_200);
    v.godtas("A112: open to all", &v.be(&json!({ "iss": "leverandor", "scope": APENT })));
    v.tavle.avslag("A112", "on behalf of", &v.be(&delegert(&json!({ "scope": APENT }))), MP_251);
    // None of these organisations is in a register here; the policy is to issue all the same.
    v.tavle.holder("A113", "an unknown consumer, by policy", v.be(&json!({})).status == 200);
}

/// The delegation source is our own, in the same transaction; there is no other to answer something else, because
/// none can be set.
fn kilder(v: &mut Verden) {
    for (rad, kilde) in [("A110", "https://ond.example.no/"), ("A114", "https://www.altinn.no/")] {
        let scope = json!({ "prefix": "demo", "subscope": rad, "delegation_source": kilde });
        let svar = v.som(("eier", SCOPES), "POST", "/samarbeid/scopes", &scope);
        v.tavle.nektet(rad, kilde, &svar, &[400]);
    }
    let uten = json!({ "scope": format!("{DELT} {SERT}") });
    v.tavle.avslag("A114", "one with a source, one without", &v.be(&delegert(&uten)), MP_251);
}
