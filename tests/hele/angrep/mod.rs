//! The attack table: every row of section 17 of the Maskinporten fact sheet, run against the real binary.
//!
//! A row is refused when each of its inputs gets the answer that the sheet expects, not only *a* refusal. Where a row
//! has inputs that must be accepted (a grant nine seconds ahead, the same `jti` from another client), or is about
//! what must not happen besides (an outbound call, a person number in the log), that is asserted too, and is not
//! counted as an attack. The count at the end is taken from the table.

mod detaljer;
mod krav;
mod rett;
mod selvbetjening;
mod sertifikater;
mod signatur;
mod tavle;
mod tider;
mod utsteder;
mod vakt;
mod verden;

use verden::Verden;

/// ```sh
/// cargo test -p grunndata --test hele angrep -- --nocapture
/// ```
#[test]
fn every_row_of_the_attack_list_is_refused_as_the_sheet_expects() {
    let mut verden = Verden::ny();
    signatur::rader(&mut verden);
    krav::rader(&mut verden);
    tider::rader(&mut verden);
    rett::rader(&mut verden);
    detaljer::rader(&mut verden);
    selvbetjening::rader(&mut verden);
    vakt::rader(&mut verden);
    sertifikater::rader(&mut verden);
    let tavle = std::mem::take(&mut verden.tavle);
    tavle.alle_i_loggen(|| verden.logg()).slutt();
}
