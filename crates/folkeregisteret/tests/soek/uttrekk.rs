//! Extracts: their criteria, and who is taken out.

use folkeregisteret::Rettighetspakke;
use folkeregisteret::modell::{Persondokument, Personstatus};
use folkeregisteret::sporring::Uttrekkskriterier;
use serde_json::{Value, json};

use crate::fasit::{adresser, naa, opphold};
use crate::folk::{DATOER, FOLK, KOMMUNER, LAND, SIVILSTANDER, Terning};
use crate::spoersmaal::MED_LISTE;

fn gruppe(status: Personstatus) -> &'static str {
    use Personstatus::{Foedselsregistrert, Forsvunnet, IkkeBosatt, Midlertidig};
    match status {
        Midlertidig | IkkeBosatt | Forsvunnet | Foedselsregistrert => "aktiv",
        annen => annen.kode(),
    }
}

/// Whether the extract has the person. The true status is omh's to see; that somebody is `aktiv`, everybody's.
fn tas_ut(k: &Value, sett: &Persondokument) -> bool {
    let tekst = |navn: &str| k[navn].as_str();
    let spenn = |navn: &str, aar: Option<u16>| {
        let grense = |ende: &str| tekst(&format!("{navn}{ende}")).map(|a| a.parse::<u16>().unwrap());
        let (fra, til) = (grense("FraOgMed"), grense("TilOgMed"));
        fra.is_none_or(|fra| aar.is_some_and(|aar| fra <= aar))
            && til.is_none_or(|til| aar.is_some_and(|aar| aar <= til))
    };
    let kommune = |adresser: Vec<crate::fasit::Adresse>, spurt: &Value| {
        spurt.as_str().is_none_or(|spurt| adresser.iter().any(|a| a.kommune.as_deref() == Some(spurt)))
    };
    let statuser = k["personstatustyper"].as_array().unwrap();
    sett.status.iter().any(|s| naa(s.meta.er_gjeldende) && statuser.contains(&json!(gruppe(s.status))))
        && spenn("foedselsaar", sett.foedsel.first().map(|f| f.foedselsaar.aar()))
        && spenn(
            "doedsaar",
            sett.doedsfall.as_ref().and_then(|d| d.doedsdato).map(|d| d.year().unsigned_abs()),
        )
        && tekst("kjoenn")
            .is_none_or(|k| sett.kjoenn.iter().any(|v| naa(v.meta.er_gjeldende) && v.kjoenn.kode() == k))
        && tekst("statsborgerskap").is_none_or(|l| {
            sett.statsborgerskap.iter().any(|v| naa(v.meta.er_gjeldende) && v.statsborgerskap.as_str() == l)
        })
        && tekst("sivilstandstype").is_none_or(|s| {
            sett.sivilstand.iter().any(|v| naa(v.meta.er_gjeldende) && v.sivilstand.kode() == s)
        })
        && kommune(adresser(sett, false, false), &k["kommunenummer"]["bostedskommunenummer"])
        && kommune(opphold(sett, false), &k["kommunenummer"]["oppholdskommunenummer"])
}

fn kriterier(t: &mut Terning) -> Value {
    const STATUSER: [&str; 5] = ["aktiv", "bosatt", "utflyttet", "doed", "inaktiv"];
    let mut ut = json!({ "personstatustyper": [t.velg(&STATUSER), t.velg(&STATUSER), t.velg(&STATUSER)] });
    if t.en_av(2) {
        let hvor = t.velg(&["bostedskommunenummer", "oppholdskommunenummer"]);
        ut["kommunenummer"] = json!({ hvor: t.velg(KOMMUNER) });
    }
    for (navn, verdier) in [
        ("foedselsaarFraOgMed", DATOER),
        ("doedsaarTilOgMed", DATOER),
        ("kjoenn", &["mann", "kvinne"][..]),
        ("statsborgerskap", LAND),
        ("sivilstandstype", SIVILSTANDER),
    ] {
        if t.en_av(5) {
            let verdi = t.velg(verdier);
            ut[navn] = if navn.contains("aar") { verdi[..4].into() } else { verdi.into() };
        }
    }
    ut
}

#[test]
fn an_extract_is_what_brute_force_takes_out() {
    let mut t = Terning(4);
    let mut antall = 0;
    for _ in 0..80 {
        let k = kriterier(&mut t);
        for pakke in MED_LISTE {
            let ventet = FOLK.sett(pakke).iter().filter(|(_, person)| tas_ut(&k, person));
            let ventet = FOLK.treff(ventet.map(|(id, _)| *id));
            assert_eq!(FOLK.uttrekk(pakke, &k.to_string()), ventet, "{pakke:?} {k}");
            let lest = Uttrekkskriterier::les(k.to_string().as_bytes()).unwrap();
            let lagret = serde_json::to_vec(&lest).unwrap();
            assert!(serde_json::from_slice::<Uttrekkskriterier>(&lagret).unwrap() == lest, "{k}");
            antall += ventet.len();
        }
    }
    assert!(antall > 1000, "{antall}");
}

#[test]
fn flat_municipalities_mean_the_same() {
    let inni = json!({"personstatustyper": ["bosatt"], "kommunenummer": {"bostedskommunenummer": "0301"}});
    let flat = json!({"personstatustyper": ["bosatt"], "bostedskommunenummer": "0301"});
    let omh = Rettighetspakke::OffentligMedHjemmel;
    let funnet = FOLK.uttrekk(omh, &inni.to_string());
    assert!(!funnet.is_empty());
    assert_eq!(FOLK.uttrekk(omh, &flat.to_string()), funnet);
}

#[test]
fn criteria_that_cannot_be_used_are_refused_with_a_reason() {
    let med = |felt: &str, verdi: Value| {
        let mut k = json!({"personstatustyper": ["bosatt"]});
        k[felt] = verdi;
        k.to_string()
    };
    let begge = json!({"bostedskommunenummer": "0301", "oppholdskommunenummer": "0301"});
    for (kropp, feil) in [
        ("[]".to_owned(), "Innholdet må være et JSON-objekt."),
        ("{}".to_owned(), "personstatustyper må være en liste med minst én av"),
        (json!({"personstatustyper": []}).to_string(), "personstatustyper må være"),
        (json!({"personstatustyper": ["opphoert"]}).to_string(), "personstatustyper må være"),
        (med("kommunenummer", "0301".into()), "kommunenummer må ha bostedskommunenummer eller"),
        (med("kommunenummer", begge), "kan ikke kombineres"),
        (med("oppholdskommunenummer", "301".into()), "oppholdskommunenummer må ha fire siffer."),
        (med("foedselsaarFraOgMed", 1990.into()), "foedselsaarFraOgMed må være et årstall"),
        (med("doedsaarTilOgMed", "90".into()), "doedsaarTilOgMed må være et årstall"),
        (med("kjoenn", "k".into()), "kjoenn må være kvinne eller mann."),
        (med("statsborgerskap", "NO".into()), "statsborgerskap må være en landkode"),
        (med("sivilstandstype", "enslig".into()), "sivilstandstype er ikke en kjent sivilstand."),
        (med("bosted", "0301".into()), "Gyldige kriterier er personstatustyper, "),
    ] {
        let melding = Uttrekkskriterier::les(kropp.as_bytes()).err().unwrap().to_string();
        assert!(melding.contains(feil), "{kropp}: {melding}");
    }
    let omvendt =
        json!({"personstatustyper": ["doed"], "doedsaarFraOgMed": "2021", "doedsaarTilOgMed": "2020"});
    assert!(Uttrekkskriterier::les(omvendt.to_string().as_bytes()).is_err());
    assert!(Uttrekkskriterier::les(med("kjoenn", Value::Null).as_bytes()).is_ok());
}
