//! `grunndata demo`
use crate::cli::Demo;
use crate::config::Config;
use crate::failure::Failure;
pub(super) async fn run(config: Config, _d: &Demo) -> Result<(), Failure> { super::serve::run(config).await }
