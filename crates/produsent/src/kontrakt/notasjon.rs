//! The notation of contracts, read.

use super::{Element, Enkel, Innhold, Kontrakt, Ledd};

/// A line of a contract cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("kontrakten kan ikke leses ved «{0}»")]
pub struct UgyldigKontrakt(String);

/// A line that is not blank, with those below it.
struct Linje {
    innrykk: usize,
    tekst: &'static str,
    under: Vec<Linje>,
}

/// The types that lines refer to.
struct Typer<'t> {
    egne: &'t [Linje],
    felles: &'t [Linje],
    bytter: Vec<(&'static str, &'static str)>,
}

pub(super) fn les(tekst: &'static str, felles: &'static str) -> Result<Kontrakt, UgyldigKontrakt> {
    let linjer = traer(tekst);
    let felles = traer(felles);
    let mut navnerom = "";
    let mut bytter = Vec::new();
    let mut foerste = None;
    for (i, linje) in linjer.iter().enumerate() {
        let ord: Vec<&str> = linje.tekst.split_whitespace().collect();
        match ord.as_slice() {
            ["navnerom", verdi] => navnerom = verdi,
            ["sett", fra, til] => bytter.push((*fra, *til)),
            _ if foerste.is_none() => foerste = Some(i),
            _ => {}
        }
    }
    let rot = foerste.and_then(|i| linjer.get(i)).ok_or_else(|| UgyldigKontrakt(String::new()))?;
    let typer = Typer { egne: &linjer, felles: &felles, bytter };
    let innhold = Innhold::Felter(typer.rekke(&rot.under)?);
    let rot = Element { navn: rot.tekst, min: 1, maks: Some(1), nillbar: false, innhold };
    Ok(Kontrakt { navnerom, rot })
}

/// The lines as trees, by their indentation.
fn traer(tekst: &'static str) -> Vec<Linje> {
    let mut stakk: Vec<Linje> = vec![Linje { innrykk: 0, tekst: "", under: Vec::new() }];
    let lukk = |stakk: &mut Vec<Linje>| {
        if let Some(ferdig) = stakk.pop()
            && let Some(over) = stakk.last_mut()
        {
            over.under.push(ferdig);
        }
    };
    for linje in tekst.lines().filter(|linje| !linje.trim().is_empty()) {
        let innrykk = linje.len() - linje.trim_start().len() + 1;
        while stakk.last().is_some_and(|over| over.innrykk >= innrykk) {
            lukk(&mut stakk);
        }
        stakk.push(Linje { innrykk, tekst: linje.trim(), under: Vec::new() });
    }
    while stakk.len() > 1 {
        lukk(&mut stakk);
    }
    stakk.pop().map(|rot| rot.under).unwrap_or_default()
}

impl Typer<'_> {
    fn rekke(&self, linjer: &[Linje]) -> Result<Vec<Ledd>, UgyldigKontrakt> {
        linjer.iter().map(|linje| self.ledd(linje)).collect()
    }

    fn ledd(&self, linje: &Linje) -> Result<Ledd, UgyldigKontrakt> {
        let Some(rest) = linje.tekst.strip_prefix("<en av>") else {
            return self.element(linje).map(Ledd::Element);
        };
        let valg = linje.under.iter().map(|valg| match valg.tekst {
            "<rekke>" => self.rekke(&valg.under),
            _ => Ok(vec![self.ledd(valg)?]),
        });
        Ok(Ledd::EnAv { maa: rest.trim() != "0..1", valg: valg.collect::<Result<_, _>>()? })
    }

    fn element(&self, linje: &Linje) -> Result<Element, UgyldigKontrakt> {
        let ugyldig = || UgyldigKontrakt(linje.tekst.to_owned());
        let (venstre, hoeyre) = match linje.tekst.split_once(" : ") {
            Some((venstre, hoeyre)) => (venstre, Some(hoeyre)),
            None => (linje.tekst, None),
        };
        let (navn, antall) = venstre.split_once(' ').ok_or_else(ugyldig)?;
        let (min, maks) = match antall.split_once("..") {
            None => (antall.parse().ok(), antall.parse().ok()),
            Some((min, "n")) => (min.parse().ok(), None),
            Some((min, maks)) => (min.parse().ok(), Some(maks.parse().map_err(|_| ugyldig())?)),
        };
        let nillbar = hoeyre.is_some_and(|type_| type_.ends_with(" nillable"));
        let innhold = match hoeyre {
            None if !linje.under.is_empty() => Innhold::Felter(self.rekke(&linje.under)?),
            Some(type_) if linje.under.is_empty() => {
                self.innhold(type_.trim_end_matches(" nillable")).ok_or_else(ugyldig)??
            }
            // Neither a type nor anything below, or both.
            _ => return Err(ugyldig()),
        };
        Ok(Element { navn, min: min.ok_or_else(ugyldig)?, maks, nillbar, innhold })
    }

    /// What a type holds; `None` if there is no such type.
    fn innhold(&self, type_: &'static str) -> Option<Result<Innhold, UgyldigKontrakt>> {
        let type_ = self.bytter.iter().find(|(fra, _)| *fra == type_).map_or(type_, |(_, til)| til);
        if type_.contains(" | ") {
            return Some(Ok(Innhold::Koder(type_.split(" | ").collect())));
        }
        match type_ {
            "Hvasomhelst" => return Some(Ok(Innhold::Hvasomhelst)),
            "Signatur" => return Some(Ok(Innhold::Signatur)),
            _ => {}
        }
        let sammensatt = self.egne.iter().chain(self.felles).find(|linje| linje.tekst == type_);
        if let Some(linje) = sammensatt {
            return Some(self.rekke(&linje.under).map(Innhold::Felter));
        }
        if let Some(enkel) = Enkel::av_navn(type_) {
            return Some(Ok(Innhold::Enkel(enkel)));
        }
        // A list of one word.
        let ett_ord = type_.starts_with(|c: char| c.is_ascii_lowercase());
        ett_ord.then(|| Ok(Innhold::Koder(vec![type_])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_has_a_type_or_something_below_it() {
        let gyldig = |element: &'static str| {
            les(Box::leak(format!("navnerom n\n\nrot\n{element}").into_boxed_str()), "").is_ok()
        };
        assert!(gyldig("  a 1 : Tekst") && gyldig("  a 1\n    b 0..1 : Dato"));
        assert!(!gyldig("  a 1"));
        assert!(!gyldig("  a 1 : Tekst\n    b 1 : Dato"));
        assert!(!gyldig("  a 1 : Ukjent") && !gyldig("  a : Tekst") && !gyldig("  a 0..x : Tekst"));
    }
}
