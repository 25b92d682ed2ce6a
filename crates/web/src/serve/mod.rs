//! The accept loop: HTTP/1.1 over TCP with the limits that `axum::serve` does not expose.

mod stall;

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
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

/// Serves until `shutdown` completes. Then no connection is accepted, idle ones are closed, and requests under
/// way have [`Limits::grace`] to finish. Returns the number of connections that had to be cut after that.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()>,
    limits: Limits,
) -> usize {
    let slots = Arc::new(Semaphore::new(limits.max_connections.clamp(1, Semaphore::MAX_PERMITS)));
    let router: Router = router.with_state(()); // once here, rather than at each request
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            (stream, peer, slot) = accept(&listener, &slots) => {
                let connection = connection((stream, peer), router.clone(), graceful.watcher(), limits);
                connections.spawn(async move {
                    connection.await;
                    drop::<OwnedSemaphorePermit>(slot);
                });
            }
        }
    }
    drop(listener);
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

async fn connection(from: (TcpStream, SocketAddr), router: Router, watcher: Watcher, limits: Limits) {
    let (stream, peer) = (from.0, Peer(from.1.ip()));
    let service = router.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        request.map(Body::new)
    });
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY could not be set");
    }
    let io = TokioIo::new(Stalling::new(stream, limits.stall_timeout));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_timeout)
        .serve_connection(io, TowerToHyperService::new(service));
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection ended badly");
    }
}

#[cfg(test)]
mod tests;
