//! The words and schemas of the OpenAPI document, endpoint by endpoint.

use schemars::JsonSchema;
use serde_json::{Value, json};
use web::accept::Offer;
use web::openapi::Components;
use web::routes::{Answer, Operation, Parameter};

use super::medietyper::{self, Filtype};
use super::skjema;
use crate::Oppsett;
use crate::modell::{Enhetstype, Versjon};
use crate::sporring::parametre::{Parameter as Sokeparameter, Regel, parametre};
use crate::sporring::regler::{MAKS_DYBDE, MAKS_ORGANISASJONSNUMMER};
use crate::sporring::sortering::sorteringsfelter;

/// Writes the operations. Schemas are collected once.
pub struct Dok {
    versjon1: bool,
    utvidet: bool,
    feil: Value,
    serverfeil: Value,
    fjernet: Value,
    pub(super) enhet: [Value; 2],
    pub(super) levende: [Value; 2],
    side: Value,
    pub(super) lenker: Value,
    pub(super) roller: Value,
    oppdatering: Value,
    rollehendelse: Value,
    kode: Value,
    kommune: Value,
    matrikkel: Value,
}

const ORGNR: &str = "^[0-9]{9}$";
const FIRE_SIFFER: &str = "^[0-9]{4}$";
pub(super) const TIDSPUNKT: &str =
    r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z$";

pub(super) fn streng(monster: &str) -> Value {
    json!({ "type": "string", "pattern": monster })
}

pub(super) fn liste(element: &Value) -> Value {
    json!({ "type": "array", "items": element })
}

pub(super) fn en_av<'a>(verdier: impl Iterator<Item = &'a str>) -> Value {
    json!({ "type": "string", "enum": verdier.collect::<Vec<_>>() })
}

pub(super) fn operasjon(
    id: String,
    summary: &str,
    parameters: Vec<Parameter>,
    responses: Vec<Answer>,
) -> Operation {
    Operation { id, summary: summary.to_owned(), parameters, responses, ..Operation::default() }
}

impl Dok {
    /// Collects the schemas.
    pub fn new(skjemaer: &mut Components, oppsett: &Oppsett) -> Self {
        fn legg<T: JsonSchema>(skjemaer: &mut Components) -> Value {
            skjemaer.add::<T>()
        }
        let slettet = legg::<skjema::SlettetSvar>(skjemaer);
        let levende = [legg::<skjema::EnhetSvar>(skjemaer), legg::<skjema::UnderenhetSvar>(skjemaer)];
        Self {
            versjon1: oppsett.versjon1,
            utvidet: oppsett.utvidede_felter,
            feil: legg::<skjema::FeilSvar>(skjemaer),
            serverfeil: legg::<skjema::ServerfeilSvar>(skjemaer),
            fjernet: legg::<skjema::FjernetSvar>(skjemaer),
            enhet: levende.clone().map(|levende| json!({ "oneOf": [levende, slettet] })),
            levende,
            side: legg::<skjema::Side>(skjemaer),
            lenker: legg::<skjema::Lenker>(skjemaer),
            roller: legg::<skjema::RollerSvar>(skjemaer),
            oppdatering: legg::<skjema::OppdateringSvar>(skjemaer),
            rollehendelse: legg::<skjema::RollehendelseSvar>(skjemaer),
            kode: legg::<skjema::KodeSvar>(skjemaer),
            kommune: legg::<skjema::KommuneSvar>(skjemaer),
            matrikkel: legg::<crate::matrikkel::Matrikkelenhet>(skjemaer),
        }
    }

    /// An envelope with its elements under a key; `page` if `delt`.
    pub(super) fn konvolutt(&self, nokkel: &str, element: &Value, delt: bool) -> Value {
        let mut paakrevd = vec!["_links"];
        if delt {
            paakrevd.push("page");
        }
        json!({
            "type": "object",
            "properties": {
                "_embedded": {
                    "type": "object",
                    "properties": { nokkel: { "type": "array", "items": element } },
                    "required": [nokkel],
                },
                "_links": self.lenker,
                "page": self.side,
            },
            "required": paakrevd,
        })
    }

    /// 200 in every offered type, and what every endpoint may answer.
    pub(super) fn svar<T>(&self, tilbud: &[Offer<T>], beskrivelse: &str, skjema: &Value) -> Vec<Answer> {
        let ok = tilbud.iter().fold(Answer::empty(200, beskrivelse), |svar, tilbud| {
            svar.content(tilbud.media_type, skjema.clone())
        });
        let mut svar = vec![ok, Answer::empty(406, "Ingen av de etterspurte medietypene kan avgis.")];
        svar.push(Answer::empty(500, "Uventet feil.").content("application/json", self.serverfeil.clone()));
        let travelt = "Tjenesten er opptatt eller starter. Prøv igjen etter tiden i Retry-After.";
        svar.push(Answer::empty(503, travelt).content("application/json", self.serverfeil.clone()).header(
            "Retry-After",
            json!({ "type": "integer" }),
            "Sekunder.",
        ));
        svar
    }

    pub(super) fn med_400(&self, mut svar: Vec<Answer>) -> Vec<Answer> {
        let beskrivelse = "Én eller flere parametere er ugyldige; alle er listet.";
        svar.push(Answer::empty(400, beskrivelse).content("application/json", self.feil.clone()));
        svar
    }

    fn med_304(mut svar: Vec<Answer>) -> Vec<Answer> {
        svar.push(Answer::empty(304, "Uendret siden kallerens kopi (If-None-Match)."));
        svar
    }

    /// `GET /`.
    pub fn rot(&self) -> Operation {
        let skjema =
            json!({ "type": "object", "properties": { "_links": self.lenker }, "required": ["_links"] });
        operasjon(
            "rot".into(),
            "Hent alle tjenester",
            vec![],
            self.svar(&medietyper::ROT, "Lenker.", &skjema),
        )
    }

    /// A search.
    pub fn sok(&self, kind: Enhetstype) -> Operation {
        let skjema = self.konvolutt(kind.flertall(), &self.levende[kind as usize], true);
        let svar = self.svar(medietyper::enhet(kind, self.versjon1), "En side av søkeresultatet.", &skjema);
        let id = format!("sok_{}", kind.flertall());
        let mut op = operasjon(id, "Søk med filtre", self.sokeparametre(kind), self.med_400(svar));
        op.description =
            "Parameterne kombineres med OG; verdiene i en liste med ELLER. (page+1)*size kan ikke \
            overstige 10 000. Slettede enheter er ikke med."
                .to_owned();
        op
    }

    pub(super) fn sokeparametre(&self, kind: Enhetstype) -> Vec<Parameter> {
        let sok = parametre(kind, self.utvidet);
        let mut ut: Vec<Parameter> =
            sok.map(|p| Parameter::query(p.navn, verdiskjema(p), p.beskrivelse)).collect();
        // Callers who ask for version 1 have three fields more; the document tells of what comes unasked.
        let felter = sorteringsfelter(kind, Versjon::V2);
        let sort: Vec<String> =
            felter.flat_map(|felt| ["ASC", "DESC"].map(|r| format!("{felt},{r}"))).collect();
        let sort = json!({ "type": "string", "enum": sort });
        ut.push(Parameter::query("sort", sort, "Sortering: felt,ASC eller felt,DESC"));
        ut.extend(side());
        ut
    }

    /// A look-up.
    pub fn hent(&self, kind: Enhetstype) -> Operation {
        let tilbud = medietyper::enhet(kind, self.versjon1);
        let svar = self.svar(
            tilbud,
            "Enheten; en slettet enhet har få felter og slettedato.",
            &self.enhet[kind as usize],
        );
        let id = format!("hent_{}", kind.entall());
        operasjon(id, "Hent på organisasjonsnummer", vec![orgnr()], self.oppslag(svar))
    }

    /// A look-up's other answers.
    pub(super) fn oppslag(&self, svar: Vec<Answer>) -> Vec<Answer> {
        let mut svar = Self::med_304(self.med_400(svar));
        svar.push(Answer::empty(404, "Finnes ikke."));
        let fjernet = "Enheten er fjernet fra avgivelsen. Kopier skal også fjernes.";
        svar.push(Answer::empty(410, fjernet).content("application/json", self.fjernet.clone()));
        svar
    }

    /// A unit's roles.
    pub fn roller(&self) -> Operation {
        let svar = self.svar(&medietyper::ROLLE, "Rollene, gruppevis.", &self.roller);
        operasjon("hent_roller".into(), "Hent alle roller for en enhet", vec![orgnr()], self.oppslag(svar))
    }

    /// JSON download.
    pub fn lastned_json(&self, kind: Enhetstype) -> Operation {
        let id = format!("lastned_{}", kind.flertall());
        let svar = self.med_400(self.fil(medietyper::fil(kind, self.versjon1)));
        let mut op = operasjon(id, "Last ned i JSON-format", self.sokeparametre(kind), svar);
        op.description = "Uten parametere: alle enheter. Med: høyst 10 000.".to_owned();
        op
    }

    /// CSV download.
    pub fn lastned_csv(&self, kind: Enhetstype) -> Operation {
        let id = format!("lastned_{}_csv", kind.flertall());
        operasjon(id, "Last ned totalbestand i CSV-format", vec![], self.fil(medietyper::csv(kind)))
    }

    /// Spreadsheet download.
    pub fn lastned_regneark(&self, kind: Enhetstype) -> Operation {
        let id = format!("lastned_{}_regneark", kind.flertall());
        let svar = self.fil(medietyper::regneark(kind, self.versjon1));
        operasjon(id, "Last ned totalbestand som regneark", vec![], svar)
    }

    /// Role download.
    pub fn lastned_roller(&self) -> Operation {
        let svar = self.fil(&medietyper::ROLLEFIL);
        operasjon("lastned_roller".into(), "Last ned totalbestand av roller", vec![], svar)
    }

    /// Parquet download.
    pub fn lastned_parquet(&self, hva: &str) -> Operation {
        let svar = self.fil(&medietyper::PARQUETFIL);
        let mut op = operasjon(
            format!("lastned_{hva}_parquet"),
            "Last ned totalbestand i Parquet-format",
            vec![],
            svar,
        );
        op.description =
            "Kolonnene i CSV-filen med typer, og det CSV-filen utelater. Roller: én rad per rolle. \
            Nøkkelen `grunndata.sekvensnummer` i filens metadata sier hvilket sekvensnummer den gjelder for."
                .to_owned();
        op
    }

    fn fil(&self, tilbud: &[Offer<Filtype>]) -> Vec<Answer> {
        let mut typer: Vec<&str> = tilbud.iter().map(|t| t.tag.sendes_som).collect();
        typer.dedup();
        typer.sort_unstable();
        typer.dedup();
        let binaer = json!({ "type": "string", "format": "binary" });
        let fil = |status, tekst: &str| {
            typer.iter().fold(Answer::empty(status, tekst), |svar, type_| svar.content(type_, binaer.clone()))
        };
        let mut svar = Self::med_304(self.svar::<()>(&[], "", &Value::Null));
        svar[0] = fil(200, "Filen.");
        svar.push(fil(206, "En del av filen (Range)."));
        svar.push(Answer::empty(416, "Den etterspurte delen finnes ikke."));
        svar
    }

    /// A unit feed.
    pub fn oppdateringer(&self, kind: Enhetstype) -> Operation {
        let (nokkel, tilbud) = match kind {
            Enhetstype::Enhet => ("oppdaterteEnheter", &medietyper::OPPDATERING_ENHET),
            Enhetstype::Underenhet => ("oppdaterteUnderenheter", &medietyper::OPPDATERING_UNDERENHET),
        };
        let mut parametre = vec![
            Parameter::query("dato", streng(TIDSPUNKT), "Bare oppdateringer fra og med dette tidsstempelet"),
            Parameter::query(
                "oppdateringsid",
                json!({ "type": "integer", "minimum": 1 }),
                "Bare oppdateringer fra og med denne id-en",
            ),
            Parameter::query("organisasjonsnummer", orgnrliste(), "Bare oppdateringer på disse enhetene"),
            Parameter::query("sort", en_av(["id,ASC", "id,DESC"].into_iter()), "Eldste eller nyeste først"),
        ];
        if self.utvidet {
            parametre.push(Parameter::query(
                "includeChanges",
                json!({ "type": "boolean" }),
                "Vis hva som er endret, som JSON Patch",
            ));
            parametre.push(Parameter::query(
                "updatedBefore",
                streng(TIDSPUNKT),
                "Bare oppdateringer før dette tidsstempelet",
            ));
        }
        parametre.extend(side());
        let skjema = self.konvolutt(nokkel, &self.oppdatering, true);
        let svar = self.med_400(self.svar(tilbud, "En side av oppdateringene.", &skjema));
        let id = format!("oppdateringer_{}", kind.flertall());
        operasjon(id, "Hent oppdateringer", parametre, svar)
    }

    /// The role feed.
    pub fn rolleoppdateringer(&self) -> Operation {
        let parametre = vec![
            Parameter::query("afterTime", streng(TIDSPUNKT), "Bare hendelser etter dette tidspunktet"),
            Parameter::query(
                "afterId",
                json!({ "type": "integer", "minimum": 1 }),
                "Bare hendelser etter denne id-en",
            ),
            Parameter::query("organisasjonsnummer", orgnrliste(), "Bare hendelser på disse enhetene"),
            Parameter::query(
                "size",
                json!({ "type": "integer", "minimum": 1, "maximum": MAKS_DYBDE, "default": 100 }),
                "Antall hendelser",
            ),
        ];
        let skjema = liste(&self.rollehendelse);
        let svar = self.med_400(self.svar(&medietyper::CLOUDEVENTS, "Hendelsene, eldste først.", &skjema));
        operasjon("oppdateringer_roller".into(), "Hent rolleoppdateringer", parametre, svar)
    }

    /// The lists of organisation forms.
    pub fn organisasjonsformer(&self, id: &str) -> Operation {
        let skjema = self.konvolutt("organisasjonsformer", &self.kode, false);
        let svar = self.med_400(self.svar(&medietyper::ORGANISASJONSFORM, "Organisasjonsformene.", &skjema));
        operasjon(id.to_owned(), "Hent organisasjonsformer", kodeparametre(["kode", "beskrivelse"]), svar)
    }

    /// The role code lists.
    pub fn kodeliste(&self, en: &str, nokkel: &str) -> Operation {
        let skjema = self.konvolutt(nokkel, &self.kode, false);
        let svar = self.svar(tilbud_for(en), "Kodene.", &skjema);
        operasjon(nokkel.to_owned(), "Hent kodeliste", vec![], svar)
    }

    /// One code.
    pub fn kode(&self, en: &str) -> Operation {
        let mut svar = self.svar(tilbud_for(en), "Koden.", &self.kode);
        svar.push(Answer::empty(404, "Finnes ikke."));
        let kode = Parameter::path("kode", json!({ "type": "string", "minLength": 1 }), "Koden");
        operasjon(en.to_owned(), "Hent en kode", vec![kode], svar)
    }

    /// Municipalities.
    pub fn kommuner(&self) -> Operation {
        let skjema = self.konvolutt("kommuner", &self.kommune, true);
        let svar = self.med_400(self.svar(&medietyper::KOMMUNE, "En side av kommunene.", &skjema));
        operasjon("kommuner".into(), "Hent kommuner", kodeparametre(["nummer", "navn"]), svar)
    }

    /// One municipality.
    pub fn kommune(&self) -> Operation {
        let mut svar = self.svar(&medietyper::KOMMUNE, "Kommunen.", &self.kommune);
        svar.push(Answer::empty(404, "Finnes ikke."));
        let nummer =
            Parameter::path("kommunenr", json!({ "type": "string", "minLength": 1 }), "Kommunenummeret");
        operasjon("kommune".into(), "Hent kommune på kommunenummer", vec![nummer], svar)
    }

    /// Units on properties.
    pub fn matrikkel(&self) -> Operation {
        let parametre = vec![
            Parameter::query("matrikkelenhetid", json!({ "type": "string" }), "Matrikkelenhetens id"),
            Parameter::query(
                "matrikkelnummer",
                streng("^[0-9]{4}-[0-9]{1,6}/[0-9]{1,6}(/[0-9]{1,6})?$"),
                "kommunenr-gnr/bnr eller kommunenr-gnr/bnr/fnr",
            ),
        ];
        let skjema = liste(&self.matrikkel);
        let svar = self.med_400(self.svar(&medietyper::MATRIKKEL, "Enhetene på matrikkelenheten.", &skjema));
        operasjon("matrikkelenhet".into(), "Hent enheter på en matrikkelenhet", parametre, svar)
    }
}

/// The schema of a search parameter's value.
fn verdiskjema(p: &Sokeparameter) -> Value {
    match p.regel {
        Regel::Navn => json!({ "type": "string", "minLength": 1, "maxLength": 180 }),
        Regel::NavnMetode => json!({ "type": "string", "enum": ["FORTLOEPENDE"] }),
        Regel::Enheter => orgnrliste(),
        Regel::Orgnr => streng(ORGNR),
        Regel::FraAnsatte => ansatte(1),
        Regel::TilAnsatte => ansatte(4),
        Regel::Flagg => json!({ "type": "boolean" }),
        Regel::FraDato | Regel::TilDato => json!({ "type": "string", "format": "date" }),
        Regel::Organisasjonsform => {
            liste(&en_av(kodeverk::organisasjonsformer::alle().iter().map(|f| f.kode)))
        }
        Regel::FireSiffer(_) | Regel::Kommunenummer => liste(&streng(FIRE_SIFFER)),
        Regel::Verdier | Regel::Tekster => liste(&json!({ "type": "string" })),
        Regel::Verdi => json!({ "type": "string" }),
        Regel::Naeringskode => liste(&streng(r"^([A-V]|[0-9]{2}(\.[0-9]{1,3})?)$")),
    }
}

/// What version 2 takes; version 1 takes any number.
fn ansatte(grense: u64) -> Value {
    json!({ "type": "integer", "anyOf": [{ "enum": [0, grense] }, { "minimum": 5 }] })
}

fn tilbud_for(en: &str) -> &'static [Offer<()>] {
    match en {
        "rolletype" => &medietyper::ROLLETYPE,
        "rollegruppetype" => &medietyper::ROLLEGRUPPETYPE,
        "representant" => &medietyper::REPRESENTANT,
        _ => &medietyper::ORGANISASJONSFORM,
    }
}

pub(super) fn orgnr() -> Parameter {
    Parameter::path("orgnr", streng(ORGNR), "Organisasjonsnummeret, ni siffer")
}

fn orgnrliste() -> Value {
    json!({ "type": "array", "items": streng(ORGNR), "maxItems": MAKS_ORGANISASJONSNUMMER })
}

fn side() -> [Parameter; 2] {
    [
        Parameter::query(
            "size",
            json!({ "type": "integer", "minimum": 1, "maximum": MAKS_DYBDE, "default": 20 }),
            "Sidestørrelse",
        ),
        Parameter::query(
            "page",
            json!({ "type": "integer", "minimum": 0, "default": 0 }),
            "Sidenummer fra 0",
        ),
    ]
}

fn kodeparametre(felter: [&str; 2]) -> Vec<Parameter> {
    let sort: Vec<String> = felter.iter().flat_map(|f| [format!("{f},ASC"), format!("{f},DESC")]).collect();
    let mut ut = vec![Parameter::query("sort", json!({ "type": "string", "enum": sort }), "Sortering")];
    ut.extend(side());
    ut
}
