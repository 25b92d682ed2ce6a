//! Changes of persons with a fødselsnummer (producer sheet, section 6.10) or a D-number (section 6.11): one property a
//! message.

use folkeregisteret::modell::{
    Aarstall, Entitetsendring, Familierelasjon, Foedsel, Folkeregisterpersonnavn, Folkeregisterpersonstatus,
    Foreldreansvar, Hendelsestype, Kjoenn, Kontaktadresse, KontaktadresseIUtlandet, Oppholdsadresse,
    Personkjoenn, Personstatus, Relatert, Sivilstand, Statsborgerskap, Tekst,
};
use identifikator::{LandkodeAlfa3, Personidentifikator, Slag};
use serde::Deserialize;
use tid::Date;

use super::familie::i_rolle;
use super::felles::{AnnetNummer, Navn, alfa3, duf_av, kjoenn, navn_i_registeret, normalisert};
use super::foedsel::{identifikator, tildel};
use super::innflytting::{Post, postadresse};
use super::rekvisisjon::{Sted, oppholdsadresse, ukjent_oppholdsadresse};
use crate::sak::{Gang, Kode, P, Svar, Vedtak, gjeldende, gjeldende_alle};

#[derive(Deserialize)]
pub(super) struct Fnrmelding {
    forespoersel: Fnrforespoersel,
}

#[derive(Deserialize)]
struct Fnrforespoersel {
    kilde: String,
    person: Fnrperson,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fnrperson {
    statsborgerskap: Option<Statsborgerskapsliste>,
    foedselsdato: Option<Date>,
    navn: Option<Navn>,
    kjoenn: Option<String>,
    foedested: Option<String>,
    foedeland: Option<String>,
    foedselsnummer: String,
    duf_nummer: Option<String>,
    endringstype: String,
    er_vedtak_om_identitetsendring: bool,
}

#[derive(Deserialize)]
struct Statsborgerskapsliste {
    statsborgerskap: Vec<Borger>,
}

/// A citizenship: with the date it was acquired, or, in the oldest contract, a country alone.
#[derive(Deserialize)]
#[serde(untagged)]
enum Borger {
    Land(String),
    Ervervet { statsborgerskap: String, ervervsdato: Option<Date> },
}

impl Borger {
    fn land(&self) -> LandkodeAlfa3 {
        match self {
            Self::Land(land) | Self::Ervervet { statsborgerskap: land, .. } => alfa3(land),
        }
    }

    const fn ervervet(&self) -> Option<Date> {
        match self {
            Self::Land(_) => None,
            Self::Ervervet { ervervsdato, .. } => *ervervsdato,
        }
    }
}

/// What is to be done with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Endre,
    Opphoere,
    Annullere,
    Korrigere,
}

impl Verb {
    fn av(kode: Option<&str>) -> Self {
        match kode {
            Some("opphoere") => Self::Opphoere,
            Some("annullere") => Self::Annullere,
            Some("korrigere") => Self::Korrigere,
            _ => Self::Endre,
        }
    }
}

pub(super) async fn fnr_endring(gang: &mut Gang<'_, '_>, m: Fnrmelding) -> Svar<Vedtak> {
    let f = m.forespoersel;
    let e = &f.person;
    gang.u.kilde.clone_from(&f.kilde);
    let p = gang.person(&e.foedselsnummer).await?;
    let verb = Verb::av(Some(&e.endringstype));
    let doed = gang.u.status(p) == Some(Personstatus::Doed);
    let lov_for_doede = verb == Verb::Korrigere && (e.statsborgerskap.is_some() || e.navn.is_some());
    let feil_slag = gang.u.nummer(p).slag() != Slag::Foedselsnummer;
    if feil_slag || (doed && !lov_for_doede) {
        return Err(Kode::UgyldigPersonstatus.into());
    }
    let nytt_nummer = e.kjoenn.is_some() || e.foedselsdato.is_some();
    let tvil = f.kilde == "annet" || e.er_vedtak_om_identitetsendring || nytt_nummer;
    gang.manuelt(tvil, Kode::KreverManuellVurdering);
    ulikt_duf(gang, p, e.duf_nummer.as_deref());
    if let Some(dato) = e.foedselsdato {
        gang.ikke_fremtid(dato)?;
    }
    gang.vern(p);
    let alt_slik = verb == Verb::Endre && er_alt_slik(gang, p, e);
    gang.avvis(alt_slik, Kode::AlleredeRegistrert)?;
    gang.klar()?;
    let resultat = (verb == Verb::Korrigere).then_some(("skalKorrigere", "Opplysningene er korrigert"));
    let tildelt = utfoer_fnr(gang, p, e, verb).await?;
    Ok(Vedtak { resultat, tildelt, ..Vedtak::REGISTRERT })
}

fn ulikt_duf(gang: &mut Gang<'_, '_>, p: P, oppgitt: Option<&str>) {
    let registrert = duf_av(gang, p);
    let ulikt = oppgitt.is_some_and(|oppgitt| registrert.as_deref() != Some(oppgitt));
    gang.manuelt(ulikt, Kode::MotstridendeOpplysninger);
}

fn er_alt_slik(gang: &Gang<'_, '_>, p: P, e: &Fnrperson) -> bool {
    let navn = e.navn.as_ref().is_some_and(|n| navn_i_registeret(gang, p) == Some(n.normalisert()));
    let kj = e.kjoenn.as_deref().is_some_and(|k| kjoenn(k) == gang.u.kjoenn(p));
    let foedt = e.foedselsdato.is_some() && e.foedselsdato == gang.u.foedselsdato(p);
    let land =
        e.statsborgerskap.as_ref().is_some_and(|l| l.statsborgerskap.iter().all(|b| har_land(gang, p, b)));
    navn || kj || foedt || land
}

fn har_land(gang: &Gang<'_, '_>, p: P, borger: &Borger) -> bool {
    gjeldende_alle(&gang.u.dok(p).statsborgerskap).any(|s| s.statsborgerskap == borger.land())
}

async fn utfoer_fnr(
    gang: &mut Gang<'_, '_>,
    p: P,
    e: &Fnrperson,
    verb: Verb,
) -> Svar<Option<crate::sak::Tildelt>> {
    if let Some(liste) = &e.statsborgerskap {
        statsborgerskap(gang, p, &liste.statsborgerskap, verb);
        gang.u.meld(p, Hendelsestype::EndringIStatsborgerskap);
    } else if let Some(navn) = &e.navn {
        sett_navn(gang, p, navn, verb);
    } else if let Some(dato) = e.foedselsdato {
        let kj = gang.u.kjoenn(p);
        let tildelt = bytt_nummer(gang, p, dato, kj).await?;
        endre_foedsel(gang, p, Entitetsendring::RegistrereNy, |f| {
            f.foedselsdato = Some(dato);
            f.foedselsaar = Aarstall::av(dato);
        });
        return Ok(Some(tildelt));
    } else if let Some(kj) = e.kjoenn.as_deref().and_then(kjoenn) {
        let foedt = gang.u.foedselsdato(p).unwrap_or_else(|| gang.u.i_dag());
        let tildelt = bytt_nummer(gang, p, foedt, Some(kj)).await?;
        let ny = Personkjoenn { meta: gang.u.meta(), kjoenn: kj };
        gang.u.registrer(p, ny, |_| true);
        gang.u.meld(p, Hendelsestype::EndringIKjoenn);
        return Ok(Some(tildelt));
    } else {
        endre_foedsel(gang, p, Entitetsendring::Korrigere, |f| {
            if let Some(sted) = &e.foedested {
                f.foedested = Some(Tekst::tilpass(sted.clone()));
            }
            if let Some(land) = &e.foedeland {
                f.foedeland = Some(alfa3(land));
            }
        });
    }
    Ok(None)
}

/// The current birth, with something of it other than it was.
fn endre_foedsel(gang: &mut Gang<'_, '_>, p: P, endring: Entitetsendring, gjoer: impl FnOnce(&mut Foedsel)) {
    let Some(mut ny) = gjeldende(&gang.u.dok(p).foedsel).cloned() else { return };
    ny.meta = gang.u.meta();
    gjoer(&mut ny);
    if endring == Entitetsendring::Korrigere {
        gang.u.korriger(p, ny, |_| true);
    } else {
        gang.u.registrer(p, ny, |_| true);
    }
    gang.u.meld(p, Hendelsestype::EndringIFoedsel);
}

fn sett_navn(gang: &mut Gang<'_, '_>, p: P, navn: &Navn, verb: Verb) {
    let ny = navn.innslag(gang);
    if verb == Verb::Korrigere {
        gang.u.korriger(p, ny, |_: &Folkeregisterpersonnavn| true);
    } else {
        gang.u.registrer(p, ny, |_: &Folkeregisterpersonnavn| true);
    }
    gang.u.meld(p, Hendelsestype::EndringINavn);
}

/// `endre` adds countries, `korrigere` replaces them all, `opphoere` and `annullere` take those named away.
fn statsborgerskap(gang: &mut Gang<'_, '_>, p: P, liste: &[Borger], verb: Verb) {
    let nevnt = |s: &Statsborgerskap| liste.iter().any(|b| b.land() == s.statsborgerskap);
    match verb {
        Verb::Opphoere => {
            gang.u.avslutt(p, nevnt);
            return;
        }
        Verb::Annullere => {
            gang.u.annuller(p, nevnt);
            return;
        }
        Verb::Endre | Verb::Korrigere => {}
    }
    for (i, borger) in liste.iter().enumerate() {
        if verb == Verb::Endre && har_land(gang, p, borger) {
            continue;
        }
        let (meta, ervervsdato) = (gang.u.meta(), borger.ervervet());
        let ny = Statsborgerskap { meta, statsborgerskap: borger.land(), ervervsdato };
        if verb == Verb::Korrigere {
            gang.u.korriger(p, ny, |_| i == 0);
        } else {
            gang.u.registrer(p, ny, |_| false);
        }
    }
}

/// A new number for other data (section 8.4): told of on the old one, and known to every relative, who are not told.
pub(super) async fn bytt_nummer(
    gang: &mut Gang<'_, '_>,
    p: P,
    foedt: Date,
    kj: Option<Kjoenn>,
) -> Svar<crate::sak::Tildelt> {
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
    use folkeregisteret::modell::Familierelasjontype as Rolle;
    let mut alle = i_rolle(gang, p, Rolle::ALLE);
    let dok = gang.u.dok(p);
    alle.extend(dok.familierelasjon.iter().filter_map(|f| match &f.relatert {
        Relatert::RelatertPerson(nummer) => Some(*nummer),
        Relatert::RelatertPersonUtenFolkeregisteridentifikator(_) => None,
    }));
    alle.extend(dok.sivilstand.iter().filter_map(|s| s.relatert_ved_sivilstand?.personidentifikator()));
    alle.extend(dok.foreldreansvar.iter().flat_map(|f| [f.ansvarlig, f.ansvarssubjekt]).flatten());
    alle.sort_unstable();
    alle.dedup();
    alle
}

/// Writes a new number where the old one stood.
fn omtal(gang: &mut Gang<'_, '_>, andre: P, gammelt: Personidentifikator, nytt: Personidentifikator) {
    let dok = gang.u.dok_mut(andre);
    for f in &mut dok.familierelasjon {
        let Familierelasjon { relatert, .. } = f;
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

#[derive(Deserialize)]
pub(super) struct Dnummermelding {
    forespoersel: Dnummerforespoersel,
}

#[derive(Deserialize)]
struct Dnummerforespoersel {
    kilde: String,
    person: Dnummerperson,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Dnummerperson {
    foedselsdato: Option<Foedt>,
    #[serde(alias = "statsborgerskapListe")]
    statsborgerskap: Option<Statsborgerskapsliste>,
    personstatus: Option<String>,
    navn: Option<Navn>,
    kjoenn: Option<String>,
    foedeland: Option<String>,
    #[serde(alias = "harUoppgittOppholdsadresse")]
    oppholdsadresse_er_ikke_aktuell: Option<bool>,
    har_ukjent_oppholdsadresse: Option<bool>,
    oppholdsadresse: Option<Sted>,
    postadresse: Option<Post>,
    postadresse_i_utlandet: Option<Post>,
    utenlandsk_personidentifikasjon: Option<AnnetNummer>,
    d_nummer: String,
    duf_nummer: Option<String>,
    endringstype: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Foedt {
    foedselsdato_er_kjent: bool,
    foedselsdato: Option<Date>,
}

pub(super) async fn dnummer_endring(gang: &mut Gang<'_, '_>, m: Dnummermelding) -> Svar<Vedtak> {
    let Dnummerforespoersel { kilde, person: e } = m.forespoersel;
    gang.u.kilde.clone_from(&kilde);
    let p = gang.person(&e.d_nummer).await?;
    if gang.u.nummer(p).slag() != Slag::DNummer {
        return Err(Kode::UgyldigPersonstatus.into());
    }
    let status = gang.u.status(p);
    let reaktiveres = e.personstatus.as_deref() == Some("midlertidig");
    let lov = matches!(status, Some(Personstatus::Midlertidig))
        || (status == Some(Personstatus::Inaktiv) && reaktiveres);
    gang.avvis(!lov, Kode::UgyldigPersonstatus)?;
    gang.avvis(!har_rekvirert(gang, p, &kilde), Kode::InnsenderHarIkkeEndringsrett)?;
    let nei = e.oppholdsadresse_er_ikke_aktuell == Some(false) || e.har_ukjent_oppholdsadresse == Some(false);
    gang.avvis(nei, Kode::MotstridendeOpplysninger)?;
    let samme_status = match e.personstatus.as_deref() {
        Some("midlertidig") => status == Some(Personstatus::Midlertidig),
        Some("inaktiv") => status == Some(Personstatus::Inaktiv),
        _ => false,
    };
    gang.avvis(samme_status, Kode::AlleredeRegistrert)?;
    if let Some(dato) = e.foedselsdato.as_ref().and_then(|f| f.foedselsdato) {
        gang.ikke_fremtid(dato)?;
    }
    ulikt_duf(gang, p, e.duf_nummer.as_deref());
    let verb = Verb::av(e.endringstype.as_deref());
    if let (Some(navn), Verb::Endre) = (&e.navn, verb) {
        let annet = helt_annet_navn(gang, p, navn);
        gang.manuelt(annet, Kode::MotstridendeOpplysninger);
    }
    gang.vern(p);
    gang.klar()?;
    person(gang, p, &e, verb);
    adresser(gang, p, &e, verb);
    Ok(Vedtak { endret: Some(gang.u.nummer(p)), ..Vedtak::REGISTRERT })
}

/// Only who requisitioned the number may change the person (section 1). The source of the status says who did; persons
/// whose requisitioner the register does not know may be changed by all.
fn har_rekvirert(gang: &Gang<'_, '_>, p: P, kilde: &str) -> bool {
    const REKVIRENTER: [&str; 2] = ["utlendingsdirektoratet", "nav"];
    let numre = &gang.u.dok(p).identifikasjonsnummer;
    let rekvirent = gjeldende(numre).and_then(|n| n.meta.kilde.as_deref());
    kilde == "folkeregisteret" || rekvirent.is_none_or(|r| r == kilde || !REKVIRENTER.contains(&r))
}

fn helt_annet_navn(gang: &Gang<'_, '_>, p: P, nytt: &Navn) -> bool {
    let Some(navn) = gjeldende(&gang.u.dok(p).navn) else { return false };
    let ulikt = |a: &str, b: &str| normalisert([a].into_iter()) != normalisert([b].into_iter());
    ulikt(&navn.fornavn, &nytt.fornavn) && ulikt(&navn.etternavn, &nytt.etternavn)
}

fn person(gang: &mut Gang<'_, '_>, p: P, e: &Dnummerperson, verb: Verb) {
    if let Some(foedt) = &e.foedselsdato {
        endre_foedsel(gang, p, Entitetsendring::Korrigere, |f| {
            f.foedselsdato = foedt.foedselsdato.filter(|_| foedt.foedselsdato_er_kjent);
            if let Some(dato) = foedt.foedselsdato {
                f.foedselsaar = Aarstall::av(dato);
            }
        });
    }
    if let Some(land) = &e.foedeland {
        endre_foedsel(gang, p, Entitetsendring::Korrigere, |f| f.foedeland = Some(alfa3(land)));
    }
    if let Some(liste) = &e.statsborgerskap {
        statsborgerskap(gang, p, &liste.statsborgerskap, verb);
        gang.u.meld(p, Hendelsestype::EndringIStatsborgerskap);
    }
    if let Some(status) = e.personstatus.as_deref().and_then(Personstatus::av_kode) {
        let ny = Folkeregisterpersonstatus { meta: gang.u.meta(), status };
        gang.u.registrer(p, ny, |_| true);
        gang.u.meld(p, Hendelsestype::EndringIStatus);
    }
    if let Some(navn) = &e.navn {
        match verb {
            Verb::Opphoere => {
                gang.u.avslutt(p, |_: &Folkeregisterpersonnavn| true);
            }
            Verb::Annullere => {
                gang.u.annuller(p, |_: &Folkeregisterpersonnavn| true);
            }
            Verb::Endre | Verb::Korrigere => sett_navn(gang, p, navn, verb),
        }
        gang.u.meld(p, Hendelsestype::EndringINavn);
    }
    if let Some(kode) = &e.kjoenn {
        match kjoenn(kode) {
            None => {
                gang.u.avslutt(p, |_: &Personkjoenn| true);
            }
            Some(kjoenn) => {
                let ny = Personkjoenn { meta: gang.u.meta(), kjoenn };
                gang.u.registrer(p, ny, |_| true);
            }
        }
        gang.u.meld(p, Hendelsestype::EndringIKjoenn);
    }
    if let Some(nummer) = &e.utenlandsk_personidentifikasjon {
        match verb {
            Verb::Endre => nummer.registrer(gang, p, Entitetsendring::RegistrereNy),
            Verb::Korrigere => nummer.registrer(gang, p, Entitetsendring::Korrigere),
            Verb::Opphoere | Verb::Annullere => {
                nummer.fjern(gang, p);
            }
        }
        let type_ = if nummer.er_duf() {
            Hendelsestype::EndringIUtlendingsmyndighetenesIdentifikasjonsnummer
        } else {
            Hendelsestype::EndringIUtenlandskPersonidentifikasjon
        };
        gang.u.meld(p, type_);
    }
}

fn adresser(gang: &mut Gang<'_, '_>, p: P, e: &Dnummerperson, verb: Verb) {
    let borte = match verb {
        Verb::Endre | Verb::Korrigere => None,
        annet => Some(annet == Verb::Annullere),
    };
    if e.oppholdsadresse_er_ikke_aktuell == Some(true) {
        gang.u.avslutt(p, |_: &Oppholdsadresse| true);
    }
    if e.har_ukjent_oppholdsadresse == Some(true) {
        ukjent_oppholdsadresse(gang, p);
    }
    if let Some(sted) = &e.oppholdsadresse {
        match borte {
            Some(true) => {
                gang.u.annuller(p, |_: &Oppholdsadresse| true);
            }
            Some(false) => {
                gang.u.avslutt(p, |_: &Oppholdsadresse| true);
            }
            None => oppholdsadresse(gang, p, sted),
        }
    }
    gang.u.meld(p, Hendelsestype::EndringIOppholdsadresse);
    if let Some(post) = &e.postadresse {
        match borte {
            Some(true) => {
                gang.u.annuller(p, |_: &Kontaktadresse| true);
            }
            Some(false) => {
                gang.u.avslutt(p, |_: &Kontaktadresse| true);
            }
            None => postadresse(gang, p, post),
        }
    }
    if let Some(post) = &e.postadresse_i_utlandet {
        match borte {
            Some(true) => {
                gang.u.annuller(p, |_: &KontaktadresseIUtlandet| true);
            }
            Some(false) => {
                gang.u.avslutt(p, |_: &KontaktadresseIUtlandet| true);
            }
            None => postadresse(gang, p, post),
        }
    }
    gang.u.meld(p, Hendelsestype::EndringIKontaktinformasjon);
}
