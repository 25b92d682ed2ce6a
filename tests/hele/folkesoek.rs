//! Searches in Folkeregisteret, as consumers call them: the real binary against what its own look-ups show.

use std::collections::BTreeSet;
use std::fs;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::crash::ask_until_it_dies;
use crate::folk::{FINANS, Folk, Konsument, PRIVAT, UTEN, batcher, tekst};
use crate::program::{command, run};
use crate::server::Server;

const EID: &str = "/folkeregisteret/api/eid/v1";

/// Everybody that a consumer sees, with names, births and homes, past ones too.
fn alle(konsument: &Konsument<'_>) -> Vec<(String, Value)> {
    let alle = json!({ "personstatustyper": ["bosatt", "doed", "utflyttet", "inaktiv", "aktiv"] });
    let jobb = konsument.post_json("/uttrekk/tilpasset", &alle);
    let numre = batcher(konsument, tekst(&jobb, "/jobbId"), "foedselsEllerDNummer");
    let deler = "?part=navn&part=foedsel&part=bostedsadresse&part=doedsfall&part=status&part=historikk";
    let mut ut = Vec::new();
    for numre in numre.chunks(1000) {
        let svar = konsument
            .post_json(&format!("/personer/bulkoppslag{deler}"), &json!({ "foedselsEllerDNummer": numre }));
        for oppslag in svar["oppslag"].as_array().expect("a list") {
            ut.push((
                tekst(oppslag, "/foedselsEllerDNummer").to_owned(),
                oppslag["folkeregisterperson"].clone(),
            ));
        }
    }
    assert!(ut.len() > 1500, "{}", ut.len());
    ut
}

/// Entries of an entity: those of now, or all.
fn innslag<'v>(person: &'v Value, entitet: &str, historisk: bool) -> Vec<&'v Value> {
    let alle = person[entitet].as_array().map(Vec::as_slice).unwrap_or_default();
    alle.iter().filter(|innslag| historisk || innslag["erGjeldende"] == true).collect()
}

fn doed(person: &Value) -> bool {
    person.get("doedsfall").is_some()
        || innslag(person, "status", false).iter().any(|s| s["status"] == "doed")
}

fn heter(person: &Value, ord: &str, historisk: bool) -> bool {
    let deler = ["fornavn", "mellomnavn", "etternavn"];
    innslag(person, "navn", historisk).iter().any(|navn| {
        deler.iter().any(|del| navn[*del].as_str().is_some_and(|del| del.split([' ', '-']).any(|o| o == ord)))
    })
}

fn bor(person: &Value, felt: &str, verdi: &str, historisk: bool) -> bool {
    innslag(person, "bostedsadresse", historisk)
        .iter()
        .any(|adresse| adresse.pointer(felt).and_then(Value::as_str) == Some(verdi))
}

fn treff(konsument: &Konsument<'_>, parametre: &str) -> Vec<String> {
    let svar = konsument.json(&format!("/personer/soek?{parametre}"));
    let liste = svar["foedselsEllerDNummer"].as_array().unwrap_or_else(|| panic!("{svar}"));
    liste.iter().map(|nummer| nummer.as_str().expect("text").to_owned()).collect()
}

fn ventet(alle: &[(String, Value)], passer: impl Fn(&Value) -> bool) -> Vec<String> {
    let numre = alle.iter().filter(|(_, person)| passer(person)).map(|(nummer, _)| nummer.clone());
    numre.collect::<BTreeSet<_>>().into_iter().collect()
}

#[test]
fn a_hit_list_is_what_the_look_ups_show() {
    let folk = Folk::hele();
    for konsument in [folk.omh(), folk.konsument("finans", FINANS)] {
        let alle = alle(&konsument);
        let mut funnet = 0;
        for (_, person) in alle.iter().step_by(150) {
            let (Some(navn), Some(bosted)) = (
                innslag(person, "navn", false).first().copied(),
                innslag(person, "bostedsadresse", false).first().copied(),
            ) else {
                continue;
            };
            let etternavn = tekst(navn, "/etternavn").split('-').next().expect("a word");
            let fra = |p: &Value, aar: &str| {
                innslag(p, "foedsel", false).iter().any(|f| tekst(f, "/foedselsaar") >= aar)
            };
            for (parametre, numre) in [
                (format!("navn={etternavn}"), ventet(&alle, |p| !doed(p) && heter(p, etternavn, false))),
                (
                    format!(
                        "navn={}&inkluderDoede=true&opplysningsgrunnlag=historisk",
                        etternavn.to_lowercase()
                    ),
                    ventet(&alle, |p| heter(p, etternavn, true)),
                ),
                (
                    format!("Navn={etternavn}&foedselsaarFraOgMed=1980"),
                    ventet(&alle, |p| !doed(p) && heter(p, etternavn, false) && fra(p, "1980")),
                ),
            ] {
                assert_eq!(treff(&konsument, &parametre), numre, "{parametre}");
                funnet += numre.len();
            }
            let kommune = "/vegadresse/kommunenummer";
            if let Some(nummer) = bosted.pointer(kommune).and_then(Value::as_str) {
                let numre = ventet(&alle, |p| {
                    let matrikkel = "/matrikkeladresse/matrikkelnummer/kommunenummer";
                    let felter = [kommune, matrikkel, "/ukjentBosted/bostedskommune"];
                    !doed(p) && felter.iter().any(|felt| bor(p, felt, nummer, false))
                });
                assert_eq!(treff(&konsument, &format!("kommunenummer={nummer}")), numre, "{nummer}");
                funnet += numre.len();
            }
        }
        assert!(funnet > 100, "{funnet}");
        assert!(treff(&konsument, "navn=FinnesIkke").is_empty());
        assert_eq!(treff(&konsument, "navn=Ås&maksTreff=1").len().max(1), 1);
    }
}

#[test]
fn a_unique_search_gives_the_one_person_as_look_up_does() {
    let folk = Folk::hele();
    let omh = folk.omh();
    let (privat, uten) =
        (folk.konsument("privat", PRIVAT), folk.konsument("privatutenfolkeregisteridentifikator", UTEN));
    let mut funnet = 0;
    for (nummer, person) in alle(&omh).iter().step_by(200) {
        let Some(navn) = innslag(person, "navn", false).first().copied() else { continue };
        let ord = |felt| tekst(navn, felt).split([' ', '-']).next().expect("a word");
        let navn = format!("navn={}%20{}", ord("/fornavn"), ord("/etternavn"));
        let sti = format!("/personer/entydigsoek?{navn}&identifikasjonsnummer={nummer}");
        assert_eq!(omh.json(&sti), omh.json(&format!("/personer/{nummer}")), "{sti}");
        let deler = format!("{sti}&part=navn&part=historikk&soekFonetisk=true");
        assert_eq!(omh.json(&deler), omh.json(&format!("/personer/{nummer}?part=navn&part=historikk")));
        // Whoever never sees a number is not shown one for asking with it.
        let sett = uten.json(&sti);
        assert!(sett.get("identifikasjonsnummer").is_none() && sett["navn"].is_array(), "{sett}");
        assert!(privat.json(&sti).get("identifikasjonsnummer").is_none());
        assert!(
            privat.json(&format!("{sti}&part=identifikasjonsnummer"))["identifikasjonsnummer"].is_array()
        );
        funnet += 1;
    }
    assert!(funnet > 5, "{funnet}");
}

#[test]
fn searches_and_their_refusals() {
    let folk = Folk::hele();
    let (omh, eid) = (folk.omh(), folk.konsument("utstedereid", EID));
    let feil = |konsument: &Konsument<'_>, sti: &str, status: u16, melding: &str| {
        let svar = konsument.get(sti);
        assert_eq!(svar.status, status, "{sti}: {}", svar.text());
        let kropp: Value = serde_json::from_slice(&svar.body).expect("JSON");
        assert_eq!(kropp["kode"], "FREG-001");
        assert!(tekst(&kropp, "/melding").contains(melding), "{kropp}");
    };
    feil(&omh, "/personer/soek?kjoenn=x", 400, "kjoenn må være mann eller kvinne");
    feil(&omh, "/personer/soek?adressenavn=St", 400, "minst tre");
    feil(&omh, "/personer/soek?maksTreff=10001", 400, "maksTreff");
    feil(&omh, "/personer/entydigsoek?navn=A%20B", 400, "rett til treff");
    feil(&omh, "/personer/entydigsoek?navn=A&foedselsdato=19650515", 400, "fornavn og etternavn");
    feil(
        &omh,
        "/personer/entydigsoek?navn=A%20B&foedselsdato=19650515",
        404,
        "Ukjent person, eller ikke entydig treff",
    );
    feil(&omh, "/personer/entydigsoek?navn=A%20B&foedselsdato=19650515&part=tull", 400, "part");
    feil(
        &omh,
        "/personer/entydigsoek?navn=A%20B&utenlandskpersonidentifikasjon=1",
        400,
        "UtenlandskPersonidentifikasjon er ikke på gyldig format",
    );
    feil(&eid, "/personer/entydigsoek?navn=A%20B&utenlandskpersonidentifikasjon=AFG-1", 404, "entydig");
    feil(
        &eid,
        "/personer/entydigsoek?navn=A%20B&utlendingsmyndighetenesIdentifikasjonsnummer=1",
        400,
        "rettighetspakken",
    );
    let privat = folk.konsument("privat", PRIVAT);
    assert_eq!(privat.get("/personer/soek?navn=A").status, 404, "a service that the package lacks");
    feil(&privat, "/personer/entydigsoek/?navn=A%20B&legitimasjonsdokument=AFG-1", 400, "rettighetspakken");

    let xml = [("accept", "application/xml")];
    let svar = omh.get_with("/personer/soek/?kommunenummer=0301&inkluderDoede=true", &xml).text();
    let start = r#"<personsoekResponse xmlns="folkeregisteret:tilgjengeliggjoering:person:v1:soek:response"><foedselsEllerDNummer>"#;
    assert!(svar.contains(start), "{}", &svar[..300.min(svar.len())]);
    let json = treff(&omh, "kommunenummer=0301&inkluderDoede=true");
    assert_eq!(svar.matches("<foedselsEllerDNummer>").count(), json.len());
    assert!(json.iter().all(|nummer| svar.contains(nummer.as_str())));
    let tomt = omh.get_with("/personer/soek?navn=FinnesIkke", &xml).text();
    assert!(tomt.ends_with("soek:response\"></personsoekResponse>"), "{tomt}");
    let svar = omh.get_with("/personer/soek?kjoenn=x", &xml).text();
    assert!(svar.contains("<feil><kode>FREG-001</kode>"), "{svar}");
    assert_eq!(omh.get_with("/personer/soek?navn=a", &[("accept", "text/html")]).status, 406);
    let hode = folk.server.send(
        "HEAD",
        &format!("{}/personer/soek?navn=FinnesIkke", omh.base),
        &[("authorization", &omh.token)],
        b"",
    );
    assert_eq!((hode.status, hode.body.len()), (200, 0));
    assert_eq!(folk.server.get(&format!("{}/personer/soek?navn=a", omh.base)).status, 401);
}

#[test]
fn searches_are_in_the_log() {
    let folk = Folk::hele();
    let omh = folk.omh();
    let (nummer, person) = alle(&omh)
        .into_iter()
        .find(|(_, person)| !doed(person) && !innslag(person, "navn", false).is_empty())
        .expect("somebody");
    let navn = innslag(&person, "navn", false)[0];
    let ord = |felt| tekst(navn, felt).split([' ', '-']).next().expect("a word");
    let logg = |flagg: &[&str]| {
        let said = run(&folk.data.path(), &[&["innsyn", "--json", "--person", &nummer], flagg].concat()).ok();
        let logg: Vec<Value> = serde_json::from_str(&said.out).expect("JSON");
        logg.into_iter()
            .map(|l| format!("{} {}", tekst(&l, "/tjeneste"), tekst(&l, "/pakke")))
            .collect::<Vec<_>>()
    };
    let foer = logg(&["--alle"]).len();
    assert!(treff(&omh, &format!("navn={}", ord("/etternavn"))).contains(&nummer));
    let en = format!(
        "/personer/entydigsoek?navn={}%20{}&identifikasjonsnummer={nummer}",
        ord("/fornavn"),
        ord("/etternavn")
    );
    omh.json(&en);
    let privat = folk.konsument("privat", PRIVAT);
    privat.json(&en);
    let omh_kode = "offentlig-med-hjemmel";
    let ventet = [
        format!("personer/soek {omh_kode}"),
        format!("personer/entydigsoek {omh_kode}"),
        "personer/entydigsoek privat".to_owned(),
    ];
    assert_eq!(logg(&["--alle"])[foer..], ventet);
    assert_eq!(logg(&[]), ["personer/entydigsoek privat"], "what the person may be told");
}

/// The index is derived: deleted, or killed half made, it is made again, and answers the same.
#[test]
fn the_index_is_made_again() {
    let folk = Folk::hele();
    let parametre = "fylkesnummer=03&inkluderDoede=true&opplysningsgrunnlag=historisk";
    let foer = treff(&folk.omh(), parametre);
    assert!(!foer.is_empty());
    let Folk { mut data, mut server } = folk;
    for point in ["indeks.commit.before", "indeks.commit.after"] {
        drop(server);
        fs::remove_dir_all(data.path().join("folkeregisteret/indeks")).expect("the index");
        let mut serving = command(&data.path());
        serving.args(["serve", "--listen", "127.0.0.1:0", "--crash-point", point]).stderr(Stdio::piped());
        ask_until_it_dies(&mut serving.spawn().expect("the binary runs"), "/drift/klar");
        server = Server::start(&data.path(), &[]);
        let folk = Folk { data, server };
        assert_eq!(treff(&folk.omh(), parametre), foer, "{point}");
        let klar = folk.server.get("/drift/klar").json();
        assert_eq!((&klar["status"], &klar["folkeregisteret"]["etterslep"]), (&json!("klar"), &json!(0)));
        assert!(klar["folkeregisteret"]["personer"].as_u64().is_some_and(|antall| antall > 1900), "{klar}");
        Folk { data, server } = folk;
    }
}
