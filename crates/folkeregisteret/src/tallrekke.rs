//! Numbers in few bytes: seven bits a byte, the low ones first; the high bit says that there is more.

/// Writes a number to the end of a buffer.
pub(crate) fn skriv(mut tall: u64, ut: &mut Vec<u8>) {
    while tall > 0x7f {
        ut.push(tall as u8 | 0x80);
        tall >>= 7;
    }
    ut.push(tall as u8);
}

/// Reads the number that a text begins with, and goes past it; `None` at the end, and where there is none.
pub(crate) fn les(tekst: &mut &[u8]) -> Option<u64> {
    let slutt = tekst.iter().position(|byte| byte & 0x80 == 0)?;
    let (tall, resten) = tekst.split_at(slutt + 1);
    *tekst = resten;
    let mut siffer = tall.iter().rev();
    siffer.try_fold(0u64, |tall, byte| Some(tall.checked_mul(128)? | u64::from(byte & 0x7f)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn come_out_as_they_went_in(alle: Vec<u64>) {
            let mut tekst = Vec::new();
            for tall in &alle {
                skriv(*tall, &mut tekst);
            }
            let mut rest = &tekst[..];
            let lest: Vec<u64> = std::iter::from_fn(|| les(&mut rest)).collect();
            prop_assert_eq!(lest, alle);
        }

        #[test]
        fn any_bytes_are_read(bytes: Vec<u8>) {
            let mut rest = &bytes[..];
            while les(&mut rest).is_some() {}
        }
    }

    #[test]
    fn small_numbers_are_short() {
        let mut ut = Vec::new();
        for tall in [0, 127, 128, u64::MAX] {
            skriv(tall, &mut ut);
        }
        assert_eq!(ut.len(), 1 + 1 + 2 + 10);
        assert_eq!(les(&mut &[0x80][..]), None);
    }
}
