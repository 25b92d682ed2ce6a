//! Immigration (producer sheet, section 6.8).

use folkeregisteret::modell::{
    Bosted, ElleveSifre, Familierelasjontype, Hendelsestype, Identitetsgrunnlagstatus, InnflyttingTilNorge,
    Kjoenn, Opphold, Oppholdsadresse, Oppholdstillatelsetype, Personstatus, Relatert, Sivilstandstype,
    UkjentBosted,
};
use identifikator::{Kommunenummer, Slag};
use serde::Deserialize;
use tid::Date;

use super::adresse::{Gaard, Post, Vei, hjem};
use super::dublett;
use super::familie::{biperson, ektefelle, er_par, relasjon, sivilstand};
use super::felles::{Navn, alfa3, kjoenn, navn_i, rimelig};
use super::foedsel::{identifikator, tildel};
use super::nummerbytte::bytt_nummer;
use super::papirer::{Identifikasjon, papirer};
use super::person::{Foedt, grunnlag, navn_og_kjoenn, status};
use super::statsborgerskap;
use crate::sak::{Begrunnelse, Beslutning, Gang, Kode, P, Stopp, Svar, Tildelt, Vedtak, gjeldende_alle};

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
struct Slektning {
    foedsels_eller_d_nummer: Option<String>,
    kjoenn: Option<String>,
    relatert_persons_rolle: String,
    navn: Option<Navn>,
    foedselsdato: Option<Date>,
    vigselsdato: Option<Date>,
    statsborgerskap: Option<String>,
    er_paastandsbasert: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Oppholdet {
    opphold_fra: Date,
    opphold_til: Option<Date>,
}

impl Slektning {
    fn rolle(&self) -> Option<Familierelasjontype> {
        Familierelasjontype::av_kode(&self.relatert_persons_rolle)
    }

    fn er_ektefelle(&self) -> bool {
        self.rolle() == Some(Familierelasjontype::EktefelleEllerPartner)
    }

    /// The number, unless it is that of a spouse who is only claimed.
    fn nummer(&self) -> Option<&String> {
        self.foedsels_eller_d_nummer.as_ref().filter(|_| !(self.er_paastandsbasert && self.er_ektefelle()))
    }
}

impl Kandidat {
    /// The spouses who are not only claimed.
    fn ektefeller(&self) -> impl Iterator<Item = &Slektning> {
        self.familierelasjon.iter().filter(|s| s.er_ektefelle() && !s.er_paastandsbasert)
    }
}

pub(super) async fn innflytting(gang: &mut Gang<'_, '_>, m: Innflyttingsmelding) -> Svar<Vedtak> {
    let f = m.forespoersel;
    let k = &f.kandidat;
    gang.u.kilde.clone_from(&f.kilde);
    datoer(gang, k)?;
    rimelig(gang, k.familierelasjon.len().max(k.statsborgerskap.statsborgerskap.len()))?;
    let kjent = if let Some(nummer) = &k.foedsels_eller_d_nummer {
        let p = gang.person(nummer).await?;
        kan_flytte_inn(gang, p, k)?;
        Some(p)
    } else {
        let (navn, foedt, identifikasjoner) = (&k.navn, k.foedselsdato, &*f.identifikasjon);
        let kjente = dublett::Kandidat { navn, foedt, identifikasjoner }.kjente(gang).await?;
        gang.manuelt(!kjente.duf.is_empty(), Kode::DufNummerIBruk);
        gang.manuelt(kjente.noen(), Kode::MuligDublett);
        None
    };
    gang.manuelt(kjoenn(&k.kjoenn).is_none(), Kode::MangelfulleOpplysninger);
    gang.manuelt(k.legitimasjonskontroll != "kontrollert", Kode::KreverManuellVurdering);
    gang.manuelt(k.ektefeller().count() > 1, Kode::MotstridendeOpplysninger);
    gang.klar()?;
    gang.u.gyldig = k.opphold.opphold_fra;
    let (p, tildelt) = nummer(gang, k, kjent).await?;
    fakta(gang, p, k);
    stand(gang, p, k).await?;
    bosted(gang, p, k, f.registreringsdato);
    papirer(gang, p, &f.identifikasjon);
    let slektninger = slekt(gang, p, k).await?;
    gang.u.meld(p, Hendelsestype::PersonErBosatt);
    for slektning in slektninger {
        gang.u.meld(slektning, Hendelsestype::EndringIFamilierelasjon);
    }
    Ok(Vedtak { tildelt, ..Vedtak::REGISTRERT })
}

/// C3, and the shortest stay.
fn datoer(gang: &Gang<'_, '_>, k: &Kandidat) -> Svar {
    gang.ikke_fremtid(k.foedselsdato)?;
    gang.ikke_fremtid(k.opphold.opphold_fra)?;
    gang.avvis(k.opphold.opphold_fra < k.foedselsdato, Kode::DatoFoerFoedsel)?;
    let kort = k.opphold.opphold_til.is_some_and(|til| til < seks_maaneder_etter(k.opphold.opphold_fra));
    if kort && !gang.overstyrt {
        return Err(Stopp::Nei(Beslutning::Avslaatt, Kode::OppholdForKort.into(), None));
    }
    Ok(())
}

/// The same day six months on, or the first after it that exists.
fn seks_maaneder_etter(dato: Date) -> Date {
    let maaned = i16::from(dato.month()) + 5;
    let (aar, maaned) = (dato.year() + maaned / 12, (maaned % 12 + 1) as i8);
    let dag = (dato.day()..=31).find_map(|dag| Date::new(aar, maaned, dag));
    dag.or_else(|| Date::new(aar + i16::from(maaned == 12), maaned % 12 + 1, 1)).unwrap_or(dato)
}

/// Only those who are not here may come (section 10.2).
fn kan_flytte_inn(gang: &mut Gang<'_, '_>, p: P, k: &Kandidat) -> Svar {
    use Personstatus::{Bosatt, Foedselsregistrert, IkkeBosatt, Inaktiv, Midlertidig, Utflyttet};
    let status = gang.u.status(p);
    gang.avvis(status == Some(Bosatt), Kode::AlleredeRegistrert)?;
    if !matches!(status, Some(Midlertidig | Inaktiv | Utflyttet | IkkeBosatt | Foedselsregistrert) | None) {
        return Err(Kode::UgyldigPersonstatus.into());
    }
    let annet_navn = navn_i(gang.u.dok(p)).is_some_and(|navn| navn != k.navn.normalisert());
    let annen_dato = gang.u.foedselsdato(p).is_some_and(|foedt| foedt != k.foedselsdato);
    gang.manuelt(annet_navn || annen_dato, Kode::MotstridendeOpplysninger);
    gang.vern(p);
    Ok(())
}

/// Who the candidate is from now on: with a fødselsnummer that is kept, or a new one.
async fn nummer(gang: &mut Gang<'_, '_>, k: &Kandidat, kjent: Option<P>) -> Svar<(P, Option<Tildelt>)> {
    let kj = kjoenn(&k.kjoenn);
    match kjent {
        Some(p) if gang.u.nummer(p).slag() == Slag::Foedselsnummer => Ok((p, None)),
        Some(p) => {
            let tildelt = bytt_nummer(gang, p, k.foedselsdato, kj).await?;
            gang.u.avslutt(p, |_: &Oppholdsadresse| true);
            Ok((p, Some(tildelt)))
        }
        None => {
            let tildelt = tildel(gang, Slag::Foedselsnummer, k.foedselsdato, kj).await?;
            let p = gang.u.ny(tildelt.nummer);
            identifikator(gang, p, &tildelt);
            gang.u.meld(p, Hendelsestype::PersonErOpprettet);
            Ok((p, Some(tildelt)))
        }
    }
}

fn fakta(gang: &mut Gang<'_, '_>, p: P, k: &Kandidat) {
    status(gang, p, Personstatus::Bosatt);
    navn_og_kjoenn(gang, p, &k.navn, kjoenn(&k.kjoenn));
    let (dato, aar) = (Some(k.foedselsdato), k.foedselsdato);
    Foedt { dato, aar, land: Some(&k.foedeland), sted: k.foedested.as_ref() }.registrer(gang, p);
    statsborgerskap::bare(gang, p, &k.statsborgerskap.statsborgerskap);
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
    grunnlag(&mut gang.u, p, status.unwrap_or(Identitetsgrunnlagstatus::IngenStatus));
}

/// The marital status, with the spouse who is not only claimed; unless the register says so already.
async fn stand(gang: &mut Gang<'_, '_>, p: P, k: &Kandidat) -> Svar {
    let type_ = Sivilstandstype::av_kode(&k.sivilstand.sivilstand).unwrap_or(Sivilstandstype::Uoppgitt);
    let oppgitt = k.ektefeller().next().filter(|_| er_par(type_));
    let andre = match oppgitt.and_then(Slektning::nummer) {
        Some(nummer) => Some(gang.person(nummer).await?),
        None => None,
    };
    let samme = gang.u.sivilstand(p).is_some_and(|s| s.sivilstand == type_);
    if samme && (andre.is_none() || andre == ektefelle(gang, p).await?) {
        return Ok(());
    }
    let gifter_seg = matches!(type_, Sivilstandstype::Gift | Sivilstandstype::RegistrertPartner);
    let dato = oppgitt.filter(|_| gifter_seg).and_then(|s| s.vigselsdato);
    let mut ny = sivilstand(gang, type_, dato);
    ny.relatert_ved_sivilstand = andre.map(|andre| ElleveSifre::from(gang.u.nummer(andre)));
    gang.u.registrer(p, ny, |_| true);
    Ok(())
}

fn bosted(gang: &mut Gang<'_, '_>, p: P, k: &Kandidat, registrert: Date) {
    let b = &k.bostedsadresse;
    let veg = b.vegadresse.as_ref().filter(|vei| vei.har_husnummer());
    let veg = veg.and_then(Vei::innslag).map(Bosted::Vegadresse);
    let gaard = b.matrikkeladresse.as_ref().and_then(Gaard::innslag).map(Bosted::Matrikkeladresse);
    let oppgitt = veg.or(gaard);
    if oppgitt.is_none() && b.ukjent_bosted.is_none() {
        let merknad = "Adressen finnes ikke; bosted er registrert som ukjent";
        gang.merknader.push(Begrunnelse::med(Kode::MangelfulleOpplysninger, merknad));
    }
    let ny = oppgitt.unwrap_or_else(|| Bosted::UkjentBosted(UkjentBosted { bostedskommune: b.kommune() }));
    let ny = hjem(gang, p, ny, b.er_klientadresse, k.opphold.opphold_fra.min(registrert));
    gang.u.registrer(p, ny, |_| true);
    if let Some(post) = &k.postadresse {
        post.registrer(gang, p);
    }
}

impl Bolig {
    /// The municipality, however it is told.
    fn kommune(&self) -> Option<Kommunenummer> {
        let ukjent = self.ukjent_bosted.as_ref().and_then(|u| u.bostedskommune.as_deref());
        let ukjent = ukjent.and_then(|k| Kommunenummer::parse(k).ok());
        let veg = self.vegadresse.as_ref().and_then(Vei::kommune);
        ukjent.or(veg).or_else(|| self.matrikkeladresse.as_ref().and_then(Gaard::kommune))
    }
}

/// Relatives; those with a number who have not only been claimed as spouses get the other side, and are told of.
async fn slekt(gang: &mut Gang<'_, '_>, p: P, k: &Kandidat) -> Svar<Vec<P>> {
    let mut fortelles = Vec::new();
    for s in &k.familierelasjon {
        let Some(rolle) = s.rolle() else { continue };
        let min = motsatt(rolle, kjoenn(&k.kjoenn));
        if let Some(nummer) = s.nummer() {
            let andre = gang.person(nummer).await?;
            if andre == p {
                return Err(Kode::MotstridendeOpplysninger.into());
            }
            let (mitt, deres) = (gang.u.nummer(p), gang.u.nummer(andre));
            ny_relasjon(gang, p, Relatert::RelatertPerson(deres), rolle, min);
            ny_relasjon(gang, andre, Relatert::RelatertPerson(mitt), min, rolle);
            fortelles.push(andre);
        } else if let Some(navn) = &s.navn {
            let land = s.statsborgerskap.as_deref().map(alfa3);
            let kj = s.kjoenn.as_deref().and_then(kjoenn);
            let andre = biperson(navn.som_personnavn(), s.foedselsdato, land, kj);
            ny_relasjon(gang, p, andre, rolle, min);
        }
    }
    Ok(fortelles)
}

/// Enters a relation, unless it is there.
fn ny_relasjon(
    gang: &mut Gang<'_, '_>,
    p: P,
    andre: Relatert,
    rolle: Familierelasjontype,
    min: Familierelasjontype,
) {
    let finnes = gjeldende_alle(&gang.u.dok(p).familierelasjon)
        .any(|f| f.relatert_persons_rolle == rolle && f.relatert == andre);
    if !finnes {
        relasjon(gang, p, andre, rolle, Some(min));
    }
}

/// What somebody is to one who is this to them.
fn motsatt(rolle: Familierelasjontype, mitt: Option<Kjoenn>) -> Familierelasjontype {
    use Familierelasjontype::{Barn, Far, Medmor, Mor};
    match rolle {
        Mor | Far | Medmor => Barn,
        Barn if mitt == Some(Kjoenn::Mann) => Far,
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
