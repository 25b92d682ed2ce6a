//! The model is the sheet's: every type and field, in order, and nothing more.

use std::collections::BTreeMap;

use kodeverk::folkeregisteret as fr;

use super::tabeller::{self, TYPER};
use crate::modell::beskrivelse::{Innhold, Ledd, Type};
use crate::modell::{
    DokumentForHendelse, Egenskap, Entitet, Entitetsendring, Hendelsestype, LagretHendelse, Persondokument,
};
use crate::{Rettighetspakke, Tjeneste};

/// Every type that a document reaches, by name.
pub(super) fn alle_typer(rot: &'static Type, typer: &mut BTreeMap<&'static str, &'static Type>) {
    if typer.insert(rot.navn, rot).is_some() {
        return;
    }
    for felt in rot.felter() {
        alle_typer(felt.type_, typer);
    }
}

fn typene() -> BTreeMap<&'static str, &'static Type> {
    let mut typer = BTreeMap::new();
    alle_typer(Persondokument::beskrivelse(), &mut typer);
    typer
}

#[test]
fn entities_stand_in_the_documented_order_with_their_types() {
    let i_modellen: Vec<(&str, &str, bool)> = Persondokument::beskrivelse()
        .felter()
        .iter()
        .map(|felt| (felt.navn, felt.type_.navn, felt.liste))
        .collect();
    let i_arket: Vec<(&str, &str, bool)> =
        tabeller::ENTITETER.iter().map(|rad| (rad["entitet"], rad["type"], rad["form"] == "liste")).collect();
    assert_eq!(i_modellen, i_arket);
    let navn: Vec<&str> = Entitet::ALLE.iter().map(|entitet| entitet.navn()).collect();
    assert_eq!(navn, i_arket.iter().map(|(navn, ..)| *navn).collect::<Vec<_>>());
}

#[test]
fn every_type_has_the_documented_fields_in_order() {
    let typer = typene();
    let felles = TYPER["Registermetadata"].len();
    for (navn, felter) in TYPER.iter().filter(|(navn, _)| **navn != "Folkeregisterperson") {
        let type_ = if *navn == "Registermetadata" {
            let Innhold::Felter([Ledd::Innfelt(metadata), ..]) = typer["Sivilstand"].innhold else {
                panic!("an entity begins with metadata");
            };
            metadata
        } else {
            typer[navn]
        };
        let mut i_modellen = type_.felter();
        if tabeller::er_entitet(navn) {
            let metadata: Vec<&str> = i_modellen.drain(..felles).map(|felt| felt.navn).collect();
            assert_eq!(
                metadata,
                TYPER["Registermetadata"].iter().map(|felt| felt.navn).collect::<Vec<_>>(),
                "{navn}"
            );
        }
        let navnene: Vec<&str> = i_modellen.iter().map(|felt| felt.navn).collect();
        assert_eq!(navnene, felter.iter().map(|felt| felt.navn).collect::<Vec<_>>(), "{navn}");
        for (felt, ventet) in i_modellen.iter().zip(felter) {
            sammenlign(navn, felt, ventet);
        }
    }
    let ukjente: Vec<&&str> = typer
        .iter()
        .filter(|(navn, type_)| matches!(type_.innhold, Innhold::Felter(_)) && !TYPER.contains_key(*navn))
        .map(|(navn, _)| navn)
        .filter(|navn| **navn != "Persondokument")
        .collect();
    assert!(ukjente.is_empty(), "not in the sheet: {ukjente:?}");
}

fn sammenlign(type_: &str, felt: &crate::modell::beskrivelse::Felt, ventet: &tabeller::Felt) {
    let hvor = format!("{type_}.{}", felt.navn);
    // 7.4 has `statsborgerskap*` where the older schema wanted at least one.
    let min = if hvor == "IdentifiserendeInformasjon.statsborgerskap" { 0 } else { ventet.min };
    assert_eq!((felt.liste, felt.min, felt.maks), (ventet.liste, min, ventet.maks), "{hvor}");
    match felt.type_.innhold {
        Innhold::Koder(koder) => {
            let mut koder = koder.to_vec();
            koder.retain(|kode| (ventet.kodeliste, *kode) != ("personstatus", "aktiv"));
            koder.sort_unstable();
            assert_eq!(Some(koder), tabeller::koder(ventet.kodeliste), "{hvor}");
        }
        Innhold::Tekst(maks) => {
            assert!(["Tekst", "Identifikator", "Organisasjonsnavn"].contains(&ventet.datatype), "{hvor}");
            assert_eq!(maks == 175, ventet.datatype == "Organisasjonsnavn", "{hvor}");
            assert_eq!(tabeller::koder(ventet.kodeliste), None, "{hvor} has a closed list");
        }
        _ => assert_eq!(felt.type_.navn, ventet.datatype, "{hvor}"),
    }
}

#[test]
fn code_lists_that_are_not_fields_of_a_person_agree() {
    let sortert = |mut koder: Vec<&'static str>| {
        koder.sort_unstable();
        koder
    };
    let hendelser = Hendelsestype::ALLE.iter().map(|type_| type_.kode()).collect();
    assert_eq!(sortert(hendelser), fr::hendelsetyper::alle().iter().map(|rad| rad.kode).collect::<Vec<_>>());
    let endringer = Entitetsendring::ALLE.iter().map(|endring| endring.kode()).collect();
    assert_eq!(
        sortert(endringer),
        fr::entitetsendring::alle().iter().map(|rad| rad.kode).collect::<Vec<_>>()
    );
    for type_ in Hendelsestype::ALLE {
        assert_eq!(Hendelsestype::av_kode(type_.kode()), Some(*type_));
    }
    for pakke in Rettighetspakke::ALLE {
        let rad = pakke.rad().unwrap();
        assert_eq!((rad.kode, rad.kortnavn), (pakke.kode(), pakke.kortnavn()));
        assert_eq!(Rettighetspakke::av_kode(pakke.kode()), Some(pakke));
    }
    assert_eq!(fr::rettighetspakker::alle().len(), Rettighetspakke::ALLE.len());
}

#[test]
fn event_documents_have_the_same_entities() {
    let mut typer = BTreeMap::new();
    alle_typer(DokumentForHendelse::beskrivelse(), &mut typer);
    let Innhold::Felter([Ledd::EnAv { paakrevd: false, felter }, ..]) = typer["Egenskapshendelse"].innhold
    else {
        panic!("an event begins with an entity, or none");
    };
    let person = Persondokument::beskrivelse().felter();
    assert_eq!(
        felter.iter().map(|felt| felt.navn).collect::<Vec<_>>(),
        person.iter().map(|felt| felt.navn).collect::<Vec<_>>()
    );
    for (i_hendelse, i_person) in felter.iter().zip(&person) {
        let ventet = match i_person.type_.navn {
            "Identitetsgrunnlag" => "IdentitetsgrunnlagIHendelse",
            annen => annen,
        };
        assert_eq!(i_hendelse.type_.navn, ventet);
    }
    let felter: Vec<&str> = LagretHendelse::beskrivelse().felter().iter().map(|felt| felt.navn).collect();
    assert_eq!(felter, ["sekvensnummer", "hendelse"]);
    let innflytting = Egenskap::Innflytting(crate::modell::InnflyttingTilNorge::default());
    assert_eq!(innflytting.entitet(), Entitet::Innflytting);
}

#[test]
fn services_are_the_tables() {
    let tjenester = [
        ("personer/{personidentifikator}", Tjeneste::Oppslag),
        ("personer/bulkoppslag", Tjeneste::Bulkoppslag),
        ("personer/soek", Tjeneste::Soek),
        ("personer/entydigsoek", Tjeneste::Entydigsoek),
        ("personer/xsd", Tjeneste::Skjema),
        ("personer/arkiv/{dokumentidentifikator}", Tjeneste::Arkiv),
        ("personer/bulkoppslag/arkiv", Tjeneste::Arkiv),
        ("hendelser/feed", Tjeneste::Feed),
        ("hendelser/siste/sekvensnummer", Tjeneste::Feed),
        ("hendelser/xsd", Tjeneste::Skjema),
        ("hendelser/feedxsd", Tjeneste::Skjema),
        ("hendelser/{hendelsesidentifikator}", Tjeneste::Hendelsesdokument),
        ("hendelser/bulkoppslag", Tjeneste::Hendelsesdokument),
        ("uttrekk/komplett", Tjeneste::KomplettUttrekk),
        ("uttrekk/tilpasset", Tjeneste::TilpassetUttrekk),
        ("uttrekk/{jobbid}/batch/{batchnr}", Tjeneste::Uttrekksbatch),
    ];
    for rad in tabeller::TJENESTER_PER_PAKKE.iter().filter(|rad| !rad["tjeneste"].starts_with("online")) {
        let (_, tjeneste) =
            tjenester.iter().find(|(navn, _)| *navn == rad["tjeneste"]).expect(rad["tjeneste"]);
        for pakke in Rettighetspakke::ALLE.into_iter().filter(|pakke| *pakke != Rettighetspakke::Svalbard) {
            assert_eq!(pakke.har(*tjeneste), rad[pakke.kortnavn()] == "ja", "{pakke:?} {tjeneste:?}");
        }
    }
}
