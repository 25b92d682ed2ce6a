//! Properties in the cadastre that units are registered on.

use crate::harde::Krav;
use crate::nasjon;
use crate::plan::{Plan, Skjebne};
use crate::sted;
use crate::terning::Merke;

/// A unit's registration on a property (sheet 13.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrikkelenhet {
    /// Organisation number of the unit.
    pub orgnr: u32,
    /// Municipality, four digits.
    pub kommnr: &'static str,
    /// Number of the farm.
    pub gaardsnr: u32,
    /// Number of the holding.
    pub bruksnr: u32,
    /// Number of the leasehold, if it is one.
    pub festenr: Option<u32>,
    /// The cadastre's own id.
    pub matrikkelenhetid: u64,
    /// Place among the unit's properties, from 1.
    pub rekkefolge: u32,
}

/// The properties of a unit: condominiums and housing co-operatives have some, and some co-owners.
pub(crate) fn enheter(plan: &Plan) -> Vec<Matrikkelenhet> {
    let mut t = plan.terning.gren(Merke::Matrikkel, 0);
    let antall = match plan.form.kode {
        "ESEK" | "BRL" if t.promille(850) => t.mellom(1, 3),
        "ESEK" | "BRL" => 1,
        "SAM" if t.promille(300) => 1,
        _ => 0,
    };
    if plan.skjebne != Skjebne::Levende {
        return Vec::new();
    }
    let feste = plan.har(|k| matches!(k, Krav::Festenummer));
    let enhet = |nr: u32| Matrikkelenhet {
        orgnr: nasjon::nummer(plan.slot),
        kommnr: sted::steder()[plan.hjemsted()].kommune.kommunenummer,
        gaardsnr: 1 + t.under(400),
        bruksnr: 1 + t.under(900),
        festenr: (feste || t.promille(60)).then(|| 1 + t.under(120)),
        matrikkelenhetid: 10_000_000 + u64::from(plan.slot) * 4 + u64::from(nr),
        rekkefolge: nr,
    };
    (1..=antall.cast_unsigned()).map(enhet).collect()
}
