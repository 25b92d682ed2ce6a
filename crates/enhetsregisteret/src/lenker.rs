//! Codes in addresses.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

const I_STI: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A code as a path segment: `SÆR` becomes `S%C3%86R`, as clients send it (fact sheet section 13.2).
pub fn i_sti(kode: &str) -> String {
    utf8_percent_encode(kode, I_STI).to_string()
}
