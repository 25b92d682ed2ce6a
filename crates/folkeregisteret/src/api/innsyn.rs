//! Our own surface: who has looked a person up (consumer sheet, section 2.2). No official API gives it.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use identifikator::Personidentifikator;
use serde_json::json;
use vakt::{Access, Caller, Konsument, Scope};
use web::path::PathParams;
use web::routes::{Answer, Operation, Parameter, Table};

use super::feilform::{egen_feil, generell, med_kropp};
use super::medietyper::{Form, JSON};
use crate::innsyn::Virksomheter;
use crate::logg::Bruker;
use crate::{Feil, Folkeregister};

/// The scope that opens it.
const SCOPE: &str = "grunndata:folkeregisteret.innsyn";

/// What the surface needs: the register, and who knows whom organisation numbers belong to.
pub struct Utvidet {
    register: Arc<Folkeregister>,
    virksomheter: Arc<dyn Virksomheter>,
}

impl Utvidet {
    /// The surface on a register.
    pub fn new(register: Arc<Folkeregister>, virksomheter: Arc<dyn Virksomheter>) -> Arc<Self> {
        Arc::new(Self { register, virksomheter })
    }

    /// What opens it.
    pub fn adgang() -> Access {
        Access::any_of(Scope::parse(SCOPE))
    }

    /// The route table, below a path prefix such as `/folkeregisteret/utvidet`.
    pub fn ruter(prefiks: &str) -> Table<Arc<Self>> {
        Table::new(prefiks, "Folkeregisteret: utvidet").get(
            "/innsyn/{personidentifikator}",
            hent,
            dokumentasjon(),
        )
    }
}

fn dokumentasjon() -> Operation {
    let nummer = json!({ "type": "string", "minLength": 11, "maxLength": 11 });
    let svar = json!({ "type": "object", "properties": { "oppslag": { "type": "array", "items": { "type": "object" } } } });
    Operation {
        id: "folkeregisteret_innsyn".to_owned(),
        summary: "Hvem har slått opp personen?".to_owned(),
        description: "Enkeltoppslag fra private uten hjemmel, eldste først: det personen har rett til å vite. Oppslag fra \
                      offentlige myndigheter, fra private med hjemmel og fra pressen er ikke med, og ikke vask og \
                      ajourhold av registre. Et token som er begrenset til en person, viser bare den personen."
            .to_owned(),
        parameters: vec![Parameter::path("personidentifikator", nummer, "Fødselsnummer eller d-nummer.")],
        responses: vec![
            Answer::empty(200, "Oppslagene.").content(JSON, svar),
            Answer::empty(400, "Nummeret er ikke gyldig."),
            Answer::empty(401, "Tilgangstoken mangler eller er ugyldig."),
            Answer::empty(403, "Tilgangstokenet gir ikke tilgang, eller gjelder en annen person."),
            Answer::empty(404, "Ukjent person."),
        ],
        ..Operation::default()
    }
}

async fn hent(State(api): State<Arc<Utvidet>>, Caller(hvem): Caller, sti: PathParams) -> Response {
    let Ok(nummer) = Personidentifikator::parse(sti.get("personidentifikator")) else {
        return generell(StatusCode::BAD_REQUEST, "personidentifikator må ha 11 siffer", Form::Json);
    };
    if let Err(nektet) = hvem.is_about(nummer) {
        return nektet.into_response();
    }
    match svar(&api, &hvem, nummer).await {
        Ok(Some(kropp)) => med_kropp(StatusCode::OK, kropp, JSON),
        Ok(None) => generell(StatusCode::NOT_FOUND, super::oppslag::UKJENT, Form::Json),
        Err(feil) => {
            tracing::error!(%feil, "et kall feilet");
            egen_feil(Form::Json)
        }
    }
}

async fn svar(api: &Utvidet, hvem: &Konsument, nummer: Personidentifikator) -> Result<Option<String>, Feil> {
    let funnet = api.register.innsyn(nummer.verdi(), false, &*api.virksomheter).await?;
    let Some(liste) = funnet else { return Ok(None) };
    let bruker = Bruker { konsument: hvem.consumer, leverandoer: hvem.supplier };
    api.register.logg().noter_innsyn(bruker, liste.person).await?;
    Ok(Some(json!({ "oppslag": liste.oppslag }).to_string()))
}
