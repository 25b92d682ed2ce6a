//! 17.4: claims and form.

use std::io::Write;

use serde_json::json;
use vakt::jws::Signer;

use super::tavle::{UKJENT_KID, Ventet, ig, ir, is};
use super::verden::{GRANT, ISSUER, Verden, naa, raa};
use crate::server::Answer;

const MP_011: Ventet = ir("MP-011");
const MP_100: Ventet = ig("MP-100");
const MP_110: Ventet = ig("MP-110");
const TOKEN: &str = "/maskinporten/token";
const HEADER: &str = r#"{"alg":"RS256","kid":"n-1"}"#;

pub fn rader(v: &mut Verden) {
    mottaker(v);
    avsender(v);
    navn(v);
    skjema(v);
    storrelse(v);
    tegn(v);
}

fn mottaker(v: &mut Verden) {
    for aud in [
        "https://test.maskinporten.no/",
        "https://maskinporten.no/",
        "https://as.example.no",
        "http://as.example.no/",
        "HTTPS://AS.EXAMPLE.NO/",
        "https://as.example.no/token",
        "https://as.example.no//",
        "ttps://as.example.no/",
        "https://as.example.no/ ",
        "https://as.example.no.evil.no/",
        "",
    ] {
        v.tavle.avslag("A70", aud, &v.be(&json!({ "aud": aud })), MP_110);
    }
    for aud in [
        json!([ISSUER, "https://annen.no/"]),
        json!([ISSUER, ISSUER]),
        json!([]),
        json!([1]),
        json!({ "0": ISSUER }),
        json!([[ISSUER]]),
        json!(1),
    ] {
        v.tavle.avslag("A71", &aud.to_string(), &v.be(&json!({ "aud": aud })), MP_110);
    }
    v.godtas("one in a list", &v.be(&json!({ "aud": [ISSUER] })));
    v.tavle.avslag("A72", "missing", &v.be(&json!({ "aud": null })), MP_011);
}

fn avsender(v: &mut Verden) {
    for iss in ["ukjent", "5f0a2d3e-0000-4000-8000-000000000000", "nedlagt"] {
        v.tavle.avslag("A73", iss, &v.be(&json!({ "iss": iss })), MP_100);
    }
    for iss in ["Konsument", "KONSUMENT", " konsument", "konsument ", "kоnsument", "konsument\u{200b}", ""] {
        v.tavle.avslag("A74", iss, &v.be(&json!({ "iss": iss })), MP_100);
    }
    v.godtas("sub = iss", &v.be(&json!({ "sub": "konsument" })));
    for sub in [json!("annen"), json!(""), json!(1), json!(["konsument"])] {
        v.tavle.avslag("A75", &sub.to_string(), &v.be(&json!({ "sub": sub })), ir("Invalid assertion"));
    }
}

fn navn(v: &mut Verden) {
    for navn in ["foo", "consumer_orgno", "onbehalfof"] {
        v.tavle.avslag("A76", navn, &v.be(&json!({ navn: "x" })), ir("Invalid assertion"));
    }
    for navn in ["__proto__", "constructor", "prototype", "toString"] {
        v.tavle.avslag("A79", navn, &v.be(&json!({ navn: {} })), ir("Invalid assertion"));
    }
    for navn in ["consumer", "supplier", "client_id", "client_amr", "token_type", "delegation_source"] {
        v.tavle.avslag("A80", navn, &v.be(&json!({ navn: "x" })), ir("Invalid assertion"));
    }
    let krav = serde_json::to_string(&v.krav(&json!({}))).expect("JSON");
    let med = |v: &Verden, mer: &str| {
        let krav = krav.replacen('{', &format!("{{{mer},"), 1);
        v.send(&raa(HEADER, krav.as_bytes(), |inn| v.nokkel.sign(inn).expect("a signature")))
    };
    for mer in [r#""scope":"demo:delt/les""#, r#""iss":"nabo""#, r#""consumer_org":"1","consumer_org":"2""#] {
        v.tavle.avslag("A77", mer, &med(v, mer), MP_011);
    }
    for mer in [r#""sc\u006fpe":"demo:delt/les""#, r#""\u0069ss":"nabo""#] {
        v.tavle.avslag("A78", mer, &med(v, mer), MP_011);
    }
}

fn skjema(v: &mut Verden) {
    let type_ = ("content-type", "application/x-www-form-urlencoded");
    let bevis = v.bevis(&json!({}));
    for metode in ["GET", "PUT", "DELETE", "PATCH"] {
        // A body that nobody wants is not read, and its connection not used again.
        let svar = v.server().send(metode, TOKEN, &[("connection", "close")], b"");
        v.tavle.nektet("A81", metode, &svar, &[405]);
        v.tavle.holder("A81", "says what is allowed", svar.header("allow").contains("POST"));
    }
    let i_adressen = format!("{TOKEN}?grant_type={GRANT}&assertion={bevis}");
    v.tavle.avslag(
        "A81",
        "in the address",
        &v.server().send("POST", &i_adressen, &[type_], b"x=y"),
        ir("grant_type"),
    );
    let som_json = json!({ "grant_type": GRANT, "assertion": bevis }).to_string();
    let svar = v.server().send("POST", TOKEN, &[("content-type", "application/json")], som_json.as_bytes());
    v.tavle.avslag("A82", "JSON", &svar, ir("Content-Type"));
    let deler =
        format!("--x\r\ncontent-disposition: form-data; name=\"assertion\"\r\n\r\n{bevis}\r\n--x--\r\n");
    let svar = v.server().send(
        "POST",
        TOKEN,
        &[("content-type", "multipart/form-data; boundary=x")],
        deler.as_bytes(),
    );
    v.tavle.avslag("A82", "multipart", &svar, ir("Content-Type"));
    let to_ganger = format!("grant_type={GRANT}&assertion={bevis}");
    v.tavle.avslag("A83", "assertion", &v.skjema(&format!("{to_ganger}&assertion=x")), ir("assertion"));
    v.tavle.avslag("A83", "grant_type", &v.skjema(&format!("{to_ganger}&grant_type=x")), ir("grant_type"));
    for type_ in [
        "client_credentials",
        "refresh_token",
        "urn:ietf:params:oauth:grant-type:token-exchange",
        "jwt_bearer_token",
        "urn:ietf:params:oauth:grant-type:JWT-bearer",
    ] {
        let svar = v.skjema(&format!("grant_type={type_}&assertion={bevis}"));
        v.tavle.avslag("A84", type_, &svar, Ventet(400, "unsupported_grant_type", ""));
    }
    v.godtas("the same grant, at last sent as it should be", &v.skjema(&to_ganger));
}

fn storrelse(v: &mut Verden) {
    let for_stor = Ventet(413, "invalid_request", "");
    v.tavle.avslag("A85", "10 MB", &v.skjema(&"a".repeat(10 << 20)), for_stor);
    let parametre = |antall: usize| (0..antall).map(|i| format!("a{i}=1")).collect::<Vec<_>>().join("&");
    v.tavle.avslag("A85", "10 000 parameters", &v.skjema(&parametre(10_000)), for_stor);
    v.tavle.avslag("A85", "5 000 parameters", &v.skjema(&parametre(5_000)), ir("form"));
    let mut pakket = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    pakket.write_all(&vec![b'a'; 100 << 20]).expect("gzip");
    let bombe = &pakket.finish().expect("gzip")[..60_000];
    let hoder = [("content-type", "application/x-www-form-urlencoded"), ("content-encoding", "gzip")];
    v.tavle.avslag(
        "A85",
        "a gzip bomb",
        &v.server().send("POST", TOKEN, &hoder, bombe),
        ir("Content-Encoding"),
    );
    // Of this body only the beginning comes.
    let hode = "content-type: application/x-www-form-urlencoded\r\ncontent-length: 1000\r\n";
    let treg = v.raatt("POST", TOKEN, hode, b"grant");
    v.tavle.avslag("A85", "a slow body", &treg, Ventet(408, "invalid_request", ""));
}

fn tegn(v: &mut Verden) {
    let krav = |midt: &[u8]| {
        let (n, jti) = (naa(), super::verden::id());
        let foran = format!(
            r#"{{"aud":"{ISSUER}","iss":"konsument","iat":{n},"exp":{},"jti":"{jti}","scope":""#,
            n + 60
        );
        [foran.as_bytes(), midt, b"\"}"].concat()
    };
    for midt in [
        &b"demo:\xff"[..],
        b"demo:\xc0\xaf",
        b"demo:\xed\xa0\x80",
        b"demo:\\ud800",
        b"demo:\\u0000",
        b"demo:\0",
    ] {
        let bevis = raa(HEADER, &krav(midt), |inn| v.nokkel.sign(inn).expect("a signature"));
        v.tavle.avslag("A86", &format!("{midt:?}"), &v.send(&bevis), MP_011);
    }
    for (navn, verdi, ventet) in [
        ("iss", "konsument\r\nX: y", MP_100),
        ("iss", "<script>alert(1)</script>", MP_100),
        ("scope", "demo:<script>alert(1)</script>", is("MP-200")),
        ("scope", "demo:a\r\nSet-Cookie:a=b", is("MP-200")),
        ("scope", &format!("demo:{}", "å".repeat(1000)), is("MP-200")),
    ] {
        let svar = v.be(&json!({ navn: verdi }));
        v.tavle.avslag("A87", verdi, &svar, ventet);
        v.tavle.holder("A87", "the echo is clean and short", ren(&svar));
    }
    for kid in ["n-1\r\nX: y", "<b>"] {
        let bevis = raa(&json!({ "alg": "RS256", "kid": kid }).to_string(), b"{}", |inn| {
            v.nokkel.sign(inn).expect("a signature")
        });
        // The claims are judged before the key is looked for, so they have to be good here.
        let god =
            raa(&json!({ "alg": "RS256", "kid": kid }).to_string(), &krav(b"demo:register.read"), |inn| {
                v.nokkel.sign(inn).expect("a signature")
            });
        v.tavle.avslag("A87", kid, &v.send(&bevis), MP_011);
        let svar = v.send(&god);
        v.tavle.avslag("A87", kid, &svar, UKJENT_KID);
        v.tavle.holder("A87", "the echo is clean and short", ren(&svar));
    }
    v.tavle.holder("A87", "the log has no line of the caller's making", !v.logg().contains("\nX: y"));
}

fn ren(svar: &Answer) -> bool {
    let tekst = svar.json()["error_description"].as_str().unwrap_or_default().to_owned();
    let fritt = !tekst.chars().any(|c| c.is_control() || matches!(c, '<' | '>'));
    fritt && tekst.chars().count() < 400 && svar.header("set-cookie").is_empty()
}
