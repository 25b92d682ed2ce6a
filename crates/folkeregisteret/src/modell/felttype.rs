//! What a field can be: one value, perhaps one, or many.
//!
//! [`Verdi`] is a value, [`Felttype`] a value as a field has it (`T`, `Option<T>`, `Vec<T>`, [`Liste`]), [`Innfelt`] a
//! group of fields without an object of its own. The tables of [`super::tabell`] implement them for what consists of
//! fields; here are the rest.

use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use super::beskrivelse::{Ledd, Type};
use crate::format::Skriver;
use crate::rettighetspakke::Rettighetspakke;

/// A value, simple or made of fields.
pub(crate) trait Verdi: for<'de> Deserialize<'de> {
    /// Its description.
    const TYPE: &'static Type;
    /// Whether it is a date or a date-time.
    const ER_DATO: bool = false;

    fn skriv<S: Skriver>(&self, ut: &mut S);

    /// Takes away the fields inside that the package does not get.
    fn sil(&mut self, _pakke: Rettighetspakke) {}

    /// Takes away every optional date inside.
    fn glem_datoer(&mut self) {}
}

/// A value as a field has it.
pub(crate) trait Felttype: Sized {
    /// The description of each value.
    const TYPE: &'static Type;
    /// How many there must be at least.
    const MIN: usize;
    /// How many there may be.
    const MAKS: Option<usize>;
    /// Whether JSON has a list.
    const LISTE: bool;

    fn les<'de, A: MapAccess<'de>>(plass: &mut Option<Self>, map: &mut A) -> Result<(), A::Error>;
    fn ferdig<E: Error>(plass: Option<Self>, navn: &'static str) -> Result<Self, E>;
    fn skriv<S: Skriver>(&self, navn: &'static str, ut: &mut S);
    fn sil(&mut self, pakke: Rettighetspakke);
    fn glem_datoer(&mut self);

    /// Takes the field away. Only what may be absent can be; the tables see to it that nothing else is asked to.
    fn skjul(&mut self) {}
}

impl<T: Verdi> Felttype for T {
    const TYPE: &'static Type = T::TYPE;
    const MIN: usize = 1;
    const MAKS: Option<usize> = Some(1);
    const LISTE: bool = false;

    fn les<'de, A: MapAccess<'de>>(plass: &mut Option<Self>, map: &mut A) -> Result<(), A::Error> {
        *plass = Some(map.next_value()?);
        Ok(())
    }

    fn ferdig<E: Error>(plass: Option<Self>, navn: &'static str) -> Result<Self, E> {
        plass.ok_or_else(|| E::missing_field(navn))
    }

    fn skriv<S: Skriver>(&self, navn: &'static str, ut: &mut S) {
        ut.felt(navn, |ut| Verdi::skriv(self, ut));
    }

    fn sil(&mut self, pakke: Rettighetspakke) {
        Verdi::sil(self, pakke);
    }

    fn glem_datoer(&mut self) {
        Verdi::glem_datoer(self);
    }
}

impl<T: Verdi> Felttype for Option<T> {
    const TYPE: &'static Type = T::TYPE;
    const MIN: usize = 0;
    const MAKS: Option<usize> = Some(1);
    const LISTE: bool = false;

    fn les<'de, A: MapAccess<'de>>(plass: &mut Option<Self>, map: &mut A) -> Result<(), A::Error> {
        *plass = Some(map.next_value()?);
        Ok(())
    }

    fn ferdig<E: Error>(plass: Option<Self>, _: &'static str) -> Result<Self, E> {
        Ok(plass.flatten())
    }

    fn skriv<S: Skriver>(&self, navn: &'static str, ut: &mut S) {
        if let Some(verdi) = self {
            Felttype::skriv(verdi, navn, ut);
        }
    }

    fn sil(&mut self, pakke: Rettighetspakke) {
        if let Some(verdi) = self {
            Verdi::sil(verdi, pakke);
        }
    }

    fn glem_datoer(&mut self) {
        if T::ER_DATO {
            *self = None;
        } else if let Some(verdi) = self {
            Verdi::glem_datoer(verdi);
        }
    }

    fn skjul(&mut self) {
        *self = None;
    }
}

impl<T: Verdi> Felttype for Vec<T> {
    const TYPE: &'static Type = T::TYPE;
    const MIN: usize = 0;
    const MAKS: Option<usize> = None;
    const LISTE: bool = true;

    fn les<'de, A: MapAccess<'de>>(plass: &mut Option<Self>, map: &mut A) -> Result<(), A::Error> {
        let lest: Option<Self> = map.next_value()?;
        match (plass, lest) {
            (Some(plass), Some(lest)) => plass.extend(lest),
            (plass, Some(lest)) => *plass = Some(lest),
            (_, None) => {}
        }
        Ok(())
    }

    fn ferdig<E: Error>(plass: Option<Self>, _: &'static str) -> Result<Self, E> {
        Ok(plass.unwrap_or_default())
    }

    fn skriv<S: Skriver>(&self, navn: &'static str, ut: &mut S) {
        if !self.is_empty() {
            ut.liste(navn, self, |ut, verdi| verdi.skriv(ut));
        }
    }

    fn sil(&mut self, pakke: Rettighetspakke) {
        for verdi in self {
            Verdi::sil(verdi, pakke);
        }
    }

    fn glem_datoer(&mut self) {
        for verdi in self {
            Verdi::glem_datoer(verdi);
        }
    }

    fn skjul(&mut self) {
        self.clear();
    }
}

/// A list with at least `MIN` and at most `MAKS` values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Liste<T, const MIN: usize, const MAKS: usize>(Vec<T>);

/// The list has too few or too many values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("listen skal ha fra {0} til {1} verdier")]
pub struct UgyldigListe(usize, usize);

impl<T, const MIN: usize, const MAKS: usize> TryFrom<Vec<T>> for Liste<T, MIN, MAKS> {
    type Error = UgyldigListe;

    fn try_from(verdier: Vec<T>) -> Result<Self, UgyldigListe> {
        if (MIN..=MAKS).contains(&verdier.len()) { Ok(Self(verdier)) } else { Err(UgyldigListe(MIN, MAKS)) }
    }
}

impl<T, const MAKS: usize> Default for Liste<T, 0, MAKS> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T, const MIN: usize, const MAKS: usize> Deref for Liste<T, MIN, MAKS> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: Verdi, const MIN: usize, const MAKS: usize> Felttype for Liste<T, MIN, MAKS> {
    const TYPE: &'static Type = T::TYPE;
    const MIN: usize = MIN;
    const MAKS: Option<usize> = Some(MAKS);
    const LISTE: bool = true;

    fn les<'de, A: MapAccess<'de>>(plass: &mut Option<Self>, map: &mut A) -> Result<(), A::Error> {
        let mut verdier = plass.take().map(|plass| plass.0);
        Felttype::les(&mut verdier, map)?;
        *plass = verdier.map(Self);
        Ok(())
    }

    fn ferdig<E: Error>(plass: Option<Self>, navn: &'static str) -> Result<Self, E> {
        let verdier = plass.map(|plass| plass.0).unwrap_or_default();
        if verdier.is_empty() && MIN > 0 {
            return Err(E::missing_field(navn));
        }
        Self::try_from(verdier).map_err(|feil| E::custom(format_args!("{navn}: {feil}")))
    }

    fn skriv<S: Skriver>(&self, navn: &'static str, ut: &mut S) {
        self.0.skriv(navn, ut);
    }

    fn sil(&mut self, pakke: Rettighetspakke) {
        Felttype::sil(&mut self.0, pakke);
    }

    fn glem_datoer(&mut self) {
        Felttype::glem_datoer(&mut self.0);
    }
}

/// A group of fields.
pub(crate) trait Innfelt: Sized {
    /// What is read so far.
    type Plass: Default;
    /// Its description.
    const LEDD: Ledd;

    /// Reads the value of the field, if the group has it.
    fn les_felt<'de, A: MapAccess<'de>>(
        plass: &mut Self::Plass,
        navn: &str,
        map: &mut A,
    ) -> Result<bool, A::Error>;
    fn ferdig<E: Error>(plass: Self::Plass) -> Result<Self, E>;
    fn skriv_felter<S: Skriver>(&self, ut: &mut S);
    fn sil_felter(&mut self, pakke: Rettighetspakke);
    fn glem_datofelter(&mut self);
}

/// Reads an object whose fields are those of a group. Other fields are passed over: what is not in the model is not
/// kept and cannot be sent.
pub(super) fn les_objekt<'de, T: Innfelt, D: Deserializer<'de>>(inn: D) -> Result<T, D::Error> {
    les_felter(inn, |_| true)
}

/// The same, passing over the fields that are not wanted too.
pub(super) fn les_felter<'de, T: Innfelt, D: Deserializer<'de>>(
    inn: D,
    oensket: impl Fn(&str) -> bool,
) -> Result<T, D::Error> {
    struct Objekt<T, F>(F, PhantomData<T>);

    impl<'de, T: Innfelt, F: Fn(&str) -> bool> Visitor<'de> for Objekt<T, F> {
        type Value = T;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("et objekt")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
            let mut plass = T::Plass::default();
            while let Some(Noekkel(navn)) = map.next_key()? {
                if !((self.0)(&navn) && T::les_felt(&mut plass, &navn, &mut map)?) {
                    map.next_value::<IgnoredAny>()?;
                }
            }
            T::ferdig(plass)
        }
    }

    inn.deserialize_map(Objekt(oensket, PhantomData))
}

/// A key, borrowed where it can be.
pub(super) struct Noekkel<'a>(pub(super) std::borrow::Cow<'a, str>);

impl<'de> Deserialize<'de> for Noekkel<'de> {
    fn deserialize<D: Deserializer<'de>>(inn: D) -> Result<Self, D::Error> {
        struct Tekst;

        impl<'de> Visitor<'de> for Tekst {
            type Value = Noekkel<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("et navn")
            }

            fn visit_borrowed_str<E>(self, navn: &'de str) -> Result<Noekkel<'de>, E> {
                Ok(Noekkel(navn.into()))
            }

            fn visit_str<E>(self, navn: &str) -> Result<Noekkel<'de>, E> {
                Ok(Noekkel(navn.to_owned().into()))
            }
        }

        inn.deserialize_str(Tekst)
    }
}
