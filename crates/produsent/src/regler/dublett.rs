//! Whether somebody from abroad is known already: by name and date of birth, by papers, by numbers that others gave
//! (producer sheet, sections 6.8 and 6.12).
//!
//! Everybody in the register is asked for, however they came into it and whatever has been changed since.

use folkeregisteret::modell::{Persondokument, Personstatus};
use folkeregisteret::sporring::Kjennetegn;
use tid::Date;

use super::felles::{Navn, navn_i, rimelig};
use super::papirer::{AnnetNummer, Identifikasjon, Legitimasjon};
use crate::sak::{Begrunnelse, Gang, Kode, P, Svar, gjeldende};

/// Who may be the candidate.
#[derive(Default)]
pub(super) struct Kjente {
    /// By the number of the immigration authorities.
    pub duf: Vec<P>,
    /// By another number, or by papers.
    pub papir: Vec<P>,
    /// By name and date of birth.
    pub navn: Vec<P>,
}

impl Kjente {
    /// Whether there is anybody.
    pub const fn noen(&self) -> bool {
        !self.duf.is_empty() || !self.papir.is_empty() || !self.navn.is_empty()
    }
}

/// A candidate: name, date of birth, and what the identity rests on.
#[derive(Clone, Copy)]
pub(super) struct Kandidat<'m> {
    pub navn: &'m Navn,
    pub foedt: Date,
    pub identifikasjoner: &'m [Identifikasjon],
}

impl Kandidat<'_> {
    fn numre(&self, duf: bool) -> impl Iterator<Item = &AnnetNummer> {
        let numre = self.identifikasjoner.iter().filter_map(|i| i.personidentifikasjon.as_ref());
        numre.filter(move |n| n.er_duf() == duf)
    }

    fn dokumenter(&self) -> impl Iterator<Item = &Legitimasjon> {
        self.identifikasjoner.iter().filter_map(|i| i.dokumentgrunnlag.as_ref())
    }

    fn har_duf(&self, dok: &Persondokument) -> bool {
        self.numre(true).any(|n| n.har(dok))
    }

    fn har_papir(&self, dok: &Persondokument) -> bool {
        self.numre(false).any(|n| n.har(dok)) || self.dokumenter().any(|d| d.har(dok))
    }

    /// Whether a person has the name and was born that day; where the register knows no day, that year.
    pub fn heter_og_er_foedt(&self, dok: &Persondokument) -> bool {
        let foedt = gjeldende(&dok.foedsel).is_some_and(|f| match f.foedselsdato {
            Some(dato) => dato == self.foedt,
            None => i32::from(f.foedselsaar.aar()) == i32::from(self.foedt.year()),
        });
        foedt && navn_i(dok).is_some_and(|navn| navn == self.navn.normalisert())
    }

    fn kjennetegn(&self) -> Kjennetegn {
        let numre = self.numre(false).map(|n| (n.land(), n.identifikasjonsnummer.clone()));
        let dokumenter = self.dokumenter();
        let legitimasjon =
            dokumenter.filter_map(|d| Some((d.land(), d.identifikasjonsdokumentnummer.clone()?)));
        Kjennetegn {
            navn: self.navn.normalisert(),
            foedt: self.foedt,
            duf: self.numre(true).map(|n| n.identifikasjonsnummer.clone()).collect(),
            utenlandske: numre.collect(),
            legitimasjon: legitimasjon.collect(),
        }
    }

    /// Looks for those who may be the candidate: all of them. Where it cannot be told who they are, somebody must look.
    pub async fn kjente(&self, gang: &mut Gang<'_, '_>) -> Svar<Kjente> {
        rimelig(gang, self.identifikasjoner.len())?;
        let er = |dok: &Persondokument| {
            let finnes = gjeldende(&dok.status).is_none_or(|s| s.status != Personstatus::Opphoert);
            finnes && (self.har_duf(dok) || self.har_papir(dok) || self.heter_og_er_foedt(dok))
        };
        let Some(numre) = gang.u.kjente(self.kjennetegn(), &er).await? else {
            let merknad = "Registeret kan ikke gjennomsøkes nå";
            gang.manuelt(true, Begrunnelse::med(Kode::MuligDublett, merknad));
            return Ok(Kjente::default());
        };
        let mut kjente = Kjente::default();
        for nummer in numre {
            let Some(p) = gang.u.hent(nummer).await? else { continue };
            let dok = gang.u.dok(p);
            for (er, liste) in [
                (self.har_duf(dok), &mut kjente.duf),
                (self.har_papir(dok), &mut kjente.papir),
                (self.heter_og_er_foedt(dok), &mut kjente.navn),
            ] {
                if er {
                    liste.push(p);
                }
            }
        }
        Ok(kjente)
    }
}
