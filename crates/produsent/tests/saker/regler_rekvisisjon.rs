//! Every rule of requisitions of D-numbers (producer sheet, section 6.12), and who is taken for whom.

use folkeregisteret::modell::Oppholdssted;
use identifikator::{Kjoenn, Slag};
use serde_json::{Value, json};

use crate::meldinger::{dnummer_endring, e, innflytting, rekvisisjon};
use crate::prove::{DNUMMER, Prove};
use crate::regler::{om, status, utfall};
use crate::regler_deler::{
    bytt, fra, har_duf, har_status, kjoenn, land, med_dnummer, navnet, numre, samlet, utland, vei,
    vei_i_kommune, vis,
};

const V5: &str = "rekvisisjon_av_dnummer_v5";
const V4: &str = "rekvisisjon_av_dnummer_v4";

/// Somebody whom the register does not know.
fn ny(ident: &str) -> String {
    rekvisisjon(ident, "Modig", "1983-01-09", "AA1", "201512345678")
}

fn nummer_i(svar: &Value) -> String {
    svar["saksbeslutning"]["skalTildeleDNummer"]["dNummer"].as_str().expect("a number").to_owned()
}

const UKJENT: &str = "<harUkjentOppholdsadresse>true";
const KJENT: &str = "<harUkjentOppholdsadresse>false";
const BORGER: &str = "<statsborgerskap>SWE</statsborgerskap>";

fn opphold(dato: &str) -> String {
    let adresse = e("vegadresse", &vei_i_kommune("Nyveien", "2")) + &e("erKlientadresse", "false");
    e("oppholdsadresse", &(adresse + &e("oppholdsadressedato", dato)))
}

#[tokio::test]
async fn refusals_in_words() {
    let (dokument, kopi) = (
        "</dokumentgrunnlag>",
        "<dokumentkopi><multipartnavn>p.pdf</multipartnavn></dokumentkopi></dokumentgrunnlag>",
    );
    let uten = [(
        "<dokumentgrunnlag><identifikasjonsdokumentnummer>AA1</identifikasjonsdokumentnummer><identifikasjonsdokumenttype>pass</identifikasjonsdokumenttype><utstederland>SWE</utstederland></dokumentgrunnlag>",
        "",
    )];
    let mangler = [
        uten[0],
        (
            "<identifikasjon>",
            "<identifikasjon><identifikasjonsdokumentMangler>true</identifikasjonsdokumentMangler>",
        ),
    ];
    let langt = "M".repeat(201);
    let bor = opphold("2024-11-01") + BORGER;
    let bor_senere = opphold("2024-11-21") + BORGER;
    for (bytter, ventet) in [
        (vec![("1983-01-09", "2024-11-21")], "avvist Fødselsdatoen er frem i tid"),
        (vec![("1983-01-09", "1893-11-20")], "avvist Fødselsdatoen er for langt tilbake i tid"),
        (vec![("1983-01-09", "1893-11-21")], "godkjent -"),
        (vec![(BORGER, &*bor)], "avvist Oppholdsadresse er både oppgitt og ukjent"),
        (vec![(BORGER, &*bor_senere), (UKJENT, KJENT)], "avvist Oppholdsadressedatoen er frem i tid"),
        (vec![(dokument, kopi)], "avvist Et vedlegg som meldingen viser til, mangler"),
        (uten.to_vec(), "avvist Identifikasjonsdokument mangler"),
        (mangler.to_vec(), "godkjent -"),
        (vec![("Modig", &*langt)], "avvist Navn er lengre enn 200 tegn"),
        (vec![(BORGER, "<statsborgerskap>NOR</statsborgerskap>")], "manuell muligDublett"),
    ] {
        let p = Prove::tom().await;
        assert_eq!(utfall(&p.sak(V5, &bytt(&ny("1"), &bytter)).await), ventet, "{bytter:?}");
    }
}

#[tokio::test]
async fn what_the_newest_contract_enters() {
    let klient = e("erKlientadresse", "false");
    let her = e("postadresse", &(e("vegadresse", &vei("Postveien", "3")) + &klient));
    let ute = e("postadresseIUtlandet", &(e("postadresse", &utland("Lund")) + &klient));
    let tom = e("postadresseIUtlandet", &klient);
    for (foran, ukjent, opphold, post) in [
        (String::new(), UKJENT, "ukjent", (0, 0)),
        (String::new(), KJENT, "-", (0, 0)),
        (opphold("2024-11-01") + &her + &ute, KJENT, "veg 2024-11-01", (1, 1)),
        (tom, KJENT, "-", (0, 0)),
    ] {
        let p = Prove::tom().await;
        let xml = bytt(&ny("1"), &[(BORGER, &(foran.clone() + BORGER)), (UKJENT, ukjent)]);
        let dok = p.dok(&nummer_i(&p.sak(V5, &xml).await)).await;
        let er = dok.oppholdsadresse.first().map_or_else(
            || "-".to_owned(),
            |o| match o.oppholdssted {
                Oppholdssted::Vegadresse(_) => format!("veg {}", fra(o)),
                Oppholdssted::AdressenErUkjent(_) => "ukjent".to_owned(),
                _ => "?".to_owned(),
            },
        );
        assert_eq!(
            (&*er, (dok.postadresse.len(), dok.postadresse_i_utlandet.len())),
            (opphold, post),
            "{foran}"
        );
    }
    let p = Prove::tom().await;
    let xml = bytt(
        &ny("1"),
        &[
            ("<foedselsdatoErKjent>true", "<foedselsdatoErKjent>false"),
            ("<kjoenn>kvinne", "<foedeland>SWE</foedeland><kjoenn>ukjent"),
            (BORGER, &(BORGER.to_owned() + BORGER + "<statsborgerskap>DNK</statsborgerskap>")),
            ("identitetskontrollKreves>true", "identitetskontrollKreves>false"),
        ],
    );
    let nr = nummer_i(&p.sak(V5, &xml).await);
    let dok = p.dok(&nr).await;
    assert_eq!(nr.as_bytes()[8] % 2, 0, "an even third digit when the sex is not known");
    assert_eq!(
        (status(&dok), kjoenn(&dok), land(&dok)),
        ("midlertidig", None, vec!["DNK".to_owned(), "SWE".to_owned()])
    );
    assert_eq!((dok.foedsel[0].foedselsdato, dok.foedsel[0].foedselsaar.aar()), (None, 1983));
    assert_eq!(dok.identitetsgrunnlag[0].identitetsgrunnlagstatus.kode(), "ingenStatus");
    assert_eq!(fra(&dok.identifikasjonsnummer[0]), "2024-11-20", "the day of allocation");
    assert_eq!((dok.bostedsadresse.len(), dok.sivilstand.len()), (0, 0));
    let duf = &dok.utlendingsmyndighetenes_identifikasjonsnummer[0];
    assert_eq!(&*duf.identifikasjonsnummer, "201512345678");
    assert_eq!(dok.legitimasjonsdokument.len(), 1);
}

#[tokio::test]
async fn what_the_older_contract_enters() {
    let v4 = |kandidat: &str, bekreftet: &str| {
        let bekreftelse = e(
            "identitetsbekreftelse",
            &(e("identitetErBekreftet", bekreftet) + &e("organisasjonsnavn", "Bank")),
        );
        let uten = "<dokumentgrunnlag><identifikasjonsdokumentnummer>AA1</identifikasjonsdokumentnummer><identifikasjonsdokumenttype>pass</identifikasjonsdokumenttype><utstederland>SWE</utstederland></dokumentgrunnlag>";
        bytt(
            &ny("1"),
            &[
                ("rekvisisjonavdnummer:v5", "rekvisisjonavdnummer:v4"),
                (uten, &bekreftelse),
                (BORGER, &(kandidat.to_owned() + BORGER)),
                (UKJENT, KJENT),
            ],
        )
    };
    let klient = e("erKlientadresse", "true");
    let gaard = e(
        "matrikkelnummer",
        &(e("kommunenummer", "0301") + &e("gaardsnummer", "1") + &e("bruksnummer", "2")),
    );
    let matrikkel = e("matrikkeladresse", &gaard);
    let bor = e("oppholdsadresse", &(matrikkel.clone() + &klient + &e("oppholdsadressedato", "2024-11-01")));
    let her = e("postadresse", &(matrikkel + &klient));
    let ute = e("postadresse", &(e("utenlandskPostadresse", &utland("Lund")) + &klient));
    let boks = e("postboks", "7") + &e("poststed", &(e("poststedsnavn", "OSLO") + &e("postnummer", "0150")));
    let boks = e("postadresseIUtlandet", &(e("postboksadresse", &boks) + &klient));
    for (kandidat, opphold, post) in [(bor, 1, (0, 0)), (her, 0, (1, 0)), (ute, 0, (0, 1)), (boks, 0, (1, 0))]
    {
        let p = Prove::tom().await;
        let svar = p.sak(V4, &v4(&kandidat, "true")).await;
        assert_eq!(utfall(&svar), "godkjent -", "{svar}");
        let dok = p.dok(&nummer_i(&svar)).await;
        let er = (dok.oppholdsadresse.len(), (dok.postadresse.len(), dok.postadresse_i_utlandet.len()));
        assert_eq!(er, (opphold, post), "{kandidat}");
    }
    let p = Prove::tom().await;
    let svar = p.sak(V4, &v4("", "false")).await;
    assert_eq!(utfall(&svar), "avvist Identifikasjonsdokument mangler", "nobody vouches for it");
}

/// Whom cases have not entered is found too: with an index and without, and whether it is up to date or not.
#[tokio::test]
async fn those_who_were_loaded_in_bulk() {
    let id = |felt: &str, verdi: Value| json!({ felt: [verdi] });
    let pass = id(
        "legitimasjonsdokument",
        json!({ "erGjeldende": true, "identifikasjonsdokumentnummer": "aa1",
        "identifikasjonsdokumenttype": "pass", "utstederland": "SWE" }),
    );
    let tin = id(
        "utenlandskPersonidentifikasjon",
        json!({ "erGjeldende": true, "identifikasjonsnummer": "201512345678",
        "identifikasjonsnummertype": "taxIdentificationNumber", "utstederland": "SWE" }),
    );
    let som_tin = [
        ("utlendingsmyndighetenesIdentifikasjonsnummer", "taxIdentificationNumber"),
        ("<utstederland>NOR", "<utstederland>SWE"),
    ];
    let annen = [("1983-01-09", "1983-01-10")];
    let uten_dag = json!({ "foedsel": [{ "erGjeldende": true, "foedselsaar": "1983" }] });
    let i_bruk = "avvist DUF-nummer er i bruk";
    let fra_foer = "avvist Personen har identifikasjonsnummer fra før";
    for (indeks, antall) in [(false, 0), (true, 0), (true, 3)] {
        for (annet, bytter, ventet) in [
            (json!({}), vec![], "manuell muligDublett"),
            (json!({}), vec![("Modig", "Frisk")], "godkjent -"),
            (json!({}), annen.to_vec(), "godkjent -"),
            (uten_dag.clone(), annen.to_vec(), "manuell muligDublett"),
            (har_duf("201512345678"), vec![], i_bruk),
            (har_duf("201512345678"), annen.to_vec(), "manuell dufNummerIBruk"),
            (pass.clone(), vec![], fra_foer),
            (pass.clone(), annen.to_vec(), "manuell muligDublett"),
            (tin.clone(), som_tin.to_vec(), fra_foer),
            (samlet(har_duf("201512345678"), har_status("opphoert")), vec![], "godkjent -"),
        ] {
            let p = Prove::tom().await;
            let navn =
                json!({ "navn": [{ "erGjeldende": true, "fornavn": "MODIG", "etternavn": "BLOMST" }] });
            let annet = samlet(samlet(med_dnummer(), navn), annet.clone());
            p.person(DNUMMER, "1983-01-09", "kvinne", annet.clone()).await;
            if indeks {
                let mut folger = p.register.indeks().folger(p.journal.clone());
                folger.prepare().await.expect("an index");
                folger.catch_up().await.expect("up to date");
            }
            for nummer in numre(Slag::DNummer, (1990, 1, 1), Kjoenn::Mann).into_iter().take(antall) {
                p.person(&vis(nummer), "1990-01-01", "mann", med_dnummer()).await;
            }
            let svar = p.sak(V5, &bytt(&ny("1"), &bytter)).await;
            assert_eq!(utfall(&svar), ventet, "{indeks} {antall} {annet} {bytter:?}");
            if ventet.starts_with("avvist") {
                assert_eq!(svar["saksbeslutning"]["skalIkkeTildeleDNummer"]["eksisterendeIdNummer"], DNUMMER);
            }
        }
    }
}

#[tokio::test]
async fn all_who_have_the_number_are_looked_at() {
    let p = Prove::tom().await;
    let to = numre(Slag::DNummer, (1990, 1, 1), Kjoenn::Kvinne);
    let med = |fornavn: &str| {
        let navn = json!({ "navn": [{ "erGjeldende": true, "fornavn": fornavn, "etternavn": "BLOMST" }] });
        samlet(samlet(med_dnummer(), navn), har_duf("201512345678"))
    };
    p.person(&vis(to[0]), "1990-01-01", "kvinne", med("ANNEN")).await;
    p.person(&vis(to[1]), "1983-01-09", "kvinne", med("MODIG")).await;
    p.person(&vis(to[2]), "1990-01-01", "kvinne", med("TREDJE")).await;
    let svar = p.sak(V5, &ny("1")).await;
    assert_eq!(utfall(&svar), "avvist DUF-nummer er i bruk");
    assert_eq!(svar["saksbeslutning"]["skalIkkeTildeleDNummer"]["eksisterendeIdNummer"], vis(to[1]));
    let svar = p.sak(V5, &bytt(&ny("2"), &[("Modig", "Femte")])).await;
    assert_eq!(utfall(&svar), "manuell dufNummerIBruk");
}

#[tokio::test]
async fn who_changes_is_found_as_they_are() {
    let p = Prove::tom().await;
    p.person(DNUMMER, "1983-01-09", "kvinne", med_dnummer()).await;
    let mut folger = p.register.indeks().folger(p.journal.clone());
    folger.prepare().await.expect("an index");
    folger.catch_up().await.expect("up to date");
    let svar = p
        .sak("endring_av_dnummerperson_v3", &dnummer_endring("1", DNUMMER, &navnet("Modig", "Blomst")))
        .await;
    assert_eq!(utfall(&svar), "registrert -");
    let som_foer = bytt(&ny("2"), &[("Modig", "Vakker")]);
    assert_eq!(utfall(&p.sak(V5, &som_foer).await), "godkjent -", "nobody has that name any more");
    assert_eq!(
        utfall(&p.sak(V5, &bytt(&ny("3"), &[("AA1", "AA2"), ("201512345678", "1")])).await),
        "manuell muligDublett"
    );
    folger.catch_up().await.expect("up to date");
    assert_eq!(
        utfall(&p.sak(V5, &bytt(&ny("4"), &[("AA1", "AA3"), ("201512345678", "2")])).await),
        "manuell muligDublett"
    );
}

#[tokio::test]
async fn those_of_one_batch_see_each_other() {
    let p = Prove::tom().await;
    for ident in ["1", "2", "3"] {
        p.send(crate::prove::AVSENDER, V5, &ny(ident), &[]).await.expect("received");
    }
    p.produsent.toem().await.expect("taken");
    let alle: Vec<String> = p.feed().await.iter().map(|post| utfall(&post.hendelseinfo)).collect();
    assert_eq!(alle, ["godkjent -", "avvist DUF-nummer er i bruk", "avvist DUF-nummer er i bruk"]);
}

#[tokio::test]
async fn somebody_who_immigrates_without_a_number() {
    for (annet, bytter, ventet) in [
        (json!({}), vec![], "manuell muligDublett"),
        (json!({}), vec![("VAKKER", "MODIG")], "registrert -"),
        (har_duf("201512345678"), vec![("VAKKER", "MODIG")], "manuell dufNummerIBruk"),
    ] {
        let p = Prove::tom().await;
        p.person(DNUMMER, "1985-03-07", "kvinne", samlet(med_dnummer(), annet)).await;
        let type_ = e("identifikasjonsnummertype", "utlendingsmyndighetenesIdentifikasjonsnummer");
        let duf = e("identifikasjonsnummer", "201512345678") + &type_ + &e("utstederland", "NOR");
        let duf = "</kandidat>".to_owned() + &e("identifikasjon", &e("personidentifikasjon", &duf));
        let foer = p.ende().await;
        let xml = bytt(&bytt(&innflytting("1", None, "2027-10-01"), &bytter), &[("</kandidat>", &duf)]);
        assert_eq!(utfall(&p.sak("innflytting_v1", &xml).await), ventet);
        assert_eq!(p.hendelser(foer).await.is_empty(), ventet != "registrert -");
    }
}

#[tokio::test]
async fn the_clerk_may_override_but_what_is_told_is_the_new_number() {
    let p = Prove::med_folk().await;
    let svar = p.sak(V5, &bytt(&ny("1"), &[(BORGER, "<statsborgerskap>NOR</statsborgerskap>")])).await;
    let referanse = svar["sak"]["meldingsreferanse"].clone();
    let foer = p.ende().await;
    let svar = p.godkjenn(&json!({ "meldingsreferanse": referanse })).await.expect("decided");
    let nr = nummer_i(&svar);
    assert_eq!(p.hendelser(foer).await, om(&nr, &["personErOpprettet"]));
}

/// However fast they come, nobody is sent to a desk because the index is behind, and nobody is missed.
#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_goes_at_the_pace_of_the_index() {
    const ANTALL: usize = 700;
    let p = Prove::tom().await;
    let folger = p.register.indeks().folger(p.journal.clone());
    let folger = tokio::spawn(folger.run(std::future::pending()));
    let mut fra_samme = 0;
    for i in 0..ANTALL {
        // Every tenth is one who was before.
        let hvem = if i % 10 == 9 { i - 9 } else { i };
        fra_samme += usize::from(hvem != i);
        let foedt = format!("19{:02}-01-{:02}", 50 + hvem / 20 % 50, hvem % 20 + 1);
        let xml = rekvisisjon(&i.to_string(), "Modig", &foedt, &format!("P{hvem}"), "");
        p.send(crate::prove::AVSENDER, V5, &xml, &[]).await.expect("received");
    }
    p.produsent.toem().await.expect("taken");
    let alle: Vec<String> = p.feed().await.iter().map(|post| utfall(&post.hendelseinfo)).collect();
    let antall = |hva: &str| alle.iter().filter(|utfall| *utfall == hva).count();
    assert_eq!(antall("avvist Personen har identifikasjonsnummer fra før"), fra_samme);
    assert_eq!(antall("godkjent -"), ANTALL - fra_samme);
    folger.abort();
}
