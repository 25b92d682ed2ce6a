//! What holds cases up, and that it holds up no others: maintenance, waiting, messages that the register cannot take.

use journal::{Change, Collection, Step};
use produsent::drift::{Drift, still};
use produsent::kommando::{Avslag, Kommando};
use produsent::mottak::{Avvist, Vedlegg, nummer_av};
use produsent::sak::Beslutning;
use produsent::tilgang::{Produsentrett, gi};
use serde_json::{Value, json};
use tid::Clock;

use crate::meldinger::{NY, barn, doedsfall, e, farskap, flytting, foedsel, person, rekvisisjon, vigsel};
use crate::prove::{AVSENDER, GAMMEL, KVINNE, MANN, Prove, orgnr};

async fn sett(p: &Prove, drift: Drift) {
    still(&p.journal, p.klokke.now(), &drift).await.expect("set");
}

fn stopper(sakstyper: &[&str]) -> Drift {
    Drift { stoppede_sakstyper: sakstyper.iter().map(|s| (*s).to_owned()).collect(), ..Drift::default() }
}

async fn send(p: &Prove, ressurs: &str, xml: &str) -> String {
    p.send(AVSENDER, ressurs, xml, &[]).await.expect("received").referanse
}

/// The identifiers of the messages that have been told of, in order.
async fn fortalt(p: &Prove) -> Vec<String> {
    let ident = |info: &Value| {
        let referanse = info.pointer("/meldingsreferanse").or_else(|| info.pointer("/sak/meldingsreferanse"));
        referanse.expect("a reference")["avsendersMeldingsidentifikator"].as_str().expect("text").to_owned()
    };
    p.feed().await.iter().map(|post| ident(&post.hendelseinfo)).collect()
}

#[tokio::test]
async fn a_case_of_a_stopped_kind_whose_day_comes_waits_on() {
    let p = Prove::med_folk().await;
    send(&p, "flyttemelding_fra_posten_v1", &flytting("1", KVINNE, "2024-11-22", "false")).await;
    assert_eq!(p.produsent.toem().await.expect("taken"), 1, "too early: it waits");
    sett(&p, stopper(&["flyttemeldingFraPosten"])).await;
    p.klokke.advance_millis(3 * 86_400_000);
    let foer = p.ende().await;
    assert_eq!(p.produsent.toem().await.expect("an end"), 1, "it is put aside");
    assert_eq!(p.produsent.toem().await.expect("an end"), 0, "once");
    assert_eq!(p.ende().await, foer, "nobody has moved");
    sett(&p, Drift::default()).await;
    assert_eq!(p.produsent.toem().await.expect("taken"), 1);
    assert_eq!(p.hendelser(foer).await, [format!("{KVINNE} endringIBostedsadresse")]);
}

#[tokio::test]
async fn released_cases_come_in_order_and_before_new_ones_and_none_starves() {
    let p = Prove::med_folk().await;
    sett(&p, stopper(&["doedsfall", "rekvisisjonAvDNummer"])).await;
    for i in 0..70 {
        send(&p, "doedsfall_v1", &doedsfall(&format!("d{i:02}"), GAMMEL, "2024-11-03", "helse")).await;
        p.klokke.advance_millis(1);
    }
    for i in 0..70 {
        let navn = "x".repeat(i + 1);
        let melding = rekvisisjon(&format!("r{i:02}"), &navn, "1985-03-07", &format!("P{i}"), "");
        send(&p, "rekvisisjon_av_dnummer_v5", &melding).await;
        p.klokke.advance_millis(1);
    }
    assert_eq!(p.produsent.toem().await.expect("taken"), 140);
    assert!(p.feed().await.is_empty(), "all are put aside");
    let ventet = |bokstav: char| -> Vec<String> { (0..70).map(|i| format!("{bokstav}{i:02}")).collect() };
    sett(&p, stopper(&["doedsfall"])).await;
    assert_eq!(p.produsent.toem().await.expect("taken"), 70, "whatever of another kind lies before them");
    assert_eq!(fortalt(&p).await, ventet('r'));
    send(&p, "doedsfall_v1", &doedsfall("sist", GAMMEL, "2024-11-03", "helse")).await;
    sett(&p, Drift::default()).await;
    assert_eq!(p.produsent.toem().await.expect("taken"), 71);
    assert_eq!(fortalt(&p).await[70..], [ventet('d'), vec!["sist".to_owned()]].concat());
}

#[tokio::test]
async fn messages_lie_as_long_as_is_said() {
    let p = Prove::med_folk().await;
    sett(&p, Drift { forsinkelse_s: 60, ..Drift::default() }).await;
    send(&p, "doedsfall_v1", &doedsfall("1", GAMMEL, "2024-11-03", "helse")).await;
    p.klokke.advance_millis(59_000);
    assert_eq!(p.produsent.toem().await.expect("nothing"), 0);
    p.klokke.advance_millis(1_000);
    assert_eq!(p.produsent.toem().await.expect("taken"), 1);
}

#[tokio::test]
async fn a_message_that_the_register_cannot_take_goes_to_the_desk_alone() {
    let p = Prove::med_folk().await;
    let mut referanser = Vec::new();
    for i in 0..5 {
        let melding = doedsfall(&i.to_string(), GAMMEL, "2024-11-03", "helse");
        referanser.push(send(&p, "doedsfall_v1", &melding).await);
    }
    // As if written by a program that knew another contract.
    let id = nummer_av(&referanser[2]).expect("a number");
    let (_, lagret) = p.produsent.sak(id).await.expect("an answer").expect("a case");
    let mut lagret = serde_json::to_value(&lagret).expect("JSON");
    lagret["melding"]["forespoersel"] = json!({});
    let body = serde_json::to_vec(&lagret).expect("JSON");
    let step = Step::Put { collection: Collection("folkeregisteret/melding"), id, body, at: None };
    p.journal.append(Change { at: p.klokke.now(), steps: vec![step] }).await.expect("written");

    assert_eq!(p.produsent.toem().await.expect("taken"), 5);
    let feed = p.feed().await;
    let manuell: Vec<bool> =
        feed.iter().map(|post| post.hendelseinfo.get("sakTilManuellBehandling").is_some()).collect();
    assert_eq!(manuell, [false, false, true, false, false]);
    assert_eq!(fortalt(&p).await, ["0", "1", "2", "3", "4"]);
    let grunn = &feed[2].hendelseinfo["sakTilManuellBehandling"]["begrunnelse"][0]["begrunnelseskode"];
    assert_eq!(grunn, "kreverManuellVurdering");
}

#[tokio::test]
async fn the_desk_stands_still_too_and_takes_no_wrong_reference_or_bad_text() {
    let p = Prove::med_folk().await;
    let svar = p.sak("vigsel_v1", &vigsel("1", KVINNE, MANN, "2024-06-15", "nei")).await;
    let referanse = svar["meldingsreferanse"]["folkeregisterReferanse"].as_str().expect("a reference");
    let avgjoer = |referanse: &str, kode: Option<&str>, merknad: Option<String>| Kommando::Avgjoer {
        referanse: referanse.to_owned(),
        beslutning: if kode.is_some() { Beslutning::Avvist } else { Beslutning::Registrert },
        kode: kode.map(str::to_owned),
        merknad,
    };
    let umulig = |svar| matches!(svar, Err(Avslag::Umulig(_)));
    for drift in [stopper(&["vigsel"]), Drift { saksflyt_nede: true, ..Drift::default() }] {
        sett(&p, drift).await;
        assert!(umulig(p.produsent.utfor("test", avgjoer(referanse, None, None)).await));
    }
    sett(&p, Drift::default()).await;
    // The case's number lies in the reference's first and last groups; the rest must be right too.
    let annet = if &referanse[15..16] == "0" { "1" } else { "0" };
    let feil = format!("{}{annet}{}", &referanse[..15], &referanse[16..]);
    assert_eq!(nummer_av(&feil), nummer_av(referanse));
    let svar = p.produsent.utfor("test", avgjoer(&feil, None, None)).await;
    assert!(matches!(svar, Err(Avslag::Ukjent(_))));
    for merknad in ["\u{8}".to_owned(), String::new(), "x".repeat(4001)] {
        assert!(umulig(
            p.produsent.utfor("test", avgjoer(referanse, Some("ugyldigMelding"), Some(merknad))).await
        ));
    }
    let svar = p.produsent.utfor("Kari", avgjoer(referanse, None, None)).await.expect("decided");
    assert_eq!(svar["avgjortAv"], "Kari");
    let ukjent = Kommando::StillDrift(stopper(&["finnesIkke"]));
    assert!(umulig(p.produsent.utfor("test", ukjent).await));
}

#[tokio::test]
async fn a_correction_finds_what_came_in_the_same_breath() {
    let p = Prove::med_folk().await;
    let jente = barn("2024-11-19", true, "kvinne");
    sett(&p, Drift { saksflyt_nede: true, ..Drift::default() }).await;
    let en = send(&p, "foedsel_v1", &foedsel("1", &jente, true, &person(KVINNE), NY)).await;
    let slutt = e("erKorrigertForespoersel", "true") + &e("identifikatorForOpprinneligMelding", "1");
    let to = send(&p, "foedsel_v1", &foedsel("2", &jente, false, &person(KVINNE), &slutt)).await;
    sett(&p, Drift::default()).await;
    p.produsent.toem().await.expect("taken");
    assert_eq!(p.siste(&en).await["saksbeslutning"]["beslutning"], "avbrutt");
    assert_eq!(p.siste(&to).await["saksbeslutning"]["beslutning"], "registrert");
}

#[tokio::test]
async fn who_may_speak_for_one_source_speaks_for_no_other() {
    let p = Prove::med_folk().await;
    let rett =
        Produsentrett { navn: "Test".into(), ressurser: vec!["*".into()], kilder: vec!["annet".into()] };
    gi(&p.journal, p.klokke.now(), orgnr(AVSENDER), Some(&rett)).await.expect("a right");
    let nektet = async |ressurs: &str, xml: &str| {
        matches!(p.send(AVSENDER, ressurs, xml, &[]).await, Err(Avvist::Tilgang(_)))
    };
    let helse = foedsel("1", &barn("2024-11-19", true, "mann"), false, &person(KVINNE), NY);
    assert!(nektet("foedsel_v1", &helse).await);
    let fra = helse.find("<innsender>").expect("it is there");
    let til = helse.find("</innsender>").expect("it is there") + "</innsender>".len();
    let uten = format!("{}{}", &helse[..fra], &helse[til..]);
    assert!(nektet("foedsel_v1", &uten).await, "a birth that does not say is the health service's");
    let nav = farskap("2", &(person(GAMMEL) + &e("erFoedt", "true")), MANN, KVINNE);
    assert!(nektet("farskap_v1", &nav).await);
    let annet = nav.replace(">nav<", ">annet<");
    assert!(!nektet("farskap_v1", &annet).await);
    let en_til = "</innsender><innsender><innsendertype>nav</innsendertype></innsender>";
    let begge = annet.replacen("</innsender>", en_til, 1);
    assert!(nektet("farskap_v1", &begge).await, "each of those who send");
}

#[tokio::test]
async fn what_is_sent_again_is_known_whatever_the_order_of_attachments() {
    let p = Prove::med_folk().await;
    let navn = |fil: &str| e("vedlegg", &e("multipartnavn", fil));
    let melding = doedsfall("1", GAMMEL, "2024-11-03", "helse")
        .replace("</doedPerson>", &format!("</doedPerson>{}{}", navn("a.pdf"), navn("b.pdf")));
    let del = |filnavn: &str, innhold: &'static [u8]| Vedlegg { filnavn: filnavn.to_owned(), innhold };
    let (a, b) = (|| del("a.pdf", b"%PDF-1"), || del("b.pdf", b"%PDF-2"));
    let en = p.send(AVSENDER, "doedsfall_v1.vedlegg", &melding, &[a(), b()]).await.expect("received");
    let to = p.send(AVSENDER, "doedsfall_v1.vedlegg", &melding, &[b(), a()]).await.expect("received");
    assert_eq!(en, to);
    let vist =
        p.produsent.utfor("test", Kommando::Sak { referanse: en.referanse.clone() }).await.expect("a case");
    assert_eq!(vist["vedlegg"], json!(["a.pdf", "b.pdf"]));
    assert_eq!(p.produsent.vedlegg("test", &en.referanse, 1).await.expect("it is there"), b"%PDF-2");
    assert!(matches!(p.produsent.vedlegg("test", &en.referanse, 2).await, Err(Avslag::Ukjent(_))));
}
