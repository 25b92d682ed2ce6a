//! A synthetic nation, the same from the same seed on every machine.
