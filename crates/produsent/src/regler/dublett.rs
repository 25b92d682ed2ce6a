//! Whether somebody from abroad is known already: by name and date of birth, by papers, by numbers that others gave.
//!
//! Those whom cases have entered are found as soon as they are; those who were loaded in bulk are not found by these marks.

use tid::Date;

use super::felles::{Identifikasjon, Navn, normalisert};
use crate::sak::{Gang, P, Svar};

/// Who may be the candidate, found by the marks that persons are known by.
#[derive(Default)]
pub(super) struct Kjente {
    /// By the number of the immigration authorities.
    pub duf: Option<P>,
    /// By another number, or by papers.
    pub papir: Option<P>,
    /// By name and date of birth.
    pub navn: Option<P>,
}

impl Kjente {
    /// Whether there is anybody.
    pub const fn noen(&self) -> bool {
        self.duf.is_some() || self.papir.is_some() || self.navn.is_some()
    }
}

fn navnemerke(navn: &Navn, foedt: Date) -> String {
    format!("navn {} {foedt}", navn.normalisert())
}

/// The marks of papers and numbers: those of the immigration authorities first.
fn papirmerker(identifikasjoner: &[Identifikasjon]) -> (Vec<String>, Vec<String>) {
    let (mut duf, mut papirer) = (Vec::new(), Vec::new());
    for i in identifikasjoner {
        if let Some(n) = &i.personidentifikasjon {
            let nummer = normalisert([n.identifikasjonsnummer.as_str()].into_iter());
            if n.er_duf() {
                duf.push(format!("duf {nummer}"));
            } else {
                papirer.push(format!("id {} {nummer}", n.utstederland));
            }
        }
        if let Some(d) = &i.dokumentgrunnlag
            && let Some(nummer) = &d.identifikasjonsdokumentnummer
        {
            papirer.push(format!("{} {} {nummer}", d.identifikasjonsdokumenttype, d.utstederland));
        }
    }
    (duf, papirer)
}

/// Looks for those who may be somebody already.
pub(super) async fn dubletter(
    gang: &mut Gang<'_, '_>,
    navn: &Navn,
    foedt: Date,
    identifikasjoner: &[Identifikasjon],
) -> Svar<Kjente> {
    let (duf, papirer) = papirmerker(identifikasjoner);
    Ok(Kjente {
        duf: foerste(gang, &duf).await?,
        papir: foerste(gang, &papirer).await?,
        navn: foerste(gang, &[navnemerke(navn, foedt)]).await?,
    })
}

async fn foerste(gang: &mut Gang<'_, '_>, merker: &[String]) -> Svar<Option<P>> {
    for nummer in gang.kjente(merker).await? {
        if let Some(p) = gang.u.hent(nummer).await? {
            return Ok(Some(p));
        }
    }
    Ok(None)
}

/// Makes a person known by all marks.
pub(super) fn gjoer_kjent(
    gang: &mut Gang<'_, '_>,
    p: P,
    navn: &Navn,
    foedt: Date,
    identifikasjoner: &[Identifikasjon],
) {
    let (duf, papirer) = papirmerker(identifikasjoner);
    let merker: Vec<String> = duf.into_iter().chain(papirer).chain([navnemerke(navn, foedt)]).collect();
    let person = gang.u.nummer(p).verdi();
    gang.gjoer_kjent(person, &merker);
}
