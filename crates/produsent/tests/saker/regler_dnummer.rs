//! Every rule of changes of persons with a D-number (producer sheet, section 6.11).

use folkeregisteret::modell::Persondokument;
use produsent::sak::{gjeldende, gjeldende_alle};
use serde_json::{Value, json};

use crate::meldinger::{dnummer_endring, e, rekvisisjon};
use crate::prove::{DNUMMER, Prove};
use crate::regler::{om, status, utfall};
use crate::regler_deler::{
    bytt, fra, har_duf, kjoenn, land, med_dnummer, navnet, rader, samlet, utland, vei_i_kommune,
};

const RESSURS: &str = "endring_av_dnummerperson_v3";

fn endring(ident: &str, hva: &str, verb: &str) -> String {
    bytt(&dnummer_endring(ident, DNUMMER, hva), &[("<endringstype>endre", &format!("<endringstype>{verb}"))])
}

fn opphold(vei: &str) -> String {
    let adresse = e("vegadresse", &vei_i_kommune(vei, "2")) + &e("erKlientadresse", "false");
    e("oppholdsadresse", &(adresse + &e("oppholdsadressedato", "2024-11-01")))
}

fn post(vei: &str) -> String {
    let adresse = vei_i_kommune(vei, "2").replace("<kommunenummer>0301</kommunenummer>", "");
    e("postadresse", &(e("vegadresse", &adresse) + &e("erKlientadresse", "true")))
}

fn post_ute(by: &str) -> String {
    e("postadresseIUtlandet", &(e("postadresse", &utland(by)) + &e("erKlientadresse", "false")))
}

fn borger(land: &[&str]) -> String {
    let en = |land: &&str| e("statsborgerskap", &e("statsborgerskap", land));
    e("statsborgerskapListe", &land.iter().map(en).collect::<String>())
}

fn tin(nummer: &str) -> String {
    let type_ = e("identifikasjonsnummertype", "taxIdentificationNumber");
    e(
        "utenlandskPersonidentifikasjon",
        &(e("identifikasjonsnummer", nummer) + &type_ + &e("utstederland", "SWE")),
    )
}

/// Who lived a while: with an address of each kind, and values before the current ones.
fn erfaren() -> Value {
    let vei = json!({ "kommunenummer": "0301", "adressenavn": "Gamleveien" });
    let foer = |verdi: Value, foer: Value| {
        let (mut verdi, mut foer) = (verdi, foer);
        verdi["erGjeldende"] = true.into();
        foer["erGjeldende"] = false.into();
        json!([verdi, foer])
    };
    json!({
        "status": foer(json!({ "status": "midlertidig" }), json!({ "status": "inaktiv" })),
        "navn": foer(json!({ "fornavn": "VAKKER", "etternavn": "BLOMST" }), json!({ "fornavn": "FIN", "etternavn": "BLOMST" })),
        "kjoenn": foer(json!({ "kjoenn": "kvinne" }), json!({ "kjoenn": "mann" })),
        "oppholdsadresse": foer(
            json!({ "adressegradering": "ugradert", "vegadresse": vei }),
            json!({ "adressegradering": "ugradert", "adressenErUkjent": true }),
        ),
        "postadresse": foer(json!({ "adressegradering": "ugradert" }), json!({ "adressegradering": "klientadresse" })),
        "postadresseIUtlandet": foer(json!({ "adressegradering": "ugradert" }), json!({ "adressegradering": "klientadresse" })),
        "utenlandskPersonidentifikasjon": [{ "erGjeldende": true, "identifikasjonsnummer": "T1",
            "identifikasjonsnummertype": "taxIdentificationNumber", "utstederland": "SWE" }],
        "bostedsadresse": [],
    })
}

/// How many entries there are, how many current, how many ended.
type Rader = (usize, usize, usize);

/// A property: how it is put, the event that tells of it, its entries, and those after `endre`, `korrigere`, `opphoere` and
/// `annullere`; none: refused.
type Egenskap = (String, &'static str, fn(&Persondokument) -> Rader, [Option<Rader>; 4]);

/// Each verb does with each property what it says: nothing else, and one event.
#[tokio::test]
async fn every_verb_of_every_property() {
    let alle: [Egenskap; 8] = [
        (
            navnet("FRISK", "BLOMST"),
            "endringINavn",
            |d| rader(&d.navn),
            [Some((3, 1, 0)), Some((2, 1, 0)), None, None],
        ),
        (
            navnet("VAKKER", "BLOMST"),
            "endringINavn",
            |d| rader(&d.navn),
            [None, Some((2, 1, 0)), None, Some((1, 1, 0))],
        ),
        (
            e("kjoenn", "mann"),
            "endringIKjoenn",
            |d| rader(&d.kjoenn),
            [Some((3, 1, 0)), Some((2, 1, 0)), None, None],
        ),
        (
            e("kjoenn", "kvinne"),
            "endringIKjoenn",
            |d| rader(&d.kjoenn),
            [None, Some((2, 1, 0)), Some((2, 0, 1)), Some((1, 1, 0))],
        ),
        (
            opphold("Nyveien"),
            "endringIOppholdsadresse",
            |d| rader(&d.oppholdsadresse),
            [Some((3, 1, 0)), Some((2, 1, 0)), Some((2, 0, 1)), Some((1, 1, 0))],
        ),
        (
            post("Nyveien"),
            "endringIKontaktinformasjon",
            |d| rader(&d.postadresse),
            [Some((3, 1, 0)), Some((2, 1, 0)), Some((2, 0, 1)), Some((1, 1, 0))],
        ),
        (
            post_ute("Lund"),
            "endringIKontaktinformasjon",
            |d| rader(&d.postadresse_i_utlandet),
            [Some((3, 1, 0)), Some((2, 1, 0)), Some((2, 0, 1)), Some((1, 1, 0))],
        ),
        (
            e("personstatus", "midlertidig"),
            "endringIStatus",
            |d| rader(&d.status),
            [None, None, None, Some((1, 1, 0))],
        ),
    ];
    for (hva, hendelse, egenskap, ventet) in alle {
        for (verb, ventet) in ["endre", "korrigere", "opphoere", "annullere"].into_iter().zip(ventet) {
            let p = Prove::tom().await;
            p.person(DNUMMER, "1985-03-07", "kvinne", erfaren()).await;
            let foer = p.ende().await;
            let svar = p.sak(RESSURS, &endring("1", &hva, verb)).await;
            let Some(ventet) = ventet else {
                assert!(utfall(&svar).starts_with("avvist"), "{verb} {hva}: {svar}");
                assert!(p.hendelser(foer).await.is_empty());
                continue;
            };
            assert_eq!(utfall(&svar), "registrert -", "{verb} {hva}");
            assert_eq!(egenskap(&p.dok(DNUMMER).await), ventet, "{verb} {hva}");
            assert_eq!(p.hendelser(foer).await, om(DNUMMER, &[hendelse]), "{verb} {hva}");
        }
    }
}

#[tokio::test]
async fn the_value_before_one_that_is_annulled_is_current_again() {
    let p = Prove::tom().await;
    p.person(DNUMMER, "1985-03-07", "kvinne", erfaren()).await;
    p.sak(RESSURS, &endring("1", &e("kjoenn", "kvinne"), "annullere")).await;
    p.sak(RESSURS, &endring("2", &navnet("VAKKER", "BLOMST"), "annullere")).await;
    let dok = p.dok(DNUMMER).await;
    assert_eq!((kjoenn(&dok), &*dok.navn[0].fornavn), (Some("mann"), "FIN"));
    p.sak(RESSURS, &endring("3", &e("personstatus", "midlertidig"), "annullere")).await;
    assert_eq!(status(&p.dok(DNUMMER).await), "inaktiv");
}

#[tokio::test]
async fn births_are_corrected_whatever_the_verb() {
    let dato = |kjent: &str, dato: &str| {
        let dato = if dato.is_empty() { String::new() } else { e("foedselsdato", dato) };
        e("foedselsdato", &(e("foedselsdatoErKjent", kjent) + &dato))
    };
    for (hva, verb, ventet, utfallet) in [
        (dato("true", "1986-04-08"), "endre", ("1986-04-08", "1986", "NOR"), "registrert -"),
        (dato("false", ""), "endre", ("-", "1985", "NOR"), "registrert -"),
        (dato("false", "1986-01-01"), "korrigere", ("-", "1986", "NOR"), "registrert -"),
        (dato("true", ""), "endre", ("1985-03-07", "1985", "NOR"), "avvist mangelfulleOpplysninger"),
        (dato("true", "2024-11-21"), "endre", ("1985-03-07", "1985", "NOR"), "avvist fremtidigDato"),
        (dato("true", "1985-03-07"), "annullere", ("-", "1985", "NOR"), "registrert -"),
        (
            dato("true", "1986-04-08"),
            "annullere",
            ("1985-03-07", "1985", "NOR"),
            "avvist motstridendeOpplysninger",
        ),
        (
            dato("true", "1985-03-07"),
            "opphoere",
            ("1985-03-07", "1985", "NOR"),
            "avvist motstridendeOpplysninger",
        ),
        (e("foedeland", "SWE"), "endre", ("1985-03-07", "1985", "SWE"), "registrert -"),
        (e("foedeland", "NOR"), "annullere", ("1985-03-07", "1985", "-"), "registrert -"),
        (
            e("foedeland", "SWE"),
            "annullere",
            ("1985-03-07", "1985", "NOR"),
            "avvist motstridendeOpplysninger",
        ),
    ] {
        let p = Prove::med_folk().await;
        assert_eq!(utfall(&p.sak(RESSURS, &endring("1", &hva, verb)).await), utfallet, "{verb} {hva}");
        let dok = p.dok(DNUMMER).await;
        assert_eq!(dok.foedsel.len(), 1, "without history");
        let f = &dok.foedsel[0];
        let vis = |verdi: Option<String>| verdi.unwrap_or_else(|| "-".to_owned());
        let er = (
            vis(f.foedselsdato.map(|d| d.to_string())),
            f.foedselsaar.aar().to_string(),
            vis(f.foedeland.map(|l| l.as_str().to_owned())),
        );
        assert_eq!((&*er.0, &*er.1, &*er.2), ventet, "{verb} {hva}");
        assert_eq!(dok.identifikasjonsnummer.len(), 1, "the number stays");
    }
}

#[tokio::test]
async fn citizenships_and_foreign_numbers() {
    for (hva, verb, ventet, utfallet) in [
        (borger(&["SWE"]), "endre", vec!["NOR", "SWE"], "registrert -"),
        (borger(&["NOR"]), "endre", vec!["NOR"], "avvist alleredeRegistrert"),
        (borger(&["SWE", "SWE"]), "korrigere", vec!["SWE"], "registrert -"),
        (borger(&["NOR"]), "opphoere", vec![], "registrert -"),
        (borger(&["SWE"]), "opphoere", vec!["NOR"], "avvist motstridendeOpplysninger"),
        (borger(&["NOR"]), "annullere", vec![], "registrert -"),
    ] {
        let p = Prove::med_folk().await;
        assert_eq!(utfall(&p.sak(RESSURS, &endring("1", &hva, verb)).await), utfallet, "{verb} {hva}");
        assert_eq!(land(&p.dok(DNUMMER).await), ventet, "{verb} {hva}");
    }
    for (nummer, verb, ventet, utfallet) in [
        ("T1", "endre", vec!["T1"], "avvist alleredeRegistrert"),
        ("T2", "endre", vec!["T2", "T1"], "registrert -"),
        ("T2", "korrigere", vec!["T2"], "registrert -"),
        ("t1", "opphoere", vec![], "registrert -"),
        ("T1", "annullere", vec![], "registrert -"),
        ("T2", "annullere", vec!["T1"], "avvist motstridendeOpplysninger"),
    ] {
        let p = Prove::tom().await;
        p.person(DNUMMER, "1985-03-07", "kvinne", erfaren()).await;
        assert_eq!(utfall(&p.sak(RESSURS, &endring("1", &tin(nummer), verb)).await), utfallet, "{verb}");
        let dok = p.dok(DNUMMER).await;
        let er: Vec<&str> =
            dok.utenlandsk_personidentifikasjon.iter().map(|n| &*n.identifikasjonsnummer).collect();
        assert_eq!(er, ventet, "{verb} {nummer}");
    }
    let p = Prove::med_folk().await;
    let foer = p.ende().await;
    let duf = tin("201512345678")
        .replace("taxIdentificationNumber", "utlendingsmyndighetenesIdentifikasjonsnummer");
    p.sak(RESSURS, &endring("1", &duf, "endre")).await;
    assert_eq!(
        p.hendelser(foer).await,
        om(DNUMMER, &["endringIUtlendingsmyndighetenesIdentifikasjonsnummer"])
    );
    assert_eq!(p.dok(DNUMMER).await.utlendingsmyndighetenes_identifikasjonsnummer.len(), 1);
}

#[tokio::test]
async fn addresses() {
    let tom = e("postadresseIUtlandet", &e("erKlientadresse", "false"));
    let for_sen = opphold("Nyveien").replace("2024-11-01", "2024-11-21");
    let ikke = e("oppholdsadresseErIkkeAktuell", "true");
    for (hva, verb, ventet, utfallet) in [
        (tom.clone(), "endre", (2, 2, 2), "avvist alleredeRegistrert"),
        (tom, "opphoere", (2, 2, 2), "registrert -"),
        (for_sen, "endre", (2, 2, 2), "avvist fremtidigDato"),
        (ikke.clone(), "endre", (2, 2, 2), "registrert -"),
        (ikke.clone(), "korrigere", (1, 2, 2), "registrert -"),
        (ikke, "annullere", (2, 2, 2), "avvist motstridendeOpplysninger"),
    ] {
        let p = Prove::tom().await;
        p.person(DNUMMER, "1985-03-07", "kvinne", erfaren()).await;
        assert_eq!(utfall(&p.sak(RESSURS, &endring("1", &hva, verb)).await), utfallet, "{verb} {hva}");
        let dok = p.dok(DNUMMER).await;
        let er = (dok.oppholdsadresse.len(), dok.postadresse.len(), dok.postadresse_i_utlandet.len());
        assert_eq!(er, ventet, "{verb} {hva}");
    }
    let p = Prove::med_folk().await;
    p.sak(RESSURS, &endring("1", &opphold("Nyveien"), "endre")).await;
    let dok = p.dok(DNUMMER).await;
    assert_eq!(fra(&dok.oppholdsadresse[0]), "2024-11-01", "from when the person stays there");
    p.sak(RESSURS, &endring("2", &post("Nyveien"), "endre")).await;
    let dok = p.dok(DNUMMER).await;
    assert_eq!(dok.postadresse[0].adressegradering.kode(), "klientadresse");
}

#[tokio::test]
async fn the_oldest_contract() {
    let v2 = |ident: &str, hva: &str| {
        bytt(
            &dnummer_endring(ident, DNUMMER, hva),
            &[
                ("endringavpersonmeddnummer:v3", "endringavpersonmeddnummer:v2"),
                ("<endringstype>endre</endringstype>", ""),
            ],
        )
    };
    let klient = e("erKlientadresse", "false");
    let ute = e("postadresseIUtlandet", &(e("utenlandskPostadresse", &utland("Lund")) + &klient));
    let gaard = e(
        "matrikkelnummer",
        &(e("kommunenummer", "0301") + &e("gaardsnummer", "1") + &e("bruksnummer", "2")),
    );
    let her = e("postadresse", &(e("matrikkeladresse", &gaard) + &klient));
    let ukjent = e("harUkjentOppholdsadresse", "true");
    for (ident, hva, ventet) in [
        (
            "1",
            e("statsborgerskap", &(e("statsborgerskap", "SWE") + &e("statsborgerskap", "DNK"))),
            "endringIStatsborgerskap",
        ),
        ("2", ukjent, "endringIOppholdsadresse"),
        ("3", opphold("Nyveien"), "endringIOppholdsadresse"),
        ("4", e("harUoppgittOppholdsadresse", "true"), "endringIOppholdsadresse"),
        ("5", ute, "endringIKontaktinformasjon"),
        ("6", her, "endringIKontaktinformasjon"),
        ("7", navnet("FRISK", "BLOMST"), "endringINavn"),
        ("8", e("kjoenn", "ukjent"), "endringIKjoenn"),
        ("9", e("personstatus", "inaktiv"), "endringIStatus"),
    ] {
        let p = Prove::med_folk().await;
        if ident == "4" {
            p.sak("endring_av_dnummerperson_v2", &v2("0", &opphold("Gamleveien"))).await;
        }
        let foer = p.ende().await;
        let svar = p.sak("endring_av_dnummerperson_v2", &v2(ident, &hva)).await;
        assert_eq!(utfall(&svar), "registrert -", "{hva}");
        assert_eq!(p.hendelser(foer).await, om(DNUMMER, &[ventet]), "{hva}");
        let dok = p.dok(DNUMMER).await;
        match ident {
            "1" => assert_eq!(land(&dok), ["DNK", "NOR", "SWE"]),
            "4" => assert_eq!(rader(&dok.oppholdsadresse), (1, 0, 1)),
            "5" => assert_eq!((dok.postadresse.len(), dok.postadresse_i_utlandet.len()), (0, 1)),
            "6" => assert_eq!(gjeldende_alle(&dok.postadresse).count(), 1),
            "8" => assert_eq!(kjoenn(&dok), None),
            _ => {}
        }
    }
    let p = Prove::med_folk().await;
    let nei = p.sak("endring_av_dnummerperson_v2", &v2("1", &e("harUkjentOppholdsadresse", "false"))).await;
    assert_eq!(utfall(&nei), "avvist motstridendeOpplysninger");
}

#[tokio::test]
async fn only_who_requisitioned_the_number() {
    for (rekvirent, kilde, ventet) in [
        ("nav", "nav", "registrert -"),
        ("nav", "utlendingsdirektoratet", "avvist innsenderHarIkkeEndringsrett"),
        ("helfo", "nav", "avvist innsenderHarIkkeEndringsrett"),
        ("bankOgFinansinstitusjon", "utlendingsdirektoratet", "avvist innsenderHarIkkeEndringsrett"),
        ("diverse", "nav", "avvist innsenderHarIkkeEndringsrett"),
        ("helfo", "folkeregisteret", "registrert -"),
    ] {
        let p = Prove::tom().await;
        let kilder = [("<kilde>nav", &*format!("<kilde>{rekvirent}"))];
        let xml = bytt(&rekvisisjon("1", "Vakker", "1985-03-07", "AA1", ""), &kilder);
        let svar = p.sak("rekvisisjon_av_dnummer_v5", &xml).await;
        let nr = svar["saksbeslutning"]["skalTildeleDNummer"]["dNummer"].as_str().expect("a number");
        let xml = dnummer_endring("2", nr, &e("foedeland", "SWE"));
        let xml = bytt(&xml, &[("<kilde>nav", &format!("<kilde>{kilde}"))]);
        assert_eq!(utfall(&p.sak(RESSURS, &xml).await), ventet, "{rekvirent} {kilde}");
    }
    let migrert = json!({ "identifikasjonsnummer": [{ "erGjeldende": true, "kilde": "KILDE_DSF", "status": "iBruk",
        "foedselsEllerDNummer": DNUMMER, "identifikatortype": "dNummer" }] });
    let p = Prove::tom().await;
    p.person(DNUMMER, "1985-03-07", "kvinne", samlet(med_dnummer(), migrert)).await;
    let svar = p.sak(RESSURS, &dnummer_endring("1", DNUMMER, &e("foedeland", "SWE"))).await;
    assert_eq!(utfall(&svar), "registrert -", "nobody knows who did");
}

#[tokio::test]
async fn what_somebody_looks_at() {
    let med =
        |duf: &str| ("<endringstype>".to_owned(), format!("<dufNummer>{duf}</dufNummer><endringstype>"));
    for (annet, duf, ventet) in [
        (json!({}), "201512345678", "registrert -"),
        (har_duf("201512345678"), "201512345678", "registrert -"),
        (har_duf("201512345678"), "201512345679", "endringAvPersonMedDNummer"),
    ] {
        let p = Prove::tom().await;
        p.person(DNUMMER, "1985-03-07", "kvinne", samlet(med_dnummer(), annet)).await;
        let (fra, til) = med(duf);
        let xml = bytt(&dnummer_endring("1", DNUMMER, &e("foedeland", "SWE")), &[(&fra, &til)]);
        let svar = p.sak(RESSURS, &xml).await;
        let er = svar["sakstype"].as_str().map_or_else(|| utfall(&svar), str::to_owned);
        assert_eq!(er, ventet);
    }
    let p = Prove::med_folk().await;
    for (ident, verb, ventet) in
        [("1", "korrigere", "registrert -"), ("2", "endre", "manuell motstridendeOpplysninger")]
    {
        let navn = if verb == "endre" { navnet("Annen", "Helt") } else { navnet("Klok", "Ugle") };
        assert_eq!(utfall(&p.sak(RESSURS, &endring(ident, &navn, verb)).await), ventet);
    }
}

#[tokio::test]
async fn the_inactive_are_made_active_first() {
    let p = Prove::tom().await;
    let inaktiv = json!({ "status": [
        { "erGjeldende": true, "status": "inaktiv" }, { "erGjeldende": false, "status": "midlertidig" },
    ], "bostedsadresse": [] });
    p.person(DNUMMER, "1985-03-07", "kvinne", inaktiv).await;
    let (inaktiv, midlertidig) = (e("personstatus", "inaktiv"), e("personstatus", "midlertidig"));
    for (ident, hva, verb, ventet) in [
        ("1", e("foedeland", "SWE"), "korrigere", "avvist ugyldigPersonstatus"),
        ("2", inaktiv.clone(), "endre", "avvist ugyldigPersonstatus"),
        ("3", inaktiv.clone(), "annullere", "registrert -"),
        ("4", midlertidig.clone(), "endre", "avvist alleredeRegistrert"),
        ("5", inaktiv, "endre", "registrert -"),
        ("6", midlertidig, "endre", "registrert -"),
    ] {
        assert_eq!(utfall(&p.sak(RESSURS, &endring(ident, &hva, verb)).await), ventet, "{ident}");
    }
    let dok = p.dok(DNUMMER).await;
    assert_eq!((status(&dok), rader(&dok.status)), ("midlertidig", (3, 1, 0)));
    assert_eq!(fra(gjeldende(&dok.status).expect("a status")), "2024-11-20", "five years start again");
}
