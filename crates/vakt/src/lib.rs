//! The guard before closed registers: a signed token in, a verified [`Konsument`] out.
//!
//! Folkeregisteret, Skatteetaten's sharing APIs and Altinn are closed: every call carries a Maskinporten token.
//! This crate knows such tokens and no register. From the bottom:
//!
//! - [`json`]: JSON objects read so that no two readers can see different things in them;
//! - [`jws`]: compact JSON web signatures, parsed strictly, verified and made with aws-lc;
//! - [`jwk`]: RSA keys as clients register them and issuers publish them;
//! - [`scope`], [`iso6523`]: what access is called, and how an organisation is written;
//! - [`konsument`]: who calls, for whom, and what they may.
//!
//! The rules are those of the Maskinporten fact sheet; sections are named where they are kept. Nothing here
//! panics on what a caller sends, and neither tokens, keys nor person numbers reach a log line or `Debug` output.

pub mod base64url;
pub mod iso6523;
pub mod json;
pub mod jwk;
pub mod jws;
pub mod konsument;
pub mod scope;

pub use konsument::Konsument;
pub use scope::{Scope, Scopes};
