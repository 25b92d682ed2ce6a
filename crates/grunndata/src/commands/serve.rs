//! `grunndata serve`: everything on one port, until told to stop.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use tid::{SystemClock, SystemRandom};
use tokio::net::TcpListener;
use web::serve::Limits;

use crate::app::App;
use crate::config::Config;
use crate::failure::Failure;
use crate::serving::{self, Stopping};
use crate::tls;

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
    /// The one with TLS, if there is to be one, with its address and our certificate.
    secure: Option<(TcpListener, SocketAddr, tls::Own)>,
    stopping: Stopping,
    /// The address in use.
    pub(super) bound: SocketAddr,
}

impl Listening {
    /// Takes the configured address and begins to listen for signals.
    pub(super) async fn on(config: &Config) -> Result<Self, Failure> {
        let stopping = Stopping::on_signals(config.server.drain)?;
        let (listener, bound) = serving::bind(config.server.listen).await?;
        let secure = match &config.server.tls {
            Some(setup) => {
                let (listener, bound) = serving::bind(setup.listen).await?;
                Some((listener, bound, tls::Own::get(config, bound, &SystemClock, &SystemRandom)?))
            }
            None => None,
        };
        Ok(Self { listener, secure, stopping, bound })
    }

    /// Serves until told to stop; `beside` runs when answers can be had.
    pub(super) async fn serve(
        self,
        mut app: App,
        beside: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), Failure> {
        let limits = Limits { grace: app.config().server.shutdown_grace, ..Limits::default() };
        app.heed(&self.stopping);
        let router = app.router();
        let secure = secure(self.secure, (&app, router.clone()), &self.stopping, limits)?;
        let following = tokio::spawn(app.follow(&self.stopping));
        eprintln!("listening on http://{}", self.bound);
        tokio::spawn(beside);
        let plain = web::serve::serve(self.listener, router, self.stopping.wait(), limits);
        let (plain, secure) = tokio::join!(plain, secure);
        let cut = plain + secure;
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

/// Serves over TLS too, if that is set; the number of connections that had to be cut.
fn secure(
    listening: Option<(TcpListener, SocketAddr, tls::Own)>,
    (app, router): (&App, Router),
    stopping: &Stopping,
    limits: Limits,
) -> Result<impl Future<Output = usize> + use<>, Failure> {
    let set = match listening {
        Some((listener, bound, own)) => {
            let tls = tls::open(own, app.trusted())?;
            let served = web::serve::serve_tls(listener, tls, router, stopping.clone().wait(), limits);
            Some((served, bound))
        }
        None => None,
    };
    Ok(async move {
        let Some((served, bound)) = set else { return 0 };
        eprintln!("listening on https://{bound}");
        served.await
    })
}
