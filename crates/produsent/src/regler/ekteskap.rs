//! Wedding, separation, divorce (producer sheet, sections 6.4 to 6.6).

use folkeregisteret::modell::{
    Familierelasjon, Familierelasjontype, Hendelsestype, Navnedel, Personnavn, RelatertBiPerson, Sivilstand,
    Sivilstandstype, Tekst,
};
use identifikator::{Kommunenummer, Personidentifikator};
use serde::Deserialize;
use tid::Date;

use super::familie::{
    Hvem, avslutt_ekteskap, ektefelle, er_ekteskap, er_gift_med, er_par, naert_beslektet, nummer_av,
    relasjon, sivilstand, stand_paa,
};
use super::felles::alfa3;
use crate::sak::{Gang, Kode, P, Svar, Vedtak, gjeldende_alle};

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
    personnavn: Option<Brudenavn>,
    foedselsdato: Option<Date>,
    #[serde(default)]
    statsborgerskap: Vec<String>,
}

/// Here no part of a name is required.
#[derive(Deserialize)]
struct Brudenavn {
    fornavn: Option<String>,
    mellomnavn: Option<String>,
    etternavn: Option<String>,
}

impl Ektefelle {
    /// Somebody whom the message describes.
    fn beskrevet(&self) -> Option<Hvem> {
        let navn = self.personnavn.as_ref()?;
        let del = |del: &Option<String>| Navnedel::tilpass(del.clone().unwrap_or_default());
        let navn = Personnavn {
            fornavn: del(&navn.fornavn),
            mellomnavn: navn.mellomnavn.clone().map(Navnedel::tilpass),
            etternavn: del(&navn.etternavn),
        };
        Some(Hvem::Beskrevet(RelatertBiPerson {
            navn,
            foedselsdato: self.foedselsdato,
            statsborgerskap: self.statsborgerskap.first().map(|land| alfa3(land)),
            kjoenn: None,
        }))
    }
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
    let [a, b] = brudepar(gang, &f.ektefelle).await?;
    let dato = f.vigsel.vigselsdato;
    gang.manuelt(dato.is_none() || !er_i_orden(&f), Kode::MangelfulleOpplysninger);
    kan_gifte_seg(gang, &a, &b, dato.unwrap_or_else(|| gang.u.i_dag())).await?;
    gang.klar()?;
    gang.u.gyldig = dato.unwrap_or_else(|| gang.u.i_dag());
    for (en, andre) in [(&a, &b), (&b, &a)] {
        if let Some(p) = en.p() {
            gift(gang, p, andre, &f.vigsel);
        }
    }
    Ok(Vedtak::REGISTRERT)
}

/// The two. One of them may be somebody whom the register does not know.
async fn brudepar(gang: &mut Gang<'_, '_>, ektefeller: &[Ektefelle]) -> Svar<[Hvem; 2]> {
    let mut par = Vec::new();
    for ektefelle in ektefeller {
        match &ektefelle.foedsels_eller_d_nummer {
            Some(nummer) => par.push(Hvem::Registrert(gang.person(nummer).await?)),
            None => par.extend(ektefelle.beskrevet()),
        }
    }
    let Ok([a, b]) = <[Hvem; 2]>::try_from(par) else {
        return Err(Kode::MotstridendeOpplysninger.into());
    };
    match (a.p(), b.p()) {
        (None, None) => return Err(gang.umulig(Kode::UkjentIdentitet)),
        (Some(a), Some(b)) if a == b => return Err(Kode::MotstridendeOpplysninger.into()),
        (a, b) => gang.manuelt(a.is_none() || b.is_none(), Kode::UkjentIdentitet),
    }
    Ok([a, b])
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

async fn kan_gifte_seg(gang: &mut Gang<'_, '_>, a: &Hvem, b: &Hvem, dato: Date) -> Svar {
    if let (Some(a), Some(b)) = (a.p(), b.p()) {
        if er_gift_med(gang, a, b).await?
            && gang.u.sivilstand(a).and_then(|s| s.sivilstandsdato) == Some(dato)
        {
            // Nobody can enter it twice.
            return Err(Kode::AlleredeRegistrert.into());
        }
        let naere = naert_beslektet(gang, a, b);
        gang.manuelt(naere, Kode::NaertBeslektet);
    }
    for hvem in [a, b] {
        let ung = hvem.alder(gang, dato).is_none_or(|alder| alder < 18);
        gang.manuelt(ung, Kode::UnderAlder);
        let Some(p) = hvem.p() else { continue };
        gang.dato(dato, p)?;
        gang.vern(p);
        let doed = gang.u.doedsdato(p);
        gang.avvis(doed.is_some_and(|doed| doed < dato), Kode::DatoEtterDoedsfall)?;
        let opptatt = stand_paa(gang, p, dato).is_some_and(|s| er_par(s.sivilstand));
        gang.avvis(opptatt, Kode::UgyldigSivilstand)?;
        // What has happened since is not undone by a wedding that is told of late.
        let siden = gang.u.sivilstand(p).and_then(|s| s.sivilstandsdato).is_some_and(|siden| siden > dato);
        gang.manuelt(siden || doed.is_some(), Kode::MotstridendeOpplysninger);
    }
    Ok(())
}

fn gift(gang: &mut Gang<'_, '_>, p: P, andre: &Hvem, v: &Seremoni) {
    let tekst = |t: &Option<String>| t.clone().map(Tekst::tilpass);
    let utland = v.vigselsland.as_deref().filter(|land| *land != "NOR").map(alfa3);
    let kommune = v.vigselsmyndighet_som_kommune.as_deref().and_then(|k| Kommunenummer::parse(k).ok());
    let ny = Sivilstand {
        myndighet: tekst(&v.vigselsmyndighet),
        kommune,
        sted: tekst(&v.vigselssted),
        utland,
        relatert_ved_sivilstand: andre.p().map(|andre| gang.u.nummer(andre).into()),
        ..sivilstand(gang, Sivilstandstype::Gift, v.vigselsdato)
    };
    gang.u.registrer(p, ny, |_: &Sivilstand| true);
    gang.u.meld(p, Hendelsestype::EndringISivilstand);
    let rolle = Familierelasjontype::EktefelleEllerPartner;
    let relatert = andre.relatert(gang);
    relasjon(gang, p, relatert, rolle, Some(rolle));
    gang.u.meld(p, Hendelsestype::EndringIFamilierelasjon);
}

/// A spouse in a separation or divorce.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Part {
    foedsels_eller_d_nummer: Option<String>,
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

/// Two who are spouses or partners of each other now. The register may have no number of the second; whom the message gives
/// by name is the spouse of the first.
async fn ektepar(gang: &mut Gang<'_, '_>, parter: &[Part], dato: Date) -> Svar<(P, Option<P>)> {
    let mut numre = parter.iter().filter_map(|p| p.foedsels_eller_d_nummer.as_ref());
    let (Some(a), b) = (numre.next(), numre.next()) else {
        return Err(gang.umulig(Kode::UkjentIdentitet));
    };
    gang.manuelt(b.is_none(), Kode::UkjentIdentitet);
    let a = gang.person(a).await?;
    let b = match b {
        Some(b) => Some(gang.person(b).await?),
        None => ektefelle(gang, a).await?,
    };
    for p in [Some(a), b].into_iter().flatten() {
        gang.dato(dato, p)?;
        gang.vern(p);
    }
    let gifte = if let Some(b) = b {
        a != b && er_gift_med(gang, a, b).await?
    } else {
        let stand = gang.u.sivilstand(a);
        nummer_av(stand).is_none() && stand.is_some_and(|s| er_par(s.sivilstand))
    };
    // A marriage cannot be made up by anybody: without one there is nothing to end.
    if gifte { Ok((a, b)) } else { Err(Kode::IkkeGiftMedHverandre.into()) }
}

/// Each of the two who is in the register, with the number of the other.
fn sider(gang: &Gang<'_, '_>, (a, b): (P, Option<P>)) -> Vec<(P, Option<Personidentifikator>)> {
    let nummer = |p: P| gang.u.nummer(p);
    [Some((a, b.map(nummer))), b.map(|b| (b, Some(nummer(a))))].into_iter().flatten().collect()
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

/// The status of somebody who is separated.
fn separert<'g>(gang: &'g Gang<'_, '_>, p: P) -> Option<&'g Sivilstand> {
    use Sivilstandstype::{Separert, SeparertPartner};
    gang.u.sivilstand(p).filter(|s| matches!(s.sivilstand, Separert | SeparertPartner))
}

pub(super) async fn separasjon(gang: &mut Gang<'_, '_>, m: Separasjonsmelding) -> Svar<Vedtak> {
    let f = m.forespoersel;
    gang.u.kilde = f.kilde;
    let dato = f.separasjon.separasjonsdato;
    let par = ektepar(gang, &f.ektefelle_eller_partner, dato).await?;
    let sider = sider(gang, par);
    gang.avvis(sider.iter().any(|(p, _)| separert(gang, *p).is_some()), Kode::AlleredeRegistrert)?;
    stemmer_med_vigsel(gang, par.0, f.vigsels_eller_partnerskapsdato, dato)?;
    let utenlandsk = f.separasjon.sivilstandsmyndighet == "utenlandskMyndighetUtenomNorden";
    gang.manuelt(utenlandsk, Kode::KreverManuellVurdering);
    gang.klar()?;
    gang.u.gyldig = dato;
    for (p, _) in sider {
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
    let par = ektepar(gang, &f.ektefelle_eller_partner, brudd.skilsmissedato).await?;
    let ingen = !f.ektefelle_eller_partner.iter().any(|p| p.er_begjaerer_av_skilsmisse == Some(true));
    gang.avvis(ingen && brudd.begjaerer_av_skilsmisse.is_none(), Kode::MangelfulleOpplysninger)?;
    stemmer_med_vigsel(gang, par.0, f.vigsels_eller_partnerskapsdato, brudd.skilsmissedato)?;
    let sider = sider(gang, par);
    for (p, _) in &sider {
        let siden = separert(gang, *p).and_then(|s| s.sivilstandsdato);
        let lenge_nok = siden.is_some_and(|siden| et_aar_etter(siden) <= brudd.skilsmissedato);
        let tvil = match brudd.hjemmel.as_str() {
            "skilsmisseEtterSeparasjon" => !lenge_nok,
            "ugyldiggjoeringAvEkteskap" | "ikkeNorskHjemmel" => true,
            _ => false,
        };
        gang.manuelt(tvil, Kode::KreverManuellVurdering);
    }
    gang.klar()?;
    gang.u.gyldig = brudd.skilsmissedato;
    for (p, andre) in sider {
        if brudd.hjemmel == "ugyldiggjoeringAvEkteskap" {
            ugyldiggjoer(gang, p, andre);
            continue;
        }
        let partner = er_partner(gang, p);
        let type_ = if partner { Sivilstandstype::SkiltPartner } else { Sivilstandstype::Skilt };
        ny_stand(gang, p, type_, brudd.skilsmissedato, &brudd.sivilstandsmyndighet);
        avslutt_ekteskap(gang, p, andre);
    }
    Ok(Vedtak::REGISTRERT)
}

/// The legal minimum.
fn et_aar_etter(dato: Date) -> Date {
    Date::new(dato.year() + 1, dato.month(), dato.day()).unwrap_or_else(|| dato.plus_days(366))
}

/// The marriage never was: what it wrote goes, and what was before it holds again.
fn ugyldiggjoer(gang: &mut Gang<'_, '_>, p: P, andre: Option<Personidentifikator>) {
    // They may have been married to each other before.
    let vigslet = vigselsdato(gang, p);
    let med = |s: &Sivilstand| {
        er_par(s.sivilstand)
            && s.relatert_ved_sivilstand == andre.map(Into::into)
            && s.sivilstandsdato.is_none_or(|dato| Some(dato) >= vigslet)
    };
    gang.u.annuller(p, med);
    gang.u.dok_mut(p).sivilstand.retain(|s| !med(s));
    if gjeldende_alle(&gang.u.dok(p).sivilstand).next().is_none() {
        gang.u.forrige_igjen(p, |_: &Sivilstand| true);
    }
    gang.u.meld(p, Hendelsestype::EndringISivilstand);
    if gang.u.annuller(p, |f: &Familierelasjon| er_ekteskap(f, andre)) {
        gang.u.meld(p, Hendelsestype::EndringIFamilierelasjon);
    }
}
