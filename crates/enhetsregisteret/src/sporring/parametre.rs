//! The search parameters, as one table (fact sheet sections 7, 9.1, 16.2).
//!
//! Parsing, validation, the OpenAPI document and the list in the error for unknown parameters all read this
//! table; a parameter that is not here does not exist.

use crate::modell::Enhetstype;

/// What values a parameter takes and what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Regel {
    /// Name search, 1–180 characters.
    Navn,
    /// How the name is searched: `FORTLOEPENDE`.
    NavnMetode,
    /// A list of organisation numbers: these units.
    Enheter,
    /// One organisation number in the field.
    Orgnr,
    /// At least so many employees.
    FraAnsatte,
    /// At most so many employees.
    TilAnsatte,
    /// A flag.
    Flagg,
    /// On or after a date.
    FraDato,
    /// On or before a date.
    TilDato,
    /// A list of organisation forms that exist.
    Organisasjonsform,
    /// A list of exact values.
    Verdier,
    /// A list of values of four digits; the text says what they are.
    FireSiffer(&'static str),
    /// The municipality of an address; under version 2 of `kommunenummer` of either address.
    Kommunenummer,
    /// One exact value, without regard to case.
    Verdi,
    /// A list of texts, each a set of words to be found.
    Tekster,
    /// A list of industry codes of any level.
    Naeringskode,
}

/// One search parameter.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    /// Its name.
    pub navn: &'static str,
    /// The index field it is about.
    pub felt: &'static str,
    /// What it takes.
    pub regel: Regel,
    /// Which searches have it; `None`: both.
    pub kind: Option<Enhetstype>,
    /// Added by the real service after 1.5.0.
    pub utvidet: bool,
    /// What it does, for the OpenAPI document.
    pub beskrivelse: &'static str,
}

const fn begge(navn: &'static str, felt: &'static str, regel: Regel, beskrivelse: &'static str) -> Parameter {
    Parameter { navn, felt, regel, kind: None, utvidet: false, beskrivelse }
}
const fn enhet(navn: &'static str, felt: &'static str, regel: Regel, beskrivelse: &'static str) -> Parameter {
    Parameter { navn, felt, regel, kind: Some(Enhetstype::Enhet), utvidet: false, beskrivelse }
}
const fn under(navn: &'static str, felt: &'static str, regel: Regel, beskrivelse: &'static str) -> Parameter {
    Parameter { navn, felt, regel, kind: Some(Enhetstype::Underenhet), utvidet: false, beskrivelse }
}
const fn ny(parameter: Parameter) -> Parameter {
    Parameter { utvidet: true, ..parameter }
}

use Regel::{
    Enheter, FireSiffer, Flagg, FraAnsatte, FraDato, Kommunenummer, Naeringskode, Navn, NavnMetode,
    Organisasjonsform, Orgnr, Tekster, TilAnsatte, TilDato, Verdi, Verdier,
};

/// Every search parameter except `sort`, `size` and `page`.
#[rustfmt::skip]
pub const PARAMETRE: &[Parameter] = &[
    begge("navn", "navn", Navn, "Enhetens navn. Fritekst på 1 til 180 tegn"),
    ny(begge("navnMetodeForSoek", "navn", NavnMetode, "Hvordan navnet søkes. FORTLOEPENDE: teksten står sammenhengende i navnet")),
    begge("organisasjonsnummer", "organisasjonsnummer", Enheter, "Kommaseparert liste med organisasjonsnummer, 9 siffer"),
    enhet("overordnetEnhet", "overordnetEnhet", Orgnr, "Organisasjonsnummeret til overordnet enhet i offentlig sektor"),
    under("overordnetEnhet", "overordnetEnhet", Orgnr, "Organisasjonsnummeret til hovedenheten"),
    begge("fraAntallAnsatte", "antallAnsatte", FraAnsatte, "Minste antall ansatte. V1: 0 eller større. V2: 0, 1 eller større enn 4"),
    begge("tilAntallAnsatte", "antallAnsatte", TilAnsatte, "Største antall ansatte. V1: 0 eller større. V2: 0, 4 eller større enn 4"),
    enhet("konkurs", "konkurs", Flagg, "Hvorvidt enheten er konkurs"),
    begge("registrertIMvaregisteret", "registrertIMvaregisteret", Flagg, "Hvorvidt enheten er registrert i Mva-registeret"),
    enhet("registrertIForetaksregisteret", "registrertIForetaksregisteret", Flagg, "Hvorvidt enheten er registrert i Foretaksregisteret"),
    enhet("registrertIStiftelsesregisteret", "registrertIStiftelsesregisteret", Flagg, "Hvorvidt enheten er registrert i Stiftelsesregisteret"),
    enhet("registrertIFrivillighetsregisteret", "registrertIFrivillighetsregisteret", Flagg, "Hvorvidt enheten er registrert i Frivillighetsregisteret"),
    ny(enhet("registrertIPartiregisteret", "registrertIPartiregisteret", Flagg, "Hvorvidt enheten er registrert i Partiregisteret")),
    enhet("frivilligRegistrertIMvaregisteret", "frivilligMvaRegistrertBeskrivelser", Verdier, "Kommaseparert liste med grunnlag for frivillig registrering i Merverdiavgiftsregisteret"),
    enhet("underTvangsavviklingEllerTvangsopplosning", "underTvangsavviklingEllerTvangsopplosning", Flagg, "Hvorvidt enheten er under tvangsavvikling eller tvangsoppløsning"),
    enhet("underAvvikling", "underAvvikling", Flagg, "Hvorvidt enheten er under avvikling"),
    ny(enhet("underKonkursbehandling", "underKonkursbehandling", Flagg, "Hvorvidt enheten er konkurs eller under tvangsavvikling eller tvangsoppløsning")),
    begge("fraRegistreringsdatoEnhetsregisteret", "registreringsdatoEnhetsregisteret", FraDato, "Tidligste registreringsdato i Enhetsregisteret (yyyy-MM-dd)"),
    begge("tilRegistreringsdatoEnhetsregisteret", "registreringsdatoEnhetsregisteret", TilDato, "Seneste registreringsdato i Enhetsregisteret (yyyy-MM-dd)"),
    ny(begge("fraRegistreringsdatoMerverdiavgiftsregisteret", "registreringsdatoMerverdiavgiftsregisteret", FraDato, "Tidligste registreringsdato i Merverdiavgiftsregisteret (yyyy-MM-dd)")),
    ny(begge("tilRegistreringsdatoMerverdiavgiftsregisteret", "registreringsdatoMerverdiavgiftsregisteret", TilDato, "Seneste registreringsdato i Merverdiavgiftsregisteret (yyyy-MM-dd)")),
    ny(enhet("fraRegistreringsdatoForetaksregisteret", "registreringsdatoForetaksregisteret", FraDato, "Tidligste registreringsdato i Foretaksregisteret (yyyy-MM-dd)")),
    ny(enhet("tilRegistreringsdatoForetaksregisteret", "registreringsdatoForetaksregisteret", TilDato, "Seneste registreringsdato i Foretaksregisteret (yyyy-MM-dd)")),
    ny(enhet("fraRegistreringsdatoFrivillighetsregisteret", "registreringsdatoFrivillighetsregisteret", FraDato, "Tidligste registreringsdato i Frivillighetsregisteret (yyyy-MM-dd)")),
    ny(enhet("tilRegistreringsdatoFrivillighetsregisteret", "registreringsdatoFrivillighetsregisteret", TilDato, "Seneste registreringsdato i Frivillighetsregisteret (yyyy-MM-dd)")),
    ny(enhet("fraRegistreringsdatoPartiregisteret", "registreringsdatoPartiregisteret", FraDato, "Tidligste registreringsdato i Partiregisteret (yyyy-MM-dd)")),
    ny(enhet("tilRegistreringsdatoPartiregisteret", "registreringsdatoPartiregisteret", TilDato, "Seneste registreringsdato i Partiregisteret (yyyy-MM-dd)")),
    enhet("fraStiftelsesdato", "stiftelsesdato", FraDato, "Tidligste stiftelsesdato (yyyy-MM-dd)"),
    enhet("tilStiftelsesdato", "stiftelsesdato", TilDato, "Seneste stiftelsesdato (yyyy-MM-dd)"),
    under("fraOppstartsdato", "oppstartsdato", FraDato, "Tidligste dato for oppstart (yyyy-MM-dd)"),
    under("tilOppstartsdato", "oppstartsdato", TilDato, "Seneste dato for oppstart (yyyy-MM-dd)"),
    under("fraDatoEierskifte", "datoEierskifte", FraDato, "Tidligste dato for eierskifte (yyyy-MM-dd)"),
    under("tilDatoEierskifte", "datoEierskifte", TilDato, "Seneste dato for eierskifte (yyyy-MM-dd)"),
    under("fraNedleggelsesdato", "nedleggelsesdato", FraDato, "Tidligste dato for nedleggelse (yyyy-MM-dd)"),
    under("tilNedleggelsesdato", "nedleggelsesdato", TilDato, "Seneste dato for nedleggelse (yyyy-MM-dd)"),
    begge("organisasjonsform", "organisasjonsform.kode", Organisasjonsform, "Kommaseparert liste med organisasjonsformer"),
    begge("hjemmeside", "hjemmeside", Verdi, "Enhetens hjemmeside, slik den er registrert, uten hensyn til store og små bokstaver"),
    enhet("institusjonellSektorkode", "institusjonellSektorkode.kode", FireSiffer("Sektorkode"), "Kommaseparert liste med sektorkoder, 4 siffer"),
    begge("postadresse.adresse", "postadresse.adresse", Tekster, "Kommaseparert liste med adresse (postadresse)"),
    begge("postadresse.kommunenummer", "postadresse.kommunenummer", FireSiffer("Kommunenummer"), "Kommaseparert liste med kommunenummer (postadresse), 4 siffer"),
    begge("postadresse.landkode", "postadresse.landkode", Verdier, "Kommaseparert liste med landkode (postadresse)"),
    begge("postadresse.postnummer", "postadresse.postnummer", FireSiffer("Postnummer"), "Kommaseparert liste med postnummer (postadresse), 4 siffer"),
    begge("postadresse.poststed", "postadresse.poststed", Tekster, "Poststed (postadresse). Fritekst"),
    enhet("kommunenummer", "forretningsadresse.kommunenummer", Kommunenummer, "Kommaseparert liste med kommunenummer, 4 siffer. V1: forretningsadresse. V2: forretningsadresse eller postadresse"),
    enhet("forretningsadresse.kommunenummer", "forretningsadresse.kommunenummer", FireSiffer("Kommunenummer"), "Kommaseparert liste med kommunenummer (forretningsadresse), 4 siffer"),
    enhet("forretningsadresse.postnummer", "forretningsadresse.postnummer", FireSiffer("Postnummer"), "Kommaseparert liste med postnummer (forretningsadresse), 4 siffer"),
    enhet("forretningsadresse.poststed", "forretningsadresse.poststed", Tekster, "Poststed (forretningsadresse). Fritekst"),
    enhet("forretningsadresse.landkode", "forretningsadresse.landkode", Verdier, "Kommaseparert liste med landkode (forretningsadresse)"),
    enhet("forretningsadresse.adresse", "forretningsadresse.adresse", Tekster, "Kommaseparert liste med adresse (forretningsadresse)"),
    under("kommunenummer", "beliggenhetsadresse.kommunenummer", Kommunenummer, "Kommaseparert liste med kommunenummer, 4 siffer. V1: beliggenhetsadresse. V2: beliggenhetsadresse eller postadresse"),
    under("beliggenhetsadresse.kommunenummer", "beliggenhetsadresse.kommunenummer", FireSiffer("Kommunenummer"), "Kommaseparert liste med kommunenummer (beliggenhetsadresse), 4 siffer"),
    under("beliggenhetsadresse.postnummer", "beliggenhetsadresse.postnummer", FireSiffer("Postnummer"), "Kommaseparert liste med postnummer (beliggenhetsadresse), 4 siffer"),
    under("beliggenhetsadresse.poststed", "beliggenhetsadresse.poststed", Tekster, "Poststed (beliggenhetsadresse). Fritekst"),
    under("beliggenhetsadresse.landkode", "beliggenhetsadresse.landkode", Verdier, "Kommaseparert liste med landkode (beliggenhetsadresse)"),
    under("beliggenhetsadresse.adresse", "beliggenhetsadresse.adresse", Tekster, "Kommaseparert liste med adresse (beliggenhetsadresse)"),
    begge("naeringskode", "naeringskode", Naeringskode, "Kommaseparert liste med næringskoder på alle nivåer; 62 treffer også 62.010"),
    enhet("sisteInnsendteAarsregnskap", "sisteInnsendteAarsregnskap", FireSiffer("Årstall"), "Kommaseparert liste med årstall, 4 siffer"),
];

/// The parameters of one search.
pub fn parametre(kind: Enhetstype, utvidet: bool) -> impl Iterator<Item = &'static Parameter> {
    PARAMETRE.iter().filter(move |p| p.kind.is_none_or(|k| k == kind) && (utvidet || !p.utvidet))
}
