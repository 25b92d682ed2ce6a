//! The demo's organisations: units of the nation with clients and keys, scopes and delegations, ready to be tried.
//!
//! All is told to Maskinporten through its own administration. `demo/klienter.json` in the data directory lists
//! the clients; files there are named relative to it, so that the directory can be moved.

use std::io;

use enhetsregisteret::modell::Enhet;
use maskinporten::Maskinporten;
use maskinporten::admin::{Aktor, Avvist, Klientfelt, NyRessurs, Scopefelt};
use maskinporten::modell::{Orgnr, Spraaktekst, Tilgangstilstand};
use produsent::Produsent;
use produsent::kommando::Kommando;
use produsent::tilgang::Produsentrett;
use rustls_pki_types::CertificateDer;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sertifikat::{Order, Profile, TestCa, certificates_from_pem};
use syntetisk::Nasjon;
use tid::{Clock, Random};
use vakt::Scope;
use vakt::jws::{RsaSigner, Signer};

use crate::config::Config;
use crate::data_dir::DataDir;
use crate::failure::{Failure, chain};
use crate::{secrets, tokens};

/// The scopes of the real owners, with whether they can be delegated (fact sheets of Folkeregisteret, Skatteetaten,
/// Altinn and Maskinporten).
const SCOPES: &str = include_str!("../data/scopes.csv");
/// A scope of our own that opens a route of our own.
pub const OPEN_SCOPE: &str = "grunndata:demo.les";
/// A scope of our own that opens the log of look-ups in Folkeregisteret.
const INSIGHT_SCOPE: &str = "grunndata:folkeregisteret.innsyn";
/// A scope of our own that nobody is granted.
const CLOSED_SCOPE: &str = "grunndata:demo.stengt";
/// What the supplier's customers have and delegate.
const DELEGATED: [&str; 4] = [
    OPEN_SCOPE,
    "folkeregister:deling/offentligmedhjemmel",
    "folkeregister:deling/finans",
    "skatteetaten:inntekt",
];
/// Units are looked for in the nation's first slots.
const UNITS_MAX: usize = 2_000;
/// How long the enterprise certificate is valid, as the real ones.
const CERTIFICATE_DAYS: u32 = 3 * 365;
/// `aud` of tokens for the owners that expect it (sheet of Maskinporten, section 7.5).
const UNSPECIFIED: &str = "unspecified";

/// A client of the demo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Democlient {
    /// Its id.
    pub client_id: String,
    /// What it shows.
    pub beskrivelse: String,
    /// The organisation it belongs to.
    pub orgnr: String,
    /// That organisation's name.
    pub navn: String,
    /// The registered key's identifier; none for a client with an enterprise certificate.
    pub kid: Option<String>,
    /// The scopes it may ask for.
    pub scopes: Vec<String>,
    /// The organisations that have delegated to it.
    pub paa_vegne_av: Vec<String>,
    /// The private key: PKCS#8 in PEM.
    pub nokkel: String,
    /// The certificate chain in PEM.
    pub sertifikat: Option<String>,
}

impl Democlient {
    /// The certificates, if the client signs with one.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn chain(&self, dir: &DataDir) -> Result<Option<Vec<Vec<u8>>>, Failure> {
        let Some(name) = &self.sertifikat else { return Ok(None) };
        let file = dir.demo_clients().join(name);
        let read = std::fs::read(&file).ok().and_then(|pem| certificates_from_pem(&pem).ok());
        let chain = read.ok_or_else(|| {
            Failure::failed(format!("{} cannot be read", file.display()), "run `grunndata demo` anew")
        })?;
        Ok(Some(chain.iter().map(|der| der.as_ref().to_vec()).collect()))
    }
}

/// The clients of a data directory.
///
/// # Errors
/// When there are none.
pub fn read_list(dir: &DataDir) -> Result<Vec<Democlient>, Failure> {
    let file = dir.demo_clients().join("klienter.json");
    let read = std::fs::read(&file).and_then(|text| Ok(serde_json::from_slice(&text)?));
    read.map_err(|error: io::Error| {
        Failure::failed(
            format!("{} cannot be read: {error}", file.display()),
            "name the data directory of a demo with --data DIR, or make one with `grunndata demo`",
        )
    })
}

/// An organisation of the nation.
struct Org {
    orgnr: Orgnr,
    navn: String,
}

/// The organisations of the demo, found in the nation.
struct Cast {
    /// Owns the registers' scopes.
    owner: Org,
    /// Has every scope.
    all: Org,
    /// Runs software for others.
    supplier: Org,
    /// Have delegated to the supplier.
    customers: [Org; 2],
    /// Signs with an enterprise certificate.
    certified: Org,
}

impl Cast {
    fn of(nation: &Nasjon) -> Option<Self> {
        let public =
            |unit: &Enhet| matches!(&*unit.organisasjonsform.kode, "KOMM" | "FYLK" | "STAT" | "ORGL");
        let firm = |unit: &Enhet| {
            unit.organisasjonsform.kode == "AS"
                && !unit.konkurs
                && !unit.under_avvikling
                && unit.antall_ansatte.is_some_and(|count| count >= 5)
        };
        let org = |unit: &Enhet| {
            let orgnr = Orgnr::parse_strengt(&unit.organisasjonsnummer).ok()?;
            Some(Org { orgnr, navn: unit.navn.clone() })
        };
        let units: Vec<Enhet> = nation.enheter().take(UNITS_MAX).collect();
        let owner = units.iter().filter(|unit| public(unit)).find_map(org)?;
        let mut firms = units.iter().filter(|unit| firm(unit)).filter_map(org);
        Some(Self {
            owner,
            all: firms.next()?,
            supplier: firms.next()?,
            customers: [firms.next()?, firms.next()?],
            certified: firms.next()?,
        })
    }
}

/// Makes the test authority, which the server then trusts. Before the server is opened.
///
/// # Errors
/// When it cannot be written.
pub fn prepare(dir: &DataDir, clock: &dyn Clock, random: &dyn Random) -> Result<TestCa, Failure> {
    dir.make()?;
    TestCa::open_or_create(&tokens::test_authority(dir), clock.now(), random).map_err(|error| {
        Failure::failed(chain(&error), "check rights and disk space with `grunndata doctor`")
    })
}

/// Tells Maskinporten of the demo's organisations, unless that has been done.
///
/// # Errors
/// When store or files cannot be written.
pub async fn fill(
    dir: &DataDir,
    server: &Maskinporten,
    nation: &Nasjon,
    authority: &TestCa,
    random: &dyn Random,
) -> Result<(), Failure> {
    if dir.demo_clients().join("klienter.json").exists() {
        return Ok(());
    }
    eprintln!("making clients and keys of some organisations; this is done once");
    let cast = Cast::of(nation).ok_or_else(|| {
        Failure::failed(
            "the nation is too small for the demo's organisations",
            "ask for more with --enheter N",
        )
    })?;
    let scopes = own_scopes(server, &cast).await.map_err(|error| refused(&error))?;
    let making = Making { dir, server, cast, scopes };
    let list = making.clients(authority, random).await?;
    let text = serde_json::to_vec_pretty(&list).unwrap_or_default();
    secrets::write(&dir.demo_clients().join("klienter.json"), &[&text[..], b"\n"].concat())
}

/// Lets the clients that have the scope for it send every message to Folkeregisteret.
///
/// # Errors
/// When the store cannot be written.
pub async fn may_send(dir: &DataDir, config: &Config, producers: &Produsent) -> Result<(), Failure> {
    let scope = config.folkeregisteret.producer_scope.as_str();
    for client in read_list(dir)?.into_iter().filter(|client| client.scopes.iter().any(|s| s == scope)) {
        let Ok(orgnr) = client.orgnr.parse() else { continue };
        let rett = Produsentrett { navn: client.navn, ressurser: vec!["*".to_owned()], kilder: Vec::new() };
        let given = producers.utfor("demo", Kommando::GiRett { orgnr, rett }).await;
        given.map_err(|error| Failure::failed(chain(&error), "check the store with `grunndata verify`"))?;
    }
    Ok(())
}

/// The scopes with whether they can be delegated, each registered with its owner.
async fn own_scopes(server: &Maskinporten, cast: &Cast) -> Result<Vec<(Scope, bool)>, Avvist> {
    let operator = Aktor::drift("demo");
    let owner = cast.owner.orgnr;
    let lines = SCOPES.lines().skip(1).filter_map(|line| line.split_once(','));
    let known = lines.chain([OPEN_SCOPE, INSIGHT_SCOPE, CLOSED_SCOPE].map(|scope| (scope, "ja")));
    let mut scopes = Vec::new();
    for (name, delegable) in known {
        let Ok(scope) = Scope::parse(name) else { continue };
        let delegable = delegable == "ja";
        server.ny_prefiks(&operator, scope.prefix(), owner).await?;
        let felt = Scopefelt {
            description: format!("Demo: {name}"),
            delegation_source: delegable.then(|| server.oppsett().delegeringskilde.clone()),
            unrestricted_aud: matches!(scope.prefix(), "folkeregister" | "skatteetaten")
                .then(|| UNSPECIFIED.to_owned()),
            ..Scopefelt::default()
        };
        match server.ny_scope(&operator, &scope, felt).await {
            Ok(_) | Err(Avvist::Konflikt(_)) => {}
            Err(error) => return Err(error),
        }
        if delegable {
            server.sett_ressurs(&operator, bundle(owner, &scope)).await?;
        }
        scopes.push((scope, delegable));
    }
    Ok(scopes)
}

/// A bundle for one scope, under the name that Skatteetaten's have.
fn bundle(owner_org: Orgnr, scope: &Scope) -> NyRessurs {
    NyRessurs {
        owner_org,
        resourceid: Some(resource(scope)),
        scopes: vec![scope.clone()],
        title: vec![Spraaktekst { code: "nb_NO".to_owned(), value: format!("{scope} - På vegne av") }],
        description: Vec::new(),
        default_language: "nb_NO".to_owned(),
        required_security_level: 2,
    }
}

/// The resource identifier of a scope's bundle.
fn resource(scope: &Scope) -> String {
    scope.as_str().replace([':', '/'], "-")
}

struct Making<'a> {
    dir: &'a DataDir,
    server: &'a Maskinporten,
    cast: Cast,
    scopes: Vec<(Scope, bool)>,
}

impl Making<'_> {
    async fn clients(&self, authority: &TestCa, random: &dyn Random) -> Result<Vec<Democlient>, Failure> {
        secrets::make_dir(&self.dir.demo_clients())?;
        let all: Vec<Scope> = self.scopes.iter().map(|(scope, _)| scope.clone()).collect();
        let some: Vec<Scope> = DELEGATED.iter().filter_map(|name| Scope::parse(name).ok()).collect();
        let Cast { all: every, supplier, customers, certified, .. } = &self.cast;
        let granted: Vec<Scope> =
            all.iter().filter(|scope| scope.as_str() != CLOSED_SCOPE).cloned().collect();
        self.grant(every, &granted).await?;
        for unit in customers.iter().chain([certified]) {
            self.grant(unit, &some).await?;
        }
        for customer in customers {
            self.delegate(customer, supplier, &some).await?;
        }
        let mut list = vec![
            self.with_key("demo-alle-scopes", "har alle scopes", every, &all).await?,
            self.with_key("demo-leverandor", "handler på vegne av andre", supplier, &some).await?,
            self.with_key("demo-konsument", "har delegert til leverandøren", &customers[0], &some).await?,
        ];
        list[1].paa_vegne_av = customers.iter().map(|unit| unit.orgnr.to_string()).collect();
        list.push(
            self.with_certificate("demo-virksomhetssertifikat", certified, &some, authority, random).await?,
        );
        Ok(list)
    }

    async fn grant(&self, unit: &Org, scopes: &[Scope]) -> Result<(), Failure> {
        let operator = Aktor::drift("demo");
        for scope in scopes {
            let given =
                self.server.sett_tilgang(&operator, scope, unit.orgnr, Tilgangstilstand::Approved).await;
            given.map_err(|error| refused(&error))?;
        }
        Ok(())
    }

    async fn delegate(&self, from: &Org, to: &Org, scopes: &[Scope]) -> Result<(), Failure> {
        let operator = Aktor::drift("demo");
        for scope in scopes {
            let given = self.server.deleger(&operator, from.orgnr, to.orgnr, &resource(scope)).await;
            given.map_err(|error| refused(&error))?;
        }
        Ok(())
    }

    async fn register(&self, id: &str, what: &str, unit: &Org, scopes: &[Scope]) -> Result<(), Failure> {
        let operator = Aktor::drift("demo");
        let felt = Klientfelt {
            client_id: Some(id.to_owned()),
            client_name: id.to_owned(),
            description: format!("Demo: {what}"),
            scopes: scopes.to_vec(),
            client_orgno: Some(unit.orgnr),
            ..Klientfelt::default()
        };
        match self.server.ny_klient(&operator, felt).await {
            // A demo that was cut off had come this far.
            Ok(_) | Err(Avvist::Konflikt(_)) => Ok(()),
            Err(error) => Err(refused(&error)),
        }
    }

    async fn with_key(
        &self,
        id: &str,
        what: &str,
        unit: &Org,
        scopes: &[Scope],
    ) -> Result<Democlient, Failure> {
        self.register(id, what, unit, scopes).await?;
        let made = |error: vakt::jws::UnusableKey| Failure::failed(error.to_string(), "run demo again");
        let key = RsaSigner::generate().map_err(made)?.named(format!("{id}-1"));
        let pem = key.to_pkcs8_pem().map_err(made)?;
        let file = format!("{id}.key.pem");
        secrets::write(&self.dir.demo_clients().join(&file), pem.as_bytes())?;
        let public = vakt::jwk::to_json(key.kid(), key.algorithm(), key.public_key());
        if let Value::Object(jwks) = json!({ "keys": [public] }) {
            let set = self.server.sett_nokler(&Aktor::drift("demo"), id, &jwks, true).await;
            set.map_err(|error| refused(&error))?;
        }
        Ok(Democlient { kid: Some(key.kid().to_owned()), nokkel: file, ..client(id, what, unit, scopes) })
    }

    async fn with_certificate(
        &self,
        id: &str,
        unit: &Org,
        scopes: &[Scope],
        authority: &TestCa,
        random: &dyn Random,
    ) -> Result<Democlient, Failure> {
        const WHAT: &str = "signerer med virksomhetssertifikat";
        self.register(id, WHAT, unit, scopes).await?;
        let order = Order {
            orgnr: unit.orgnr,
            navn: unit.navn.clone(),
            profile: Profile::Seid2,
            days: CERTIFICATE_DAYS,
        };
        let issued = authority
            .issue(&order, self.server.naa(), random)
            .map_err(|error| Failure::failed(chain(&error), "run demo again"))?;
        let key = RsaSigner::from_pkcs8_der(&issued.key).and_then(|key| key.to_pkcs8_pem());
        let key = key.map_err(|error| Failure::failed(error.to_string(), "run demo again"))?;
        let (key_file, chain_file) = (format!("{id}.key.pem"), format!("{id}.pem"));
        secrets::write(&self.dir.demo_clients().join(&key_file), key.as_bytes())?;
        secrets::write(&self.dir.demo_clients().join(&chain_file), pem_of(&issued.chain).as_bytes())?;
        Ok(Democlient { nokkel: key_file, sertifikat: Some(chain_file), ..client(id, WHAT, unit, scopes) })
    }
}

fn client(id: &str, what: &str, unit: &Org, scopes: &[Scope]) -> Democlient {
    Democlient {
        client_id: id.to_owned(),
        beskrivelse: what.to_owned(),
        orgnr: unit.orgnr.to_string(),
        navn: unit.navn.clone(),
        kid: None,
        scopes: scopes.iter().map(ToString::to_string).collect(),
        paa_vegne_av: Vec::new(),
        nokkel: String::new(),
        sertifikat: None,
    }
}

fn pem_of(chain: &[CertificateDer<'_>]) -> String {
    chain.iter().map(|der| vakt::pem::encode("CERTIFICATE", der).to_string()).collect()
}

fn refused(error: &Avvist) -> Failure {
    Failure::failed(
        format!("the demo's clients could not be made: {}", chain(error)),
        "check rights and disk space with `grunndata doctor`, then run demo again",
    )
}
