//! Spans of requests, and the W3C trace context (`traceparent`) that ties them to those of others.
//!
//! Spans have the target [`TARGET`] and are made only when somebody takes them: without a tracer they cost nothing.
//! They carry route templates, never paths.

use http::{HeaderMap, HeaderName, HeaderValue};
use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// The target of every span.
pub const TARGET: &str = "sporing";

const PARENT: HeaderName = HeaderName::from_static("traceparent");
const STATE: HeaderName = HeaderName::from_static("tracestate");

/// What the caller's headers say of the trace that the request belongs to; `None` if they say nothing sane.
pub fn parent(headers: &HeaderMap) -> Option<SpanContext> {
    let text = headers.get(PARENT)?.to_str().ok()?;
    let mut parts = text.trim().split('-');
    let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let lengths = [version, trace, span, flags].map(str::len);
    let plain = |part: &str| part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    // A later version may have more parts; version 00 has four, and ff is none.
    let fits = version != "ff" && (version != "00" || parts.next().is_none());
    if lengths != [2, 32, 16, 2] || !fits || ![version, trace, span, flags].into_iter().all(plain) {
        return None;
    }
    let flags = TraceFlags::new(u8::from_str_radix(flags, 16).ok()?) & TraceFlags::SAMPLED;
    let state = headers.get(STATE).and_then(|value| value.to_str().ok());
    let state = state.and_then(|text| text.parse::<TraceState>().ok()).unwrap_or_default();
    let (trace, span) = (TraceId::from_hex(trace).ok()?, SpanId::from_hex(span).ok()?);
    Some(SpanContext::new(trace, span, flags, true, state)).filter(SpanContext::is_valid)
}

/// The span of a request that came in, as a child of the caller's, and the id of its trace. Without a tracer the trace
/// is the caller's.
pub(crate) fn of_request(headers: &HeaderMap, method: &str, route: &str) -> (Span, Option<TraceId>) {
    let parent = parent(headers);
    let callers = parent.as_ref().map(SpanContext::trace_id);
    if !tracing::span_enabled!(target: TARGET, tracing::Level::INFO) {
        return (Span::none(), callers);
    }
    let span = tracing::info_span!(
        target: TARGET,
        "request",
        otel.name = format!("{method} {route}"),
        otel.kind = "server",
        otel.status_code = tracing::field::Empty,
        http.request.method = method,
        http.route = route,
        http.response.status_code = tracing::field::Empty,
    );
    if let Some(parent) = parent {
        // It fails only for a span that has begun, which this one has not.
        let _ = span.set_parent(Context::new().with_remote_span_context(parent));
    }
    let own = span.context().span().span_context().trace_id();
    (span, Some(own).filter(|own| *own != TraceId::INVALID).or(callers))
}

/// Passes a span's trace on in the headers of a call to somebody else.
pub fn pass_on(span: &Span, headers: &mut HeaderMap) {
    if span.is_disabled() {
        return;
    }
    let context = span.context();
    let span = context.span();
    let here = span.span_context();
    if !here.is_valid() {
        return;
    }
    let flags = here.trace_flags().to_u8();
    let parent = format!("00-{}-{}-{flags:02x}", here.trace_id(), here.span_id());
    headers.extend(HeaderValue::try_from(parent).map(|value| (PARENT, value)));
    let state = here.trace_state().header();
    if !state.is_empty() {
        headers.extend(HeaderValue::try_from(state).map(|value| (STATE, value)));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use opentelemetry::trace::TracerProvider;
    use opentelemetry_sdk::error::OTelSdkResult;
    use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData, SpanExporter};
    use proptest::prelude::*;
    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    #[derive(Debug, Clone, Default)]
    struct Kept(Arc<Mutex<Vec<SpanData>>>);

    impl SpanExporter for Kept {
        async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
            self.0.lock().unwrap().extend(batch);
            Ok(())
        }
    }

    const GOOD: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    fn headers(parent: &str) -> HeaderMap {
        HeaderMap::from_iter([(PARENT, HeaderValue::from_str(parent).unwrap())])
    }

    #[test]
    fn only_sane_contexts_are_taken() {
        let found = parent(&headers(GOOD)).unwrap();
        assert_eq!(found.trace_id().to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
        assert!(found.is_sampled() && found.is_remote());
        assert!(!parent(&headers(&GOOD.replace("-01", "-00"))).unwrap().is_sampled());
        assert!(parent(&headers(&format!("{}-more", GOOD.replacen("00", "cc", 1)))).is_some());
        for bad in [
            "",
            "00",
            &format!("{GOOD}-more"),
            &GOOD.replacen("00", "ff", 1),
            &GOOD.to_uppercase(),
            &GOOD.replace("4bf92f3577b34da6a3ce929d0e0e4736", &"0".repeat(32)),
            &GOOD.replace("00f067aa0ba902b7", &"0".repeat(16)),
            &GOOD.replace("00f067aa", "+0f067aa"),
        ] {
            assert!(parent(&headers(bad)).is_none(), "{bad}");
        }
    }

    #[test]
    fn without_a_tracer_the_trace_is_the_callers() {
        let (span, trace) = of_request(&headers(GOOD), "GET", "/x/{orgnr}");
        assert!(span.is_none());
        assert_eq!(trace.unwrap().to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
        assert!(of_request(&HeaderMap::new(), "GET", "-").1.is_none());
        let mut out = HeaderMap::new();
        pass_on(&span, &mut out);
        assert!(out.is_empty());
    }

    #[test]
    fn with_a_tracer_the_span_is_the_callers_child_and_is_passed_on() {
        let kept = Kept::default();
        let provider = SdkTracerProvider::builder().with_simple_exporter(kept.clone()).build();
        let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
        let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));
        let mut caller = headers(GOOD);
        caller.insert(STATE, HeaderValue::from_static("a=1"));
        let (span, trace) = of_request(&caller, "GET", "/x/{orgnr}");
        let mut out = HeaderMap::new();
        pass_on(&span, &mut out);
        drop(span);
        let made = kept.0.lock().unwrap()[0].clone();
        assert_eq!(
            (made.name.as_ref(), made.parent_span_id.to_string()),
            ("GET /x/{orgnr}", "00f067aa0ba902b7".into())
        );
        assert_eq!(trace, Some(made.span_context.trace_id()));
        let passed = parent(&out).unwrap();
        assert_eq!(
            (passed.trace_id(), passed.span_id()),
            (made.span_context.trace_id(), made.span_context.span_id())
        );
        assert_eq!(out[STATE], "a=1");
        let (_, own) = of_request(&HeaderMap::new(), "GET", "-");
        assert!(own.is_some_and(|own| Some(own) != trace));
    }

    proptest! {
        #[test]
        fn garbage_never_panics(text in "[0-9a-f-]{0,60}|\\PC{0,60}") {
            if let Ok(value) = HeaderValue::from_str(&text) {
                let _ = parent(&HeaderMap::from_iter([(PARENT, value)]));
            }
        }
    }
}
