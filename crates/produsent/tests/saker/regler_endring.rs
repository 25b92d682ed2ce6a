//! Every rule of changes of persons with a fødselsnummer (producer sheet, section 6.10).

use produsent::sak::gjeldende_alle;
use serde_json::json;

use crate::meldinger::{doedsfall, e, fnr_endring};
use crate::prove::{DNUMMER, GAMMEL, KVINNE, MANN, Prove};
use crate::regler::{nytt_nummer, om, utfall};
use crate::regler_deler::{beskyttet, bytt, fra, har_duf, kjoenn, land, navnet, rader};

const RESSURS: &str = "fnr_endring_v1";
const UDI: &str = "utlendingsmyndigheten";

fn borger(land: &[&str], dato: Option<&str>) -> String {
    let dato = dato.map(|dato| e("ervervsdato", dato)).unwrap_or_default();
    let en = |land: &&str| e("statsborgerskap", &(e("statsborgerskap", land) + &dato));
    e("statsborgerskap", &land.iter().map(en).collect::<String>())
}

#[tokio::test]
async fn sex_and_date_of_birth_give_a_new_number() {
    for (hva, verb, foran, entitet, rad) in [
        (e("kjoenn", "mann"), "endre", "148590", "endringIKjoenn", (2, 1, 0)),
        (e("kjoenn", "mann"), "korrigere", "148590", "endringIKjoenn", (1, 1, 0)),
        (e("foedselsdato", "1991-05-14"), "endre", "148591", "endringIFoedsel", (2, 1, 0)),
        (e("foedselsdato", "1991-05-14"), "korrigere", "148591", "endringIFoedsel", (1, 1, 0)),
    ] {
        let p = Prove::med_ektepar().await;
        let foer = p.ende().await;
        let svar = p.sak(RESSURS, &fnr_endring("1", KVINNE, &hva, verb, UDI)).await;
        assert_eq!(utfall(&svar), "manuell kreverManuellVurdering");
        let nr = nytt_nummer(&p.godkjenn(&svar).await.expect("decided"));
        assert!(nr.starts_with(foran), "{nr}");
        let ventet = [om(KVINNE, &["endringIIdentifikasjonsnummer"]), om(&nr, &[entitet])].concat();
        assert_eq!(p.hendelser(foer).await, ventet, "relatives are not told");
        let dok = p.dok(&nr).await;
        assert_eq!(dok, p.dok(KVINNE).await);
        assert_eq!(if entitet == "endringIKjoenn" { rader(&dok.kjoenn) } else { rader(&dok.foedsel) }, rad);
        let mann = p.dok(MANN).await;
        let naa = gjeldende_alle(&mann.sivilstand).next().expect("a status");
        let andre =
            naa.relatert_ved_sivilstand.and_then(folkeregisteret::modell::ElleveSifre::personidentifikator);
        assert_eq!(andre.expect("a number").vis().to_string(), nr, "they know the new one");
    }
}

#[tokio::test]
async fn what_may_be_changed_and_by_whom() {
    let navn = navnet("Klok", "Ugle");
    for (ident, hva, verb, kilde, ventet) in [
        ("1", e("kjoenn", "kvinne"), "endre", UDI, "avvist alleredeRegistrert"),
        ("2", e("foedselsdato", "1990-05-14"), "endre", UDI, "avvist alleredeRegistrert"),
        ("3", e("foedselsdato", "2024-11-21"), "korrigere", UDI, "avvist fremtidigDato"),
        ("4", borger(&["NOR"], None), "endre", UDI, "avvist alleredeRegistrert"),
        ("5", borger(&["SWE"], Some("2024-11-21")), "endre", UDI, "avvist fremtidigDato"),
        ("6", borger(&["SWE"], Some("1990-05-13")), "endre", UDI, "avvist datoFoerFoedsel"),
        ("7", e("foedested", "Bergen"), "endre", UDI, "avvist ugyldigMelding"),
        ("8", e("foedeland", "SWE"), "endre", UDI, "avvist ugyldigMelding"),
        ("9", e("foedeland", "SWE"), "korrigere", UDI, "registrert -"),
        ("10", navn.clone(), "endre", "annet", "manuell kreverManuellVurdering"),
    ] {
        let p = Prove::med_folk().await;
        let svar = p.sak(RESSURS, &fnr_endring(ident, KVINNE, &hva, verb, kilde)).await;
        assert_eq!(utfall(&svar), ventet, "{hva} {verb}");
    }
    let p = Prove::med_folk().await;
    let vedtak = [("Identitetsendring>false", "Identitetsendring>true")];
    let xml = bytt(&fnr_endring("1", KVINNE, &navn, "endre", UDI), &vedtak);
    assert_eq!(utfall(&p.sak(RESSURS, &xml).await), "manuell kreverManuellVurdering");
    let svar = p.sak(RESSURS, &fnr_endring("2", DNUMMER, &navn, "korrigere", UDI)).await;
    assert_eq!(utfall(&svar), "avvist ugyldigPersonstatus");
    p.person("01912499894", "2024-11-01", "kvinne", beskyttet()).await;
    let svar = p.sak(RESSURS, &fnr_endring("3", "01912499894", &navn, "endre", UDI)).await;
    assert_eq!(utfall(&svar), "manuell adressebeskyttelse");
}

#[tokio::test]
async fn the_dead_are_only_corrected() {
    let p = Prove::med_folk().await;
    p.sak("doedsfall_v1", &doedsfall("0", GAMMEL, "2024-11-03", "helse")).await;
    for (ident, hva, verb, ventet) in [
        ("1", navnet("Klok", "Ugle"), "endre", "avvist ugyldigPersonstatus"),
        ("2", navnet("Klok", "Ugle"), "korrigere", "registrert -"),
        ("3", borger(&["SWE"], None), "korrigere", "registrert -"),
        ("4", e("kjoenn", "kvinne"), "korrigere", "avvist ugyldigPersonstatus"),
        ("5", e("foedested", "Bergen"), "korrigere", "avvist ugyldigPersonstatus"),
    ] {
        let svar = p.sak(RESSURS, &fnr_endring(ident, GAMMEL, &hva, verb, UDI)).await;
        assert_eq!(utfall(&svar), ventet, "{hva} {verb}");
    }
    assert_eq!(rader(&p.dok(GAMMEL).await.navn), (1, 1, 0));
}

#[tokio::test]
async fn another_duf_number_than_the_registered_one() {
    for (registrert, ventet) in [
        (json!({}), "registrert -"),
        (har_duf("201512345678"), "registrert -"),
        (har_duf("201512345679"), "manuell motstridendeOpplysninger"),
    ] {
        let p = Prove::tom().await;
        p.person(KVINNE, "1990-05-14", "kvinne", registrert).await;
        let duf = [("<endringstype>", "<dufNummer>201512345678</dufNummer><endringstype>")];
        let xml = bytt(&fnr_endring("1", KVINNE, &navnet("Klok", "Ugle"), "endre", UDI), &duf);
        assert_eq!(utfall(&p.sak(RESSURS, &xml).await), ventet);
    }
}

#[tokio::test]
async fn citizenships_are_added_or_replaced() {
    for (verb, hva, ventet, antall) in [
        ("endre", borger(&["SWE", "NOR", "SWE"], Some("2024-10-30")), vec!["NOR", "SWE"], 2),
        ("korrigere", borger(&["SWE", "DNK", "SWE"], Some("2024-10-30")), vec!["DNK", "SWE"], 2),
    ] {
        let p = Prove::med_folk().await;
        let svar = p.sak(RESSURS, &fnr_endring("1", KVINNE, &hva, verb, UDI)).await;
        assert_eq!(utfall(&svar), "registrert -");
        let dok = p.dok(KVINNE).await;
        assert_eq!(
            (land(&dok), dok.statsborgerskap.len()),
            (ventet.into_iter().map(str::to_owned).collect(), antall)
        );
        assert_eq!(fra(&dok.statsborgerskap[0]), "2024-10-30", "from when it was acquired");
    }
}

#[tokio::test]
async fn a_name_is_changed_or_corrected() {
    for (verb, resultat, rad) in
        [("endre", "skalEndre", (2, 1, 0)), ("korrigere", "skalKorrigere", (1, 1, 0))]
    {
        let p = Prove::med_folk().await;
        let langt = navnet("Klok", &"Ugle".repeat(12));
        let svar = p.sak(RESSURS, &fnr_endring("1", KVINNE, &langt, verb, UDI)).await;
        assert_eq!(svar["saksbeslutning"]["resultatkode"], resultat);
        let dok = p.dok(KVINNE).await;
        assert_eq!(rader(&dok.navn), rad);
        let forkortet = dok.navn[0].forkortet_navn.as_deref().expect("a short name");
        assert_eq!(forkortet.chars().count(), 40);
        assert_eq!(kjoenn(&dok), Some("kvinne"));
    }
}
