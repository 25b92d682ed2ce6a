//! Random persons out of few values, so that questions find somebody.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use folkeregisteret::modell::Persondokument;
use identifikator::{Dato, Personidentifikator, Slag};
use serde_json::{Map, Value, json};

use crate::register::Register;

pub const FORNAVN: &[&str] = &[
    "ANNE",
    "ANNE-LISE",
    "Ann",
    "ANNE KARI",
    "KRISTIAN",
    "Christian",
    "ÅSE",
    "AASE",
    "OLE",
    "Børge",
    "André",
];
pub const MELLOMNAVN: &[&str] = &["BERG", "KARI", "DE LA", "ANNE"];
pub const ETTERNAVN: &[&str] =
    &["HANSEN", "Hanssen", "DAHL", "DAL", "BERG-HANSEN", "LUND", "ØDEGÅRD", "ØDEGAARD", "O'LUND"];
pub const GATER: &[&str] = &["STORGATA", "Storgata", "Stordalsveien", "KARL JOHANS GATE", "Sto", "Åsgata"];
pub const HUSNUMRE: &[(&str, &str)] = &[("1", ""), ("12", ""), ("12", "B"), ("012", "b"), ("3", "Å")];
pub const POSTNUMRE: &[&str] = &["0155", "5014", "0001"];
pub const KOMMUNER: &[&str] = &["0301", "4601", "4602", "1103"];
pub const DATOER: &[&str] = &["1965-05-15", "1965-12-31", "1990-01-01", "2012-02-29"];
pub const LAND: &[&str] = &["NOR", "SWE", "AFG"];
pub const NUMRE: &[&str] = &["1458-4555", "ab12", "900 100"];
pub const DUF: &[&str] = &["201900000001", "201900000002"];
pub const STATUSER: &[&str] = &[
    "bosatt",
    "utflyttet",
    "forsvunnet",
    "doed",
    "opphoert",
    "foedselsregistrert",
    "midlertidig",
    "inaktiv",
    "ikkeBosatt",
];
pub const SIVILSTANDER: &[&str] = &["ugift", "gift", "skilt"];

/// SplitMix64.
pub struct Terning(pub u64);

impl Terning {
    pub fn under(&mut self, sider: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % sider as u64) as usize
    }

    pub fn velg<T: Copy>(&mut self, av: &[T]) -> T {
        av[self.under(av.len())]
    }

    /// Once in so many times.
    pub fn en_av(&mut self, antall: usize) -> bool {
        self.under(antall) == 0
    }
}

/// The persons of the tests, under the first number of each.
pub static FOLK: LazyLock<Register> = LazyLock::new(|| {
    let les = |json: Value| Persondokument::fra_json(json.to_string().as_bytes()).unwrap();
    Register::ny(dokumenter(800).into_iter().map(|(id, json)| (id, les(json))).collect())
});

fn dokumenter(antall: usize) -> BTreeMap<u64, Value> {
    let mut t = Terning(20_261_122);
    let dato = Dato::ny(1965, 5, 15).unwrap();
    let dnumre = Personidentifikator::syntetiske(Slag::DNummer, dato, None);
    let mut numre = (1..=27)
        .filter_map(|dag| Dato::ny(1965, 5, dag))
        .flat_map(|dato| Personidentifikator::syntetiske(Slag::Foedselsnummer, dato, None))
        .chain(dnumre)
        .map(|nummer| nummer.vis().to_string());
    let mut ut = BTreeMap::new();
    while ut.len() < antall {
        let nummer = numre.next().unwrap();
        let gammelt = t.en_av(4).then(|| numre.next().unwrap());
        let foerste = gammelt.as_ref().unwrap_or(&nummer);
        ut.insert(foerste.parse().unwrap(), person(&mut t, &nummer, gammelt.as_deref()));
    }
    ut
}

fn person(t: &mut Terning, nummer: &str, gammelt: Option<&str>) -> Value {
    let mut numre = vec![json!({"erGjeldende": true, "status": "iBruk", "foedselsEllerDNummer": nummer,
        "identifikatortype": "foedselsnummer"})];
    if let Some(gammelt) = gammelt {
        numre.push(json!({"erGjeldende": false, "status": "opphoert", "foedselsEllerDNummer": gammelt,
            "identifikatortype": "dNummer"}));
    }
    let mut ut = json!({ "identifikasjonsnummer": numre });
    let vern = t.velg(&["", "", "", "", "fortrolig", "strengtFortrolig"]);
    let mut sett = |navn: &str, liste: Vec<Value>| {
        if !liste.is_empty() {
            ut[navn] = liste.into();
        }
    };
    if !vern.is_empty() {
        sett("adressebeskyttelse", vec![med(som_oftest(t), json!({"graderingsnivaa": vern}))]);
    }
    sett("navn", innslag(t, 2, navn));
    sett("kjoenn", innslag(t, 1, |t| json!({"kjoenn": t.velg(&["kvinne", "mann"])})));
    sett("status", innslag(t, 1, |t| json!({"status": t.velg(STATUSER)})));
    sett("sivilstand", innslag(t, 1, |t| json!({"sivilstand": t.velg(SIVILSTANDER)})));
    sett("statsborgerskap", flere(t, |t| json!({"statsborgerskap": t.velg(LAND)})));
    sett("foedsel", innslag(t, 0, foedsel));
    sett(
        "bostedsadresse",
        innslag(t, 3, |t| adresse(t, &["vegadresse", "matrikkeladresse", "ukjentBosted"])),
    );
    sett(
        "oppholdsadresse",
        innslag(t, 2, |t| adresse(t, &["vegadresse", "matrikkeladresse", "adressenErUkjent"])),
    );
    sett(
        "postadresse",
        innslag(t, 0, |t| {
            let veg = json!({"adressenavn": t.velg(GATER), "poststed": {"postnummer": t.velg(POSTNUMRE)}});
            json!({"adressegradering": "ugradert", "vegadresse": veg})
        }),
    );
    let nummer = |t: &mut Terning| {
        json!({"identifikasjonsnummer": t.velg(NUMRE), "identifikasjonsnummertype": "x",
            "utstederland": t.velg(LAND)})
    };
    sett("utenlandskPersonidentifikasjon", flere(t, nummer));
    sett(
        "utlendingsmyndighetenesIdentifikasjonsnummer",
        flere(
            t,
            |t| json!({"identifikasjonsnummer": t.velg(DUF), "identifikasjonsnummertype": "x", "utstederland": "NOR"}),
        ),
    );
    sett(
        "legitimasjonsdokument",
        flere(t, |t| {
            json!({"identifikasjonsdokumentnummer": t.velg(NUMRE), "identifikasjonsdokumenttype": "pass",
            "utstederland": t.velg(LAND)})
        }),
    );
    if t.en_av(6) {
        ut["doedsfall"] = med(som_oftest(t), json!({"doedsdato": t.velg(DATOER)}));
    }
    ut
}

/// Nearly always current.
fn som_oftest(t: &mut Terning) -> Option<bool> {
    t.velg(&[Some(true), Some(true), Some(true), Some(true), Some(false), None])
}

fn med(gjeldende: Option<bool>, mut verdi: Value) -> Value {
    let mut ut = Map::new();
    if let Some(gjeldende) = gjeldende {
        ut.insert("erGjeldende".to_owned(), gjeldende.into());
    }
    ut.append(verdi.as_object_mut().unwrap());
    Value::Object(ut)
}

/// At most one current entry, and up to so many past ones.
fn innslag(t: &mut Terning, tidligere: usize, mut lag: impl FnMut(&mut Terning) -> Value) -> Vec<Value> {
    let mut ut = Vec::new();
    if !t.en_av(8) {
        let verdi = lag(t);
        ut.push(med(Some(true), verdi));
    }
    for _ in 0..t.under(tidligere + 1) {
        let (verdi, naar) = (lag(t), t.velg(&[Some(false), Some(false), None]));
        ut.push(med(naar, verdi));
    }
    ut
}

/// Perhaps one, perhaps several, current or not.
fn flere(t: &mut Terning, mut lag: impl FnMut(&mut Terning) -> Value) -> Vec<Value> {
    let antall = t.velg(&[0, 0, 1, 2]);
    (0..antall)
        .map(|_| {
            let (verdi, naar) = (lag(t), som_oftest(t));
            med(naar, verdi)
        })
        .collect()
}

fn navn(t: &mut Terning) -> Value {
    let mut ut = json!({"fornavn": t.velg(FORNAVN), "etternavn": t.velg(ETTERNAVN)});
    if t.en_av(3) {
        ut["mellomnavn"] = t.velg(MELLOMNAVN).into();
    }
    ut
}

fn foedsel(t: &mut Terning) -> Value {
    let dato = t.velg(DATOER);
    let mut ut = json!({"foedselsaar": dato[..4]});
    if !t.en_av(6) {
        ut["foedselsdato"] = dato.into();
    }
    ut
}

fn adresse(t: &mut Terning, former: &[&str]) -> Value {
    let form = if t.en_av(5) { t.velg(former) } else { "vegadresse" };
    let poststed = json!({"poststedsnavn": "STED", "postnummer": t.velg(POSTNUMRE)});
    let innhold = match form {
        "vegadresse" => {
            let mut ut = json!({"kommunenummer": t.velg(KOMMUNER), "adressenavn": t.velg(GATER), "poststed": poststed});
            if !t.en_av(4) {
                let (tall, bokstav) = t.velg(HUSNUMRE);
                ut["adressenummer"] = json!({ "husnummer": tall });
                if !bokstav.is_empty() {
                    ut["adressenummer"]["husbokstav"] = bokstav.into();
                }
            }
            ut
        }
        "matrikkeladresse" => {
            let nummer = json!({"kommunenummer": t.velg(KOMMUNER), "gaardsnummer": 1, "bruksnummer": 12});
            json!({"matrikkelnummer": nummer, "poststed": poststed})
        }
        "ukjentBosted" => json!({"bostedskommune": t.velg(KOMMUNER)}),
        _ => true.into(),
    };
    let gradering =
        t.velg(&["ugradert", "ugradert", "ugradert", "klientadresse", "fortrolig", "strengtFortrolig"]);
    json!({ "adressegradering": gradering, form: innhold })
}
