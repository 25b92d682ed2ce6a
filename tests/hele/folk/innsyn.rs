//! Who has looked: told to the person, and to the operator.

use super::*;

const INNSYN: &str = "/folkeregisteret/utvidet/innsyn";

#[test]
fn a_person_is_told_who_has_looked_and_who_may_be_told_of_only() {
    let folk = Folk::hele();
    let (omh, eid) = (folk.omh(), folk.konsument("utstedereid", "/folkeregisteret/api/eid/v1"));
    let side = omh.json("/hendelser/feed?seq=1");
    let nummer = tekst(&side, "/0/hendelse/folkeregisteridentifikator").to_owned();
    omh.json(&format!("/personer/{nummer}"));
    eid.json(&format!("/personer/{nummer}"));
    eid.post_json("/personer/bulkoppslag", &json!({ "foedselsEllerDNummer": [nummer] }));

    let sti = format!("{INNSYN}/{nummer}");
    assert_eq!(folk.server.get(&sti).status, 401);
    assert_eq!(Konsument { base: INNSYN, ..folk.omh() }.get(&format!("/{nummer}")).status, 403);
    let said = run(
        &folk.data.path(),
        &["token", "--url", &folk.server.base, "--scope", "grunndata:folkeregisteret.innsyn"],
    );
    let token = format!("Bearer {}", said.ok().out.trim());
    let operatoer = Konsument { server: &folk.server, token, base: INNSYN };
    for (ukjent, status) in [("/00000000000", 400), ("/123", 400), ("/01819012365", 404)] {
        assert_eq!(operatoer.get(ukjent).status, status, "{ukjent}");
    }
    let svar = operatoer.json(&format!("/{nummer}"));
    let oppslag = svar["oppslag"].as_array().expect("a list");
    assert_eq!(oppslag.len(), 1, "{svar}");
    assert_eq!((&oppslag[0]["tjeneste"], &oppslag[0]["pakke"]), (&json!("personer"), &json!("eid")));
    let hvem = &oppslag[0]["konsument"];
    for felt in ["organisasjonsnummer", "navn", "postnummer"] {
        assert!(hvem[felt].as_str().is_some_and(|verdi| !verdi.is_empty()), "{felt} of {hvem}");
    }
    let logg = innsyn(&folk.data.path(), &nummer, &["--alle"]);
    let tjenester: Vec<&str> = logg.iter().map(|foert| tekst(foert, "/tjeneste")).collect();
    assert_eq!(tjenester, ["personer", "personer", "personer/bulkoppslag", "innsyn"]);
    let said = run(&folk.data.path(), &["innsyn", "--person", &nummer]).ok();
    assert!(said.out.contains(tekst(hvem, "/navn")) && said.out.lines().count() == 1, "{}", said.out);
}

#[test]
fn lists_of_persons_are_in_the_log_of_each() {
    let folk = Folk::hele();
    let omh = folk.omh();
    let bosatte = omh.post_json("/uttrekk/tilpasset", &json!({ "personstatustyper": ["bosatt"] }));
    let numre = batcher(&omh, tekst(&bosatte, "/jobbId"), "foedselsEllerDNummer");
    let komplett = omh.json("/uttrekk/komplett");
    batcher(&omh, tekst(&komplett, "/jobbId"), "dokumentidentifikator");
    omh.post_json("/personer/bulkoppslag", &json!({ "foedselsEllerDNummer": &numre[..500] }));
    for (nummer, ganger) in [(&numre[0], 3), (&numre[499], 3), (&numre[500], 2)] {
        let logg = innsyn(&folk.data.path(), nummer, &["--alle"]);
        let tjenester: Vec<&str> = logg.iter().map(|foert| tekst(foert, "/tjeneste")).collect();
        let ventet = ["uttrekk/batch", "uttrekk/batch", "personer/bulkoppslag"];
        assert_eq!(tjenester, ventet[..ganger], "{nummer}");
        assert!(innsyn(&folk.data.path(), nummer, &[]).is_empty(), "nothing that the person is told");
    }
}
