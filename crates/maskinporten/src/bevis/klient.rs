//! Who signed the grant (sheet section 5, steps 9 to 12): the client, the audience, the key, the signature.

use journal::Journal;
use sertifikat::Refusal;
use tid::Timestamp;
use vakt::jwk::RsaPublicKey;
use vakt::jws::{CertificateChain, Compact};

use super::avslag::{
    AUD, Avslag, SERTIFIKAT, SERTIFIKATETS_ORGNR, SIGNATUR, UKJENT_KID, UKJENT_KLIENT, UTEN_KID,
    UTLOPT_NOKKEL, X5C,
};
use super::krav::Krav;
use crate::lager::KLIENTER;
use crate::modell::{Klient, Lagretklient, MASKINPORTEN, Nokkelsett, Orgnr};
use crate::{Feil, Maskinporten};

/// How a client proved who it is, as tokens carry it (sheet 7.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metode {
    /// With a registered key.
    Nokkel,
    /// With an enterprise certificate.
    Virksomhetssertifikat,
}

impl Metode {
    /// The claim `client_amr`.
    pub const fn amr(self) -> &'static str {
        match self {
            Self::Nokkel => "private_key_jwt",
            Self::Virksomhetssertifikat => "virksomhetssertifikat",
        }
    }
}

/// The client that `iss` names, if it may have tokens.
pub async fn finn(journal: &dyn Journal, iss: &str) -> Result<Lagretklient, Avslag> {
    let funnet = KLIENTER.hent(journal, iss).await?;
    let lagret = funnet.map(|post| post.verdi).ok_or(UKJENT_KLIENT)?;
    let Klient { active, integration_type, .. } = &lagret.klient;
    if !active || integration_type != MASKINPORTEN {
        return Err(UKJENT_KLIENT.merk("the client is deactivated or of another product"));
    }
    Ok(lagret)
}

/// The audience is this server, and nobody else (sheet 4.2).
pub fn malgruppe(mp: &Maskinporten, krav: &Krav) -> Result<(), Avslag> {
    let aud = match &krav.aud {
        serde_json::Value::String(en) => Some(en.as_str()),
        serde_json::Value::Array(liste) if liste.len() == 1 => liste[0].as_str(),
        _ => None,
    };
    let oppsett = mp.oppsett();
    let ventet = |aud: &str| aud == oppsett.utsteder || oppsett.aud_alias.iter().any(|alias| alias == aud);
    if aud.is_some_and(ventet) {
        return Ok(());
    }
    Err(AUD.merk(format!("expected aud {}, got {:.200}", oppsett.utsteder, krav.aud)))
}

/// Chooses the key by what is registered on the client, and verifies with it.
pub fn signatur(
    mp: &Maskinporten,
    lagret: &Lagretklient,
    jws: &Compact<'_>,
    naa: Timestamp,
) -> Result<Metode, Avslag> {
    let (nokkel, metode) = match &lagret.jwks {
        Some(sett) if !sett.keys.is_empty() => (registrert(mp, lagret, sett, jws, naa)?, Metode::Nokkel),
        _ => (sertifikatets(mp, &lagret.klient, jws, naa)?, Metode::Virksomhetssertifikat),
    };
    jws.verify(&nokkel).map_err(|_| SIGNATUR)?;
    Ok(metode)
}

/// The registered key that `kid` names: by exact comparison within the client's own set.
fn registrert(
    mp: &Maskinporten,
    lagret: &Lagretklient,
    sett: &Nokkelsett,
    jws: &Compact<'_>,
    naa: Timestamp,
) -> Result<RsaPublicKey, Avslag> {
    let kid = jws.header().kid.as_deref().ok_or(UTEN_KID)?;
    let nokkel = sett.finn(kid).ok_or(UKJENT_KID)?;
    if naa.as_millis() / 1000 >= nokkel.exp {
        return Err(UTLOPT_NOKKEL);
    }
    let offentlig = mp.nokkelminne().hent(nokkel).ok_or(Feil::Nokkel("en registrert nøkkel er skadet"))?;
    match nokkel.sertifikater() {
        CertificateChain::Absent => {}
        CertificateChain::Malformed => return Err(SERTIFIKAT),
        // Locked to a certificate: it must still be good when the token is asked for (sheet 4.4).
        CertificateChain::Der(kjede) => {
            let laast = dom(mp, &kjede, lagret.klient.driver(), naa)?;
            if laast != offentlig {
                return Err(SERTIFIKAT.merk("the key is not the certificate's"));
            }
        }
    }
    Ok(offentlig)
}

/// The key of the enterprise certificate in the header, if it is the organisation's that runs the client.
fn sertifikatets(
    mp: &Maskinporten,
    klient: &Klient,
    jws: &Compact<'_>,
    naa: Timestamp,
) -> Result<RsaPublicKey, Avslag> {
    match &jws.header().x5c {
        CertificateChain::Absent => Err(X5C.merk("the client has no registered key, and x5c is missing")),
        CertificateChain::Malformed => Err(X5C),
        CertificateChain::Der(kjede) => dom(mp, kjede, klient.driver(), naa),
    }
}

/// The key of a certificate that is trusted and the organisation's.
fn dom(mp: &Maskinporten, kjede: &[Vec<u8>], orgnr: Orgnr, naa: Timestamp) -> Result<RsaPublicKey, Avslag> {
    let tillit = mp.tillit().ok_or_else(|| SERTIFIKAT.merk("no issuer of certificates is trusted"))?;
    match tillit.verify(kjede, naa) {
        Ok(sertifikat) if sertifikat.orgnr == orgnr => {
            RsaPublicKey::new(&sertifikat.modulus, &sertifikat.exponent)
                .map_err(|feil| SERTIFIKAT.merk(feil.to_string()))
        }
        Ok(_) => Err(SERTIFIKATETS_ORGNR),
        Err(Refusal::Malformed) => Err(X5C),
        Err(Refusal::Organisation(feil)) => Err(SERTIFIKATETS_ORGNR.merk(feil.to_string())),
        Err(Refusal::Untrusted(feil)) => Err(SERTIFIKAT.merk(feil.to_string())),
    }
}
