//! A register with some persons, and a sender.

use std::path::Path;
use std::sync::Arc;

use folkeregisteret::bok::Bok;
use folkeregisteret::endring::{HENDELSER, Melding};
use folkeregisteret::modell::{Hendelse, Hendelsestype, Persondokument};
use folkeregisteret::plass::Hendelsesplass;
use folkeregisteret::{Folkeregister, Oppsett};
use identifikator::{Organisasjonsnummer, Personidentifikator};
use journal::SharedJournal;
use journal::sqlite::{Options, SqliteJournal};
use produsent::Produsent;
use produsent::kommando::{Avslag, Kommando};
use produsent::mottak::{Avvist, Mottatt, Vedlegg};
use produsent::ressurs::Ressurs;
use produsent::sak::Beslutning;
use produsent::tilbakemelding::{Post, Retning, side};
use produsent::tilgang::{Produsentrett, gi};
use serde_json::{Value, json};
use tid::{Clock, Moment, SeededRandom, StoppedClock, Timestamp};

/// Numbers of the producer sheet, chapter 12; nobody's.
pub(crate) const KVINNE: &str = "14859049894";
pub(crate) const MANN: &str = "02918849923";
pub(crate) const GAMMEL: &str = "20824149748";
pub(crate) const DNUMMER: &str = "47838549639";
pub(crate) const AVSENDER: u32 = 311_015_001;

pub(crate) struct Prove {
    mappe: tempfile::TempDir,
    pub(crate) journal: SharedJournal,
    pub(crate) klokke: Arc<StoppedClock>,
    pub(crate) register: Arc<Folkeregister>,
    pub(crate) produsent: Arc<Produsent>,
}

pub(crate) fn orgnr(tall: u32) -> Organisasjonsnummer {
    format!("{tall:09}").parse().expect("an organisation number")
}

fn nummer(tekst: &str) -> Personidentifikator {
    Personidentifikator::parse(tekst).expect("a person's number")
}

/// A node on a store.
fn node(
    journal: &SharedJournal,
    mappe: &Path,
    klokke: &Arc<StoppedClock>,
    froe: u64,
) -> (Arc<Folkeregister>, Arc<Produsent>) {
    let tilfeldig = Arc::new(SeededRandom::new(froe));
    let klokke: Arc<dyn Clock> = klokke.clone();
    let mappe = mappe.join(froe.to_string());
    let register =
        Folkeregister::open(journal.clone(), &mappe, Oppsett::default(), klokke, tilfeldig.clone());
    let register = register.expect("the register");
    let produsent = Produsent::open(register.clone(), tilfeldig).expect("the contracts are read");
    (register, produsent)
}

impl Prove {
    /// An empty register on 20 November 2024, and one who may send everything.
    pub(crate) async fn tom() -> Self {
        let mappe = tempfile::tempdir().expect("a directory");
        let journal: SharedJournal =
            SqliteJournal::open(&mappe.path().join("journal"), Options::default()).expect("a store");
        let klokke =
            Arc::new(StoppedClock::at(Timestamp::parse("2024-11-20T12:00:00.000Z").expect("a time")));
        let (register, produsent) = node(&journal, mappe.path(), &klokke, 7);
        let prove = Self { mappe, journal, klokke, register, produsent };
        let rett = Produsentrett { navn: "Test".into(), ressurser: vec!["*".into()], kilder: vec![] };
        gi(&prove.journal, prove.klokke.now(), orgnr(AVSENDER), Some(&rett)).await.expect("a right");
        prove
    }

    /// One more node on the same store.
    pub(crate) fn annen_node(&self) -> Arc<Produsent> {
        node(&self.journal, self.mappe.path(), &self.klokke, 8).1
    }

    /// With a woman, a man, an old man, and a woman with a D-number.
    pub(crate) async fn med_folk() -> Self {
        let prove = Self::tom().await;
        prove.person(KVINNE, "1990-05-14", "kvinne", json!({})).await;
        prove.person(MANN, "1988-11-02", "mann", json!({})).await;
        prove.person(GAMMEL, "1941-02-20", "mann", json!({})).await;
        let status = json!([{ "erGjeldende": true, "status": "midlertidig" }]);
        let annet = json!({ "status": status, "bostedsadresse": [] });
        prove.person(DNUMMER, "1985-03-07", "kvinne", annet).await;
        prove
    }

    /// With a couple.
    pub(crate) async fn med_ektepar() -> Self {
        let prove = Self::tom().await;
        prove.person(KVINNE, "1990-05-14", "kvinne", gift_med(MANN)).await;
        prove.person(MANN, "1988-11-02", "mann", gift_med(KVINNE)).await;
        prove
    }

    /// A resident; what is in `annet` takes the place of what it has the name of.
    pub(crate) async fn person(&self, nr: &str, foedt: &str, kjoenn: &str, annet: Value) {
        let type_ = if nr.starts_with('4') { "dNummer" } else { "foedselsnummer" };
        let vei = json!({ "kommunenummer": "0301", "adressenavn": "Testveien", "adressenummer": { "husnummer": "1" } });
        let mut dok = json!({
            "identifikasjonsnummer": [{ "status": "iBruk", "foedselsEllerDNummer": nr, "identifikatortype": type_ }],
            "status": [{ "status": "bosatt" }],
            "kjoenn": [{ "kjoenn": kjoenn }],
            "foedsel": [{ "foedselsdato": foedt, "foedselsaar": &foedt[..4], "foedeland": "NOR" }],
            "navn": [{ "fornavn": "VAKKER", "etternavn": "BLOMST" }],
            "sivilstand": [{ "sivilstand": "ugift" }],
            "statsborgerskap": [{ "statsborgerskap": "NOR" }],
            "bostedsadresse": [{ "adressegradering": "ugradert", "vegadresse": vei }],
        });
        for verdier in dok.as_object_mut().expect("an object").values_mut() {
            verdier[0]["erGjeldende"] = true.into();
        }
        for (navn, verdi) in annet.as_object().expect("an object") {
            dok[navn] = verdi.clone();
        }
        let at = self.klokke.now();
        let hendelse = Hendelse {
            folkeregisteridentifikator: nummer(nr),
            hendelsestype: Hendelsestype::PersonErOpprettet,
            ajourholdstidspunkt: Moment::oslo(at),
            egenskapshendelse: Vec::new(),
            hendelsesaarsak_i_dsf: None,
        };
        let dokument = Persondokument::fra_json(dok.to_string().as_bytes()).expect("a document");
        let (person, hendelser) = (nummer(nr), vec![hendelse]);
        let melding = Melding { person, at, dokument: Some(dokument), videre: None, hendelser };
        self.register.skriver().skriv(at, &[melding]).await.expect("a person");
        self.klokke.advance_millis(1);
    }

    /// Sends a message.
    pub(crate) async fn send(
        &self,
        avsender: u32,
        ressurs: &str,
        xml: &str,
        vedlegg: &[Vedlegg<'_>],
    ) -> Result<Mottatt, Avvist> {
        let ressurs = Ressurs::av_navn(ressurs).expect("a resource");
        let avsender = orgnr(avsender);
        let rett = self.produsent.maa_sende(avsender, ressurs.0).await?;
        self.produsent.ta_imot((avsender, &rett), ressurs, xml.as_bytes(), vedlegg).await
    }

    /// Sends a message and takes its case. Gives what was told last of it.
    pub(crate) async fn sak(&self, ressurs: &str, xml: &str) -> Value {
        let mottatt = self.send(AVSENDER, ressurs, xml, &[]).await.expect("received");
        self.klokke.advance_millis(1_000);
        self.produsent.toem().await.expect("taken");
        self.siste(&mottatt.referanse).await
    }

    /// What was told last of a message.
    pub(crate) async fn siste(&self, referanse: &str) -> Value {
        let om = |post: &Post| post.hendelseinfo.to_string().contains(referanse);
        self.feed().await.into_iter().rfind(om).map_or(Value::Null, |post| post.hendelseinfo)
    }

    /// A case worker decides that what a message asks for shall be done. Gives what was told last of it.
    pub(crate) async fn godkjenn(&self, svar: &Value) -> Result<Value, Avslag> {
        let referanse = svar["meldingsreferanse"]["folkeregisterReferanse"].as_str().expect("a reference");
        let (kode, merknad, beslutning) = (None, None, Beslutning::Registrert);
        let referanse = referanse.to_owned();
        self.produsent
            .utfor("test", Kommando::Avgjoer { referanse: referanse.clone(), beslutning, kode, merknad })
            .await?;
        Ok(self.siste(&referanse).await)
    }

    /// All that was told.
    pub(crate) async fn feed(&self) -> Vec<Post> {
        let (mut alle, mut neste) = (Vec::new(), 0);
        loop {
            let side = side(&self.journal, AVSENDER.into(), neste, Retning::Nyere, 100).await;
            let (poster, mer) = side.expect("a page");
            neste = poster.last().map_or(neste, |post| post.id + 1);
            alle.extend(poster);
            if !mer {
                return alle;
            }
        }
    }

    /// A person's document as it is now.
    pub(crate) async fn dok(&self, nr: &str) -> Persondokument {
        let funnet = self.register.finn(&[nummer(nr).verdi()]).await.expect("an answer");
        let funnet = funnet.into_iter().flatten().next().expect("a person");
        let bok = Bok::les(funnet.person, &funnet.tekst).expect("a book");
        bok.versjon(bok.siste().expect("a version")).expect("a version").expect("a document")
    }

    /// What consumers were told after a place: number and type, `number type`.
    pub(crate) async fn hendelser(&self, etter: u64) -> Vec<String> {
        let hendelser = self.journal.read(HENDELSER, etter + 1, 1000).await.expect("the feed");
        let vis = |h: &journal::Event| {
            let type_ = Hendelsestype::av_feedkode(h.kind).expect("a type");
            format!("{:011} {type_}", Hendelsesplass::av(h.subject).nummer)
        };
        hendelser.iter().map(vis).collect()
    }

    /// How far the consumers' feed has come.
    pub(crate) async fn ende(&self) -> u64 {
        self.journal.feed_head(HENDELSER).await.expect("the feed").position
    }
}

/// What a spouse's document has.
pub(crate) fn gift_med(andre: &str) -> Value {
    json!({
        "sivilstand": [
            { "erGjeldende": true, "sivilstand": "gift", "sivilstandsdato": "2015-06-20", "relatertVedSivilstand": andre },
            { "erGjeldende": false, "sivilstand": "ugift" },
        ],
        "familierelasjon": [{
            "erGjeldende": true,
            "relatertPerson": andre,
            "relatertPersonsRolle": "ektefelleEllerPartner",
            "minRolleForPerson": "ektefelleEllerPartner",
        }],
    })
}
