//! Changes of persons with a fødselsnummer (producer sheet, section 6.10): one property a message.

use folkeregisteret::modell::{Aarstall, Foedsel, Hendelsestype, Kjoenn, Personkjoenn, Personstatus, Tekst};
use identifikator::Slag;
use serde::Deserialize;
use tid::Date;

use super::felles::{Navn, alfa3, kjoenn, navn_i};
use super::nummerbytte::bytt_nummer;
use super::papirer::har_annet_duf;
use super::statsborgerskap::Statsborgerskapsliste;
use super::verb::Verb;
use crate::sak::{Gang, Kode, P, Stopp, Svar, Tildelt, Vedtak, gjeldende};

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
    // Where somebody was born does not change: it can only have been wrong.
    let fast = e.foedested.is_some() || e.foedeland.is_some();
    gang.avvis(fast && verb != Verb::Korrigere, Kode::UgyldigMelding)?;
    if let Some(dato) = e.foedselsdato {
        gang.ikke_fremtid(dato)?;
    }
    if let Some(liste) = &e.statsborgerskap {
        liste.kontroller(gang, p)?;
    }
    let nytt_nummer = e.kjoenn.is_some() || e.foedselsdato.is_some();
    let tvil = f.kilde == "annet" || e.er_vedtak_om_identitetsendring || nytt_nummer;
    gang.manuelt(tvil, Kode::KreverManuellVurdering);
    let annet_duf = har_annet_duf(gang, p, e.duf_nummer.as_deref());
    gang.manuelt(annet_duf, Kode::MotstridendeOpplysninger);
    gang.vern(p);
    let alt_slik = verb == Verb::Endre && er_alt_slik(gang, p, e);
    gang.avvis(alt_slik, Kode::AlleredeRegistrert)?;
    gang.klar()?;
    let resultat = (verb == Verb::Korrigere).then_some(("skalKorrigere", "Opplysningene er korrigert"));
    let tildelt = utfoer(gang, p, e, verb).await?;
    Ok(Vedtak { resultat, tildelt, ..Vedtak::REGISTRERT })
}

fn er_alt_slik(gang: &Gang<'_, '_>, p: P, e: &Fnrperson) -> bool {
    let heter = |n: &Navn| navn_i(gang.u.dok(p)) == Some(n.normalisert());
    e.navn.as_ref().is_some_and(heter)
        || e.kjoenn.as_deref().is_some_and(|k| kjoenn(k) == gang.u.kjoenn(p))
        || (e.foedselsdato.is_some() && e.foedselsdato == gang.u.foedselsdato(p))
        || e.statsborgerskap.as_ref().is_some_and(|l| l.er_alt_slik(gang, p))
}

async fn utfoer(gang: &mut Gang<'_, '_>, p: P, e: &Fnrperson, verb: Verb) -> Svar<Option<Tildelt>> {
    if let Some(liste) = &e.statsborgerskap {
        liste.utfoer(gang, p, verb);
        gang.u.meld(p, Hendelsestype::EndringIStatsborgerskap);
    } else if let Some(navn) = &e.navn {
        let ny = navn.innslag(&gang.u);
        verb.utfoer(gang, p, ny, |_| true);
        gang.u.meld(p, Hendelsestype::EndringINavn);
    } else if let Some(dato) = e.foedselsdato {
        return ny_foedselsdato(gang, p, dato, verb).await.map(Some);
    } else if let Some(kj) = e.kjoenn.as_deref().and_then(kjoenn) {
        return nytt_kjoenn(gang, p, kj, verb).await.map(Some);
    } else {
        endre_foedsel(gang, p, verb, |f| {
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

async fn ny_foedselsdato(gang: &mut Gang<'_, '_>, p: P, dato: Date, verb: Verb) -> Svar<Tildelt> {
    let kj = gang.u.kjoenn(p);
    let tildelt = bytt_nummer(gang, p, dato, kj).await?;
    endre_foedsel(gang, p, verb, |f| {
        f.foedselsdato = Some(dato);
        f.foedselsaar = Aarstall::av(dato);
    });
    Ok(tildelt)
}

async fn nytt_kjoenn(gang: &mut Gang<'_, '_>, p: P, kj: Kjoenn, verb: Verb) -> Svar<Tildelt> {
    // A number tells a date: without one there is none to give.
    let foedt = gang.u.foedselsdato(p).ok_or_else(|| Stopp::from(Kode::MangelfulleOpplysninger))?;
    let tildelt = bytt_nummer(gang, p, foedt, Some(kj)).await?;
    let ny = Personkjoenn { meta: gang.u.meta(), kjoenn: kj };
    verb.utfoer(gang, p, ny, |_| true);
    gang.u.meld(p, Hendelsestype::EndringIKjoenn);
    Ok(tildelt)
}

/// The current birth, with something of it other than it was. Tells whether there is one.
pub(super) fn endre_foedsel(
    gang: &mut Gang<'_, '_>,
    p: P,
    verb: Verb,
    gjoer: impl FnOnce(&mut Foedsel),
) -> bool {
    let Some(mut ny) = gjeldende(&gang.u.dok(p).foedsel).cloned() else { return false };
    ny.meta = gang.u.meta();
    gjoer(&mut ny);
    let gjort = verb.utfoer(gang, p, ny, |_| true);
    gang.u.meld(p, Hendelsestype::EndringIFoedsel);
    gjort
}
