//! `grunndata maskinporten …` and `grunndata token`: arguments. What they stand for is in [`orders`].

mod orders;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use maskinporten::modell::Orgnr;
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
    #[command(
        subcommand,
        after_help = "\
Examples:
  grunndata maskinporten klient liste
  grunndata maskinporten klient ny --orgnr 311015001 --scope demo:register.read --client-id vaar
  grunndata maskinporten klient nokler vaar --ny nokkel.pem"
    )]
    Klient(Klient),
    /// Prefixes and scopes
    #[command(
        subcommand,
        after_help = "\
Examples:
  grunndata maskinporten scope prefiks demo --orgnr 313037002
  grunndata maskinporten scope sett demo:register.read --delegeringskilde https://tt02.altinn.no/
  grunndata maskinporten scope slett demo:register.read"
    )]
    Scope(ScopeCommand),
    /// Who may use a scope
    #[command(
        subcommand,
        after_help = "\
Examples:
  grunndata maskinporten tilgang gi demo:register.read 311015001
  grunndata maskinporten tilgang trekk demo:register.read 311015001
  grunndata maskinporten tilgang liste --orgnr 311015001"
    )]
    Tilgang(Tilgang),
    /// Delegation in Altinn: bundles of scopes, and who has delegated them to whom
    #[command(
        subcommand,
        after_help = "\
Examples:
  grunndata maskinporten delegering ordning demo-api --eier 313037002 --scope demo:register.read --tittel Demo
  grunndata maskinporten delegering gi 311015001 312026007 demo-api
  grunndata maskinporten delegering trekk 311015001 312026007 demo-api"
    )]
    Delegering(Delegering),
    /// Altinn's system users
    #[command(
        subcommand,
        after_help = "\
Examples:
  grunndata maskinporten systembruker system 312026007_system --klient leverandor
  grunndata maskinporten systembruker ny 312026007_system --kunde 311015001"
    )]
    Systembruker(Systembruker),
    /// Consents that people and organisations have given
    #[command(
        subcommand,
        after_help = "\
Examples:
  grunndata maskinporten samtykke ny --fra urn:altinn:organization:identifier-no:311015001 --til 312026007 \\
      --gyldig-til 2030-01-01T00:00:00.000Z --ressurs inntektsopplysninger
  grunndata maskinporten samtykke trekk ID"
    )]
    Samtykke(Samtykke),
    /// The keys that tokens are signed with
    #[command(
        subcommand,
        after_help = "\
Examples:
  grunndata maskinporten signering status
  grunndata maskinporten signering bytt
  grunndata maskinporten signering bytt --straks          the key is lost: the others are gone at once"
    )]
    Signering(Signering),
    /// The audit trail: who changed what, or which grants came
    #[command(after_help = "\
Examples:
  grunndata maskinporten spor --fra 2026-08-05T00:00:00.000Z
  grunndata maskinporten spor --bevis")]
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

fn scope(text: &str) -> Result<Scope, String> {
    Scope::parse(text).map_err(|_| "write it as prefix:name".to_owned())
}

fn orgnr(text: &str) -> Result<Orgnr, String> {
    Orgnr::parse_strengt(text)
        .map_err(|_| "an organisation number has nine digits, the last a control digit".to_owned())
}
