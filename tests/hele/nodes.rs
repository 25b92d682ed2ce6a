//! Several nodes on one database, and a database that goes away.

use std::fs;
use std::time::{Duration, Instant};

use pgklynge::Cluster;
use serde_json::{Value, json};
use tempfile::TempDir;
use tid::{Clock, SystemClock, SystemRandom};
use vakt::jws::{KeyHint, RsaSigner, sign};

use crate::crash::text_of;
use crate::nation::{Data, UNITS, dump, note};
use crate::program::run;
use crate::server::{API, Answer, Server};

/// Another node's place: a data directory of its own on the same database.
fn node(data: &Data) -> TempDir {
    let node = TempDir::new().expect("a temporary directory");
    note(node.path(), &data.database.as_ref().expect("a database").url());
    node
}

/// Waits until something is so.
fn until(what: &str, mut so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !so() {
        assert!(begun.elapsed() < Duration::from_mins(1), "{what} does not come");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The feed without the host of links.
pub(crate) fn feed(server: &Server) -> Value {
    let page = server.api("/oppdateringer/enheter?size=10000").to_string().replace(&server.base, "");
    serde_json::from_str(&page).expect("JSON")
}

#[test]
fn what_one_node_writes_all_nodes_show() {
    let data = Data::nation();
    let [second, third] = [node(&data), node(&data)];
    let first = Server::start(&data.path(), &[]);
    let mut nodes: Vec<Server> =
        [&second, &third].iter().map(|place| Server::start(&place.path().join("data"), &[])).collect();
    nodes.push(first);
    for server in &nodes {
        assert_eq!(server.api("/enheter")["page"]["totalElements"], UNITS);
    }
    let text = text_of(&fs::read(dump().join("enheter_alle.json.gz")).expect("a dump"));
    let newer = data.beside("newer.json");
    let (yes, no) = ("\"registrertIMvaregisteret\" : true", "\"registrertIMvaregisteret\" : false");
    fs::write(&newer, text.replace(yes, no)).expect("a file");
    // On a node of its own, as an operator does it.
    let importing = node(&data);
    let file = newer.to_str().expect("a readable path");
    run(&importing.path().join("data"), &["import", "enheter", file]).ok();
    for server in &nodes {
        until("the change in search", || {
            server.api("/enheter?registrertIMvaregisteret=true&size=1")["page"]["totalElements"] == 0
        });
        assert_eq!(feed(server), feed(&nodes[0]), "one order for all");
    }

    // Killed as `kill -9` does, and begun again.
    drop(nodes.remove(0));
    let again = Server::start(&second.path().join("data"), &[]);
    assert_eq!(feed(&again), feed(&nodes[0]));
    run(&data.path(), &["verify"]).ok();
    let copy = data.beside("kopi.sqlite");
    run(&data.path(), &["backup", copy.to_str().expect("a readable path")]).ok();
    assert!(copy.exists());
}

/// Three nodes that issue tokens as one: the same issuer, and the same master key.
struct Issuers {
    data: Data,
    _places: [TempDir; 2],
    nodes: Vec<Server>,
}

impl Issuers {
    fn start() -> Self {
        let data = Data::nation();
        let places = [node(&data), node(&data)];
        let key = format!(
            "maskinporten.hovednokkel_fil={}",
            data.path().join("maskinporten/hovednokkel").display()
        );
        let set = ["--set", key.as_str(), "--set", "maskinporten.utsteder=https://as.example.no/"];
        let directories = [data.path(), places[0].path().join("data"), places[1].path().join("data")];
        let nodes = directories.iter().map(|directory| Server::start(directory, &set)).collect();
        Self { data, _places: places, nodes }
    }

    /// A client of the demo's, from its list.
    fn client(&self, id: &str) -> Value {
        let list = fs::read(self.data.path().join("demo/klienter.json")).expect("the list");
        let list: Vec<Value> = serde_json::from_slice(&list).expect("JSON");
        list.into_iter().find(|client| client["client_id"] == id).expect("the client")
    }

    /// A good grant of the client's.
    fn grant(&self, client: &Value, consumer: Option<&str>) -> String {
        self.grant_for("grunndata:demo.les", client, consumer)
    }

    fn grant_for(&self, scope: &str, client: &Value, consumer: Option<&str>) -> String {
        let text = |name: &str| client[name].as_str().expect("a text").to_owned();
        let pem = fs::read(self.data.path().join("demo").join(text("nokkel"))).expect("the key");
        let signer = RsaSigner::from_pkcs8_pem(&pem).expect("a key").named(text("kid"));
        let now = SystemClock.now().as_millis() / 1000;
        let mut claims = json!({
            "aud": "https://as.example.no/", "iss": text("client_id"), "scope": scope,
            "iat": now, "exp": now + 60, "jti": tid::uuid(&SystemRandom),
        });
        if let Some(consumer) = consumer {
            claims["consumer_org"] = json!(consumer);
        }
        sign(&signer, KeyHint::Kid, &claims).expect("a signature")
    }

    /// The order, on the first node while it runs.
    fn order(&self, arguments: &[&str]) {
        run(&self.data.path(), &[&["maskinporten"], arguments].concat()).ok();
    }
}

fn ask(server: &Server, grant: &str) -> Answer {
    let body = format!("grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion={grant}");
    let form = [("content-type", "application/x-www-form-urlencoded")];
    server.send("POST", "/maskinporten/token", &form, body.as_bytes())
}

#[test]
fn what_is_revoked_on_one_node_is_revoked_on_all_within_a_second() {
    let issuers = Issuers::start();
    let supplier = issuers.client("demo-leverandor");
    let text = |value: &Value| value.as_str().expect("a number").to_owned();
    let (consumer, orgnr) = (text(&supplier["paa_vegne_av"][0]), text(&supplier["orgnr"]));
    let delegated = |server: &Server| ask(server, &issuers.grant(&supplier, Some(&consumer)));
    for server in &issuers.nodes {
        let token = delegated(server);
        assert_eq!(token.status, 200, "{}", token.text());
    }
    issuers.order(&["delegering", "trekk", &consumer, &orgnr, "grunndata-demo.les"]);
    let begun = Instant::now();
    for server in &issuers.nodes {
        let refused = delegated(server);
        assert_eq!(refused.status, 403, "the next grant, on every node: {}", refused.text());
        assert!(refused.text().contains("errors/MP-251"), "{}", refused.text());
    }
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());

    // A key that is lost: what it has signed opens nothing any more, and all nodes publish the new one.
    let client = issuers.client("demo-alle-scopes");
    let token = text(&ask(&issuers.nodes[2], &issuers.grant(&client, None)).json()["access_token"]);
    let bearer = format!("Bearer {token}");
    let opens = |server: &Server| {
        server.get_with("/maskinporten/utvidet/hvem-er-jeg", &[("authorization", &bearer)]).status
    };
    for server in &issuers.nodes {
        assert_eq!(opens(server), 200, "every node takes what any of them issued");
    }
    issuers.order(&["signering", "bytt", "--straks"]);
    let begun = Instant::now();
    for server in &issuers.nodes {
        until("the withdrawal", || opens(server) == 401);
    }
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    let published: Vec<Value> =
        issuers.nodes.iter().map(|server| server.get("/maskinporten/jwk").json()).collect();
    assert!(published.iter().all(|keys| *keys == published[0]), "{published:?}");
}

/// Row A59 of the attack list, on three nodes.
#[test]
fn a_grant_sent_to_all_nodes_at_once_is_good_for_one_token() {
    let issuers = Issuers::start();
    let client = issuers.client("demo-alle-scopes");
    for _ in 0..3 {
        let grant = issuers.grant(&client, None);
        let answers: Vec<Answer> = std::thread::scope(|scope| {
            let sent = issuers.nodes.iter().cycle().take(18);
            let sent: Vec<_> = sent.map(|server| scope.spawn(|| ask(server, &grant))).collect();
            sent.into_iter().map(|sent| sent.join().expect("an answer")).collect()
        });
        let good = answers.iter().filter(|answer| answer.status == 200).count();
        let used = answers.iter().filter(|answer| answer.text().contains("errors/MP-012")).count();
        assert_eq!((good, used), (1, answers.len() - 1));
    }
}

#[test]
fn without_its_database_it_says_so_and_comes_back() {
    let cluster = Cluster::start(&[]);
    let place = TempDir::new().expect("a temporary directory");
    note(place.path(), &cluster.url("postgres").replace("postgres@", "postgres:hemmelig@"));
    let data = place.path().join("data");
    let size = ["--enheter", "1000", "--fro", "7"];
    let server = Server::start_command(&data, "demo", &size);
    let unit = server.api("/enheter?size=1")["_embedded"]["enheter"][0]["organisasjonsnummer"].clone();
    let unit = format!("{API}/enheter/{}", unit.as_str().expect("a number"));
    assert_eq!(server.get(&unit).status, 200);

    cluster.kill();
    for path in [unit.as_str(), &format!("{API}/enheter?size=1"), "/drift/klar"] {
        let begun = Instant::now();
        let answer = server.get(path);
        assert_eq!(answer.status, 503, "{path}: {}", answer.text());
        assert!(begun.elapsed() < Duration::from_secs(10), "{path}: {:?}", begun.elapsed());
        if path.starts_with(API) {
            assert_eq!(answer.header("retry-after"), "1", "{path}");
            assert_eq!(answer.json()["status"], 503, "{path}");
        }
    }
    assert_eq!(server.get("/drift/liv").status, 200);

    cluster.start_again();
    until("the database", || server.get(&unit).status == 200 && server.get("/drift/klar").status == 200);
    assert!(!server.log().contains("hemmelig"), "a password is in the log:\n{}", server.log());
    assert_eq!(server.stop(), Some(0));
    let shown = run(&data, &["config"]).ok();
    assert!(
        shown.out.contains("database = \"postgres://***@") && !shown.out.contains("hemmelig"),
        "{}",
        shown.out
    );
}

#[test]
fn an_extract_ordered_on_one_node_is_made_once_and_fetched_from_all() {
    let mut issuers = Issuers::start();
    let client = issuers.client("demo-alle-scopes");
    let grant = issuers.grant_for("folkeregister:deling/offentligmedhjemmel", &client, None);
    let token = ask(&issuers.nodes[0], &grant).json();
    let bearer = format!("Bearer {}", token["access_token"].as_str().expect("a token"));
    let get = |server: &Server, path: &str| {
        let path = format!("/folkeregisteret/offentlig-med-hjemmel/api/v1/uttrekk/{path}");
        server.get_with(&path, &[("authorization", &bearer)])
    };
    let order = |server: &Server| {
        let answer = get(server, "komplett");
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["jobbId"].as_str().expect("an id").to_owned()
    };
    let first = order(&issuers.nodes[0]);
    let all = |nodes: &[Server], job: &str| -> Vec<Vec<u8>> {
        let fetched = nodes.iter().map(|server| {
            until("the extract", || get(server, &format!("{job}/batch/0")).status == 200);
            assert_eq!(get(server, &format!("{job}/batch/1")).text(), "{}");
            get(server, &format!("{job}/batch/0")).body
        });
        fetched.collect()
    };
    let fetched = all(&issuers.nodes, &first);
    assert!(fetched[0].len() > 60_000 && fetched.iter().all(|body| *body == fetched[0]));
    // A node that dies leaves its orders to the others.
    let second = order(&issuers.nodes[0]);
    drop(issuers.nodes.remove(0));
    assert!(all(&issuers.nodes, &second).iter().all(|body| *body == fetched[0]), "nothing has changed");
}
