//! Every rule of birth (producer sheet, sections 6.3, 8.4, 9.1 and 9.2).

use identifikator::Kjoenn;
use serde_json::{Value, json};

use crate::meldinger::{NY, barn, e, farskap, foedsel, person};
use crate::prove::{KVINNE, MANN, Prove, gift_med};
use crate::regler::{nytt_nummer, om, status, utfall};
use crate::regler_kort::{ansvar, fortrolig, land, nr, og, par, personstatus, slekt, stand};

const DATO: &str = "2024-11-19";

/// A girl who was born alive, of a mother who is not married.
fn jente(ident: &str) -> String {
    foedsel(ident, &barn(DATO, true, "kvinne"), false, &person(KVINNE), NY)
}

fn far(innhold: &str) -> impl Fn(String) -> String {
    let far = e("farEllerMedmor", innhold);
    move |melding| melding.replace("</mor>", &format!("</mor>{far}"))
}

fn navngitt(fornavn: &str, foedt: &str) -> String {
    e("navn", &(e("fornavn", fornavn) + &e("etternavn", "Ugle"))) + &e("foedselsdato", foedt)
}

fn flere(melding: &str, antall: &str, nummer: &str) -> String {
    let mut melding = melding.to_owned();
    if !antall.is_empty() {
        melding = melding.replace("<barn>", &(e("antallBarnVedFlerfoedsel", antall) + "<barn>"));
    }
    if !nummer.is_empty() {
        let plass = e("rekkefoelgenummerVedFlerfoedsel", nummer);
        melding = melding.replace("</erLevendefoedt>", &format!("</erLevendefoedt>{plass}"));
    }
    melding
}

/// A mother and a man, as they are but for something.
async fn to(mor: Value, mann: Value) -> Prove {
    let p = Prove::tom().await;
    p.person(KVINNE, "1990-05-14", "kvinne", mor).await;
    p.person(MANN, "1988-11-02", "mann", mann).await;
    p
}

#[tokio::test]
async fn what_in_a_message_makes_somebody_look() {
    type Endring = fn(String) -> String;
    let rader: &[(&str, Endring, &str)] = &[
        ("nothing", |m| m, "registrert -"),
        ("F3 parent", |m| m.replace(">helse<", ">forelder<"), "manuell kreverManuellVurdering"),
        ("F3 other", |m| m.replace(">helse<", ">annet<"), "manuell kreverManuellVurdering"),
        ("F3 paper", |m| kanal(&m, "papirmelding"), "manuell kreverManuellVurdering"),
        ("F3 typed in", |m| kanal(&m, "manuellRegistrering"), "manuell kreverManuellVurdering"),
        ("F3 logged in", |m| kanal(&m, "innloggetTjeneste"), "manuell kreverManuellVurdering"),
        ("F3 electronic", |m| kanal(&m, "elektroniskMelding"), "registrert -"),
        ("F3 abroad", |m| utlandet(&m), "manuell kreverManuellVurdering"),
        ("F3 30 days", |m| m.replace(DATO, "2024-10-21"), "registrert -"),
        ("F3 31 days", |m| m.replace(DATO, "2024-10-20"), "manuell kreverManuellVurdering"),
        (
            "F4",
            |m| m.replace(NY, &(e("saksbehandlersVurdering", &e("signaturMangler", "true")) + NY)),
            "manuell mangelfulleOpplysninger",
        ),
        ("F5 no place", |m| flere(&m, "2", ""), "manuell motstridendeOpplysninger"),
        ("F5 one of three", |m| flere(&m, "2", "31"), "manuell motstridendeOpplysninger"),
        ("F5 two of one", |m| flere(&m, "1", "21"), "manuell motstridendeOpplysninger"),
        ("F5 agrees", |m| flere(&m, "2", "21"), "registrert -"),
        ("F5 place alone", |m| flere(&m, "", "22"), "registrert -"),
        (
            "F7 not married",
            |m| m.replace("<foreldreErGift>false", "<foreldreErGift>true"),
            "manuell motstridendeOpplysninger",
        ),
        ("C4", |m| far(&navngitt("Klok", "1989-01-01"))(m), "manuell ukjentIdentitet"),
        ("C1 father", |m| far(&person("01912499894"))(m), "avvist identifikatorFinnesIkke"),
        ("named", |m| far(&person(MANN))(m), "registrert -"),
    ];
    for (navn, endring, ventet) in rader {
        let p = to(json!({}), json!({})).await;
        assert_eq!(utfall(&p.sak("foedsel_v1", &endring(jente("1"))).await), *ventet, "{navn}");
    }
}

fn kanal(melding: &str, kanal: &str) -> String {
    let mottak = e("informasjonskanal", kanal) + &e("mottakstidspunktFraOpprinneligkanal", DATO);
    melding.replace(NY, &(e("mottak", &mottak) + NY))
}

fn utlandet(melding: &str) -> String {
    let fra = melding.find("<foedested>").expect("a place");
    let til = melding.find("</foedested>").expect("its end") + "</foedested>".len();
    let ute = e("foedestedIUtlandet", &(e("foedeland", "SWE") + &e("foedestedIUtlandet", "Lund")));
    melding[..fra].to_owned() + &ute + &melding[til..]
}

#[tokio::test]
async fn what_about_a_mother_alone_makes_somebody_look() {
    let foedt = |dato: &str| json!({ "foedsel": [{ "erGjeldende": true, "foedselsdato": dato, "foedselsaar": dato[..4] }] });
    let doed = json!({ "doedsfall": { "erGjeldende": true, "doedsdato": "2024-11-18" } });
    let udatert = json!({ "sivilstand": [{ "erGjeldende": true, "sivilstand": "enkeEllerEnkemann" }] });
    let (strid, skjoenn) = ("manuell motstridendeOpplysninger", "manuell kreverManuellVurdering");
    for (navn, mor, ventet) in [
        ("C2", personstatus("opphoert"), "avvist identifikatorErIkkeGjeldende"),
        ("F9", fortrolig(), "manuell adressebeskyttelse"),
        ("F1 dead", doed, strid),
        ("F1 11", foedt("2012-11-20"), strid),
        ("F1 12", foedt("2012-11-19"), "registrert -"),
        ("F1 60", foedt("1963-11-20"), "registrert -"),
        ("F1 61", foedt("1963-11-19"), strid),
        ("300 days", stand("enkeEllerEnkemann", "2024-01-24", None), skjoenn),
        ("300 days, partner", stand("gjenlevendePartner", "2024-01-24", None), skjoenn),
        ("301 days", stand("enkeEllerEnkemann", "2024-01-23", None), "registrert -"),
        ("some day", udatert, skjoenn),
    ] {
        let p = to(mor, json!({})).await;
        assert_eq!(utfall(&p.sak("foedsel_v1", &jente("1")).await), ventet, "{navn}");
    }
}

#[tokio::test]
async fn what_about_a_couple_makes_somebody_look() {
    let gift = || (gift_med(MANN), gift_med(KVINNE));
    let separert = || (par("separert", "2024-01-01", MANN), par("separert", "2024-01-01", KVINNE));
    let vernet = || og(gift_med(KVINNE), fortrolig());
    for (navn, paret, sagt_gift, oppgitt, ventet) in [
        ("C5 named", (json!({}), fortrolig()), false, MANN, "manuell adressebeskyttelse"),
        ("C5 spouse", (gift_med(MANN), vernet()), true, "", "manuell adressebeskyttelse"),
        ("F7 not said", gift(), false, "", "manuell motstridendeOpplysninger"),
        ("F7 spouse", gift(), true, MANN, "registrert -"),
        ("F7 separated", separert(), true, "", "manuell motstridendeOpplysninger"),
        ("separated", separert(), false, "", "registrert -"),
    ] {
        let p = to(paret.0, paret.1).await;
        let melding = foedsel("1", &barn(DATO, true, "kvinne"), sagt_gift, &person(KVINNE), NY);
        let melding = if oppgitt.is_empty() { melding } else { far(&person(oppgitt))(melding) };
        let svar = p.sak("foedsel_v1", &melding).await;
        assert_eq!(utfall(&svar), ventet, "{navn}");
        if navn == "separated" {
            assert_eq!(slekt(&p.dok(&nytt_nummer(&svar)).await), [format!("mor {KVINNE} barn")]);
        }
    }
    let p = to(gift_med(MANN), gift_med(KVINNE)).await;
    let annen = nr("1985-02-02", Kjoenn::Mann);
    p.person(&annen, "1985-02-02", "mann", json!({})).await;
    let melding = foedsel("1", &barn(DATO, true, "kvinne"), true, &person(KVINNE), NY);
    let svar = p.sak("foedsel_v1", &far(&person(&annen))(melding)).await;
    assert_eq!(utfall(&svar), "manuell motstridendeOpplysninger", "F7: another man than the husband");
    let barnet = nytt_nummer(&p.godkjenn(&svar).await.expect("decided"));
    let ventet = [format!("far {MANN} barn"), format!("mor {KVINNE} barn")];
    assert_eq!(slekt(&p.dok(&barnet).await), ventet, "the husband is the father by law");
}

#[tokio::test]
async fn marriage_counts_as_it_was_at_birth() {
    // He died between birth and message.
    let p = to(gift_med(MANN), gift_med(KVINNE)).await;
    p.sak("doedsfall_v1", &crate::meldinger::doedsfall("1", MANN, "2024-11-19", "helse")).await;
    let melding = foedsel("2", &barn("2024-11-18", true, "kvinne"), true, &person(KVINNE), NY);
    let svar = p.sak("foedsel_v1", &melding).await;
    assert_eq!(utfall(&svar), "registrert -");
    let ventet = [format!("far {MANN} barn"), format!("mor {KVINNE} barn")];
    assert_eq!(slekt(&p.dok(&nytt_nummer(&svar)).await), ventet);
}

#[tokio::test]
async fn what_a_child_has_from_its_mother() {
    let svensk = json!({ "statsborgerskap": [{ "erGjeldende": true, "statsborgerskap": "SWE" }] });
    for (mor, status_, adresser, vern, land_) in [
        (json!({}), "bosatt", 1, 0, "NOR"),
        (og(personstatus("utflyttet"), svensk.clone()), "foedselsregistrert", 0, 0, "SWE"),
        (
            og(personstatus("midlertidig"), json!({ "statsborgerskap": [] })),
            "foedselsregistrert",
            0,
            0,
            "XUK",
        ),
        (og(fortrolig(), svensk.clone()), "bosatt", 1, 1, "SWE"),
    ] {
        let p = to(mor, json!({})).await;
        let mut svar = p.sak("foedsel_v1", &jente("1")).await;
        if svar.get("saksbeslutning").is_none() {
            svar = p.godkjenn(&svar).await.expect("decided");
        }
        let nr = nytt_nummer(&svar);
        let dok = p.dok(&nr).await;
        assert_eq!((status(&dok), land(&dok)), (status_, vec![land_.to_owned()]));
        assert_eq!((dok.bostedsadresse.len(), dok.adressebeskyttelse.len()), (adresser, vern));
        assert_eq!(ansvar(&dok), [format!("mor {KVINNE}")]);
        assert_eq!(slekt(&dok), [format!("mor {KVINNE} barn")]);
        assert_eq!(slekt(&p.dok(KVINNE).await), [format!("barn {nr} mor")]);
    }
    // A Norwegian husband makes the child Norwegian.
    let p = to(og(gift_med(MANN), svensk), gift_med(KVINNE)).await;
    let melding = foedsel("1", &barn(DATO, true, "kvinne"), true, &person(KVINNE), NY);
    let dok = p.dok(&nytt_nummer(&p.sak("foedsel_v1", &melding).await)).await;
    assert_eq!(land(&dok), ["NOR"]);
    assert_eq!(ansvar(&dok), [format!("felles {MANN}"), format!("felles {KVINNE}")]);
}

#[tokio::test]
async fn a_mother_without_a_number() {
    let p = to(json!({}), json!({})).await;
    let mor = navngitt("Klok", "1995-01-01") + &e("statsborgerskap", "SWE");
    let svar = p.sak("foedsel_v1", &foedsel("1", &barn(DATO, true, "mann"), false, &mor, NY)).await;
    assert_eq!(utfall(&svar), "manuell ukjentIdentitet");
    let foer = p.ende().await;
    let nr = nytt_nummer(&p.godkjenn(&svar).await.expect("decided"));
    assert_eq!(p.hendelser(foer).await, om(&nr, &["personErOpprettet"]));
    let dok = p.dok(&nr).await;
    assert_eq!(slekt(&dok), ["mor Klok Ugle barn"]);
    assert_eq!(ansvar(&dok), ["mor Klok"]);
    assert_eq!((status(&dok), land(&dok)), ("foedselsregistrert", vec!["SWE".to_owned()]));
    assert_eq!(&*dok.navn[0].fornavn, "KLOK*GUTT");
    // Of a child that was born dead there is nobody to enter it on.
    let svar = p.sak("foedsel_v1", &foedsel("2", &barn(DATO, false, "mann"), false, &mor, NY)).await;
    assert!(p.godkjenn(&svar).await.is_err());
}

#[tokio::test]
async fn a_father_without_a_number() {
    let utlending = || {
        let mut dok = par("gift", "2015-06-20", MANN);
        dok["sivilstand"][0].as_object_mut().expect("a status").remove("relatertVedSivilstand");
        dok["familierelasjon"] = json!([]);
        dok
    };
    // By law the husband, whom the register does not know; nobody of an unmarried mother.
    for (mor, gift, ventet) in [
        (utlending(), true, vec!["far Klok Ugle barn".to_owned(), format!("mor {KVINNE} barn")]),
        (json!({}), false, vec![format!("mor {KVINNE} barn")]),
    ] {
        let p = to(mor, json!({})).await;
        let melding = foedsel("1", &barn(DATO, true, "kvinne"), gift, &person(KVINNE), NY);
        let svar = p.sak("foedsel_v1", &far(&navngitt("Klok", "1989-01-01"))(melding)).await;
        assert_eq!(utfall(&svar), "manuell ukjentIdentitet");
        let dok = p.dok(&nytt_nummer(&p.godkjenn(&svar).await.expect("decided"))).await;
        assert_eq!(slekt(&dok), ventet);
        assert_eq!(ansvar(&dok).len(), ventet.len());
    }
}

#[tokio::test]
async fn a_wife_is_co_mother_when_the_message_says_so() {
    let kone = nr("1991-03-03", Kjoenn::Kvinne);
    for (oppgitt, ventet, medmor) in [
        (person(&kone) + &e("erMedmor", "true"), "registrert -", true),
        (person(&kone), "manuell kreverManuellVurdering", true),
        (String::new(), "manuell kreverManuellVurdering", false),
    ] {
        let p = Prove::tom().await;
        p.person(KVINNE, "1990-05-14", "kvinne", gift_med(&kone)).await;
        p.person(&kone, "1991-03-03", "kvinne", gift_med(KVINNE)).await;
        let melding = foedsel("1", &barn(DATO, true, "kvinne"), true, &person(KVINNE), NY);
        let melding = if oppgitt.is_empty() { melding } else { far(&oppgitt)(melding) };
        let mut svar = p.sak("foedsel_v1", &melding).await;
        assert_eq!(utfall(&svar), ventet);
        if svar.get("saksbeslutning").is_none() {
            svar = p.godkjenn(&svar).await.expect("decided");
        }
        let dok = p.dok(&nytt_nummer(&svar)).await;
        let slik = slekt(&dok).contains(&format!("medmor {kone} barn"));
        assert_eq!((slik, ansvar(&dok).len()), (medmor, 1 + usize::from(medmor)));
    }
}

#[tokio::test]
async fn twins_are_two_and_have_both_parents() {
    let p = to(json!({}), json!({})).await;
    let ventes = e("erFoedt", "false") + &e("termindato", "2024-11-25");
    assert_eq!(utfall(&p.sak("farskap_v1", &farskap("0", &ventes, MANN, KVINNE)).await), "registrert -");
    for (ident, nummer, ventet) in
        [("1", "21", "registrert -"), ("2", "22", "registrert -"), ("3", "22", "manuell muligDublett")]
    {
        let svar = p.sak("foedsel_v1", &flere(&jente(ident), "2", nummer)).await;
        assert_eq!(utfall(&svar), ventet, "{nummer}");
        if svar.get("saksbeslutning").is_some() {
            let dok = p.dok(&nytt_nummer(&svar)).await;
            assert_eq!(slekt(&dok), [format!("far {MANN} barn"), format!("mor {KVINNE} barn")]);
            assert_eq!(ansvar(&dok), [format!("felles {MANN}"), format!("felles {KVINNE}")]);
            assert_eq!(dok.foedsel_i_norge[0].rekkefoelgenummer, nummer.parse().ok());
        }
    }
    // A child that comes later has it not from that declaration.
    p.klokke.advance_millis(400 * 86_400_000);
    let senere = jente("4").replace(DATO, "2025-12-10");
    let dok = p.dok(&nytt_nummer(&p.sak("foedsel_v1", &senere).await)).await;
    assert_eq!(slekt(&dok), [format!("mor {KVINNE} barn")]);
}

#[tokio::test]
async fn declarations_hold_around_the_due_date() {
    for (termin, gjelder) in
        [("2024-10-22", true), ("2024-10-21", false), ("2025-03-25", true), ("2025-03-26", false)]
    {
        let p = to(json!({}), json!({})).await;
        let ventes = e("erFoedt", "false") + &e("termindato", termin);
        p.sak("farskap_v1", &farskap("0", &ventes, MANN, KVINNE)).await;
        let dok = p.dok(&nytt_nummer(&p.sak("foedsel_v1", &jente("1")).await)).await;
        assert_eq!(slekt(&dok).len() == 2, gjelder, "{termin}");
    }
    // Two men for one child: somebody looks.
    let p = to(json!({}), json!({})).await;
    let annen = nr("1985-02-02", Kjoenn::Mann);
    p.person(&annen, "1985-02-02", "mann", json!({})).await;
    let ventes = e("erFoedt", "false") + &e("termindato", "2024-11-25");
    for (ident, mann) in [("1", MANN), ("2", &annen)] {
        assert_eq!(
            utfall(&p.sak("farskap_v1", &farskap(ident, &ventes, mann, KVINNE)).await),
            "registrert -"
        );
    }
    let svar = p.sak("foedsel_v1", &jente("3")).await;
    assert_eq!(utfall(&svar), "manuell motstridendeOpplysninger");
}

#[tokio::test]
async fn a_child_that_was_born_dead_is_told_of_once() {
    let p = Prove::med_ektepar().await;
    let doed =
        |ident: &str, kjoenn: &str| foedsel(ident, &barn(DATO, false, kjoenn), true, &person(KVINNE), NY);
    assert_eq!(utfall(&p.sak("foedsel_v1", &doed("1", "mann")).await), "registrert -");
    for nr in [KVINNE, MANN] {
        let min = if nr == KVINNE { "mor" } else { "far" };
        let slik = slekt(&p.dok(nr).await);
        assert!(slik.contains(&format!("doedfoedtBarn Dødfødt gutt {min}")), "{slik:?}");
    }
    let levende = foedsel("4", &barn(DATO, true, "mann"), true, &person(KVINNE), NY);
    for (melding, ventet) in [
        (doed("2", "mann"), "manuell muligDublett"),
        (doed("3", "kvinne"), "manuell muligDublett"),
        (levende.clone(), "manuell muligDublett"),
        (flere(&doed("5", "mann"), "3", "31"), "manuell muligDublett"),
        (flere(&doed("6", "kvinne"), "3", "32"), "registrert -"),
        (flere(&levende.replace(">4<", ">7<"), "3", "33"), "registrert -"),
        (doed("8", "mann").replace(DATO, "2024-11-17"), "registrert -"),
    ] {
        assert_eq!(utfall(&p.sak("foedsel_v1", &melding).await), ventet, "{melding}");
    }
    // An unmarried mother is alone with it.
    let p = to(json!({}), json!({})).await;
    let alene = foedsel("1", &barn(DATO, false, "mann"), false, &person(KVINNE), NY);
    p.sak("foedsel_v1", &far(&person(MANN))(alene)).await;
    assert!(slekt(&p.dok(MANN).await).is_empty());
}

fn retter(melding: &str, ident: &str, opprinnelig: &str) -> String {
    let slutt = e("erKorrigertForespoersel", "true") + &e("identifikatorForOpprinneligMelding", opprinnelig);
    let gammel = e("avsendersMeldingsidentifikator", opprinnelig);
    melding.replace(NY, &slutt).replace(&gammel, &e("avsendersMeldingsidentifikator", ident))
}

#[tokio::test]
async fn a_registered_birth_is_corrected_and_the_child_stays_one() {
    type Endring = fn(String) -> String;
    const NUMMER: &str = "endringIIdentifikasjonsnummer";
    let rader: &[(Endring, &[&str], &[&str])] = &[
        (|m| m, &[], &[]),
        (|m| m.replace("Oslo", "Bergen"), &[], &["endringIFoedsel"]),
        (|m| m.replace("Testsykehuset", "Det andre"), &[], &["endringIFoedselINorge"]),
        (|m| flere(&m, "2", "21"), &[], &["endringIFoedselINorge"]),
        (|m| utlandet(&m), &[], &["endringIFoedsel", "endringIFoedselINorge"]),
        (|m| m.replace(DATO, "2024-11-17"), &[NUMMER], &["endringIFoedsel"]),
        (|m| m.replace("kvinne", "mann"), &[NUMMER], &["endringIKjoenn", "endringINavn"]),
        (
            |m| m.replace("kvinne", "mann").replace(DATO, "2024-11-17").replace("Testsykehuset", "Det andre"),
            &[NUMMER],
            &["endringIFoedsel", "endringIFoedselINorge", "endringIKjoenn", "endringINavn"],
        ),
    ];
    for (endring, paa_gammelt, paa_nytt) in rader {
        let p = Prove::med_ektepar().await;
        let melding = foedsel("1", &barn(DATO, true, "kvinne"), true, &person(KVINNE), NY);
        let gammelt = nytt_nummer(&p.sak("foedsel_v1", &melding).await);
        let svar = p.sak("foedsel_v1", &retter(&endring(melding), "2", "1")).await;
        assert_eq!(utfall(&svar), "manuell kreverManuellVurdering");
        let koder = svar["sakTilManuellBehandling"]["begrunnelse"].as_array().map_or(0, Vec::len);
        assert_eq!(koder, 1, "the child itself is no duplicate: {svar}");
        let foer = p.ende().await;
        let nytt = nytt_nummer(&p.godkjenn(&svar).await.expect("decided"));
        assert_eq!(nytt == gammelt, paa_gammelt.is_empty());
        assert_eq!(p.hendelser(foer).await, [om(&gammelt, paa_gammelt), om(&nytt, paa_nytt)].concat());
        let dok = p.dok(&nytt).await;
        assert_eq!(dok, p.dok(&gammelt).await, "one child");
        assert_eq!(
            (dok.foedsel.len(), dok.kjoenn.len(), dok.navn.len()),
            (1, 1, 1),
            "no history of a mistake"
        );
        assert_eq!(dok.navn[0].fornavn.ends_with("*GUTT"), paa_nytt.contains(&"endringIKjoenn"));
        for forelder in [KVINNE, MANN] {
            let dok = p.dok(forelder).await;
            assert_eq!(ansvar(&dok), [format!("felles {nytt}")]);
            assert!(slekt(&dok).iter().any(|s| s.starts_with(&format!("barn {nytt}"))));
        }
        // The correction can be corrected.
        let svar = p
            .sak(
                "foedsel_v1",
                &retter(&foedsel("2", &barn(DATO, true, "kvinne"), true, &person(KVINNE), NY), "3", "2"),
            )
            .await;
        let tilbake = nytt_nummer(&p.godkjenn(&svar).await.expect("decided"));
        assert_eq!(p.dok(&tilbake).await, p.dok(&gammelt).await, "still one child");
        assert_eq!(slekt(&p.dok(KVINNE).await).len(), 2);
    }
}

#[tokio::test]
async fn stillbirths_are_corrected_too() {
    let p = Prove::med_ektepar().await;
    let doed = foedsel("1", &barn(DATO, false, "mann"), true, &person(KVINNE), NY);
    p.sak("foedsel_v1", &doed).await;
    let annen = retter(&doed.replace(">mann<", ">kvinne<"), "2", "1");
    let svar = p.sak("foedsel_v1", &annen).await;
    let foer = p.ende().await;
    p.godkjenn(&svar).await.expect("decided");
    let slekts = ["endringIFamilierelasjon"];
    assert_eq!(p.hendelser(foer).await, [om(KVINNE, &slekts), om(MANN, &slekts)].concat());
    for nr in [KVINNE, MANN] {
        let slik = slekt(&p.dok(nr).await).join(" ");
        assert!(slik.contains("Dødfødt pike") && !slik.contains("Dødfødt gutt"), "{slik}");
    }
    // It lives.
    let levende = retter(&foedsel("2", &barn(DATO, true, "kvinne"), true, &person(KVINNE), NY), "3", "2");
    let svar = p.sak("foedsel_v1", &levende).await;
    let nr = nytt_nummer(&p.godkjenn(&svar).await.expect("decided"));
    assert!(!slekt(&p.dok(MANN).await).join(" ").contains("Dødfødt"));
    // Who has a number does not lose it.
    let doed = foedsel("3", &barn(DATO, false, "kvinne"), true, &person(KVINNE), NY);
    let svar = p.sak("foedsel_v1", &retter(&doed, "4", "3")).await;
    assert!(p.godkjenn(&svar).await.is_err());
    assert_eq!(status(&p.dok(&nr).await), "bosatt");
}
