//! The three update feeds.

use enhetsregisteret::modell::Enhetstype::{Enhet, Underenhet};
use serde_json::{Value, json};

use crate::prove::*;

async fn fylt() -> Prove {
    let prove = Prove::ny().await;
    prove
        .skriv(vec![
            enhet("310100005", "A", json!({})),
            enhet("310100072", "B", json!({})),
            roller("310100005", &styre_og_revisor()),
        ])
        .await;
    prove
        .skriv(vec![enhet(
            "310100005",
            "A2",
            json!({ "antallAnsatte": 14, "harRegistrertAntallAnsatte": true }),
        )])
        .await;
    prove.skriv(vec![slettet("310100072", "B", Enhet), underenhet("310100048", "U", json!({}))]).await;
    prove
        .skriv(vec![
            fjernet("310100005", Enhet),
            enhet("310100013", "C", json!({})),
            fjernet("310100048", Underenhet),
        ])
        .await;
    prove
}

fn hendelser(svar: &Value) -> Vec<(u64, String, String)> {
    let liste = svar["_embedded"]["oppdaterteEnheter"].as_array().cloned().unwrap_or_default();
    liste
        .iter()
        .map(|h| {
            let tekst = |navn: &str| h[navn].as_str().unwrap().to_owned();
            (h["oppdateringsid"].as_u64().unwrap(), tekst("organisasjonsnummer"), tekst("endringstype"))
        })
        .collect()
}

#[tokio::test]
async fn every_kind_of_change_in_order() {
    let prove = fylt().await;
    let svar = prove.hent("/oppdateringer/enheter").await.json();
    let forventet = [
        (1, "310100005", "Ny"),
        (2, "310100072", "Ny"),
        (3, "310100005", "Endring"),
        (4, "310100072", "Sletting"),
        (5, "310100005", "Fjernet"),
        (6, "310100013", "Ny"),
    ];
    let faktisk = hendelser(&svar);
    let faktisk: Vec<_> = faktisk.iter().map(|(id, nr, hva)| (*id, nr.as_str(), hva.as_str())).collect();
    assert_eq!(faktisk, forventet);
    assert_eq!(
        svar["_embedded"]["oppdaterteEnheter"][2],
        json!({ "oppdateringsid": 3, "dato": "2024-01-17T05:01:32.544Z", "organisasjonsnummer": "310100005",
                "endringstype": "Endring",
                "_links": { "enhet": { "href": format!("http://h{API}/enheter/310100005") } } })
    );
    let under = prove.hent("/oppdateringer/underenheter").await.json();
    let liste = under["_embedded"]["oppdaterteUnderenheter"].as_array().unwrap();
    assert_eq!(liste[0]["_links"]["underenhet"]["href"], format!("http://h{API}/underenheter/310100048"));
    assert_eq!((liste.len(), liste[0]["oppdateringsid"].as_u64()), (2, Some(1)), "a sequence of its own");
}

#[tokio::test]
async fn bounds_are_inclusive_and_totals_fall_with_the_id() {
    let prove = fylt().await;
    let mut forrige = u64::MAX;
    for id in 1..=8 {
        let svar = prove.hent(&format!("/oppdateringer/enheter?oppdateringsid={id}")).await.json();
        let totalt = svar["page"]["totalElements"].as_u64().unwrap();
        assert!(totalt == (7u64.saturating_sub(id)) && totalt <= forrige);
        assert_eq!(hendelser(&svar).first().map(|h| h.0), (id <= 6).then_some(id));
        assert_eq!(svar.get("_embedded").is_some(), id <= 6);
        forrige = totalt;
    }
    let fra = |dato: &str| format!("/oppdateringer/enheter?dato={dato}");
    assert_eq!(hendelser(&prove.hent(&fra("2024-01-17T05:01:32.544Z")).await.json())[0].0, 3);
    assert_eq!(hendelser(&prove.hent(&fra("2024-01-17T05:01:32.545Z")).await.json())[0].0, 4);
    let begge = prove
        .hent(&(fra("2024-01-17T05:01:32.544Z") + "&oppdateringsid=5&updatedBefore=2024-01-17T05:01:33.545Z"))
        .await;
    assert_eq!(begge.json()["page"]["totalElements"], 0);
    let bare = prove
        .hent("/oppdateringer/enheter?organisasjonsnummer=310100072,310100013&size=2&page=1")
        .await
        .json();
    assert_eq!(
        (hendelser(&bare), bare["page"]["totalElements"].as_u64()),
        (vec![(6, "310100013".into(), "Ny".into())], Some(3))
    );
}

#[tokio::test]
async fn pages_both_ways() {
    let prove = fylt().await;
    let ider = async |query: &str| -> Vec<u64> {
        hendelser(&prove.hent(&format!("/oppdateringer/enheter?{query}")).await.json())
            .iter()
            .map(|h| h.0)
            .collect()
    };
    assert_eq!(ider("size=4&page=1").await, [5, 6]);
    assert_eq!(ider("sort=id,DESC&size=4").await, [6, 5, 4, 3]);
    assert_eq!(ider("sort=id,DESC&size=4&page=1").await, [2, 1]);
    assert_eq!(ider("sort=id,DESC&size=4&page=2").await, Vec::<u64>::new());
    assert_eq!(ider("sort=id,desc&size=2&oppdateringsid=2&page=1").await, [4, 3]);
    let lenker = prove.hent("/oppdateringer/enheter?size=2&sort=id,DESC").await.json()["_links"].clone();
    assert_eq!(
        lenker["next"]["href"],
        format!("http://h{API}/oppdateringer/enheter?page=1&size=2&sort=id,desc")
    );
}

#[tokio::test]
async fn bad_bounds() {
    let prove = fylt().await;
    let feil = async |sti: &str| {
        let svar = prove.hent(sti).await;
        assert_eq!(svar.status, 400, "{sti}");
        svar.json()["valideringsfeil"][0]["feilmelding"].as_str().unwrap().to_owned()
    };
    let dato = "Dato må være en gyldig dato og på formatet yyyy-MM-dd'T'HH:mm:ss.SSS'Z'";
    assert_eq!(feil("/oppdateringer/enheter?dato=2024-01-17").await, dato);
    assert_eq!(feil("/oppdateringer/roller?afterTime=2024-01-17T00:00:00Z").await, dato);
    assert_eq!(
        feil("/oppdateringer/enheter?oppdateringsid=0").await,
        "oppdateringsid må være et tall større enn eller lik 1"
    );
    assert_eq!(
        feil("/oppdateringer/roller?afterId=x").await,
        "afterId må være et tall større enn eller lik 1"
    );
    assert_eq!(feil("/oppdateringer/roller?size=10001").await, "size må være et tall mellom 1 og 10000");
    assert_eq!(
        feil("/oppdateringer/enheter?size=5000&page=2").await,
        "size * (page+1) kan ikke overstige 10_000"
    );
    assert_eq!(feil("/oppdateringer/enheter?sort=dato,ASC").await, "dato er ikke et gyldig sorteringsfelt");
    assert_eq!(prove.hent("/oppdateringer/enheter?oppdateringsid=99999999999999999999").await.status, 200);
}

#[tokio::test]
async fn what_changed_on_request() {
    let prove = fylt().await;
    prove
        .skriv(vec![enhet(
            "310100013",
            "C2",
            json!({ "antallAnsatte": 3, "harRegistrertAntallAnsatte": true }),
        )])
        .await;
    let uten = prove.hent("/oppdateringer/enheter?oppdateringsid=7").await.json();
    assert!(uten["_embedded"]["oppdaterteEnheter"][0].get("endringer").is_none());
    let med = prove.hent("/oppdateringer/enheter?includeChanges=true").await.json();
    let liste = med["_embedded"]["oppdaterteEnheter"].as_array().unwrap().clone();
    assert!(liste[2].get("endringer").is_none(), "what is removed tells nothing");
    assert_eq!(
        liste[6]["endringer"],
        json!([
            { "op": "replace", "path": "/navn", "value": "C2" },
            { "op": "replace", "path": "/harRegistrertAntallAnsatte", "value": true },
        ]),
        "3 employees stay hidden"
    );
}

#[tokio::test]
async fn role_events_are_cloudevents_and_exclusive() {
    let prove = fylt().await;
    let svar = prove.hent("/oppdateringer/roller").await;
    assert_eq!(svar.hode("content-type"), "application/cloudevents-batch+json");
    let liste = svar.json();
    assert_eq!(
        liste[0],
        json!({ "specversion": "1.0", "id": "1", "source": format!("http://h{API}/enheter/310100005/roller"),
                "type": "no.brreg.enhetsregisteret.rolle.oppdatert", "time": START,
                "data": { "organisasjonsnummer": "310100005" } })
    );
    assert_eq!(liste.as_array().unwrap().len(), 2, "removal of the unit removes its roles");
    let ider = async |query: &str| -> Vec<String> {
        let liste =
            prove.hent_som(&format!("/oppdateringer/roller?{query}"), "application/json").await.json();
        liste.as_array().unwrap().iter().map(|h| h["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ider("afterId=1").await, ["2"]);
    assert_eq!(ider(&format!("afterTime={START}")).await, ["2"]);
    assert_eq!(ider("afterId=2").await, Vec::<String>::new());
    assert_eq!(ider("size=1").await, ["1"]);
    assert_eq!(ider("organisasjonsnummer=310100013").await, Vec::<String>::new());
}
