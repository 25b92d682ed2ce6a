//! A server of the real binary with organisations, clients, keys and certificates to attack.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::{Map, Value, json};
use tid::{Clock, SystemClock, SystemRandom};
use ureq::http::HeaderName;
use vakt::jws::{KeyHint, RsaSigner, Signer, sign};
use vakt::{base64url, jwk};

use super::sertifikater::Autoritet;
use super::tavle::Tavle;
use super::utsteder::Utsteder;
use crate::nation::Data;
use crate::program::{Said, run};
use crate::server::{Answer, Server};

pub const ISSUER: &str = "https://as.example.no/";
pub const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// Bodies longer than this are not read to their end.
const STORT: usize = 60_000;
pub const KILDE: &str = "https://tt02.altinn.no/";

pub const EIER: &str = "313037002";
pub const KONSUMENT: &str = "311015001";
pub const LEVERANDOR: &str = "312026007";
/// Delegates to the supplier; has nothing to do with the consumer.
pub const FORELDER: &str = "310100005";
/// Has received from the consumer; has nothing to do with the supplier.
pub const UNDERENHET: &str = "310100013";

/// The consumer has access; not delegable.
pub const LES: &str = "demo:register.read";
/// Consumer and supplier have access; delegated by the consumer to the supplier.
pub const DELT: &str = "demo:delt/les";
/// All have access; delegable, and delegated to others only.
pub const UDELEGERT: &str = "demo:udelegert";
/// Only the consumer has access; delegable.
pub const KUNDE: &str = "demo:kunde";
/// Nobody has access; delegated by the consumer to the supplier.
pub const STENGT: &str = "demo:stengt";
/// Open to all; delegable.
pub const APENT: &str = "demo:apent";
/// For clients with certificates.
pub const SERT: &str = "demo:sertifikat";
pub const SKRIVE: &str = "idporten:dcr.write";
pub const ENDRE: &str = "idporten:dcr.modify";
pub const LESE: &str = "idporten:dcr.read";
pub const SCOPES: &str = "idporten:scopes.write";
pub const OPPSLAG: &str = "altinn:maskinporten/delegations";
pub const GI: &str = "altinn:accessmanagement/enduser:maskinportensuppliers.write";

pub struct Verden {
    pub data: Data,
    server: Option<Server>,
    /// What servers that have been stopped said.
    tidligere: String,
    pub tavle: Tavle,
    /// The consumer's and the supplier's registered key, `n-1`.
    pub nokkel: RsaSigner,
    /// Another client's, `nabo-1`.
    pub nabo: RsaSigner,
    pub ca: Autoritet,
    pub utsteder: Utsteder,
    /// Nobody may call it.
    pub felle: Felle,
}

/// A port that counts who calls.
pub struct Felle {
    pub adresse: String,
    anrop: Arc<AtomicU32>,
}

impl Felle {
    fn ny() -> Self {
        let lytter = TcpListener::bind("127.0.0.1:0").expect("a port");
        let (adresse, anrop) =
            (format!("http://{}", lytter.local_addr().expect("an address")), Arc::default());
        let teller: Arc<AtomicU32> = Arc::clone(&anrop);
        std::thread::spawn(move || {
            for _ in lytter.incoming() {
                teller.fetch_add(1, Ordering::SeqCst);
            }
        });
        Self { adresse, anrop }
    }

    pub fn urort(&self) -> bool {
        self.anrop.load(Ordering::SeqCst) == 0
    }
}

impl Verden {
    pub fn ny() -> Self {
        let key = |kid: &str| RsaSigner::generate().expect("a key").named(kid);
        let mut verden = Self {
            data: Data::empty(),
            server: None,
            tidligere: String::new(),
            tavle: Tavle::default(),
            nokkel: key("n-1"),
            nabo: key("nabo-1"),
            ca: Autoritet::ny(),
            utsteder: Utsteder::start(),
            felle: Felle::ny(),
        };
        verden.ca.skriv(&verden.data);
        verden.grunnlag();
        verden.start(&[]);
        verden
    }

    /// Starts the server anew, with more settings.
    pub fn start(&mut self, mer: &[&str]) {
        if let Some(gammel) = self.server.take() {
            // What stands before the line of one more request has come through.
            let siste = id();
            gammel.get_with("/drift/liv", &[("x-request-id", &siste)]);
            self.tidligere += &gammel.log_with(&siste);
            // The old one is killed, as by `kill -9`, when it goes.
        }
        let fast = self.innstillinger();
        let innstillinger: Vec<&str> = fast
            .iter()
            .map(String::as_str)
            .chain(mer.iter().copied())
            .flat_map(|verdi| ["--set", verdi])
            .collect();
        self.server = Some(Server::start(&self.data.path(), &innstillinger));
    }

    fn innstillinger(&self) -> Vec<String> {
        vec![
            format!("maskinporten.utsteder={ISSUER}"),
            "enhetsregisteret.aktiv=false".to_owned(),
            "server.tidsgrense_s=2".to_owned(),
            "vakt.samtidige_maks=0".to_owned(),
            format!("vakt.utstedere={}", self.utsteder.navn),
            format!("maskinporten.tillit_rot_fil={}", self.fil("rot.pem")),
            format!("maskinporten.tillit_mellom_fil={}", self.fil("mellom.pem")),
            format!("maskinporten.tillit_tilbakekalte={}", self.fil("tilbakekalte.der")),
        ]
    }

    pub fn fil(&self, navn: &str) -> String {
        self.data.beside(navn).display().to_string()
    }

    pub fn server(&self) -> &Server {
        self.server.as_ref().expect("it has been started")
    }

    /// Everything the servers have said.
    pub fn logg(&self) -> String {
        format!("{}{}", self.tidligere, self.server().log())
    }

    /// A command of the administration, which works beside the server too.
    pub fn administrer(&self, argumenter: &[&str]) -> Said {
        let mellom = format!("maskinporten.tillit_mellom_fil={}", self.fil("mellom.pem"));
        let rot = format!("maskinporten.tillit_rot_fil={}", self.fil("rot.pem"));
        let innstillinger = ["--set", &rot, "--set", &mellom];
        run(&self.data.path(), &[&innstillinger[..], &["maskinporten"], argumenter].concat())
    }

    pub fn ok(&self, argumenter: &[&str]) {
        self.administrer(argumenter).ok();
    }

    /// Registers public keys of a client.
    pub fn registrer(&self, klient: &str, nokler: &[Value]) {
        let fil = self.data.beside("jwks.json");
        skriv(&fil, json!({ "keys": nokler }).to_string().as_bytes());
        self.ok(&["klient", "nokler", klient, "--jwks", fil.to_str().expect("a path")]);
    }

    fn grunnlag(&self) {
        self.scopes();
        self.klienter();
        for (ressurs, scope) in [("delt", DELT), ("udelegert", UDELEGERT), ("stengt", STENGT)] {
            let ordning = ["delegering", "ordning", ressurs, "--eier", EIER, "--scope", scope];
            self.ok(&[&ordning[..], &["--tittel", ressurs]].concat());
        }
        for (fra, til, ressurs) in [
            (KONSUMENT, LEVERANDOR, "delt"),
            (KONSUMENT, LEVERANDOR, "stengt"),
            (KONSUMENT, UNDERENHET, "udelegert"),
            (FORELDER, LEVERANDOR, "udelegert"),
        ] {
            self.ok(&["delegering", "gi", fra, til, ressurs]);
        }
    }

    fn scopes(&self) {
        for prefiks in ["demo", "idporten", "altinn", "grunndata"] {
            self.ok(&["scope", "prefiks", prefiks, "--orgnr", EIER]);
        }
        for scope in
            [LES, SERT, SKRIVE, ENDRE, LESE, SCOPES, OPPSLAG, GI, "grunndata:demo.les", "demo:inaktiv"]
        {
            self.ok(&["scope", "sett", scope]);
        }
        for scope in [DELT, UDELEGERT, KUNDE, STENGT] {
            self.ok(&["scope", "sett", scope, "--delegeringskilde", KILDE]);
        }
        self.ok(&["scope", "sett", APENT, "--for-alle", "--delegeringskilde", KILDE]);
        let alle = [KONSUMENT, LEVERANDOR, EIER, FORELDER];
        for scope in [
            LES,
            "demo:inaktiv",
            UDELEGERT,
            SERT,
            DELT,
            SKRIVE,
            ENDRE,
            LESE,
            SCOPES,
            OPPSLAG,
            GI,
            "grunndata:demo.les",
        ] {
            for orgnr in alle {
                self.ok(&["tilgang", "gi", scope, orgnr]);
            }
        }
        self.ok(&["tilgang", "gi", KUNDE, KONSUMENT]);
    }

    fn klienter(&self) {
        let egne = [
            LES,
            DELT,
            UDELEGERT,
            KUNDE,
            STENGT,
            APENT,
            SERT,
            SKRIVE,
            ENDRE,
            LESE,
            SCOPES,
            OPPSLAG,
            GI,
            "grunndata:demo.les",
            "demo:inaktiv",
        ];
        for (klient, orgnr, scopes) in [
            ("konsument", KONSUMENT, &egne[..]),
            ("leverandor", LEVERANDOR, &egne),
            ("eier", EIER, &egne),
            ("nabo", FORELDER, &[LES, SERT]),
            ("sertifikat", LEVERANDOR, &[SERT]),
            ("laast", LEVERANDOR, &[SERT]),
            ("nedlagt", KONSUMENT, &[LES]),
        ] {
            let med = scopes.iter().flat_map(|scope| ["--scope", scope]);
            let ny: Vec<&str> =
                ["klient", "ny", "--orgnr", orgnr, "--client-id", klient].into_iter().chain(med).collect();
            self.ok(&ny);
        }
        let egen = jwk::to_json("n-1", self.nokkel.algorithm(), self.nokkel.public_key());
        for klient in ["konsument", "leverandor", "eier", "nedlagt"] {
            self.registrer(klient, std::slice::from_ref(&egen));
        }
        self.registrer("nabo", &[jwk::to_json("nabo-1", self.nabo.algorithm(), self.nabo.public_key())]);
        self.registrer("laast", &[self.ca.laast_jwk()]);
        self.ok(&["klient", "slett", "nedlagt"]);
        self.ok(&["scope", "slett", "demo:inaktiv"]);
    }

    /// The claims of a good grant of the consumer's, with some changed; `null` takes one away.
    #[expect(clippy::unused_self, reason = "the world's clients make grants")]
    pub fn krav(&self, endringer: &Value) -> Map<String, Value> {
        let mut krav = json!({
            "aud": ISSUER, "iss": "konsument", "scope": LES, "iat": naa(), "exp": naa() + 100, "jti": id(),
        });
        let krav = krav.as_object_mut().expect("an object");
        for (navn, verdi) in endringer.as_object().expect("an object") {
            match verdi {
                Value::Null => drop(krav.shift_remove(navn)),
                verdi => drop(krav.insert(navn.clone(), verdi.clone())),
            }
        }
        krav.clone()
    }

    /// A grant with the tests' key.
    pub fn bevis(&self, endringer: &Value) -> String {
        sign(&self.nokkel, KeyHint::Kid, &self.krav(endringer)).expect("a signature")
    }

    /// The grant with some claims changed, sent.
    pub fn be(&self, endringer: &Value) -> Answer {
        self.send(&self.bevis(endringer))
    }

    /// A grant, sent.
    pub fn send(&self, bevis: &str) -> Answer {
        self.skjema(&format!("grant_type={GRANT}&assertion={bevis}"))
    }

    /// A form, sent.
    pub fn skjema(&self, kropp: &str) -> Answer {
        const TYPE: &str = "application/x-www-form-urlencoded";
        if kropp.len() > STORT {
            let hode = format!("content-type: {TYPE}\r\ncontent-length: {}\r\n", kropp.len());
            return self.raatt("POST", "/maskinporten/token", &hode, kropp.as_bytes());
        }
        self.server().send("POST", "/maskinporten/token", &[("content-type", TYPE)], kropp.as_bytes())
    }

    /// A request that the server answers before it has read it all: then writing fails, and the answer is there.
    pub fn raatt(&self, metode: &str, sti: &str, hode: &str, kropp: &[u8]) -> Answer {
        let mut strom =
            TcpStream::connect(self.server().base.trim_start_matches("http://")).expect("a connection");
        strom.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
        let hode = format!("{metode} {sti} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{hode}\r\n");
        let _ = strom.write_all(hode.as_bytes()).and_then(|()| strom.write_all(kropp));
        let mut lest = Vec::new();
        let _ = strom.read_to_end(&mut lest);
        les(&lest)
    }

    /// A grant that must be accepted, and its token.
    #[expect(clippy::unused_self, reason = "stands beside what the world refuses")]
    pub fn godtas(&self, hva: &str, svar: &Answer) -> String {
        assert_eq!(svar.status, 200, "{hva}: {}", svar.text());
        svar.json()["access_token"].as_str().expect("a token").to_owned()
    }

    /// A token with scopes of the administration, as a header.
    pub fn bearer(&self, klient: &str, scope: &str) -> String {
        let svar = self.be(&json!({ "iss": klient, "scope": scope }));
        format!("Bearer {}", self.godtas(scope, &svar))
    }

    /// A call of the self-service API.
    pub fn som(&self, (klient, scope): (&str, &str), metode: &str, sti: &str, kropp: &Value) -> Answer {
        let bearer = self.bearer(klient, scope);
        let kropp = if kropp.is_null() { String::new() } else { kropp.to_string() };
        let hoder = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        self.server().send(metode, sti, &hoder, kropp.as_bytes())
    }
}

/// An answer as it was sent, with a length.
fn les(bytes: &[u8]) -> Answer {
    let tekst = String::from_utf8_lossy(bytes).into_owned();
    let (hode, kropp) = tekst.split_once("\r\n\r\n").unwrap_or((&tekst, ""));
    let status = hode.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    let linjer = hode.lines().skip(1).filter_map(|linje| linje.split_once(": "));
    let headers =
        linjer.filter_map(|(navn, verdi)| Some((HeaderName::try_from(navn).ok()?, verdi.parse().ok()?)));
    Answer { status, headers: headers.collect(), body: kropp.as_bytes().to_vec() }
}

/// A compact signature of any header over any payload, by any method.
pub fn raa(header: &str, payload: &[u8], signatur: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
    let inn = format!("{}.{}", base64url::encode(header), base64url::encode(payload));
    format!("{inn}.{}", base64url::encode(signatur(inn.as_bytes())))
}

pub fn skriv(fil: &PathBuf, innhold: &[u8]) {
    std::fs::File::create(fil).and_then(|mut fil| fil.write_all(innhold)).expect("a file");
}

pub fn naa() -> i64 {
    SystemClock.now().as_millis() / 1000
}

pub fn id() -> String {
    tid::uuid(&SystemRandom)
}
