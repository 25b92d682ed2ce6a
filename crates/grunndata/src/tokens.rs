//! Maskinporten in the program: opened from configuration and data directory, and put on its paths.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::extract::Request;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, Uri, header};
use journal::SharedJournal;
use maskinporten::api::{Altinnform, Api, Feilform, Selvbetjeningsform, utvidet_adgang};
use maskinporten::nokkelring::{Hovednokkel, IngenHovednokkel, Kilde, Ytre};
use maskinporten::{Maskinporten, Omgivelser, Oppsett};
use sertifikat::{Revocation, Sources, TestCa, TrustList, certificates_from_pem};
use tid::{Clock, Random};
use tower::ServiceExt;
use vakt::jws::RsaSigner;
use vakt::limit::share;
use web::fault::Forms;
use web::openapi::Components;
use web::routes::PathDoc;

use crate::config::{self, Config};
use crate::data_dir::DataDir;
use crate::failure::{Failure, chain};
use crate::guarding::{Guarding, Surface};
use crate::serving::Stopping;

/// How often the files that say whom to trust are looked at.
const TRUST_EVERY: Duration = Duration::from_secs(5);

/// Opens the server on the store.
///
/// # Errors
/// When a key or a certificate that the configuration names cannot be read.
pub fn open(
    config: &Config,
    journal: SharedJournal,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
) -> Result<Arc<Maskinporten>, Failure> {
    let dir = DataDir::of(config);
    let setup = &config.maskinporten;
    let tillit = trust(config, &*clock, &*random)?;
    let nokler = keys(&dir, setup, &*random)?;
    let around =
        Omgivelser { journal, klokke: clock, tilfeldig: random, nokler, tillit: tillit.map(Arc::new) };
    let stol_paa_videresendte = config.server.trust_forwarded;
    let part = |limit| share(limit, config.vakt.nodes);
    let oppsett = Oppsett {
        utsteder: issuer(config),
        stol_paa_videresendte,
        klient_per_minutt: part(setup.setup.klient_per_minutt),
        adresse_per_minutt: part(setup.setup.adresse_per_minutt),
        ..setup.setup.clone()
    };
    Ok(Maskinporten::ny(around, oppsett))
}

/// Does what the server needs done beside answering, until it is time to stop.
pub async fn tend(
    server: Arc<Maskinporten>,
    config: Config,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    stopping: Stopping,
) {
    let upkeep = server.clone().vedlikehold(stopping.wait());
    tokio::select! {
        () = follow_trust(config, clock, random, |list| server.sett_tillit(list)) => {}
        () = upkeep => {}
    }
}

/// Reads the files that say whom to trust again whenever one of them has changed: revocation lists come anew every day.
/// When they cannot be read, what was read before goes on being believed. Never ends.
pub(crate) async fn follow_trust(
    config: Config,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    believe: impl Fn(Option<Arc<TrustList>>),
) {
    let files = Arc::new(config.maskinporten.trust.files());
    let mut seen = seen_now(&files).await;
    loop {
        tokio::time::sleep(TRUST_EVERY).await;
        let now = seen_now(&files).await;
        if now == seen {
            continue;
        }
        seen = now;
        let (config, clock, random) = (config.clone(), clock.clone(), random.clone());
        match tokio::task::spawn_blocking(move || trust(&config, &*clock, &*random)).await {
            Ok(Ok(list)) => {
                believe(list.map(Arc::new));
                tracing::info!("the lists of trusted certificate issuers have been read again");
            }
            Ok(Err(failure)) => tracing::error!(why = failure.message, "the old lists of trust stay in use"),
            Err(error) => tracing::error!(%error, "the old lists of trust stay in use"),
        }
    }
}

/// When each file was written, and its length.
async fn seen_now(files: &Arc<Vec<PathBuf>>) -> Vec<Option<(SystemTime, u64)>> {
    let files = files.clone();
    let look = move || {
        let stamp = |file: &PathBuf| {
            let metadata = std::fs::metadata(file).ok()?;
            Some((metadata.modified().ok()?, metadata.len()))
        };
        files.iter().map(stamp).collect()
    };
    tokio::task::spawn_blocking(look).await.unwrap_or_default()
}

/// The issuer: as configured, or the public address with the prefix.
pub fn issuer(config: &Config) -> String {
    let setup = &config.maskinporten;
    if setup.setup.utsteder.is_empty() {
        format!("{}{}/", config.address(), setup.prefix.as_str())
    } else {
        setup.setup.utsteder.clone()
    }
}

/// Where the test authority of a data directory lies.
pub fn test_authority(dir: &DataDir) -> PathBuf {
    dir.register("maskinporten").join("testca")
}

fn keys(dir: &DataDir, setup: &config::Maskinporten, random: &dyn Random) -> Result<Kilde, Failure> {
    if !setup.signing_keys.is_empty() {
        let given = setup.signing_keys.iter().map(|file| signing_key(file).map(|key| Ytre(Arc::new(key))));
        return Ok(Kilde::Gitt(given.collect::<Result<_, _>>()?));
    }
    let own = dir.register("maskinporten").join("hovednokkel");
    let (read, place) = match (&setup.master_key_command, &setup.master_key_file) {
        (Some(command), _) => (Hovednokkel::fra_kommando(command), command.clone()),
        (None, Some(file)) => (Hovednokkel::fra_fil(file), file.display().to_string()),
        (None, None) => (Hovednokkel::fra_egen_fil(&own, random), own.display().to_string()),
    };
    read.map(Kilde::Lager).map_err(|error: IngenHovednokkel| {
        Failure::failed(
            format!("no master key from {place}: {error}"),
            "see maskinporten.hovednokkel_fil and .hovednokkel_kommando in docs/konfigurasjon.md",
        )
    })
}

fn signing_key(file: &Path) -> Result<RsaSigner, Failure> {
    let pem = zeroize::Zeroizing::new(read(file)?);
    RsaSigner::from_pkcs8_pem(&pem)
        .map_err(|error| unusable(file, &error.to_string(), "give a private RSA key as PKCS#8 in PEM"))
}

/// Whose certificates are accepted: the configured issuers', or else the test authority's of the data directory.
///
/// # Errors
/// When a file cannot be read.
pub(crate) fn trust(
    config: &Config,
    clock: &dyn Clock,
    random: &dyn Random,
) -> Result<Option<TrustList>, Failure> {
    let (dir, setup) = (&DataDir::of(config), &config.maskinporten.trust);
    let sources = match &setup.roots {
        None => {
            let place = test_authority(dir);
            if !place.is_dir() {
                return Ok(None);
            }
            let authority = TestCa::open_or_create(&place, clock.now(), random).map_err(|error| {
                unusable(&place, &chain(&error), "delete the directory; `grunndata demo` makes it again")
            })?;
            authority.sources()
        }
        Some(roots) => Sources {
            anchors: certificates(roots)?,
            intermediates: setup.intermediates.as_deref().map(certificates).transpose()?.unwrap_or_default(),
            policies: setup.policies.clone(),
            ..Sources::default()
        },
    };
    let lists = setup.revocation_lists.iter().map(|file| read(file)).collect::<Result<_, _>>()?;
    let revocation = if setup.hard { Revocation::Hard } else { Revocation::Soft };
    let list = TrustList::read(&Sources { revocation_lists: lists, revocation, ..sources });
    list.map(Some).map_err(|error| {
        Failure::failed(
            format!("the list of trusted certificate issuers cannot be used: {error}"),
            "check the keys maskinporten.tillit_… of the configuration",
        )
    })
}

fn certificates(file: &Path) -> Result<Vec<rustls_pki_types::CertificateDer<'static>>, Failure> {
    certificates_from_pem(&read(file)?)
        .map_err(|error| unusable(file, &error.to_string(), "give certificates in PEM"))
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(file)
        .map_err(|error| unusable(file, &error.to_string(), "check the path in the configuration"))
}

fn unusable(file: &Path, why: &str, hint: &str) -> Failure {
    Failure::failed(format!("{} cannot be used: {why}", file.display()), hint)
}

/// The routes of every surface, with their documentation, and the template of the one that has none.
pub fn routes(
    server: &Arc<Maskinporten>,
    setup: &config::Maskinporten,
    guarding: &Guarding,
    components: &mut Components,
) -> (Router, Vec<PathDoc>, String) {
    let api = Api::ny(server.clone(), setup.prefix.as_str());
    let extended = Api::ny(server.clone(), setup.extended_prefix.as_str());
    let self_service = Api::ny(server.clone(), setup.self_service_prefix.as_str());
    let version_1 = Api::versjon_1(server.clone(), setup.self_service_prefix.as_str());
    let altinn = Api::ny(server.clone(), setup.altinn_prefix.as_str());
    let (twice, undocumented) = api.dobbel_strek();
    let tables = [
        (api.ruter(components), api.clone()),
        (api.velkjente(), api),
        (self_service.selvbetjening("selvbetjening_", components), self_service),
        (version_1.selvbetjening("selvbetjening_v1_", components), version_1),
        (altinn.altinn(components), altinn),
    ];
    let (guarded, mut docs) = extended.utvidede_ruter(components).into_parts();
    let guarded = guarding.before(Surface::WhoAmI, utvidet_adgang(), guarded.with_state(extended));
    let mut router = twice.merge(guarded);
    for (table, state) in tables {
        let (routes, documented) = table.into_parts();
        router = router.merge(routes.with_state(state));
        docs.extend(documented);
    }
    (router, docs, undocumented)
}

/// The error forms of every surface.
pub fn forms(forms: Forms, server: &Arc<Maskinporten>, setup: &config::Maskinporten) -> Forms {
    forms
        .with(setup.prefix.as_str(), Feilform)
        .with(setup.extended_prefix.as_str(), Altinnform::default())
        .with(setup.self_service_prefix.as_str(), Selvbetjeningsform(server.clone()))
        .with(setup.altinn_prefix.as_str(), Altinnform::default())
}

/// The router with the server's own host name: calls to it are answered as if their path began with the prefix.
pub fn with_host(router: Router, setup: &config::Maskinporten) -> Router {
    let Some(host) = setup.host.clone() else { return router };
    let prefix = setup.prefix.as_str().to_owned();
    let moved = router.map_request(move |mut request: Request| {
        if is_for(request.headers(), request.uri(), &host)
            && let Some(uri) = below(&prefix, request.uri())
        {
            *request.uri_mut() = uri;
        }
        request
    });
    Router::new().fallback_service(moved)
}

fn is_for(headers: &HeaderMap, uri: &Uri, host: &str) -> bool {
    let header = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    let asked = uri.host().or(header).unwrap_or_default();
    let name = asked.rsplit_once(':').map_or(asked, |(name, _)| name);
    name.eq_ignore_ascii_case(host)
}

fn below(prefix: &str, uri: &Uri) -> Option<Uri> {
    let path = uri.path_and_query().map_or("/", PathAndQuery::as_str);
    // RFC 8414 puts a root issuer's metadata where they already are.
    let moved = PathAndQuery::try_from(format!("{prefix}{path}")).ok()?;
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(moved);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_of_its_own() {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, "Maskinporten.example.no:443".parse().unwrap());
        let uri: Uri = "/token?a=b".parse().unwrap();
        assert!(is_for(&headers, &uri, "maskinporten.example.no"));
        assert!(!is_for(&headers, &uri, "example.no"));
        assert_eq!(below("/maskinporten", &uri).unwrap(), "/maskinporten/token?a=b");
        assert_eq!(below("/maskinporten", &"//token".parse().unwrap()).unwrap(), "/maskinporten//token");
    }
}
