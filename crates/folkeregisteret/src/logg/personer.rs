//! Many persons in few bytes: their numbers in order, each as its distance from the one before it, seven bits a byte.

/// Packs numbers; order and repetition are lost.
pub(super) fn pakk(mut numre: Vec<u64>) -> Vec<u8> {
    numre.sort_unstable();
    numre.dedup();
    let (mut ut, mut forrige) = (Vec::with_capacity(numre.len() * 3), 0);
    for nummer in numre {
        let mut avstand = nummer - forrige;
        while avstand > 0x7f {
            ut.push(avstand as u8 | 0x80);
            avstand >>= 7;
        }
        ut.push(avstand as u8);
        forrige = nummer;
    }
    ut
}

/// Whether a number is among those that were packed. What is no packing holds nobody.
pub(super) fn har(pakket: &[u8], nummer: u64) -> bool {
    let (mut sum, mut avstand, mut bits) = (0u64, 0u64, 0u32);
    for byte in pakket {
        avstand |= u64::from(byte & 0x7f).checked_shl(bits).unwrap_or(0);
        if byte & 0x80 != 0 {
            bits += 7;
            continue;
        }
        sum = sum.saturating_add(avstand);
        if sum >= nummer {
            return sum == nummer;
        }
        (avstand, bits) = (0, 0);
    }
    false
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn who_goes_in_is_in_and_nobody_else(
            numre in proptest::collection::vec(0..=99_999_999_999u64, 0..50),
            andre in proptest::collection::vec(0..=99_999_999_999u64, 0..50),
        ) {
            let pakket = pakk(numre.clone());
            for nummer in numre.iter().chain(&andre) {
                prop_assert_eq!(har(&pakket, *nummer), numre.contains(nummer));
                prop_assert_eq!(har(&pakket, nummer + 1), numre.contains(&(nummer + 1)));
            }
        }

        #[test]
        fn any_bytes_are_read(bytes: Vec<u8>, nummer: u64) {
            har(&bytes, nummer);
        }
    }

    #[test]
    fn neighbours_take_a_byte_each() {
        assert_eq!(pakk((1_000_000..1_001_000).collect()).len(), 999 + 3);
    }
}
