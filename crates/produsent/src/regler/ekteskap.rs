//! Wedding, separation, divorce (producer sheet, sections 6.4 to 6.6).

use folkeregisteret::modell::{
    Familierelasjon, Familierelasjontype, Hendelsestype, Relatert, Sivilstand, Sivilstandstype, Tekst,
};
use identifikator::Kommunenummer;
use serde::Deserialize;
use tid::Date;

use super::familie::{
    avslutt_ekteskap, er_gift_med, er_par, er_relasjon, naert_beslektet, relasjon, sivilstand,
};
use super::felles::{Navn, alfa3};
use crate::sak::{Gang, Kode, P, Stopp, Svar, Vedtak, gjeldende_alle};

#[derive(Deserialize)]
pub(super) struct Vigselsmelding {
    forespoersel: Vigselsforespoersel,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vigselsforespoersel {
    kilde: String,
    #[serde(default)]
    ektefelle: Vec<Ektefelle>,
    #[serde(default)]
    vigsel: Seremoni,
    vigselsmelding_er_korrekt_underskrevet: Option<String>,
    personene_stemmer_med_proevingsattest: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Ektefelle {
    foedsels_eller_d_nummer: Option<String>,
    /// Only whether somebody is named matters.
    personnavn: Option<serde_json::Value>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Seremoni {
    vigselsdato: Option<Date>,
    vigselssted: Option<String>,
    vigselsmyndighet: Option<String>,
    vigselsmyndighet_som_kommune: Option<String>,
    vigsler_har_gyldig_vigselsmyndighet: Option<String>,
    vigselsbok_er_i_orden: Option<String>,
    vigsel_er_utfoert_paa_sted_hvor_vigsler_har_myndighet: Option<String>,
    vigselsland: Option<String>,
}

pub(super) async fn vigsel(gang: &mut Gang<'_, '_>, m: Vigselsmelding) -> Svar<Vedtak> {
    let f = m.forespoersel;
    gang.u.kilde.clone_from(&f.kilde);
    let (a, b) = brudepar(gang, &f.ektefelle).await?;
    let Some(dato) = f.vigsel.vigselsdato else {
        return Err(Stopp::Manuell(vec![Kode::MangelfulleOpplysninger.into()]));
    };
    for p in [a, b] {
        gang.dato(dato, p)?;
        gang.vern(p);
    }
    gang.manuelt(!er_i_orden(&f), Kode::MangelfulleOpplysninger);
    kan_gifte_seg(gang, a, b, dato).await?;
    gang.klar()?;
    gang.u.gyldig = dato;
    for (p, andre) in [(a, b), (b, a)] {
        gift(gang, p, andre, &f.vigsel, dato);
    }
    Ok(Vedtak::REGISTRERT)
}

/// The two, each by number.
async fn brudepar(gang: &mut Gang<'_, '_>, ektefeller: &[Ektefelle]) -> Svar<(P, P)> {
    let [a, b] = ektefeller else { return Err(Kode::MotstridendeOpplysninger.into()) };
    if [a, b].iter().any(|e| e.foedsels_eller_d_nummer.is_none() && e.personnavn.is_none()) {
        return Err(Kode::MotstridendeOpplysninger.into());
    }
    let (Some(a), Some(b)) = (&a.foedsels_eller_d_nummer, &b.foedsels_eller_d_nummer) else {
        return Err(Stopp::Manuell(vec![Kode::UkjentIdentitet.into()]));
    };
    let (a, b) = (gang.person(a).await?, gang.person(b).await?);
    if a == b {
        return Err(Kode::MotstridendeOpplysninger.into());
    }
    Ok((a, b))
}

/// Whether nothing in the message asks for a second look.
fn er_i_orden(f: &Vigselsforespoersel) -> bool {
    let v = &f.vigsel;
    let svar = [
        &v.vigsler_har_gyldig_vigselsmyndighet,
        &v.vigselsbok_er_i_orden,
        &v.vigsel_er_utfoert_paa_sted_hvor_vigsler_har_myndighet,
    ];
    let tvil = svar.iter().any(|svar| matches!(svar.as_deref(), Some("nei" | "vetIkke")));
    let kilde = !matches!(f.kilde.as_str(), "innbygger" | "annet" | "utenlandskMyndighet");
    let her = v.vigselsland.as_deref().is_none_or(|land| land == "NOR");
    let underskrevet = f.vigselsmelding_er_korrekt_underskrevet.as_deref() == Some("ja");
    let attest = matches!(f.personene_stemmer_med_proevingsattest.as_deref(), Some("ja" | "ikkeRelevant"));
    !tvil && kilde && her && underskrevet && attest
}

async fn kan_gifte_seg(gang: &mut Gang<'_, '_>, a: P, b: P, dato: Date) -> Svar {
    if er_gift_med(gang, a, b).await? {
        let samme = gang.u.sivilstand(a).and_then(|s| s.sivilstandsdato) == Some(dato);
        gang.avvis(samme, Kode::AlleredeRegistrert)?;
    }
    for p in [a, b] {
        let opptatt = gang.u.sivilstand(p).is_some_and(|s| er_par(s.sivilstand));
        gang.avvis(opptatt, Kode::UgyldigSivilstand)?;
        let doed = gang.u.doedsdato(p).is_some_and(|doed| doed < dato);
        gang.avvis(doed, Kode::DatoEtterDoedsfall)?;
        let ung = gang.u.alder(p, dato).is_none_or(|alder| alder < 18);
        gang.manuelt(ung, Kode::UnderAlder);
    }
    let naere = naert_beslektet(gang, a, b);
    gang.manuelt(naere, Kode::NaertBeslektet);
    Ok(())
}

fn gift(gang: &mut Gang<'_, '_>, p: P, andre: P, v: &Seremoni, dato: Date) {
    let andres = gang.u.nummer(andre);
    let tekst = |t: &Option<String>| t.clone().map(Tekst::tilpass);
    let utland = v.vigselsland.as_deref().filter(|land| *land != "NOR").map(alfa3);
    let kommune = v.vigselsmyndighet_som_kommune.as_deref().and_then(|k| Kommunenummer::parse(k).ok());
    let ny = Sivilstand {
        myndighet: tekst(&v.vigselsmyndighet),
        kommune,
        sted: tekst(&v.vigselssted),
        utland,
        relatert_ved_sivilstand: Some(andres.into()),
        ..sivilstand(gang, Sivilstandstype::Gift, Some(dato))
    };
    gang.u.registrer(p, ny, |_: &Sivilstand| true);
    gang.u.meld(p, Hendelsestype::EndringISivilstand);
    let rolle = Familierelasjontype::EktefelleEllerPartner;
    relasjon(gang, p, Relatert::RelatertPerson(andres), rolle, Some(rolle));
    gang.u.meld(p, Hendelsestype::EndringIFamilierelasjon);
}

/// A spouse in a separation or divorce.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Part {
    foedsels_eller_d_nummer: Option<String>,
    #[serde(rename = "personnavn")]
    _personnavn: Option<Navn>,
    er_begjaerer_av_skilsmisse: Option<bool>,
}

#[derive(Deserialize)]
pub(super) struct Separasjonsmelding {
    forespoersel: Separasjonsforespoersel,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Separasjonsforespoersel {
    kilde: String,
    ektefelle_eller_partner: Vec<Part>,
    separasjon: Separasjon,
    vigsels_eller_partnerskapsdato: Option<Date>,
}

#[derive(Deserialize)]
struct Separasjon {
    separasjonsdato: Date,
    sivilstandsmyndighet: String,
}

/// Two who are spouses or partners of each other now.
async fn ektepar(gang: &mut Gang<'_, '_>, parter: &[Part], dato: Date) -> Svar<(P, P)> {
    let numre: Vec<&String> = parter.iter().filter_map(|p| p.foedsels_eller_d_nummer.as_ref()).collect();
    let [a, b] = numre.as_slice() else {
        return Err(Stopp::Manuell(vec![Kode::UkjentIdentitet.into()]));
    };
    let (a, b) = (gang.person(a).await?, gang.person(b).await?);
    for p in [a, b] {
        gang.dato(dato, p)?;
        gang.vern(p);
    }
    // Who does it cannot be made up by anybody: without a marriage there is nothing to end.
    if a == b || !er_gift_med(gang, a, b).await? {
        return Err(Kode::IkkeGiftMedHverandre.into());
    }
    Ok((a, b))
}

/// When the two were married, if the register knows.
fn vigselsdato(gang: &Gang<'_, '_>, p: P) -> Option<Date> {
    use Sivilstandstype::{Gift, RegistrertPartner};
    let naa = gang.u.sivilstand(p)?;
    let andre = naa.relatert_ved_sivilstand;
    let alle = gang.u.dok(p).sivilstand.iter();
    let mut gift = alle
        .filter(|s| matches!(s.sivilstand, Gift | RegistrertPartner) && s.relatert_ved_sivilstand == andre);
    gift.next().and_then(|s| s.sivilstandsdato)
}

fn stemmer_med_vigsel(gang: &mut Gang<'_, '_>, p: P, oppgitt: Option<Date>, dato: Date) -> Svar {
    let Some(vigslet) = vigselsdato(gang, p) else { return Ok(()) };
    gang.avvis(dato < vigslet, Kode::DatoFoerVigsel)?;
    gang.manuelt(oppgitt.is_some_and(|oppgitt| oppgitt != vigslet), Kode::MotstridendeOpplysninger);
    Ok(())
}

/// The next status of somebody, with the authority; the spouse stays named.
fn ny_stand(gang: &mut Gang<'_, '_>, p: P, type_: Sivilstandstype, dato: Date, myndighet: &str) {
    let relatert_ved_sivilstand = gang.u.sivilstand(p).and_then(|s| s.relatert_ved_sivilstand);
    let myndighet = Some(Tekst::tilpass(myndighet.to_owned()));
    let ny = Sivilstand { myndighet, relatert_ved_sivilstand, ..sivilstand(gang, type_, Some(dato)) };
    gang.u.registrer(p, ny, |_: &Sivilstand| true);
    gang.u.meld(p, Hendelsestype::EndringISivilstand);
}

fn er_partner(gang: &Gang<'_, '_>, p: P) -> bool {
    use Sivilstandstype::{RegistrertPartner, SeparertPartner};
    gang.u.sivilstand(p).is_some_and(|s| matches!(s.sivilstand, RegistrertPartner | SeparertPartner))
}

fn er_separert(gang: &Gang<'_, '_>, p: P) -> Option<Date> {
    use Sivilstandstype::{Separert, SeparertPartner};
    let naa = gang.u.sivilstand(p).filter(|s| matches!(s.sivilstand, Separert | SeparertPartner))?;
    naa.sivilstandsdato
}

pub(super) async fn separasjon(gang: &mut Gang<'_, '_>, m: Separasjonsmelding) -> Svar<Vedtak> {
    let f = m.forespoersel;
    gang.u.kilde = f.kilde;
    let dato = f.separasjon.separasjonsdato;
    let (a, b) = ektepar(gang, &f.ektefelle_eller_partner, dato).await?;
    gang.avvis([a, b].iter().any(|p| er_separert(gang, *p).is_some()), Kode::AlleredeRegistrert)?;
    stemmer_med_vigsel(gang, a, f.vigsels_eller_partnerskapsdato, dato)?;
    let utenlandsk = f.separasjon.sivilstandsmyndighet == "utenlandskMyndighetUtenomNorden";
    gang.manuelt(utenlandsk, Kode::KreverManuellVurdering);
    gang.klar()?;
    gang.u.gyldig = dato;
    for p in [a, b] {
        let partner = er_partner(gang, p);
        let type_ = if partner { Sivilstandstype::SeparertPartner } else { Sivilstandstype::Separert };
        ny_stand(gang, p, type_, dato, &f.separasjon.sivilstandsmyndighet);
    }
    Ok(Vedtak::REGISTRERT)
}

#[derive(Deserialize)]
pub(super) struct Skilsmissemelding {
    forespoersel: Skilsmisseforespoersel,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Skilsmisseforespoersel {
    kilde: String,
    ektefelle_eller_partner: Vec<Part>,
    skilsmisse: Brudd,
    vigsels_eller_partnerskapsdato: Option<Date>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Brudd {
    skilsmissedato: Date,
    begjaerer_av_skilsmisse: Option<String>,
    hjemmel: String,
    sivilstandsmyndighet: String,
}

pub(super) async fn skilsmisse(gang: &mut Gang<'_, '_>, m: Skilsmissemelding) -> Svar<Vedtak> {
    let f = m.forespoersel;
    gang.u.kilde = f.kilde;
    let brudd = &f.skilsmisse;
    let (a, b) = ektepar(gang, &f.ektefelle_eller_partner, brudd.skilsmissedato).await?;
    let ingen = !f.ektefelle_eller_partner.iter().any(|p| p.er_begjaerer_av_skilsmisse == Some(true));
    gang.avvis(ingen && brudd.begjaerer_av_skilsmisse.is_none(), Kode::MangelfulleOpplysninger)?;
    stemmer_med_vigsel(gang, a, f.vigsels_eller_partnerskapsdato, brudd.skilsmissedato)?;
    for p in [a, b] {
        let lenge_nok = er_separert(gang, p).is_some_and(|siden| et_aar_etter(siden) <= brudd.skilsmissedato);
        let tvil = match brudd.hjemmel.as_str() {
            "skilsmisseEtterSeparasjon" => !lenge_nok,
            "ugyldiggjoeringAvEkteskap" | "ikkeNorskHjemmel" => true,
            _ => false,
        };
        gang.manuelt(tvil, Kode::KreverManuellVurdering);
    }
    gang.klar()?;
    gang.u.gyldig = brudd.skilsmissedato;
    for (p, andre) in [(a, b), (b, a)] {
        if brudd.hjemmel == "ugyldiggjoeringAvEkteskap" {
            ugyldiggjoer(gang, p, andre);
            continue;
        }
        let partner = er_partner(gang, p);
        let type_ = if partner { Sivilstandstype::SkiltPartner } else { Sivilstandstype::Skilt };
        ny_stand(gang, p, type_, brudd.skilsmissedato, &brudd.sivilstandsmyndighet);
        let andres = gang.u.nummer(andre);
        avslutt_ekteskap(gang, p, andres);
    }
    Ok(Vedtak::REGISTRERT)
}

/// The legal minimum.
fn et_aar_etter(dato: Date) -> Date {
    Date::new(dato.year() + 1, dato.month(), dato.day()).unwrap_or_else(|| dato.plus_days(366))
}

/// The marriage never was: what it wrote goes, and what was before it holds again.
fn ugyldiggjoer(gang: &mut Gang<'_, '_>, p: P, andre: P) {
    let andres = gang.u.nummer(andre);
    let med = |s: &Sivilstand| er_par(s.sivilstand) && s.relatert_ved_sivilstand == Some(andres.into());
    gang.u.annuller(p, med);
    gang.u.dok_mut(p).sivilstand.retain(|s| !med(s));
    if gjeldende_alle(&gang.u.dok(p).sivilstand).next().is_none() {
        gang.u.forrige_igjen(p, |_: &Sivilstand| true);
    }
    gang.u.meld(p, Hendelsestype::EndringISivilstand);
    let rolle = Familierelasjontype::EktefelleEllerPartner;
    if gang.u.annuller(p, |f: &Familierelasjon| er_relasjon(f, andres, rolle)) {
        gang.u.meld(p, Hendelsestype::EndringIFamilierelasjon);
    }
}
