//! `grunndata maskinporten …` and `grunndata token`: arguments, and the orders that they stand for.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use maskinporten::admin::{self, Klientfelt, NyRessurs, NySystembruker, NyttSystem, Scopefelt};
use maskinporten::kommando::Kommando;
use maskinporten::modell::{Orgnr, Samtykkerett, Spraaktekst, Tokentype};
use serde_json::{Map, json};
use tid::Timestamp;
use vakt::Scope;

/// `grunndata token`
#[derive(Debug, Args)]
pub struct Token {
    /// The scope to ask for (may be repeated)
    #[arg(long, value_name = "SCOPE", value_parser = scope, required = true)]
    pub scope: Vec<Scope>,
    /// The client that asks [default: the first of demo/klienter.json that has the scope]
    #[arg(long, value_name = "ID")]
    pub klient: Option<String>,
    /// The organisation on whose behalf; it must have delegated to the client's
    #[arg(long, value_name = "ORGNR", value_parser = orgnr)]
    pub paa_vegne_av: Option<Orgnr>,
    /// Restrict the token to this audience
    #[arg(long, value_name = "URI")]
    pub ressurs: Option<String>,
    /// Where the server answers [default: the address in the configuration]
    #[arg(long, value_name = "BASE")]
    pub url: Option<String>,
}

/// `grunndata virksomhetssertifikat`
#[derive(Debug, Args)]
pub struct Virksomhetssertifikat {
    /// The organisation
    #[arg(long, value_name = "ORGNR", value_parser = orgnr)]
    pub orgnr: Orgnr,
    /// Its name
    #[arg(long, value_name = "TEXT")]
    pub navn: String,
    /// The directory to write to; made if missing
    #[arg(long, value_name = "DIR")]
    pub ut: PathBuf,
    /// Where the organisation number stands in the certificate
    #[arg(long, value_enum, default_value_t)]
    pub profil: Profil,
    /// How many days it is valid
    #[arg(long, value_name = "N", default_value_t = 1095, value_parser = clap::value_parser!(u32).range(1..=3650))]
    pub dager: u32,
}

/// The documented forms of enterprise certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Profil {
    /// In `serialNumber`
    Seid1,
    /// In `organizationIdentifier`
    #[default]
    Seid2,
}

/// `grunndata maskinporten`
#[derive(Debug, Args)]
pub struct Maskinporten {
    /// What to administer
    #[command(subcommand)]
    pub what: What,
}

/// What to administer.
#[derive(Debug, Subcommand)]
pub enum What {
    /// Clients and their keys
    #[command(subcommand)]
    Klient(Klient),
    /// Prefixes and scopes
    #[command(subcommand)]
    Scope(ScopeCommand),
    /// Who may use a scope
    #[command(subcommand)]
    Tilgang(Tilgang),
    /// Delegation in Altinn: bundles of scopes, and who has delegated them to whom
    #[command(subcommand)]
    Delegering(Delegering),
    /// Altinn's system users
    #[command(subcommand)]
    Systembruker(Systembruker),
    /// Consents that people and organisations have given
    #[command(subcommand)]
    Samtykke(Samtykke),
    /// The keys that tokens are signed with
    #[command(subcommand)]
    Signering(Signering),
    /// The audit trail: who changed what, or which grants came
    Spor(Spor),
}

/// Clients and their keys.
#[derive(Debug, Subcommand)]
pub enum Klient {
    /// List clients
    Liste {
        /// Only this organisation's
        #[arg(long, value_name = "ORGNR", value_parser = orgnr)]
        orgnr: Option<Orgnr>,
        /// Deactivated ones too
        #[arg(long)]
        alle: bool,
    },
    /// Show one client
    Vis {
        /// Its id
        client_id: String,
    },
    /// Make a client
    Ny(NyKlient),
    /// Add or take away scopes
    Scopes {
        /// The client
        client_id: String,
        /// A scope to add (may be repeated)
        #[arg(long, value_name = "SCOPE", value_parser = scope)]
        legg_til: Vec<Scope>,
        /// A scope to take away (may be repeated)
        #[arg(long, value_name = "SCOPE", value_parser = scope)]
        fjern: Vec<Scope>,
    },
    /// Deactivate a client
    Slett {
        /// Its id
        client_id: String,
    },
    /// Replace the client's keys: with those of a file, or with a new one
    Nokler(Nokler),
}

/// `klient ny`
#[derive(Debug, Args)]
pub struct NyKlient {
    /// The organisation that it belongs to
    #[arg(long, value_name = "ORGNR", value_parser = orgnr)]
    pub orgnr: Orgnr,
    /// What it is called
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub navn: String,
    /// A scope that it may ask for (may be repeated)
    #[arg(long, value_name = "SCOPE", value_parser = scope)]
    pub scope: Vec<Scope>,
    /// The lifetime of its tokens in seconds
    #[arg(long, value_name = "S")]
    pub levetid: Option<u64>,
    /// Its id [default: a new UUID]
    #[arg(long, value_name = "ID")]
    pub client_id: Option<String>,
}

/// `klient nokler`
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct NoklerFra {
    /// A file with public keys, as {"keys":[…]}
    #[arg(long, value_name = "FILE")]
    pub jwks: Option<PathBuf>,
    /// Make a key; the private one is written to this file, which must not exist
    #[arg(long, value_name = "FILE")]
    pub ny: Option<PathBuf>,
    /// Take all keys away
    #[arg(long)]
    pub slett: bool,
}

/// `klient nokler`
#[derive(Debug, Args)]
pub struct Nokler {
    /// The client
    pub client_id: String,
    /// Where they come from.
    #[command(flatten)]
    pub fra: NoklerFra,
    /// The new key's identifier [default: its thumbprint]
    #[arg(long, value_name = "KID", requires = "ny")]
    pub kid: Option<String>,
}

/// Prefixes and scopes.
#[derive(Debug, Subcommand)]
pub enum ScopeCommand {
    /// List scopes
    Liste {
        /// Only this organisation's
        #[arg(long, value_name = "ORGNR", value_parser = orgnr)]
        orgnr: Option<Orgnr>,
    },
    /// Hand out a prefix; without arguments: list them
    Prefiks {
        /// The prefix
        #[arg(requires = "orgnr")]
        prefix: Option<String>,
        /// To whom
        #[arg(long, value_name = "ORGNR", value_parser = orgnr)]
        orgnr: Option<Orgnr>,
    },
    /// Make a scope, or change one
    Sett(SettScope),
    /// Deactivate a scope
    Slett {
        /// The scope
        #[arg(value_parser = scope)]
        scope: Scope,
    },
}

/// `scope sett`
#[derive(Debug, Args)]
pub struct SettScope {
    /// The scope, with its prefix
    #[arg(value_parser = scope)]
    pub scope: Scope,
    /// What it gives
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub beskrivelse: String,
    /// Every organisation has access
    #[arg(long)]
    pub for_alle: bool,
    /// It can be delegated in Altinn: the issuer of the delegations
    #[arg(long, value_name = "ISSUER")]
    pub delegeringskilde: Option<String>,
    /// The longest lifetime of a token with it, in seconds
    #[arg(long, value_name = "S", default_value_t = 0)]
    pub levetid_maks: u64,
    /// Tokens are random strings that introspection explains
    #[arg(long)]
    pub opak: bool,
    /// A client that may introspect its tokens (may be repeated)
    #[arg(long, value_name = "ID")]
    pub introspeksjon: Vec<String>,
    /// Not in public lists
    #[arg(long)]
    pub privat: bool,
}

/// Who may use a scope.
#[derive(Debug, Subcommand)]
pub enum Tilgang {
    /// List who may use a scope, or what an organisation may use
    Liste {
        /// The scope
        #[arg(long, value_name = "SCOPE", value_parser = scope, required_unless_present = "orgnr")]
        scope: Option<Scope>,
        /// The organisation
        #[arg(long, value_name = "ORGNR", value_parser = orgnr)]
        orgnr: Option<Orgnr>,
    },
    /// Give an organisation access
    Gi {
        /// The scope
        #[arg(value_parser = scope)]
        scope: Scope,
        /// The organisation
        #[arg(value_parser = orgnr)]
        orgnr: Orgnr,
    },
    /// Take it back
    Trekk {
        /// The scope
        #[arg(value_parser = scope)]
        scope: Scope,
        /// The organisation
        #[arg(value_parser = orgnr)]
        orgnr: Orgnr,
    },
}

/// Delegation in Altinn.
#[derive(Debug, Subcommand)]
pub enum Delegering {
    /// List delegations
    Liste {
        /// Who gave
        #[arg(long, value_name = "ORGNR", value_parser = orgnr)]
        konsument: Option<Orgnr>,
        /// Who received
        #[arg(long, value_name = "ORGNR", value_parser = orgnr)]
        leverandor: Option<Orgnr>,
        /// What
        #[arg(long, value_name = "SCOPE", value_parser = scope)]
        scope: Option<Scope>,
    },
    /// List the bundles of scopes that can be delegated
    Ordninger,
    /// Make a bundle of scopes, or change one
    Ordning {
        /// Its identifier
        ressurs: String,
        /// The API owner
        #[arg(long, value_name = "ORGNR", value_parser = orgnr)]
        eier: Orgnr,
        /// A scope in it (may be repeated)
        #[arg(long, value_name = "SCOPE", value_parser = scope, required = true)]
        scope: Vec<Scope>,
        /// Its title, in bokmål
        #[arg(long, value_name = "TEXT")]
        tittel: String,
    },
    /// Delegate a bundle
    Gi(Par),
    /// Take a delegation back; it holds for the next grant
    Trekk(Par),
}

/// Who delegates what to whom.
#[derive(Debug, Args)]
pub struct Par {
    /// Who gives
    #[arg(value_parser = orgnr)]
    pub konsument: Orgnr,
    /// Who receives
    #[arg(value_parser = orgnr)]
    pub leverandor: Orgnr,
    /// The bundle
    pub ressurs: String,
}

/// Altinn's system users.
#[derive(Debug, Subcommand)]
pub enum Systembruker {
    /// Register a vendor's system, or change which clients are it
    System {
        /// `<orgno>_<name>`
        id: String,
        /// A client that is the system (may be repeated)
        #[arg(long, value_name = "ID", required = true)]
        klient: Vec<String>,
    },
    /// Make a system user for a customer
    Ny {
        /// The system
        system: String,
        /// The customer
        #[arg(long, value_name = "ORGNR", value_parser = orgnr)]
        kunde: Orgnr,
        /// What tells the customer's system users apart
        #[arg(long, value_name = "TEXT")]
        referanse: Option<String>,
    },
    /// Delete a system user
    Slett {
        /// Its id
        id: String,
    },
}

/// Consents.
#[derive(Debug, Subcommand)]
pub enum Samtykke {
    /// Note a consent that has been given
    Ny(NyttSamtykke),
    /// Take it back; it holds for the next grant
    Trekk {
        /// Its id
        id: String,
    },
}

/// `samtykke ny`
#[derive(Debug, Args)]
pub struct NyttSamtykke {
    /// Who gave it: urn:altinn:person:identifier-no:… or urn:altinn:organization:identifier-no:…
    #[arg(long, value_name = "URN")]
    pub fra: String,
    /// Who may use it
    #[arg(long, value_name = "ORGNR", value_parser = orgnr)]
    pub til: Orgnr,
    /// When it ends
    #[arg(long, value_name = "TIME", value_parser = super::parse_time)]
    pub gyldig_til: Timestamp,
    /// What may be done (may be repeated)
    #[arg(long, value_name = "ACTION", default_value = "consent")]
    pub handling: Vec<String>,
    /// With which resource of Altinn's (may be repeated)
    #[arg(long, value_name = "RESOURCE", required = true)]
    pub ressurs: Vec<String>,
}

/// The keys that tokens are signed with.
#[derive(Debug, Subcommand)]
pub enum Signering {
    /// Show how the keys stand
    Status,
    /// Publish the next key; it signs when every reader has had time to fetch it
    Bytt {
        /// The key is lost or known to others: a new one signs at once and the others are gone at once
        #[arg(long)]
        straks: bool,
    },
}

/// `grunndata maskinporten spor`
#[derive(Debug, Args)]
pub struct Spor {
    /// Which grants came, instead of who changed what
    #[arg(long)]
    pub bevis: bool,
    /// From this moment on
    #[arg(long, value_name = "TIME", value_parser = super::parse_time, default_value = "1970-01-01T00:00:00.000Z")]
    pub fra: Timestamp,
    /// At most so many rows
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub antall: usize,
}

impl What {
    /// The order; `None` for what has to do with files first: [`Klient::Nokler`].
    pub fn order(&self) -> Option<Kommando> {
        Some(match self {
            Self::Klient(klient) => return klient.order(),
            Self::Scope(scope) => scope.order(),
            Self::Tilgang(tilgang) => tilgang.order(),
            Self::Delegering(delegering) => delegering.order(),
            Self::Systembruker(bruker) => bruker.order(),
            Self::Samtykke(Samtykke::Ny(nytt)) => Kommando::NyttSamtykke(nytt.samtykke()),
            Self::Samtykke(Samtykke::Trekk { id }) => Kommando::TrekkSamtykke { id: id.clone() },
            Self::Signering(Signering::Status) => Kommando::Signeringsnokler,
            Self::Signering(Signering::Bytt { straks }) => Kommando::ByttSigneringsnokkel { straks: *straks },
            Self::Spor(Spor { bevis: true, fra, antall }) => {
                Kommando::Utstedelser { fra: *fra, antall: *antall }
            }
            Self::Spor(Spor { fra, antall, .. }) => Kommando::Spor { fra: *fra, antall: *antall },
        })
    }
}

impl NyttSamtykke {
    fn samtykke(&self) -> admin::NyttSamtykke {
        let resource =
            self.ressurs.iter().map(|value| json!({ "type": "urn:altinn:resource", "value": value }));
        let rett = Samtykkerett {
            action: self.handling.clone(),
            resource: resource.collect(),
            metadata: Map::new(),
        };
        admin::NyttSamtykke {
            from: self.fra.clone(),
            to: self.til,
            valid_to: self.gyldig_til,
            rights: vec![rett],
        }
    }
}

impl Klient {
    fn order(&self) -> Option<Kommando> {
        Some(match self {
            Self::Liste { orgnr, alle } => Kommando::Klienter { orgnr: *orgnr, alle: *alle },
            Self::Vis { client_id } => Kommando::Klient { client_id: client_id.clone() },
            Self::Ny(ny) => Kommando::NyKlient(Box::new(Klientfelt {
                client_id: ny.client_id.clone(),
                client_name: ny.navn.clone(),
                scopes: ny.scope.clone(),
                access_token_lifetime: ny.levetid,
                client_orgno: Some(ny.orgnr),
                ..Klientfelt::default()
            })),
            Self::Scopes { client_id, legg_til, fjern } => Kommando::EndreScopes {
                client_id: client_id.clone(),
                legg_til: legg_til.clone(),
                fjern: fjern.clone(),
            },
            Self::Slett { client_id } => Kommando::SlettKlient { client_id: client_id.clone() },
            Self::Nokler(Nokler { client_id, fra: NoklerFra { slett: true, .. }, .. }) => {
                Kommando::SlettNokler { client_id: client_id.clone() }
            }
            Self::Nokler(_) => return None,
        })
    }
}

impl ScopeCommand {
    fn order(&self) -> Kommando {
        match self {
            Self::Liste { orgnr } => Kommando::Scopes { orgnr: *orgnr },
            Self::Prefiks { prefix: Some(prefix), orgnr: Some(orgnr) } => {
                Kommando::NyPrefiks { prefix: prefix.clone(), orgnr: *orgnr }
            }
            Self::Prefiks { .. } => Kommando::Prefikser,
            Self::Sett(sett) => {
                Kommando::SettScope { scope: sett.scope.clone(), felt: Box::new(sett.felt()) }
            }
            Self::Slett { scope } => Kommando::SlettScope { scope: scope.clone() },
        }
    }
}

impl SettScope {
    fn felt(&self) -> Scopefelt {
        Scopefelt {
            description: self.beskrivelse.clone(),
            visibility: Some(if self.privat { "PRIVATE" } else { "PUBLIC" }.to_owned()),
            accessible_for_all: self.for_alle,
            delegation_source: self.delegeringskilde.clone(),
            at_max_age: self.levetid_maks,
            token_type: if self.opak { Tokentype::Opaque } else { Tokentype::SelfContained },
            enforced_aud_for_introspection: self.introspeksjon.clone(),
            active: Some(true),
            ..Scopefelt::default()
        }
    }
}

impl Tilgang {
    fn order(&self) -> Kommando {
        match self {
            Self::Liste { scope, orgnr } => Kommando::Tilganger { scope: scope.clone(), orgnr: *orgnr },
            Self::Gi { scope, orgnr } => {
                Kommando::SettTilgang { scope: scope.clone(), orgnr: *orgnr, gitt: true }
            }
            Self::Trekk { scope, orgnr } => {
                Kommando::SettTilgang { scope: scope.clone(), orgnr: *orgnr, gitt: false }
            }
        }
    }
}

impl Delegering {
    fn order(&self) -> Kommando {
        match self {
            Self::Liste { konsument, leverandor, scope } => {
                Kommando::Delegeringer { consumer: *konsument, supplier: *leverandor, scope: scope.clone() }
            }
            Self::Ordninger => Kommando::Ressurser,
            Self::Ordning { ressurs, eier, scope, tittel } => Kommando::SettRessurs(NyRessurs {
                owner_org: *eier,
                resourceid: Some(ressurs.clone()),
                scopes: scope.clone(),
                title: vec![Spraaktekst { code: "nb_NO".to_owned(), value: tittel.clone() }],
                description: Vec::new(),
                default_language: "nb_NO".to_owned(),
                required_security_level: 2,
            }),
            Self::Gi(par) => Kommando::Deleger {
                consumer: par.konsument,
                supplier: par.leverandor,
                resourceid: par.ressurs.clone(),
            },
            Self::Trekk(par) => Kommando::TrekkDelegering {
                consumer: par.konsument,
                supplier: par.leverandor,
                resourceid: par.ressurs.clone(),
            },
        }
    }
}

impl Systembruker {
    fn order(&self) -> Kommando {
        match self {
            Self::System { id, klient } => Kommando::SettSystem(NyttSystem {
                id: id.clone(),
                name: String::new(),
                client_ids: klient.clone(),
            }),
            Self::Ny { system, kunde, referanse } => Kommando::NySystembruker(NySystembruker {
                system_id: system.clone(),
                owner_org: *kunde,
                external_ref: referanse.clone(),
            }),
            Self::Slett { id } => Kommando::SlettSystembruker { id: id.clone() },
        }
    }
}

fn scope(text: &str) -> Result<Scope, String> {
    Scope::parse(text).map_err(|_| "write it as prefix:name".to_owned())
}

fn orgnr(text: &str) -> Result<Orgnr, String> {
    Orgnr::parse_strengt(text)
        .map_err(|_| "an organisation number has nine digits, the last a control digit".to_owned())
}
