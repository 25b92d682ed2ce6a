//! Where units are: municipalities by size, real postal codes, streets that nobody lives in.

use std::sync::LazyLock;

use enhetsregisteret::modell::Adresse;
use kodeverk::kommuner::{self, Kommune};
use kodeverk::postnummer::{self, Kategori, Postnummer};

use crate::koder;
use crate::terning::Terning;

/// Inhabitants of the larger municipalities, in thousands (Statistics Norway, 2024, rounded).
#[rustfmt::skip]
const STORE: &[(&str, u32)] = &[
    ("0301", 717), ("4601", 291), ("5001", 214), ("1103", 148), ("3201", 130), ("4204", 117), ("3301", 104),
    ("3203", 98), ("3205", 94), ("3107", 85), ("1108", 84), ("5501", 79), ("3907", 66), ("3207", 62),
    ("3105", 60), ("3905", 59), ("1508", 58), ("4003", 56), ("1804", 53), ("3103", 51), ("3222", 48),
    ("3909", 48), ("4203", 46), ("3118", 46), ("3209", 44), ("1149", 43), ("4626", 40), ("1106", 38),
    ("4001", 37), ("3411", 35), ("3403", 33), ("1506", 33), ("3420", 22), ("3305", 32), ("3101", 31),
    ("3407", 30), ("4627", 30), ("4631", 30), ("3303", 29), ("3405", 28), ("3240", 28), ("3911", 28),
    ("3901", 28), ("1124", 28), ("4624", 26), ("1833", 26), ("4202", 25), ("5035", 25), ("1505", 24),
    ("5006", 24), ("4205", 24), ("5503", 24), ("4647", 22), ("5601", 21), ("1806", 21), ("3218", 21),
    ("1120", 20), ("1121", 20), ("3212", 20), ("5037", 20),
];

/// A municipality with its postal codes.
pub(crate) struct Sted {
    pub kommune: &'static Kommune,
    /// Sum of the weights up to and including this one.
    grense: u32,
    gater: Vec<&'static Postnummer>,
    bokser: Vec<&'static Postnummer>,
}

impl Sted {
    /// A postal code where people live.
    pub(crate) fn gateadresse(&self, t: &mut Terning) -> Option<&'static Postnummer> {
        if self.gater.is_empty() { None } else { Some(*t.velg(&self.gater)) }
    }
}

/// All municipalities, in the order of their numbers.
pub(crate) fn steder() -> &'static [Sted] {
    static STEDER: LazyLock<Vec<Sted>> = LazyLock::new(les);
    &STEDER
}

fn les() -> Vec<Sted> {
    let mut sum = 0;
    let sted = |kommune: &'static Kommune| {
        let med = |kategorier: [Kategori; 2]| -> Vec<&'static Postnummer> {
            let her = postnummer::alle().iter().filter(|p| p.kommunenummer == kommune.kommunenummer);
            her.filter(|p| kategorier.contains(&p.kategori)).collect()
        };
        let gater = med([Kategori::Gateadresser, Kategori::Begge]);
        let stor = STORE.iter().find(|rad| rad.0 == kommune.kommunenummer);
        // Hundreds of inhabitants; a postal code of a small municipality has about 900.
        sum += stor.map_or(2 + 9 * gater.len() as u32, |rad| rad.1 * 10);
        Sted { kommune, grense: sum, gater, bokser: med([Kategori::Postbokser, Kategori::Begge]) }
    };
    kommuner::alle().iter().map(sted).collect()
}

/// A municipality, the large ones more often.
pub(crate) fn trekk(t: &mut Terning) -> usize {
    let steder = steder();
    let kast = t.under(steder.last().map_or(0, |s| s.grense));
    steder.partition_point(|s| s.grense <= kast)
}

/// The place of a municipality in [`steder`]; the first when there is none.
pub(crate) fn plass(nummer: &str) -> usize {
    steder().binary_search_by_key(&nummer, |s| s.kommune.kommunenummer).unwrap_or_default()
}

/// The first municipality of a county.
pub(crate) fn i_fylke(fylke: &str) -> usize {
    steder().iter().position(|s| s.kommune.kommunenummer.starts_with(fylke)).unwrap_or_default()
}

#[rustfmt::skip]
const STAMMER: &[&str] = &[
    "Ambolt", "Ballong", "Brosje", "Bølge", "Drage", "Dugnads", "Ekko", "Fagott", "Fiolin", "Fjær", "Flagg", "Fløyel",
    "Garnnøste", "Gnist", "Gulrot", "Hatte", "Hengekøye", "Humle", "Isfjell", "Kaktus", "Kanel", "Kikkert", "Kongle",
    "Korn", "Krystall", "Lanterne", "Lavendel", "Linjal", "Løvetann", "Mandolin", "Marsipan", "Medalje", "Måneskinns",
    "Nøtte", "Orkide", "Papirfly", "Paraply", "Pendel", "Perle", "Prisme", "Rakett", "Regnbue", "Safir", "Seil",
    "Silke", "Sirkel", "Sjokolade", "Snøball", "Solur", "Speil", "Stearinlys", "Stjerne", "Såpeboble", "Tangent",
    "Tegnestift", "Tinnsoldat", "Trillebår", "Tromme", "Tulipan", "Vaffel", "Vindrose", "Ørret", "Årring", "Østers",
];
#[rustfmt::skip]
const ENDELSER: &[&str] = &[
    "veien", "veien", "veien", "gata", "gata", "vegen", "vegen", "stien", "bakken", "svingen", "tunet", "allé",
    "plassen", "løkka", "åsen",
];

/// The name of a street, such as `Fiolinveien`.
pub(crate) fn gatenavn(t: &mut Terning) -> String {
    let (stamme, endelse) = (t.velg(STAMMER), t.velg(ENDELSER));
    let mellomrom = if *endelse == "allé" { " " } else { "" };
    format!("{stamme}{mellomrom}{endelse}")
}

/// The first part of the name of a place.
pub(crate) fn stamme(t: &mut Terning) -> &'static str {
    let stamme: &&str = t.velg(STAMMER);
    stamme
}

/// A street and a number, such as `Fiolinveien 12B`.
pub(crate) fn gate(t: &mut Terning) -> String {
    let navn = gatenavn(t);
    let nummer = 1 + t.under(120).min(t.under(120));
    let oppgang = if t.promille(110) { *t.velg(&["A", "B", "C", "D", "E"]) } else { "" };
    format!("{navn} {nummer}{oppgang}")
}

/// An address in a Norwegian municipality: street, or post-office box.
pub(crate) fn adresse(t: &mut Terning, sted: usize, boks: bool) -> Adresse {
    let sted = &steder()[sted];
    let boks = boks && !sted.bokser.is_empty();
    let poststeder = if boks { &sted.bokser } else { &sted.gater };
    let postnummer = if poststeder.is_empty() { None } else { Some(*t.velg(poststeder)) };
    let mut linjer = Vec::new();
    if boks {
        linjer.push(format!("Postboks {}", 1 + t.under(2400)));
    } else {
        linjer.push(gate(t));
        if t.promille(50) {
            linjer.push((*t.velg(&["2. etg.", "3. etasje", "Inngang B", "Bygg 4"])).to_owned());
        }
    }
    Adresse {
        land: Some(koder::land("NO")),
        landkode: Some("NO".to_owned()),
        postnummer: postnummer.map(|p| p.postnummer.to_owned()),
        poststed: postnummer.map(|p| p.poststed.to_owned()),
        adresse: linjer,
        kommune: Some(sted.kommune.navn.to_owned()),
        kommunenummer: Some(sted.kommune.kommunenummer.to_owned()),
    }
}

/// A place abroad: country, place with its postal code, the register of companies there.
#[derive(Debug)]
pub(crate) struct Utland {
    pub landkode: &'static str,
    pub poststed: &'static str,
    pub gate: &'static str,
    /// Name of the register of companies.
    pub register: &'static str,
    /// Code and text of the usual legal form, and the text in bokmål.
    pub form: (&'static str, &'static str, &'static str),
}

const fn u(
    landkode: &'static str,
    poststed: &'static str,
    gate: &'static str,
    register: &'static str,
    form: (&'static str, &'static str, &'static str),
) -> Utland {
    Utland { landkode, poststed, gate, register, form }
}

/// Abroad.
#[rustfmt::skip]
pub(crate) const UTLAND: &[Utland] = &[
    u("SE", "111 29 STOCKHOLM", "Fiolgatan", "Bolagsverket", ("AB", "Aktiebolag", "Aksjeselskap")),
    u("SE", "411 05 GÖTEBORG", "Paraplygatan", "Bolagsverket", ("AB", "Aktiebolag", "Aksjeselskap")),
    u("DK", "1057 KØBENHAVN K", "Tulipanvej", "Erhvervsstyrelsen", ("APS", "Anpartsselskab", "Selskap med begrenset ansvar")),
    u("DK", "8000 AARHUS C", "Kaktusvej", "Erhvervsstyrelsen", ("AS", "Aktieselskab", "Aksjeselskap")),
    u("FI", "00100 HELSINKI", "Viulukatu", "Patentti- ja rekisterihallitus", ("OY", "Osakeyhtiö", "Aksjeselskap")),
    u("IS", "101 REYKJAVÍK", "Fiðlugata", "Fyrirtækjaskrá", ("EHF", "Einkahlutafélag", "Selskap med begrenset ansvar")),
    u("GB", "LONDON EC1A 1BB", "Umbrella Street", "Companies House", ("LTD", "Private limited company", "Selskap med begrenset ansvar")),
    u("GB", "ABERDEEN AB10 1AB", "Lantern Road", "Companies House", ("LTD", "Private limited company", "Selskap med begrenset ansvar")),
    u("DE", "20095 HAMBURG", "Geigenstraße", "Handelsregister", ("GMBH", "Gesellschaft mit beschränkter Haftung", "Selskap med begrenset ansvar")),
    u("NL", "1012 JS AMSTERDAM", "Vioolstraat", "Kamer van Koophandel", ("BV", "Besloten vennootschap", "Selskap med begrenset ansvar")),
    u("PL", "81-336 GDYNIA", "ul. Latarniowa", "Krajowy Rejestr Sądowy", ("SPZOO", "Spółka z ograniczoną odpowiedzialnością", "Selskap med begrenset ansvar")),
    u("PL", "00-001 WARSZAWA", "ul. Parasolowa", "Krajowy Rejestr Sądowy", ("SPZOO", "Spółka z ograniczoną odpowiedzialnością", "Selskap med begrenset ansvar")),
    u("LT", "LT-01103 VILNIUS", "Smuiko gatvė", "Registrų centras", ("UAB", "Uždaroji akcinė bendrovė", "Aksjeselskap")),
    u("LV", "LV-1050 RIGA", "Vijoles iela", "Uzņēmumu reģistrs", ("SIA", "Sabiedrība ar ierobežotu atbildību", "Selskap med begrenset ansvar")),
    u("EE", "10111 TALLINN", "Viiuli tänav", "Äriregister", ("OU", "Osaühing", "Selskap med begrenset ansvar")),
    u("FR", "75002 PARIS", "Rue du Violon", "Registre du commerce et des sociétés", ("SARL", "Société à responsabilité limitée", "Selskap med begrenset ansvar")),
    u("ES", "28001 MADRID", "Calle Violín", "Registro Mercantil", ("SL", "Sociedad limitada", "Selskap med begrenset ansvar")),
    u("US", "HOUSTON, TX 77002", "Kite Avenue", "Secretary of State", ("LLC", "Limited liability company", "Selskap med begrenset ansvar")),
    u("CH", "8001 ZÜRICH", "Laternenweg", "Handelsregister", ("AG", "Aktiengesellschaft", "Aksjeselskap")),
    u("CY", "3030 LIMASSOL", "Violin Street", "Department of Registrar of Companies", ("LTD", "Private limited company", "Selskap med begrenset ansvar")),
];

/// An address abroad: no municipality, the postal code as part of the place (sheet section 3).
pub(crate) fn adresse_utland(t: &mut Terning, sted: &Utland) -> Adresse {
    Adresse {
        land: Some(koder::land(sted.landkode)),
        landkode: Some(sted.landkode.to_owned()),
        postnummer: None,
        poststed: Some(sted.poststed.to_owned()),
        adresse: vec![format!("{} {}", sted.gate, 1 + t.under(90))],
        kommune: None,
        kommunenummer: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terning::{Kilde, Rike};

    #[test]
    fn every_municipality_has_a_street_and_countries_exist() {
        let uten: Vec<_> = steder().iter().filter(|s| s.gater.is_empty()).map(|s| s.kommune.navn).collect();
        assert!(uten.is_empty(), "{uten:?}");
        for (nummer, _) in STORE {
            assert_eq!(steder()[plass(nummer)].kommune.kommunenummer, *nummer);
        }
        for sted in UTLAND {
            assert!(kodeverk::landkoder::finn(sted.landkode).is_some(), "{}", sted.landkode);
        }
    }

    #[test]
    fn oslo_is_drawn_as_often_as_it_is_large() {
        let mut t = Kilde::ny(3).terning(Rike::Enhet, 0);
        let oslo = (0..20_000).filter(|_| steder()[trekk(&mut t)].kommune.kommunenummer == "0301").count();
        assert!((2000..3000).contains(&oslo), "{oslo}");
    }
}
