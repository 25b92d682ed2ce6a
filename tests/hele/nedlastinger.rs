//! Sets of download files: killed while they are made, out of disk, day after day, and after removals.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use enhetsregisteret::Enhetsregister;
use enhetsregisteret::endring::{Datert, Melding};
use enhetsregisteret::import::Innhold;
use enhetsregisteret::lastned::lesing;
use enhetsregisteret::modell::Enhetstype::{Enhet, Underenhet};
use flate2::read::GzDecoder;
use grunndata::app::App;
use grunndata::config::{Settings, check};
use grunndata::serving::Stopping;
use identifikator::Organisasjonsnummer;
use serde_json::Value;
use tid::{Clock, Date, SeededRandom, StoppedClock, Timestamp};

use crate::nation::{Data, dump};
use crate::program::{command, run, said};
use crate::server::{API, Server};

/// With an address, so that commands and servers on any port agree on the links in the role file.
const DAILY: [&str; 4] =
    ["--set", "enhetsregisteret.lastned=daglig", "--set", "server.offentlig_url=http://data.example.no"];
const EXTENDED: &str = "/enhetsregisteret/utvidet";

fn text_of(gzip: &[u8]) -> String {
    let mut text = String::new();
    GzDecoder::new(gzip).read_to_string(&mut text).expect("gzip of UTF-8");
    text
}

/// Builds with sets switched on.
fn build(data: &Path, more: &[&str]) -> crate::program::Said {
    run(data, &[&["download", "build"][..], &DAILY, more].concat())
}

/// Makes every unit and every sub-unit another one: named so that the two generations can be told apart.
fn change_everything(data: &Data) {
    for kind in ["enheter", "underenheter"] {
        let file = format!("{kind}_alle.json.gz");
        let text = text_of(&fs::read(dump().join(file)).expect("a dump"));
        let newer = data.beside(&format!("{kind}.json"));
        fs::write(&newer, text.replace("\n  \"navn\" : \"", "\n  \"navn\" : \"NYTT ")).expect("a file");
        run(&data.path(), &["import", kind, newer.to_str().expect("a path")]).ok();
    }
}

/// How many records of each file are of the newer generation, of how many.
fn generations(server: &Server) -> BTreeMap<String, (usize, usize)> {
    let mut found = BTreeMap::new();
    for kind in ["enheter", "underenheter"] {
        let json: Vec<Value> =
            serde_json::from_str(&text_of(&server.get(&format!("{API}/{kind}/lastned")).body)).expect("JSON");
        let newer = json.iter().filter(|u| u["navn"].as_str().is_some_and(|n| n.starts_with("NYTT ")));
        found.insert(format!("{kind} json"), (newer.count(), json.len()));
        let csv = text_of(&server.get(&format!("{API}/{kind}/lastned/csv")).body);
        found.insert(format!("{kind} csv"), (csv.matches("\",\"NYTT ").count(), json.len()));
    }
    found
}

/// Killed at its worst moments, a build leaves a set: the old one or the new one, never some of each.
#[test]
fn a_build_that_dies_leaves_one_set_or_the_other() {
    let data = Data::nation();
    build(&data.path(), &[]).ok();
    let place = data.path().join("enhetsregisteret/lastned");
    let first = fs::read(place.join("sett.json")).expect("a set");
    change_everything(&data);
    for (point, switched) in [
        ("lastned.rename.before:1", false),
        ("lastned.rename.before:6", false),
        ("lastned.sett.before", false),
        ("lastned.sett.flyttet", false),
        ("lastned.sett.after", true),
    ] {
        let died = build(&data.path(), &["--crash-point", point]);
        assert_eq!(died.code, None, "{point} was not passed: {}{}", died.out, died.err);
        assert_eq!(fs::read(place.join("sett.json")).expect("a set") != first, switched, "{point}");
        let server = Server::start(&data.path(), &DAILY);
        let found = generations(&server);
        let (newer, _): (Vec<_>, Vec<_>) = found.values().copied().unzip();
        assert!(
            newer.iter().all(|n| *n == 0) || found.values().all(|(n, all)| n == all),
            "{point}: a mixture: {found:?}"
        );
        assert!(!place.join("neste").exists(), "{point}: what was half made is cleared away");
        drop(server);
    }
    let built = build(&data.path(), &[]).ok();
    let server = Server::start(&data.path(), &DAILY);
    assert!(generations(&server).values().all(|(newer, all)| newer == all && *all > 500));
    let seq =
        built.out.lines().last().and_then(|line| line.strip_prefix("sequence number ")).expect("a number");
    let status = server.get("/drift/status").json();
    let files = &status["enhetsregisteret"]["nedlastinger"];
    assert_eq!(files["sekvensnummer"].to_string(), seq, "{files:#}");
    assert_eq!(
        (files["lages"].as_str(), files["filer"].as_array().map(Vec::len)),
        (Some("daglig"), Some(14))
    );
    let portal = server.get("/").text();
    assert!(
        portal.contains("slik registeret var 20") && portal.contains("/lastned/parquet/roller"),
        "{portal}"
    );
}

/// A file-size limit gives the errors that a full disk gives, without one.
#[test]
fn a_full_disk_is_told_and_the_old_set_serves() {
    let data = Data::nation();
    let built = build(&data.path(), &[]).ok();
    let largest =
        built.out.lines().filter_map(|l| l.split_once('\t')?.1.parse::<u64>().ok()).max().expect("sizes");
    assert!(largest > 150_000, "{largest} bytes are too few to be stopped");
    change_everything(&data);
    let program = command(&data.path());
    let mut limited = Command::new("sh");
    limited.arg("-c").arg("trap '' XFSZ; ulimit -f 200; exec \"$0\" \"$@\"").arg(program.get_program());
    limited
        .args(program.get_args())
        .args(["download", "build"])
        .args(DAILY)
        .env_clear()
        .current_dir(data.path());
    let failed = said(&limited.output().expect("a shell"));
    assert_eq!(failed.code, Some(1), "{}{}", failed.out, failed.err);
    assert!(failed.err.contains("error: the files could not be made in "), "{}", failed.err);
    assert!(failed.err.lines().last().is_some_and(|l| l.starts_with("hint: make room")), "{}", failed.err);
    let server = Server::start(&data.path(), &DAILY);
    assert!(generations(&server).values().all(|(newer, _)| *newer == 0), "the old set serves");
    assert!(!data.path().join("enhetsregisteret/lastned/neste").exists());
}

/// Beside a running server, without its being told.
#[test]
fn a_build_beside_a_server_is_what_it_serves() {
    let data = Data::nation();
    let server = Server::start(&data.path(), &[]);
    let address = format!("server.offentlig_url={}", server.base);
    let built = run(&data.path(), &["download", "build", "--set", &address]).ok();
    let place = data.path().join("enhetsregisteret/lastned");
    let before = fs::read_dir(&place).expect("files").count();
    for (path, file) in [
        ("/enheter/lastned", "enheter_alle.json.gz"),
        ("/enheter/lastned/csv", "enheter_alle.csv.gz"),
        ("/underenheter/lastned/regneark", "underenheter_alle.xlsx"),
        ("/roller/totalbestand", "roller_alle.json.gz"),
    ] {
        let answer = server.get(&format!("{API}{path}"));
        assert_eq!(answer.status, 200, "{path}");
        let line = built.out.lines().find(|l| l.contains(&format!("{file}.v2"))).expect("the file is told");
        assert!(line.ends_with(&format!("\t{}", answer.body.len())), "{line}");
        let head = server.head(&format!("{API}{path}"));
        assert_eq!(head.header("etag"), answer.header("etag"));
        let part = server.get_with(
            &format!("{API}{path}"),
            &[("range", "bytes=10-19"), ("if-range", head.header("etag"))],
        );
        assert_eq!((part.status, &part.body[..]), (206, &answer.body[10..20]), "{path}");
    }
    assert_eq!(fs::read_dir(&place).expect("files").count(), before, "nothing was made again");
    let refused = run(&data.path(), &["download"]);
    assert_eq!(refused.code, Some(2), "it teaches instead: {}", refused.err);
}

/// The production app in this process, so that its clock can be moved and its register written to.
struct Daily {
    runtime: tokio::runtime::Runtime,
    register: Arc<Enhetsregister>,
    clock: Arc<StoppedClock>,
    base: String,
    _stop: tokio::sync::watch::Sender<bool>,
}

impl Daily {
    fn start(data: &Path) -> Self {
        let runtime = tokio::runtime::Runtime::new().expect("threads");
        let mut settings = Settings::defaults().expect("the defaults");
        for (key, value) in [("data", data.to_str().expect("a path")), ("enhetsregisteret.lastned", "daglig")]
        {
            settings.lay_flag(key, value, format!("--set {key}")).expect("a setting");
        }
        let config = check(&settings).expect("a configuration");
        let clock = Arc::new(StoppedClock::at(Timestamp::parse("2030-03-05T12:00:00.000Z").expect("a time")));
        let (stop, stopping) = Stopping::with_switch();
        let (register, base) = runtime.block_on(async {
            let any: SocketAddr = "127.0.0.1:0".parse().expect("an address");
            let listener = tokio::net::TcpListener::bind(any).await.expect("a port");
            let bound = listener.local_addr().expect("an address");
            let opened = App::open(config, bound, clock.clone(), Arc::new(SeededRandom::new(1))).await;
            let app = opened.expect("an app");
            let register = app.enhetsregisteret().expect("the register").clone();
            tokio::spawn(app.follow(&stopping));
            let limits = web::serve::Limits::default();
            tokio::spawn(web::serve::serve(listener, app.router(), stopping.wait(), limits));
            (register, format!("http://{bound}"))
        });
        Self { runtime, register, clock, base, _stop: stop }
    }

    fn get(&self, path: &str) -> Vec<u8> {
        let mut answer = ureq::get(format!("{}{path}", self.base)).call().expect("an answer");
        answer.body_mut().with_config().limit(1 << 30).read_to_vec().expect("a body")
    }

    fn write(&self, told: Melding) {
        let (now, told) = (self.clock.now(), vec![Datert::from(told)]);
        let written = self.register.skriver().skriv(now, told, Vec::new());
        self.runtime.block_on(written).expect("a write");
    }

    /// The state of the set, once it is of this sequence number or a later one and all is there.
    fn set_from(&self, seq: u64) -> Value {
        let begun = Instant::now();
        loop {
            let status: Value = serde_json::from_slice(&self.get("/drift/status")).expect("JSON");
            let files = &status["enhetsregisteret"]["nedlastinger"];
            if files["sekvensnummer"].as_u64() >= Some(seq)
                && files["filer"].as_array().map(Vec::len) == Some(14)
            {
                return files.clone();
            }
            assert!(begun.elapsed() < Duration::from_mins(1), "{status:#}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn numbers(&self, path: &str, name: &str, content: Innhold) -> Vec<String> {
        let place = tempfile::tempdir().expect("a directory");
        let file = place.path().join(name);
        fs::write(&file, self.get(path)).expect("a file");
        let mut numbers = Vec::new();
        assert!(lesing::numre(&file, content, |n| numbers.push(n.to_owned())).expect("a download"), "{path}");
        numbers
    }
}

/// A day goes, and the files change together; a unit is removed, and is out of all of them at once.
#[test]
fn day_after_day_and_a_removal_between() {
    let data = Data::nation();
    let server = Daily::start(&data.path());
    let first = server.set_from(1);
    let seq = first["sekvensnummer"].as_u64().expect("a number");
    assert_eq!(
        (first["laget"].as_str(), first["neste"].as_str()),
        (Some("2030-03-05T12:00:00.000Z"), Some("2030-03-06T03:30:00.000Z"))
    );

    let files = [
        (format!("{API}/enheter/lastned"), "enheter_alle.json.gz", Innhold::Enheter(Enhet)),
        (format!("{API}/enheter/lastned/csv"), "enheter_alle.csv.gz", Innhold::Enheter(Enhet)),
        (format!("{API}/enheter/lastned/regneark"), "enheter_alle.xlsx", Innhold::Enheter(Enhet)),
        (format!("{EXTENDED}/lastned/parquet/enheter"), "enheter_alle.parquet", Innhold::Enheter(Enhet)),
        (format!("{API}/roller/totalbestand"), "roller_alle.json.gz", Innhold::Roller),
        (format!("{EXTENDED}/lastned/parquet/roller"), "roller_alle.parquet", Innhold::Roller),
    ];
    let roles = server.numbers(&files[4].0, files[4].1, files[4].2);
    let number = roles.first().expect("a unit with roles").clone();
    let units = server.numbers(&files[0].0, files[0].1, files[0].2);
    for (path, name, content) in &files {
        assert!(server.numbers(path, name, *content).contains(&number), "{path}");
    }
    let orgnr: Organisasjonsnummer = number.parse().expect("a number");
    let slettedato = Date::parse("2030-03-05").expect("a date");
    server.write(Melding::Fjernet { kind: Enhet, orgnr, slettedato });
    for (path, name, content) in &files {
        assert!(!server.numbers(path, name, *content).contains(&number), "{path} tells of a removed unit");
    }
    let left: Vec<String> = units.iter().filter(|n| **n != number).cloned().collect();
    assert_eq!(server.numbers(&files[0].0, files[0].1, files[0].2), left, "the rest is the same set");
    let healed = server.set_from(seq);
    assert_eq!(healed["sekvensnummer"], seq, "{healed:#}");
    // Cleared away within a moment, while the server runs.
    std::thread::sleep(Duration::from_secs(1));
    let proof = run(&data.path(), &["fjernet"]).ok();
    assert!(proof.out.contains("\nwith traces 0\n"), "{}", proof.out);

    let sub_unit = server.numbers(
        &format!("{API}/underenheter/lastned"),
        "underenheter_alle.json.gz",
        Innhold::Enheter(Underenhet),
    );
    let orgnr: Organisasjonsnummer = sub_unit[0].parse().expect("a number");
    server.write(Melding::Fjernet { kind: Underenhet, orgnr, slettedato });
    server.clock.advance_millis(24 * 3_600_000);
    let next = server.set_from(seq + 1);
    assert_eq!(
        (next["laget"].as_str(), next["sisteFeil"].is_null()),
        (Some("2030-03-06T12:00:00.000Z"), true)
    );
}
