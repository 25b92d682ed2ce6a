//! The people: the same every time, nobody twice, families that agree, and books that can be believed.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeSet, HashMap, HashSet};

use folkeregisteret::modell::{
    ElleveSifre, Familierelasjontype as Rolle, Hendelsestype, Identifikatorstatuskode, Kjoenn,
    Persondokument, Personstatus, Relatert, Sivilstandstype,
};
use folkeregisteret::{Deler, Rettighetspakke};
use identifikator::Personidentifikator;
use serde_json::Value;
use syntetisk::{Nasjon, Oppsett};
use tid::Timestamp;

fn nasjon(personer: u32) -> Nasjon {
    Nasjon::new(Oppsett { personer, enheter: 1000, ..Oppsett::default() })
}

fn json(dokument: Persondokument) -> Vec<u8> {
    let mut ut = Vec::new();
    Rettighetspakke::OffentligMedHjemmel.filtrer(dokument, &Deler::alt()).skriv_json(&mut ut);
    ut
}

/// Calls `se` with every version of everybody: person, moment, document, kinds of events.
fn alle_versjoner(
    nasjon: &Nasjon,
    mut se: impl FnMut(u32, Timestamp, Option<&Persondokument>, &[Hendelsestype]),
) {
    for nr in 0..nasjon.grender() {
        let grend = nasjon.grend(nr);
        for i in 0..grend.antall() {
            let mut versjoner = grend.versjoner(i);
            while let Some(versjon) = versjoner.next() {
                let slag: Vec<_> = versjon.hendelser.iter().map(|h| h.hendelsestype).collect();
                se(grend.personnummer(i), versjon.at, versjon.dokument, &slag);
            }
        }
    }
}

fn dagens(nasjon: &Nasjon) -> Vec<(u32, Persondokument)> {
    let mut ut = Vec::new();
    for nr in 0..nasjon.grender() {
        let grend = nasjon.grend(nr);
        ut.extend(
            (0..grend.antall()).filter_map(|i| Some((grend.personnummer(i), grend.versjoner(i).siste()?))),
        );
    }
    ut
}

/// FNV-1a, 64 bits.
fn avtrykk(h: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(h, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3))
}

fn avtrykk_av(nasjon: &Nasjon) -> u64 {
    let mut h = 0xcbf2_9ce4_8422_2325;
    alle_versjoner(nasjon, |person, at, dokument, slag| {
        h = avtrykk(h, format!("{person} {at} {slag:?}").as_bytes());
        if let Some(dokument) = dokument {
            h = avtrykk(h, &json(dokument.clone()));
        }
    });
    h
}

/// The people must not change unnoticed: who changes them on purpose writes the new figure here.
#[test]
fn the_books_of_seed_42_are_pinned() {
    let nasjon = nasjon(1000);
    let h = avtrykk_av(&nasjon);
    assert_eq!(h, avtrykk_av(&nasjon));
    assert_eq!(h, PINNED, "{h:#x}");
    let annen = Nasjon::new(Oppsett { fro: 43, personer: 1000, enheter: 1000, ..Oppsett::default() });
    assert_ne!(h, avtrykk_av(&annen));
}

const PINNED: u64 = 0x45e3_50f5_50bc_ea88;

#[test]
fn the_last_version_is_the_document_of_today() {
    let nasjon = nasjon(2000);
    let mut sist: HashMap<u32, Option<Vec<u8>>> = HashMap::new();
    alle_versjoner(&nasjon, |person, _, dokument, _| {
        sist.insert(person, dokument.map(|d| json(d.clone())));
    });
    assert_eq!(sist.len(), 2000);
    let naa: HashMap<u32, Vec<u8>> = dagens(&nasjon).into_iter().map(|(p, d)| (p, json(d))).collect();
    for (person, dokument) in sist {
        assert_eq!(naa.get(&person), dokument.as_ref(), "{person}");
    }
}

/// What differs between two versions, by entity.
fn ulike(foer: &Value, etter: &Value) -> BTreeSet<String> {
    let navn = |v: &Value| v.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    navn(foer)
        .union(&navn(etter))
        .filter(|n| foer.get(n.as_str()) != etter.get(n.as_str()))
        .cloned()
        .collect()
}

#[test]
fn whatever_changes_is_told_by_an_event_that_names_it() {
    let nasjon = nasjon(20_000);
    let (mut sett, mut uten_innhold) = (0, 0);
    for nr in 0..nasjon.grender() {
        let grend = nasjon.grend(nr);
        for i in 0..grend.antall() {
            let (mut versjoner, mut foer) = (grend.versjoner(i), None);
            while let Some(versjon) = versjoner.next() {
                let Some(dokument) = versjon.dokument else { break };
                let etter: Value = serde_json::from_slice(&json(dokument.clone())).unwrap();
                if let Some(foer) = foer.replace(etter.clone()) {
                    let endringer = versjon.hendelser.iter().flat_map(|h| &h.egenskapshendelse);
                    let fortalt: BTreeSet<_> = endringer.map(|e| e.entitet.navn().to_owned()).collect();
                    let ulike = ulike(&foer, &etter);
                    let ufortalt: Vec<_> = ulike.difference(&fortalt).collect();
                    assert!(ufortalt.is_empty(), "{} keeps quiet about {ufortalt:?}", versjon.person);
                    sett += ulike.len();
                    uten_innhold += u32::from(ulike.is_empty());
                }
            }
        }
    }
    assert!(sett > 30_000 && uten_innhold < 4000, "{sett} changes, {uten_innhold} versions without any");
}

#[test]
fn the_history_in_order_of_time_tells_every_version() {
    let nasjon = nasjon(1500);
    let mut ventet = Vec::new();
    alle_versjoner(&nasjon, |person, at, dokument, slag| {
        ventet.push((at, person, slag.to_vec(), dokument.map(|d| json(d.clone()))));
    });
    ventet.sort_by_key(|v| (v.0, v.1));
    let historie = nasjon.personhistorie();
    assert_eq!(historie.len(), ventet.len());
    for (endring, ventet) in historie.zip(&ventet) {
        let slag: Vec<_> = endring.hendelser.iter().map(|h| h.hendelsestype).collect();
        assert_eq!((endring.at, endring.person, &slag), (ventet.0, ventet.1, &ventet.2));
        assert_eq!(endring.dokument.map(|d| json(*d)), ventet.3);
    }
}

#[test]
fn no_two_have_one_number_and_all_are_synthetic() {
    let nasjon = nasjon(200_000);
    let mut sett: HashMap<Personidentifikator, u32> = HashMap::new();
    let (mut delte, mut dnumre) = (0, [0u32; 2]);
    for (person, dokument) in dagens(&nasjon) {
        let mut i_bruk = 0;
        for nummer in &dokument.identifikasjonsnummer {
            let n = nummer.foedsels_eller_d_nummer;
            assert_eq!(n.syntetisk(), Some(identifikator::Syntetisk::Skatteetaten));
            let gjelder = nummer.meta.er_gjeldende == Some(true);
            assert!(
                !gjelder
                    || nummer.status == Identifikatorstatuskode::IBruk
                    || status(&dokument) == Personstatus::Opphoert
            );
            i_bruk += u32::from(nummer.status == Identifikatorstatuskode::IBruk);
            if n.slag() == identifikator::Slag::DNummer {
                let utvidet = match dokument.foedsel[0].foedselsaar.aar() {
                    1940..=1999 => (600..900).contains(&n.individnummer()),
                    2000.. => n.individnummer() < 500,
                    _ => false,
                };
                dnumre[usize::from(utvidet)] += 1;
            }
            // A number that was merged away is its survivor's, and nobody else's.
            delte += u32::from(sett.insert(n, person).is_some());
        }
        let opphoert = status(&dokument) == Personstatus::Opphoert;
        assert_eq!(i_bruk, u32::from(!opphoert), "{person}");
    }
    assert_eq!(delte, 0);
    assert!(sett.len() > 200_000 && dnumre[0] > 5000 && dnumre[1] > 500, "{} {dnumre:?}", sett.len());
}

fn status(dokument: &Persondokument) -> Personstatus {
    let gjeldende = dokument.status.iter().find(|s| s.meta.er_gjeldende == Some(true));
    gjeldende.unwrap().status
}

/// Everybody of today by every number they have or had.
struct Register {
    folk: HashMap<u32, Persondokument>,
    av_nummer: HashMap<Personidentifikator, u32>,
}

impl Register {
    fn av(nasjon: &Nasjon) -> Self {
        let folk: HashMap<u32, Persondokument> = dagens(nasjon).into_iter().collect();
        let numre = folk
            .iter()
            .flat_map(|(p, d)| d.identifikasjonsnummer.iter().map(move |n| (n.foedsels_eller_d_nummer, *p)));
        Self { av_nummer: numre.collect(), folk }
    }

    /// Those to whom somebody is related in a role, history included.
    fn slekt(&self, person: u32, roller: &[Rolle]) -> HashSet<u32> {
        let relasjoner = self.folk[&person].familierelasjon.iter();
        relasjoner
            .filter(|r| roller.contains(&r.relatert_persons_rolle))
            .filter_map(|r| match &r.relatert {
                Relatert::RelatertPerson(n) => self.av_nummer.get(n).copied(),
                Relatert::RelatertPersonUtenFolkeregisteridentifikator(_) => None,
            })
            .collect()
    }

    fn foedt(&self, person: u32) -> i32 {
        self.folk[&person].foedsel[0].foedselsdato.unwrap().days_since_epoch()
    }
}

#[test]
fn families_agree_with_each_other() {
    let register = Register::av(&nasjon(20_000));
    let (mut barn_sett, mut ektefeller, mut unge_uten_mor, mut unge) = (0, 0, 0, 0);
    for (person, dokument) in &register.folk {
        for barn in register.slekt(*person, &[Rolle::Barn]) {
            let foreldre = register.slekt(barn, &[Rolle::Mor, Rolle::Far, Rolle::Medmor]);
            assert!(foreldre.contains(person), "{barn} does not know {person}");
            let alder = (register.foedt(barn) - register.foedt(*person)) / 365;
            assert!((15..=75).contains(&alder), "{person} was {alder}");
            barn_sett += 1;
        }
        for forelder in register.slekt(*person, &[Rolle::Mor, Rolle::Far, Rolle::Medmor]) {
            assert!(
                register.slekt(forelder, &[Rolle::Barn]).contains(person),
                "{forelder} does not know {person}"
            );
        }
        for mor in register.slekt(*person, &[Rolle::Mor]) {
            assert_eq!(register.folk[&mor].kjoenn[0].kjoenn, Kjoenn::Kvinne);
            let doed = register.folk[&mor].doedsfall.as_ref().and_then(|d| d.doedsdato);
            let foedt = register.foedt(*person);
            assert!(doed.is_none_or(|d| d.days_since_epoch() >= foedt), "{mor} was dead");
        }
        for ektefelle in register.slekt(*person, &[Rolle::EktefelleEllerPartner]) {
            assert!(register.slekt(ektefelle, &[Rolle::EktefelleEllerPartner]).contains(person));
            assert_ne!(ektefelle, *person);
            ektefeller += 1;
        }
        gift_med_noen_som_er_gift(&register, *person, dokument);
        if dokument.foedsel[0].foedselsaar.aar() > 1985 && !dokument.foedsel_i_norge.is_empty() {
            unge += 1;
            unge_uten_mor += u32::from(register.slekt(*person, &[Rolle::Mor]).is_empty());
        }
    }
    assert!(barn_sett > 8000 && ektefeller > 4000, "{barn_sett} {ektefeller}");
    assert!(unge_uten_mor * 20 < unge, "{unge_uten_mor} of {unge} young ones have no mother");
}

/// The spouse of today is married to the one who is married to them.
fn gift_med_noen_som_er_gift(register: &Register, person: u32, dokument: &Persondokument) {
    let naa = |d: &Persondokument| {
        d.sivilstand.iter().find(|s| s.meta.er_gjeldende == Some(true)).cloned().unwrap()
    };
    let min = naa(dokument);
    let gift = matches!(min.sivilstand, Sivilstandstype::Gift | Sivilstandstype::RegistrertPartner);
    let med = min.relatert_ved_sivilstand.and_then(ElleveSifre::personidentifikator);
    let Some(med) = med.and_then(|n| register.av_nummer.get(&n)).filter(|_| gift) else { return };
    if status(dokument) == Personstatus::Doed || status(&register.folk[med]) == Personstatus::Doed {
        return;
    }
    let deres = naa(&register.folk[med]);
    assert_eq!(min.sivilstand, deres.sivilstand, "{person} and {med}");
    assert_eq!(min.sivilstandsdato, deres.sivilstandsdato);
    let tilbake = deres.relatert_ved_sivilstand.and_then(ElleveSifre::personidentifikator);
    assert_eq!(tilbake.and_then(|n| register.av_nummer.get(&n)), Some(&person));
}

/// Whether at most one of a list holds now, and the list goes from the newest to the oldest.
macro_rules! sjekk_liste {
    ($dokument:expr, $($felt:ident),*) => {
        $(
            let gjeldende = $dokument.$felt.iter().filter(|v| v.meta.er_gjeldende == Some(true)).count();
            assert!(gjeldende <= 1, "{} current {}", gjeldende, stringify!($felt));
            assert!(
                $dokument.$felt.iter().filter_map(|v| v.meta.gyldighetstidspunkt).is_sorted_by(|a, b| a >= b),
                "{} out of order", stringify!($felt)
            );
        )*
    };
}

#[test]
fn time_never_goes_backwards_and_one_value_holds_at_a_time() {
    let nasjon = nasjon(5000);
    let idag = Timestamp::start_of(nasjon.oppsett().dato);
    let mut forrige: (u32, Timestamp) = (u32::MAX, Timestamp::default());
    let (mut sluttet, mut antall) = (false, 0);
    alle_versjoner(&nasjon, |person, at, dokument, slag| {
        antall += 1;
        assert!(at < idag && !slag.is_empty(), "{person}");
        if forrige.0 == person {
            assert!(forrige.1 <= at, "{person} goes back in time");
            assert!(!sluttet, "something comes after the end of {person}");
        }
        forrige = (person, at);
        sluttet = dokument.is_none();
        let Some(d) = dokument else { return };
        sjekk_liste!(d, status, kjoenn, sivilstand, navn, bostedsadresse, oppholdsadresse, delt_bosted);
        sjekk_liste!(d, postadresse, postadresse_i_utlandet, adressebeskyttelse, identitetsgrunnlag);
        assert!(d.status.iter().any(|s| s.meta.er_gjeldende == Some(true)), "{person} has no status");
        assert!(!d.identifikasjonsnummer.is_empty());
        let fremtid = d
            .bostedsadresse
            .iter()
            .filter_map(|b| b.meta.ajourholdstidspunkt)
            .any(|m| m.timestamp() > at.plus_millis(86_400_000));
        assert!(!fremtid, "{person} knows tomorrow");
    });
    // About three versions for each person.
    assert!((11_000..20_000).contains(&antall), "{antall} versions of 5000 persons");
}

#[test]
fn every_document_is_one_by_the_model() {
    let nasjon = nasjon(3000);
    alle_versjoner(&nasjon, |person, _, dokument, _| {
        let Some(dokument) = dokument else { return };
        for pakke in [Rettighetspakke::OffentligMedHjemmel, Rettighetspakke::Svalbard] {
            let mut ut = Vec::new();
            let svar = pakke.filtrer(dokument.clone(), &Deler::alt());
            svar.skriv_json(&mut ut);
            let lest = Persondokument::fra_json(&ut).unwrap();
            assert!(lest == *svar.dokument(), "{person}");
        }
    });
}

#[test]
fn a_small_today_and_a_late_one_work_too() {
    for dato in ["2022-01-01", "2031-02-03"] {
        let dato = dato.parse().unwrap();
        let nasjon = Nasjon::new(Oppsett { personer: 3000, enheter: 1000, dato, ..Oppsett::default() });
        let mut antall = 0;
        alle_versjoner(&nasjon, |_, at, _, _| {
            antall += 1;
            assert!(at < Timestamp::start_of(dato));
        });
        assert!(antall >= 3000);
        assert_eq!(nasjon.grender(), 6);
    }
}

/// Date of birth, names in capitals, dead or not.
type Innehaver = (tid::Date, String, String, bool);

#[test]
fn holders_of_roles_are_these_people_and_deaths_end_roles() {
    let nasjon = Nasjon::new(Oppsett { enheter: 3000, ..Oppsett::default() });
    let mut folk: HashMap<Innehaver, i32> = HashMap::new();
    for (_, d) in dagens(&nasjon) {
        let Some(navn) = d.navn.iter().find(|n| n.meta.er_gjeldende == Some(true)) else { continue };
        let doed = d.doedsfall.as_ref().and_then(|d| d.doedsdato).map(tid::Date::days_since_epoch);
        let fornavn = [&*navn.fornavn, navn.mellomnavn.as_deref().unwrap_or_default()].join("|");
        let en = (d.foedsel[0].foedselsdato.unwrap(), fornavn, navn.etternavn.to_string(), doed.is_some());
        folk.insert(en, doed.unwrap_or(i32::MAX));
    }
    let idag = nasjon.oppsett().dato.days_since_epoch();
    let (mut antall, mut doede, mut uten_avloesning) = (0, 0, 0);
    for (nummer, roller) in nasjon.roller() {
        for gruppe in &roller.rollegrupper {
            for person in gruppe.roller.iter().filter_map(|r| r.person.as_ref()) {
                let n = &person.navn;
                let fornavn =
                    [n.fornavn.to_uppercase(), n.mellomnavn.clone().unwrap_or_default().to_uppercase()]
                        .join("|");
                let en = (person.fodselsdato, fornavn, n.etternavn.to_uppercase(), person.er_doed);
                let doed = folk
                    .get(&en)
                    .unwrap_or_else(|| panic!("a holder in {nummer} is not in the other register"));
                antall += 1;
                doede += u32::from(person.er_doed);
                let lenge = doed.saturating_add(125) < idag;
                uten_avloesning += u32::from(lenge && !matches!(gruppe.type_.kode.as_str(), "INNH" | "KENK"));
            }
        }
    }
    assert!(antall > 5000 && doede > 10, "{antall} holders, {doede} dead");
    // The case that shows a dead board member stands as it is.
    assert!(uten_avloesning <= 1, "{uten_avloesning} dead holders of roles were not followed by anybody");
}

#[test]
fn a_death_is_told_by_both_registers() {
    use syntetisk::Endring;
    let nasjon = Nasjon::new(Oppsett { enheter: 2000, ..Oppsett::default() });
    let mut doede: HashMap<(tid::Date, String), i32> = HashMap::new();
    alle_versjoner(&nasjon, |_, _, dokument, slag| {
        if let Some(d) = dokument.filter(|_| slag.contains(&Hendelsestype::PersonErDoed)) {
            let dag = d.doedsfall.as_ref().unwrap().doedsdato.unwrap().days_since_epoch();
            doede.insert((d.foedsel[0].foedselsdato.unwrap(), d.navn[0].etternavn.to_string()), dag);
        }
    });
    let mut merket = 0;
    for hendelse in nasjon.historie() {
        let Endring::Roller(_, Some(roller)) = &hendelse.endring else { continue };
        for person in roller.rollegrupper.iter().flat_map(|g| &g.roller).filter_map(|r| r.person.as_ref()) {
            let doed = doede.get(&(person.fodselsdato, person.navn.etternavn.to_uppercase()));
            let fortalt = hendelse.at.date_utc().days_since_epoch();
            if let Some(doed) = doed.filter(|d| **d > 18_600 && person.er_doed) {
                assert!(fortalt > *doed, "told before it happened");
                merket += 1;
            }
        }
    }
    assert!(merket > 20, "{merket} holders were marked as dead");
}
