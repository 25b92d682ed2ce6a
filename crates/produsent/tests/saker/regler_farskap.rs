//! Every rule of paternity (producer sheet, sections 6.7, 9.1 and 9.2).

use identifikator::Kjoenn;
use serde_json::{Value, json};

use crate::meldinger::{NY, barn, e, farskap, foedsel, person};
use crate::prove::{GAMMEL, KVINNE, MANN, Prove, gift_med};
use crate::regler::{nytt_nummer, om, utfall};
use crate::regler_kort::{ansvar, fortrolig, land, nr, og, personstatus, slekt, stand};

/// When the father signs in the messages.
const SIGNERT: &str = "2024-11-18";

fn annet_sted() -> Value {
    let vei = json!({ "kommunenummer": "4601", "adressenavn": "Torget" });
    json!({ "bostedsadresse": [{ "erGjeldende": true, "adressegradering": "ugradert", "vegadresse": vei }] })
}

/// A mother and a man in different places, and a child of hers; each as it is but for something. With the child's number.
async fn familie(mor: Value, mann: Value, barnet: Value, foedt: &str) -> (Prove, String) {
    let p = Prove::tom().await;
    let nr = nr(foedt, Kjoenn::Kvinne);
    let rolle = |relatert: &str, rolle: &str, min: &str| json!({ "erGjeldende": true, "relatertPerson": relatert, "relatertPersonsRolle": rolle, "minRolleForPerson": min });
    let ansvar = |felt: &str, nr: &str| json!([{ "erGjeldende": true, "ansvar": "mor", felt: nr }]);
    let hennes = json!({
        "familierelasjon": [rolle(&nr, "barn", "mor")], "foreldreansvar": ansvar("ansvarssubjekt", &nr),
    });
    let barnets = json!({
        "familierelasjon": [rolle(KVINNE, "mor", "barn")], "foreldreansvar": ansvar("ansvarlig", KVINNE),
    });
    p.person(KVINNE, "1980-05-14", "kvinne", og(hennes, mor)).await;
    p.person(MANN, "1978-11-02", "mann", og(annet_sted(), mann)).await;
    p.person(GAMMEL, "1941-02-20", "mann", annet_sted()).await;
    p.person(&nr, foedt, "kvinne", og(barnets, barnet)).await;
    (p, nr)
}

/// A declaration about a child that is born.
fn foedt(ident: &str, nr: &str) -> String {
    farskap(ident, &(person(nr) + &e("erFoedt", "true")), MANN, KVINNE)
}

fn uten_mors_signatur(melding: &str) -> String {
    let til = melding.rfind("<harSignert>true").expect("hers is the last");
    melding[..til].to_owned() + "<harSignert>false" + &melding[til + "<harSignert>true".len()..]
}

fn uten_fars_signatur(melding: &str) -> String {
    melding.replacen("<harSignert>true", "<harSignert>false", 1)
}

fn vurdert(melding: &str, navn: &str, verdi: &str) -> String {
    let slutt = "</saksbehandlersVurdering>";
    melding.replace(slutt, &(e(navn, verdi) + slutt))
}

fn vurdert_foerst(melding: &str) -> String {
    let start = "<saksbehandlersVurdering>";
    melding.replace(start, &(start.to_owned() + &e("farsForeldreHarSignert", "true")))
}

fn mor_ved_navn(melding: &str) -> String {
    let navn = e("navn", &(e("fornavn", "Klok") + &e("etternavn", "Ugle")));
    melding.replace(&e("foedselsEllerDNummer", KVINNE), &(e("foedselsdato", "1980-05-14") + &navn))
}

fn far_ved_navn(melding: &str) -> String {
    let navn = e("navn", &(e("fornavn", "Rask") + &e("etternavn", "Elg")));
    melding.replace(&e("foedselsEllerDNummer", MANN), &(e("foedselsdato", "1979-01-01") + &navn))
}

#[tokio::test]
async fn what_in_a_message_makes_somebody_look() {
    type Endring = fn(String) -> String;
    let rader: &[(&str, Endring, &str)] = &[
        ("nothing", |m| m, "registrert -"),
        ("father has not signed", |m| uten_fars_signatur(&m), "avvist mangelfulleOpplysninger"),
        ("mother has not signed", |m| uten_mors_signatur(&m), "manuell kreverManuellVurdering"),
        (
            "not attested",
            |m| m.replace("<skjemaErAttestert>true", "<skjemaErAttestert>false"),
            "manuell mangelfulleOpplysninger",
        ),
        ("a copy", |m| m.replace("Originalt>true", "Originalt>false"), "manuell mangelfulleOpplysninger"),
        (
            "wanted",
            |m| vurdert(&m, "manuellBehandlingErOensket", "true"),
            "manuell manuellBehandlingErOensket",
        ),
        ("father by name", |m| far_ved_navn(&m), "manuell ukjentIdentitet"),
        ("mother by name", |m| mor_ved_navn(&m), "manuell ukjentIdentitet"),
        (
            "another mother",
            |m| m.replace(&e("foedselsEllerDNummer", KVINNE), &e("foedselsEllerDNummer", GAMMEL)),
            "manuell motstridendeOpplysninger",
        ),
        ("future", |m| m.replace(SIGNERT, "2024-11-21"), "avvist fremtidigDato"),
        ("before he was born", |m| m.replace(SIGNERT, "1978-11-01"), "avvist datoFoerFoedsel"),
        ("a boy", |m| m.replace(SIGNERT, "1996-11-01"), "manuell underAlder"),
        ("a boy with parents", |m| vurdert_foerst(&m.replace(SIGNERT, "1996-11-01")), "registrert -"),
        ("of age", |m| m.replace(SIGNERT, "1996-11-02"), "registrert -"),
        (
            "no header",
            |m| {
                m[..m.find("<innsending>").unwrap_or(0)].to_owned()
                    + &m[m.find("<forespoersel>").unwrap_or(0)..]
            },
            "registrert -",
        ),
    ];
    for (navn, endring, ventet) in rader {
        let (p, nr) = familie(json!({}), json!({}), json!({}), "2024-11-10").await;
        assert_eq!(utfall(&p.sak("farskap_v1", &endring(foedt("1", &nr))).await), *ventet, "{navn}");
    }
}

#[tokio::test]
async fn a_wish_for_somebody_to_look_comes_with_its_comment() {
    let (p, nr) = familie(json!({}), json!({}), json!({}), "2024-11-10").await;
    let melding = vurdert(&foedt("1", &nr), "manuellBehandlingErOensket", "true");
    let melding = vurdert(&melding, "kommentarForManuellBehandling", "Se brevet");
    let svar = p.sak("farskap_v1", &melding).await;
    assert_eq!(svar["sakTilManuellBehandling"]["begrunnelse"][0]["begrunnelsesmerknad"], "Se brevet");
}

#[tokio::test]
async fn what_about_the_persons_makes_somebody_look() {
    let foedt_ = "2024-11-10";
    let her = json!({ "bostedsadresse": [{ "erGjeldende": true, "adressegradering": "ugradert",
        "vegadresse": { "kommunenummer": "0301", "adressenavn": "Testveien", "adressenummer": { "husnummer": "1" } } }] });
    let ukjent = json!({ "bostedsadresse": [{ "erGjeldende": true, "adressegradering": "ugradert",
        "ukjentBosted": { "bostedskommune": "0301" } }] });
    let siden = |dato: &str| {
        og(her.clone(), json!({}))["bostedsadresse"][0].as_object().map_or(json!({}), |b| {
            let mut b = b.clone();
            b.insert("flyttedato".into(), dato.into());
            json!({ "bostedsadresse": [b] })
        })
    };
    let skilt = json!({ "sivilstand": [
        { "erGjeldende": true, "sivilstand": "skilt", "sivilstandsdato": "2024-11-15" },
        { "erGjeldende": false, "sivilstand": "gift", "sivilstandsdato": "2015-06-20" },
    ] });
    let ingen = json!({});
    let vernet = "manuell adressebeskyttelse";
    let strid = "manuell motstridendeOpplysninger";
    for (navn, mor, mann, barnet, signert, ventet) in [
        ("C5 mother", fortrolig(), ingen.clone(), ingen.clone(), true, vernet),
        ("C5 man", ingen.clone(), fortrolig(), ingen.clone(), true, vernet),
        ("C5 child", ingen.clone(), ingen.clone(), fortrolig(), true, vernet),
        (
            "C2 child",
            ingen.clone(),
            ingen.clone(),
            personstatus("opphoert"),
            true,
            "avvist identifikatorErIkkeGjeldende",
        ),
        (
            "a woman",
            ingen.clone(),
            json!({ "kjoenn": [{ "erGjeldende": true, "kjoenn": "kvinne" }] }),
            ingen.clone(),
            true,
            strid,
        ),
        ("married", stand("gift", "2015-06-20", Some(GAMMEL)), ingen.clone(), ingen.clone(), true, strid),
        (
            "partner",
            stand("registrertPartner", "2015-06-20", None),
            ingen.clone(),
            ingen.clone(),
            true,
            strid,
        ),
        ("married then", skilt, ingen.clone(), ingen.clone(), true, strid),
        (
            "married since",
            stand("gift", "2024-11-15", Some(MANN)),
            ingen.clone(),
            ingen.clone(),
            true,
            "registrert -",
        ),
        (
            "separated",
            stand("separert", "2024-11-09", Some(GAMMEL)),
            ingen.clone(),
            ingen.clone(),
            true,
            "registrert -",
        ),
        ("same address", ingen.clone(), her.clone(), ingen.clone(), false, "registrert -"),
        ("moved in in time", ingen.clone(), siden(SIGNERT), ingen.clone(), false, "registrert -"),
        (
            "moved in later",
            ingen.clone(),
            siden("2024-11-19"),
            ingen.clone(),
            false,
            "manuell kreverManuellVurdering",
        ),
        ("both somewhere", ukjent.clone(), ukjent, ingen.clone(), false, "manuell kreverManuellVurdering"),
    ] {
        let (p, nr) = familie(mor, mann, barnet, foedt_).await;
        let melding = foedt("1", &nr);
        let melding = if signert { melding } else { uten_mors_signatur(&melding) };
        assert_eq!(utfall(&p.sak("farskap_v1", &melding).await), ventet, "{navn}");
    }
}

#[tokio::test]
async fn who_is_responsible_goes_by_the_year_of_birth() {
    let avtale = |m: String| {
        m.replace(
            "</forespoersel>",
            &(e("foreldreansvar", &e("datoForAvtalen", "2024-11-18")) + "</forespoersel>"),
        )
    };
    let sammen =
        |m: String| m.replace("</forespoersel>", &(e("foreldreBorSammen", "true") + "</forespoersel>"));
    let her = json!({ "bostedsadresse": [{ "erGjeldende": true, "adressegradering": "ugradert",
        "vegadresse": { "kommunenummer": "0301", "adressenavn": "Testveien", "adressenummer": { "husnummer": "1" } } }] });
    for (foedt_, mann, som, felles) in [
        ("2020-01-01", json!({}), "", true),
        ("2019-12-31", json!({}), "", false),
        ("2019-12-31", json!({}), "sammen", true),
        ("2019-12-31", json!({}), "avtale", true),
        ("2019-12-31", her.clone(), "", true),
        ("2006-11-21", json!({}), "", false),
        ("2006-11-21", json!({}), "sammen", true),
        ("2006-11-20", json!({}), "avtale", false),
        ("2005-12-31", her, "avtale", false),
    ] {
        let (p, nr) = familie(json!({}), mann, json!({}), foedt_).await;
        let melding = foedt("1", &nr);
        let melding = match som {
            "avtale" => avtale(melding),
            "sammen" => sammen(melding),
            _ => melding,
        };
        let foer = p.ende().await;
        assert_eq!(utfall(&p.sak("farskap_v1", &melding).await), "registrert -");
        let (slekts, begge) =
            (["endringIFamilierelasjon"], ["endringIFamilierelasjon", "endringIForeldreansvar"]);
        let (ventet, fortalt) = if felles {
            let fortalt = [om(&nr, &begge), om(MANN, &begge), om(KVINNE, &begge[1..])].concat();
            (vec![format!("felles {MANN}"), format!("felles {KVINNE}")], fortalt)
        } else {
            (vec![format!("mor {KVINNE}")], [om(&nr, &slekts), om(MANN, &slekts)].concat())
        };
        let dok = p.dok(&nr).await;
        assert_eq!(ansvar(&dok), ventet, "{foedt_} {som}");
        assert_eq!(slekt(&dok), [format!("far {MANN} barn"), format!("mor {KVINNE} barn")]);
        assert_eq!(p.hendelser(foer).await, fortalt);
    }
}

#[tokio::test]
async fn a_norwegian_father_makes_a_norwegian_child() {
    let svensk = json!({ "statsborgerskap": [{ "erGjeldende": true, "statsborgerskap": "SWE" }] });
    for (mann, ventet) in [(json!({}), vec!["NOR", "SWE"]), (svensk.clone(), vec!["SWE"])] {
        let (p, nr) = familie(json!({}), mann, svensk.clone(), "2024-11-10").await;
        let foer = p.ende().await;
        p.sak("farskap_v1", &foedt("1", &nr)).await;
        assert_eq!(land(&p.dok(&nr).await), ventet);
        let fortalt = p.hendelser(foer).await.contains(&format!("{nr} endringIStatsborgerskap"));
        assert_eq!(fortalt, ventet.len() == 2);
    }
}

#[tokio::test]
async fn a_man_whom_the_mother_named_needs_no_more_of_her() {
    // Named at first or in a correction: it holds also when the child has got another number.
    for (foerst, siden) in [(true, true), (true, false), (false, true)] {
        let p = Prove::tom().await;
        p.person(KVINNE, "1990-05-14", "kvinne", json!({})).await;
        p.person(MANN, "1988-11-02", "mann", annet_sted()).await;
        p.person(GAMMEL, "1941-02-20", "mann", annet_sted()).await;
        let far = "</mor>".to_owned() + &e("farEllerMedmor", &person(MANN));
        let nevnt = |melding: String, ja: bool| if ja { melding.replace("</mor>", &far) } else { melding };
        let melding = foedsel("1", &barn("2024-11-18", true, "kvinne"), false, &person(KVINNE), NY);
        let gammelt = nytt_nummer(&p.sak("foedsel_v1", &nevnt(melding, foerst)).await);
        assert_eq!(slekt(&p.dok(&gammelt).await), [format!("mor {KVINNE} barn")], "named is not declared");
        let slutt = e("erKorrigertForespoersel", "true") + &e("identifikatorForOpprinneligMelding", "1");
        let rettet = foedsel("2", &barn("2024-11-17", true, "kvinne"), false, &person(KVINNE), &slutt);
        let svar = p.sak("foedsel_v1", &nevnt(rettet, siden)).await;
        let nr = nytt_nummer(&p.godkjenn(&svar).await.expect("decided"));
        let usignert = uten_mors_signatur(&foedt("3", &nr));
        let annen = usignert.replace(MANN, GAMMEL).replace(">3<", ">4<");
        assert_eq!(utfall(&p.sak("farskap_v1", &annen).await), "manuell kreverManuellVurdering");
        assert_eq!(utfall(&p.sak("farskap_v1", &usignert).await), "registrert -");
    }
}

#[tokio::test]
async fn a_child_has_one_father() {
    let (p, nr) = familie(json!({}), json!({}), json!({}), "2024-11-10").await;
    p.sak("farskap_v1", &foedt("1", &nr)).await;
    assert_eq!(utfall(&p.sak("farskap_v1", &foedt("2", &nr)).await), "avvist alleredeRegistrert");
    let svar = p.sak("farskap_v1", &foedt("3", &nr).replace(MANN, GAMMEL)).await;
    assert_eq!(utfall(&svar), "manuell motstridendeOpplysninger");
    let foer = p.ende().await;
    p.godkjenn(&svar).await.expect("decided");
    let dok = p.dok(&nr).await;
    assert_eq!(slekt(&dok), [format!("far {GAMMEL} barn"), format!("mor {KVINNE} barn")]);
    let mut felles = [format!("felles {GAMMEL}"), format!("felles {KVINNE}")];
    felles.sort();
    assert_eq!(ansvar(&dok), felles);
    let tidligere = p.dok(MANN).await;
    assert!(slekt(&tidligere).is_empty() && ansvar(&tidligere).is_empty());
    let hans = om(MANN, &["endringIFamilierelasjon", "endringIForeldreansvar"]);
    let fortalt = p.hendelser(foer).await;
    assert_eq!(fortalt.iter().filter(|h| h.starts_with(MANN)).cloned().collect::<Vec<_>>(), hans);

    // A co-mother counts as well.
    let (p, nr) = familie(json!({}), json!({}), json!({}), "2024-11-10").await;
    let medmor = json!({ "familierelasjon": [
        { "erGjeldende": true, "relatertPerson": KVINNE, "relatertPersonsRolle": "mor", "minRolleForPerson": "barn" },
        { "erGjeldende": true, "relatertPerson": GAMMEL, "relatertPersonsRolle": "medmor", "minRolleForPerson": "barn" },
    ] });
    p.person(&nr, "2024-11-10", "kvinne", medmor).await;
    assert_eq!(utfall(&p.sak("farskap_v1", &foedt("1", &nr)).await), "manuell motstridendeOpplysninger");
}

#[tokio::test]
async fn parents_by_name_are_entered_when_somebody_has_looked() {
    let (p, nr) = familie(json!({}), json!({}), json!({}), "2024-11-10").await;
    let svar = p.sak("farskap_v1", &far_ved_navn(&foedt("1", &nr))).await;
    let foer = p.ende().await;
    p.godkjenn(&svar).await.expect("decided");
    let to = ["endringIFamilierelasjon", "endringIForeldreansvar"];
    assert_eq!(p.hendelser(foer).await, [om(&nr, &to), om(KVINNE, &to[1..])].concat());
    let dok = p.dok(&nr).await;
    assert_eq!(slekt(&dok), ["far Rask Elg barn".to_owned(), format!("mor {KVINNE} barn")]);
    assert_eq!(ansvar(&dok), [format!("felles {KVINNE}"), "felles Rask".to_owned()]);
    let igjen = p.sak("farskap_v1", &far_ved_navn(&foedt("2", &nr))).await;
    assert_eq!(utfall(&igjen), "avvist alleredeRegistrert");
    let mann = p.sak("farskap_v1", &foedt("3", &nr)).await;
    assert_eq!(utfall(&mann), "manuell motstridendeOpplysninger");
    p.godkjenn(&mann).await.expect("decided");
    let dok = p.dok(&nr).await;
    assert_eq!(slekt(&dok), [format!("far {MANN} barn"), format!("mor {KVINNE} barn")]);
    assert_eq!(ansvar(&dok), [format!("felles {MANN}"), format!("felles {KVINNE}")]);

    let (p, nr) = familie(json!({}), json!({}), json!({}), "2024-11-10").await;
    let svar = p.sak("farskap_v1", &mor_ved_navn(&foedt("1", &nr))).await;
    p.godkjenn(&svar).await.expect("decided");
    assert_eq!(slekt(&p.dok(&nr).await), [format!("far {MANN} barn"), format!("mor {KVINNE} barn")]);
}

#[tokio::test]
async fn what_a_birth_has_decided_only_has_attachments() {
    let p = Prove::med_folk().await;
    let satt = |ident: &str| {
        let melding = farskap(ident, &e("erFoedt", "true"), MANN, KVINNE);
        melding.replace("</forespoersel>", &(e("farskapSattAvFoedsel", "true") + "</forespoersel>"))
    };
    let foer = p.ende().await;
    assert_eq!(utfall(&p.sak("farskap_v1", &satt("1")).await), "registrert -");
    let vedlegg = e("vedlegg", &e("multipartnavn", "a.pdf"));
    let uten = satt("2").replace("<barnet>", &(vedlegg + "<barnet>"));
    assert_eq!(utfall(&p.sak("farskap_v1", &uten).await), "manuell vedleggMangler");
    assert!(p.hendelser(foer).await.is_empty());
}

#[tokio::test]
async fn declarations_before_birth() {
    let ventes = e("erFoedt", "false") + &e("termindato", "2024-11-25");
    let melding = farskap("1", &ventes, MANN, KVINNE);
    for (navn, mann, melding, ventet, kan) in [
        ("both sign", annet_sted(), melding.clone(), "registrert -", true),
        ("same address", json!({}), uten_mors_signatur(&melding), "registrert -", true),
        ("she has not", annet_sted(), uten_mors_signatur(&melding), "manuell kreverManuellVurdering", true),
        (
            "born",
            json!({}),
            melding.replace("erFoedt>false", "erFoedt>true"),
            "manuell ukjentIdentitet",
            true,
        ),
        (
            "no date",
            json!({}),
            farskap("1", &e("erFoedt", "false"), MANN, KVINNE),
            "manuell mangelfulleOpplysninger",
            false,
        ),
        ("mother by name", json!({}), mor_ved_navn(&melding), "manuell ukjentIdentitet", false),
        ("father by name", json!({}), far_ved_navn(&melding), "manuell ukjentIdentitet", false),
        ("C5", fortrolig(), melding.clone(), "manuell adressebeskyttelse", true),
    ] {
        let p = Prove::tom().await;
        p.person(KVINNE, "1990-05-14", "kvinne", json!({})).await;
        p.person(MANN, "1988-11-02", "mann", mann).await;
        let svar = p.sak("farskap_v1", &melding).await;
        assert_eq!(utfall(&svar), ventet, "{navn}");
        if svar.get("saksbeslutning").is_none() {
            assert_eq!(p.godkjenn(&svar).await.is_ok(), kan, "{navn}");
        }
        let melding = foedsel("2", &barn("2024-11-19", true, "kvinne"), false, &person(KVINNE), NY);
        let mut svar = p.sak("foedsel_v1", &melding).await;
        if svar.get("saksbeslutning").is_none() {
            svar = p.godkjenn(&svar).await.expect("decided");
        }
        let foreldre = slekt(&p.dok(&nytt_nummer(&svar)).await).len();
        assert_eq!(foreldre == 2, kan, "{navn}");
    }
    // A husband is the father whoever has declared himself.
    let p = Prove::tom().await;
    p.person(KVINNE, "1990-05-14", "kvinne", gift_med(MANN)).await;
    p.person(MANN, "1988-11-02", "mann", gift_med(KVINNE)).await;
    p.person(GAMMEL, "1941-02-20", "mann", json!({})).await;
    p.sak("farskap_v1", &farskap("1", &ventes, GAMMEL, KVINNE)).await;
    let melding = foedsel("2", &barn("2024-11-19", true, "kvinne"), true, &person(KVINNE), NY);
    let dok = p.dok(&nytt_nummer(&p.sak("foedsel_v1", &melding).await)).await;
    assert_eq!(slekt(&dok)[0], format!("far {MANN} barn"));
}
