//! Documents of main units.

use enhetsregisteret::modell::enhet::{ForetaksformIHjemlandet, HistoriskNavn, Kapital, Paategning};
use enhetsregisteret::modell::{Adresse, Enhet, Slettet};
use serde_json::value::RawValue;
use tid::{Date, Timestamp};

use crate::harde::{BORTFORPAKTER, Krav, UTLEIER};
use crate::kalender::{Parti, dato};
use crate::koder;
use crate::naering::{self, Koder};
use crate::nasjon::{self, Nasjon};
use crate::navn;
use crate::plan::{Plan, REGISTERSTART};
use crate::sted;
use crate::tekst;
use crate::terning::Merke;
use crate::tilstand::Tilstand;

/// A main unit in a state.
pub(crate) fn enhet(nasjon: &Nasjon, plan: &Plan, tilstand: &Tilstand) -> Enhet {
    let koder = naering::koder(plan, tilstand.naering);
    let naering = |i: usize| koder.koder[i].map(koder::naeringskode);
    let navn = navn::enhet(nasjon, plan, tilstand.navn);
    let kontakt = kontakt(plan, Merke::Kontakt, u32::from(tilstand.kontakt), &navn);
    let frivillig = frivillig_mva(plan, tilstand);
    let mva = tilstand.mva.map(dato);
    let ansatte_dag = tilstand.ansatte.map(|_| dato(tilstand.ansatte_dag));
    let flagg = Flagg::av(plan, &koder);
    let tvang = |nr: u8| tilstand.tvang.filter(|t| t.0 == Some(nr)).map(|t| dato(t.1));
    let utland = matches!(plan.form.kode, "NUF" | "UTLA").then(|| nasjon.hjemland(plan));
    let nynorsk = nynorsk(plan) != tilstand.annet_maal;
    let vedtekter = vedtekter(plan, tilstand);
    let formaal =
        vedtekter.map(|_| tekst::formaal(plan, &koder, nynorsk, tilstand.vedtekter)).unwrap_or_default();
    let aktivitet =
        if flagg.aktivitet { tekst::aktivitet(plan, &koder, tilstand.naering) } else { Vec::new() };
    let fra = |apnet: i32| dato(plan.registrert.max(apnet));
    Enhet {
        organisasjonsnummer: nasjon::nummer(plan.slot).to_string(),
        navn,
        organisasjonsform: koder::organisasjonsform(plan.form.kode),
        historiske_navn: historiske_navn(nasjon, plan, tilstand),
        hjemmeside: kontakt.hjemmeside,
        postadresse: postadresse(plan, tilstand),
        registreringsdato_enhetsregisteret: dato(plan.registrert),
        registrert_i_mvaregisteret: mva.is_some(),
        registreringsdato_frivillig_merverdiavgiftsregisteret: mva.filter(|_| !frivillig.is_empty()),
        frivillig_mva_registrert_beskrivelser: frivillig,
        naeringskode1: naering(0),
        naeringskode2: naering(1),
        naeringskode3: naering(2),
        hjelpeenhetskode: koder.hjelp.map(koder::naeringskode),
        antall_ansatte: tilstand.ansatte,
        har_registrert_antall_ansatte: tilstand.ansatte.is_some(),
        overordnet_enhet: overordnet(nasjon, plan),
        registreringsdato_merverdiavgiftsregisteret: mva,
        registreringsdato_merverdiavgiftsregisteret_enhetsregisteret: mva,
        registreringsdato_antall_ansatte_enhetsregisteret: ansatte_dag,
        registreringsdato_antall_ansatte_nav_aaregisteret: ansatte_dag,
        epostadresse: kontakt.epost,
        telefon: kontakt.telefon,
        mobil: kontakt.mobil,
        forretningsadresse: forretningsadresse(nasjon, plan, tilstand.adresse),
        stiftelsesdato: stiftet(plan),
        institusjonell_sektorkode: plan.sektor().map(koder::sektorkode),
        registrert_i_foretaksregisteret: flagg.foretak,
        registrert_i_stiftelsesregisteret: plan.form.kode == "STI",
        registrert_i_frivillighetsregisteret: flagg.frivillighet,
        siste_innsendte_aarsregnskap: tilstand.regnskap.map(|aar| aar.to_string()),
        konkurs: tilstand.konkurs.is_some(),
        konkursdato: tilstand.konkurs.filter(|_| !uten_dato(plan)).map(dato),
        under_avvikling: tilstand.avvikling.is_some(),
        under_avvikling_dato: tilstand.avvikling.filter(|_| !uten_dato(plan)).map(dato),
        under_tvangsavvikling_eller_tvangsopplosning: tilstand.tvang.is_some(),
        tvangsavviklet_pga_manglende_sletting_dato: tvang(0),
        tvangsopplost_pga_manglende_daglig_leder_dato: tvang(1),
        tvangsopplost_pga_manglende_revisor_dato: tvang(2),
        tvangsopplost_pga_manglende_regnskap_dato: tvang(3),
        tvangsopplost_pga_mangelfullt_styre_dato: tvang(4),
        maalform: if nynorsk { "Nynorsk" } else { "Bokmål" }.to_owned(),
        vedtektsdato: vedtekter,
        vedtektsfestet_formaal: formaal,
        aktivitet,
        registreringsdato_foretaksregisteret: flagg.foretak.then(|| dato(plan.registrert)),
        registreringsdato_frivillighetsregisteret: flagg.frivillighet.then(|| fra(FRIVILLIGHETSREGISTERET)),
        registrert_i_partiregisteret: Some(flagg.parti),
        registreringsdato_partiregisteret: flagg.parti.then(|| fra(PARTIREGISTERET)),
        paategninger: Some(paategninger(tilstand)),
        fravalg_revisjon_dato: tilstand.fravalg.map(dato),
        fravalg_revisjon_beslutnings_dato: tilstand.fravalg.map(|dag| dato(dag - 9)),
        er_i_konsern: Some(flagg.konsern || tilstand.konserndag.is_some()),
        kapital: kapital(plan, tilstand),
        registreringsnummer_i_hjemlandet: utland.map(|_| hjemlandsnummer(plan)),
        utenlandsk_register_navn: utland.map(|u| u.register.to_owned()),
        utenlandsk_register_adresse: utland.map(registeradresse),
        underlagt_lovgivning_land: utland.map(|u| koder::land(u.landkode)),
        underlagt_lovgivning_land_kode: utland.map(|u| u.landkode.to_owned()),
        foretaksform_i_hjemlandet: utland.map(foretaksform),
        under_rekonstruksjonsforhandling_dato: tilstand.rekonstruksjon.map(dato),
        under_utenlandsk_insolvensbehandling_dato: tilstand.insolvens.map(dato),
    }
}

/// What is left of a deleted main unit.
pub(crate) fn slettet(nasjon: &Nasjon, plan: &Plan, tilstand: &Tilstand) -> Slettet {
    Slettet {
        organisasjonsnummer: nasjon::nummer(plan.slot).to_string(),
        navn: navn::enhet(nasjon, plan, tilstand.navn),
        organisasjonsform: koder::organisasjonsform(plan.form.kode),
        historiske_navn: historiske_navn(nasjon, plan, tilstand),
        slettedato: dato(tilstand.slettet.unwrap_or(plan.registrert)),
        nedleggelsesdato: None,
    }
}

/// 2008-12-01, when Frivillighetsregisteret opened, in days since 1970.
const FRIVILLIGHETSREGISTERET: i32 = 14_214;
/// 2006-01-01, about when Partiregisteret took its present form, in days since 1970.
const PARTIREGISTERET: i32 = 13_149;

/// What a unit is all its life.
struct Flagg {
    foretak: bool,
    frivillighet: bool,
    parti: bool,
    konsern: bool,
    aktivitet: bool,
}

impl Flagg {
    fn av(plan: &Plan, koder: &Koder) -> Self {
        let mut t = plan.terning.gren(Merke::Flagg, 0);
        let form = plan.form.kode;
        let foretak = t.promille(plan.form.foretak);
        let frivillig = match form {
            "FLI" => 450,
            "STI" => 120,
            "SA" => 30,
            _ => 0,
        };
        let frivillighet = t.promille(frivillig) || plan.har(|k| matches!(k, Krav::Frivillighet));
        let konsern = matches!(form, "AS" | "ASA") && t.promille(130);
        Self {
            foretak,
            frivillighet,
            parti: plan.har(|k| matches!(k, Krav::Parti))
                || (form == "FLI" && koder.koder[0] == Some("94.920")),
            konsern: konsern || plan.har(|k| matches!(k, Krav::Konsern)),
            aktivitet: t.promille(if foretak { 850 } else { 500 }),
        }
    }
}

/// The moment as `historiskeNavn` writes it: local time without zone.
pub(crate) fn tidspunkt(at: Timestamp) -> String {
    let tekst = at.to_string();
    format!("{} {}", &tekst[..10], &tekst[11..19])
}

fn historiske_navn(nasjon: &Nasjon, plan: &Plan, tilstand: &Tilstand) -> Vec<HistoriskNavn> {
    let mut fra = nasjon.kalender().at(plan.registrert, Parti::Natt, 0);
    let mut navn = Vec::with_capacity(tilstand.navnebytter.len());
    for (versjon, til) in tilstand.navnebytter.iter().enumerate() {
        let (fra_dato, til_dato) = (tidspunkt(fra), tidspunkt(*til));
        navn.push(HistoriskNavn { navn: navn::enhet(nasjon, plan, versjon as u8), fra_dato, til_dato });
        fra = *til;
    }
    navn
}

/// How a unit can be reached.
pub(crate) struct Kontakt {
    pub hjemmeside: Option<String>,
    pub epost: Option<String>,
    pub telefon: Option<String>,
    pub mobil: Option<String>,
}

/// Web and mail addresses below `.example`, which nobody can own, and telephone numbers that begin with 0, which
/// nobody can have.
pub(crate) fn kontakt(plan: &Plan, merke: Merke, versjon: u32, navn: &str) -> Kontakt {
    let mut t = plan.terning.gren(merke, versjon);
    let del = navn::adressedel(navn);
    let krevd = plan.krav(|k| if let Krav::Hjemmeside(h) = k { Some((*h).to_owned()) } else { None });
    let hjemmeside = t.promille(170).then(|| match t.under(20) {
        0 => format!("https://www.{del}.example"),
        1 => format!("http://{del}.example/"),
        2 => format!("WWW.{}.EXAMPLE", del.to_uppercase()),
        3 => format!("{del}.example"),
        4 => format!("www.facebook.example/{del}"),
        _ => format!("www.{del}.example"),
    });
    let epost = t
        .promille(420)
        .then(|| format!("{}@{del}.example", t.velg(&["post", "post", "firmapost", "kontakt"])));
    let mut nummer = || {
        let n = t.under(10_000_000);
        format!("0{} {:02} {:02} {:02}", n / 1_000_000, n / 10_000 % 100, n / 100 % 100, n % 100)
    };
    let (telefon, mobil) = (nummer(), nummer());
    Kontakt {
        hjemmeside: krevd.filter(|_| matches!(merke, Merke::Kontakt)).or(hjemmeside),
        epost,
        telefon: t.promille(220).then_some(telefon),
        mobil: t.promille(380).then_some(mobil),
    }
}

/// Where a unit does business after so many moves: a municipality, or none when it is abroad.
fn forretningssted(plan: &Plan, versjon: u8) -> Option<usize> {
    let mut t = plan.terning.gren(Merke::Adresse, 1000 + u32::from(versjon));
    let utland = match plan.form.kode {
        "UTLA" => true,
        "NUF" => t.promille(220) && !plan.har(|k| matches!(k, Krav::Kommune(_))),
        _ => false,
    };
    if utland || plan.har(|k| matches!(k, Krav::AdresseUtland)) {
        return None;
    }
    let flytter = versjon > 0 && !plan.er_kommune() && t.promille(220);
    Some(if flytter && plan.tilfelle.is_none() { sted::trekk(&mut t) } else { plan.hjemsted() })
}

/// The business address after so many moves.
pub(crate) fn forretningsadresse(nasjon: &Nasjon, plan: &Plan, versjon: u8) -> Option<Adresse> {
    let mut t = plan.terning.gren(Merke::Adresse, u32::from(versjon));
    if plan.har(|k| matches!(k, Krav::UtenAdresse)) || (plan.tilfelle.is_none() && t.promille(6)) {
        return None;
    }
    let Some(sted) = forretningssted(plan, versjon) else {
        return Some(sted::adresse_utland(&mut t, nasjon.hjemland(plan)));
    };
    let mut adresse = sted::adresse(&mut t, sted, false);
    if plan.er_konkursbo() || (plan.form.kode != "ENK" && t.promille(60)) {
        let hos = nasjon.eiernavn(plan);
        adresse.adresse.insert(0, format!("c/o {} {}", hos.fornavn, hos.etternavn));
    }
    Some(adresse)
}

/// About a quarter have a postal address; for one unit in 45 it is in another municipality (sheet 7).
fn postadresse(plan: &Plan, tilstand: &Tilstand) -> Option<Adresse> {
    let mut t = plan.terning.gren(Merke::Postadresse, u32::from(tilstand.postadresse));
    let annen = plan.har(|k| matches!(k, Krav::PostAnnenKommune));
    if plan.har(|k| matches!(k, Krav::PostUtland)) {
        let land = t.velg(sted::UTLAND);
        return Some(sted::adresse_utland(&mut t, land));
    }
    if !(annen || t.promille(if tilstand.postadresse > 0 { 700 } else { 220 })) {
        return None;
    }
    let sted = forretningssted(plan, tilstand.adresse).unwrap_or_else(|| plan.hjemsted());
    if annen || t.promille(95) {
        let mut andre = sted::trekk(&mut t);
        if andre == sted {
            andre = usize::from(sted == 0);
        }
        return Some(sted::adresse(&mut t, andre, true));
    }
    let boks = t.promille(800);
    Some(sted::adresse(&mut t, sted, boks))
}

fn frivillig_mva(plan: &Plan, tilstand: &Tilstand) -> Vec<String> {
    if tilstand.mva.is_none() {
        return Vec::new();
    }
    let krevd = plan.krav(|k| if let Krav::FrivilligMva(grunner) = k { Some(*grunner) } else { None });
    let mut t = plan.terning.gren(Merke::Mva, 1);
    let grunner: &[&str] = match (krevd, naering::koder(plan, 0).koder[0]) {
        (Some(grunner), _) => grunner,
        (None, Some("68.209")) if t.promille(280) => &[UTLEIER],
        (None, Some(kode)) if kode.starts_with("01.") && t.promille(30) => &[BORTFORPAKTER],
        _ => &[],
    };
    grunner.iter().map(|g| (*g).to_owned()).collect()
}

/// Absent for persons, estates and parts of others (sheet 8.1, row 17).
fn stiftet(plan: &Plan) -> Option<Date> {
    let uten = ["ENK", "KBO", "BO", "PERS", "TVAM", "ORGL", "ADOS", "OPMV", "KOMM", "FYLK", "STAT", "UTBG"];
    if uten.contains(&plan.form.kode) {
        return None;
    }
    let mut t = plan.terning.gren(Merke::Stiftet, 0);
    let foer = if plan.registrert <= REGISTERSTART + 365 { t.mellom(30, 30_000) } else { t.mellom(2, 60) };
    Some(dato(plan.registrert - foer))
}

/// Whether the register knows a crisis but not its day.
fn uten_dato(plan: &Plan) -> bool {
    let krevd = plan.har(|k| matches!(k, Krav::Konkurs { dato: false } | Krav::Avvikling { dato: false }));
    krevd || (plan.tilfelle.is_none() && plan.terning.gren(Merke::Konkurs, 1).promille(20))
}

/// Nynorsk by county: strongest in Vestland and Møre og Romsdal.
fn nynorsk(plan: &Plan) -> bool {
    if let Some(maal) = plan.krav(|k| if let Krav::Maalform(m) = k { Some(*m) } else { None }) {
        return maal == "Nynorsk";
    }
    let nummer = sted::steder()[plan.hjemsted()].kommune.kommunenummer;
    let promille = match &nummer[..2] {
        _ if nummer == "4601" => 40,
        "46" => 420,
        "15" => 330,
        "11" => 90,
        "34" | "40" | "42" => 40,
        _ => 6,
    };
    plan.terning.gren(Merke::Tekst, 5000).promille(promille)
}

/// The date of the articles, for those that have articles.
fn vedtekter(plan: &Plan, tilstand: &Tilstand) -> Option<Date> {
    let har = plan.form.foretak >= 800
        || (matches!(plan.form.kode, "FLI" | "STI") && plan.terning.gren(Merke::Tekst, 5001).promille(400));
    har.then(|| tilstand.vedtektsdag.map(dato).or_else(|| stiftet(plan))).flatten()
}

fn paategninger(tilstand: &Tilstand) -> Vec<Paategning> {
    let tekst = |infotype: &str| match infotype {
        "FADR" => "Forretningsadressen er ikke bekreftet. Post kommer i retur.",
        "NAVN" => "Registrert navn er under vurdering.",
        "KONT" => "Kontaktpersonen har meldt at opplysningen ikke er riktig.",
        "DAGL" => "Daglig leder bestrider registreringen.",
        "FFØR" => "Forretningsføreren har sagt opp avtalen.",
        "REPR" => "Representanten har fratrådt uten at ny er meldt.",
        _ => "Sameierne er uenige om registreringen.",
    };
    let paategning = |(infotype, dag): &(&'static str, i32)| Paategning {
        infotype: (*infotype).to_owned(),
        tekst: tekst(infotype).to_owned(),
        innfoert_dato: dato(*dag),
    };
    tilstand.paategninger.iter().map(paategning).collect()
}

fn raa(tall: &str) -> Option<Box<RawValue>> {
    RawValue::from_string(tall.to_owned()).ok()
}

fn kapital(plan: &Plan, tilstand: &Tilstand) -> Option<Kapital> {
    let innfort_dato = Some(dato(tilstand.kapitaldag.unwrap_or(plan.registrert)));
    let krevd = plan.krav(|k| match k {
        Krav::Kapital(belop, aksjer, type_, valuta) => Some((*belop, *aksjer, *type_, *valuta)),
        _ => None,
    });
    if let Some((belop, aksjer, type_, valuta)) = krevd {
        return Some(Kapital {
            belop: raa(belop)?,
            antall_aksjer: aksjer.and_then(raa),
            type_: type_.to_owned(),
            valuta: valuta.to_owned(),
            innfort_dato,
        });
    }
    let mut t = plan.terning.gren(Merke::Kapital, u32::from(tilstand.kapital));
    let (belop, type_) = match plan.form.kode {
        "AS" => (*t.vektet(AKSJEKAPITAL, |rad| rad.1), "Aksjekapital"),
        "ASA" => ((1_000_000 + t.under(90_000_000), 0), "Aksjekapital"),
        "STI" => ((100_000 + 10_000 * t.under(60), 0), "Grunnkapital"),
        _ => return None,
    };
    let aksjer = if type_ == "Aksjekapital" {
        Some(*t.velg(&[100u32, 100, 300, 1000, 1000, 3000, 10_000]))
    } else {
        None
    };
    Some(Kapital {
        belop: raa(&format!("{}.00", belop.0))?,
        antall_aksjer: aksjer.and_then(|n| raa(&n.to_string())),
        type_: type_.to_owned(),
        valuta: "NOK".to_owned(),
        innfort_dato,
    })
}

/// Usual share capitals in kroner, with weights; 30 000 is the least the law allows.
const AKSJEKAPITAL: &[(u32, u32)] = &[
    (30_000, 560),
    (50_000, 60),
    (100_000, 220),
    (150_000, 20),
    (200_000, 40),
    (500_000, 40),
    (1_000_000, 40),
    (5_250_000, 20),
];

fn hjemlandsnummer(plan: &Plan) -> String {
    let mut t = plan.terning.gren(Merke::Utland, 2);
    format!("{:06}-{:04}", t.under(1_000_000), t.under(10_000))
}

fn foretaksform(utland: &sted::Utland) -> ForetaksformIHjemlandet {
    let (kode, beskrivelse, bokmaal) = utland.form;
    ForetaksformIHjemlandet {
        kode: kode.to_owned(),
        beskrivelse: beskrivelse.to_owned(),
        beskrivelse_bokmaal: Some(bokmaal.to_owned()),
    }
}

/// The parent that the document names. An inter-municipal company has owners, but no parent.
fn overordnet(nasjon: &Nasjon, plan: &Plan) -> Option<String> {
    let slot = nasjon.overordnet(plan).filter(|_| plan.form.kode != "IKS")?;
    Some(nasjon::nummer(slot).to_string())
}

fn registeradresse(utland: &sted::Utland) -> Adresse {
    Adresse {
        land: Some(koder::land(utland.landkode)),
        poststed: Some(utland.poststed.to_owned()),
        adresse: vec![utland.register.to_owned()],
        ..Adresse::default()
    }
}
