//! The register through its own router: every endpoint, every error, every representation.

mod feeder;
mod filer;
mod importer;
mod koder;
mod oppslag;
mod parquetfiler;
mod prove;
mod sok;
