//! Numbers for persons (producer sheet, chapter 8): the highest free one of the series, and never one twice.
//!
//! What is taken is what stands in the register: a number that anybody has or had leads to a person for ever. Whoever
//! writes has the register's turn, on any number of nodes, so no two can find the same number free.

use identifikator::{Dato, Kjoenn, Personidentifikator, Slag};
use tid::Date;

use crate::Feil;
use crate::sak::{Tildelt, Utkast};
use folkeregisteret::modell::Folkeregisteridentifikatortype;

/// Numbers asked for at a time.
const BUNT: usize = 32;
/// Days after that of birth that are tried when its numbers are used up.
const DAGER_MAKS: i32 = 366;

/// Finds the number to give: for the date of birth, or, its numbers used up, for the nearest later date that has one.
///
/// # Errors
/// When the store fails. `None` if no date has any.
pub async fn finn(
    u: &Utkast<'_, '_>,
    slag: Slag,
    foedt: Date,
    kjoenn: Kjoenn,
    andre_datoer: bool,
) -> Result<Option<Tildelt>, Feil> {
    let type_ = match slag {
        Slag::Foedselsnummer => Folkeregisteridentifikatortype::Foedselsnummer,
        Slag::DNummer => Folkeregisteridentifikatortype::DNummer,
    };
    for dager in 0..=if andre_datoer { DAGER_MAKS } else { 0 } {
        if let Some(nummer) = ledig(u, slag, foedt.plus_days(dager), kjoenn).await? {
            return Ok(Some(Tildelt { nummer, type_, avviker: dager > 0 }));
        }
    }
    Ok(None)
}

async fn ledig(
    u: &Utkast<'_, '_>,
    slag: Slag,
    dato: Date,
    kjoenn: Kjoenn,
) -> Result<Option<Personidentifikator>, Feil> {
    let Some(dato) = som_dato(dato) else { return Ok(None) };
    // From 2032-01-01 on, numbers tell neither sex nor century (section 8.3).
    if u.i_dag().year() >= 2032 {
        return foerste(u, Personidentifikator::syntetiske_fra_2032(slag, dato)).await;
    }
    foerste(u, Personidentifikator::syntetiske(slag, dato, Some(kjoenn))).await
}

async fn foerste(
    u: &Utkast<'_, '_>,
    mut numre: impl Iterator<Item = Personidentifikator> + Send,
) -> Result<Option<Personidentifikator>, Feil> {
    loop {
        let bunt: Vec<Personidentifikator> = numre.by_ref().take(BUNT).collect();
        if bunt.is_empty() {
            return Ok(None);
        }
        let verdier: Vec<u64> = bunt.iter().map(|nummer| nummer.verdi()).collect();
        let ledige = u.ledige(&verdier).await?;
        let funnet = bunt.iter().zip(ledige).find_map(|(nummer, ledig)| ledig.then_some(*nummer));
        if funnet.is_some() {
            return Ok(funnet);
        }
    }
}

fn som_dato(dato: Date) -> Option<Dato> {
    Dato::ny(u16::try_from(dato.year()).ok()?, dato.month().unsigned_abs(), dato.day().unsigned_abs())
}
