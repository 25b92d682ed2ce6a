//! The log of look-ups: who is found in it, what the person is told, how long it is kept; and orders of extracts that are too
//! many.

use std::sync::Arc;

use journal::SharedJournal;
use journal::sqlite::{Options, SqliteJournal};
use tid::{SeededRandom, StoppedClock, Timestamp};

use crate::logg::{Bruker, Innsynslogg};
use crate::rettighetspakke::Tjeneste;
use crate::uttrekk::{Bestilling, ForMange, SAMTIDIGE_MAKS};
use crate::{Folkeregister, Oppsett, Rettighetspakke};

const EN: u64 = 15_856_543_134;
const ANNEN: u64 = 1_819_012_365;
const DAG_MS: i64 = 86_400_000;

fn bruker() -> Bruker {
    let leverandoer = Some("310100013".parse().unwrap());
    Bruker { konsument: "310100005".parse().unwrap(), leverandoer }
}

/// Services of the look-ups of a person that the log has.
async fn alle(logg: &Innsynslogg, person: u64, andre: &[u64]) -> Vec<String> {
    logg.om(person, andre).await.unwrap().into_iter().map(|foert| foert.tjeneste).collect()
}

fn register(klokke: Arc<StoppedClock>) -> (tempfile::TempDir, Arc<Folkeregister>) {
    let mappe = tempfile::tempdir().unwrap();
    let journal: SharedJournal =
        SqliteJournal::open(&mappe.path().join("journal.sqlite"), Options::default()).unwrap();
    let tilfeldig = Arc::new(SeededRandom::new(1));
    let register = Folkeregister::open(journal, mappe.path(), Oppsett::default(), klokke, tilfeldig).unwrap();
    (mappe, register)
}

#[tokio::test]
async fn each_look_up_is_found_and_what_is_old_goes() {
    use Rettighetspakke::{Eid, Finans, OffentligMedHjemmel, Presse, Privat};
    let klokke = Arc::new(StoppedClock::at(Timestamp::parse("2026-01-31T12:00:00.000Z").unwrap()));
    let (_mappe, register) = register(klokke.clone());
    let logg = register.logg();
    logg.noter(bruker(), Eid, Tjeneste::Oppslag, [EN]).await.unwrap();
    logg.noter(bruker(), Finans, Tjeneste::Bulkoppslag, [EN, ANNEN]).await.unwrap();
    logg.noter(bruker(), Privat, Tjeneste::Entydigsoek, []).await.unwrap();
    klokke.advance_millis(40 * DAG_MS);
    logg.noter(bruker(), Privat, Tjeneste::Entydigsoek, [EN]).await.unwrap();
    klokke.advance_millis(1);
    logg.noter(bruker(), Presse, Tjeneste::Entydigsoek, [EN]).await.unwrap();
    klokke.advance_millis(1);
    logg.noter(bruker(), OffentligMedHjemmel, Tjeneste::Oppslag, [EN]).await.unwrap();
    logg.noter(bruker(), OffentligMedHjemmel, Tjeneste::Soek, [ANNEN, 7]).await.unwrap();
    let (oppslag, bulk, entydig) = ("personer", "personer/bulkoppslag", "personer/entydigsoek");
    assert_eq!(alle(logg, EN, &[]).await, [oppslag, bulk, entydig, entydig, oppslag]);
    assert_eq!(alle(logg, ANNEN, &[]).await, [bulk, "personer/soek"]);
    assert_eq!(alle(logg, 8, &[7]).await, ["personer/soek"], "under a number that the person has had");
    let vist = logg.for_personen(EN).await.unwrap();
    let vist: Vec<_> = vist.iter().map(|foert| (foert.tjeneste.as_str(), foert.pakke.as_str())).collect();
    assert_eq!(vist, [(oppslag, "eid"), (entydig, "privat")]);
    assert_eq!(logg.for_personen(EN).await.unwrap()[0].leverandoer.as_deref(), Some("310100013"));

    logg.rydd_naa(2).await.unwrap();
    assert_eq!(alle(logg, EN, &[]).await.len(), 5, "nothing is two months old yet");
    logg.rydd_naa(1).await.unwrap();
    assert_eq!(alle(logg, EN, &[]).await, [entydig, entydig, oppslag]);
    assert_eq!(alle(logg, ANNEN, &[]).await, ["personer/soek"]);
}

#[tokio::test]
async fn ten_orders_of_an_organisation_at_a_time() {
    let klokke = Arc::new(StoppedClock::at(Timestamp::parse("2026-01-31T12:00:00.000Z").unwrap()));
    let (_mappe, register) = register(klokke.clone());
    let pakke = Rettighetspakke::OffentligMedHjemmel;
    let bestill = async |hvem| {
        let hva = Bestilling::Komplett { feedsekvensnr: 0 };
        register.uttrekk().bestill(hvem, pakke, hva).await.unwrap()
    };
    for _ in 0..SAMTIDIGE_MAKS {
        assert!(bestill(bruker()).await.is_ok());
    }
    assert_eq!(bestill(bruker()).await, Err(ForMange));
    let annen = Bruker { konsument: "310100013".parse().unwrap(), leverandoer: None };
    assert!(bestill(annen).await.is_ok(), "another organisation has its own");
    // What is never made is forgotten in the end.
    klokke.advance_millis(8 * DAG_MS);
    register
        .uttrekk()
        .kjor(&register, async { tokio::time::sleep(std::time::Duration::from_millis(200)).await })
        .await;
    assert!(bestill(bruker()).await.is_ok());
}
