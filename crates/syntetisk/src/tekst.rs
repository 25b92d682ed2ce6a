//! Running text as the register stores it: in short lines.

use crate::naering::Koder;
use crate::plan::Plan;
use crate::terning::{Merke, Terning};

/// The longest line of a purpose or an activity (sheet 8.1, row 35).
const LINJE: usize = 70;

/// Breaks a text at blanks into lines of at most `maks` characters; a longer word stands alone.
pub(crate) fn linjer(tekst: &str, maks: usize) -> Vec<String> {
    let mut linjer: Vec<String> = Vec::new();
    for ord in tekst.split(' ') {
        match linjer.last_mut() {
            Some(linje) if linje.chars().count() + 1 + ord.chars().count() <= maks => {
                linje.push(' ');
                linje.push_str(ord);
            }
            _ => linjer.push(ord.to_owned()),
        }
    }
    linjer
}

fn virksomhet(koder: &Koder) -> Option<String> {
    let kode = kodeverk::naeringskoder::finn(koder.koder[0]?)?;
    let mut tegn = kode.beskrivelse.chars();
    let foerste = tegn.next()?;
    Some(foerste.to_lowercase().chain(tegn).collect())
}

/// The purpose in the articles of association.
pub(crate) fn formaal(plan: &Plan, koder: &Koder, nynorsk: bool, versjon: u8) -> Vec<String> {
    let Some(hva) = virksomhet(koder) else {
        return Vec::new();
    };
    let mut t = plan.terning.gren(Merke::Tekst, u32::from(versjon));
    linjer(&formaalstekst(&mut t, &hva, nynorsk), LINJE)
}

fn formaalstekst(t: &mut Terning, hva: &str, nynorsk: bool) -> String {
    if nynorsk {
        return match t.under(3) {
            0 => format!("Føremålet er {hva}."),
            1 => format!("Verksemda er {hva}, og det som høyrer naturleg til."),
            _ => format!(
                "Selskapet skal drive med {hva}, eige delar i andre selskap og elles gjere det som trengst."
            ),
        };
    }
    match t.under(4) {
        0 => format!("Formålet er {hva}."),
        1 => format!("Virksomheten er {hva} og det som naturlig hører sammen med dette."),
        2 => format!(
            "Selskapets virksomhet er {hva}, herunder kjøp, salg og eie av rettigheter, samt deltakelse i andre \
             selskaper med liknende virksomhet."
        ),
        _ => format!("Å drive med {hva} samt å eie aksjer og andeler i andre foretak."),
    }
}

/// What the unit does, in a few words.
pub(crate) fn aktivitet(plan: &Plan, koder: &Koder, versjon: u8) -> Vec<String> {
    let Some(hva) = virksomhet(koder) else {
        return Vec::new();
    };
    let mut t = plan.terning.gren(Merke::Tekst, 1000 + u32::from(versjon));
    let mut ut = linjer(&crate::navn::stor_forbokstav(&hva), LINJE);
    if let Some(siste) = ut.last_mut() {
        siste.push('.');
    }
    if t.promille(120) {
        ut.push("Utleie av lokaler.".to_owned());
    }
    ut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_blanks_and_lose_nothing() {
        let tekst =
            "Drive snekkerverksted og det som naturlig hører sammen med dette, langt ut over en linje.";
        let brutt = linjer(tekst, 30);
        assert!(brutt.len() > 2 && brutt.iter().all(|l| l.chars().count() <= 30), "{brutt:?}");
        assert_eq!(brutt.join(" "), tekst);
        assert_eq!(linjer("Superkalifragilistisk ord", 5), ["Superkalifragilistisk", "ord"]);
    }
}
