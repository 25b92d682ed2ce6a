//! Every endpoint in every package: with and without a slash at the end, with HEAD, in both forms, and who is let in.

use super::*;

/// Method, path after the version, and the packages that have it (sheet, section 5 and `endepunkter.csv`).
const ENDEPUNKTER: [(&str, &str, &str); 16] = [
    ("GET", "personer/{personidentifikator}", "omh;ouh;puh;fin;eid"),
    ("POST", "personer/bulkoppslag", "omh;ouh;puh;fin;eid"),
    ("POST", "personer/bulkoppslag/arkiv", "omh"),
    ("GET", "personer/arkiv/{dokumentidentifikator}", "omh"),
    ("GET", "personer/soek", "omh;ouh;puh;fin;eid"),
    ("GET", "personer/entydigsoek", "alle"),
    ("GET", "personer/xsd", "alle"),
    ("GET", "hendelser/feed", "alle"),
    ("GET", "hendelser/siste/sekvensnummer", "alle"),
    ("GET", "hendelser/{hendelsesidentifikator}", "omh"),
    ("POST", "hendelser/bulkoppslag", "omh"),
    ("GET", "hendelser/xsd", "alle"),
    ("GET", "hendelser/feedxsd", "alle"),
    ("GET", "uttrekk/komplett", "omh"),
    ("POST", "uttrekk/tilpasset", "omh;ouh;puh;fin;eid"),
    ("GET", "uttrekk/{jobbid}/batch/{batchnr}", "omh;ouh;puh;fin;eid"),
];

/// Short name, scope, and path: two shapes (sheet, section 1).
const PAKKER: [(&str, &str, &str); 9] = [
    ("omh", "offentligmedhjemmel", OMH),
    ("ouh", "offentligutenhjemmel", "/folkeregisteret/api/offentligutenhjemmel/v1"),
    ("puh", "privatutenhjemmel", "/folkeregisteret/api/privatutenhjemmel/v1"),
    ("priv", "privat", PRIVAT),
    ("privuid", "privatutenfolkeregisteridentifikator", UTEN),
    ("fin", "finans", FINANS),
    ("pre", "presse", "/folkeregisteret/api/presse/v1"),
    (
        "preuid",
        "presseutenfolkeregisteridentifikator",
        "/folkeregisteret/api/presseutenfolkeregisteridentifikator/v1",
    ),
    ("eid", "utstedereid", "/folkeregisteret/api/eid/v1"),
];

const UUID: &str = "3c2f3a3e-0000-4000-8000-000000000000";

/// A call that is in order, to any endpoint.
struct Kall {
    metode: &'static str,
    sti: String,
    query: String,
    kropp: String,
    /// What it is answered with.
    status: u16,
}

/// What calls name: a person, the person's document, an event document.
struct Kjente {
    nummer: String,
    navn: String,
    dokument: String,
    hendelse: String,
}

impl Kjente {
    fn av(omh: &Konsument<'_>) -> Self {
        let side = omh.json("/hendelser/feed?seq=1");
        let her = |felt: &str| tekst(&side, &format!("/0/hendelse/{felt}")).to_owned();
        let nummer = her("folkeregisteridentifikator");
        let person = omh.json(&format!("/personer/{nummer}?part=navn"));
        let navn = ["fornavn", "etternavn"].map(|felt| tekst(&person, &format!("/navn/0/{felt}")).to_owned());
        let navn: Vec<String> = navn.join(" ").bytes().map(|byte| format!("%{byte:02X}")).collect();
        let navn = navn.concat();
        Self { nummer, navn, dokument: her("persondokument"), hendelse: her("hendelsesdokument") }
    }

    fn kall(&self, metode: &'static str, mal: &str) -> Kall {
        let sti = mal
            .replace("{personidentifikator}", &self.nummer)
            .replace("{dokumentidentifikator}", &self.dokument)
            .replace("{hendelsesidentifikator}", &self.hendelse)
            .replace("{jobbid}", UUID)
            .replace("{batchnr}", "0");
        let query = match mal {
            "personer/soek" => format!("?navn={}&inkluderDoede=true", self.navn),
            "personer/entydigsoek" => format!("?navn={}&identifikasjonsnummer={}", self.navn, self.nummer),
            "hendelser/feed" => "?seq=1".to_owned(),
            _ => String::new(),
        };
        let kropp = match mal {
            "personer/bulkoppslag" => json!({ "foedselsEllerDNummer": [self.nummer] }),
            "personer/bulkoppslag/arkiv" => json!({ "dokumentidentifikator": [self.dokument] }),
            "hendelser/bulkoppslag" => json!({ "dokumentidentifikator": [self.hendelse] }),
            "uttrekk/tilpasset" => json!({ "personstatustyper": ["inaktiv"] }),
            _ => Value::Null,
        };
        let kropp = if kropp.is_null() { String::new() } else { kropp.to_string() };
        let status = if mal.contains("{batchnr}") { 410 } else { 200 };
        Kall { metode, sti, query, kropp, status }
    }
}

impl Konsument<'_> {
    fn kall(&self, kall: &Kall, slutt: &str, hoder: &[(&str, &str)]) -> Answer {
        let sti = format!("{}/{}{slutt}{}", self.base, kall.sti, kall.query);
        let mut alle = vec![("content-type", "application/json")];
        if !self.token.is_empty() {
            alle.push(("authorization", self.token.as_str()));
        }
        alle.extend_from_slice(hoder);
        self.server.send(kall.metode, &sti, &alle, kall.kropp.as_bytes())
    }
}

#[test]
fn every_endpoint_of_every_package() {
    let folk = Folk::hele();
    let kjente = Kjente::av(&folk.omh());
    let alle: Vec<_> =
        PAKKER.iter().map(|(kort, scope, base)| (*kort, folk.konsument(scope, base))).collect();
    for (plass, (kort, konsument)) in alle.iter().enumerate() {
        let annen = &alle[(plass + 1) % alle.len()].1;
        for (metode, mal, pakker) in ENDEPUNKTER {
            let kall = kjente.kall(metode, mal);
            if pakker == "alle" || pakker.split(';').any(|pakke| pakke == *kort) {
                svarer(konsument, &kall);
                slipper_ikke_andre_inn(konsument, annen, &kall);
            } else {
                let svar = konsument.kall(&kall, "", &[("connection", "close")]);
                assert_eq!(svar.status, 404, "{kort} {metode} {mal}: {}", svar.text());
                assert_eq!(svar.json()["kode"], "FREG-001", "{kort} {metode} {mal}");
            }
        }
        let tilgang = konsument.server.send(
            "HEAD",
            &format!("{}/personer", konsument.base),
            &[("authorization", &konsument.token)],
            b"",
        );
        assert_eq!((tilgang.status, tilgang.body.len()), (404, 0), "{kort}: access, and nothing there");
        assert_eq!(konsument.server.head(&format!("{}/personer", konsument.base)).status, 401, "{kort}");
    }
}

/// The forms of an answer, and the shapes of an address.
fn svarer(konsument: &Konsument<'_>, kall: &Kall) {
    let her = format!("{} {}/{}", kall.metode, konsument.base, kall.sti);
    let er_skjema = kall.sti.ends_with("xsd");
    let json = konsument.kall(kall, "", &[]);
    assert_eq!(json.status, kall.status, "{her}: {}", json.text());
    let type_ = if er_skjema { "application/xml" } else { "application/json" };
    assert_eq!(json.header("content-type"), type_, "{her}");
    let xml = konsument.kall(kall, "/", &[("accept", "application/xml")]);
    assert_eq!((xml.status, xml.header("content-type")), (kall.status, "application/xml"), "{her}/");
    assert!(xml.text().starts_with("<?xml") || er_skjema, "{her}: {}", xml.text());
    let ingen = konsument.kall(kall, "", &[("accept", "text/html")]);
    assert_eq!(ingen.status, 406, "{her}");
    assert_eq!(ingen.json()["kode"], "FREG-001", "{her}");
    if kall.metode == "GET" {
        let hode = Kall {
            metode: "HEAD",
            sti: kall.sti.clone(),
            query: kall.query.clone(),
            kropp: String::new(),
            ..*kall
        };
        let hode = konsument.kall(&hode, "", &[]);
        assert_eq!((hode.status, hode.body.len()), (kall.status, 0), "HEAD {her}");
        assert_eq!(hode.header("content-type"), type_, "HEAD {her}");
    }
}

fn slipper_ikke_andre_inn(konsument: &Konsument<'_>, annen: &Konsument<'_>, kall: &Kall) {
    let uten = Konsument { server: konsument.server, token: String::new(), base: konsument.base };
    let feil = Konsument { server: konsument.server, token: annen.token.clone(), base: konsument.base };
    for (hvem, status) in [(uten, 401), (feil, 403)] {
        // A body that nobody wants is not read, and its connection not used again.
        let svar = hvem.kall(kall, "", &[("connection", "close")]);
        let kropp = svar.json();
        assert_eq!((svar.status, &kropp["httpStatus"]), (status, &json!(status)), "{}", kall.sti);
        assert!(kropp["feilmelding"].is_string() && kropp["tilleggsinformasjon"].is_object(), "{kropp}");
    }
}

/// The sheet's own table, where it is at hand.
#[test]
fn the_table_is_the_sheets() {
    let fil = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/reference/folkeregisteret/endepunkter.csv");
    let Ok(csv) = std::fs::read_to_string(&fil) else {
        eprintln!("skipped: the sheet's table is not at hand");
        return;
    };
    let rader: Vec<(&str, &str, &str)> = csv
        .lines()
        .skip(1)
        .filter_map(|linje| {
            let mut felt = linje.split(',');
            Some((felt.next()?, felt.next()?, felt.nth(1)?))
        })
        .collect();
    assert_eq!(rader, ENDEPUNKTER);
}

#[test]
fn too_many_calls_are_told_to_wait_in_milliseconds() {
    let folk = Folk::start(&["vakt.adresse_per_minutt=30"]);
    let omh = folk.omh();
    let svar = (0..40).map(|_| omh.get("/hendelser/siste/sekvensnummer")).find(|svar| svar.status != 200);
    let svar = svar.expect("there is a limit");
    assert_eq!((svar.status, svar.json()["kode"].clone()), (429, json!("FREG-001")));
    let vent: u64 = svar.header("retry-after").parse().expect("a number");
    assert!((1000..=120_000).contains(&vent), "{vent} is not milliseconds");
}
