//! Every rule of death and its annulment (producer sheet, sections 6.1 and 6.2).

use folkeregisteret::modell::Persondokument;
use identifikator::Kjoenn;
use serde_json::{Value, json};

use crate::meldinger::{NY, annullering, barn, doedsbo, doedsfall, e, foedsel, person, vigsel};
use crate::prove::{DNUMMER, GAMMEL, KVINNE, MANN, Prove};
use crate::regler::{nytt_nummer, om, stand, status, utfall};
use crate::regler_kort::{ansvar, fortrolig, nr, og, par, personstatus, slekt};

const DATO: &str = "2024-11-03";

#[tokio::test]
async fn who_can_be_told_dead_by_whom() {
    let flyttet = json!({ "status": [
        { "erGjeldende": true, "status": "utflyttet" }, { "erGjeldende": false, "status": "bosatt" },
    ] });
    for (annet, kilde, ventet) in [
        (personstatus("opphoert"), "helse", "avvist identifikatorErIkkeGjeldende"),
        (fortrolig(), "helse", "registrert -"),
        (personstatus("foedselsregistrert"), "nav", "registrert -"),
        (personstatus("midlertidig"), "nav", "registrert -"),
        (flyttet.clone(), "nav", "avvist innsenderHarIkkeEndringsrett"),
        (flyttet, "utenriksstasjon", "registrert -"),
        (json!({}), "lensmannskontor", "registrert -"),
    ] {
        let p = Prove::tom().await;
        p.person(KVINNE, "1990-05-14", "kvinne", annet.clone()).await;
        let svar = p.sak("doedsfall_v1", &doedsfall("1", KVINNE, DATO, kilde)).await;
        assert_eq!(utfall(&svar), ventet, "{annet} {kilde}");
    }
}

#[tokio::test]
async fn a_place_of_death_that_is_not_known_is_remarked_on() {
    for (kommune, ventet) in [
        ("0301", "registrert -"),
        ("2590", "registrert -"),
        ("2111", "registrert -"),
        ("2211", "registrert -"),
        ("2311", "registrert -"),
        ("0000", "registrert -"),
        ("9999", "registrert ukjentKommunenummer"),
    ] {
        let p = Prove::med_folk().await;
        let sted = e("doedssted", &(e("kommune", kommune) + &e("type", "sykehus")));
        let melding = doedsfall("1", GAMMEL, DATO, "helse");
        let melding = melding.replace("</doedPerson>", &format!("{sted}</doedPerson>"));
        assert_eq!(utfall(&p.sak("doedsfall_v1", &melding).await), ventet, "{kommune}");
    }
}

/// A woman with something in common with a man.
async fn to(henne: Value, ham: Value) -> Prove {
    let p = Prove::tom().await;
    p.person(KVINNE, "1990-05-14", "kvinne", henne).await;
    p.person(MANN, "1988-11-02", "mann", ham).await;
    p
}

#[tokio::test]
async fn who_was_married_becomes_widowed() {
    for (type_, kilde, ventet, myndighet) in [
        ("gift", "helse", "enkeEllerEnkemann", "legeMedMeldeplikt"),
        ("separert", "tingretten", "enkeEllerEnkemann", "domstolen"),
        ("registrertPartner", "utenriksstasjon", "gjenlevendePartner", "utenrikstjenesten"),
        ("separertPartner", "lensmannskontor", "gjenlevendePartner", "folkeregistermyndigheten"),
    ] {
        let p = to(par(type_, "2015-06-20", MANN), par(type_, "2015-06-20", KVINNE)).await;
        p.sak("doedsfall_v1", &doedsfall("1", KVINNE, DATO, kilde)).await;
        let dok = p.dok(MANN).await;
        let naa = &dok.sivilstand[0];
        assert_eq!((stand(&dok), naa.myndighet.as_deref()), (ventet, Some(myndighet)), "{type_}");
        assert_eq!(naa.sivilstandsdato.map(|d| d.to_string()).as_deref(), Some(DATO));
        assert!(naa.relatert_ved_sivilstand.is_some() && slekt(&dok).is_empty());
    }
    // Who is divorced has no part in it.
    let skilt = crate::regler_kort::stand("skilt", "2020-01-01", Some(MANN));
    let p = to(skilt, crate::regler_kort::stand("skilt", "2020-01-01", Some(KVINNE))).await;
    let foer = p.ende().await;
    p.sak("doedsfall_v1", &doedsfall("1", KVINNE, DATO, "helse")).await;
    assert_eq!(p.hendelser(foer).await, om(KVINNE, &["personErDoed"]));
}

#[tokio::test]
async fn the_surviving_parent_is_responsible_alone_until_the_death_is_annulled() {
    let p = Prove::med_ektepar().await;
    let melding = foedsel("1", &barn("2024-11-01", true, "kvinne"), true, &person(KVINNE), NY);
    let barnet = nytt_nummer(&p.sak("foedsel_v1", &melding).await);
    let felles = [format!("felles {MANN}"), format!("felles {KVINNE}")];
    let foer = async |p: &Prove| [ansvar(&p.dok(&barnet).await), ansvar(&p.dok(MANN).await)];
    let alle = foer(&p).await;
    assert_eq!(alle[0], felles);
    let ende = p.ende().await;
    p.sak("doedsfall_v1", &doedsfall("2", KVINNE, DATO, "helse")).await;
    let slik = [
        om(KVINNE, &["personErDoed"]),
        om(MANN, &["endringISivilstand", "endringIFamilierelasjon", "endringIForeldreansvar"]),
        om(&barnet, &["endringIForeldreansvar"]),
    ];
    let mut fortalt = p.hendelser(ende).await;
    fortalt.sort();
    let mut ventet = slik.concat();
    ventet.sort();
    assert_eq!(fortalt, ventet);
    assert_eq!(foer(&p).await, [vec![format!("far {MANN}")], vec![format!("far {barnet}")]]);
    let dok = p.dok(&barnet).await;
    let sluttet = dok.foreldreansvar.iter().filter(|f| f.meta.opphoerstidspunkt.is_some()).count();
    assert_eq!(sluttet, 2, "both rows have ended");

    let ende = p.ende().await;
    p.sak("annullering_av_doedsfall_v1", &annullering("3", KVINNE)).await;
    let mut fortalt = p.hendelser(ende).await;
    fortalt.sort();
    let reaktivert = ventet.iter().map(|v| v.replace("personErDoed", "personErReaktivert"));
    let mut ventet: Vec<String> = reaktivert.collect();
    ventet.sort();
    assert_eq!(fortalt, ventet);
    assert_eq!(foer(&p).await, alle);
    assert_eq!(p.dok(&barnet).await.foreldreansvar.len(), 2, "the row of one alone is gone");
}

#[tokio::test]
async fn nobody_is_responsible_for_the_grown_up() {
    let stor = nr("2004-02-03", Kjoenn::Kvinne);
    let felles = |nr: &str, felt: &str| {
        json!({ "foreldreansvar": [{ "erGjeldende": true, "ansvar": "felles", felt: nr }],
            "familierelasjon": [{ "erGjeldende": true, "relatertPerson": nr, "relatertPersonsRolle": if felt == "ansvarlig" { "mor" } else { "barn" } }] })
    };
    let p = Prove::tom().await;
    p.person(KVINNE, "1980-05-14", "kvinne", felles(&stor, "ansvarssubjekt")).await;
    p.person(&stor, "2004-02-03", "kvinne", felles(KVINNE, "ansvarlig")).await;
    let foer = p.ende().await;
    p.sak("doedsfall_v1", &doedsfall("1", KVINNE, DATO, "helse")).await;
    assert_eq!(p.hendelser(foer).await, om(KVINNE, &["personErDoed"]));
}

#[tokio::test]
async fn a_corrected_date_is_an_annulment_and_a_death() {
    let p = Prove::med_ektepar().await;
    p.sak("doedsfall_v1", &doedsfall("1", KVINNE, DATO, "helse")).await;
    let svar = p.sak("doedsfall_v1", &doedsfall("2", KVINNE, "2024-11-02", "helse")).await;
    assert_eq!(utfall(&svar), "manuell motstridendeOpplysninger");
    let foer = p.ende().await;
    let svar = p.godkjenn(&svar).await.expect("decided");
    assert_eq!(utfall(&svar), "registrert -");
    let hennes: Vec<String> = p.hendelser(foer).await.into_iter().filter(|h| h.starts_with(KVINNE)).collect();
    assert_eq!(hennes, om(KVINNE, &["personErReaktivert", "personErDoed"]));
    let dok = p.dok(KVINNE).await;
    let dato = |dok: &Persondokument| dok.doedsfall.as_ref().and_then(|d| d.doedsdato).map(|d| d.to_string());
    assert_eq!((status(&dok), dato(&dok).as_deref()), ("doed", Some("2024-11-02")));
    let hans = p.dok(MANN).await;
    assert_eq!(hans.sivilstand.len(), 3, "widowed once: {:?}", stand(&hans));
    assert_eq!(hans.sivilstand[0].sivilstandsdato.map(|d| d.to_string()).as_deref(), Some("2024-11-02"));
}

#[tokio::test]
async fn annulments_that_somebody_looks_at() {
    let ny = nr("1991-02-03", Kjoenn::Kvinne);
    for (gift_igjen, doedsboet, vernet, ventet) in [
        (false, false, false, "registrert -"),
        (false, false, true, "registrert -"),
        (true, false, false, "manuell motstridendeOpplysninger"),
        (false, true, false, "manuell motstridendeOpplysninger"),
    ] {
        let vern = if vernet { fortrolig() } else { json!({}) };
        let p = to(og(par("gift", "2015-06-20", MANN), vern), par("gift", "2015-06-20", KVINNE)).await;
        p.person(&ny, "1991-02-03", "kvinne", json!({})).await;
        p.sak("doedsfall_v1", &doedsfall("1", KVINNE, "2022-11-03", "helse")).await;
        if gift_igjen {
            let svar = p.sak("vigsel_v1", &vigsel("2", MANN, &ny, "2023-06-15", "ja")).await;
            assert_eq!(utfall(&svar), "registrert -");
        }
        if doedsboet {
            p.sak("kontaktopplysninger_doedsbo_v1", &doedsbo("3", KVINNE, MANN, "2024-11-20")).await;
        }
        let svar = p.sak("annullering_av_doedsfall_v1", &annullering("4", KVINNE)).await;
        assert_eq!(utfall(&svar), ventet);
        if svar.get("saksbeslutning").is_none() {
            p.godkjenn(&svar).await.expect("decided");
        }
        let dok = p.dok(KVINNE).await;
        assert_eq!((status(&dok), dok.kontaktinformasjon_for_doedsbo.len()), ("bosatt", 0));
        let med = if gift_igjen { &ny } else { KVINNE };
        let ventet = format!("ektefelleEllerPartner {med} ektefelleEllerPartner");
        assert_eq!(slekt(&p.dok(MANN).await), [ventet], "married to one");
        assert_eq!(stand(&p.dok(MANN).await), "gift");
    }
    let p = Prove::med_folk().await;
    let svar = p.sak("annullering_av_doedsfall_v1", &annullering("1", DNUMMER)).await;
    assert_eq!(utfall(&svar), "avvist ugyldigPersonstatus");
}
