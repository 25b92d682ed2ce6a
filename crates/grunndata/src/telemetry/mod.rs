//! Being watched: measurements for Prometheus, traces for a collector.
//!
//! [`table`] says what is measured; [`requests`] counts on the path of every request, [`sampling`] looks at the rest now and
//! then, [`process`] when it is asked; all write on the [`board`]. Nothing here carries personal data: routes are templates.

mod board;
mod lag;
mod process;
mod requests;
mod sampling;
pub mod table;
mod traces;

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use web::observe::{Deaf, Observer};
use web::routes::{Answer, Operation, Table};

use crate::failure::{Failure, chain};
use crate::health::PREFIX;
use crate::serving::Stopping;
use board::Board;
use requests::Requests;
use sampling::Sampling;

pub(crate) use sampling::Sources;
pub use traces::Traces;
pub(crate) use traces::start as start_traces;

/// The commit that was built, if the builder said so: `BUILD_COMMIT=… cargo build`.
const COMMIT: &str = match option_env!("BUILD_COMMIT") {
    Some(commit) => commit,
    None => "",
};

/// What is measured.
pub(crate) struct Telemetry(Arc<Board>);

impl Telemetry {
    /// Nothing measured yet.
    pub(crate) fn new() -> Result<Arc<Self>, Failure> {
        let board = Board::new().map_err(|error| {
            Failure::failed(
                format!("nothing can be measured: {}", chain(&error)),
                "this is a fault in the program",
            )
        })?;
        board.set(table::BUILD, &[env!("CARGO_PKG_VERSION"), COMMIT], 1.0);
        Ok(Arc::new(Self(Arc::new(board))))
    }

    /// Who hears of requests to these routes.
    pub(crate) fn observer(&self, routes: Vec<String>) -> Arc<dyn Observer> {
        match Requests::on(&self.0, routes) {
            Some(requests) => Arc::new(requests),
            None => Arc::new(Deaf),
        }
    }

    /// Looks at what is not seen from requests, until it is time to stop.
    pub(crate) async fn watch(&self, sources: Sources, stopping: Stopping) {
        let sampling = Sampling::new(sources);
        tokio::select! {
            () = sampling.run(&self.0) => {}
            () = stopping.wait() => {}
        }
    }
}

/// The route, documented.
pub(crate) fn routes() -> Table<(Arc<Telemetry>, Stopping)> {
    let measurements = Operation {
        id: "metrikker".to_owned(),
        summary: "Målinger for Prometheus.".to_owned(),
        description:
            "Tekstformat 0.0.4: svartider og antall for hver rute, etterslep, størrelser og hva prosessen \
                      bruker. Ruter er maler; ingenting her er personopplysninger."
                .to_owned(),
        responses: vec![Answer::empty(200, "Målingene.").content("text/plain", json!({ "type": "string" }))],
        ..Operation::default()
    };
    Table::new(PREFIX, "Drift").get("/metrikker", get_measurements, measurements)
}

async fn get_measurements(State((telemetry, stopping)): State<(Arc<Telemetry>, Stopping)>) -> Response {
    let board = &telemetry.0;
    board.set(table::DRAINING, &[], f64::from(u8::from(stopping.is_draining())));
    process::measure(board);
    match board.text() {
        Ok(text) => {
            let headers = [(header::CONTENT_TYPE, board::MEDIA_TYPE), (header::CACHE_CONTROL, "no-store")];
            (headers, text).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "the measurements could not be written out");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
