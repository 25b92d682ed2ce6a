//! Random questions to the synthetic nation.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use folkeregisteret::Rettighetspakke;
use folkeregisteret::modell::{Identifikatorstatuskode, Persondokument};
use syntetisk::{Nasjon, Oppsett};

use crate::folk::Terning;
use crate::register::Register;
use crate::spoersmaal::{entydig_stemmer, liste_stemmer, om};

static NASJON: LazyLock<Register> = LazyLock::new(|| {
    let nasjon = Nasjon::new(Oppsett { personer: 2000, enheter: 100, ..Oppsett::default() });
    let mut personer = BTreeMap::new();
    for nr in 0..nasjon.grender() {
        let grend = nasjon.grend(nr);
        for i in 0..grend.antall() {
            if let Some(dokument) = grend.versjoner(i).siste() {
                personer.insert(nummer(&dokument), dokument);
            }
        }
    }
    let dokumenter = Arc::new(personer.clone());
    Register::ny(
        personer,
        |_| b"{}".to_vec(),
        |indeks| {
            let indeks = indeks.clone();
            Arc::new(move |versjon| Some(indeks.dokument(versjon.id, dokumenter[&versjon.id].clone())))
        },
    )
});

/// The number in use, or the last that was.
fn nummer(dokument: &Persondokument) -> u64 {
    let numre = &dokument.identifikasjonsnummer;
    let i_bruk = numre.iter().find(|n| n.status == Identifikatorstatuskode::IBruk);
    let nummer = i_bruk.or(numre.first()).unwrap();
    nummer.foedsels_eller_d_nummer.vis().to_string().parse().unwrap()
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
