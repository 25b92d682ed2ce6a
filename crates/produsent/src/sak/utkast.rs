//! Persons as they will be when a case is decided. Nothing is written here; what was changed comes out as messages to the
//! register's writer.

use std::collections::BTreeSet;

use folkeregisteret::bok::Bok;
use folkeregisteret::endring::{Melding, Tur};
use folkeregisteret::modell::{
    Adressegradering, Egenskap, Egenskapshendelse, Entitet, Entitetsendring, Hendelse, Hendelsestype,
    Identifikatorstatuskode, Kjoenn, Persondokument, Personstatus, Registermetadata, Sivilstand, Tekst,
};
use folkeregisteret::sporring::Kjennetegn;
use identifikator::Personidentifikator;
use tid::{Date, Moment, Timestamp};

use super::innslag::Innslag;
use crate::Feil;

/// Mergers that are followed.
const HOPP_MAKS: usize = 8;

/// A person in a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct P(usize);

struct Person {
    /// The number that the book is kept under.
    plass: Personidentifikator,
    dok: Persondokument,
    endringer: Vec<Egenskapshendelse>,
    hendelser: Vec<Hendelse>,
    endret: bool,
}

/// Some persons as they will be.
pub struct Utkast<'t, 's> {
    tur: &'t mut Tur<'s>,
    at: Timestamp,
    i_dag: Date,
    /// Who says so.
    pub kilde: String,
    /// Why.
    pub aarsak: &'static str,
    /// From when what is new holds.
    pub gyldig: Date,
    personer: Vec<Person>,
    /// Those who are told of, in the order in which they were.
    orden: Vec<P>,
}

impl<'t, 's> Utkast<'t, 's> {
    /// An empty draft at a time.
    pub fn nytt(tur: &'t mut Tur<'s>, at: Timestamp, aarsak: &'static str) -> Self {
        let i_dag = at.date_oslo();
        let (personer, orden) = (Vec::new(), Vec::new());
        Self { tur, at, i_dag, kilde: String::new(), aarsak, gyldig: i_dag, personer, orden }
    }

    /// Today's date in Oslo.
    pub const fn i_dag(&self) -> Date {
        self.i_dag
    }

    /// Now.
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// The person who has or had a number; who took over, if that person was merged away.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn hent(&mut self, nummer: u64) -> Result<Option<P>, Feil> {
        let mut nummer = nummer;
        for _ in 0..HOPP_MAKS {
            let Some(bok) = self.tur.bok(nummer).await? else { return Ok(None) };
            let Some(plass) = Personidentifikator::fra_verdi(bok.person()) else { return Ok(None) };
            if let Some(i) = self.personer.iter().position(|person| person.plass == plass) {
                return Ok(Some(P(i)));
            }
            match (siste(bok)?, bok.videre()) {
                (Some(dok), _) => return Ok(Some(self.inn(plass, dok))),
                (None, Some(videre)) => nummer = videre,
                (None, None) => return Ok(None),
            }
        }
        Ok(None)
    }

    /// A new person.
    pub fn ny(&mut self, nummer: Personidentifikator) -> P {
        self.inn(nummer, Persondokument::default())
    }

    fn inn(&mut self, plass: Personidentifikator, dok: Persondokument) -> P {
        let (endringer, hendelser) = (Vec::new(), Vec::new());
        self.personer.push(Person { plass, dok, endringer, hendelser, endret: false });
        P(self.personer.len() - 1)
    }

    /// Everybody whom marks fit, as [`Tur::kjente`] finds them.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn kjente(
        &mut self,
        tegn: Kjennetegn,
        er: &(dyn Fn(&Persondokument) -> bool + Sync),
    ) -> Result<Option<BTreeSet<u64>>, Feil> {
        Ok(self.tur.kjente(tegn, er).await?)
    }

    /// Which of some numbers nobody has or had.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn ledige(&self, numre: &[u64]) -> Result<Vec<bool>, Feil> {
        let mut ledige = self.tur.ledige(numre).await?;
        for (ledig, nummer) in ledige.iter_mut().zip(numre) {
            *ledig = *ledig && !(0..self.personer.len()).any(|i| self.numre(P(i)).contains(nummer));
        }
        Ok(ledige)
    }

    /// The document as it will be.
    pub fn dok(&self, p: P) -> &Persondokument {
        &self.personer[p.0].dok
    }

    /// The same, to be changed.
    pub fn dok_mut(&mut self, p: P) -> &mut Persondokument {
        self.personer[p.0].endret = true;
        &mut self.personer[p.0].dok
    }

    /// The number that the person's book is kept under: the first one.
    pub fn plass(&self, p: P) -> Personidentifikator {
        self.personer[p.0].plass
    }

    /// The person's current number.
    pub fn nummer(&self, p: P) -> Personidentifikator {
        let person = &self.personer[p.0];
        let mut numre = person.dok.identifikasjonsnummer.iter();
        let i_bruk =
            numre.find(|n| n.status == Identifikatorstatuskode::IBruk && n.meta.er_gjeldende == Some(true));
        i_bruk.map_or(person.plass, |n| n.foedsels_eller_d_nummer)
    }

    /// Every number that the person has or had.
    pub fn numre(&self, p: P) -> Vec<u64> {
        self.dok(p).identifikasjonsnummer.iter().map(|n| n.foedsels_eller_d_nummer.verdi()).collect()
    }

    /// The current status.
    pub fn status(&self, p: P) -> Option<Personstatus> {
        gjeldende(&self.dok(p).status).map(|s| s.status)
    }

    /// The date of birth.
    pub fn foedselsdato(&self, p: P) -> Option<Date> {
        gjeldende(&self.dok(p).foedsel).and_then(|f| f.foedselsdato)
    }

    /// Sex.
    pub fn kjoenn(&self, p: P) -> Option<Kjoenn> {
        gjeldende(&self.dok(p).kjoenn).map(|k| k.kjoenn)
    }

    /// The current marital status.
    pub fn sivilstand(&self, p: P) -> Option<&Sivilstand> {
        gjeldende(&self.dok(p).sivilstand)
    }

    /// The date of death.
    pub fn doedsdato(&self, p: P) -> Option<Date> {
        self.dok(p).doedsfall.as_ref().and_then(|d| d.doedsdato)
    }

    /// Whether addresses are protected.
    pub fn er_vernet(&self, p: P) -> bool {
        let vern = gjeldende(&self.dok(p).adressebeskyttelse).map(|v| v.graderingsnivaa);
        vern.is_some_and(|vern| vern >= Adressegradering::Fortrolig)
    }

    /// Age on a date, in whole years.
    pub fn alder(&self, p: P, dato: Date) -> Option<i32> {
        self.foedselsdato(p).map(|foedt| alder(foedt, dato))
    }

    /// The metadata of what is new (C7).
    pub fn meta(&self) -> Registermetadata {
        self.meta_fra(self.gyldig)
    }

    /// The same of what holds from another date.
    pub fn meta_fra(&self, dato: Date) -> Registermetadata {
        Registermetadata {
            ajourholdstidspunkt: Some(Moment::oslo(self.at)),
            er_gjeldende: Some(true),
            kilde: (!self.kilde.is_empty()).then(|| Tekst::tilpass(self.kilde.clone())),
            aarsak: Some(Tekst::tilpass(self.aarsak)),
            gyldighetstidspunkt: Some(Moment::midnight_oslo(dato)),
            opphoerstidspunkt: None,
        }
    }

    /// A new value; the current ones that it takes the place of become past (C8).
    pub fn registrer<T: Innslag>(&mut self, p: P, ny: T, erstatter: impl Fn(&T) -> bool) {
        for v in T::felt(self.dok_mut(p)).iter_mut().filter(|v| er_gjeldende(*v) && erstatter(v)) {
            v.meta_mut().er_gjeldende = Some(false);
        }
        self.sett_inn(p, ny, Entitetsendring::RegistrereNy);
    }

    /// A value in the place of those that should never have been.
    pub fn korriger<T: Innslag>(&mut self, p: P, ny: T, erstatter: impl Fn(&T) -> bool) {
        T::felt(self.dok_mut(p)).retain(|v| !(er_gjeldende(v) && erstatter(v)));
        self.sett_inn(p, ny, Entitetsendring::Korrigere);
    }

    fn sett_inn<T: Innslag>(&mut self, p: P, ny: T, endring: Entitetsendring) {
        let egenskap = fortalt(ny.clone());
        T::felt(self.dok_mut(p)).insert(0, ny);
        self.endret(p, T::ENTITET, endring, Some(egenskap));
    }

    /// Values that should never have been go. Tells whether there were any.
    pub fn annuller<T: Innslag>(&mut self, p: P, hvilke: impl Fn(&T) -> bool) -> bool {
        let felt = T::felt(self.dok_mut(p));
        let foer = felt.len();
        felt.retain(|v| !(er_gjeldende(v) && hvilke(v)));
        let borte = foer - felt.len();
        for _ in 0..borte {
            self.endret(p, T::ENTITET, Entitetsendring::Annullere, None);
        }
        borte > 0
    }

    /// Values end without a successor. Tells whether there were any.
    pub fn avslutt<T: Innslag>(&mut self, p: P, hvilke: impl Fn(&T) -> bool) -> bool {
        let (at, slutt) = (Moment::oslo(self.at), Moment::midnight_oslo(self.gyldig));
        let mut sluttet = Vec::new();
        for v in T::felt(self.dok_mut(p)).iter_mut().filter(|v| er_gjeldende(*v) && hvilke(v)) {
            let meta = v.meta_mut();
            meta.er_gjeldende = Some(false);
            meta.opphoerstidspunkt = Some(slutt);
            meta.ajourholdstidspunkt = Some(at);
            sluttet.push(v.clone());
        }
        self.korrigerte(p, sluttet)
    }

    /// Values that ended at the start of a date go on as if they had not. Tells whether there were any.
    pub fn gjenaapne<T: Innslag>(&mut self, p: P, sluttet: Date, hvilke: impl Fn(&T) -> bool) -> bool {
        let (at, slutt) = (Moment::oslo(self.at), Moment::midnight_oslo(sluttet));
        let mut igjen = Vec::new();
        for v in T::felt(self.dok_mut(p)).iter_mut().filter(|v| hvilke(v)) {
            let meta = v.meta_mut();
            if meta.er_gjeldende == Some(false) && meta.opphoerstidspunkt == Some(slutt) {
                meta.er_gjeldende = Some(true);
                meta.opphoerstidspunkt = None;
                meta.ajourholdstidspunkt = Some(at);
                igjen.push(v.clone());
            }
        }
        self.korrigerte(p, igjen)
    }

    /// The newest of the past values that did not end becomes current again.
    pub fn forrige_igjen<T: Innslag>(&mut self, p: P, hvilke: impl Fn(&T) -> bool) {
        let forrige = T::felt(self.dok_mut(p)).iter_mut().find(|v| {
            let meta = v.meta();
            meta.er_gjeldende == Some(false) && meta.opphoerstidspunkt.is_none() && hvilke(v)
        });
        if let Some(forrige) = forrige {
            forrige.meta_mut().er_gjeldende = Some(true);
        }
    }

    fn korrigerte<T: Innslag>(&mut self, p: P, verdier: Vec<T>) -> bool {
        let noen = !verdier.is_empty();
        for v in verdier {
            self.endret(p, T::ENTITET, Entitetsendring::Korrigere, Some(fortalt(v)));
        }
        noen
    }

    /// One change of one entity.
    pub fn endret(
        &mut self,
        p: P,
        entitet: Entitet,
        entitetsendring: Entitetsendring,
        egenskap: Option<Egenskap>,
    ) {
        let person = &mut self.personer[p.0];
        person.endret = true;
        person.endringer.push(Egenskapshendelse { egenskap, entitet, entitetsendring });
    }

    /// Tells of what was changed with the person since the last event; of nothing if nothing was.
    pub fn meld(&mut self, p: P, type_: Hendelsestype) {
        self.meld_om(p, self.nummer(p), type_);
    }

    /// The same under another of the person's numbers.
    pub fn meld_om(&mut self, p: P, nummer: Personidentifikator, type_: Hendelsestype) {
        let person = &mut self.personer[p.0];
        if person.endringer.is_empty() {
            return;
        }
        person.hendelser.push(Hendelse {
            folkeregisteridentifikator: nummer,
            hendelsestype: type_,
            ajourholdstidspunkt: Moment::oslo(self.at),
            egenskapshendelse: std::mem::take(&mut person.endringer),
            hendelsesaarsak_i_dsf: None,
        });
        if !self.orden.contains(&p) {
            self.orden.push(p);
        }
    }

    /// Tells of what was changed with one entity of the person since the last event; other changes wait for theirs.
    pub fn meld_entitet(&mut self, p: P, entitet: Entitet, type_: Hendelsestype) {
        let alle = std::mem::take(&mut self.personer[p.0].endringer);
        let (disse, andre): (Vec<_>, Vec<_>) =
            alle.into_iter().partition(|endring| endring.entitet == entitet);
        self.personer[p.0].endringer = disse;
        self.meld(p, type_);
        self.personer[p.0].endringer.extend(andre);
    }

    /// What the register's writer is to be told. Those who are told of come first, in order.
    pub fn meldinger(self) -> Vec<Melding> {
        let mut personer: Vec<Option<Person>> = self.personer.into_iter().map(Some).collect();
        let fortalte = self.orden.iter().map(|p| p.0);
        let stille: Vec<usize> = (0..personer.len()).filter(|i| !self.orden.contains(&P(*i))).collect();
        let rekkefoelge: Vec<usize> = fortalte.chain(stille).collect();
        let tatt = rekkefoelge.into_iter().filter_map(|i| personer[i].take());
        let at = self.at;
        tatt.filter(|person| person.endret)
            .map(|person| Melding {
                person: person.plass,
                at,
                dokument: Some(person.dok),
                videre: None,
                hendelser: person.hendelser,
            })
            .collect()
    }
}

/// The value as an event has it: it does not say that it is current.
fn fortalt<T: Innslag>(mut v: T) -> Egenskap {
    v.meta_mut().er_gjeldende = None;
    v.egenskap()
}

fn er_gjeldende<T: Innslag>(v: &T) -> bool {
    v.meta().er_gjeldende == Some(true)
}

/// The current value.
pub fn gjeldende<T: Innslag>(verdier: &[T]) -> Option<&T> {
    verdier.iter().find(|v| er_gjeldende(*v))
}

/// The current values.
pub fn gjeldende_alle<T: Innslag>(verdier: &[T]) -> impl Iterator<Item = &T> {
    verdier.iter().filter(|v| er_gjeldende(*v))
}

/// Whole years from one date to another.
pub fn alder(foedt: Date, dato: Date) -> i32 {
    let aar = i32::from(dato.year()) - i32::from(foedt.year());
    aar - i32::from((dato.month(), dato.day()) < (foedt.month(), foedt.day()))
}

fn siste(bok: &Bok<'_>) -> Result<Option<Persondokument>, Feil> {
    let Some(k) = bok.siste() else { return Ok(None) };
    Ok(bok.versjon(k).map_err(folkeregisteret::Feil::from)?)
}
