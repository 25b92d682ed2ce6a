//! The command line, as a user meets it.

use std::fs;

use serde_json::Value;

use crate::nation::Data;
use crate::program::run;
use crate::server::Server;

#[test]
fn an_error_is_one_line_and_a_hint_and_a_number() {
    let data = Data::empty();
    for (arguments, code, error) in [
        (&["verify"][..], 1, "error: there is no store in "),
        (
            &["config", "--set", "server.lisen=x"],
            2,
            "error: server.lisen is not a setting (from flag --set server.lisen)",
        ),
        (&["serve", "--listen", "here"], 2, "error: server.listen = \"here\" is not an address and port"),
        (
            &["serve", "--config", "nowhere.toml"],
            2,
            "error: the configuration file nowhere.toml cannot be read",
        ),
        (&["import", "enheter", "nowhere.json.gz"], 2, "error: nowhere.json.gz does not exist"),
        (&["verify", "--crash-point", "nowhere"], 2, "error: unknown crash point"),
    ] {
        let said = run(&data.path(), arguments);
        assert_eq!(said.code, Some(code), "{arguments:?}: {}", said.err);
        assert!(said.out.is_empty(), "{arguments:?} wrote to standard output: {}", said.out);
        let lines: Vec<&str> = said.err.lines().collect();
        assert!(lines.iter().any(|line| line.starts_with(error)), "{arguments:?}: {}", said.err);
        assert!(lines.last().is_some_and(|line| line.starts_with("hint: ")), "{arguments:?}: {}", said.err);
    }
}

#[test]
fn the_configuration_in_force_says_where_it_comes_from() {
    let data = Data::empty();
    fs::write(data.beside("grunndata.toml"), "[server]\ntidsgrense_s = 9\n").expect("a file");
    let said = run(&data.path(), &["config", "--set", "logg.nivaa=warn"]).ok();
    for line in [
        "tidsgrense_s = 9  # grunndata.toml line 2",
        "nivaa = \"warn\"  # flag --set logg.nivaa",
        "kropp_maks_byte = 1048576  # default",
    ] {
        assert!(said.out.lines().any(|l| l == line), "{line} is not in:\n{}", said.out);
    }
    assert!(said.out.parse::<toml::Table>().is_ok());
}

#[test]
fn completions_for_each_shell() {
    let data = Data::empty();
    for shell in ["bash", "zsh", "fish"] {
        let said = run(&data.path(), &["completions", shell]).ok();
        assert!(said.out.contains("grunndata") && said.out.contains("doctor"), "{shell}");
    }
}

#[test]
fn doctor_says_what_is_wrong_and_the_remedy() {
    let data = Data::empty();
    let free = ["--listen", "127.0.0.1:0"];
    let said = run(&data.path(), &[&["doctor"][..], &free].concat()).ok();
    let harmless = ["ok ", "warning ", "remedy: "];
    assert!(
        said.out.lines().all(|line| harmless.iter().any(|word| line.trim_start().starts_with(word))),
        "{}",
        said.out
    );
    assert!(!data.path().exists(), "doctor makes nothing");

    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("an address").to_string();
    std::thread::spawn(move || drop(taken.accept()));
    let said = run(&data.path(), &["doctor", "--json", "--listen", &address]);
    assert_eq!(said.code, Some(1), "{}", said.out);
    let findings: Vec<Value> = serde_json::from_str(&said.out).expect("JSON");
    let port = findings.iter().find(|finding| finding["check"] == "port").expect("the port is looked at");
    assert_eq!(port["state"], "error");
    assert!(port["remedy"].as_str().is_some_and(|remedy| remedy.contains("--listen")));

    fs::create_dir(data.path()).expect("a directory");
    fs::write(data.path().join("grunndata.sqlite"), b"this is not a store, and long enough to be looked at")
        .expect("a file");
    let said = run(&data.path(), &[&["doctor"][..], &free].concat());
    assert_eq!(said.code, Some(1), "{}", said.out);
    assert!(said.out.lines().any(|line| line.starts_with("error    store: ")), "{}", said.out);
}

#[test]
fn doctor_knows_how_far_search_has_come() {
    let data = Data::nation();
    let index = |arguments: &[&str]| {
        let said = run(&data.path(), &[&["doctor"][..], arguments].concat()).ok();
        let lines: Vec<String> =
            said.out.lines().filter(|l| l.contains("search index")).map(str::to_owned).collect();
        lines.join("\n")
    };
    let free = ["--listen", "127.0.0.1:0"];
    let at_rest = index(&free);
    assert!(
        at_rest.contains("enheter: 0 events behind")
            && at_rest.contains("persons: 0 events behind")
            && at_rest.contains("underenheter: 0 events")
            && at_rest.contains("personer: 0 events"),
        "{at_rest}"
    );

    let server = Server::start(&data.path(), &[]);
    let address = server.base.strip_prefix("http://").expect("an address").to_owned();
    assert!(index(&["--listen", &address]).contains("says it is 0, 0, 0, 0 events behind"));
    assert!(index(&free).contains("another process has the store open"));
    assert_eq!(server.stop(), Some(0));

    fs::remove_dir_all(data.path().join("enhetsregisteret")).expect("the index");
    assert!(index(&free).contains("warning  search index: enheter: there is none"));
}

#[test]
fn the_openapi_document_is_sound_and_the_one_that_is_served() {
    let data = Data::empty();
    let said = run(&data.path(), &["openapi"]).ok();
    let document: Value = serde_json::from_str(&said.out).expect("JSON");
    assert_eq!(web::openapi::problems(&document), Vec::<String>::new());
    assert_eq!(document["openapi"], "3.1.0");
    assert!(!data.path().exists(), "it needs no data");
    let server = Server::start(&data.path(), &[]);
    assert_eq!(server.get("/openapi.json").json(), document);
}

#[test]
fn one_process_writes_and_any_number_read() {
    let data = Data::nation();
    let server = Server::start(&data.path(), &[]);
    let refused = run(&data.path(), &["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("another process"), "{}", refused.err);
    let verified = run(&data.path(), &["verify"]).ok();
    assert!(verified.out.contains("\nfaults 0\n"), "{}", verified.out);
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn a_backup_is_a_store() {
    let data = Data::nation();
    let server = Server::start(&data.path(), &[]);
    let copy = Data::empty();
    fs::create_dir(copy.path()).expect("a directory");
    let store = copy.path().join("grunndata.sqlite");
    let to = store.to_str().expect("a readable path");
    run(&data.path(), &["backup", to]).ok();
    assert_eq!(run(&data.path(), &["backup", to]).code, Some(1), "a file that exists is not written over");
    run(&copy.path(), &["verify"]).ok();
    let restored = Server::start(&copy.path(), &[]);
    for path in [
        "/enheter?size=100",
        "/underenheter?size=100&sort=organisasjonsnummer,desc",
        "/oppdateringer/enheter",
    ] {
        let (before, after) = (server.api(path), restored.api(path));
        assert_eq!(before["page"], after["page"], "{path}");
        let without_host = |answer: &Value, base: &str| answer["_embedded"].to_string().replace(base, "");
        assert_eq!(without_host(&before, &server.base), without_host(&after, &restored.base), "{path}");
    }
}

#[test]
fn a_damaged_store_is_found_out() {
    let data = Data::nation();
    let store = data.path().join("grunndata.sqlite");
    let mut bytes = fs::read(&store).expect("the store");
    let middle = bytes.len() / 2;
    for byte in &mut bytes[middle..middle + 20_000] {
        *byte ^= 0x5a;
    }
    fs::write(&store, bytes).expect("the damaged store");
    let said = run(&data.path(), &["verify"]);
    assert!(matches!(said.code, Some(1 | 4)), "{:?}\n{}{}", said.code, said.out, said.err);
    assert!(said.err.lines().last().is_some_and(|line| line.starts_with("hint: ")), "{}", said.err);
}
