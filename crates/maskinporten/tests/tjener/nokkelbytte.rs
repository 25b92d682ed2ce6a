//! Rollover of the signing keys with overlap (sheet 2.5).

use maskinporten::Oppsett;
use maskinporten::modell::Hvem;
use maskinporten::nokkelring::Bytte;
use serde_json::json;
use vakt::keys::Keys;

use crate::prove::Prove;

const TIME: i64 = 3_600_000;

async fn kids(prove: &Prove) -> Vec<String> {
    let dokument = prove.kall("GET", "/jwk", &[], "").await.json();
    dokument["keys"].as_array().unwrap().iter().map(|n| n["kid"].as_str().unwrap().to_owned()).collect()
}

async fn signert_med(prove: &Prove) -> String {
    // The test's registered key lasts a year, and so does everything here.
    let token = prove.be(json!({})).await.json()["access_token"].as_str().unwrap().to_owned();
    vakt::jws::Compact::parse(&token, 1 << 14).unwrap().header().kid.clone().unwrap()
}

#[tokio::test]
async fn the_next_key_is_published_before_it_signs_and_the_last_after() {
    let prove = Prove::ny().await;
    let forste = signert_med(&prove).await;
    assert_eq!(kids(&prove).await, std::slice::from_ref(&forste));
    prove.mp.bytt_nokkel(Bytte::Varslet, Hvem::drift("kommando")).await.unwrap();
    let publisert = kids(&prove).await;
    assert_eq!((publisert.len(), &publisert[0]), (2, &forste));
    prove.klokke.advance_millis(48 * TIME - 1000);
    assert_eq!(signert_med(&prove).await, forste);
    prove.klokke.advance_millis(1000 + 5000);
    assert_eq!(signert_med(&prove).await, publisert[1]);
    assert_eq!(kids(&prove).await, publisert, "readers still hold tokens of the first");
    prove.klokke.advance_millis(24 * TIME);
    assert_eq!(kids(&prove).await, [publisert[1].clone()]);
}

#[tokio::test]
async fn in_an_emergency_all_other_keys_are_gone_at_once() {
    let prove = Prove::ny().await;
    let forste = signert_med(&prove).await;
    let annen = Prove::tjener(prove.journal.clone(), prove.klokke.clone(), Oppsett::default(), None);
    assert_eq!(annen.nokkelring().status(prove.mp.naa()).await.unwrap()[0].kid, forste, "nodes share keys");
    prove.mp.bytt_nokkel(Bytte::Straks, Hvem::drift("kommando")).await.unwrap();
    let ny = signert_med(&prove).await;
    assert_ne!(ny, forste);
    assert_eq!(kids(&prove).await, std::slice::from_ref(&ny));
    prove.klokke.advance_millis(500);
    assert_eq!(
        annen.nokkelring().status(annen.naa()).await.unwrap()[0].kid,
        ny,
        "within half a second on other nodes"
    );
    let spor = serde_json::to_value(prove.mp.spor(tid::Timestamp::default(), 1000).await.unwrap()).unwrap();
    let rad = spor.as_array().unwrap().iter().find(|rad| rad["handling"] == "nokkel.bytt-straks").unwrap();
    assert_eq!(rad["om"], ny.as_str());
}

/// Guards ask nobody: what another node does with the keys comes to them by the journal.
#[tokio::test]
async fn a_withdrawn_key_is_gone_from_other_nodes_guards_at_once() {
    let prove = Prove::ny().await;
    let forste = signert_med(&prove).await;
    let annen = Prove::tjener(prove.journal.clone(), prove.klokke.clone(), Oppsett::default(), None);
    let egne = annen.nokkelring().egne().clone();
    let venter = async |kid: &str, der: bool| {
        let begynt = std::time::Instant::now();
        while egne.key(kid).await.unwrap().is_some() != der {
            assert!(begynt.elapsed() < std::time::Duration::from_secs(10), "{kid} {der}");
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        begynt.elapsed()
    };
    let (stopp, stoppet) = tokio::sync::oneshot::channel::<()>();
    let vedlikehold = tokio::spawn(annen.clone().vedlikehold(async {
        let _ = stoppet.await;
    }));
    venter(&forste, true).await;
    let generasjon = egne.generation();
    prove.mp.bytt_nokkel(Bytte::Straks, Hvem::drift("kommando")).await.unwrap();
    let tok = venter(&forste, false).await;
    assert!(tok < std::time::Duration::from_secs(1), "{tok:?}, and the clock stands still");
    assert_ne!(egne.generation(), generasjon, "tokens that were verified with it are forgotten");
    drop(stopp);
    vedlikehold.await.unwrap();
}

#[tokio::test]
async fn keys_are_changed_when_they_are_old_and_kept_over_a_restart() {
    let oppsett = Oppsett { nokkelbytte_d: 30, ..Oppsett::default() };
    let prove = Prove::med(oppsett.clone()).await;
    let forste = signert_med(&prove).await;
    prove.mp.rydd().await.unwrap();
    assert_eq!(kids(&prove).await.len(), 1);
    prove.klokke.advance_millis(28 * 24 * TIME);
    prove.mp.rydd().await.unwrap();
    prove.mp.rydd().await.unwrap();
    let publisert = kids(&prove).await;
    assert_eq!((publisert.len(), &publisert[0]), (2, &forste), "the next is published two days ahead, once");
    let prove = prove.paa_nytt(oppsett);
    assert_eq!(kids(&prove).await, publisert);
}

#[tokio::test]
async fn private_keys_are_encrypted_in_the_store() {
    let prove = Prove::ny().await;
    signert_med(&prove).await;
    let post =
        prove.journal.record(journal::Space("maskinporten/signering"), b"ring").await.unwrap().unwrap();
    let tekst = String::from_utf8(post.value).unwrap();
    let ring: serde_json::Value = serde_json::from_str(&tekst).unwrap();
    let privat = vakt::base64url::decode(ring["nokler"][0]["privat"].as_str().unwrap()).unwrap();
    assert!(vakt::jws::RsaSigner::from_pkcs8_der(&privat).is_err());
    assert!(vakt::jws::RsaSigner::from_pkcs8_der(&privat[12..]).is_err());
}
