//! The engine: once each, in order, on any number of nodes; and the desk.

use std::collections::BTreeSet;

use produsent::drift::{Drift, still};
use produsent::kommando::{Avslag, Kommando};
use produsent::mottak::{Avvist, Vedlegg};
use produsent::sak::Beslutning;
use produsent::tilbakemelding::{Retning, side};
use produsent::tilgang::{Produsentrett, gi};
use tid::Clock;

use crate::meldinger::{NY, barn, doedsfall, e, foedsel, person, rekvisisjon, vigsel};
use crate::prove::{AVSENDER, GAMMEL, KVINNE, MANN, Prove, orgnr};

const ANNEN: u32 = 311_015_002;

#[tokio::test]
async fn the_same_message_twice_is_one_case() {
    let p = Prove::med_folk().await;
    let melding = doedsfall("1", GAMMEL, "2024-11-03", "helse");
    let en = p.send(AVSENDER, "doedsfall_v1", &melding, &[]).await.expect("received");
    let senere = melding.replace("10:15:30", "11:00:00").replace("dato>2024-11-20", "dato>2024-11-21");
    let to = p.send(AVSENDER, "doedsfall_v1", &senere, &[]).await.expect("received");
    assert_eq!(en, to, "times do not make another message");
    let annen = doedsfall("1", GAMMEL, "2024-11-02", "helse");
    let annen = p.send(AVSENDER, "doedsfall_v1", &annen, &[]).await.expect("received");
    assert_ne!(en.referanse, annen.referanse, "the same identifier, another message");
    assert_eq!(p.produsent.toem().await.expect("taken"), 2);
    assert_eq!(p.feed().await.len(), 2);
}

#[tokio::test]
async fn only_who_may_sends_and_each_sees_only_its_own() {
    let p = Prove::med_folk().await;
    let helse = doedsfall("1", GAMMEL, "2024-11-03", "helse");
    let nektet = |svar| matches!(svar, Err(Avvist::Tilgang(_)));
    assert!(nektet(p.send(ANNEN, "doedsfall_v1", &helse, &[]).await));
    let (ressurser, kilder) = (vec!["doedsfall_v1".into()], vec!["tingretten".into()]);
    let rett = Produsentrett { navn: "Test".into(), ressurser, kilder };
    gi(&p.journal, p.klokke.now(), orgnr(ANNEN), Some(&rett)).await.expect("a right");
    assert!(nektet(p.send(ANNEN, "doedsfall_v1", &helse, &[]).await), "it is another source");
    let tingretten = doedsfall("1", GAMMEL, "2024-11-03", "tingretten");
    p.send(ANNEN, "doedsfall_v1", &tingretten, &[]).await.expect("received");
    p.produsent.toem().await.expect("taken");
    assert!(p.feed().await.is_empty());
    let (andres, _) = side(&p.journal, ANNEN.into(), 0, Retning::Nyere, 100).await.expect("a page");
    assert_eq!(andres.len(), 1);
    gi(&p.journal, p.klokke.now(), orgnr(ANNEN), None).await.expect("taken away");
    assert!(nektet(p.send(ANNEN, "doedsfall_v1", &tingretten, &[]).await));
}

#[tokio::test]
async fn two_nodes_give_each_number_once() {
    const ANTALL: u8 = 60;
    let p = Prove::med_folk().await;
    for i in 0..ANTALL {
        let navn = char::from(b'A' + i / 8).to_string() + &"x".repeat(usize::from(i % 8) + 1);
        let melding = rekvisisjon(&i.to_string(), &navn, "1985-03-07", &format!("P{i}"), "");
        p.send(AVSENDER, "rekvisisjon_av_dnummer_v5", &melding, &[]).await.expect("received");
    }
    let annen = p.annen_node();
    let (en, to) = tokio::join!(p.produsent.toem(), annen.toem());
    assert_eq!(en.expect("taken") + to.expect("taken"), usize::from(ANTALL));
    let feed = p.feed().await;
    let ider: Vec<u64> = feed.iter().map(|post| post.id).collect();
    assert_eq!(ider, (0..u64::from(ANTALL)).collect::<Vec<_>>(), "every case is told of once");
    let alle = |sti: &str| -> BTreeSet<String> {
        let verdi = |info: &serde_json::Value| info.pointer(sti).expect(sti).to_string();
        feed.iter().map(|post| verdi(&post.hendelseinfo)).collect()
    };
    for sti in ["/saksbeslutning/skalTildeleDNummer/dNummer", "/sak/saksnummer"] {
        assert_eq!(alle(sti).len(), usize::from(ANTALL), "no number twice");
    }
    let report = p.journal.verify(&|_, _| ()).await.expect("a report");
    assert!(report.faults.is_empty(), "{:?}", report.faults);
}

#[tokio::test]
async fn the_desk() {
    let p = Prove::med_folk().await;
    let svar = p.sak("vigsel_v1", &vigsel("1", KVINNE, MANN, "2024-06-15", "nei")).await;
    let referanse = svar["meldingsreferanse"]["folkeregisterReferanse"].as_str().expect("a reference");
    let saker = p.produsent.utfor("test", Kommando::Saker { etter: None }).await.expect("a list");
    assert_eq!(saker[0]["referanse"], referanse);
    let avgjoer = |beslutning| {
        let (kode, merknad) = (None, None);
        Kommando::Avgjoer { referanse: referanse.to_owned(), beslutning, kode, merknad }
    };
    let uten_grunn = p.produsent.utfor("test", avgjoer(Beslutning::Avvist)).await;
    assert!(matches!(uten_grunn, Err(Avslag::Umulig(_))), "a no has a reason");
    p.produsent.utfor("test", avgjoer(Beslutning::Registrert)).await.expect("decided");
    let siste = p.siste(referanse).await;
    assert_eq!(siste["saksbeslutning"]["beslutning"], "registrert");
    assert_eq!(siste["saksnummer"], svar["saksnummer"], "the same case");
    let igjen = p.produsent.utfor("test", avgjoer(Beslutning::Registrert)).await;
    assert!(matches!(igjen, Err(Avslag::Ukjent(_))), "decided once");
    let saker = p.produsent.utfor("test", Kommando::Saker { etter: None }).await.expect("a list");
    assert_eq!(saker, serde_json::json!([]));
    assert_eq!(p.dok(KVINNE).await.sivilstand[0].sivilstand.kode(), "gift");
}

#[tokio::test]
async fn maintenance_loses_nothing() {
    let p = Prove::med_folk().await;
    let still = async |drift: Drift| still(&p.journal, p.klokke.now(), &drift).await.expect("set");
    let send = async |ident: &str| {
        p.send(AVSENDER, "doedsfall_v1", &doedsfall(ident, GAMMEL, "2024-11-03", "helse"), &[]).await
    };
    still(Drift { saksflyt_nede: true, ..Drift::default() }).await;
    let identer: Vec<String> = (0..10).map(|i| i.to_string()).collect();
    for ident in &identer {
        send(ident).await.expect("received");
    }
    assert_eq!(p.produsent.toem().await.expect("nothing"), 0);
    assert!(p.feed().await.is_empty());
    p.klokke.advance_millis(3_600_000);
    still(Drift::default()).await;
    assert_eq!(p.produsent.toem().await.expect("taken"), 10);
    let feed = p.feed().await;
    let i_orden: Vec<&str> = feed
        .iter()
        .filter_map(|post| post.hendelseinfo["meldingsreferanse"]["avsendersMeldingsidentifikator"].as_str())
        .collect();
    assert_eq!(i_orden, identer, "in the order they came");
    let opprettet = feed[0].hendelseinfo["opprettet"].as_str().expect("a time");
    assert!(opprettet.starts_with("2024-11-20T13:00:00"), "when the case was opened: {opprettet}");

    still(Drift { stoppede_sakstyper: vec!["doedsfall".into()], ..Drift::default() }).await;
    send("11").await.expect("received");
    let svar = p.sak("vigsel_v1", &vigsel("12", KVINNE, MANN, "2024-06-15", "ja")).await;
    assert!(svar.get("saksbeslutning").is_some() || svar.get("sakTilManuellBehandling").is_some());
    assert_eq!(p.feed().await.len(), 11, "one kind waits, others do not");
    still(Drift::default()).await;
    assert_eq!(p.produsent.toem().await.expect("taken"), 1);
    assert_eq!(p.feed().await.len(), 12);
    still(Drift { mottak_nede: true, ..Drift::default() }).await;
    assert!(matches!(send("13").await, Err(Avvist::Nede)));
}

#[tokio::test]
async fn attachments_are_bound_to_the_message() {
    let p = Prove::med_folk().await;
    let navn = e("vedlegg", &e("multipartnavn", "a.pdf"));
    let med = doedsfall("1", GAMMEL, "2024-11-03", "helse")
        .replace("</doedPerson>", &format!("</doedPerson>{navn}"));
    let del = |navn: &str, innhold: &'static [u8]| Vedlegg { filnavn: navn.to_owned(), innhold };
    let pdf = b"%PDF-1.7";
    for vedlegg in [
        vec![],
        vec![del("b.pdf", pdf)],
        vec![del("a.pdf", pdf), del("b.pdf", pdf)],
        vec![del("a.pdf", pdf), del("a.pdf", pdf)],
        vec![del("a.pdf", b"")],
        vec![del("a.pdf", b"MZ")],
    ] {
        let svar = p.send(AVSENDER, "doedsfall_v1.vedlegg", &med, &vedlegg).await;
        assert!(matches!(svar, Err(Avvist::Vedlegg(_))));
    }
    p.send(AVSENDER, "doedsfall_v1.vedlegg", &med, &[del("a.pdf", pdf)]).await.expect("received");
    assert_eq!(p.produsent.toem().await.expect("taken"), 1);
    let uten =
        vigsel("2", KVINNE, MANN, "2024-06-15", "ja").replace("</vigsel><", &format!("</vigsel>{navn}<"));
    let svar = p.sak("vigsel_v1", &uten).await;
    let grunn = &svar["sakTilManuellBehandling"]["begrunnelse"][0]["begrunnelseskode"];
    assert_eq!(grunn, "vedleggMangler", "what a message names does not come with it");
}

#[tokio::test]
async fn a_correction_ends_what_it_corrects() {
    let p = Prove::med_folk().await;
    let jente = barn("2024-11-19", true, "kvinne");
    let svar = p.sak("foedsel_v1", &foedsel("1", &jente, true, &person(KVINNE), NY)).await;
    assert!(svar.get("sakTilManuellBehandling").is_some(), "she is not married: {svar}");
    let referanse = svar["meldingsreferanse"]["folkeregisterReferanse"].as_str().expect("a reference");
    let korrigert = |ident: &str, av: &str| {
        let slutt = e("erKorrigertForespoersel", "true") + &e("identifikatorForOpprinneligMelding", av);
        foedsel(ident, &jente, false, &person(KVINNE), &slutt)
    };
    let ukjent = p.sak("foedsel_v1", &korrigert("2", "finnes ikke")).await;
    let grunn = &ukjent["saksbeslutning"]["begrunnelse"][0]["begrunnelseskode"];
    assert_eq!(grunn, "finnerIkkeOpprinneligMelding");
    let ny = p.sak("foedsel_v1", &korrigert("3", "1")).await;
    assert_eq!(ny["saksbeslutning"]["beslutning"], "registrert", "{ny}");
    assert_eq!(p.siste(referanse).await["saksbeslutning"]["beslutning"], "avbrutt");
}

#[tokio::test]
async fn the_feed_reads_both_ways() {
    let p = Prove::med_folk().await;
    for i in 0..7 {
        p.sak("doedsfall_v1", &doedsfall(&i.to_string(), GAMMEL, "2024-11-03", "helse")).await;
    }
    for (seq, retning, antall, ventet) in [
        (2, Retning::Nyere, 3, (vec![2, 3, 4], true)),
        (2, Retning::Eldre, 5, (vec![2, 1, 0], false)),
        (7, Retning::Nyere, 5, (vec![], false)),
    ] {
        let (poster, mer) = side(&p.journal, AVSENDER.into(), seq, retning, antall).await.expect("a page");
        assert_eq!((poster.iter().map(|post| post.id).collect::<Vec<_>>(), mer), ventet);
    }
}
