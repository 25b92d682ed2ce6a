//! The accept loop: HTTP/1.1 over TCP or TLS with the limits that `axum::serve` does not expose.

mod stall;

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::Extensions;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tower::ServiceExt;

use crate::peer::Peer;
use stall::Stalling;

/// Limits on connections. [`Default`] suits a public server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How long requests that are under way may take to finish after shutdown. Default 30 seconds.
    pub grace: Duration,
    /// How long a caller may take to send a request's head, and so also how long an idle connection is kept.
    /// Default 60 seconds.
    pub head_timeout: Duration,
    /// How long a caller may leave an answer unread before the connection is cut. Default 60 seconds.
    pub stall_timeout: Duration,
    /// Most open connections; more wait in the listen queue. Default 10 000.
    pub max_connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            grace: Duration::from_secs(30),
            head_timeout: Duration::from_mins(1),
            stall_timeout: Duration::from_mins(1),
            max_connections: 10_000,
        }
    }
}

/// Notes with each request of a connection who made it.
pub type Badge = Arc<dyn Fn(&mut Extensions) + Send + Sync>;
/// The badge of who showed a chain of certificates.
pub type Describe = dyn Fn(&[CertificateDer<'static>]) -> Badge + Send + Sync;

/// How connections are made secure, and what is known of who makes them.
#[derive(Clone)]
pub struct Tls {
    /// Our certificate, and whose certificates are accepted.
    pub config: Arc<ServerConfig>,
    /// What is said of a caller with a certificate. The handshake has accepted the certificates, the caller's own first.
    pub describe: Arc<Describe>,
}

/// Serves until `shutdown` completes. Then no connection is accepted, idle ones are closed, and requests under
/// way have [`Limits::grace`] to finish. Returns the number of connections that had to be cut after that.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()>,
    limits: Limits,
) -> usize {
    run((listener, None), router, shutdown, limits).await
}

/// The same, over TLS.
pub async fn serve_tls(
    listener: TcpListener,
    tls: Tls,
    router: Router,
    shutdown: impl Future<Output = ()>,
    limits: Limits,
) -> usize {
    run((listener, Some(tls)), router, shutdown, limits).await
}

async fn run(
    (listener, tls): (TcpListener, Option<Tls>),
    router: Router,
    shutdown: impl Future<Output = ()>,
    limits: Limits,
) -> usize {
    let slots = Arc::new(Semaphore::new(limits.max_connections.clamp(1, Semaphore::MAX_PERMITS)));
    let router: Router = router.with_state(()); // once here, rather than at each request
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let (going_on, stopped) = watch::channel(());
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            (stream, peer, slot) = accept(&listener, &slots) => {
                let (router, watcher) = (router.clone(), graceful.watcher());
                let secure = tls.clone().map(|tls| (tls, stopped.clone()));
                let connection = connection((stream, peer), secure, router, watcher, limits);
                connections.spawn(async move {
                    connection.await;
                    drop::<OwnedSemaphorePermit>(slot);
                });
            }
        }
    }
    drop((listener, going_on));
    let _ = timeout(limits.grace, graceful.shutdown()).await;
    while connections.try_join_next().is_some() {}
    let cut = connections.len();
    connections.shutdown().await;
    cut
}

/// The next connection, once there is a slot for it.
async fn accept(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, OwnedSemaphorePermit) {
    loop {
        match Arc::clone(slots).acquire_owned().await {
            Ok(slot) => match listener.accept().await {
                Ok((stream, peer)) => return (stream, peer, slot),
                Err(error) => wait_after(&error).await,
            },
            // The semaphore is never closed.
            Err(_) => std::future::pending().await,
        }
    }
}

/// A caller that hung up while waiting is no reason to pause; a lack of file handles is, or the loop would spin.
async fn wait_after(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted) {
        tracing::error!(%error, "a connection could not be accepted");
        sleep(Duration::from_millis(100)).await;
    }
}

async fn connection(
    (stream, peer): (TcpStream, SocketAddr),
    secure: Option<(Tls, watch::Receiver<()>)>,
    router: Router,
    watcher: Watcher,
    limits: Limits,
) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY could not be set");
    }
    let peer = Peer(peer.ip());
    let stream = Stalling::new(stream, limits.stall_timeout);
    let Some((tls, mut stopped)) = secure else {
        return requests(stream, (peer, None), router, watcher, limits).await;
    };
    // Who is slow with the handshake is as one who is slow with a request's head; nobody waits for one at the end.
    let shaken = timeout(limits.head_timeout, TlsAcceptor::from(tls.config).accept(stream));
    let shaken = tokio::select! {
        shaken = shaken => shaken,
        _ = stopped.changed() => return,
    };
    match shaken {
        Ok(Ok(stream)) => {
            let badge = stream.get_ref().1.peer_certificates().map(|chain| (tls.describe)(chain));
            requests(stream, (peer, badge), router, watcher, limits).await;
        }
        Ok(Err(error)) => tracing::info!(%error, "a handshake failed"),
        Err(_) => tracing::debug!("a handshake took too long"),
    }
}

async fn requests(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    (peer, badge): (Peer, Option<Badge>),
    router: Router,
    watcher: Watcher,
    limits: Limits,
) {
    let service = router.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        if let Some(badge) = &badge {
            badge(request.extensions_mut());
        }
        request.map(Body::new)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_timeout)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection ended badly");
    }
}

#[cfg(test)]
mod tests;
