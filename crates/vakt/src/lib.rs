//! The guard before closed registers: a signed token in, a verified [`Konsument`] out.
//!
//! Folkeregisteret, Skatteetaten's sharing APIs and Altinn are closed: every call carries a Maskinporten token.
//! This crate knows such tokens and no register. From the bottom:
//!
//! - [`json`]: JSON objects read so that no two readers can see different things in them;
//! - [`jws`]: compact JSON web signatures, parsed strictly, verified and made with aws-lc;
//! - [`jwk`]: RSA keys as clients register them and issuers publish them;
//! - [`scope`], [`iso6523`]: what access is called, and how an organisation is written;
//! - [`konsument`]: who calls, for whom, and what they may; [`claims`] reads it out of a token, [`access`] says
//!   what a route asks of it;
//! - [`keys`]: the keys of our own issuer and of others, fetched and kept;
//! - [`guard`]: the decision on a token, remembered; [`layer`] puts it before routes, [`limit`] counts calls,
//!   [`tally`] what became of them.
//!
//! The rules are those of the Maskinporten fact sheet; sections are named where they are kept. Nothing here
//! panics on what a caller sends, and neither tokens, keys nor person numbers reach a log line or `Debug` output.

pub mod access;
pub mod base64url;
mod cache;
pub mod claims;
pub mod denied;
pub mod guard;
pub mod iso6523;
pub mod json;
pub mod jwk;
pub mod jws;
pub mod keys;
pub mod konsument;
pub mod layer;
pub mod limit;
pub mod pem;
pub mod scope;
pub mod tally;

pub use access::{Access, Audience};
pub use denied::Denied;
pub use guard::{Guard, Issuer};
pub use konsument::Konsument;
pub use layer::{AddressLimit, Caller, CertificateHolder, Gate};
pub use scope::{Scope, Scopes};
