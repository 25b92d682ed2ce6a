//! Messages with attachments: `multipart/form-data` (producer sheet, section 3.5), the whole body in memory.

use memchr::memmem;

/// Most parts (section 3.5).
const DELER_MAKS: usize = 20;
/// Longest head of a part.
const HODE_MAKS: usize = 4_096;

/// A part.
#[derive(PartialEq, Eq)]
pub struct Del<'a> {
    /// Its name.
    pub navn: String,
    /// The name of its file.
    pub filnavn: Option<String>,
    /// Its type as the sender says.
    pub type_: String,
    /// What it holds.
    pub innhold: &'a [u8],
}

impl std::fmt::Debug for Del<'_> {
    /// Without content and the name of its file: they may be personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Del({}, {} byte)", self.navn, self.innhold.len())
    }
}

/// The boundary that a content type names; `None` if it is not multipart.
pub fn grense(type_: &str) -> Option<String> {
    let (type_, parametre) = type_.split_once(';')?;
    if !type_.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let grense = parameter(parametre, "boundary")?;
    (!grense.is_empty() && grense.len() <= 70).then_some(grense)
}

/// The value of a parameter, quoted or not.
pub fn parameter(tekst: &str, navn: &str) -> Option<String> {
    let mut rest = tekst;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ';']);
        let (n, verdi) = rest.split_once('=')?;
        let (verdi, etter) = match verdi.strip_prefix('"') {
            Some(sitert) => {
                let slutt = sitert.find('"')?;
                (&sitert[..slutt], &sitert[slutt + 1..])
            }
            None => verdi.split_once(';').unwrap_or((verdi, "")),
        };
        if n.trim().eq_ignore_ascii_case(navn) {
            return Some(verdi.trim().to_owned());
        }
        rest = etter;
    }
}

/// Reads the parts.
///
/// # Errors
/// A sentence for the sender.
pub fn les<'a>(kropp: &'a [u8], grense: &str) -> Result<Vec<Del<'a>>, &'static str> {
    let skille = [b"--", grense.as_bytes()].concat();
    let mut rest = kropp;
    // The first boundary may stand first of all, or after a line that nobody reads.
    let start = memmem::find(rest, &skille).ok_or("Grensen mellom delene finnes ikke i innholdet")?;
    if start > 0 && !rest[..start].ends_with(b"\n") {
        return Err("Grensen mellom delene står ikke først på en linje");
    }
    rest = &rest[start + skille.len()..];
    let mellom = [b"\r\n", &skille[..]].concat();
    let mellom = memmem::Finder::new(&mellom);
    let mut deler = Vec::new();
    loop {
        if rest.starts_with(b"--") {
            return Ok(deler);
        }
        let etter_linje = rest.iter().position(|b| *b != b' ' && *b != b'\t').unwrap_or(0);
        rest = rest[etter_linje..].strip_prefix(b"\r\n").ok_or("En del begynner ikke på en ny linje")?;
        let slutt = neste_grense(rest, &mellom).ok_or("Innholdet slutter før siste del er ferdig")?;
        deler.push(del(&rest[..slutt])?);
        if deler.len() > DELER_MAKS {
            return Err("Forespørselen har for mange deler");
        }
        rest = &rest[slutt + mellom.needle().len()..];
    }
}

/// Where the next boundary stands: what only begins like one is content.
fn neste_grense(i: &[u8], mellom: &memmem::Finder<'_>) -> Option<usize> {
    let mut fra = 0;
    loop {
        let plass = fra + mellom.find(&i[fra..])?;
        let etter = &i[plass + mellom.needle().len()..];
        let blanke = etter.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        if etter.starts_with(b"--") || etter[blanke..].starts_with(b"\r\n") {
            return Some(plass);
        }
        fra = plass + 1;
    }
}

fn del(alt: &[u8]) -> Result<Del<'_>, &'static str> {
    let slutt = memmem::find(alt, b"\r\n\r\n").ok_or("En del mangler hode")?;
    let (hode, innhold) = (&alt[..slutt], &alt[slutt + 4..]);
    if hode.len() > HODE_MAKS {
        return Err("En del har for langt hode");
    }
    let hode = str::from_utf8(hode).map_err(|_| "En del har et hode som ikke er UTF-8")?;
    let felt = |navn: &str| {
        let linjer = hode.split("\r\n").filter_map(|linje| linje.split_once(':'));
        let mut like = linjer.filter(|(n, _)| n.trim().eq_ignore_ascii_case(navn));
        like.next().map(|(_, verdi)| verdi.trim())
    };
    let plassering = felt("Content-Disposition").and_then(|verdi| verdi.split_once(';'));
    let (_, parametre) = plassering.ok_or("En del mangler Content-Disposition")?;
    Ok(Del {
        navn: parameter(parametre, "name").ok_or("En del mangler navn")?,
        filnavn: parameter(parametre, "filename"),
        type_: felt("Content-Type").unwrap_or_default().to_owned(),
        innhold,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TO_DELER: &[u8] = b"--x\r\nContent-Disposition: form-data; name=\"rekvisisjon\"\r\nContent-Type: application/xml; charset=UTF-8\r\n\r\n<a/>\r\n--x\r\ncontent-disposition: form-data; name=vedlegg1; filename=\"a;b.pdf\"\r\n\r\n%PDF-\r\n--xx\r\n--x--\r\n";

    #[test]
    fn parts_are_read() {
        let deler = les(TO_DELER, "x").unwrap();
        assert_eq!(deler.len(), 2);
        assert_eq!((deler[0].navn.as_str(), deler[0].innhold), ("rekvisisjon", &b"<a/>"[..]));
        assert_eq!(deler[0].type_, "application/xml; charset=UTF-8");
        assert_eq!(deler[1].filnavn.as_deref(), Some("a;b.pdf"));
    }

    #[test]
    fn what_is_cut_off_is_refused() {
        for lengde in 0..TO_DELER.len() - 4 {
            assert!(les(&TO_DELER[..lengde], "x").is_err(), "{lengde}");
        }
        assert!(les(b"--x--", "x").unwrap().is_empty());
        assert!(les(b"y--x--", "x").is_err());
    }

    #[test]
    fn boundaries() {
        assert_eq!(grense("multipart/form-data; boundary=abc").as_deref(), Some("abc"));
        assert_eq!(grense("Multipart/Form-Data; charset=x; boundary=\"a b\"").as_deref(), Some("a b"));
        assert_eq!(grense("application/xml"), None);
        assert_eq!(grense("multipart/form-data"), None);
        assert_eq!(grense(&format!("multipart/form-data; boundary={}", "x".repeat(71))), None);
    }
}
