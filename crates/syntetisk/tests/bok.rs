//! The book of a person against the people of the nation: cut at a version it is the document that went in.

use folkeregisteret::bok::Bok;
use folkeregisteret::modell::{Dokumentidentifikator, Persondokument};
use folkeregisteret::{Deler, Rettighetspakke, Vern};
use syntetisk::{Nasjon, Oppsett};

/// Everything of a document as JSON, in its order: what omh gets of it is all but what nobody gets.
fn like(a: &Persondokument, b: &Persondokument) -> bool {
    let json = |d: &Persondokument| {
        let mut ut = Vec::new();
        Rettighetspakke::OffentligMedHjemmel.filtrer(d.clone(), &Deler::alt()).skriv_json(&mut ut);
        ut
    };
    a == b && json(a) == json(b)
}

#[test]
fn a_cut_is_the_document_that_went_in() {
    let nasjon = Nasjon::new(Oppsett { personer: 3000, enheter: 1000, ..Oppsett::default() });
    let (mut versjoner, mut hendelser, mut bytes) = (0, 0, 0);
    for nr in 0..nasjon.grender() {
        let grend = nasjon.grend(nr);
        for i in 0..grend.antall() {
            let mut bok: Option<Bok<'static>> = None;
            let (mut inn, mut en) = (Vec::new(), grend.versjoner(i));
            while let Some(versjon) = en.next() {
                let bok = bok.get_or_insert_with(|| Bok::ny(versjon.hendelser[0].folkeregisteridentifikator));
                bok.ny_versjon(versjon.dokument, versjon.at, versjon.hendelser).unwrap();
                inn.push((versjon.dokument.cloned(), versjon.at, versjon.hendelser.to_vec()));
            }
            let Some(skrevet) = bok else { continue };
            let tekst = skrevet.som_json();
            bytes += tekst.len();
            let lest = Bok::les(skrevet.person(), &tekst).unwrap();
            for (k, (dokument, at, fortalt)) in inn.iter().enumerate() {
                let k = k as u16;
                assert_eq!(lest.at(k), Some(*at));
                match (lest.versjon(k).unwrap(), dokument) {
                    (Some(ut), Some(inn)) => assert!(like(&ut, inn), "person {i} of {nr}, version {k}"),
                    (None, None) => {}
                    _ => panic!("person {i} of {nr}, version {k}: there or not"),
                }
                versjoner += 1;
                assert_eq!(lest.antall_hendelser(k), fortalt.len());
                for (plass, hendelse) in fortalt.iter().enumerate() {
                    let nokkel = Dokumentidentifikator::ny(7);
                    let ut = lest.hendelse(k, plass as u8, nokkel).unwrap().unwrap();
                    assert!(ut.hendelse == *hendelse, "person {i} of {nr}, version {k}, event {plass}");
                    hendelser += 1;
                }
            }
            let siste = lest.siste_med_dokument().unwrap();
            let pakke = Rettighetspakke::Finans;
            for deler in [Deler::default(), Deler::alt()] {
                let hel = pakke.filtrer(lest.versjon(siste).unwrap().unwrap(), &deler);
                assert!(lest.utlever(siste, pakke, &deler, Vern::Ingen).unwrap() == Some(hel));
            }
        }
    }
    println!("{versjoner} versions, {hendelser} events, {bytes} bytes");
    assert!(versjoner > 6000 && hendelser > 6000);
}
