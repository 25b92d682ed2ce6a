//! Every documented state of a person, and every kind of event, is in the demo nation: counted by the code lists.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use folkeregisteret::Rettighetspakke;
use folkeregisteret::modell::{
    Adressegradering, Bibehold, Bosted, Bruksenhetstype, DeltBostedValg, Doedsbokontakt, Entitetsendring,
    Familierelasjontype, Foreldreansvarstype, ForholdTilSametingetsValgmanntall, Hendelsestype,
    Identifikatorstatuskode, Identitetsgrunnlagstatus, OppholdAnnetSted, Oppholdssted,
    Oppholdstillatelsetype, OppholdsvarighetType, Persondokument, Personstatus, Relatert, RettIdentitet,
    SamiskSpraakType, Sivilstandstype, Skifteform, Vergemaalsomfang, Vergemaaltype,
};
use kodeverk::folkeregisteret::{identifikasjonsdokumenttype, identifikasjonsnummertype, vergetjenester};
use syntetisk::{Nasjon, Oppsett};

/// What was seen, by kind, and how often.
#[derive(Default)]
struct Sett(BTreeMap<String, u32>);

impl Sett {
    fn se(&mut self, hva: impl Into<String>) {
        *self.0.entry(hva.into()).or_default() += 1;
    }

    fn antall(&self, hva: &str) -> u32 {
        self.0.get(hva).copied().unwrap_or_default()
    }

    /// Fails on the first of these that was not seen.
    fn alle<T: std::fmt::Display>(&self, liste: &str, verdier: &[T]) {
        for verdi in verdier {
            assert!(self.antall(&format!("{liste} {verdi}")) > 0, "no {liste} {verdi}");
        }
    }
}

/// Notes whether an entity has past values, and all codes.
macro_rules! historikk {
    ($sett:expr, $d:expr, $($felt:ident),*) => {
        $(
            if $d.$felt.iter().any(|v| v.meta.er_gjeldende == Some(false)) {
                $sett.se(concat!("historic ", stringify!($felt)));
            }
        )*
    };
}

fn identitet(sett: &mut Sett, d: &Persondokument) {
    for s in &d.status {
        sett.se(format!("status {}", s.status));
    }
    for n in &d.identifikasjonsnummer {
        sett.se(format!("number {} {}", n.identifikatortype, n.status));
        let (individ, aar) =
            (n.foedsels_eller_d_nummer.individnummer(), d.foedsel.first().map(|f| f.foedselsaar.aar()));
        if n.foedsels_eller_d_nummer.slag() == identifikator::Slag::DNummer {
            let utvidet = match aar {
                Some(1940..=1999) => (600..900).contains(&individ),
                Some(2000..) => individ < 500,
                _ => false,
            };
            sett.se(if utvidet { "D-number of the extended series" } else { "D-number of the old series" });
        }
    }
    for g in &d.identitetsgrunnlag {
        sett.se(format!("basis {}", g.identitetsgrunnlagstatus));
    }
    if let Some(f) = &d.falsk_identitet {
        sett.se(match f.rett_identitet {
            RettIdentitet::RettIdentitetVedOpplysninger(_) => "false identity, known by facts",
            RettIdentitet::RettIdentitetErUkjent(_) => "false identity, unknown",
            RettIdentitet::RettIdentitetVedIdentifikasjonsnummer(_) => "false identity, known by number",
        });
    }
    for l in &d.legitimasjonsdokument {
        sett.se(format!("document {}", &*l.identifikasjonsdokumenttype));
    }
    for u in d.utenlandsk_personidentifikasjon.iter().chain(&d.utlendingsmyndighetenes_identifikasjonsnummer)
    {
        sett.se(format!("foreign number {}", &*u.identifikasjonsnummertype));
    }
    for n in &d.navn {
        sett.se("name");
        if n.originalt_navn.is_some() {
            sett.se("original name");
        }
        if n.forkortet_navn.is_some() {
            sett.se("short name");
        }
        if n.fornavn.contains('*') {
            sett.se("name of a new-born");
        }
    }
}

fn familie(sett: &mut Sett, d: &Persondokument) {
    for s in &d.sivilstand {
        sett.se(format!("marital status {}", s.sivilstand));
    }
    for f in &d.familierelasjon {
        sett.se(format!("relation {}", f.relatert_persons_rolle));
        if matches!(f.relatert, Relatert::RelatertPersonUtenFolkeregisteridentifikator(_)) {
            sett.se("relation without number");
        }
    }
    for a in &d.foreldreansvar {
        sett.se(format!("custody {}", a.ansvar));
        if a.ansvarlig_organisasjon.is_some() {
            sett.se("custody of an organisation");
        }
        if a.ansvarlig_uten_identifikator.is_some() {
            sett.se("custody without number");
        }
    }
    for v in &d.vergemaal_eller_fremtidsfullmakt {
        if let Some(type_) = v.vergemaaltype {
            sett.se(format!("guardianship {type_}"));
        }
        if let Some(omfang) = v.verge.omfang {
            sett.se(format!("extent {omfang}"));
        }
        if v.meta.er_gjeldende == Some(true) && v.verge.navn_foedselsdato.is_some() {
            sett.se("guardian in the new form");
        }
        for t in &v.verge.tjenesteomraade {
            let (hvor, hva) = (t.verge_tjenestevirksomhet.as_deref(), t.verge_tjenesteoppgave.as_deref());
            sett.se(format!("service {} {}", hvor.unwrap(), hva.unwrap()));
        }
    }
    for k in &d.kontaktinformasjon_for_doedsbo {
        sett.se(format!("estate {}", k.skifteform));
        sett.se(match &k.kontakt {
            Doedsbokontakt::Person(p) if p.foedsels_eller_d_nummer.is_some() => "estate, person with number",
            Doedsbokontakt::Person(_) => "estate, person without number",
            Doedsbokontakt::Advokat(_) => "estate, lawyer",
            Doedsbokontakt::Organisasjon(_) => "estate, organisation",
        });
    }
}

fn bosted(sett: &mut Sett, d: &Persondokument) {
    for b in &d.bostedsadresse {
        sett.se(format!("grading {}", b.adressegradering));
        match &b.bosted {
            Bosted::UkjentBosted(u) if u.bostedskommune.is_some() => {
                sett.se("home unknown in a municipality");
            }
            Bosted::UkjentBosted(_) => sett.se("home unknown"),
            Bosted::Vegadresse(v) => {
                sett.se("home on a road");
                sett.se(format!("unit {}", v.bruksenhetstype.unwrap()));
            }
            Bosted::Matrikkeladresse(m) => {
                sett.se("home in the cadastre");
                sett.se(format!("unit {}", m.bruksenhetstype.unwrap()));
            }
        }
    }
    for o in &d.oppholdsadresse {
        if let Some(grunn) = o.opphold_annet_sted {
            sett.se(format!("stay {grunn}"));
        }
        sett.se(match o.oppholdssted {
            Oppholdssted::Vegadresse(_) => "stay on a road",
            Oppholdssted::Matrikkeladresse(_) => "stay in the cadastre",
            Oppholdssted::UtenlandskAdresse(_) => "stay abroad",
            Oppholdssted::AdressenErUkjent(_) => "stay unknown",
        });
    }
    for delt in &d.delt_bosted {
        sett.se(match delt.bosted {
            DeltBostedValg::Vegadresse(_) => "shared home on a road",
            DeltBostedValg::Matrikkeladresse(_) => "shared home in the cadastre",
            DeltBostedValg::UkjentBosted(_) => "shared home unknown",
        });
    }
    for p in &d.postadresse {
        let former =
            [p.postboksadresse.is_some(), p.vegadresse.is_some(), p.postadresse_i_fritt_format.is_some()];
        for (form, _) in ["post box", "post on a road", "post in lines"].iter().zip(former).filter(|f| f.1) {
            sett.se(*form);
        }
    }
    for p in &d.postadresse_i_utlandet {
        sett.se(if p.utenlandsk_adresse.is_some() { "post abroad" } else { "post abroad in lines" });
    }
    for a in &d.adressebeskyttelse {
        sett.se(format!("protection {}", a.graderingsnivaa));
    }
    let strengt = d.adressebeskyttelse.iter().any(|a| {
        a.meta.er_gjeldende == Some(true) && a.graderingsnivaa == Adressegradering::StrengtFortrolig
    });
    assert!(
        !strengt || (d.bostedsadresse.is_empty() && d.postadresse.len() == 1),
        "nothing but an open address"
    );
}

fn annet(sett: &mut Sett, d: &Persondokument) {
    for o in &d.opphold {
        sett.se(format!("permit {}", o.oppholdstillatelse));
    }
    for o in &d.opphold_paa_svalbard {
        sett.se(format!("Svalbard {}", o.antatt_oppholdsvarighet));
        sett.se(if o.fraflyttingsland.is_some() {
            "Svalbard from abroad"
        } else {
            "Svalbard from the mainland"
        });
    }
    for b in &d.bibehold {
        sett.se(format!("retention {}", b.bibeholdstatus));
    }
    for s in d.bruk_av_samisk_spraak.iter().flat_map(|s| s.spraak.iter()) {
        sett.se(format!("language {s}"));
    }
    for f in &d.forhold_til_sametingets_valgmanntall {
        sett.se(format!("roll {}", f.forhold));
    }
    for p in &d.preferert_kontaktadresse {
        sett.se(format!("preferred {}", p.valg));
    }
    for s in &d.statsborgerskap {
        sett.se(format!("citizen {}", s.statsborgerskap.as_str()));
    }
    if !d.rettslig_handleevne.is_empty() {
        sett.se("legal capacity");
    }
    if d.doedsfall.is_some() {
        sett.se("death");
    }
    historikk!(
        sett,
        d,
        identifikasjonsnummer,
        status,
        navn,
        sivilstand,
        identitetsgrunnlag,
        kjoenn,
        familierelasjon
    );
    historikk!(
        sett,
        d,
        vergemaal_eller_fremtidsfullmakt,
        innflytting,
        utflytting,
        foreldreansvar,
        statsborgerskap
    );
    historikk!(sett, d, bostedsadresse, oppholdsadresse, delt_bosted, postadresse, postadresse_i_utlandet);
    historikk!(sett, d, adressebeskyttelse, rettslig_handleevne, forhold_til_sametingets_valgmanntall);
    historikk!(sett, d, kontaktinformasjon_for_doedsbo);
}

fn se_alt(sett: &mut Sett, d: &Persondokument) {
    for se in [identitet, familie, bosted, annet] {
        se(sett, d);
    }
}

fn demo() -> Nasjon {
    Nasjon::new(Oppsett { enheter: 1000, ..Oppsett::default() })
}

/// All versions ever, since what is phased out is only in the past.
fn alt(nasjon: &Nasjon) -> (Sett, Sett) {
    let (mut ever, mut naa) = (Sett::default(), Sett::default());
    for nr in 0..nasjon.grender() {
        let grend = nasjon.grend(nr);
        for i in 0..grend.antall() {
            let mut versjoner = grend.versjoner(i);
            while let Some(versjon) = versjoner.next() {
                let Some(d) = versjon.dokument else { continue };
                se_alt(&mut ever, d);
            }
            if let Some(d) = grend.versjoner(i).siste() {
                se_alt(&mut naa, &d);
                assert!(d.preferert_kontaktadresse.is_empty(), "phased out");
            }
        }
    }
    (ever, naa)
}

#[test]
fn every_state_is_in_the_demo_nation_of_today() {
    let nasjon = demo();
    assert_eq!(nasjon.oppsett().personer, 20_000);
    let (ever, naa) = alt(&nasjon);
    let statuser: Vec<_> = Personstatus::ALLE.iter().filter(|s| **s != Personstatus::Aktiv).collect();
    naa.alle("status", &statuser);
    naa.alle("marital status", Sivilstandstype::ALLE);
    naa.alle("relation", Familierelasjontype::ALLE);
    naa.alle("custody", Foreldreansvarstype::ALLE);
    naa.alle("guardianship", Vergemaaltype::ALLE);
    naa.alle("extent", Vergemaalsomfang::ALLE);
    naa.alle(
        "grading",
        &[Adressegradering::Ugradert, Adressegradering::Klientadresse, Adressegradering::Fortrolig],
    );
    naa.alle("protection", &[Adressegradering::Fortrolig, Adressegradering::StrengtFortrolig]);
    naa.alle("unit", Bruksenhetstype::ALLE);
    naa.alle("stay", OppholdAnnetSted::ALLE);
    naa.alle("permit", Oppholdstillatelsetype::ALLE);
    naa.alle("Svalbard", OppholdsvarighetType::ALLE);
    naa.alle("retention", Bibehold::ALLE);
    naa.alle("language", SamiskSpraakType::ALLE);
    naa.alle("estate", Skifteform::ALLE);
    // Face biometrics come on 2027-02-01; the roll and the preferred address are of the past.
    let grunnlag: Vec<_> =
        Identitetsgrunnlagstatus::ALLE.iter().filter(|g| **g != Identitetsgrunnlagstatus::Unik).collect();
    naa.alle("basis", &grunnlag);
    ever.alle("roll", ForholdTilSametingetsValgmanntall::ALLE);
    ever.alle("number foedselsnummer", Identifikatorstatuskode::ALLE);
    naa.alle("number dNummer", Identifikatorstatuskode::ALLE);
    let koder =
        |liste: &'static [kodeverk::folkeregisteret::Kode]| liste.iter().map(|k| k.kode).collect::<Vec<_>>();
    ever.alle("document", &koder(identifikasjonsdokumenttype::alle()));
    ever.alle("foreign number", &koder(identifikasjonsnummertype::alle()));
    naa.alle("citizen", &["NOR", "SWE", "POL", "XXK", "XUK", "XXX"]);
    for t in vergetjenester::alle().iter().filter(|t| !t.utgaatt) {
        naa.alle("service", &[format!("{} {}", t.virksomhet(), t.oppgave())]);
    }
}

#[test]
fn every_shape_is_in_the_demo_nation() {
    let (ever, naa) = alt(&demo());
    for hva in [
        "D-number of the old series",
        "D-number of the extended series",
        "home on a road",
        "home in the cadastre",
        "home unknown",
        "home unknown in a municipality",
        "stay on a road",
        "stay in the cadastre",
        "stay abroad",
        "stay unknown",
        "shared home on a road",
        "shared home in the cadastre",
        "shared home unknown",
        "post box",
        "post on a road",
        "post in lines",
        "post abroad",
        "post abroad in lines",
        "Svalbard from abroad",
        "Svalbard from the mainland",
        "estate, person with number",
        "estate, person without number",
        "estate, lawyer",
        "estate, organisation",
        "false identity, known by facts",
        "false identity, unknown",
        "false identity, known by number",
        "relation without number",
        "custody of an organisation",
        "custody without number",
        "guardian in the new form",
        "legal capacity",
        "death",
        "original name",
        "short name",
        "historic identifikasjonsnummer",
        "historic status",
        "historic navn",
        "historic sivilstand",
        "historic identitetsgrunnlag",
        "historic kjoenn",
        "historic familierelasjon",
        "historic vergemaal_eller_fremtidsfullmakt",
        "historic innflytting",
        "historic utflytting",
        "historic foreldreansvar",
        "historic statsborgerskap",
        "historic bostedsadresse",
        "historic oppholdsadresse",
        "historic delt_bosted",
        "historic postadresse",
        "historic postadresse_i_utlandet",
        "historic adressebeskyttelse",
        "historic rettslig_handleevne",
        "historic kontaktinformasjon_for_doedsbo",
    ] {
        assert!(naa.antall(hva) > 0, "no {hva}");
    }
    for hva in ["name of a new-born", "historic forhold_til_sametingets_valgmanntall"] {
        assert!(ever.antall(hva) > 0, "no {hva}");
    }
}

/// Every package sees every type that it can see, and more than a page of a thousand events in all; so few people are on
/// Svalbard that its register's feed is shorter. More than a page of each single type is not to be had: of twenty thousand persons,
/// seven hundred die and two are split from somebody else.
#[test]
fn every_kind_of_event_is_on_every_feed_that_has_it() {
    let mut antall: BTreeMap<Hendelsestype, u32> = BTreeMap::new();
    let mut endringer = BTreeSet::new();
    let nasjon = demo();
    for nr in 0..nasjon.grender() {
        let grend = nasjon.grend(nr);
        for i in 0..grend.antall() {
            let mut versjoner = grend.versjoner(i);
            while let Some(versjon) = versjoner.next() {
                for h in versjon.hendelser {
                    *antall.entry(h.hendelsestype).or_default() += 1;
                    endringer.extend(h.egenskapshendelse.iter().map(|e| e.entitetsendring));
                }
            }
        }
    }
    assert!(endringer.is_superset(
        &[Entitetsendring::RegistrereNy, Entitetsendring::Korrigere, Entitetsendring::Annullere].into()
    ));
    let aldri = [
        Hendelsestype::EndringIFratattRettsligHandleevne,
        Hendelsestype::EndringIPerson,
        Hendelsestype::EndringIAnnenIdentifikasjon,
    ];
    for slag in Hendelsestype::ALLE.iter().filter(|s| !aldri.contains(s)) {
        assert!(antall.contains_key(slag), "no {slag}");
    }
    for pakke in Rettighetspakke::ALLE {
        let sett = antall.iter().filter(|(slag, _)| slag.slik_den_vises(pakke).is_some());
        let sum: u32 = sett.map(|(_, n)| n).sum();
        let svalbard = pakke == Rettighetspakke::Svalbard;
        assert!(sum > if svalbard { 20 } else { 1000 }, "{pakke:?} has {sum} events");
    }
}
