//! Every rule of immigration (producer sheet, section 6.8).

use folkeregisteret::modell::{Bosted, ElleveSifre, Persondokument, Relatert};
use produsent::sak::{gjeldende, gjeldende_alle};
use serde_json::{Value, json};

use crate::meldinger::{NY, barn, e, farskap, foedsel, innflytting, person};
use crate::prove::{DNUMMER, GAMMEL, KVINNE, MANN, Prove, gift_med};
use crate::regler::{nytt_nummer, om, stand, status, utfall};
use crate::regler_deler::{bytt, fra, har_status, land, med_dnummer, rader, samlet, vei_i_kommune};

const RESSURS: &str = "innflytting_v1";
const TIL: &str = "2027-10-01";
const UGIFT: &str = "<sivilstand>ugift</sivilstand>";
const GIFT: &str = "<sivilstand>gift</sivilstand>";

/// Somebody whom the register does not know.
fn ukjent(ident: &str) -> String {
    let bytter = [("VAKKER", "MODIG"), ("1985-03-07", "1983-01-09")];
    bytt(&innflytting(ident, None, TIL), &bytter)
}

/// A relative, put into a message.
fn med_slekt(xml: &str, slekt: &str) -> String {
    bytt(xml, &[("<opphold>", &(e("familierelasjon", slekt) + "<opphold>"))])
}

fn ektefelle(nr: &str, paastand: bool) -> String {
    person(nr)
        + &e("relatertPersonsRolle", "ektefelleEllerPartner")
        + &e("navn", &(e("fornavn", "KLOK") + &e("etternavn", "UGLE")))
        + &e("vigselsdato", "2015-06-20")
        + &e("erPaastandsbasert", &paastand.to_string())
}

fn relaterte(dok: &Persondokument) -> Vec<String> {
    let vis = |relatert: &Relatert| match relatert {
        Relatert::RelatertPerson(nummer) => nummer.vis().to_string(),
        Relatert::RelatertPersonUtenFolkeregisteridentifikator(b) => b.navn.fornavn.to_string(),
    };
    gjeldende_alle(&dok.familierelasjon).map(|f| vis(&f.relatert)).collect()
}

fn gift_til(dok: &Persondokument) -> Option<String> {
    let andre = gjeldende(&dok.sivilstand)?.relatert_ved_sivilstand;
    andre.and_then(ElleveSifre::personidentifikator).map(|nummer| nummer.vis().to_string())
}

#[tokio::test]
async fn relatives_know_the_new_number_and_are_not_told() {
    let p = Prove::tom().await;
    let barnet = "01912499894";
    let ansvar =
        json!({ "foreldreansvar": [{ "erGjeldende": true, "ansvar": "mor", "ansvarssubjekt": barnet }] });
    p.person(DNUMMER, "1985-03-07", "kvinne", samlet(samlet(med_dnummer(), gift_med(MANN)), ansvar)).await;
    p.person(MANN, "1988-11-02", "mann", gift_med(DNUMMER)).await;
    let ansvarlig =
        json!({ "foreldreansvar": [{ "erGjeldende": true, "ansvar": "mor", "ansvarlig": DNUMMER }] });
    p.person(barnet, "2024-11-01", "kvinne", ansvarlig).await;
    let foer = p.ende().await;
    let svar = p.sak(RESSURS, &bytt(&innflytting("1", Some(DNUMMER), TIL), &[(UGIFT, GIFT)])).await;
    let nr = nytt_nummer(&svar);
    assert_eq!(
        p.hendelser(foer).await,
        [om(DNUMMER, &["endringIIdentifikasjonsnummer"]), om(&nr, &["personErBosatt"])].concat(),
    );
    let mann = p.dok(MANN).await;
    assert_eq!((relaterte(&mann), gift_til(&mann)), (vec![nr.clone()], Some(nr.clone())));
    let ansvarlig = p.dok(barnet).await.foreldreansvar[0].ansvarlig.expect("a person");
    assert_eq!(ansvarlig.vis().to_string(), nr);
    let dok = p.dok(&nr).await;
    assert_eq!((gift_til(&dok).as_deref(), rader(&dok.sivilstand)), (Some(MANN), (2, 1, 0)), "the row stays");
}

#[tokio::test]
async fn a_declared_father_is_found_under_the_mothers_new_number() {
    let p = Prove::med_folk().await;
    let ventes = e("erFoedt", "false") + &e("termindato", "2024-11-25");
    assert_eq!(utfall(&p.sak("farskap_v1", &farskap("1", &ventes, MANN, DNUMMER)).await), "registrert -");
    let nr = nytt_nummer(&p.sak(RESSURS, &innflytting("2", Some(DNUMMER), TIL)).await);
    let foedt = foedsel("3", &barn("2024-11-18", true, "mann"), false, &person(&nr), NY);
    let dok = p.dok(&nytt_nummer(&p.sak("foedsel_v1", &foedt).await)).await;
    assert!(relaterte(&dok).contains(&MANN.to_owned()));
}

#[tokio::test]
async fn a_number_is_given_only_to_who_has_none_or_a_d_number() {
    let p = Prove::med_folk().await;
    let foer = p.ende().await;
    let svar = p.sak(RESSURS, &ukjent("1")).await;
    assert_eq!(utfall(&svar), "registrert -", "{svar}");
    let nr = nytt_nummer(&svar);
    assert!(nr.starts_with("098183"), "{nr}");
    assert_eq!(p.hendelser(foer).await, om(&nr, &["personErOpprettet", "personErBosatt"]));
    let dok = p.dok(&nr).await;
    assert_eq!((status(&dok), land(&dok)), ("bosatt", vec!["SYR".to_owned()]));
    assert_eq!(fra(&dok.opphold[0]), "2024-10-01");

    let p = Prove::tom().await;
    p.person(KVINNE, "1985-03-07", "kvinne", har_status("utflyttet")).await;
    let foer = p.ende().await;
    let svar = p.sak(RESSURS, &innflytting("1", Some(KVINNE), TIL)).await;
    assert!(svar["saksbeslutning"].get("opprettetFolkeregisterperson").is_none());
    assert_eq!(p.hendelser(foer).await, om(KVINNE, &["personErBosatt"]));
    let dok = p.dok(KVINNE).await;
    assert_eq!((dok.identifikasjonsnummer.len(), land(&dok)), (1, vec!["SYR".to_owned()]));
}

#[tokio::test]
async fn who_may_come_and_when() {
    for (annet, bytter, ventet) in [
        (har_status("bosatt"), vec![], "avvist alleredeRegistrert"),
        (har_status("doed"), vec![], "avvist ugyldigPersonstatus"),
        (har_status("forsvunnet"), vec![], "avvist ugyldigPersonstatus"),
        (har_status("opphoert"), vec![], "avvist identifikatorErIkkeGjeldende"),
        (har_status("foedselsregistrert"), vec![], "registrert -"),
        (har_status("ikkeBosatt"), vec![], "registrert -"),
        (har_status("utflyttet"), vec![("VAKKER", "MODIG")], "manuell motstridendeOpplysninger"),
        (har_status("utflyttet"), vec![("1985-03-07", "1985-03-08")], "manuell motstridendeOpplysninger"),
        (har_status("utflyttet"), vec![("2024-10-01", "2024-11-21")], "avvist fremtidigDato"),
        (har_status("utflyttet"), vec![("1985-03-07", "2024-11-21")], "avvist fremtidigDato"),
        (har_status("utflyttet"), vec![("2024-10-01", "1985-03-06")], "avvist datoFoerFoedsel"),
        (har_status("utflyttet"), vec![(TIL, "2025-03-31")], "avslaatt oppholdForKort"),
        (har_status("utflyttet"), vec![(TIL, "2025-04-01")], "registrert -"),
        (
            har_status("utflyttet"),
            vec![("kontrollert<", "ikkeKontrollert<")],
            "manuell kreverManuellVurdering",
        ),
        (har_status("utflyttet"), vec![("kvinne<", "ukjent<")], "manuell mangelfulleOpplysninger"),
    ] {
        let p = Prove::tom().await;
        p.person(KVINNE, "1985-03-07", "kvinne", annet.clone()).await;
        let svar = p.sak(RESSURS, &bytt(&innflytting("1", Some(KVINNE), TIL), &bytter)).await;
        assert_eq!(utfall(&svar), ventet, "{annet} {bytter:?}");
    }
}

#[tokio::test]
async fn spouses() {
    // Whether it is only claimed, how it is with the candidate, and what the row names.
    for (sivil, paastand, par, dato, fortalt) in [
        ("gift", false, Some(MANN), Some("2015-06-20"), true),
        ("separert", false, Some(MANN), None, true),
        ("gift", true, None, None, false),
        ("ugift", false, None, None, true),
    ] {
        let p = Prove::med_folk().await;
        let foer = p.ende().await;
        let xml = bytt(&ukjent("1"), &[(UGIFT, &e("sivilstand", sivil))]);
        let svar = p.sak(RESSURS, &med_slekt(&xml, &ektefelle(MANN, paastand))).await;
        assert_eq!(utfall(&svar), "registrert -", "{svar}");
        let dok = p.dok(&nytt_nummer(&svar)).await;
        assert_eq!((stand(&dok), gift_til(&dok).as_deref()), (sivil, par));
        assert_eq!(dok.sivilstand[0].sivilstandsdato.map(|d| d.to_string()).as_deref(), dato);
        assert_eq!(relaterte(&dok), [if paastand { "KLOK" } else { MANN }]);
        let om_mannen = p.hendelser(foer).await.contains(&om(MANN, &["endringIFamilierelasjon"])[0]);
        assert_eq!(om_mannen, fortalt, "{sivil} {paastand}");
    }
}

#[tokio::test]
async fn a_spouse_who_comes_back() {
    let tilbake = |annet: Value| async {
        let p = Prove::tom().await;
        p.person(KVINNE, "1985-03-07", "kvinne", samlet(annet, har_status("utflyttet"))).await;
        p.person(MANN, "1988-11-02", "mann", gift_med(KVINNE)).await;
        p.person(GAMMEL, "1941-02-20", "mann", json!({})).await;
        p
    };
    for (andre, venter, relasjoner) in [(MANN, (2, 1, 0), 1), (GAMMEL, (3, 1, 0), 2)] {
        let p = tilbake(gift_med(MANN)).await;
        let foer = p.ende().await;
        let xml = bytt(&innflytting("1", Some(KVINNE), TIL), &[(UGIFT, GIFT)]);
        p.sak(RESSURS, &med_slekt(&xml, &ektefelle(andre, false))).await;
        let dok = p.dok(KVINNE).await;
        assert_eq!((rader(&dok.sivilstand), gift_til(&dok).as_deref()), (venter, Some(andre)));
        assert_eq!(relaterte(&dok).len(), relasjoner, "a relation that is there is not entered again");
        let om_andre = p.hendelser(foer).await.contains(&om(andre, &["endringIFamilierelasjon"])[0]);
        assert_eq!(om_andre, andre == GAMMEL);
    }
}

#[tokio::test]
async fn relatives_that_cannot_be() {
    let p = Prove::med_folk().await;
    let to = ektefelle(MANN, false) + "</familierelasjon><familierelasjon>" + &ektefelle(GAMMEL, false);
    for (xml, ventet) in [
        (med_slekt(&ukjent("1"), &to), "manuell motstridendeOpplysninger"),
        (med_slekt(&ukjent("2"), &ektefelle("01912499894", false)), "avvist identifikatorFinnesIkke"),
    ] {
        assert_eq!(utfall(&p.sak(RESSURS, &xml).await), ventet);
    }
    let seg_selv = med_slekt(&innflytting("3", Some(DNUMMER), TIL), &ektefelle(DNUMMER, false));
    assert!(utfall(&p.sak(RESSURS, &seg_selv).await).starts_with("avvist"));
}

#[tokio::test]
async fn homes() {
    let gaard = e(
        "matrikkelnummer",
        &(e("kommunenummer", "4601") + &e("gaardsnummer", "1") + &e("bruksnummer", "2")),
    );
    for (bosted, ventet, merknad) in [
        (e("vegadresse", &vei_i_kommune("Nyveien", "2")), "veg 0301", false),
        (e("vegadresse", &vei_i_kommune("Nyveien", "")), "ukjent 0301", true),
        (e("matrikkeladresse", &gaard), "gaard 4601", false),
        (e("ukjentBosted", &e("bostedskommune", "4601")), "ukjent 4601", false),
        (e("ukjentBosted", ""), "ukjent -", false),
    ] {
        let p = Prove::med_folk().await;
        let ukjent_i_oslo = e("ukjentBosted", &e("bostedskommune", "0301"));
        let svar = p.sak(RESSURS, &bytt(&ukjent("1"), &[(&ukjent_i_oslo, &bosted)])).await;
        let dok = p.dok(&nytt_nummer(&svar)).await;
        let hjem = match &dok.bostedsadresse[0].bosted {
            Bosted::Vegadresse(v) => format!("veg {}", v.kommunenummer),
            Bosted::Matrikkeladresse(g) => format!("gaard {}", g.matrikkelnummer.kommunenummer),
            Bosted::UkjentBosted(u) => {
                format!("ukjent {}", u.bostedskommune.map_or_else(|| "-".to_owned(), |k| k.to_string()))
            }
        };
        assert_eq!(hjem, ventet);
        assert_eq!(svar["saksbeslutning"].get("begrunnelse").is_some(), merknad, "{bosted}");
        assert_eq!(dok.bostedsadresse[0].flyttedato.expect("a date").to_string(), "2024-10-01");
    }
}

#[tokio::test]
async fn what_is_said_twice_is_entered_once() {
    let p = Prove::med_folk().await;
    let syrisk = e("statsborgerskap", "SYR");
    let type_ = e("identifikasjonsnummertype", "taxIdentificationNumber");
    let nummer = e("identifikasjonsnummer", "T1") + &type_ + &e("utstederland", "SYR");
    let pass = e("identifikasjonsdokumenttype", "pass") + &e("utstederland", "SYR");
    let papir = e("identifikasjon", &(e("personidentifikasjon", &nummer) + &e("dokumentgrunnlag", &pass)));
    let xml = bytt(
        &ukjent("1"),
        &[(&syrisk, &(syrisk.clone() + &syrisk)), ("</kandidat>", &format!("</kandidat>{papir}{papir}"))],
    );
    let dok = p.dok(&nytt_nummer(&p.sak(RESSURS, &xml).await)).await;
    let antall = (
        dok.statsborgerskap.len(),
        dok.utenlandsk_personidentifikasjon.len(),
        dok.legitimasjonsdokument.len(),
    );
    assert_eq!(antall, (1, 1, 1));
    let mange = papir.repeat(101);
    let xml = bytt(&ukjent("2"), &[("</kandidat>", &format!("</kandidat>{mange}")), ("MODIG", "KLOK")]);
    assert_eq!(utfall(&p.sak(RESSURS, &xml).await), "avvist ugyldigMelding");
}
