//! How the server is set up: limits and lifetimes of sheet section 9, as defaults.

use std::time::Duration;

/// How the server is set up.
#[derive(Debug, Clone)]
pub struct Oppsett {
    /// The issuer, byte for byte: `iss` of tokens, `issuer` of the metadata, `aud` of grants. Ends with a slash.
    pub utsteder: String,
    /// Other values of `aud` that grants may carry (sheet 15.2, C2).
    pub aud_alias: Vec<String>,
    /// The metadata lies at `/.well-known/openid-configuration` too.
    pub oidc_alias: bool,
    /// Errors carry `error_uri`.
    pub error_uri: bool,
    /// Longest `exp − iat` of a grant, in seconds.
    pub bevis_levetid_s: i64,
    /// Seconds a grant may be longer than that without being refused (sheet 5, *clock*).
    pub bevis_slingring_s: i64,
    /// Seconds `iat` may be ahead of the clock.
    pub klokke_fram_s: i64,
    /// Seconds `iat` may be behind the clock.
    pub klokke_bak_s: i64,
    /// Lifetime of an access token in seconds when the client says nothing.
    pub token_levetid_s: u64,
    /// The longest lifetime of an access token, whatever client and scope say.
    pub token_levetid_maks_s: u64,
    /// `aud` of tokens without `resource`: none, or `unspecified` (sheet 7.5).
    pub uspesifisert_aud: bool,
    /// Synthetic person numbers are good in `pid`. Not in production.
    pub syntetiske_personer: bool,
    /// Days a registered key lasts from when it is posted.
    pub nokkel_levetid_d: i64,
    /// Keys of a client.
    pub nokler_maks: usize,
    /// The issuer of delegations, as `delegation_source` carries it.
    pub delegeringskilde: String,
    /// Grants of a client a minute; 0: no limit.
    pub klient_per_minutt: u32,
    /// Calls of an address to the token endpoint a minute; 0: no limit.
    pub adresse_per_minutt: u32,
    /// Whether a proxy's word on the caller's address is believed.
    pub stol_paa_videresendte: bool,
    /// Days a signing key is used before the next takes over by itself; 0: only when told to.
    pub nokkelbytte_d: i64,
    /// How long the next key is published before it signs.
    pub nokkel_forvarsel: Duration,
    /// How long a key stays published after it has signed for the last time.
    pub nokkel_ettertid: Duration,
    /// Days the trail of grants is kept; 0: for ever.
    pub utstedelser_d: i64,
}

impl Default for Oppsett {
    fn default() -> Self {
        Self {
            utsteder: "http://127.0.0.1:8080/maskinporten/".to_owned(),
            aud_alias: Vec::new(),
            oidc_alias: false,
            error_uri: true,
            bevis_levetid_s: 120,
            bevis_slingring_s: 1,
            klokke_fram_s: 10,
            klokke_bak_s: 10,
            token_levetid_s: 120,
            token_levetid_maks_s: 7200,
            uspesifisert_aud: false,
            syntetiske_personer: true,
            nokkel_levetid_d: 365,
            nokler_maks: 5,
            delegeringskilde: "https://tt02.altinn.no/".to_owned(),
            klient_per_minutt: 0,
            adresse_per_minutt: 0,
            stol_paa_videresendte: false,
            nokkelbytte_d: 0,
            nokkel_forvarsel: Duration::from_hours(48),
            nokkel_ettertid: Duration::from_hours(24),
            utstedelser_d: 365,
        }
    }
}
