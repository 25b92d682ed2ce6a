//! The figures of a nation of 20 000 lie near those of the real register (sheet section 17).
#![expect(clippy::print_stderr, reason = "what was measured is worth seeing when a figure is off")]

use std::collections::HashMap;

use syntetisk::{Nasjon, Oppsett};

/// Per ten thousand.
fn andel(del: usize, av: usize) -> usize {
    del * 10_000 / av
}

fn naer(hva: &str, maalt: usize, ventet: std::ops::RangeInclusive<usize>) {
    eprintln!("{hva}: {maalt} (expected {ventet:?})");
    assert!(ventet.contains(&maalt), "{hva}: {maalt}, expected {ventet:?} per ten thousand");
}

fn nasjon() -> Nasjon {
    Nasjon::new(Oppsett { enheter: 20_000, ..Oppsett::default() })
}

#[test]
fn main_units() {
    let enheter: Vec<_> = nasjon().enheter().collect();
    let n = enheter.len();
    let mut former: HashMap<&str, usize> = HashMap::new();
    let mut kommuner: HashMap<&str, usize> = HashMap::new();
    for e in &enheter {
        *former.entry(&e.organisasjonsform.kode).or_default() += 1;
        if let Some(kommune) = e.forretningsadresse.as_ref().and_then(|a| a.kommune.as_deref()) {
            *kommuner.entry(kommune).or_default() += 1;
        }
    }
    let form = |kode: &str| andel(former.get(kode).copied().unwrap_or_default(), n);
    let med =
        |er: fn(&enhetsregisteret::modell::Enhet) -> bool| andel(enheter.iter().filter(|e| er(e)).count(), n);
    // 427 324 and 456 000 of 1 162 944; the municipalities weigh more here than in the real nation.
    naer("AS", form("AS"), 3500..=3850);
    naer("ENK", form("ENK"), 3700..=4100);
    naer("FLI", form("FLI"), 800..=1050);
    naer("NUF", form("NUF"), 180..=350);
    naer("KBO", form("KBO"), 20..=80);
    naer("VAT", med(|e| e.registrert_i_mvaregisteret), 3200..=4500);
    naer("earlier names", med(|e| !e.historiske_navn.is_empty()), 1670..=2070);
    naer("remarks", med(|e| e.paategninger.as_ref().is_some_and(|p| !p.is_empty())), 12..=40);
    naer("no employees registered", med(|e| e.antall_ansatte.is_none()), 6800..=8300);
    naer("1 to 4 employees", med(|e| e.antall_ansatte.is_some_and(|a| (1..=4).contains(&a))), 800..=1700);
    naer("5 employees or more", med(|e| e.antall_ansatte.is_some_and(|a| a >= 5)), 700..=1500);
    naer(
        "postal address only elsewhere",
        med(|e| {
            let nummer = |a: &Option<enhetsregisteret::modell::Adresse>| {
                a.as_ref().and_then(|a| a.kommunenummer.clone())
            };
            let (forretning, post) = (nummer(&e.forretningsadresse), nummer(&e.postadresse));
            forretning.is_some() && post.is_some() && forretning != post
        }),
        150..=300,
    );
    naer("nynorsk", med(|e| e.maalform == "Nynorsk"), 400..=1100);
    naer("bankrupt", med(|e| e.konkurs), 20..=90);
    naer("Oslo", andel(kommuner["OSLO"], n), 1100..=1500);
    naer("Bergen", andel(kommuner["BERGEN"], n), 450..=680);
    assert!(kommuner.len() >= 355, "{}", kommuner.len());
}

#[test]
fn sub_units_and_roles() {
    let nasjon = nasjon();
    let n = 20_000;
    let underenheter: Vec<_> = nasjon.underenheter().collect();
    // 854 499 for 1 170 637, and the municipalities' schools on top.
    naer("sub-units", andel(underenheter.len(), n), 7000..=9000);
    let navn = underenheter.iter().filter(|u| !u.historiske_navn.is_empty()).count();
    naer("sub-units with earlier names", andel(navn, underenheter.len()), 3000..=4300);
    let (mut roller, mut valgte) = (0, 0);
    for (_, r) in nasjon.roller() {
        let alle = r.rollegrupper.iter().flat_map(|g| &g.roller);
        roller += alle.clone().count();
        valgte += alle.filter(|r| r.valgt_av.is_some()).count();
    }
    // 4 to 5 million for 1 170 637.
    naer("roles", andel(roller, n), 33_000..=43_000);
    naer("elected by someone", andel(valgte * 10, roller), 50..=200);
}

#[test]
fn deleted_and_removed_units_come_on_top() {
    use enhetsregisteret::modell::Enhetstype::Enhet;
    use syntetisk::Endring;
    let (mut slettet, mut fjernet) = (0, 0);
    for hendelse in nasjon().historie() {
        match hendelse.endring {
            Endring::Slettet(Enhet, _) => slettet += 1,
            Endring::Fjernet(Enhet, ..) => fjernet += 1,
            _ => {}
        }
    }
    naer("deleted", andel(slettet, 20_000), 700..=950);
    naer("removed", andel(fjernet, 20_000), 10..=40);
}
