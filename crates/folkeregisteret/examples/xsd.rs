//! Prints a schema as the model has it: `cargo run -p folkeregisteret --example xsd person`.

use std::io::Write;

use folkeregisteret::xsd::Skjema;

fn main() -> std::io::Result<()> {
    let navn = std::env::args().nth(1).unwrap_or_default();
    match Skjema::ALLE.into_iter().find(|skjema| skjema.navn() == navn) {
        Some(skjema) => std::io::stdout().write_all(skjema.lag().as_bytes()),
        None => Err(std::io::Error::other("name a schema: person, hendelse, feed")),
    }
}
