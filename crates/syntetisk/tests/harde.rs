//! Every documented state is in every nation, from the smallest on.

use std::collections::{BTreeSet, HashMap, HashSet};

use enhetsregisteret::endring::Endringstype;
use enhetsregisteret::modell::rolle::{Rolle, Rollegruppe};
use enhetsregisteret::modell::{Enhet, Enhetstype, Underenhet};
use syntetisk::{Endring, Nasjon, Oppsett};

fn i_begge_stoerrelser(sjekk: fn(&Nasjon)) {
    for (fro, enheter) in [(42, 1000), (42, 12_000), (1, 1000)] {
        sjekk(&Nasjon::new(Oppsett { fro, enheter, ..Oppsett::default() }));
    }
}

type Sjekk<T> = (&'static str, fn(&T) -> bool);

fn alle_finnes<T>(liste: &[T], sjekker: &[Sjekk<T>]) {
    for (hva, er) in sjekker {
        assert!(liste.iter().any(er), "no one {hva}");
    }
}

const ENHETER: &[Sjekk<Enhet>] = &[
    ("without a number of employees", |e| !e.har_registrert_antall_ansatte && e.antall_ansatte.is_none()),
    ("with 0 employees", |e| e.antall_ansatte == Some(0) && e.har_registrert_antall_ansatte),
    ("with 1 employee", |e| e.antall_ansatte == Some(1)),
    ("with 4 employees", |e| e.antall_ansatte == Some(4)),
    ("with 5 employees", |e| e.antall_ansatte == Some(5)),
    ("with thousands", |e| e.antall_ansatte > Some(5000)),
    ("with three codes and a helper code", |e| e.naeringskode3.is_some() && e.hjelpeenhetskode.is_some()),
    ("with two codes", |e| e.naeringskode2.is_some() && e.naeringskode3.is_none()),
    ("without a code", |e| e.naeringskode1.is_none() && e.organisasjonsform.kode == "AS"),
    ("whose industry is not stated", |e| e.naeringskode1.as_ref().is_some_and(|k| k.kode == "00.000")),
    ("bankrupt with date", |e| e.konkurs && e.konkursdato.is_some()),
    ("bankrupt without date", |e| e.konkurs && e.konkursdato.is_none()),
    ("wound up with date", |e| e.under_avvikling && e.under_avvikling_dato.is_some()),
    ("wound up without date", |e| e.under_avvikling && e.under_avvikling_dato.is_none()),
    ("not deleted in time", |e| e.tvangsavviklet_pga_manglende_sletting_dato.is_some()),
    ("lacking a director", |e| e.tvangsopplost_pga_manglende_daglig_leder_dato.is_some()),
    ("lacking an auditor", |e| e.tvangsopplost_pga_manglende_revisor_dato.is_some()),
    ("lacking accounts", |e| e.tvangsopplost_pga_manglende_regnskap_dato.is_some()),
    ("lacking a board", |e| e.tvangsopplost_pga_mangelfullt_styre_dato.is_some()),
    ("under reconstruction", |e| e.under_rekonstruksjonsforhandling_dato.is_some()),
    ("insolvent abroad", |e| e.under_utenlandsk_insolvensbehandling_dato.is_some()),
    ("nynorsk", |e| e.maalform == "Nynorsk"),
    ("bokmål", |e| e.maalform == "Bokmål"),
    ("abroad", |e| e.forretningsadresse.as_ref().is_some_and(|a| a.landkode.as_deref() != Some("NO"))),
    ("with mail abroad", |e| e.postadresse.as_ref().is_some_and(|a| a.landkode.as_deref() != Some("NO"))),
    ("without business address", |e| e.forretningsadresse.is_none()),
    ("on Svalbard", |e| {
        e.forretningsadresse.as_ref().is_some_and(|a| a.kommunenummer.as_deref() == Some("2100"))
    }),
    ("with five earlier names", |e| e.historiske_navn.len() == 5),
    ("in Partiregisteret", |e| e.registrert_i_partiregisteret == Some(true)),
    ("in Frivillighetsregisteret", |e| e.registrert_i_frivillighetsregisteret),
    ("in Stiftelsesregisteret", |e| e.registrert_i_stiftelsesregisteret),
    ("in a group", |e| e.er_i_konsern == Some(true)),
    ("without audit", |e| e.fravalg_revisjon_dato.is_some() && e.fravalg_revisjon_beslutnings_dato.is_some()),
    ("with more shares than 32 bits", |e| {
        let aksjer = e.kapital.as_ref().and_then(|k| k.antall_aksjer.as_ref());
        aksjer.is_some_and(|a| a.get().parse::<u64>().is_ok_and(|n| n > u64::from(u32::MAX)))
    }),
    ("with capital in another currency", |e| e.kapital.as_ref().is_some_and(|k| k.valuta == "EUR")),
    ("with Grunnkapital", |e| e.kapital.as_ref().is_some_and(|k| k.type_ == "Grunnkapital")),
    ("with Kapital", |e| e.kapital.as_ref().is_some_and(|k| k.type_ == "Kapital")),
    ("from abroad", |e| {
        e.foretaksform_i_hjemlandet.is_some() && e.registreringsnummer_i_hjemlandet.is_some()
    }),
    ("with web address and scheme", |e| e.hjemmeside.as_ref().is_some_and(|h| h.starts_with("https://"))),
    ("with shouting web address", |e| e.hjemmeside.as_ref().is_some_and(|h| h.starts_with("WWW."))),
    ("with garbage for a web address", |e| e.hjemmeside.as_ref().is_some_and(|h| h.contains(' '))),
    ("with two remarks", |e| e.paategninger.as_ref().is_some_and(|p| p.len() == 2)),
    ("that lets farm land", |e| {
        e.frivillig_mva_registrert_beskrivelser == ["Bortforpakter av landbrukseiendom"]
    }),
    ("that lets premises", |e| e.frivillig_mva_registrert_beskrivelser == ["Utleier av bygg eller anlegg"]),
    ("that lets both", |e| e.frivillig_mva_registrert_beskrivelser.len() == 2),
];

#[test]
fn main_units() {
    i_begge_stoerrelser(|nasjon| {
        let enheter: Vec<Enhet> = nasjon.enheter().collect();
        alle_finnes(&enheter, ENHETER);
        let sektorer: BTreeSet<_> = enheter
            .iter()
            .filter_map(|e| e.institusjonell_sektorkode.as_ref())
            .map(|k| k.kode.as_str())
            .collect();
        for rad in kodeverk::sektorkoder::alle() {
            assert!(sektorer.contains(rad.kode), "sector {}", rad.kode);
        }
        let infotyper: BTreeSet<_> = enheter
            .iter()
            .filter_map(|e| e.paategninger.as_ref())
            .flatten()
            .map(|p| p.infotype.as_str())
            .collect();
        assert!(infotyper.is_superset(&["DAGL", "FADR", "FFØR", "KONT", "NAVN", "REPR", "SAM"].into()));
    });
}

#[test]
fn every_form() {
    i_begge_stoerrelser(|nasjon| {
        let levende: HashSet<String> = nasjon.enheter().map(|e| e.organisasjonsform.kode).collect();
        let mut slettede = HashMap::new();
        for hendelse in nasjon.historie() {
            if let Endring::Slettet(Enhetstype::Enhet, s) = hendelse.endring {
                slettede.insert(s.organisasjonsform.kode.clone(), s.organisasjonsform.utgaatt);
            }
        }
        for form in kodeverk::organisasjonsformer::alle().iter().filter(|f| f.gjelder_enheter) {
            let finnes =
                if form.i_listen { levende.contains(form.kode) } else { slettede.contains_key(form.kode) };
            assert!(finnes, "form {}", form.kode);
        }
        assert_eq!(slettede["UTBG"].map(|d| d.to_string()).as_deref(), Some("2017-07-17"));
    });
}

const UNDERENHETER: &[Sjekk<Underenhet>] = &[
    ("of a trader", |u| u.organisasjonsform.kode == "BEDR"),
    ("of a non-trader", |u| u.organisasjonsform.kode == "AAFY"),
    ("with a new owner", |u| u.dato_eierskifte.is_some()),
    ("that has closed", |u| u.nedleggelsesdato.is_some()),
    ("with earlier names", |u| u.historiske_navn.len() >= 2),
    ("with 0 employees", |u| u.antall_ansatte == Some(0)),
    ("with 1 employee", |u| u.antall_ansatte == Some(1)),
    ("with 5 employees or more", |u| u.antall_ansatte >= Some(5)),
    ("without a number of employees", |u| !u.har_registrert_antall_ansatte),
    ("with an address of its own for mail", |u| u.postadresse.is_some()),
    ("with a web address", |u| u.hjemmeside.is_some()),
];

#[test]
fn sub_units() {
    i_begge_stoerrelser(|nasjon| alle_finnes(&nasjon.underenheter().collect::<Vec<_>>(), UNDERENHETER));
}

const ROLLER: &[Sjekk<Rolle>] = &[
    ("with 50%", |r| r.ansvarsandel.as_deref() == Some("50%") && r.type_.kode == "DTPR"),
    ("with a third", |r| r.ansvarsandel.as_deref() == Some("1/3")),
    ("with decimals", |r| r.ansvarsandel.as_deref() == Some("33,34%")),
    ("that resigned", |r| r.fratraadt),
    ("that is de-registered", |r| r.avregistrert && r.enhet.is_some()),
    ("that is dead", |r| r.person.as_ref().is_some_and(|p| p.er_doed)),
    ("with a middle name", |r| r.person.as_ref().is_some_and(|p| p.navn.mellomnavn.is_some())),
    ("whose name has two lines", |r| r.enhet.as_ref().is_some_and(|e| e.navn.len() == 2)),
    ("held by an auditor that is a unit", |r| r.type_.kode == "REVI" && r.enhet.is_some()),
    ("of a person who goes bankrupt", |r| r.type_.kode == "KENK" && r.person.is_some()),
    ("in a deleted unit", |r| r.enhet.as_ref().is_some_and(|e| e.er_slettet)),
];

#[test]
fn roles() {
    i_begge_stoerrelser(|nasjon| {
        let grupper: Vec<Rollegruppe> = nasjon.roller().flat_map(|(_, r)| r.rollegrupper).collect();
        let koder: HashSet<&str> = grupper.iter().map(|g| g.type_.kode.as_str()).collect();
        for rad in kodeverk::rollegruppetyper::aapne() {
            assert!(koder.contains(rad.kode), "group {}", rad.kode);
        }
        let roller: Vec<Rolle> = grupper.into_iter().flat_map(|g| g.roller).collect();
        let typer: HashSet<&str> = roller.iter().map(|r| r.type_.kode.as_str()).collect();
        for rad in kodeverk::rolletyper::alle().iter().filter(|r| r.i_aapne_data) {
            assert!(typer.contains(rad.kode), "role {}", rad.kode);
        }
        let valgt: HashSet<&str> =
            roller.iter().filter_map(|r| r.valgt_av.as_ref()).map(|k| k.kode.as_str()).collect();
        for rad in kodeverk::representanter::alle() {
            assert!(valgt.contains(rad.kode), "elected by {}", rad.kode);
        }
        alle_finnes(&roller, ROLLER);
    });
}

#[test]
fn lives() {
    i_begge_stoerrelser(|nasjon| {
        let mut sett: HashSet<(Enhetstype, Endringstype)> = HashSet::new();
        let (mut slettede, mut slettet_saa_fjernet) = (HashSet::new(), 0);
        let mut endringer: HashMap<String, u32> = HashMap::new();
        let mut uten_roller = 0;
        for hendelse in nasjon.historie() {
            match hendelse.endring {
                Endring::Enhet(e) => {
                    sett.insert((Enhetstype::Enhet, hendelse.slag));
                    *endringer.entry(e.organisasjonsnummer).or_default() += 1;
                }
                Endring::Underenhet(_) => drop(sett.insert((Enhetstype::Underenhet, hendelse.slag))),
                Endring::Slettet(kind, s) => {
                    sett.insert((kind, hendelse.slag));
                    slettede.insert(s.organisasjonsnummer.parse::<u32>().unwrap());
                }
                Endring::Fjernet(kind, nr, _) => {
                    sett.insert((kind, hendelse.slag));
                    slettet_saa_fjernet += u32::from(slettede.contains(&nr));
                }
                Endring::Roller(_, roller) => uten_roller += u32::from(roller.is_none()),
            }
        }
        for kind in Enhetstype::ALLE {
            for slag in [
                Endringstype::Ukjent,
                Endringstype::Ny,
                Endringstype::Endring,
                Endringstype::Sletting,
                Endringstype::Fjernet,
            ] {
                assert!(sett.contains(&(kind, slag)), "{kind:?} {slag:?}");
            }
        }
        assert!(slettet_saa_fjernet > 0 && uten_roller > 0);
        // The first slot: every kind of change.
        assert!(endringer["300000002"] > 20, "{}", endringer["300000002"]);
    });
}

#[test]
fn properties() {
    i_begge_stoerrelser(|nasjon| {
        let matrikkel: Vec<_> = nasjon.matrikkel().collect();
        assert!(
            matrikkel.iter().any(|m| m.festenr.is_some()) && matrikkel.iter().any(|m| m.festenr.is_none())
        );
        assert!(matrikkel.iter().any(|m| m.rekkefolge > 1));
        let ider: HashSet<u64> = matrikkel.iter().map(|m| m.matrikkelenhetid).collect();
        assert_eq!(ider.len(), matrikkel.len());
    });
}
