//! What the OpenAPI document says of each route.

use serde_json::{Value, json};
use web::openapi::Components;
use web::routes::{Answer, Operation, Parameter};

use super::medietyper::{ATOM, JSON, TEKST, XML};
use crate::modell::beskrivelse::{Innhold, Type};
use crate::modell::{DokumentForHendelse, LagretHendelse, Persondokument};
use crate::rettighetspakke::Rettighetspakke;

/// The documentation of a package's surface.
pub(super) struct Dok {
    pakke: Rettighetspakke,
    person: Value,
    hendelse: Value,
    feed: Value,
    feil: Value,
    batch: Value,
}

impl Dok {
    pub(super) fn ny(skjemaer: &mut Components, pakke: Rettighetspakke) -> Self {
        let tekst = || json!({ "type": "string" });
        let feil = json!({ "type": "object", "properties": { "kode": tekst(), "melding": tekst() } });
        let liste = || json!({ "type": "array", "items": tekst() });
        let batch = json!({ "type": "object", "properties": {
            "dokumentidentifikator": liste(), "foedselsEllerDNummer": liste(), "feilmelding": tekst(),
        }});
        Self {
            pakke,
            person: skjema(skjemaer, Persondokument::beskrivelse()),
            hendelse: skjema(skjemaer, DokumentForHendelse::beskrivelse()),
            feed: skjema(skjemaer, LagretHendelse::beskrivelse()),
            feil: skjemaer.add_schema("FolkeregisterFeil", feil),
            batch: skjemaer.add_schema("UttrekkDataResponse", batch),
        }
    }

    /// The group of the routes.
    pub(super) fn gruppe(&self) -> String {
        let navn = self.pakke.rad().map_or(self.pakke.kode(), |rad| rad.navn);
        format!("Folkeregisteret: {navn}")
    }

    fn operasjon(&self, id: &str, kort: &str, parametre: Vec<Parameter>, svar: Vec<Answer>) -> Operation {
        let mut responses = svar;
        for (status, tekst) in [
            (400, "Feil i forespørselen; svaret sier hva."),
            (401, "Tilgangstoken mangler eller er ugyldig."),
            (403, "Tilgangstokenet gir ikke tilgang til pakken."),
            (406, "Ingen av formatene i Accept kan leveres."),
            (429, "For mange kall. Retry-After er i millisekunder."),
            (500, "Feil i tjenesten."),
        ] {
            if !responses.iter().any(|svar| svar.status == status) {
                responses.push(self.feil(status, tekst));
            }
        }
        Operation {
            id: format!("folkeregisteret_{}_{id}", self.pakke.kortnavn()),
            summary: kort.to_owned(),
            parameters: parametre,
            responses,
            ..Operation::default()
        }
    }

    fn feil(&self, status: u16, tekst: &str) -> Answer {
        Answer::empty(status, tekst).content(JSON, self.feil.clone()).content(XML, xml())
    }

    fn begge(skjema: &Value, tekst: &str) -> Answer {
        Answer::empty(200, tekst).content(JSON, skjema.clone()).content(XML, xml())
    }

    pub(super) fn adgang(&self) -> Operation {
        let svar = vec![self.feil(404, "Du har tilgang. Her ligger ingenting.")];
        self.operasjon("proevTilgang", "Prøv tilgangen, med HEAD", Vec::new(), svar)
    }

    pub(super) fn oppslag(&self) -> Operation {
        let nummer = Parameter::path("personidentifikator", siffer(11), "Fødselsnummer eller d-nummer.");
        let svar = vec![
            Self::begge(&self.person, "Personen, slik pakken får se den."),
            self.feil(404, "Ukjent person."),
        ];
        self.operasjon("hentPerson", "Hent en person", vec![nummer, part()], svar)
    }

    pub(super) fn bulk(&self) -> Operation {
        let tekst = "true: svar i bestilt rekkefølge, med feilmelding for ukjente og utgåtte numre.";
        let bestilt = Parameter::query("somBestilt", json!({ "type": "boolean" }), tekst);
        let svar = vec![Self::begge(&oppslag("folkeregisterperson", &self.person), "Oppslagene.")];
        let mut op = self.operasjon("hentPersoner", "Hent inntil 1000 personer", vec![part(), bestilt], svar);
        op.request_body = kropp("foedselsEllerDNummer");
        op
    }

    pub(super) fn soek(&self) -> Operation {
        let parametre = soekeparametre(&crate::sporring::Soek::PARAMETRE);
        let treff = json!({ "type": "array", "items": siffer(11) });
        let treff = json!({ "type": "object", "properties": { "foedselsEllerDNummer": treff } });
        let svar = vec![
            Self::begge(&treff, "Numrene til dem som søket treffer; kanskje ingen."),
            self.feil(400, "Feil i søkekriteriene, eller flere enn 10000 treff; svaret sier hva."),
        ];
        self.operasjon("personsoek", "Søk etter personer", parametre, svar)
    }

    pub(super) fn entydigsoek(&self) -> Operation {
        let mut parametre = soekeparametre(&crate::sporring::Entydigsoek::PARAMETRE);
        parametre.push(part());
        let svar = vec![
            Self::begge(&self.person, "Den ene personen som søket treffer, slik pakken får se den."),
            self.feil(400, "Feil i søkekriteriene, eller de gir ikke rett til treff; svaret sier hva."),
            self.feil(404, "Ukjent person, eller ikke entydig treff."),
        ];
        self.operasjon("entydigSoek", "Finn en person entydig", parametre, svar)
    }

    pub(super) fn arkiv(&self) -> Operation {
        let id = Parameter::path("dokumentidentifikator", siffer(32), "Dokumentets identifikator.");
        let svar =
            vec![Self::begge(&self.person, "Personen, slik den var."), self.feil(404, "Ukjent dokumentid.")];
        self.operasjon("hentArkivperson", "Hent en person slik den var", vec![id, part()], svar)
    }

    pub(super) fn arkivbulk(&self) -> Operation {
        let svar = vec![Self::begge(&oppslag("folkeregisterperson", &self.person), "Oppslagene.")];
        let mut op =
            self.operasjon("hentArkivpersoner", "Hent inntil 1000 arkiverte dokumenter", vec![part()], svar);
        op.request_body = kropp("dokumentidentifikator");
        op
    }

    pub(super) fn feed(&self) -> Operation {
        let seq = Parameter {
            required: true,
            ..Parameter::query("seq", heltall(), "Fra og med dette sekvensnummeret.")
        };
        let side = json!({ "type": "array", "items": self.feed });
        let svar = vec![
            Self::begge(&side, "Inntil 1000 hendelser.").content(ATOM, xml()).header(
                "ETag",
                json!({ "type": "string" }),
                "For If-None-Match.",
            ),
            Answer::empty(304, "Ikke noe nytt."),
        ];
        self.operasjon("hentFeedSide", "Les hendelseslisten", vec![seq], svar)
    }

    pub(super) fn siste(&self) -> Operation {
        let svar =
            vec![Self::begge(&heltall(), "Sekvensnummeret.").content(TEKST, json!({ "type": "string" }))];
        self.operasjon("sisteSekvensnummerIFeed", "Siste sekvensnummer i hendelseslisten", Vec::new(), svar)
    }

    pub(super) fn hendelse(&self) -> Operation {
        let id = Parameter::path("hendelsesidentifikator", siffer(32), "Hendelsesdokumentets identifikator.");
        let svar =
            vec![Self::begge(&self.hendelse, "Hendelsesdokumentet."), self.feil(404, "Ukjent dokumentid.")];
        self.operasjon("hentHendelseDokument", "Hent et hendelsesdokument", vec![id], svar)
    }

    pub(super) fn hendelsesbulk(&self) -> Operation {
        let svar = vec![Self::begge(&oppslag("hendelsedokument", &self.hendelse), "Oppslagene.")];
        let mut op = self.operasjon(
            "hentHendelseDokumenter",
            "Hent inntil 1000 hendelsesdokumenter",
            Vec::new(),
            svar,
        );
        op.request_body = kropp("dokumentidentifikator");
        op
    }

    pub(super) fn xsd(&self, sti: &str) -> Operation {
        let id = format!("xsd{}", sti.replace('/', "_"));
        let svar = vec![Answer::empty(200, "Skjemaet.").content(XML, xml())];
        self.operasjon(&id, "Hent XML-skjema", Vec::new(), svar)
    }

    pub(super) fn komplett(&self) -> Operation {
        let fra = Parameter::query("feedsekvensnr", heltall(), "Hendelsen som uttrekket minst skal ha med.");
        let svar = vec![Self::begge(&jobb(), "Jobben.")];
        self.operasjon("komplettUttrekk", "Bestill komplett uttrekk", vec![fra], svar)
    }

    pub(super) fn tilpasset(&self) -> Operation {
        let svar = vec![Self::begge(&jobb(), "Jobben.")];
        let mut op = self.operasjon("tilpassetUttrekk", "Bestill tilpasset uttrekk", Vec::new(), svar);
        op.request_body = vec![(JSON.to_owned(), kriterier())];
        op
    }

    pub(super) fn batch(&self) -> Operation {
        let id = Parameter::path("jobbid", json!({ "type": "string", "format": "uuid" }), "Jobben.");
        let nummer = Parameter::path("batchnr", heltall(), "Fra 0.");
        let svar = [
            (200, "Det som er i batchen; ingenting etter den siste."),
            (404, "Uttrekket er ikke klart."),
            (410, "Ukjent jobb."),
        ]
        .map(|(status, tekst)| {
            Answer::empty(status, tekst).content(JSON, self.batch.clone()).content(XML, xml())
        });
        self.operasjon("hentBatch", "Hent en batch av et uttrekk", vec![id, nummer], svar.into())
    }
}

fn xml() -> Value {
    json!({ "type": "string", "description": "Det samme i XML." })
}

fn heltall() -> Value {
    json!({ "type": "integer", "format": "int64", "minimum": 0 })
}

fn siffer(antall: u32) -> Value {
    json!({ "type": "string", "minLength": antall })
}

fn jobb() -> Value {
    json!({ "type": "object", "properties": { "jobbId": { "type": "string", "format": "uuid" } } })
}

/// The parameters of a search, with what they mean (section 9).
fn soekeparametre(navn: &[&str]) -> Vec<Parameter> {
    let tekst = || json!({ "type": "string" });
    let boolsk = || json!({ "type": "boolean", "default": false });
    let parameter = |navn: &&str| {
        let (skjema, beskrivelse) = match *navn {
            "navn" => (tekst(), "Ett eller flere hele ord. Entydig søk: fornavn først og etternavn sist."),
            "kjoenn" => (json!({ "type": "string", "enum": ["mann", "kvinne"] }), "Kjønn."),
            "foedselsdato" => (siffer(8), "ÅÅÅÅMMDD."),
            "foedselsaarFraOgMed" => (siffer(4), "Født dette året eller senere."),
            "foedselsaarTilOgMed" => (siffer(4), "Født dette året eller tidligere."),
            "adressenavn" => (tekst(), "Begynnelsen av gatenavnet, minst tre tegn."),
            "husnummer" => (tekst(), "Med eller uten bokstav."),
            "postnummer" => (siffer(4), "Postnummer."),
            "kommunenummer" => (siffer(4), "Kommunenummer."),
            "fylkesnummer" => (siffer(2), "Fylkesnummer."),
            "inkluderOppholdsadresse" => (boolsk(), "Søk også i oppholdsadresser."),
            "soekFonetisk" => (boolsk(), "Navn som høres like ut, er like."),
            "inkluderDoede" => (boolsk(), "Ta med døde."),
            "opplysningsgrunnlag" => (
                json!({ "type": "string", "enum": ["gjeldende", "historisk"] }),
                "historisk: også tidligere navn og adresser.",
            ),
            "maksTreff" => {
                (json!({ "type": "integer", "minimum": 1, "maximum": 10_000 }), "Flest treff i svaret.")
            }
            "identifikasjonsnummer" => (siffer(11), "Gjeldende eller tidligere nummer."),
            "utlendingsmyndighetenesIdentifikasjonsnummer" => (tekst(), "DUF-nummer."),
            _ => (tekst(), "Landkode med tre bokstaver, bindestrek og nummer."),
        };
        Parameter::query(navn, skjema, beskrivelse)
    };
    navn.iter().map(parameter).collect()
}

/// The body of a custom extract (section 10).
fn kriterier() -> Value {
    let tekst = || json!({ "type": "string" });
    let statuser = json!({ "type": "string", "enum": ["aktiv", "bosatt", "utflyttet", "doed", "inaktiv"] });
    let kommune = json!({ "type": "object", "properties": {
        "bostedskommunenummer": siffer(4), "oppholdskommunenummer": siffer(4),
    }});
    json!({ "type": "object", "required": ["personstatustyper"], "properties": {
        "personstatustyper": { "type": "array", "minItems": 1, "items": statuser },
        "kommunenummer": kommune,
        "foedselsaarFraOgMed": siffer(4),
        "foedselsaarTilOgMed": siffer(4),
        "doedsaarFraOgMed": siffer(4),
        "doedsaarTilOgMed": siffer(4),
        "kjoenn": { "type": "string", "enum": ["kvinne", "mann"] },
        "statsborgerskap": siffer(3),
        "sivilstandstype": tekst(),
    }})
}

fn part() -> Parameter {
    let skjema = json!({ "type": "array", "items": { "type": "string" } });
    let tekst = "Deler av persondokumentet, gjentatt for hver. Uten: person-basis. historikk tar med historiske innslag.";
    Parameter { comma_separated: false, ..Parameter::query("part", skjema, tekst) }
}

fn kropp(felt: &str) -> Vec<(String, Value)> {
    let liste = json!({ "type": "array", "maxItems": 1000, "items": { "type": "string" } });
    let skjema = json!({ "type": "object", "required": [felt], "properties": { felt: liste } });
    vec![(JSON.to_owned(), skjema), (XML.to_owned(), xml())]
}

fn oppslag(navn: &str, skjema: &Value) -> Value {
    let element = json!({ "type": "object", "properties": {
        "foedselsEllerDNummer": { "type": "string" },
        "dokumentidentifikator": { "type": "string" },
        navn: skjema,
        "feilmelding": { "type": "object", "properties": { "feilmelding": { "type": "string" } } },
    }});
    json!({ "type": "object", "properties": { "oppslag": { "type": "array", "items": element } } })
}

/// The schema of a type of the model, and of all that it is made of.
fn skjema(skjemaer: &mut Components, type_: &Type) -> Value {
    match type_.innhold {
        Innhold::Tekst(maks) => json!({ "type": "string", "maxLength": maks }),
        Innhold::Moenster(moenster) => json!({ "type": "string", "pattern": format!("^{moenster}$") }),
        Innhold::Koder(koder) => json!({ "type": "string", "enum": koder }),
        Innhold::Dato => json!({ "type": "string", "format": "date" }),
        Innhold::DatoKlokkeslett => json!({ "type": "string", "format": "date-time" }),
        Innhold::Boolsk => json!({ "type": "boolean" }),
        Innhold::Heltall => json!({ "type": "integer", "format": "int64" }),
        Innhold::Felter(_) => {
            let mut felter = serde_json::Map::new();
            for felt in type_.felter() {
                let verdi = skjema(skjemaer, felt.type_);
                let verdi = if felt.liste { json!({ "type": "array", "items": verdi }) } else { verdi };
                felter.insert(felt.navn.to_owned(), verdi);
            }
            let objekt = json!({ "type": "object", "properties": felter });
            skjemaer.add_schema(&format!("Folkeregister{}", type_.navn), objekt)
        }
    }
}
