//! The columns of the CSV files and spreadsheets, and what stands in their cells.
//!
//! One table a kind: the header of the CSV (with the odd casing of the real files, fact sheet section 12.3), the
//! header of the spreadsheet (12.4), and the field. The CSV import reads the same table backwards.

use std::borrow::Cow;

use crate::modell::Enhetstype;

/// One column.
#[derive(Debug, Clone, Copy)]
pub struct Kolonne {
    /// Header in the CSV.
    pub csv: &'static str,
    /// Header in the spreadsheet; `None`: as in the CSV.
    pub regneark: Option<&'static str>,
    /// The field, `a` or `a.b`.
    pub felt: &'static str,
    /// Where the column belongs.
    pub fra: Kolonnefra,
}

/// From which profile on a column is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kolonnefra {
    /// Always.
    V1,
    /// In version 2.
    V2,
    /// With the fields from after 1.5.0.
    Utvidet,
}

use Kolonnefra::{Utvidet, V1, V2};

impl Kolonne {
    /// The spreadsheet's header.
    pub fn overskrift(&self) -> &'static str {
        self.regneark.unwrap_or(self.csv)
    }

    /// The two halves of the field's path.
    pub fn sti(&self) -> (&'static str, Option<&'static str>) {
        self.felt.split_once('.').map_or((self.felt, None), |(ytre, indre)| (ytre, Some(indre)))
    }
}

const fn k(csv: &'static str, regneark: &'static str, felt: &'static str, fra: Kolonnefra) -> Kolonne {
    Kolonne { csv, regneark: Some(regneark), felt, fra }
}
const fn lik(csv: &'static str, fra: Kolonnefra) -> Kolonne {
    Kolonne { csv, regneark: None, felt: csv, fra }
}
const fn ny(csv: &'static str, felt: &'static str) -> Kolonne {
    Kolonne { csv, regneark: None, felt, fra: Utvidet }
}

/// The columns of one kind in the order of the CSV.
pub const fn kolonner(kind: Enhetstype) -> &'static [Kolonne] {
    match kind {
        Enhetstype::Enhet => ENHET,
        Enhetstype::Underenhet => UNDERENHET,
    }
}

/// What both kinds begin with.
#[rustfmt::skip]
const FELLES: &[Kolonne] = &[
    k("organisasjonsnummer", "Organisasjonsnummer", "organisasjonsnummer", V1),
    k("navn", "Navn", "navn", V1),
    k("organisasjonsform.kode", "Organisasjonsform.kode", "organisasjonsform.kode", V1),
    k("organisasjonsform.beskrivelse", "Organisasjonsform.beskrivelse", "organisasjonsform.beskrivelse", V1),
    k("naeringskode1.kode", "Næringskode 1", "naeringskode1.kode", V1),
    k("naeringskode1.beskrivelse", "Næringskode 1.beskrivelse", "naeringskode1.beskrivelse", V1),
    k("naeringskode2.kode", "Næringskode 2", "naeringskode2.kode", V1),
    k("naeringskode2.beskrivelse", "Næringskode 2.beskrivelse", "naeringskode2.beskrivelse", V1),
    k("naeringskode3.kode", "Næringskode 3", "naeringskode3.kode", V1),
    k("naeringskode3.beskrivelse", "Næringskode 3.beskrivelse", "naeringskode3.beskrivelse", V1),
    k("hjelpeenhetskode.kode", "Hjelpeenhetskode", "hjelpeenhetskode.kode", V1),
    k("hjelpeenhetskode.beskrivelse", "Hjelpeenhetskode.beskrivelse", "hjelpeenhetskode.beskrivelse", V1),
    k("harRegistrertAntallAnsatte", "Har registrert antall ansatte", "harRegistrertAntallAnsatte", V2),
    k("antallAnsatte", "Antall ansatte", "antallAnsatte", V1),
    ny("registreringsdatoAntallAnsatteEnhetsregisteret", "registreringsdatoAntallAnsatteEnhetsregisteret"),
    ny("registreringsdatoantallansatteNAVAaregisteret", "registreringsdatoAntallAnsatteNAVAaregisteret"),
    k("hjemmeside", "Hjemmeside", "hjemmeside", V1),
    ny("epostadresse", "epostadresse"),
    ny("telefon", "telefon"),
    ny("mobil", "mobil"),
    k("postadresse.adresse", "Postadresse.adresse", "postadresse.adresse", V1),
    k("postadresse.poststed", "Postadresse.poststed", "postadresse.poststed", V1),
    k("postadresse.postnummer", "Postadresse.postnummer", "postadresse.postnummer", V1),
    k("postadresse.kommune", "Postadresse.kommune", "postadresse.kommune", V1),
    k("postadresse.kommunenummer", "Postadresse.kommunenummer", "postadresse.kommunenummer", V1),
    k("postadresse.land", "Postadresse.land", "postadresse.land", V1),
    k("postadresse.landkode", "Postadresse.landkode", "postadresse.landkode", V1),
];

#[rustfmt::skip]
const BARE_ENHET: &[Kolonne] = &[
    k("forretningsadresse.adresse", "Forretningsadresse.adresse", "forretningsadresse.adresse", V1),
    k("forretningsadresse.poststed", "Forretningsadresse.poststed", "forretningsadresse.poststed", V1),
    k("forretningsadresse.postnummer", "Forretningsadresse.postnummer", "forretningsadresse.postnummer", V1),
    k("forretningsadresse.kommune", "Forretningsadresse.kommune", "forretningsadresse.kommune", V1),
    k("forretningsadresse.kommunenummer", "Forretningsadresse.kommunenummer", "forretningsadresse.kommunenummer", V1),
    k("forretningsadresse.land", "Forretningsadresse.land", "forretningsadresse.land", V1),
    k("forretningsadresse.landkode", "Forretningsadresse.landkode", "forretningsadresse.landkode", V1),
    k("institusjonellSektorkode.kode", "Institusjonell sektorkode", "institusjonellSektorkode.kode", V1),
    k("institusjonellSektorkode.beskrivelse", "Institusjonell sektorkode.beskrivelse", "institusjonellSektorkode.beskrivelse", V1),
    k("sisteInnsendteAarsregnskap", "Siste innsendte årsregnskap", "sisteInnsendteAarsregnskap", V1),
    k("registreringsdatoenhetsregisteret", "Registreringsdato i Enhetsregisteret", "registreringsdatoEnhetsregisteret", V1),
    k("stiftelsesdato", "Stiftelsesdato", "stiftelsesdato", V1),
    k("registrertIMvaRegisteret", "Registrert i MVA-registeret", "registrertIMvaregisteret", V1),
    ny("registreringsdatoMerverdiavgiftsregisteret", "registreringsdatoMerverdiavgiftsregisteret"),
    ny("registreringsdatoMerverdiavgiftsregisteretEnhetsregisteret", "registreringsdatoMerverdiavgiftsregisteretEnhetsregisteret"),
    k("frivilligMvaRegistrertBeskrivelser", "FrivilligRegistrertIMvaregisteret", "frivilligMvaRegistrertBeskrivelser", V1),
    ny("registreringsdatoFrivilligMerverdiavgiftsregisteret", "registreringsdatoFrivilligMerverdiavgiftsregisteret"),
    k("registrertIFrivillighetsregisteret", "Registrert i Frivillighetsregisteret", "registrertIFrivillighetsregisteret", V1),
    ny("registreringsdatoFrivillighetsregisteret", "registreringsdatoFrivillighetsregisteret"),
    k("registrertIForetaksregisteret", "Registrert i Foretaksregisteret", "registrertIForetaksregisteret", V1),
    ny("registreringsdatoForetaksregisteret", "registreringsdatoForetaksregisteret"),
    k("registrertIStiftelsesregisteret", "Registrert i Stiftelsesregisteret", "registrertIStiftelsesregisteret", V1),
    ny("registrertIPartiregisteret", "registrertIPartiregisteret"),
    ny("registreringsdatoPartiregisteret", "registreringsdatoPartiregisteret"),
    k("konkurs", "Konkurs", "konkurs", V1),
    k("konkursdato", "Konkursdato", "konkursdato", V2),
    k("underAvvikling", "Under avvikling", "underAvvikling", V1),
    k("underAvviklingDato", "Under avvikling dato", "underAvviklingDato", V2),
    k("underTvangsavviklingEllerTvangsopplosning", "Under tvangsavvikling eller tvangsoppløsning", "underTvangsavviklingEllerTvangsopplosning", V1),
    lik("tvangsopplostPgaManglendeDagligLederDato", V2),
    lik("tvangsopplostPgaManglendeRevisorDato", V2),
    lik("tvangsopplostPgaManglendeRegnskapDato", V2),
    lik("tvangsopplostPgaMangelfulltStyreDato", V2),
    lik("tvangsavvikletPgaManglendeSlettingDato", V2),
    k("overordnetEnhet", "Overordnet enhet i offentlig sektor", "overordnetEnhet", V1),
    k("maalform", "Målform", "maalform", V1),
    k("vedtektsdato", "Vedtektsdato", "vedtektsdato", V2),
    k("vedtektsfestetFormaal", "Vedtektsfestet formål", "vedtektsfestetFormaal", V2),
    k("aktivitet", "Aktivitet", "aktivitet", V2),
    ny("paategninger", "paategninger"),
    ny("underUtenlandskInsolvensbehandlingDato", "underUtenlandskInsolvensbehandlingDato"),
    ny("underRekonstruksjonsforhandlingDato", "underRekonstruksjonsforhandlingDato"),
    ny("fravalgRevisjonDato", "fravalgRevisjonDato"),
    ny("fravalgRevisjonBeslutningsDato", "fravalgRevisjonBeslutningsDato"),
    ny("erIKonsern", "erIKonsern"),
    ny("kapital.belop", "kapital.belop"),
    ny("kapital.antallAksjer", "kapital.antallAksjer"),
    ny("kapital.type", "kapital.type"),
    ny("kapital.bundet", "kapital.bundet"),
    ny("kapital.valuta", "kapital.valuta"),
    ny("kapital.innbetalt", "kapital.innbetalt"),
    ny("kapital.fulltInnbetalt", "kapital.fulltInnbetalt"),
    ny("kapital.innfortDato", "kapital.innfortDato"),
    ny("registreringsnummerIHjemlandet", "registreringsnummerIHjemlandet"),
    ny("utenlandskRegisterNavn", "utenlandskRegisterNavn"),
    ny("utenlandskRegisterAdresse.land", "utenlandskRegisterAdresse.land"),
    ny("utenlandskRegisterAdresse.poststed", "utenlandskRegisterAdresse.poststed"),
    ny("utenlandskRegisterAdresse.adresse", "utenlandskRegisterAdresse.adresse"),
    ny("underlagtLovgivningLand", "underlagtLovgivningLand"),
    ny("underlagtLovgivningLandKode", "underlagtLovgivningLandKode"),
    ny("foretaksformIHjemlandet.kode", "foretaksformIHjemlandet.kode"),
    ny("foretaksformIHjemlandet.beskrivelse", "foretaksformIHjemlandet.beskrivelse"),
    ny("foretaksformIHjemlandet.beskrivelseBokmaal", "foretaksformIHjemlandet.beskrivelseBokmaal"),
];

#[rustfmt::skip]
const BARE_UNDERENHET: &[Kolonne] = &[
    k("beliggenhetsadresse.adresse", "Beliggenhetsadresse.adresse", "beliggenhetsadresse.adresse", V1),
    k("beliggenhetsadresse.poststed", "Beliggenhetsadresse.poststed", "beliggenhetsadresse.poststed", V1),
    k("beliggenhetsadresse.postnummer", "Beliggenhetsadresse.postnummer", "beliggenhetsadresse.postnummer", V1),
    k("beliggenhetsadresse.kommune", "Beliggenhetsadresse.kommune", "beliggenhetsadresse.kommune", V1),
    k("beliggenhetsadresse.kommunenummer", "Beliggenhetsadresse.kommunenummer", "beliggenhetsadresse.kommunenummer", V1),
    k("beliggenhetsadresse.land", "Beliggenhetsadresse.land", "beliggenhetsadresse.land", V1),
    k("beliggenhetsadresse.landkode", "Beliggenhetsadresse.landkode", "beliggenhetsadresse.landkode", V1),
    k("registreringsdatoIEnhetsregisteret", "Registreringsdato i Enhetsregisteret", "registreringsdatoEnhetsregisteret", V1),
    k("frivilligMvaRegistrertBeskrivelser", "FrivilligRegistrertIMvaregisteret", "frivilligMvaRegistrertBeskrivelser", V1),
    ny("registreringsdatoFrivilligMerverdiavgiftsregisteret", "registreringsdatoFrivilligMerverdiavgiftsregisteret"),
    k("registrertIMvaregisteret", "Registrert i MVA-registeret", "registrertIMvaregisteret", V1),
    ny("registreringsdatoMerverdiavgiftsregisteret", "registreringsdatoMerverdiavgiftsregisteret"),
    ny("registreringsdatoMerverdiavgiftsregisteretEnhetsregisteret", "registreringsdatoMerverdiavgiftsregisteretEnhetsregisteret"),
    k("oppstartsdato", "Oppstartsdato", "oppstartsdato", V1),
    k("datoEierskifte", "Dato eierskifte", "datoEierskifte", V1),
    k("nedleggelsesdato", "Nedleggelsesdato", "nedleggelsesdato", V1),
    k("overordnetEnhet", "Overordnet enhet", "overordnetEnhet", V1),
];

const ENHET: &[Kolonne] = &etter_felles::<{ FELLES.len() + BARE_ENHET.len() }>(BARE_ENHET);
const UNDERENHET: &[Kolonne] = &etter_felles::<{ FELLES.len() + BARE_UNDERENHET.len() }>(BARE_UNDERENHET);

const fn etter_felles<const N: usize>(resten: &[Kolonne]) -> [Kolonne; N] {
    let mut alle = [FELLES[0]; N];
    let mut plass = 1;
    while plass < N {
        alle[plass] = if plass < FELLES.len() { FELLES[plass] } else { resten[plass - FELLES.len()] };
        plass += 1;
    }
    alle
}

/// The text of a JSON value in a cell: strings as they are, lists line by line, numbers and flags as written.
/// Remarks are only said to be there (`JA`/`NEI`).
pub fn celle<'a>(felt: &str, json: &'a str) -> Cow<'a, str> {
    if felt == "paategninger" {
        return Cow::Borrowed(if json == "[]" { "NEI" } else { "JA" });
    }
    match json.as_bytes().first() {
        Some(b'"') if !json.contains('\\') => Cow::Borrowed(&json[1..json.len() - 1]),
        Some(b'"') => Cow::Owned(serde_json::from_str(json).unwrap_or_default()),
        Some(b'[') => Cow::Owned(serde_json::from_str::<Vec<String>>(json).unwrap_or_default().join("\n")),
        _ => Cow::Borrowed(json),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_of_the_real_files() {
        let bredde = |kind, utvidet| kolonner(kind).iter().filter(|k| utvidet || k.fra != Utvidet).count();
        assert_eq!(bredde(Enhetstype::Enhet, false), 54);
        assert_eq!(bredde(Enhetstype::Enhet, true), 90);
        assert_eq!(bredde(Enhetstype::Underenhet, true), 44);
        assert_eq!(kolonner(Enhetstype::Enhet)[15].csv, "registreringsdatoantallansatteNAVAaregisteret");
        assert_eq!(kolonner(Enhetstype::Underenhet)[34].csv, "registreringsdatoIEnhetsregisteret");
        let v1 = kolonner(Enhetstype::Enhet).iter().filter(|k| k.fra == V1).count();
        assert_eq!(v1, 43, "the spreadsheet of version 1");
    }

    #[test]
    fn every_column_is_a_field() {
        for kind in Enhetstype::ALLE {
            for kolonne in kolonner(kind) {
                assert!(kind.plass(kolonne.sti().0).is_some(), "{}", kolonne.felt);
            }
        }
    }

    #[test]
    fn cells() {
        assert_eq!(celle("navn", r#""A \"B\"""#), "A \"B\"");
        assert_eq!(celle("aktivitet", r#"["x","y"]"#), "x\ny");
        assert_eq!(celle("kapital.belop", "30000.00"), "30000.00");
        assert_eq!(celle("paategninger", "[]"), "NEI");
    }
}
