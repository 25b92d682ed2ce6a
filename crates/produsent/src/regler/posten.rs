//! Moving notices by the postal service (producer sheet, section 6.9), and contacts for estates (section 6.13).

use folkeregisteret::modell::{
    AdvokatSomKontakt, Bosted, Bostedsadresse, Doedsbokontakt, Hendelsestype, KontaktadresseForDoedsbo,
    KontaktinformasjonForDoedsbo, Liste, OrganisasjonSomKontakt, PersonSomKontakt, Personstatus, Skifteform,
    Tekst,
};
use identifikator::Organisasjonsnummer;
use serde::Deserialize;
use tid::Date;

use super::familie::{er_borte, i_rolle};
use super::felles::{Navn, Vei, alfa3, gradering};
use super::innflytting::{Post, postadresse};
use crate::sak::{Gang, Kode, P, Stopp, Svar, Vedtak, gjeldende};
use folkeregisteret::modell::Familierelasjontype;

#[derive(Deserialize)]
pub(super) struct Flyttemelding {
    forespoersel: Flytteforespoersel,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Flytteforespoersel {
    person_som_flytter: Vec<Flytter>,
    ny_adresse: serde_json::Value,
    samtykke: Vec<Samtykke>,
    adresseendringsidentifikator: String,
    er_annullering: bool,
    innsender: String,
}

#[derive(Deserialize)]
struct Flytter {
    foedselsnummer: String,
}

#[derive(Deserialize)]
struct Samtykke {
    samtykketype: String,
    samtykkeverdi: String,
}

#[derive(Deserialize)]
struct Veiadresse {
    vegadresse: Option<Vei>,
    flyttedato: Date,
}

pub(super) async fn flytting(gang: &mut Gang<'_, '_>, m: Flyttemelding) -> Svar<Vedtak> {
    let f = m.forespoersel;
    gang.u.kilde = "posten".to_owned();
    let adresse: Veiadresse = super::les(&f.ny_adresse)?;
    let gitt = |type_: &str| {
        f.samtykke.iter().any(|s| s.samtykketype == type_ && s.samtykkeverdi == "samtykkeErGitt")
    };
    // Which consent it takes depends on what the new address is.
    let hva = ["vegadresse", "postboksadresse", "utenlandskPostadresse"];
    let krever = ["vegadresse", "postadresse", "utenlandskAdresse"];
    let slag = hva.iter().position(|felt| f.ny_adresse.get(felt).is_some());
    let Some(slag) = slag.filter(|i| gitt(krever[*i])) else { return Ok(Vedtak::REGISTRERT) };
    if adresse.flyttedato > gang.u.i_dag() {
        return Err(Stopp::Vent(adresse.flyttedato));
    }
    let flyttere = flyttere(gang, &f).await?;
    gang.u.gyldig = adresse.flyttedato;
    let merke = format!("posten {}", f.adresseendringsidentifikator);
    if f.er_annullering {
        angre(gang, &flyttere, &merke).await?;
        return Ok(Vedtak::REGISTRERT);
    }
    gang.klar()?;
    for p in flyttere {
        if let Some(vei) = adresse.vegadresse.as_ref().filter(|_| slag == 0) {
            flytt(gang, p, vei, adresse.flyttedato);
        } else {
            let mut post = f.ny_adresse.clone();
            post["erKlientadresse"] = false.into();
            let post: Post = super::les(&post)?;
            postadresse(gang, p, &post);
            gang.u.meld(p, Hendelsestype::EndringIKontaktinformasjon);
        }
        let nummer = gang.u.nummer(p).verdi();
        gang.gjoer_kjent(nummer, std::slice::from_ref(&merke));
    }
    Ok(Vedtak::REGISTRERT)
}

/// Those who move: residents without protection who live together, one of whom, or whose parent, sent the notice.
async fn flyttere(gang: &mut Gang<'_, '_>, f: &Flytteforespoersel) -> Svar<Vec<P>> {
    let mut alle = Vec::new();
    for flytter in &f.person_som_flytter {
        let p = gang.person(&flytter.foedselsnummer).await?;
        let bosatt = gang.u.status(p) == Some(Personstatus::Bosatt);
        gang.manuelt(!bosatt, Kode::UgyldigPersonstatus);
        gang.vern(p);
        alle.push(p);
    }
    let innsender = gang.person(&f.innsender).await?;
    let i_dag = gang.u.i_dag();
    let voksen = |gang: &Gang<'_, '_>, p: P| gang.u.alder(p, i_dag).is_some_and(|alder| alder >= 18);
    let barn = i_rolle(gang, innsender, &[Familierelasjontype::Barn]);
    let kan = alle.iter().all(|p| {
        *p == innsender
            || (alle.contains(&innsender) && voksen(gang, *p))
            || barn.contains(&gang.u.nummer(*p))
    });
    gang.manuelt(!kan || !voksen(gang, innsender), Kode::InnsenderHarIkkeEndringsrett);
    let bosted = |p: &P| gjeldende(&gang.u.dok(*p).bostedsadresse).map(|b| b.bosted.clone());
    let sammen = alle.windows(2).all(|par| bosted(&par[0]) == bosted(&par[1]));
    gang.manuelt(!sammen, Kode::MotstridendeOpplysninger);
    Ok(alle)
}

fn flytt(gang: &mut Gang<'_, '_>, p: P, vei: &Vei, flyttedato: Date) {
    let Some(adresse) = vei.innslag() else { return };
    let ny = Bostedsadresse {
        meta: gang.u.meta(),
        bosted: Bosted::Vegadresse(adresse),
        adresse_identifikator_fra_matrikkelen: None,
        naer_adresse_identifikator_fra_matrikkelen: None,
        adressegradering: gradering(gang, p, false),
        flyttedato: Some(flyttedato),
        grunnkrets: None,
        stemmekrets: None,
        skolekrets: None,
        kirkekrets: None,
    };
    gang.u.registrer(p, ny, |_| true);
    gang.u.meld(p, Hendelsestype::EndringIBostedsadresse);
}

/// Undoes a change that is still current; an unknown one is let be.
async fn angre(gang: &mut Gang<'_, '_>, flyttere: &[P], merke: &str) -> Svar {
    let kjente = gang.kjente(&[merke.to_owned()]).await?;
    for p in flyttere {
        if !kjente.contains(&gang.u.nummer(*p).verdi()) {
            continue;
        }
        let fra = gang.u.gyldig;
        let borte = gang.u.annuller(*p, |b: &Bostedsadresse| b.flyttedato == Some(fra));
        if borte {
            gang.u.forrige_igjen(*p, |_: &Bostedsadresse| true);
            gang.u.meld(*p, Hendelsestype::EndringIBostedsadresse);
        }
    }
    Ok(())
}

#[derive(Deserialize)]
pub(super) struct Doedsbomelding {
    forespoersel: Doedsboforespoersel,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Doedsboforespoersel {
    avdoed: Avdoed,
    kontaktinformasjon: Kontakt,
    avsender: Avsender,
    skifteform: String,
    attestutstedelsesdato: Date,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Avdoed {
    foedsels_eller_d_nummer: String,
}

#[derive(Deserialize)]
struct Avsender {
    virksomhetsnavn: String,
}

#[derive(Deserialize)]
struct Kontakt {
    person: Option<Kontaktperson>,
    advokat: Option<Advokat>,
    organisasjon: Option<Advokat>,
    adresse: Adresse,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Kontaktperson {
    foedselsdato: Option<Date>,
    personnavn: Option<Navn>,
    foedsels_eller_d_nummer: Option<String>,
}

#[derive(Deserialize)]
struct Advokat {
    #[serde(alias = "kontaktpersonnavn")]
    personnavn: Option<Navn>,
    organisasjonsnavn: Option<String>,
    organisasjonsnummer: Option<String>,
}

#[derive(Deserialize)]
struct Adresse {
    adresselinje: Vec<String>,
    poststedsnavn: String,
    postnummer: String,
    landkode: Option<String>,
}

pub(super) async fn doedsbo(gang: &mut Gang<'_, '_>, m: Doedsbomelding) -> Svar<Vedtak> {
    let f = m.forespoersel;
    gang.u.kilde.clone_from(&f.avsender.virksomhetsnavn);
    let p = gang.person(&f.avdoed.foedsels_eller_d_nummer).await?;
    if gang.u.status(p) != Some(Personstatus::Doed) {
        return Err(Kode::UgyldigPersonstatus.into());
    }
    gang.ikke_fremtid(f.attestutstedelsesdato)?;
    let foer = gang.u.doedsdato(p).is_some_and(|doed| f.attestutstedelsesdato < doed);
    gang.avvis(foer, Kode::DatoFoerDoedsfall)?;
    let kontakt = kontakt(gang, &f.kontaktinformasjon).await?;
    gang.vern(p);
    gang.klar()?;
    gang.u.gyldig = f.attestutstedelsesdato;
    let ny = KontaktinformasjonForDoedsbo {
        meta: gang.u.meta(),
        kontakt,
        skifteform: Skifteform::av_kode(&f.skifteform).unwrap_or(Skifteform::Annet),
        attestutstedelsesdato: f.attestutstedelsesdato,
        adresse: adresse(&f.kontaktinformasjon.adresse)?,
    };
    let lik = gjeldende(&gang.u.dok(p).kontaktinformasjon_for_doedsbo)
        .is_some_and(|naa| KontaktinformasjonForDoedsbo { meta: ny.meta.clone(), ..naa.clone() } == ny);
    gang.avvis(lik, Kode::AlleredeRegistrert)?;
    gang.u.registrer(p, ny, |_| true);
    gang.u.meld(p, Hendelsestype::EndringIKontaktopplysningerForDoedsbo);
    Ok(Vedtak::REGISTRERT)
}

fn adresse(a: &Adresse) -> Svar<KontaktadresseForDoedsbo> {
    let linjer: Vec<Tekst> = a.adresselinje.iter().cloned().map(Tekst::tilpass).collect();
    Ok(KontaktadresseForDoedsbo {
        adresselinje: Liste::try_from(linjer).map_err(|_| Stopp::from(Kode::UgyldigMelding))?,
        poststedsnavn: Tekst::tilpass(a.poststedsnavn.clone()),
        postnummer: Tekst::tilpass(a.postnummer.clone()),
        landkode: a.landkode.as_deref().map(alfa3),
    })
}

async fn kontakt(gang: &mut Gang<'_, '_>, k: &Kontakt) -> Svar<Doedsbokontakt> {
    let orgnr =
        |a: &Advokat| a.organisasjonsnummer.as_deref().and_then(|o| Organisasjonsnummer::parse(o).ok());
    let navn = |a: &Advokat| a.personnavn.as_ref().map(Navn::som_personnavn);
    if let Some(a) = &k.advokat {
        let personnavn = navn(a).ok_or(Kode::MangelfulleOpplysninger)?;
        let organisasjonsnavn = a.organisasjonsnavn.clone().map(Tekst::tilpass);
        let advokat = AdvokatSomKontakt { personnavn, organisasjonsnavn, organisasjonsnummer: orgnr(a) };
        return Ok(Doedsbokontakt::Advokat(advokat));
    }
    if let Some(a) = &k.organisasjon {
        let organisasjonsnavn = Tekst::tilpass(a.organisasjonsnavn.clone().unwrap_or_default());
        let (organisasjonsnummer, kontaktpersonnavn) = (orgnr(a), navn(a));
        let organisasjon =
            OrganisasjonSomKontakt { organisasjonsnavn, organisasjonsnummer, kontaktpersonnavn };
        return Ok(Doedsbokontakt::Organisasjon(organisasjon));
    }
    let Some(person) = &k.person else { return Err(Kode::MangelfulleOpplysninger.into()) };
    let mut ut = PersonSomKontakt {
        foedselsdato: person.foedselsdato,
        personnavn: person.personnavn.as_ref().map(Navn::som_personnavn),
        foedsels_eller_d_nummer: None,
    };
    if let Some(nummer) = &person.foedsels_eller_d_nummer {
        let p = gang.person(nummer).await?;
        let borte = er_borte(gang, p);
        gang.manuelt(borte, Kode::MotstridendeOpplysninger);
        ut.foedsels_eller_d_nummer = Some(gang.u.nummer(p));
        // Packages without numbers get name and date of birth in their place (section 6.13).
        ut.foedselsdato = gang.u.foedselsdato(p);
        ut.personnavn = gjeldende(&gang.u.dok(p).navn).map(|navn| folkeregisteret::modell::Personnavn {
            fornavn: navn.fornavn.clone(),
            mellomnavn: navn.mellomnavn.clone(),
            etternavn: navn.etternavn.clone(),
        });
    }
    Ok(Doedsbokontakt::Person(ut))
}
