//! Every rule of contacts for estates (producer sheet, section 6.13).

use folkeregisteret::modell::Doedsbokontakt;
use produsent::sak::gjeldende;

use crate::meldinger::{doedsbo, doedsfall, e, person};
use crate::prove::{GAMMEL, KVINNE, MANN, Prove};
use crate::regler::{om, utfall};
use crate::regler_deler::{bytt, rader};

const RESSURS: &str = "kontaktopplysninger_doedsbo_v1";

async fn med_avdoed() -> Prove {
    let p = Prove::med_folk().await;
    p.sak("doedsfall_v1", &doedsfall("0", GAMMEL, "2024-11-03", "helse")).await;
    p
}

fn navn(element: &str) -> String {
    e(element, &(e("fornavn", "Klok") + &e("etternavn", "Ugle")))
}

/// With another contact than a person with a number.
fn med_kontakt(ident: &str, kontakt: &str) -> String {
    let nummer = e("person", &person(KVINNE));
    bytt(&doedsbo(ident, GAMMEL, KVINNE, "2024-11-20"), &[(&nummer, kontakt)])
}

#[tokio::test]
async fn contacts_of_every_kind() {
    let p = med_avdoed().await;
    let firma = e("organisasjonsnavn", "Advokatene") + &e("organisasjonsnummer", "311015001");
    let alle = [
        (e("person", &(e("foedselsdato", "1990-01-01") + &navn("personnavn"))), "person Klok 1990-01-01 -"),
        (e("person", &person(MANN)), "person VAKKER 1988-11-02 02918849923"),
        (e("advokat", &(navn("personnavn") + &firma)), "advokat Klok Advokatene 311015001"),
        (e("organisasjon", &(firma + &navn("kontaktpersonnavn"))), "organisasjon Advokatene 311015001 Klok"),
    ];
    for (i, (kontakt, ventet)) in alle.iter().enumerate() {
        let foer = p.ende().await;
        let svar = p.sak(RESSURS, &med_kontakt(&i.to_string(), kontakt)).await;
        assert_eq!(utfall(&svar), "registrert -", "{svar}");
        assert_eq!(p.hendelser(foer).await, om(GAMMEL, &["endringIKontaktopplysningerForDoedsbo"]));
        let dok = p.dok(GAMMEL).await;
        assert_eq!(rader(&dok.kontaktinformasjon_for_doedsbo), (i + 1, 1, 0), "the one before is history");
        let naa = gjeldende(&dok.kontaktinformasjon_for_doedsbo).expect("a contact");
        assert_eq!(naa.meta.kilde.as_deref(), Some("Test tingrett"));
        let er = match &naa.kontakt {
            Doedsbokontakt::Person(k) => {
                let nummer =
                    k.foedsels_eller_d_nummer.map_or_else(|| "-".to_owned(), |n| n.vis().to_string());
                let fornavn = k.personnavn.as_ref().expect("a name").fornavn.to_string();
                format!("person {fornavn} {} {nummer}", k.foedselsdato.expect("a date"))
            }
            Doedsbokontakt::Advokat(k) => {
                let (navn, nummer) =
                    (k.organisasjonsnavn.as_ref().expect("a name"), k.organisasjonsnummer.expect("a number"));
                format!("advokat {} {} {nummer}", &*k.personnavn.fornavn, &**navn)
            }
            Doedsbokontakt::Organisasjon(k) => {
                let kontakt = k.kontaktpersonnavn.as_ref().expect("a name");
                format!(
                    "organisasjon {} {} {}",
                    &*k.organisasjonsnavn,
                    k.organisasjonsnummer.expect("a number"),
                    &*kontakt.fornavn
                )
            }
        };
        assert_eq!(er, *ventet);
    }
}

#[tokio::test]
async fn contacts_that_cannot_be() {
    let p = med_avdoed().await;
    p.sak("doedsfall_v1", &doedsfall("00", MANN, "2024-11-04", "helse")).await;
    for (ident, kontakt, ventet) in [
        ("1", e("person", &person("01912499894")), "avvist identifikatorFinnesIkke"),
        ("2", e("person", &person("14859049895")), "avvist identifikatorFinnesIkke"),
        ("3", e("person", &person(MANN)), "manuell motstridendeOpplysninger"),
    ] {
        assert_eq!(utfall(&p.sak(RESSURS, &med_kontakt(ident, &kontakt)).await), ventet);
    }
    assert!(p.dok(GAMMEL).await.kontaktinformasjon_for_doedsbo.is_empty());
}
