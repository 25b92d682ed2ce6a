//! Two-way TLS: an enterprise certificate in place of a token, against the real binary.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::nation::Data;
use crate::program::run;
use crate::server::Server;

const MOTTAK: &str = "/folkeregisteret/mottak/api/separasjon_v1";
const TILBAKE: &str = "/folkeregisteret/tilbakemelding/api/v2/hendelser?seq=0";
const MELDING: &str = include_str!("../../crates/produsent/eksempler/separasjon_v1.xml");
const WITHIN: Duration = Duration::from_secs(30);

/// A certificate with its key.
type Pair = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

fn pair(chain: &[u8], key: &[u8]) -> Pair {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(chain).collect();
    (chain.expect("certificates"), PrivateKeyDer::from_pem_slice(key).expect("a key"))
}

fn own(name: &str) -> (String, String) {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed([name.to_owned()]).expect("a certificate");
    let (certificate, key) = (cert.der().as_ref(), signing_key.serialize_der());
    let pem = |name, der: &[u8]| vakt::pem::encode(name, der).to_string();
    (pem("CERTIFICATE", certificate), pem("PRIVATE KEY", &key))
}

/// A certificate of the test authority.
fn enterprise(data: &Path, orgnr: &str, beside: &Path) -> Pair {
    let beside_text = beside.to_str().expect("a path in UTF-8");
    run(data, &["virksomhetssertifikat", "--orgnr", orgnr, "--navn", "Prøve AS", "--ut", beside_text]).ok();
    let read = |name: String| std::fs::read(beside.join(name)).expect("it was written");
    pair(&read(format!("{orgnr}.pem")), &read(format!("{orgnr}.key.pem")))
}

struct Secure {
    server: Server,
    address: String,
    roots: RootCertStore,
}

impl Secure {
    /// With a certificate of the test authority.
    fn start(data: &Data) -> Self {
        let server = Server::start(&data.path(), &["--set", "server.tls_listen=127.0.0.1:0"]);
        let root = std::fs::read(data.path().join("maskinporten/testca/rot.pem")).expect("it was written");
        let root = CertificateDer::from_pem_slice(&root).expect("a certificate");
        Self::with_root(server, root)
    }

    /// With a certificate of its own.
    fn with_files(data: &Data) -> Self {
        let (certificate, key) = own("127.0.0.1");
        let files = [data.beside("server.pem"), data.beside("server.key.pem")];
        std::fs::write(&files[0], &certificate).expect("written");
        std::fs::write(&files[1], &key).expect("written");
        let set = [
            "server.tls_listen=127.0.0.1:0".to_owned(),
            format!("server.tls_sertifikat_fil={}", files[0].display()),
            format!("server.tls_nokkel_fil={}", files[1].display()),
        ];
        let flags: Vec<&str> = set.iter().flat_map(|setting| ["--set", setting]).collect();
        let server = Server::start(&data.path(), &flags);
        Self::with_root(server, pair(certificate.as_bytes(), key.as_bytes()).0.remove(0))
    }

    fn with_root(server: Server, root: CertificateDer<'static>) -> Self {
        let said = server.log_with("listening on https://");
        let from = said.find("https://").expect("the address") + "https://".len();
        let address = said[from..].lines().next().expect("a line").trim().to_owned();
        let mut roots = RootCertStore::empty();
        roots.add(root).expect("a root");
        Self { server, address, roots }
    }

    /// One request on a connection of its own; `None` if there is no connection to be had.
    fn ask(&self, with: Option<&Pair>, method: &str, path: &str, body: &str) -> Option<(u16, String)> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(self.roots.clone());
        let config = match with {
            Some((chain, key)) => {
                config.with_client_auth_cert(chain.clone(), key.clone_key()).expect("a pair")
            }
            None => config.with_no_client_auth(),
        };
        let name = ServerName::try_from("127.0.0.1").expect("a name");
        let connection = ClientConnection::new(Arc::new(config), name).expect("a connection");
        let tcp = TcpStream::connect(&self.address).expect("it listens");
        tcp.set_read_timeout(Some(WITHIN)).expect("a timeout");
        let mut tls = StreamOwned::new(connection, tcp);
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/xml\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
        tls.write_all(request.as_bytes()).ok()?;
        let mut answer = Vec::new();
        tls.read_to_end(&mut answer).ok()?;
        let answer = String::from_utf8(answer).expect("UTF-8");
        let status = answer.get(9..12)?.parse().expect("a status");
        Some((status, answer))
    }
}

#[test]
fn an_enterprise_certificate_is_enough_to_send_messages() {
    let data = Data::nation();
    let mine = enterprise(&data.path(), "311015001", &data.beside("mine"));
    let theirs = enterprise(&data.path(), "314159209", &data.beside("theirs"));
    let secure = Secure::start(&data);
    let give = ["produsent", "rett", "gi", "311015001", "--navn", "Prøve AS", "--ressurs", "separasjon_v1"];
    run(&data.path(), &give).ok();

    // Its own messages, and what is told back of them.
    assert_eq!(secure.ask(Some(&mine), "HEAD", MOTTAK, "").expect("an answer").0, 200);
    let (status, answer) = secure.ask(Some(&mine), "POST", MOTTAK, MELDING).expect("an answer");
    assert_eq!(status, 202, "{answer}");
    let begun = Instant::now();
    while !secure
        .ask(Some(&mine), "GET", TILBAKE, "")
        .expect("an answer")
        .1
        .contains("eksempel-separasjon_v1")
    {
        assert!(begun.elapsed() < WITHIN, "nothing is told back; {}", secure.server.log());
        std::thread::sleep(Duration::from_millis(50));
    }
    // Nobody else's; and only what the organisation may send.
    let (status, answer) = secure.ask(Some(&theirs), "GET", TILBAKE, "").expect("an answer");
    assert!(status == 200 && answer.ends_with("\r\n\r\n[]"), "{answer}");
    assert_eq!(secure.ask(Some(&theirs), "POST", MOTTAK, MELDING).expect("an answer").0, 403);
    let other = MOTTAK.replace("separasjon", "vigsel");
    assert_eq!(secure.ask(Some(&mine), "HEAD", &other, "").expect("an answer").0, 403);
}

#[test]
fn others_get_no_further_than_they_should() {
    let data = Data::nation();
    let mine = enterprise(&data.path(), "311015001", &data.beside("mine"));
    let secure = Secure::with_files(&data);
    // Without a certificate: what is open is open, and the rest asks for a token.
    let news = "/folkeregisteret-api-dokumentasjon/rss.xml";
    assert_eq!(secure.ask(None, "GET", news, "").expect("an answer").0, 200);
    assert_eq!(secure.ask(None, "POST", MOTTAK, MELDING).expect("an answer").0, 401);
    // A certificate opens what producers need, and nothing of what consumers have, nor the desk.
    for path in [
        "/folkeregisteret/offentlig-med-hjemmel/api/v1/hendelser/siste/sekvensnummer",
        "/folkeregisteret/utvidet/saksbehandling/saker",
    ] {
        assert_eq!(secure.ask(Some(&mine), "GET", path, "").expect("an answer").0, 401, "{path}");
    }
    // One that nobody we trust has issued gets no connection.
    let (certificate, key) = own("311015001");
    let forged = pair(certificate.as_bytes(), key.as_bytes());
    assert_eq!(secure.ask(Some(&forged), "GET", news, ""), None);
    secure.server.log_with("a caller's certificate was refused");
}

#[test]
fn an_address_that_asks_too_often_is_told_to_wait() {
    let data = Data::nation();
    let server = Server::start(&data.path(), &["--set", "vakt.adresse_per_minutt=3"]);
    let first = |_| server.send("POST", MOTTAK, &[("content-type", "application/xml")], MELDING.as_bytes());
    let answers: Vec<_> = (0..4).map(first).collect();
    assert!(answers[..3].iter().all(|answer| answer.status == 401));
    let refused = &answers[3];
    assert_eq!(refused.status, 429);
    // Milliseconds, as the real service says it.
    let wait: u64 = refused.header("retry-after").parse().expect("a number");
    assert!((1_000..=61_000).contains(&wait), "{wait}");
    assert!(refused.text().contains("ForMangeKallException"), "{}", refused.text());
    let told = server.get(TILBAKE);
    assert_eq!((told.status, told.json()["kode"].as_str()), (429, Some("FREG-429")));
}

#[test]
fn half_a_certificate_is_refused_and_real_issuers_want_a_real_one() {
    let data = Data::empty();
    let said = |settings: &[&str]| {
        let mut arguments = vec!["serve", "--listen", "127.0.0.1:0"];
        arguments.extend(settings.iter().flat_map(|setting| ["--set", setting]));
        let said = run(&data.path(), &arguments);
        assert_eq!(said.code, Some(2), "{}", said.err);
        said.err
    };
    let half = said(&["server.tls_listen=127.0.0.1:0", "server.tls_sertifikat_fil=a"]);
    assert!(half.contains("server.tls_nokkel_fil"), "{half}");
    let nowhere = said(&["server.tls_sertifikat_fil=a", "server.tls_nokkel_fil=b"]);
    assert!(nowhere.contains("server.tls_listen"), "{nowhere}");
    let header = said(&["server.tls_listen=127.0.0.1:0", "folkeregisteret.produsent_orgnr_hode=x-orgnr"]);
    assert!(header.contains("folkeregisteret.produsent_orgnr_hode"), "{header}");
    let real = said(&["server.tls_listen=127.0.0.1:0", "maskinporten.tillit_rot_fil=roots.pem"]);
    assert!(real.contains("server.tls_sertifikat_fil"), "{real}");
}
