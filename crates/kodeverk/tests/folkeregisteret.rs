//! The lists of Folkeregisteret are what the code takes their files for, and agree with each other.

use std::collections::HashSet;

use kodeverk::folkeregisteret as fr;
use kodeverk::landkoder;

/// Checks each list against its file: header, width of every line, row count, uniqueness of codes.
macro_rules! sjekk_lister {
    ($($modul:ident $antall:literal $hode:literal;)*) => {
        $(#[test]
        fn $modul() {
            let csv = include_str!(concat!("../data/folkeregisteret/", stringify!($modul), ".csv"));
            assert_eq!(csv.lines().next(), Some($hode));
            for linje in csv.lines() {
                assert_eq!(linje.split(';').count(), $hode.split(';').count(), "{linje}");
                assert!(!linje.contains('"') && linje.trim() == linje, "{linje}");
            }
            let koder: Vec<&str> = fr::$modul::alle().iter().map(|rad| rad.kode).collect();
            assert_eq!(koder.len(), $antall);
            assert!(koder.is_sorted_by(|a, b| a < b), "sorted, no code twice");
            let i_filen: HashSet<&str> =
                csv.lines().skip(1).filter_map(|linje| linje.split(';').next()).collect();
            assert_eq!(koder.iter().copied().collect::<HashSet<_>>(), i_filen);
            for rad in fr::$modul::alle() {
                assert!(std::ptr::eq(fr::$modul::finn(rad.kode).unwrap(), rad), "{}", rad.kode);
            }
            assert_eq!(fr::$modul::finn("ukjentKode"), None);
        })*
    };
}

sjekk_lister! {
    adressegradering 4 "kode;beskrivelse;belegg";
    adressetype_preferert 4 "kode;beskrivelse;belegg";
    bibehold 3 "kode;beskrivelse;belegg";
    bruksenhetstype 5 "kode;beskrivelse;belegg";
    embete 28 "kode;beskrivelse;belegg";
    entitetsendring 4 "kode;beskrivelse;belegg";
    familierelasjonstype 7 "kode;beskrivelse;belegg";
    foreldreansvarstype 6 "kode;beskrivelse;belegg";
    hendelsetyper 47 "kode;beskrivelse;gruppe;hendelsesdokument;persondokument;pakker;aapen;belegg";
    identifikasjonsdokumenttype 18 "kode;beskrivelse;belegg";
    identifikasjonsnummertype 4 "kode;beskrivelse;belegg";
    identifikatorstatus 2 "kode;beskrivelse;belegg";
    identifikatortype 2 "kode;beskrivelse;belegg";
    identitetsgrunnlagstatus 4 "kode;beskrivelse;belegg";
    kjoenn 2 "kode;beskrivelse;belegg";
    landkoder_spesial 3 "kode;alfa2;beskrivelse;belegg";
    opphold_annet_sted 4 "kode;beskrivelse;belegg";
    oppholdstillatelsetype 3 "kode;beskrivelse;belegg";
    oppholdsvarighet_svalbard 4 "kode;beskrivelse;belegg";
    personstatus 10 "kode;beskrivelse;taushetsbelagt;vises_som;gjelder;belegg";
    personstatustyper_uttrekk 5 "kode;beskrivelse;belegg";
    rettighetspakker 10 "kode;kortnavn;navn;scope;scope_segmentansvarlig;belegg";
    sametingets_valgmanntall 3 "kode;beskrivelse;belegg";
    samisk_spraak 3 "kode;beskrivelse;belegg";
    sivilstand 10 "kode;beskrivelse;belegg";
    sivilstand_myndighet 14 "kode;beskrivelse;belegg";
    skifteform 2 "kode;beskrivelse;belegg";
    vergemaalsomfang 4 "kode;beskrivelse;belegg";
    vergemaaltype 8 "kode;beskrivelse;belegg";
    vergetjenester 50 "kode;omraade;beskrivelse;utgaatt;belegg";
}

#[test]
fn confidential_statuses_are_shown_as_aktiv_and_the_others_as_they_are() {
    for status in fr::personstatus::alle() {
        let ventet = if status.taushetsbelagt { "aktiv" } else { status.kode };
        assert_eq!(status.vises_som, ventet, "{}", status.kode);
    }
    assert_eq!(fr::personstatus::alle().iter().filter(|status| status.taushetsbelagt).count(), 4);
    for type_ in fr::personstatustyper_uttrekk::alle() {
        assert!(fr::personstatus::finn(type_.kode).is_some(), "{}", type_.kode);
    }
}

#[test]
fn events_name_packages_that_exist() {
    let kortnavn: HashSet<&str> = fr::rettighetspakker::alle().iter().map(|rad| rad.kortnavn).collect();
    assert_eq!(kortnavn.len(), fr::rettighetspakker::alle().len());
    for type_ in fr::hendelsetyper::alle() {
        let pakker = type_.pakker.split(' ').filter(|pakke| !pakke.is_empty());
        for pakke in pakker {
            assert!(kortnavn.contains(pakke), "{}: {pakke}", type_.kode);
        }
    }
}

#[test]
fn a_service_of_a_guardian_has_a_task() {
    let pensjon = fr::vergetjenester::finn("nav/pensjon").unwrap();
    assert_eq!((pensjon.virksomhet(), pensjon.oppgave(), pensjon.utgaatt), ("nav", "pensjon", false));
    assert_eq!(fr::vergetjenester::alle().iter().filter(|rad| rad.utgaatt).count(), 8);
    assert!(
        fr::vergetjenester::alle()
            .iter()
            .all(|rad| !rad.virksomhet().is_empty() && !rad.oppgave().is_empty())
    );
}

#[test]
fn the_special_countries_are_those_of_the_other_list_and_the_unknown_one() {
    for land in fr::landkoder_spesial::alle() {
        let kjent = landkoder::alle().iter().any(|rad| rad.alfa3 == land.kode);
        assert_eq!(kjent, land.kode != "XUK", "{}", land.kode);
    }
    assert_eq!(fr::landkoder_spesial::finn("XUK").unwrap().alfa2, Some("YY"));
}
