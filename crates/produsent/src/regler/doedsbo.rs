//! Contacts for estates (producer sheet, section 6.13).

use folkeregisteret::modell::{
    AdvokatSomKontakt, Doedsbokontakt, Hendelsestype, KontaktadresseForDoedsbo, KontaktinformasjonForDoedsbo,
    Liste, OrganisasjonSomKontakt, PersonSomKontakt, Personnavn, Personstatus, Skifteform, Tekst,
};
use identifikator::Organisasjonsnummer;
use serde::Deserialize;
use tid::Date;

use super::familie::er_borte;
use super::felles::{Navn, alfa3};
use crate::sak::{Gang, Kode, Stopp, Svar, Vedtak, gjeldende};

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
        ut.personnavn = gjeldende(&gang.u.dok(p).navn).map(|navn| Personnavn {
            fornavn: navn.fornavn.clone(),
            mellomnavn: navn.mellomnavn.clone(),
            etternavn: navn.etternavn.clone(),
        });
    }
    Ok(Doedsbokontakt::Person(ut))
}
