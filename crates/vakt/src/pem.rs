//! Keys and certificates as text.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// One block in PEM, e.g. with the label `CERTIFICATE`. It is wiped when it goes, for it may be a key.
pub fn encode(label: &str, der: &[u8]) -> Zeroizing<String> {
    let body = Zeroizing::new(STANDARD.encode(der));
    // Room for all of it at once, so that no half-grown copy of a key is left behind.
    let mut text = Zeroizing::new(String::with_capacity(body.len() * 2 + label.len() * 2 + 64));
    for part in ["-----BEGIN ", label, "-----\n"] {
        text.push_str(part);
    }
    for line in body.as_bytes().chunks(64) {
        text.extend(line.iter().map(|&b| char::from(b)));
        text.push('\n');
    }
    for part in ["-----END ", label, "-----\n"] {
        text.push_str(part);
    }
    text
}
