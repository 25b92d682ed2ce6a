//! TLS with certificates on both sides: our own from files, the callers' from the issuers that we trust.
//!
//! A caller with an enterprise certificate is the organisation that it names; one with a certificate that is not trusted gets
//! no connection. One without is let in, and routes that want to know who calls ask for a token.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use axum::http::{Extensions, Uri};
use parking_lot::Mutex;
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, UnixTime};
use rustls::server::NoServerSessionStorage;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, ServerConfig, SignatureScheme,
};
use sertifikat::{Certificate, Refusal, TestCa};
use tid::{Clock, Random};
use vakt::CertificateHolder;
use web::serve::{Badge, Tls};
use zeroize::Zeroizing;

use crate::config::{CertificateFiles, Config};
use crate::data_dir::DataDir;
use crate::failure::{Failure, chain};
use crate::trusted::Trusted;
use crate::{secrets, tokens};

/// How long a caller's certificate is believed before it is looked at again, in milliseconds.
const TRUSTED_MS: i64 = 60_000;
/// How long a certificate of the test authority is valid; each start issues a new one.
const DAYS: u32 = 365;

/// Decides on the certificates that callers show.
struct Callers {
    trusted: Arc<Trusted>,
    provider: Arc<CryptoProvider>,
}

impl std::fmt::Debug for Callers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Callers(…)")
    }
}

impl ClientCertVerifier for Callers {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    /// None: a caller has one enterprise certificate and shows it.
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        own: &CertificateDer<'_>,
        above: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let chain: Vec<&[u8]> = std::iter::once(own).chain(above).map(AsRef::as_ref).collect();
        let refusal = match self.trusted.verify(&chain) {
            Some(Ok(_)) => return Ok(ClientCertVerified::assertion()),
            Some(Err(refusal)) => refusal,
            None => return Err(Error::InvalidCertificate(CertificateError::UnknownIssuer)),
        };
        tracing::info!(%refusal, "a caller's certificate was refused");
        Err(Error::InvalidCertificate(match refusal {
            Refusal::Malformed => CertificateError::BadEncoding,
            Refusal::Untrusted(_) => CertificateError::UnknownIssuer,
            Refusal::Organisation(_) => CertificateError::ApplicationVerificationFailure,
        }))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        own: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, own, signature, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        own: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, own, signature, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// Our own certificate, those of its issuers, and its private key.
pub struct Own {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl Own {
    /// From the files that the configuration names, or else issued by the test authority of the data directory, for the
    /// address that is listened on.
    ///
    /// # Errors
    /// When the files cannot be used, or the test authority's certificate would stand beside real ones.
    pub fn get(
        config: &Config,
        bound: SocketAddr,
        clock: &dyn Clock,
        random: &dyn Random,
    ) -> Result<Self, Failure> {
        match config.server.tls.as_ref().and_then(|tls| tls.own.as_ref()) {
            Some(files) => Self::read(files),
            None => Self::issue(config, bound, clock, random),
        }
    }

    fn read(files: &CertificateFiles) -> Result<Self, Failure> {
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&read(&files.certificate)?).collect();
        let chain = chain.ok().filter(|chain| !chain.is_empty());
        let chain = chain.ok_or_else(|| unusable(&files.certificate, "it holds no certificate"))?;
        let pem = Zeroizing::new(read(&files.key)?);
        let key = PrivateKeyDer::from_pem_slice(&pem);
        let key = key.map_err(|_| unusable(&files.key, "it holds no private key"))?;
        Ok(Self { chain, key })
    }

    fn issue(
        config: &Config,
        bound: SocketAddr,
        clock: &dyn Clock,
        random: &dyn Random,
    ) -> Result<Self, Failure> {
        if config.maskinporten.trust.roots.is_some() {
            return Err(Failure::usage(
                "server.tls_listen is set without server.tls_sertifikat_fil, and real certificate issuers are trusted",
                "give the server a certificate of its own; the test authority is for tests only",
            ));
        }
        let dir = DataDir::of(config);
        dir.make()?;
        let place = tokens::test_authority(&dir);
        let failed =
            |error| Failure::failed(chain(&error), "check rights and disk space with `grunndata doctor`");
        let authority = TestCa::open_or_create(&place, clock.now(), random).map_err(failed)?;
        let issued = authority.issue_server(&names(config, bound), DAYS, clock.now(), random);
        let issued = issued.map_err(failed)?;
        let root = place.join("rot.pem");
        secrets::write(&root, vakt::pem::encode("CERTIFICATE", authority.root()).as_bytes())?;
        eprintln!("the certificate is of the test authority; clients trust it by {}", root.display());
        let key = PrivatePkcs8KeyDer::from(issued.key.to_vec());
        Ok(Self { chain: issued.chain, key: PrivateKeyDer::Pkcs8(key) })
    }
}

/// What callers may know us by.
fn names(config: &Config, bound: SocketAddr) -> Vec<String> {
    let public = config.server.public_url.as_ref().and_then(|url| url.as_str().parse::<Uri>().ok());
    let public = public.and_then(|url| url.host().map(|host| host.trim_matches(['[', ']']).to_owned()));
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    names.extend((!bound.ip().is_unspecified()).then(|| bound.ip().to_string()));
    names.extend(public);
    names.sort();
    names.dedup();
    names
}

/// What the listener needs.
///
/// # Errors
/// When our certificate and its key do not fit, or nobody is trusted.
pub fn open(own: Own, trusted: &Arc<Trusted>) -> Result<Tls, Failure> {
    if trusted.is_empty() {
        return Err(Failure::usage(
            "server.tls_listen is set, and no certificate issuer is trusted",
            "set maskinporten.tillit_rot_fil, or make a test authority with `grunndata virksomhetssertifikat`",
        ));
    }
    let provider = Arc::new(aws_lc_rs::default_provider());
    let callers = Arc::new(Callers { trusted: trusted.clone(), provider: provider.clone() });
    let fault = |error: Error| {
        Failure::failed(
            format!("the server's certificate cannot be used: {error}"),
            "give one that fits its key in server.tls_sertifikat_fil and server.tls_nokkel_fil",
        )
    };
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(fault)?
        .with_client_cert_verifier(callers)
        .with_single_cert(own.chain, own.key)
        .map_err(fault)?;
    // A session that is taken up again would not be asked for its certificate, which may be revoked by then.
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    let trusted = trusted.clone();
    let describe = move |chain: &[CertificateDer<'static>]| badge(trusted.clone(), chain);
    Ok(Tls { config: Arc::new(config), describe: Arc::new(describe) })
}

/// Whose certificate it is. The handshake has verified it; since a connection may last, it is asked now and then whether it is
/// trusted still.
fn badge(trusted: Arc<Trusted>, chain: &[CertificateDer<'static>]) -> Badge {
    let chain = chain.to_vec();
    let own = chain.first().and_then(|der| Certificate::parse(der).ok());
    let holder = own.and_then(|own| own.organisation().ok()).map(CertificateHolder);
    let looked = Mutex::new((trusted.now(), true));
    Arc::new(move |known: &mut Extensions| {
        let mut looked = looked.lock();
        let now = trusted.now();
        if now.as_millis() - looked.0.as_millis() > TRUSTED_MS {
            let chain: Vec<&[u8]> = chain.iter().map(AsRef::as_ref).collect();
            *looked = (now, trusted.verify(&chain).is_some_and(|verdict| verdict.is_ok()));
        }
        if let Some(holder) = holder.filter(|_| looked.1) {
            known.insert(holder);
        }
    })
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(file).map_err(|error| unusable(file, &error.to_string()))
}

fn unusable(file: &Path, why: &str) -> Failure {
    Failure::failed(
        format!("{} cannot be used for TLS: {why}", file.display()),
        "give a certificate chain and its private key, both in PEM, in server.tls_sertifikat_fil and server.tls_nokkel_fil",
    )
}
