//! Every rule of moving notices by the postal service (producer sheet, section 6.9).

use folkeregisteret::modell::Bosted;
use produsent::kommando::Kommando;
use produsent::sak::gjeldende;
use serde_json::{Value, json};

use crate::meldinger::{e, flytting};
use crate::prove::{DNUMMER, GAMMEL, KVINNE, MANN, Prove};
use crate::regler::om;
use crate::regler_deler::{beskyttet, bytt, har_status, rader, samlet, utland};

const RESSURS: &str = "flyttemelding_fra_posten_v1";
const BARN: &str = "01912499894";
const VEI: &str = "<vegadresse><adressenavn>Nyveien</adressenavn><adressenummer><husnummer>2</husnummer></adressenummer><poststed><poststedsnavn>OSLO</poststedsnavn><postnummer>0150</postnummer></poststed></vegadresse>";

fn melding(ident: &str, bytter: &[(&str, &str)]) -> String {
    bytt(&flytting(ident, KVINNE, "2024-11-10", "false"), bytter)
}

/// Why each case on a desk is there.
async fn paa_bordet(p: &Prove) -> Vec<String> {
    let saker = p.produsent.utfor("test", Kommando::Saker { etter: None }).await.expect("a list");
    let saker: Vec<Value> = saker.as_array().expect("a list").clone();
    saker
        .iter()
        .map(|sak| sak["begrunnelser"][0]["begrunnelseskode"].as_str().expect("a code").to_owned())
        .collect()
}

fn ansvar(for_barn: &str) -> Value {
    json!({ "foreldreansvar": [{ "erGjeldende": true, "ansvar": "mor", "ansvarssubjekt": for_barn }] })
}

#[tokio::test]
async fn consent_says_what_may_be_changed() {
    let boks = "<postboksadresse><postboks>7</postboks><poststed><poststedsnavn>OSLO</poststedsnavn><postnummer>0150</postnummer></poststed></postboksadresse>";
    let ute =
        e("utenlandskPostadresse", &utland("Lund").replace("<byEllerStedsnavn>Lund</byEllerStedsnavn>", ""));
    let (veg, post, utenlandsk) =
        ("<samtykketype>vegadresse", "<samtykketype>postadresse", "<samtykketype>utenlandskAdresse");
    for (adresse, samtykke, hendelse) in [
        (VEI, veg, "endringIBostedsadresse"),
        (VEI, post, ""),
        (boks, post, "endringIKontaktinformasjon"),
        (boks, veg, ""),
        (&*ute, utenlandsk, "endringIKontaktinformasjon"),
        (&*ute, post, ""),
    ] {
        let p = Prove::med_folk().await;
        let foer = p.ende().await;
        p.sak(RESSURS, &melding("1", &[(VEI, adresse), (veg, samtykke)])).await;
        let ventet = if hendelse.is_empty() { vec![] } else { om(KVINNE, &[hendelse]) };
        assert_eq!(p.hendelser(foer).await, ventet, "{adresse} {samtykke}");
        let (foer, dok) = (p.ende().await, p.dok(KVINNE).await);
        assert_eq!(dok.bostedsadresse.len(), if hendelse == "endringIBostedsadresse" { 2 } else { 1 });

        // An annulment undoes whichever it was, with and without a consent of its own.
        let annullert = ("<erAnnullering>false", "<erAnnullering>true");
        p.sak(RESSURS, &melding("2", &[(VEI, adresse), annullert])).await;
        assert_eq!(p.hendelser(foer).await, ventet, "{adresse}");
        let dok = p.dok(KVINNE).await;
        let antall = (dok.bostedsadresse.len(), dok.postadresse.len(), dok.postadresse_i_utlandet.len());
        assert_eq!(antall, (1, 0, 0));
        assert_eq!(rader(&dok.bostedsadresse), (1, 1, 0), "the address before is current again");
        let foer = p.ende().await;
        p.sak(RESSURS, &melding("3", &[(VEI, adresse), annullert])).await;
        assert!(p.hendelser(foer).await.is_empty(), "undone once");
    }
    let p = Prove::med_folk().await;
    let foer = p.ende().await;
    p.sak(RESSURS, &melding("1", &[("samtykkeErGitt", "samtykkeErIkkeGitt")])).await;
    assert!(p.hendelser(foer).await.is_empty() && paa_bordet(&p).await.is_empty(), "archived");
}

#[tokio::test]
async fn what_somebody_looks_at() {
    let to = |nr: &str| {
        format!("</foedselsnummer></personSomFlytter><personSomFlytter><foedselsnummer>{nr}</foedselsnummer>")
    };
    let med = |nr: &str| vec![("</foedselsnummer>".to_owned(), to(nr))];
    let et = |fra: &str, til: &str| vec![(fra.to_owned(), til.to_owned())];
    let annet_hjem = json!({ "bostedsadresse": [{ "erGjeldende": true, "adressegradering": "ugradert", "ukjentBosted": {} }] });
    let innsender = |nr: &str| et(&e("innsender", KVINNE), &e("innsender", nr));
    for (annet, bytter, ventet) in [
        (json!({}), vec![], ""),
        (har_status("utflyttet"), vec![], "ugyldigPersonstatus"),
        (beskyttet(), vec![], "adressebeskyttelse"),
        (annet_hjem, med(MANN), "motstridendeOpplysninger"),
        (json!({}), innsender(MANN), "innsenderHarIkkeEndringsrett"),
        (
            json!({}),
            et("<adressenummer><husnummer>2</husnummer></adressenummer>", ""),
            "mangelfulleOpplysninger",
        ),
        (json!({}), et("<postnummer>0150", "<postnummer>0000"), "ukjentKommunenummer"),
    ] {
        let p = Prove::tom().await;
        p.person(KVINNE, "1990-05-14", "kvinne", annet.clone()).await;
        p.person(MANN, "1988-11-02", "mann", json!({})).await;
        let foer = p.ende().await;
        let bytter: Vec<(&str, &str)> = bytter.iter().map(|(fra, til)| (&**fra, &**til)).collect();
        p.sak(RESSURS, &melding("1", &bytter)).await;
        let grunner = paa_bordet(&p).await;
        assert_eq!(grunner.first().map_or("", String::as_str), ventet, "{annet} {bytter:?}");
        assert_eq!(p.hendelser(foer).await.is_empty(), !ventet.is_empty());
    }
}

#[tokio::test]
async fn who_may_move_children() {
    let barnet = (
        "</foedselsnummer>",
        format!(
            "</foedselsnummer></personSomFlytter><personSomFlytter><foedselsnummer>{BARN}</foedselsnummer>"
        ),
    );
    let bare_barnet = (KVINNE, BARN.to_owned());
    for (har_ansvar, flyttere, innsender, kan) in [
        // An adult who moves along, whosever the child is.
        (json!({}), &barnet, KVINNE, true),
        (ansvar(BARN), &bare_barnet, KVINNE, true),
        (json!({}), &bare_barnet, KVINNE, false),
        (ansvar(BARN), &barnet, MANN, false),
        (json!({}), &bare_barnet, BARN, false),
    ] {
        let p = Prove::tom().await;
        p.person(KVINNE, "1990-05-14", "kvinne", har_ansvar).await;
        p.person(MANN, "1988-11-02", "mann", json!({})).await;
        p.person(BARN, "2024-11-01", "kvinne", json!({})).await;
        let fra_hvem = (&*e("innsender", KVINNE), &*e("innsender", innsender));
        p.sak(RESSURS, &melding("1", &[fra_hvem, (flyttere.0, &flyttere.1)])).await;
        assert_eq!(paa_bordet(&p).await.is_empty(), kan, "{} {innsender}", flyttere.1);
    }
}

#[tokio::test]
async fn an_annulment_is_on_the_same_conditions() {
    let p = Prove::med_folk().await;
    p.sak(RESSURS, &melding("1", &[])).await;
    let av_en_annen = (&*e("innsender", KVINNE), &*e("innsender", GAMMEL));
    p.sak(RESSURS, &melding("2", &[("<erAnnullering>false", "<erAnnullering>true"), av_en_annen])).await;
    assert_eq!(paa_bordet(&p).await, ["innsenderHarIkkeEndringsrett"]);
    assert_eq!(p.dok(KVINNE).await.bostedsadresse.len(), 2, "it stands");
    let ukjent = [("<erAnnullering>false", "<erAnnullering>true"), ("AE-1", "AE-2"), av_en_annen];
    p.sak(RESSURS, &melding("3", &ukjent)).await;
    assert_eq!(paa_bordet(&p).await.len(), 1, "an unknown one is let be");

    // Moved on since: what the notice entered is not current any more.
    p.sak(
        RESSURS,
        &melding("4", &[("AE-1", "AE-3"), ("Nyveien", "Nyereveien"), ("2024-11-10", "2024-11-12")]),
    )
    .await;
    let foer = p.ende().await;
    p.sak(RESSURS, &melding("5", &[("<erAnnullering>false", "<erAnnullering>true")])).await;
    assert!(p.hendelser(foer).await.is_empty());
    assert_eq!(rader(&p.dok(KVINNE).await.bostedsadresse), (3, 1, 0));
}

#[tokio::test]
async fn a_notice_that_waits_can_be_annulled() {
    let p = Prove::med_folk().await;
    let senere = ("2024-11-10", "2024-11-22");
    let foer = p.ende().await;
    p.sak(RESSURS, &melding("1", &[senere])).await;
    p.sak(RESSURS, &melding("2", &[senere, ("<erAnnullering>false", "<erAnnullering>true")])).await;
    assert!(p.hendelser(foer).await.is_empty());
    p.klokke.advance_millis(2 * 86_400_000);
    p.produsent.toem().await.expect("taken");
    assert_eq!(rader(&p.dok(KVINNE).await.bostedsadresse), (1, 1, 0));
}

#[tokio::test]
async fn a_home_is_not_shared_with_itself() {
    let delt = |vei: &str, husnummer: &str| {
        let adresse = json!({ "kommunenummer": "0301", "adressenavn": vei, "adressenummer": { "husnummer": husnummer } });
        json!({ "deltBosted": [{ "erGjeldende": true, "startdatoForKontrakt": "2020-01-01",
            "adressegradering": "ugradert", "vegadresse": adresse }] })
    };
    for (vei, husnummer, slutter) in
        [("NYVEIEN", "2", true), ("Nyveien", "3", false), ("Gamleveien", "2", false)]
    {
        let p = Prove::tom().await;
        p.person(KVINNE, "1990-05-14", "kvinne", samlet(delt(vei, husnummer), ansvar(BARN))).await;
        let foer = p.ende().await;
        p.sak(RESSURS, &melding("1", &[])).await;
        let dok = p.dok(KVINNE).await;
        assert_eq!(rader(&dok.delt_bosted), if slutter { (1, 0, 1) } else { (1, 1, 0) });
        let typer: &[&str] = if slutter {
            &["endringIBostedsadresse", "endringIDeltBosted"]
        } else {
            &["endringIBostedsadresse"]
        };
        assert_eq!(p.hendelser(foer).await, om(KVINNE, typer));
        p.sak(RESSURS, &melding("2", &[("<erAnnullering>false", "<erAnnullering>true")])).await;
        assert_eq!(rader(&p.dok(KVINNE).await.delt_bosted), (1, 1, 0), "it goes on");
    }
}

#[tokio::test]
async fn dates_and_persons_that_cannot_be() {
    for bytter in [
        vec![("2024-11-10", "1990-05-13")],
        vec![("<foedselsnummer>14859049894", "<foedselsnummer>20936499812")],
    ] {
        let p = Prove::med_folk().await;
        let foer = p.ende().await;
        p.sak(RESSURS, &melding("1", &bytter)).await;
        assert!(p.hendelser(foer).await.is_empty() && paa_bordet(&p).await.is_empty(), "{bytter:?}");
    }
    let p = Prove::med_folk().await;
    p.sak(RESSURS, &melding("1", &[("<foedselsnummer>14859049894", &format!("<foedselsnummer>{DNUMMER}"))]))
        .await;
    assert_eq!(paa_bordet(&p).await, ["ugyldigPersonstatus"]);
    let hjem = p.dok(KVINNE).await;
    assert!(matches!(gjeldende(&hjem.bostedsadresse).expect("a home").bosted, Bosted::Vegadresse(_)));
}
