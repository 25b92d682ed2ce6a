//! Maskinporten, as the README promises it: the demo's clients, the command `token`, administration beside a server.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::nation::Data;
use crate::program::{Said, run};
use crate::server::Server;

const LES: &str = "grunndata:demo.les";
const STENGT: &str = "grunndata:demo.stengt";
const HVEM: &str = "/maskinporten/utvidet/hvem-er-jeg";

struct Demo {
    data: Data,
    server: Server,
}

impl Demo {
    fn start() -> Self {
        let data = Data::nation();
        let server = Server::start(&data.path(), &[]);
        Self { data, server }
    }

    fn token(&self, arguments: &[&str]) -> Said {
        run(&self.data.path(), &[&["token", "--url", &self.server.base], arguments].concat())
    }

    fn klienter(&self) -> Vec<Value> {
        let text = fs::read(self.data.path().join("demo/klienter.json")).expect("the list");
        serde_json::from_slice(&text).expect("JSON")
    }

    fn klient(&self, id: &str) -> Value {
        self.klienter().into_iter().find(|klient| klient["client_id"] == id).expect("the client")
    }

    fn hvem(&self, token: &str) -> (u16, String) {
        let answer = self.server.get_with(HVEM, &[("authorization", &format!("Bearer {token}"))]);
        (answer.status, answer.text())
    }

    fn administer(&self, arguments: &[&str]) -> Said {
        run(&self.data.path(), &[&["maskinporten"], arguments].concat())
    }
}

#[test]
fn the_token_line_of_the_readme() {
    let demo = Demo::start();
    let said = demo.token(&["--scope", LES]).ok();
    assert_eq!((said.out.lines().count(), said.err.as_str()), (1, ""), "a token and nothing else");
    let token = said.out.trim();
    let (status, text) = demo.hvem(token);
    let all = demo.klient("demo-alle-scopes");
    assert_eq!(status, 200, "{text}");
    assert!(text.contains(all["orgnr"].as_str().expect("a number")), "{text}");
    assert_eq!(demo.server.get(HVEM).status, 401);

    let refused = demo.token(&["--scope", STENGT]);
    assert_eq!((refused.code, refused.out.as_str()), (Some(1), ""));
    let text = format!("Consumer has not been granted access to the scope {STENGT}.");
    assert!(refused.err.contains("403") && refused.err.contains(&text), "{}", refused.err);
    assert!(refused.err.contains("errors/MP-250"), "{}", refused.err);
    let other = demo.token(&["--scope", "idporten:dcr.read"]).ok();
    assert_eq!(demo.hvem(other.out.trim()).0, 403, "a good token with another scope");
}

#[test]
fn every_client_of_the_demo_gets_a_token_for_every_scope_it_is_granted() {
    let demo = Demo::start();
    for klient in demo.klienter() {
        let id = klient["client_id"].as_str().expect("an id");
        if id == "demo-leverandor" {
            for orgnr in klient["paa_vegne_av"].as_array().expect("a list") {
                let orgnr = orgnr.as_str().expect("a number");
                let said = demo.token(&["--scope", LES, "--klient", id, "--paa-vegne-av", orgnr]).ok();
                let (status, text) = demo.hvem(said.out.trim());
                assert!(status == 200 && text.contains(orgnr), "{text}");
            }
            continue;
        }
        for scope in klient["scopes"].as_array().expect("a list").iter().filter_map(Value::as_str).step_by(7)
        {
            let said = demo.token(&["--scope", scope, "--klient", id]);
            assert_eq!(said.code == Some(0), scope != STENGT, "{id} {scope}: {}", said.err);
        }
    }
    assert!(demo.klient("demo-virksomhetssertifikat")["kid"].is_null());
}

#[test]
fn keys_and_list_are_for_their_owner_alone() {
    let data = Data::nation();
    let mut seen = 0;
    for place in ["demo", "maskinporten"] {
        for entry in fs::read_dir(data.path().join(place)).expect("the directory") {
            let path = entry.expect("an entry").path();
            if path.is_file() {
                let mode = fs::metadata(&path).expect("metadata").permissions().mode() & 0o777;
                assert_eq!(mode, 0o600, "{}", path.display());
                seen += 1;
            }
        }
    }
    assert!(seen >= 7, "only {seen} files");
}

#[test]
fn administration_beside_a_server_holds_for_the_next_grant() {
    let demo = Demo::start();
    let klient = demo.klient("demo-leverandor");
    let (supplier, consumer) =
        (klient["orgnr"].as_str().expect("a number"), klient["paa_vegne_av"][0].as_str().expect("a number"));
    let ask = || demo.token(&["--scope", LES, "--klient", "demo-leverandor", "--paa-vegne-av", consumer]);
    ask().ok();
    demo.administer(&["delegering", "trekk", consumer, supplier, "grunndata-demo.les"]).ok();
    let refused = ask();
    let text =
        format!("Consumer {consumer} has not delegated access to the scope {LES} to supplier {supplier}.");
    assert!(refused.err.contains(&text), "{}", refused.err);
    demo.administer(&["delegering", "gi", consumer, supplier, "grunndata-demo.les"]).ok();
    ask().ok();
    demo.administer(&["tilgang", "trekk", LES, consumer]).ok();
    assert!(ask().err.contains("errors/MP-250"));
    let trail = demo.administer(&["spor"]).ok();
    let rows: Vec<Value> = serde_json::from_str(&trail.out).expect("JSON");
    let newest = rows.last().expect("a row");
    assert_eq!(
        (&newest["handling"], &newest["hvem"]["vei"]),
        (&"tilgang.trukket".into(), &"kommando".into())
    );
    let grants = demo.administer(&["spor", "--bevis"]).ok();
    let rows: Vec<Value> = serde_json::from_str(&grants.out).expect("JSON");
    assert_eq!(rows.last().expect("a row")["avslag"], "MP-250");
}

#[test]
fn from_nothing_to_a_token_with_the_commands_of_the_documentation() {
    let data = Data::empty();
    let administer = |arguments: &[&str]| run(&data.path(), &[&["maskinporten"], arguments].concat());
    let key = data.beside("nokkel.pem");
    let key = key.to_str().expect("a path");
    let source = "https://tt02.altinn.no/";
    for arguments in [
        &["scope", "prefiks", "demo", "--orgnr", "313037002"][..],
        &["scope", "sett", "demo:register.read", "--beskrivelse", "Leserett", "--delegeringskilde", source],
        &["tilgang", "gi", "demo:register.read", "311015001"],
        &[
            "klient",
            "ny",
            "--orgnr",
            "311015001",
            "--navn",
            "Vår",
            "--scope",
            "demo:register.read",
            "--client-id",
            "vaar",
        ],
        &["klient", "nokler", "vaar", "--ny", key],
        &[
            "delegering",
            "ordning",
            "demo-api",
            "--eier",
            "313037002",
            "--scope",
            "demo:register.read",
            "--tittel",
            "D",
        ],
        &[
            "klient",
            "ny",
            "--orgnr",
            "312026007",
            "--scope",
            "demo:register.read",
            "--client-id",
            "leverandor",
        ],
        &["delegering", "gi", "311015001", "312026007", "demo-api"],
    ] {
        administer(arguments).ok();
    }
    let list: Vec<Value> = serde_json::from_str(&administer(&["klient", "liste"]).ok().out).expect("JSON");
    assert_eq!(list.len(), 2);
    let twice = administer(&["klient", "nokler", "vaar", "--ny", key]);
    assert_eq!(twice.code, Some(1), "a key is never written over");
    for (arguments, said) in [
        (&["klient", "vis", "ukjent"][..], "klienten finnes ikke"),
        (&["scope", "sett", "annet:scope"], "prefikset er ikke ditt"),
        (&["delegering", "gi", "311015001", "311015001", "demo-api"], "den samme"),
    ] {
        let refused = administer(arguments);
        assert!(refused.code == Some(1) && refused.err.contains(said), "{}", refused.err);
    }
    assert_eq!(administer(&["tilgang", "gi", "demo:register.read", "311015002"]).code, Some(2));
    let server = Server::start(&data.path(), &[]);
    let while_it_runs: Vec<Value> =
        serde_json::from_str(&administer(&["klient", "liste"]).ok().out).expect("JSON");
    assert_eq!(while_it_runs, list, "through the server");
    assert_eq!(server.stop(), Some(0));
    let keys = administer(&["signering", "status"]).ok();
    assert!(keys.out.contains("gjeldende"), "{}", keys.out);
    administer(&["signering", "bytt"]).ok();
    let keys: Vec<Value> =
        serde_json::from_str(&administer(&["signering", "status"]).ok().out).expect("JSON");
    assert_eq!(keys.iter().map(|key| &key["stilling"]).collect::<Vec<_>>(), ["gjeldende", "neste"]);
    assert!(administer(&["klient", "slett", "vaar"]).code == Some(0));
}

#[test]
fn an_enterprise_certificate_for_anybody() {
    let data = Data::empty();
    let out = data.beside("sertifikat");
    let out = out.to_str().expect("a path");
    let make = |profile: &str| {
        let order = ["virksomhetssertifikat", "--orgnr", "311015001", "--navn", "Vår AS", "--ut", out];
        run(&data.path(), &[&order[..], &["--profil", profile]].concat())
    };
    let said = make("seid1").ok();
    let files: Vec<&str> = said.out.lines().collect();
    assert!(fs::read_to_string(files[0]).expect("the key").starts_with("-----BEGIN PRIVATE KEY-----"));
    let chain = fs::read_to_string(files[1]).expect("the certificates");
    assert_eq!(chain.matches("BEGIN CERTIFICATE").count(), 2);
    for file in files {
        assert_eq!(fs::metadata(file).expect("metadata").permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(make("seid2").code, Some(1), "a key is never written over");
}

#[test]
fn metadata_where_libraries_look_for_them() {
    let demo = Demo::start();
    let at = |path: &str| demo.server.get(path);
    let usual = at("/maskinporten/.well-known/oauth-authorization-server");
    let issuer = format!("{}/maskinporten/", demo.server.base);
    assert_eq!(usual.json()["issuer"], issuer.as_str());
    for path in [
        "/.well-known/oauth-authorization-server/maskinporten",
        "/.well-known/oauth-authorization-server/maskinporten/",
    ] {
        assert_eq!(at(path).json(), usual.json(), "{path}");
    }
    assert_eq!(at("/maskinporten/jwk").json()["keys"].as_array().map(Vec::len), Some(1));
    assert_eq!(at("/maskinporten/finnes/ikke").json()["error"], "not_found");
    assert_eq!(at("/samarbeid/finnes/ikke").json()["status"], 404);
}

#[test]
fn a_host_name_of_its_own() {
    let data = Data::nation();
    let set = [
        "--set",
        "maskinporten.vertsnavn=as.example.no",
        "--set",
        "maskinporten.utsteder=https://as.example.no/",
    ];
    let server = Server::start(&data.path(), &set);
    let path = "/.well-known/oauth-authorization-server";
    let answer = server.get_with(path, &[("host", "as.example.no")]);
    assert_eq!(answer.json()["token_endpoint"], "https://as.example.no/token");
    assert_eq!(server.get(path).status, 404, "on other names it lies under its prefix");
    assert_eq!(server.get(&format!("/maskinporten{path}")).status, 200);
}

#[test]
fn no_key_token_or_grant_is_in_the_log() {
    let data = Data::nation();
    let server = Server::start(&data.path(), &["--set", "logg.nivaa=trace"]);
    let demo = Demo { data, server };
    let token = demo.token(&["--scope", LES]).ok().out;
    demo.hvem(token.trim());
    let pid = demo.token(&["--scope", STENGT]);
    assert_eq!(pid.code, Some(1));
    let log = demo.server.log_with("avslag");
    let key = fs::read_to_string(demo.data.path().join("demo/demo-alle-scopes.key.pem")).expect("the key");
    let line = key.lines().nth(5).expect("a line of the key");
    let signature = token.trim().rsplit('.').next().expect("a signature");
    for secret in [line, signature, "eyJ"] {
        assert!(!log.contains(secret), "a secret is in the log");
    }
}

/// Revocation lists come anew every day, and roots now and then: nobody restarts a server for them.
#[test]
fn whom_to_trust_is_read_again_when_the_files_change() {
    let data = Data::nation();
    let of = |data: &Data, name: &str| {
        let der = fs::read(data.path().join("maskinporten/testca").join(name)).expect("the certificate");
        vakt::pem::encode("CERTIFICATE", &der).to_string()
    };
    let stranger = Data::empty();
    let (out, root, between) = (stranger.beside("ut"), data.beside("rot.pem"), data.beside("mellom.pem"));
    let order = ["virksomhetssertifikat", "--orgnr", "311015001", "--navn", "X", "--ut"];
    run(&stranger.path(), &[&order[..], &[out.to_str().expect("a path")]].concat()).ok();
    let trust = |whom: &Data| {
        fs::write(&between, of(whom, "utsteder.der")).expect("a file");
        fs::write(&root, of(whom, "rot.der")).expect("a file");
    };
    trust(&stranger);
    let set = |key: &str, file: &std::path::Path| format!("maskinporten.{key}={}", file.display());
    let (root_set, between_set) = (set("tillit_rot_fil", &root), set("tillit_mellom_fil", &between));
    let server = Server::start(&data.path(), &["--set", &root_set, "--set", &between_set]);
    let demo = Demo { data, server };
    let ask = || demo.token(&["--scope", LES, "--klient", "demo-virksomhetssertifikat"]);
    assert!(ask().err.contains("errors/MP-120"), "{}", ask().err);
    trust(&demo.data);
    demo.server.log_with("have been read again");
    ask().ok();
    fs::write(&root, "no certificate").expect("a file");
    demo.server.log_with("the old lists of trust stay in use");
    ask().ok();
}

/// As a second node would, whose operator forgot to give it the first one's master key.
#[test]
fn a_node_with_another_master_key_says_so_and_issues_nothing() {
    let demo = Demo::start();
    demo.token(&["--scope", LES]).ok();
    let Demo { data, server } = demo;
    assert_eq!(server.stop(), Some(0));
    let other = data.beside("annen");
    fs::write(&other, "A".repeat(43)).expect("a key");
    let set = format!("maskinporten.hovednokkel_fil={}", other.display());
    let demo = Demo { server: Server::start(&data.path(), &["--set", &set]), data };
    demo.server.log_with("noder på samme lager skal ha samme hovednøkkel");
    let refused = demo.token(&["--scope", LES]);
    assert!(refused.code == Some(1) && refused.err.contains("server_error"), "{}", refused.err);
    assert_eq!(demo.server.get("/drift/klar").status, 200, "the rest is served");
}
