//! `grunndata produsent …`: arguments, and the orders that they stand for.

use clap::{Args, Subcommand, ValueEnum};
use identifikator::Organisasjonsnummer;
use produsent::drift::Drift;
use produsent::kommando::Kommando;
use produsent::sak;
use produsent::tilgang::Produsentrett;

/// `grunndata produsent`
#[derive(Debug, Args)]
pub struct Produsent {
    /// What to do.
    #[command(subcommand)]
    pub what: What,
}

/// What the operator or a case worker wants.
#[derive(Debug, Subcommand)]
pub enum What {
    /// Who may send what
    #[command(subcommand)]
    Rett(Rett),
    /// The cases that wait for somebody
    #[command(subcommand)]
    Sak(Sak),
    /// Show or set the switches of maintenance
    Drift(Switches),
    /// Take every case that can be taken, now
    Toem,
}

/// `grunndata produsent rett`
#[derive(Debug, Subcommand)]
pub enum Rett {
    /// Everybody who may send anything
    Liste,
    /// Say what an organisation may send; what was said before no longer holds
    Gi {
        /// The organisation
        orgnr: Organisasjonsnummer,
        /// Whom to ask there
        #[arg(long, value_name = "TEXT")]
        navn: String,
        /// A resource, such as doedsfall_v1, or * for all (may be repeated)
        #[arg(long, value_name = "NAME", required = true)]
        ressurs: Vec<String>,
        /// A source that the organisation may say that it is [default: any] (may be repeated)
        #[arg(long, value_name = "KILDE")]
        kilde: Vec<String>,
    },
    /// Take it all away
    Trekk {
        /// The organisation
        orgnr: Organisasjonsnummer,
    },
}

/// `grunndata produsent sak`
#[derive(Debug, Subcommand)]
pub enum Sak {
    /// The cases on the desk, oldest first
    Liste {
        /// Go on after the case with this reference
        #[arg(long, value_name = "REF")]
        etter: Option<String>,
    },
    /// A case with its message
    Vis {
        /// The message's reference
        referanse: String,
    },
    /// Decide a case
    Avgjoer {
        /// The message's reference
        referanse: String,
        /// The decision
        beslutning: Beslutning,
        /// The code of the reason, for a no
        #[arg(long, value_name = "CODE")]
        kode: Option<String>,
        /// More to say to the sender
        #[arg(long, value_name = "TEXT")]
        merknad: Option<String>,
    },
}

/// A decision.
#[derive(Debug, Clone, Copy, ValueEnum)]
#[expect(missing_docs, reason = "the feed's own words")]
pub enum Beslutning {
    Godkjent,
    Registrert,
    Avvist,
    Avslaatt,
    Avbrutt,
}

/// `grunndata produsent drift`: without arguments it shows how they stand, otherwise all are set.
#[derive(Debug, Args)]
pub struct Switches {
    /// Everything as usual
    #[arg(long, conflicts_with_all = ["mottak_nede", "saksflyt_nede", "tilbakemelding_nede", "stopp"])]
    pub normal: bool,
    /// Messages are not received
    #[arg(long)]
    pub mottak_nede: bool,
    /// Messages are received and wait
    #[arg(long)]
    pub saksflyt_nede: bool,
    /// Feedback cannot be read
    #[arg(long)]
    pub tilbakemelding_nede: bool,
    /// Cases of this kind wait (may be repeated)
    #[arg(long, value_name = "SAKSTYPE")]
    pub stopp: Vec<String>,
}

impl What {
    /// The order.
    pub fn order(&self) -> Kommando {
        match self {
            Self::Rett(rett) => rett.order(),
            Self::Sak(sak) => sak.order(),
            Self::Drift(switches) => switches.order(),
            Self::Toem => Kommando::Toem,
        }
    }
}

impl Rett {
    fn order(&self) -> Kommando {
        match self {
            Self::Liste => Kommando::Produsenter,
            Self::Gi { orgnr, navn, ressurs, kilde } => {
                let rett =
                    Produsentrett { navn: navn.clone(), ressurser: ressurs.clone(), kilder: kilde.clone() };
                Kommando::GiRett { orgnr: *orgnr, rett }
            }
            Self::Trekk { orgnr } => Kommando::TrekkRett { orgnr: *orgnr },
        }
    }
}

impl Sak {
    fn order(&self) -> Kommando {
        match self {
            Self::Liste { etter } => Kommando::Saker { etter: etter.clone() },
            Self::Vis { referanse } => Kommando::Sak { referanse: referanse.clone() },
            Self::Avgjoer { referanse, beslutning, kode, merknad } => Kommando::Avgjoer {
                referanse: referanse.clone(),
                beslutning: match beslutning {
                    Beslutning::Godkjent => sak::Beslutning::Godkjent,
                    Beslutning::Registrert => sak::Beslutning::Registrert,
                    Beslutning::Avvist => sak::Beslutning::Avvist,
                    Beslutning::Avslaatt => sak::Beslutning::Avslaatt,
                    Beslutning::Avbrutt => sak::Beslutning::Avbrutt,
                },
                kode: kode.clone(),
                merknad: merknad.clone(),
            },
        }
    }
}

impl Switches {
    fn order(&self) -> Kommando {
        let drift = Drift {
            mottak_nede: self.mottak_nede,
            saksflyt_nede: self.saksflyt_nede,
            tilbakemelding_nede: self.tilbakemelding_nede,
            stoppede_sakstyper: self.stopp.clone(),
        };
        if !self.normal && drift == Drift::default() { Kommando::Drift } else { Kommando::StillDrift(drift) }
    }
}
