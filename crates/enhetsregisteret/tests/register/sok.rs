//! Search: links, order, and the property that a search is what a filter over everything would give.

use std::collections::BTreeMap;

use enhetsregisteret::indeks::{Verdi, verdier};
use enhetsregisteret::modell::Enhetstype::{self, Enhet, Underenhet};
use enhetsregisteret::modell::Versjon;
use enhetsregisteret::sporring::les::{Lesemaate, les};
use enhetsregisteret::sporring::{Filter, Retning, Sporring};
use serde_json::{Value, json};
use tid::{Random, SeededRandom};

use crate::prove::*;

#[tokio::test]
async fn pages_and_links() {
    let prove = Prove::ny().await;
    let navn = ["Å SISTE", "ÆRLIG FJORD", "ØL FJORD", "B FJORD", "A FJORD"];
    prove
        .skriv(navn.iter().enumerate().map(|(i, n)| enhet(&format!("31010000{i}"), n, json!({}))).collect())
        .await;
    prove.ventet().await;
    let svar = prove.hent("/enheter?size=2&page=1&konkurs=false").await.json();
    assert_eq!(navnene(&svar, "enheter"), ["ÆRLIG FJORD", "ØL FJORD"]);
    assert_eq!(svar["page"], json!({ "size": 2, "totalElements": 5, "totalPages": 3, "number": 1 }));
    let lenker: Vec<(&str, &str)> = svar["_links"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(n, l)| (n.as_str(), l["href"].as_str().unwrap().rsplit('?').next().unwrap()))
        .collect();
    assert_eq!(
        lenker,
        [
            ("first", "konkurs=false&page=0&size=2"),
            ("prev", "konkurs=false&page=0&size=2"),
            ("self", "size=2&page=1&konkurs=false"),
            ("next", "konkurs=false&page=2&size=2"),
            ("last", "konkurs=false&page=2&size=2"),
        ]
    );
    let ingen = prove.hent("/enheter?navn=xyzzyq").await.json();
    let selv = format!("http://h{API}/enheter?navn=xyzzyq");
    let tom = json!({ "_links": { "self": { "href": selv } },
                      "page": { "size": 20, "totalElements": 0, "totalPages": 0, "number": 0 } });
    assert_eq!(ingen, tom);
    let forbi = prove.hent("/enheter?page=7").await.json();
    assert!(forbi.get("_embedded").is_none() && forbi["page"]["totalElements"] == 5);
    let alt = prove.hent("/enheter").await.json();
    assert_eq!(alt["_links"].as_object().unwrap().len(), 1);
    assert_eq!(prove.hent("/enheter?page=500&size=20").await.status, 400);
    assert_eq!(prove.hent("/enheter?page=499&size=20").await.status, 200);
}

#[tokio::test]
async fn names_by_relevance() {
    let prove = Prove::ny().await;
    let navn =
        ["MØLLER OG SØNN AS", "MOLLER AS", "MØLLER AS", "GRUNDE MØLLER AS", "MØLLERGÅRDEN AS", "SMØLLER AS"];
    prove
        .skriv(navn.iter().enumerate().map(|(i, n)| enhet(&format!("31010000{i}"), n, json!({}))).collect())
        .await;
    prove.ventet().await;
    let treff =
        async |query: &str| navnene(&prove.hent(&format!("/enheter?navn={query}")).await.json(), "enheter");
    assert_eq!(treff("m%C3%B8ller%20as").await[..2], ["MØLLER AS", "MOLLER AS"]);
    assert_eq!(treff("moller+as").await[..2], ["MOLLER AS", "MØLLER AS"]);
    assert_eq!(treff("as+gru+m%C3%B8l").await, ["GRUNDE MØLLER AS"]);
    assert_eq!(treff("m%C3%B8ller").await.len(), 5);
    assert_eq!(treff("og+s&navnMetodeForSoek=FORTLOEPENDE").await, ["MØLLER OG SØNN AS"]);
    assert_eq!(treff("as+m%C3%B8ller&navnMetodeForSoek=FORTLOEPENDE").await, Vec::<String>::new());
}

fn navnene(svar: &Value, nokkel: &str) -> Vec<String> {
    let liste = svar["_embedded"][nokkel].as_array().cloned().unwrap_or_default();
    liste.iter().map(|e| e["navn"].as_str().unwrap().to_owned()).collect()
}

/// Draws numbers below a bound.
struct Terning(SeededRandom);

impl Terning {
    fn under(&self, grense: usize) -> usize {
        let mut b = [0; 4];
        self.0.fill(&mut b);
        u32::from_le_bytes(b) as usize % grense
    }

    fn en<'a, T>(&self, av: &'a [T]) -> &'a T {
        &av[self.under(av.len())]
    }

    fn kanskje(&self, felt: &str, verdi: Value, objekt: &mut Value) {
        if self.under(3) > 0 {
            objekt[felt] = verdi;
        }
    }
}

const ORD: &[&str] =
    &["MØLLER", "MOLLER", "ÅS", "ÆRE", "BYGG", "BY", "Ø", "OG", "FJORD", "FJORDGLØTT", "AS", "É", "2", "22"];
const KOMMUNER: &[&str] = &["0301", "4601", "5001"];
const KODER: &[&str] = &["62.010", "62.020", "62.090", "01.110", "96.210"];
const DATOER: &[&str] = &["2001-01-01", "2010-06-15", "2010-06-16", "2024-02-29"];

fn tilfeldig_enhet(t: &Terning, nr: usize) -> (Enhetstype, enhetsregisteret::endring::Melding) {
    let kind = *t.en(&Enhetstype::ALLE);
    let navn: Vec<&str> = (0..=t.under(3)).map(|_| *t.en(ORD)).collect();
    let adresse = |t: &Terning| {
        let mut a = json!({ "landkode": t.en(&["NO", "SE"]) });
        t.kanskje("kommunenummer", json!(t.en(KOMMUNER)), &mut a);
        t.kanskje("postnummer", json!(t.en(&["0150", "5014"])), &mut a);
        t.kanskje("poststed", json!(t.en(&["OSLO", "BERGEN", "MO I RANA"])), &mut a);
        t.kanskje("adresse", json!([t.en(&["c/o Ås", "Storgata 4"]), "Kaigata 9 B"]), &mut a);
        a
    };
    let mut mer = json!({});
    t.kanskje("postadresse", adresse(t), &mut mer);
    t.kanskje(if kind == Enhet { "forretningsadresse" } else { "beliggenhetsadresse" }, adresse(t), &mut mer);
    t.kanskje("naeringskode1", json!({ "kode": t.en(KODER), "beskrivelse": "x" }), &mut mer);
    t.kanskje("naeringskode3", json!({ "kode": t.en(KODER), "beskrivelse": "x" }), &mut mer);
    t.kanskje("hjemmeside", json!(t.en(&["www.A.no", "b.no"])), &mut mer);
    t.kanskje("antallAnsatte", json!(t.en(&[0, 1, 4, 5, 12])), &mut mer);
    mer["harRegistrertAntallAnsatte"] = json!(t.under(2) == 0 || mer.get("antallAnsatte").is_some());
    mer["registreringsdatoEnhetsregisteret"] = json!(t.en(DATOER));
    mer["registrertIMvaregisteret"] = json!(t.under(2) == 0);
    let orgnr = format!("31{nr:07}");
    if kind == Enhet {
        mer["konkurs"] = json!(t.under(4) == 0);
        mer["underTvangsavviklingEllerTvangsopplosning"] = json!(t.under(4) == 0);
        t.kanskje("stiftelsesdato", json!(t.en(DATOER)), &mut mer);
        t.kanskje("sisteInnsendteAarsregnskap", json!(t.en(&["2022", "2023"])), &mut mer);
        t.kanskje("frivilligMvaRegistrertBeskrivelser", json!(["Utleier av bygg eller anlegg"]), &mut mer);
        (kind, enhet(&orgnr, &navn.join(" "), mer))
    } else {
        t.kanskje("oppstartsdato", json!(t.en(DATOER)), &mut mer);
        mer["overordnetEnhet"] = json!(t.en(&["310100005", "310100013"]));
        (kind, underenhet(&orgnr, &navn.join(" "), mer))
    }
}

fn tilfeldig_sporring(t: &Terning, kind: Enhetstype) -> String {
    let adresse = if kind == Enhet { "forretningsadresse" } else { "beliggenhetsadresse" };
    let begge = [
        format!("kommunenummer={},{}", t.en(KOMMUNER), t.en(KOMMUNER)),
        format!("{adresse}.kommunenummer={}", t.en(KOMMUNER)),
        format!("postadresse.postnummer={}", t.en(&["0150", "5014", "9999"])),
        format!("{adresse}.poststed={}", t.en(&["oslo", "rana%20mo", "i", "xx"])),
        format!("postadresse.adresse={}", t.en(&["storgata", "as,kaigata%209", "c/o"])),
        format!("postadresse.landkode={}", t.en(&["NO", "SE,NO", "DK"])),
        format!("naeringskode={}", t.en(&["62", "62.0", "62.01", "J", "A,96.210", "99"])),
        format!("hjemmeside={}", t.en(&["WWW.a.NO", "b.no", "c"])),
        format!("fraAntallAnsatte={}", t.en(&[0, 1, 5, 12])),
        format!("tilAntallAnsatte={}", t.en(&[0, 4, 5])),
        format!("fraRegistreringsdatoEnhetsregisteret={}", t.en(DATOER)),
        format!("tilRegistreringsdatoEnhetsregisteret={}", t.en(DATOER)),
        format!("registrertIMvaregisteret={}", t.en(&["true", "false"])),
        format!("navn={}", t.en(&["m%C3%B8ller", "moll", "by", "fj%20by", "as%20%C3%A5s", "e", "22"])),
        format!("organisasjonsform={}", t.en(&["AS", "BEDR,AS", "ENK"])),
        format!("organisasjonsnummer=31{:07},31{:07}", t.under(120), t.under(120)),
        "navn=by&navnMetodeForSoek=FORTLOEPENDE".to_owned(),
    ];
    let mut alle = begge.to_vec();
    if kind == Enhet {
        alle.extend([
            format!("konkurs={}", t.en(&["true", "false"])),
            format!("underKonkursbehandling={}", t.en(&["true", "false"])),
            format!("fraStiftelsesdato={}&tilStiftelsesdato={}", t.en(DATOER), t.en(DATOER)),
            format!("sisteInnsendteAarsregnskap={}", t.en(&["2022", "2022,2023"])),
            "frivilligRegistrertIMvaregisteret=Utleier%20av%20bygg%20eller%20anlegg".to_owned(),
        ]);
    } else {
        alle.extend([
            format!("fraOppstartsdato={}", t.en(DATOER)),
            format!("overordnetEnhet={}", t.en(&["310100005", "999999999"])),
        ]);
    }
    let mut deler: BTreeMap<String, String> = BTreeMap::new();
    for _ in 0..t.under(3) {
        let del = t.en(&alle).clone();
        let navn = del.split('=').next().unwrap().to_owned();
        deler.insert(navn, del);
    }
    let sort = t.en(&[
        "navn",
        "antallAnsatte",
        "postadresse.kommunenummer",
        "hjemmeside",
        "naeringskode1.kode",
        "registreringsdatoEnhetsregisteret",
    ]);
    if t.under(2) == 0 {
        deler.insert("sort".into(), format!("sort={sort},{}", t.en(&["ASC", "desc"])));
    }
    deler.into_values().collect::<Vec<_>>().join("&")
}

type Verdier = Vec<(&'static str, Verdi)>;

/// The values of a field.
fn av<'a>(v: &'a Verdier, felt: &str) -> impl Iterator<Item = &'a Verdi> {
    v.iter().filter(move |(n, _)| *n == felt).map(|(_, v)| v)
}

/// What a search is, said in the plainest way.
fn treffer(filter: &Filter, id: u64, v: &Verdier, alle_ord: bool) -> bool {
    let tekster = |felt: &str| -> Vec<String> {
        av(v, felt).map(|v| if let Verdi::Tekst(t) = v { t.clone() } else { panic!("{felt}") }).collect()
    };
    match filter {
        Filter::Navn(tekst) => {
            let trinn = tekster("navn").iter().find_map(|n| sok::navn::tier(tekst, n));
            trinn.is_some_and(|t| !alle_ord || t <= sok::navn::LAST_FULL_TIER)
        }
        Filter::NavnNaer(tekst, edits) => {
            tekster("navn").iter().any(|n| sok::near::tier(tekst, n, *edits).is_some())
        }
        Filter::NavnSammenhengende(tekst) => tekster("navn").iter().any(|n| sok::navn::consecutive(tekst, n)),
        Filter::Enheter(ider) => ider.iter().any(|i| u64::from(*i) == id),
        Filter::EnAv(felt, verdier) => tekster(felt).iter().any(|t| verdier.contains(t)),
        Filter::Flagg(felt, verdi) => av(v, felt).any(|v| *v == Verdi::Flagg(*verdi)),
        Filter::Mellom(felt, fra, til) => av(v, felt).any(|v| {
            let Verdi::Tall(t) = v else { return false };
            fra.is_none_or(|f| *t >= f) && til.is_none_or(|g| *t <= g)
        }),
        Filter::Tekst(felt, sokte) => {
            let ord = |t: &str| sok::navn::tokens(t).iter().map(|o| sok::navn::fold(o)).collect::<Vec<_>>();
            let her: Vec<String> = tekster(felt).iter().flat_map(|t| ord(t)).collect();
            sokte.iter().any(|s| !ord(s).is_empty() && ord(s).iter().all(|o| her.contains(o)))
        }
        Filter::Eller(deler) => deler.iter().any(|d| treffer(d, id, v, alle_ord)),
    }
}

fn brute(alle: &BTreeMap<u64, Verdier>, sporring: &Sporring) -> Vec<u64> {
    let finn = |alle_ord| -> Vec<u64> {
        let treffer = |id: &u64, v: &Verdier| sporring.filtre.iter().all(|f| treffer(f, *id, v, alle_ord));
        alle.iter().filter(|(id, v)| treffer(id, v)).map(|(id, _)| *id).collect()
    };
    let alle_ord = finn(true);
    if alle_ord.is_empty() { finn(false) } else { alle_ord }
}

/// The order of two units under the search's explicit order; unequal only where a key decides.
fn i_orden(sporring: &Sporring, a: (u64, &Verdier), b: (u64, &Verdier)) -> bool {
    for s in &sporring.sortering {
        let forste = |v: &Verdier| v.iter().find(|(n, _)| *n == s.felt).map(|(_, v)| v.clone());
        let nokkel = |v: Verdi| match v {
            Verdi::Tekst(t) if s.felt == "navn" => (0, sok::collation::key(&t)),
            Verdi::Tekst(t) => (0, t.into_bytes()),
            Verdi::Tall(t) => (t, vec![]),
            Verdi::Flagg(f) => (i64::from(f), vec![]),
        };
        match (forste(a.1).map(nokkel), forste(b.1).map(nokkel)) {
            (Some(x), Some(y)) if x == y => {}
            (Some(x), Some(y)) => return (x < y) == (s.retning == Retning::Stigende),
            (None, None) => {}
            (a, _) => return a.is_some(),
        }
    }
    true
}

#[tokio::test]
async fn search_is_a_filter_over_everything() {
    let prove = Prove::ny().await;
    let t = Terning(SeededRandom::new(4));
    // Written in several goes, with changes and deletions in between, so that the index has segments and holes.
    for runde in 0..4 {
        let meldinger = (0..60).map(|i| tilfeldig_enhet(&t, (runde * 20 + i) % 120).1).collect();
        prove.skriv(meldinger).await;
        prove.skriv(vec![slettet(&format!("31{:07}", runde * 7), "BORTE BY AS", Enhet)]).await;
        prove.skriv(vec![fjernet(&format!("31{:07}", runde * 11 + 1), Underenhet)]).await;
        prove.ventet().await;
    }
    let mut alle: BTreeMap<Enhetstype, BTreeMap<u64, Verdier>> = BTreeMap::new();
    for kind in Enhetstype::ALLE {
        let journal = prove.register.journal();
        let seq = journal.head().await.unwrap();
        for v in journal.scan(kind.samling(), seq, None, 10_000).await.unwrap() {
            if let (false, Some(verdier)) = (v.removed, verdier(&v.body, kind).unwrap_or_default()) {
                alle.entry(kind).or_default().insert(v.id, verdier);
            }
        }
        let fil = prove.hent(&format!("/{}/lastned", kind.flertall())).await.liste();
        assert_eq!(fil.len(), alle[&kind].len(), "the download holds exactly what is live");
    }
    let mut treff = 0;
    for _ in 0..600 {
        let kind = *t.en(&Enhetstype::ALLE);
        let query = tilfeldig_sporring(&t, kind);
        let maate = Lesemaate { kind, versjon: Versjon::V2, utvidet: true, streng: true };
        let sporring = les(&web::query::Query::parse(&query), maate).unwrap().sporring;
        let skille = if query.is_empty() { "" } else { "&" };
        let svar = prove.hent(&format!("/{}?{query}{skille}size=1000", kind.flertall())).await;
        assert_eq!(svar.status, 200, "{query}");
        let svar = svar.json();
        let liste = svar["_embedded"][kind.flertall()].as_array().cloned().unwrap_or_default();
        let ider: Vec<u64> =
            liste.iter().map(|e| e["organisasjonsnummer"].as_str().unwrap().parse().unwrap()).collect();
        let mut sortert = ider.clone();
        sortert.sort_unstable();
        assert_eq!(sortert, brute(&alle[&kind], &sporring), "{query}");
        assert_eq!(svar["page"]["totalElements"], ider.len(), "{query}");
        for par in ider.windows(2) {
            let her = |id: u64| (id, &alle[&kind][&id]);
            assert!(i_orden(&sporring, her(par[0]), her(par[1])), "{query}: {par:?}");
        }
        treff += ider.len();
    }
    assert!(treff > 5000, "the queries must find something: {treff}");
}
