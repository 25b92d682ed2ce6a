//! Industry codes: the standard SN2007, which the register used until September 2025.

naeringsstandard!("naeringskoder.csv");
