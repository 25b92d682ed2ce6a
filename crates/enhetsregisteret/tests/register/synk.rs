//! Keeping in step, against an upstream that misbehaves. The first eight tests bear the names of the faults found in
//! the most careful client there was.

use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use enhetsregisteret::endring::{ENHETER, ROLLER};
use enhetsregisteret::modell::Enhetstype;
use enhetsregisteret::synk::{Stromstatus, Synk, Synkoppsett, sammenlign};
use enhetsregisteret::{Oppslag, Rollesok};
use identifikator::Organisasjonsnummer;
use journal::{AsOf, Event};
use serde_json::{Value, json};
use tid::{SeededRandom, Timestamp};

use crate::prove::{Prove, enhet, slettet, styre_og_revisor, underenhet};
use crate::stubb::{Stubb, Uhell};
use enhetsregisteret::endring::Melding;

const A: &str = "310100005";
const B: &str = "310100013";
const C: &str = "310100021";
const DAGEN: &str = "2024-01-17T04:00:00.000Z";

fn oppsett(stubb: &Stubb) -> Synkoppsett {
    Synkoppsett {
        fra: stubb.base.clone(),
        intervall: Duration::from_millis(10),
        samtidige: 4,
        bunt: 100,
        tidsgrense: Duration::from_millis(500),
        margin: Duration::from_hours(1),
    }
}

fn kopi_av(stubb: &Stubb, prove: &Prove) -> Arc<Synk> {
    let tilfeldig = Arc::new(SeededRandom::new(1));
    Synk::ny(prove.register.clone(), oppsett(stubb), tilfeldig, prove.mappe.path()).unwrap()
}

/// An upstream with files that lack nothing, and a copy that has loaded them.
async fn kopi() -> (Stubb, Prove, Arc<Synk>) {
    let stubb = Stubb::ny().await;
    stubb.som().filer.extend([
        ("/enheter/lastned", vec![json_av(enhet(A, "ALFA AS", json!({})))]),
        ("/underenheter/lastned", vec![json_av(underenhet(C, "CESAR AVD", json!({})))]),
        ("/roller/totalbestand", vec![roller_json(A)]),
    ]);
    stubb.svarer(&format!("/enheter/{A}"), 200, json_av(enhet(A, "ALFA AS", json!({}))));
    stubb.svarer(&format!("/underenheter/{C}"), 200, json_av(underenhet(C, "CESAR AVD", json!({}))));
    stubb.svarer(&format!("/enheter/{A}/roller"), 200, roller_json(A));
    let prove = Prove::ny().await;
    prove.ventet().await;
    let synk = kopi_av(&stubb, &prove);
    synk.klargjor(None).await.unwrap();
    (stubb, prove, synk)
}

fn json_av(melding: Melding) -> Value {
    match melding {
        Melding::Enhet { enhet, .. } => serde_json::from_slice(&enhet.json).unwrap(),
        _ => panic!("not a unit"),
    }
}

fn roller_json(orgnr: &str) -> Value {
    json!({ "organisasjonsnummer": orgnr, "rollegrupper": styre_og_revisor() })
}

fn nr(orgnr: &str) -> Organisasjonsnummer {
    orgnr.parse().unwrap()
}

async fn navn(prove: &Prove, orgnr: &str) -> String {
    prove.hent(&format!("/enheter/{orgnr}")).await.json()["navn"].as_str().unwrap_or_default().to_owned()
}

async fn rollefil(prove: &Prove) -> String {
    let mut tekst = String::new();
    let pakket = prove.hent("/roller/totalbestand").await.kropp;
    flate2::read::GzDecoder::new(&pakket[..]).read_to_string(&mut tekst).unwrap();
    tekst
}

async fn feed(prove: &Prove) -> Vec<Event> {
    prove.register.journal().read(Enhetstype::Enhet.feed(), 1, 100_000).await.unwrap()
}

async fn strommer(synk: &Synk) -> Vec<Stromstatus> {
    synk.status().await.unwrap().strommer
}

/// The file is from 03:30, the change from 04:00, the copy is made at 05:01: the change must not be missed.
#[tokio::test]
async fn bootstrap_gap() {
    let stubb = Stubb::ny().await;
    stubb.som().filer.extend([
        ("/enheter/lastned", vec![json_av(enhet(A, "ALFA AS", json!({})))]),
        ("/underenheter/lastned", vec![]),
        ("/roller/totalbestand", vec![]),
    ]);
    stubb.hendelse("enheter", 1, "2023-01-01T00:00:00.000Z", B, "Ny");
    stubb.hendelse("enheter", 500, DAGEN, A, "Endring");
    stubb.svarer(&format!("/enheter/{A}"), 200, json_av(enhet(A, "NYE ALFA AS", json!({}))));
    let prove = Prove::ny().await;
    prove.ventet().await;
    let synk = kopi_av(&stubb, &prove);
    synk.klargjor(None).await.unwrap();
    assert_eq!(navn(&prove, A).await, "ALFA AS");
    assert!(feed(&prove).await.is_empty(), "the load puts nothing on the feeds");
    let treff = prove.hent("/enheter?navn=alfa").await.json();
    assert_eq!(treff["page"]["totalElements"], 1, "the load is searchable");
    synk.en_gang().await.unwrap();
    assert_eq!(navn(&prove, A).await, "NYE ALFA AS");
    let hendelser = feed(&prove).await;
    assert_eq!(hendelser.len(), 1, "what is older than the file is not followed");
    assert_eq!((hendelser[0].number, hendelser[0].at.to_string().as_str()), (500, DAGEN));
}

#[tokio::test]
async fn cursor_reset_on_an_empty_day() {
    let (stubb, prove, synk) = kopi().await;
    stubb.hendelse("enheter", 700, DAGEN, A, "Endring");
    synk.en_gang().await.unwrap();
    for _ in 0..5 {
        assert_eq!(synk.en_gang().await.unwrap().hendelser, 0);
    }
    assert_eq!(strommer(&synk).await[0].siste_id, Some(700));
    stubb.som().kall.clear();
    stubb.hendelse("enheter", 702, DAGEN, A, "Endring");
    assert_eq!(synk.en_gang().await.unwrap().hendelser, 1);
    let sporsmal: Vec<String> =
        stubb.som().kall.iter().filter(|k| k.contains("/oppdateringer/enheter")).cloned().collect();
    assert!(sporsmal.iter().all(|k| k.contains("oppdateringsid=701")), "{sporsmal:?}");
    assert_eq!(feed(&prove).await.iter().map(|h| h.number).collect::<Vec<_>>(), [700, 702]);
}

#[tokio::test]
async fn kinds_overwriting_each_others_state() {
    let (stubb, _prove, synk) = kopi().await;
    stubb.hendelse("enheter", 9000, DAGEN, A, "Endring");
    stubb.hendelse("underenheter", 80, DAGEN, C, "Endring");
    stubb.hendelse("roller", 7, DAGEN, A, "");
    synk.en_gang().await.unwrap();
    let ider = |s: Vec<Stromstatus>| s.iter().map(|s| s.siste_id).collect::<Vec<_>>();
    assert_eq!(ider(strommer(&synk).await), [Some(9000), Some(80), Some(7)]);
    stubb.hendelse("underenheter", 81, DAGEN, C, "Endring");
    synk.en_gang().await.unwrap();
    assert_eq!(ider(strommer(&synk).await), [Some(9000), Some(81), Some(7)]);
}

#[tokio::test]
async fn unmapped_fields_dropped() {
    let (stubb, prove, synk) = kopi().await;
    let nytt = json!({ "etFeltFraFramtiden": { "a": [1, { "b": "æ" }] } });
    stubb.svarer(&format!("/enheter/{A}"), 200, json_av(enhet(A, "ALFA AS", nytt)));
    stubb.hendelse("enheter", 1, DAGEN, A, "Endring");
    synk.en_gang().await.unwrap();
    let her = prove.hent(&format!("/enheter/{A}")).await.json();
    assert_eq!(her["etFeltFraFramtiden"], json!({ "a": [1, { "b": "æ" }] }));
}

#[tokio::test]
async fn deletion_wiping_kept_history() {
    let (stubb, prove, synk) = kopi().await;
    assert!(rollefil(&prove).await.contains(A));
    stubb.svarer(&format!("/enheter/{A}"), 200, json_av(slettet(A, "ALFA AS", Enhetstype::Enhet)));
    stubb.hendelse("enheter", 1, DAGEN, A, "Sletting");
    synk.en_gang().await.unwrap();
    let journal = prove.register.journal();
    let versjoner = journal.versions(ENHETER, nr(A).verdi().into()).await.unwrap();
    assert_eq!(versjoner.len(), 2, "deletion keeps what was");
    let foer =
        journal.get(ENHETER, nr(A).verdi().into(), AsOf::Time(versjoner[0].at)).await.unwrap().unwrap();
    assert!(String::from_utf8_lossy(&foer.body).contains("maalform"));

    stubb.svarer(
        &format!("/enheter/{A}"),
        410,
        json!({ "organisasjonsnummer": A, "slettedato": "2024-01-16" }),
    );
    stubb.hendelse("enheter", 2, DAGEN, A, "Fjernet");
    synk.en_gang().await.unwrap();
    assert_eq!(prove.hent(&format!("/enheter/{A}")).await.status, 410);
    assert!(!rollefil(&prove).await.contains(A), "its roles are not in the download");
    for samling in [ENHETER, ROLLER] {
        let versjoner = journal.versions(samling, nr(A).verdi().into()).await.unwrap();
        assert!(versjoner.len() == 1 && versjoner[0].removed, "removal wipes it");
        assert!(!String::from_utf8_lossy(&versjoner[0].body).contains("ALFA"));
    }
    assert_eq!(
        prove.register.rolleoppdateringer(&Rollesok::default(), 10).await.unwrap().len(),
        0,
        "not told upstream"
    );
}

/// The copy is cut off at every moment, again and again, and every page overlaps the one before it.
#[tokio::test]
async fn duplicates_after_a_crash_between_two_writes() {
    let (stubb, prove, synk) = kopi().await;
    stubb.som().gjentar = true;
    for id in 1..=600 {
        stubb.hendelse("enheter", id * 3, DAGEN, A, "Endring");
    }
    for runde in 0.. {
        let avbrutt = tokio::time::timeout(Duration::from_millis(runde), synk.en_gang()).await;
        if let Ok(ferdig) = avbrutt {
            ferdig.unwrap();
            break;
        }
    }
    let numre: Vec<u64> = feed(&prove).await.iter().map(|h| h.number).collect();
    assert_eq!(numre, (1..=600).map(|id| id * 3).collect::<Vec<_>>());
}

#[tokio::test]
async fn role_events_that_name_only_the_organisation() {
    let (stubb, prove, synk) = kopi().await;
    let mut andre = roller_json(A);
    andre["rollegrupper"][0]["sistEndret"] = json!("2024-01-16");
    stubb.svarer(&format!("/enheter/{A}/roller"), 200, andre);
    stubb.hendelse("roller", 10, DAGEN, A, "");
    synk.en_gang().await.unwrap();
    let her = prove.hent(&format!("/enheter/{A}/roller")).await.json();
    assert_eq!(her["rollegrupper"][0]["sistEndret"], "2024-01-16");

    stubb.som().oppslag.remove(&format!("/enheter/{A}/roller"));
    stubb.hendelse("roller", 11, DAGEN, A, "");
    synk.en_gang().await.unwrap();
    assert_eq!(prove.hent(&format!("/enheter/{A}/roller")).await.status, 404);

    stubb.svarer(
        &format!("/enheter/{A}/roller"),
        410,
        json!({ "organisasjonsnummer": A, "slettedato": "2024-01-16" }),
    );
    stubb.hendelse("roller", 12, DAGEN, A, "");
    synk.en_gang().await.unwrap();
    let versjoner = prove.register.journal().versions(ROLLER, nr(A).verdi().into()).await.unwrap();
    assert!(versjoner.len() == 1 && versjoner[0].removed);
    let ider: Vec<u64> = prove
        .register
        .rolleoppdateringer(&Rollesok::default(), 10)
        .await
        .unwrap()
        .iter()
        .map(|h| h.number)
        .collect();
    assert_eq!(ider, [10, 11, 12]);
}

/// A long replay that falls silent half way is not begun anew: each page that was taken is kept.
#[tokio::test]
async fn replay_that_times_out() {
    let (stubb, prove, synk) = kopi().await;
    for id in 1..=1000 {
        stubb.hendelse("enheter", id, DAGEN, A, "Endring");
    }
    let forste = tokio::time::timeout(Duration::from_millis(400), async {
        while feed(&prove).await.len() < 300 {
            stubb.som().uhell.push_back(Uhell::Taushet);
            let _ = tokio::time::timeout(Duration::from_millis(100), synk.en_gang()).await;
            stubb.som().uhell.clear();
            let _ = tokio::time::timeout(Duration::from_millis(60), synk.en_gang()).await;
        }
    });
    let _ = forste.await;
    let naadd = feed(&prove).await.len() as u64;
    assert!(naadd > 0);
    stubb.som().kall.clear();
    synk.en_gang().await.unwrap();
    assert_eq!(feed(&prove).await.len(), 1000);
    let tidligst = stubb.som().kall.iter().find(|k| k.contains("/oppdateringer/enheter")).cloned().unwrap();
    assert!(tidligst.contains(&format!("oppdateringsid={}&", naadd + 1)), "{tidligst} after {naadd}");
}

/// Everything at once: broken connections, 429, 500, 503, repeated ids, gaps, removed units; and still in step.
#[tokio::test]
async fn an_upstream_that_misbehaves_in_every_way() {
    let stubb = Stubb::ny().await;
    let numre: Vec<String> = (0..140).map(|i| format!("{:09}", 310_200_000 + i)).collect();
    let enheter = numre.iter().map(|nr| json_av(enhet(nr, &format!("ENHET {nr}"), json!({})))).collect();
    stubb.som().filer.extend([
        ("/enheter/lastned", enheter),
        ("/underenheter/lastned", vec![]),
        ("/roller/totalbestand", numre.iter().map(|nr| roller_json(nr)).collect()),
    ]);
    for (i, nr) in numre.iter().enumerate() {
        let sti = format!("/enheter/{nr}");
        if i % 7 == 0 {
            let grav = json!({ "organisasjonsnummer": nr, "slettedato": "2024-01-16" });
            stubb.svarer(&sti, 410, grav.clone());
            stubb.svarer(&format!("{sti}/roller"), 410, grav);
            stubb.hendelse("enheter", i as u64 * 5 + 1, DAGEN, nr, "Fjernet");
        } else {
            stubb.svarer(&sti, 200, json_av(enhet(nr, &format!("NY {nr}"), json!({}))));
            stubb.svarer(&format!("{sti}/roller"), 200, roller_json(nr));
            stubb.hendelse("enheter", i as u64 * 5 + 1, DAGEN, nr, "Endring");
        }
        stubb.hendelse("roller", i as u64 * 2 + 1, DAGEN, nr, "");
    }
    stubb.som().gjentar = true;
    stubb.som().hvert_uhell = Some(5);
    let prove = Prove::ny().await;
    prove.ventet().await;
    let synk = kopi_av(&stubb, &prove);
    synk.klargjor(None).await.unwrap();
    synk.en_gang().await.unwrap();
    prove.ventet().await;
    for (i, nr) in numre.iter().enumerate() {
        let her = prove.hent(&format!("/enheter/{nr}")).await;
        if i % 7 == 0 {
            assert_eq!(her.status, 410);
            let historie = prove.register.journal().versions(ROLLER, 310_200_000 + i as u64).await.unwrap();
            assert!(historie.iter().all(|v| v.removed), "its roles went too");
        } else {
            assert_eq!(her.json()["navn"], format!("NY {nr}"));
        }
    }
    assert_eq!(feed(&prove).await.len(), 140);
    assert_eq!(prove.hent("/enheter?navn=enhet").await.json()["page"]["totalElements"], 0);
    stubb.som().hvert_uhell = None;
    let journal = prove.register.journal();
    let tilfeldig = Arc::new(SeededRandom::new(2));
    let utvalg = sammenlign(journal, &oppsett(&stubb), tilfeldig, Some(50), &|_| {}).await.unwrap();
    assert_eq!((utvalg.antall_avvik, utvalg.underveis), (0, 0), "{utvalg:?}");
}

#[tokio::test]
async fn retry_after_is_honoured_and_a_plain_no_is_not_asked_again() {
    let (stubb, _prove, synk) = kopi().await;
    let begynt = std::time::Instant::now();
    stubb.som().uhell.push_back(Uhell::Status(429, Some(1)));
    synk.en_gang().await.unwrap();
    assert!(begynt.elapsed() >= Duration::from_secs(1));
    stubb.som().kall.clear();
    for _ in 0..3 {
        stubb.som().uhell.push_back(Uhell::Status(400, None));
    }
    assert!(synk.en_gang().await.is_err());
    assert_eq!(stubb.som().kall.len(), 3, "one call for each feed");
    assert!(strommer(&synk).await.iter().any(|s| s.siste_feil.as_ref().is_some_and(|f| f.contains("400"))));
}

#[tokio::test]
async fn many_units_are_asked_for_in_one_search_and_fresh_ones_by_number() {
    let (stubb, prove, synk) = kopi().await;
    let gamle: Vec<String> = (0..90).map(|i| format!("{:09}", 310_300_000 + i)).collect();
    for (i, nr) in gamle.iter().enumerate() {
        stubb.svarer(&format!("/enheter/{nr}"), 200, json_av(enhet(nr, "GAMMEL AS", json!({}))));
        stubb.hendelse("enheter", i as u64 + 1, DAGEN, nr, "Ny");
    }
    stubb.som().kall.clear();
    synk.en_gang().await.unwrap();
    assert_eq!(stubb.som().kall.len(), 4, "three feeds and one search: {:?}", stubb.som().kall);
    stubb.svarer(&format!("/enheter/{B}"), 200, json_av(enhet(B, "FERSK AS", json!({}))));
    stubb.svarer(&format!("/enheter/{A}"), 200, json_av(enhet(A, "FERSK AS", json!({}))));
    stubb.hendelse("enheter", 1000, "2024-01-17T05:01:00.000Z", B, "Ny");
    stubb.hendelse("enheter", 1001, "2024-01-17T05:01:00.000Z", A, "Endring");
    stubb.som().kall.clear();
    synk.en_gang().await.unwrap();
    assert!(stubb.som().kall.iter().all(|k| !k.starts_with("/api/enheter?")), "a search may lag");
    assert_eq!(navn(&prove, B).await, "FERSK AS");
}

#[tokio::test]
async fn an_event_about_what_is_as_before_or_unknown_is_kept() {
    let (stubb, prove, synk) = kopi().await;
    stubb.hendelse("enheter", 4, DAGEN, A, "Endring");
    stubb.hendelse("enheter", 6, DAGEN, B, "Endring");
    assert_eq!(synk.en_gang().await.unwrap().hendelser, 2);
    let numre: Vec<u64> = feed(&prove).await.iter().map(|h| h.number).collect();
    assert_eq!(numre, [4, 6]);
    assert_eq!(prove.register.hent(Enhetstype::Enhet, nr(B)).await.unwrap(), Oppslag::Ukjent);
}

#[tokio::test]
async fn what_has_another_origin_is_not_laid_under() {
    let stubb = Stubb::ny().await;
    let prove = Prove::ny().await;
    prove.skriv(vec![enhet(A, "EGEN AS", json!({}))]).await;
    let synk = kopi_av(&stubb, &prove);
    assert!(synk.klargjor(None).await.unwrap_err().to_string().contains("--dump-tid"));
    synk.klargjor(Some(Timestamp::parse(DAGEN).unwrap())).await.unwrap();
    stubb.hendelse("enheter", 1, DAGEN, A, "Endring");
    let feil = synk.en_gang().await.unwrap_err().to_string();
    assert!(feil.contains("tom datamappe"), "the local feed has number 1 already: {feil}");
    let annen = Stubb::ny().await;
    let feil = kopi_av(&annen, &prove).klargjor(None).await.unwrap_err().to_string();
    assert!(feil.contains("kopien følger"), "{feil}");
}

#[tokio::test]
async fn comparison_finds_what_is_wrong_and_knows_what_is_on_its_way() {
    let (stubb, prove, synk) = kopi().await;
    synk.en_gang().await.unwrap();
    let se = async || {
        let tilfeldig = Arc::new(SeededRandom::new(2));
        sammenlign(prove.register.journal(), &oppsett(&stubb), tilfeldig, None, &|_| {}).await.unwrap()
    };
    let rett = se().await;
    assert_eq!((rett.sammenlignet, rett.antall_avvik, rett.underveis), (3, 0, 0), "{rett:?}");

    stubb.svarer(&format!("/enheter/{A}"), 200, json_av(enhet(A, "BETA AS", json!({}))));
    stubb.som().filer.insert("/enheter/lastned", vec![json_av(enhet(A, "BETA AS", json!({})))]);
    let galt = se().await;
    assert_eq!(galt.avvik[0].feil, "har annet innhold oppstrøms");
    stubb.hendelse("enheter", 1, DAGEN, A, "Endring");
    assert_eq!((se().await.antall_avvik, se().await.underveis), (0, 1));
    synk.en_gang().await.unwrap();
    assert_eq!((se().await.antall_avvik, se().await.underveis), (0, 0));

    stubb.svarer(&format!("/underenheter/{C}"), 410, json!({ "organisasjonsnummer": C }));
    stubb.som().filer.insert("/underenheter/lastned", vec![]);
    stubb.som().filer.insert("/roller/totalbestand", vec![]);
    stubb.som().oppslag.remove(&format!("/enheter/{A}/roller"));
    let feil: Vec<String> = se().await.avvik.into_iter().map(|a| a.feil).collect();
    assert_eq!(feil, ["fjernet oppstrøms, men ikke her", "finnes ikke oppstrøms"]);
}
