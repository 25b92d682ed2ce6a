//! Composition: one store, the registers on it, and one router in front.
//!
//! The test app is this app: tests open it with a stopped clock and seeded randomness.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use enhetsregisteret::api::{Api, Feilform};
use enhetsregisteret::modell::Enhetstype;
use enhetsregisteret::{Enhetsregister, Oppsett};
use journal::SharedJournal;
use journal::sqlite::SqliteJournal;
use serde_json::Value;
use sok::Budget;
use tid::{Clock, Random, SystemClock, SystemRandom};
use web::base_url::PublicUrl;
use web::fault::{Forms, Problem};
use web::layers::{Settings, stack};
use web::openapi::{Components, Info, document};

use crate::config::Config;
use crate::data_dir::DataDir;
use crate::failure::{Failure, chain};
use crate::health::{self, Health};
use crate::portal::{self, Portal};
use crate::progress::Meter;
use crate::serving::Stopping;
use crate::swagger;

/// Threads that build a search index; the memory in the configuration is for each.
const INDEX_BUILD_THREADS: usize = 2;

/// The path of what the real service does not have.
const EXTENDED_PREFIX: &str = "/enhetsregisteret/utvidet";

/// Everything that runs, opened.
pub struct App {
    config: Config,
    store: Arc<SqliteJournal>,
    enhetsregisteret: Option<Arc<Enhetsregister>>,
    random: Arc<dyn Random>,
}

impl App {
    /// Opens the store and the registers. `bound` is where the app answers, for links when nothing else is known.
    ///
    /// # Errors
    /// When the data directory or the store cannot be used.
    pub fn open(
        mut config: Config,
        bound: SocketAddr,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, Failure> {
        config.server.listen = bound;
        let dir = DataDir::of(&config);
        let store = dir.open(&config)?;
        let enhetsregisteret = if config.enhetsregisteret.active {
            let journal: SharedJournal = store.clone();
            let place = dir.register("enhetsregisteret");
            let setup = enhetsregisteret_setup(&config);
            let opened = Enhetsregister::open(journal, &place, setup, clock);
            Some(opened.map_err(|error| unusable(&dir, &error))?)
        } else {
            None
        };
        Ok(Self { config, store, enhetsregisteret, random })
    }

    /// Opens the app with the machine's clock and randomness, for work on the configured address.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_here(config: Config) -> Result<Self, Failure> {
        let bound = config.server.listen;
        Self::open(config, bound, Arc::new(SystemClock), Arc::new(SystemRandom))
    }

    /// The configuration it was opened with.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Enhetsregisteret.
    ///
    /// # Errors
    /// When it is switched off.
    pub fn enhetsregisteret(&self) -> Result<&Arc<Enhetsregister>, Failure> {
        self.enhetsregisteret.as_ref().ok_or_else(|| {
            Failure::usage(
                "Enhetsregisteret is switched off",
                "set enhetsregisteret.aktiv = true, or leave it out",
            )
        })
    }

    /// All that is served, with the layers around it.
    pub fn router(&self) -> Router {
        let (routes, _) = self.surface();
        let mut forms = Forms::new(Problem);
        if let Some(register) = &self.enhetsregisteret {
            forms = forms.with(self.config.enhetsregisteret.prefix.as_str(), Feilform(register.clone()));
        }
        stack(routes, self.layer_settings(forms))
    }

    /// The OpenAPI document of everything that is served.
    pub fn openapi(&self) -> Value {
        self.surface().1
    }

    /// The routes and their documentation.
    fn surface(&self) -> (Router, Value) {
        let prefix = self.config.enhetsregisteret.prefix.as_str();
        let mut components = Components::new();
        let (mut router, mut docs) = (swagger::routes(), Vec::new());
        if let Some(register) = &self.enhetsregisteret {
            let api = Api::new(register.clone(), prefix, self.public_url());
            let (routes, documented) = api.ruter(&mut components).into_parts();
            docs.extend(documented);
            let (extended, documented) = api.parquetruter(EXTENDED_PREFIX, &mut components).into_parts();
            router = router.merge(routes.merge(extended).with_state(api));
            docs.extend(documented);
        }
        let (health, documented) = health::routes().into_parts();
        docs.extend(documented);
        let (portal, documented) = portal::routes().into_parts();
        docs.extend(documented);
        let document = document(&info(), &self.servers(), &docs, components);
        let shown = Portal {
            enhetsregisteret: self.enhetsregisteret.clone().map(|register| (register, prefix.to_owned())),
            public: self.public_url(),
            openapi: document.to_string().into(),
        };
        let examined = Health::new(self.store.clone(), self.enhetsregisteret.clone());
        (router.merge(health.with_state(examined)).merge(portal.with_state(Arc::new(shown))), document)
    }

    fn servers(&self) -> Vec<String> {
        self.config.server.public_url.iter().map(ToString::to_string).collect()
    }

    /// Keeps the search indexes in step with the store until it is time to stop.
    pub fn follow(&self, stopping: &Stopping) -> impl Future<Output = ()> + Send + 'static {
        let bytes_per_thread = usize::try_from(self.config.index_build_bytes).unwrap_or(usize::MAX);
        let budget = Budget { threads: INDEX_BUILD_THREADS, bytes_per_thread };
        let mut followers = tokio::task::JoinSet::new();
        if let Some(register) = &self.enhetsregisteret {
            for kind in Enhetstype::ALLE {
                let meter = Meter::new("units indexed");
                let follower = register.soking(kind).folger(self.store.clone()).with_budget(budget);
                let follower =
                    follower.with_progress(move |done, total| meter.at(done, total.map(|all| (done, all))));
                followers.spawn(follower.run(stopping.clone().wait()));
            }
        }
        async move {
            while let Some(ended) = followers.join_next().await {
                if let Err(error) = ended {
                    tracing::error!(%error, "a follower of the store ended badly");
                }
            }
        }
    }

    /// Writes what is queued and closes the store.
    pub async fn close(self) {
        let closed = tokio::task::spawn_blocking(move || self.store.close()).await;
        if let Err(error) = closed {
            tracing::error!(%error, "the store was not closed in good order");
        }
    }

    fn public_url(&self) -> PublicUrl {
        let server = &self.config.server;
        PublicUrl {
            configured: server.public_url.as_ref().map(|url| url.as_str().to_owned()),
            trust_forwarded: server.trust_forwarded,
            bound: format!("http://{}", server.listen),
        }
    }

    fn layer_settings(&self, forms: Forms) -> Settings {
        let server = &self.config.server;
        Settings {
            max_body: server.body_bytes_max,
            max_in_flight: server.in_flight_max,
            timeout: server.request_timeout,
            ..Settings::new(forms, self.random.clone())
        }
    }
}

fn info() -> Info {
    Info {
        title: "grunndata".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        description: "Norges grunndataregistre i ett program, trådkompatible med de virkelige tjenestene."
            .to_owned(),
    }
}

fn enhetsregisteret_setup(config: &Config) -> Oppsett {
    let register = &config.enhetsregisteret;
    Oppsett {
        versjon1: register.version_1,
        utvidede_felter: register.beyond_1_5,
        avvis_ukjente_parametere: register.strict_parameters,
        fil_base: config.api_address(),
    }
}

fn unusable(dir: &DataDir, error: &enhetsregisteret::Feil) -> Failure {
    Failure::failed(
        format!("Enhetsregisteret cannot use {}: {}", dir.path().display(), chain(error)),
        "check rights and disk space with `grunndata doctor`; indexes and downloads there may be deleted, and are made again",
    )
}
