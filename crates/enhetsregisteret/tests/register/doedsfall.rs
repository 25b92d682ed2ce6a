//! What a death does to roles, and what its annulment gives back.

use enhetsregisteret::doedsfall::{Liv, Person};
use enhetsregisteret::endring::OPPDATERTE_ROLLER;
use enhetsregisteret::modell::rolle::Personnavn;
use journal::{Guard, JournalError, Space, Step};
use serde_json::{Value, json};

use crate::prove::*;

const AS: &str = "310100005";
const LITEN: &str = "310100072";
const MERKE: Space = Space("prøve/merke");

fn rolle(type_: &str, fornavn: &str, fratraadt: bool) -> Value {
    json!({ "type": { "kode": type_, "beskrivelse": type_ }, "rekkefolge": 0, "fratraadt": fratraadt,
            "avregistrert": false, "ukjentFelt": 1, "person": { "fodselsdato": "1966-05-04", "erDoed": false,
            "navn": { "fornavn": fornavn, "mellomnavn": "Ås", "etternavn": "Tenkt" } } })
}

fn gruppe(kode: &str, rollene: &[Value]) -> Value {
    json!({ "type": { "kode": kode, "beskrivelse": kode }, "sistEndret": "2023-05-31", "roller": rollene })
}

fn person(entydig: bool) -> Person {
    let navn = |fornavn: &str| Personnavn {
        fornavn: fornavn.to_owned(),
        mellomnavn: Some("ÅS".to_owned()),
        etternavn: "TENKT".to_owned(),
    };
    let navn = vec![navn("KARI"), navn("KARI MARIE")];
    Person { nummer: 4_056_600_001, navn, fodselsdato: "1966-05-04".parse().unwrap(), entydig }
}

/// Kari on a board, resigned from another seat, and leader elsewhere under an older name; Per beside her.
async fn med_roller() -> Prove {
    let prove = Prove::ny().await;
    let styre = gruppe("STYR", &[rolle("LEDE", "Kari", false), rolle("MEDL", "Per", false)]);
    let forrige = gruppe("DAGL", &[rolle("DAGL", "Kari", true)]);
    prove
        .skriv(vec![
            enhet(AS, "FJORD AS", json!({})),
            enhet(LITEN, "LITEN AS", json!({})),
            roller(AS, &json!([styre, forrige])),
            roller(LITEN, &json!([gruppe("DAGL", &[rolle("DAGL", "Kari Marie", false)])])),
        ])
        .await;
    prove.ventet().await;
    prove
}

/// Of each role of a unit: whether the holder is dead, and has resigned.
async fn roller_i(prove: &Prove, orgnr: &str) -> Vec<(bool, bool)> {
    let svar = prove.hent(&format!("/enheter/{orgnr}/roller")).await.json();
    let grupper = svar["rollegrupper"].as_array().unwrap();
    let alle = grupper.iter().flat_map(|gruppe| gruppe["roller"].as_array().unwrap());
    alle.map(|r| (r["person"]["erDoed"] == true, r["fratraadt"] == true)).collect()
}

async fn hendelser(prove: &Prove) -> u64 {
    prove.register.journal().feed_head(OPPDATERTE_ROLLER).await.unwrap().position
}

#[tokio::test]
async fn roles_end_and_are_held_again() {
    let prove = med_roller().await;
    let foer = [roller_i(&prove, AS).await, roller_i(&prove, LITEN).await];
    assert_eq!(foer[0], [(false, false), (false, false), (false, true)]);
    for _ in 0..2 {
        prove.register.liv(&person(true), Liv::Doed, &[]).await.unwrap();
        assert_eq!(roller_i(&prove, AS).await, [(true, true), (false, false), (true, true)]);
        assert_eq!(roller_i(&prove, LITEN).await, [(true, true)]);
        assert_eq!(hendelser(&prove).await, 4, "told once of each unit");
    }
    let svar = prove.hent(&format!("/enheter/{AS}/roller")).await.json();
    assert_eq!(svar["rollegrupper"][0]["sistEndret"], "2024-01-17");
    assert_eq!(svar["rollegrupper"][0]["roller"][0]["ukjentFelt"], 1, "nothing is lost");
    // Somebody of that name has come since; what the death ended is known all the same.
    for entydig in [false, true] {
        prove.register.liv(&person(entydig), Liv::Levende, &[]).await.unwrap();
    }
    assert_eq!([roller_i(&prove, AS).await, roller_i(&prove, LITEN).await][1], foer[1]);
    assert_eq!(roller_i(&prove, AS).await, foer[0], "who had resigned before has resigned");
    prove.register.liv(&person(true), Liv::Levende, &[]).await.unwrap();
    assert_eq!(hendelser(&prove).await, 7, "the resigned seat took a change of its own");
}

#[tokio::test]
async fn who_may_be_somebody_else_keeps_the_roles() {
    let prove = med_roller().await;
    prove.register.liv(&person(false), Liv::Doed, &[]).await.unwrap();
    let annen_dag = Person { fodselsdato: "1966-05-05".parse().unwrap(), ..person(true) };
    prove.register.liv(&annen_dag, Liv::Doed, &[]).await.unwrap();
    let annet_navn = Person {
        navn: vec![Personnavn { mellomnavn: None, ..person(true).navn[0].clone() }],
        ..person(true)
    };
    prove.register.liv(&annet_navn, Liv::Doed, &[]).await.unwrap();
    assert_eq!((roller_i(&prove, LITEN).await, hendelser(&prove).await), (vec![(false, false)], 2));
}

#[tokio::test]
async fn what_is_written_with_it_is_written_or_nothing_is() {
    let prove = med_roller().await;
    let merke = |guard| {
        let (space, key, value) = (MERKE, b"m".to_vec(), Some(b"1".to_vec()));
        [Step::Record { space, key, value, guard }]
    };
    prove.register.liv(&person(true), Liv::Doed, &merke(Guard::Absent)).await.unwrap();
    let igjen = prove.register.liv(&person(true), Liv::Levende, &merke(Guard::Absent)).await;
    let konflikt = |feil: &enhetsregisteret::Feil| matches!(feil, enhetsregisteret::Feil::Journal(JournalError::Conflict { space }) if *space == MERKE.0);
    assert!(igjen.is_err_and(|feil| konflikt(&feil)));
    assert_eq!((roller_i(&prove, LITEN).await, hendelser(&prove).await), (vec![(true, true)], 4));
}

#[tokio::test]
async fn roles_that_the_search_has_not_seen_end_too() {
    let prove = med_roller().await;
    let sett = prove.register.personindeks().index().position();
    for orgnr in ["310100013", "310100056"] {
        let ny = roller(orgnr, &json!([gruppe("DAGL", &[rolle("DAGL", "Kari", false)])]));
        prove.skriv(vec![enhet(orgnr, "NY AS", json!({})), ny]).await;
        prove.register.liv(&person(true), Liv::Doed, &[]).await.unwrap();
        assert_eq!(roller_i(&prove, orgnr).await, [(true, true)]);
        prove.register.liv(&person(true), Liv::Levende, &[]).await.unwrap();
    }
    assert!(sett.is_some());
}
