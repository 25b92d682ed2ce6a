//! Paternity (producer sheet, section 6.7 and 9.2).

use folkeregisteret::modell::{
    Bostedsadresse, Familierelasjontype, Foreldreansvarstype, Hendelsestype, Kjoenn, Sivilstandstype,
    Statsborgerskap,
};
use identifikator::LandkodeAlfa3;
use serde::Deserialize;
use tid::Date;

use super::familie::{ansvar, i_rolle};
use super::foedsel::{meld_slekt, slektskap};
use crate::sak::{Begrunnelse, Erklaering, Gang, Kode, P, Stopp, Svar, Vedtak, gjeldende, gjeldende_alle};

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
    dato_for_erklaeringen: Date,
    har_signert: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mor {
    foedsels_eller_d_nummer: Option<String>,
    har_signert: bool,
}

pub(super) async fn farskap(gang: &mut Gang<'_, '_>, m: Farskapsmelding) -> Svar<Vedtak> {
    let f = m.forespoersel;
    gang.u.kilde = f.innsender.first().map(|i| i.innsendertype.clone()).unwrap_or_default();
    if f.farskap_satt_av_foedsel {
        // Attachments to what the birth decided: kept, and that is all.
        return Ok(Vedtak::REGISTRERT);
    }
    gang.avvis(!f.far.har_signert, Kode::MangelfulleOpplysninger)?;
    let Some(far) = &f.far.foedsels_eller_d_nummer else {
        return Err(Stopp::Manuell(vec![Kode::UkjentIdentitet.into()]));
    };
    let far = gang.person(far).await?;
    let mor = match f.mor.as_ref().and_then(|mor| mor.foedsels_eller_d_nummer.as_ref()) {
        Some(nummer) => Some(gang.person(nummer).await?),
        None => None,
    };
    gang.dato(f.far.dato_for_erklaeringen, far)?;
    vurdering(gang, &f, far);
    match &f.barnet.foedsels_eller_d_nummer {
        Some(nummer) => {
            let barn = gang.person(nummer).await?;
            foedt(gang, &f, barn, far, mor).await
        }
        None => ufoedt(gang, &f, far, mor),
    }
}

/// What the case worker who sent it says, and what the father is.
fn vurdering(gang: &mut Gang<'_, '_>, f: &Forespoersel, far: P) {
    let v = &f.saksbehandlers_vurdering;
    let uattestert = !v.skjema_er_attestert || !v.vedlagt_farskapsskjema_er_originalt;
    gang.manuelt(uattestert, Kode::MangelfulleOpplysninger);
    let merknad = v.kommentar_for_manuell_behandling.clone();
    let oensket = Begrunnelse { merknad, ..Begrunnelse::from(Kode::ManuellBehandlingErOensket) };
    gang.manuelt(v.manuell_behandling_er_oensket, oensket);
    let mann = gang.u.kjoenn(far) == Some(Kjoenn::Mann);
    gang.manuelt(!mann, Kode::MotstridendeOpplysninger);
    let ung = gang.u.alder(far, f.far.dato_for_erklaeringen).is_some_and(|alder| alder < 18);
    gang.manuelt(ung && v.fars_foreldre_har_signert != Some(true), Kode::UnderAlder);
    gang.vern(far);
}

/// The child is born and has a number.
async fn foedt(gang: &mut Gang<'_, '_>, f: &Forespoersel, barn: P, far: P, mor: Option<P>) -> Svar<Vedtak> {
    let fars = gang.u.nummer(far);
    let har = i_rolle(gang, barn, &[Familierelasjontype::Far, Familierelasjontype::Medmor]);
    gang.avvis(har.contains(&fars), Kode::AlleredeRegistrert)?;
    gang.manuelt(!har.is_empty(), Kode::MotstridendeOpplysninger);
    let mor_i_registeret = match i_rolle(gang, barn, &[Familierelasjontype::Mor]).first() {
        Some(nummer) => gang.u.hent(nummer.verdi()).await?,
        None => None,
    };
    gang.manuelt(mor.is_some() && mor != mor_i_registeret, Kode::MotstridendeOpplysninger);
    let foedt = gang.u.foedselsdato(barn);
    if let (Some(mor), Some(foedt)) = (mor_i_registeret, foedt) {
        gang.manuelt(var_gift(gang, mor, foedt), Kode::MotstridendeOpplysninger);
    }
    let mor_med = f.mor.as_ref().is_some_and(|mor| mor.har_signert);
    let sammen = mor_i_registeret.is_some_and(|mor| samme_adresse(gang, mor, far));
    gang.manuelt(!mor_med && !sammen, Kode::KreverManuellVurdering);
    gang.vern(barn);
    gang.klar()?;
    gang.u.gyldig = f.far.dato_for_erklaeringen;
    slektskap(gang, barn, far, Familierelasjontype::Far);
    let aar = foedt.map_or(0, Date::year);
    let avtale = f.foreldreansvar.is_some();
    let felles = aar >= 2020 || avtale || (aar >= 2006 && (f.foreldre_bor_sammen || sammen));
    if felles {
        ansvar(gang, Foreldreansvarstype::Felles, barn, far);
        if let Some(mor) = mor_i_registeret {
            ansvar(gang, Foreldreansvarstype::Felles, barn, mor);
        }
    }
    norsk_etter_far(gang, barn, far);
    meld_slekt(gang, barn);
    gang.u.meld(barn, Hendelsestype::EndringIStatsborgerskap);
    meld_slekt(gang, far);
    if let Some(mor) = mor_i_registeret {
        meld_slekt(gang, mor);
    }
    Ok(Vedtak::REGISTRERT)
}

/// Whether somebody was married on a date: then the husband is the father by law.
fn var_gift(gang: &Gang<'_, '_>, mor: P, dato: Date) -> bool {
    let stander = gang.u.dok(mor).sivilstand.iter();
    let foer = stander.filter(|s| s.sivilstandsdato.is_none_or(|fra| fra <= dato));
    let siste = foer.max_by_key(|s| s.sivilstandsdato.map(Date::days_since_epoch));
    siste.is_some_and(|s| matches!(s.sivilstand, Sivilstandstype::Gift | Sivilstandstype::RegistrertPartner))
}

fn samme_adresse(gang: &Gang<'_, '_>, a: P, b: P) -> bool {
    let adresse = |p: P| gjeldende::<Bostedsadresse>(&gang.u.dok(p).bostedsadresse).map(|b| &b.bosted);
    adresse(a).is_some() && adresse(a) == adresse(b)
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
fn ufoedt(gang: &mut Gang<'_, '_>, f: &Forespoersel, far: P, mor: Option<P>) -> Svar<Vedtak> {
    gang.manuelt(f.barnet.er_foedt, Kode::UkjentIdentitet);
    let mor_med = f.mor.as_ref().is_some_and(|mor| mor.har_signert);
    gang.manuelt(!mor_med, Kode::KreverManuellVurdering);
    gang.klar()?;
    let (Some(mor), Some(termindato)) = (mor, f.barnet.termindato) else {
        return Err(Kode::MangelfulleOpplysninger.into());
    };
    let (mors, fars) = (gang.u.nummer(mor), gang.u.nummer(far));
    gang.erklaer(mors.verdi(), Erklaering { far: fars.verdi(), termindato })?;
    Ok(Vedtak::REGISTRERT)
}
