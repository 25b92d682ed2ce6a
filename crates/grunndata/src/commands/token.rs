//! `grunndata token`: a token for a client of the demo, and nothing else on standard output.

use serde_json::{Value, json};
use tid::{Clock, SystemClock, SystemRandom};
use vakt::jws::{KeyHint, RsaSigner, sign};
use zeroize::Zeroizing;

use super::print;
use crate::calls::call;
use crate::cli::maskinporten::Token;
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::demo_clients::{Democlient, read_list};
use crate::failure::Failure;

/// How long a grant is good, in seconds; well below what the server allows.
const GRANT_SECONDS: i64 = 60;

pub(super) async fn run(config: Config, asked: &Token) -> Result<(), Failure> {
    let dir = DataDir::of(&config);
    let client = choose(&dir, asked)?;
    let base = asked.url.clone().unwrap_or_else(|| format!("http://{}", config.server.listen));
    let base = format!("{}{}", base.trim_end_matches('/'), config.maskinporten.prefix.as_str());
    let issuer = issuer(&base).await?;
    let grant = grant(&dir, &client, &issuer, asked)?;
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", maskinporten::bevis::GRANT)
        .append_pair("assertion", &grant)
        .finish();
    let (status, body) = call(&format!("{base}/token"), Some(form)).await?;
    let answer: Value = serde_json::from_slice(&body).unwrap_or_default();
    match answer["access_token"].as_str() {
        Some(token) if status.is_success() => print(&format!("{token}\n")),
        _ => Err(Failure::failed(
            format!("the server answered {}: {}", status.as_u16(), String::from_utf8_lossy(&body)),
            "look up error_uri, if there is one; `grunndata maskinporten klient vis ID` shows what the client has",
        )),
    }
}

fn choose(dir: &DataDir, asked: &Token) -> Result<Democlient, Failure> {
    let clients = read_list(dir)?;
    let behalf = asked.paa_vegne_av.map(|orgnr| orgnr.to_string());
    let fits = |client: &&Democlient| match &asked.klient {
        Some(id) => client.client_id == *id,
        None => {
            asked.scope.iter().all(|scope| client.scopes.iter().any(|has| has == scope.as_str()))
                && behalf.as_ref().is_none_or(|orgnr| client.paa_vegne_av.contains(orgnr))
        }
    };
    let found = clients.iter().find(fits).or(clients.first().filter(|_| asked.klient.is_none()));
    found.cloned().ok_or_else(|| {
        Failure::usage(
            "there is no such client in demo/klienter.json".to_owned(),
            "leave --klient out, or take a client_id from that file",
        )
    })
}

/// The issuer as the server's own metadata have it.
async fn issuer(base: &str) -> Result<String, Failure> {
    let url = format!("{base}{}", maskinporten::api::VELKJENT);
    let (_, body) = call(&url, None).await?;
    let metadata: Value = serde_json::from_slice(&body).unwrap_or_default();
    metadata["issuer"].as_str().map(str::to_owned).ok_or_else(|| {
        Failure::failed(
            format!("{url} does not answer as Maskinporten does"),
            "name the server with --url BASE; the path is maskinporten.prefiks",
        )
    })
}

fn grant(dir: &DataDir, client: &Democlient, issuer: &str, asked: &Token) -> Result<String, Failure> {
    let signer = signer(dir, client)?;
    let now = SystemClock.now().as_millis() / 1000;
    let scopes: Vec<&str> = asked.scope.iter().map(vakt::Scope::as_str).collect();
    let mut claims = json!({
        "aud": issuer,
        "iss": client.client_id,
        "scope": scopes.join(" "),
        "iat": now,
        "exp": now + GRANT_SECONDS,
        "jti": tid::uuid(&SystemRandom),
    });
    if let Some(orgnr) = asked.paa_vegne_av {
        claims["consumer_org"] = json!(orgnr);
    }
    if let Some(audience) = &asked.ressurs {
        claims["resource"] = json!(audience);
    }
    let chain = client.chain(dir)?;
    let hint = chain.as_deref().map_or(KeyHint::Kid, KeyHint::Certificates);
    sign(&signer, hint, &claims)
        .map_err(|error| Failure::failed(error.to_string(), "run `grunndata demo` anew"))
}

fn signer(dir: &DataDir, client: &Democlient) -> Result<RsaSigner, Failure> {
    let file = dir.demo_clients().join(&client.nokkel);
    let unusable = |why: String| {
        Failure::failed(
            format!("the key {} cannot be used: {why}", file.display()),
            "delete the demo directory in the data directory; `grunndata demo` makes it again",
        )
    };
    let pem = Zeroizing::new(std::fs::read(&file).map_err(|error| unusable(error.to_string()))?);
    let signer = RsaSigner::from_pkcs8_pem(&pem).map_err(|error| unusable(error.to_string()))?;
    Ok(match &client.kid {
        Some(kid) => signer.named(kid),
        None => signer,
    })
}
