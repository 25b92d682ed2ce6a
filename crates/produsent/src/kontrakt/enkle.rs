//! The simple types of the contracts (producer sheet, section 4.1): which texts they take, and how schemas say it.

use serde_json::Value;
use tid::{Date, Moment};

/// A simple type.
#[derive(Debug, Clone, Copy)]
pub struct Enkel {
    /// Its name in contracts and schemas.
    pub navn: &'static str,
    /// What a schema restricts.
    pub grunntype: &'static str,
    /// The facets of the restriction, name and value.
    pub fasetter: &'static [(&'static str, &'static str)],
    les: fn(&str) -> Option<Value>,
}

/// Not shown in patterns as themselves: letters of the languages that names are written in.
const STORE_LATIN: &str = "ÁÀÂÃÄÇÐÉÈÊËÍÌÎÏÑÓÒÔÕÖÞÚÙÛÜÝŸ";
const SMAA_LATIN: &str = "áàâãäçðéèêëíìîïñóòôõößþúùûüýÿ";
const SAMISKE: &str = "ČĐŊŠŦŽčđŋšŧž";
const APOSTROFER: &str = "'`´‘’‛′‵";

impl Enkel {
    /// Reads a text of the type. The value is that of JSON: dates without time zone, true and false, numbers.
    pub fn les(&self, tekst: &str) -> Option<Value> {
        (self.les)(tekst)
    }

    /// The type of a name.
    pub fn av_navn(navn: &str) -> Option<&'static Self> {
        ENKLE.iter().find(|enkel| enkel.navn == navn)
    }
}

/// `Name: base [facets] condition`.
macro_rules! enkle {
    ($( $navn:ident: $grunn:literal [$($fasett:ident = $verdi:expr),*] $les:expr; )*) => {
        static ENKLE: &[Enkel] = &[$( Enkel {
            navn: stringify!($navn),
            grunntype: $grunn,
            fasetter: &[$( (stringify!($fasett), $verdi) ),*],
            les: $les,
        } ),*];
    };
}

enkle! {
    Tekst: "xsd:string" [maxLength = "4000"] |t| tekst(t, 0, 4000);
    Identifikator: "Tekst" [] |t| tekst(t, 0, 4000);
    TekstMedInnhold: "Tekst" [pattern = r"\s*\S.*"] |t| innhold(t).then(|| tekst(t, 0, 4000)).flatten();
    Navn: "Tekst" [minLength = "1", maxLength = "200"] |t| tekst(t, 1, 200);
    NavnMedInnhold: "TekstMedInnhold" [minLength = "1", maxLength = "200"]
        |t| innhold(t).then(|| tekst(t, 1, 200)).flatten();
    Epostadresse: "Tekst" [maxLength = "254"] |t| tekst(t, 0, 254);
    Telefonnummer: "Tekst" [maxLength = "20"] |t| tekst(t, 0, 20);
    Organisasjonsnavn: "Tekst" [maxLength = "175"] |t| tekst(t, 0, 175);
    SykehusetsIdentifikasjonsnummer: "TekstMedInnhold" [minLength = "1", maxLength = "200"]
        |t| innhold(t).then(|| tekst(t, 1, 200)).flatten();
    Foedselsnummer: "Tekst" [length = "11", pattern = "[0-9]+"] |t| sifre(t, 11, 11);
    Organisasjonsnummer: "Tekst" [length = "9", pattern = "[0-9]+"] |t| sifre(t, 9, 9);
    Kommunenummer: "Tekst" [length = "4", pattern = "[0-9]{4}"] |t| sifre(t, 4, 4);
    Postnummer: "Tekst" [length = "4", pattern = "[0-9]{4}"] |t| sifre(t, 4, 4);
    Husnummer: "Tekst" [maxLength = "4", pattern = "[0-9]+"] |t| sifre(t, 1, 4);
    Husbokstav: "Tekst" [length = "1", pattern = "[A-Za-z]"] |t| tegn(t, 1, 1, |c| c.is_ascii_alphabetic());
    HusbokstavNorsk: "Tekst" [length = "1", pattern = "[A-Za-zæøåÆØÅ]"] |t| tegn(t, 1, 1, norsk);
    LandkodeIsoAlfa3: "Tekst" [length = "3", pattern = "[A-Z]{3}"]
        |t| tegn(t, 3, 3, |c| c.is_ascii_uppercase());
    Rekkefoelgenummer: "Tekst" [pattern = "2[1-2]|3[1-3]|4[1-4]|5[1-5]|6[1-6]|7[1-7]"] rekkefoelge;
    NavnIFoedsel: "TekstMedInnhold" [minLength = "1", maxLength = "200",
        pattern = r"[a-zA-ZæøåÆØÅÁÀÂÃÄČÇÐÉÈÊËÍÌÎÏÑŊÓÒÔÕÖŠŦÞÚÙÛÜÝŸŽáàâãäçčðđéèêëíìîïñŋóòôößþšŧúùûüýÿž *\-'`´‘’‛′‵]+"]
        |t| navn(t, 200, |c| c != 'Đ' && c != 'õ' && (latin(c) || SAMISKE.contains(c) || APOSTROFER.contains(c) || c == '*'));
    NavnMedSamiskeTegn: "TekstMedInnhold" [minLength = "1", maxLength = "200",
        pattern = r"[a-zA-ZæøåÆØÅÁÀÂÃÄČÇÐĐÉÈÊËÍÌÎÏÑŊÓÒÔÕÖÞÚÙÛÜÝŸŠŦŽáàâãäçčðđéèêëíìîïñŋóòôõößþšŧúùûüýÿž \*\-'`´‘’‛′‵]+"]
        |t| navn(t, 200, |c| latin(c) || SAMISKE.contains(c) || APOSTROFER.contains(c) || c == '*');
    NavnForVigsel: "TekstMedInnhold" [minLength = "1", maxLength = "200",
        pattern = r"[a-zA-ZæøåÆØÅÁÀÄČÇÐĐÉÈÊÍÎÏÑŊÓÒÔÖÙÜŠŦŽáàäçčðđéèêíîïñŋóòôöšŧùüž. \*\-'`´‘’‛′‵]+"]
        |t| navn(t, 200, |c| norsk(c) || "ÁÀÄÇÐÉÈÊÍÎÏÑÓÒÔÖÙÜáàäçðéèêíîïñóòôöùü".contains(c)
            || SAMISKE.contains(c) || APOSTROFER.contains(c) || matches!(c, ' ' | '-' | '*' | '.'));
    NavnLatin: "TekstMedInnhold" [minLength = "1", maxLength = "200",
        pattern = r"[a-zA-ZæøåÆØÅÁÀÂÃÄÇÐÉÈÊËÍÌÎÏÑÓÒÔÕÖÞÚÙÛÜÝŸáàâãäçðéèêëíìîïñóòôõößþúùûüýÿ \-']+"]
        |t| navn(t, 200, latin);
    NavnLatinLang: "TekstMedInnhold" [
        pattern = r"[a-zA-ZæøåÆØÅÁÀÂÃÄÇÐÉÈÊËÍÌÎÏÑÓÒÔÕÖÞÚÙÛÜÝŸáàâãäçðéèêëíìîïñóòôõößþúùûüýÿ \-']+"]
        |t| navn(t, 4000, latin);
    AdresseIFoedsel: "TekstMedInnhold" [
        pattern = "[a-zA-ZæøåÆØÅÁÀÂÃÄÇÐÉÈÊËÍÌÎÏÑÓÒÔÕÖÞÚÙÛÜÝŸČĐŊŠŦŽáàâãäçðéèêëíìîïñóòôõößþúùûüýÿčđŋšŧž 0-9_:'`´‘’‛′‵.,()-/#\"&]+"]
        |t| navn(t, 4000, |c| norsk(c) || STORE_LATIN.contains(c) || SMAA_LATIN.contains(c)
            || SAMISKE.contains(c) || APOSTROFER.contains(c) || c.is_ascii_digit()
            || matches!(c, ' ' | '_' | ':' | '(' | ')'..='/' | '#' | '"' | '&'));
    AdresseLatin: "TekstMedInnhold" [
        pattern = "[a-zA-ZæøåÆØÅÁÀÂÃÄÇÐÉÈÊËÍÌÎÏÑÓÒÔÕÖÞÚÙÛÜÝŸáàâãäçðéèêëíìîïñóòôõößþúùûüýÿ \\-0-9_:'.,()/#\"&]+"]
        |t| navn(t, 4000, |c| latin(c) || c.is_ascii_digit() || "_:.,()/#\"&".contains(c));
    AdressePosten: "TekstMedInnhold" [
        pattern = "[a-zA-ZæøåÆØÅÁÀÂÃÄÇÐÉÈÊËÍÌÎÏÑÓÒÔÕÖÞÚÙÛÜÝŸáàâãäçðéèêëíìîïñóòôõößþúùûüýÿ \\-0-9_:'.,()/#;&]+"]
        |t| navn(t, 4000, |c| latin(c) || c.is_ascii_digit() || "_:.,()/#;&".contains(c));
    Boolsk: "xsd:boolean" [] |t| match luft(t) {
        "true" | "1" => Some(Value::Bool(true)),
        "false" | "0" => Some(Value::Bool(false)),
        _ => None,
    };
    Heltall: "xsd:long" [] |t| heltall(t).map(Value::from);
    HeltallKort: "xsd:int" [] |t| heltall(t).and_then(|tall| i32::try_from(tall).ok()).map(Value::from);
    Dato: "xsd:date" [] |t| dato(t).map(|dato| Value::from(dato.to_string()));
    DatoKlokkeslett: "xsd:dateTime" [] |t| tidspunkt(t);
}

fn tekst(t: &str, min: usize, maks: usize) -> Option<Value> {
    let antall = t.chars().take(maks + 1).count();
    (min..=maks).contains(&antall).then(|| Value::from(t))
}

/// `\s*\S.*`: something that is not blank, and no line break after it.
fn innhold(t: &str) -> bool {
    let rest = t.trim_start_matches([' ', '\t', '\n', '\r']);
    !rest.is_empty() && !rest.contains(['\n', '\r'])
}

fn tegn(t: &str, min: usize, maks: usize, tillatt: impl Fn(char) -> bool) -> Option<Value> {
    t.chars().all(tillatt).then(|| tekst(t, min, maks)).flatten()
}

fn navn(t: &str, maks: usize, tillatt: impl Fn(char) -> bool) -> Option<Value> {
    innhold(t).then(|| tegn(t, 1, maks, tillatt)).flatten()
}

fn sifre(t: &str, min: usize, maks: usize) -> Option<Value> {
    tegn(t, min, maks, |c| c.is_ascii_digit())
}

fn norsk(c: char) -> bool {
    c.is_ascii_alphabetic() || "æøåÆØÅ".contains(c)
}

/// What all contracts' names may hold.
fn latin(c: char) -> bool {
    norsk(c) || STORE_LATIN.contains(c) || SMAA_LATIN.contains(c) || matches!(c, ' ' | '-' | '\'')
}

/// How many were born, and which of them this is.
fn rekkefoelge(t: &str) -> Option<Value> {
    match t.as_bytes() {
        [antall @ b'2'..=b'7', nummer @ b'1'..=b'7'] if nummer <= antall => Some(Value::from(t)),
        _ => None,
    }
}

/// Types that are not strings take blanks around them.
fn luft(t: &str) -> &str {
    t.trim_matches([' ', '\t', '\n', '\r'])
}

fn heltall(t: &str) -> Option<i64> {
    let t = luft(t);
    let sifre = t.strip_prefix(['+', '-']).unwrap_or(t);
    let bare_sifre = !sifre.is_empty() && sifre.bytes().all(|b| b.is_ascii_digit());
    bare_sifre.then(|| t.parse().ok()).flatten()
}

/// A date, with a time zone or without. Only the date is kept. Years have four digits.
fn dato(t: &str) -> Option<Date> {
    let t = luft(t);
    let (dato, sone) = (t.get(..10)?, t.get(10..)?);
    let gyldig =
        sone.is_empty() || Moment::parse(&format!("{dato}T00:00:00{sone}")).is_ok() && sone_er_kort(sone);
    gyldig.then(|| Date::parse(dato).ok()).flatten().filter(|dato| dato.year() > 0)
}

/// A schema's time zones reach fourteen hours.
fn sone_er_kort(sone: &str) -> bool {
    sone == "Z" || sone.get(1..).is_some_and(|s| s <= "14:00")
}

/// A moment; one without a time zone is Oslo's, which is for who reads it to say (section 3.2).
fn tidspunkt(t: &str) -> Option<Value> {
    let t = luft(t);
    dato(t.get(..10)?)?;
    let rest = t.get(19..)?;
    let desimaler =
        rest.strip_prefix('.').map_or(0, |r| 1 + r.bytes().take_while(u8::is_ascii_digit).count());
    let sone = rest.get(desimaler..)?;
    let klokke = t.get(10..19)?;
    // Midnight at the end of a day, and more decimals than anybody counts, are the schema's but not ours to keep.
    let klokke = if klokke == "T24:00:00"
        && rest.bytes().skip(1).take(desimaler.saturating_sub(1)).all(|b| b == b'0')
    {
        "T00:00:00"
    } else {
        klokke
    };
    let faa = rest.get(..desimaler.min(10))?;
    let sone = if sone.is_empty() { "Z" } else { sone };
    let gyldig = Moment::parse(&format!("{}{klokke}{faa}{sone}", &t[..10])).is_ok() && sone_er_kort(sone);
    gyldig.then(|| Value::from(t))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tar(type_: &str, tekst: &str) -> bool {
        Enkel::av_navn(type_).unwrap().les(tekst).is_some()
    }

    #[test]
    fn what_the_types_take() {
        for (type_, ja, nei) in [
            ("Tekst", &["", "x\ny", "  "][..], &[][..]),
            ("TekstMedInnhold", &["x", " \n x y"], &["", "  ", "x\ny"]),
            ("Navn", &["x", " "], &[""]),
            ("Foedselsnummer", &["00000000000"], &["0000000000", "0000000000x", " 00000000000"]),
            ("Husnummer", &["1", "0012"], &["", "12345", "1A"]),
            ("Husbokstav", &["A"], &["Å", "AB", ""]),
            ("HusbokstavNorsk", &["Å"], &["ß"]),
            ("LandkodeIsoAlfa3", &["NOR"], &["nor", "NO"]),
            ("Rekkefoelgenummer", &["21", "22", "77"], &["11", "23", "20", "78", "88"]),
            ("NavnIFoedsel", &["Áŋŋel O´Hara*"], &["A.B", "Đ", "1"]),
            ("NavnMedSamiskeTegn", &["Đorđe"], &["A.B"]),
            ("NavnForVigsel", &["A. Š"], &["â"]),
            ("NavnLatin", &["Anne-Lise D'Arc"], &["Š", "A*B", "A.B"]),
            ("AdresseIFoedsel", &["Vei 1*+", "\"Š\" & co"], &["a;b"]),
            ("AdresseLatin", &["Vei 1 (2) \"&"], &["Š", "a*b", "a;b"]),
            ("AdressePosten", &["a;b & c"], &["\"x\""]),
            ("Boolsk", &["true", " 1 ", "false", "0"], &["TRUE", "", "ja"]),
            ("Heltall", &["+5", "-007", " 3\n"], &["", "1.0", "9223372036854775808", "+-1"]),
            ("HeltallKort", &["2147483647"], &["2147483648"]),
            (
                "Dato",
                &["2024-02-29", "2024-01-01Z", " 2024-01-01+14:00 "],
                &["19981221", "2023-02-29", "2024-1-1", "2024-01-01+15:00", "0000-01-01"],
            ),
            (
                "DatoKlokkeslett",
                &[
                    "2018-09-01T15:04:47.719",
                    "2024-11-04T10:15:30+01:00",
                    "2024-11-04T24:00:00",
                    "2024-01-01T00:00:00.1234567890123Z",
                ],
                &[
                    "2024-11-04",
                    "2024-11-04T10:15",
                    "2024-11-04 10:15:30",
                    "2024-11-04T24:00:01",
                    "2024-13-04T10:15:30",
                ],
            ),
        ] {
            for tekst in ja {
                assert!(tar(type_, tekst), "{type_} takes {tekst:?}");
            }
            for tekst in nei {
                assert!(!tar(type_, tekst), "{type_} does not take {tekst:?}");
            }
        }
        assert!(tar("Tekst", &"æ".repeat(4000)) && !tar("Tekst", &"æ".repeat(4001)));
        assert!(tar("NavnLatin", &"æ".repeat(200)) && !tar("NavnLatin", &"æ".repeat(201)));
    }

    #[test]
    fn values_are_those_of_json() {
        let verdi = |type_: &str, tekst: &str| Enkel::av_navn(type_).unwrap().les(tekst).unwrap();
        assert_eq!(verdi("Dato", "2024-02-29+01:00"), "2024-02-29");
        assert_eq!(verdi("Boolsk", "1"), true);
        assert_eq!(verdi("Heltall", "007"), 7);
        assert_eq!(verdi("Tekst", " x "), " x ");
    }
}
