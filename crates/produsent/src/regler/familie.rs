//! Families: who is what to whom, and who is responsible for children (producer sheet, sections 9.1 and 9.2).

use folkeregisteret::modell::{
    ElleveSifre, Familierelasjon, Familierelasjontype, Foreldreansvar, Foreldreansvarstype, Hendelsestype,
    Kjoenn, Personstatus, Relatert, RelatertBiPerson, Sivilstand, Sivilstandstype,
};
use identifikator::Personidentifikator;
use tid::Date;

use crate::sak::{Gang, P, Svar, gjeldende_alle};

/// Whether a marital status is that of somebody who is married or a partner, separated or not.
pub(super) const fn er_par(type_: Sivilstandstype) -> bool {
    use Sivilstandstype::{Gift, RegistrertPartner, Separert, SeparertPartner};
    matches!(type_, Gift | RegistrertPartner | Separert | SeparertPartner)
}

/// A marital status and nothing else.
pub(super) fn sivilstand(gang: &Gang<'_, '_>, type_: Sivilstandstype, dato: Option<Date>) -> Sivilstand {
    Sivilstand {
        meta: gang.u.meta(),
        sivilstand: type_,
        sivilstandsdato: dato,
        myndighet: None,
        kommune: None,
        sted: None,
        utland: None,
        relatert_ved_sivilstand: None,
    }
}

/// The spouse or partner that somebody has now.
pub(super) async fn ektefelle(gang: &mut Gang<'_, '_>, p: P) -> Svar<Option<P>> {
    let nummer =
        gang.u.sivilstand(p).filter(|s| er_par(s.sivilstand)).and_then(|s| s.relatert_ved_sivilstand);
    let Some(nummer) = nummer.and_then(ElleveSifre::personidentifikator) else { return Ok(None) };
    Ok(gang.u.hent(nummer.verdi()).await?)
}

/// Whether two are married to each other now, or partners.
pub(super) async fn er_gift_med(gang: &mut Gang<'_, '_>, a: P, b: P) -> Svar<bool> {
    Ok(ektefelle(gang, a).await? == Some(b) && ektefelle(gang, b).await? == Some(a))
}

/// Enters that `p` has `andre` in a role, and what `p` is to the other.
pub(super) fn relasjon(
    gang: &mut Gang<'_, '_>,
    p: P,
    relatert: Relatert,
    rolle: Familierelasjontype,
    min: Option<Familierelasjontype>,
) {
    let meta = gang.u.meta();
    let ny = Familierelasjon { meta, relatert, relatert_persons_rolle: rolle, min_rolle_for_person: min };
    gang.u.registrer(p, ny, |_: &Familierelasjon| false);
}

/// Whether an entry relates to a number in a role.
pub(super) fn er_relasjon(
    f: &Familierelasjon,
    nummer: Personidentifikator,
    rolle: Familierelasjontype,
) -> bool {
    f.relatert_persons_rolle == rolle && matches!(&f.relatert, Relatert::RelatertPerson(n) if *n == nummer)
}

/// The numbers of those that somebody has in a role.
pub(super) fn i_rolle(gang: &Gang<'_, '_>, p: P, roller: &[Familierelasjontype]) -> Vec<Personidentifikator> {
    let relasjoner = gjeldende_alle(&gang.u.dok(p).familierelasjon);
    let i_rolle = relasjoner.filter(|f| roller.contains(&f.relatert_persons_rolle));
    i_rolle
        .filter_map(|f| match &f.relatert {
            Relatert::RelatertPerson(nummer) => Some(*nummer),
            Relatert::RelatertPersonUtenFolkeregisteridentifikator(_) => None,
        })
        .collect()
}

/// Whether two are siblings, or parent and child.
pub(super) fn naert_beslektet(gang: &Gang<'_, '_>, a: P, b: P) -> bool {
    use Familierelasjontype::{Barn, Far, Medmor, Mor, Soesken};
    let b_nummer = gang.u.nummer(b);
    if i_rolle(gang, a, &[Barn, Far, Mor, Medmor, Soesken]).contains(&b_nummer) {
        return true;
    }
    let foreldre = i_rolle(gang, a, &[Far, Mor, Medmor]);
    i_rolle(gang, b, &[Far, Mor, Medmor]).iter().any(|n| foreldre.contains(n))
}

/// Ends the marriage relation on both sides, and tells of it on those that are told.
pub(super) fn avslutt_ekteskap(gang: &mut Gang<'_, '_>, p: P, andre: Personidentifikator) {
    let ende = |f: &Familierelasjon| er_relasjon(f, andre, Familierelasjontype::EktefelleEllerPartner);
    if gang.u.avslutt(p, ende) {
        gang.u.meld(p, Hendelsestype::EndringIFamilierelasjon);
    }
}

/// What a parent is, by role in the family relation.
pub(super) const fn ansvar_av(rolle: Familierelasjontype) -> Foreldreansvarstype {
    match rolle {
        Familierelasjontype::Mor => Foreldreansvarstype::Mor,
        Familierelasjontype::Far => Foreldreansvarstype::Far,
        Familierelasjontype::Medmor => Foreldreansvarstype::Medmor,
        _ => Foreldreansvarstype::Ukjent,
    }
}

/// Enters that `forelder` is responsible for `barn`, on both.
pub(super) fn ansvar(gang: &mut Gang<'_, '_>, ansvar: Foreldreansvarstype, barn: P, forelder: P) {
    let (barnets, forelderens) = (gang.u.nummer(barn), gang.u.nummer(forelder));
    let meta = gang.u.meta();
    let tom = Foreldreansvar {
        meta,
        ansvar,
        ansvarssubjekt: None,
        ansvarlig: None,
        ansvarlig_organisasjon: None,
        ansvarlig_uten_identifikator: None,
        ansvarssubjekt_uten_identifikator: None,
    };
    let hos_barnet = Foreldreansvar { ansvarlig: Some(forelderens), ..tom.clone() };
    gang.u.registrer(barn, hos_barnet, |f: &Foreldreansvar| f.ansvarlig == Some(forelderens));
    let hos_forelderen = Foreldreansvar { ansvarssubjekt: Some(barnets), ..tom };
    gang.u.registrer(forelder, hos_forelderen, |f: &Foreldreansvar| f.ansvarssubjekt == Some(barnets));
}

/// A person described by facts.
pub(super) fn biperson(
    navn: folkeregisteret::modell::Personnavn,
    foedselsdato: Option<Date>,
    statsborgerskap: Option<identifikator::LandkodeAlfa3>,
    kjoenn: Option<Kjoenn>,
) -> Relatert {
    Relatert::RelatertPersonUtenFolkeregisteridentifikator(RelatertBiPerson {
        navn,
        foedselsdato,
        statsborgerskap,
        kjoenn,
    })
}

/// Whether somebody is dead or terminated.
pub(super) fn er_borte(gang: &Gang<'_, '_>, p: P) -> bool {
    matches!(gang.u.status(p), Some(Personstatus::Doed | Personstatus::Opphoert))
}
