//! The words and schemas of the OpenAPI document, operation by operation.

use serde_json::{Value, json};
use web::openapi::Components;
use web::routes::{Answer, Operation, Parameter};

use crate::bevis::GRANT;
use crate::modell::Oppslagsrad;
use crate::utsted::Tokensvar;

const JSON: &str = "application/json";
const PROBLEM: &str = "application/problem+json";
const SKJEMA: &str = "application/x-www-form-urlencoded";

/// Writes the operations.
pub struct Dok {
    navn: String,
    token: Value,
    tokenfeil: Value,
    feil: Value,
    problem: Value,
    oppslagsrad: Value,
    hvem: Value,
}

fn felt(egenskaper: &Value, paakrevd: &[&str]) -> Value {
    json!({ "type": "object", "properties": egenskaper, "required": paakrevd })
}

fn tekst() -> Value {
    json!({ "type": "string" })
}

fn orgnr() -> Value {
    json!({ "type": "string", "pattern": "^[0-9]{9}$" })
}

fn objekt() -> Value {
    json!({ "type": "object" })
}

fn liste(element: &Value) -> Value {
    json!({ "type": "array", "items": element })
}

impl Dok {
    /// Collects the schemas.
    pub fn ny(skjemaer: &mut Components) -> Self {
        let tokenfeil = felt(
            &json!({ "error": tekst(), "error_description": tekst(), "error_uri": tekst() }),
            &["error", "error_description"],
        );
        let feil = felt(
            &json!({
                "status": { "type": "integer" },
                "timestamp": tekst(),
                "correlation_id": tekst(),
                "errors": liste(&objekt()),
                "error": tekst(),
                "error_description": tekst(),
            }),
            &["status", "timestamp", "correlation_id", "errors", "error", "error_description"],
        );
        let problem = felt(
            &json!({ "title": tekst(), "status": { "type": "integer" }, "traceId": tekst() }),
            &["title", "status"],
        );
        Self {
            navn: String::new(),
            token: skjemaer.add::<Tokensvar>(),
            tokenfeil: skjemaer.add_schema("MaskinportenFeil", tokenfeil),
            feil: skjemaer.add_schema("SelvbetjeningFeil", feil),
            problem: skjemaer.add_schema("AltinnProblem", problem),
            oppslagsrad: skjemaer.add::<Oppslagsrad>(),
            hvem: skjemaer.add::<super::utvidet::Hvemsvar>(),
        }
    }

    /// Operation ids begin with this.
    #[must_use]
    pub fn med_navn(self, navn: &str) -> Self {
        Self { navn: navn.to_owned(), ..self }
    }

    fn tokenfeil(&self, status: u16, beskrivelse: &str) -> Answer {
        Answer::empty(status, beskrivelse).content(JSON, self.tokenfeil.clone())
    }

    /// `POST /token`
    pub fn token(&self) -> Operation {
        let kropp = felt(
            &json!({
                "grant_type": { "type": "string", "enum": [GRANT] },
                "assertion": { "type": "string", "description": "Beviset: en signert JWT." },
                "client_id": tekst(),
            }),
            &["grant_type", "assertion"],
        );
        Operation {
            id: "maskinporten_token".to_owned(),
            summary: "Be om token".to_owned(),
            description:
                "Beviset er en JWT (RFC 7523) med aud (utstederen), iss (client_id), iat, exp og scope, \
                          signert med en registrert nøkkel (kid) eller et virksomhetssertifikat (x5c)."
                    .to_owned(),
            request_body: vec![(SKJEMA.to_owned(), kropp)],
            responses: vec![
                Answer::empty(200, "Token.").content(JSON, self.token.clone()),
                self.tokenfeil(400, "Beviset er avvist. error_uri sier hvorfor."),
                self.tokenfeil(403, "Konsumenten mangler tilgang, eller har ikke delegert den."),
                self.tokenfeil(413, "Innholdet er for stort."),
                self.tokenfeil(429, "For mange kall. Prøv igjen etter tiden i Retry-After."),
                self.tokenfeil(500, "Uventet feil."),
                self.tokenfeil(503, "Midlertidig utilgjengelig. Prøv igjen."),
            ],
            ..Operation::default()
        }
    }

    /// `GET /jwk`
    pub fn jwk(&self) -> Operation {
        let sett = felt(&json!({ "keys": liste(&objekt()) }), &["keys"]);
        Operation {
            id: "maskinporten_jwk".to_owned(),
            summary: "Hent nøklene som tokener er signert med".to_owned(),
            responses: vec![
                Answer::empty(200, "Nøklene.").content(JSON, sett),
                self.tokenfeil(500, "Uventet feil."),
                self.tokenfeil(503, "Midlertidig utilgjengelig. Prøv igjen."),
            ],
            ..Operation::default()
        }
    }

    /// The metadata.
    pub fn metadata(id: &str) -> Operation {
        let dokument = felt(
            &json!({ "issuer": tekst(), "token_endpoint": tekst(), "jwks_uri": tekst() }),
            &["issuer", "token_endpoint", "jwks_uri"],
        );
        Operation {
            id: format!("maskinporten_{id}"),
            summary: "Hent metadata (RFC 8414)".to_owned(),
            responses: vec![Answer::empty(200, "Metadata.").content(JSON, dokument)],
            ..Operation::default()
        }
    }

    /// `POST /tokenintrospect`
    pub fn introspeksjon(&self) -> Operation {
        let kropp = felt(
            &json!({ "token": tekst(), "client_assertion": tekst(), "client_assertion_type": tekst() }),
            &["token", "client_assertion", "client_assertion_type"],
        );
        let svar = felt(&json!({ "active": { "type": "boolean" } }), &["active"]);
        Operation {
            id: "maskinporten_introspeksjon".to_owned(),
            summary: "Spør hva et token betyr (RFC 7662)".to_owned(),
            description:
                "For klienter som scopet navngir i enforced_aud_for_introspection. Et token som er ukjent, \
                          utløpt eller ikke ditt å spørre om, er ikke aktivt."
                    .to_owned(),
            request_body: vec![(SKJEMA.to_owned(), kropp)],
            responses: vec![
                Answer::empty(200, "Hva tokenet betyr.").content(JSON, svar),
                self.tokenfeil(400, "Spørsmålet eller beviset er avvist."),
                self.tokenfeil(413, "Innholdet er for stort."),
                self.tokenfeil(500, "Uventet feil."),
                self.tokenfeil(503, "Midlertidig utilgjengelig. Prøv igjen."),
            ],
            ..Operation::default()
        }
    }

    /// `GET /errors/{kode}`
    pub fn feilside(&self) -> Operation {
        Operation {
            id: "maskinporten_feilside".to_owned(),
            summary: "Les hva en feilkode betyr".to_owned(),
            parameters: vec![Parameter::path("kode", tekst(), "Koden, slik som MP-100")],
            responses: vec![
                Answer::empty(200, "Forklaringen.").content("text/html; charset=utf-8", tekst()),
                self.tokenfeil(404, "Koden finnes ikke."),
            ],
            ..Operation::default()
        }
    }

    /// `GET /hvem-er-jeg`
    pub fn hvem_er_jeg(&self) -> Operation {
        self.med_problem(
            "maskinporten_hvem_er_jeg",
            "Se hva tokenet ditt sier",
            "Krever scopet grunndata:demo.les.",
            vec![],
            self.hvem.clone(),
        )
    }
}

/// Operations of the self-service API.
impl Dok {
    fn selvbetjening(&self, id: &str, hva: &str, parametre: Vec<Parameter>, svar: Value) -> Operation {
        let feil = |status, tekst: &str| Answer::empty(status, tekst).content(JSON, self.feil.clone());
        Operation {
            id: format!("{}{id}", self.navn),
            summary: hva.to_owned(),
            parameters: parametre,
            responses: vec![
                Answer::empty(200, "Utført.").content(JSON, svar),
                feil(400, "En verdi er ugyldig."),
                feil(401, "Tokenet mangler eller er ugyldig."),
                feil(403, "Tokenet mangler scopet, eller det er en annens."),
                feil(404, "Finnes ikke, eller er en annens."),
                feil(409, "I strid med det som er der."),
                feil(413, "Innholdet er for stort."),
                feil(500, "Uventet feil."),
                feil(503, "Midlertidig utilgjengelig. Prøv igjen."),
            ],
            ..Operation::default()
        }
    }

    fn med_kropp(op: Operation) -> Operation {
        Operation { request_body: vec![(JSON.to_owned(), objekt())], ..op }
    }

    fn client_id() -> Parameter {
        Parameter::path("client_id", tekst(), "Klientens id")
    }

    fn scope() -> Parameter {
        Parameter { required: true, ..Parameter::query("scope", tekst(), "Scopet, med prefiks") }
    }

    pub fn klienter(&self) -> Operation {
        self.selvbetjening("klienter", "List klientene dine", vec![], liste(&objekt()))
    }

    pub fn ny_klient(&self) -> Operation {
        Self::med_kropp(self.selvbetjening("ny_klient", "Lag en klient", vec![], objekt()))
    }

    pub fn klient(&self) -> Operation {
        self.selvbetjening("klient", "Hent en klient", vec![Self::client_id()], objekt())
    }

    pub fn endre_klient(&self) -> Operation {
        Self::med_kropp(self.selvbetjening(
            "endre_klient",
            "Endre en klient",
            vec![Self::client_id()],
            objekt(),
        ))
    }

    pub fn slett_klient(&self) -> Operation {
        self.selvbetjening("slett_klient", "Deaktiver en klient", vec![Self::client_id()], objekt())
    }

    pub fn nokler(&self) -> Operation {
        self.selvbetjening("nokler", "Hent nøklene til en klient", vec![Self::client_id()], objekt())
    }

    pub fn sett_nokler(&self, verb: &str) -> Operation {
        let id = format!("sett_nokler_{verb}");
        Self::med_kropp(self.selvbetjening(
            &id,
            "Bytt alle nøklene til en klient",
            vec![Self::client_id()],
            objekt(),
        ))
    }

    pub fn slett_nokler(&self) -> Operation {
        self.selvbetjening("slett_nokler", "Slett nøklene til en klient", vec![Self::client_id()], objekt())
    }

    pub fn alle_scopes(&self) -> Operation {
        let apne =
            Parameter::query("accessible_for_all", json!({ "type": "boolean" }), "Bare scopes åpne for alle");
        self.selvbetjening("alle_scopes", "List offentlige scopes", vec![apne], liste(&objekt()))
    }

    pub fn scopes(&self) -> Operation {
        let parametre = vec![
            Parameter::query("scope", tekst(), "Bare dette"),
            Parameter::query("inactive", json!({ "type": "boolean" }), "Ta med deaktiverte"),
        ];
        let svar = json!({ "anyOf": [liste(&objekt()), objekt()] });
        self.selvbetjening("scopes", "List scopene dine", parametre, svar)
    }

    pub fn ny_scope(&self) -> Operation {
        Self::med_kropp(self.selvbetjening("ny_scope", "Lag et scope", vec![], objekt()))
    }

    pub fn endre_scope(&self) -> Operation {
        Self::med_kropp(self.selvbetjening("endre_scope", "Endre et scope", vec![Self::scope()], objekt()))
    }

    pub fn slett_scope(&self) -> Operation {
        self.selvbetjening("slett_scope", "Deaktiver et scope", vec![Self::scope()], objekt())
    }

    pub fn tilganger(&self) -> Operation {
        let parametre =
            vec![Self::scope(), Parameter::query("consumer_orgno", orgnr(), "Bare denne virksomheten")];
        self.selvbetjening("tilganger", "List hvem som har tilgang til et scope", parametre, liste(&objekt()))
    }

    pub fn gi_tilgang_med_kropp(&self) -> Operation {
        Self::med_kropp(self.selvbetjening(
            "gi_tilgang_med_kropp",
            "Gi tilgang til et scope",
            vec![],
            objekt(),
        ))
    }

    pub fn mine_tilganger(&self) -> Operation {
        self.selvbetjening("mine_tilganger", "List scopene du har tilgang til", vec![], liste(&objekt()))
    }

    pub fn gi_tilgang(&self) -> Operation {
        let parametre = vec![Parameter::path("consumer_orgno", orgnr(), "Virksomheten"), Self::scope()];
        self.selvbetjening("gi_tilgang", "Gi en virksomhet tilgang", parametre, objekt())
    }

    pub fn trekk_tilgang(&self) -> Operation {
        let parametre = vec![Parameter::path("consumer_orgno", orgnr(), "Virksomheten"), Self::scope()];
        self.selvbetjening("trekk_tilgang", "Ta tilgangen fra en virksomhet", parametre, objekt())
    }

    pub fn kilder(&self) -> Operation {
        self.selvbetjening("delegeringskilder", "List delegeringskilder", vec![], liste(&objekt()))
    }

    pub fn prefikser(&self) -> Operation {
        self.selvbetjening("prefikser", "List prefikser", vec![], liste(&objekt()))
    }

    pub fn onbehalfof(&self, hva: &str, ord: &str) -> Operation {
        let mut parametre = vec![Self::client_id()];
        if !matches!(hva, "liste" | "ny") {
            parametre.push(Parameter::path("verdi", tekst(), "Navnet på oppføringen"));
        }
        let svar = if hva == "liste" { liste(&objekt()) } else { objekt() };
        let id = format!("{ord}_{hva}");
        let mut op =
            self.selvbetjening(&id, "Den gamle leverandørordningen (uten virkning)", parametre, svar);
        if matches!(hva, "ny" | "endre") {
            op = Self::med_kropp(op);
        }
        if hva == "slett" {
            op.responses[0].content.clear();
        }
        op
    }
}

/// Operations of Altinn's API.
impl Dok {
    fn med_problem(
        &self,
        id: &str,
        hva: &str,
        mer: &str,
        parametre: Vec<Parameter>,
        svar: Value,
    ) -> Operation {
        let feil = |status, tekst: &str| Answer::empty(status, tekst).content(PROBLEM, self.problem.clone());
        Operation {
            id: format!("{}{id}", self.navn),
            summary: hva.to_owned(),
            description: mer.to_owned(),
            parameters: parametre,
            responses: vec![
                Answer::empty(200, "Utført.").content(JSON, svar),
                feil(400, "En parameter mangler eller er ugyldig."),
                feil(401, "Tokenet mangler eller er ugyldig."),
                feil(403, "Tokenet mangler scopet, eller det er en annens."),
                feil(404, "Finnes ikke, eller er en annens."),
                feil(409, "I strid med det som er der."),
                feil(413, "Innholdet er for stort."),
                feil(500, "Uventet feil."),
                feil(503, "Midlertidig utilgjengelig. Prøv igjen."),
            ],
            ..Operation::default()
        }
    }

    fn uten_innhold(mut op: Operation) -> Operation {
        op.responses[0] = Answer::empty(204, "Utført.");
        op
    }

    fn part() -> Parameter {
        Parameter::query("party", orgnr(), "Virksomheten som handler; tokenets hvis den ikke er med")
    }

    fn leverandor(paakrevd: bool) -> Parameter {
        Parameter { required: paakrevd, ..Parameter::query("supplier", orgnr(), "Leverandøren") }
    }

    fn ressurs() -> Parameter {
        Parameter { required: true, ..Parameter::query("resource", tekst(), "Ressursen") }
    }

    pub fn oppslag(&self) -> Operation {
        let parametre = vec![
            Parameter::query("supplierOrg", orgnr(), "Hvem som har fått"),
            Parameter::query("consumerOrg", orgnr(), "Hvem som har gitt"),
            Parameter::query("scope", tekst(), "Hva"),
        ];
        let mer = "Minst én av parameterne må være med. Med scopet altinn:maskinporten/delegations kan eieren av et \
                   prefiks spørre om egne scopes; med .admin om alt.";
        self.med_problem("delegeringer", "Slå opp delegeringer", mer, parametre, liste(&self.oppslagsrad))
    }

    pub fn ordninger(&self) -> Operation {
        self.med_problem("ordninger", "List delegeringsordningene dine", "", vec![], liste(&objekt()))
    }

    pub fn ny_ordning(&self) -> Operation {
        Self::med_kropp(self.med_problem("ny_ordning", "Lag en delegeringsordning", "", vec![], tekst()))
    }

    fn ordningens(&self, id: &str, hva: &str, mer: Vec<Parameter>) -> Operation {
        let sti = Parameter::path("id", tekst(), "Ordningens GUID eller ressursens id");
        self.med_problem(id, hva, "", std::iter::once(sti).chain(mer).collect(), objekt())
    }

    pub fn ordning(&self) -> Operation {
        self.ordningens("ordning", "Hent en delegeringsordning", vec![])
    }

    pub fn endre_ordning(&self) -> Operation {
        Self::med_kropp(self.ordningens("endre_ordning", "Endre en delegeringsordning", vec![]))
    }

    pub fn slett_ordning(&self) -> Operation {
        let med = Parameter::query("deleteDelegations", json!({ "type": "boolean" }), "Ta delegeringene med");
        self.ordningens("slett_ordning", "Slett en delegeringsordning", vec![med])
    }

    pub fn leverandorer(&self) -> Operation {
        let parametre = vec![Self::part(), Self::leverandor(false)];
        self.med_problem("leverandorer", "List leverandørene dine", "", parametre, liste(&objekt()))
    }

    pub fn ny_leverandor(&self) -> Operation {
        let parametre = vec![Self::part(), Self::leverandor(true)];
        self.med_problem(
            "ny_leverandor",
            "Legg til en leverandør",
            "",
            parametre,
            json!({ "type": "boolean" }),
        )
    }

    pub fn slett_leverandor(&self) -> Operation {
        let med = Parameter::query("cascade", json!({ "type": "boolean" }), "Ta delegeringene med");
        let parametre = vec![Self::part(), Self::leverandor(true), med];
        Self::uten_innhold(self.med_problem(
            "slett_leverandor",
            "Fjern en leverandør",
            "",
            parametre,
            objekt(),
        ))
    }

    pub fn delegerte(&self) -> Operation {
        let parametre = vec![Self::part(), Self::leverandor(false)];
        self.med_problem("delegerte", "List det du har delegert", "", parametre, liste(&self.oppslagsrad))
    }

    pub fn deleger(&self) -> Operation {
        let parametre = vec![Self::part(), Self::leverandor(true), Self::ressurs()];
        self.med_problem("deleger", "Deleger en ressurs", "", parametre, json!({ "type": "boolean" }))
    }

    pub fn trekk(&self) -> Operation {
        let parametre = vec![Self::part(), Self::leverandor(true), Self::ressurs()];
        Self::uten_innhold(self.med_problem("trekk", "Trekk en delegering tilbake", "", parametre, objekt()))
    }

    pub fn kan_delegeres(&self) -> Operation {
        let parametre = vec![Self::part(), Self::ressurs()];
        self.med_problem("kan_delegeres", "Kan ressursen delegeres?", "", parametre, objekt())
    }

    pub fn konsumenter(&self) -> Operation {
        let parametre = vec![Self::part(), Parameter::query("consumer", orgnr(), "Konsumenten")];
        self.med_problem("konsumenter", "List konsumentene dine", "", parametre, liste(&objekt()))
    }

    pub fn forlat(&self) -> Operation {
        let konsument = Parameter { required: true, ..Parameter::query("consumer", orgnr(), "Konsumenten") };
        let med = Parameter::query("cascade", json!({ "type": "boolean" }), "Ta delegeringene med");
        let parametre = vec![Self::part(), konsument, med];
        Self::uten_innhold(self.med_problem("forlat", "Slutt å være leverandør", "", parametre, objekt()))
    }

    pub fn mottatte(&self) -> Operation {
        let parametre = vec![Self::part(), Parameter::query("consumer", orgnr(), "Konsumenten")];
        self.med_problem("mottatte", "List det du har fått delegert", "", parametre, liste(&self.oppslagsrad))
    }

    pub fn si_fra_seg(&self) -> Operation {
        let konsument = Parameter { required: true, ..Parameter::query("consumer", orgnr(), "Konsumenten") };
        let parametre = vec![Self::part(), konsument, Self::ressurs()];
        Self::uten_innhold(self.med_problem(
            "si_fra_seg",
            "Si fra deg en delegering",
            "",
            parametre,
            objekt(),
        ))
    }
}
