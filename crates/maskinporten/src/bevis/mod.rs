//! The grant: from the form of a token request to a token or a refusal, every check of sheet section 5 in its order.
//!
//! | steps | where |
//! |---|---|
//! | 1–5: method, body, form | [`crate::api`], [`Skjema`] |
//! | 6–8: signature's form, algorithm, claims | here, [`krav`] |
//! | 9–12: client, audience, key, signature | [`klient`] |
//! | 13–16: times | [`klokke`] |
//! | 17: replay | [`crate::endring::Skriver::bruk`] |
//! | 18–22: consumer, scopes, access, delegation | [`rett`] |
//! | 23: authorization details | [`rar`] |
//! | 24: person and audience of the token | [`mal`] |
//! | 25: issue | [`crate::utsted`] |
//!
//! Steps 18 to 24 only look, so they are done before the grant is recorded as used; that record, the row of the
//! trail and an opaque token are then one change, and a grant that was used before is refused as such whatever
//! the later steps said. A failing store leaves the grant unused.

pub mod avslag;
pub mod klient;
mod klokke;
mod krav;
mod mal;
pub mod rar;
pub(crate) mod rett;

use identifikator::Personidentifikator;
use serde_json::Value;
use tid::Timestamp;
use vakt::jws::{Compact, Malformed};

pub use avslag::Avslag;
use avslag::{
    ANNEN_CLIENT_ID, BRUKT, FOR_LANGT_BEVIS, GRANT_TYPE, SIGNATUR, UTEN_ASSERTION, UTEN_GRANT_TYPE, VERDI,
};
use klient::Metode;
pub use krav::Krav;
pub use rett::{Parter, Rett};

use crate::endring::{Bevisbruk, Bruk, bevisnokkel};
use crate::modell::{Klient, Tokentype, Utstedelse};
use crate::utsted::{Tokenkrav, Tokensvar, opakt, signer};
use crate::{Feil, Maskinporten};

/// The one grant type.
pub const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// Longest assertion, in bytes (sheet section 5).
const BEVIS_MAKS: usize = 48 * 1024;

/// The form of a token request. Unknown parameters are passed over.
#[derive(Clone, Default)]
pub struct Skjema {
    /// `grant_type`
    pub grant_type: Option<String>,
    /// `assertion`
    pub assertion: Option<String>,
    /// `client_id`, which is not needed, but must not contradict.
    pub client_id: Option<String>,
    /// Parameters that belong in the grant and mean nothing here.
    pub uten_virkning: Vec<&'static str>,
}

/// Claims that clients sometimes send beside the grant instead of in it (sheet 16.3).
pub const KRAV_I_BEVISET: [&str; 4] = ["scope", "consumer_org", "resource", "pid"];

impl Skjema {
    /// Reads a body (steps 3 and 4).
    pub fn les(kropp: &[u8]) -> Result<Self, Avslag> {
        let mut skjema = Self::default();
        let mut sett: Vec<String> = Vec::new();
        for (navn, verdi) in form_urlencoded::parse(kropp) {
            if sett.iter().any(|sett| *sett == navn) {
                return Err(Avslag::gjentatt(&navn));
            }
            match &*navn {
                "grant_type" => skjema.grant_type = Some(verdi.into_owned()),
                "assertion" => skjema.assertion = Some(verdi.into_owned()),
                "client_id" => skjema.client_id = Some(verdi.into_owned()),
                annet => skjema.uten_virkning.extend(KRAV_I_BEVISET.iter().find(|krav| **krav == annet)),
            }
            if sett.len() >= PARAMETRE_MAKS {
                return Err(avslag::SKJEMA.merk("too many parameters"));
            }
            sett.push(navn.into_owned());
        }
        Ok(skjema)
    }

    /// The assertion of the one grant type there is (steps 5 and 6).
    fn bevis(&self) -> Result<&str, Avslag> {
        match self.grant_type.as_deref() {
            None | Some("") => return Err(UTEN_GRANT_TYPE),
            Some(GRANT) => {}
            Some(_) => return Err(GRANT_TYPE),
        }
        self.assertion.as_deref().filter(|bevis| !bevis.is_empty()).ok_or(UTEN_ASSERTION)
    }
}

/// Most parameters of a form; clients send two.
const PARAMETRE_MAKS: usize = 50;

/// A grant whose sender is known.
struct Godkjent {
    krav: Krav,
    klient: Klient,
    metode: Metode,
    /// The digest that tells the grant from others of the client.
    nokkel: Vec<u8>,
}

/// What a grant that is good in every way leads to.
struct Innvilget {
    rett: Rett,
    detaljer: Vec<Value>,
    pid: Option<Personidentifikator>,
}

impl Maskinporten {
    /// Answers a token request; `spor` is its correlation id.
    ///
    /// # Errors
    /// The refusal of the first check that fails.
    pub async fn token(&self, skjema: &Skjema, spor: &str) -> Result<Tokensvar, Avslag> {
        let naa = self.naa();
        let godkjent = self.godkjenn(skjema.bevis()?, skjema.client_id.as_deref(), naa, true).await?;
        self.grenser().klient.tell(&godkjent.klient.client_id, naa).map_err(Avslag::for_mange)?;
        let utfall = match self.avgjor(&godkjent, naa).await {
            // Trouble of our own: the client may send the same grant again.
            Err(avslag) if avslag.status >= 500 => return Err(avslag),
            utfall => utfall,
        };
        self.fullfor(&godkjent, utfall, spor, naa).await
    }

    /// Who calls, by an assertion that is judged and used up as a grant is but asks for no scope (RFC 7523 section
    /// 2.2).
    ///
    /// # Errors
    /// As [`token`](Self::token).
    pub async fn hvem(&self, bevis: &str, spor: &str) -> Result<Klient, Avslag> {
        let naa = self.naa();
        let godkjent = self.godkjenn(bevis, None, naa, false).await?;
        let bruk = Bevisbruk {
            nokkel: godkjent.nokkel.clone(),
            til: klokke::huskes_til(&godkjent.krav, self.oppsett()),
            utstedelse: utstedelse(&godkjent, spor, naa),
            opak: None,
        };
        match self.skriver().bruk(naa, bruk).await? {
            Bruk::Forste => Ok(godkjent.klient),
            Bruk::Gjentatt => Err(BRUKT),
        }
    }

    /// Steps 6 to 16.
    async fn godkjenn(
        &self,
        bevis: &str,
        client_id: Option<&str>,
        naa: Timestamp,
        scope_paakrevd: bool,
    ) -> Result<Godkjent, Avslag> {
        let jws = Compact::parse(bevis, BEVIS_MAKS).map_err(|feil| match feil {
            Malformed::TooLong => FOR_LANGT_BEVIS,
            feil => VERDI.merk(feil.to_string()),
        })?;
        if !jws.header().is_plain_jwt() {
            return Err(VERDI.merk("header typ"));
        }
        jws.algorithm().map_err(|feil| SIGNATUR.merk(feil.to_string()))?;
        let krav = Krav::les(jws.payload())?;
        if scope_paakrevd && krav.scope.is_none() {
            return Err(krav::mangler("scope"));
        }
        if client_id.is_some_and(|gitt| gitt != krav.iss) {
            return Err(ANNEN_CLIENT_ID);
        }
        let lagret = klient::finn(&**self.journal(), &krav.iss).await?;
        klient::malgruppe(self, &krav)?;
        let metode = klient::signatur(self, &lagret, &jws, naa)?;
        klokke::sjekk(&krav, naa, self.oppsett())?;
        // Without an id of its own a grant is told apart by what is signed.
        let id = krav.jti.as_deref().unwrap_or(jws.signing_input());
        let nokkel = bevisnokkel(&krav.iss, id);
        Ok(Godkjent { krav, klient: lagret.klient, metode, nokkel })
    }

    /// Steps 18 to 24: what the client may have.
    async fn avgjor(&self, godkjent: &Godkjent, naa: Timestamp) -> Result<Innvilget, Avslag> {
        let Godkjent { krav, klient, .. } = godkjent;
        let parter = rett::parter(klient, krav)?;
        let rett = rett::gi(&**self.journal(), klient, parter, krav.scope()).await?;
        let detaljer = match &krav.authorization_details {
            None => Vec::new(),
            Some(detaljer) => rar::bekreft(self, klient, parter, detaljer, naa).await?,
        };
        let pid = mal::sjekk(krav, self.oppsett())?;
        Ok(Innvilget { rett, detaljer, pid })
    }

    /// Steps 17 and 25: records that the grant is used and what came of it, and issues.
    async fn fullfor(
        &self,
        godkjent: &Godkjent,
        utfall: Result<Innvilget, Avslag>,
        spor: &str,
        naa: Timestamp,
    ) -> Result<Tokensvar, Avslag> {
        let mut utstedelse = utstedelse(godkjent, spor, naa);
        let utfall = match utfall {
            Ok(innvilget) => Ok(self.tokenkrav(godkjent, innvilget, naa).await?),
            Err(avslag) => Err(avslag),
        };
        let mut opak = None;
        let mut signerer = None;
        match &utfall {
            Ok((krav, form)) => {
                // Without a key to sign with the grant is not used up.
                if *form == Tokentype::SelfContained {
                    signerer = Some(self.nokkelring().signerer(naa).await?);
                }
                utstedelse.consumer = Some(krav.parter.consumer);
                utstedelse.supplier = krav.parter.supplier;
                utstedelse.jti = Some(krav.jti.clone());
                opak = (*form == Tokentype::Opaque).then(|| opakt(krav, self.tilfeldig()));
            }
            Err(avslag) => utstedelse.avslag = Some(avslag.navn().to_owned()),
        }
        let (verdi, lagres) = opak.unzip();
        let bruk = Bevisbruk {
            nokkel: godkjent.nokkel.clone(),
            til: klokke::huskes_til(&godkjent.krav, self.oppsett()),
            utstedelse,
            opak: lagres,
        };
        if self.skriver().bruk(naa, bruk).await? == Bruk::Gjentatt {
            return Err(BRUKT);
        }
        let (krav, _) = utfall?;
        let token = match (verdi, signerer) {
            (Some(opak), _) => opak,
            (None, Some(signerer)) => signer(&*signerer, &krav)?,
            (None, None) => return Err(Feil::Nokkel("tokenet har ingen form").into()),
        };
        Ok(Tokensvar::ny(token, &krav, self.naa()))
    }

    async fn tokenkrav(
        &self,
        godkjent: &Godkjent,
        innvilget: Innvilget,
        naa: Timestamp,
    ) -> Result<(Tokenkrav, Tokentype), Avslag> {
        let Innvilget { rett, detaljer, pid } = innvilget;
        let opak = rett.scopes.iter().any(|scope| scope.token_type == Tokentype::Opaque);
        let form = if opak { Tokentype::Opaque } else { Tokentype::SelfContained };
        let prefikser = self.konsumentens_prefikser(&rett).await?;
        let krav =
            Tokenkrav::ny(self.oppsett(), &godkjent.klient, godkjent.metode, rett, naa, self.tilfeldig());
        let krav = krav.med_prefikser(prefikser).med_person(pid).med_detaljer(detaljer);
        Ok((krav.med_malgruppe(&godkjent.krav), form))
    }
}

/// The row of the trail, before it is known what comes of the grant.
fn utstedelse(godkjent: &Godkjent, spor: &str, naa: Timestamp) -> Utstedelse {
    Utstedelse {
        tid: naa,
        spor: spor.to_owned(),
        client_id: godkjent.klient.client_id.clone(),
        scope: godkjent.krav.scope().to_owned(),
        consumer: None,
        supplier: None,
        jti: None,
        avslag: None,
        pid: godkjent.krav.pid.is_some(),
    }
}
