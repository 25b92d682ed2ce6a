//! What lies in the journal for producers.
//!
//! | where | what | key |
//! |---|---|---|
//! | [`MELDINGER`] | messages as they came, never changed | message number |
//! | [`MOTTATT`] | messages in the order they came | – |
//! | [`SAKER`] | cases | message number |
//! | [`INNSENDT`] | what was received, to answer the same message alike | digest |
//! | [`IDENTER`] | messages by their sender's identifier | digest, message number |
//! | [`VEDLEGG`] | attachments | message number, place |
//! | [`MANUELLE`] | cases on somebody's desk | message number |
//! | [`VENTENDE`] | cases that wait for a date | date, message number |
//! | [`PARKERTE`] | cases of a kind that is stopped | message number |
//! | [`TILBAKEMELDINGER`] | what is told back | organisation, number on the feed |
//! | [`BAKFRA`] | the same, newest first | organisation, number on the feed from above |
//! | [`ERKLAERINGER`] | declared fathers of children not born | mother, father |
//! | [`NEVNTE`] | the man whom an unmarried mother named when her child was born | child |
//! | [`FLYTTINGER`] | what moving notices of the postal service changed | digest of its identifier, person |
//! | [`PRODUSENTER`] | who may send what | organisation |
//! | [`NYHETER`] | news and operations messages | number |
//! | [`NYHETSADRESSER`] | their numbers by their addresses | last part of the address |
//! | [`TILSTAND`] | how far cases, news and inactivation have come; switches | `hode`, `nyheter`, `inaktivering`, `drift` |

use aws_lc_rs::digest::{SHA256, digest};
use journal::{Collection, Feed, Guard, Space, Step};
use serde::Serialize;

/// Messages.
pub const MELDINGER: Collection = Collection("folkeregisteret/melding");
/// Messages in the order they came.
pub const MOTTATT: Feed = Feed("folkeregisteret/mottatt");
/// Cases.
pub const SAKER: Space = Space("folkeregisteret/sak");
/// Digests of what was received.
pub const INNSENDT: Space = Space("folkeregisteret/innsendt");
/// Senders' identifiers.
pub const IDENTER: Space = Space("folkeregisteret/meldingsidentifikator");
/// Attachments.
pub const VEDLEGG: Space = Space("folkeregisteret/vedlegg");
/// Cases on somebody's desk.
pub const MANUELLE: Space = Space("folkeregisteret/manuell");
/// Cases that wait for a date.
pub const VENTENDE: Space = Space("folkeregisteret/ventende");
/// Cases of a kind that is stopped.
pub const PARKERTE: Space = Space("folkeregisteret/parkert");
/// What is told back.
pub const TILBAKEMELDINGER: Space = Space("folkeregisteret/tilbakemelding");
/// The same, newest first.
pub const BAKFRA: Space = Space("folkeregisteret/tilbakemelding/bakfra");
/// Declared fathers.
pub const ERKLAERINGER: Space = Space("folkeregisteret/farskapserklaering");
/// Men named by mothers.
pub const NEVNTE: Space = Space("folkeregisteret/nevntfar");
/// What moving notices changed.
pub const FLYTTINGER: Space = Space("folkeregisteret/flytting");
/// Who may send what.
pub const PRODUSENTER: Space = Space("folkeregisteret/produsent");
/// News and operations messages.
pub const NYHETER: Space = Space("folkeregisteret/nyhet");
/// Their numbers by their addresses.
pub const NYHETSADRESSER: Space = Space("folkeregisteret/nyhet/adresse");
/// How far cases and news have come, and switches.
pub const TILSTAND: Space = Space("folkeregisteret/saksflyt");

/// A key of several numbers, in their order.
pub fn noekkel(deler: &[u64]) -> Vec<u8> {
    deler.iter().flat_map(|del| del.to_be_bytes()).collect()
}

/// The last number of a key.
pub fn siste_del(key: &[u8]) -> Option<u64> {
    Some(u64::from_be_bytes(*key.last_chunk::<8>()?))
}

/// A digest of several texts, none of which can run into the next.
pub fn avtrykk(deler: &[&[u8]]) -> Vec<u8> {
    let mut alt = Vec::new();
    for del in deler {
        alt.extend_from_slice(&(del.len() as u64).to_be_bytes());
        alt.extend_from_slice(del);
    }
    digest(&SHA256, &alt).as_ref().to_vec()
}

/// Sets a record.
///
/// # Errors
/// When the value cannot be written as JSON.
pub fn sett(
    space: Space,
    key: Vec<u8>,
    verdi: &impl Serialize,
    guard: Guard,
) -> Result<Step, serde_json::Error> {
    Ok(Step::Record { space, key, value: Some(serde_json::to_vec(verdi)?), guard })
}

/// Sets a record that says no more than that it is there.
pub const fn merk(space: Space, key: Vec<u8>, guard: Guard) -> Step {
    Step::Record { space, key, value: Some(Vec::new()), guard }
}

/// Deletes a record.
pub const fn slett(space: Space, key: Vec<u8>) -> Step {
    Step::Record { space, key, value: None, guard: Guard::Any }
}
