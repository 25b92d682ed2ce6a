//! Base64url as JSON web signatures use it: no padding, and one spelling only of each value.
//!
//! A reader that also took padding, the other alphabet or stray bits at the end would see one signature in many
//! spellings, and a replayed grant could look new (sheet sections 17.1 A17, 17.3 A62, 20.4).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The text of some bytes.
pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes of a text; `None` if it is not the one text that [`encode`] makes of them.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_spelling_only() {
        assert_eq!(decode("_-8").as_deref(), Some(&[0xff, 0xef][..]));
        for other in ["_-8=", "/+8", "_-9", "_-8 ", " _-8", "_-\n8", "_", "_-8A==", "ø"] {
            assert_eq!(decode(other), None, "{other:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_decoded_is_written_the_same_way(text in "[A-Za-z0-9_-]{0,20}") {
            if let Some(bytes) = decode(&text) {
                prop_assert_eq!(encode(bytes), text);
            }
        }
    }
}
