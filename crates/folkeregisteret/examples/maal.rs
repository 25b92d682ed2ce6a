//! How long a look-up takes without storage and network: read what is stored, filter, write.
//!
//! `cargo run --release -p folkeregisteret --example maal FILE` with a person document in JSON.
#![expect(clippy::print_stdout, reason = "a measurement prints its figures")]

use std::hint::black_box;
use std::time::Instant;

use folkeregisteret::modell::Persondokument;
use folkeregisteret::{Deler, Rettighetspakke};

const GANGER: u32 = 20_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let fil = std::env::args().nth(1).ok_or("name a file with a person document")?;
    let lagret = std::fs::read(fil)?;
    let tett = serde_json::from_slice::<serde_json::Value>(&lagret)?.to_string();
    println!("{} bytes stored", tett.len());

    maal("read", || Persondokument::fra_json(tett.as_bytes()).map(drop));
    for part in [&[][..], &["navn", "status"], &["person-basis", "relasjon-utvidet", "historikk"]] {
        let deler = Deler::les(part.iter().copied())?;
        for pakke in [Rettighetspakke::OffentligMedHjemmel, Rettighetspakke::Privat] {
            let hva = format!("{} {part:?}", pakke.kortnavn());
            let mut ut = Vec::new();
            maal(&format!("{hva} JSON"), || {
                ut.clear();
                pakke.filtrer_lagret(tett.as_bytes(), &deler).map(|levert| levert.skriv_json(&mut ut))
            });
            maal(&format!("{hva} XML"), || {
                ut.clear();
                pakke.filtrer_lagret(tett.as_bytes(), &deler).map(|levert| levert.skriv_xml(&mut ut))
            });
        }
    }
    Ok(())
}

fn maal<E>(hva: &str, mut arbeid: impl FnMut() -> Result<(), E>) {
    let start = Instant::now();
    for _ in 0..GANGER {
        black_box(arbeid().is_ok());
    }
    println!("{:8.1} µs  {hva}", start.elapsed().as_secs_f64() * 1e6 / f64::from(GANGER));
}
