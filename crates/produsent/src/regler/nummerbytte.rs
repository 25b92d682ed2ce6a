//! A new number for somebody who has one (producer sheet, section 8.4).

use folkeregisteret::modell::{
    ElleveSifre, Familierelasjon, Foreldreansvar, Hendelsestype, Kjoenn, Relatert, Sivilstand,
};
use identifikator::{Personidentifikator, Slag};
use tid::Date;

use super::foedsel::{identifikator, tildel};
use crate::sak::{Gang, P, Svar, Tildelt};

/// Gives somebody who has a number a fødselsnummer for a date of birth and a sex: it is told of on the old number, and known
/// to every relative, who are not told.
pub(super) async fn bytt_nummer(
    gang: &mut Gang<'_, '_>,
    p: P,
    foedt: Date,
    kj: Option<Kjoenn>,
) -> Svar<Tildelt> {
    let gammelt = gang.u.nummer(p);
    let tildelt = tildel(gang, Slag::Foedselsnummer, foedt, kj).await?;
    let slekt = slektninger(gang, p);
    identifikator(gang, p, &tildelt);
    gang.u.meld_om(p, gammelt, Hendelsestype::EndringIIdentifikasjonsnummer);
    for nummer in slekt {
        if let Some(andre) = gang.u.hent(nummer.verdi()).await? {
            omtal(gang, andre, gammelt, tildelt.nummer);
        }
    }
    Ok(tildelt)
}

/// Everybody whose document may name the person.
fn slektninger(gang: &Gang<'_, '_>, p: P) -> Vec<Personidentifikator> {
    let dok = gang.u.dok(p);
    let familie = dok.familierelasjon.iter().filter_map(|f| match &f.relatert {
        Relatert::RelatertPerson(nummer) => Some(*nummer),
        Relatert::RelatertPersonUtenFolkeregisteridentifikator(_) => None,
    });
    let ektefeller = dok.sivilstand.iter().filter_map(|s| s.relatert_ved_sivilstand);
    let ektefeller = ektefeller.filter_map(ElleveSifre::personidentifikator);
    let ansvar = dok.foreldreansvar.iter().flat_map(|f| [f.ansvarlig, f.ansvarssubjekt]).flatten();
    let mut alle: Vec<_> = familie.chain(ektefeller).chain(ansvar).collect();
    alle.sort_unstable();
    alle.dedup();
    alle
}

/// Writes a new number where the old one stood.
fn omtal(gang: &mut Gang<'_, '_>, andre: P, gammelt: Personidentifikator, nytt: Personidentifikator) {
    let dok = gang.u.dok_mut(andre);
    for Familierelasjon { relatert, .. } in &mut dok.familierelasjon {
        if matches!(relatert, Relatert::RelatertPerson(n) if *n == gammelt) {
            *relatert = Relatert::RelatertPerson(nytt);
        }
    }
    for Sivilstand { relatert_ved_sivilstand, .. } in &mut dok.sivilstand {
        if *relatert_ved_sivilstand == Some(gammelt.into()) {
            *relatert_ved_sivilstand = Some(nytt.into());
        }
    }
    for Foreldreansvar { ansvarlig, ansvarssubjekt, .. } in &mut dok.foreldreansvar {
        for nummer in [ansvarlig, ansvarssubjekt] {
            if *nummer == Some(gammelt) {
                *nummer = Some(nytt);
            }
        }
    }
}
