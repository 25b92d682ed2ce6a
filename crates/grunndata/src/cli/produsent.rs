//! `grunndata produsent …`: arguments, and the orders that they stand for.

use std::io::Read;

use clap::{Args, Subcommand, ValueEnum};
use identifikator::{Organisasjonsnummer, Personidentifikator};
use produsent::drift::Drift;
use produsent::kommando::Kommando;
use produsent::nyheter::{self, Endring, Ordre, Valg};
use produsent::sak;
use produsent::skranke::Navnevalg;
use produsent::tilgang::Produsentrett;

/// Longest text that is read; the register refuses what is too long.
const TEXT_BYTES_MAX: u64 = 1 << 20;

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
    #[command(
        subcommand,
        after_help = "\
Examples:
  grunndata produsent rett gi 311015001 --navn 'Vårt sykehus' --ressurs foedsel_v1 --ressurs doedsfall_v1
  grunndata produsent rett gi 311015001 --navn 'Vårt sykehus' --ressurs doedsfall_v1 --kilde helse
  grunndata produsent rett liste"
    )]
    Rett(Rett),
    /// The cases that wait for somebody
    #[command(
        subcommand,
        after_help = "\
Examples:
  grunndata produsent sak liste
  grunndata produsent sak vis 0192f3a4-6c1e-7d52-9b0a-5e2c8f41d7b3
  grunndata produsent sak avgjoer 0192f3a4-6c1e-7d52-9b0a-5e2c8f41d7b3 godkjent
  grunndata produsent sak avgjoer 0192f3a4-6c1e-7d52-9b0a-5e2c8f41d7b3 avvist --kode ugyldigMelding"
    )]
    Sak(Sak),
    /// Show or set the switches of maintenance
    #[command(after_help = "\
Examples:
  grunndata produsent drift                                  # how they stand
  grunndata produsent drift --saksflyt-nede                  # messages are received and wait
  grunndata produsent drift --stopp foedsel --stopp vigsel   # only these wait
  grunndata produsent drift --forsinkelse 300                # messages lie for five minutes
  grunndata produsent drift --normal")]
    Drift(Switches),
    /// What is entered about a person without a message
    #[command(
        subcommand,
        after_help = "\
Examples:
  grunndata produsent person navn 01912499894 --fornavn Kari --etternavn Blomst
  grunndata produsent person identitet 47838549639 kontrollert"
    )]
    Person(Person),
    /// Make D-numbers inactive that have been active for five years, now; otherwise it is done at night
    #[command(after_help = "Examples:\n  grunndata produsent inaktiver")]
    Inaktiver,
    /// Take every case that can be taken, now
    #[command(after_help = "Examples:\n  grunndata produsent toem")]
    Toem,
    /// News and operations messages
    #[command(
        subcommand,
        after_help = "\
Examples:
  grunndata produsent nyhet liste
  grunndata produsent nyhet ny driftsvarsel --tittel 'Vedlikehold i kveld' --tekst 'Fra 18 til 20.' --status planlagt
  grunndata produsent nyhet endre 21 --status loest"
    )]
    Nyhet(Nyhet),
}

/// `grunndata produsent nyhet`
#[derive(Debug, Subcommand)]
pub enum Nyhet {
    /// All of them, newest first
    Liste,
    /// One of them
    Vis {
        /// Its number
        id: u64,
    },
    /// Publish one
    Ny {
        /// The list it belongs to
        #[arg(value_name = "LIST")]
        liste: Liste,
        /// What it says
        #[command(flatten)]
        felt: Meldingsfelt,
    },
    /// Change one; what is not given stays
    Endre {
        /// Its number
        id: u64,
        /// What it says
        #[command(flatten)]
        felt: Meldingsfelt,
    },
    /// Take one away
    Slett {
        /// Its number
        id: u64,
    },
}

/// What a message says.
#[derive(Debug, Args)]
pub struct Meldingsfelt {
    /// The title, unlike all others
    #[arg(long, value_name = "TEXT")]
    pub tittel: Option<String>,
    /// The text in Markdown; - reads it from standard input
    #[arg(long, value_name = "TEXT")]
    pub tekst: Option<String>,
    /// A date, or a date and time with or without zone (GMT) [default of a new one: now]
    #[arg(long, value_name = "TIME")]
    pub tidspunkt: Option<String>,
    /// How it stands
    #[arg(long)]
    pub status: Option<Status>,
    /// Whom it concerns
    #[arg(long, value_name = "WHO")]
    pub gjelder: Option<Gjelder>,
}

/// The lists.
#[derive(Debug, Clone, Copy, ValueEnum)]
#[expect(missing_docs, reason = "the sheet's own words")]
pub enum Liste {
    Nyhet,
    Driftsvarsel,
}

/// How what a message tells of stands.
#[derive(Debug, Clone, Copy, ValueEnum)]
#[expect(missing_docs, reason = "the sheet's own words")]
pub enum Status {
    /// Nothing is said of it
    Ingen,
    Planlagt,
    Paagaar,
    Loest,
    Avlyst,
}

/// Whom a message concerns.
#[derive(Debug, Clone, Copy, ValueEnum)]
#[expect(missing_docs, reason = "the sheet's own words")]
pub enum Gjelder {
    /// Nothing is said of it
    Ingen,
    Produsent,
    Konsument,
    Begge,
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

/// `grunndata produsent person`
#[derive(Debug, Subcommand)]
pub enum Person {
    /// The name that a child's parents have chosen
    Navn {
        /// The child
        nummer: Personidentifikator,
        /// First name
        #[arg(long, value_name = "NAME")]
        fornavn: String,
        /// Middle name
        #[arg(long, value_name = "NAME")]
        mellomnavn: Option<String>,
        /// Last name
        #[arg(long, value_name = "NAME")]
        etternavn: String,
    },
    /// How well somebody's identity is checked
    Identitet {
        /// The person
        nummer: Personidentifikator,
        /// How well
        status: Identitet,
    },
}

/// How well an identity is checked.
#[derive(Debug, Clone, Copy, ValueEnum)]
#[expect(missing_docs, reason = "the register's own words")]
pub enum Identitet {
    IkkeKontrollert,
    Kontrollert,
    Unik,
}

impl Person {
    fn order(&self) -> Kommando {
        match self {
            Self::Navn { nummer, fornavn, mellomnavn, etternavn } => {
                let (fornavn, mellomnavn, etternavn) =
                    (fornavn.clone(), mellomnavn.clone(), etternavn.clone());
                Kommando::Navnevalg { nummer: *nummer, valg: Navnevalg { fornavn, mellomnavn, etternavn } }
            }
            Self::Identitet { nummer, status } => {
                let status = match status {
                    Identitet::IkkeKontrollert => "ikkeKontrollert",
                    Identitet::Kontrollert => "kontrollert",
                    Identitet::Unik => "unik",
                };
                Kommando::Identitetskontroll { nummer: *nummer, status: status.to_owned() }
            }
        }
    }
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
    #[arg(long, conflicts_with_all = ["mottak_nede", "saksflyt_nede", "tilbakemelding_nede", "stopp", "forsinkelse"])]
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
    /// Messages lie so long before their cases are taken
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub forsinkelse: u32,
}

impl What {
    /// The order.
    ///
    /// # Errors
    /// When a text cannot be read from standard input.
    pub fn order(&self) -> std::io::Result<Kommando> {
        Ok(match self {
            Self::Rett(rett) => rett.order(),
            Self::Sak(sak) => sak.order(),
            Self::Drift(switches) => switches.order(),
            Self::Person(person) => person.order(),
            Self::Inaktiver => Kommando::Inaktiver,
            Self::Toem => Kommando::Toem,
            Self::Nyhet(nyhet) => Kommando::Nyhet(nyhet.order()?),
        })
    }
}

impl Nyhet {
    fn order(&self) -> std::io::Result<Ordre> {
        Ok(match self {
            Self::Liste => Ordre::Liste,
            Self::Vis { id } => Ordre::Vis { id: *id },
            Self::Ny { liste, felt } => {
                let liste = match liste {
                    Liste::Nyhet => nyheter::Type::Nyhet,
                    Liste::Driftsvarsel => nyheter::Type::Driftsvarsel,
                };
                Ordre::Ny { liste, felt: felt.read()? }
            }
            Self::Endre { id, felt } => Ordre::Endre { id: *id, felt: felt.read()? },
            Self::Slett { id } => Ordre::Slett { id: *id },
        })
    }
}

impl Meldingsfelt {
    fn read(&self) -> std::io::Result<Endring> {
        let mut innhold = self.tekst.clone();
        if innhold.as_deref() == Some("-") {
            let mut text = String::new();
            std::io::stdin().take(TEXT_BYTES_MAX).read_to_string(&mut text)?;
            innhold = Some(text);
        }
        let status = self.status.map(|status| match status {
            Status::Ingen => Valg::Ingen,
            Status::Planlagt => Valg::Er(nyheter::Status::Planlagt),
            Status::Paagaar => Valg::Er(nyheter::Status::Paagaar),
            Status::Loest => Valg::Er(nyheter::Status::Loest),
            Status::Avlyst => Valg::Er(nyheter::Status::Avlyst),
        });
        let gjelder = self.gjelder.map(|gjelder| match gjelder {
            Gjelder::Ingen => Valg::Ingen,
            Gjelder::Produsent => Valg::Er(nyheter::Gjelder::Produsent),
            Gjelder::Konsument => Valg::Er(nyheter::Gjelder::Konsument),
            Gjelder::Begge => Valg::Er(nyheter::Gjelder::Begge),
        });
        Ok(Endring {
            tittel: self.tittel.clone(),
            tidspunkt: self.tidspunkt.clone(),
            innhold,
            status,
            gjelder,
        })
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
            forsinkelse_s: self.forsinkelse,
        };
        if !self.normal && drift == Drift::default() { Kommando::Drift } else { Kommando::StillDrift(drift) }
    }
}
