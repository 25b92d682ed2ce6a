//! Look-ups by number: representations, statuses, removal.

use enhetsregisteret::Oppsett;
use enhetsregisteret::modell::Enhetstype::{Enhet, Underenhet};
use journal::AsOf;
use serde_json::json;

use crate::prove::*;

const V1: &str = "application/vnd.brreg.enhetsregisteret.enhet.v1+json;charset=UTF-8";
const V2: &str = "application/vnd.brreg.enhetsregisteret.enhet.v2+json";

/// A unit with everything that versions treat differently, and a field that nobody knows.
fn full() -> enhetsregisteret::endring::Melding {
    enhet(
        "310100005",
        "FJORDGLØTT SNEKKERI AS",
        json!({
            "historiskeNavn": [{ "navn": "GAMLE AS", "fraDato": "2011-03-09 00:00:00", "tilDato": "2015-01-01 10:00:00" }],
            "hjemmeside": "www.fjordglott.example",
            "postadresse": { "land": "Norge", "landkode": "NO", "postnummer": "5803", "poststed": "BERGEN",
                             "adresse": ["Postboks 17"], "kommune": "BERGEN", "kommunenummer": "4601" },
            "naeringskode1": { "kode": "46.349", "beskrivelse": "Engroshandel med drikkevarer ellers" },
            "hjelpeenhetskode": { "kode": "70.100", "beskrivelse": "Hovedkontortjenester" },
            "antallAnsatte": 3, "harRegistrertAntallAnsatte": true,
            "overordnetEnhet": "310100013",
            "konkurs": true, "konkursdato": "2024-01-04",
            "vedtektsfestetFormaal": ["Drive snekkerverksted og det som", "hører med."],
            "paategninger": [],
            "kapital": { "belop": serde_json::value::RawValue::from_string("30000.00".into()).unwrap(),
                         "antallAksjer": 4_294_967_296u64, "type": "Aksjekapital", "valuta": "NOK" },
            "fremtidigFelt": { "a": 1 },
        }),
    )
}

#[tokio::test]
async fn representations() {
    let prove = Prove::ny().await;
    prove
        .skriv(vec![
            full(),
            underenhet(
                "310100048",
                "AVD LAKSEVÅG",
                json!({ "antallAnsatte": 9, "harRegistrertAntallAnsatte": true }),
            ),
        ])
        .await;
    prove
        .skriv(vec![slettet("310100013", "NEDLAGT AS", Enhet), roller("310100005", &styre_og_revisor())])
        .await;
    let mut tekst = String::new();
    for (hva, sti, accept) in [
        ("v2", "/enheter/310100005", V2),
        ("v1", "/enheter/310100005", V1),
        ("slettet", "/enheter/310100013", V1),
        ("underenhet", "/underenheter/310100048", "application/json"),
        ("roller", "/enheter/310100005/roller", "*/*"),
    ] {
        let svar = prove.hent_som(sti, accept).await;
        assert_eq!(svar.status, 200, "{hva}");
        let kropp = String::from_utf8_lossy(&svar.kropp);
        tekst.extend([
            "== ",
            hva,
            " ",
            svar.hode("content-type"),
            "
",
            &kropp,
            "
",
        ]);
    }
    insta::with_settings!({ prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("representations", tekst);
    });
}

#[tokio::test]
async fn without_the_fields_from_after_1_5_0() {
    let prove = Prove::med(Oppsett { utvidede_felter: false, versjon1: false, ..Oppsett::default() }).await;
    prove.skriv(vec![full()]).await;
    let svar = prove.hent("/enheter/310100005").await.json();
    for borte in ["historiskeNavn", "paategninger", "kapital", "fremtidigFelt"] {
        assert!(svar.get(borte).is_none(), "{borte}");
    }
    assert_eq!(prove.hent_som("/enheter/310100005", V1).await.status, 406);
    assert_eq!(prove.hent_som("/enheter/310100005", V2).await.status, 200);
}

#[tokio::test]
async fn links_follow_the_host_that_was_asked() {
    let prove = Prove::ny().await;
    prove.skriv(vec![full()]).await;
    let selv = async |hoder: &[(&str, &str)]| {
        let svar = prove.be("GET", &format!("{API}/enheter/310100005"), hoder).await.json();
        svar["_links"]["self"]["href"].as_str().unwrap().to_owned()
    };
    assert_eq!(selv(&[]).await, "http://h/enhetsregisteret/api/enheter/310100005");
    let videresendt = [("x-forwarded-host", "data.eksempel.no"), ("x-forwarded-proto", "https")];
    assert_eq!(selv(&videresendt).await, "https://data.eksempel.no/enhetsregisteret/api/enheter/310100005");
}

#[tokio::test]
async fn what_is_not_there() {
    let prove = Prove::ny().await;
    prove.skriv(vec![full(), underenhet("310100048", "AVD", json!({}))]).await;
    prove.skriv(vec![enhet("310100072", "UTEN ROLLER", json!({})), slettet("310100013", "X", Enhet)]).await;
    for sti in [
        "/enheter/999999999",
        "/enheter/310100048",
        "/underenheter/310100005",
        "/enheter/310100072/roller",
        "/enheter/310100013/roller",
        "/enheter/310100048/roller",
        "/organisasjonsformer/XX",
        "/roller/rolletyper/XX",
        "/kommuner/9999",
    ] {
        let svar = prove.hent(sti).await;
        assert_eq!((svar.status, svar.kropp.len(), svar.hode("content-length")), (404, 0, "0"), "{sti}");
    }
    let ukjent = prove.hent("/finnes/ikke").await;
    assert_eq!((ukjent.status, ukjent.json()["title"].clone()), (404, json!("Not Found")));
    let metode = prove.be("POST", &format!("{API}/enheter"), &[]).await;
    assert_eq!((metode.status, metode.hode("allow")), (405, "GET,HEAD,OPTIONS"));
    assert_eq!(metode.json()["error"], "Method Not Allowed");
    for accept in
        ["text/html", "application/xml", "application/vnd.brreg.enhetsregisteret.underenhet.v2+json"]
    {
        let svar = prove.hent_som("/enheter/310100005", accept).await;
        assert_eq!((svar.status, svar.kropp.len()), (406, 0), "{accept}");
    }
}

#[tokio::test]
async fn a_bad_number_is_named_as_the_service_names_it() {
    let prove = Prove::ny().await;
    for (sti, verdi) in [
        ("/enheter/9ECD01011/roller", "9ECD01011"),
        ("/enheter/12345678", "12345678"),
        ("/underenheter/%C3%86", "Æ"),
        ("/enheter/%FF", "\u{fffd}"),
    ] {
        let svar = prove.hent(sti).await;
        let mut kropp = svar.json();
        assert_eq!(kropp["tidsstempel"].take(), json!(1_705_467_691_544_i64));
        let forventet = json!({
            "tidsstempel": null, "status": 400, "feilmelding": "Feilaktig forespørsel",
            "sti": format!("{API}{sti}"), "antallFeil": 1,
            "valideringsfeil": [{
                "feilmelding": "Organisasjonsnummer må være et nummer med nøyaktig 9 siffer",
                "parametere": [verdi], "feilaktigVerdi": verdi,
            }],
        });
        assert_eq!((svar.status, kropp), (400, forventet), "{sti}");
        assert_eq!(svar.hode("content-type"), "application/json");
    }
}

#[tokio::test]
async fn removal_beats_history() {
    let prove = Prove::ny().await;
    prove.skriv(vec![full(), roller("310100005", &styre_og_revisor())]).await;
    prove
        .skriv(vec![enhet("310100005", "NYTT NAVN AS", json!({})), underenhet("310100048", "AVD", json!({}))])
        .await;
    prove.skriv(vec![fjernet("310100005", Enhet), fjernet("310100048", Underenhet)]).await;
    prove.ventet().await;
    for (sti, kind) in [
        ("enheter/310100005", "enheter"),
        ("enheter/310100005/roller", "enheter"),
        ("underenheter/310100048", "underenheter"),
    ] {
        let svar = prove.hent(&format!("/{sti}")).await;
        assert_eq!(svar.status, 410, "{sti}");
        let orgnr = if kind == "enheter" { "310100005" } else { "310100048" };
        let forventet = json!({
            "organisasjonsnummer": orgnr, "slettedato": "2023-09-21",
            "_links": { "self": { "href": format!("http://h{API}/{kind}/{orgnr}") } },
        });
        assert_eq!(svar.json(), forventet);
    }
    let journal = prove.register.journal();
    for samling in [Enhet.samling(), enhetsregisteret::endring::ROLLER] {
        let versjoner = journal.versions(samling, 310_100_005).await.unwrap();
        assert!(versjoner.len() == 1 && versjoner[0].removed);
    }
    let foer = journal.get(Enhet.samling(), 310_100_005, AsOf::Seq(journal::Seq(1))).await.unwrap();
    assert!(foer.unwrap().removed, "the past is gone too");
    assert_eq!(prove.hent("/enheter?navn=fjordgl%C3%B8tt").await.json()["page"]["totalElements"], 0);
    assert!(prove.hent("/enheter/lastned").await.liste().is_empty());
    assert!(prove.hent("/roller/totalbestand").await.liste().is_empty());
}

#[tokio::test]
async fn head_options_and_conditional_requests() {
    let prove = Prove::ny().await;
    prove.skriv(vec![full()]).await;
    let sti = format!("{API}/enheter/310100005");
    let get = prove.be("GET", &sti, &[]).await;
    let head = prove.be("HEAD", &sti, &[]).await;
    assert_eq!((head.status, head.kropp.len()), (200, 0));
    assert_eq!(head.hode("content-length"), get.kropp.len().to_string());
    let uendret = prove.be("GET", &sti, &[("if-none-match", get.hode("etag"))]).await;
    assert_eq!((uendret.status, uendret.kropp.len()), (304, 0));
    prove.skriv(vec![enhet("310100005", "NYTT NAVN AS", json!({}))]).await;
    assert_eq!(prove.be("GET", &sti, &[("if-none-match", get.hode("etag"))]).await.status, 200);
    let vary: Vec<_> = get.hoder.get_all("vary").iter().map(|v| v.to_str().unwrap().to_owned()).collect();
    let vary: Vec<_> = vary.iter().map(String::as_str).filter(|v| *v != "accept-encoding").collect();
    assert_eq!(vary, ["Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"]);
    let cors =
        prove.be("OPTIONS", &sti, &[("origin", "https://x"), ("access-control-request-method", "GET")]).await;
    assert_eq!((cors.status, cors.hode("access-control-allow-origin")), (200, "*"));
}
