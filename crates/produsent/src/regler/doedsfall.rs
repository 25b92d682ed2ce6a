//! Death, and its annulment (producer sheet, sections 6.1 and 6.2).

use folkeregisteret::modell::{
    Bostedsadresse, DeltBosted, Doedsfall, Egenskap, Entitet, Entitetsendring, Familierelasjon,
    Familierelasjontype, Folkeregisterpersonstatus, Foreldreansvar, Foreldreansvarstype, Hendelsestype,
    Kontaktadresse, KontaktadresseIUtlandet, KontaktinformasjonForDoedsbo, Oppholdsadresse, Personstatus,
    Relatert, Sivilstand, Sivilstandstype, Tekst, VergemaalRepresentasjonEllerFremtidsfullmakt,
};
use serde::Deserialize;
use tid::{Date, Moment};

use super::familie::{
    Hvem, ansvar, ansvar_av, avslutt_ekteskap, ektefelle, er_ekteskap, er_par, i_rolle, sivilstand,
};
use crate::sak::{Gang, Kode, P, Svar, Vedtak, gjeldende, gjeldende_alle};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Doedsmelding {
    forespoersel: Forespoersel,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Forespoersel {
    kilde: String,
    doed_person: DoedPerson,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DoedPerson {
    foedselsnummer: String,
    doedsdato: Date,
    doedssted: Option<Doedssted>,
}

#[derive(Deserialize)]
struct Doedssted {
    kommune: String,
}

/// Places of death that are no municipality (section 6.1): abroad, Svalbard, Jan Mayen, the shelf, not stated.
const ANDRE_STEDER: [&str; 5] = ["2590", "2111", "2211", "2311", "0000"];

pub(super) async fn doedsfall(gang: &mut Gang<'_, '_>, m: Doedsmelding) -> Svar<Vedtak> {
    let Forespoersel { kilde, doed_person: doed } = m.forespoersel;
    gang.u.kilde.clone_from(&kilde);
    let p = gang.person(&doed.foedselsnummer).await?;
    gang.dato(doed.doedsdato, p)?;
    let tidligere = gang.u.doedsdato(p);
    let er_doed = gang.u.status(p) == Some(Personstatus::Doed);
    gang.avvis(er_doed && tidligere == Some(doed.doedsdato), Kode::AlleredeRegistrert)?;
    gang.manuelt(er_doed, Kode::MotstridendeOpplysninger);
    let har_bodd_her = gang.u.dok(p).status.iter().any(|s| s.status == Personstatus::Bosatt);
    gang.avvis(kilde == "nav" && har_bodd_her, Kode::InnsenderHarIkkeEndringsrett)?;
    gang.klar()?;
    if let Some(sted) = &doed.doedssted {
        let kjent =
            kodeverk::kommuner::finn(&sted.kommune).is_some() || ANDRE_STEDER.contains(&&*sted.kommune);
        if !kjent {
            gang.merknader.push(Kode::UkjentKommunenummer.into());
        }
    }
    if er_doed {
        // A corrected date: the old death is annulled, the new one registered.
        gjenoppliv(gang, p).await?;
    }
    gang.u.gyldig = doed.doedsdato;
    registrer(gang, p, doed.doedsdato);
    etterlatte(gang, p, doed.doedsdato, &kilde).await?;
    Ok(Vedtak::REGISTRERT)
}

fn registrer(gang: &mut Gang<'_, '_>, p: P, dato: Date) {
    let u = &mut gang.u;
    let ny = Doedsfall { meta: u.meta(), doedsdato: Some(dato) };
    let mut fortalt = ny.clone();
    fortalt.meta.er_gjeldende = None;
    u.dok_mut(p).doedsfall = Some(ny);
    let egenskap = Some(Egenskap::Doedsfall(fortalt));
    u.endret(p, Entitet::Doedsfall, Entitetsendring::RegistrereNy, egenskap);
    let status = Folkeregisterpersonstatus { meta: u.meta(), status: Personstatus::Doed };
    u.registrer(p, status, |_: &Folkeregisterpersonstatus| true);
    u.avslutt(p, |_: &Bostedsadresse| true);
    u.avslutt(p, |_: &DeltBosted| true);
    u.avslutt(p, |_: &Oppholdsadresse| true);
    u.avslutt(p, |_: &Kontaktadresse| true);
    u.avslutt(p, |_: &KontaktadresseIUtlandet| true);
    u.avslutt(p, |_: &VergemaalRepresentasjonEllerFremtidsfullmakt| true);
    u.meld(p, Hendelsestype::PersonErDoed);
}

/// Spouse and children.
async fn etterlatte(gang: &mut Gang<'_, '_>, p: P, dato: Date, kilde: &str) -> Svar {
    let avdoed = gang.u.nummer(p);
    if let Some(ektefelle) = ektefelle(gang, p).await?
        && let Some(naa) = gang.u.sivilstand(ektefelle).map(|s| s.sivilstand)
        && er_par(naa)
        && gang.u.sivilstand(ektefelle).and_then(|s| s.relatert_ved_sivilstand) == Some(avdoed.into())
    {
        let partner = matches!(naa, Sivilstandstype::RegistrertPartner | Sivilstandstype::SeparertPartner);
        let type_ =
            if partner { Sivilstandstype::GjenlevendePartner } else { Sivilstandstype::EnkeEllerEnkemann };
        let myndighet = match kilde {
            "helse" => "legeMedMeldeplikt",
            "tingretten" => "domstolen",
            "utenriksstasjon" => "utenrikstjenesten",
            _ => "folkeregistermyndigheten",
        };
        let ny = Sivilstand {
            myndighet: Some(Tekst::tilpass(myndighet)),
            relatert_ved_sivilstand: Some(avdoed.into()),
            ..sivilstand(gang, type_, Some(dato))
        };
        gang.u.registrer(ektefelle, ny, |_: &Sivilstand| true);
        gang.u.meld(ektefelle, Hendelsestype::EndringISivilstand);
        avslutt_ekteskap(gang, ektefelle, Some(avdoed));
    }
    for barn in i_rolle(gang, p, &[Familierelasjontype::Barn]) {
        if let Some(barn) = gang.u.hent(barn.verdi()).await? {
            forelder_borte(gang, barn, p, dato).await?;
        }
    }
    Ok(())
}

/// A child under 18 whose parents were responsible together has the surviving one alone.
async fn forelder_borte(gang: &mut Gang<'_, '_>, barn: P, borte: P, dato: Date) -> Svar {
    if gang.u.alder(barn, dato).is_none_or(|alder| alder >= 18) {
        return Ok(());
    }
    let (barnets, bortes) = (gang.u.nummer(barn), gang.u.nummer(borte));
    let felles = |f: &Foreldreansvar| f.ansvar == Foreldreansvarstype::Felles;
    let (hans, andres): (Vec<_>, Vec<_>) = gjeldende_alle(&gang.u.dok(barn).foreldreansvar)
        .filter(|f| felles(f))
        .cloned()
        .partition(|f| f.ansvarlig == Some(bortes));
    if hans.is_empty() {
        return Ok(());
    }
    let igjen = match andres.into_iter().next() {
        Some(f) => ansvarlig(gang, f).await?,
        None => None,
    };
    gang.u.avslutt(barn, felles);
    if let Some(igjen) = &igjen {
        let relatert = igjen.relatert(gang);
        let rolle = gjeldende_alle(&gang.u.dok(barn).familierelasjon)
            .find(|f| f.relatert == relatert)
            .map_or(Familierelasjontype::Mor, |f| f.relatert_persons_rolle);
        if let Some(p) = igjen.p() {
            gang.u.avslutt(p, |f: &Foreldreansvar| felles(f) && f.ansvarssubjekt == Some(barnets));
        }
        ansvar(gang, ansvar_av(rolle), barn, igjen);
    }
    for p in [Some(barn), igjen.and_then(|igjen| igjen.p())].into_iter().flatten() {
        gang.u.meld(p, Hendelsestype::EndringIForeldreansvar);
    }
    Ok(())
}

/// Who is responsible, by an entry of the child's.
async fn ansvarlig(gang: &mut Gang<'_, '_>, f: Foreldreansvar) -> Svar<Option<Hvem>> {
    Ok(match f.ansvarlig {
        Some(nummer) => Hvem::av(gang, Relatert::RelatertPerson(nummer)).await?,
        None => f.ansvarlig_uten_identifikator.map(Hvem::Beskrevet),
    })
}

#[derive(Deserialize)]
pub(super) struct Annullering {
    forespoersel: AnnulleringForespoersel,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AnnulleringForespoersel {
    kilde: String,
    levende_person: LevendePerson,
}

#[derive(Deserialize)]
struct LevendePerson {
    foedselsnummer: String,
}

pub(super) async fn annullering(gang: &mut Gang<'_, '_>, m: Annullering) -> Svar<Vedtak> {
    gang.u.kilde = m.forespoersel.kilde;
    let p = gang.person(&m.forespoersel.levende_person.foedselsnummer).await?;
    if gang.u.status(p) != Some(Personstatus::Doed) {
        return Err(Kode::UgyldigPersonstatus.into());
    }
    let avdoed = gang.u.nummer(p);
    let doedsbo = gjeldende(&gang.u.dok(p).kontaktinformasjon_for_doedsbo).is_some();
    gang.manuelt(doedsbo, Kode::MotstridendeOpplysninger);
    if let Some(etterlatt) = ektefelle(gang, p).await? {
        let gift_igjen =
            gang.u.sivilstand(etterlatt).is_some_and(|s| s.relatert_ved_sivilstand != Some(avdoed.into()));
        gang.manuelt(gift_igjen, Kode::MotstridendeOpplysninger);
    }
    gang.klar()?;
    gjenoppliv(gang, p).await?;
    Ok(Vedtak::REGISTRERT)
}

/// Takes back everything that a death wrote.
async fn gjenoppliv(gang: &mut Gang<'_, '_>, p: P) -> Svar {
    let avdoed = gang.u.nummer(p);
    let doedsdato = gang.u.doedsdato(p);
    let u = &mut gang.u;
    u.dok_mut(p).doedsfall = None;
    u.endret(p, Entitet::Doedsfall, Entitetsendring::Annullere, None);
    u.annuller(p, |s: &Folkeregisterpersonstatus| s.status == Personstatus::Doed);
    u.forrige_igjen(p, |_: &Folkeregisterpersonstatus| true);
    u.annuller(p, |_: &KontaktinformasjonForDoedsbo| true);
    if let Some(dato) = doedsdato {
        u.gjenaapne(p, dato, |_: &Bostedsadresse| true);
        u.gjenaapne(p, dato, |_: &DeltBosted| true);
        u.gjenaapne(p, dato, |_: &Oppholdsadresse| true);
        u.gjenaapne(p, dato, |_: &Kontaktadresse| true);
        u.gjenaapne(p, dato, |_: &KontaktadresseIUtlandet| true);
        u.gjenaapne(p, dato, |_: &VergemaalRepresentasjonEllerFremtidsfullmakt| true);
    }
    u.meld(p, Hendelsestype::PersonErReaktivert);
    let Some(dato) = doedsdato else { return Ok(()) };
    if let Some(etterlatt) = ektefelle(gang, p).await? {
        let enke = |s: &Sivilstand| {
            use Sivilstandstype::{EnkeEllerEnkemann, GjenlevendePartner};
            matches!(s.sivilstand, EnkeEllerEnkemann | GjenlevendePartner)
                && s.relatert_ved_sivilstand == Some(avdoed.into())
        };
        if gang.u.annuller(etterlatt, enke) {
            gang.u.forrige_igjen(etterlatt, |_: &Sivilstand| true);
            gang.u.meld(etterlatt, Hendelsestype::EndringISivilstand);
            gang.u.gjenaapne(etterlatt, dato, |f: &Familierelasjon| er_ekteskap(f, Some(avdoed)));
            gang.u.meld(etterlatt, Hendelsestype::EndringIFamilierelasjon);
        }
    }
    for barn in i_rolle(gang, p, &[Familierelasjontype::Barn]) {
        if let Some(barn) = gang.u.hent(barn.verdi()).await? {
            ansvar_tilbake(gang, barn, dato).await?;
        }
    }
    Ok(())
}

/// The parents are responsible together again, if the death ended that.
async fn ansvar_tilbake(gang: &mut Gang<'_, '_>, barn: P, dato: Date) -> Svar {
    use Foreldreansvarstype::{Far, Medmor, Mor};
    let siden = Some(Moment::midnight_oslo(dato));
    let alene =
        |f: &Foreldreansvar| matches!(f.ansvar, Mor | Far | Medmor) && f.meta.gyldighetstidspunkt == siden;
    if !gang.u.gjenaapne(barn, dato, |_: &Foreldreansvar| true) {
        return Ok(());
    }
    let barnets = gang.u.nummer(barn);
    let igjen: Vec<_> = gjeldende_alle(&gang.u.dok(barn).foreldreansvar)
        .filter(|f| alene(f))
        .filter_map(|f| f.ansvarlig)
        .collect();
    gang.u.annuller(barn, alene);
    gang.u.meld(barn, Hendelsestype::EndringIForeldreansvar);
    for nummer in igjen {
        if let Some(forelder) = gang.u.hent(nummer.verdi()).await? {
            gang.u.annuller(forelder, |f: &Foreldreansvar| alene(f) && f.ansvarssubjekt == Some(barnets));
            let om = |f: &Foreldreansvar| f.ansvarssubjekt == Some(barnets);
            gang.u.gjenaapne(forelder, dato, om);
            gang.u.meld(forelder, Hendelsestype::EndringIForeldreansvar);
        }
    }
    Ok(())
}
