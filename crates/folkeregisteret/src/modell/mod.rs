//! The documents, with the API's own field names (consumer sheet, sections 7 and 8).
//!
//! Every type is a table (`tabell.rs`): fields in the order they are written, each with its type and the packages that
//! get it. [`Persondokument`] is the table of the entities, with packages, history and `part` beside each.
//!
//! Values are types that cannot hold what their field may not; where a list is open, they hold text. What may hold
//! personal data does not show it in `Debug`. Nothing here can be serialised from outside: a document leaves as an
//! [`Utlevering`](crate::Utlevering), that is, through a package.

#[macro_use]
mod tabell;
#[macro_use]
pub(crate) mod metadata;

mod adresse;
pub mod beskrivelse;
mod bosted;
mod doedsbo;
mod enkle;
mod familie;
mod feed;
pub(crate) mod felttype;
mod hendelsesdokument;
mod identitet;
mod koder;
mod liv;
mod navn;
mod persondokument;
mod verge;

pub use adresse::{
    AdresseIFrittFormat, Adressenummer, InternasjonalAdresse, InternasjonalAdresseIFrittFormat,
    Matrikkeladresse, Matrikkelnummer, PostadresseIFrittFormat, Postboksadresse, Poststed, UkjentBosted,
    Vegadresse, VegadresseForPost,
};
pub use bosted::{
    Bosted, Bostedsadresse, DeltBosted, DeltBostedValg, GraderingAvAdresse, Kontaktadresse,
    KontaktadresseIUtlandet, Oppholdsadresse, Oppholdssted, PreferertKontaktadresse,
};
pub use doedsbo::{
    AdvokatSomKontakt, Doedsbokontakt, KontaktadresseForDoedsbo, KontaktinformasjonForDoedsbo,
    OrganisasjonSomKontakt, PersonSomKontakt,
};
pub use enkle::{
    Aarstall, Dokumentidentifikator, ElleveSifre, Husbokstav, Husnummer, Navnedel, Tekst, UgyldigTekst,
};
pub use familie::{Familierelasjon, Foreldreansvar, Relatert, Sivilstand};
pub use feed::{FeedHendelse, LagretHendelse};
pub use felttype::{Liste, UgyldigListe};
pub use hendelsesdokument::{
    DokumentForHendelse, Egenskap, Egenskapshendelse, Hendelse, IdentitetsgrunnlagIHendelse,
};
pub use identitet::{
    FalskIdentitet, Folkeregisteridentifikator, Folkeregisterpersonstatus, Identifikasjonsdokument,
    Identitetsgrunnlag, Personidentifikasjon, RettIdentitet, TekniskDokumentkontroll,
};
pub use koder::{
    Adressegradering, Adressetype, Bibehold, Bruksenhetstype, Entitetsendring, Familierelasjontype,
    Folkeregisteridentifikatortype, Foreldreansvarstype, ForholdTilSametingetsValgmanntall, Hendelsestype,
    Identifikatorstatuskode, Identitetsgrunnlagstatus, Kjoenn, OppholdAnnetSted, Oppholdstillatelsetype,
    OppholdsvarighetType, Personstatus, SamiskSpraakType, Sivilstandstype, Skifteform, Vergemaalsomfang,
    Vergemaaltype,
};
pub use liv::{
    BibeholdAvNorskStatsborgerskap, Doedsfall, Foedsel, FoedselINorge, InnflyttingTilNorge, Opphold,
    OppholdPaaSvalbard, Personkjoenn, SametingetsValgmanntall, SamiskSpraak, Statsborgerskap,
    UtflyttingFraNorge,
};
pub use metadata::Registermetadata;
pub use navn::{Folkeregisterpersonnavn, IdentifiserendeInformasjon, Personnavn, RelatertBiPerson};
pub use persondokument::{Entitet, Persondokument};
pub use verge::{
    FratattRettsligHandleevne, RettsligHandleevne, VergeRepresentantEllerFullmektig, VergeTjeneste,
    VergemaalRepresentasjonEllerFremtidsfullmakt,
};

/// The namespace of the person document.
pub const NAVNEROM_PERSON: &str = "folkeregisteret:tilgjengeliggjoering:person:v1";
/// The namespace of the event document and of what the feed holds.
pub const NAVNEROM_HENDELSE: &str = "folkeregisteret:tilgjengeliggjoering:hendelse:v1";

/// A text is not the document it should be. Says where it could, never what stood there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("ikke et gyldig dokument: {0}")]
pub struct UgyldigDokument(String);

impl UgyldigDokument {
    /// What the register has stored is not what it writes.
    pub(crate) fn lagret(hva: &str) -> Self {
        Self(hva.to_owned())
    }
}

impl From<serde_json::Error> for UgyldigDokument {
    fn from(feil: serde_json::Error) -> Self {
        // serde's own text may repeat the refused value, which may be personal data.
        Self(format!("JSON, linje {} kolonne {}", feil.line(), feil.column()))
    }
}
