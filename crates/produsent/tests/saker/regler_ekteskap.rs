//! Every rule of wedding, separation and divorce (producer sheet, sections 6.4 to 6.6).

use folkeregisteret::modell::ElleveSifre;
use identifikator::Kjoenn;
use serde_json::{Value, json};

use crate::meldinger::{doedsfall, e, person, separasjon, skilsmisse, vigsel};
use crate::prove::{GAMMEL, KVINNE, MANN, Prove, gift_med};
use crate::regler::{om, stand, utfall};
use crate::regler_kort::{fortrolig, nr, og, par, personstatus, slekt, stand as med_stand};

const VIGSLET: &str = "2022-06-15";

/// A woman and a man.
async fn to(henne: Value, ham: Value) -> Prove {
    let p = Prove::tom().await;
    p.person(KVINNE, "1990-05-14", "kvinne", henne).await;
    p.person(MANN, "1988-11-02", "mann", ham).await;
    p.person(GAMMEL, "1941-02-20", "mann", json!({})).await;
    p
}

fn bryllup(ident: &str) -> String {
    vigsel(ident, KVINNE, MANN, VIGSLET, "ja")
}

fn sagt(melding: &str, navn: &str, verdi: &str) -> String {
    melding.replace("<vigselsland>", &(e(navn, verdi) + "<vigselsland>"))
}

fn brud_ved_navn(melding: &str, foedt: &str) -> String {
    let navn = e("personnavn", &(e("fornavn", "Rask") + &e("etternavn", "Elg")));
    melding.replace(&person(MANN), &(navn + &e("foedselsdato", foedt) + &e("statsborgerskap", "SWE")))
}

#[tokio::test]
async fn what_in_a_message_of_a_wedding_makes_somebody_look() {
    type Endring = fn(String) -> String;
    let mangler = "manuell mangelfulleOpplysninger";
    let strid = "avvist motstridendeOpplysninger";
    let rader: &[(&str, Endring, &str)] = &[
        ("nothing", |m| m, "registrert -"),
        ("no date", |m| m.replace(&e("vigselsdato", VIGSLET), ""), mangler),
        ("a citizen", |m| m.replace("<kilde>ansattIKommune", "<kilde>innbygger"), mangler),
        ("others", |m| m.replace("<kilde>ansattIKommune", "<kilde>annet"), mangler),
        ("foreign", |m| m.replace("<kilde>ansattIKommune", "<kilde>utenlandskMyndighet"), mangler),
        ("abroad", |m| m.replace("<vigselsland>NOR", "<vigselsland>SWE"), mangler),
        ("no country", |m| m.replace("<vigselsland>NOR</vigselsland>", ""), "registrert -"),
        ("no authority", |m| sagt(&m, "vigslerHarGyldigVigselsmyndighet", "nei"), mangler),
        ("perhaps", |m| sagt(&m, "vigselsbokErIOrden", "vetIkke"), mangler),
        ("not there", |m| sagt(&m, "vigselErUtfoertPaaStedHvorVigslerHarMyndighet", "nei"), mangler),
        ("irrelevant", |m| sagt(&m, "vigselsbokErIOrden", "ikkeRelevant"), "registrert -"),
        ("not signed", |m| m.replace("Underskrevet>ja", "Underskrevet>vetIkke"), mangler),
        ("not examined", |m| m.replace("attest>ja", "attest>nei"), mangler),
        ("no need", |m| m.replace("attest>ja", "attest>ikkeRelevant"), "registrert -"),
        ("one alone", |m| m.replace(&e("ektefelle", &person(MANN)), ""), strid),
        ("nobody", |m| m.replace(&e("ektefelle", &person(MANN)), "<ektefelle></ektefelle>"), strid),
        ("by name", |m| brud_ved_navn(&m, "1988-01-01"), "manuell ukjentIdentitet"),
        ("future", |m| m.replace(VIGSLET, "2024-11-21"), "avvist fremtidigDato"),
        ("before birth", |m| m.replace(VIGSLET, "1990-05-13"), "avvist datoFoerFoedsel"),
        ("17", |m| m.replace(VIGSLET, "2008-05-13"), "manuell underAlder"),
        ("18", |m| m.replace(VIGSLET, "2008-05-14"), "registrert -"),
        ("unknown", |m| m.replace(MANN, "01912499894"), "avvist identifikatorFinnesIkke"),
    ];
    for (navn, endring, ventet) in rader {
        let p = to(json!({}), json!({})).await;
        assert_eq!(utfall(&p.sak("vigsel_v1", &endring(bryllup("1"))).await), *ventet, "{navn}");
    }
}

#[tokio::test]
async fn who_can_marry_goes_by_the_date() {
    let skilt = |fra: &str, til: &str| {
        json!({ "sivilstand": [
            { "erGjeldende": true, "sivilstand": "skilt", "sivilstandsdato": til },
            { "erGjeldende": false, "sivilstand": "gift", "sivilstandsdato": fra },
            { "erGjeldende": false, "sivilstand": "ugift" },
        ] })
    };
    let doed = |dato: &str| json!({ "doedsfall": { "erGjeldende": true, "doedsdato": dato } });
    let soesken = json!({ "familierelasjon": [
        { "erGjeldende": true, "relatertPerson": MANN, "relatertPersonsRolle": "soesken", "minRolleForPerson": "soesken" },
    ] });
    let barn = json!({ "familierelasjon": [
        { "erGjeldende": true, "relatertPerson": MANN, "relatertPersonsRolle": "far", "minRolleForPerson": "barn" },
    ] });
    let (ugyldig, strid) = ("avvist ugyldigSivilstand", "manuell motstridendeOpplysninger");
    let med = Some(GAMMEL);
    for (navn, henne, ventet) in [
        ("C2", personstatus("opphoert"), "avvist identifikatorErIkkeGjeldende"),
        ("C5", fortrolig(), "manuell adressebeskyttelse"),
        ("married", med_stand("gift", "2020-01-01", med), ugyldig),
        ("separated", med_stand("separert", "2020-01-01", med), ugyldig),
        ("partner", med_stand("registrertPartner", "2008-01-01", med), ugyldig),
        ("separated partner", med_stand("separertPartner", "2010-01-01", med), ugyldig),
        ("divorced", med_stand("skilt", VIGSLET, med), "registrert -"),
        ("widowed", med_stand("enkeEllerEnkemann", "2020-01-01", med), "registrert -"),
        ("divorced since", skilt("2020-01-01", "2023-01-01"), ugyldig),
        ("divorced before", skilt("2010-01-01", "2020-01-01"), "registrert -"),
        ("married since", med_stand("gift", "2023-01-01", med), strid),
        ("undated", json!({ "sivilstand": [{ "erGjeldende": true, "sivilstand": "gift" }] }), ugyldig),
        ("dead before", doed("2022-06-14"), "avvist datoEtterDoedsfall"),
        ("dead since", doed("2022-06-16"), strid),
        ("siblings", soesken, "manuell naertBeslektet"),
        ("father", barn, "manuell naertBeslektet"),
    ] {
        let p = to(henne, json!({})).await;
        assert_eq!(utfall(&p.sak("vigsel_v1", &bryllup("1")).await), ventet, "{navn}");
    }
}

#[tokio::test]
async fn a_wedding_is_entered_as_it_was() {
    let p = to(json!({}), json!({})).await;
    let melding = bryllup("1")
        .replace(
            "<vigselsmyndighet>ansattIKommune",
            "<vigselssted>Torshov</vigselssted><vigselsmyndighet>ansattIKommune",
        )
        .replace(
            "</vigselsmyndighet>",
            &("</vigselsmyndighet>".to_owned() + &e("vigselsmyndighetSomKommune", "0301")),
        )
        .replace("<vigselsland>NOR", "<vigselsland>SWE");
    let svar = p.sak("vigsel_v1", &melding).await;
    p.godkjenn(&svar).await.expect("decided");
    for (nr, andre) in [(KVINNE, MANN), (MANN, KVINNE)] {
        let dok = p.dok(nr).await;
        let naa = &dok.sivilstand[0];
        assert_eq!((stand(&dok), naa.myndighet.as_deref()), ("gift", Some("ansattIKommune")));
        assert_eq!(
            (naa.sted.as_deref(), naa.utland.map(|l| l.to_string())),
            (Some("Torshov"), Some("SWE".into()))
        );
        assert_eq!(naa.kommune.map(|k| k.to_string()).as_deref(), Some("0301"));
        assert_eq!(slekt(&dok), [format!("ektefelleEllerPartner {andre} ektefelleEllerPartner")]);
    }
}

#[tokio::test]
async fn a_wedding_with_somebody_whom_the_register_does_not_know() {
    for (foedt, koder) in [("1988-01-01", 1), ("2004-06-16", 2)] {
        let p = to(json!({}), json!({})).await;
        let svar = p.sak("vigsel_v1", &brud_ved_navn(&bryllup("1"), foedt)).await;
        let alle = svar["sakTilManuellBehandling"]["begrunnelse"].as_array().map(Vec::len);
        assert_eq!(alle, Some(koder), "{svar}");
        let foer = p.ende().await;
        p.godkjenn(&svar).await.expect("decided");
        assert_eq!(p.hendelser(foer).await, om(KVINNE, &["endringISivilstand", "endringIFamilierelasjon"]));
        let dok = p.dok(KVINNE).await;
        assert_eq!(slekt(&dok), ["ektefelleEllerPartner Rask Elg ektefelleEllerPartner"]);
        assert_eq!((stand(&dok), dok.sivilstand[0].relatert_ved_sivilstand), ("gift", None));
    }
    // Without a date it is entered without one; without anybody it is not.
    let p = to(json!({}), json!({})).await;
    let uten = bryllup("1").replace(&e("vigselsdato", VIGSLET), "");
    p.godkjenn(&p.sak("vigsel_v1", &uten).await).await.expect("decided");
    let dok = p.dok(KVINNE).await;
    assert_eq!((stand(&dok), dok.sivilstand[0].sivilstandsdato), ("gift", None));
    let ingen =
        brud_ved_navn(&brud_ved_navn(&bryllup("2"), "1988-01-01").replace(KVINNE, MANN), "1988-01-01");
    let svar = p.sak("vigsel_v1", &ingen).await;
    assert_eq!(utfall(&svar), "manuell ukjentIdentitet");
    assert!(p.godkjenn(&svar).await.is_err());
}

fn part_ved_navn(melding: &str, foedt: &str) -> String {
    let navn = e("personnavn", &(e("fornavn", "Rask") + &e("etternavn", "Elg")));
    melding.replace(&person(MANN), &(e("foedselsdato", foedt) + &navn))
}

fn gift_paa(melding: &str, dato: &str) -> String {
    let vigslet = e("vigselsEllerPartnerskapsdato", dato);
    if melding.contains("<skilsmisse>") {
        return melding.replace("</skilsmisse>", &("</skilsmisse>".to_owned() + &vigslet));
    }
    melding.replace("</separasjon>", &("</separasjon>".to_owned() + &vigslet))
}

/// They were married on 20 June 2015.
#[tokio::test]
async fn separations() {
    let gift = || (gift_med(MANN), gift_med(KVINNE));
    let partnere =
        || (par("registrertPartner", "2008-06-20", MANN), par("registrertPartner", "2008-06-20", KVINNE));
    let separerte = || (par("separert", "2020-06-20", MANN), par("separert", "2020-06-20", KVINNE));
    let udaterte = || {
        let (mut a, b) = separerte();
        a["sivilstand"][0].as_object_mut().expect("a status").remove("sivilstandsdato");
        (a, b)
    };
    let ugifte = || (json!({}), json!({}));
    let melding = separasjon("1", KVINNE, MANN, "2023-08-01");
    for (navn, paret, melding, ventet, blir) in [
        ("married", gift(), melding.clone(), "registrert -", "separert"),
        ("partners", partnere(), melding.clone(), "registrert -", "separertPartner"),
        ("unmarried", ugifte(), melding.clone(), "avvist ikkeGiftMedHverandre", "ugift"),
        ("one of them", (gift_med(MANN), json!({})), melding.clone(), "avvist ikkeGiftMedHverandre", "gift"),
        (
            "to others",
            (gift_med(GAMMEL), gift_med(KVINNE)),
            melding.clone(),
            "avvist ikkeGiftMedHverandre",
            "gift",
        ),
        ("separated", separerte(), melding.clone(), "avvist alleredeRegistrert", "separert"),
        ("since when is not known", udaterte(), melding.clone(), "avvist alleredeRegistrert", "separert"),
        ("same wedding", gift(), gift_paa(&melding, "2015-06-20"), "registrert -", "separert"),
        (
            "another wedding",
            gift(),
            gift_paa(&melding, "2015-06-21"),
            "manuell motstridendeOpplysninger",
            "gift",
        ),
        ("too early", gift(), separasjon("1", KVINNE, MANN, "2015-06-19"), "avvist datoFoerVigsel", "gift"),
        ("future", gift(), separasjon("1", KVINNE, MANN, "2024-11-21"), "avvist fremtidigDato", "gift"),
        (
            "nordic",
            gift(),
            melding.replace(">fylkesmannen</siv", ">nordiskMyndighet</siv"),
            "registrert -",
            "separert",
        ),
        (
            "abroad",
            gift(),
            melding.replace(">fylkesmannen</siv", ">utenlandskMyndighetUtenomNorden</siv"),
            "manuell kreverManuellVurdering",
            "gift",
        ),
        (
            "C5",
            (og(gift_med(MANN), fortrolig()), gift_med(KVINNE)),
            melding.clone(),
            "manuell adressebeskyttelse",
            "gift",
        ),
        ("by name", gift(), part_ved_navn(&melding, "1988-11-02"), "manuell ukjentIdentitet", "gift"),
    ] {
        let p = to(paret.0, paret.1).await;
        let svar = p.sak("separasjon_v1", &melding).await;
        assert_eq!(utfall(&svar), ventet, "{navn}");
        assert_eq!(stand(&p.dok(KVINNE).await), blir, "{navn}");
        if svar.get("saksbeslutning").is_none() {
            p.godkjenn(&svar).await.expect(navn);
            assert_eq!([stand(&p.dok(KVINNE).await), stand(&p.dok(MANN).await)], ["separert"; 2], "{navn}");
        }
    }
    let p = to(gift_med(MANN), gift_med(KVINNE)).await;
    p.sak("separasjon_v1", &melding).await;
    let dok = p.dok(KVINNE).await;
    assert_eq!(dok.sivilstand[0].myndighet.as_deref(), Some("fylkesmannen"));
    assert_eq!(slekt(&dok), [format!("ektefelleEllerPartner {MANN} ektefelleEllerPartner")], "still married");
}

#[tokio::test]
async fn divorces() {
    let gift = || (gift_med(MANN), gift_med(KVINNE));
    let separert = |dato: &str| (par("separert", dato, MANN), par("separert", dato, KVINNE));
    let partnere =
        || (par("separertPartner", "2020-06-20", MANN), par("separertPartner", "2020-06-20", KVINNE));
    let av = |hjemmel: &str| skilsmisse("1", KVINNE, MANN, "2023-08-01", hjemmel);
    let (etter, brudd) = ("skilsmisseEtterSeparasjon", "skilsmisseEtterSamlivsbrudd");
    let ingen = av(brudd).replace(">true</erBegj", ">false</erBegj");
    let tvil = "manuell kreverManuellVurdering";
    for (navn, paret, melding, ventet, blir) in [
        ("a year", separert("2022-08-01"), av(etter), "registrert -", "skilt"),
        ("a day less", separert("2022-08-02"), av(etter), tvil, "skilt"),
        ("not separated", gift(), av(etter), tvil, "skilt"),
        ("partners", partnere(), av(etter), "registrert -", "skiltPartner"),
        ("apart", gift(), av(brudd), "registrert -", "skilt"),
        ("forced", gift(), av("skilsmissePaaGrunnAvOvergrepEllerTvangsekteskap"), "registrert -", "skilt"),
        ("dissolved", gift(), av("opploesningAvEkteskap"), "registrert -", "skilt"),
        ("foreign law", gift(), av("ikkeNorskHjemmel"), tvil, "skilt"),
        ("unmarried", (json!({}), json!({})), av(brudd), "avvist ikkeGiftMedHverandre", "ugift"),
        ("too early", gift(), av(brudd).replace("2023-08-01", "2015-06-19"), "avvist datoFoerVigsel", "gift"),
        (
            "another wedding",
            gift(),
            gift_paa(&av(brudd), "2015-06-21"),
            "manuell motstridendeOpplysninger",
            "skilt",
        ),
        ("nobody asks", gift(), ingen.clone(), "avvist mangelfulleOpplysninger", "gift"),
        (
            "heirs ask",
            gift(),
            ingen.replace("<hjemmel>", &(e("begjaererAvSkilsmisse", "barnEllerArvinger") + "<hjemmel>")),
            "registrert -",
            "skilt",
        ),
        ("both ask", gift(), av(brudd).replace(">false</erBegj", ">true</erBegj"), "registrert -", "skilt"),
        (
            "C5",
            (og(gift_med(MANN), fortrolig()), gift_med(KVINNE)),
            av(brudd),
            "manuell adressebeskyttelse",
            "skilt",
        ),
        ("by name", gift(), part_ved_navn(&av(brudd), "1988-11-02"), "manuell ukjentIdentitet", "skilt"),
    ] {
        let p = to(paret.0, paret.1).await;
        let svar = p.sak("skilsmisse_v1", &melding).await;
        assert_eq!(utfall(&svar), ventet, "{navn}");
        if svar.get("saksbeslutning").is_none() {
            p.godkjenn(&svar).await.expect(navn);
        }
        for (nr, andre) in [(KVINNE, MANN), (MANN, KVINNE)] {
            let dok = p.dok(nr).await;
            assert_eq!(stand(&dok), blir, "{navn}");
            if blir.starts_with("skilt") {
                assert!(slekt(&dok).is_empty());
                let med =
                    dok.sivilstand[0].relatert_ved_sivilstand.and_then(ElleveSifre::personidentifikator);
                assert_eq!(med.map(|n| n.vis().to_string()).as_deref(), Some(andre), "named still");
            }
        }
    }
}

#[tokio::test]
async fn a_marriage_that_never_was() {
    // They were divorced from each other and married again; only the last marriage was not one.
    let p = to(json!({}), json!({})).await;
    let brudd = "skilsmisseEtterSamlivsbrudd";
    for (ressurs, melding) in [
        ("vigsel_v1", vigsel("1", KVINNE, MANN, "2012-06-15", "ja")),
        ("skilsmisse_v1", skilsmisse("2", KVINNE, MANN, "2016-06-15", brudd)),
        ("vigsel_v1", bryllup("3")),
        ("separasjon_v1", separasjon("4", KVINNE, MANN, "2023-06-15")),
    ] {
        assert_eq!(utfall(&p.sak(ressurs, &melding).await), "registrert -");
    }
    let svar = p
        .sak("skilsmisse_v1", &skilsmisse("5", KVINNE, MANN, "2023-08-01", "ugyldiggjoeringAvEkteskap"))
        .await;
    assert_eq!(utfall(&svar), "manuell kreverManuellVurdering");
    let foer = p.ende().await;
    p.godkjenn(&svar).await.expect("decided");
    let to_ = ["endringISivilstand", "endringIFamilierelasjon"];
    assert_eq!(p.hendelser(foer).await, [om(KVINNE, &to_), om(MANN, &to_)].concat());
    for nr in [KVINNE, MANN] {
        let dok = p.dok(nr).await;
        let alle: Vec<&str> = dok.sivilstand.iter().map(|s| s.sivilstand.kode()).collect();
        assert_eq!((stand(&dok), alle), ("skilt", vec!["skilt", "gift", "ugift"]));
        assert_eq!(dok.familierelasjon.len(), 1, "the first marriage, ended");
        assert!(slekt(&dok).is_empty());
    }
}

#[tokio::test]
async fn the_spouse_whom_the_register_does_not_know() {
    let p = to(json!({}), json!({})).await;
    let svar = p.sak("vigsel_v1", &brud_ved_navn(&bryllup("1"), "1988-01-01")).await;
    p.godkjenn(&svar).await.expect("decided");
    for (ressurs, melding, blir) in [
        ("separasjon_v1", separasjon("2", KVINNE, MANN, "2023-06-15"), "separert"),
        ("skilsmisse_v1", skilsmisse("3", KVINNE, MANN, "2024-08-01", "skilsmisseEtterSeparasjon"), "skilt"),
    ] {
        let navngitt = p.sak(ressurs, &part_ved_navn(&melding, "1988-01-01")).await;
        assert_eq!(utfall(&navngitt), "manuell ukjentIdentitet");
        let annen = p.sak(ressurs, &melding.replace(">2<", ">4<").replace(">3<", ">5<")).await;
        assert_eq!(utfall(&annen), "avvist ikkeGiftMedHverandre", "somebody else");
        p.godkjenn(&navngitt).await.expect("decided");
        assert_eq!(stand(&p.dok(KVINNE).await), blir);
    }
    assert!(slekt(&p.dok(KVINNE).await).is_empty(), "the marriage has ended");
    // Of two by name nobody is known.
    let ingen = separasjon("6", MANN, MANN, "2023-06-15");
    let svar = p.sak("separasjon_v1", &part_ved_navn(&ingen, "1988-01-01")).await;
    assert_eq!(utfall(&svar), "manuell ukjentIdentitet");
    assert!(p.godkjenn(&svar).await.is_err());
}

#[tokio::test]
async fn a_widow_is_married_to_nobody() {
    let p = Prove::med_ektepar().await;
    p.sak("doedsfall_v1", &doedsfall("1", MANN, "2024-11-03", "helse")).await;
    let svar = p.sak("separasjon_v1", &separasjon("2", KVINNE, MANN, "2024-11-04")).await;
    assert_eq!(utfall(&svar), "avvist ikkeGiftMedHverandre");
    let ny = nr("1991-02-03", Kjoenn::Mann);
    p.person(&ny, "1991-02-03", "mann", json!({})).await;
    let svar = p.sak("vigsel_v1", &vigsel("3", KVINNE, &ny, "2024-11-05", "ja")).await;
    assert_eq!(utfall(&svar), "registrert -");
    let svar = p.sak("vigsel_v1", &vigsel("4", KVINNE, &ny, "2024-11-05", "ja")).await;
    assert_eq!(utfall(&svar), "avvist alleredeRegistrert");
}
