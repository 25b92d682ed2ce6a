//! Documents made from the sheet's tables: one full of everything, and random ones.

use serde_json::{Map, Value, json};

use super::tabeller::{self, Felt, TYPER};

/// Numbers that are valid; none is anybody's.
const NUMRE: [&str; 6] =
    ["15856543134", "29880050174", "01819012365", "41819021013", "66827530086", "07824099914"];

/// Makes values. The same seed, the same values.
pub(super) struct Fabrikk {
    tilstand: u64,
    /// Everything that may be there is there; otherwise by chance.
    alt: bool,
    loepenummer: u32,
}

impl Fabrikk {
    pub(super) fn full() -> Self {
        Self { tilstand: 1, alt: true, loepenummer: 0 }
    }

    pub(super) fn tilfeldig(froe: u64) -> Self {
        Self { tilstand: froe, alt: false, loepenummer: 0 }
    }

    /// SplitMix64.
    pub(super) fn terning(&mut self, sider: u64) -> u64 {
        self.tilstand = self.tilstand.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.tilstand;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sider
    }

    fn velg<T: Copy>(&mut self, av: &[T]) -> T {
        av[self.terning(av.len() as u64) as usize]
    }

    fn tas_med(&mut self) -> bool {
        self.alt || self.terning(2) == 0
    }

    /// A random document.
    pub(super) fn dokument(&mut self) -> Value {
        let mut dokument = Map::new();
        for rad in tabeller::ENTITETER.iter() {
            let antall = self.terning(if rad["form"] == "liste" { 4 } else { 2 });
            let innslag: Vec<Value> =
                (0..antall).map(|_| Value::Object(self.objekt(rad["type"], None))).collect();
            match innslag.as_slice() {
                [] => {}
                [ett] if rad["form"] == "en" => drop(dokument.insert(rad["entitet"].to_owned(), ett.clone())),
                _ => drop(dokument.insert(rad["entitet"].to_owned(), innslag.into())),
            }
        }
        Value::Object(dokument)
    }

    /// A document with every field of every entity: every alternative, every status and grading, current and past. Of
    /// what there is only one of, `runde` says which; `vern` is the protection in force.
    pub(super) fn fullt_dokument(&mut self, runde: usize, vern: Option<&str>) -> Value {
        let mut dokument = Map::new();
        for rad in tabeller::ENTITETER.iter() {
            let verdi = if rad["entitet"] == "adressebeskyttelse" {
                self.vern(vern).into()
            } else if rad["form"] == "liste" {
                self.alle_utgaver(rad["type"]).into()
            } else {
                let mut ett = self.objekt(rad["type"], Some(runde));
                ett["erGjeldende"] = (runde < 3).into();
                Value::Object(ett)
            };
            dokument.insert(rad["entitet"].to_owned(), verdi);
        }
        Value::Object(dokument)
    }

    /// Every alternative, with every status or grading, current and past.
    fn alle_utgaver(&mut self, type_: &str) -> Vec<Value> {
        let felter = &TYPER[type_];
        let alternativer = felter.iter().filter(|felt| felt.valg).count().max(1);
        let noekkel =
            felter.iter().find(|felt| ["personstatus", "adressegradering"].contains(&felt.kodeliste));
        let koder = noekkel.and_then(|felt| tabeller::koder(felt.kodeliste)).unwrap_or(vec![""]);
        let mut utgaver = Vec::new();
        for (alternativ, kode, gjeldende) in (0..alternativer)
            .flat_map(|a| koder.iter().map(move |k| (a, *k)))
            .flat_map(|(a, k)| [(a, k, true), (a, k, false)])
        {
            let mut utgave = self.objekt(type_, Some(alternativ));
            utgave["erGjeldende"] = gjeldende.into();
            if let Some(felt) = noekkel {
                utgave[felt.navn] = kode.into();
            }
            utgaver.push(Value::Object(utgave));
        }
        utgaver
    }

    /// An object of a type, with metadata if it is an entity's; of its alternatives the one asked for, or any.
    pub(super) fn objekt(&mut self, type_: &str, alternativ: Option<usize>) -> Map<String, Value> {
        let mut objekt = Map::new();
        if tabeller::er_entitet(type_) {
            self.felter(&TYPER["Registermetadata"], None, &mut objekt);
        }
        self.felter(&TYPER[type_], alternativ, &mut objekt);
        objekt
    }

    fn felter(&mut self, felter: &[Felt], alternativ: Option<usize>, objekt: &mut Map<String, Value>) {
        let valg: Vec<&str> = felter.iter().filter(|felt| felt.valg).map(|felt| felt.navn).collect();
        let antall = valg.len().max(1);
        let valgt = alternativ.unwrap_or_else(|| self.terning(antall as u64) as usize) % antall;
        for felt in felter {
            let med = if felt.valg { valg[valgt] == felt.navn } else { felt.min > 0 || self.tas_med() };
            if med {
                let verdi = self.felt(felt);
                objekt.insert(felt.navn.to_owned(), verdi);
            }
        }
    }

    fn felt(&mut self, felt: &Felt) -> Value {
        if felt.liste {
            let antall = 1 + self.terning(felt.maks.unwrap_or(3) as u64);
            return (0..antall).map(|_| self.verdi(felt)).collect();
        }
        self.verdi(felt)
    }

    fn verdi(&mut self, felt: &Felt) -> Value {
        if let Some(koder) = tabeller::koder(felt.kodeliste) {
            return self.velg(&koder).into();
        }
        if TYPER.contains_key(felt.datatype) {
            let alternativ = self.alt.then_some(0);
            return Value::Object(self.objekt(felt.datatype, alternativ));
        }
        match felt.datatype {
            "Tekst" | "Identifikator" | "Organisasjonsnavn" => self.tekst(felt.navn).into(),
            "Dato" => self.dato().into(),
            "DatoKlokkeslett" => {
                let desimaler = self.velg(&["", ".5", ".421", ".129821871"]);
                let sone = self.velg(&["+01:00", "+02:00", "Z"]);
                format!("{}T12:41:16{desimaler}{sone}", self.dato()).into()
            }
            "Aarstall" => self.dato()[..4].into(),
            "Boolsk" => (self.terning(2) == 0).into(),
            "Heltall" => (self.terning(100_000).cast_signed() - 50).into(),
            "Foedselsnummer" => self.velg(&NUMRE).into(),
            "Organisasjonsnummer" => "310100005".into(),
            "Kommunenummer" => self.velg(&["0301", "4601", "5001"]).into(),
            "Postnummer" => self.velg(&["0001", "5014", "9990"]).into(),
            "LandkodeIsoAlfa3" => self.velg(&["NOR", "SWE", "XUK", "XXK"]).into(),
            "LandkodeIsoAlfa2" => self.velg(&["SE", "YY", "XK"]).into(),
            "Husnummer" => self.velg(&["1", "12", "007", "9999"]).into(),
            "Husbokstav" => self.velg(&["A", "b", "Ø"]).into(),
            annen => panic!("no values for {annen}"),
        }
    }

    /// A text that tells where it stands and occurs once, with characters that are hard to write.
    fn tekst(&mut self, felt: &str) -> String {
        self.loepenummer += 1;
        let slutt = if self.alt {
            ""
        } else {
            self.velg(&["", "ČŠŽ æøå", " <&>]]> ", "\"\\/'", "\r\n\t", "😀", " ", "&amp;"])
        };
        let kort: String = felt.chars().take(18).collect();
        format!("{kort}-{}{slutt}", self.loepenummer)
    }

    fn dato(&mut self) -> String {
        format!("{}-{:02}-{:02}", 1900 + self.terning(140), 1 + self.terning(12), 1 + self.terning(28))
    }

    /// A protection of addresses in force, and a stronger one that is past.
    fn vern(&mut self, nivaa: Option<&str>) -> Vec<Value> {
        let innslag = nivaa.map(|nivaa| (nivaa, true)).into_iter().chain([("strengtFortrolig", false)]);
        innslag
            .map(|(nivaa, gjeldende)| {
                let mut ett = self.objekt("GraderingAvAdresse", None);
                ett["graderingsnivaa"] = json!(nivaa);
                ett["erGjeldende"] = json!(gjeldende);
                Value::Object(ett)
            })
            .collect()
    }
}
