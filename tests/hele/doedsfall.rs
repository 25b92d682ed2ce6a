//! A death reported to Folkeregisteret ends roles in Enhetsregisteret, and its annulment gives them back: once each,
//! whenever the program dies.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::nation::Data;
use crate::produsent::{Avsender, MOTTAK, WITHIN, doedsfall};
use crate::server::{API, Server};

fn annullering(ident: &str, nr: &str) -> String {
    format!(
        "<meldingOmAnnulleringAvDoedsfall xmlns=\"folkeregisteret:melding:annulleringavdoedsfall:v1\"><innsending><avsendersMeldingsidentifikator>{ident}</avsendersMeldingsidentifikator><avsendersInnsendingstidspunkt>2024-11-04T10:15:30</avsendersInnsendingstidspunkt></innsending><forespoersel><forespoerselssdato>2024-11-04</forespoerselssdato><kilde>tingretten</kilde><avsendersSaksbehandler>B1</avsendersSaksbehandler><levendePerson><foedselsnummer>{nr}</foedselsnummer></levendePerson></forespoersel></meldingOmAnnulleringAvDoedsfall>"
    )
}

/// The people in a unit's roles: name, date of birth, dead, resigned.
fn roller(server: &Server, orgnr: &str) -> Vec<(String, String, bool, bool)> {
    let svar = server.get(&format!("{API}/enheter/{orgnr}/roller"));
    if svar.status != 200 {
        return Vec::new();
    }
    let grupper = svar.json()["rollegrupper"].as_array().expect("groups").clone();
    let alle = grupper.iter().flat_map(|gruppe| gruppe["roller"].as_array().expect("roles"));
    let person = |rolle: &Value| {
        let person = rolle.get("person")?;
        let del = |navn: &str| person["navn"][navn].as_str().unwrap_or_default().to_owned();
        let navn = [del("fornavn"), del("mellomnavn"), del("etternavn")].join(" ");
        let foedt = person["fodselsdato"].as_str()?.to_owned();
        Some((navn, foedt, person["erDoed"] == true, rolle["fratraadt"] == true))
    };
    alle.filter_map(person).collect()
}

/// Somebody alive with a role that is held, whom Folkeregisteret knows by the name: unit, name, date of birth, number.
fn innehaver(a: &Avsender) -> [String; 4] {
    let enheter = a.server.api("/enheter?size=100");
    for enhet in enheter["_embedded"]["enheter"].as_array().expect("units") {
        let orgnr = enhet["organisasjonsnummer"].as_str().expect("a number");
        for (navn, foedt, doed, fratraadt) in roller(&a.server, orgnr) {
            let kodet: String = form_urlencoded::byte_serialize(navn.as_bytes()).collect();
            let sporring = format!("?navn={kodet}&foedselsdato={}", foedt.replace('-', ""));
            let funnet = a.konsument(&format!("/personer/soek{sporring}&inkluderDoede=true"));
            let treff: Vec<&str> = nummer(&funnet);
            if let ([nr], false, false) = (&treff[..], doed, fratraadt)
                && a.konsument(&format!("/personer/{nr}?part=status"))["status"][0]["status"] == "bosatt"
            {
                return [orgnr.to_owned(), navn, foedt, (*nr).to_owned()];
            }
        }
    }
    panic!("nobody has a role");
}

fn nummer(funnet: &Value) -> Vec<&str> {
    let treff = funnet["foedselsEllerDNummer"].as_array().expect("hits");
    treff.iter().filter_map(Value::as_str).collect()
}

/// Of one person in one unit: whether dead and resigned, in every role.
fn vises(server: &Server, [orgnr, navn, foedt, _]: &[String; 4]) -> Vec<(bool, bool)> {
    let alle = roller(server, orgnr).into_iter();
    alle.filter(|r| (&r.0, &r.1) == (navn, foedt)).map(|r| (r.2, r.3)).collect()
}

fn til(server: &Server, hvem: &[String; 4], ventet: &[(bool, bool)]) {
    let begynt = Instant::now();
    while vises(server, hvem) != ventet {
        assert!(begynt.elapsed() < WITHIN, "{:?} is not {ventet:?}; {}", vises(server, hvem), server.log());
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Events about a unit's roles.
fn hendelser(server: &Server, orgnr: &str) -> usize {
    let (mut antall, mut etter) = (0, 1);
    loop {
        let side = server.api(&format!("/oppdateringer/roller?afterId={etter}&size=1000"));
        let side = side.as_array().expect("a page");
        antall += side.iter().filter(|h| h["data"]["organisasjonsnummer"] == orgnr).count();
        let Some(siste) = side.last() else { return antall };
        etter = siste["id"].as_str().expect("a number").parse().expect("a number");
    }
}

/// The life of a person as consumers of Folkeregisteret are told it, from a number on.
fn liv(a: &Avsender, nr: &str, fra: u64) -> Vec<String> {
    let side = a.konsument(&format!("/hendelser/feed/?seq={fra}"));
    let om = |h: &&Value| h["hendelse"]["folkeregisteridentifikator"] == nr;
    let type_ = |h: &Value| h["hendelse"]["hendelsetype"].as_str().expect("a type").to_owned();
    let alle = side.as_array().expect("a list").iter().filter(om).map(type_);
    alle.filter(|type_| type_ == "personErDoed" || type_ == "personErReaktivert").collect()
}

#[test]
fn a_death_ends_roles_and_its_annulment_gives_them_back() {
    let a = Avsender::start(&["--set", "folkeregisteret.oppbevaring_maaneder=1200"]);
    let hvem = innehaver(&a);
    let [orgnr, _, _, nr] = &hvem;
    let (foer, hendt, fra) = (vises(&a.server, &hvem), hendelser(&a.server, orgnr), a.siste() + 1);
    let doed: Vec<_> = foer.iter().map(|_| (true, true)).collect();
    a.sak(&a.send("doedsfall_v1", &doedsfall("1", nr)));
    til(&a.server, &hvem, &doed);
    assert_eq!(hendelser(&a.server, orgnr), hendt + 1);
    a.sak(&a.send("annullering_av_doedsfall_v1", &annullering("2", nr)));
    til(&a.server, &hvem, &foer);
    assert_eq!(hendelser(&a.server, orgnr), hendt + 2);
    assert_eq!(liv(&a, nr, fra), ["personErDoed", "personErReaktivert"]);
}

#[test]
fn killed_between_the_registers_it_takes_effect_once() {
    for punkt in ["doedsfall.roller.before", "doedsfall.roller.after"] {
        let kept = ["--set", "folkeregisteret.oppbevaring_maaneder=1200"];
        let a = Avsender::paa(Data::nation(), &[&kept[..], &["--crash-point", punkt]].concat());
        let hvem = innehaver(&a);
        let [orgnr, _, _, nr] = &hvem;
        let (foer, hendt, fra) = (vises(&a.server, &hvem), hendelser(&a.server, orgnr), a.siste() + 1);
        for (ressurs, melding) in
            [("doedsfall_v1", doedsfall("1", nr)), ("annullering_av_doedsfall_v1", annullering("2", nr))]
        {
            let url = format!("{}{MOTTAK}/{ressurs}", a.server.base);
            let kall = ureq::post(&url)
                .header("authorization", a.token.as_str())
                .header("content-type", "application/xml");
            let _ = kall.send(melding.as_bytes());
        }
        let Avsender { data, server, .. } = a;
        assert_eq!(server.ended(), None, "{punkt} was not passed");
        let a = Avsender::paa(data, &kept);
        // What got no receipt is sent again.
        a.sak(&a.send("doedsfall_v1", &doedsfall("1", nr)));
        a.sak(&a.send("annullering_av_doedsfall_v1", &annullering("2", nr)));
        // A third change shows that all before it is done.
        a.sak(&a.send("doedsfall_v1", &doedsfall("3", nr)));
        let doed: Vec<_> = foer.iter().map(|_| (true, true)).collect();
        let begynt = Instant::now();
        while hendelser(&a.server, orgnr) < hendt + 3 {
            assert!(begynt.elapsed() < WITHIN, "{punkt}: {}", a.server.log());
            std::thread::sleep(Duration::from_millis(50));
        }
        til(&a.server, &hvem, &doed);
        assert_eq!(hendelser(&a.server, orgnr), hendt + 3, "{punkt}: once each");
        assert_eq!(liv(&a, nr, fra), ["personErDoed", "personErReaktivert", "personErDoed"], "{punkt}");
        crate::program::run(&a.data.path(), &["verify"]).ok();
    }
}
