//! People as holders of roles: only in business activity, and only in what is there now.

use enhetsregisteret::modell::Enhetstype::Enhet;
use enhetsregisteret::utvidet::naering::{Naering, REGLER};
use enhetsregisteret::utvidet::personer::MAKS_ENHETER;
use serde_json::{Value, json};

use crate::prove::*;

const AS: &str = "310100005";
const FLI: &str = "310100056";

/// One role of one person.
fn rolle(fornavn: &str, etternavn: &str, dato: &str) -> Value {
    json!({ "type": { "kode": "LEDE", "beskrivelse": "Styrets leder" }, "rekkefolge": 0, "fratraadt": false,
            "avregistrert": false, "person": { "fodselsdato": dato, "erDoed": false,
            "navn": { "fornavn": fornavn, "etternavn": etternavn } } })
}

fn styre(rollene: &[Value]) -> Value {
    json!([{ "type": { "kode": "STYR", "beskrivelse": "Styre" }, "sistEndret": "2023-05-31", "roller": rollene }])
}

fn form(kode: &str, registrert: &[&str]) -> Value {
    let mut mer = json!({
        "organisasjonsform": { "kode": kode, "beskrivelse": "B" },
        "registrertIMvaregisteret": false,
        "registrertIForetaksregisteret": false,
    });
    for flagg in registrert {
        mer[*flagg] = true.into();
    }
    mer
}

async fn personer(prove: &Prove, sporring: &str) -> Vec<Value> {
    let svar = prove.utvidet(&format!("/personer?{sporring}")).await;
    assert_eq!(svar.status, 200, "{sporring}: {}", String::from_utf8_lossy(&svar.kropp));
    svar.json()["_embedded"]["personer"].as_array().cloned().unwrap_or_default()
}

/// The units of everybody found.
async fn enheter(prove: &Prove, sporring: &str) -> Vec<String> {
    let personer = personer(prove, sporring).await;
    let roller = personer.iter().flat_map(|p| p["roller"].as_array().unwrap());
    roller.map(|r| r["organisasjonsnummer"].as_str().unwrap().to_owned()).collect()
}

/// Valid organisation numbers.
fn numre() -> impl Iterator<Item = String> {
    (320_000_000..330_000_000u32)
        .map(|n| n.to_string())
        .filter(|nr| nr.parse::<identifikator::Organisasjonsnummer>().is_ok())
}

#[tokio::test]
async fn a_person_and_nothing_more() {
    let prove = Prove::ny().await;
    prove.skriv(vec![enhet(AS, "FJORD AS", json!({})), roller(AS, &styre_og_revisor())]).await;
    let funnet = prove.ventet().await;
    let ventet = json!([{
        "navn": { "fornavn": "Rask", "mellomnavn": "Blå", "etternavn": "Trompet" },
        "fodselsdato": "1988-01-23",
        "roller": [{ "organisasjonsnummer": AS, "navn": "FJORD AS", "fratraadt": false, "erDoed": false,
                     "type": { "kode": "MEDL", "beskrivelse": "Styremedlem" } }],
    }]);
    for sporring in [
        "navn=trompet",
        "navn=BLA%20rask",
        "navn=rask+trompet&fodselsdato=1988-01-23",
        "navn=Bl%C3%A5&fodselsdato=1988-01-23",
    ] {
        assert_eq!(json!(personer(funnet, sporring).await), ventet, "{sporring}");
    }
    // Words of two people, parts of words, and other dates are not this person.
    for sporring in
        ["navn=rask+fl%C3%B8yte", "navn=tromp", "navn=trompet&fodselsdato=1966-05-04", "navn=revisjon"]
    {
        assert_eq!(personer(funnet, sporring).await, Vec::<Value>::new(), "{sporring}");
    }
    let svar = prove.utvidet("/personer?navn=trompet").await;
    assert_eq!(svar.hode("cache-control"), "no-store");
    assert_eq!(svar.json()["page"], json!({ "size": 20, "totalElements": 1 }));
    assert_eq!(svar.json()["avkortet"], false);
}

#[tokio::test]
async fn every_form_with_every_registration() {
    let prove = Prove::ny().await;
    let registre = [
        "registrertIForetaksregisteret",
        "registrertIMvaregisteret",
        "registrertIFrivillighetsregisteret",
        "registrertIPartiregisteret",
    ];
    let (mut meldinger, mut ventet, mut numre) = (Vec::new(), Vec::new(), numre());
    for regel in REGLER {
        for maske in 0..16u8 {
            let med: Vec<&str> =
                registre.iter().enumerate().filter(|(i, _)| maske >> i & 1 == 1).map(|(_, r)| *r).collect();
            let nr = numre.next().unwrap();
            meldinger.push(enhet(&nr, "E", form(regel.form, &med)));
            meldinger.push(roller(&nr, &styre(&[rolle("Ola", "Åsvang", "1970-01-01")])));
            let naering = match regel.naering {
                Naering::Alltid => true,
                Naering::VedRegistrering => maske & 3 != 0,
                Naering::Aldri => false,
            };
            if naering && maske < 4 {
                ventet.push(nr);
            }
        }
    }
    assert!(meldinger.len() == REGLER.len() * 32 && ventet.len() > 100);
    prove.skriv(meldinger).await;
    assert_eq!(enheter(prove.ventet().await, "navn=ola+asvang").await, ventet);
}

#[tokio::test]
async fn a_change_of_the_unit_takes_effect_at_once() {
    let prove = Prove::ny().await;
    let person = || styre(&[rolle("Kari", "Li", "1970-01-01")]);
    prove
        .skriv(vec![
            enhet(AS, "A AS", json!({})),
            roller(AS, &person()),
            enhet(FLI, "LAGET", form("FLI", &[])),
            roller(FLI, &person()),
        ])
        .await;
    prove.ventet().await;
    // From here on nobody waits for the index: a look-up of the unit decides.
    assert_eq!(enheter(&prove, "navn=kari").await, [AS]);
    prove.skriv(vec![enhet(FLI, "LAGET", form("FLI", &["registrertIForetaksregisteret"]))]).await;
    assert_eq!(enheter(&prove, "navn=kari").await, [AS, FLI]);
    prove.skriv(vec![enhet(FLI, "LAGET", form("FLI", &[]))]).await;
    assert_eq!(enheter(&prove, "navn=kari").await, [AS]);
    prove.skriv(vec![slettet(AS, "A AS", Enhet)]).await;
    assert_eq!(personer(&prove, "navn=kari").await, Vec::<Value>::new());
    prove.skriv(vec![enhet(AS, "A AS", json!({}))]).await;
    assert_eq!(enheter(&prove, "navn=kari").await, [AS]);
    prove.skriv(vec![fjernet(AS, Enhet)]).await;
    let svar = prove.utvidet("/personer?navn=kari").await.json();
    assert_eq!((svar.get("_embedded"), &svar["page"]["totalElements"]), (None, &json!(0)));
    // Nor does the index remember the removed unit's people.
    prove.ventet().await;
    assert_eq!(prove.register.personindeks().index().documents().unwrap(), 1);
}

#[tokio::test]
async fn roles_are_grouped_paged_and_cut_off() {
    let prove = Prove::ny().await;
    let mut meldinger = vec![enhet(AS, "A AS", json!({})), enhet(FLI, "B AS", json!({}))];
    let mut avgaatt = rolle("Per", "Ås", "1950-01-01");
    avgaatt["fratraadt"] = true.into();
    avgaatt["person"]["erDoed"] = true.into();
    let andre = [rolle("Per", "Zakariassen", "1950-01-01"), rolle("Per", "Ås", "1950-01-02")];
    meldinger
        .push(roller(AS, &styre(&[rolle("Per", "Ås", "1950-01-01"), andre[0].clone(), andre[1].clone()])));
    meldinger.push(roller(FLI, &styre(&[avgaatt])));
    prove.skriv(meldinger).await;
    let alle = personer(prove.ventet().await, "navn=per").await;
    let hvem: Vec<_> = alle.iter().map(|p| (&p["navn"]["etternavn"], &p["fodselsdato"])).collect();
    let ventet = [("Zakariassen", "1950-01-01"), ("Ås", "1950-01-01"), ("Ås", "1950-01-02")];
    assert_eq!(json!(hvem), json!(ventet));
    let trekk: Vec<_> = alle[1]["roller"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (&r["navn"], &r["fratraadt"], &r["erDoed"]))
        .collect();
    assert_eq!(json!(trekk), json!([("A AS", false, false), ("B AS", true, true)]));

    let forste = prove.utvidet("/personer?navn=per&size=2").await.json();
    let neste = forste["_links"]["next"]["href"].as_str().unwrap();
    let neste = prove.utvidet(neste.strip_prefix(&format!("http://h{UTVIDET}")).unwrap()).await.json();
    assert_eq!(neste["_embedded"]["personer"], json!(alle[2..]));
    assert_eq!((&neste["page"]["totalElements"], neste["_links"].get("next")), (&json!(3), None));

    let mut meldinger = Vec::new();
    for nr in numre().take(MAKS_ENHETER) {
        meldinger.push(enhet(&nr, "E", json!({})));
        meldinger.push(roller(&nr, &styre(&[rolle("Per", "Vik", "1950-01-01")])));
    }
    prove.skriv(meldinger).await;
    prove.ventet().await;
    let avkortet = async |sporring: &str| prove.utvidet(sporring).await.json()["avkortet"].clone();
    assert_eq!(avkortet("/personer?navn=per").await, true);
    assert_eq!(avkortet("/personer?navn=per+vik").await, false);
    assert_eq!(enheter(&prove, "navn=per+vik").await.len(), MAKS_ENHETER);
}

#[tokio::test]
async fn faults_have_the_registers_form() {
    let prove = Prove::ny().await;
    prove.ventet().await;
    for (sporring, parameter) in [
        ("", "navn"),
        ("?navn=", "navn"),
        ("?navn=a", "navn"),
        ("?navn=a+1", "navn"),
        ("?navn=a+b+c+d+e+f+g+h+i", "navn"),
        ("?navn=ola&fodselsdato=1970", "fodselsdato"),
        ("?navn=ola&size=0", "size"),
        ("?navn=ola&page=-1", "page"),
        ("?navn=ola&kjonn=m", "kjonn"),
    ] {
        let svar = prove.utvidet(&format!("/personer{sporring}")).await;
        assert_eq!(svar.status, 400, "{sporring}");
        assert_eq!(svar.json()["valideringsfeil"][0]["parametere"], json!([parameter]), "{sporring}");
    }
    let lang = "a".repeat(181);
    assert_eq!(prove.utvidet(&format!("/personer?navn={lang}")).await.status, 400);
}
