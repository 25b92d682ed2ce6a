//! How fast the people of a nation are made: `cargo run --release -p syntetisk --example folk -- 1000000`.
#![expect(clippy::print_stdout, reason = "an example says what it found")]

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Instant;

use syntetisk::{Nasjon, Oppsett};

fn main() {
    let personer = std::env::args().nth(1).and_then(|a| a.parse().ok()).unwrap_or(100_000);
    let nasjon = Nasjon::new(Oppsett { personer, enheter: 1000, ..Oppsett::default() });
    let begynt = Instant::now();
    let (neste, versjoner, hendelser) = (AtomicU32::new(0), AtomicU64::new(0), AtomicU64::new(0));
    let innslag = AtomicU64::new(0);
    std::thread::scope(|traader| {
        for _ in 0..2 {
            traader.spawn(|| {
                loop {
                    let nr = neste.fetch_add(1, Ordering::Relaxed);
                    if nr >= nasjon.grender() {
                        return;
                    }
                    let grend = nasjon.grend(nr);
                    for i in 0..grend.antall() {
                        let mut en = grend.versjoner(i);
                        while let Some(versjon) = en.next() {
                            versjoner.fetch_add(1, Ordering::Relaxed);
                            hendelser.fetch_add(versjon.hendelser.len() as u64, Ordering::Relaxed);
                            let d = versjon.dokument;
                            let antall = d.map_or(0, |d| d.bostedsadresse.len() + d.familierelasjon.len());
                            innslag.fetch_add(antall as u64, Ordering::Relaxed);
                        }
                    }
                }
            });
        }
    });
    let tid = begynt.elapsed().as_secs_f64();
    let tall = |a: &AtomicU64| a.load(Ordering::Relaxed);
    println!(
        "{personer} persons, {} versions, {} events, {} addresses and relations in {tid:.1} s on two threads: {:.0} persons/s",
        tall(&versjoner),
        tall(&hendelser),
        tall(&innslag),
        f64::from(personer) / tid
    );
}
