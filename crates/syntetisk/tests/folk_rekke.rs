//! Filling a register with the people: the same on any number of threads, and a feed in order.

use std::collections::HashMap;
use std::convert::Infallible;

use folkeregisteret::modell::Hendelsestype;
use syntetisk::{Feedplass, Feedrekke, Grend, Nasjon, Oppsett};
use tid::Timestamp;

fn nasjon(personer: u32) -> Nasjon {
    Nasjon::new(Oppsett { personer, enheter: 1000, ..Oppsett::default() })
}

fn plasser(grend: &Grend<'_>) -> Vec<Feedplass> {
    let mut ut = Vec::new();
    for i in 0..grend.antall() {
        let mut versjoner = grend.versjoner(i);
        while let Some(versjon) = versjoner.next() {
            assert_eq!(versjon.person, grend.personnummer(i));
            ut.extend(versjon.feedplasser());
        }
    }
    ut
}

fn alle_plasser(nasjon: &Nasjon, traader: usize) -> Vec<Feedplass> {
    let mut ut = Vec::new();
    let ta = |plasser: Vec<Feedplass>| {
        ut.extend(plasser);
        Ok::<_, Infallible>(())
    };
    nasjon.grend_for_grend(traader, plasser, ta).unwrap();
    ut
}

#[test]
fn threads_make_no_difference() {
    let nasjon = nasjon(5000);
    let en_og_en: Vec<Feedplass> = (0..nasjon.grender()).flat_map(|nr| plasser(&nasjon.grend(nr))).collect();
    assert!(nasjon.grender() > 7);
    for traader in [0, 1, 2, 7, 1000] {
        assert!(alle_plasser(&nasjon, traader) == en_og_en, "{traader} threads");
    }
}

#[test]
fn who_wants_no_more_gets_no_more() {
    let nasjon = nasjon(10_000);
    let mut tatt = Vec::new();
    let svar = nasjon.grend_for_grend(
        2,
        |grend| grend.personnummer(0),
        |foerste| {
            tatt.push(foerste);
            if tatt.len() == 3 { Err("full") } else { Ok(()) }
        },
    );
    assert_eq!(svar, Err("full"));
    assert_eq!(tatt, [0, 512, 1024]);
}

#[test]
fn the_feed_is_in_order_and_misses_nothing() {
    let nasjon = nasjon(5000);
    let alle = alle_plasser(&nasjon, 2);
    let mut rekke = Feedrekke::default();
    rekke.extend(alle.iter().copied());
    let i_rekke: Vec<Feedplass> = rekke.i_rekke().collect();
    assert_eq!(i_rekke.len(), alle.len());
    assert!(i_rekke.is_sorted_by_key(|p| (p.at, p.person, p.versjon, p.nr)));
    // Every person's events, as they came out of the person's own book.
    let per_person = |plasser: &[Feedplass]| {
        let mut ut: HashMap<u32, Vec<(Timestamp, u16, u8, Hendelsestype)>> = HashMap::new();
        for p in plasser {
            ut.entry(p.person).or_default().push((p.at, p.versjon, p.nr, p.hendelsestype));
        }
        ut
    };
    assert!(per_person(&i_rekke) == per_person(&alle));
    // No version is left out, and none comes before the one it follows.
    for (person, hendelser) in per_person(&i_rekke) {
        let versjoner = hendelser.chunk_by(|a, b| a.1 == b.1).map(|c| c[0].1);
        assert!(versjoner.eq(0..=hendelser.last().unwrap().1), "{person}");
    }
}
