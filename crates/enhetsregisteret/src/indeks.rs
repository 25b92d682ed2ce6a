//! What is searchable: a stored unit's values, field by field.
//!
//! [`FELTER`] is the table of index fields; the search index is built from it, and [`crate::sporring`] speaks of
//! fields by these names. [`verdier`] gives a unit's values. Deleted and removed units have none: they are never
//! in search results (sheet section 7).

use tid::Date;

use crate::Feil;
use crate::modell::{Adresse, Dokument, Enhet, Enhetstype, Kode, Underenhet, dokument};

/// The number of the index's form. A higher one makes running installations rebuild their index.
pub const INDEKSVERSJON: u32 = 2;

/// What a field holds and what can be asked of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feltslag {
    /// Exact values, perhaps several; sortable by code order.
    Nokkel,
    /// A number or a date (days since 1970-01-01); ranges; sortable.
    Tall,
    /// Yes or no; sortable.
    Flagg,
    /// Words.
    Tekst,
    /// The unit's name: relevance, and Norwegian order.
    Navn,
}

use Feltslag::{Flagg, Navn, Nokkel, Tall, Tekst};

/// The words of a unit's purpose and activity: what free text finds (our own surface only).
pub const FRITEKST: &str = "fritekst";

/// Every index field. Both kinds of unit have the same; a kind simply has no values in fields it does not know.
pub const FELTER: &[(&str, Feltslag)] = &[
    ("navn", Navn),
    ("organisasjonsnummer", Tall),
    ("overordnetEnhet", Nokkel),
    ("organisasjonsform.kode", Nokkel),
    ("hjemmeside", Nokkel),
    ("antallAnsatte", Tall),
    ("postadresse.kommune", Nokkel),
    ("postadresse.kommunenummer", Nokkel),
    ("postadresse.landkode", Nokkel),
    ("postadresse.postnummer", Nokkel),
    ("postadresse.poststed", Tekst),
    ("postadresse.adresse", Tekst),
    ("forretningsadresse.kommune", Nokkel),
    ("forretningsadresse.kommunenummer", Nokkel),
    ("forretningsadresse.landkode", Nokkel),
    ("forretningsadresse.postnummer", Nokkel),
    ("forretningsadresse.poststed", Tekst),
    ("forretningsadresse.adresse", Tekst),
    ("beliggenhetsadresse.kommune", Nokkel),
    ("beliggenhetsadresse.kommunenummer", Nokkel),
    ("beliggenhetsadresse.landkode", Nokkel),
    ("beliggenhetsadresse.postnummer", Nokkel),
    ("beliggenhetsadresse.poststed", Tekst),
    ("beliggenhetsadresse.adresse", Tekst),
    ("naeringskode", Nokkel),
    ("naeringskode1.kode", Nokkel),
    ("naeringskode2.kode", Nokkel),
    ("naeringskode3.kode", Nokkel),
    ("naeringskode1.hjelpeenhetskode", Flagg),
    ("naeringskode2.hjelpeenhetskode", Flagg),
    ("naeringskode3.hjelpeenhetskode", Flagg),
    ("hjelpeenhetskode.kode", Nokkel),
    ("institusjonellSektorkode.kode", Nokkel),
    ("frivilligMvaRegistrertBeskrivelser", Nokkel),
    ("sisteInnsendteAarsregnskap", Nokkel),
    ("registrertIMvaregisteret", Flagg),
    ("registrertIForetaksregisteret", Flagg),
    ("registrertIStiftelsesregisteret", Flagg),
    ("registrertIFrivillighetsregisteret", Flagg),
    ("registrertIPartiregisteret", Flagg),
    ("konkurs", Flagg),
    ("underAvvikling", Flagg),
    ("underTvangsavviklingEllerTvangsopplosning", Flagg),
    ("underKonkursbehandling", Flagg),
    ("registreringsdatoEnhetsregisteret", Tall),
    ("registreringsdatoMerverdiavgiftsregisteret", Tall),
    ("registreringsdatoForetaksregisteret", Tall),
    ("registreringsdatoFrivillighetsregisteret", Tall),
    ("registreringsdatoPartiregisteret", Tall),
    ("stiftelsesdato", Tall),
    ("oppstartsdato", Tall),
    ("datoEierskifte", Tall),
    ("nedleggelsesdato", Tall),
    ("slettedato", Tall),
    (FRITEKST, Tekst),
];

/// One value of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdi {
    /// For [`Feltslag::Nokkel`], [`Feltslag::Tekst`] and [`Feltslag::Navn`].
    Tekst(String),
    /// For [`Feltslag::Tall`].
    Tall(i64),
    /// For [`Feltslag::Flagg`].
    Flagg(bool),
}

/// The number of employees that the search sees: the true one; 0 when none is registered; 1 when a number is
/// registered but hidden (an official dump), so that the ranges of version 2 find it where they should.
pub fn sokbare_ansatte(antall: Option<u32>, har_registrert: bool) -> u32 {
    antall.unwrap_or(u32::from(har_registrert))
}

/// A stored unit's index values; `None` for a deleted one.
///
/// # Errors
/// When the stored document is not a unit of this kind.
pub fn verdier(lagret: &[u8], kind: Enhetstype) -> Result<Option<Vec<(&'static str, Verdi)>>, Feil> {
    let tekst = dokument::tekst(lagret)?;
    if tekst.contains("\"slettedato\"") && Dokument::les(lagret)?.er_slettet() {
        return Ok(None);
    }
    let mut ut = Verdier(Vec::with_capacity(48));
    match kind {
        Enhetstype::Enhet => ut.enhet(&serde_json::from_str(tekst)?),
        Enhetstype::Underenhet => ut.underenhet(&serde_json::from_str(tekst)?),
    }
    Ok(Some(ut.0))
}

struct Verdier(Vec<(&'static str, Verdi)>);

/// The index names of an address's fields.
struct Adressefelter {
    kommune: &'static str,
    kommunenummer: &'static str,
    landkode: &'static str,
    postnummer: &'static str,
    poststed: &'static str,
    adresse: &'static str,
}

macro_rules! adressefelter {
    ($navn:literal) => {
        Adressefelter {
            kommune: concat!($navn, ".kommune"),
            kommunenummer: concat!($navn, ".kommunenummer"),
            landkode: concat!($navn, ".landkode"),
            postnummer: concat!($navn, ".postnummer"),
            poststed: concat!($navn, ".poststed"),
            adresse: concat!($navn, ".adresse"),
        }
    };
}

const POST: Adressefelter = adressefelter!("postadresse");
const FORRETNING: Adressefelter = adressefelter!("forretningsadresse");
const BELIGGENHET: Adressefelter = adressefelter!("beliggenhetsadresse");

impl Verdier {
    fn enhet(&mut self, e: &Enhet) {
        self.felles(&e.organisasjonsnummer, &e.navn, &e.organisasjonsform.kode);
        self.tekst("hjemmeside", e.hjemmeside.as_ref().map(|h| h.to_lowercase()));
        self.tekst("overordnetEnhet", e.overordnet_enhet.clone());
        self.tall(
            "antallAnsatte",
            Some(sokbare_ansatte(e.antall_ansatte, e.har_registrert_antall_ansatte).into()),
        );
        self.adresse(&POST, e.postadresse.as_ref());
        self.adresse(&FORRETNING, e.forretningsadresse.as_ref());
        self.naering([&e.naeringskode1, &e.naeringskode2, &e.naeringskode3], e.hjelpeenhetskode.as_ref());
        self.tekst(
            "institusjonellSektorkode.kode",
            e.institusjonell_sektorkode.as_ref().map(|k| k.kode.clone()),
        );
        for grunnlag in &e.frivillig_mva_registrert_beskrivelser {
            self.tekst("frivilligMvaRegistrertBeskrivelser", Some(grunnlag.clone()));
        }
        self.tekst("sisteInnsendteAarsregnskap", e.siste_innsendte_aarsregnskap.clone());
        let tvang = e.under_tvangsavvikling_eller_tvangsopplosning;
        for (felt, flagg) in [
            ("registrertIMvaregisteret", e.registrert_i_mvaregisteret),
            ("registrertIForetaksregisteret", e.registrert_i_foretaksregisteret),
            ("registrertIStiftelsesregisteret", e.registrert_i_stiftelsesregisteret),
            ("registrertIFrivillighetsregisteret", e.registrert_i_frivillighetsregisteret),
            ("registrertIPartiregisteret", e.registrert_i_partiregisteret.unwrap_or(false)),
            ("konkurs", e.konkurs),
            ("underAvvikling", e.under_avvikling),
            ("underTvangsavviklingEllerTvangsopplosning", tvang),
            ("underKonkursbehandling", e.konkurs || tvang),
        ] {
            self.0.push((felt, Verdi::Flagg(flagg)));
        }
        self.dato("registreringsdatoEnhetsregisteret", Some(e.registreringsdato_enhetsregisteret));
        self.dato(
            "registreringsdatoMerverdiavgiftsregisteret",
            e.registreringsdato_merverdiavgiftsregisteret,
        );
        self.dato("registreringsdatoForetaksregisteret", e.registreringsdato_foretaksregisteret);
        self.dato("registreringsdatoFrivillighetsregisteret", e.registreringsdato_frivillighetsregisteret);
        self.dato("registreringsdatoPartiregisteret", e.registreringsdato_partiregisteret);
        self.dato("stiftelsesdato", e.stiftelsesdato);
        for tekst in [&e.vedtektsfestet_formaal, &e.aktivitet] {
            self.tekst(FRITEKST, (!tekst.is_empty()).then(|| tekst.join(" ")));
        }
    }

    fn underenhet(&mut self, u: &Underenhet) {
        self.felles(&u.organisasjonsnummer, &u.navn, &u.organisasjonsform.kode);
        self.tekst("hjemmeside", u.hjemmeside.as_ref().map(|h| h.to_lowercase()));
        self.tekst("overordnetEnhet", u.overordnet_enhet.clone());
        self.tall(
            "antallAnsatte",
            Some(sokbare_ansatte(u.antall_ansatte, u.har_registrert_antall_ansatte).into()),
        );
        self.adresse(&POST, u.postadresse.as_ref());
        self.adresse(&BELIGGENHET, u.beliggenhetsadresse.as_ref());
        self.naering([&u.naeringskode1, &u.naeringskode2, &u.naeringskode3], u.hjelpeenhetskode.as_ref());
        self.0.push(("registrertIMvaregisteret", Verdi::Flagg(u.registrert_i_mvaregisteret)));
        self.dato("registreringsdatoEnhetsregisteret", Some(u.registreringsdato_enhetsregisteret));
        self.dato("oppstartsdato", u.oppstartsdato);
        self.dato("datoEierskifte", u.dato_eierskifte);
        self.dato("nedleggelsesdato", u.nedleggelsesdato);
    }

    fn felles(&mut self, orgnr: &str, navn: &str, form: &str) {
        self.tall("organisasjonsnummer", orgnr.parse().ok());
        self.tekst("navn", Some(navn.to_owned()));
        self.tekst("organisasjonsform.kode", Some(form.to_owned()));
    }

    fn adresse(&mut self, felter: &Adressefelter, adresse: Option<&Adresse>) {
        let Some(a) = adresse else { return };
        self.tekst(felter.kommune, a.kommune.clone());
        self.tekst(felter.kommunenummer, a.kommunenummer.clone());
        self.tekst(felter.landkode, a.landkode.clone());
        self.tekst(felter.postnummer, a.postnummer.clone());
        self.tekst(felter.poststed, a.poststed.clone());
        self.tekst(felter.adresse, (!a.adresse.is_empty()).then(|| a.adresse.join("\n")));
    }

    /// Each code, and every level above it, so that a filter on any level is an exact look-up (section 7.2).
    /// The helper code does not take part.
    fn naering(&mut self, koder: [&Option<Kode>; 3], hjelpeenhet: Option<&Kode>) {
        const KODE: [&str; 3] = ["naeringskode1.kode", "naeringskode2.kode", "naeringskode3.kode"];
        const FLAGG: [&str; 3] = [
            "naeringskode1.hjelpeenhetskode",
            "naeringskode2.hjelpeenhetskode",
            "naeringskode3.hjelpeenhetskode",
        ];
        for (i, kode) in koder.into_iter().enumerate() {
            let Some(kode) = kode else { continue };
            self.tekst(KODE[i], Some(kode.kode.clone()));
            self.0.push((FLAGG[i], Verdi::Flagg(i == 0 && hjelpeenhet.is_some())));
            for nivaa in nivaaer(&kode.kode) {
                self.tekst("naeringskode", Some(nivaa));
            }
        }
        self.tekst("hjelpeenhetskode.kode", hjelpeenhet.map(|k| k.kode.clone()));
    }

    fn tekst(&mut self, felt: &'static str, verdi: Option<String>) {
        if let Some(verdi) = verdi {
            self.0.push((felt, Verdi::Tekst(verdi)));
        }
    }

    fn tall(&mut self, felt: &'static str, verdi: Option<i64>) {
        if let Some(verdi) = verdi {
            self.0.push((felt, Verdi::Tall(verdi)));
        }
    }

    fn dato(&mut self, felt: &'static str, verdi: Option<Date>) {
        self.tall(felt, verdi.map(|d| d.days_since_epoch().into()));
    }
}

/// `62.010` is in `62.010`, `62.01`, `62.0`, `62` and the section of `62`.
fn nivaaer(kode: &str) -> Vec<String> {
    let mut ut: Vec<String> = [6, 5, 4, 2].iter().filter_map(|n| kode.get(..*n)).map(str::to_owned).collect();
    ut.extend(kode.get(..2).and_then(bokstav).map(str::to_owned));
    ut
}

/// The section letter above a two-digit code, in the standard of 2007 or else that of 2025.
fn bokstav(to_siffer: &str) -> Option<&'static str> {
    let rad =
        kodeverk::naeringskoder::finn(to_siffer).or_else(|| kodeverk::naeringskoder_sn2025::finn(to_siffer));
    rad.and_then(|rad| rad.overordnet)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sporring::PARAMETRE;
    use crate::sporring::sortering::sorteringsfelter;

    #[test]
    fn every_parameter_and_sort_field_is_an_index_field() {
        let finnes = |felt: &str| FELTER.iter().any(|(navn, _)| *navn == felt);
        for p in PARAMETRE {
            assert!(finnes(p.felt), "{}", p.felt);
        }
        for kind in Enhetstype::ALLE {
            for versjon in [crate::modell::Versjon::V1, crate::modell::Versjon::V2] {
                assert!(sorteringsfelter(kind, versjon).all(finnes));
            }
        }
    }

    #[test]
    fn levels_of_a_code() {
        assert_eq!(nivaaer("62.010"), ["62.010", "62.01", "62.0", "62", "J"]);
        assert_eq!(sokbare_ansatte(None, true), 1);
    }
}
