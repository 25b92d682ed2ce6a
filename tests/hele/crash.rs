//! The process dies at the worst moments, and nothing that was said to be done is lost.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use flate2::read::GzDecoder;
use serde_json::Value;

use crate::nation::{Data, dump};
use crate::program::{command, run, said};
use crate::server::{API, Server};

const KINDS: [(&str, &str, &str); 3] = [
    ("enheter", "enheter_alle.json.gz", "/enheter/lastned"),
    ("underenheter", "underenheter_alle.json.gz", "/underenheter/lastned"),
    ("roller", "roller_alle.json.gz", "/roller/totalbestand"),
];

fn import(data: &Path, kind: &str, file: &Path, more: &[&str]) -> crate::program::Said {
    let file = file.to_str().expect("a readable path");
    run(data, &[&["import", kind, file][..], more].concat())
}

pub(crate) fn text_of(gzip: &[u8]) -> String {
    let mut text = String::new();
    GzDecoder::new(gzip).read_to_string(&mut text).expect("gzip of UTF-8");
    text
}

fn unpacked(gzip: &[u8]) -> Vec<Value> {
    serde_json::from_str(&text_of(gzip)).expect("a JSON array")
}

/// The served downloads hold exactly what the files hold, document by document.
fn downloads_equal_files(server: &Server, files: &[(&str, Vec<Value>)]) {
    for (download, expected) in files {
        let answer = server.get(&format!("{API}{download}"));
        assert_eq!(answer.status, 200, "{download}");
        let found = unpacked(&answer.body);
        assert_eq!(found.len(), expected.len(), "{download}");
        for (found, expected) in found.iter().zip(expected) {
            let here = format!("{}{API}", server.base);
            let found: Value = serde_json::from_str(&found.to_string().replace(&here, "BASE")).expect("JSON");
            assert_eq!(&found, expected, "{download}");
        }
    }
}

/// The dump's content, with the host of links made neutral.
fn dumped(file: &str) -> Vec<Value> {
    let content = unpacked(&fs::read(dump().join(file)).expect("a dump"));
    let text = Value::Array(content).to_string();
    let host = text.find("\"href\":\"").map(|at| {
        let href = &text[at + 8..];
        href[..href.find(API).expect("a link into the API") + API.len()].to_owned()
    });
    let text = host.map_or(text.clone(), |host| text.replace(&host, "BASE"));
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn what_is_imported_is_what_is_served() {
    let data = Data::empty();
    let mut files = Vec::new();
    for (kind, file, download) in KINDS {
        import(&data.path(), kind, &dump().join(file), &[]).ok();
        files.push((download, dumped(file)));
    }
    let server = Server::start(&data.path(), &[]);
    downloads_equal_files(&server, &files);
    assert_eq!(server.stop(), Some(0));

    let again = import(&data.path(), "enheter", &dump().join("enheter_alle.json.gz"), &[]).ok();
    assert!(
        again.out.contains("\nnew 0\nchanged 0\n"),
        "importing the same again changes nothing: {}",
        again.out
    );
}

#[test]
fn an_import_that_dies_goes_on_where_it_was() {
    let file = dump().join("underenheter_alle.json.gz");
    for point in
        ["journal.commit.before:2", "journal.commit.after:2", "import.batch.before:1", "import.batch.after:1"]
    {
        let data = Data::empty();
        let died = import(&data.path(), "underenheter", &file, &["--crash-point", point]);
        assert_eq!(died.code, None, "{point} was not passed: {}{}", died.out, died.err);
        run(&data.path(), &["verify"]).ok();
        import(&data.path(), "underenheter", &file, &[]).ok();
        run(&data.path(), &["verify"]).ok();
        let server = Server::start(&data.path(), &[]);
        downloads_equal_files(&server, &[("/underenheter/lastned", dumped("underenheter_alle.json.gz"))]);
    }
}

#[test]
fn killed_at_any_moment_the_store_is_whole() {
    let file = dump().join("enheter_alle.json.gz");
    let data = Data::empty();
    for milliseconds in [20, 60, 120, 200, 350] {
        let mut importing = command(&data.path());
        importing.args(["import", "enheter"]).arg(&file).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = importing.spawn().expect("the binary runs");
        std::thread::sleep(Duration::from_millis(milliseconds));
        let _ = child.kill();
        let ended = said(&child.wait_with_output().expect("it ended"));
        if crate::IN_DATABASE || data.path().join("grunndata.sqlite").exists() {
            // Killed before there was a schema, there is nothing to read yet (1); what is there is never wrong (4).
            let verified = run(&data.path(), &["verify"]);
            assert!(matches!(verified.code, Some(0 | 1)), "{milliseconds} ms: {}{}", ended.err, verified.out);
        }
    }
    import(&data.path(), "enheter", &file, &[]).ok();
    let server = Server::start(&data.path(), &[]);
    downloads_equal_files(&server, &[("/enheter/lastned", dumped("enheter_alle.json.gz"))]);
}

/// Changes on top of a register that has been in use: what a killed import had written is on the feed exactly once.
#[test]
fn changes_that_die_half_way_reach_the_feed_once() {
    let first = dump().join("enheter_alle.json.gz");
    let text = text_of(&fs::read(&first).expect("a dump"));
    let (yes, no) = ("\"registrertIMvaregisteret\" : true", "\"registrertIMvaregisteret\" : false");
    let (all, changed) = (text.matches("\"respons_klasse\"").count(), text.matches(yes).count());
    assert!(changed > 100, "only {changed} units change");
    let data = Data::empty();
    let newer = data.beside("newer.json");
    fs::write(&newer, text.replace(yes, no)).expect("a file");
    import(&data.path(), "enheter", &first, &[]).ok();
    let died = import(&data.path(), "enheter", &newer, &["--crash-point", "journal.commit.after:1"]);
    assert_eq!(died.code, None, "{}{}", died.out, died.err);
    run(&data.path(), &["verify"]).ok();
    import(&data.path(), "enheter", &newer, &[]).ok();
    run(&data.path(), &["verify"]).ok();
    let server = Server::start(&data.path(), &[]);
    let events =
        server.api("/oppdateringer/enheter?size=1")["page"]["totalElements"].as_u64().expect("a count");
    assert_eq!(events, (all + changed) as u64);
    assert_eq!(server.api("/enheter?registrertIMvaregisteret=true")["page"]["totalElements"], 0);
    assert_eq!(server.api("/enheter?registrertIMvaregisteret=false")["page"]["totalElements"], all);
}

#[test]
fn derived_files_that_die_half_made_are_made_again() {
    for (point, path) in [
        ("indeks.commit.before", "/drift/klar"),
        ("indeks.commit.after", "/drift/klar"),
        ("lastned.rename.before", "/enhetsregisteret/api/enheter/lastned"),
    ] {
        let data = Data::nation();
        fs::remove_dir_all(data.path().join("enhetsregisteret")).expect("derived files");
        let mut serving = command(&data.path());
        serving.args(["serve", "--listen", "127.0.0.1:0", "--crash-point", point]).stderr(Stdio::piped());
        let mut child = serving.spawn().expect("the binary runs");
        ask_until_it_dies(&mut child, path);
        let server = Server::start(&data.path(), &[]);
        assert_eq!(server.get(path).status, 200, "{point}");
        assert_eq!(server.api("/enheter")["page"]["totalElements"], crate::nation::UNITS, "{point}");
    }
}

pub(crate) fn ask_until_it_dies(child: &mut std::process::Child, path: &str) {
    use std::io::{BufRead, BufReader};
    let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
    let base = lines
        .by_ref()
        .map_while(Result::ok)
        .find_map(|line| Some(line.split_once("listening on ")?.1.to_owned()));
    std::thread::spawn(move || lines.for_each(drop));
    for _ in 0..600 {
        if child.try_wait().expect("a child").is_some() {
            return;
        }
        if let Some(base) = &base {
            let _ = ureq::get(format!("{base}{path}")).call();
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let _ = child.kill();
    panic!("the crash point for {path} was not passed");
}
