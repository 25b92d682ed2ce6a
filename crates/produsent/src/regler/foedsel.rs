//! Birth (producer sheet, sections 6.3, 9.1 and 9.2).

use folkeregisteret::modell::{
    Aarstall, Bostedsadresse, Familierelasjontype, Foedsel, FoedselINorge, Folkeregisteridentifikator,
    Folkeregisterpersonnavn, Folkeregisterpersonstatus, Foreldreansvarstype, GraderingAvAdresse,
    Hendelsestype, Identifikatorstatuskode, Kjoenn, Navnedel, Personkjoenn, Personnavn, Personstatus,
    Sivilstandstype, Statsborgerskap, Tekst,
};
use identifikator::{Kommunenummer, LandkodeAlfa3, Personidentifikator, Slag};
use serde::Deserialize;
use tid::Date;

use super::familie::{ansvar, ansvar_av, biperson, ektefelle, i_rolle, relasjon, sivilstand};
use super::felles::{Navn, alfa3, kjoenn};
use crate::nummer;
use crate::sak::{Gang, Kode, Korrigerer, P, Svar, Tildelt, Vedtak, gjeldende, gjeldende_alle};

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
struct Foedselen {
    foreldre_er_gift: bool,
    antall_barn_ved_flerfoedsel: Option<i32>,
    barn: Barn,
    mor: Forelder,
    far_eller_medmor: Option<Forelder>,
    foedested: Option<Foedested>,
    foedested_i_utlandet: Option<FoedestedIUtlandet>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Barn {
    foedselsdato: Date,
    er_levendefoedt: bool,
    rekkefoelgenummer_ved_flerfoedsel: Option<String>,
    kjoenn: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Forelder {
    foedsels_eller_d_nummer: Option<String>,
    navn: Option<Navn>,
    #[serde(default)]
    er_medmor: bool,
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

/// The other parent, and what he or she is to the child.
type Annen = (P, Familierelasjontype);

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
    let mor = moren(gang, &f.foedsel).await?;
    omstendigheter(gang, &f);
    let annen = match mor {
        Some(mor) => foreldre(gang, &f.foedsel, mor).await?,
        None => None,
    };
    gang.klar()?;
    gang.u.gyldig = barn.foedselsdato;
    if !barn.er_levendefoedt {
        return Ok(doedfoedt(gang, barn, mor, annen));
    }
    let kj = kjoenn(&barn.kjoenn).unwrap_or(Kjoenn::Kvinne);
    let tildelt = tildel(gang, Slag::Foedselsnummer, barn.foedselsdato, Some(kj)).await?;
    let nytt = opprett(gang, &f.foedsel, &tildelt, mor);
    hos_moren(gang, &f.foedsel, nytt, mor);
    slekt(gang, nytt, mor, annen);
    Ok(Vedtak { tildelt: Some(tildelt), ..Vedtak::REGISTRERT })
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
    funnet.ok_or_else(|| crate::sak::Stopp::Manuell(vec![Kode::NummerserieOppbrukt.into()]))
}

/// F1 and F2.
async fn moren(gang: &mut Gang<'_, '_>, f: &Foedselen) -> Svar<Option<P>> {
    let Some(nummer) = &f.mor.foedsels_eller_d_nummer else {
        gang.manuelt(true, Kode::UkjentIdentitet);
        return Ok(None);
    };
    let mor = gang.person(nummer).await?;
    let alder = gang.u.alder(mor, f.barn.foedselsdato);
    let rimelig = gang.u.kjoenn(mor) == Some(Kjoenn::Kvinne) && alder.is_some_and(|a| (12..=60).contains(&a));
    gang.manuelt(!rimelig, Kode::MotstridendeOpplysninger);
    let doed_foer = gang.u.doedsdato(mor).is_some_and(|doed| doed < f.barn.foedselsdato);
    gang.manuelt(doed_foer, Kode::MotstridendeOpplysninger);
    gang.vern(mor);
    Ok(Some(mor))
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

/// F6, F7, and who the other parent is by law (section 9.1).
async fn foreldre(gang: &mut Gang<'_, '_>, f: &Foedselen, mor: P) -> Svar<Option<Annen>> {
    soesken(gang, f, mor).await?;
    let stand = gang.u.sivilstand(mor).map(|s| (s.sivilstand, s.sivilstandsdato));
    let gift = matches!(stand, Some((Sivilstandstype::Gift | Sivilstandstype::RegistrertPartner, _)));
    gang.manuelt(f.foreldre_er_gift != gift, Kode::MotstridendeOpplysninger);
    let oppgitt = match f.far_eller_medmor.as_ref().and_then(|a| a.foedsels_eller_d_nummer.as_ref()) {
        Some(nummer) => Some(gang.person(nummer).await?),
        None => None,
    };
    if let Some((Sivilstandstype::EnkeEllerEnkemann | Sivilstandstype::GjenlevendePartner, Some(siden))) =
        stand
    {
        let dager = f.barn.foedselsdato.days_since_epoch() - siden.days_since_epoch();
        gang.manuelt(dager <= 300, Kode::KreverManuellVurdering);
    }
    if !gift {
        return ventende(gang, f, mor).await;
    }
    let Some(ektefelle) = ektefelle(gang, mor).await? else { return Ok(None) };
    gang.manuelt(oppgitt.is_some_and(|o| o != ektefelle), Kode::MotstridendeOpplysninger);
    if gang.u.kjoenn(ektefelle) == Some(Kjoenn::Mann) {
        return Ok(Some((ektefelle, Familierelasjontype::Far)));
    }
    // A wife is co-mother after assisted conception, which the message says by naming her as such.
    let medmor = oppgitt == Some(ektefelle) && f.far_eller_medmor.as_ref().is_some_and(|a| a.er_medmor);
    gang.manuelt(!medmor, Kode::KreverManuellVurdering);
    Ok(Some((ektefelle, Familierelasjontype::Medmor)))
}

/// A father who declared himself before the birth.
async fn ventende(gang: &mut Gang<'_, '_>, f: &Foedselen, mor: P) -> Svar<Option<Annen>> {
    let mors = gang.u.nummer(mor);
    let foedt = f.barn.foedselsdato.days_since_epoch();
    let passer = |termin: Date| {
        let termin = termin.days_since_epoch();
        (termin - 18 * 7..=termin + 4 * 7).contains(&foedt)
    };
    let far =
        gang.erklaeringer(mors.verdi()).await?.into_iter().find(|e| passer(e.termindato)).map(|e| e.far);
    let Some(far) = far else { return Ok(None) };
    gang.forbruk(mors.verdi(), far);
    Ok(gang.u.hent(far).await?.map(|far| (far, Familierelasjontype::Far)))
}

/// F6: the same child told of twice.
async fn soesken(gang: &mut Gang<'_, '_>, f: &Foedselen, mor: P) -> Svar {
    let rekkefoelge = f.barn.rekkefoelgenummer_ved_flerfoedsel.as_ref().and_then(|n| n.parse::<i64>().ok());
    for nummer in i_rolle(gang, mor, &[Familierelasjontype::Barn]) {
        let Some(barn) = gang.u.hent(nummer.verdi()).await? else { continue };
        let Some(foedt) = gang.u.foedselsdato(barn) else { continue };
        let naer = (foedt.days_since_epoch() - f.barn.foedselsdato.days_since_epoch()).abs() <= 1;
        let samme = gjeldende(&gang.u.dok(barn).foedsel_i_norge).and_then(|f| f.rekkefoelgenummer);
        let kan_vaere = rekkefoelge.is_none() || samme.is_none() || samme == rekkefoelge;
        gang.manuelt(naer && kan_vaere, Kode::MuligDublett);
    }
    Ok(())
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
    let her = f.foedested.as_ref();
    let ute = f.foedested_i_utlandet.as_ref();
    let sted = her.map(|h| &h.foedekommunenavn).or(ute.map(|u| &u.foedested_i_utlandet));
    let ny = Foedsel {
        meta: gang.u.meta(),
        foedselsdato: Some(barn.foedselsdato),
        foedselsaar: Aarstall::av(barn.foedselsdato),
        foedested: sted.map(|sted| Tekst::tilpass(sted.clone())),
        foedekommune_i_norge: her.and_then(|h| Kommunenummer::parse(&h.foedekommunenummer).ok()),
        foedeland: Some(ute.map_or(LandkodeAlfa3::NORGE, |u| alfa3(&u.foedeland))),
    };
    gang.u.registrer(p, ny, |_| true);
    if let Some(her) = her {
        let rekkefoelge = barn.rekkefoelgenummer_ved_flerfoedsel.as_ref().and_then(|n| n.parse().ok());
        let ny = FoedselINorge {
            meta: gang.u.meta(),
            foedselsinstitusjonsnavn: Some(Tekst::tilpass(her.foedselsinstitusjonsnavn.clone())),
            rekkefoelgenummer: rekkefoelge,
        };
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

/// What a child has from its mother: name for the time being, home, protection, citizenship.
fn hos_moren(gang: &mut Gang<'_, '_>, f: &Foedselen, p: P, mor: Option<P>) {
    let jente = f.barn.kjoenn == "kvinne";
    let (fornavn, etternavn) = if let Some(navn) = mor.and_then(|mor| gjeldende(&gang.u.dok(mor).navn)) {
        (navn.fornavn.to_string(), navn.etternavn.clone())
    } else {
        let navn = f.mor.navn.as_ref();
        let del = |del: Option<&String>| del.cloned().unwrap_or_default();
        (del(navn.map(|n| &n.fornavn)), Navnedel::tilpass(del(navn.map(|n| &n.etternavn))))
    };
    let fornavn = format!("{}*{}", fornavn.to_uppercase(), if jente { "PIKE" } else { "GUTT" });
    let ny = Folkeregisterpersonnavn {
        meta: gang.u.meta(),
        fornavn: Navnedel::tilpass(fornavn),
        mellomnavn: None,
        etternavn,
        forkortet_navn: None,
        originalt_navn: None,
    };
    gang.u.registrer(p, ny, |_| true);
    let Some(mor) = mor else { return };
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

fn land(gang: &Gang<'_, '_>, p: P) -> Vec<LandkodeAlfa3> {
    gjeldende_alle(&gang.u.dok(p).statsborgerskap).map(|s| s.statsborgerskap).collect()
}

/// Parents, responsibility, citizenship, and the events: child first, then mother, then the other.
fn slekt(gang: &mut Gang<'_, '_>, barn: P, mor: Option<P>, annen: Option<Annen>) {
    let foreldre: Vec<Annen> =
        mor.map(|mor| (mor, Familierelasjontype::Mor)).into_iter().chain(annen).collect();
    let statsborgerskap = if foreldre.iter().any(|(p, _)| land(gang, *p).contains(&LandkodeAlfa3::NORGE)) {
        LandkodeAlfa3::NORGE
    } else {
        mor.and_then(|mor| land(gang, mor).first().copied()).unwrap_or(LandkodeAlfa3::UKJENT)
    };
    let ny = Statsborgerskap { meta: gang.u.meta(), statsborgerskap, ervervsdato: Some(gang.u.gyldig) };
    gang.u.registrer(barn, ny, |_| true);
    let gift = annen.is_some();
    for (forelder, rolle) in &foreldre {
        slektskap(gang, barn, *forelder, *rolle);
        let type_ = if gift { Foreldreansvarstype::Felles } else { ansvar_av(*rolle) };
        ansvar(gang, type_, barn, *forelder);
    }
    gang.u.meld(barn, Hendelsestype::PersonErOpprettet);
    for (forelder, _) in &foreldre {
        meld_slekt(gang, *forelder);
    }
}

/// Enters that somebody is a child's parent, on both.
pub(super) fn slektskap(gang: &mut Gang<'_, '_>, barn: P, forelder: P, rolle: Familierelasjontype) {
    use folkeregisteret::modell::Relatert::RelatertPerson;
    let (barnets, forelderens): (Personidentifikator, _) = (gang.u.nummer(barn), gang.u.nummer(forelder));
    let som_barn = Some(Familierelasjontype::Barn);
    relasjon(gang, barn, RelatertPerson(forelderens), rolle, som_barn);
    relasjon(gang, forelder, RelatertPerson(barnets), Familierelasjontype::Barn, Some(rolle));
}

/// Tells of what `slektskap` and `ansvar` changed with one: an event for each of the two entities.
pub(super) fn meld_slekt(gang: &mut Gang<'_, '_>, p: P) {
    use folkeregisteret::modell::Entitet;
    gang.u.meld_entitet(p, Entitet::Familierelasjon, Hendelsestype::EndringIFamilierelasjon);
    gang.u.meld_entitet(p, Entitet::Foreldreansvar, Hendelsestype::EndringIForeldreansvar);
}

/// A child that was born dead: no number; the parents have it among their relations.
fn doedfoedt(gang: &mut Gang<'_, '_>, barn: &Barn, mor: Option<P>, annen: Option<Annen>) -> Vedtak {
    let jente = barn.kjoenn == "kvinne";
    let navn = Personnavn {
        fornavn: Navnedel::tilpass("Dødfødt"),
        mellomnavn: None,
        etternavn: Navnedel::tilpass(if jente { "pike" } else { "gutt" }),
    };
    let barnet = biperson(navn, Some(barn.foedselsdato), None, kjoenn(&barn.kjoenn));
    let foreldre = mor.map(|mor| (mor, Familierelasjontype::Mor)).into_iter().chain(annen);
    for (forelder, rolle) in foreldre {
        relasjon(gang, forelder, barnet.clone(), Familierelasjontype::DoedfoedtBarn, Some(rolle));
        gang.u.meld(forelder, Hendelsestype::EndringIFamilierelasjon);
    }
    let resultat = Some(("skalRegistrereDoedfoedtBarn", "Det dødfødte barnet er registrert"));
    Vedtak { resultat, ..Vedtak::REGISTRERT }
}
