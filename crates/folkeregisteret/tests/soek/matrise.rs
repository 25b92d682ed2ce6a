//! Every package × every value of persons that have everything: nobody is found by what is not shown.

use std::collections::BTreeSet;

use folkeregisteret::Rettighetspakke;
use folkeregisteret::modell::Persondokument;
use folkeregisteret::rettighetspakke::Tjeneste;

use crate::fasit::{Adresse, adresser, opphold};
use crate::folk::FOLK;
use crate::spoersmaal::{MED_LISTE, entydig_stemmer, liste_stemmer};

type Parametre = Vec<(&'static str, String)>;

/// Persons whose addresses are graded in every way, of now and before.
fn personer() -> impl Iterator<Item = &'static Persondokument> {
    let har_alt =
        |person: &&Persondokument| !person.bostedsadresse.is_empty() && !person.oppholdsadresse.is_empty();
    FOLK.personer.values().filter(har_alt).take(24)
}

/// Each value of a person's, alone.
fn verdier(person: &Persondokument) -> Vec<Parametre> {
    let mut ut: Vec<(&str, String)> = Vec::new();
    for navn in &person.navn {
        let deler = [Some(&navn.fornavn), navn.mellomnavn.as_ref(), Some(&navn.etternavn)];
        ut.extend(deler.into_iter().flatten().map(|del| ("navn", del.to_string())));
    }
    for foedsel in &person.foedsel {
        ut.extend(foedsel.foedselsdato.map(|dato| ("foedselsdato", dato.to_string().replace('-', ""))));
    }
    ut.extend(person.kjoenn.iter().map(|k| ("kjoenn", k.kjoenn.kode().to_owned())));
    for adresse in [adresser(person, false, true), opphold(person, true)].concat() {
        let Adresse { gate, hus, post, kommune } = adresse;
        ut.extend(gate.map(|gate| ("adressenavn", gate)));
        ut.extend(hus.map(|hus| ("husnummer", hus)));
        ut.extend(post.map(|post| ("postnummer", post)));
        ut.extend(kommune.as_ref().map(|kommune| ("fylkesnummer", kommune[..2].to_owned())));
        ut.extend(kommune.map(|kommune| ("kommunenummer", kommune)));
    }
    let ulike: BTreeSet<_> = ut.into_iter().collect();
    ulike.into_iter().map(|verdi| vec![verdi]).collect()
}

/// A question as it is, and with every switch.
fn med_brytere(spoersmaal: &Parametre) -> [Parametre; 2] {
    let brytere =
        ["inkluderDoede", "inkluderOppholdsadresse", "soekFonetisk"].map(|navn| (navn, "true".to_owned()));
    let historisk = ("opplysningsgrunnlag", "historisk".to_owned());
    [spoersmaal.clone(), spoersmaal.iter().cloned().chain(brytere).chain([historisk]).collect()]
}

#[test]
fn no_list_has_anybody_for_a_value_that_is_not_shown() {
    let alle: BTreeSet<Parametre> = personer().flat_map(verdier).collect();
    assert!(alle.len() > 40, "{}", alle.len());
    for spoersmaal in &alle {
        let mut antall = Vec::new();
        for pakke in MED_LISTE {
            antall.extend(med_brytere(spoersmaal).map(|parametre| liste_stemmer(&FOLK, pakke, &parametre)));
        }
        if ["kommunenummer", "fylkesnummer", "postnummer"].contains(&spoersmaal[0].0) {
            assert!(antall[0] > antall[2], "omh sees protected addresses: {spoersmaal:?} {antall:?}");
        }
    }
}

#[test]
fn no_unique_search_hits_anybody_for_a_value_that_is_not_shown() {
    let pakker = || Rettighetspakke::ALLE.into_iter().filter(|pakke| pakke.har(Tjeneste::Entydigsoek));
    let (mut bare_omh, mut alle) = (0, 0);
    for person in personer() {
        let Some(navn) = person.navn.first() else { continue };
        let helt = ("navn", format!("{} {}", &*navn.fornavn, &*navn.etternavn));
        let dato =
            person.foedsel.first().and_then(|f| f.foedselsdato).map(|d| d.to_string().replace('-', ""));
        for fakta in verdier(person) {
            if !["adressenavn", "postnummer"].contains(&fakta[0].0) {
                continue;
            }
            let mut spoersmaal = vec![helt.clone(), fakta[0].clone()];
            spoersmaal.extend(dato.clone().map(|dato| ("foedselsdato", dato)));
            spoersmaal.push(("opplysningsgrunnlag", "historisk".to_owned()));
            let funnet: Vec<bool> =
                pakker().map(|pakke| entydig_stemmer(&FOLK, pakke, &spoersmaal)).collect();
            bare_omh += usize::from(funnet[0] && !funnet[1..].contains(&true));
            alle += usize::from(!funnet.contains(&false));
        }
    }
    assert!(bare_omh > 5 && alle > 5, "{bare_omh} {alle}");
}
