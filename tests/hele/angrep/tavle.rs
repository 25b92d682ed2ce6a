//! The table: what was sent, what came back, and whether it is what the sheet expects.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::RangeInclusive;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::server::Answer;

/// The rows of section 17, by its parts.
const RADER: &[RangeInclusive<u16>] =
    &[1..=25, 30..=45, 50..=65, 70..=87, 90..=114, 120..=131, 140..=152, 160..=173];

/// What a refusal must be: status, `error`, and the code in `error_uri` or a piece of the text.
#[derive(Debug, Clone, Copy)]
pub struct Ventet(pub u16, pub &'static str, pub &'static str);

/// 400 `invalid_grant`
pub const fn ig(kode: &'static str) -> Ventet {
    Ventet(400, "invalid_grant", kode)
}

/// 400 `invalid_request`
pub const fn ir(kode: &'static str) -> Ventet {
    Ventet(400, "invalid_request", kode)
}

/// 400 `invalid_scope`
pub const fn is(kode: &'static str) -> Ventet {
    Ventet(400, "invalid_scope", kode)
}

/// 403 `forbidden`
pub const fn fb(kode: &'static str) -> Ventet {
    Ventet(403, "forbidden", kode)
}

pub const UKJENT_KID: Ventet = ig("Unknown key identifier (kid) for client.");
pub const UTEN_KID: Ventet = ig("requires pre-registered jwk and no key identifier (kid) provided");

#[derive(Default)]
pub struct Tavle {
    rader: BTreeMap<u16, u32>,
    godtatt: Vec<String>,
    galt: Vec<String>,
    spor: BTreeSet<String>,
}

fn nummer(rad: &str) -> u16 {
    rad.strip_prefix('A').and_then(|tall| tall.parse().ok()).expect("a row is named A and a number")
}

impl Tavle {
    /// One input to the token endpoint, and its refusal.
    pub fn avslag(&mut self, rad: &str, hva: &str, svar: &Answer, ventet: Ventet) {
        *self.rader.entry(nummer(rad)).or_default() += 1;
        if svar.status < 300 || svar.text().contains("access_token") {
            self.godtatt.push(format!("{rad} {hva}: {}", svar.text()));
            return;
        }
        let kropp: serde_json::Value = serde_json::from_slice(&svar.body).unwrap_or_default();
        let felt = |navn: &str| kropp[navn].as_str().unwrap_or_default();
        let (tekst, spor) = felt("error_description").rsplit_once(" (trace_id: ").unwrap_or_default();
        let kode_passer =
            felt("error_uri").ends_with(&format!("/errors/{}", ventet.2)) || tekst.contains(ventet.2);
        let passer = (svar.status, felt("error")) == (ventet.0, ventet.1) && kode_passer;
        let formelt = spor.len() == 33
            && svar.header("content-type") == "application/json"
            && svar.header("cache-control") == "no-store";
        if !passer || !formelt || svar.status >= 500 {
            self.galt.push(format!("{rad} {hva}: expected {ventet:?}, got {} {}", svar.status, svar.text()));
        }
        if svar.status == 400 || svar.status == 403 {
            self.spor.insert(spor.trim_end_matches(')').to_owned());
        }
    }

    /// One input elsewhere, refused with one of some statuses.
    pub fn nektet(&mut self, rad: &str, hva: &str, svar: &Answer, statuser: &[u16]) {
        *self.rader.entry(nummer(rad)).or_default() += 1;
        if svar.status < 300 {
            self.godtatt.push(format!("{rad} {hva}: {}", svar.text()));
        } else if !statuser.contains(&svar.status) {
            self.galt.push(format!(
                "{rad} {hva}: expected {statuser:?}, got {} {}",
                svar.status,
                svar.text()
            ));
        }
    }

    /// What must hold for a row that is not about an answer.
    pub fn holder(&mut self, rad: &str, hva: &str, holder: bool) {
        *self.rader.entry(nummer(rad)).or_default() += 1;
        if !holder {
            self.galt.push(format!("{rad} {hva}"));
        }
    }

    /// Every refusal's correlation id stands in the log, when what was written last has come through.
    pub fn alle_i_loggen(mut self, logg: impl Fn() -> String) -> Self {
        let slutt = Instant::now() + Duration::from_secs(10);
        let borte = loop {
            let logg = logg();
            let borte = self.spor.iter().filter(|spor| !logg.contains(spor.as_str())).count();
            if borte == 0 || Instant::now() > slutt {
                break borte;
            }
            std::thread::sleep(Duration::from_millis(50));
        };
        if borte > 0 || self.spor.len() < 200 {
            self.galt.push(format!("{borte} of {} correlation ids are not in the log", self.spor.len()));
        }
        self
    }

    /// The summary.
    pub fn slutt(&self) {
        let alle: BTreeSet<u16> = RADER.iter().cloned().flatten().collect();
        let gjort: BTreeSet<u16> = self.rader.keys().copied().collect();
        let mangler: Vec<_> = alle.symmetric_difference(&gjort).collect();
        assert!(mangler.is_empty(), "rows that are not in the table, or not in the sheet: {mangler:?}");
        assert!(self.galt.is_empty(), "refused otherwise than the sheet expects:\n{}", self.galt.join("\n"));
        let (rader, godtatt) = (self.rader.len(), self.godtatt.len());
        let forsok: u32 = self.rader.values().sum();
        eprintln!("{forsok} inputs in {rader} rows");
        eprintln!("{rader} rows, {godtatt} accepted");
        assert_eq!(godtatt, 0, "accepted:\n{}", self.godtatt.join("\n"));
        mot_arket(&alle);
    }
}

/// The rows are those of the sheet, where it is at hand.
fn mot_arket(alle: &BTreeSet<u16>) {
    let ark = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference/maskinporten.md");
    let Ok(tekst) = fs::read_to_string(ark) else {
        eprintln!("the fact sheet is not at hand; its rows were not compared");
        return;
    };
    let rad = |linje: &str| linje.strip_prefix("| A")?.split(' ').next()?.parse().ok();
    let arkets: BTreeSet<u16> = tekst.lines().filter_map(rad).collect();
    assert_eq!(&arkets, alle, "the sheet has other rows");
}
