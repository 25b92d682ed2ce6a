//! The server dies in the middle of extracts and while others write: nothing that was acknowledged is lost.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::*;

const JOBBER: usize = 10;
/// Times that it is tried until the server dies while orders wait.
const FORSOEK: usize = 8;

/// What was acknowledged before the server died.
#[derive(Default)]
struct Kvittert {
    /// Look-ups, by their place among the numbers.
    oppslag: Vec<AtomicUsize>,
    bulk: AtomicUsize,
    klienter: Mutex<Vec<String>>,
    /// The server is about to die. Who registers without one writes to the store itself.
    slutt: AtomicBool,
}

/// A call that may meet a dead server.
fn spoer(url: &str, token: &str, kropp: Option<&str>) -> bool {
    match kropp {
        None => ureq::get(url).header("authorization", token).call().is_ok(),
        Some(kropp) => ureq::post(url)
            .header("authorization", token)
            .header("content-type", "application/json")
            .send(kropp)
            .is_ok(),
    }
}

impl Kvittert {
    /// Looks up and writes until the server is gone.
    fn skriv(&self, folk: &Folk, token: &str, numre: &[String]) {
        let base = format!("{}{OMH}", folk.server.base);
        std::thread::scope(|traader| {
            traader.spawn(|| {
                for plass in (0..numre.len()).cycle() {
                    if !spoer(&format!("{base}/personer/{}?part=navn", numre[plass]), token, None) {
                        return;
                    }
                    self.oppslag[plass].fetch_add(1, Ordering::Relaxed);
                }
            });
            traader.spawn(|| {
                let alle = json!({ "foedselsEllerDNummer": numre }).to_string();
                while spoer(&format!("{base}/personer/bulkoppslag"), token, Some(&alle)) {
                    self.bulk.fetch_add(1, Ordering::Relaxed);
                }
            });
            for nummer in 0.. {
                if self.slutt.load(Ordering::Relaxed) {
                    return;
                }
                let id = format!("drept-{}-{nummer}", folk.server.pid());
                let ny = ["maskinporten", "klient", "ny", "--orgnr", "310100005", "--client-id", &id];
                if run(&folk.data.path(), &ny).code == Some(0) {
                    self.klienter.lock().expect("no panic").push(id);
                }
            }
        });
    }
}

/// Orders as many extracts as may be under way, and kills the server when the last is acknowledged.
fn bestill_og_drep(folk: Folk, numre: &[String], kvittert: &Kvittert) -> (Data, Vec<String>) {
    let omh = folk.omh();
    let token = omh.token.clone();
    kvittert.slutt.store(false, Ordering::Relaxed);
    let (jobber, pid) = (Mutex::new(Vec::new()), folk.server.pid().to_string());
    std::thread::scope(|traader| {
        traader.spawn(|| kvittert.skriv(&folk, &token, numre));
        std::thread::sleep(Duration::from_millis(300));
        for nummer in 0..JOBBER {
            let svar = if nummer % 2 == 0 {
                omh.json("/uttrekk/komplett")
            } else {
                omh.post_json("/uttrekk/tilpasset", &json!({ "personstatustyper": ["bosatt", "doed"] }))
            };
            jobber.lock().expect("no panic").push(tekst(&svar, "/jobbId").to_owned());
        }
        kvittert.slutt.store(true, Ordering::Relaxed);
        let drept = std::process::Command::new("kill").args(["-KILL", &pid]).status();
        assert!(drept.expect("kill runs").success());
    });
    drop(omh);
    let Folk { data, server } = folk;
    drop(server);
    (data, jobber.into_inner().expect("no panic"))
}

#[test]
fn killed_in_the_middle_of_extracts_and_writing() {
    let mut folk = Folk::hele();
    let omh = folk.omh();
    let side = omh.json("/hendelser/feed?seq=1");
    let numre: std::collections::BTreeSet<&str> = side
        .as_array()
        .expect("a list")
        .iter()
        .map(|hendelse| tekst(hendelse, "/hendelse/folkeregisteridentifikator"))
        .collect();
    let finnes = |nummer: &&&str| omh.json(&format!("/personer/{nummer}")).get("navn").is_some();
    let numre: Vec<String> = numre.iter().filter(finnes).take(10).map(ToString::to_string).collect();
    let foer: Vec<usize> =
        numre.iter().map(|nummer| innsyn(&folk.data.path(), nummer, &["--alle"]).len()).collect();
    drop(omh);
    let kvittert =
        Kvittert { oppslag: numre.iter().map(|_| AtomicUsize::new(0)).collect(), ..Kvittert::default() };
    let mut doedsfall = 0;
    let mut alle_jobber = Vec::new();
    loop {
        let (data, jobber) = bestill_og_drep(folk, &numre, &kvittert);
        doedsfall += 1;
        alle_jobber.extend(jobber.clone());
        let server = Server::start(&data.path(), &["--set", "folkeregisteret.oppbevaring_maaneder=1200"]);
        folk = Folk { data, server };
        let omh = folk.omh();
        let venter = |jobb: &&String| omh.get(&format!("/uttrekk/{jobb}/batch/0")).status == 404;
        if jobber.iter().filter(venter).count() > 0 {
            break;
        }
        assert!(doedsfall < FORSOEK, "every order was carried out before the server could be killed");
    }
    alle_ender(&folk.omh(), &alle_jobber);
    run(&folk.data.path(), &["verify"]).ok();
    let bulk = kvittert.bulk.load(Ordering::Relaxed);
    assert!(bulk > 0 && !kvittert.klienter.lock().expect("no panic").is_empty());
    for ((nummer, oppslag), foer) in numre.iter().zip(&kvittert.oppslag).zip(foer) {
        let logg = innsyn(&folk.data.path(), nummer, &["--alle"]);
        let antall = |tjeneste: &str| logg.iter().filter(|foert| foert["tjeneste"] == tjeneste).count();
        let oppslag = oppslag.load(Ordering::Relaxed);
        // One more for each death: on disk, and the answer lost on its way.
        assert!(
            (oppslag..=oppslag + foer + doedsfall).contains(&antall("personer")),
            "{oppslag} of {logg:?}"
        );
        assert!((bulk..=bulk + doedsfall).contains(&antall("personer/bulkoppslag")));
    }
    for id in kvittert.klienter.lock().expect("no panic").iter() {
        run(&folk.data.path(), &["maskinporten", "klient", "vis", id]).ok();
    }
}

/// Every order is carried out in the end, and all of a kind alike.
fn alle_ender(omh: &Konsument<'_>, jobber: &[String]) {
    let mut foerste = [None, None];
    for (nummer, jobb) in jobber.iter().enumerate() {
        let felt = ["dokumentidentifikator", "foedselsEllerDNummer"][nummer % 2];
        let liste = batcher(omh, jobb, felt);
        assert!(liste.len() > 500, "{}", liste.len());
        assert_eq!(*foerste[nummer % 2].get_or_insert_with(|| liste.clone()), liste);
    }
}
