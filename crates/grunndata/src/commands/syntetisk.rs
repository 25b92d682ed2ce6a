//! `grunndata syntetisk`
use crate::cli::Syntetisk;
use crate::config::Config;
use crate::failure::Failure;
pub(super) fn run(_c: &Config, _d: &Syntetisk) -> Result<(), Failure> { Ok(()) }
