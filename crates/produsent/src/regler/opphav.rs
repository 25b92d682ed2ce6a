//! Whose child somebody is (producer sheet, sections 6.3 and 9.1): the mother who is told of, and the other parent by law.

use folkeregisteret::modell::{Familierelasjontype, Kjoenn, Relatert, RelatertBiPerson, Sivilstandstype};
use tid::Date;

use super::familie::{Hvem, i_rolle, nummer_av, relaterte, stand_paa};
use super::felles::{alfa3, kjoenn};
use super::foedsel::{Foedselen, Forelder};
use crate::sak::{Erklaering, Gang, Kode, P, Svar, gjeldende, gjeldende_alle};

/// Days from a husband's death in which a child may be his.
const ENKE_DAGER: i32 = 300;
/// A declaration holds for births from so many days before the due date, to so many after (section 6.7).
const TERMIN_DAGER: (i32, i32) = (18 * 7, 4 * 7);

/// The other parent, and what he or she is to the child.
pub(super) type Annen = (Hvem, Familierelasjontype);

/// The parents of a child.
pub(super) struct Opphav {
    pub mor: Hvem,
    pub annen: Option<Annen>,
    /// The man whom the mother named; it makes him nothing to the child.
    pub nevnt: Option<P>,
}

impl Opphav {
    /// Mother and other parent, each with the role.
    pub fn foreldre(&self) -> Vec<Annen> {
        let mor = (self.mor.clone(), Familierelasjontype::Mor);
        [Some(mor), self.annen.clone()].into_iter().flatten().collect()
    }
}

impl Forelder {
    /// As the message describes who has no number.
    fn beskrevet(&self, kjoenn: Kjoenn) -> Option<Hvem> {
        Some(Hvem::Beskrevet(RelatertBiPerson {
            navn: self.navn.as_ref()?.som_personnavn(),
            foedselsdato: self.foedselsdato,
            statsborgerskap: self.statsborgerskap.as_deref().map(alfa3),
            kjoenn: Some(kjoenn),
        }))
    }

    /// C4 and C5, which both parents have.
    async fn hvem(&self, gang: &mut Gang<'_, '_>, kjoenn: Kjoenn) -> Svar<Hvem> {
        if let Some(nummer) = &self.foedsels_eller_d_nummer {
            let p = gang.person(nummer).await?;
            gang.vern(p);
            return Ok(Hvem::Registrert(p));
        }
        gang.manuelt(true, Kode::UkjentIdentitet);
        self.beskrevet(kjoenn).ok_or_else(|| gang.umulig(Kode::MangelfulleOpplysninger))
    }
}

/// The parents of the child that a message tells of; `rettes` is the child, if it is in the register.
pub(super) async fn opphav(gang: &mut Gang<'_, '_>, f: &Foedselen, rettes: Option<P>) -> Svar<Opphav> {
    let mor = f.mor.hvem(gang, Kjoenn::Kvinne).await?;
    let oppgitt = match &f.far_eller_medmor {
        Some(annen) => {
            let kjoenn = if annen.er_medmor { Kjoenn::Kvinne } else { Kjoenn::Mann };
            Some(annen.hvem(gang, kjoenn).await?)
        }
        None => None,
    };
    let nevnt = oppgitt.as_ref().and_then(Hvem::p);
    let annen = match mor.p() {
        Some(mor) => {
            moren(gang, mor, f.barn.foedselsdato);
            dublett(gang, f, mor, rettes).await?;
            den_andre(gang, f, mor, oppgitt).await?
        }
        None => None,
    };
    Ok(Opphav { mor, annen, nevnt })
}

/// F1.
fn moren(gang: &mut Gang<'_, '_>, mor: P, foedt: Date) {
    let alder = gang.u.alder(mor, foedt);
    let rimelig = gang.u.kjoenn(mor) == Some(Kjoenn::Kvinne) && alder.is_some_and(|a| (12..=60).contains(&a));
    let doed_foer = gang.u.doedsdato(mor).is_some_and(|doed| doed < foedt);
    gang.manuelt(!rimelig || doed_foer, Kode::MotstridendeOpplysninger);
}

/// F6: the same child told of twice.
async fn dublett(gang: &mut Gang<'_, '_>, f: &Foedselen, mor: P, rettes: Option<P>) -> Svar {
    let barn = &f.barn;
    let naer = |dato: Option<Date>| dato.is_some_and(|dato| dager(dato, barn.foedselsdato).abs() <= 1);
    let rekkefoelge = barn.rekkefoelgenummer_ved_flerfoedsel.as_ref().and_then(|n| n.parse::<i64>().ok());
    for nummer in i_rolle(gang, mor, &[Familierelasjontype::Barn]) {
        let Some(annet) = gang.u.hent(nummer.verdi()).await? else { continue };
        if Some(annet) == rettes {
            continue;
        }
        let andres = gjeldende(&gang.u.dok(annet).foedsel_i_norge).and_then(|f| f.rekkefoelgenummer);
        let kan_vaere = rekkefoelge.is_none() || andres.is_none() || andres == rekkefoelge;
        let samme = kan_vaere && naer(gang.u.foedselsdato(annet));
        gang.manuelt(samme, Kode::MuligDublett);
    }
    // Of one that was born dead the register has no place in the order.
    let doedfoedt = gjeldende_alle(&gang.u.dok(mor).familierelasjon).any(|f| match &f.relatert {
        Relatert::RelatertPersonUtenFolkeregisteridentifikator(b) => {
            let kan_vaere =
                rekkefoelge.is_none() || (!barn.er_levendefoedt && b.kjoenn == kjoenn(&barn.kjoenn));
            f.relatert_persons_rolle == Familierelasjontype::DoedfoedtBarn
                && kan_vaere
                && naer(b.foedselsdato)
        }
        Relatert::RelatertPerson(_) => false,
    });
    gang.manuelt(doedfoedt, Kode::MuligDublett);
    Ok(())
}

/// F7, and who the other parent is by law (section 9.1): whom the mother was married to when the child was born.
async fn den_andre(
    gang: &mut Gang<'_, '_>,
    f: &Foedselen,
    mor: P,
    oppgitt: Option<Hvem>,
) -> Svar<Option<Annen>> {
    use Sivilstandstype::{EnkeEllerEnkemann, Gift, GjenlevendePartner, RegistrertPartner};
    let foedt = f.barn.foedselsdato;
    let stand = stand_paa(gang, mor, foedt);
    let (type_, siden) = (stand.map(|s| s.sivilstand), stand.and_then(|s| s.sivilstandsdato));
    let nummer = nummer_av(stand);
    let gift = matches!(type_, Some(Gift | RegistrertPartner));
    gang.manuelt(f.foreldre_er_gift != gift, Kode::MotstridendeOpplysninger);
    let nylig_enke = matches!(type_, Some(EnkeEllerEnkemann | GjenlevendePartner))
        && siden.is_none_or(|siden| dager(siden, foedt) <= ENKE_DAGER);
    gang.manuelt(nylig_enke, Kode::KreverManuellVurdering);
    if !gift {
        return erklaert(gang, foedt, mor).await;
    }
    let ektefelle = match nummer {
        Some(nummer) => gang.u.hent(nummer.verdi()).await?.map(Hvem::Registrert),
        // Perhaps somebody whom the register has no number of.
        None => {
            match relaterte(gang, mor, &[Familierelasjontype::EktefelleEllerPartner]).into_iter().next() {
                Some(relatert) => Hvem::av(gang, relatert).await?,
                None => None,
            }
        }
    };
    if let Some(p) = ektefelle.as_ref().and_then(Hvem::p) {
        gang.vern(p);
    }
    let samme = oppgitt.as_ref().map(|o| ektefelle.as_ref().is_some_and(|e| e.p() == o.p()));
    gang.manuelt(samme == Some(false), Kode::MotstridendeOpplysninger);
    let Some(annen) = ektefelle.or(oppgitt) else { return Ok(None) };
    if er_mann(gang, &annen) {
        return Ok(Some((annen, Familierelasjontype::Far)));
    }
    // A wife is co-mother after assisted conception, which the message says by naming her as such.
    let medmor = f.far_eller_medmor.as_ref().is_some_and(|a| a.er_medmor);
    gang.manuelt(!medmor, Kode::KreverManuellVurdering);
    Ok((samme == Some(true)).then_some((annen, Familierelasjontype::Medmor)))
}

fn er_mann(gang: &Gang<'_, '_>, hvem: &Hvem) -> bool {
    match hvem {
        Hvem::Registrert(p) => gang.u.kjoenn(*p) == Some(Kjoenn::Mann),
        Hvem::Beskrevet(b) => b.kjoenn != Some(Kjoenn::Kvinne),
    }
}

/// A father who declared himself before the birth. The declaration serves every child that is born: there may be twins.
async fn erklaert(gang: &mut Gang<'_, '_>, foedt: Date, mor: P) -> Svar<Option<Annen>> {
    let mut fedre = Vec::new();
    for nummer in gang.u.numre(mor) {
        for Erklaering { far, termindato } in gang.erklaeringer(nummer).await? {
            let dager = dager(termindato, foedt);
            if (-TERMIN_DAGER.0..=TERMIN_DAGER.1).contains(&dager) {
                fedre.extend(gang.u.hent(far).await?);
            } else if dager > TERMIN_DAGER.1 {
                // It was about a child before this one.
                gang.glem(nummer, far);
            }
        }
    }
    let Some(far) = fedre.first().copied() else { return Ok(None) };
    gang.vern(far);
    gang.manuelt(fedre.iter().any(|annen| *annen != far), Kode::MotstridendeOpplysninger);
    Ok(Some((Hvem::Registrert(far), Familierelasjontype::Far)))
}

/// Days from one date to another.
fn dager(fra: Date, til: Date) -> i32 {
    til.days_since_epoch() - fra.days_since_epoch()
}
