//! What values the parameters take, and what the register says when they do not (fact sheet section 14.2).

use identifikator::Organisasjonsnummer;
use tid::{Date, Timestamp};
use web::hal::PageRequest;
use web::query::Query;

use crate::feil::Valideringsfeil;
use crate::modell::Versjon;

/// At most so many organisation numbers in one call.
pub const MAKS_ORGANISASJONSNUMMER: usize = 2000;

/// Pages reach no further than this.
pub const MAKS_DYBDE: u64 = 10_000;

/// Everything that is wrong with a call; the register reports all of it at once.
#[derive(Debug, Default)]
pub struct Feilliste(Vec<Valideringsfeil>);

impl Feilliste {
    /// Adds a fault of one parameter.
    pub fn legg_til(&mut self, parameter: &str, feilmelding: impl Into<String>, verdi: Option<&str>) {
        self.0.push(Valideringsfeil {
            feilmelding: feilmelding.into(),
            parametere: vec![parameter.to_owned()],
            feilaktig_verdi: verdi.map(str::to_owned),
        });
    }

    /// Adds a fault of a list parameter; the whole list is quoted as `[a, b]`.
    pub fn legg_til_liste(&mut self, parameter: &str, feilmelding: impl Into<String>, verdier: &[&str]) {
        self.legg_til(parameter, feilmelding, Some(&format!("[{}]", verdier.join(", "))));
    }

    /// What was read, if nothing is wrong with it nor stands here; otherwise the faults of both.
    ///
    /// # Errors
    /// All the faults, when there is at least one; any other error as it is.
    pub fn sammen_med<T>(mut self, lest: Result<T, crate::Feil>) -> Result<T, crate::Feil> {
        match lest {
            Err(crate::Feil::Ugyldig(flere)) => {
                self.0.extend(flere);
                Err(crate::Feil::Ugyldig(self.0))
            }
            lest => self.ferdig().and(lest),
        }
    }

    /// The list as an error, if there is any.
    ///
    /// # Errors
    /// All the faults, when there is at least one.
    pub fn ferdig(self) -> Result<(), crate::Feil> {
        if self.0.is_empty() { Ok(()) } else { Err(crate::Feil::Ugyldig(self.0)) }
    }
}

/// The text for a number that is not nine digits, in path and query alike.
pub const ORGNR_TEKST: &str = "Organisasjonsnummer må være et nummer med nøyaktig 9 siffer";

/// An organisation number in the path. The fault names the value itself as parameter (section 14.1).
///
/// # Errors
/// When it is not nine digits.
pub fn orgnr_i_sti(verdi: &str) -> Result<Organisasjonsnummer, crate::Feil> {
    verdi.parse().map_err(|_| {
        let mut feil = Feilliste::default();
        feil.legg_til(verdi, ORGNR_TEKST, Some(verdi));
        crate::Feil::Ugyldig(feil.0)
    })
}

/// A list of organisation numbers.
pub fn orgnumre(parameter: &str, verdier: &[&str], feil: &mut Feilliste) -> Vec<u32> {
    if verdier.len() > MAKS_ORGANISASJONSNUMMER {
        feil.legg_til(parameter, "Antall organisasjonsnummer kan ikke overstige 2000", None);
        return Vec::new();
    }
    let lest: Option<Vec<u32>> = verdier
        .iter()
        .map(|v| v.parse::<Organisasjonsnummer>().ok().map(Organisasjonsnummer::verdi))
        .collect();
    lest.unwrap_or_else(|| {
        feil.legg_til_liste(parameter, ORGNR_TEKST, verdier);
        Vec::new()
    })
}

/// Exactly so many ASCII digits.
pub fn er_siffer(verdi: &str, antall: usize) -> bool {
    verdi.len() == antall && verdi.bytes().all(|b| b.is_ascii_digit())
}

/// `true` or `false`.
pub fn boolsk(parameter: &str, verdi: &str, feil: &mut Feilliste) -> Option<bool> {
    match verdi {
        "true" => Some(true),
        "false" => Some(false),
        _ => {
            feil.legg_til(parameter, format!("{parameter} må være true eller false"), Some(verdi));
            None
        }
    }
}

/// A date, as days since 1970-01-01.
pub fn dato(parameter: &str, verdi: &str, feil: &mut Feilliste) -> Option<i64> {
    let lest = Date::parse(verdi).ok();
    if lest.is_none() {
        feil.legg_til(parameter, "Dato må være en gyldig dato og på formatet yyyy-MM-dd", Some(verdi));
    }
    lest.map(|d| d.days_since_epoch().into())
}

/// A moment of the feeds.
pub fn tidspunkt(parameter: &str, verdi: &str, feil: &mut Feilliste) -> Option<Timestamp> {
    let lest = Timestamp::parse(verdi).ok();
    if lest.is_none() {
        let tekst = "Dato må være en gyldig dato og på formatet yyyy-MM-dd'T'HH:mm:ss.SSS'Z'";
        feil.legg_til(parameter, tekst, Some(verdi));
    }
    lest
}

/// A number of at least `minst`; numbers beyond 63 bits are as good as the largest.
pub fn tall(parameter: &str, verdi: &str, minst: u64, feil: &mut Feilliste) -> Option<u64> {
    let siffer = !verdi.is_empty() && verdi.bytes().all(|b| b.is_ascii_digit());
    let lest = siffer.then(|| verdi.parse::<u64>().unwrap_or(u64::MAX).min(i64::MAX as u64));
    let lest = lest.filter(|tall| *tall >= minst);
    if lest.is_none() {
        let tekst = format!("{parameter} må være et tall større enn eller lik {minst}");
        feil.legg_til(parameter, tekst, Some(verdi));
    }
    lest
}

/// A lower (`fra`) or upper bound on the number of employees; what is allowed depends on the version
/// (section 5.3): version 2 does not let the hidden numbers 1–4 be told apart.
pub fn ansatte(
    parameter: &str,
    verdi: &str,
    fra: bool,
    versjon: Versjon,
    feil: &mut Feilliste,
) -> Option<i64> {
    if versjon == Versjon::V1 {
        return tall(parameter, verdi, 0, feil).map(u64::cast_signed);
    }
    let grense = if fra { 1 } else { 4 };
    let siffer = !verdi.is_empty() && verdi.bytes().all(|b| b.is_ascii_digit());
    let lest = siffer.then(|| verdi.parse::<i64>().unwrap_or(i64::MAX));
    let lest = lest.filter(|t| *t == 0 || *t == grense || *t > 4);
    if lest.is_none() {
        let tekst = format!("{parameter} må være 0, {grense} eller større enn 4");
        feil.legg_til(parameter, tekst, Some(verdi));
    }
    lest
}

/// Reads `page` and `size`, and holds the depth rule `(page+1) * size <= 10000`.
pub fn side(sporring: &Query, standard: u64, feil: &mut Feilliste) -> PageRequest {
    let tekst = |navn| sporring.first(navn).filter(|v| !v.is_empty());
    let page = tekst("page").map_or(Some(0), |v| tall("page", v, 0, feil));
    let size = tekst("size").map_or(Some(standard), |v| storrelse(v, feil));
    let forste = PageRequest { page: 0, size: standard };
    let (Some(page), Some(size)) = (page, size) else { return forste };
    let side = PageRequest { page, size };
    if side.depth() > MAKS_DYBDE {
        feil.0.push(Valideringsfeil {
            feilmelding: "size * (page+1) kan ikke overstige 10_000".to_owned(),
            parametere: vec!["size".to_owned(), "page".to_owned()],
            feilaktig_verdi: None,
        });
        return forste;
    }
    side
}

/// A page size of the paged endpoints: 10 000 and above are for the depth rule to judge.
fn storrelse(verdi: &str, feil: &mut Feilliste) -> Option<u64> {
    let mut ingen = Feilliste::default();
    let lest = tall("size", verdi, 1, &mut ingen);
    if lest.is_none() {
        feil.legg_til("size", "size må være et tall mellom 1 og 10000", Some(verdi));
    }
    lest
}

/// The `size` of the role feed, which has no pages.
pub fn antall(verdi: &str, feil: &mut Feilliste) -> Option<u64> {
    let lest = storrelse(verdi, feil)?;
    if lest > MAKS_DYBDE {
        feil.legg_til("size", "size må være et tall mellom 1 og 10000", Some(verdi));
        return None;
    }
    Some(lest)
}
