//! Paternity (producer sheet, section 6.7 and 9.2).

use folkeregisteret::modell::{
    Bosted, Familierelasjon, Familierelasjontype, Foreldreansvar, Foreldreansvarstype, Hendelsestype, Kjoenn,
    Relatert, RelatertBiPerson, Sivilstandstype, Statsborgerskap,
};
use identifikator::LandkodeAlfa3;
use serde::Deserialize;
use tid::Date;

use super::familie::{Hvem, ansvar, er_relasjon, meld_slekt, paa, relaterte, slektskap, stand_paa};
use super::felles::Navn;
use crate::sak::{Begrunnelse, Erklaering, Gang, Kode, P, Svar, Vedtak, gjeldende_alle};

#[derive(Deserialize)]
pub(super) struct Farskapsmelding {
    forespoersel: Forespoersel,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Forespoersel {
    innsender: Vec<Innsender>,
    saksbehandlers_vurdering: Vurdering,
    barnet: Barnet,
    far: Far,
    mor: Option<Mor>,
    #[serde(default)]
    foreldre_bor_sammen: bool,
    foreldreansvar: Option<serde_json::Value>,
    #[serde(default)]
    farskap_satt_av_foedsel: bool,
}

#[derive(Deserialize)]
struct Innsender {
    innsendertype: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vurdering {
    fars_foreldre_har_signert: Option<bool>,
    skjema_er_attestert: bool,
    vedlagt_farskapsskjema_er_originalt: bool,
    #[serde(default)]
    manuell_behandling_er_oensket: bool,
    kommentar_for_manuell_behandling: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Barnet {
    foedsels_eller_d_nummer: Option<String>,
    er_foedt: bool,
    termindato: Option<Date>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Far {
    foedsels_eller_d_nummer: Option<String>,
    navn: Option<Navn>,
    foedselsdato: Option<Date>,
    dato_for_erklaeringen: Date,
    har_signert: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mor {
    foedsels_eller_d_nummer: Option<String>,
    har_signert: bool,
}

/// Father and mother as the message has them.
struct Foreldre {
    far: Hvem,
    /// None also when she is described by facts: then the register says who she is, if it knows the child.
    mor: Option<P>,
}

pub(super) async fn farskap(gang: &mut Gang<'_, '_>, m: Farskapsmelding) -> Svar<Vedtak> {
    let f = m.forespoersel;
    gang.u.kilde = f.innsender.first().map(|i| i.innsendertype.clone()).unwrap_or_default();
    if f.farskap_satt_av_foedsel {
        // Attachments to what the birth decided: kept, and that is all.
        gang.klar()?;
        return Ok(Vedtak::REGISTRERT);
    }
    gang.avvis(!f.far.har_signert, Kode::MangelfulleOpplysninger)?;
    let foreldre = foreldrene(gang, &f).await?;
    vurdering(gang, &f, &foreldre.far)?;
    match &f.barnet.foedsels_eller_d_nummer {
        Some(nummer) => {
            let barn = gang.person(nummer).await?;
            foedt(gang, &f, barn, &foreldre).await
        }
        None => ufoedt(gang, &f, &foreldre),
    }
}

async fn foreldrene(gang: &mut Gang<'_, '_>, f: &Forespoersel) -> Svar<Foreldre> {
    let far = match (&f.far.foedsels_eller_d_nummer, &f.far.navn) {
        (Some(nummer), _) => Hvem::Registrert(gang.person(nummer).await?),
        (None, Some(navn)) => Hvem::Beskrevet(RelatertBiPerson {
            navn: navn.som_personnavn(),
            foedselsdato: f.far.foedselsdato,
            statsborgerskap: None,
            kjoenn: Some(Kjoenn::Mann),
        }),
        (None, None) => return Err(gang.umulig(Kode::UkjentIdentitet)),
    };
    let mor = match f.mor.as_ref().map(|mor| &mor.foedsels_eller_d_nummer) {
        Some(Some(nummer)) => Some(gang.person(nummer).await?),
        Some(None) => {
            gang.manuelt(true, Kode::UkjentIdentitet);
            None
        }
        None => None,
    };
    gang.manuelt(far.p().is_none(), Kode::UkjentIdentitet);
    for p in [far.p(), mor].into_iter().flatten() {
        gang.vern(p);
    }
    Ok(Foreldre { far, mor })
}

/// What the case worker who sent it says, and what the father is.
fn vurdering(gang: &mut Gang<'_, '_>, f: &Forespoersel, far: &Hvem) -> Svar {
    let (v, dato) = (&f.saksbehandlers_vurdering, f.far.dato_for_erklaeringen);
    match far {
        Hvem::Registrert(p) => {
            gang.dato(dato, *p)?;
            let mann = gang.u.kjoenn(*p) == Some(Kjoenn::Mann);
            gang.manuelt(!mann, Kode::MotstridendeOpplysninger);
        }
        Hvem::Beskrevet(_) => gang.ikke_fremtid(dato)?,
    }
    let uattestert = !v.skjema_er_attestert || !v.vedlagt_farskapsskjema_er_originalt;
    gang.manuelt(uattestert, Kode::MangelfulleOpplysninger);
    let merknad = v.kommentar_for_manuell_behandling.clone();
    let oensket = Begrunnelse { merknad, ..Begrunnelse::from(Kode::ManuellBehandlingErOensket) };
    gang.manuelt(v.manuell_behandling_er_oensket, oensket);
    let ung = far.alder(gang, dato).is_some_and(|alder| alder < 18);
    gang.manuelt(ung && v.fars_foreldre_har_signert != Some(true), Kode::UnderAlder);
    Ok(())
}

/// The child is born and has a number.
async fn foedt(gang: &mut Gang<'_, '_>, f: &Forespoersel, barn: P, foreldre: &Foreldre) -> Svar<Vedtak> {
    let far = &foreldre.far;
    let har = relaterte(gang, barn, &[Familierelasjontype::Far, Familierelasjontype::Medmor]);
    if har.contains(&far.relatert(gang)) {
        // Nobody can enter it twice.
        return Err(Kode::AlleredeRegistrert.into());
    }
    gang.manuelt(!har.is_empty(), Kode::MotstridendeOpplysninger);
    let moren = moren(gang, barn).await?;
    let mor = moren.as_ref().and_then(Hvem::p);
    gang.manuelt(foreldre.mor.is_some() && foreldre.mor != mor, Kode::MotstridendeOpplysninger);
    if let Some(mor) = mor {
        gang.vern(mor);
        let gift = gang.u.foedselsdato(barn).is_some_and(|dato| var_gift(gang, mor, dato));
        gang.manuelt(gift, Kode::MotstridendeOpplysninger);
    }
    let sammen = bodde_sammen(gang, f, mor, far);
    let samtykker = mor_har_signert(f) || sammen || er_nevnt(gang, barn, far).await?;
    gang.manuelt(!samtykker, Kode::KreverManuellVurdering);
    gang.vern(barn);
    gang.klar()?;
    gang.u.gyldig = f.far.dato_for_erklaeringen;
    registrer(gang, f, barn, (far, moren), sammen);
    let mut andre: Vec<P> = [far.p(), mor].into_iter().flatten().collect();
    for tidligere in har {
        andre.extend(ikke_lenger(gang, barn, tidligere).await?);
    }
    meld_slekt(gang, barn);
    gang.u.meld(barn, Hendelsestype::EndringIStatsborgerskap);
    for p in andre {
        meld_slekt(gang, p);
    }
    for nummer in gang.u.numre(barn) {
        gang.glem_nevnt(nummer);
    }
    Ok(Vedtak::REGISTRERT)
}

/// The mother whom the register has.
async fn moren(gang: &mut Gang<'_, '_>, barn: P) -> Svar<Option<Hvem>> {
    match relaterte(gang, barn, &[Familierelasjontype::Mor]).into_iter().next() {
        Some(relatert) => Hvem::av(gang, relatert).await,
        None => Ok(None),
    }
}

fn registrer(
    gang: &mut Gang<'_, '_>,
    f: &Forespoersel,
    barn: P,
    (far, mor): (&Hvem, Option<Hvem>),
    sammen: bool,
) {
    slektskap(gang, barn, far, Familierelasjontype::Far);
    let aar = gang.u.foedselsdato(barn).map_or(0, Date::year);
    let avtale = f.foreldreansvar.is_some();
    if aar >= 2020 || avtale || (aar >= 2006 && (f.foreldre_bor_sammen || sammen)) {
        ansvar(gang, Foreldreansvarstype::Felles, barn, far);
        if let Some(mor) = &mor {
            ansvar(gang, Foreldreansvarstype::Felles, barn, mor);
        }
    }
    if let Some(far) = far.p() {
        norsk_etter_far(gang, barn, far);
    }
}

/// Somebody else is the father: who was taken for the other parent is not, and is told so if in the register.
async fn ikke_lenger(gang: &mut Gang<'_, '_>, barn: P, tidligere: Relatert) -> Svar<Option<P>> {
    use Familierelasjontype::{Barn, Far, Medmor};
    gang.u.annuller(barn, |f: &Familierelasjon| {
        f.relatert == tidligere && matches!(f.relatert_persons_rolle, Far | Medmor)
    });
    gang.u.annuller(barn, |f: &Foreldreansvar| match &tidligere {
        Relatert::RelatertPerson(nummer) => f.ansvarlig == Some(*nummer),
        Relatert::RelatertPersonUtenFolkeregisteridentifikator(b) => {
            f.ansvarlig_uten_identifikator.as_ref() == Some(b)
        }
    });
    let Some(p) = Hvem::av(gang, tidligere).await?.and_then(|hvem| hvem.p()) else { return Ok(None) };
    let barnets = gang.u.nummer(barn);
    gang.u.annuller(p, |f| er_relasjon(f, barnets, Barn));
    gang.u.annuller(p, |f: &Foreldreansvar| f.ansvarssubjekt == Some(barnets));
    Ok(Some(p))
}

/// Whether somebody was married on a date: then the spouse is the other parent by law.
fn var_gift(gang: &Gang<'_, '_>, mor: P, dato: Date) -> bool {
    use Sivilstandstype::{Gift, RegistrertPartner};
    stand_paa(gang, mor, dato).is_some_and(|s| matches!(s.sivilstand, Gift | RegistrertPartner))
}

fn mor_har_signert(f: &Forespoersel) -> bool {
    f.mor.as_ref().is_some_and(|mor| mor.har_signert)
}

/// Whether the mother named the man when the child was born (section 9.1).
async fn er_nevnt(gang: &mut Gang<'_, '_>, barn: P, far: &Hvem) -> Svar<bool> {
    for nummer in gang.u.numre(barn) {
        if let Some(nevnt) = gang.nevnt(nummer).await? {
            let nevnt = gang.u.hent(nevnt).await?;
            return Ok(nevnt.is_some() && nevnt == far.p());
        }
    }
    Ok(false)
}

/// Whether the parents were at the same address when the father signed.
fn bodde_sammen(gang: &Gang<'_, '_>, f: &Forespoersel, mor: Option<P>, far: &Hvem) -> bool {
    let (Some(mor), Some(far)) = (mor, far.p()) else { return false };
    let adresse = |p: P| {
        let alle = &gang.u.dok(p).bostedsadresse;
        let bosted = paa(alle, f.far.dato_for_erklaeringen, |b| b.flyttedato).map(|b| &b.bosted);
        bosted.filter(|b| !matches!(b, Bosted::UkjentBosted(_)))
    };
    adresse(mor).is_some() && adresse(mor) == adresse(far)
}

fn norsk_etter_far(gang: &mut Gang<'_, '_>, barn: P, far: P) {
    let norsk = |gang: &Gang<'_, '_>, p: P| {
        gjeldende_alle(&gang.u.dok(p).statsborgerskap).any(|s| s.statsborgerskap == LandkodeAlfa3::NORGE)
    };
    if norsk(gang, far) && !norsk(gang, barn) {
        let (meta, statsborgerskap) = (gang.u.meta(), LandkodeAlfa3::NORGE);
        let ny = Statsborgerskap { meta, statsborgerskap, ervervsdato: Some(gang.u.gyldig) };
        gang.u.registrer(barn, ny, |_| false);
    }
}

/// The child is not born: the declaration is kept, and used when the birth is told of.
fn ufoedt(gang: &mut Gang<'_, '_>, f: &Forespoersel, foreldre: &Foreldre) -> Svar<Vedtak> {
    gang.manuelt(f.barnet.er_foedt, Kode::UkjentIdentitet);
    let sammen = bodde_sammen(gang, f, foreldre.mor, &foreldre.far);
    gang.manuelt(!mor_har_signert(f) && !sammen, Kode::KreverManuellVurdering);
    let (Some(mor), Some(far), Some(termindato)) = (foreldre.mor, foreldre.far.p(), f.barnet.termindato)
    else {
        // A birth is told of by the mother's number; without it nobody finds the declaration.
        return Err(gang.umulig(Kode::MangelfulleOpplysninger));
    };
    gang.klar()?;
    let (mors, fars) = (gang.u.nummer(mor), gang.u.nummer(far));
    gang.erklaer(mors.verdi(), Erklaering { far: fars.verdi(), termindato })?;
    Ok(Vedtak::REGISTRERT)
}
