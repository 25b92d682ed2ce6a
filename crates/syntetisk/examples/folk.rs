//! How fast the people of a nation are made, as a register is filled with them:
//! `cargo run --release -p syntetisk --example folk -- 1000000`; with `json` after the figure every document is written out too.
//! Then how many events there are of each type.
#![expect(clippy::print_stdout, reason = "an example says what it found")]

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::time::Instant;

use folkeregisteret::{Deler, Rettighetspakke};
use syntetisk::{Feedplass, Feedrekke, Grend, Nasjon, Oppsett};

/// What one hamlet comes to.
#[derive(Default)]
struct Funnet {
    versjoner: u64,
    json: u64,
    plasser: Vec<Feedplass>,
}

fn se(grend: &Grend<'_>, json: bool) -> Funnet {
    let (mut funnet, mut ut) = (Funnet::default(), Vec::new());
    for i in 0..grend.antall() {
        let mut versjoner = grend.versjoner(i);
        while let Some(versjon) = versjoner.next() {
            funnet.versjoner += 1;
            funnet.plasser.extend(versjon.feedplasser());
            if let Some(dokument) = versjon.dokument.filter(|_| json) {
                ut.clear();
                let alt = Rettighetspakke::OffentligMedHjemmel.filtrer(dokument.clone(), &Deler::alt());
                alt.skriv_json(&mut ut);
                funnet.json += ut.len() as u64;
            }
        }
    }
    funnet
}

/// The most memory that the process ever had, where the system tells.
fn minne() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let linje = status.lines().find_map(|linje| linje.strip_prefix("VmHWM:"));
    linje.map_or("?".to_owned(), |kb| kb.trim().to_owned())
}

fn main() {
    let personer = std::env::args().nth(1).and_then(|a| a.parse().ok()).unwrap_or(100_000);
    let json = std::env::args().nth(2).is_some();
    let nasjon = Nasjon::new(Oppsett { personer, enheter: 1000, ..Oppsett::default() });
    let begynt = Instant::now();
    let (mut alt, mut rekke) = (Funnet::default(), Feedrekke::default());
    let ta = |funnet: Funnet| {
        alt.versjoner += funnet.versjoner;
        alt.json += funnet.json;
        rekke.extend(funnet.plasser);
        Ok::<_, Infallible>(())
    };
    let Ok(()) = nasjon.grend_for_grend(2, |grend| se(grend, json), ta);
    let laget = begynt.elapsed().as_secs_f64();
    let i_rekke = rekke.i_rekke();
    let (hendelser, sortert) = (i_rekke.len(), begynt.elapsed().as_secs_f64() - laget);
    println!(
        "{personer} persons, {} versions, {hendelser} events in {laget:.1} s on two threads: {:.0} persons/s; \
         the feed in order in {sortert:.1} s; {:.2} versions a person, {} bytes a version; at most {} of memory",
        alt.versjoner,
        f64::from(personer) / laget,
        alt.versjoner as f64 / f64::from(personer),
        alt.json / alt.versjoner.max(1),
        minne()
    );
    let mut typer: BTreeMap<&str, u32> = BTreeMap::new();
    for plass in i_rekke {
        *typer.entry(plass.hendelsestype.kode()).or_default() += 1;
    }
    for (hendelsestype, antall) in typer {
        println!("{antall:>10}  {hendelsestype}");
    }
}
