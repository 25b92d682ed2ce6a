//! Our own surface: documents as they were, histories, and the search that helps.

use std::collections::BTreeSet;

use enhetsregisteret::endring::{Datert, Melding};
use enhetsregisteret::modell::Enhetstype::Enhet;
use serde_json::{Value, json};
use tid::{Clock, Timestamp};

use crate::prove::*;

const NR: &str = "310100005";

fn typer(svar: &Value) -> Vec<&str> {
    svar["hint"].as_array().unwrap().iter().map(|hint| hint["type"].as_str().unwrap()).collect()
}

fn navnene(svar: &Value) -> Vec<&str> {
    let liste = svar["_embedded"]["enheter"].as_array();
    liste.into_iter().flatten().map(|enhet| enhet["navn"].as_str().unwrap()).collect()
}

/// The path and query of a link.
fn etter_prefiks(href: &str) -> String {
    href.strip_prefix(&format!("http://h{UTVIDET}")).unwrap().to_owned()
}

/// Follows `next` to the end; every name in order, and whether each page was of the first page's view.
async fn alle_sider(prove: &Prove, sti: &str) -> (Vec<String>, Vec<bool>) {
    let (mut navn, mut faste, mut neste) = (Vec::new(), Vec::new(), Some(sti.to_owned()));
    while let Some(sti) = neste {
        let svar = prove.utvidet(&sti).await.json();
        navn.extend(navnene(&svar).into_iter().map(str::to_owned));
        faste.push(svar["visning"]["fast"].as_bool().unwrap());
        neste = svar["_links"]["next"]["href"].as_str().map(etter_prefiks);
    }
    (navn, faste)
}

#[tokio::test]
async fn a_unit_as_it_was() {
    let prove = Prove::ny().await;
    let start = prove.klokke.now();
    prove.skriv(vec![enhet(NR, "FØRST AS", json!({})), roller(NR, &styre_og_revisor())]).await;
    prove
        .skriv(vec![enhet(NR, "SÅ AS", json!({ "antallAnsatte": 3, "harRegistrertAntallAnsatte": true }))])
        .await;
    prove.skriv(vec![slettet(NR, "SÅ AS", Enhet)]).await;
    let navn = async |sporring: &str| {
        let svar = prove.utvidet(&format!("/enheter/{NR}{sporring}")).await;
        (svar.status == 200).then(|| svar.json()["navn"].as_str().unwrap().to_owned())
    };
    let da = |millis: i64| format!("?tidspunkt={}", start.plus_millis(millis));
    assert_eq!(navn("?sekvensnummer=1").await.as_deref(), Some("FØRST AS"));
    assert_eq!(navn("?sekvensnummer=2").await.as_deref(), Some("SÅ AS"));
    assert_eq!(navn(&da(0)).await.as_deref(), Some("FØRST AS"));
    assert_eq!(navn(&da(999)).await.as_deref(), Some("FØRST AS"));
    assert_eq!(navn(&da(1000)).await.as_deref(), Some("SÅ AS"));
    assert_eq!(navn(&da(-1)).await, None);
    assert_eq!(navn("?tidspunkt=2024-01-16").await, None);
    let dagen = prove.utvidet(&format!("/enheter/{NR}?tidspunkt=2024-01-17")).await.json();
    assert_eq!(dagen["respons_klasse"], "SlettetEnhet");
    let andre = prove.utvidet(&format!("/enheter/{NR}?sekvensnummer=2")).await.json();
    assert_eq!(
        andre["_versjon"],
        json!({ "sekvensnummer": 2, "tidspunkt": start.plus_millis(1000).to_string() })
    );
    assert_eq!((&andre["_ansatte"], andre.get("antallAnsatte")), (&json!("skjult"), None));
    assert_eq!(andre["_links"]["self"]["href"], format!("http://h{API}/enheter/{NR}"));
    let ledere =
        async |sporring: &str| prove.utvidet(&format!("/enheter/{NR}/roller{sporring}")).await.status;
    assert_eq!((ledere("?sekvensnummer=1").await, ledere("?sekvensnummer=3").await), (200, 404));
    assert_eq!((ledere("").await, ledere(&da(-1)).await), (404, 404));
    // What is removed is removed at every time.
    prove.skriv(vec![fjernet(NR, Enhet)]).await;
    for sti in ["?sekvensnummer=1", "?tidspunkt=1999-01-01", "", "/historikk", "/roller", "/roller/historikk"]
    {
        let svar = prove.utvidet(&format!("/enheter/{NR}{sti}")).await;
        assert_eq!((svar.status, svar.json()["organisasjonsnummer"].as_str()), (410, Some(NR)), "{sti}");
        assert!(!String::from_utf8_lossy(&svar.kropp).contains("FØRST"));
    }
}

#[tokio::test]
async fn faults_have_the_registers_form() {
    let prove = Prove::ny().await;
    prove.ventet().await;
    for (sti, parameter) in [
        ("/enheter/310100005?tidspunkt=2024-1-1", "tidspunkt"),
        ("/enheter/310100005?sekvensnummer=0", "sekvensnummer"),
        ("/enheter/310100005?sekvensnummer=1&tidspunkt=2024-01-01", "sekvensnummer"),
        ("/enheter/310100005?dato=2024-01-01", "dato"),
        ("/enheter/310100005/historikk?size=0", "size"),
        ("/enheter/12/historikk", "12"),
        ("/enheter?skrivefeil=kanskje", "skrivefeil"),
        ("/enheter?fasetter=navn", "fasetter"),
        ("/enheter?fasettverdier=1001", "fasettverdier"),
        ("/enheter?markoer=00", "markoer"),
        ("/enheter?ukjent=1", "ukjent"),
        ("/underenheter?tekst=a", "tekst"),
    ] {
        let svar = prove.utvidet(sti).await;
        assert_eq!(svar.status, 400, "{sti}");
        assert_eq!(svar.json()["valideringsfeil"][0]["parametere"], json!([parameter]), "{sti}");
    }
    let to = prove.utvidet("/enheter?ukjent=1&organisasjonsform=INC").await.json();
    assert_eq!(to["antallFeil"], 2);
    assert_eq!(prove.utvidet("/enheter/310100005").await.status, 404);
    assert_eq!(prove.utvidet("/enheter/310100005/historikk").await.status, 404);
}

#[tokio::test]
async fn histories_say_what_changed() {
    let prove = Prove::ny().await;
    let ansatte = |n: u32| json!({ "antallAnsatte": n, "harRegistrertAntallAnsatte": true });
    prove.skriv(vec![enhet(NR, "A AS", ansatte(2)), roller(NR, &styre_og_revisor())]).await;
    prove.skriv(vec![enhet(NR, "A AS", ansatte(3))]).await;
    prove.skriv(vec![enhet(NR, "B AS", ansatte(8))]).await;
    let mut styre = styre_og_revisor();
    styre[0]["roller"][1]["fratraadt"] = true.into();
    prove.skriv(vec![roller(NR, &styre)]).await;
    prove.skriv(vec![Melding::Roller { orgnr: NR.parse().unwrap(), roller: None }]).await;
    let svar = prove.utvidet(&format!("/enheter/{NR}/historikk")).await.json();
    let versjoner = svar["_embedded"]["versjoner"].as_array().unwrap();
    let hva: Vec<(u64, &str)> = versjoner
        .iter()
        .map(|v| (v["sekvensnummer"].as_u64().unwrap(), v["endringstype"].as_str().unwrap()))
        .collect();
    assert_eq!(hva, [(1, "Ny"), (2, "Endring"), (3, "Endring")]);
    assert!(versjoner[0].get("endringer").is_none());
    assert_eq!(versjoner[1]["endringer"], json!([]), "a hidden number stays hidden");
    let tredje = json!([
        { "op": "replace", "path": "/navn", "value": "B AS" },
        { "op": "add", "path": "/antallAnsatte", "value": 8 },
    ]);
    assert_eq!(versjoner[2]["endringer"], tredje);
    let href = versjoner[1]["_links"]["versjon"]["href"].as_str().unwrap();
    assert_eq!(prove.utvidet(&etter_prefiks(href)).await.json()["_versjon"]["sekvensnummer"], 2);
    let side = prove.utvidet(&format!("/enheter/{NR}/historikk?size=1&page=2")).await.json();
    assert_eq!(side["_embedded"]["versjoner"][0]["endringer"], tredje);
    assert_eq!(side["page"]["totalElements"], 3);
    let svar = prove.utvidet(&format!("/enheter/{NR}/roller/historikk")).await.json();
    let versjoner = &svar["_embedded"]["versjoner"];
    assert_eq!(
        versjoner[1]["endringer"],
        json!([{ "op": "replace", "path": "/rollegrupper/0/roller/1/fratraadt", "value": true }])
    );
    assert_eq!(versjoner[2]["endringer"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn names_with_typing_errors_come_last() {
    let prove = Prove::ny().await;
    let navn = ["FJORD AS", "FJRODEN AS", "SNEKKERI AS", "FJRD AS", "HAV AS"];
    prove
        .skriv(navn.iter().enumerate().map(|(i, n)| enhet(&format!("31010000{i}"), n, json!({}))).collect())
        .await;
    prove.ventet().await;
    let finn = async |sporring: &str| prove.utvidet(&format!("/enheter?{sporring}")).await.json();
    let svar = finn("navn=fjord").await;
    assert_eq!(navnene(&svar), ["FJORD AS", "FJRD AS"]);
    assert_eq!(typer(&svar), ["skrivefeil"]);
    assert_eq!(navnene(&finn("navn=fjord&skrivefeil=nei").await), ["FJORD AS"]);
    assert_eq!(navnene(&finn("navn=snekekri+as&skrivefeil=ja").await), ["SNEKKERI AS"]);
    let delvis = finn("navn=snekekri+as&skrivefeil=nei").await;
    assert_eq!((navnene(&delvis).len(), typer(&delvis)), (5, vec!["delvisNavn"]));
    assert_eq!(typer(&finn("navn=hav").await), Vec::<&str>::new());
}

#[tokio::test]
async fn free_text_counts_and_hints() {
    let prove = Prove::ny().await;
    let med = |i: u32, form: &str, kommune: &str, mer: Value| {
        let mut felter = json!({
            "organisasjonsform": { "kode": form, "beskrivelse": form },
            "forretningsadresse": { "land": "Norge", "landkode": "NO", "adresse": ["Gata 1"],
                "kommune": "X", "kommunenummer": kommune },
        });
        felter.as_object_mut().unwrap().extend(mer.as_object().unwrap().clone());
        enhet(&format!("31010000{i}"), &format!("ENHET {i}"), felter)
    };
    prove
        .skriv(vec![
            med(0, "AS", "4601", json!({ "vedtektsfestetFormaal": ["Drive handel med", "fiskeutstyr."] })),
            med(1, "AS", "4601", json!({ "aktivitet": ["Handel med båter."], "konkurs": true })),
            med(2, "ENK", "0301", json!({ "aktivitet": ["Utleie av båter."] })),
            med(3, "FLI", "9999", json!({})),
        ])
        .await;
    prove.ventet().await;
    let finn = async |sporring: &str| prove.utvidet(&format!("/enheter?{sporring}")).await.json();
    assert_eq!(navnene(&finn("tekst=HANDEL").await), ["ENHET 0", "ENHET 1"]);
    assert_eq!(navnene(&finn("tekst=handel+fiskeutstyr").await), ["ENHET 0"]);
    let svar = finn("fasetter=organisasjonsform,kommunenummer,konkurs,naeringskode&fasettverdier=2").await;
    let fasett = |i: usize| &svar["fasetter"][i];
    assert_eq!(
        fasett(0)["verdier"],
        json!([
            { "verdi": "AS", "beskrivelse": "Aksjeselskap", "antall": 2 },
            { "verdi": "ENK", "beskrivelse": "Enkeltpersonforetak", "antall": 1 },
        ])
    );
    assert_eq!((&fasett(0)["andre"], &fasett(0)["uten"]), (&json!(1), &json!(0)));
    assert_eq!(fasett(1)["verdier"][0], json!({ "verdi": "4601", "beskrivelse": "Bergen", "antall": 2 }));
    assert_eq!(fasett(2)["verdier"][1], json!({ "verdi": "true", "antall": 1 }));
    assert_eq!((&fasett(3)["verdier"], &fasett(3)["uten"]), (&json!([]), &json!(4)));
    let ingen = finn("tekst=handel&organisasjonsform=ENK").await;
    assert_eq!(typer(&ingen), ["filterUtenTreff", "filterUtenTreff"]);
    assert_eq!(ingen["hint"][0]["antall"], 2, "without the form");
    let ingen = finn("tekst=xyzzy&organisasjonsform=STI").await;
    assert_eq!(typer(&ingen), ["ingenTreff"]);
    let kode = finn("naeringskode=62.010").await;
    assert_eq!(kode["hint"][0]["type"], "utgaattNaeringskode");
}

#[tokio::test]
async fn pages_keep_their_moment() {
    let prove = Prove::ny().await;
    let nummer = |i: usize| format!("3101{i:05}");
    prove.skriv((0..40).map(|i| enhet(&nummer(i), &format!("ENHET {i:02}"), json!({}))).collect()).await;
    prove.ventet().await;
    let alle: Vec<String> = (0..40).map(|i| format!("ENHET {i:02}")).collect();
    let (navn, faste) = alle_sider(&prove, "/enheter?size=7").await;
    assert_eq!((navn, faste.len()), (alle.clone(), 6));
    let (navn, _) = alle_sider(&prove, "/enheter?size=7&sort=navn,desc&navn=enhet").await;
    assert_eq!(navn.into_iter().rev().collect::<Vec<_>>(), alle);
    // The register changes under way: renamed, deleted, new, and one removed from disclosure.
    let side = prove.utvidet("/enheter?size=10").await.json();
    let neste = etter_prefiks(side["_links"]["next"]["href"].as_str().unwrap());
    prove
        .skriv(vec![
            enhet(&nummer(20), "AAA FLYTTET", json!({})),
            slettet(&nummer(21), "ENHET 21", Enhet),
            enhet(&nummer(90), "ENHET 15 NY", json!({})),
            fjernet(&nummer(22), Enhet),
        ])
        .await;
    prove.ventet().await;
    let (navn, faste) = alle_sider(&prove, &neste).await;
    let ventet: Vec<String> = alle[10..].iter().filter(|n| *n != "ENHET 22").cloned().collect();
    assert_eq!(navn, ventet);
    assert!(faste.iter().all(|fast| *fast));
    // When the view is gone, the search goes on in the register as it is, and says so.
    prove.klokke.advance_millis(400_000);
    let svar = prove.utvidet(&neste).await.json();
    assert_eq!((&svar["visning"]["fast"], typer(&svar)), (&json!(false), vec!["nyVisning"]));
    let (navn, _) = alle_sider(&prove, &neste).await;
    let sett: BTreeSet<String> = navn.into_iter().collect();
    assert!((10..20).chain(23..40).all(|i| sett.contains(&alle[i])) && !sett.contains("ENHET 22"));
    // Numbers of employees may be withheld, and a cursor would tell them.
    let sortert = prove.utvidet("/enheter?size=7&sort=antallAnsatte").await.json();
    assert_eq!((navnene(&sortert).len(), sortert["_links"].get("next")), (7, None));
    // A cursor belongs to its search.
    let annet = neste.replace("size=10", "size=10&konkurs=true");
    assert_eq!(prove.utvidet(&annet).await.status, 400);
    assert_eq!(prove.utvidet(&format!("{neste}&page=1")).await.status, 400);
}

#[tokio::test]
async fn sub_units_and_dated_histories() {
    let prove = Prove::ny().await;
    let at = |tekst: &str| Some(Timestamp::parse(tekst).unwrap());
    let datert = |at, melding| Datert { at, endringstype: None, melding };
    for (tid, navn) in [("2020-01-01T06:00:00.000Z", "A"), ("2021-01-01T06:00:00.000Z", "B")] {
        let melding = datert(at(tid), underenhet("310100048", navn, json!({})));
        prove.register.skriver().skriv(prove.klokke.now(), vec![melding], vec![]).await.unwrap();
    }
    prove.ventet().await;
    let navn = async |dato: &str| {
        prove.utvidet(&format!("/underenheter/310100048?tidspunkt={dato}")).await.json()["navn"].clone()
    };
    assert_eq!((navn("2020-12-31").await, navn("2021-01-01").await), (json!("A"), json!("B")));
    let svar = prove.utvidet("/underenheter/310100048/historikk").await.json();
    assert_eq!(svar["_embedded"]["versjoner"][0]["tidspunkt"], "2020-01-01T06:00:00.000Z");
    let funnet = prove.utvidet("/underenheter?navn=b&fasetter=organisasjonsform").await.json();
    assert_eq!(funnet["fasetter"][0]["verdier"][0]["verdi"], "BEDR");
    assert_eq!(prove.utvidet(&format!("/enheter/{}", "310100048")).await.status, 404);
}
