//! `grunndata config`: the configuration in force, or the default file.

use super::print;
use crate::cli::ConfigArgs;
use crate::config::{self, DEFAULT_FILE, FromFlags};
use crate::failure::Failure;

pub(super) fn run(what: &ConfigArgs, flags: &FromFlags) -> Result<(), Failure> {
    if what.default {
        return print(DEFAULT_FILE);
    }
    if what.markdown {
        return print(&config::reference()?);
    }
    let (_, settings) = config::load(flags)?;
    print(&config::effective(&settings))
}
