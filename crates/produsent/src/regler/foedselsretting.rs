//! A birth that is in the register, told of otherwise (producer sheet, section 6.3, rule F8).

use std::cell::Cell;

use folkeregisteret::modell::{
    Familierelasjon, Familierelasjontype, FoedselINorge, Folkeregisteridentifikatortype, Hendelsestype,
    Personkjoenn, Relatert,
};
use tid::Date;

use super::familie::Hvem;
use super::felles::kjoenn;
use super::foedsel::{Foedselen, foedselen, i_norge, midlertidig_navn};
use super::nummerbytte::bytt_nummer;
use super::opphav::Opphav;
use crate::sak::{Gang, Innslag, Kode, P, Svar, Tildelt, gjeldende, gjeldende_alle};

/// Corrects a child, and tells its number, which is a new one if date or sex was another (section 8.4). Who the parents are is not corrected so: paternity and motherhood have rules of their own.
pub(super) async fn rett(gang: &mut Gang<'_, '_>, f: &Foedselen, p: P, mor: &Hvem) -> Svar<Tildelt> {
    if !f.barn.er_levendefoedt {
        // Who has a number does not lose it: that the child is dead is told in another message.
        return Err(gang.umulig(Kode::MotstridendeOpplysninger));
    }
    let (foedt, kj) = (f.barn.foedselsdato, kjoenn(&f.barn.kjoenn));
    let annet_kjoenn = gang.u.kjoenn(p) != kj;
    let tildelt = if annet_kjoenn || gang.u.foedselsdato(p) != Some(foedt) {
        bytt_nummer(gang, p, foedt, kj).await?
    } else {
        let (nummer, type_) = (gang.u.nummer(p), Folkeregisteridentifikatortype::Foedselsnummer);
        let avviker = nummer.foedselsdato().is_some_and(|dato| dato.to_string() != foedt.to_string());
        Tildelt { nummer, type_, avviker }
    };
    let gammel = gjeldende(&gang.u.dok(p).foedsel).cloned();
    let ny = foedselen(gang, f);
    rett_verdi(gang, p, gammel, ny, Hendelsestype::EndringIFoedsel);
    let gammel = gjeldende(&gang.u.dok(p).foedsel_i_norge).cloned();
    if let Some(ny) = i_norge(gang, f) {
        rett_verdi(gang, p, gammel, ny, Hendelsestype::EndringIFoedselINorge);
    } else {
        gang.u.annuller(p, |_: &FoedselINorge| true);
        gang.u.meld(p, Hendelsestype::EndringIFoedselINorge);
    }
    if let Some(kjoenn) = kj.filter(|_| annet_kjoenn) {
        let ny = Personkjoenn { meta: gang.u.meta(), kjoenn };
        gang.u.korriger(p, ny, |_| true);
        gang.u.meld(p, Hendelsestype::EndringIKjoenn);
        let navn = gjeldende(&gang.u.dok(p).navn).cloned();
        // The name for the time being tells the sex.
        if navn.as_ref().is_some_and(|navn| navn.fornavn.contains('*')) {
            let ny = midlertidig_navn(gang, f, mor);
            rett_verdi(gang, p, navn, ny, Hendelsestype::EndringINavn);
        }
    }
    Ok(tildelt)
}

/// Puts a value in the place of another if it says something else, and tells of it.
fn rett_verdi<T: Innslag + PartialEq>(
    gang: &mut Gang<'_, '_>,
    p: P,
    gammel: Option<T>,
    ny: T,
    type_: Hendelsestype,
) {
    let uendret = gammel.is_some_and(|gammel| {
        let mut ny = ny.clone();
        *ny.meta_mut() = gammel.meta().clone();
        ny == gammel
    });
    if !uendret {
        gang.u.korriger(p, ny, |_| true);
        gang.u.meld(p, type_);
    }
}

/// Takes back the one that was born dead whose date is nearest: it is told of anew.
pub(super) fn trekk_doedfoedt(gang: &mut Gang<'_, '_>, opphav: &Opphav, foedt: Date) {
    let avstand = |f: &Familierelasjon| match &f.relatert {
        Relatert::RelatertPersonUtenFolkeregisteridentifikator(b) => {
            let dato = b.foedselsdato.map_or(i32::MAX, Date::days_since_epoch);
            dato.abs_diff(foedt.days_since_epoch())
        }
        Relatert::RelatertPerson(_) => u32::MAX,
    };
    let er_doedfoedt = |f: &&Familierelasjon| f.relatert_persons_rolle == Familierelasjontype::DoedfoedtBarn;
    let Some(mor) = opphav.mor.p() else { return };
    let rader = gjeldende_alle(&gang.u.dok(mor).familierelasjon).filter(er_doedfoedt);
    let Some(relatert) = rader.min_by_key(|f| avstand(f)).map(|f| f.relatert.clone()) else { return };
    for p in opphav.foreldre().iter().filter_map(|(hvem, _)| hvem.p()) {
        // Twins may be told apart by nothing.
        let igjen = Cell::new(true);
        gang.u.annuller(p, |f| er_doedfoedt(&f) && f.relatert == relatert && igjen.replace(false));
    }
}
