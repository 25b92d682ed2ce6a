//! Numbers (producer sheet, chapter 8), and what is done with them without a message.

use folkeregisteret::modell::Identitetsgrunnlagstatus;
use identifikator::{Dato, Kjoenn, Personidentifikator, Slag};
use produsent::drift::{Drift, still};
use produsent::kommando::Avslag;
use produsent::sak::gjeldende;
use produsent::skranke::Navnevalg;
use serde_json::{Value, json};
use tid::Clock;

use crate::meldinger::{NY, barn, dnummer_endring, e, foedsel, innflytting, person, rekvisisjon};
use crate::prove::{DNUMMER, KVINNE, MANN, Prove};
use crate::regler::{nytt_nummer, om, status, utfall};
use crate::regler_deler::{bytt, har_status, med_dnummer, numre, rader, vis};

const DAG: i64 = 86_400_000;

/// An immigrant whom the register does not know.
fn inn(ident: &str) -> String {
    bytt(&innflytting(ident, None, "2027-10-01"), &[("VAKKER", &format!("MODIG{}", "X".repeat(ident.len())))])
}

#[tokio::test]
async fn when_the_numbers_of_a_date_are_used_up() {
    let p = Prove::tom().await;
    let alle = numre(Slag::Foedselsnummer, (1985, 3, 7), Kjoenn::Kvinne);
    let (siste, andre) = alle.split_last().expect("numbers");
    for nummer in andre {
        p.person(&vis(*nummer), "1985-03-07", "kvinne", json!({})).await;
    }
    let svar = p.sak("innflytting_v1", &inn("1")).await;
    assert_eq!(nytt_nummer(&svar), vis(*siste), "the last one");
    let avviker = |svar: &Value| {
        svar["saksbeslutning"]["opprettetFolkeregisterperson"]["tildeltIdentifikatorAvvikerFraFoedselsdato"]
            .clone()
    };
    assert_eq!(avviker(&svar), false);
    let svar = p.sak("innflytting_v1", &inn("22")).await;
    assert_eq!(utfall(&svar), "manuell nummerserieOppbrukt");
    let svar = p.godkjenn(&svar).await.expect("decided");
    assert!(nytt_nummer(&svar).starts_with("088385"), "the day after: {svar}");
    assert_eq!(avviker(&svar), true);
    let dok = p.dok(&nytt_nummer(&svar)).await;
    assert_eq!(dok.foedsel[0].foedselsdato.expect("a date").to_string(), "1985-03-07");
}

#[tokio::test]
async fn when_the_d_numbers_of_a_date_are_used_up() {
    let p = Prove::tom().await;
    for nummer in numre(Slag::DNummer, (1985, 3, 7), Kjoenn::Kvinne) {
        p.person(&vis(nummer), "1985-03-07", "kvinne", med_dnummer()).await;
    }
    let svar = p.sak("rekvisisjon_av_dnummer_v5", &rekvisisjon("1", "Modig", "1985-03-07", "AA1", "")).await;
    let tildelt = &svar["saksbeslutning"]["skalTildeleDNummer"];
    assert_eq!(tildelt["tildeltDnummerAvvikerFraFoedselsdato"], true);
    assert!(tildelt["dNummer"].as_str().expect("a number").starts_with("488385"), "{svar}");
}

#[tokio::test]
async fn from_2032_on_numbers_are_of_the_new_rule() {
    for (naa, regel_av_2032) in [("2031-12-31T12:00:00.000Z", false), ("2032-01-01T12:00:00.000Z", true)] {
        let p = Prove::tom().await;
        let naa = tid::Timestamp::parse(naa).expect("a time");
        p.klokke.advance_millis(naa.as_millis() - p.klokke.now().as_millis());
        let dato = Dato::ny(1985, 3, 7).expect("a date");
        let mut ventet: Vec<Personidentifikator> = if regel_av_2032 {
            Personidentifikator::syntetiske_fra_2032(Slag::Foedselsnummer, dato).take(5).collect()
        } else {
            numre(Slag::Foedselsnummer, (1985, 3, 7), Kjoenn::Kvinne).into_iter().take(5).collect()
        };
        for (i, ventet) in ventet.drain(..).enumerate() {
            let svar = p.sak("innflytting_v1", &inn(&"1".repeat(i + 1))).await;
            assert_eq!(nytt_nummer(&svar), vis(ventet), "downwards, each once");
        }
    }
}

/// A D-number that was given on a day; `siden`: since when it is active.
fn gitt(siden: &str) -> Value {
    let fra = format!("{siden}T00:00:00+01:00");
    json!({ "status": [{ "erGjeldende": true, "status": "midlertidig", "gyldighetstidspunkt": fra }], "bostedsadresse": [] })
}

async fn en_natt(p: &Prove) {
    while p.produsent.inaktiver().await.expect("done") {}
}

#[tokio::test]
async fn d_numbers_become_inactive_after_five_years() {
    let p = Prove::tom().await;
    let alle = numre(Slag::DNummer, (1990, 1, 1), Kjoenn::Mann);
    for (nummer, siden) in alle.iter().zip(["2019-11-19", "2019-11-20", "2019-11-21", "2024-01-01"]) {
        p.person(&vis(*nummer), "1990-01-01", "mann", gitt(siden)).await;
    }
    p.person(KVINNE, "1990-05-14", "kvinne", json!({})).await;
    let foer = p.ende().await;
    en_natt(&p).await;
    let ventet = [om(&vis(alle[0]), &["endringIStatus"]), om(&vis(alle[1]), &["endringIStatus"])].concat();
    let mut er = p.hendelser(foer).await;
    er.sort();
    let mut ventet = ventet;
    ventet.sort();
    assert_eq!(er, ventet);
    let dok = p.dok(&vis(alle[0])).await;
    assert_eq!(
        (status(&dok), rader(&dok.status), dok.identifikasjonsnummer.len()),
        ("inaktiv", (2, 1, 0), 1)
    );
    assert_eq!(dok.identifikasjonsnummer[0].status.kode(), "iBruk");
    let meta = &gjeldende(&dok.status).expect("a status").meta;
    assert_eq!(meta.aarsak.as_deref(), Some("Inaktivering av d-nummer"));
    let fra = meta.gyldighetstidspunkt.expect("a time").timestamp();
    assert_eq!(fra, p.klokke.now(), "the very moment");

    let foer = p.ende().await;
    p.klokke.advance_millis(DAG);
    still(&p.journal, p.klokke.now(), &Drift { saksflyt_nede: true, ..Drift::default() }).await.expect("set");
    en_natt(&p).await;
    assert!(p.hendelser(foer).await.is_empty(), "not while cases are stopped");
    still(&p.journal, p.klokke.now(), &Drift::default()).await.expect("set");
    en_natt(&p).await;
    assert_eq!(p.hendelser(foer).await, om(&vis(alle[2]), &["endringIStatus"]), "the next night the next");

    // Who was made active again has five years more.
    let aktiv = dnummer_endring("1", &vis(alle[0]), &e("personstatus", "midlertidig"));
    let svar = p.sak("endring_av_dnummerperson_v3", &aktiv).await;
    assert_eq!(utfall(&svar), "registrert -");
    for (dager, ventet) in [(5 * 365, "midlertidig"), (2, "inaktiv")] {
        p.klokke.advance_millis(dager * DAG);
        en_natt(&p).await;
        assert_eq!(status(&p.dok(&vis(alle[0])).await), ventet, "{dager}");
    }
}

#[tokio::test]
async fn two_nodes_tell_of_each_once() {
    let p = Prove::tom().await;
    let alle = numre(Slag::DNummer, (1990, 1, 1), Kjoenn::Mann);
    for nummer in alle.iter().take(40) {
        p.person(&vis(*nummer), "1990-01-01", "mann", gitt("2019-01-01")).await;
    }
    let foer = p.ende().await;
    let annen = p.annen_node();
    let runde = async |node: &produsent::Produsent| loop {
        match node.inaktiver().await {
            Ok(true) => {}
            Err(feil) if feil.er_konflikt() => {}
            svar => break svar.expect("done"),
        }
    };
    tokio::join!(runde(&p.produsent), runde(&annen));
    assert_eq!(p.hendelser(foer).await.len(), 40);
}

#[tokio::test]
async fn parents_choose_a_name_once() {
    let p = Prove::med_ektepar().await;
    let svar = p
        .sak("foedsel_v1", &foedsel("1", &barn("2024-11-19", true, "kvinne"), true, &person(KVINNE), NY))
        .await;
    let nr = Personidentifikator::parse(&nytt_nummer(&svar)).expect("a number");
    let valg = |fornavn: &str| {
        let (fornavn, etternavn) = (fornavn.to_owned(), "Blomst".to_owned());
        Navnevalg { fornavn, mellomnavn: None, etternavn }
    };
    let umulig = |svar: Result<(), Avslag>| matches!(svar, Err(Avslag::Umulig(_)));
    assert!(umulig(p.produsent.velg_navn(nr, &valg(" ")).await));
    let foer = p.ende().await;
    p.produsent.velg_navn(nr, &valg("Vesle")).await.expect("chosen");
    assert_eq!(p.hendelser(foer).await, om(&vis(nr), &["endringINavn"]));
    let dok = p.dok(&vis(nr)).await;
    assert_eq!((rader(&dok.navn), &*dok.navn[0].fornavn), ((1, 1, 0), "Vesle"));
    assert_eq!(dok.navn[0].meta.aarsak.as_deref(), Some("Første gangs navnevalg"));
    assert!(umulig(p.produsent.velg_navn(nr, &valg("Annen")).await), "once");
    let mann = Personidentifikator::parse(MANN).expect("a number");
    assert!(umulig(p.produsent.velg_navn(mann, &valg("Annen")).await), "he has one");
    let ukjent = Personidentifikator::parse("01912499894").expect("a number");
    assert!(matches!(p.produsent.velg_navn(ukjent, &valg("Annen")).await, Err(Avslag::Ukjent(_))));
}

#[tokio::test]
async fn identities_are_controlled() {
    use Identitetsgrunnlagstatus::{IkkeKontrollert, Kontrollert, Unik};
    let p = Prove::tom().await;
    p.person(DNUMMER, "1985-03-07", "kvinne", har_status("inaktiv")).await;
    let nr = Personidentifikator::parse(DNUMMER).expect("a number");
    let foer = p.ende().await;
    p.produsent.kontroller_identitet(nr, IkkeKontrollert).await.expect("entered");
    assert_eq!(status(&p.dok(DNUMMER).await), "inaktiv");
    p.produsent.kontroller_identitet(nr, Kontrollert).await.expect("entered");
    assert_eq!(status(&p.dok(DNUMMER).await), "midlertidig", "who shows up is active again");
    let ventet = ["endringIIdentitetsgrunnlag", "endringIStatus", "endringIIdentitetsgrunnlag"];
    assert_eq!(p.hendelser(foer).await, om(DNUMMER, &ventet));
    for status in [Kontrollert, Unik] {
        assert!(matches!(p.produsent.kontroller_identitet(nr, status).await, Err(Avslag::Umulig(_))));
    }
    p.klokke.advance_millis(900 * DAG);
    p.produsent.kontroller_identitet(nr, Unik).await.expect("from February 2027 on");
    assert!(
        matches!(p.produsent.kontroller_identitet(nr, Kontrollert).await, Err(Avslag::Umulig(_))),
        "it outranks"
    );
}
