//! What the token is restricted to (sheet section 5, step 24): a person, audiences.

use identifikator::Personidentifikator;

use super::avslag::{Avslag, VERDI};
use super::krav::Krav;
use crate::Oppsett;

/// Judges `pid` and `resource`.
pub fn sjekk(krav: &Krav, oppsett: &Oppsett) -> Result<Option<Personidentifikator>, Avslag> {
    if krav.resource.iter().any(|adresse| !er_absolutt(adresse)) {
        return Err(VERDI.merk("resource is not an absolute URI without fragment"));
    }
    let Some(tekst) = &krav.pid else { return Ok(None) };
    let pid = Personidentifikator::parse(tekst).map_err(|_| VERDI.merk("pid"))?;
    if !oppsett.syntetiske_personer && pid.syntetisk().is_some() {
        return Err(VERDI.merk("pid is synthetic"));
    }
    Ok(Some(pid))
}

/// `scheme://authority…` or `urn:nid:nss`, without fragment. Other schemes, such as `javascript:`, name no API.
fn er_absolutt(tekst: &str) -> bool {
    let plain = |b: u8| {
        b.is_ascii_graphic()
            && !matches!(b, b'#' | b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}')
    };
    if !tekst.bytes().all(plain) {
        return false;
    }
    let Some((skjema, resten)) = tekst.split_once(':') else { return false };
    let er_skjema = skjema.bytes().next().is_some_and(|b| b.is_ascii_alphabetic())
        && skjema.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    if skjema.eq_ignore_ascii_case("urn") {
        return resten.split_once(':').is_some_and(|(nid, nss)| !nid.is_empty() && !nss.is_empty());
    }
    let vert = resten.strip_prefix("//").map(|r| r.split(['/', '?']).next().unwrap_or_default());
    er_skjema && vert.is_some_and(|vert| !vert.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absolute_addresses_only() {
        for god in ["https://api.example.no/v1", "urn:example:api:1", "http://h", "api://0a1b?x=y"] {
            assert!(er_absolutt(god), "{god}");
        }
        for ond in [
            "",
            "/v1",
            "api.example.no",
            "https://",
            "https:///v1",
            "https://h/#f",
            "javascript:alert(1)",
            "unspecified",
            "urn:",
            "urn:a",
            "urn::a",
            "https://h/a b",
            "https://ø.no",
            "1a://h",
            "a:b",
        ] {
            assert!(!er_absolutt(ond), "{ond}");
        }
    }
}
