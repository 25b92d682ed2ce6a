//! Random questions to random persons.

use folkeregisteret::Rettighetspakke;
use folkeregisteret::rettighetspakke::Tjeneste;

use crate::folk::{FOLK, Terning};
use crate::spoersmaal::{MED_LISTE, entydig_stemmer, liste_stemmer, om};

#[test]
fn a_list_is_what_brute_force_finds() {
    let mut t = Terning(1);
    let personer: Vec<_> = FOLK.personer.values().collect();
    let mut funnet = 0;
    for _ in 0..120 {
        let parametre = om(t.velg(&personer), &mut t, false);
        for pakke in MED_LISTE {
            assert!(pakke.har(Tjeneste::Soek));
            funnet += usize::from(liste_stemmer(&FOLK, pakke, &parametre) > 0);
        }
    }
    assert!(funnet > 200, "the questions ask for what is there: {funnet}");
}

#[test]
fn a_unique_search_is_what_brute_force_finds() {
    let mut t = Terning(2);
    let personer: Vec<_> = FOLK.personer.values().collect();
    let mut funnet = 0;
    for _ in 0..100 {
        let parametre = om(t.velg(&personer), &mut t, true);
        for pakke in Rettighetspakke::ALLE.into_iter().filter(|pakke| pakke.har(Tjeneste::Entydigsoek)) {
            funnet += usize::from(entydig_stemmer(&FOLK, pakke, &parametre));
        }
    }
    assert!(funnet > 80, "the questions ask for what is there: {funnet}");
}
