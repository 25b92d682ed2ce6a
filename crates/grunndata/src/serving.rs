//! Listening, and stopping in good order.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::failure::Failure;

/// Takes the address and port to answer on.
///
/// # Errors
/// When the port is taken or the address is not this machine's.
pub async fn bind(listen: SocketAddr) -> Result<(TcpListener, SocketAddr), Failure> {
    let refused = |error: std::io::Error| {
        Failure::failed(
            format!("cannot listen on {listen}: {error}"),
            "choose another with --listen ADDR (port 0: any free one), or stop what has it",
        )
    };
    let listener = TcpListener::bind(listen).await.map_err(refused)?;
    let bound = listener.local_addr().map_err(refused)?;
    Ok((listener, bound))
}

/// Tells everything that runs to stop. Clones wait for the same signal.
#[derive(Debug, Clone)]
pub struct Stopping {
    told: watch::Receiver<bool>,
    stop: watch::Receiver<bool>,
}

impl Stopping {
    /// Is told to stop by the first Ctrl-C or SIGTERM, and stops so much later; at the second the process ends at once.
    ///
    /// # Errors
    /// When the system does not let the program listen for signals.
    pub fn on_signals(drain: Duration) -> Result<Self, Failure> {
        let mut signals = Signals::new()?;
        let (tell, told) = watch::channel(false);
        let (stop, stopping) = watch::channel(false);
        tokio::spawn(async move {
            signals.next().await;
            eprintln!("stopping; once more to stop at once");
            let _ = tell.send(true);
            let again = signals.next();
            tokio::pin!(again);
            if tokio::time::timeout(drain, &mut again).await.is_err() {
                let _ = stop.send(true);
                again.await;
            }
            std::process::exit(130);
        });
        Ok(Self { told, stop: stopping })
    }

    /// Stops when the other end says so, or is dropped.
    pub fn with_switch() -> (watch::Sender<bool>, Self) {
        let (stop, stopping) = watch::channel(false);
        (stop, Self { told: stopping.clone(), stop: stopping })
    }

    /// Whether it has been told to stop: no longer ready for more callers, though it still answers.
    pub fn is_draining(&self) -> bool {
        *self.told.borrow()
    }

    /// Completes when it is time to stop.
    pub async fn wait(mut self) {
        // An error means that the sender is gone, which is time to stop too.
        let _ = self.stop.wait_for(|stop| *stop).await;
    }
}

struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

impl Signals {
    fn new() -> Result<Self, Failure> {
        use tokio::signal::unix::{SignalKind, signal};
        let refused = |error: std::io::Error| {
            Failure::failed(
                format!("cannot listen for signals: {error}"),
                "run it where signals can be received",
            )
        };
        Ok(Self {
            interrupt: signal(SignalKind::interrupt()).map_err(refused)?,
            terminate: signal(SignalKind::terminate()).map_err(refused)?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
