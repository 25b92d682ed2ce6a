//! TLS with certificates on both sides: our own from files, the callers' from the issuers that we trust.
//!
//! A caller with an enterprise certificate is the organisation that it names; one with a certificate that is not trusted gets
//! no connection. One without is let in, and routes that want to know who calls ask for a token.

use std::path::Path;
use std::sync::Arc;

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::NoServerSessionStorage;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, ServerConfig, SignatureScheme,
};
use sertifikat::{Certificate, Refusal};
use vakt::CertificateHolder;
use web::serve::Tls;

use crate::config;
use crate::failure::Failure;
use crate::trusted::Trusted;

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

/// What the listener needs.
///
/// # Errors
/// When our certificate or its key cannot be used, or nobody is trusted.
pub fn open(setup: &config::Tls, trusted: &Arc<Trusted>) -> Result<Tls, Failure> {
    if trusted.is_empty() {
        return Err(Failure::usage(
            "server.tls_listen is set, and no certificate issuer is trusted",
            "set maskinporten.tillit_rot_fil, or make a test authority with `grunndata virksomhetssertifikat`",
        ));
    }
    let provider = Arc::new(aws_lc_rs::default_provider());
    let callers = Arc::new(Callers { trusted: trusted.clone(), provider: provider.clone() });
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&read(&setup.certificate)?).collect();
    let chain = chain.ok().filter(|chain| !chain.is_empty());
    let chain = chain.ok_or_else(|| unusable(&setup.certificate, "it holds no certificate"))?;
    let pem = zeroize::Zeroizing::new(read(&setup.key)?);
    let key =
        PrivateKeyDer::from_pem_slice(&pem).map_err(|_| unusable(&setup.key, "it holds no private key"))?;
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(&setup.certificate, &error.to_string()))?
        .with_client_cert_verifier(callers)
        .with_single_cert(chain, key)
        .map_err(|error| unusable(&setup.certificate, &error.to_string()))?;
    // A session that is taken up again would not be asked for its certificate, which may be revoked by then.
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Ok(Tls { config: Arc::new(config), describe: Arc::new(describe) })
}

/// Whose certificate it is; the handshake has verified it.
fn describe(chain: &[CertificateDer<'static>], known: &mut http::Extensions) {
    let own = chain.first().and_then(|der| Certificate::parse(der).ok());
    if let Some(orgnr) = own.and_then(|own| own.organisation().ok()) {
        known.insert(CertificateHolder(orgnr));
    }
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
