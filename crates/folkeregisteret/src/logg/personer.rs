//! Many persons in few bytes: their numbers in order, each as its distance from the one before it.

use crate::tallrekke;

/// Packs numbers; order and repetition are lost.
pub(super) fn pakk(mut numre: Vec<u64>) -> Vec<u8> {
    numre.sort_unstable();
    numre.dedup();
    let (mut ut, mut forrige) = (Vec::with_capacity(numre.len() * 3), 0);
    for nummer in numre {
        tallrekke::skriv(nummer - forrige, &mut ut);
        forrige = nummer;
    }
    ut
}

/// Whether a number is among those that were packed. What is no packing holds nobody.
pub(super) fn har(mut pakket: &[u8], nummer: u64) -> bool {
    let mut sum = 0u64;
    while let Some(avstand) = tallrekke::les(&mut pakket) {
        sum = sum.saturating_add(avstand);
        if sum >= nummer {
            return sum == nummer;
        }
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
    }

    #[test]
    fn neighbours_take_a_byte_each() {
        assert_eq!(pakk((1_000_000..1_001_000).collect()).len(), 999 + 3);
    }
}
