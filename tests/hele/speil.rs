//! A mirror of a register that changes all the time, killed again and again, is at the end what it mirrors.

use std::collections::HashMap;
use std::io::Read;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use enhetsregisteret::Enhetsregister;
use enhetsregisteret::endring::{Datert, ENHETER, Melding, ROLLER};
use enhetsregisteret::modell::dokument::{Kanonisk, kanoniser};
use enhetsregisteret::modell::{Dokument, Enhetstype, rolleform};
use flate2::read::GzDecoder;
use grunndata::app::App;
use grunndata::config::{Settings, check};
use grunndata::serving::Stopping;
use identifikator::Organisasjonsnummer;
use journal::{AsOf, Seq, Version};
use serde_json::{Value, json};
use tid::{Clock, Date, Random, SeededRandom, SystemClock, SystemRandom};

use crate::nation::Data;
use crate::program::{command, run};
use crate::server::{API, Server};

const KILLS: u64 = 10;

/// The register that is mirrored: the production app in this process, so that it can be written to.
struct Source {
    runtime: tokio::runtime::Runtime,
    register: Arc<Enhetsregister>,
    base: String,
    _stop: tokio::sync::watch::Sender<bool>,
}

impl Source {
    fn start(data: &Path) -> Self {
        let runtime = tokio::runtime::Runtime::new().expect("threads");
        let mut settings = Settings::defaults().expect("the defaults");
        settings.lay_flag("data", data.to_str().expect("a path"), "--data".to_owned()).expect("a setting");
        let config = check(&settings).expect("a configuration");
        let (stop, stopping) = Stopping::with_switch();
        let (register, base) = runtime.block_on(async {
            let any: SocketAddr = "127.0.0.1:0".parse().expect("an address");
            let listener = tokio::net::TcpListener::bind(any).await.expect("a port");
            let bound = listener.local_addr().expect("an address");
            let app = App::open(config, bound, Arc::new(SystemClock), Arc::new(SystemRandom))
                .await
                .expect("an app");
            let register = app.enhetsregisteret().expect("the register").clone();
            tokio::spawn(app.follow(&stopping));
            tokio::spawn(web::serve::serve(
                listener,
                app.router(),
                stopping.wait(),
                web::serve::Limits::default(),
            ));
            (register, format!("http://{bound}"))
        });
        Self { runtime, register, base, _stop: stop }
    }

    fn api(&self) -> String {
        format!("{}{API}", self.base)
    }

    fn get(&self, path: &str) -> Vec<u8> {
        let mut answer = ureq::get(format!("{}{path}", self.api())).call().expect("an answer");
        answer.body_mut().with_config().limit(1 << 30).read_to_vec().expect("a body")
    }
}

/// Makes changes of every kind, for as long as it is told to.
async fn change(register: Arc<Enhetsregister>, go_on: Arc<AtomicBool>) -> u64 {
    let random = SeededRandom::new(3);
    let mut count = 0;
    let head = Seq(u64::MAX >> 1);
    let mut numbers = HashMap::new();
    for collection in [ENHETER, Enhetstype::Underenhet.samling(), ROLLER] {
        let all = register.journal().scan(collection, head, None, 1_000_000).await.expect("the store");
        numbers.insert(collection, all.iter().map(|v| v.id).collect::<Vec<u64>>());
    }
    let some = async |collection, chance: u64| -> Vec<Version> {
        let all = &numbers[&collection];
        let from = usize::try_from(chance % all.len() as u64).expect("a place");
        let ids = &all[from..all.len().min(from + 40)];
        let found = register.journal().get_many(collection, ids, AsOf::Now).await.expect("the store");
        found.into_iter().flatten().collect()
    };
    while go_on.load(Ordering::Relaxed) {
        let mut bytes = [0u8; 8];
        random.fill(&mut bytes);
        let chance = u64::from_le_bytes(bytes);
        let mut told = Vec::new();
        for kind in Enhetstype::ALLE {
            let units = some(kind.samling(), chance).await;
            told.extend(units.iter().filter_map(|unit| unit_changed(unit, kind, chance ^ unit.id)));
        }
        let gone: Vec<u64> = told.iter().filter_map(removed).collect();
        for roles in some(ROLLER, chance / 7).await {
            if !gone.contains(&roles.id) {
                told.extend(roles_changed(&roles, count));
            }
        }
        count += told.len() as u64;
        let told = told.into_iter().map(Datert::from).collect();
        register.skriver().skriv(SystemClock.now(), told, Vec::new()).await.expect("a write");
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
    count
}

fn removed(told: &Melding) -> Option<u64> {
    match told {
        Melding::Fjernet { orgnr, .. } => Some(orgnr.verdi().into()),
        _ => None,
    }
}

/// Mostly another name; now and then a deletion or a removal.
fn unit_changed(unit: &Version, kind: Enhetstype, chance: u64) -> Option<Melding> {
    let orgnr = Organisasjonsnummer::fra_verdi(u32::try_from(unit.id).ok()?)?;
    let document = Dokument::les(&unit.body).ok().filter(|_| !unit.removed)?;
    let mut changed: Value = serde_json::from_slice(&unit.body).expect("JSON");
    changed["navn"] = json!(format!("NAVN {chance:x}"));
    match chance % 200 {
        0 => return Some(Melding::Fjernet { kind, orgnr, slettedato: Date::parse("2024-05-05").ok()? }),
        1 | 2 => {
            changed = json!({ "organisasjonsnummer": orgnr.to_string(), "navn": "BORTE",
                "organisasjonsform": changed["organisasjonsform"], "slettedato": "2024-05-05" });
        }
        _ if document.er_slettet() => return None,
        _ => {}
    }
    let enhet: Kanonisk = kanoniser(changed.to_string().as_bytes(), kind).expect("a unit");
    Some(Melding::Enhet { kind, enhet })
}

fn roles_changed(roles: &Version, count: u64) -> Option<Melding> {
    let orgnr = Organisasjonsnummer::fra_verdi(u32::try_from(roles.id).ok()?)?;
    if roles.removed {
        return None;
    }
    let mut changed: Value = serde_json::from_slice(&roles.body).expect("JSON");
    let group = changed["rollegrupper"].as_array_mut()?.first_mut()?;
    group["sistEndret"] = json!(Date::from_days_since_epoch(19_000 + (count % 2000) as i32).to_string());
    let (orgnr, roller) = rolleform::kanoniser(changed.to_string().as_bytes(), Some(orgnr)).expect("roles");
    Some(Melding::Roller { orgnr, roller: Some(roller) })
}

fn unpacked(gzip: &[u8], base: &str) -> Vec<Value> {
    let mut text = String::new();
    GzDecoder::new(gzip).read_to_string(&mut text).expect("gzip of UTF-8");
    serde_json::from_str(&text.replace(base, "BASE")).expect("a JSON array")
}

/// Every event from an id on, without links.
fn feed(get: &dyn Fn(&str) -> Vec<u8>, path: &str, from: u64) -> Vec<Value> {
    let page: Value = serde_json::from_slice(&get(&format!("{path}{from}&size=10000"))).expect("JSON");
    let list = page
        .get("_embedded")
        .map_or(&page, |embedded| embedded.as_object().and_then(|o| o.values().next()).expect("a list"));
    let mut events = list.as_array().cloned().unwrap_or_default();
    for event in &mut events {
        let event = event.as_object_mut().expect("an event");
        event.retain(|key, _| !matches!(key.as_str(), "_links" | "source"));
    }
    events
}

#[test]
fn a_mirror_killed_ten_times_ends_equal_to_what_it_mirrors() {
    let (original, mirror) = (Data::nation(), Data::empty());
    let source = Source::start(&original.path());
    let go_on = Arc::new(AtomicBool::new(true));
    let changing = source.runtime.spawn(change(source.register.clone(), go_on.clone()));
    let upstream = format!("synk.fra={}", source.api());
    let sync = ["--sync", "--set", &upstream, "--set", "synk.intervall_s=1", "--set", "synk.bunt=200"];

    for kill in 0..KILLS {
        let mut bytes = [0u8; 2];
        SystemRandom.fill(&mut bytes);
        let life = Duration::from_millis(100 + kill * 60 + u64::from(u16::from_le_bytes(bytes)) % 900);
        let mut serving = command(&mirror.path());
        serving
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(sync)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut child = serving.spawn().expect("the binary starts");
        std::thread::sleep(life);
        child.kill().expect("it was alive");
        child.wait().expect("it ended");
    }

    let server = Server::start(&mirror.path(), &sync);
    go_on.store(false, Ordering::Relaxed);
    let changes = source.runtime.block_on(changing).expect("the changes");
    assert!(changes > 1000, "only {changes} changes were made");
    in_step(&source, &server);

    for file in ["/enheter/lastned", "/underenheter/lastned", "/roller/totalbestand"] {
        let here = server.get(&format!("{API}{file}"));
        let (here, there) = (
            unpacked(&here.body, &format!("{}{API}", server.base)),
            unpacked(&source.get(file), &source.api()),
        );
        assert!(here.len() > 500, "{file} has only {}", here.len());
        assert!(here == there, "{file}: the mirror differs");
    }
    for path in [
        "/oppdateringer/enheter?oppdateringsid=",
        "/oppdateringer/underenheter?oppdateringsid=",
        "/oppdateringer/roller?afterId=",
    ] {
        let mirrored = feed(&|p| server.get(&format!("{API}{p}")).body, path, 1);
        let first =
            mirrored.first().map(|e| e.get("oppdateringsid").unwrap_or(&e["id"]).clone()).expect("events");
        let first = first.as_u64().or_else(|| first.as_str()?.parse().ok()).expect("an id");
        let from = if path.contains("roller") { first - 1 } else { first };
        let original = feed(&|p| source.get(p), path, from);
        let mirrored = feed(&|p| server.get(&format!("{API}{p}")).body, path, from);
        assert!(mirrored.len() > 100, "{path}: only {}", mirrored.len());
        assert!(mirrored == original, "{path}: {} events, {} upstream", mirrored.len(), original.len());
    }
    drop(server);
    run(&mirror.path(), &["verify"]).ok();
    let compared = run(&mirror.path(), &["sync", "--verify", "--fra", &source.api()]).ok();
    assert!(compared.out.contains("\ndifferences 0\n"), "{}", compared.out);
    nothing_is_left_of_what_is_removed(&mirror.path());
    let status = run(&mirror.path(), &["sync", "--status"]).ok();
    let status: Value = serde_json::from_str(&status.out).expect("JSON");
    assert_eq!(status["strommer"][0]["etterslep"], 0, "{status}");
}

/// The report finds every removed unit without a trace, and sees one that is put there.
fn nothing_is_left_of_what_is_removed(data: &Path) {
    let report: Value = serde_json::from_str(&run(data, &["fjernet", "--json"]).ok().out).expect("JSON");
    assert!(report["sok"] == true && report["filer"].as_u64() >= Some(3), "{report}");
    let removed = report["fjernet"].as_array().expect("a list");
    let unit = removed.iter().find(|unit| unit["hva"] == "enheter").expect("a removed unit");
    let trace = data.join("enhetsregisteret/lastned/enheter_alle.json.gz.trace");
    let number = &unit["organisasjonsnummer"];
    std::fs::write(&trace, format!("[{{\"organisasjonsnummer\":{number},\"navn\":\"X\"}}]")).expect("a file");
    let found = run(data, &["fjernet"]);
    assert_eq!(found.code, Some(4), "{}{}", found.out, found.err);
    assert!(found.out.contains("\tstår i enheter_alle.json.gz.trace\n"), "{}", found.out);
    std::fs::remove_file(&trace).expect("it is there");
}

/// The nation itself, with its properties, has removed units of which nothing is left.
#[test]
fn the_nation_leaves_nothing_of_what_it_removes() {
    let data = Data::nation();
    let said = run(&data.path(), &["fjernet"]).ok();
    let removed = said.out.lines().find_map(|line| line.strip_prefix("removed ")).expect("a count");
    assert!(removed.parse::<u32>().expect("a number") > 3, "{}", said.out);
    assert!(said.out.contains("\nwith traces 0\n"), "{}", said.out);
}

/// Waits until the mirror has the newest event of each feed.
fn in_step(source: &Source, server: &Server) {
    let begun = Instant::now();
    loop {
        let heads: Vec<u64> = source.runtime.block_on(async {
            let journal = source.register.journal();
            let mut heads = Vec::new();
            for feed in [
                Enhetstype::Enhet.feed(),
                Enhetstype::Underenhet.feed(),
                enhetsregisteret::endring::OPPDATERTE_ROLLER,
            ] {
                heads.push(journal.feed_head(feed).await.expect("a feed").number);
            }
            heads
        });
        let status = server.get("/drift/status").json();
        let here: Vec<u64> = status["synk"]["strommer"]
            .as_array()
            .map(|all| all.iter().filter_map(|strom| strom["sisteId"].as_u64()).collect())
            .unwrap_or_default();
        if here == heads {
            return;
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "{status:#}\n{heads:?}\n{}", server.log());
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Dies after the load of a total file, before and after a page is written; on from there each time.
#[test]
fn a_copy_that_dies_at_its_worst_moments_goes_on() {
    let (original, mirror) = (Data::nation(), Data::empty());
    let source = Source::start(&original.path());
    let fra = source.api();
    let sync =
        |more: &[&str]| run(&mirror.path(), &[&["sync", "--en-gang", "--fra", &fra][..], more].concat());
    for nth in ["1", "2", "3"] {
        let died = sync(&["--crash-point", &format!("synk.grunnlag.after:{nth}")]);
        if nth == "1" {
            assert_eq!(died.code, None, "{}{}", died.out, died.err);
        }
    }
    sync(&[]).ok();
    let go_on = Arc::new(AtomicBool::new(true));
    let changing = source.runtime.spawn(change(source.register.clone(), go_on.clone()));
    std::thread::sleep(Duration::from_millis(400));
    go_on.store(false, Ordering::Relaxed);
    source.runtime.block_on(changing).expect("the changes");
    for point in ["synk.side.before", "synk.side.after", "journal.commit.before", "journal.commit.after"] {
        let died = sync(&["--set", "synk.bunt=20", "--crash-point", point]);
        assert_eq!(died.code, None, "{point} was not passed: {}{}", died.out, died.err);
        run(&mirror.path(), &["verify"]).ok();
    }
    let last = sync(&[]).ok();
    assert!(!last.out.contains("events 0\n"), "{}", last.out);
    let compared = run(&mirror.path(), &["sync", "--verify", "--fra", &fra]).ok();
    assert!(compared.out.contains("\ndifferences 0\n"), "{}", compared.out);
    let server = Server::start(&mirror.path(), &[]);
    let units = server.api("/enheter")["page"]["totalElements"].as_u64().expect("a count");
    let live = source.runtime.block_on(async {
        let all = source
            .register
            .journal()
            .scan(ENHETER, Seq(u64::MAX >> 1), None, 1_000_000)
            .await
            .expect("units");
        all.iter().filter(|u| !u.removed && Dokument::les(&u.body).is_ok_and(|d| !d.er_slettet())).count()
            as u64
    });
    assert_eq!(units, live, "search after the load and what came later has every live unit");
}
