//! What operators and their machines look at: measurements, health, log lines, stopping.

#![expect(clippy::float_cmp, reason = "counts are whole numbers, which the page's floats hold exactly")]

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use grunndata::telemetry::table;
use serde_json::Value;

use crate::nation::Data;
use crate::program;
use crate::server::{API, Server};

/// Series by their name with labels, as the page has them.
fn series(text: &str) -> BTreeMap<String, f64> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let (name, value) = line.rsplit_once(' ').expect("a name and a value");
            (name.to_owned(), value.parse().expect("a number"))
        })
        .collect()
}

/// The page, once it has a series whose name begins so.
fn page_with(server: &Server, name: &str) -> String {
    let begun = Instant::now();
    loop {
        let answer = server.get("/drift/metrikker");
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (200, "text/plain; version=0.0.4; charset=utf-8")
        );
        assert_eq!(answer.header("cache-control"), "no-store");
        let page = answer.text();
        if page.lines().any(|line| line.starts_with(name)) {
            return page;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{name} does not come:\n{page}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A series' value; how many events and bytes there are depends on the nation, so most is only known to be positive.
fn value(found: &BTreeMap<String, f64>, name: &str) -> f64 {
    *found.get(name).unwrap_or_else(|| panic!("{name} is not there: {:#?}", found.keys()))
}

#[test]
fn measurements_are_those_of_the_table_and_true() {
    let data = Data::nation();
    let server = Server::start(&data.path(), &[]);
    assert_eq!(server.get(&format!("{API}/enheter/lastned")).status, 200);
    let number = server.api("/enheter?size=1")["_embedded"]["enheter"][0]["organisasjonsnummer"].clone();
    let number = number.as_str().expect("a number");
    for number in [number, "312345678", "17912099997"] {
        server.get(&format!("{API}/enheter/{number}"));
    }
    server.get("/nowhere/17912099997");
    server.get("/docs/start.js");
    page_with(&server, "grunndata_index_size_bytes");
    let page = page_with(&server, "grunndata_download_made_timestamp_seconds");
    assert!(
        !page.contains(number) && !page.contains("312345678") && !page.contains("17912099997"),
        "a number of the caller's is on the page"
    );
    let found = series(&page);
    let look_ups = format!("route=\"{API}/enheter/{{orgnr}}\"");
    let count = |status: &str| {
        value(
            &found,
            &format!("grunndata_http_requests_total{{method=\"GET\",{look_ups},status=\"{status}\"}}"),
        )
    };
    assert_eq!(count("2xx") + count("4xx"), 3.0, "three look-ups");
    let labels = format!("method=\"GET\",{look_ups},status=\"2xx\"");
    let whole =
        value(&found, &format!("grunndata_http_request_duration_seconds_bucket{{{labels},le=\"+Inf\"}}"));
    assert_eq!(
        (whole, value(&found, &format!("grunndata_http_request_duration_seconds_count{{{labels}}}"))),
        (count("2xx"), count("2xx"))
    );
    assert_eq!(
        value(&found, "grunndata_http_requests_total{method=\"GET\",route=\"-\",status=\"4xx\"}"),
        1.0
    );
    assert_eq!(
        value(
            &found,
            "grunndata_http_requests_total{method=\"GET\",route=\"/docs/start.js\",status=\"2xx\"}"
        ),
        1.0
    );
    assert_eq!(value(&found, "grunndata_http_requests_in_flight"), 1.0, "the one that asks");
    assert_eq!((value(&found, "grunndata_journal_up"), value(&found, "grunndata_draining")), (1.0, 0.0));
    for index in ["enheter", "underenheter", "personer", "folkeregisteret"] {
        assert_eq!(value(&found, &format!("grunndata_index_built{{index=\"{index}\"}}")), 1.0);
        assert_eq!(value(&found, &format!("grunndata_index_lag_changes{{index=\"{index}\"}}")), 0.0);
        assert_eq!(value(&found, &format!("grunndata_index_lag_seconds{{index=\"{index}\"}}")), 0.0);
        assert!(value(&found, &format!("grunndata_index_size_bytes{{index=\"{index}\"}}")) > 1000.0);
    }
    let status = server.get("/drift/status").json();
    assert_eq!(Some(value(&found, "grunndata_journal_head")), status["sekvensnummer"].as_f64());
    assert_eq!(
        Some(value(&found, "grunndata_feed_events{feed=\"enheter\"}")),
        status["enhetsregisteret"]["oppdateringer"][0].as_f64()
    );
    let store = data.path().join("grunndata.sqlite").metadata().map_or(1 << 20, |store| store.len());
    assert!(value(&found, "grunndata_journal_size_bytes") >= store as f64);
    let now = std::time::SystemTime::UNIX_EPOCH;
    let made = value(&found, "grunndata_download_made_timestamp_seconds{file=\"enheter_alle.json.gz\"}");
    let file =
        std::fs::read_dir(data.path().join("enhetsregisteret/lastned")).expect("files").flatten().next();
    let modified = file.expect("a file").metadata().and_then(|m| m.modified()).expect("a time");
    assert!((made - modified.duration_since(now).expect("after 1970").as_secs_f64()).abs() < 0.001);
    for name in
        ["process_resident_memory_bytes", "process_cpu_seconds_total", "process_open_fds", "process_threads"]
    {
        assert!(value(&found, name) > 0.0, "{name}");
    }
    let age = value(&found, "grunndata_download_made_timestamp_seconds{file=\"enheter_alle.json.gz\"}")
        - value(&found, "process_start_time_seconds");
    assert!((-3.0..120.0).contains(&age), "the file was made {age} s after the start");
}

/// The form is that of version 0.0.4: HELP, TYPE, then samples of that family and of no other, all known to the table.
#[test]
fn the_page_has_the_form_that_prometheus_reads() {
    let data = Data::nation();
    let server = Server::start(&data.path(), &[]);
    server.get(API);
    page_with(&server, "grunndata_index_size_bytes");
    let page = page_with(&server, "grunndata_http_requests_total");
    let mut families: BTreeSet<&str> = BTreeSet::new();
    let (mut name, mut kind) = ("", "");
    for line in page.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            let (family, help) = rest.split_once(' ').expect("a name and a text");
            let known =
                table::ALL.iter().find(|metric| metric.name == family).expect("a metric of the table");
            assert_eq!(help, known.help);
            assert!(families.insert(family), "{family} comes twice");
            (name, kind) = (family, known.kind.word());
        } else if let Some(rest) = line.strip_prefix("# TYPE ") {
            assert_eq!(rest, format!("{name} {kind}"));
        } else {
            let series = line.split(['{', ' ']).next().expect("a name");
            let parts = ["_bucket", "_sum", "_count"].map(|part| format!("{name}{part}"));
            let of_histogram = kind == "histogram" && parts.iter().any(|part| part == series);
            assert!(series == name || of_histogram, "{line} stands under {name}");
            assert!(line.rsplit_once(' ').is_some_and(|(_, value)| value.parse::<f64>().is_ok()), "{line}");
        }
    }
    let missing: Vec<_> =
        table::ALL.iter().map(|metric| metric.name).filter(|name| !families.contains(name)).collect();
    // Nothing has been downloaded and no upstream is followed here.
    assert!(missing.iter().all(|name| name.contains("_sync_") || name.contains("_download_")), "{missing:?}");
    assert_eq!(missing.len(), 5, "{missing:?}");
}

#[test]
fn told_to_stop_it_says_so_and_answers_until_callers_have_gone_elsewhere() {
    let data = Data::nation();
    let server = Server::start(&data.path(), &["--set", "server.nedtelling_s=5"]);
    let address = server.base.trim_start_matches("http://").to_owned();
    let ask = |more: &[&str]| {
        program::run(&data.path(), &[&["helse", "--listen", address.as_str()], more].concat())
    };
    assert!(ask(&[]).ok().out.contains("\"klar\""));
    assert!(ask(&["--liv"]).ok().out.contains("\"oppe\""));
    let told = Instant::now();
    server.ask_to_stop();
    let begun = Instant::now();
    while server.get("/drift/klar").status == 200 {
        assert!(begun.elapsed() < Duration::from_secs(4), "it goes on saying that it is ready");
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(
        server.get("/drift/klar").json(),
        serde_json::json!({ "status": "ikke klar", "stopper": true })
    );
    assert_eq!(server.get("/drift/liv").status, 200);
    assert_eq!(server.get(API).status, 200);
    assert!(page_with(&server, "grunndata_draining").contains("grunndata_draining 1"));
    let unready = ask(&[]);
    assert_eq!(unready.code, Some(1));
    assert!(unready.err.contains("503") && unready.err.contains("hint: "), "{}", unready.err);
    assert_eq!(server.ended(), Some(0));
    assert!(
        (Duration::from_secs(5)..Duration::from_secs(30)).contains(&told.elapsed()),
        "{:?}",
        told.elapsed()
    );
    let gone = ask(&["--liv"]);
    assert_eq!(gone.code, Some(1));
    assert!(gone.err.starts_with("error: ") && gone.err.contains("does not answer"), "{}", gone.err);
}

/// Health is answered when everything else is told to come back: a busy process must not be restarted for it.
#[test]
fn health_is_answered_under_overload() {
    let data = Data::nation();
    let server = Server::start(&data.path(), &["--set", "server.samtidige_maks=1"]);
    let refused = std::thread::scope(|scope| {
        let ask =
            || (0..200).filter(|_| server.get(&format!("{API}/enheter?navn=fjord")).status == 503).count();
        let askers: Vec<_> = (0..4).map(|_| scope.spawn(ask)).collect();
        for _ in 0..50 {
            for path in ["/drift/liv", "/drift/klar", "/drift/metrikker"] {
                assert_eq!(server.get(path).status, 200, "{path}");
            }
        }
        askers.into_iter().map(|asker| asker.join().expect("no panic")).sum::<usize>()
    });
    assert!(refused > 0, "the server was never overloaded");
}

/// Log lines in JSON follow docs/logglinje.schema.json: what is required is there, and what is there is known and of its type.
#[test]
fn log_lines_follow_their_schema() {
    let data = Data::nation();
    let server = Server::start(&data.path(), &["--set", "logg.format=json", "--set", "logg.nivaa=debug"]);
    let parent = ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    server.get_with(API, &[parent, ("x-request-id", "skjema-1")]);
    let log = server.log_with("skjema-1");
    let schema: Value =
        serde_json::from_str(include_str!("../../docs/logglinje.schema.json")).expect("a schema");
    let request = &schema["$defs"]["foresporsel"];
    let mut requests = 0;
    for line in log.lines().filter(|line| line.starts_with('{')) {
        let line: Value = serde_json::from_str(line).expect("JSON");
        follows(&line, &schema);
        if line["target"] == "foresporsel" {
            requests += 1;
            follows(&line, request);
            let known = request["properties"].as_object().expect("properties");
            assert!(line.as_object().expect("fields").keys().all(|key| known.contains_key(key)), "{line}");
        }
    }
    assert!(requests > 1);
    let line = log.lines().find(|line| line.contains("skjema-1")).expect("a line");
    assert_eq!(
        serde_json::from_str::<Value>(line).expect("JSON")["trace_id"],
        "4bf92f3577b34da6a3ce929d0e0e4736"
    );
}

/// The part of JSON Schema that the schema uses: `required`, and `type` of each property.
fn follows(line: &Value, schema: &Value) {
    for name in schema["required"].as_array().expect("required").iter().filter_map(Value::as_str) {
        assert!(line.get(name).is_some(), "{name} is not in {line}");
    }
    for (name, rule) in schema["properties"].as_object().expect("properties") {
        let Some(value) = line.get(name) else { continue };
        let fits = match rule["type"].as_str().expect("a type") {
            "string" => value.is_string(),
            "integer" => value.is_u64(),
            "number" => value.is_number(),
            other => panic!("the test knows no {other}"),
        };
        assert!(fits, "{name} in {line}");
    }
}

/// Routes of Maskinporten and closed routes are on the page as the others: by their templates, and what became of grants
/// and calls by its name. Nothing of tokens, clients or organisations.
#[test]
fn grants_and_guarded_calls_are_counted_without_saying_whose() {
    let data = Data::nation();
    let server = Server::start(&data.path(), &[]);
    let token = |scope: &str| program::run(&data.path(), &["token", "--url", &server.base, "--scope", scope]);
    let good = token("grunndata:demo.les").ok().out;
    assert_eq!(token("grunndata:demo.stengt").code, Some(1));
    let bearer = format!("Bearer {}", good.trim());
    let who = "/maskinporten/utvidet/hvem-er-jeg";
    let orgnr = server.get_with(who, &[("authorization", &bearer)]).json()["konsument"].clone();
    for authorization in [&*bearer, "Bearer x.y.z"] {
        server.get_with(who, &[("authorization", authorization)]);
    }
    server.send("POST", "/maskinporten//token", &[], b"x");
    server.get("/samarbeid/clients/demo-alle-scopes");
    server.get("/maskinporten/errors/MP-250");
    let expected = [
        ("grunndata_http_requests_total{method=\"POST\",route=\"/maskinporten/token\",status=\"2xx\"}", 1.0),
        ("grunndata_http_requests_total{method=\"POST\",route=\"/maskinporten/token\",status=\"4xx\"}", 1.0),
        ("grunndata_http_requests_total{method=\"POST\",route=\"/maskinporten//token\",status=\"4xx\"}", 1.0),
        (
            "grunndata_http_requests_total{method=\"GET\",route=\"/maskinporten/errors/{kode}\",status=\"2xx\"}",
            1.0,
        ),
        (
            "grunndata_http_requests_total{method=\"GET\",route=\"/samarbeid/clients/{client_id}\",status=\"4xx\"}",
            1.0,
        ),
        (
            "grunndata_http_requests_total{method=\"GET\",route=\"/maskinporten/utvidet/hvem-er-jeg\",status=\"2xx\"}",
            2.0,
        ),
        ("grunndata_maskinporten_grants_total{outcome=\"issued\"}", 1.0),
        ("grunndata_maskinporten_grants_total{outcome=\"MP-250\"}", 1.0),
        ("grunndata_maskinporten_grants_total{outcome=\"invalid_request\"}", 1.0),
        ("grunndata_guard_calls_total{outcome=\"verified\"}", 1.0),
        ("grunndata_guard_calls_total{outcome=\"remembered\"}", 1.0),
        ("grunndata_guard_calls_total{outcome=\"unauthenticated\"}", 1.0),
        ("grunndata_maskinporten_keys_expiring{days=\"30\"}", 0.0),
    ];
    // Grants and calls are taken up once a second.
    let begun = Instant::now();
    let page = loop {
        let page = server.get("/drift/metrikker").text();
        let found = series(&page);
        let lacking: Vec<_> =
            expected.iter().filter(|(name, count)| found.get(*name) != Some(count)).collect();
        if lacking.is_empty() {
            break page;
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "{lacking:#?}\n{page}");
        std::thread::sleep(Duration::from_millis(100));
    };
    let orgnr = orgnr.as_str().expect("a number");
    for whose in [orgnr, "demo-", "eyJ", "grunndata:"] {
        assert!(!page.contains(whose), "{whose} is on the page");
    }
}
