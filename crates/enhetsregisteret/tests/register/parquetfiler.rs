//! Parquet downloads, read back.

use std::sync::Arc;

use bytes::Bytes;
use enhetsregisteret::lastned::parquet::SEKVENSNUMMER;
use enhetsregisteret::lastned::{Fil, Nedlastinger, Utgave};
use enhetsregisteret::modell::Enhetstype::{Enhet, Underenhet};
use journal::Seq;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, Row};
use serde_json::json;
use tid::Clock;

use crate::prove::*;

async fn les(prove: &Prove, hva: &str) -> (Vec<Row>, String) {
    let svar = prove.be("GET", &format!("{UTVIDET}/lastned/parquet/{hva}"), &[]).await;
    assert_eq!((svar.status, svar.hode("content-type")), (200, "application/vnd.apache.parquet"));
    assert_eq!(svar.hode("content-disposition"), format!("attachment; filename=\"{hva}_alle.parquet\""));
    let fil = SerializedFileReader::new(Bytes::from(svar.kropp)).unwrap();
    let om = fil.metadata().file_metadata().key_value_metadata().unwrap();
    let seq = om.iter().find(|om| om.key == SEKVENSNUMMER).and_then(|om| om.value.clone()).unwrap();
    (fil.get_row_iter(None).unwrap().map(Result::unwrap).collect(), seq)
}

fn felt<'a>(rad: &'a Row, navn: &str) -> &'a Field {
    rad.get_column_iter().find(|(kolonne, _)| *kolonne == navn).map(|(_, felt)| felt).unwrap()
}

fn tekster(felt: &Field) -> Vec<String> {
    let Field::ListInternal(liste) = felt else { panic!("{felt:?} is not a list") };
    liste
        .elements()
        .iter()
        .map(|e| if let Field::Str(tekst) = e { tekst.clone() } else { panic!() })
        .collect()
}

#[tokio::test]
async fn units_keep_their_types() {
    let prove = Prove::fylt().await;
    let (rader, seq) = les(&prove, "enheter").await;
    assert_eq!(seq, prove.register.journal().head().await.unwrap().to_string());
    assert_eq!(rader.len(), prove.hent("/enheter/lastned").await.liste().len());
    let stor = &rader[0];
    assert_eq!(felt(stor, "organisasjonsnummer"), &Field::Str("310100005".into()));
    assert_eq!(felt(stor, "antallAnsatte"), &Field::Long(12));
    assert_eq!(felt(stor, "kapital.antallAksjer"), &Field::Long(5_000_000_000));
    assert_eq!(felt(stor, "kapital.belop"), &Field::Double(30000.50));
    assert_eq!(felt(stor, "konkurs"), &Field::Bool(false));
    let dager = tid::Date::parse("1814-05-17").unwrap().days_since_epoch();
    assert_eq!(felt(stor, "stiftelsesdato"), &Field::Date(dager), "before 1970");
    assert_eq!(
        tekster(felt(stor, "forretningsadresse.adresse")),
        ["c/o Kai \"Kaia\" Eksempel", "Verkstedgata 4"]
    );
    assert!(tekster(felt(stor, "paategninger"))[0].contains("\"tekst\":\"Feil navn\""));
    let liten = &rader[1];
    assert_eq!(felt(liten, "antallAnsatte"), &Field::Null, "withheld, as in the JSON download");
    assert_eq!(felt(liten, "harRegistrertAntallAnsatte"), &Field::Bool(true));
    assert_eq!(felt(liten, "forretningsadresse.adresse"), &Field::Null);
    let (rader, _) = les(&prove, "underenheter").await;
    assert_eq!(felt(&rader[0], "overordnetEnhet"), &Field::Str("310100005".into()));
    assert_eq!(rader.len(), 1);
}

#[tokio::test]
async fn one_row_for_each_role() {
    let prove = Prove::fylt().await;
    let ventet: usize = prove.hent("/roller/totalbestand").await.liste()[0]["rollegrupper"]
        .as_array()
        .unwrap()
        .iter()
        .map(|gruppe| gruppe["roller"].as_array().unwrap().len())
        .sum();
    let (rader, _) = les(&prove, "roller").await;
    assert!(ventet > 1);
    assert_eq!(rader.len(), ventet, "a deleted unit's roles are not told");
    for rad in &rader {
        assert_eq!(felt(rad, "organisasjonsnummer"), &Field::Str("310100005".into()));
        let person = felt(rad, "person.etternavn") != &Field::Null;
        let enhet = felt(rad, "enhet.organisasjonsnummer") != &Field::Null;
        assert!(person != enhet, "exactly one holder");
    }
}

#[tokio::test]
async fn a_file_is_exact_for_the_number_asked_for() {
    let prove = Prove::fylt().await;
    let foer = prove.register.journal().head().await.unwrap();
    prove.skriv(vec![enhet("310100099", "NY AS", json!({}))]).await;
    let mappe = tempfile::tempdir().unwrap();
    let journal = prove.register.journal().clone();
    let filer =
        Nedlastinger::new(journal, prove.klokke.clone(), mappe.path(), prove.register.oppsett()).unwrap();
    let antall = async |fil, seq: Seq, navn: &str| {
        let sti = mappe.path().join(navn);
        let utgave = Utgave { sekvensnummer: seq, laget: prove.klokke.now() };
        filer.lag(fil, utgave, sti.clone(), Arc::new(|_| ())).await.unwrap();
        let fil = SerializedFileReader::new(std::fs::File::open(sti).unwrap()).unwrap();
        fil.metadata().file_metadata().num_rows()
    };
    assert_eq!(antall(Fil::Parquet(Enhet), foer, "for").await, 2);
    assert_eq!(antall(Fil::Parquet(Enhet), Seq(foer.0 + 1), "etter").await, 3);
    assert_eq!(antall(Fil::Parquet(Underenhet), foer, "under").await, 1);
    let rester = std::fs::read_dir(mappe.path()).unwrap().count();
    assert_eq!(rester, 3, "nothing half-made is left behind");
}

/// More rows than a row group, in several types: what is read back is what was written.
#[test]
fn row_groups_fill_and_empty() {
    use enhetsregisteret::lastned::parquet::{Celle, Tabell};
    use enhetsregisteret::lastned::slag::Slag;
    let kolonner = [("tall", Slag::Tall), ("tekst", Slag::Tekst), ("liste", Slag::Liste)];
    let mut tabell = Tabell::new(Vec::new(), "t", &kolonner, Seq(7)).unwrap();
    let antall = 250_001_i64;
    for i in 0..antall {
        let tekst = format!("rad {i}");
        let liste: Vec<String> = (0..i % 4).map(|j| format!("{i}.{j}")).collect();
        tabell.celle(0, if i % 3 == 0 { Celle::Mangler } else { Celle::Tall(i) });
        tabell.celle(1, Celle::Tekst(&tekst));
        tabell.celle(2, if i % 5 == 0 { Celle::Mangler } else { Celle::Liste(&liste) });
        tabell.ferdig_rad().unwrap();
    }
    let fil = SerializedFileReader::new(Bytes::from(tabell.ferdig().unwrap())).unwrap();
    assert_eq!((fil.num_row_groups(), fil.metadata().file_metadata().num_rows()), (3, antall));
    for (i, rad) in (0..).zip(fil.get_row_iter(None).unwrap()) {
        let rad = rad.unwrap();
        let celler: Vec<&Field> = rad.get_column_iter().map(|(_, felt)| felt).collect();
        assert_eq!(celler[0], &if i % 3 == 0 { Field::Null } else { Field::Long(i) });
        assert_eq!(celler[1], &Field::Str(format!("rad {i}")));
        if i % 5 == 0 {
            assert_eq!(celler[2], &Field::Null);
        } else {
            let ventet: Vec<String> = (0..i % 4).map(|j| format!("{i}.{j}")).collect();
            assert_eq!(tekster(celler[2]), ventet);
        }
    }
}
