//! The people: everybody who is or was in Folkeregisteret, the holders of roles among them.
//!
//! They are made hamlet by hamlet ([`grend`]): so many persons of all ages ([`pyramide`]), each with a fate of their
//! own ([`borger`]), who find together and have children ([`par`]), inherit names ([`navn`]) and move about
//! ([`bosted`]); and some whom something rare befalls ([`saer`]). What happens to one of them, step by step, is their
//! life ([`liv`]).

mod adressedok;
mod adresser;
mod bok;
mod borger;
mod bosted;
mod familiedok;
mod flyttedok;
mod grend;
mod historie;
mod kommunereform;
mod land;
mod liv;
mod livdok;
mod navn;
mod nummer;
mod par;
mod pyramide;
mod rekke;
mod rolle;
mod saer;
mod saerdok;
mod steg;
mod ut;
mod vergedok;

use std::sync::OnceLock;

use pyramide::Pyramide;
pub(crate) use rolle::{Personnummer, Rolleperson, SETER, Sete};

use crate::terning::Kilde;

pub use historie::{Personendring, Personhistorie};
pub use rekke::{Feedplass, Feedrekke};
pub use ut::{Grend, Versjon, Versjoner};

/// The people of a nation. Nothing of them is kept but what holders of roles show of themselves, once asked for.
#[derive(Debug)]
pub(crate) struct Folk {
    kilde: Kilde,
    pyramide: Pyramide,
    idag: i32,
    roller: Vec<OnceLock<Box<[Rolleperson]>>>,
}

impl Folk {
    /// So many people, of whom those in some hamlets hold the roles in so many units.
    pub(crate) fn ny(kilde: &Kilde, personer: u32, enheter: u32, idag: i32) -> Self {
        let pyramide = Pyramide::ny(kilde, personer, idag);
        // About two grown-ups to choose among for every unit, if there are so many.
        let med_roller = (enheter / 128).clamp(2, pyramide.grender().max(2)).min(pyramide.grender());
        let roller = std::iter::repeat_with(OnceLock::new).take(med_roller as usize).collect();
        Self { kilde: kilde.clone(), pyramide, idag, roller }
    }

    fn grend(&self, nr: u32) -> grend::Grend {
        grend::Grend::ny(&self.kilde, &self.pyramide, nr, self.idag)
    }
}
