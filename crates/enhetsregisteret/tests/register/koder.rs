//! Code lists, municipalities, properties, root.

use enhetsregisteret::matrikkel::Matrikkelenhet;
use enhetsregisteret::modell::Enhetstype::Enhet;
use serde_json::json;
use tid::Clock;

use crate::prove::*;

#[tokio::test]
async fn root_links() {
    let prove = Prove::ny().await;
    for sti in ["", "/"] {
        let svar = prove.hent(sti).await.json();
        let navn: Vec<_> = svar["_links"].as_object().unwrap().keys().cloned().collect();
        let forventet = [
            "self",
            "enheter",
            "underenheter",
            "organisasjonsformer",
            "oppdateringer/enheter",
            "oppdateringer/underenheter",
            "kommuner",
        ];
        assert_eq!(navn, forventet);
        assert_eq!(svar["_links"]["self"]["href"], format!("http://h{API}"));
    }
}

#[tokio::test]
async fn organisation_forms() {
    let prove = Prove::ny().await;
    let alle = prove.hent("/organisasjonsformer").await.json();
    assert_eq!(alle["_embedded"]["organisasjonsformer"].as_array().unwrap().len(), 44);
    assert!(alle.get("page").is_none());
    let lenker: Vec<_> = alle["_links"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(lenker, ["self", "enheter", "underenheter"]);
    let side = prove.hent("/organisasjonsformer?size=2&sort=kode,DESC").await.json();
    assert_eq!(side["page"]["totalPages"], 22);
    assert_eq!(side["_embedded"]["organisasjonsformer"][0]["kode"], "VPFO");
    let under = prove.hent("/organisasjonsformer/underenheter").await.json();
    assert_eq!(under["_embedded"]["organisasjonsformer"][1]["kode"], "BEDR");
    assert_eq!(under["_links"].as_object().unwrap().len(), 1);
    let en = prove.hent("/organisasjonsformer/S%C3%86R").await.json();
    assert_eq!(en["_links"]["self"]["href"], format!("http://h{API}/organisasjonsformer/S%C3%86R"));
    assert_eq!(prove.hent("/organisasjonsformer/UTBG").await.json()["utgaatt"], "2017-07-17");
    assert_eq!(prove.hent("/organisasjonsformer?sort=tull").await.status, 400);
}

#[tokio::test]
async fn role_lists() {
    let prove = Prove::ny().await;
    for (liste, forste, antall) in
        [("rolletyper", "ADOS", 27), ("rollegruppetyper", "ADOS", 22), ("representanter", "A-AK", 4)]
    {
        let svar = prove.hent(&format!("/roller/{liste}")).await.json();
        let koder = svar["_embedded"][liste].as_array().unwrap();
        assert_eq!((koder.len(), koder[0]["kode"].as_str()), (antall, Some(forste)), "{liste}");
        assert!(svar.get("page").is_none());
        let sti = koder[0]["_links"]["self"]["href"].as_str().unwrap().replace(&format!("http://h{API}"), "");
        assert_eq!(prove.hent(&sti).await.json(), koder[0]);
    }
    let ff = prove.hent("/roller/rolletyper/FF%C3%98R").await.json();
    assert_eq!(ff["beskrivelse"], "Forretningsfører");
}

#[tokio::test]
async fn municipalities() {
    let prove = Prove::ny().await;
    let svar = prove.hent("/kommuner").await.json();
    assert_eq!(svar["page"], json!({ "size": 20, "totalElements": 359, "totalPages": 18, "number": 0 }));
    assert_eq!(
        svar["_embedded"]["kommuner"][0],
        json!({ "nummer": "0301", "navn": "OSLO", "_links": { "self": { "href": format!("http://h{API}/kommuner/0301") } } })
    );
    assert_eq!(svar["_links"]["last"]["href"], format!("http://h{API}/kommuner?page=17&size=20"));
    let alle = prove.hent("/kommuner?size=1000").await.json();
    assert_eq!(alle["_embedded"]["kommuner"].as_array().unwrap().len(), 359);
    assert_eq!(prove.hent("/kommuner/0301").await.json()["navn"], "OSLO");
}

#[tokio::test]
async fn properties() {
    let prove = Prove::ny().await;
    let pa = |orgnr: &str, id: &str| Matrikkelenhet {
        orgnr: orgnr.into(),
        kommnr: "4601".into(),
        gaardsnr: "158".into(),
        bruksnr: "77".into(),
        festenr: None,
        matrikkelenhetid: id.into(),
        rekkefolge: "1".into(),
    };
    let enheter = [pa("310100064", "31874161"), pa("310100072", "318741612")];
    prove.register.skriv_matrikkel(prove.klokke.now(), &enheter).await.unwrap();
    let svar = prove.hent("/matrikkelenhet?matrikkelenhetid=31874161").await;
    assert_eq!(
        String::from_utf8(svar.kropp).unwrap(),
        r#"[{"orgnr":"310100064","kommnr":"4601","gaardsnr":"158","bruksnr":"77","festenr":null,"matrikkelenhetid":"31874161","rekkefolge":"1"}]"#
    );
    assert_eq!(
        prove.hent("/matrikkelenhet?matrikkelnummer=4601-158/77").await.json().as_array().unwrap().len(),
        2
    );
    assert_eq!(prove.hent("/matrikkelenhet?matrikkelenhetid=1").await.kropp, b"[]");
    assert_eq!(prove.hent("/matrikkelenhet").await.status, 400);
    assert_eq!(prove.hent("/matrikkelenhet?matrikkelnummer=tull").await.status, 400);
    prove.skriv(vec![enhet("310100064", "X", json!({}))]).await;
    prove.skriv(vec![fjernet("310100064", Enhet)]).await;
    assert_eq!(prove.hent("/matrikkelenhet?matrikkelenhetid=31874161").await.kropp, b"[]");
    let lager = prove.register.journal();
    let poster = lager.records(journal::Space("enhetsregisteret/matrikkel"), b"", None, 100).await.unwrap();
    let nevnt = |post: &&journal::Record| String::from_utf8_lossy(&post.value).contains("310100064");
    assert_eq!(poster.iter().filter(nevnt).count(), 0, "removal takes the properties with it");
}
