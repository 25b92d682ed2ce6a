//! The rules of the two searches, one by one (consumer sheet, section 9).

use folkeregisteret::Rettighetspakke;
use folkeregisteret::rettighetspakke::Tjeneste;
use folkeregisteret::sporring::{Entydigsoek, Soek, Soekefeil};

use Rettighetspakke::{Eid, Finans, OffentligMedHjemmel};

fn feil(parametre: &[(&str, &str)]) -> String {
    Soek::les(parametre.iter().copied()).err().unwrap().to_string()
}

fn entydig(pakke: Rettighetspakke, parametre: &[(&str, &str)]) -> Result<Entydigsoek, Soekefeil> {
    Entydigsoek::les(parametre.iter().copied(), pakke)
}

#[test]
fn parameters_that_cannot_be_used_are_refused_with_a_reason() {
    for (navn, verdi, riktig) in [
        ("navn", "- -", "må inneholde fra ett til tjue ord."),
        ("kjoenn", "K", "må være mann eller kvinne."),
        ("foedselsdato", "1965-05-15", "må være en dato på formen ÅÅÅÅMMDD."),
        ("foedselsaarFraOgMed", "65", "må være et årstall med fire siffer."),
        ("adressenavn", "St", "må ha minst tre bokstaver."),
        ("husnummer", "tolv", "må være et husnummer med eller uten bokstav."),
        ("postnummer", "155", "må ha fire siffer."),
        ("kommunenummer", "oslo", "må ha fire siffer."),
        ("fylkesnummer", "3", "må ha to siffer."),
        ("inkluderDoede", "ja", "må være true eller false."),
        ("opplysningsgrunnlag", "alt", "må være gjeldende eller historisk."),
        ("maksTreff", "0", "må være et tall fra 1 til 10000."),
        ("maksTreff", "10001", "må være et tall fra 1 til 10000."),
    ] {
        assert_eq!(feil(&[(navn, verdi)]), format!("{navn} {riktig}"));
        assert!(Soek::les([(navn, "")]).is_ok(), "an empty {navn} is not given");
    }
    assert_eq!(feil(&[("navn", "a"), ("Navn", "b")]), "navn kan bare oppgis én gang.");
    assert_eq!(
        feil(&[("foedselsaarFraOgMed", "1990"), ("foedselsaarTilOgMed", "1989")]),
        "foedselsaarFraOgMed kan ikke være etter foedselsaarTilOgMed."
    );
    assert!(Soek::les([("ukjent", "x"), ("ukjent", "y"), ("opplysningsgrunnlag", "begge")]).is_ok());
}

#[test]
fn a_right_to_a_hit_needs_the_right_facts() {
    let navn = ("navn", "Anne Hansen");
    let dato = ("foedselsdato", "19650515");
    let land = ("utenlandskpersonidentifikasjon", "AFG-1458-4555");
    let pass = ("legitimasjonsdokument", "afg-1");
    let duf = ("utlendingsmyndighetenesidentifikasjonsnummer", "201900000001");
    for pakke in Rettighetspakke::ALLE.into_iter().filter(|pakke| pakke.har(Tjeneste::Entydigsoek)) {
        for annet in
            [dato, ("identifikasjonsnummer", "15856543134"), ("adressenavn", "Sto"), ("postnummer", "0155")]
        {
            assert!(entydig(pakke, &[navn, annet]).is_ok(), "{pakke:?} {annet:?}");
            let alene = entydig(pakke, &[annet]);
            assert!(matches!(alene, Err(Soekefeil::IkkeRettTilTreff)), "{pakke:?} {annet:?}");
        }
        assert!(matches!(entydig(pakke, &[navn]), Err(Soekefeil::IkkeRettTilTreff)));
        assert!(matches!(entydig(pakke, &[]), Err(Soekefeil::IkkeRettTilTreff)));
        let med_hjemmel = pakke == OffentligMedHjemmel;
        for fremmed in [land, pass] {
            assert_eq!(entydig(pakke, &[navn, fremmed]).is_ok(), med_hjemmel || pakke == Eid);
            assert_eq!(entydig(pakke, &[dato, fremmed]).is_ok(), med_hjemmel);
            assert_eq!(entydig(pakke, &[navn, dato, fremmed]).is_ok(), med_hjemmel || pakke == Eid);
        }
        assert_eq!(entydig(pakke, &[navn, duf]).is_ok(), med_hjemmel);
        assert_eq!(entydig(pakke, &[navn, dato, duf]).is_ok(), med_hjemmel, "nor to narrow what has a right");
    }
}

#[test]
fn a_unique_search_says_what_is_wrong() {
    let navn = ("navn", "Anne Hansen");
    for (parametre, riktig) in [
        (
            [("navn", "Anne-Lise"), ("foedselsdato", "19650515")],
            "navn må inneholde både fornavn og etternavn.",
        ),
        ([navn, ("husnummer", "12")], "husnummer må oppgis sammen med adressenavn."),
        ([navn, ("identifikasjonsnummer", "1585654313")], "identifikasjonsnummer må ha elleve siffer."),
        (
            [navn, ("utenlandskpersonidentifikasjon", "1458")],
            "UtenlandskPersonidentifikasjon er ikke på gyldig format",
        ),
        ([navn, ("legitimasjonsdokument", "AF-1458")], "Legitimasjonsdokument er ikke på gyldig format"),
        ([navn, ("legitimasjonsdokument", "AFG-")], "Legitimasjonsdokument er ikke på gyldig format"),
    ] {
        let feil = entydig(OffentligMedHjemmel, &parametre).err().unwrap();
        assert_eq!(feil.to_string(), riktig);
    }
    let feil = entydig(Finans, &[navn, ("legitimasjonsdokument", "AFG-1")]).err().unwrap();
    assert_eq!(feil.to_string(), "legitimasjonsdokument kan ikke søkes på i denne rettighetspakken.");
    assert_eq!(Soekefeil::IkkeEntydig.to_string(), "Ukjent person, eller ikke entydig treff");
}
