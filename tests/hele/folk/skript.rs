//! The script of the README, run as it stands there.

use std::process::Command;

use super::*;
use crate::program::said;

const README: &str = include_str!("../../../README.md");

#[test]
fn the_script_of_the_readme() {
    let script = README.split("```python\n").nth(1).and_then(|rest| rest.split("```").next());
    let script = script.expect("the README has a script");
    assert!(script.lines().count() < 30, "it is longer than promised");
    let data = Data::nation();
    let size = ["--enheter", "1000", "--personer", "2000", "--fro", "7"];
    let server = Server::start_command(&data.path(), "demo", &size);
    let folk = Folk { data, server };
    let file = folk.data.beside("folkeregisteret.py");
    std::fs::write(&file, script).expect("a file");
    let omh = folk.omh();
    let token = omh.token.trim_start_matches("Bearer ");
    let ran = Command::new("python3").arg(&file).args([&folk.server.base, token]).output();
    let Ok(ran) = ran else {
        eprintln!("skipped: python3 is not installed");
        return;
    };
    let ran = said(&ran).ok();
    let lines: Vec<&str> = ran.out.lines().collect();
    let [json, xml, counted] = lines[..] else { panic!("three lines, not {}", ran.out) };
    assert!(json.contains("navn") && xml.contains("<navn>"), "{}", ran.out);
    let bosatte = json!({ "personstatustyper": ["bosatt"] });
    let jobb = omh.post_json("/uttrekk/tilpasset", &bosatte);
    let numre = batcher(&omh, tekst(&jobb, "/jobbId"), "foedselsEllerDNummer");
    assert_eq!(counted, format!("{} events, {} residents", omh.feed().len(), numre.len()));
}

#[test]
fn xml_and_json_have_the_same_content() {
    let folk = Folk::hele();
    let omh = folk.omh();
    let part = "part=person-basis&part=identitetsgrunnlag-utvidet&part=relasjon-utvidet&part=historikk";
    let side = omh.json("/hendelser/feed?seq=1");
    for hendelse in side.as_array().expect("a list").iter().step_by(10) {
        let sti = format!("/personer/{}?{part}", tekst(hendelse, "/hendelse/folkeregisteridentifikator"));
        let mut verdier = Vec::new();
        blader(&omh.json(&sti), &mut verdier);
        let xml = omh.get_with(&sti, &[("accept", "application/xml")]).text();
        let tekster = xml.split('>').filter_map(|del| del.split_once('<')).map(|(tekst, _)| tekst);
        let tekster: Vec<String> = tekster.filter(|tekst| !tekst.is_empty()).map(uten_tegn).collect();
        assert_eq!(tekster, verdier, "{sti}");
    }
}

/// The values of a document, in order.
fn blader(verdi: &Value, ut: &mut Vec<String>) {
    match verdi {
        Value::Array(liste) => liste.iter().for_each(|verdi| blader(verdi, ut)),
        Value::Object(objekt) => objekt.values().for_each(|verdi| blader(verdi, ut)),
        Value::String(tekst) => ut.push(tekst.clone()),
        annet => ut.push(annet.to_string()),
    }
}

fn uten_tegn(tekst: &str) -> String {
    tekst.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}
