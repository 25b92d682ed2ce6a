//! A server on a store of its own, with a clock that stands still; a supplier, a consumer, an API owner.

use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Request};
use http_body_util::BodyExt;
use journal::SharedJournal;
use journal::sqlite::{Options, SqliteJournal};
use maskinporten::admin::{Aktor, Klientfelt, NyRessurs, Scopefelt};
use maskinporten::api::{Altinnform, Api, Feilform, Selvbetjeningsform, utvidet_adgang};
use maskinporten::modell::{Orgnr, Spraaktekst, Tilgangstilstand};
use maskinporten::nokkelring::{Hovednokkel, Kilde};
use maskinporten::{Maskinporten, Omgivelser, Oppsett};
use serde_json::{Map, Value, json};
use sertifikat::{TestCa, TrustList};
use tid::{Clock, SeededRandom, StoppedClock, Timestamp};
use tower::ServiceExt;
use vakt::jws::{KeyHint, RsaSigner, Signer, sign};
use vakt::{Gate, Guard, Scope};
use web::fault::{Forms, Problem};
use web::layers::{Settings, stack};
use web::openapi::Components;

pub const START: &str = "2026-01-01T00:00:00.000Z";
pub const UTSTEDER: &str = "https://as.example.no/";
pub const KILDE: &str = "https://tt02.altinn.no/";
pub const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
pub const EIER: &str = "313037002";
pub const KONSUMENT: &str = "311015001";
pub const LEVERANDOR: &str = "312026007";

pub const LES: &str = "demo:register.read";
pub const DELT: &str = "demo:delt/les";
pub const STENGT: &str = "demo:stengt";
pub const APENT: &str = "demo:apent";

/// One key for all clients of a test process: making one takes a tenth of a second.
pub fn nokkel() -> Arc<RsaSigner> {
    static NOKKEL: OnceLock<Arc<RsaSigner>> = OnceLock::new();
    NOKKEL.get_or_init(|| Arc::new(RsaSigner::generate().unwrap().named("n-1"))).clone()
}

/// A key that nobody has registered.
pub fn fremmed() -> Arc<RsaSigner> {
    static NOKKEL: OnceLock<Arc<RsaSigner>> = OnceLock::new();
    NOKKEL.get_or_init(|| Arc::new(RsaSigner::generate().unwrap().named("n-1"))).clone()
}

pub fn orgnr(tekst: &str) -> Orgnr {
    Orgnr::parse_strengt(tekst).unwrap()
}

pub fn scope(tekst: &str) -> Scope {
    Scope::parse(tekst).unwrap()
}

pub fn drift() -> Aktor {
    Aktor::drift("kommando")
}

pub struct Prove {
    pub mp: Arc<Maskinporten>,
    pub klokke: Arc<StoppedClock>,
    pub journal: SharedJournal,
    pub mappe: tempfile::TempDir,
    pub ca: Option<TestCa>,
    router: Router,
}

pub struct Svar {
    pub status: u16,
    pub hoder: HeaderMap,
    pub kropp: Vec<u8>,
}

impl Svar {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.kropp).unwrap_or_else(|e| panic!("{e}: {}", self.tekst()))
    }

    pub fn tekst(&self) -> String {
        String::from_utf8_lossy(&self.kropp).into_owned()
    }

    pub fn hode(&self, navn: &str) -> &str {
        self.hoder.get(navn).map_or("", |v| v.to_str().unwrap())
    }

    /// Status, `error`, code and the text without its correlation id.
    pub fn avslag(&self) -> (u16, String, String, String) {
        let kropp = self.json();
        let felt = |navn: &str| kropp[navn].as_str().unwrap_or_default().to_owned();
        let tekst = felt("error_description");
        let (tekst, spor) = tekst.rsplit_once(" (trace_id: ").unwrap_or_else(|| panic!("{kropp}"));
        assert!(spor.len() == 33 && spor.ends_with(')'), "{kropp}");
        assert_eq!(self.hode("cache-control"), "no-store", "{kropp}");
        assert_eq!(self.hode("pragma"), "no-cache", "{kropp}");
        assert_eq!(self.hode("content-type"), "application/json", "{kropp}");
        assert!(kropp.get("access_token").is_none());
        let uri = felt("error_uri");
        let kode = uri.strip_prefix(&format!("{UTSTEDER}errors/")).unwrap_or(&uri).to_owned();
        (self.status, felt("error"), kode, tekst.to_owned())
    }

    /// The claims of the token that was issued.
    pub fn token(&self) -> Map<String, Value> {
        assert_eq!(self.status, 200, "{}", self.tekst());
        krav(self.json()["access_token"].as_str().unwrap())
    }
}

/// The claims of a token, unverified.
pub fn krav(token: &str) -> Map<String, Value> {
    vakt::jws::Compact::parse(token, 1 << 16).unwrap().into_payload()
}

impl Prove {
    pub async fn ny() -> Self {
        Self::med(Oppsett::default()).await
    }

    pub async fn med(oppsett: Oppsett) -> Self {
        Self::bygg(oppsett, false).await
    }

    pub async fn med_sertifikater() -> Self {
        Self::bygg(Oppsett::default(), true).await
    }

    async fn bygg(oppsett: Oppsett, sertifikater: bool) -> Self {
        let mappe = tempfile::tempdir().unwrap();
        let klokke = Arc::new(StoppedClock::at(Timestamp::parse(START).unwrap()));
        let ca = sertifikater.then(|| TestCa::create(klokke.now(), &SeededRandom::new(3)).unwrap());
        let prove = Self::paa(mappe, klokke, oppsett, ca);
        prove.grunnlag().await;
        prove
    }

    /// A server on a store that may be there already.
    fn paa(
        mappe: tempfile::TempDir,
        klokke: Arc<StoppedClock>,
        oppsett: Oppsett,
        ca: Option<TestCa>,
    ) -> Self {
        let journal: SharedJournal =
            SqliteJournal::open(&mappe.path().join("grunndata.sqlite"), Options::default()).unwrap();
        let mp = Self::tjener(journal.clone(), klokke.clone(), oppsett, ca.as_ref());
        let router = router(&mp, klokke.clone());
        Self { mp, klokke, journal, mappe, ca, router }
    }

    /// The same store, opened anew.
    pub fn paa_nytt(self, oppsett: Oppsett) -> Self {
        let Self { mp, klokke, journal, mappe, ca, router } = self;
        drop((mp, router, journal));
        Self::paa(mappe, klokke, oppsett, ca)
    }

    /// One more node on the same store.
    pub fn tjener(
        journal: SharedJournal,
        klokke: Arc<StoppedClock>,
        oppsett: Oppsett,
        ca: Option<&TestCa>,
    ) -> Arc<Maskinporten> {
        let hovednokkel = Hovednokkel::les(&vakt::base64url::encode([7; 32])).unwrap();
        let omgivelser = Omgivelser {
            journal,
            klokke,
            tilfeldig: Arc::new(SeededRandom::new(1)),
            nokler: Kilde::Lager(hovednokkel),
            tillit: ca.map(|ca| Arc::new(TrustList::read(&ca.sources()).unwrap())),
        };
        Maskinporten::ny(omgivelser, Oppsett { utsteder: UTSTEDER.to_owned(), ..oppsett })
    }

    /// Scopes, access, clients and a delegation.
    async fn grunnlag(&self) {
        let (mp, drift) = (&self.mp, drift());
        mp.ny_prefiks(&drift, "demo", orgnr(EIER)).await.unwrap();
        let delt = Scopefelt { delegation_source: Some(KILDE.to_owned()), ..Scopefelt::default() };
        for (navn, felt) in [
            (LES, Scopefelt::default()),
            (DELT, delt.clone()),
            (STENGT, delt),
            (APENT, Scopefelt { accessible_for_all: true, ..Scopefelt::default() }),
        ] {
            mp.ny_scope(&drift, &scope(navn), felt).await.unwrap();
        }
        for navn in [LES, DELT] {
            self.tilgang(navn, KONSUMENT).await;
        }
        self.klient("konsument", KONSUMENT, &[LES, DELT, STENGT, APENT]).await;
        self.klient("leverandor", LEVERANDOR, &[DELT, STENGT, APENT]).await;
        let tittel = vec![Spraaktekst { code: "nb_NO".to_owned(), value: "Delt".to_owned() }];
        let ressurs = NyRessurs {
            owner_org: orgnr(EIER),
            resourceid: Some("demo-delt".to_owned()),
            scopes: vec![scope(DELT)],
            title: tittel,
            description: Vec::new(),
            default_language: "nb_NO".to_owned(),
            required_security_level: 2,
        };
        mp.sett_ressurs(&drift, ressurs).await.unwrap();
        mp.deleger(&drift, orgnr(KONSUMENT), orgnr(LEVERANDOR), "demo-delt").await.unwrap();
    }

    pub async fn tilgang(&self, navn: &str, til: &str) {
        let gitt = self.mp.sett_tilgang(&drift(), &scope(navn), orgnr(til), Tilgangstilstand::Approved).await;
        gitt.unwrap();
    }

    /// A client with the tests' key.
    pub async fn klient(&self, client_id: &str, eier: &str, scopes: &[&str]) {
        self.klient_uten_nokkel(client_id, eier, scopes).await;
        self.mp.sett_nokler(&drift(), client_id, &jwks(&*nokkel()), true).await.unwrap();
    }

    pub async fn klient_uten_nokkel(&self, client_id: &str, eier: &str, scopes: &[&str]) {
        let felt = Klientfelt {
            client_id: Some(client_id.to_owned()),
            scopes: scopes.iter().map(|navn| scope(navn)).collect(),
            client_orgno: Some(orgnr(eier)),
            ..Klientfelt::default()
        };
        self.mp.ny_klient(&drift(), felt).await.unwrap();
    }

    /// Seconds on the server's clock.
    pub fn naa(&self) -> i64 {
        self.klokke.now().as_millis() / 1000
    }

    /// The claims of a good grant, with some that are added or replaced; `null` takes one away.
    #[expect(clippy::needless_pass_by_value, reason = "changes are written on the spot")]
    pub fn krav(&self, iss: &str, endringer: Value) -> Value {
        let mut krav = json!({
            "aud": UTSTEDER,
            "iss": iss,
            "scope": LES,
            "iat": self.naa(),
            "exp": self.naa() + 100,
            "jti": tid::uuid(&tid::SystemRandom),
        });
        for (navn, verdi) in endringer.as_object().unwrap() {
            if verdi.is_null() {
                krav.as_object_mut().unwrap().shift_remove(navn);
            } else {
                krav[navn] = verdi.clone();
            }
        }
        krav
    }

    /// A good grant, with some claims changed, signed with the tests' key.
    pub fn bevis(&self, iss: &str, endringer: Value) -> String {
        sign(&*nokkel(), KeyHint::Kid, &self.krav(iss, endringer)).unwrap()
    }

    /// Sends a grant.
    pub async fn send(&self, bevis: &str) -> Svar {
        self.skjema(&format!("grant_type={GRANT}&assertion={bevis}")).await
    }

    /// Sends the consumer's grant with some claims changed.
    pub async fn be(&self, endringer: Value) -> Svar {
        self.send(&self.bevis("konsument", endringer)).await
    }

    /// Sends the supplier's grant on the consumer's behalf, with some claims changed.
    pub async fn be_delegert(&self, endringer: Value) -> Svar {
        let mut alle = json!({ "scope": DELT, "consumer_org": KONSUMENT });
        for (navn, verdi) in endringer.as_object().unwrap() {
            alle[navn] = verdi.clone();
        }
        self.send(&self.bevis("leverandor", alle)).await
    }

    pub async fn skjema(&self, kropp: &str) -> Svar {
        let type_ = [("content-type", "application/x-www-form-urlencoded")];
        self.kall("POST", "/token", &type_, kropp.to_owned()).await
    }

    pub async fn kall(
        &self,
        metode: &str,
        sti: &str,
        hoder: &[(&str, &str)],
        kropp: impl Into<Body>,
    ) -> Svar {
        let mut bygger = Request::builder().method(metode).uri(sti).header("host", "h");
        for (navn, verdi) in hoder {
            bygger = bygger.header(*navn, *verdi);
        }
        let svar = self.router.clone().oneshot(bygger.body(kropp.into()).unwrap()).await.unwrap();
        let (deler, kropp) = svar.into_parts();
        let kropp = kropp.collect().await.unwrap().to_bytes().to_vec();
        Svar { status: deler.status.as_u16(), hoder: deler.headers, kropp }
    }

    /// A call to the administration with a token for these scopes, from an organisation's client.
    pub async fn som(&self, iss: &str, scopes: &str, metode: &str, sti: &str, kropp: Value) -> Svar {
        let svar = self.send(&self.bevis(iss, json!({ "scope": scopes }))).await;
        assert_eq!(svar.status, 200, "{}", svar.tekst());
        let bearer = format!("Bearer {}", svar.json()["access_token"].as_str().unwrap());
        let kropp = if kropp.is_null() { String::new() } else { kropp.to_string() };
        self.kall(metode, sti, &[("authorization", &bearer), ("content-type", "application/json")], kropp)
            .await
    }

    /// A scope of the administration that an organisation's client may use.
    pub async fn gi_scope(&self, navn: &str, iss: &str, til: &str) {
        let drift = drift();
        self.mp.ny_prefiks(&drift, scope(navn).prefix(), orgnr(EIER)).await.unwrap();
        let _ = self.mp.ny_scope(&drift, &scope(navn), Scopefelt::default()).await;
        self.tilgang(navn, til).await;
        let ordre = maskinporten::kommando::Kommando::EndreScopes {
            client_id: iss.to_owned(),
            legg_til: vec![scope(navn)],
            fjern: Vec::new(),
        };
        self.mp.utfor(&drift, ordre).await.unwrap();
    }
}

/// A set with one public key.
pub fn jwks(nokkel: &dyn Signer) -> Map<String, Value> {
    let offentlig = vakt::jwk::to_json(nokkel.kid(), nokkel.algorithm(), nokkel.public_key());
    json!({ "keys": [offentlig] }).as_object().unwrap().clone()
}

/// All surfaces, on the paths that the tests use.
fn router(mp: &Arc<Maskinporten>, klokke: Arc<StoppedClock>) -> Router {
    let mut skjemaer = Components::new();
    let api = Api::ny(mp.clone(), "");
    let samarbeid = Api::ny(mp.clone(), "/samarbeid");
    let v1 = Api::versjon_1(mp.clone(), "/samarbeid");
    let altinn = Api::ny(mp.clone(), "/altinn");
    let utvidet = Api::ny(mp.clone(), "/utvidet");
    let (dobbel, _) = api.dobbel_strek();
    let tabeller = [
        (api.ruter(&mut skjemaer), api),
        (samarbeid.selvbetjening("a_", &mut skjemaer), samarbeid),
        (v1.selvbetjening("b_", &mut skjemaer), v1),
        (altinn.altinn(&mut skjemaer), altinn),
    ];
    let egne = utvidet.utvidede_ruter(&mut skjemaer).into_parts().0.with_state(utvidet);
    let guard = Arc::new(Guard::new(vec![mp.utsteder()], 100, klokke));
    let mut router =
        dobbel.merge(Gate { guard, access: Arc::new(utvidet_adgang()), calls: None }.before(egne));
    for (tabell, api) in tabeller {
        router = router.merge(tabell.into_parts().0.with_state(api));
    }
    let former = Forms::new(Feilform)
        .with("/samarbeid", Selvbetjeningsform(mp.clone()))
        .with("/altinn", Altinnform::default())
        .with("/utvidet", Problem);
    stack(router, Settings::new(former, Arc::new(SeededRandom::new(2))))
}
