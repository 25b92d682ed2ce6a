//! The tables from which the model is made.
//!
//! A type of the model is written once, as a table: each field with its type and **the packages that get it**.
//! From the table follow the struct, reading and writing in both forms, the description ([`super::beskrivelse`])
//! and what a package takes away. A field cannot be written down without its packages, and a field that must be
//! there cannot be kept from any: that does not compile.

use crate::rettighetspakke::Pakker;

/// The packages of a field, which must be all of them if the field must be there.
pub(super) const fn pakker(pakker: Pakker, min: usize) -> Pakker {
    assert!(pakker.er_alle() || min == 0, "what must be there cannot be kept from a package");
    pakker
}

/// What the tables use.
pub(super) mod prelude {
    pub(in crate::modell) use super::pakker;
    pub(in crate::modell) use crate::format::Skriver;
    pub(in crate::modell) use crate::modell::beskrivelse::{Felt, Innhold, Ledd, Type};
    pub(in crate::modell) use crate::modell::felttype::{Felttype, Innfelt, Verdi, les_objekt};
    pub(in crate::modell) use crate::rettighetspakke::{
        ALLE, FIN, INGEN, MED_NUMMER, OMH, Rettighetspakke, UTEN_NUMMER,
    };
}

/// A field's name in JSON and XML.
macro_rules! feltnavn {
    ($navn:ident) => {
        const {
            const NAVN: &str = stringify!($navn);
            const BYTES: [u8; $crate::modell::beskrivelse::feltnavn_lengde(NAVN)] =
                $crate::modell::beskrivelse::feltnavn(NAVN);
            match std::str::from_utf8(&BYTES) {
                Ok(navn) => navn,
                Err(_) => NAVN,
            }
        }
    };
}

/// `Type [inlaid: Group, …] { field: Type = packages, … }`.
macro_rules! felttabell {
    (
        $(#[$doc:meta])*
        $navn:ident $([ $( $(#[$inndoc:meta])* $inn:ident: $gruppe:ty ),+ ])? {
            $( $(#[$feltdoc:meta])* $felt:ident: $type:ty = $pakker:expr ),* $(,)?
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $navn {
            $($( $(#[$inndoc])* pub $inn: $gruppe, )+)?
            $( $(#[$feltdoc])* pub $felt: $type, )*
        }

        const _: () = {
            use $crate::modell::tabell::prelude::*;

            #[derive(Default)]
            pub struct Plass {
                $($( $inn: <$gruppe as Innfelt>::Plass, )+)?
                $( $felt: Option<$type>, )*
            }

            impl Innfelt for $navn {
                type Plass = Plass;
                const LEDD: Ledd = Ledd::Innfelt(<Self as Verdi>::TYPE);

                fn les_felt<'de, A: serde::de::MapAccess<'de>>(
                    plass: &mut Plass,
                    navn: &str,
                    map: &mut A,
                ) -> Result<bool, A::Error> {
                    $( if navn == feltnavn!($felt) {
                        <$type as Felttype>::les(&mut plass.$felt, map)?;
                        return Ok(true);
                    } )*
                    Ok($($( <$gruppe as Innfelt>::les_felt(&mut plass.$inn, navn, map)? || )+)? false)
                }

                fn ferdig<E: serde::de::Error>(plass: Plass) -> Result<Self, E> {
                    Ok(Self {
                        $($( $inn: <$gruppe as Innfelt>::ferdig(plass.$inn)?, )+)?
                        $( $felt: <$type as Felttype>::ferdig(plass.$felt, feltnavn!($felt))?, )*
                    })
                }

                fn skriv_felter<S: Skriver>(&self, ut: &mut S) {
                    $($( Innfelt::skriv_felter(&self.$inn, ut); )+)?
                    $( Felttype::skriv(&self.$felt, feltnavn!($felt), ut); )*
                }

                fn sil_felter(&mut self, pakke: Rettighetspakke) {
                    $($( Innfelt::sil_felter(&mut self.$inn, pakke); )+)?
                    $( if const { pakker($pakker, <$type as Felttype>::MIN) }.har(pakke) {
                        Felttype::sil(&mut self.$felt, pakke);
                    } else {
                        Felttype::skjul(&mut self.$felt);
                    } )*
                }

                fn glem_datofelter(&mut self) {
                    $($( Innfelt::glem_datofelter(&mut self.$inn); )+)?
                    $( Felttype::glem_datoer(&mut self.$felt); )*
                }
            }

            impl Verdi for $navn {
                const TYPE: &'static Type = &Type {
                    navn: stringify!($navn),
                    innhold: Innhold::Felter(&[
                        $($( <$gruppe as Innfelt>::LEDD, )+)?
                        $( Ledd::Felt(Felt {
                            navn: feltnavn!($felt),
                            type_: <$type as Felttype>::TYPE,
                            min: <$type as Felttype>::MIN,
                            maks: <$type as Felttype>::MAKS,
                            liste: <$type as Felttype>::LISTE,
                            pakker: pakker($pakker, <$type as Felttype>::MIN),
                        }), )*
                    ]),
                };

                fn skriv<S: Skriver>(&self, ut: &mut S) {
                    ut.objekt(|ut| self.skriv_felter(ut));
                }

                fn sil(&mut self, pakke: Rettighetspakke) {
                    self.sil_felter(pakke);
                }

                fn glem_datoer(&mut self) {
                    self.glem_datofelter();
                }
            }

            impl<'de> serde::Deserialize<'de> for $navn {
                fn deserialize<D: serde::Deserializer<'de>>(inn: D) -> Result<Self, D::Error> {
                    les_objekt(inn)
                }
            }

            /// Without content: it is personal data.
            impl std::fmt::Debug for $navn {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str(concat!(stringify!($navn), "(..)"))
                }
            }
        };
    };
}

/// `Choice { Alternative(Type), … }`: exactly one of several fields. The field is the alternative's name with a small
/// first letter.
macro_rules! valg {
    (
        $(#[$doc:meta])*
        $navn:ident { $( $(#[$altdoc:meta])* $alternativ:ident($type:ty) ),+ $(,)? }
    ) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub enum $navn {
            $( $(#[$altdoc])* $alternativ($type), )+
        }

        const _: () = {
            use $crate::modell::tabell::prelude::*;

            const FELTER: &[Felt] = &[$( Felt {
                navn: feltnavn!($alternativ),
                type_: <$type as Verdi>::TYPE,
                min: 0,
                maks: Some(1),
                liste: false,
                pakker: ALLE,
            }, )+];

            impl Innfelt for $navn {
                type Plass = Option<Self>;
                const LEDD: Ledd = Ledd::EnAv { paakrevd: true, felter: FELTER };

                fn les_felt<'de, A: serde::de::MapAccess<'de>>(
                    plass: &mut Option<Self>,
                    navn: &str,
                    map: &mut A,
                ) -> Result<bool, A::Error> {
                    let lest = $( if navn == feltnavn!($alternativ) {
                        map.next_value::<Option<$type>>()?.map(Self::$alternativ)
                    } else )+ {
                        return Ok(false);
                    };
                    if lest.is_some() && plass.is_some() {
                        return Err(serde::de::Error::custom(format_args!("{navn} utelukker feltet før")));
                    }
                    *plass = lest.or(plass.take());
                    Ok(true)
                }

                fn ferdig<E: serde::de::Error>(plass: Option<Self>) -> Result<Self, E> {
                    plass.ok_or_else(|| E::missing_field(FELTER[0].navn))
                }

                fn skriv_felter<S: Skriver>(&self, ut: &mut S) {
                    match self {
                        $( Self::$alternativ(verdi) => Felttype::skriv(verdi, feltnavn!($alternativ), ut), )+
                    }
                }

                fn sil_felter(&mut self, pakke: Rettighetspakke) {
                    match self {
                        $( Self::$alternativ(verdi) => Verdi::sil(verdi, pakke), )+
                    }
                }

                fn glem_datofelter(&mut self) {
                    match self {
                        $( Self::$alternativ(verdi) => Verdi::glem_datoer(verdi), )+
                    }
                }
            }

            impl Innfelt for Option<$navn> {
                type Plass = Option<$navn>;
                const LEDD: Ledd = Ledd::EnAv { paakrevd: false, felter: FELTER };

                fn les_felt<'de, A: serde::de::MapAccess<'de>>(
                    plass: &mut Option<$navn>,
                    navn: &str,
                    map: &mut A,
                ) -> Result<bool, A::Error> {
                    <$navn as Innfelt>::les_felt(plass, navn, map)
                }

                fn ferdig<E: serde::de::Error>(plass: Option<$navn>) -> Result<Self, E> {
                    Ok(plass)
                }

                fn skriv_felter<S: Skriver>(&self, ut: &mut S) {
                    if let Some(valg) = self {
                        valg.skriv_felter(ut);
                    }
                }

                fn sil_felter(&mut self, pakke: Rettighetspakke) {
                    if let Some(valg) = self {
                        valg.sil_felter(pakke);
                    }
                }

                fn glem_datofelter(&mut self) {
                    if let Some(valg) = self {
                        valg.glem_datofelter();
                    }
                }
            }

            /// Without content: it is personal data.
            impl std::fmt::Debug for $navn {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str(concat!(stringify!($navn), "(..)"))
                }
            }
        };
    };
}

/// `List { Value, … }`: a closed list of codes. The code is the value's name with a small first letter.
macro_rules! koder {
    (
        $(#[$doc:meta])*
        $navn:ident { $( $(#[$kodedoc:meta])* $kode:ident ),+ $(,)? }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $navn {
            $( $(#[$kodedoc])* $kode, )+
        }

        impl $navn {
            /// Every value.
            pub const ALLE: &'static [Self] = &[$( Self::$kode, )+];
            const KODER: &'static [&'static str] = &[$( feltnavn!($kode), )+];

            /// The code, as it stands in documents.
            pub const fn kode(self) -> &'static str {
                Self::KODER[self as usize]
            }

            /// The value of a code.
            pub fn av_kode(kode: &str) -> Option<Self> {
                Self::KODER.iter().position(|k| *k == kode).map(|i| Self::ALLE[i])
            }
        }

        impl std::fmt::Display for $navn {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.kode())
            }
        }

        impl<'de> serde::Deserialize<'de> for $navn {
            fn deserialize<D: serde::Deserializer<'de>>(inn: D) -> Result<Self, D::Error> {
                $crate::modell::enkle::les_tekst(inn, Self::av_kode, concat!("en kode i ", stringify!($navn)))
            }
        }

        impl $crate::modell::felttype::Verdi for $navn {
            const TYPE: &'static $crate::modell::beskrivelse::Type = &$crate::modell::beskrivelse::Type {
                navn: stringify!($navn),
                innhold: $crate::modell::beskrivelse::Innhold::Koder(Self::KODER),
            };

            fn skriv<S: $crate::format::Skriver>(&self, ut: &mut S) {
                ut.kode(self);
            }
        }
    };
}
