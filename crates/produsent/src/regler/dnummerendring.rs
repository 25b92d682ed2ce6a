//! Changes of persons with a D-number (producer sheet, section 6.11): one property a message.

use folkeregisteret::modell::{
    Aarstall, Folkeregisterpersonnavn, Folkeregisterpersonstatus, Hendelsestype, Oppholdsadresse,
    Personkjoenn, Personstatus,
};
use identifikator::Slag;
use serde::Deserialize;
use tid::Date;

use super::adresse::{Oppholdsplass, Post, ukjent_opphold};
use super::endring::endre_foedsel;
use super::felles::{Navn, alfa3, kjoenn, navn_i, normalisert};
use super::papirer::{AnnetNummer, har_annet_duf};
use super::statsborgerskap::Statsborgerskapsliste;
use super::verb::Verb;
use crate::sak::{Gang, Innslag, Kode, P, Svar, Vedtak, gjeldende};

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
    oppholdsadresse: Option<Oppholdsplass>,
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

impl Dnummerperson {
    fn status(&self) -> Option<Personstatus> {
        self.personstatus.as_deref().and_then(Personstatus::av_kode)
    }
}

pub(super) async fn dnummer_endring(gang: &mut Gang<'_, '_>, m: Dnummermelding) -> Svar<Vedtak> {
    let Dnummerforespoersel { kilde, person: e } = m.forespoersel;
    gang.u.kilde.clone_from(&kilde);
    let p = gang.person(&e.d_nummer).await?;
    if gang.u.nummer(p).slag() != Slag::DNummer {
        return Err(Kode::UgyldigPersonstatus.into());
    }
    let verb = Verb::av(e.endringstype.as_deref());
    kan_endres(gang, p, &e, verb)?;
    gang.avvis(!har_rekvirert(gang, p, &kilde), Kode::InnsenderHarIkkeEndringsrett)?;
    opplysninger(gang, p, &e)?;
    gang.avvis(verb == Verb::Endre && er_alt_slik(gang, p, &e), Kode::AlleredeRegistrert)?;
    let annet_duf = har_annet_duf(gang, p, e.duf_nummer.as_deref());
    gang.manuelt(annet_duf, Kode::MotstridendeOpplysninger);
    if let (Some(navn), Verb::Endre) = (&e.navn, verb) {
        let annet = helt_annet_navn(gang, p, navn);
        gang.manuelt(annet, Kode::MotstridendeOpplysninger);
    }
    gang.vern(p);
    gang.klar()?;
    let gjort = person(gang, p, &e, verb) | adresser(gang, p, &e, verb);
    // What is to end or go is not there.
    let grunn = if verb == Verb::Endre { Kode::AlleredeRegistrert } else { Kode::MotstridendeOpplysninger };
    gang.avvis(!gjort, grunn)?;
    Ok(Vedtak { endret: Some(gang.u.nummer(p)), ..Vedtak::REGISTRERT })
}

/// The inactive are made active, or found not to be inactive, before anything else is changed.
fn kan_endres(gang: &Gang<'_, '_>, p: P, e: &Dnummerperson, verb: Verb) -> Svar {
    let ny = e.status().filter(|_| !verb.tar_bort());
    let lov = match gang.u.status(p) {
        Some(Personstatus::Midlertidig) => true,
        Some(Personstatus::Inaktiv) => match e.status() {
            Some(Personstatus::Inaktiv) => verb == Verb::Annullere,
            Some(_) => ny.is_some(),
            None => false,
        },
        _ => false,
    };
    gang.avvis(!lov, Kode::UgyldigPersonstatus)?;
    gang.avvis(ny.is_some() && ny == gang.u.status(p), Kode::AlleredeRegistrert)
}

/// What the message says must be something, and of a day that has been (C3).
fn opplysninger(gang: &Gang<'_, '_>, p: P, e: &Dnummerperson) -> Svar {
    let nei = e.oppholdsadresse_er_ikke_aktuell == Some(false) || e.har_ukjent_oppholdsadresse == Some(false);
    gang.avvis(nei, Kode::MotstridendeOpplysninger)?;
    if let Some(foedt) = &e.foedselsdato {
        let mangler = foedt.foedselsdato_er_kjent && foedt.foedselsdato.is_none();
        gang.avvis(mangler, Kode::MangelfulleOpplysninger)?;
        foedt.foedselsdato.map_or(Ok(()), |dato| gang.ikke_fremtid(dato))?;
    }
    if let Some(liste) = &e.statsborgerskap {
        liste.kontroller(gang, p)?;
    }
    e.oppholdsadresse.as_ref().map_or(Ok(()), |sted| gang.dato(sted.oppholdsadressedato, p))
}

fn er_alt_slik(gang: &Gang<'_, '_>, p: P, e: &Dnummerperson) -> bool {
    let heter = |n: &Navn| navn_i(gang.u.dok(p)) == Some(n.normalisert());
    e.navn.as_ref().is_some_and(heter)
        || e.kjoenn.as_deref().is_some_and(|k| kjoenn(k) == gang.u.kjoenn(p))
        || e.statsborgerskap.as_ref().is_some_and(|l| l.er_alt_slik(gang, p))
}

/// Those who requisition D-numbers (section 6.12).
const REKVIRENTER: [&str; 11] = [
    "utlendingsdirektoratet",
    "nav",
    "skatteetaten",
    "skatteetatenPaaSvalbard",
    "bankOgFinansinstitusjon",
    "helfo",
    "broennoeysundregistrene",
    "statensKartverk",
    "verdipapirsentralen",
    "utenriksdepartementet",
    "diverse",
];

/// Only who requisitioned the number may change the person (section 1), and the register itself. The source of the number
/// says who did; of numbers from before there were such sources, nobody knows.
fn har_rekvirert(gang: &Gang<'_, '_>, p: P, kilde: &str) -> bool {
    let numre = &gang.u.dok(p).identifikasjonsnummer;
    let rekvirent = gjeldende(numre).and_then(|n| n.meta.kilde.as_deref());
    kilde == "folkeregisteret" || rekvirent.is_none_or(|r| r == kilde || !REKVIRENTER.contains(&r))
}

fn helt_annet_navn(gang: &Gang<'_, '_>, p: P, nytt: &Navn) -> bool {
    let Some(navn) = gjeldende(&gang.u.dok(p).navn) else { return false };
    let ulikt = |a: &str, b: &str| normalisert([a].into_iter()) != normalisert([b].into_iter());
    ulikt(&navn.fornavn, &nytt.fornavn) && ulikt(&navn.etternavn, &nytt.etternavn)
}

/// What is not about addresses. Tells whether anything was done.
fn person(gang: &mut Gang<'_, '_>, p: P, e: &Dnummerperson, verb: Verb) -> bool {
    if e.foedselsdato.is_some() || e.foedeland.is_some() {
        return foedsel(gang, p, e, verb);
    }
    let (gjort, type_) = if let Some(liste) = &e.statsborgerskap {
        (liste.utfoer(gang, p, verb), Hendelsestype::EndringIStatsborgerskap)
    } else if let Some(status) = e.status() {
        let ny = Folkeregisterpersonstatus { meta: gang.u.meta(), status };
        let denne = |s: &Folkeregisterpersonstatus| !verb.tar_bort() || s.status == status;
        (verb.utfoer_paa_paakrevd(gang, p, ny, denne), Hendelsestype::EndringIStatus)
    } else if let Some(navn) = &e.navn {
        let ny = navn.innslag(&gang.u);
        let (fornavn, etternavn) = (ny.fornavn.clone(), ny.etternavn.clone());
        let dette = |n: &Folkeregisterpersonnavn| {
            !verb.tar_bort() || (n.fornavn == fornavn && n.etternavn == etternavn)
        };
        (verb.utfoer_paa_paakrevd(gang, p, ny, dette), Hendelsestype::EndringINavn)
    } else if let Some(kode) = &e.kjoenn {
        (sett_kjoenn(gang, p, kode, verb), Hendelsestype::EndringIKjoenn)
    } else if let Some(nummer) = &e.utenlandsk_personidentifikasjon {
        let type_ = if nummer.er_duf() {
            Hendelsestype::EndringIUtlendingsmyndighetenesIdentifikasjonsnummer
        } else {
            Hendelsestype::EndringIUtenlandskPersonidentifikasjon
        };
        (nummer.utfoer(gang, p, verb), type_)
    } else {
        return false;
    };
    gang.u.meld(p, type_);
    gjort
}

/// A birth is corrected, whatever the verb; what should never have been said of it goes. It does not end.
fn foedsel(gang: &mut Gang<'_, '_>, p: P, e: &Dnummerperson, verb: Verb) -> bool {
    let land = e.foedeland.as_deref().map(alfa3);
    let dato = e.foedselsdato.as_ref().map(|f| f.foedselsdato.filter(|_| f.foedselsdato_er_kjent));
    let aar = e.foedselsdato.as_ref().and_then(|f| f.foedselsdato);
    if verb.tar_bort() {
        let naa = gjeldende(&gang.u.dok(p).foedsel);
        let er_slik = naa.is_some_and(|f| {
            land.is_none_or(|_| f.foedeland == land) && dato.is_none_or(|dato| f.foedselsdato == dato)
        });
        if verb == Verb::Opphoere || !er_slik {
            return false;
        }
    }
    endre_foedsel(gang, p, Verb::Korrigere, |f| {
        if land.is_some() {
            f.foedeland = land.filter(|_| !verb.tar_bort());
        }
        if let Some(dato) = dato {
            f.foedselsdato = dato.filter(|_| !verb.tar_bort());
        }
        if let Some(aar) = aar {
            f.foedselsaar = Aarstall::av(aar);
        }
    })
}

/// `ukjent` is not stored: what there is ends, or should never have been.
fn sett_kjoenn(gang: &mut Gang<'_, '_>, p: P, kode: &str, verb: Verb) -> bool {
    let Some(kjoenn) = kjoenn(kode) else {
        return ingen::<Personkjoenn>(gang, p, verb);
    };
    let ny = Personkjoenn { meta: gang.u.meta(), kjoenn };
    verb.utfoer(gang, p, ny, |k| !verb.tar_bort() || k.kjoenn == kjoenn)
}

/// There is no value any more, or, corrected, there never was. Tells whether anything was done.
fn ingen<T: Innslag>(gang: &mut Gang<'_, '_>, p: P, verb: Verb) -> bool {
    match verb {
        Verb::Endre => gang.u.avslutt(p, |_: &T| true),
        Verb::Korrigere => gang.u.annuller(p, |_: &T| true),
        Verb::Opphoere | Verb::Annullere => false,
    }
}

/// What is about addresses. Tells whether anything was done.
fn adresser(gang: &mut Gang<'_, '_>, p: P, e: &Dnummerperson, verb: Verb) -> bool {
    let gjort = if let Some(sted) = &e.oppholdsadresse {
        let ny = sted.innslag(gang, p);
        verb.utfoer(gang, p, ny, |_| true)
    } else if e.oppholdsadresse_er_ikke_aktuell == Some(true) {
        ingen::<Oppholdsadresse>(gang, p, verb)
    } else if e.har_ukjent_oppholdsadresse == Some(true) {
        let ny = ukjent_opphold(gang, p);
        verb.utfoer(gang, p, ny, |_| true)
    } else {
        false
    };
    gang.u.meld(p, Hendelsestype::EndringIOppholdsadresse);
    let her = e.postadresse.as_ref().is_some_and(|post| post.utfoer(gang, p, verb, false));
    let ute = e.postadresse_i_utlandet.as_ref().is_some_and(|post| post.utfoer(gang, p, verb, true));
    gang.u.meld(p, Hendelsestype::EndringIKontaktinformasjon);
    gjort || her || ute
}
