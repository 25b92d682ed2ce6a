//! Traces to a collector, in OTLP over HTTP, when the configuration names one.
//!
//! Sending runs on a thread of its own and in batches. What the collector does not take in time is dropped: it is never
//! worth a request.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::trace::{SpanId, TraceId, TracerProvider};
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{IdGenerator, Sampler, SdkTracerProvider};
use tid::Random;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::registry::LookupSpan;

use crate::config::Telemetri;
use crate::failure::{Failure, chain};

/// How long a batch may take to send, and the last one when the program ends.
const SEND_WITHIN: Duration = Duration::from_secs(5);

/// Sends what is left when it is let go of.
pub struct Traces(SdkTracerProvider);

impl Drop for Traces {
    fn drop(&mut self) {
        if let Err(error) = self.0.shutdown_with_timeout(SEND_WITHIN) {
            tracing::warn!(%error, "the last traces were not sent");
        }
    }
}

/// Begins to gather traces, if there is a collector.
///
/// # Errors
/// When the exporter cannot be made.
pub(crate) fn start(telemetri: &Telemetri, random: Arc<dyn Random>) -> Result<Option<Traces>, Failure> {
    let Some(collector) = &telemetri.collector else { return Ok(None) };
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(Sender::new())
        .with_endpoint(format!("{}/v1/traces", collector.as_str()))
        .with_timeout(SEND_WITHIN)
        .build()
        .map_err(|error| {
            Failure::usage(
                format!("telemetri.otlp: {}", chain(&error)),
                "give the collector's address, such as http://127.0.0.1:4318",
            )
        })?;
    let resource = Resource::builder_empty().with_attributes([
        KeyValue::new("service.name", "grunndata"),
        KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
    ]);
    let share = Sampler::TraceIdRatioBased(f64::from(telemetri.per_mille) / 1000.0);
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_sampler(Sampler::ParentBased(Box::new(share)))
        .with_id_generator(Ids(random))
        .with_resource(resource.build())
        .build();
    Ok(Some(Traces(provider)))
}

impl Traces {
    /// The layer that turns spans of the target [`web::trace::TARGET`] into traces. Log lines stay out of them.
    pub(crate) fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: tracing::Subscriber + for<'a> LookupSpan<'a>,
    {
        let only_spans = Targets::new().with_target(web::trace::TARGET, tracing::Level::INFO);
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer("grunndata"))
            .with_location(false)
            .with_threads(false)
            .with_filter(only_spans)
    }
}

/// Ids from the source of randomness that everything has.
struct Ids(Arc<dyn Random>);

impl std::fmt::Debug for Ids {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ids")
    }
}

impl IdGenerator for Ids {
    fn new_trace_id(&self) -> TraceId {
        let mut bytes = [0; 16];
        self.0.fill(&mut bytes);
        TraceId::from_bytes(bytes)
    }

    fn new_span_id(&self) -> SpanId {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        SpanId::from_bytes(bytes)
    }
}

/// The exporter's client. It blocks, on the exporter's own thread, and says once when the collector is gone and once
/// when it is back.
#[derive(Debug)]
struct Sender {
    agent: ureq::Agent,
    failing: AtomicBool,
}

impl Sender {
    fn new() -> Self {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(SEND_WITHIN))
            .build()
            .new_agent();
        Self { agent, failing: AtomicBool::new(false) }
    }

    fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (head, body) = request.into_parts();
        let request = Request::from_parts(head, body.to_vec());
        let (head, mut body) = self.agent.run(request)?.into_parts();
        Ok(Response::from_parts(head, body.read_to_vec()?.into()))
    }
}

#[async_trait::async_trait]
impl HttpClient for Sender {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let answer = self.send(request);
        let failed = match &answer {
            Ok(answer) if answer.status().is_success() => None,
            Ok(answer) => Some(format!("it answered {}", answer.status())),
            Err(error) => Some(error.to_string()),
        };
        let failed_before = self.failing.swap(failed.is_some(), Ordering::Relaxed);
        match failed {
            Some(error) if !failed_before => tracing::warn!(error, "the collector does not take traces"),
            None if failed_before => tracing::info!("the collector takes traces again"),
            _ => {}
        }
        answer
    }
}
