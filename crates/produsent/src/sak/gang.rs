//! A case under way: the rules that all cases have (producer sheet, section 5.4), and what is found along the way.

use folkeregisteret::modell::{Folkeregisteridentifikatortype, Personstatus};
use identifikator::Personidentifikator;
use journal::{Guard, SharedJournal, Step};
use tid::Date;

use super::koder::{Begrunnelse, Beslutning, Kode};
use super::utkast::{P, Utkast};
use crate::Feil;
use crate::lager::{ERKLAERINGER, FLYTTINGER, NEVNTE, avtrykk, noekkel, sett, siste_del, slett};

/// Declarations that one mother may have waiting.
const ERKLAERINGER_MAKS: usize = 16;

/// Why the rules did not end in an entry.
#[derive(Debug)]
pub enum Stopp {
    /// Refused: [`Beslutning::Avvist`] or [`Beslutning::Avslaatt`].
    Nei(Beslutning, Begrunnelse, Option<u64>),
    /// Somebody must look.
    Manuell(Vec<Begrunnelse>),
    /// It cannot take effect before this date.
    Vent(Date),
    /// The register failed.
    Feil(Feil),
}

impl<E: Into<Feil>> From<E> for Stopp {
    fn from(feil: E) -> Self {
        Self::Feil(feil.into())
    }
}

impl From<Kode> for Stopp {
    fn from(kode: Kode) -> Self {
        Self::Nei(Beslutning::Avvist, kode.into(), None)
    }
}

/// A number that the case gave.
#[derive(Debug, Clone, Copy)]
pub struct Tildelt {
    /// The number.
    pub nummer: Personidentifikator,
    /// Its kind.
    pub type_: Folkeregisteridentifikatortype,
    /// Whether it tells another date than that of birth: there was none left.
    pub avviker: bool,
}

/// What the rules ended in.
#[derive(Debug)]
pub struct Vedtak {
    /// The decision.
    pub beslutning: Beslutning,
    /// Which success it was, where the resource has more than one: code and text.
    pub resultat: Option<(&'static str, &'static str)>,
    /// The number that was given.
    pub tildelt: Option<Tildelt>,
    /// The number that was changed, where the feedback names it.
    pub endret: Option<Personidentifikator>,
}

impl Vedtak {
    /// The fact is entered.
    pub const REGISTRERT: Self =
        Self { beslutning: Beslutning::Registrert, resultat: None, tildelt: None, endret: None };
}

/// What rules answer.
pub type Svar<T = ()> = Result<T, Stopp>;

/// A case under way.
pub struct Gang<'t, 's> {
    /// Persons as they will be.
    pub u: Utkast<'t, 's>,
    /// A case worker has decided that it shall be done: only what cannot be done stops it.
    pub overstyrt: bool,
    /// Who sent the message.
    pub orgnr: u64,
    journal: SharedJournal,
    avvik: Vec<Begrunnelse>,
    /// What is written beside the register with the case.
    pub steg: Vec<Step>,
    /// Said of a case that is entered all the same.
    pub merknader: Vec<Begrunnelse>,
}

/// A man has declared himself the father of a child that is not born.
#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
pub struct Erklaering {
    /// The father's number.
    pub far: u64,
    /// When the child is due.
    pub termindato: Date,
}

/// What a moving notice changed with a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Flytting {
    /// Which address.
    pub adresse: Flyttet,
    /// When, in milliseconds since 1970: the entry says the same of itself.
    pub at: i64,
    /// From when it held.
    pub fra: Date,
}

/// An address that a moving notice can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Flyttet {
    /// `bostedsadresse`.
    Bostedsadresse,
    /// `postadresse`.
    Postadresse,
    /// `postadresseIUtlandet`.
    PostadresseIUtlandet,
}

impl<'t, 's> Gang<'t, 's> {
    /// A case that begins.
    pub fn ny(u: Utkast<'t, 's>, journal: SharedJournal, orgnr: u64, overstyrt: bool) -> Self {
        let (avvik, steg, merknader) = (Vec::new(), Vec::new(), Vec::new());
        Self { u, overstyrt, orgnr, journal, avvik, steg, merknader }
    }

    /// Those who have declared themselves fathers of a mother's unborn children.
    pub async fn erklaeringer(&self, mor: u64) -> Svar<Vec<Erklaering>> {
        let funnet = self.journal.records(ERKLAERINGER, &noekkel(&[mor]), None, ERKLAERINGER_MAKS).await?;
        funnet.iter().map(|record| Ok(serde_json::from_slice(&record.value).map_err(Feil::from)?)).collect()
    }

    /// Keeps that a man has declared himself father.
    pub fn erklaer(&mut self, mor: u64, erklaering: Erklaering) -> Svar {
        let key = noekkel(&[mor, erklaering.far]);
        self.steg.push(sett(ERKLAERINGER, key, &erklaering, Guard::Any).map_err(Feil::from)?);
        Ok(())
    }

    /// A declaration is of no use any more.
    pub fn glem(&mut self, mor: u64, far: u64) {
        self.steg.push(slett(ERKLAERINGER, noekkel(&[mor, far])));
    }

    /// The man whom a mother named when a child was born, and who is not its father by that.
    pub async fn nevnt(&self, barn: u64) -> Svar<Option<u64>> {
        let funnet = self.journal.record(NEVNTE, &noekkel(&[barn])).await?;
        Ok(funnet.and_then(|record| siste_del(&record.value)))
    }

    /// Keeps whom a mother named.
    pub fn nevn(&mut self, barn: u64, mann: u64) {
        let (key, value) = (noekkel(&[barn]), Some(noekkel(&[mann])));
        self.steg.push(Step::Record { space: NEVNTE, key, value, guard: Guard::Any });
    }

    /// It is settled who the father is.
    pub fn glem_nevnt(&mut self, barn: u64) {
        self.steg.push(slett(NEVNTE, noekkel(&[barn])));
    }

    /// What a moving notice changed with a person, if it did.
    pub async fn flytting(&self, ident: &str, p: P) -> Svar<Option<Flytting>> {
        let funnet = self.journal.record(FLYTTINGER, &self.flyttenoekkel(ident, p)).await?;
        Ok(funnet.map(|record| serde_json::from_slice(&record.value)).transpose().map_err(Feil::from)?)
    }

    /// Keeps what a moving notice changed; `None`: it has been undone.
    pub fn husk_flytting(&mut self, ident: &str, p: P, flytting: Option<Flytting>) -> Svar {
        let key = self.flyttenoekkel(ident, p);
        self.steg.push(match flytting {
            Some(flytting) => sett(FLYTTINGER, key, &flytting, Guard::Any).map_err(Feil::from)?,
            None => slett(FLYTTINGER, key),
        });
        Ok(())
    }

    fn flyttenoekkel(&self, ident: &str, p: P) -> Vec<u8> {
        let mut key = avtrykk(&[ident.as_bytes()]);
        // The number that stays the same, whatever number the person gets.
        key.extend_from_slice(&self.u.plass(p).verdi().to_be_bytes());
        key
    }

    /// Whether somebody must look for a reason.
    pub fn har_avvik(&self, kode: Kode) -> bool {
        self.avvik.iter().any(|grunn| grunn.kode == kode.kode())
    }

    /// Refuses the message if the condition holds.
    pub fn avvis(&self, naar: bool, grunn: impl Into<Begrunnelse>) -> Svar {
        if naar && !self.overstyrt {
            return Err(Stopp::Nei(Beslutning::Avvist, grunn.into(), None));
        }
        Ok(())
    }

    /// Wants somebody to look if the condition holds.
    pub fn manuelt(&mut self, naar: bool, grunn: impl Into<Begrunnelse>) {
        let grunn = grunn.into();
        if naar && !self.avvik.contains(&grunn) {
            self.avvik.push(grunn);
        }
    }

    /// Stops here if somebody must look.
    pub fn klar(&mut self) -> Svar {
        if self.avvik.is_empty() || self.overstyrt {
            return Ok(());
        }
        Err(Stopp::Manuell(std::mem::take(&mut self.avvik)))
    }

    /// Wants somebody to look, and then more than a word from somebody: it cannot be entered as it stands.
    pub fn umulig(&mut self, grunn: impl Into<Begrunnelse>) -> Stopp {
        self.manuelt(true, grunn);
        Stopp::Manuell(std::mem::take(&mut self.avvik))
    }

    /// C1 and C2: a number that stands for a person, and is the person's current one.
    pub async fn person(&mut self, nummer: &str) -> Svar<P> {
        let gyldig = Personidentifikator::parse(nummer).map_err(|_| Kode::IdentifikatorFinnesIkke)?;
        let funnet = self.u.hent(gyldig.verdi()).await?;
        let p = funnet.ok_or(Kode::IdentifikatorFinnesIkke)?;
        let gjeldende = self.u.nummer(p);
        if gjeldende != gyldig || self.u.status(p) == Some(Personstatus::Opphoert) {
            let merknad = (gjeldende != gyldig).then(|| gjeldende.vis().to_string());
            let grunn = Begrunnelse { merknad, ..Begrunnelse::from(Kode::IdentifikatorErIkkeGjeldende) };
            self.avvis(true, grunn)?;
        }
        Ok(p)
    }

    /// C3: not in the future, not before birth.
    pub fn dato(&self, dato: Date, p: P) -> Svar {
        self.ikke_fremtid(dato)?;
        let foedt = self.u.foedselsdato(p);
        self.avvis(foedt.is_some_and(|foedt| dato < foedt), Kode::DatoFoerFoedsel)
    }

    /// The first half of C3.
    pub fn ikke_fremtid(&self, dato: Date) -> Svar {
        self.avvis(dato > self.u.i_dag(), Kode::FremtidigDato)
    }

    /// C5: addresses that are protected are looked after by people.
    pub fn vern(&mut self, p: P) {
        let vernet = self.u.er_vernet(p);
        self.manuelt(vernet, Kode::Adressebeskyttelse);
    }
}
