//! `/drift`: is the process alive, and is it ready to answer.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use enhetsregisteret::Enhetsregister;
use enhetsregisteret::synk::Synk;
use folkeregisteret::Folkeregister;
use journal::SharedJournal;
use serde_json::{Value, json};
use web::routes::{Answer, Operation, Table};

use crate::serving::Stopping;

/// Where what operators and their machines look at lies.
pub(crate) const PREFIX: &str = "/drift";

/// Further behind than this, search is too old to be called ready.
const EVENTS_BEHIND_MAX: u64 = 10_000;

/// Longer than this a store that answers at all does not take. Whoever asks waits a few seconds at most.
const STORE_WITHIN: Duration = Duration::from_secs(2);

/// What the health pages look at.
pub(crate) struct Health {
    journal: SharedJournal,
    enhetsregisteret: Option<Arc<Enhetsregister>>,
    folkeregisteret: Option<Arc<Folkeregister>>,
    synk: Option<Arc<Synk>>,
    stopping: Stopping,
    /// Where the feeds ended when readiness was first asked for. Until search has come so far, an index that is only
    /// a little behind is not ready either: it answers as of before the start.
    at_start: OnceLock<Vec<u64>>,
    has_caught_up: AtomicBool,
}

impl Health {
    pub(crate) fn new(
        journal: SharedJournal,
        enhetsregisteret: Option<Arc<Enhetsregister>>,
        folkeregisteret: Option<Arc<Folkeregister>>,
        synk: Option<Arc<Synk>>,
        stopping: Stopping,
    ) -> Arc<Self> {
        Arc::new(Self {
            journal,
            enhetsregisteret,
            folkeregisteret,
            synk,
            stopping,
            at_start: OnceLock::new(),
            has_caught_up: AtomicBool::new(false),
        })
    }

    /// Readiness and its reasons. A store that does not answer in time is not there.
    async fn examine(&self) -> (bool, Value) {
        if self.stopping.is_draining() {
            return (false, json!({ "stopper": true }));
        }
        let looked = tokio::time::timeout(STORE_WITHIN, self.look()).await;
        looked.unwrap_or_else(|_| (false, json!({ "lager": "utilgjengelig" })))
    }

    async fn look(&self) -> (bool, Value) {
        let Ok(head) = self.journal.head().await else { return (false, json!({ "lager": "utilgjengelig" })) };
        let mut reasons = json!({ "lager": "tilgjengelig", "sekvensnummer": head });
        let Some(indexes) = self.indexes(&mut reasons).await else {
            return (false, json!({ "lager": "utilgjengelig" }));
        };
        (self.is_ready(&indexes), reasons)
    }

    /// How long the feed of each search index is, and how much of it the index lacks; `None` is one that is being built.
    /// What the registers say of themselves goes into `told`.
    async fn indexes(&self, told: &mut Value) -> Option<Vec<(u64, Option<u64>)>> {
        let mut indexes = Vec::new();
        if let Some(register) = &self.enhetsregisteret {
            let status = register.status().await.ok()?;
            indexes.extend(status.oppdateringer.into_iter().zip(status.etterslep));
            told["enhetsregisteret"] = json!(status);
        }
        if let Some(register) = &self.folkeregisteret {
            let status = register.status().await.ok()?;
            indexes.push((status.hendelser, status.etterslep));
            told["folkeregisteret"] = json!(status);
        }
        Some(indexes)
    }

    /// What the store holds, which files lie ready, and how keeping in step goes: `null` when the server follows no upstream.
    async fn status(&self) -> Option<Value> {
        let mut status = json!({ "sekvensnummer": self.journal.head().await.ok()?, "synk": null });
        self.indexes(&mut status).await?;
        if let Some(register) = &self.enhetsregisteret {
            status["enhetsregisteret"]["nedlastinger"] = json!(register.nedlastinger().status().await.ok()?);
        }
        if let Some(synk) = &self.synk {
            status["synk"] = json!(synk.status().await.ok()?);
        }
        Some(status)
    }

    fn is_ready(&self, indexes: &[(u64, Option<u64>)]) -> bool {
        let at_start = self.at_start.get_or_init(|| indexes.iter().map(|(head, _)| *head).collect());
        let mut ready = true;
        let mut caught_up = true;
        for ((head, behind), at_start) in indexes.iter().zip(at_start) {
            let Some(behind) = *behind else { return false };
            ready &= behind <= EVENTS_BEHIND_MAX;
            caught_up &= head.saturating_sub(behind) >= *at_start;
        }
        if caught_up {
            self.has_caught_up.store(true, Ordering::Relaxed);
        }
        ready && self.has_caught_up.load(Ordering::Relaxed)
    }
}

/// The routes, documented.
pub(crate) fn routes() -> Table<Arc<Health>> {
    let schema = || json!({ "type": "object", "required": ["status"], "properties": { "status": { "type": "string" } } });
    let answer = |status, text: &str| Answer::empty(status, text).content("application/json", schema());
    let alive = Operation {
        id: "liv".to_owned(),
        summary: "Lever programmet?".to_owned(),
        description: "Svarer så lenge prosessen lever. For omstart av en prosess som henger.".to_owned(),
        responses: vec![answer(200, "Programmet lever.")],
        ..Operation::default()
    };
    let ready = Operation {
        id: "klar".to_owned(),
        summary: "Er programmet klart til å svare?".to_owned(),
        description: "Klart når lageret kan leses og søkeindeksene har tatt igjen endringene. Ikke klart fra programmet \
                      får beskjed om å stoppe, selv om det svarer på alt en stund til."
            .to_owned(),
        responses: vec![
            answer(200, "Klart."),
            answer(503, "Ikke klart ennå, på vei til å stoppe, eller lageret er utilgjengelig."),
        ],
        ..Operation::default()
    };
    let status = Operation {
        id: "status".to_owned(),
        summary: "Hvordan går det?".to_owned(),
        description:
            "Hva lageret holder; hvilke nedlastingsfiler som ligger klare, hvilket sekvensnummer de er fra, \
                      og siste feil; og hvordan det går med å holde kopien à jour med oppstrøms: siste id og \
                      tid, etterslep, siste kontakt og siste feil for hver oppdateringsliste."
                .to_owned(),
        responses: vec![
            Answer::empty(200, "Status.").content("application/json", json!({ "type": "object" })),
            Answer::empty(503, "Lageret er utilgjengelig."),
        ],
        ..Operation::default()
    };
    Table::new(PREFIX, "Drift")
        .get("/liv", get_alive, alive)
        .get("/klar", get_ready, ready)
        .get("/status", get_status, status)
}

async fn get_alive() -> Response {
    answer(
        StatusCode::OK,
        &json!({ "status": "oppe", "program": "grunndata", "versjon": env!("CARGO_PKG_VERSION") }),
    )
}

async fn get_ready(State(health): State<Arc<Health>>) -> Response {
    let (ready, mut reasons) = health.examine().await;
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    reasons["status"] = json!(if ready { "klar" } else { "ikke klar" });
    answer(status, &reasons)
}

async fn get_status(State(health): State<Arc<Health>>) -> Response {
    match health.status().await {
        Some(status) => answer(StatusCode::OK, &status),
        None => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

fn answer(status: StatusCode, body: &Value) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    (status, headers, body.to_string()).into_response()
}
