//! Random questions to the synthetic nation.

use std::sync::LazyLock;

use folkeregisteret::Rettighetspakke;
use folkeregisteret::modell::Persondokument;
use syntetisk::{Nasjon, Oppsett};

use crate::folk::Terning;
use crate::register::Register;
use crate::spoersmaal::{entydig_stemmer, liste_stemmer, om};

static NASJON: LazyLock<Register> = LazyLock::new(|| {
    let nasjon = Nasjon::new(Oppsett { personer: 2000, enheter: 100, ..Oppsett::default() });
    let grender = (0..nasjon.grender()).map(|nr| nasjon.grend(nr));
    let personer = grender.flat_map(|grend| {
        let personer = (0..grend.antall()).filter_map(|i| grend.versjoner(i).siste());
        personer.map(|person| (en_av_numrene(&person), person)).collect::<Vec<_>>()
    });
    Register::ny(personer.collect())
});

fn en_av_numrene(person: &Persondokument) -> u64 {
    person.identifikasjonsnummer.last().unwrap().foedsels_eller_d_nummer.verdi()
}

#[test]
fn the_nation_is_found_as_brute_force_finds_it() {
    let mut t = Terning(3);
    let personer: Vec<_> = NASJON.personer.values().collect();
    let (mut lister, mut entydige) = (0, 0);
    for _ in 0..25 {
        let person = t.velg(&personer);
        let (liste, entydig) = (om(person, &mut t, false), om(person, &mut t, true));
        for pakke in [Rettighetspakke::OffentligMedHjemmel, Rettighetspakke::PrivatUtenHjemmel] {
            lister += usize::from(liste_stemmer(&NASJON, pakke, &liste) > 0);
            entydige += usize::from(entydig_stemmer(&NASJON, pakke, &entydig));
        }
    }
    assert!(lister > 10 && entydige > 10, "the questions ask for what is there: {lister} {entydige}");
}
