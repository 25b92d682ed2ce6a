//! The register through its own router: every endpoint, every error, every representation.

mod feeder;
mod filer;
mod importer;
mod koder;
mod oppslag;
mod prove;
mod sok;
mod stubb;
mod synk;
