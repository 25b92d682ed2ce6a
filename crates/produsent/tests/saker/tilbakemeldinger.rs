//! What is told back, held against the feedback contracts, as producers read it: over HTTP, in Atom.

use axum::Router;
use axum::body::Body;
use http::{HeaderName, Request};
use produsent::api::Api;
use produsent::kontrakt::Kontrakt;
use produsent::ressurs::{RESSURSER, Tilbakemeldingskontrakt};
use produsent::xml;
use tower::ServiceExt;

use crate::meldinger;
use crate::prove::{AVSENDER, GAMMEL, KVINNE, MANN, Prove};

fn kontrakter() -> Vec<Kontrakt> {
    let les = |tilbake: Tilbakemeldingskontrakt| tilbake.kontrakt().expect("it is read").expect("one");
    Tilbakemeldingskontrakt::ALLE.into_iter().map(les).collect()
}

/// The feed as a producer gets it.
async fn feed(prove: &Prove) -> String {
    let hode = HeaderName::from_static("x-orgnr");
    let api = Api::new(prove.produsent.clone(), "/f", Some(hode.clone()));
    let router: Router = api.ruter().into_parts().0.with_state(api);
    let sporsmaal = Request::get("/f/tilbakemelding/api/v2/hendelser?seq=0")
        .header(hode, AVSENDER)
        .header("accept", "application/xml")
        .body(Body::empty())
        .expect("a request");
    let svar = router.oneshot(sporsmaal).await.expect("an answer");
    assert_eq!(svar.status(), 200);
    let kropp = axum::body::to_bytes(svar.into_body(), 1 << 24).await.expect("a body");
    String::from_utf8(kropp.to_vec()).expect("UTF-8")
}

#[tokio::test]
async fn what_is_told_back_is_as_the_contracts_say() {
    let prove = Prove::med_folk().await;
    // Each example as it stands: some are decided, some refused, some go to a desk.
    for ressurs in RESSURSER {
        prove.send(AVSENDER, ressurs.navn, ressurs.eksempel, &[]).await.expect(ressurs.navn);
    }
    let flere = [
        ("doedsfall_v1", meldinger::doedsfall("d1", GAMMEL, "2024-11-01", "helse")),
        ("annullering_av_doedsfall_v1", meldinger::annullering("a1", GAMMEL)),
        ("vigsel_v1", meldinger::vigsel("v1", KVINNE, MANN, "2024-11-01", "ja")),
    ];
    for (ressurs, melding) in flere {
        prove.send(AVSENDER, ressurs, &melding, &[]).await.expect(ressurs);
    }
    prove.produsent.toem().await.expect("taken");

    let (feed, kontrakter) = (feed(&prove).await, kontrakter());
    let mut sett = vec![0; kontrakter.len()];
    for post in feed.split("<content type=\"application/xml\">").skip(1) {
        let dokument = post.split("</content>").next().expect("the end of an entry");
        let rot = xml::les(dokument.as_bytes()).expect("XML");
        let hvilken = kontrakter.iter().position(|k| k.navnerom == rot.navnerom).expect("a contract");
        let svar = kontrakter[hvilken].valider(&rot);
        assert!(svar.is_ok(), "{dokument}: {:?}", svar.err());
        sett[hvilken] += 1;
    }
    assert!(sett.iter().all(|antall| *antall > 0), "some contract has nothing: {sett:?}");
    assert!(sett.iter().sum::<usize>() >= RESSURSER.len(), "{sett:?}");
}
