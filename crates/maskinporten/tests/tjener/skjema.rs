//! The request over HTTP (sheet sections 3 and 5, steps 1 to 5; attack rows A15 to A20 and A81 to A85).

use serde_json::json;

use crate::prove::{GRANT, Prove};

const SKJEMA: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

#[tokio::test]
async fn only_post_and_only_a_form() {
    let prove = Prove::ny().await;
    let bevis = prove.bevis("konsument", json!({}));
    let kropp = format!("grant_type={GRANT}&assertion={bevis}");
    for metode in ["GET", "PUT", "DELETE", "PATCH"] {
        let svar = prove.kall(metode, "/token", &[], "").await;
        assert_eq!(svar.status, 405, "{metode}");
        assert!(svar.hode("allow").contains("POST"), "{metode}: {}", svar.hode("allow"));
        assert_eq!(svar.json()["error"], "invalid_request");
    }
    for type_ in ["application/json", "multipart/form-data; boundary=x", "text/plain", ""] {
        let svar = prove.kall("POST", "/token", &[("content-type", type_)], kropp.clone()).await;
        assert_eq!(svar.avslag().1, "invalid_request", "{type_}");
    }
    let gzip = prove.kall("POST", "/token", &[SKJEMA, ("content-encoding", "gzip")], kropp.clone()).await;
    assert_eq!((gzip.status, gzip.avslag().1.as_str()), (400, "invalid_request"), "A85");
    let i_adressen = prove.kall("POST", &format!("/token?{kropp}"), &[SKJEMA], "").await;
    assert_eq!(i_adressen.avslag().1, "invalid_request", "A81: parameters of the address are ignored");
    let med_tegnsett = [("content-type", "Application/X-WWW-Form-Urlencoded;charset=UTF-8")];
    assert_eq!(prove.kall("POST", "/token", &med_tegnsett, kropp).await.status, 200);
}

#[tokio::test]
async fn the_form() {
    let prove = Prove::ny().await;
    let bevis = || prove.bevis("konsument", json!({}));
    let g = GRANT.replace(':', "%3A");
    for (kropp, feil) in [
        (String::new(), "invalid_request"),
        (format!("assertion={}", bevis()), "invalid_request"),
        (format!("grant_type=&assertion={}", bevis()), "invalid_request"),
        (format!("grant_type={GRANT}"), "invalid_request"),
        (format!("grant_type={GRANT}&assertion="), "invalid_request"),
        (format!("grant_type={GRANT}&assertion={0}&assertion={0}", bevis()), "invalid_request"),
        (format!("grant_type={GRANT}&grant_type={GRANT}&assertion={}", bevis()), "invalid_request"),
        (format!("grant_type={GRANT}&assertion={}&x=1&x=2", bevis()), "invalid_request"),
        (format!("grant_type={GRANT}&client_id=annen&assertion={}", bevis()), "invalid_request"),
        (format!("grant_type=client_credentials&assertion={}", bevis()), "unsupported_grant_type"),
        (format!("grant_type=refresh_token&assertion={}", bevis()), "unsupported_grant_type"),
        (format!("grant_type=jwt_bearer_token&assertion={}", bevis()), "unsupported_grant_type"),
        ("a=1&".repeat(10_000), "invalid_request"),
    ] {
        let svar = prove.skjema(&kropp).await;
        let (status, error, kode, _) = svar.avslag();
        assert_eq!((status, error.as_str(), kode.as_str()), (400, feil, ""), "{kropp:.80}");
    }
    for kropp in [
        format!("grant_type={GRANT}&assertion={}", bevis()),
        format!("assertion={}&grant_type={g}", bevis()),
        format!("scope=annet:scope&grant_type={g}&assertion={}", bevis()),
        format!("client_id=konsument&grant_type={g}&assertion={}", bevis()),
    ] {
        assert_eq!(prove.skjema(&kropp).await.status, 200, "{kropp:.80}");
    }
}

#[tokio::test]
async fn sizes() {
    let prove = Prove::ny().await;
    let stor = prove.skjema(&format!("grant_type={GRANT}&assertion={}", "a".repeat(70_000))).await;
    assert_eq!((stor.status, stor.json()["error"].as_str()), (413, Some("invalid_request")));
    let lang = prove.skjema(&format!("grant_type={GRANT}&assertion={}", "a".repeat(50_000))).await;
    assert_eq!(lang.avslag().1, "invalid_request");
}

#[tokio::test]
async fn what_is_no_signed_object() {
    let prove = Prove::ny().await;
    let god = prove.bevis("konsument", json!({}));
    let (hode, rest) = god.split_once('.').unwrap();
    let (last, signatur) = rest.split_once('.').unwrap();
    let kod = |tekst: &str| vakt::base64url::encode(tekst);
    let dypt = format!(r#"{{"alg":"RS256","kid":{}{}}}"#, "[".repeat(100), "]".repeat(100));
    for bevis in [
        "a".to_owned(),
        ".".to_owned(),
        "..".to_owned(),
        format!("{hode}.{last}"),
        format!("{hode}.{last}.{signatur}.x"),
        format!("{hode}.{last}.{signatur}.x.y"),
        format!("{hode}..{signatur}"),
        format!(".{last}.{signatur}"),
        format!("{hode}.{last}.{signatur}=="),
        format!("{hode} .{last}.{signatur}"),
        format!("{hode}\n.{last}.{signatur}"),
        format!("{hode}.{last}.+/{signatur}"),
        format!("{}.{last}.{signatur}", kod("[]")),
        format!("{}.{last}.{signatur}", kod("x")),
        format!("{}.{last}.{signatur}", kod(r#"{"alg":"RS256","alg":"RS256","kid":"n-1"}"#)),
        format!("{}.{last}.{signatur}", kod(r#"{"alg":"RS256","kid":"n-1","kid":"n-1"}"#)),
        format!("{}.{last}.{signatur}", kod(r#"{"alg":"RS256","kid":1}"#)),
        format!("{}.{last}.{signatur}", kod(r#"{"alg":"RS256","kid":["n-1"]}"#)),
        format!("{}.{last}.{signatur}", kod(r#"{"alg":"RS256","kid":null}"#)),
        format!("{}.{last}.{signatur}", kod(r#"{"alg":"RS256","kid":"n-1","cty":"JWT"}"#)),
        format!("{}.{last}.{signatur}", kod(r#"{"alg":"RS256","kid":"n-1","typ":"at+jwt"}"#)),
        format!("{}.{last}.{signatur}", kod(r#"{"kid":"n-1"}"#)),
        format!("{}.{last}.{signatur}", kod(&dypt)),
        format!("{hode}.{}.{signatur}", kod("[]")),
        format!("{hode}.{}.{signatur}", kod(r#"{"scope":"a:b","sc\u006fpe":"a:b"}"#)),
        json!({ "payload": last, "protected": hode, "signature": signatur }).to_string(),
    ] {
        let kropp: String = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", GRANT)
            .append_pair("assertion", &bevis)
            .finish();
        let (status, error, kode, tekst) = prove.skjema(&kropp).await.avslag();
        assert_eq!(
            (status, error.as_str(), kode.as_str()),
            (400, "invalid_request", "MP-011"),
            "{bevis:.90}"
        );
        assert_eq!(tekst, "Invalid assertion. Invalid parameter value");
    }
}

#[tokio::test]
async fn clients_of_the_wild() {
    let prove = Prove::ny().await;
    let bevis = prove.bevis("konsument", json!({}));
    let kropp = format!("grant_type={GRANT}&assertion={bevis}");
    let hoder = [
        SKJEMA,
        ("charset", "utf-8"),
        ("consumer_org", "312026007"),
        ("authorization", "Basic YTpi"),
        ("accept", "*/*"),
    ];
    let svar = prove.kall("POST", "/token/", &hoder, kropp).await;
    assert_eq!(svar.status, 200);
    let to_streker = format!("grant_type={GRANT}&assertion={}", prove.bevis("konsument", json!({})));
    assert_eq!(prove.kall("POST", "//token", &hoder, to_streker).await.status, 200, "C9");
    assert_eq!(prove.kall("GET", "//token", &[], "").await.status, 405);
    assert!(svar.token().get("supplier").is_none(), "only the claim counts");
    assert_eq!(svar.hode("cache-control"), "no-store");
}

#[test]
fn what_belongs_in_the_grant_is_seen_where_it_means_nothing() {
    let skjema = maskinporten::bevis::Skjema::les(b"consumer_org=311015001&assertion=a&scope=b&x=y");
    assert_eq!(skjema.unwrap_or_default().uten_virkning, ["consumer_org", "scope"]);
}
