//! Codes of places: municipalities, counties, postal areas.

sifferkode! {
    /// A municipality number: four digits, of which the first two are the county. Whether the municipality
    /// exists, or existed once, is for a code list to say.
    Kommunenummer(u16), 4, "et kommunenummer med 4 siffer"
}

sifferkode! {
    /// A county number: the two digits that begin a [`Kommunenummer`].
    Fylkesnummer(u8), 2, "et fylkesnummer med 2 siffer"
}

sifferkode! {
    /// A Norwegian postal code: four digits. Foreign postal codes are free text and have no type here.
    Postnummer(u16), 4, "et postnummer med 4 siffer"
}

impl Kommunenummer {
    /// The county part. A number below ten thousand has one below a hundred, so nothing is lost.
    pub const fn fylke(self) -> Fylkesnummer {
        Fylkesnummer((self.0 / 100) as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::UgyldigIdentifikator;

    #[test]
    fn leading_zeros_are_kept() {
        let oslo = Kommunenummer::parse("0301").unwrap();
        assert_eq!((oslo.to_string(), oslo.fylke().to_string()), ("0301".to_owned(), "03".to_owned()));
        assert_eq!(format!("{oslo:?} {:?}", oslo.fylke()), "Kommunenummer(0301) Fylkesnummer(03)");
        assert_eq!(Kommunenummer::parse("9999").unwrap().fylke().verdi(), 99);
    }

    #[test]
    fn only_the_exact_number_of_digits_is_read() {
        for tekst in ["", "301", "03010", "03O1", "-301", "０３０１"] {
            assert_eq!(Kommunenummer::parse(tekst), Err(UgyldigIdentifikator::Kommunenummer));
            assert_eq!(Postnummer::parse(tekst), Err(UgyldigIdentifikator::Postnummer));
            assert_eq!(Fylkesnummer::parse(tekst), Err(UgyldigIdentifikator::Fylkesnummer));
        }
        assert_eq!(Postnummer::fra_verdi(10_000), None);
        assert_eq!(Fylkesnummer::fra_verdi(100), None);
        assert_eq!(Postnummer::fra_verdi(1).unwrap().to_string(), "0001");
    }
}
