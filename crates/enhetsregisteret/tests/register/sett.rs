//! The day's set of download files: one sequence number, one switch, nothing that outlives a removal.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use enhetsregisteret::fjernet::{Rapport, rapport};
use enhetsregisteret::import::Innhold;
use enhetsregisteret::lastned::parquet::SEKVENSNUMMER;
use enhetsregisteret::lastned::{Bygd, Lastnedmaate, Nedlastinger, lesing};
use enhetsregisteret::modell::Enhetstype::{Enhet, Underenhet};
use enhetsregisteret::{Feil, Oppsett};
use identifikator::Organisasjonsnummer;
use parquet::file::reader::{FileReader, SerializedFileReader};
use serde_json::json;
use tid::{Clock, Random, SeededRandom, TimeOfDay};

use crate::prove::*;

const DOGN_MS: i64 = 24 * 3_600_000;
/// Every file, and what to look for in it.
const FILER: [(&str, Innhold); 10] = [
    ("/enhetsregisteret/api/enheter/lastned", Innhold::Enheter(Enhet)),
    ("/enhetsregisteret/api/enheter/lastned/csv", Innhold::Enheter(Enhet)),
    ("/enhetsregisteret/api/enheter/lastned/regneark", Innhold::Enheter(Enhet)),
    ("/enhetsregisteret/utvidet/lastned/parquet/enheter", Innhold::Enheter(Enhet)),
    ("/enhetsregisteret/api/underenheter/lastned", Innhold::Enheter(Underenhet)),
    ("/enhetsregisteret/api/underenheter/lastned/csv", Innhold::Enheter(Underenhet)),
    ("/enhetsregisteret/api/underenheter/lastned/regneark", Innhold::Enheter(Underenhet)),
    ("/enhetsregisteret/utvidet/lastned/parquet/underenheter", Innhold::Enheter(Underenhet)),
    ("/enhetsregisteret/api/roller/totalbestand", Innhold::Roller),
    ("/enhetsregisteret/utvidet/lastned/parquet/roller", Innhold::Roller),
];

async fn daglig() -> Prove {
    let klokkeslett = TimeOfDay::parse("04:30").unwrap();
    let oppsett = Oppsett {
        fil_base: format!("http://h{API}"),
        lastned: Lastnedmaate::Daglig(klokkeslett),
        ..Oppsett::default()
    };
    let prove = Prove::med(oppsett).await;
    prove.fyll().await;
    prove
}

impl Prove {
    fn filer(&self) -> &Arc<Nedlastinger> {
        self.register.nedlastinger()
    }

    fn lastned(&self) -> PathBuf {
        self.mappe.path().join("lastned")
    }

    async fn bygg(&self) -> Result<Bygd, Feil> {
        self.filer().bygg(&(Arc::new(|_, _| ()) as _)).await
    }

    /// The numbers in every file that is served, by address.
    async fn alt(&self) -> BTreeMap<&'static str, Vec<String>> {
        let mut alt = BTreeMap::new();
        for (sti, innhold) in FILER {
            let svar = self.be("GET", sti, &[]).await;
            assert_eq!(svar.status, 200, "{sti}");
            let navn = svar.hode("content-disposition").split('"').nth(1).unwrap().to_owned();
            let mappe = tempfile::tempdir().unwrap();
            let fil = mappe.path().join(navn);
            std::fs::write(&fil, &svar.kropp).unwrap();
            let mut numre = Vec::new();
            assert!(lesing::numre(&fil, innhold, |nummer| numre.push(nummer.to_owned())).unwrap(), "{sti}");
            numre.dedup();
            alt.insert(sti, numre);
        }
        alt
    }

    async fn etag(&self, sti: &str) -> String {
        self.be("HEAD", sti, &[]).await.hode("etag").to_owned()
    }

    async fn rapport(&self) -> Rapport {
        rapport(self.register.journal(), &self.lastned(), None).await.unwrap()
    }
}

/// What stands in the numbers of Parquet files that are served.
async fn sekvensnumre(prove: &Prove) -> Vec<String> {
    let mut ut = Vec::new();
    for hva in ["enheter", "underenheter", "roller"] {
        let kropp = prove.utvidet(&format!("/lastned/parquet/{hva}")).await.kropp;
        let fil = SerializedFileReader::new(Bytes::from(kropp)).unwrap();
        let om = fil.metadata().file_metadata().key_value_metadata().unwrap().clone();
        ut.extend(om.into_iter().find(|om| om.key == SEKVENSNUMMER).and_then(|om| om.value));
    }
    ut
}

#[tokio::test]
async fn files_stand_still_for_a_day_and_change_together() {
    let prove = daglig().await;
    let foer = prove.alt().await;
    assert_eq!(foer[FILER[0].0], ["310100005", "310100072"], "made on demand before there is a set");
    prove.skriv(vec![enhet("310100099", "NY AS", json!({}))]).await;
    assert_eq!(prove.alt().await[FILER[0].0].len(), 3, "and follow the register until then");

    prove.filer().se_til().await.unwrap();
    let (sett, etag) = (prove.alt().await, prove.etag(FILER[0].0).await);
    let hode = prove.register.journal().head().await.unwrap().to_string();
    assert_eq!(sekvensnumre(&prove).await, [hode.as_str(); 3]);
    prove
        .skriv(vec![enhet("310100137", "NYERE AS", json!({})), underenhet("310100080", "NY", json!({}))])
        .await;
    prove.klokke.advance_millis(DOGN_MS / 2);
    prove.filer().se_til().await.unwrap();
    assert_eq!(prove.alt().await, sett, "it is not time yet");
    assert_eq!(prove.etag(FILER[0].0).await, etag);
    assert_eq!(sekvensnumre(&prove).await, [hode.as_str(); 3]);

    prove.klokke.advance_millis(DOGN_MS / 2);
    assert_eq!(prove.alt().await, sett, "the old set serves until the new one is made");
    prove.filer().se_til().await.unwrap();
    let nytt = prove.alt().await;
    assert_eq!(nytt[FILER[0].0].len(), 4);
    assert_eq!(nytt[FILER[4].0].len(), 2);
    assert_ne!(prove.etag(FILER[0].0).await, etag);
    let status = prove.filer().status().await.unwrap();
    assert_eq!((status.filer.len(), status.siste_feil), (14, None));
    assert_eq!(status.sekvensnummer.map(|n| n.to_string()).unwrap(), sekvensnumre(&prove).await[0]);
    let paa_disk = std::fs::read_dir(prove.lastned()).unwrap().count();
    assert_eq!(
        paa_disk,
        14 + 2,
        "nothing of the old set is left; beside the new one its own file and the lock"
    );
}

#[tokio::test]
async fn what_was_missed_is_made_up_for_and_the_time_told_is_the_sets() {
    let prove = daglig().await;
    prove.filer().se_til().await.unwrap();
    let laget = prove.be("HEAD", FILER[0].0, &[]).await.hode("last-modified").to_owned();
    assert_eq!(laget, "Wed, 17 Jan 2024 05:01:32 GMT");
    prove.skriv(vec![fjernet("310100072", Enhet)]).await;
    prove.klokke.advance_millis(5 * DOGN_MS);
    let helet = prove.be("HEAD", FILER[0].0, &[]).await;
    assert_eq!(helet.hode("last-modified"), laget, "made again, it is as old as what it tells");
    prove.filer().se_til().await.unwrap();
    let nytt = prove.be("HEAD", FILER[0].0, &[]).await.hode("last-modified").to_owned();
    assert_eq!(nytt, "Mon, 22 Jan 2024 05:01:33 GMT");
}

#[tokio::test]
async fn a_file_that_nothing_has_happened_to_keeps_its_tag() {
    let prove = daglig().await;
    prove.filer().se_til().await.unwrap();
    let foer = [prove.etag(FILER[0].0).await, prove.etag(FILER[4].0).await];
    prove.skriv(vec![enhet("310100099", "NY AS", json!({}))]).await;
    prove.bygg().await.unwrap();
    assert_ne!(prove.etag(FILER[0].0).await, foer[0]);
    assert_eq!(prove.etag(FILER[4].0).await, foer[1], "no sub-unit has changed");
}

/// Removal beats history: of the day's set too, at once, and of nothing else in it.
#[tokio::test]
async fn a_removal_is_out_of_every_file_at_once() {
    let prove = daglig().await;
    prove.filer().se_til().await.unwrap();
    let foer = prove.alt().await;
    let gamle = tempfile::tempdir().unwrap();
    for fil in std::fs::read_dir(prove.lastned()).unwrap().flatten() {
        std::fs::copy(fil.path(), gamle.path().join(fil.file_name())).unwrap();
    }
    prove.skriv(vec![enhet("310100099", "NY AS", json!({})), underenhet("310100080", "NY", json!({}))]).await;
    prove.skriv(vec![fjernet("310100005", Enhet), fjernet("310100048", Underenhet)]).await;

    let etter = prove.alt().await;
    for (sti, numre) in &foer {
        let ventet: Vec<&String> =
            numre.iter().filter(|n| !["310100005", "310100048"].contains(&n.as_str())).collect();
        assert_eq!(etter[sti].iter().collect::<Vec<_>>(), ventet, "{sti}: the same set without the removed");
    }
    prove.filer().rydd().await.unwrap();
    let rapporten = prove.rapport().await;
    assert_eq!((rapporten.fjernet.len(), rapporten.filer), (2, 10), "{rapporten:?}");
    assert!(rapporten.fjernet.iter().all(|f| f.spor.is_empty()), "{rapporten:?}");
    prove.filer().se_til().await.unwrap();
    assert_eq!(prove.filer().status().await.unwrap().filer.len(), 14, "what was made wrong is made again");

    // The proof is one: it finds the numbers in each of the files that were.
    for fil in std::fs::read_dir(gamle.path()).unwrap().flatten() {
        std::fs::copy(fil.path(), prove.lastned().join(fil.file_name())).unwrap();
    }
    let spor = |rapport: &Rapport, hva: &str| {
        let funnet = rapport.fjernet.iter().find(|f| f.hva == hva).unwrap().spor.clone();
        let mut former: Vec<String> =
            funnet.iter().map(|s| s.split('.').take(2).collect::<Vec<_>>().join(".")).collect();
        former.dedup();
        former.sort();
        former.dedup();
        former
    };
    let rapporten = prove.rapport().await;
    assert_eq!(
        spor(&rapporten, "enheter"),
        [
            "står i enheter_alle.csv",
            "står i enheter_alle.json",
            "står i enheter_alle.parquet",
            "står i enheter_alle.xlsx",
            "står i roller_alle.json",
            "står i roller_alle.parquet",
        ]
    );
    assert_eq!(spor(&rapporten, "underenheter").len(), 4);
    prove.filer().rydd().await.unwrap();
    let rapporten = prove.rapport().await;
    assert!(rapporten.fjernet.iter().all(|f| f.spor.is_empty()), "{rapporten:?}");
}

#[tokio::test]
async fn files_made_on_demand_do_not_outlive_a_removal_either() {
    let prove = Prove::fylt().await;
    prove.alt().await;
    prove.skriv(vec![fjernet("310100005", Enhet)]).await;
    assert!(!prove.rapport().await.fjernet[0].spor.is_empty(), "nobody has cleared away yet");
    prove.filer().rydd().await.unwrap();
    assert!(prove.rapport().await.fjernet[0].spor.is_empty());
    assert!(prove.alt().await.values().flatten().all(|nummer| nummer != "310100005"));
}

/// A spreadsheet or Parquet file that cannot be read proves nothing, and is said to.
#[tokio::test]
async fn a_file_that_cannot_be_read_is_no_proof() {
    let prove = Prove::fylt().await;
    prove.skriv(vec![fjernet("310100005", Enhet)]).await;
    for navn in
        ["enheter_alle.xlsx.x", "enheter_alle.parquet.x", "roller_alle.parquet.x", "enheter_alle.csv.gz.x"]
    {
        let fil = prove.lastned().join(navn);
        std::fs::write(&fil, b"nothing of the kind").unwrap();
        assert!(rapport(prove.register.journal(), &prove.lastned(), None).await.is_err(), "{navn}");
        std::fs::remove_file(fil).unwrap();
    }
    prove.rapport().await;
}

#[tokio::test]
async fn a_set_that_cannot_be_made_leaves_the_one_that_is() {
    let prove = daglig().await;
    prove.filer().se_til().await.unwrap();
    let foer = prove.alt().await;
    prove.skriv(vec![enhet("310100099", "NY AS", json!({}))]).await;
    prove.klokke.advance_millis(DOGN_MS);
    std::fs::write(prove.lastned().join("neste"), b"in the way").unwrap();
    assert!(prove.filer().se_til().await.is_err());
    let status = prove.filer().status().await.unwrap();
    assert!(status.siste_feil.is_some() && status.siste_feil_tid.is_some(), "{status:?}");
    assert_eq!(prove.alt().await, foer);
    std::fs::remove_file(prove.lastned().join("neste")).unwrap();
    prove.filer().se_til().await.unwrap();
    assert_eq!(prove.filer().status().await.unwrap().siste_feil, None);
    assert_eq!(prove.alt().await[FILER[0].0].len(), 3);
}

#[tokio::test]
async fn one_at_a_time_makes_a_set_in_a_directory() {
    let prove = daglig().await;
    let laas = std::fs::File::create(prove.lastned().join("bygges.laas")).unwrap();
    laas.lock().unwrap();
    assert!(matches!(prove.bygg().await, Err(Feil::Opptatt)));
    prove.filer().se_til().await.unwrap();
    assert_eq!(prove.filer().status().await.unwrap().sekvensnummer, None, "the other one will");
    drop(laas);
    prove.bygg().await.unwrap();
}

#[tokio::test]
async fn forgetting_is_of_sets_too() {
    let prove = daglig().await;
    prove.filer().se_til().await.unwrap();
    prove.skriv(vec![enhet("310100099", "NY AS", json!({}))]).await;
    assert_eq!(prove.alt().await[FILER[0].0].len(), 2);
    prove.filer().glem().await.unwrap();
    assert_eq!(prove.alt().await[FILER[0].0].len(), 3, "on demand, until there is another set");
}

#[tokio::test]
async fn without_sets_a_build_prepares_what_will_be_asked_for() {
    let prove = Prove::fylt().await;
    let bygd = prove.bygg().await.unwrap();
    assert_eq!(bygd.filer.len(), 14);
    let foer: Vec<_> =
        bygd.filer.iter().map(|fil| std::fs::metadata(&fil.sti).unwrap().modified().unwrap()).collect();
    prove.klokke.advance_millis(DOGN_MS);
    prove.alt().await;
    let etter: Vec<_> =
        bygd.filer.iter().map(|fil| std::fs::metadata(&fil.sti).unwrap().modified().unwrap()).collect();
    assert_eq!(foer, etter, "none was made again");
    prove.skriv(vec![enhet("310100099", "NY AS", json!({}))]).await;
    assert_eq!(prove.alt().await[FILER[0].0].len(), 3, "and a change makes new ones");
}

/// The same edition made twice is the same to the byte: a tag promises it.
#[tokio::test]
async fn the_same_edition_is_the_same_bytes() {
    let prove = daglig().await;
    prove.filer().se_til().await.unwrap();
    let mut foer = Vec::new();
    for (sti, _) in FILER {
        foer.push(prove.be("GET", sti, &[]).await);
    }
    for fil in std::fs::read_dir(prove.lastned()).unwrap().flatten() {
        if fil.file_name().to_string_lossy().contains("_alle.") {
            std::fs::remove_file(fil.path()).unwrap();
        }
    }
    // Whatever reads the machine's clock shows itself.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    for ((sti, _), foer) in FILER.into_iter().zip(foer) {
        let etter = prove.be("GET", sti, &[]).await;
        assert_eq!(foer.hode("etag"), etter.hode("etag"), "{sti}");
        assert!(foer.kropp == etter.kropp, "{sti}");
    }
}

/// Whatever happens in whatever order, a set is what was when it was made, less what has been removed since.
#[tokio::test]
async fn a_set_is_what_was_less_what_is_removed() {
    let (prove, tilfeldig) = (daglig().await, SeededRandom::new(11));
    let klokkeslett = TimeOfDay::parse("04:30").unwrap();
    let mut ledige =
        (310_200_000..).filter_map(Organisasjonsnummer::fra_verdi).map(|orgnr| orgnr.to_string());
    let mut lever = BTreeSet::from(["310100005".to_owned(), "310100072".to_owned()]);
    let mut sett: Option<(BTreeSet<String>, tid::Timestamp)> = None;
    for _ in 0..60 {
        let mut byte = [0u8; 2];
        tilfeldig.fill(&mut byte);
        match byte[0] % 8 {
            0..=2 => {
                let orgnr = ledige.next().unwrap();
                prove.skriv(vec![enhet(&orgnr, "NY AS", json!({}))]).await;
                lever.insert(orgnr);
            }
            3 => {
                let plass = usize::from(byte[1]) % lever.len().max(1);
                if let Some(orgnr) = lever.iter().nth(plass).cloned() {
                    prove.skriv(vec![fjernet(&orgnr, Enhet)]).await;
                    lever.remove(&orgnr);
                    if let Some((sett, _)) = &mut sett {
                        sett.remove(&orgnr);
                    }
                }
            }
            4 => prove.klokke.advance_millis(DOGN_MS / 3),
            5 => prove.filer().rydd().await.unwrap(),
            _ => {
                let naa = prove.klokke.now();
                prove.filer().se_til().await.unwrap();
                if sett.as_ref().is_none_or(|(_, laget)| *laget < naa.latest_in_oslo(klokkeslett)) {
                    sett = Some((lever.clone(), naa));
                }
            }
        }
        let vist: BTreeSet<String> = prove
            .hent("/enheter/lastned")
            .await
            .liste()
            .iter()
            .map(|enhet| enhet["organisasjonsnummer"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(&vist, sett.as_ref().map_or(&lever, |(sett, _)| sett));
    }
    assert!(sett.is_some());
}
