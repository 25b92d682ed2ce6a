//! `[maskinporten]`

use std::path::PathBuf;
use std::time::Duration;

use ::maskinporten::Oppsett;

use super::read::Reader;
use super::url::{ApiPrefix, BaseUrl};
use crate::failure::Failure;

/// Maskinporten's settings.
#[derive(Debug, Clone)]
pub struct Maskinporten {
    /// Served at all.
    pub active: bool,
    /// Where the authorization server lies.
    pub prefix: ApiPrefix,
    /// Its own host name.
    pub host: Option<String>,
    /// Where our own surface lies.
    pub extended_prefix: ApiPrefix,
    /// Where the self-service API lies.
    pub self_service_prefix: ApiPrefix,
    /// Where Altinn's API lies.
    pub altinn_prefix: ApiPrefix,
    /// Lifetimes, limits and switches. The issuer is empty when it follows from the address.
    pub setup: Oppsett,
    /// The file with the master key; `None`: in the data directory.
    pub master_key_file: Option<PathBuf>,
    /// The command that writes the master key.
    pub master_key_command: Option<String>,
    /// Files with signing keys from outside.
    pub signing_keys: Vec<PathBuf>,
    /// Whose certificates are trusted.
    pub trust: Tillit,
}

/// Where the list of trusted issuers of enterprise certificates comes from.
#[derive(Debug, Clone)]
pub struct Tillit {
    /// The roots; `None`: the test authority of the data directory.
    pub roots: Option<PathBuf>,
    /// What lies between.
    pub intermediates: Option<PathBuf>,
    /// Accepted policies.
    pub policies: Vec<String>,
    /// Revocation lists.
    pub revocation_lists: Vec<PathBuf>,
    /// A list in date must speak for the issuer.
    pub hard: bool,
}

impl Tillit {
    /// All files that it comes from.
    pub fn files(&self) -> Vec<PathBuf> {
        self.roots.iter().chain(&self.intermediates).chain(&self.revocation_lists).cloned().collect()
    }
}

const ISSUER: &str = "empty or an issuer such as https://maskinporten.example.no/, with the slash at the end";

/// Reads and checks the table.
pub(super) fn check(r: &Reader<'_>) -> Result<Maskinporten, Failure> {
    let path = |key| r.checked(key, ApiPrefix::EXPECTED, ApiPrefix::parse);
    let prefix = path("maskinporten.prefiks")?;
    let extended_prefix = r.checked(
        "maskinporten.utvidet_prefiks",
        "a path of its own, such as /maskinporten/utvidet",
        |text| ApiPrefix::parse(text).filter(|extended| *extended != prefix),
    )?;
    let file = |key| r.optional(key, "empty or a file", |text| Some(PathBuf::from(text)));
    Ok(Maskinporten {
        active: r.truth("maskinporten.aktiv")?,
        host: r.optional(
            "maskinporten.vertsnavn",
            "empty or a host name such as maskinporten.example.no",
            host,
        )?,
        extended_prefix,
        self_service_prefix: path("maskinporten.selvbetjening_prefiks")?,
        altinn_prefix: path("maskinporten.altinn_prefiks")?,
        setup: setup(r)?,
        master_key_file: file("maskinporten.hovednokkel_fil")?,
        master_key_command: r.optional(
            "maskinporten.hovednokkel_kommando",
            "empty or a command",
            |text| Some(text.to_owned()),
        )?,
        signing_keys: words(r, "maskinporten.signeringsnokler")?.into_iter().map(PathBuf::from).collect(),
        trust: Tillit {
            roots: file("maskinporten.tillit_rot_fil")?,
            intermediates: file("maskinporten.tillit_mellom_fil")?,
            policies: words(r, "maskinporten.tillit_policyer")?,
            revocation_lists: words(r, "maskinporten.tillit_tilbakekalte")?
                .into_iter()
                .map(PathBuf::from)
                .collect(),
            hard: r.choice("maskinporten.tillit_tilbakekalling", &["mykt", "hardt"])? == 1,
        },
        prefix,
    })
}

fn setup(r: &Reader<'_>) -> Result<Oppsett, Failure> {
    let whole = |key: &str, range| r.whole(&format!("maskinporten.{key}"), range);
    let signed = |key: &str, range| whole(key, range).map(|number| i64::try_from(number).unwrap_or(i64::MAX));
    let truth = |key: &str| r.truth(&format!("maskinporten.{key}"));
    let hours = |key: &str, range| whole(key, range).map(Duration::from_hours);
    Ok(Oppsett {
        utsteder: r.optional("maskinporten.utsteder", ISSUER, issuer)?.unwrap_or_default(),
        aud_alias: words(r, "maskinporten.aud_alias")?,
        oidc_alias: truth("oidc_alias")?,
        error_uri: truth("error_uri")?,
        bevis_levetid_s: signed("bevis_levetid_s", 10..=3600)?,
        bevis_slingring_s: signed("bevis_slingring_s", 0..=60)?,
        klokke_fram_s: signed("klokke_fram_s", 0..=3600)?,
        klokke_bak_s: signed("klokke_bak_s", 0..=3600)?,
        token_levetid_s: whole("token_levetid_s", 1..=86_400)?,
        token_levetid_maks_s: whole("token_levetid_maks_s", 1..=86_400)?,
        uspesifisert_aud: truth("uspesifisert_aud")?,
        syntetiske_personer: truth("syntetiske_personer")?,
        nokkel_levetid_d: signed("nokkel_levetid_d", 1..=3650)?,
        nokler_maks: whole("nokler_maks", 1..=5)? as usize,
        delegeringskilde: r.checked(
            "maskinporten.delegeringskilde",
            "an issuer such as https://tt02.altinn.no/",
            |t| (!t.is_empty() && !t.contains(char::is_whitespace)).then(|| t.to_owned()),
        )?,
        klient_per_minutt: whole("klient_per_minutt", 0..=1_000_000)? as u32,
        adresse_per_minutt: whole("adresse_per_minutt", 0..=10_000_000)? as u32,
        stol_paa_videresendte: false,
        utstedelser_d: signed("utstedelser_d", 0..=36_500)?,
        nokkelbytte_d: signed("nokkelbytte_d", 0..=3650)?,
        nokkel_forvarsel: hours("nokkel_forvarsel_t", 0..=8760)?,
        nokkel_ettertid: hours("nokkel_ettertid_t", 1..=8760)?,
    })
}

pub(super) fn words(r: &Reader<'_>, key: &str) -> Result<Vec<String>, Failure> {
    r.checked(key, "words separated by spaces", |text| {
        Some(text.split_whitespace().map(str::to_owned).collect())
    })
}

fn issuer(text: &str) -> Option<String> {
    (text.ends_with('/') && BaseUrl::parse(text).is_some()).then(|| text.to_owned())
}

fn host(text: &str) -> Option<String> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.');
    (!text.is_empty() && text.len() <= 253 && text.bytes().all(plain)).then(|| text.to_ascii_lowercase())
}
