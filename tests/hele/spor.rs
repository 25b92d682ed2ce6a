//! Traces: a collector's stand-in receives what the real binary sends.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;

use crate::nation::Data;
use crate::server::{API, Server};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER: &str = "00f067aa0ba902b7";

/// Takes what is posted to it, and keeps it.
struct Collector {
    address: SocketAddr,
    bodies: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Collector {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let bodies = Arc::<Mutex<Vec<Vec<u8>>>>::default();
        let kept = bodies.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let kept = kept.clone();
                std::thread::spawn(move || take(stream, &kept));
            }
        });
        Self { address, bodies }
    }

    fn spans(&self) -> Vec<Span> {
        let bodies = self.bodies.lock().expect("no panic");
        let batches = bodies.iter().map(|body| ExportTraceServiceRequest::decode(&**body).expect("OTLP"));
        let resources = batches.flat_map(|batch| batch.resource_spans);
        resources.flat_map(|resource| resource.scope_spans).flat_map(|scope| scope.spans).collect()
    }

    fn contains(&self, text: &str) -> bool {
        let bodies = self.bodies.lock().expect("no panic");
        bodies.iter().any(|body| body.windows(text.len()).any(|window| window == text.as_bytes()))
    }
}

/// Requests on one connection, until it is closed.
fn take(stream: TcpStream, kept: &Mutex<Vec<Vec<u8>>>) {
    let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
    let mut writer = stream;
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if reader.read_line(&mut head).unwrap_or(0) == 0 {
                return;
            }
        }
        let head = head.to_lowercase();
        assert!(head.starts_with("post /v1/traces http/1.1\r\n"), "{head}");
        assert!(head.contains("content-type: application/x-protobuf"), "{head}");
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
        let mut body = vec![0; length.parse().expect("a number")];
        reader.read_exact(&mut body).expect("a whole body");
        kept.lock().expect("no panic").push(body);
        writer.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").expect("somebody who reads");
    }
}

fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

fn attribute(span: &Span, name: &str) -> String {
    let found = span.attributes.iter().find(|attribute| attribute.key == name);
    match found.and_then(|attribute| attribute.value.clone()?.value) {
        Some(Value::StringValue(text)) => text,
        Some(Value::IntValue(number)) => number.to_string(),
        other => panic!("{name} is {other:?} in {span:?}"),
    }
}

#[test]
fn a_request_is_a_trace_that_goes_on_from_its_callers() {
    let collector = Collector::start();
    let data = Data::nation();
    let to = format!("telemetri.otlp=http://{}", collector.address);
    let server = Server::start(&data.path(), &["--set", &to, "--set", "logg.format=json"]);
    let number = server.api("/enheter?size=1")["_embedded"]["enheter"][0]["organisasjonsnummer"].clone();
    let number = number.as_str().expect("a number").to_owned();
    let parent = format!("00-{TRACE}-{CALLER}-01");
    let path = format!("{API}/enheter/{number}");
    assert_eq!(server.get_with(&path, &[("traceparent", &parent), ("x-request-id", "spor-1")]).status, 200);
    let declined = format!("00-{}-{CALLER}-00", TRACE.replace('4', "5"));
    server.get_with(&path, &[("traceparent", &declined)]);
    let line = server.log_with("spor-1");
    assert!(line.contains(&format!("\"trace_id\":\"{TRACE}\"")), "{line}");
    // What is left is sent when the program ends.
    assert_eq!(server.stop(), Some(0));

    let spans = collector.spans();
    let of_caller: Vec<_> = spans.iter().filter(|span| hex(&span.trace_id) == TRACE).collect();
    let route = format!("{API}/enheter/{{orgnr}}");
    let request =
        of_caller.iter().find(|span| span.name == format!("GET {route}")).expect("the request's span");
    assert_eq!(hex(&request.parent_span_id), CALLER);
    assert_eq!((request.kind, attribute(request, "http.route")), (2, route));
    assert_eq!(attribute(request, "http.response.status_code"), "200");
    assert!(request.end_time_unix_nano > request.start_time_unix_nano);
    let read = of_caller.iter().find(|span| span.name == "journal.get").expect("the look-up's span");
    assert_eq!(read.parent_span_id, request.span_id);
    let search =
        spans.iter().find(|span| span.name == "index.search").expect("a search without a caller's trace");
    assert!(hex(&search.trace_id) != TRACE && search.trace_id.iter().any(|byte| *byte != 0));
    assert!(spans.iter().all(|span| hex(&span.trace_id) != TRACE.replace('4', "5")), "the caller declined");
    assert!(!collector.contains(&number), "a number of the caller's is in a trace");
}

#[test]
fn a_collector_that_is_not_there_costs_no_request() {
    let nobody =
        TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
    let data = Data::nation();
    let server = Server::start(&data.path(), &["--set", &format!("telemetri.otlp=http://{nobody}")]);
    assert_eq!(server.get(API).status, 200);
    server.log_with("the collector does not take traces");
    assert_eq!(server.get(API).status, 200);
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn traces_go_over_plain_http_or_nowhere() {
    let data = Data::empty();
    let said =
        crate::program::run(&data.path(), &["serve", "--set", "telemetri.otlp=https://collector.example.no"]);
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("telemetri.otlp") && said.err.contains("hint: "), "{}", said.err);
}
