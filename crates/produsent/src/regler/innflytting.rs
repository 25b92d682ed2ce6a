//! Immigration (producer sheet, section 6.8).

use folkeregisteret::modell::{
    Aarstall, Bosted, Bostedsadresse, Entitetsendring, Familierelasjontype, Foedsel,
    Folkeregisterpersonstatus, Hendelsestype, Identitetsgrunnlag, Identitetsgrunnlagstatus,
    InnflyttingTilNorge, Kontaktadresse, KontaktadresseIUtlandet, Opphold, Oppholdsadresse,
    Oppholdstillatelsetype, Personkjoenn, Personstatus, Relatert, Sivilstand, Sivilstandstype,
    Statsborgerskap, Tekst, UkjentBosted,
};
use identifikator::{Kommunenummer, Slag};
use serde::Deserialize;
use tid::Date;

use super::dublett::{dubletter, gjoer_kjent};
use super::familie::{biperson, relasjon, sivilstand};
use super::felles::{
    Boks, Gaard, Identifikasjon, Navn, Utland, Vei, alfa3, gradering, kjoenn, navn_i_registeret,
};
use super::foedsel::{identifikator, tildel};
use crate::sak::{Begrunnelse, Beslutning, Gang, Kode, P, Stopp, Svar, Tildelt, Vedtak};

#[derive(Deserialize)]
pub(super) struct Innflyttingsmelding {
    forespoersel: Forespoersel,
}

#[derive(Deserialize)]
struct Forespoersel {
    kilde: String,
    registreringsdato: Date,
    kandidat: Kandidat,
    #[serde(default)]
    identifikasjon: Vec<Identifikasjon>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Kandidat {
    foedsels_eller_d_nummer: Option<String>,
    navn: Navn,
    foedselsdato: Date,
    foedeland: String,
    foedested: Option<String>,
    kjoenn: String,
    sivilstand: Stand,
    statsborgerskap: Land,
    bostedsadresse: Bolig,
    postadresse: Option<Post>,
    fraflyttingsland: Option<String>,
    legitimasjonskontroll: String,
    #[serde(default)]
    familierelasjon: Vec<Slektning>,
    opphold: Oppholdet,
}

#[derive(Deserialize)]
struct Stand {
    sivilstand: String,
}

#[derive(Deserialize)]
struct Land {
    statsborgerskap: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bolig {
    vegadresse: Option<Vei>,
    matrikkeladresse: Option<Gaard>,
    ukjent_bosted: Option<Ukjent>,
    er_klientadresse: bool,
}

#[derive(Deserialize)]
struct Ukjent {
    bostedskommune: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Post {
    postboksadresse: Option<Boks>,
    vegadresse: Option<Vei>,
    matrikkeladresse: Option<Gaard>,
    #[serde(alias = "postadresse")]
    utenlandsk_postadresse: Option<Utland>,
    er_klientadresse: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Slektning {
    foedsels_eller_d_nummer: Option<String>,
    kjoenn: Option<String>,
    relatert_persons_rolle: String,
    navn: Option<Navn>,
    foedselsdato: Option<Date>,
    statsborgerskap: Option<String>,
    er_paastandsbasert: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Oppholdet {
    opphold_fra: Date,
    opphold_til: Option<Date>,
}

pub(super) async fn innflytting(gang: &mut Gang<'_, '_>, m: Innflyttingsmelding) -> Svar<Vedtak> {
    let f = m.forespoersel;
    let k = &f.kandidat;
    gang.u.kilde.clone_from(&f.kilde);
    gang.ikke_fremtid(k.foedselsdato)?;
    let kort = k.opphold.opphold_til.is_some_and(|til| til < seks_maaneder_etter(k.opphold.opphold_fra));
    if kort && !gang.overstyrt {
        return Err(Stopp::Nei(Beslutning::Avslaatt, Kode::OppholdForKort.into(), None));
    }
    let kjent = if let Some(nummer) = &k.foedsels_eller_d_nummer {
        let p = gang.person(nummer).await?;
        kan_flytte_inn(gang, p, k)?;
        Some(p)
    } else {
        let kjente = dubletter(gang, &k.navn, k.foedselsdato, &f.identifikasjon).await?;
        gang.manuelt(kjente.duf.is_some(), Kode::DufNummerIBruk);
        gang.manuelt(kjente.noen(), Kode::MuligDublett);
        None
    };
    gang.manuelt(kjoenn(&k.kjoenn).is_none(), Kode::MangelfulleOpplysninger);
    gang.manuelt(k.legitimasjonskontroll != "kontrollert", Kode::KreverManuellVurdering);
    gang.klar()?;
    gang.u.gyldig = k.opphold.opphold_fra;
    let (p, tildelt) = nummer(gang, k, kjent).await?;
    fakta(gang, p, k);
    bosted(gang, p, k, f.registreringsdato);
    papirer(gang, p, &f.identifikasjon);
    let slektninger = slekt(gang, p, k).await?;
    gang.u.meld(p, Hendelsestype::PersonErBosatt);
    for slektning in slektninger {
        gang.u.meld(slektning, Hendelsestype::EndringIFamilierelasjon);
    }
    gjoer_kjent(gang, p, &k.navn, k.foedselsdato, &f.identifikasjon);
    Ok(Vedtak { tildelt, ..Vedtak::REGISTRERT })
}

/// The same day six months on, or the first after it that exists.
fn seks_maaneder_etter(dato: Date) -> Date {
    let maaned = i16::from(dato.month()) + 5;
    let (aar, maaned) = (dato.year() + maaned / 12, (maaned % 12 + 1) as i8);
    let dag = (dato.day()..=31).find_map(|dag| Date::new(aar, maaned, dag));
    dag.or_else(|| Date::new(aar + i16::from(maaned == 12), maaned % 12 + 1, 1)).unwrap_or(dato)
}

fn kan_flytte_inn(gang: &mut Gang<'_, '_>, p: P, k: &Kandidat) -> Svar {
    let status = gang.u.status(p);
    gang.avvis(status == Some(Personstatus::Bosatt), Kode::AlleredeRegistrert)?;
    if status == Some(Personstatus::Doed) {
        return Err(Kode::UgyldigPersonstatus.into());
    }
    let navn = navn_i_registeret(gang, p);
    let annet_navn = navn.is_some_and(|navn| navn != k.navn.normalisert());
    let annen_dato = gang.u.foedselsdato(p).is_some_and(|foedt| foedt != k.foedselsdato);
    gang.manuelt(annet_navn || annen_dato, Kode::MotstridendeOpplysninger);
    gang.vern(p);
    Ok(())
}

/// Who the candidate is from now on: with a fødselsnummer that is kept, or a new one.
async fn nummer(gang: &mut Gang<'_, '_>, k: &Kandidat, kjent: Option<P>) -> Svar<(P, Option<Tildelt>)> {
    let har_fnr = |gang: &Gang<'_, '_>, p: P| gang.u.nummer(p).slag() == Slag::Foedselsnummer;
    if let Some(p) = kjent.filter(|p| har_fnr(gang, *p)) {
        return Ok((p, None));
    }
    let tildelt = tildel(gang, Slag::Foedselsnummer, k.foedselsdato, kjoenn(&k.kjoenn)).await?;
    let Some(p) = kjent else {
        let p = gang.u.ny(tildelt.nummer);
        identifikator(gang, p, &tildelt);
        gang.u.meld(p, Hendelsestype::PersonErOpprettet);
        return Ok((p, Some(tildelt)));
    };
    let dnummer = gang.u.nummer(p);
    identifikator(gang, p, &tildelt);
    gang.u.meld_om(p, dnummer, Hendelsestype::EndringIIdentifikasjonsnummer);
    gang.u.avslutt(p, |_: &Oppholdsadresse| true);
    Ok((p, Some(tildelt)))
}

fn fakta(gang: &mut Gang<'_, '_>, p: P, k: &Kandidat) {
    let ny = Folkeregisterpersonstatus { meta: gang.u.meta(), status: Personstatus::Bosatt };
    gang.u.registrer(p, ny, |_| true);
    let ny = k.navn.innslag(gang);
    gang.u.registrer(p, ny, |_| true);
    let ny = foedsel(gang, Some(k.foedselsdato), k.foedselsdato, Some(&k.foedeland), k.foedested.as_ref());
    gang.u.registrer(p, ny, |_| true);
    if let Some(kjoenn) = kjoenn(&k.kjoenn) {
        let ny = Personkjoenn { meta: gang.u.meta(), kjoenn };
        gang.u.registrer(p, ny, |_| true);
    }
    let stand = Sivilstandstype::av_kode(&k.sivilstand.sivilstand).unwrap_or(Sivilstandstype::Uoppgitt);
    let ny = sivilstand(gang, stand, None);
    gang.u.registrer(p, ny, |_: &Sivilstand| true);
    statsborgerskap(gang, p, &k.statsborgerskap.statsborgerskap);
    let fraflyttingsland = k.fraflyttingsland.as_deref().map(alfa3);
    let meta = gang.u.meta();
    let ny = InnflyttingTilNorge { meta, fraflyttingsland, fraflyttingssted_i_utlandet: None };
    gang.u.registrer(p, ny, |_| true);
    let ny = Opphold {
        meta: gang.u.meta(),
        oppholdstillatelse: Oppholdstillatelsetype::Midlertidig,
        opphold_fra: k.opphold.opphold_fra,
        opphold_til: k.opphold.opphold_til,
    };
    gang.u.registrer(p, ny, |_| true);
    let status = Identitetsgrunnlagstatus::av_kode(&k.legitimasjonskontroll);
    grunnlag(gang, p, status.unwrap_or(Identitetsgrunnlagstatus::IngenStatus));
}

pub(super) fn grunnlag(gang: &mut Gang<'_, '_>, p: P, identitetsgrunnlagstatus: Identitetsgrunnlagstatus) {
    let ny = Identitetsgrunnlag { meta: gang.u.meta(), identitetsgrunnlagstatus };
    gang.u.registrer(p, ny, |_| true);
}

pub(super) fn foedsel(
    gang: &Gang<'_, '_>,
    dato: Option<Date>,
    aar: Date,
    land: Option<&String>,
    sted: Option<&String>,
) -> Foedsel {
    Foedsel {
        meta: gang.u.meta(),
        foedselsdato: dato,
        foedselsaar: Aarstall::av(aar),
        foedested: sted.map(|sted| Tekst::tilpass(sted.clone())),
        foedekommune_i_norge: None,
        foedeland: land.map(|land| alfa3(land)),
    }
}

/// One row for each country; those there were become past.
pub(super) fn statsborgerskap(gang: &mut Gang<'_, '_>, p: P, land: &[String]) {
    for (i, land) in land.iter().enumerate() {
        let (meta, statsborgerskap) = (gang.u.meta(), alfa3(land));
        let ny = Statsborgerskap { meta, statsborgerskap, ervervsdato: None };
        gang.u.registrer(p, ny, |_| i == 0);
    }
}

fn bosted(gang: &mut Gang<'_, '_>, p: P, k: &Kandidat, registrert: Date) {
    let b = &k.bostedsadresse;
    let veg = b
        .vegadresse
        .as_ref()
        .filter(|vei| vei.har_husnummer())
        .and_then(Vei::innslag)
        .map(Bosted::Vegadresse);
    let gaard = b.matrikkeladresse.as_ref().and_then(Gaard::innslag).map(Bosted::Matrikkeladresse);
    let kommune = b.ukjent_bosted.as_ref().and_then(|u| u.bostedskommune.as_deref());
    let bostedskommune = kommune.and_then(|k| Kommunenummer::parse(k).ok());
    let oppgitt = veg.or(gaard);
    if oppgitt.is_none() && b.ukjent_bosted.is_none() {
        let merknad = "Adressen finnes ikke; bosted er registrert som ukjent";
        gang.merknader.push(Begrunnelse::med(Kode::MangelfulleOpplysninger, merknad));
    }
    let ny = Bostedsadresse {
        meta: gang.u.meta(),
        bosted: oppgitt.unwrap_or(Bosted::UkjentBosted(UkjentBosted { bostedskommune })),
        adresse_identifikator_fra_matrikkelen: None,
        naer_adresse_identifikator_fra_matrikkelen: None,
        adressegradering: gradering(gang, p, b.er_klientadresse),
        flyttedato: Some(k.opphold.opphold_fra.min(registrert)),
        grunnkrets: None,
        stemmekrets: None,
        skolekrets: None,
        kirkekrets: None,
    };
    gang.u.registrer(p, ny, |_| true);
    if let Some(post) = &k.postadresse {
        postadresse(gang, p, post);
    }
}

/// A postal address, in Norway or abroad as it is.
pub(super) fn postadresse(gang: &mut Gang<'_, '_>, p: P, post: &Post) {
    let adressegradering = gradering(gang, p, post.er_klientadresse);
    if let Some(utland) = &post.utenlandsk_postadresse {
        let ny = KontaktadresseIUtlandet {
            meta: gang.u.meta(),
            adressegradering,
            utenlandsk_adresse: Some(utland.innslag()),
            utenlandsk_adresse_i_fritt_format: None,
        };
        return gang.u.registrer(p, ny, |_| true);
    }
    let fritt = post.matrikkeladresse.as_ref().map(Gaard::i_linjer);
    let ny = Kontaktadresse {
        meta: gang.u.meta(),
        adressegradering,
        postboksadresse: post.postboksadresse.as_ref().map(Boks::innslag),
        vegadresse: post.vegadresse.as_ref().map(Vei::for_post),
        postadresse_i_fritt_format: fritt,
        adresse_identifikator_fra_matrikkelen: None,
    };
    gang.u.registrer(p, ny, |_| true);
}

pub(super) fn papirer(gang: &mut Gang<'_, '_>, p: P, identifikasjoner: &[Identifikasjon]) {
    for i in identifikasjoner {
        if let Some(nummer) = &i.personidentifikasjon {
            nummer.registrer(gang, p, Entitetsendring::RegistrereNy);
        }
        if let Some(dokument) = &i.dokumentgrunnlag {
            dokument.registrer(gang, p);
        }
    }
}

/// Relatives; those with a number who have not claimed it themselves get the other side, and are told of.
async fn slekt(gang: &mut Gang<'_, '_>, p: P, k: &Kandidat) -> Svar<Vec<P>> {
    let mut fortelles = Vec::new();
    for s in &k.familierelasjon {
        let Some(rolle) = Familierelasjontype::av_kode(&s.relatert_persons_rolle) else { continue };
        let kjent = match &s.foedsels_eller_d_nummer {
            Some(nummer)
                if !(s.er_paastandsbasert && rolle == Familierelasjontype::EktefelleEllerPartner) =>
            {
                Some(gang.person(nummer).await?)
            }
            _ => None,
        };
        let min = motsatt(rolle, kjoenn(&k.kjoenn));
        match (kjent, &s.navn) {
            (Some(andre), _) => {
                let (mitt, deres) = (gang.u.nummer(p), gang.u.nummer(andre));
                relasjon(gang, p, Relatert::RelatertPerson(deres), rolle, Some(min));
                relasjon(gang, andre, Relatert::RelatertPerson(mitt), min, Some(rolle));
                fortelles.push(andre);
            }
            (None, Some(navn)) => {
                let land = s.statsborgerskap.as_deref().map(alfa3);
                let kj = s.kjoenn.as_deref().and_then(kjoenn);
                let andre = biperson(navn.som_personnavn(), s.foedselsdato, land, kj);
                relasjon(gang, p, andre, rolle, Some(min));
            }
            (None, None) => {}
        }
    }
    Ok(fortelles)
}

/// What somebody is to one who is this to them.
fn motsatt(rolle: Familierelasjontype, mitt: Option<folkeregisteret::modell::Kjoenn>) -> Familierelasjontype {
    use Familierelasjontype::{Barn, Far, Medmor, Mor};
    match rolle {
        Mor | Far | Medmor => Barn,
        Barn if mitt == Some(folkeregisteret::modell::Kjoenn::Mann) => Far,
        Barn => Mor,
        annen => annen,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_months() {
        for (fra, til) in [
            ("2024-10-01", "2025-04-01"),
            ("2024-08-31", "2025-03-01"),
            ("2024-06-30", "2024-12-30"),
            ("2024-01-15", "2024-07-15"),
            ("2023-12-31", "2024-07-01"),
        ] {
            assert_eq!(seks_maaneder_etter(Date::parse(fra).unwrap()).to_string(), til, "{fra}");
        }
    }
}
