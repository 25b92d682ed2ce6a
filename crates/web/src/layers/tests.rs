use std::collections::BTreeMap;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Mutex;
use std::task::{self, Poll};

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt;
use hyper::body::Frame;
use tid::SeededRandom;
use tower::ServiceExt;
use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use super::*;
use crate::fault::{Call, ErrorForm, Problem};
use crate::observe::Done;
use crate::respond::represent;

/// A register's error form: fault, path and trace, in plain sight.
struct Own;

impl ErrorForm for Own {
    fn render(&self, fault: Fault, Call { path, trace, .. }: Call<'_>) -> Response {
        (fault.status(), format!("{fault:?} {path} {trace}")).into_response()
    }
}

const LARGE: &str = "application/vnd.brreg.enhetsregisteret.enhet.v2+json;charset=UTF-8";

fn router() -> Router {
    let large = || async { represent("{\"navn\":\"FIKTIV AS\"}".repeat(1000), LARGE) };
    let archive =
        || async { represent(vec![7; 5000], "application/vnd.brreg.enhetsregisteret.enhet.v2+gzip") };
    Router::new()
        .route("/r/enheter/{orgnr}", get(|Path(n): Path<String>| async move { n }))
        .route("/r/id", get(|Extension(id): Extension<RequestId>| async move { id.as_str().to_owned() }))
        .route("/r/large", get(large))
        .route("/r/archive", get(archive))
        .route("/r/panic", get(async || -> String { panic!("a test panics on purpose") }))
        .route("/r/slow", get(|| tokio::time::sleep(Duration::from_mins(10))))
        .route("/r/post", post(|body: Bytes| async move { body.len().to_string() }))
}

fn settings() -> Settings {
    let forms = Forms::new(Problem).with("/r", Own);
    Settings { max_url: 200, max_body: 100, ..Settings::new(forms, Arc::new(SeededRandom::new(1))) }
}

fn request(method: &str, uri: &str, lines: &[(&str, &str)]) -> Request<Body> {
    let start = Request::builder().method(method).uri(uri);
    lines.iter().fold(start, |r, (name, value)| r.header(*name, *value)).body(Body::empty()).unwrap()
}

async fn send(router: Router, request: Request<Body>) -> (StatusCode, HeaderMap, Bytes) {
    let (head, body) = router.oneshot(request).await.unwrap().into_parts();
    (head.status, head.headers, body.collect().await.unwrap().to_bytes())
}

async fn ask(method: &str, uri: &str, lines: &[(&str, &str)]) -> (StatusCode, HeaderMap, Bytes) {
    send(stack(router(), settings()), request(method, uri, lines)).await
}

#[tokio::test]
async fn faults_get_the_form_of_their_path() {
    let id = ("x-request-id", "sporing-1");
    let long = format!("/r/enheter/1?navn={}", "a".repeat(200));
    for (method, uri, status, body) in [
        ("GET", "/r/nowhere", 404, "NotFound /r/nowhere sporing-1"),
        ("GET", "/r/enheter/", 404, "NotFound /r/enheter/ sporing-1"),
        ("PUT", "/r/enheter/1", 405, "MethodNotAllowed /r/enheter/1 sporing-1"),
        ("GET", &long, 400, "UrlTooLong /r/enheter/1 sporing-1"),
        ("GET", "/r/panic", 500, "Internal /r/panic sporing-1"),
        ("HEAD", "/r/nowhere", 404, ""),
    ] {
        let (got, headers, text) = ask(method, uri, &[id]).await;
        assert_eq!((got.as_u16(), &*text), (status, body.as_bytes()), "{method} {uri}");
        assert_eq!(headers.contains_key(header::ALLOW), status == 405);
    }
    let (_, headers, _) = ask("GET", "/elsewhere", &[]).await;
    assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json");
    assert_eq!(ask("PUT", "/r/enheter/1", &[]).await.1[header::ALLOW], "GET,HEAD");
}

#[tokio::test]
async fn request_ids_are_kept_or_made() {
    let (_, headers, body) = ask("GET", "/r/id", &[("x-request-id", "min-id")]).await;
    assert_eq!(
        (&headers["x-request-id"], &*body),
        (&http::HeaderValue::from_static("min-id"), &b"min-id"[..])
    );
    for bad in [&[][..], &[("x-request-id", "17912099997")], &[("x-request-id", "a b")]] {
        let (_, headers, body) = ask("GET", "/r/id", bad).await;
        assert_eq!((headers["x-request-id"].as_bytes(), body.len()), (&*body, 36));
        assert_ne!(&*body, b"17912099997");
    }
}

#[tokio::test]
async fn cors_lines_are_on_every_answer() {
    for uri in ["/r/enheter/1", "/r/nowhere", "/r/panic", "/elsewhere"] {
        let (_, headers, _) = ask("GET", uri, &[]).await;
        assert_eq!(headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*");
        let vary: Vec<_> = headers.get_all(header::VARY).iter().map(|v| v.to_str().unwrap()).collect();
        assert_eq!(
            vary,
            ["Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"],
            "{uri}"
        );
    }
}

#[tokio::test]
async fn preflights_are_answered() {
    let lines = [
        ("origin", "https://app.example.no"),
        ("access-control-request-method", "GET"),
        ("access-control-request-headers", "accept,x-request-id"),
    ];
    let (status, headers, body) = ask("OPTIONS", "/r/enheter/1", &lines).await;
    assert_eq!((status, body.len()), (StatusCode::OK, 0));
    assert!(headers[header::ACCESS_CONTROL_ALLOW_METHODS].to_str().unwrap().contains("GET"));
    assert_eq!(headers[header::ACCESS_CONTROL_ALLOW_HEADERS], "accept,x-request-id");
    assert_eq!(headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*");
}

#[tokio::test]
async fn text_is_compressed_and_files_are_not() {
    let gzip = ("accept-encoding", "gzip");
    let (_, plain_headers, plain) = ask("GET", "/r/large", &[]).await;
    assert_eq!(plain_headers[header::CONTENT_LENGTH], plain.len().to_string());
    let (_, headers, body) = ask("GET", "/r/large", &[gzip]).await;
    assert_eq!(headers[header::CONTENT_ENCODING], "gzip");
    assert_eq!(headers.get_all(header::VARY).iter().count(), 4);
    assert!(body.len() < plain.len() / 10);
    let mut unpacked = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&*body), &mut unpacked).unwrap();
    assert!(unpacked == plain);
    assert_eq!(
        ask("GET", "/r/large", &[("accept-encoding", "br, gzip")]).await.1[header::CONTENT_ENCODING],
        "br"
    );
    for refusal in ["identity;q=0", "*;q=0, br;q=0", "gzip; q=0 , identity; q=0.0"] {
        let (status, headers, body) = ask("GET", "/r/large", &[("accept-encoding", refusal)]).await;
        assert_eq!((status, body == plain), (StatusCode::OK, true), "{refusal}");
        assert!(!headers.contains_key(header::CONTENT_ENCODING));
    }
    assert_eq!(
        ask("GET", "/r/large", &[("accept-encoding", "gzip, *;q=0")]).await.1["content-encoding"],
        "gzip"
    );
    for uri in ["/r/archive", "/r/enheter/1"] {
        let (_, headers, _) = ask("GET", uri, &[gzip]).await;
        assert!(!headers.contains_key(header::CONTENT_ENCODING), "{uri}");
    }
}

#[tokio::test]
async fn head_has_the_head_of_get() {
    for lines in [&[][..], &[("accept-encoding", "gzip")]] {
        for uri in ["/r/large", "/r/archive", "/r/enheter/1"] {
            let (status, mut get, _) = ask("GET", uri, lines).await;
            let (head_status, mut head, body) = ask("HEAD", uri, lines).await;
            assert_eq!((head_status, body.len()), (status, 0));
            get.remove("x-request-id");
            head.remove("x-request-id");
            assert_eq!(head, get, "{uri}");
        }
    }
}

#[tokio::test]
async fn bodies_are_limited_with_and_without_a_length() {
    let post = |body: Body| async {
        let request = Request::post("/r/post").body(body).unwrap();
        let (status, _, text) = send(stack(router(), settings()), request).await;
        (status.as_u16(), String::from_utf8(text.to_vec()).unwrap())
    };
    let pieces = |n| Body::new(Pieces(n));
    assert_eq!(post(Body::from(vec![0; 100])).await, (200, "100".into()));
    assert_eq!(post(pieces(10)).await, (200, "100".into()));
    assert_eq!(post(Body::from(vec![0; 101])).await.0, 413);
    let (status, text) = post(pieces(11)).await;
    assert_eq!((status, text.starts_with("BodyTooLarge /r/post")), (413, true), "{text}");
}

#[tokio::test]
async fn slow_handlers_are_given_up_and_overload_is_told_at_once() {
    let settings = Settings { max_in_flight: 2, timeout: Duration::from_millis(300), ..settings() };
    let router = stack(router(), settings);
    let slow: Vec<_> =
        (0..2).map(|_| tokio::spawn(send(router.clone(), request("GET", "/r/slow", &[])))).collect();
    tokio::time::sleep(Duration::from_millis(50)).await;
    let (status, headers, body) = send(router.clone(), request("GET", "/r/enheter/1", &[])).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(headers[header::RETRY_AFTER], "1");
    assert!(body.starts_with(b"Overloaded /r/enheter/1 "));
    for task in slow {
        let (status, headers, body) = task.await.unwrap();
        assert_eq!(
            (status, &headers[header::RETRY_AFTER]),
            (StatusCode::SERVICE_UNAVAILABLE, &"10".parse().unwrap())
        );
        assert!(body.starts_with(b"Timeout /r/slow "));
    }
    assert_eq!(send(router, request("GET", "/r/enheter/1", &[])).await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_body_that_does_not_come_is_the_callers_doing() {
    let settings = Settings { timeout: Duration::from_millis(50), ..settings() };
    let request = Request::post("/r/post").body(Body::new(Never)).unwrap();
    let (status, _, body) = send(stack(router(), settings), request).await;
    assert_eq!(status, StatusCode::REQUEST_TIMEOUT);
    assert!(body.starts_with(b"SlowBody /r/post "));
}

/// A body of which nothing comes.
struct Never;

impl hyper::body::Body for Never {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut task::Context<'_>) -> Poll<Option<Piece>> {
        Poll::Pending
    }
}

#[tokio::test]
async fn one_line_per_request_without_the_path() {
    let lines = Lines::default();
    let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(lines.clone()));
    let router = stack(router(), Settings { timeout: Duration::from_mins(1), ..settings() });
    let id = [("x-request-id", "id-1")];
    send(router.clone(), request("GET", "/r/enheter/17912099997?x=17912099997", &id)).await;
    send(router.clone(), request("17912099997", "/17912099997", &id)).await;
    let trace = [
        ("x-request-id", "id-1"),
        ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
    ];
    send(router.clone(), request("GET", "/r/enheter/1", &trace)).await;
    let left = send(router.clone(), request("GET", "/r/slow", &id));
    assert!(tokio::time::timeout(Duration::from_millis(20), left).await.is_err());
    let lines = lines.0.lock().unwrap();
    let traced = lines.iter().filter_map(|line| line.get("trace_id")).collect::<Vec<_>>();
    assert_eq!(traced, ["4bf92f3577b34da6a3ce929d0e0e4736"]);
    let shown: Vec<_> = lines
        .iter()
        .map(|line| {
            assert!(line["ms"].parse::<f64>().unwrap() >= 0.0);
            let known = ["bytes", "method", "ms", "request_id", "route", "status"];
            assert!(line.keys().copied().filter(|name| *name != "trace_id").eq(known));
            ["method", "route", "status", "bytes", "request_id"].map(|name| line[name].as_str()).join(" ")
        })
        .collect();
    assert_eq!(shown[0], "GET /r/enheter/{orgnr} 200 11 id-1");
    assert!(shown[1].starts_with("OTHER - 404 "), "{}", shown[1]);
    assert_eq!(shown[3], "GET /r/slow 499 0 id-1");
    assert_eq!(shown.len(), 4);
    assert!(lines[0]["ms"].contains('.') && !format!("{lines:?}").contains("17912099997"));
}

#[tokio::test]
async fn what_is_always_let_in_does_not_wait_for_room() {
    let settings = Settings { max_in_flight: 0, always_admitted: Some("/r/enheter"), ..settings() };
    let router = stack(router(), settings);
    for (path, status) in [("/r/enheter/1", 200), ("/r/id", 503), ("/r/enheterx", 503)] {
        assert_eq!(send(router.clone(), request("GET", path, &[])).await.0.as_u16(), status, "{path}");
    }
}

/// What an observer heard: the lines, and how many came and how many went.
#[derive(Default)]
struct Heard {
    arrived: std::sync::atomic::AtomicUsize,
    done: Mutex<Vec<String>>,
}

impl Observer for Heard {
    fn arrived(&self) {
        self.arrived.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    }

    fn done(&self, Done { method, route, status, time }: &Done<'_>) {
        assert!(*time < Duration::from_secs(10));
        self.done.lock().unwrap().push(format!("{method} {route} {status}"));
    }
}

#[tokio::test]
async fn an_observer_hears_of_every_request_by_its_template() {
    let heard = Arc::new(Heard::default());
    let table = crate::routes::Table::<()>::new("/t", "x");
    let table = table.get("/{n}", || async { "t" }, crate::routes::Operation::default());
    let router = router().merge(table.into_parts().0);
    let settings =
        Settings { observer: heard.clone(), max_url: 50, timeout: Duration::from_mins(1), ..settings() };
    let router = stack(router, settings);
    for (method, path) in [
        ("GET", "/r/enheter/17912099997"),
        ("HEAD", "/t/1/"),
        ("17912099997", "/nowhere"),
        ("GET", "/r/panic"),
        ("POST", "/r/enheter/1"),
    ] {
        send(router.clone(), request(method, path, &[])).await;
    }
    send(router.clone(), request("GET", &format!("/r/id?{}", "a".repeat(50)), &[])).await;
    let left = send(router, request("GET", "/r/slow", &[]));
    assert!(tokio::time::timeout(Duration::from_millis(20), left).await.is_err());
    let expected = [
        "GET /r/enheter/{orgnr} 200",
        "HEAD /t/{n} 200",
        "OTHER - 404",
        "GET /r/panic 500",
        "POST /r/enheter/{orgnr} 405",
        "GET /r/id 400",
        "GET /r/slow 499",
    ];
    assert_eq!(*heard.done.lock().unwrap(), expected);
    assert_eq!(heard.arrived.load(std::sync::atomic::Ordering::Relaxed), expected.len());
}

/// Collects the fields of `foresporsel` events.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<BTreeMap<&'static str, String>>>>);

impl<S: tracing::Subscriber> Layer<S> for Lines {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        struct Fields(BTreeMap<&'static str, String>);
        impl Visit for Fields {
            fn record_str(&mut self, field: &Field, value: &str) {
                self.0.insert(field.name(), value.to_owned());
            }
            fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
                self.0.insert(field.name(), format!("{value:?}"));
            }
        }
        if event.metadata().target() == "foresporsel" {
            assert_eq!(*event.metadata().level(), tracing::Level::INFO);
            let mut fields = Fields(BTreeMap::new());
            event.record(&mut fields);
            self.0.lock().unwrap().push(fields.0);
        }
    }
}

/// A body of so many pieces of ten bytes, which does not tell its length.
struct Pieces(usize);

impl hyper::body::Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut task::Context<'_>) -> Poll<Option<Piece>> {
        let left = self.0.checked_sub(1);
        self.0 = left.unwrap_or(0);
        Poll::Ready(left.map(|_| Ok(Frame::data(Bytes::from_static(&[0; 10])))))
    }
}

type Piece = Result<Frame<Bytes>, Infallible>;
