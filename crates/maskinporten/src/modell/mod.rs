//! What the server knows: clients and keys, scopes and access, delegations, system users and consents, with the
//! API's own field names.

mod altinn;
mod delegering;
mod klient;
mod nokkel;
mod scope;
mod spor;

pub use altinn::{Samtykke, Samtykkerett, System, Systembruker};
pub use delegering::{Delegering, Leverandor, Oppslagsrad, Ressurs, Tekst};
pub use klient::{Klient, Lagretklient, MASKINPORTEN, Onbehalfof, Spraaktekst};
pub use nokkel::{Nokkel, Nokkelsett};
pub use scope::{Prefiks, Scopepost, Tilgang, Tilgangstilstand, Tokentype};
pub use spor::{Hvem, Sporpost, Utstedelse};

/// An organisation number with a control digit that adds up.
pub type Orgnr = identifikator::Organisasjonsnummer;

/// A moment as the administration's answers write it: ISO 8601 with milliseconds and offset (sheet 11.2).
pub fn tidstekst(tid: tid::Timestamp) -> String {
    let tekst = tid.to_string();
    format!("{}+00:00", tekst.trim_end_matches('Z'))
}
