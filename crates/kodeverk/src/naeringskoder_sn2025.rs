//! Industry codes: the standard SN2025, which the register uses from September 2025.

naeringsstandard!("naeringskoder_sn2025.csv");
