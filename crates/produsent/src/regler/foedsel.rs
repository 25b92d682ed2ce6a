//! Birth (producer sheet, sections 6.3, 9.1 and 9.2).

use folkeregisteret::modell::{
    Aarstall, Bostedsadresse, Familierelasjontype, Foedsel, FoedselINorge, Folkeregisteridentifikator,
    Folkeregisterpersonnavn, Folkeregisterpersonstatus, Foreldreansvarstype, GraderingAvAdresse,
    Hendelsestype, Identifikatorstatuskode, Kjoenn, Navnedel, Personkjoenn, Personnavn, Personstatus,
    Sivilstandstype, Statsborgerskap, Tekst,
};
use identifikator::{Kommunenummer, LandkodeAlfa3, Slag};
use serde::Deserialize;
use tid::Date;

use super::familie::{Hvem, ansvar, ansvar_av, biperson, meld_slekt, relasjon, sivilstand, slektskap};
use super::felles::{Navn, alfa3, kjoenn};
use super::foedselsretting::{rett, trekk_doedfoedt};
use super::opphav::{Opphav, opphav};
use crate::nummer;
use crate::sak::{Gang, Kode, Korrigerer, P, Stopp, Svar, Tildelt, Vedtak, gjeldende, gjeldende_alle};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Foedselsmelding {
    forespoersel: Forespoersel,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Forespoersel {
    foedsel: Foedselen,
    innsender: Option<Innsender>,
    mottak: Option<Mottak>,
    saksbehandlers_vurdering: Option<Vurdering>,
}

#[derive(Deserialize)]
struct Innsender {
    innsendertype: String,
}

#[derive(Deserialize)]
struct Mottak {
    informasjonskanal: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vurdering {
    signatur_mangler: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Foedselen {
    pub foreldre_er_gift: bool,
    antall_barn_ved_flerfoedsel: Option<i32>,
    pub barn: Barn,
    pub mor: Forelder,
    pub far_eller_medmor: Option<Forelder>,
    foedested: Option<Foedested>,
    foedested_i_utlandet: Option<FoedestedIUtlandet>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Barn {
    pub foedselsdato: Date,
    pub er_levendefoedt: bool,
    pub rekkefoelgenummer_ved_flerfoedsel: Option<String>,
    pub kjoenn: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Forelder {
    pub foedsels_eller_d_nummer: Option<String>,
    pub navn: Option<Navn>,
    pub foedselsdato: Option<Date>,
    pub statsborgerskap: Option<String>,
    #[serde(default)]
    pub er_medmor: bool,
}

#[derive(Deserialize)]
struct Foedested {
    foedselsinstitusjonsnavn: String,
    foedekommunenummer: String,
    foedekommunenavn: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FoedestedIUtlandet {
    foedeland: String,
    foedested_i_utlandet: String,
}

pub(super) async fn foedsel(
    gang: &mut Gang<'_, '_>,
    m: Foedselsmelding,
    korrigerer: Korrigerer,
) -> Svar<Vedtak> {
    let f = m.forespoersel;
    gang.avvis(korrigerer == Korrigerer::Ukjent, Kode::FinnerIkkeOpprinneligMelding)?;
    // Registered already: somebody looks at what is to be corrected.
    gang.manuelt(matches!(korrigerer, Korrigerer::Registrert(_)), Kode::KreverManuellVurdering);
    let barn = &f.foedsel.barn;
    gang.u.kilde = f.innsender.as_ref().map_or_else(|| "helse".to_owned(), |i| i.innsendertype.clone());
    gang.ikke_fremtid(barn.foedselsdato)?;
    let rettes = match korrigerer {
        Korrigerer::Registrert(Some(nummer)) => gang.u.hent(nummer).await?,
        _ => None,
    };
    let opphav = opphav(gang, &f.foedsel, rettes).await?;
    omstendigheter(gang, &f);
    gang.klar()?;
    gang.u.gyldig = barn.foedselsdato;
    if korrigerer == Korrigerer::Registrert(None) {
        trekk_doedfoedt(gang, &opphav, barn.foedselsdato);
    }
    let tildelt = match rettes {
        Some(p) => rett(gang, &f.foedsel, p, &opphav.mor).await?,
        None if barn.er_levendefoedt => nytt_barn(gang, &f.foedsel, &opphav).await?,
        None => return doedfoedt(gang, barn, &opphav),
    };
    if let (None, Some(nevnt)) = (&opphav.annen, opphav.nevnt) {
        let nevnt = gang.u.nummer(nevnt);
        gang.nevn(tildelt.nummer.verdi(), nevnt.verdi());
    }
    Ok(Vedtak { tildelt: Some(tildelt), ..Vedtak::REGISTRERT })
}

async fn nytt_barn(gang: &mut Gang<'_, '_>, f: &Foedselen, opphav: &Opphav) -> Svar<Tildelt> {
    let kj = kjoenn(&f.barn.kjoenn).unwrap_or(Kjoenn::Kvinne);
    let tildelt = tildel(gang, Slag::Foedselsnummer, f.barn.foedselsdato, Some(kj)).await?;
    let nytt = opprett(gang, f, &tildelt, opphav.mor.p());
    hos_moren(gang, f, nytt, &opphav.mor);
    slekt(gang, nytt, opphav);
    Ok(tildelt)
}

/// A number for somebody born on a date. Another date's is taken only when somebody has decided it (section 8.1).
pub(super) async fn tildel(
    gang: &Gang<'_, '_>,
    slag: Slag,
    foedt: Date,
    kj: Option<Kjoenn>,
) -> Svar<Tildelt> {
    let kj = match kj {
        Some(Kjoenn::Mann) => identifikator::Kjoenn::Mann,
        Some(Kjoenn::Kvinne) | None => identifikator::Kjoenn::Kvinne,
    };
    let andre_datoer = gang.overstyrt || slag == Slag::DNummer;
    let funnet = nummer::finn(&gang.u, slag, foedt, kj, andre_datoer).await?;
    funnet.ok_or_else(|| Stopp::Manuell(vec![Kode::NummerserieOppbrukt.into()]))
}

/// F3, F4 and F5.
fn omstendigheter(gang: &mut Gang<'_, '_>, f: &Forespoersel) {
    let fremmed = f.innsender.as_ref().is_some_and(|i| i.innsendertype != "helse");
    let kanal = f.mottak.as_ref().is_some_and(|m| m.informasjonskanal != "elektroniskMelding");
    let gammel = gang.u.i_dag().days_since_epoch() - f.foedsel.barn.foedselsdato.days_since_epoch() > 30;
    let ute = f.foedsel.foedested_i_utlandet.is_some();
    gang.manuelt(fremmed || kanal || gammel || ute, Kode::KreverManuellVurdering);
    let usignert = f.saksbehandlers_vurdering.as_ref().is_some_and(|v| v.signatur_mangler);
    gang.manuelt(usignert, Kode::MangelfulleOpplysninger);
    let antall = f.foedsel.antall_barn_ved_flerfoedsel.unwrap_or(1);
    let nummer = f.foedsel.barn.rekkefoelgenummer_ved_flerfoedsel.as_deref();
    let av = nummer.and_then(|n| n.get(..1)).and_then(|n| n.parse::<i32>().ok());
    let stemmer = match av {
        Some(av) => av == f.foedsel.antall_barn_ved_flerfoedsel.unwrap_or(av),
        None => antall <= 1,
    };
    gang.manuelt(!stemmer, Kode::MotstridendeOpplysninger);
}

/// The child itself.
fn opprett(gang: &mut Gang<'_, '_>, f: &Foedselen, tildelt: &Tildelt, mor: Option<P>) -> P {
    let barn = &f.barn;
    let p = gang.u.ny(tildelt.nummer);
    identifikator(gang, p, tildelt);
    let mor_bor_her = mor.is_some_and(|mor| gang.u.status(mor) == Some(Personstatus::Bosatt));
    let status = if mor_bor_her { Personstatus::Bosatt } else { Personstatus::Foedselsregistrert };
    let ny = Folkeregisterpersonstatus { meta: gang.u.meta(), status };
    gang.u.registrer(p, ny, |_| true);
    let ny = foedselen(gang, f);
    gang.u.registrer(p, ny, |_| true);
    if let Some(ny) = i_norge(gang, f) {
        gang.u.registrer(p, ny, |_| true);
    }
    if let Some(kjoenn) = kjoenn(&barn.kjoenn) {
        let ny = Personkjoenn { meta: gang.u.meta(), kjoenn };
        gang.u.registrer(p, ny, |_| true);
    }
    let ny = sivilstand(gang, Sivilstandstype::Ugift, Some(barn.foedselsdato));
    gang.u.registrer(p, ny, |_| true);
    p
}

/// When and where.
pub(super) fn foedselen(gang: &Gang<'_, '_>, f: &Foedselen) -> Foedsel {
    let her = f.foedested.as_ref();
    let ute = f.foedested_i_utlandet.as_ref();
    let sted = her.map(|h| &h.foedekommunenavn).or(ute.map(|u| &u.foedested_i_utlandet));
    Foedsel {
        meta: gang.u.meta(),
        foedselsdato: Some(f.barn.foedselsdato),
        foedselsaar: Aarstall::av(f.barn.foedselsdato),
        foedested: sted.map(|sted| Tekst::tilpass(sted.clone())),
        foedekommune_i_norge: her.and_then(|h| Kommunenummer::parse(&h.foedekommunenummer).ok()),
        foedeland: Some(ute.map_or(LandkodeAlfa3::NORGE, |u| alfa3(&u.foedeland))),
    }
}

/// Where in Norway.
pub(super) fn i_norge(gang: &Gang<'_, '_>, f: &Foedselen) -> Option<FoedselINorge> {
    let sted = &f.foedested.as_ref()?.foedselsinstitusjonsnavn;
    Some(FoedselINorge {
        meta: gang.u.meta(),
        foedselsinstitusjonsnavn: Some(Tekst::tilpass(sted.clone())),
        rekkefoelgenummer: f.barn.rekkefoelgenummer_ved_flerfoedsel.as_ref().and_then(|n| n.parse().ok()),
    })
}

/// Enters a number that was given.
pub(super) fn identifikator(gang: &mut Gang<'_, '_>, p: P, tildelt: &Tildelt) {
    for gammel in &mut gang.u.dok_mut(p).identifikasjonsnummer {
        gammel.status = Identifikatorstatuskode::Opphoert;
    }
    let ny = Folkeregisteridentifikator {
        meta: gang.u.meta(),
        status: Identifikatorstatuskode::IBruk,
        foedsels_eller_d_nummer: tildelt.nummer,
        identifikatortype: tildelt.type_,
    };
    gang.u.registrer(p, ny, |_| true);
}

/// The name for the time being: the mother's, and which sex.
pub(super) fn midlertidig_navn(gang: &Gang<'_, '_>, f: &Foedselen, mor: &Hvem) -> Folkeregisterpersonnavn {
    let (fornavn, etternavn) = match mor {
        Hvem::Registrert(mor) => {
            let navn = gjeldende(&gang.u.dok(*mor).navn);
            let ukjent = || (String::new(), Navnedel::tilpass(""));
            navn.map_or_else(ukjent, |navn| (navn.fornavn.to_string(), navn.etternavn.clone()))
        }
        Hvem::Beskrevet(mor) => (mor.navn.fornavn.to_string(), mor.navn.etternavn.clone()),
    };
    let kjoenn = if f.barn.kjoenn == "kvinne" { "PIKE" } else { "GUTT" };
    Folkeregisterpersonnavn {
        meta: gang.u.meta(),
        fornavn: Navnedel::tilpass(format!("{}*{kjoenn}", fornavn.to_uppercase())),
        mellomnavn: None,
        etternavn,
        forkortet_navn: None,
        originalt_navn: None,
    }
}

/// What a child has from its mother: name for the time being, home, protection.
fn hos_moren(gang: &mut Gang<'_, '_>, f: &Foedselen, p: P, mor: &Hvem) {
    let ny = midlertidig_navn(gang, f, mor);
    gang.u.registrer(p, ny, |_| true);
    let Some(mor) = mor.p() else { return };
    let bosted = gjeldende(&gang.u.dok(mor).bostedsadresse).cloned();
    if gang.u.status(mor) == Some(Personstatus::Bosatt)
        && let Some(bosted) = bosted
    {
        let (meta, flyttedato) = (gang.u.meta(), Some(f.barn.foedselsdato));
        gang.u.registrer(p, Bostedsadresse { meta, flyttedato, ..bosted }, |_| true);
    }
    if let Some(vern) = gjeldende(&gang.u.dok(mor).adressebeskyttelse).map(|v| v.graderingsnivaa) {
        let ny = GraderingAvAdresse { meta: gang.u.meta(), graderingsnivaa: vern };
        gang.u.registrer(p, ny, |_| true);
    }
}

fn land(gang: &Gang<'_, '_>, hvem: &Hvem) -> Vec<LandkodeAlfa3> {
    match hvem {
        Hvem::Registrert(p) => {
            gjeldende_alle(&gang.u.dok(*p).statsborgerskap).map(|s| s.statsborgerskap).collect()
        }
        Hvem::Beskrevet(beskrevet) => beskrevet.statsborgerskap.into_iter().collect(),
    }
}

/// Parents, responsibility, citizenship, and the events: child first, then mother, then the other.
fn slekt(gang: &mut Gang<'_, '_>, barn: P, opphav: &Opphav) {
    let foreldre = opphav.foreldre();
    let statsborgerskap = if foreldre.iter().any(|(hvem, _)| land(gang, hvem).contains(&LandkodeAlfa3::NORGE))
    {
        LandkodeAlfa3::NORGE
    } else {
        land(gang, &opphav.mor).first().copied().unwrap_or(LandkodeAlfa3::UKJENT)
    };
    let ny = Statsborgerskap { meta: gang.u.meta(), statsborgerskap, ervervsdato: Some(gang.u.gyldig) };
    gang.u.registrer(barn, ny, |_| true);
    for (forelder, rolle) in &foreldre {
        slektskap(gang, barn, forelder, *rolle);
        let alene = opphav.annen.is_none();
        let type_ = if alene { ansvar_av(*rolle) } else { Foreldreansvarstype::Felles };
        ansvar(gang, type_, barn, forelder);
    }
    gang.u.meld(barn, Hendelsestype::PersonErOpprettet);
    for p in foreldre.iter().filter_map(|(forelder, _)| forelder.p()) {
        meld_slekt(gang, p);
    }
}

/// A child that was born dead: no number; the parents have it among their relations.
fn doedfoedt(gang: &mut Gang<'_, '_>, barn: &Barn, opphav: &Opphav) -> Svar<Vedtak> {
    if opphav.mor.p().is_none() {
        // There is nobody to enter it on.
        return Err(gang.umulig(Kode::UkjentIdentitet));
    }
    let jente = barn.kjoenn == "kvinne";
    let navn = Personnavn {
        fornavn: Navnedel::tilpass("Dødfødt"),
        mellomnavn: None,
        etternavn: Navnedel::tilpass(if jente { "pike" } else { "gutt" }),
    };
    let barnet = biperson(navn, Some(barn.foedselsdato), None, kjoenn(&barn.kjoenn));
    for (forelder, rolle) in opphav.foreldre() {
        let Some(p) = forelder.p() else { continue };
        relasjon(gang, p, barnet.clone(), Familierelasjontype::DoedfoedtBarn, Some(rolle));
        gang.u.meld(p, Hendelsestype::EndringIFamilierelasjon);
    }
    let resultat = Some(("skalRegistrereDoedfoedtBarn", "Det dødfødte barnet er registrert"));
    Ok(Vedtak { resultat, ..Vedtak::REGISTRERT })
}
