//! The typed view of units.
//!
//! Field names and order are the API's (fact sheet sections 8.1, 9.2, 16.1). What is `Option` is absent from
//! the JSON when there is no value; the API never sends `null` (section 3).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tid::Date;

/// A code with its text, such as an industry code: `kode`, `beskrivelse`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Kode {
    /// The code.
    pub kode: String,
    /// The text of the code.
    pub beskrivelse: String,
}

/// An organisation form: a code with its text and, for forms no longer in use, the date they expired.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Kodeverdi {
    /// The code.
    pub kode: String,
    /// The text of the code.
    pub beskrivelse: String,
    /// When the form expired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub utgaatt: Option<Date>,
}

/// An address. A foreign one has no `kommune` and normally no `postnummer` (sheet section 3).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Adresse {
    /// Name of the country, `Norge`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub land: Option<String>,
    /// ISO 3166-1 alpha-2 code of the country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub landkode: Option<String>,
    /// Norwegian postal code, four digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postnummer: Option<String>,
    /// Place; abroad with the foreign postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub poststed: Option<String>,
    /// The lines of the address.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub adresse: Vec<String>,
    /// Name of the municipality, upper case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kommune: Option<String>,
    /// Number of the municipality, four digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kommunenummer: Option<String>,
}

/// A name that the unit had before. Times are local and without zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HistoriskNavn {
    /// The name.
    pub navn: String,
    /// From when, `yyyy-MM-dd HH:mm:ss`.
    pub fra_dato: String,
    /// Until when, `yyyy-MM-dd HH:mm:ss`.
    pub til_dato: String,
}

/// A remark on an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Paategning {
    /// What the remark is about: `NAVN`, `FADR`, `KONT`, `DAGL`, `FFØR`, `REPR`, `SAM` …
    pub infotype: String,
    /// The remark.
    pub tekst: String,
    /// When it was entered.
    #[schemars(with = "String")]
    pub innfoert_dato: Date,
}

/// The capital of a company. Amounts keep their two decimals, `30000.00`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Kapital {
    /// The amount, in units of `valuta`.
    #[schemars(with = "f64")]
    pub belop: Box<RawValue>,
    /// Number of shares; more than 32 bits in the real register.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<i64>")]
    pub antall_aksjer: Option<Box<RawValue>>,
    /// `Aksjekapital`, `Grunnkapital`, `Kapital`.
    #[serde(rename = "type")]
    pub type_: String,
    /// Currency code.
    pub valuta: String,
    /// When it was entered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub innfort_dato: Option<Date>,
}

/// The legal form of a foreign company at home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ForetaksformIHjemlandet {
    /// The code.
    pub kode: String,
    /// The text in the country's language.
    pub beskrivelse: String,
    /// The text in bokmål.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beskrivelse_bokmaal: Option<String>,
}

/// A live main unit.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Enhet {
    /// Nine digits.
    pub organisasjonsnummer: String,
    /// The name, upper case.
    pub navn: String,
    /// The organisation form.
    pub organisasjonsform: Kodeverdi,
    /// Earlier names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub historiske_navn: Vec<HistoriskNavn>,
    /// Web address as registered, usually without scheme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hjemmeside: Option<String>,
    /// Postal address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postadresse: Option<Adresse>,
    /// When the unit was entered.
    #[schemars(with = "String")]
    pub registreringsdato_enhetsregisteret: Date,
    /// In the VAT register.
    #[serde(rename = "registrertIMvaregisteret")]
    pub registrert_i_mvaregisteret: bool,
    /// Grounds for voluntary VAT registration.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub frivillig_mva_registrert_beskrivelser: Vec<String>,
    /// First industry code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub naeringskode1: Option<Kode>,
    /// Second industry code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub naeringskode2: Option<Kode>,
    /// Third industry code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub naeringskode3: Option<Kode>,
    /// What a helper unit does for its own group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hjelpeenhetskode: Option<Kode>,
    /// Number of employees. Stored as it is; version 2 sends it only from 5 on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub antall_ansatte: Option<u32>,
    /// Whether a number of employees is registered.
    #[serde(default)]
    pub har_registrert_antall_ansatte: bool,
    /// The parent in the public sector's hierarchy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overordnet_enhet: Option<String>,
    /// When it entered the VAT register voluntarily.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub registreringsdato_frivillig_merverdiavgiftsregisteret: Option<Date>,
    /// When it entered the VAT register.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub registreringsdato_merverdiavgiftsregisteret: Option<Date>,
    /// When Enhetsregisteret learned of the VAT registration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub registreringsdato_merverdiavgiftsregisteret_enhetsregisteret: Option<Date>,
    /// When the number of employees was entered here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub registreringsdato_antall_ansatte_enhetsregisteret: Option<Date>,
    /// When the number of employees was entered in NAV's register of employers.
    #[serde(
        default,
        rename = "registreringsdatoAntallAnsatteNAVAaregisteret",
        skip_serializing_if = "Option::is_none"
    )]
    #[schemars(with = "Option<String>")]
    pub registreringsdato_antall_ansatte_nav_aaregisteret: Option<Date>,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epostadresse: Option<String>,
    /// Telephone, in the register's own grouping.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub telefon: Option<String>,
    /// Mobile telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mobil: Option<String>,
    /// Business address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forretningsadresse: Option<Adresse>,
    /// When the unit was founded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub stiftelsesdato: Option<Date>,
    /// Institutional sector.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub institusjonell_sektorkode: Option<Kode>,
    /// In Foretaksregisteret.
    #[serde(rename = "registrertIForetaksregisteret")]
    pub registrert_i_foretaksregisteret: bool,
    /// In Stiftelsesregisteret.
    #[serde(rename = "registrertIStiftelsesregisteret")]
    pub registrert_i_stiftelsesregisteret: bool,
    /// In Frivillighetsregisteret.
    #[serde(rename = "registrertIFrivillighetsregisteret")]
    pub registrert_i_frivillighetsregisteret: bool,
    /// Year of the last accounts filed, four digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub siste_innsendte_aarsregnskap: Option<String>,
    /// Bankrupt.
    pub konkurs: bool,
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub konkursdato: Option<Date>,
    /// Being wound up.
    pub under_avvikling: bool,
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub under_avvikling_dato: Option<Date>,
    /// Under compulsory liquidation or dissolution.
    pub under_tvangsavvikling_eller_tvangsopplosning: bool,
    /// Compulsory liquidation for want of deletion, since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub tvangsavviklet_pga_manglende_sletting_dato: Option<Date>,
    /// Compulsory dissolution for want of a managing director, since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub tvangsopplost_pga_manglende_daglig_leder_dato: Option<Date>,
    /// Compulsory dissolution for want of an auditor, since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub tvangsopplost_pga_manglende_revisor_dato: Option<Date>,
    /// Compulsory dissolution for want of accounts, since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub tvangsopplost_pga_manglende_regnskap_dato: Option<Date>,
    /// Compulsory dissolution for want of a full board, since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub tvangsopplost_pga_mangelfullt_styre_dato: Option<Date>,
    /// `Bokmål` or `Nynorsk`.
    pub maalform: String,
    /// Date of the articles of association.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub vedtektsdato: Option<Date>,
    /// Purpose in the articles, line by line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vedtektsfestet_formaal: Vec<String>,
    /// What the unit does, line by line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aktivitet: Vec<String>,
    /// When it entered Foretaksregisteret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub registreringsdato_foretaksregisteret: Option<Date>,
    /// When it entered Frivillighetsregisteret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub registreringsdato_frivillighetsregisteret: Option<Date>,
    /// In Partiregisteret.
    #[serde(default, rename = "registrertIPartiregisteret", skip_serializing_if = "Option::is_none")]
    pub registrert_i_partiregisteret: Option<bool>,
    /// When it entered Partiregisteret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub registreringsdato_partiregisteret: Option<Date>,
    /// Remarks; an empty list is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paategninger: Option<Vec<Paategning>>,
    /// From when the company does without audit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub fravalg_revisjon_dato: Option<Date>,
    /// When it was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub fravalg_revisjon_beslutnings_dato: Option<Date>,
    /// Part of a group.
    #[serde(default, rename = "erIKonsern", skip_serializing_if = "Option::is_none")]
    pub er_i_konsern: Option<bool>,
    /// Capital.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kapital: Option<Kapital>,
    /// Number in the register at home (foreign companies).
    #[serde(default, rename = "registreringsnummerIHjemlandet", skip_serializing_if = "Option::is_none")]
    pub registreringsnummer_i_hjemlandet: Option<String>,
    /// Name of that register.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utenlandsk_register_navn: Option<String>,
    /// Address of that register.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utenlandsk_register_adresse: Option<Adresse>,
    /// The country whose law governs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub underlagt_lovgivning_land: Option<String>,
    /// ISO code of that country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub underlagt_lovgivning_land_kode: Option<String>,
    /// Its legal form at home.
    #[serde(default, rename = "foretaksformIHjemlandet", skip_serializing_if = "Option::is_none")]
    pub foretaksform_i_hjemlandet: Option<ForetaksformIHjemlandet>,
    /// Under reconstruction since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub under_rekonstruksjonsforhandling_dato: Option<Date>,
    /// Under insolvency proceedings abroad since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub under_utenlandsk_insolvensbehandling_dato: Option<Date>,
}

/// A live sub-unit.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Underenhet {
    /// Nine digits.
    pub organisasjonsnummer: String,
    /// The name, upper case.
    pub navn: String,
    /// `BEDR` or `AAFY`.
    pub organisasjonsform: Kodeverdi,
    /// Earlier names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub historiske_navn: Vec<HistoriskNavn>,
    /// Web address as registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hjemmeside: Option<String>,
    /// Postal address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postadresse: Option<Adresse>,
    /// When the sub-unit was entered.
    #[schemars(with = "String")]
    pub registreringsdato_enhetsregisteret: Date,
    /// In the VAT register.
    #[serde(rename = "registrertIMvaregisteret")]
    pub registrert_i_mvaregisteret: bool,
    /// Grounds for voluntary VAT registration.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub frivillig_mva_registrert_beskrivelser: Vec<String>,
    /// First industry code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub naeringskode1: Option<Kode>,
    /// Second industry code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub naeringskode2: Option<Kode>,
    /// Third industry code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub naeringskode3: Option<Kode>,
    /// What a helper unit does for its own group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hjelpeenhetskode: Option<Kode>,
    /// Number of employees; version 2 sends it only from 5 on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub antall_ansatte: Option<u32>,
    /// Whether a number of employees is registered.
    #[serde(default)]
    pub har_registrert_antall_ansatte: bool,
    /// The main unit it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overordnet_enhet: Option<String>,
    /// When the number of employees was entered here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub registreringsdato_antall_ansatte_enhetsregisteret: Option<Date>,
    /// When the number of employees was entered in NAV's register of employers.
    #[serde(
        default,
        rename = "registreringsdatoAntallAnsatteNAVAaregisteret",
        skip_serializing_if = "Option::is_none"
    )]
    #[schemars(with = "Option<String>")]
    pub registreringsdato_antall_ansatte_nav_aaregisteret: Option<Date>,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epostadresse: Option<String>,
    /// Telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub telefon: Option<String>,
    /// Mobile telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mobil: Option<String>,
    /// When work began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub oppstartsdato: Option<Date>,
    /// When it changed owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub dato_eierskifte: Option<Date>,
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beliggenhetsadresse: Option<Adresse>,
    /// When it closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub nedleggelsesdato: Option<Date>,
}

/// A deleted unit of either kind: what is left of it (sheet sections 8.4, 9.2).
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Slettet {
    /// Nine digits.
    pub organisasjonsnummer: String,
    /// The name it had.
    pub navn: String,
    /// The organisation form it had.
    pub organisasjonsform: Kodeverdi,
    /// Earlier names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub historiske_navn: Vec<HistoriskNavn>,
    /// When it was deleted.
    #[schemars(with = "String")]
    pub slettedato: Date,
    /// When it closed (sub-units).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub nedleggelsesdato: Option<Date>,
}
