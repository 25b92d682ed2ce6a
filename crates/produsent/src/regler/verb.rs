//! What is to be done with a value (producer sheet, section 6.11).

use crate::sak::{Gang, Innslag, P, gjeldende};

/// What is to be done with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    /// It is new; what it takes the place of becomes past.
    Endre,
    /// It ends.
    Opphoere,
    /// It should never have been.
    Annullere,
    /// It is right, and what it takes the place of should never have been.
    Korrigere,
}

impl Verb {
    /// By the code of a message; the oldest contract has none.
    pub fn av(kode: Option<&str>) -> Self {
        match kode {
            Some("opphoere") => Self::Opphoere,
            Some("annullere") => Self::Annullere,
            Some("korrigere") => Self::Korrigere,
            _ => Self::Endre,
        }
    }

    /// Whether a value goes, instead of one coming.
    pub const fn tar_bort(self) -> bool {
        matches!(self, Self::Opphoere | Self::Annullere)
    }

    /// Does it with a value. `disse` are the current ones that it takes the place of, or that go. Tells whether anything was
    /// done.
    pub fn utfoer<T: Innslag>(
        self,
        gang: &mut Gang<'_, '_>,
        p: P,
        ny: T,
        disse: impl Fn(&T) -> bool,
    ) -> bool {
        match self {
            Self::Endre => gang.u.registrer(p, ny, disse),
            Self::Korrigere => gang.u.korriger(p, ny, disse),
            Self::Opphoere | Self::Annullere => return self.ta_bort(gang, p, disse),
        }
        true
    }

    /// Takes values away from a list that has one current value. Of what should never have been, the one before is current
    /// again. Tells whether there were any.
    pub fn ta_bort<T: Innslag>(self, gang: &mut Gang<'_, '_>, p: P, disse: impl Fn(&T) -> bool) -> bool {
        if self != Self::Annullere {
            return gang.u.avslutt(p, disse);
        }
        let borte = gang.u.annuller(p, disse);
        if borte {
            gang.u.forrige_igjen(p, |_: &T| true);
        }
        borte
    }

    /// The same of what a person must have: it never ends, and what should never have been goes only if there is one before
    /// it.
    pub fn utfoer_paa_paakrevd<T: Innslag>(
        self,
        gang: &mut Gang<'_, '_>,
        p: P,
        ny: T,
        disse: impl Fn(&T) -> bool,
    ) -> bool {
        if self.tar_bort() {
            let verdier = T::felt(gang.u.dok_mut(p));
            let har_forrige = verdier
                .iter()
                .any(|v| v.meta().er_gjeldende == Some(false) && v.meta().opphoerstidspunkt.is_none());
            let er_denne = gjeldende(verdier).is_some_and(&disse);
            if self == Self::Opphoere || !har_forrige || !er_denne {
                return false;
            }
        }
        self.utfoer(gang, p, ny, disse)
    }
}
