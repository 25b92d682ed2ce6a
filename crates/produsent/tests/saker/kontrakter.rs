//! The contracts, and the sheet's own samples where the sheet is at hand.

use std::path::Path;

use produsent::ressurs::RESSURSER;
use produsent::xml;

/// Where the fact sheets are, if they are here at all.
const ARK: &str = "../../../shared/reference/folkeregisteret-produsent.md";

#[test]
fn every_contract_is_read_and_has_a_schema() {
    for ressurs in RESSURSER {
        let kontrakt = ressurs.kontrakt().expect(ressurs.navn);
        assert!(kontrakt.navnerom.starts_with("folkeregisteret:"), "{}", ressurs.navn);
        let xsd = kontrakt.xsd();
        assert!(xsd.contains(&format!("<xsd:element name=\"{}\">", kontrakt.rot.navn)), "{}", ressurs.navn);
    }
}

#[test]
fn every_resource_has_an_example_that_its_contract_takes() {
    for ressurs in RESSURSER {
        let kontrakt = ressurs.kontrakt().expect(ressurs.navn);
        let rot = xml::les(ressurs.eksempel.as_bytes()).expect(ressurs.navn);
        let svar = kontrakt.valider(&rot);
        assert!(svar.is_ok(), "{}: {:?}", ressurs.navn, svar.err());
        // And not just anything: without its last element it is another message.
        let slutt = format!("  </forespoersel>\n</{}>", kontrakt.rot.navn);
        let uten = ressurs.eksempel.trim_end().strip_suffix(slutt.as_str()).expect("how it ends");
        let feil = format!("{uten}    <ukjent/>\n{slutt}");
        assert!(kontrakt.valider(&xml::les(feil.as_bytes()).expect("XML")).is_err(), "{}", ressurs.navn);
    }
}

#[test]
fn attributes_stand_only_where_anything_may() {
    let finn = |navn: &str| RESSURSER.iter().find(|ressurs| ressurs.navn == navn).expect(navn);
    let tatt = |navn: &str, fra: &str, til: &str| {
        let ressurs = finn(navn);
        assert!(ressurs.eksempel.contains(fra), "{navn}: {fra}");
        let melding = ressurs.eksempel.replacen(fra, til, 1);
        let rot = xml::les(melding.as_bytes()).expect("XML");
        ressurs.kontrakt().expect(navn).valider(&rot).is_ok()
    };
    let xsi = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"";
    let streng = format!("{xsi} xsi:type=\"xs:string\" xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"");
    let slutt = "  </forespoersel>\n";
    let med = |attributter: &str| {
        format!("<innsender><innsendertype {attributter}>nav</innsendertype></innsender>{slutt}")
    };
    // What Java's marshaller writes of an element that has no type.
    assert!(tatt("fnr_endring_v1", slutt, &med(&streng)));
    assert!(!tatt("fnr_endring_v1", slutt, &med(&format!("{xsi} xsi:nil=\"false\""))));
    assert!(!tatt("farskap_v1", "<innsendertype>", &format!("<innsendertype {streng}>")));
    assert!(!tatt("farskap_v1", "<innsendertype>", "<innsendertype id=\"1\">"));
    let signatur =
        "<d:Signature xmlns:d=\"http://www.w3.org/2000/09/xmldsig#\" Id=\"1\"><x y=\"z\"/></d:Signature>";
    assert!(tatt("fnr_endring_v1", slutt, &format!("{signatur}{slutt}")));
    assert!(!tatt("farskap_v1", slutt, &format!("{signatur}{slutt}")));
}

#[test]
fn the_sheets_samples_are_valid() {
    let Ok(tekst) = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(ARK)) else {
        eprintln!("skipped: the fact sheet is not here");
        return;
    };
    let mut funnet = 0;
    for proeve in tekst.split("```xml\n").skip(1).filter_map(|rest| rest.split("```").next()) {
        let Ok(rot) = xml::les(proeve.as_bytes()) else { continue };
        let mut kontrakter = RESSURSER.iter().map(|ressurs| ressurs.kontrakt().expect(ressurs.navn));
        let Some(kontrakt) = kontrakter.find(|k| k.navnerom == rot.navnerom) else { continue };
        let svar = kontrakt.valider(&rot);
        assert!(svar.is_ok(), "{}: {:?}", rot.navn, svar.err());
        funnet += 1;
    }
    assert!(funnet >= 15, "only {funnet} samples");
}
