//! The history and the present are two readings of the same lives.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use enhetsregisteret::endring::Endringstype;
use enhetsregisteret::modell::Enhetstype;
use syntetisk::{Endring, Hendelse, Nasjon, Oppsett};

fn json<T: serde::Serialize>(dokument: &T) -> String {
    serde_json::to_string(dokument).unwrap()
}

/// A register that believes what it is told.
#[derive(Default, PartialEq, Eq)]
struct Register {
    enheter: BTreeMap<u32, String>,
    underenheter: BTreeMap<u32, String>,
    roller: BTreeMap<u32, String>,
}

impl Register {
    fn ta(&mut self, hendelse: &Hendelse) {
        let nummer = |tekst: &str| tekst.parse::<u32>().unwrap();
        match &hendelse.endring {
            Endring::Enhet(e) => drop(self.enheter.insert(nummer(&e.organisasjonsnummer), json(e))),
            Endring::Underenhet(u) => drop(self.underenheter.insert(nummer(&u.organisasjonsnummer), json(u))),
            Endring::Slettet(Enhetstype::Enhet, s) => {
                drop(self.enheter.remove(&nummer(&s.organisasjonsnummer)));
            }
            Endring::Slettet(Enhetstype::Underenhet, s) => {
                self.underenheter.remove(&nummer(&s.organisasjonsnummer));
            }
            Endring::Fjernet(Enhetstype::Enhet, nr, _) => {
                self.enheter.remove(nr);
                self.roller.remove(nr);
            }
            Endring::Fjernet(Enhetstype::Underenhet, nr, _) => drop(self.underenheter.remove(nr)),
            Endring::Roller(nr, Some(roller)) => drop(self.roller.insert(*nr, json(roller))),
            Endring::Roller(nr, None) => drop(self.roller.remove(nr)),
        }
    }

    fn naa(nasjon: &Nasjon) -> Self {
        let nummer = |tekst: &str| tekst.parse::<u32>().unwrap();
        Self {
            enheter: nasjon.enheter().map(|e| (nummer(&e.organisasjonsnummer), json(&e))).collect(),
            underenheter: nasjon.underenheter().map(|u| (nummer(&u.organisasjonsnummer), json(&u))).collect(),
            roller: nasjon.roller().map(|(nr, r)| (nr, json(&r))).collect(),
        }
    }
}

fn sammenlign(fortalt: &BTreeMap<u32, String>, naa: &BTreeMap<u32, String>) {
    for (nummer, dokument) in naa {
        assert_eq!(fortalt.get(nummer), Some(dokument), "{nummer}");
    }
    assert_eq!(fortalt.len(), naa.len());
}

#[test]
fn the_history_applied_from_nothing_is_the_present() {
    for (fro, enheter, dato) in [(42, 1000, "2026-06-30"), (7, 3000, "2022-01-01"), (8, 1500, "2031-02-03")] {
        let nasjon = Nasjon::new(Oppsett { fro, enheter, dato: dato.parse().unwrap(), ..Oppsett::default() });
        let mut register = Register::default();
        nasjon.historie().for_each(|hendelse| register.ta(&hendelse));
        let naa = Register::naa(&nasjon);
        sammenlign(&register.enheter, &naa.enheter);
        sammenlign(&register.underenheter, &naa.underenheter);
        sammenlign(&register.roller, &naa.roller);
        assert_eq!(naa.enheter.len(), enheter as usize);
    }
}

#[test]
fn the_feed_is_in_order_of_time_and_within_its_years() {
    let nasjon = Nasjon::new(Oppsett { enheter: 2000, ..Oppsett::default() });
    let historie = nasjon.historie();
    let ventet = historie.len();
    let hendelser: Vec<_> = historie.map(|h| (h.at, h.slag)).collect();
    assert_eq!(hendelser.len(), ventet);
    assert!(hendelser.is_sorted_by_key(|h| h.0));
    let (foerste, siste) = (hendelser[0].0, hendelser[ventet - 1].0);
    assert_eq!(foerste.to_string(), "2018-08-14T05:01:31.544Z");
    assert!(siste.date_utc() <= nasjon.oppsett().dato, "{siste}");
    let antall = |slag| hendelser.iter().filter(|h| h.1 == slag).count();
    for slag in [
        Endringstype::Ukjent,
        Endringstype::Ny,
        Endringstype::Endring,
        Endringstype::Sletting,
        Endringstype::Fjernet,
    ] {
        assert!(antall(slag) > 0, "{slag:?}");
    }
    let aar: std::collections::BTreeSet<i16> = hendelser.iter().map(|h| h.0.date_utc().year()).collect();
    assert_eq!(aar.into_iter().collect::<Vec<_>>(), (2018..=2026).collect::<Vec<_>>());
}

#[test]
fn kinds_are_unknown_before_october_2019_and_told_after() {
    let nasjon = Nasjon::new(Oppsett { enheter: 1500, ..Oppsett::default() });
    for hendelse in nasjon.historie() {
        if matches!(hendelse.endring, Endring::Roller(..)) {
            continue;
        }
        let tidlig = hendelse.at.date_utc().to_string().as_str() < "2019-10-01";
        assert_eq!(hendelse.slag == Endringstype::Ukjent, tidlig, "{hendelse:?}");
        if !tidlig {
            let stemmer = match &hendelse.endring {
                Endring::Enhet(_) | Endring::Underenhet(_) => {
                    matches!(hendelse.slag, Endringstype::Ny | Endringstype::Endring)
                }
                Endring::Slettet(..) => hendelse.slag == Endringstype::Sletting,
                Endring::Fjernet(..) => hendelse.slag == Endringstype::Fjernet,
                Endring::Roller(..) => true,
            };
            assert!(stemmer, "{hendelse:?}");
        }
    }
}

#[test]
fn a_unit_is_new_once_and_nothing_happens_to_it_afterwards() {
    let nasjon = Nasjon::new(Oppsett { enheter: 2000, fro: 11, ..Oppsett::default() });
    // Alive, deleted, removed; by kind and number.
    let mut sett: BTreeMap<(bool, u32), u8> = BTreeMap::new();
    for hendelse in nasjon.historie() {
        let (nokkel, ny) = match &hendelse.endring {
            Endring::Enhet(e) => ((true, e.organisasjonsnummer.parse().unwrap()), 0),
            Endring::Underenhet(u) => ((false, u.organisasjonsnummer.parse().unwrap()), 0),
            Endring::Slettet(kind, s) => {
                ((*kind == Enhetstype::Enhet, s.organisasjonsnummer.parse().unwrap()), 1)
            }
            Endring::Fjernet(kind, nr, _) => ((*kind == Enhetstype::Enhet, *nr), 2),
            Endring::Roller(nr, roller) => {
                let tilstand = sett.get(&(true, *nr)).copied();
                let stemmer = if roller.is_some() { tilstand == Some(0) } else { tilstand < Some(2) };
                assert!(stemmer, "roles of {nr}: {tilstand:?}");
                continue;
            }
        };
        let foer = sett.insert(nokkel, ny);
        assert!(foer.unwrap_or(0) <= ny, "{nokkel:?} came back");
        assert_eq!(
            foer.is_none(),
            hendelse.slag == Endringstype::Ny || (foer.is_none() && hendelse.slag == Endringstype::Ukjent)
        );
    }
}

#[test]
fn deletion_dates_lie_before_their_publication() {
    let nasjon = Nasjon::new(Oppsett { enheter: 2000, ..Oppsett::default() });
    let mut antall = 0;
    for hendelse in nasjon.historie() {
        let dato = match &hendelse.endring {
            Endring::Slettet(_, s) => s.slettedato,
            Endring::Fjernet(_, _, dato) => *dato,
            _ => continue,
        };
        antall += 1;
        assert!(dato <= hendelse.at.date_utc() && dato.plus_days(2) > hendelse.at.date_utc());
    }
    assert!(antall > 150);
}

#[test]
fn batches_share_their_moment_and_the_twelfth_is_busy() {
    let nasjon = Nasjon::new(Oppsett { enheter: 6000, ..Oppsett::default() });
    let mut per_dag = [0u32; 32];
    let mut tidspunkter = std::collections::HashSet::new();
    let mut antall = 0;
    for hendelse in nasjon.historie().filter(|h| h.slag == Endringstype::Endring) {
        per_dag[usize::from(hendelse.at.date_utc().day().unsigned_abs())] += 1;
        tidspunkter.insert(hendelse.at);
        antall += 1;
    }
    let andre: u32 = (1..=28).filter(|d| *d != 12).map(|d| per_dag[d]).sum();
    assert!(per_dag[12] > 4 * andre / 27, "{per_dag:?}");
    assert!(tidspunkter.len() * 3 < antall, "{} moments for {antall}", tidspunkter.len());
}
