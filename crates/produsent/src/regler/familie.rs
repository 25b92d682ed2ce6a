//! Families: who is what to whom, and who is responsible for children (producer sheet, sections 9.1 and 9.2).

use folkeregisteret::modell::{
    ElleveSifre, Entitet, Familierelasjon, Familierelasjontype, Foreldreansvar, Foreldreansvarstype,
    Hendelsestype, Kjoenn, Personstatus, Relatert, RelatertBiPerson, Sivilstand, Sivilstandstype,
};
use identifikator::Personidentifikator;
use tid::{Date, Moment};

use crate::sak::{Gang, Innslag, P, Svar, alder, gjeldende_alle};

/// Parental responsibility ends at this age (section 9.2).
const MYNDIG: i32 = 18;

/// A parent or a spouse: somebody in the register, or somebody whom a message describes (rule C4).
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Hvem {
    Registrert(P),
    Beskrevet(RelatertBiPerson),
}

impl Hvem {
    /// Whom a relation names; none if the register has lost a number.
    pub async fn av(gang: &mut Gang<'_, '_>, relatert: Relatert) -> Svar<Option<Self>> {
        Ok(match relatert {
            Relatert::RelatertPerson(nummer) => gang.u.hent(nummer.verdi()).await?.map(Self::Registrert),
            Relatert::RelatertPersonUtenFolkeregisteridentifikator(beskrevet) => {
                Some(Self::Beskrevet(beskrevet))
            }
        })
    }

    /// The person, of somebody in the register.
    pub const fn p(&self) -> Option<P> {
        match self {
            Self::Registrert(p) => Some(*p),
            Self::Beskrevet(_) => None,
        }
    }

    /// As others' relations name them.
    pub fn relatert(&self, gang: &Gang<'_, '_>) -> Relatert {
        match self {
            Self::Registrert(p) => Relatert::RelatertPerson(gang.u.nummer(*p)),
            Self::Beskrevet(beskrevet) => {
                Relatert::RelatertPersonUtenFolkeregisteridentifikator(beskrevet.clone())
            }
        }
    }

    /// Age on a date, in whole years.
    pub fn alder(&self, gang: &Gang<'_, '_>, dato: Date) -> Option<i32> {
        match self {
            Self::Registrert(p) => gang.u.alder(*p, dato),
            Self::Beskrevet(beskrevet) => beskrevet.foedselsdato.map(|foedt| alder(foedt, dato)),
        }
    }
}

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

/// The value of a list that held on a date; `fra` tells since when one holds, else its metadata does. One that is current
/// and does not say since when is taken to have held then.
pub(super) fn paa<T: Innslag>(verdier: &[T], dato: Date, fra: impl Fn(&T) -> Option<Date>) -> Option<&T> {
    let fra = |v: &T| fra(v).or_else(|| v.meta().gyldighetstidspunkt.map(Moment::local_date));
    let holdt = |v: &&T| {
        let slutt = v.meta().opphoerstidspunkt.map(Moment::local_date);
        fra(v).is_none_or(|fra| fra <= dato) && slutt.is_none_or(|slutt| dato < slutt)
    };
    // Of several with the same date the last is taken, and new ones are put first.
    verdier.iter().rev().filter(holdt).max_by_key(|v| {
        let naa = v.meta().er_gjeldende == Some(true);
        (naa && fra(v).is_none(), fra(v), naa)
    })
}

/// The marital status that somebody had on a date.
pub(super) fn stand_paa<'g>(gang: &'g Gang<'_, '_>, p: P, dato: Date) -> Option<&'g Sivilstand> {
    paa(&gang.u.dok(p).sivilstand, dato, |s| s.sivilstandsdato)
}

/// The spouse or partner that a marital status names, if it is that of one who has one.
pub(super) fn nummer_av(stand: Option<&Sivilstand>) -> Option<Personidentifikator> {
    stand.filter(|s| er_par(s.sivilstand))?.relatert_ved_sivilstand.and_then(ElleveSifre::personidentifikator)
}

/// The spouse or partner that somebody has now.
pub(super) async fn ektefelle(gang: &mut Gang<'_, '_>, p: P) -> Svar<Option<P>> {
    match nummer_av(gang.u.sivilstand(p)) {
        Some(nummer) => Ok(gang.u.hent(nummer.verdi()).await?),
        None => Ok(None),
    }
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

/// Those whom somebody has in a role, as the relations name them.
pub(super) fn relaterte(gang: &Gang<'_, '_>, p: P, roller: &[Familierelasjontype]) -> Vec<Relatert> {
    let relasjoner = gjeldende_alle(&gang.u.dok(p).familierelasjon);
    relasjoner.filter(|f| roller.contains(&f.relatert_persons_rolle)).map(|f| f.relatert.clone()).collect()
}

/// The numbers of those that somebody has in a role.
pub(super) fn i_rolle(gang: &Gang<'_, '_>, p: P, roller: &[Familierelasjontype]) -> Vec<Personidentifikator> {
    let i_rolle = relaterte(gang, p, roller).into_iter();
    i_rolle
        .filter_map(|relatert| match relatert {
            Relatert::RelatertPerson(nummer) => Some(nummer),
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

/// Whether an entry is the marriage to a spouse; to one whom it describes, if there is no number.
pub(super) fn er_ekteskap(f: &Familierelasjon, andre: Option<Personidentifikator>) -> bool {
    let rolle = Familierelasjontype::EktefelleEllerPartner;
    match andre {
        Some(andre) => er_relasjon(f, andre, rolle),
        None => f.relatert_persons_rolle == rolle && !matches!(f.relatert, Relatert::RelatertPerson(_)),
    }
}

/// Ends the marriage relation of one of the two, and tells of it.
pub(super) fn avslutt_ekteskap(gang: &mut Gang<'_, '_>, p: P, andre: Option<Personidentifikator>) {
    if gang.u.avslutt(p, |f| er_ekteskap(f, andre)) {
        gang.u.meld(p, Hendelsestype::EndringIFamilierelasjon);
    }
}

/// Enters that somebody is a child's parent, on both who are in the register.
pub(super) fn slektskap(gang: &mut Gang<'_, '_>, barn: P, forelder: &Hvem, rolle: Familierelasjontype) {
    let hos_barnet = forelder.relatert(gang);
    relasjon(gang, barn, hos_barnet, rolle, Some(Familierelasjontype::Barn));
    if let Some(p) = forelder.p() {
        let barnet = Hvem::Registrert(barn).relatert(gang);
        relasjon(gang, p, barnet, Familierelasjontype::Barn, Some(rolle));
    }
}

/// Tells of what [`slektskap`] and [`ansvar`] changed with one: an event for each of the two entities.
pub(super) fn meld_slekt(gang: &mut Gang<'_, '_>, p: P) {
    gang.u.meld_entitet(p, Entitet::Familierelasjon, Hendelsestype::EndringIFamilierelasjon);
    gang.u.meld_entitet(p, Entitet::Foreldreansvar, Hendelsestype::EndringIForeldreansvar);
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

/// Enters that `forelder` is responsible for `barn`, on both who are in the register; for one who is of age nobody is.
pub(super) fn ansvar(gang: &mut Gang<'_, '_>, ansvar: Foreldreansvarstype, barn: P, forelder: &Hvem) {
    if gang.u.alder(barn, gang.u.i_dag()).is_some_and(|alder| alder >= MYNDIG) {
        return;
    }
    let tom = Foreldreansvar {
        meta: gang.u.meta(),
        ansvar,
        ansvarssubjekt: None,
        ansvarlig: None,
        ansvarlig_organisasjon: None,
        ansvarlig_uten_identifikator: None,
        ansvarssubjekt_uten_identifikator: None,
    };
    let mut hos_barnet = tom.clone();
    match forelder {
        Hvem::Registrert(p) => hos_barnet.ansvarlig = Some(gang.u.nummer(*p)),
        Hvem::Beskrevet(beskrevet) => hos_barnet.ansvarlig_uten_identifikator = Some(beskrevet.clone()),
    }
    let ny = hos_barnet.clone();
    gang.u.registrer(barn, hos_barnet, |f: &Foreldreansvar| {
        let ansvarlig = f.ansvarlig == ny.ansvarlig && f.ansvarlig_organisasjon.is_none();
        ansvarlig && f.ansvarlig_uten_identifikator == ny.ansvarlig_uten_identifikator
    });
    if let Some(p) = forelder.p() {
        let barnets = Some(gang.u.nummer(barn));
        let hos_forelderen = Foreldreansvar { ansvarssubjekt: barnets, ..tom };
        gang.u.registrer(p, hos_forelderen, |f: &Foreldreansvar| f.ansvarssubjekt == barnets);
    }
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
