//! Digital signatures of messages, where the server is told to verify them.

use crate::nation::Data;
use crate::program::run;
use crate::server::Server;

/// Signed by another implementation with a certificate of a test authority.
const SIGNED: &str = include_str!("../../crates/sertifikat/data/signert_hele.xml");
const TRUST: &str = include_str!("../../crates/sertifikat/data/signert_tillit.pem");
const UNSIGNED: &str = include_str!("../../crates/produsent/eksempler/rekvisisjon_av_dnummer_v4.xml");
const MOTTAK: &str = "/folkeregisteret/mottak/api/rekvisisjon_av_dnummer_v4";

fn send(data: &Data, server: &Server, body: &str) -> (u16, String) {
    let scope = ["token", "--url", &server.base, "--scope", "folkeregister:mottak"];
    let token = format!("Bearer {}", run(&data.path(), &scope).ok().out.trim());
    let headers = [("authorization", token.as_str()), ("content-type", "application/xml")];
    let answer = server.send("POST", MOTTAK, &headers, body.as_bytes());
    (answer.status, answer.text())
}

#[test]
fn a_signature_that_is_verified_must_hold() {
    let data = Data::nation();
    let roots = data.beside("rot.pem");
    std::fs::write(&roots, TRUST).expect("written");
    let roots = format!("maskinporten.tillit_rot_fil={}", roots.display());
    let verify = "folkeregisteret.produsent_signaturer=bekreft";
    let changed = SIGNED.replacen("FAGSYSTEM", "FAGSYSTEN", 1);

    let server = Server::start(&data.path(), &["--set", verify, "--set", &roots]);
    assert_eq!(send(&data, &server, UNSIGNED).0, 202);
    assert_eq!(send(&data, &server, SIGNED).0, 202);
    let (status, text) = send(&data, &server, &changed);
    assert!(status == 400 && text.contains("ValideringsFeil") && text.contains("Signaturen"), "{text}");
    drop(server);

    // The authority of the certificate is not trusted here.
    let server = Server::start(&data.path(), &["--set", verify]);
    assert_eq!(send(&data, &server, SIGNED).0, 400);
    drop(server);

    // Kept and not looked at, unless it is asked for.
    let server = Server::start(&data.path(), &[]);
    assert_eq!(send(&data, &server, &changed).0, 202);
}
