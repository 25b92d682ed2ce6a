//! The lives of the sub-units, as part of their parent's.

use crate::harde::Krav;
use crate::kalender::{Parti, dag, dato};
use crate::liv::{Bygger, Hva, vindu};
use crate::plan::{FEEDSTART, Plan, Skjebne, utenom_start};
use crate::terning::{Merke, Terning};

/// How a sub-unit ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slutt {
    Lever,
    /// Closed on a day; the deletion has not come yet.
    Nedlagt(i32),
    Slettet(i32),
    Fjernet(i32),
}

impl Slutt {
    const fn dag(self) -> Option<i32> {
        match self {
            Self::Lever => None,
            Self::Nedlagt(dag) | Self::Slettet(dag) | Self::Fjernet(dag) => Some(dag),
        }
    }
}

/// The number of employees a sub-unit starts with; none when no number is registered.
pub(crate) fn ansatte(plan: &Plan, nr: u8) -> Option<u32> {
    if plan.har(|k| matches!(k, Krav::UtenTall)) {
        return None;
    }
    let sum = plan.krav(|k| if let Krav::Ansatte(n) = k { Some(*n) } else { None });
    if let Some(sum) = sum {
        let dor = plan.har(|k| matches!(k, Krav::UnderSlettet | Krav::UnderFjernet | Krav::UnderNedlagt));
        let antall = u32::from(plan.under) - u32::from(dor && plan.under > 1);
        return match (u32::from(nr), sum / antall.max(1)) {
            (0, del) => Some(sum - del * (antall - 1)),
            (nr, del) => (nr < antall).then_some(del),
        };
    }
    let mut t = plan.terning.gren(Merke::Ansatte, u32::from(nr));
    let promille = if nr == 0 { plan.form.ansatte } else { plan.form.ansatte.max(300) * 3 / 2 };
    t.promille(promille).then(|| stoerrelse(plan, &mut t))
}

/// Most employ one to four; a few employ thousands.
fn stoerrelse(plan: &Plan, t: &mut Terning) -> u32 {
    let antall = match t.under(1000) {
        0..=29 => 0,
        30..=319 => 1,
        320..=639 => t.mellom(2, 4),
        640..=804 => t.mellom(5, 9),
        805..=904 => t.mellom(10, 19),
        905..=964 => t.mellom(20, 49),
        965..=985 => t.mellom(50, 99),
        986..=996 => t.mellom(100, 249),
        _ => t.mellom(250, 1500),
    };
    let stor = matches!(plan.form.kode, "KOMM" | "FYLK" | "SF" | "STAT" | "ASA");
    antall.cast_unsigned() * if stor { 6 } else { 1 }
}

/// Lives one sub-unit's life. `navnebytter` are the days on which its parent changes name.
pub(crate) fn lev(bygger: &mut Bygger<'_>, nr: u8, navnebytter: &[i32]) {
    let mut t = bygger.plan.terning.gren(Merke::UnderLiv, u32::from(nr));
    let start = start(bygger, nr, &mut t);
    let slutt = slutt(bygger, nr, start, &mut t);
    let siste = slutt.dag().unwrap_or(bygger.siste).min(bygger.siste);
    let antall = ansatte(&bygger.plan, nr);

    bygger.legg(start, Parti::Natt, Hva::UnderNy(nr));
    if start < FEEDSTART {
        bygger.last_inn(Hva::UnderInnlastet(nr));
    }
    if antall.is_some() {
        bygger.legg(start, Parti::Natt, Hva::Ansatte);
    }
    navn(bygger, nr, (start, siste), navnebytter);
    endringer(bygger, nr, (start, siste));
    if let Some(antall) = antall {
        maanedstall(bygger, nr, antall, (start, siste));
    }
    let mors = bygger.plan.skjebne.slutt() == slutt.dag();
    match slutt {
        Slutt::Lever => {}
        Slutt::Nedlagt(dag) => bygger.legg(dag, Parti::Natt, Hva::UnderNedlagt(nr)),
        Slutt::Fjernet(dag) => bygger.legg(dag, Parti::Natt, Hva::UnderFjernet(nr)),
        Slutt::Slettet(dag) => {
            let nedlagt = dag - t.mellom(5, 30);
            if !mors && nedlagt > start + 10 {
                bygger.legg(nedlagt, Parti::Natt, Hva::UnderNedlagt(nr));
            }
            bygger.legg(dag, Parti::Natt, Hva::UnderSlettet(nr));
        }
    }
    if antall.is_some() && !mors && matches!(slutt, Slutt::Slettet(_) | Slutt::Fjernet(_)) {
        bygger.legg(siste, Parti::Natt, Hva::Ansatte);
    }
}

fn start(bygger: &Bygger<'_>, nr: u8, t: &mut Terning) -> i32 {
    let (registrert, siste) = (bygger.plan.registrert, bygger.siste);
    let med_mor = bygger.plan.tilfelle.is_some() || (nr == 0 && t.promille(850));
    let dag = if med_mor { registrert + t.mellom(0, 15) } else { t.mellom(registrert, siste - 60) };
    utenom_start(dag.min(siste - 2).max(registrert))
}

fn slutt(bygger: &Bygger<'_>, nr: u8, start: i32, t: &mut Terning) -> Slutt {
    let plan = &bygger.plan;
    let siste = bygger.siste;
    if nr + 1 == plan.under {
        let midt = t.mellom(FEEDSTART + 900, siste - 50);
        let krevd = plan.krav(|k| match k {
            Krav::UnderSlettet => Some(Slutt::Slettet(midt)),
            Krav::UnderFjernet => Some(Slutt::Fjernet(midt)),
            Krav::UnderNedlagt => Some(Slutt::Nedlagt(siste - 6)),
            _ => None,
        });
        if let Some(krevd) = krevd {
            return krevd;
        }
    }
    let (fra, til) = ((start + 60).max(FEEDSTART + 20), siste - 3);
    let vindu = (til - fra).max(0).cast_unsigned();
    if plan.tilfelle.is_none() && fra < til && t.promille(100 * vindu / 2875) {
        let dag = t.mellom(fra, til);
        let fjernet = t.promille(12);
        // Who closed in the last days is not deleted yet.
        return match dag {
            _ if fjernet => Slutt::Fjernet(dag),
            _ if dag > til - 25 && plan.skjebne == Skjebne::Levende => Slutt::Nedlagt(dag),
            _ => Slutt::Slettet(dag),
        };
    }
    match plan.skjebne {
        Skjebne::Levende => Slutt::Lever,
        Skjebne::Fjernet(dag) => Slutt::Fjernet(dag),
        Skjebne::Slettet(dag) | Skjebne::SlettetSaaFjernet(dag, _) => Slutt::Slettet(dag),
    }
}

/// Two sub-units in five have had another name (sheet 17): their parent's change, or one of their own.
fn navn(bygger: &mut Bygger<'_>, nr: u8, (start, siste): (i32, i32), navnebytter: &[i32]) {
    for dag in navnebytter.iter().filter(|d| **d > start + 1 && **d < siste - 1) {
        bygger.legg(*dag, Parti::Natt, Hva::UnderNavn(nr, false));
    }
    let mut t = bygger.plan.terning.gren(Merke::UnderLiv, 256 + u32::from(nr));
    let krevd = bygger.plan.har(|k| matches!(k, Krav::AltEndres));
    let (fra, til) = (start + 40, siste - 15);
    if fra < til && (krevd || t.promille(250)) {
        let fra = if krevd { fra.max(FEEDSTART + 10) } else { fra };
        bygger.legg(t.mellom(fra, til), Parti::Natt, Hva::UnderNavn(nr, true));
    }
}

fn endringer(bygger: &mut Bygger<'_>, nr: u8, (start, siste): (i32, i32)) {
    let (fra, til) = vindu(start, siste);
    if fra >= til {
        return;
    }
    let mut t = bygger.plan.terning.gren(Merke::UnderLiv, 512 + u32::from(nr));
    let alt = bygger.plan.har(|k| matches!(k, Krav::AltEndres));
    let eier = nr == 0 && bygger.plan.har(|k| matches!(k, Krav::UnderEierskifte));
    for (promille, krevd, hva) in
        [(170, alt, Hva::UnderAdresse(nr)), (35, alt || eier, Hva::UnderEierskifte(nr))]
    {
        if t.promille(promille * (til - fra).cast_unsigned() / 2875) || krevd {
            bygger.legg(t.mellom(fra, til), Parti::Natt, hva);
        }
    }
}

/// The monthly numbers, told on the 12th (sheet 15, item 22).
fn maanedstall(bygger: &mut Bygger<'_>, nr: u8, foerste: u32, (start, siste): (i32, i32)) {
    let plan = &bygger.plan;
    let alt = plan.har(|k| matches!(k, Krav::AltEndres));
    let (fra, til) = vindu(start, siste - 31);
    if fra >= til || (plan.har(|k| matches!(k, Krav::Ansatte(_))) && !alt) {
        return;
    }
    let mut t = plan.terning.gren(Merke::Ansatte, 256 + u32::from(nr));
    let ventet = (if foerste < 5 { 1400 } else { 5000 }) * (til - fra).cast_unsigned() / 2875;
    let antall = (ventet / 1000 + u32::from(t.promille(ventet % 1000))).max(u32::from(alt));
    let mut dager: Vec<i32> = (0..antall).map(|_| den_tolvte(t.mellom(fra, til))).collect();
    dager.sort_unstable();
    dager.dedup();
    let mut tall = foerste;
    for dag in dager {
        let spenn = (tall / 6).max(1).cast_signed();
        let nytt = (tall.cast_signed() + t.mellom(-spenn, spenn)).max(0).cast_unsigned();
        if nytt != tall {
            tall = nytt;
            bygger.legg(dag, Parti::Ansatte, Hva::UnderAnsatte(nr, tall));
            bygger.legg(dag, Parti::Ansatte, Hva::Ansatte);
        }
    }
}

/// The 12th of the month of a day, or of the next when it has passed.
fn den_tolvte(fra: i32) -> i32 {
    let d = dato(fra);
    let (aar, maaned) = (i32::from(d.year()), d.month());
    match (d.day() <= 12, maaned) {
        (true, _) => dag(aar, maaned, 12),
        (false, 12) => dag(aar + 1, 1, 12),
        (false, _) => dag(aar, maaned + 1, 12),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_twelfth_is_this_month_or_the_next() {
        assert_eq!(den_tolvte(dag(2024, 3, 12)), dag(2024, 3, 12));
        assert_eq!(den_tolvte(dag(2024, 3, 13)), dag(2024, 4, 12));
        assert_eq!(den_tolvte(dag(2024, 12, 31)), dag(2025, 1, 12));
    }
}
