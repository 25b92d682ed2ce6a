//! The searches against brute force: over random persons with all that protection may hide, and over the synthetic nation.
//!
//! Brute force reads what `Rettighetspakke::filtrer` leaves of each document. So that the two agree proves both that
//! searches find what they should, and that nobody is found by a value that the package would not be shown.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod egne;
mod fasit;
mod folk;
mod matrise;
mod nasjon;
mod register;
mod regler;
mod spoersmaal;
mod uttrekk;
mod vilkaarlig;
