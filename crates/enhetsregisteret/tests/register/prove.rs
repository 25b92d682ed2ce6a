//! The register under test: the production router on a store of its own, with a stopped clock.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use enhetsregisteret::api::{Api, Feilform};
use enhetsregisteret::endring::{Datert, Kvittering, Melding};
use enhetsregisteret::modell::dokument::kanoniser;
use enhetsregisteret::modell::{Enhetstype, rolleform};
use enhetsregisteret::{Enhetsregister, Oppsett};
use http::{HeaderMap, Request};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tid::{Clock, Date, SeededRandom, StoppedClock, Timestamp};
use tower::ServiceExt;
use web::base_url::PublicUrl;
use web::fault::{Forms, Problem};
use web::layers::{Settings, stack};
use web::openapi::Components;

pub const API: &str = "/enhetsregisteret/api";
pub const UTVIDET: &str = "/enhetsregisteret/utvidet";
pub const START: &str = "2024-01-17T05:01:31.544Z";

pub struct Prove {
    pub register: Arc<Enhetsregister>,
    pub klokke: Arc<StoppedClock>,
    pub mappe: tempfile::TempDir,
    router: Router,
    folgere: tokio::task::JoinSet<()>,
    /// Goes when the register has gone.
    _database: Option<pgklynge::Database>,
}

pub struct Svar {
    pub status: u16,
    pub hoder: HeaderMap,
    pub kropp: Vec<u8>,
}

impl Svar {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.kropp)
            .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&self.kropp)))
    }

    pub fn hode(&self, navn: &str) -> &str {
        self.hoder.get(navn).map_or("", |v| v.to_str().unwrap())
    }

    /// A gzipped JSON list.
    pub fn liste(&self) -> Vec<Value> {
        let mut ut = String::new();
        std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&self.kropp[..]), &mut ut).unwrap();
        serde_json::from_str(&ut).unwrap()
    }
}

impl Prove {
    pub async fn ny() -> Self {
        Self::med(Oppsett { fil_base: format!("http://h{API}"), ..Oppsett::default() }).await
    }

    /// With two live units (one of them with everything), a deleted one, a sub-unit, and roles of a live and of the
    /// deleted unit.
    pub async fn fylt() -> Self {
        let prove = Self::ny().await;
        prove.fyll().await;
        prove
    }

    pub async fn fyll(&self) {
        let stor = json!({
            "antallAnsatte": 12, "harRegistrertAntallAnsatte": true, "stiftelsesdato": "1814-05-17",
            "forretningsadresse": { "land": "Norge", "landkode": "NO", "postnummer": "5014", "poststed": "BERGEN",
                                    "adresse": ["c/o Kai \"Kaia\" Eksempel", "Verkstedgata 4"], "kommune": "BERGEN", "kommunenummer": "4601" },
            "frivilligMvaRegistrertBeskrivelser": ["Utleier av bygg eller anlegg"],
            "kapital": { "belop": 30000.50, "antallAksjer": 5_000_000_000_i64, "type": "Aksjekapital", "valuta": "NOK", "innfortDato": "2020-09-04" },
            "paategninger": [{ "infotype": "NAVN", "tekst": "Feil navn", "innfoertDato": "2020-01-01" }],
            "historiskeNavn": [],
        });
        let liten = json!({ "antallAnsatte": 3, "harRegistrertAntallAnsatte": true, "paategninger": [] });
        self.skriv(vec![
            enhet("310100005", "FJORDGLØTT AS", stor),
            enhet("310100072", "LITEN AS", liten),
            slettet("310100013", "BORTE AS", Enhetstype::Enhet),
            underenhet("310100048", "AVD", json!({ "oppstartsdato": "2011-02-20" })),
            roller("310100005", &styre_og_revisor()),
            roller("310100013", &styre_og_revisor()),
        ])
        .await;
        self.ventet().await;
    }

    pub async fn med(oppsett: Oppsett) -> Self {
        let mappe = tempfile::tempdir().unwrap();
        let (journal, database) = crate::journal(mappe.path()).await;
        let klokke = Arc::new(StoppedClock::at(Timestamp::parse(START).unwrap()));
        let register = Enhetsregister::open(journal.clone(), mappe.path(), oppsett, klokke.clone()).unwrap();
        let mut folgere = tokio::task::JoinSet::new();
        for kind in Enhetstype::ALLE {
            folgere.spawn(register.soking(kind).folger(journal.clone()).run(std::future::pending()));
        }
        folgere.spawn(register.personindeks().folger(journal.clone()).run(std::future::pending()));
        let offentlig = PublicUrl { configured: None, trust_forwarded: true, bound: "http://bundet".into() };
        let api = Api::new(register.clone(), API, offentlig.clone());
        let (ruter, _) = api.ruter(&mut Components::new()).into_parts();
        let utvidet = Api::utvidet(register.clone(), UTVIDET, API, offentlig);
        let (utvidede, _) = utvidet.utvidede_ruter(&mut Components::new()).into_parts();
        let (parquet, _) = utvidet.parquetruter(UTVIDET, &mut Components::new()).into_parts();
        let ruter = ruter.with_state(api).merge(utvidede.merge(parquet).with_state(utvidet));
        let former = Forms::new(Problem)
            .with(API, Feilform(register.clone()))
            .with(UTVIDET, Feilform(register.clone()));
        let oppsett = Settings::new(former, Arc::new(SeededRandom::new(1)));
        let router = stack(ruter, oppsett);
        Self { register, klokke, mappe, router, folgere, _database: database }
    }

    /// Writes at the clock's time and moves the clock on by a second.
    pub async fn skriv(&self, meldinger: Vec<Melding>) -> Kvittering {
        let meldinger: Vec<Datert> = meldinger.into_iter().map(Datert::from).collect();
        let kvittering = self.register.skriver().skriv(self.klokke.now(), meldinger, vec![]).await.unwrap();
        self.klokke.advance_millis(1000);
        kvittering
    }

    pub async fn ventet(&self) -> &Self {
        self.register.vent_paa_sok().await.unwrap();
        self
    }

    pub async fn be(&self, metode: &str, sti: &str, hoder: &[(&str, &str)]) -> Svar {
        let mut bygger = Request::builder().method(metode).uri(sti).header("host", "h");
        for (navn, verdi) in hoder {
            bygger = bygger.header(*navn, *verdi);
        }
        let svar = self.router.clone().oneshot(bygger.body(Body::empty()).unwrap()).await.unwrap();
        let (deler, kropp) = svar.into_parts();
        let kropp = kropp.collect().await.unwrap().to_bytes().to_vec();
        Svar { status: deler.status.as_u16(), hoder: deler.headers, kropp }
    }

    pub async fn hent(&self, sti: &str) -> Svar {
        self.be("GET", &format!("{API}{sti}"), &[]).await
    }

    /// On our own surface.
    pub async fn utvidet(&self, sti: &str) -> Svar {
        self.be("GET", &format!("{UTVIDET}{sti}"), &[]).await
    }

    pub async fn hent_som(&self, sti: &str, accept: &str) -> Svar {
        self.be("GET", &format!("{API}{sti}"), &[("accept", accept)]).await
    }
}

impl Drop for Prove {
    fn drop(&mut self) {
        self.folgere.abort_all();
    }
}

/// A main unit with all that is always there; `mer` is put on top.
pub fn enhet(orgnr: &str, navn: &str, mer: Value) -> Melding {
    let mut enhet = json!({
        "organisasjonsnummer": orgnr,
        "navn": navn,
        "organisasjonsform": { "kode": "AS", "beskrivelse": "Aksjeselskap" },
        "registreringsdatoEnhetsregisteret": "2011-03-09",
        "registrertIMvaregisteret": true,
        "harRegistrertAntallAnsatte": false,
        "registrertIForetaksregisteret": true,
        "registrertIStiftelsesregisteret": false,
        "registrertIFrivillighetsregisteret": false,
        "konkurs": false,
        "underAvvikling": false,
        "underTvangsavviklingEllerTvangsopplosning": false,
        "maalform": "Bokmål",
    });
    legg_paa(&mut enhet, mer);
    melding(&enhet, Enhetstype::Enhet)
}

/// A sub-unit with all that is always there; `mer` is put on top.
pub fn underenhet(orgnr: &str, navn: &str, mer: Value) -> Melding {
    let mut enhet = json!({
        "organisasjonsnummer": orgnr,
        "navn": navn,
        "organisasjonsform": { "kode": "BEDR", "beskrivelse": "Underenhet til næringsdrivende og offentlig forvaltning" },
        "registreringsdatoEnhetsregisteret": "2011-03-10",
        "registrertIMvaregisteret": true,
        "harRegistrertAntallAnsatte": false,
        "overordnetEnhet": "310100005",
    });
    legg_paa(&mut enhet, mer);
    melding(&enhet, Enhetstype::Underenhet)
}

fn legg_paa(enhet: &mut Value, mer: Value) {
    if let (Value::Object(enhet), Value::Object(mer)) = (enhet, mer) {
        enhet.extend(mer);
    }
}

pub fn melding(enhet: &Value, kind: Enhetstype) -> Melding {
    Melding::Enhet { kind, enhet: kanoniser(enhet.to_string().as_bytes(), kind).unwrap() }
}

pub fn slettet(orgnr: &str, navn: &str, kind: Enhetstype) -> Melding {
    let form = if kind == Enhetstype::Enhet { "AS" } else { "BEDR" };
    let rest = json!({
        "organisasjonsnummer": orgnr,
        "navn": navn,
        "organisasjonsform": { "kode": form, "beskrivelse": "Aksjeselskap" },
        "slettedato": "2023-10-20",
    });
    melding(&rest, kind)
}

pub fn fjernet(orgnr: &str, kind: Enhetstype) -> Melding {
    Melding::Fjernet { kind, orgnr: orgnr.parse().unwrap(), slettedato: Date::parse("2023-09-21").unwrap() }
}

pub fn roller(orgnr: &str, grupper: &Value) -> Melding {
    let json = json!({ "organisasjonsnummer": orgnr, "rollegrupper": grupper }).to_string();
    let (orgnr, lagret) = rolleform::kanoniser(json.as_bytes(), None).unwrap();
    Melding::Roller { orgnr, roller: Some(lagret) }
}

/// A board with an employee representative, and an auditor that is a unit.
pub fn styre_og_revisor() -> Value {
    let kode = |kode: &str, tekst: &str| json!({ "kode": kode, "beskrivelse": tekst });
    json!([
        { "type": kode("STYR", "Styre"), "sistEndret": "2023-05-31", "roller": [
            { "type": kode("LEDE", "Styrets leder"), "rekkefolge": 0, "fratraadt": false, "avregistrert": false,
              "person": { "fodselsdato": "1966-05-04", "erDoed": false, "navn": { "fornavn": "Vennlig", "etternavn": "Fløyte" } } },
            { "type": kode("MEDL", "Styremedlem"), "rekkefolge": 1, "fratraadt": false, "avregistrert": false,
              "valgtAv": kode("AREP", "Representant for de ansatte"),
              "person": { "fodselsdato": "1988-01-23", "erDoed": false,
                          "navn": { "fornavn": "Rask", "mellomnavn": "Blå", "etternavn": "Trompet" } } } ] },
        { "type": kode("REVI", "Revisor"), "sistEndret": "2014-09-27", "roller": [
            { "type": kode("REVI", "Revisor"), "rekkefolge": 0, "fratraadt": false, "avregistrert": false,
              "enhet": { "organisasjonsnummer": "310100056", "organisasjonsform": kode("AS", "Aksjeselskap"),
                         "navn": ["TALLKNUSER REVISJON AS"], "erSlettet": false } } ] },
    ])
}
