//! 17.3: time and replay.

use serde_json::{Value, json};
use vakt::jws::{KeyHint, sign};

use super::tavle::{Ventet, ig, ir};
use super::verden::{SERT, Verden, id, naa};

const MP_130: Ventet = ig("MP-130");
const MP_011: Ventet = ir("MP-011");
const BRUKT: Ventet = ig("MP-012");
const FRAM: Ventet = ig("Issue time is after now");

/// Of base64url, in order.
const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

pub fn rader(v: &mut Verden) {
    let n = naa();
    v.tavle.avslag("A50", "ended", &v.be(&json!({ "iat": n - 5, "exp": n - 1 })), MP_130);
    v.tavle.avslag("A51", "a minute ahead", &v.be(&json!({ "iat": naa() + 60, "exp": naa() + 100 })), FRAM);
    v.godtas("A52: nine ahead", &v.be(&json!({ "iat": naa() + 9 })));
    // Two seconds beyond the limit: the clock goes on while the grant is on its way.
    v.tavle.avslag("A52", "beyond ten ahead", &v.be(&json!({ "iat": naa() + 13 })), FRAM);
    v.tavle.avslag("A53", "a minute behind", &v.be(&json!({ "iat": naa() - 60, "exp": naa() + 50 })), MP_130);
    for (lengde, godt) in [(120, true), (121, true), (200, false), (86_400, false)] {
        let n = naa();
        let svar = v.be(&json!({ "iat": n, "exp": n + lengde }));
        if godt {
            v.godtas(&format!("A54: {lengde} s"), &svar);
        } else {
            v.tavle.avslag("A54", &lengde.to_string(), &svar, ig("Invalid assertion."));
        }
    }
    former(v);
    gjentatt(v);
    lager(v);
}

fn former(v: &mut Verden) {
    let n = naa();
    v.tavle.avslag(
        "A55",
        "exp = iat",
        &v.be(&json!({ "iat": n + 5, "exp": n + 5 })),
        ig("Invalid assertion."),
    );
    v.tavle.avslag(
        "A55",
        "exp < iat",
        &v.be(&json!({ "iat": n + 8, "exp": n + 4 })),
        ig("Invalid assertion."),
    );
    v.tavle.avslag("A55", "both 0", &v.be(&json!({ "iat": 0, "exp": 0 })), MP_130);
    let galt = [
        json!(-1),
        json!(1e300),
        json!("1767225600"),
        json!(1.5),
        json!(true),
        json!([]),
        json!({}),
        json!(i64::MAX),
    ];
    for verdi in galt {
        for navn in ["iat", "exp", "nbf"] {
            let bevis = v.bevis(&json!({ navn: verdi }));
            v.tavle.avslag("A55", &format!("{navn} {verdi}"), &v.send(&bevis), MP_011);
        }
    }
    for navn in ["iat", "exp"] {
        // In the tests' helper null takes a claim away, so it is put in by hand.
        let mut krav = v.krav(&json!({}));
        krav.insert(navn.to_owned(), Value::Null);
        let bevis = sign(&v.nokkel, KeyHint::Kid, &krav).expect("a signature");
        v.tavle.avslag("A55", &format!("{navn} null"), &v.send(&bevis), MP_011);
        v.tavle.avslag("A56", navn, &v.be(&json!({ navn: null })), MP_011);
    }
    v.tavle.avslag("A57", "nbf", &v.be(&json!({ "nbf": naa() + 600 })), FRAM);
}

fn gjentatt(v: &mut Verden) {
    let bevis = v.bevis(&json!({}));
    v.godtas("A58: the first", &v.send(&bevis));
    v.tavle.avslag("A58", "the second", &v.send(&bevis), BRUKT);
    let uten = v.bevis(&json!({ "jti": null }));
    v.godtas("A58: the first without jti", &v.send(&uten));
    v.tavle.avslag("A58", "the second without jti", &v.send(&uten), BRUKT);
    let bevis = v.bevis(&json!({}));
    let verden: &Verden = v;
    let svar: Vec<_> = std::thread::scope(|scope| {
        let anrop: Vec<_> = (0..50).map(|_| scope.spawn(|| verden.send(&bevis))).collect();
        anrop.into_iter().map(|anrop| anrop.join().expect("an answer")).collect()
    });
    let gode = svar.iter().filter(|svar| svar.status == 200).count();
    v.tavle.holder("A59", "exactly one of fifty at once", gode == 1);
    for svar in svar.iter().filter(|svar| svar.status != 200) {
        v.tavle.avslag("A59", "one of the others", svar, BRUKT);
    }
    let jti = id();
    v.godtas("A60: the first", &v.be(&json!({ "jti": jti })));
    v.tavle.avslag("A60", "the same jti", &v.be(&json!({ "jti": jti, "scope": "demo:delt/les" })), BRUKT);
    let krav = v.krav(&json!({ "jti": jti, "iss": "nabo", "scope": SERT }));
    let naboens = sign(&v.nabo, KeyHint::Kid, &krav).expect("a signature");
    v.godtas("A61: the same jti, another client", &v.send(&naboens));
    v.tavle.holder("A61", "one use of a jti for each client", v.send(&naboens).status == 400);
    let bevis = v.bevis(&json!({}));
    v.godtas("A62: the first", &v.send(&bevis));
    let siste = LETTERS.find(&bevis[bevis.len() - 1..]).expect("a letter");
    for bit in 1..4 {
        let andre = format!("{}{}", &bevis[..bevis.len() - 1], &LETTERS[siste ^ bit..=siste ^ bit]);
        v.tavle.avslag("A62", "another spelling", &v.send(&andre), MP_011);
    }
    v.tavle.avslag(
        "A64",
        "1 MB",
        &v.be(&json!({ "jti": "j".repeat(1 << 20) })),
        Ventet(413, "invalid_request", ""),
    );
    for jti in [json!("j".repeat(20_000)), json!(""), json!(1), json!([])] {
        v.tavle.avslag("A64", &format!("{jti:.20}"), &v.be(&json!({ "jti": jti })), MP_011);
    }
}

/// The record of used grants: over a restart, and who may fill it.
fn lager(v: &mut Verden) {
    let (bevis, jti) = (v.bevis(&json!({})), id());
    v.godtas("A63: before the restart", &v.send(&bevis));
    let forfalsket = v.krav(&json!({ "jti": jti }));
    let forfalsket = sign(&v.nabo, KeyHint::Kid, &forfalsket).expect("a signature");
    v.tavle.avslag("A65", "not authenticated", &v.send(&forfalsket), ig("kid"));
    v.godtas("A65: a stranger used up nothing", &v.be(&json!({ "jti": jti })));
    v.start(&["maskinporten.klient_per_minutt=5"]);
    v.tavle.avslag("A63", "after the restart", &v.send(&bevis), BRUKT);
    let svar: Vec<_> = (0..12).map(|_| v.be(&json!({}))).collect();
    let nektet: Vec<_> = svar.iter().filter(|svar| svar.status == 429).collect();
    v.tavle.holder("A65", "a client fills its share and no more", nektet.len() >= 2);
    for svar in nektet {
        v.tavle.avslag("A65", "beyond its share", svar, Ventet(429, "temporarily_unavailable", ""));
        v.tavle.holder("A65", "told to wait", !svar.header("retry-after").is_empty());
    }
    v.start(&[]);
}
