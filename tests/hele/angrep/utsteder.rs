//! Another issuer, whose tokens the guard takes: the test holds its key, and can break it.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use serde_json::{Value, json};
use vakt::jwk;
use vakt::jws::{KeyHint, RsaSigner, Signer, sign};

use super::verden::{KONSUMENT, naa};

pub struct Utsteder {
    pub navn: String,
    pub nokkel: RsaSigner,
    nede: Arc<AtomicBool>,
    hentet: Arc<AtomicU32>,
}

impl Utsteder {
    pub fn start() -> Self {
        let lytter = TcpListener::bind("127.0.0.1:0").expect("a port");
        let navn = format!("http://{}/", lytter.local_addr().expect("an address"));
        let nokkel = RsaSigner::generate().expect("a key").named("utsteder-1");
        let (nede, hentet) = (Arc::<AtomicBool>::default(), Arc::<AtomicU32>::default());
        let metadata = json!({ "issuer": navn, "jwks_uri": format!("{navn}jwk") }).to_string();
        let jwks = json!({ "keys": [jwk::to_json(nokkel.kid(), nokkel.algorithm(), nokkel.public_key())] })
            .to_string();
        let (er_nede, teller) = (Arc::clone(&nede), Arc::clone(&hentet));
        std::thread::spawn(move || {
            for strom in lytter.incoming().map_while(Result::ok) {
                if !er_nede.load(Ordering::SeqCst) {
                    svar(strom, &metadata, &jwks, &teller);
                }
            }
        });
        Self { navn, nokkel, nede, hentet }
    }

    /// Takes it down, or up again.
    pub fn nede(&self, nede: bool) {
        self.nede.store(nede, Ordering::SeqCst);
    }

    /// How many times its keys have been fetched.
    pub fn hentet(&self) -> u32 {
        self.hentet.load(Ordering::SeqCst)
    }

    /// The claims of a good token of the consumer's, with some changed.
    pub fn krav(&self, endringer: &Value) -> Value {
        let mut krav = json!({
            "iss": self.navn, "scope": "grunndata:demo.les", "client_id": "c", "client_amr": "private_key_jwt",
            "token_type": "Bearer", "iat": naa(), "exp": naa() + 120, "jti": super::verden::id(),
            "consumer": { "authority": "iso6523-actorid-upis", "ID": format!("0192:{KONSUMENT}") },
        });
        let felt = krav.as_object_mut().expect("an object");
        for (navn, verdi) in endringer.as_object().expect("an object") {
            match verdi {
                Value::Null => drop(felt.shift_remove(navn)),
                verdi => drop(felt.insert(navn.clone(), verdi.clone())),
            }
        }
        krav
    }

    pub fn token(&self, endringer: &Value) -> String {
        sign(&self.nokkel, KeyHint::Kid, &self.krav(endringer)).expect("a signature")
    }
}

/// One answer to one request, whatever it is.
fn svar(mut strom: TcpStream, metadata: &str, jwks: &str, teller: &AtomicU32) {
    let mut lest = [0; 4096];
    let lengde = strom.read(&mut lest).unwrap_or(0);
    let nokler = lest[..lengde].starts_with(b"GET /jwk ");
    if nokler {
        teller.fetch_add(1, Ordering::SeqCst);
    }
    let kropp = if nokler { jwks } else { metadata };
    let hode = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", kropp.len());
    let _ = strom.write_all(format!("{hode}{kropp}").as_bytes());
}
