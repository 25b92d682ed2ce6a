//! Folkeregisteret, as its producers call it: the real binary, tokens of its own Maskinporten, the demo's people.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::nation::Data;
use crate::program::run;
use crate::server::{Answer, Server};

pub(crate) const MOTTAK: &str = "/folkeregisteret/mottak/api";
const TILBAKE: &str = "/folkeregisteret/tilbakemelding/api/v2/hendelser";
const OMH: &str = "/folkeregisteret/offentlig-med-hjemmel/api/v1";
const XML: &str = "application/xml";
/// How long a case may take: on a database, until the lease of a node that died has run out, and then some.
pub(crate) const WITHIN: Duration = Duration::from_mins(1);

pub(crate) struct Avsender {
    pub(crate) data: Data,
    pub(crate) server: Server,
    pub(crate) token: String,
    konsument: String,
}

impl Avsender {
    pub(crate) fn start(flags: &[&str]) -> Self {
        Self::paa(Data::nation(), flags)
    }

    /// On data that are there.
    pub(crate) fn paa(data: Data, flags: &[&str]) -> Self {
        let server = Server::start(&data.path(), flags);
        let (token, konsument) = tokens(&data, &server);
        Self { data, server, token, konsument }
    }

    fn post(&self, ressurs: &str, type_: &str, kropp: &[u8]) -> Answer {
        let hoder = [("authorization", self.token.as_str()), ("content-type", type_)];
        self.server.send("POST", &format!("{MOTTAK}/{ressurs}"), &hoder, kropp)
    }

    /// Sends a message; the reference that comes back.
    pub(crate) fn send(&self, ressurs: &str, xml: &str) -> String {
        let svar = self.post(ressurs, XML, xml.as_bytes());
        assert_eq!(svar.status, 202, "{}", svar.text());
        referanse(&svar)
    }

    fn tilbake(&self, query: &str, hoder: &[(&str, &str)]) -> Answer {
        let alle = [&[("authorization", self.token.as_str())], hoder].concat();
        self.server.get_with(&format!("{TILBAKE}{query}"), &alle)
    }

    fn feed(&self) -> Vec<Value> {
        let svar = self.tilbake("?seq=0", &[("accept", "application/json")]);
        assert_eq!(svar.status, 200, "{}", svar.text());
        svar.json().as_array().expect("a list").clone()
    }

    /// What is told of a message, waited for.
    pub(crate) fn sak(&self, referanse: &str) -> Vec<Value> {
        let begynt = Instant::now();
        loop {
            let om = |post: &Value| post.to_string().contains(referanse);
            let funnet: Vec<Value> = self.feed().into_iter().filter(om).collect();
            if !funnet.is_empty() {
                return funnet;
            }
            assert!(begynt.elapsed() < WITHIN, "no feedback; {}", self.server.log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    pub(crate) fn konsument(&self, sti: &str) -> Value {
        let svar = self.server.get_with(&format!("{OMH}{sti}"), &[("authorization", &self.konsument)]);
        assert_eq!(svar.status, 200, "{sti}: {}", svar.text());
        svar.json()
    }

    pub(crate) fn siste(&self) -> u64 {
        self.konsument("/hendelser/siste/sekvensnummer").as_u64().expect("a number")
    }

    /// The numbers of some residents without protection.
    fn bosatte(&self, antall: usize) -> Vec<String> {
        let side = self.konsument("/hendelser/feed/?seq=0");
        let mut numre: Vec<&str> = side
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|h| h.pointer("/hendelse/folkeregisteridentifikator")?.as_str())
            .collect();
        numre.sort_unstable();
        numre.dedup();
        let er_bosatt = |nr: &&&str| {
            let dok = self.konsument(&format!("/personer/{nr}?part=status&part=adressebeskyttelse"));
            dok["status"][0]["status"] == "bosatt"
                && dok.get("adressebeskyttelse").is_none()
                && dok["identifikasjonsnummer"][0]["foedselsEllerDNummer"] == ***nr
        };
        numre.iter().filter(er_bosatt).take(antall).map(|nr| (*nr).to_owned()).collect()
    }
}

fn tokens(data: &Data, server: &Server) -> (String, String) {
    let token = |scope: &str| {
        let said = run(&data.path(), &["token", "--url", &server.base, "--scope", scope]).ok();
        format!("Bearer {}", said.out.trim())
    };
    (token("folkeregister:mottak"), token("folkeregister:deling/offentligmedhjemmel"))
}

fn referanse(svar: &Answer) -> String {
    let tekst = svar.text();
    let fra = tekst.find("<folkeregisterReferanse>").expect("a reference") + "<folkeregisterReferanse>".len();
    tekst[fra..fra + 36].to_owned()
}

pub(crate) fn doedsfall(ident: &str, nr: &str) -> String {
    format!(
        "<meldingOmDoedsfall xmlns=\"folkeregisteret:melding:doedsfall:v1\"><innsending><avsendersMeldingsidentifikator>{ident}</avsendersMeldingsidentifikator><avsendersInnsendingstidspunkt>2024-11-04T10:15:30</avsendersInnsendingstidspunkt></innsending><forespoersel><forespoerselssdato>2024-11-04</forespoerselssdato><kilde>helse</kilde><avsendersSaksreferanse>SAK-1</avsendersSaksreferanse><avsendersSaksbehandler>B1</avsendersSaksbehandler><doedPerson><foedselsnummer>{nr}</foedselsnummer><doedsdato>2026-01-01</doedsdato></doedPerson></forespoersel></meldingOmDoedsfall>"
    )
}

#[test]
fn a_death_goes_all_the_way() {
    let a = Avsender::start(&["--set", "folkeregisteret.oppbevaring_maaneder=1200"]);
    let bosatte = a.bosatte(2);
    let (nr, foer) = (&bosatte[0], a.siste());
    let melding = doedsfall("m-1", nr);
    let svar = a.post("doedsfall_v1", "application/xml; charset=UTF-8", melding.as_bytes());
    let forventet = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<meldingMottatt><folkeregisterReferanse>{}</folkeregisterReferanse><avsendersMeldingsidentifikator>m-1</avsendersMeldingsidentifikator></meldingMottatt>",
        referanse(&svar)
    );
    assert_eq!((svar.status, svar.header("content-type"), svar.text()), (202, XML, forventet));
    let posts = a.sak(&referanse(&svar));
    let info = &posts[0]["hendelseinfo"];
    assert_eq!((&posts[0]["title"], &posts[0]["id"]), (&"Hendelse i sak".into(), &"0".into()));
    assert_eq!((&info["sakstype"], &info["avsendersSaksreferanse"]), (&"doedsfall".into(), &"SAK-1".into()));
    assert_eq!(info["saksbeslutning"]["beslutning"], "registrert", "{info}");
    let hendelser = a.konsument(&format!("/hendelser/feed/?seq={}", foer + 1));
    assert_eq!(hendelser[0]["hendelse"]["hendelsetype"], "personErDoed", "{hendelser}");
    assert_eq!(hendelser[0]["hendelse"]["folkeregisteridentifikator"], nr.as_str());
    let dok = a.konsument(&format!("/personer/{nr}"));
    assert_eq!(dok["status"][0]["status"], "doed");
    assert_eq!(dok["doedsfall"]["doedsdato"], "2026-01-01");
    // The same again: the same reference, and nothing more is told.
    assert_eq!(a.send("doedsfall_v1", &melding), referanse(&svar));
    let annen = a.send("doedsfall_v1", &doedsfall("m-2", nr));
    assert_eq!(a.sak(&annen)[0]["hendelseinfo"]["saksbeslutning"]["beslutning"], "avvist");
    assert_eq!(a.feed().len(), 2);
}

#[test]
fn the_feed_in_its_forms() {
    let a = Avsender::start(&[]);
    let referanse = a.send("doedsfall_v1", &doedsfall("m-1", "00000000000"));
    a.sak(&referanse);
    let json = a.tilbake("?seq=0&direction=nyere&pageSize=100", &[]);
    assert_eq!(json.header("content-type"), "application/json");
    let merke = json.header("etag").to_owned();
    assert_eq!(a.tilbake("?seq=0", &[("if-none-match", &merke)]).status, 304);
    for (godtar, type_) in [(XML, XML), ("application/atom+xml", "application/atom+xml")] {
        let atom = a.tilbake("?seq=0&pageSize=1", &[("accept", godtar)]);
        assert_eq!((atom.status, atom.header("content-type")), (200, type_));
        for del in [
            "<title>Privat hendelsesliste for ",
            "<id>0</id>",
            "<hendelseISakOmFolkeregistrering xmlns=\"folkeregisteret:tilbakemelding:hendelseisakomfolkeregistrering:v1\"><sakstype>doedsfall</sakstype><saksnummer>FOLK/",
            "<begrunnelseskode>identifikatorFinnesIkke</begrunnelseskode>",
            "?seq=1&amp;direction=nyere&amp;pageSize=1\"/></feed>",
        ] {
            assert!(atom.text().contains(del), "{del} in {}", atom.text());
        }
    }
    assert_eq!(a.tilbake("?seq=1", &[]).text(), "[]");
    assert_eq!(a.tilbake("?seq=0", &[("accept", "text/plain")]).status, 406);
    for query in ["?seq=-1", "?seq=x", "?pageSize=0", "?direction=opp"] {
        let svar = a.tilbake(query, &[]);
        assert_eq!((svar.status, &svar.json()["kode"]), (400, &"FREG-400".into()), "{query}");
    }
    a.send("doedsfall_v1", &doedsfall("m-2", "00000000000"));
    let begynt = Instant::now();
    while a.tilbake("?seq=0", &[("if-none-match", &merke)]).status == 304 {
        assert!(begynt.elapsed() < WITHIN, "nothing new");
    }
}

#[test]
fn refusals_have_their_bodies() {
    let a = Avsender::start(&[]);
    let melding = doedsfall("m-1", "00000000000");
    let feil = |svar: &Answer, status: u16, klasse: &str| {
        let tekst = svar.text();
        assert_eq!((svar.status, svar.header("content-type")), (status, XML), "{tekst}");
        assert!(
            tekst.contains(&format!("<folkeregisterFeilmelding><httpStatus>{status}</httpStatus>")),
            "{tekst}"
        );
        assert!(tekst.contains(&format!(".{klasse}</feilkode>")), "{tekst}");
        assert!(tekst.contains("<tilleggsinformasjon>"), "{tekst}");
    };
    // What is refused unread has no body here: the server does not wait for it.
    let uten = a.server.send(
        "POST",
        &format!("{MOTTAK}/doedsfall_v1"),
        &[("content-type", XML), ("connection", "close")],
        b"",
    );
    feil(&uten, 401, "ManglerAutentiseringException");
    feil(&a.post("finnes_ikke_v1", XML, b""), 404, "UkjentRessursException");
    feil(&a.post("rekvisisjon_av_dnummer_v3", XML, b""), 404, "UkjentRessursException");
    feil(&a.post("doedsfall_v1", "text/plain", melding.as_bytes()), 400, "UgyldigXmlException");
    let ugyldig = a.post("doedsfall_v1", XML, melding.replace("helse", "lege").as_bytes());
    feil(&ugyldig, 400, "ValideringsFeil");
    let sti = "<key>sti</key><value>/meldingOmDoedsfall/forespoersel/kilde</value>";
    assert!(ugyldig.text().contains(sti), "{}", ugyldig.text());
    let hoder = [("authorization", a.token.as_str()), ("content-type", XML), ("accept", "text/html")];
    let html = a.server.send("POST", &format!("{MOTTAK}/doedsfall_v1"), &hoder, melding.as_bytes());
    feil(&html, 406, "UgyldigAcceptException");
    // What is refused unread leaves a connection that is not used again.
    let konsument = [("authorization", a.konsument.as_str()), ("content-type", XML), ("connection", "close")];
    let annet = a.server.send("POST", &format!("{MOTTAK}/doedsfall_v1"), &konsument, b"");
    feil(&annet, 403, "KonsumentManglerTilgangException");
    for (ressurs, status) in
        [("doedsfall_v1", 200), ("registrering_av_farskap_v1.vedlegg", 200), ("x_v1", 404)]
    {
        let svar = a.server.send("HEAD", &format!("{MOTTAK}/{ressurs}"), &[("authorization", &a.token)], b"");
        assert_eq!(svar.status, status, "{ressurs}");
    }
    // What is taken away holds at once.
    let liste = run(&a.data.path(), &["produsent", "rett", "liste"]).ok();
    let liste: Value = serde_json::from_str(&liste.out).expect("JSON");
    for rett in liste.as_array().expect("a list") {
        run(&a.data.path(), &["produsent", "rett", "trekk", rett["orgnr"].as_str().expect("a number")]).ok();
    }
    let nektet = a.post("doedsfall_v1", XML, melding.as_bytes());
    feil(&nektet, 403, "KonsumentManglerTilgangException");
    assert!(nektet.text().contains("Produsent har ikke tilgang til å sende inn DOEDSFALL_V1"));
}

#[test]
fn messages_with_attachments_in_both_known_forms() {
    let a = Avsender::start(&[]);
    let del = |navn: &str, filnavn: &str, type_: &str, innhold: &str| {
        let filnavn = if filnavn.is_empty() { String::new() } else { format!("; filename=\"{filnavn}\"") };
        format!(
            "--grense\r\nContent-Disposition: form-data; name=\"{navn}\"{filnavn}\r\nContent-Type: {type_}\r\n\r\n{innhold}\r\n"
        )
    };
    let med = |ident: &str| {
        doedsfall(ident, "00000000000").replace(
            "</doedPerson>",
            "</doedPerson><vedlegg><multipartnavn>pass2.pdf</multipartnavn></vedlegg>",
        )
    };
    let type_ = "multipart/form-data; boundary=grense";
    let dokumentert = del("rekvisisjon", "r.xml", "application/xml; charset=UTF-8", &med("1"))
        + &del("vedlegg1", "pass2.pdf", "text/plain", "%PDF-1.7 æ")
        + "--grense--\r\n";
    let nav = del("melding", "", XML, &med("2"))
        + &del("vedlegg", "pass2.pdf", "application/pdf", "%PDF-1.7")
        + "--grense--";
    // Another document first, names that nobody knows, the plain address, and an attachment of nine MiB.
    let stort = "%PDF-1.7".to_owned() + &"x".repeat(9 << 20);
    let ukjent = del("a", "pass2.pdf", XML, "<xades/>") + &del("b", "", XML, &med("3")) + "--grense--";
    let tungt = del("melding", "", XML, &med("4")) + &del("b", "pass2.pdf", "", &stort) + "--grense--";
    for (ressurs, kropp) in [
        ("doedsfall_v1.vedlegg", &dokumentert),
        ("doedsfall_v1.vedlegg", &nav),
        ("doedsfall_v1.vedlegg", &ukjent),
        ("doedsfall_v1", &tungt),
    ] {
        let svar = a.post(ressurs, type_, kropp.as_bytes());
        assert_eq!(svar.status, 202, "{}", svar.text());
        let posts = a.sak(&referanse(&svar));
        assert_eq!(posts[0]["hendelseinfo"]["saksbeslutning"]["beslutning"], "avvist");
    }
    let kuttet = &dokumentert.as_bytes()[..dokumentert.len() - 30];
    let svar = a.post("doedsfall_v1.vedlegg", type_, kuttet);
    assert!(svar.status == 400 && svar.text().contains("UgyldigVedleggException"), "{}", svar.text());
}

#[test]
fn the_desk_empties_the_queue() {
    let a = Avsender::start(&["--set", "folkeregisteret.oppbevaring_maaneder=1200"]);
    let nr = &a.bosatte(1)[0];
    a.sak(&a.send("doedsfall_v1", &doedsfall("1", nr)));
    let annen_dato = doedsfall("2", nr).replace("2026-01-01", "2026-01-02");
    let referanse = a.send("doedsfall_v1", &annen_dato);
    assert!(a.sak(&referanse)[0]["hendelseinfo"].get("sakTilManuellBehandling").is_some());
    let saker = run(&a.data.path(), &["produsent", "sak", "liste"]).ok();
    assert!(saker.out.contains(&referanse), "{}", saker.out);
    run(&a.data.path(), &["produsent", "sak", "avgjoer", &referanse, "registrert"]).ok();
    let posts = a.sak(&referanse);
    assert_eq!(posts[1]["hendelseinfo"]["saksbeslutning"]["beslutning"], "registrert", "{posts:?}");
    assert_eq!(posts[0]["hendelseinfo"]["saksnummer"], posts[1]["hendelseinfo"]["saksnummer"]);
    assert_eq!(a.konsument(&format!("/personer/{nr}"))["doedsfall"]["doedsdato"], "2026-01-02");
}

#[test]
fn what_is_received_survives_and_is_decided_once() {
    for punkt in ["saksflyt.bunt.before", "saksflyt.bunt.after"] {
        let data = Data::nation();
        let a = Avsender::paa(data, &["--crash-point", &format!("{punkt}:2")]);
        let mut mottatt = Vec::new();
        for i in 0..50 {
            let hoder = [("authorization", a.token.as_str()), ("content-type", XML)];
            let kropp = doedsfall(&format!("m-{i}"), "00000000000");
            let url = format!("{}{MOTTAK}/doedsfall_v1", a.server.base);
            let mut kall = ureq::post(&url);
            for (navn, verdi) in hoder {
                kall = kall.header(navn, verdi);
            }
            let Ok(mut svar) = kall.send(kropp.as_bytes()) else { break };
            let tekst = svar.body_mut().read_to_string().expect("a receipt");
            let fra = tekst.find("Referanse>").expect("a reference") + "Referanse>".len();
            mottatt.push(tekst[fra..fra + 36].to_owned());
        }
        let Avsender { data, server, .. } = a;
        drop(server);
        assert!(!mottatt.is_empty(), "something was received");
        let a = Avsender::paa(data, &[]);
        for referanse in &mottatt {
            assert_eq!(a.sak(referanse).len(), 1, "{punkt}");
        }
        run(&a.data.path(), &["verify"]).ok();
    }
}
