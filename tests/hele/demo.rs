//! The demo, as the README promises it.

use crate::nation::{Data, UNITS};
use crate::program::run;
use crate::server::{API, Server};

const SIZE: [&str; 6] = ["--enheter", "1000", "--personer", "2000", "--fro", "7"];

#[test]
fn a_second_start_finds_the_nation_and_tells_what_to_try() {
    assert_eq!(SIZE[1], UNITS.to_string());
    let data = Data::nation();
    let server = Server::start_command(&data.path(), "demo", &SIZE);
    assert_eq!(server.api("/enheter")["page"]["totalElements"], UNITS);
    let log = server.log_with("in a browser");
    assert!(!log.contains("this is done once"), "it was made again:\n{log}");
    let mut tried = 0;
    for line in log.lines().filter(|line| line.trim_start().starts_with("curl ")) {
        let address = line.split(['\'', ' ']).find(|word| word.starts_with("http")).expect("an address");
        let path = address.strip_prefix(&server.base).expect("an address on this server");
        let expected = if line.contains("410") { 410 } else { 200 };
        assert_eq!(server.get(path).status, expected, "{line}");
        tried += 1;
    }
    assert!(tried >= 10, "only {tried} addresses to try:\n{log}");
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn another_nation_is_not_laid_over_the_one_that_is_there() {
    let data = Data::nation();
    let said = run(&data.path(), &["demo", "--listen", "127.0.0.1:0", "--enheter", "1000", "--fro", "8"]);
    assert_eq!(said.code, Some(2));
    assert!(
        said.err.contains("holds another nation: --enheter 1000 --personer 2000 --fro 7"),
        "{}",
        said.err
    );
    let server = Server::start(&data.path(), &[]);
    assert_eq!(server.api("/enheter")["page"]["totalElements"], UNITS);
}

#[test]
fn every_endpoint_answers() {
    let data = Data::nation();
    let server = Server::start(&data.path(), &[]);
    let document = server.get("/openapi.json").json();
    let paths = document["paths"].as_object().expect("paths");
    let number = server.api("/enheter?organisasjonsform=AS&size=1&fraAntallAnsatte=5")["_embedded"]["enheter"][0]
        ["organisasjonsnummer"]
        .as_str()
        .expect("a unit")
        .to_owned();
    let sub_unit = server.api("/underenheter?size=1")["_embedded"]["underenheter"][0]["organisasjonsnummer"]
        .as_str()
        .expect("a sub-unit")
        .to_owned();
    let mut seen = 0;
    // Maskinporten's surfaces and Folkeregisteret ask for tokens; what they answer is in files of their own.
    let closed = ["/maskinporten", "/samarbeid", "/altinn", "/.well-known", "/folkeregisteret"];
    for path in paths.keys().filter(|path| !closed.iter().any(|prefix| path.starts_with(prefix))) {
        let orgnr = if path.contains("/underenheter/{") { &sub_unit } else { &number };
        let code = match path {
            p if p.contains("rollegruppetyper") => "STYR",
            p if p.contains("rolletyper") => "LEDE",
            p if p.contains("representanter") => "AREP",
            _ => "AS",
        };
        let mut address =
            path.replace("{orgnr}", orgnr).replace("{kode}", code).replace("{kommunenr}", "0301");
        assert!(!address.contains('{'), "the test does not know the parameter in {path}");
        if path.ends_with("/matrikkelenhet") {
            address.push_str("?matrikkelenhetid=1");
        }
        if path.ends_with("/personer") {
            address.push_str("?navn=hansen");
        }
        let answer = server.get(&address);
        assert_eq!(answer.status, 200, "{address}: {}", answer.text());
        let head = server.head(&address);
        assert_eq!(head.status, 200, "HEAD {address}");
        assert_eq!(head.header("content-type"), answer.header("content-type"), "HEAD {address}");
        let vary: Vec<_> = answer.headers.get_all("vary").iter().collect();
        for line in ["Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"] {
            assert!(
                vary.iter().any(|value| *value == line),
                "{address}: {vary:?} lacks a line of its own for {line}"
            );
        }
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{address}");
        seen += 1;
    }
    assert!(seen >= 26, "the document has only {seen} paths");
}

#[test]
fn holders_of_roles_are_found_in_business_only() {
    let data = Data::nation();
    let server = Server::start(&data.path(), &[]);
    let mut seen = 0;
    for (form, business) in [("AS", true), ("ENK", true), ("BRL", false), ("KOMM", false)] {
        let page = server.api(&format!(
            "/enheter?organisasjonsform={form}&registrertIFrivillighetsregisteret=false&size=20"
        ));
        for unit in page["_embedded"]["enheter"].as_array().into_iter().flatten() {
            let number = unit["organisasjonsnummer"].as_str().expect("a number");
            let roles = server.get(&format!("{API}/enheter/{number}/roller"));
            let Some(person) = (roles.status == 200).then(|| roles.json()).and_then(|roles| {
                let holders = roles["rollegrupper"].as_array()?.iter().filter_map(|g| g["roller"].as_array());
                holders.flatten().find_map(|role| role.get("person").cloned())
            }) else {
                continue;
            };
            let name = person["navn"]["etternavn"].as_str().expect("a name");
            let date = person["fodselsdato"].as_str().expect("a date");
            let found = server.get(&format!(
                "/enhetsregisteret/utvidet/personer?navn={}&fodselsdato={date}&size=100",
                percent(name)
            ));
            assert_eq!(found.status, 200, "{form}: {}", found.text());
            assert_eq!(found.text().contains(number), business, "{form} {number}");
            seen += 1;
        }
    }
    assert!(seen > 20, "only {seen} units have people in roles");
}

/// A word as a query carries it.
fn percent(word: &str) -> String {
    word.bytes().flat_map(|byte| format!("%{byte:02X}").into_bytes()).map(char::from).collect()
}

#[test]
fn the_window_ends_at_ten_thousand() {
    let data = Data::nation();
    let server = Server::start(&data.path(), &[]);
    assert_eq!(server.get(&format!("{API}/enheter?page=499&size=20")).status, 200);
    let past = server.get(&format!("{API}/enheter?page=500&size=20"));
    assert_eq!(past.status, 400);
    let body = past.json();
    assert_eq!(body["feilmelding"], "Feilaktig forespørsel");
    assert_eq!(body["sti"], "/enhetsregisteret/api/enheter");
    assert_eq!(body["valideringsfeil"][0]["feilmelding"], "size * (page+1) kan ikke overstige 10_000");
}

#[test]
fn the_portal_and_the_documentation_load_nothing_from_elsewhere() {
    let data = Data::nation();
    let server = Server::start(&data.path(), &[]);
    let portal = server.get("/");
    assert_eq!(portal.header("content-type"), "text/html; charset=utf-8");
    assert!(portal.text().contains("1\u{a0}000"), "the portal counts the units");
    let page = server.get("/docs").text();
    for reference in page.split(['"']).filter(|word| word.starts_with("docs/")) {
        let file = server.get(&format!("/{reference}"));
        assert_eq!(file.status, 200, "{reference}");
        let again = server.get_with(&format!("/{reference}"), &[("if-none-match", file.header("etag"))]);
        assert_eq!(again.status, 304, "{reference}");
    }
    for text in [portal.text(), page] {
        let links = text.split(['"', '\'']).filter(|word| word.starts_with("http"));
        for link in links {
            assert!(link.starts_with(&server.base), "{link} is on another host");
        }
    }
}

#[test]
fn what_is_not_there_has_the_form_of_its_place() {
    let data = Data::nation();
    let server = Server::start(&data.path(), &[]);
    let portal = server.get("/finnes/ikke");
    assert_eq!((portal.status, portal.header("content-type")), (404, "application/problem+json"));
    let unknown_unit = server.get(&format!("{API}/enheter/999999999"));
    assert_eq!((unknown_unit.status, unknown_unit.body.len()), (404, 0));
    let unknown_route = server.get(&format!("{API}/finnes/ikke")).json();
    assert_eq!(unknown_route["title"], "Not Found");
}

#[test]
fn links_follow_the_configured_address() {
    let data = Data::nation();
    let server =
        Server::start(&data.path(), &["--set", "server.offentlig_url=https://data.example.no/speil"]);
    let found = server.api("/enheter?size=2");
    let next = found["_links"]["next"]["href"].as_str().expect("a next page");
    assert!(next.starts_with("https://data.example.no/speil/enhetsregisteret/api/enheter?"), "{next}");
    let document = server.get("/openapi.json").json();
    assert_eq!(document["servers"][0]["url"], "https://data.example.no/speil");
}

#[test]
fn every_request_is_one_line_without_the_path_it_asked_for() {
    let data = Data::nation();
    let server = Server::start(&data.path(), &["--set", "logg.format=json"]);
    let asked = server.get_with(&format!("{API}/enheter/312345678"), &[("x-request-id", "test-17")]);
    assert_eq!(asked.header("x-request-id"), "test-17");
    let log = server.log_with("test-17");
    let line = log.lines().find(|line| line.contains("test-17")).expect("a line");
    let fields: serde_json::Value = serde_json::from_str(line).expect("JSON");
    let page = include_str!("../../docs/foresporselslogg.md");
    for field in fields.as_object().expect("fields").keys() {
        assert!(page.contains(&format!("`{field}`")), "{field} is not explained in docs/foresporselslogg.md");
    }
    assert_eq!(fields["route"], format!("{API}/enheter/{{orgnr}}"));
    assert!(!log.contains("312345678"), "a number of the caller's is in the log");
}
