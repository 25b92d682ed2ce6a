//! Which roles may stand in a list of a person's roles: those in business activity.
//!
//! Role data are open for each unit. But whoever lists one person's roles across units may only show those connected
//! with business activity; a role in a voluntary organisation may not stand beside one in a company (section 22 of the
//! act on Enhetsregisteret, as seed 001 explains it under the look-up of roles). The act names no organisation forms,
//! so this is how it is decided here, always by the unit as it is now:
//!
//! 1. A unit in the register of voluntary organisations or of political parties is never business.
//! 2. Otherwise the form decides ([`REGLER`]): always, never, or by registration in the register of business
//!    enterprises or of value added tax.
//!
//! In doubt a role is not shown. A form that is not in the table is never business.

use serde::Deserialize;

use crate::Feil;

/// Whether units of a form are business.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naering {
    /// The form exists for business.
    Alltid,
    /// When the unit is in Foretaksregisteret or Merverdiavgiftsregisteret.
    VedRegistrering,
    /// Not even then.
    Aldri,
}

use Naering::{Aldri, Alltid, VedRegistrering};

/// The rule of one organisation form.
#[derive(Debug, Clone, Copy)]
pub struct Regel {
    /// The form's code.
    pub form: &'static str,
    /// Whether its units are business.
    pub naering: Naering,
    /// Why.
    pub grunn: &'static str,
}

const fn regel(form: &'static str, naering: Naering, grunn: &'static str) -> Regel {
    Regel { form, naering, grunn }
}

/// One rule for each form of the code list, in its order.
pub const REGLER: &[Regel] = &[
    regel("AAFY", Aldri, "a sub-unit outside business; has no roles of its own"),
    regel("ADOS", Aldri, "public administration"),
    regel("ANNA", VedRegistrering, "any legal person: the form tells nothing"),
    regel("ANS", Alltid, "a company"),
    regel("AS", Alltid, "a company"),
    regel("ASA", Alltid, "a company"),
    regel("BA", VedRegistrering, "former companies and associations alike"),
    regel("BBL", VedRegistrering, "an association that builds and manages for its members"),
    regel("BEDR", Aldri, "a sub-unit; has no roles of its own"),
    regel("BO", VedRegistrering, "an estate, unless it carries on a trade"),
    regel("BRL", Aldri, "its members' homes, though all are in Foretaksregisteret"),
    regel("DA", Alltid, "a company"),
    regel("ENK", Alltid, "a person's own business"),
    regel("EOFG", Alltid, "businesses that work together"),
    regel("ESEK", Aldri, "its owners' homes"),
    regel("FKF", VedRegistrering, "run by a county, for business or not"),
    regel("FLI", VedRegistrering, "associations: most are voluntary"),
    regel("FYLK", Aldri, "public administration"),
    regel("GFS", Alltid, "an insurer"),
    regel("IKJP", VedRegistrering, "anything without legal personality: the form tells nothing"),
    regel("IKS", VedRegistrering, "run by municipalities, for business or not"),
    regel("KBO", VedRegistrering, "a bankrupt's estate, unless it carries on the trade"),
    regel("KF", VedRegistrering, "run by a municipality, for business or not"),
    regel("KIRK", Aldri, "a church"),
    regel("KOMM", Aldri, "public administration"),
    regel("KS", Alltid, "a company"),
    regel("KTRF", VedRegistrering, "shared costs, not always a trade"),
    regel("NUF", VedRegistrering, "foreign bodies of every kind"),
    regel("OPMV", VedRegistrering, "a part of a taxable body, which may be public"),
    regel("ORGL", Aldri, "a part of public administration"),
    regel("PERS", Aldri, "a private person in another register"),
    regel("PK", VedRegistrering, "a pension fund for its members"),
    regel("PRE", Alltid, "a shipping company"),
    regel("SA", VedRegistrering, "cooperatives, of trade and of neighbours"),
    regel("SAM", VedRegistrering, "things owned together, let out or not"),
    regel("SE", Alltid, "a company"),
    regel("SF", VedRegistrering, "owned by the state, for business or not"),
    regel("SPA", Alltid, "a bank"),
    regel("STAT", Aldri, "public administration"),
    regel("STI", VedRegistrering, "foundations: those in business have to be in Foretaksregisteret"),
    regel("SÆR", VedRegistrering, "by an act of its own: the form tells nothing"),
    regel("TVAM", VedRegistrering, "registered for the tax against its will"),
    regel("UTBG", VedRegistrering, "a building that is let with the tax"),
    regel("UTLA", VedRegistrering, "foreign bodies of every kind"),
    regel("VIFE", VedRegistrering, "a joint activity, as far as it is taxed"),
    regel("VPFO", Aldri, "a fund of securities; has no business of its own"),
];

/// The rule of a form.
pub fn regel_for(form: &str) -> Naering {
    REGLER.iter().find(|regel| regel.form == form).map_or(Aldri, |regel| regel.naering)
}

/// What decides, of a stored unit.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Enhetsbilde {
    navn: String,
    organisasjonsform: Form,
    #[serde(default)]
    slettedato: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    registrert_i_foretaksregisteret: bool,
    #[serde(default)]
    registrert_i_mvaregisteret: bool,
    #[serde(default)]
    registrert_i_frivillighetsregisteret: bool,
    #[serde(default)]
    registrert_i_partiregisteret: Option<bool>,
}

#[derive(Deserialize)]
struct Form {
    kode: String,
}

impl Enhetsbilde {
    fn er_naering(&self) -> bool {
        if self.slettedato.is_some()
            || self.registrert_i_frivillighetsregisteret
            || self.registrert_i_partiregisteret == Some(true)
        {
            return false;
        }
        match regel_for(&self.organisasjonsform.kode) {
            Alltid => true,
            VedRegistrering => self.registrert_i_foretaksregisteret || self.registrert_i_mvaregisteret,
            Aldri => false,
        }
    }
}

/// The name of a stored unit if it is business; `None` otherwise and for a deleted unit.
///
/// # Errors
/// When the stored document is not a unit.
pub fn naeringsnavn(lagret: &[u8]) -> Result<Option<String>, Feil> {
    let enhet: Enhetsbilde = serde_json::from_slice(lagret)?;
    Ok(enhet.er_naering().then_some(enhet.navn))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn er_naering(form: &str, flagg: &[&str]) -> bool {
        let mut enhet = json!({ "navn": "N", "organisasjonsform": { "kode": form } });
        for navn in flagg {
            enhet[*navn] = true.into();
        }
        naeringsnavn(enhet.to_string().as_bytes()).unwrap().is_some()
    }

    #[test]
    fn every_form_of_the_code_list_has_one_rule() {
        let former: Vec<&str> = kodeverk::organisasjonsformer::alle().iter().map(|form| form.kode).collect();
        let regler: Vec<&str> = REGLER.iter().map(|regel| regel.form).collect();
        assert_eq!(regler, former);
    }

    #[test]
    fn what_is_voluntary_or_unknown_is_never_business() {
        const FORETAK: &str = "registrertIForetaksregisteret";
        const MVA: &str = "registrertIMvaregisteret";
        for form in kodeverk::organisasjonsformer::alle() {
            for flagg in ["registrertIFrivillighetsregisteret", "registrertIPartiregisteret"] {
                assert!(!er_naering(form.kode, &[FORETAK, MVA, flagg]), "{} {flagg}", form.kode);
            }
        }
        assert!(!er_naering("NYTT", &[FORETAK, MVA]));
        assert!(er_naering("FLI", &[FORETAK]) && er_naering("FLI", &[MVA]) && !er_naering("FLI", &[]));
        assert!(er_naering("ENK", &[]) && !er_naering("BRL", &[FORETAK]));
        let slettet =
            json!({ "navn": "N", "organisasjonsform": { "kode": "AS" }, "slettedato": "2024-01-01" });
        assert_eq!(naeringsnavn(slettet.to_string().as_bytes()).unwrap(), None);
    }
}
