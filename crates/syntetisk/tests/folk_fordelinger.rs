//! The people are shaped like the real ones: what befalls them, for each thousand residents and year.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use folkeregisteret::modell::{Persondokument, Personstatus, Sivilstandstype};
use syntetisk::{Nasjon, Oppsett};
use tid::Date;

/// Whole years that the feed tells of.
const AAR: RangeInclusive<i16> = 2021..=2025;

fn innenfor(dag: Option<Date>) -> bool {
    dag.is_some_and(|dag| AAR.contains(&dag.year()))
}

/// What a document of today says about the years.
fn tell(d: &Persondokument, mut sett: impl FnMut(&'static str, usize)) {
    let status = d.status.iter().find(|s| s.meta.er_gjeldende == Some(true)).unwrap().status;
    sett("resident", usize::from(status == Personstatus::Bosatt));
    let bodde = d.status.iter().any(|s| s.status == Personstatus::Bosatt);
    sett("dead", usize::from(bodde && d.doedsfall.as_ref().is_some_and(|v| innenfor(v.doedsdato))));
    sett("born", usize::from(bodde && !d.foedsel_i_norge.is_empty() && innenfor(d.foedsel[0].foedselsdato)));
    let sivilstand =
        |slag| d.sivilstand.iter().filter(|s| s.sivilstand == slag && innenfor(s.sivilstandsdato)).count();
    sett("married", sivilstand(Sivilstandstype::Gift));
    sett("divorced", sivilstand(Sivilstandstype::Skilt));
    sett("moved abroad", d.utflytting.iter().filter(|u| innenfor(u.utflyttingsdato)).count());
    let gyldig = |m: Option<tid::Moment>| innenfor(m.map(|m| m.timestamp().date_oslo()));
    let innflyttinger = d.innflytting.iter().filter(|i| gyldig(i.meta.gyldighetstidspunkt)).count();
    sett("moved here", innflyttinger);
    let flyttinger = d.bostedsadresse.iter().filter(|b| innenfor(b.flyttedato)).count();
    sett("moved within the country", flyttinger.saturating_sub(innflyttinger));
}

#[test]
fn what_befalls_people_is_as_frequent_as_in_the_country() {
    let nasjon = Nasjon::new(Oppsett { personer: 60_000, enheter: 1000, ..Oppsett::default() });
    let mut antall: BTreeMap<&str, usize> = BTreeMap::new();
    for nr in 0..nasjon.grender() {
        let grend = nasjon.grend(nr);
        for i in 0..grend.antall() {
            if let Some(d) = grend.versjoner(i).siste() {
                tell(&d, |hva, n| *antall.entry(hva).or_default() += n);
            }
        }
    }
    let innbyggeraar = antall["resident"] as f64 * AAR.count() as f64 / 1000.0;
    // Statistics Norway's key figures of the population for 2021 to 2025, for each thousand inhabitants; a marriage and a
    // divorce have two parties. The bounds are wide, for this is a nation to test with.
    for (hva, fra, til) in [
        ("born", 7.0, 13.0),
        ("dead", 6.0, 11.0),
        ("married", 4.0, 11.0),
        ("divorced", 2.0, 6.0),
        ("moved here", 6.0, 18.0),
        ("moved abroad", 3.0, 11.0),
        ("moved within the country", 90.0, 170.0),
    ] {
        let rate = antall[hva] as f64 / innbyggeraar;
        println!("{hva}: {rate:.1}");
        assert!((fra..=til).contains(&rate), "{hva}: {rate:.1} of a thousand a year");
    }
    // The real register: six million with a fødselsnummer and 1.6 million with a D-number (sheet section 14), of whom 5.5
    // million are resident.
    let bosatte = antall["resident"] as f64 / 60_000.0;
    assert!((0.55..0.8).contains(&bosatte), "{bosatte:.2} are resident");
}
