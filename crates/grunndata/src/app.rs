//! Composition: one store, the registers on it, and one router in front.
//!
//! The test app is this app: tests open it with a stopped clock and seeded randomness.

use std::fs::File;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use enhetsregisteret::api::{Api, Feilform};
use enhetsregisteret::lastned::Lastnedmaate;
use enhetsregisteret::modell::Enhetstype;
use enhetsregisteret::synk::{Synk, Synkoppsett};
use enhetsregisteret::{Enhetsregister, Oppsett};
use folkeregisteret::Folkeregister;
use journal::SharedJournal;
use maskinporten::Maskinporten;
use produsent::Produsent;
use serde_json::Value;
use sok::Budget;
use tid::{Clock, Random, SystemClock, SystemRandom, TimeOfDay};
use tokio::sync::Semaphore;
use web::base_url::PublicUrl;
use web::fault::{Forms, Problem};
use web::layers::{Settings, stack};
use web::openapi::{Components, Info, document};

use crate::config::Config;
use crate::data_dir::DataDir;
use crate::deaths::Deaths;
use crate::doctor::hold;
use crate::drift::{self, Servants};
use crate::failure::{Failure, chain};
use crate::guarding::Guarding;
use crate::health::{self, Health};
use crate::jobs::Claim;
use crate::population;
use crate::portal::{self, Portal};
use crate::producers;
use crate::progress::Meter;
use crate::serving::Stopping;
use crate::store::Store;
use crate::swagger;
use crate::telemetry::{self, Sources, Telemetry};
use crate::tokens;
use crate::trusted::Trusted;

/// Threads that build a search index; the memory in the configuration is for each.
const INDEX_BUILD_THREADS: usize = 2;

/// How often a node looks whether another has done the first load.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Everything that runs, opened.
pub struct App {
    config: Config,
    store: SharedJournal,
    /// Other nodes may be on the store too; the data directory is this one's alone.
    shared: Option<File>,
    /// What this node is called among them.
    node: String,
    clock: Arc<dyn Clock>,
    enhetsregisteret: Option<Arc<Enhetsregister>>,
    folkeregisteret: Option<Arc<Folkeregister>>,
    producers: Option<Arc<Produsent>>,
    synk: Option<Arc<Synk>>,
    maskinporten: Option<Arc<Maskinporten>>,
    guarding: Guarding,
    /// Whose certificates are accepted.
    trusted: Arc<Trusted>,
    random: Arc<dyn Random>,
    stopping: Stopping,
    telemetry: Arc<Telemetry>,
}

impl App {
    /// Opens the store and the registers. `bound` is where the app answers, for links when nothing else is known.
    ///
    /// # Errors
    /// When the data directory or the store cannot be used.
    pub async fn open(
        mut config: Config,
        bound: SocketAddr,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, Failure> {
        config.server.listen = bound;
        let dir = DataDir::of(&config);
        dir.make()?;
        let place = Store::of(&config);
        let store = place.open().await?;
        let shared = place.is_shared().then(|| alone(&dir)).transpose()?;
        let node = tid::uuid(&SystemRandom);
        let enhetsregisteret = if config.enhetsregisteret.active {
            let place = dir.register("enhetsregisteret");
            let setup = enhetsregisteret_setup(&config);
            let opened = Enhetsregister::open(store.clone(), &place, setup, clock.clone());
            Some(opened.map_err(|error| unusable(&dir, &error))?)
        } else {
            None
        };
        let trusted = Trusted::open(&config, clock.clone(), &*random)?;
        let people = || population::open(&config, store.clone(), clock.clone(), random.clone());
        let folkeregisteret = config.folkeregisteret.active.then(people).transpose()?;
        let receiving = folkeregisteret.as_ref().filter(|_| config.folkeregisteret.producers);
        let producers = receiving
            .map(|people| {
                let checked = config.folkeregisteret.signatures.then(|| trusted.clone());
                producers::open(people, random.clone(), checked)
            })
            .transpose()?;
        let maskinporten = if config.maskinporten.active {
            Some(tokens::open(&config, store.clone(), clock.clone(), random.clone())?)
        } else {
            None
        };
        let guarding = Guarding::open(&config, maskinporten.as_ref(), clock.clone(), &random)?;
        // Until it is told whom to heed, nothing stops it.
        let (_, stopping) = Stopping::with_switch();
        let telemetry = Telemetry::new()?;
        Ok(Self {
            config,
            store,
            shared,
            node,
            clock,
            enhetsregisteret,
            folkeregisteret,
            producers,
            synk: None,
            maskinporten,
            guarding,
            trusted,
            random,
            stopping,
            telemetry,
        })
    }

    /// Makes it say that it is not ready as soon as `stopping` has been told.
    pub fn heed(&mut self, stopping: &Stopping) {
        self.stopping = stopping.clone();
    }

    /// Opens the app with the machine's clock and randomness, for work on the configured address.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub async fn open_here(config: Config) -> Result<Self, Failure> {
        let bound = config.server.listen;
        Self::open(config, bound, Arc::new(SystemClock), Arc::new(SystemRandom)).await
    }

    /// The configuration it was opened with.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The store.
    pub(crate) fn journal(&self) -> &SharedJournal {
        &self.store
    }

    /// This node's claim to work that one of the nodes on the store does.
    pub(crate) fn claim(&self, name: &'static str) -> Claim {
        let (journal, holder, clock) = (self.store.clone(), self.node.clone(), self.clock.clone());
        Claim { journal, name, holder, clock }
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

    /// Folkeregisteret, if it is switched on.
    pub fn folkeregisteret(&self) -> Option<&Arc<Folkeregister>> {
        self.folkeregisteret.as_ref()
    }

    /// Folkeregisteret's side for producers, if it is switched on.
    pub fn producers(&self) -> Option<&Arc<Produsent>> {
        self.producers.as_ref()
    }

    /// Whose certificates are accepted.
    pub(crate) fn trusted(&self) -> &Arc<Trusted> {
        &self.trusted
    }

    /// Maskinporten.
    ///
    /// # Errors
    /// When it is switched off.
    pub fn maskinporten(&self) -> Result<&Arc<Maskinporten>, Failure> {
        self.maskinporten.as_ref().ok_or_else(|| {
            Failure::usage("Maskinporten is switched off", "set maskinporten.aktiv = true, or leave it out")
        })
    }

    /// Makes the app a copy that follows the configured upstream as soon as [`follow`](Self::follow) runs.
    ///
    /// # Errors
    /// When there is no upstream in the configuration, or it cannot be called.
    pub fn begin_sync(&mut self) -> Result<Arc<Synk>, Failure> {
        let register = self.enhetsregisteret()?.clone();
        let place = DataDir::of(&self.config).register("enhetsregisteret");
        let synk =
            Synk::ny(register, sync_setup(&self.config)?, self.random.clone(), &place).map_err(|error| {
                Failure::failed(chain(&error), "check synk.fra in the configuration, or --fra")
            })?;
        self.synk = Some(synk.clone());
        Ok(synk)
    }

    /// All that is served, with the layers around it.
    pub fn router(&self) -> Router {
        let Surface { router, templates, .. } = self.surface();
        let mut forms = Forms::new(Problem);
        if let Some(register) = &self.enhetsregisteret {
            let setup = &self.config.enhetsregisteret;
            for prefix in [&setup.prefix, &setup.extended_prefix] {
                forms = forms.with(prefix.as_str(), Feilform(register.clone()));
            }
        }
        if self.folkeregisteret.is_some() {
            forms = population::forms(forms, &self.config.folkeregisteret);
            forms = producers::forms(forms, self.config.folkeregisteret.prefix.as_str());
        }
        let setup = &self.config.maskinporten;
        if let Some(server) = &self.maskinporten {
            forms = tokens::forms(forms, server, setup);
        }
        let observer = self.telemetry.observer(templates);
        tokens::with_host(stack(router, Settings { observer, ..self.layer_settings(forms) }), setup)
    }

    /// The OpenAPI document of everything that is served.
    pub fn openapi(&self) -> Value {
        self.surface().document
    }

    fn surface(&self) -> Surface {
        let prefix = self.config.enhetsregisteret.prefix.as_str();
        let mut components = Components::new();
        let (mut router, mut docs) = (swagger::routes(), Vec::new());
        let mut undocumented = swagger::PATHS.map(str::to_owned).to_vec();
        if let Some(register) = &self.enhetsregisteret {
            let api = Api::new(register.clone(), prefix, self.public_url());
            let (routes, documented) = api.ruter(&mut components).into_parts();
            router = router.merge(routes.with_state(api));
            docs.extend(documented);
            let extended = self.config.enhetsregisteret.extended_prefix.as_str();
            let api = Api::utvidet(register.clone(), extended, prefix, self.public_url());
            let (routes, documented) = api.utvidede_ruter(&mut components).into_parts();
            docs.extend(documented);
            let (files, documented) = api.parquetruter(extended, &mut components).into_parts();
            router = router.merge(routes.merge(files).with_state(api));
            docs.extend(documented);
        }
        if let Some(register) = &self.folkeregisteret {
            let (setup, public) = (&self.config.folkeregisteret, self.public_url());
            let (routes, documented) =
                population::routes(register, setup, &public, &self.guarding, &mut components);
            router = router.merge(routes);
            docs.extend(documented);
        }
        if let Some(producers) = &self.producers {
            let (routes, documented) = producers::routes(producers, &self.config, &self.guarding);
            let (open, for_all) =
                producers::open_routes(producers, &self.config, &self.guarding, &self.public_url());
            router = router.merge(routes).merge(open);
            docs.extend(documented.into_iter().chain(for_all));
        }
        if let Some(server) = &self.maskinporten {
            let (routes, documented, other) =
                tokens::routes(server, &self.config.maskinporten, &self.guarding, &mut components);
            router = router.merge(routes);
            docs.extend(documented);
            undocumented.push(other);
        }
        let (health, documented) = health::routes().into_parts();
        docs.extend(documented);
        let (measurements, documented) = telemetry::routes().into_parts();
        docs.extend(documented);
        let (portal, documented) = portal::routes().into_parts();
        docs.extend(documented);
        let documented = docs.iter().map(|doc| doc.path.clone());
        let templates = documented.chain(undocumented).collect();
        let document = document(&info(), &self.servers(), &docs, components);
        let shown = Portal {
            enhetsregisteret: self.enhetsregisteret.clone(),
            prefix: prefix.to_owned(),
            extended_prefix: self.config.enhetsregisteret.extended_prefix.as_str().to_owned(),
            folkeregisteret: self
                .folkeregisteret
                .clone()
                .map(|register| (register, self.config.folkeregisteret.clone())),
            maskinporten: self
                .maskinporten
                .as_ref()
                .map(|_| self.config.maskinporten.prefix.as_str().to_owned()),
            public: self.public_url(),
            openapi: document.to_string().into(),
        };
        let examined = Health::new(
            self.store.clone(),
            self.enhetsregisteret.clone(),
            self.folkeregisteret.clone(),
            self.synk.clone(),
            self.stopping.clone(),
        );
        let router = router
            .merge(health.with_state(examined))
            .merge(measurements.with_state((self.telemetry.clone(), self.stopping.clone())))
            .merge(portal.with_state(Arc::new(shown)));
        Surface { router, templates, document }
    }

    fn servers(&self) -> Vec<String> {
        self.config.server.public_url.iter().map(ToString::to_string).collect()
    }

    /// Keeps the search indexes and the download files in step with the store, and the store with its upstream if it
    /// has one, until it is time to stop.
    pub fn follow(&self, stopping: &Stopping) -> impl Future<Output = ()> + Send + 'static {
        let followers = self.followers();
        let downloads = self.enhetsregisteret.as_ref().map(|register| register.nedlastinger().clone());
        let (synk, claim, stopping) =
            (self.synk.clone(), self.shared.as_ref().map(|_| self.claim("synk")), stopping.clone());
        let tending = self.maskinporten.clone().map(|server| {
            let (clock, random) = (self.clock.clone(), self.random.clone());
            tokens::tend(server, self.config.clone(), clock, random, stopping.clone())
        });
        let at = self.config.folkeregisteret.inactivation;
        let servants =
            Servants { maskinporten: self.maskinporten.clone(), producers: self.producers.clone() };
        let orders = drift::serve(servants, DataDir::of(&self.config).operator_socket(), stopping.clone());
        let (telemetry, sources) = (self.telemetry.clone(), self.sources());
        let watched = stopping.clone();
        let trust = self.trusted.clone().follow(self.config.clone(), self.random.clone(), stopping.clone());
        let people = self.folkeregisteret.clone();
        let producers =
            self.producers.clone().map(|p| (p, self.shared.as_ref().map(|_| self.claim("saksflyt"))));
        let deaths = self.deaths().map(|d| (d, self.shared.as_ref().map(|_| self.claim("doedsfall"))));
        async move {
            let mut running = tokio::task::JoinSet::new();
            if let Some((deaths, claim)) = deaths {
                tokio::select! {
                    () = deaths.begin() => {}
                    () = stopping.clone().wait() => {}
                }
                running.spawn(deaths.run(claim, stopping.clone()));
            }
            if let Some(people) = people {
                let (register, stop) = (people.clone(), stopping.clone().wait());
                running.spawn(async move { register.uttrekk().kjor(&register, stop).await });
                let stop = stopping.clone().wait();
                let kept = people.oppsett().logg_maaneder;
                running.spawn(async move { people.logg().rydd(kept, stop).await });
            }
            if let Some((producers, claim)) = producers {
                let stopping = stopping.clone();
                running.spawn(async move {
                    match claim {
                        Some(claim) => claim.work(stopping, |stop| take_cases(&producers, at, stop)).await,
                        None => take_cases(&producers, at, stopping).await,
                    }
                });
            }
            running.spawn(orders);
            running.spawn(trust);
            running.spawn(async move { telemetry.watch(sources, watched).await });
            if let Some(tending) = tending {
                running.spawn(tending);
            }
            // The first load puts nothing on the feeds: an index that is built after it has it all.
            if let Some((synk, claim)) = synk.clone().zip(claim) {
                let (work, stop) = (synk.clone(), stopping.clone());
                running.spawn(async move {
                    claim.work(stop, |stop| work.clone().kjor(None, || (), stop.wait())).await;
                });
                tokio::select! {
                    () = loaded(&synk) => {}
                    () = stopping.clone().wait() => {}
                }
            } else if let Some(synk) = synk {
                let (loaded, wait) = tokio::sync::oneshot::channel();
                let begun = move || {
                    let _ = loaded.send(());
                };
                running.spawn(synk.kjor(None, begun, stopping.clone().wait()));
                let _ = wait.await;
            }
            for follower in followers {
                running.spawn(follower.run(stopping.clone().wait()));
            }
            if let Some(downloads) = downloads {
                running.spawn(downloads.pass_paa(stopping.clone().wait()));
            }
            while let Some(ended) = running.join_next().await {
                if let Err(error) = ended {
                    tracing::error!(%error, "a follower ended badly");
                }
            }
        }
    }

    /// What brings deaths to roles, where both registers are ours: a copy has its upstream's roles and no others.
    fn deaths(&self) -> Option<Deaths> {
        let (people, units) = self.folkeregisteret.as_ref().zip(self.enhetsregisteret.as_ref())?;
        self.synk.is_none().then(|| Deaths::new(people, units))
    }

    fn sources(&self) -> Sources {
        Sources {
            journal: self.store.clone(),
            enhetsregisteret: self.enhetsregisteret.clone(),
            folkeregisteret: self.folkeregisteret.clone(),
            synk: self.synk.clone(),
            maskinporten: self.maskinporten.clone(),
            guard: self.guarding.tally().clone(),
            dir: DataDir::of(&self.config),
            clock: self.clock.clone(),
        }
    }

    fn followers(&self) -> Vec<sok::Follower> {
        let bytes_per_thread = usize::try_from(self.config.index_build_bytes).unwrap_or(usize::MAX);
        let budget = Budget { threads: INDEX_BUILD_THREADS, bytes_per_thread };
        let turns = Arc::new(Semaphore::new(1));
        let follower = |register: &Arc<Enhetsregister>, kind| {
            let meter = Meter::new("units indexed");
            let follower = register.soking(kind).folger(self.store.clone());
            let follower = follower.with_budget(budget).with_turns(&turns);
            follower.with_progress(move |done, total| meter.at(done, total.map(|all| (done, all))))
        };
        let people = |register: &Arc<Enhetsregister>| {
            let meter = Meter::new("units with roles indexed");
            let follower = register.personindeks().folger(self.store.clone());
            let follower = follower.with_budget(budget).with_turns(&turns);
            follower.with_progress(move |done, total| meter.at(done, total.map(|all| (done, all))))
        };
        let registers = self.enhetsregisteret.iter();
        let of_register = |r| Enhetstype::ALLE.map(|kind| follower(r, kind)).into_iter().chain([people(r)]);
        let persons = |register: &Arc<Folkeregister>| {
            let meter = Meter::new("persons indexed");
            let follower = register.indeks().folger(self.store.clone());
            let follower = follower.with_budget(budget).with_turns(&turns);
            follower.with_progress(move |done, total| meter.at(done, total.map(|all| (done, all))))
        };
        registers.flat_map(of_register).chain(self.folkeregisteret.iter().map(persons)).collect()
    }

    /// Writes what is queued and closes the store.
    pub async fn close(self) {
        self.store.close().await;
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
            roomy: self.producers.as_ref().map(|_| producers::roomy(&self.config)),
            max_in_flight: server.in_flight_max,
            timeout: server.request_timeout,
            always_admitted: Some(health::PREFIX),
            ..Settings::new(forms, self.random.clone())
        }
    }
}

/// Until the first load is there, on whichever node it is done.
async fn loaded(synk: &Synk) {
    while !synk.status().await.is_ok_and(|status| status.grunnlag_ferdig) {
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Takes Folkeregisteret's cases until it is time to stop.
fn take_cases(
    producers: &Arc<Produsent>,
    inactivation: Option<TimeOfDay>,
    stopping: Stopping,
) -> impl Future<Output = ()> + Send + 'static {
    let producers = producers.clone();
    async move { producers.kjor(inactivation, stopping.wait()).await }
}

/// What is served.
struct Surface {
    router: Router,
    /// The templates of its routes.
    templates: Vec<String>,
    document: Value,
}

fn info() -> Info {
    Info {
        title: "grunndata".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        description: "Norges grunndataregistre i ett program, trådkompatible med de virkelige tjenestene."
            .to_owned(),
    }
}

/// How Enhetsregisteret is set up.
pub(crate) fn enhetsregisteret_setup(config: &Config) -> Oppsett {
    let register = &config.enhetsregisteret;
    Oppsett {
        versjon1: register.version_1,
        utvidede_felter: register.beyond_1_5,
        avvis_ukjente_parametere: register.strict_parameters,
        fil_base: config.api_address(),
        svarlager: register.answer_bytes,
        lastned: register.downloads_at.map_or(Lastnedmaate::VedEndring, Lastnedmaate::Daglig),
    }
}

/// The upstream to follow, from the configuration.
pub(crate) fn sync_setup(config: &Config) -> Result<Synkoppsett, Failure> {
    let synk = &config.synk;
    let fra = synk.upstream.as_ref().ok_or_else(|| {
        Failure::usage(
            "there is no upstream to keep in step with",
            "give its API with --fra URL, or as synk.fra in the configuration",
        )
    })?;
    Ok(Synkoppsett {
        fra: fra.as_str().to_owned(),
        intervall: synk.interval,
        samtidige: synk.concurrent,
        bunt: synk.batch,
        tidsgrense: synk.timeout,
        margin: synk.margin,
    })
}

/// Keeps other processes out of the data directory, as a store in it would.
fn alone(dir: &DataDir) -> Result<File, Failure> {
    hold(&dir.store_lock()).ok_or_else(|| {
        Failure::failed(
            format!("another process uses the data directory {}", dir.path().display()),
            "each node has a data directory of its own; name one with --data DIR",
        )
    })
}

fn unusable(dir: &DataDir, error: &enhetsregisteret::Feil) -> Failure {
    Failure::failed(
        format!("Enhetsregisteret cannot use {}: {}", dir.path().display(), chain(error)),
        "check rights and disk space with `grunndata doctor`; indexes and downloads there may be deleted, and are made again",
    )
}
