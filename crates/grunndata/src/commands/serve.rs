//! `grunndata serve`: everything on one port, until told to stop.

use std::net::SocketAddr;
use std::sync::Arc;

use tid::{SystemClock, SystemRandom};
use tokio::net::TcpListener;
use web::serve::Limits;

use crate::app::App;
use crate::config::Config;
use crate::failure::Failure;
use crate::serving::{self, Stopping};

pub(super) async fn run(config: Config, sync: bool) -> Result<(), Failure> {
    let listening = Listening::on(&config).await?;
    let mut app = App::open(config, listening.bound, Arc::new(SystemClock), Arc::new(SystemRandom)).await?;
    if sync {
        app.begin_sync()?;
    }
    listening.serve(app, async {}).await
}

/// A port that is held. It is taken before anything is opened: what is wrong is said at once, and callers that
/// come early wait instead of being refused.
pub(super) struct Listening {
    listener: TcpListener,
    stopping: Stopping,
    /// The address in use.
    pub(super) bound: SocketAddr,
}

impl Listening {
    /// Takes the configured address and begins to listen for signals.
    pub(super) async fn on(config: &Config) -> Result<Self, Failure> {
        let stopping = Stopping::on_signals(config.server.drain)?;
        let (listener, bound) = serving::bind(config.server.listen).await?;
        Ok(Self { listener, stopping, bound })
    }

    /// Serves until told to stop; `beside` runs when answers can be had.
    pub(super) async fn serve(
        self,
        mut app: App,
        beside: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), Failure> {
        let limits = Limits { grace: app.config().server.shutdown_grace, ..Limits::default() };
        app.heed(&self.stopping);
        let following = tokio::spawn(app.follow(&self.stopping));
        eprintln!("listening on http://{}", self.bound);
        tokio::spawn(beside);
        let cut = web::serve::serve(self.listener, app.router(), self.stopping.wait(), limits).await;
        if cut > 0 {
            tracing::warn!(cut, "connections were cut when the time to finish was up");
        }
        if let Err(error) = following.await {
            tracing::error!(%error, "following the store ended badly");
        }
        app.close().await;
        Ok(())
    }
}
