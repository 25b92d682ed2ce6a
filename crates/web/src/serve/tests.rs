use std::time::Instant;

use axum::Extension;
use axum::routing::get;
use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::*;

struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    server: JoinHandle<usize>,
}

impl Running {
    async fn start(limits: Limits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let wait = |ms| {
            move || async move {
                sleep(Duration::from_millis(ms)).await;
                "ferdig"
            }
        };
        let router = Router::new()
            .route("/quick", get(|| async { "hei" }))
            .route("/who", get(|Extension(Peer(ip)): Extension<Peer>| async move { ip.to_string() }))
            .route("/slow", get(wait(300)))
            .route("/never", get(wait(600_000)))
            .route("/huge", get(|| async { Bytes::from(vec![0; 64 << 20]) }));
        let stopped = async move { stopped.await.unwrap_or_default() };
        let server = tokio::spawn(serve(listener, router, stopped, limits));
        Self { address, stop, server }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    async fn send(&self, head: &str) -> TcpStream {
        let mut stream = self.connect().await;
        stream.write_all(head.as_bytes()).await.unwrap();
        stream
    }

    async fn stop(self) -> usize {
        self.stop.send(()).unwrap();
        timeout(Duration::from_secs(10), self.server).await.unwrap().unwrap()
    }
}

fn head(method: &str, path: &str) -> String {
    format!("{method} {path} HTTP/1.1\r\nHost: x\r\n\r\n")
}

/// Everything until the other side closes.
async fn rest(mut stream: TcpStream) -> String {
    let mut text = Vec::new();
    let _ = timeout(Duration::from_secs(10), stream.read_to_end(&mut text)).await.unwrap();
    String::from_utf8_lossy(&text).into_owned()
}

#[tokio::test]
async fn connections_are_kept_and_head_has_a_length_but_no_body() {
    let server = Running::start(Limits::default()).await;
    let last = "GET /quick HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let stream = server.send(&format!("{}{}{last}", head("HEAD", "/quick"), head("GET", "/quick"))).await;
    let text = rest(stream).await;
    assert_eq!(text.matches("HTTP/1.1 200 OK").count(), 3, "{text}");
    assert_eq!(text.matches("content-length: 3").count(), 3, "{text}");
    assert_eq!(text.matches("hei").count(), 2, "{text}");
    assert_eq!(server.stop().await, 0);
}

#[tokio::test]
async fn requests_know_who_sent_them() {
    let server = Running::start(Limits::default()).await;
    let stream = server.send("GET /who HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    assert!(rest(stream).await.ends_with("\r\n\r\n127.0.0.1"));
    assert_eq!(server.stop().await, 0);
}

#[tokio::test]
async fn shutdown_lets_requests_finish_and_closes_idle_connections() {
    let server = Running::start(Limits::default()).await;
    let idle = server.connect().await;
    let slow = server.send(&head("GET", "/slow")).await;
    sleep(Duration::from_millis(50)).await;
    let address = server.address;
    let (cut, answer, closed) = tokio::join!(server.stop(), rest(slow), rest(idle));
    assert_eq!(cut, 0);
    assert!(answer.ends_with("ferdig"), "{answer}");
    assert_eq!(closed, "");
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn what_does_not_finish_in_time_is_cut() {
    let server = Running::start(Limits { grace: Duration::from_millis(100), ..Limits::default() }).await;
    let never = server.send(&head("GET", "/never")).await;
    sleep(Duration::from_millis(50)).await;
    let begun = Instant::now();
    let (cut, answer) = tokio::join!(server.stop(), rest(never));
    assert_eq!((cut, answer.as_str()), (1, ""));
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn dawdlers_are_cut() {
    let limits = Limits { head_timeout: Duration::from_millis(100), ..Limits::default() };
    let server = Running::start(limits).await;
    let half = server.send("GET /quick HTTP/1.1\r\nHost:").await;
    assert!(!rest(half).await.contains("200 OK"));
    assert_eq!(rest(server.connect().await).await, "");
    assert_eq!(server.stop().await, 0);
}

#[tokio::test]
async fn callers_that_do_not_read_are_cut() {
    let limits = Limits { stall_timeout: Duration::from_millis(200), ..Limits::default() };
    let server = Running::start(limits).await;
    let stalled = server.send(&head("GET", "/huge")).await;
    sleep(Duration::from_millis(800)).await;
    let got = rest(stalled).await.len();
    assert!(got < 64 << 20, "{got}");
    let read =
        rest(server.send(&head("GET", "/huge").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")).await);
    assert!(read.await.len() > 64 << 20);
    assert_eq!(server.stop().await, 0);
}

#[tokio::test]
async fn connections_beyond_the_limit_wait_their_turn() {
    let server = Running::start(Limits { max_connections: 1, ..Limits::default() }).await;
    let first = server.send(&head("GET", "/quick")).await;
    let mut second =
        server.send(&head("GET", "/quick").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")).await;
    let mut byte = [0];
    assert!(timeout(Duration::from_millis(100), second.read(&mut byte)).await.is_err());
    drop(first);
    assert!(rest(second).await.ends_with("hei"));
    assert_eq!(server.stop().await, 0);
}
