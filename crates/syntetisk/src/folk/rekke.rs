//! How a register is filled: all hamlets in order, made on several threads, and the order of the feed.

use std::sync::mpsc::sync_channel;
use std::thread;

use folkeregisteret::modell::Hendelsestype;
use tid::Timestamp;

use super::saer::MIGRERT;
use super::steg::tidligst;
use super::ut::{Grend, Versjon};
use crate::nasjon::Nasjon;

/// How many results of each thread may wait for their turn.
const FORAN: usize = 2;

impl Nasjon {
    /// Makes every hamlet, and gives `ta` what `lag` made of each, in the order of the hamlets.
    ///
    /// `lag` runs on `traader` threads (at least one, at most 64) of its own, `ta` on the caller's. What comes out, and in which
    /// order, does not depend on how many there are. No thread is more than three hamlets ahead of `ta`, so memory holds what `lag`
    /// makes of a few hamlets, whatever the size of the nation.
    ///
    /// # Errors
    /// The first that `ta` answers; nothing is given to it afterwards.
    pub fn grend_for_grend<T: Send, E>(
        &self,
        traader: usize,
        lag: impl Fn(&Grend<'_>) -> T + Sync,
        mut ta: impl FnMut(T) -> Result<(), E>,
    ) -> Result<(), E> {
        let traader = traader.clamp(1, 64) as u32;
        thread::scope(|arbeid| {
            let laget: Vec<_> = (0..traader)
                .map(|foerste| {
                    let (gi, faa) = sync_channel(FORAN);
                    let lag = &lag;
                    arbeid.spawn(move || {
                        let mine = (foerste..self.grender()).step_by(traader as usize);
                        // Who takes no more has met an error.
                        mine.map(|nr| gi.send(lag(&self.grend(nr)))).find(Result::is_err)
                    });
                    faa
                })
                .collect();
            // A thread ends early only in a panic, and then the scope ends in one too.
            (0..self.grender())
                .map_while(|nr| laget[(nr % traader) as usize].recv().ok())
                .try_for_each(&mut ta)
        })
    }
}

/// Where one event stands on the feed, and what it tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feedplass {
    /// When it was entered in the register.
    pub at: Timestamp,
    /// The running number of the person in the nation.
    pub person: u32,
    /// Which version of the person's document came with it, from 0.
    pub versjon: u16,
    /// Which event of that version it is, from 0: its place in [`Versjon::hendelser`].
    pub nr: u8,
    /// What it tells.
    pub hendelsestype: Hendelsestype,
}

impl Versjon<'_> {
    /// Where the events of this version stand on the feed.
    pub fn feedplasser(&self) -> impl Iterator<Item = Feedplass> {
        let (at, person, versjon) = (self.at, self.person, self.nr);
        (0u8..).zip(self.hendelser).map(move |(nr, hendelse)| Feedplass {
            at,
            person,
            versjon,
            nr,
            hendelsestype: hendelse.hendelsestype,
        })
    }
}

/// The order of the feed, gathered in any order while the people are made: by moment, then person, version, and event.
///
/// Holds twelve bytes an event: less than half a gigabyte for ten million persons. The crate's own page shows it in use.
#[derive(Debug, Clone, Default)]
pub struct Feedrekke(Vec<[u32; 3]>);

/// Bits of an event's moment that stand in the second word.
const BAK: u32 = 8;

impl Feedrekke {
    /// All that was gathered, in the feed's order.
    pub fn i_rekke(mut self) -> impl ExactSizeIterator<Item = Feedplass> {
        self.0.sort_unstable();
        self.0.into_iter().map(pakk_ut)
    }
}

impl Extend<Feedplass> for Feedrekke {
    fn extend<I: IntoIterator<Item = Feedplass>>(&mut self, plasser: I) {
        self.0.extend(plasser.into_iter().map(pakk));
    }
}

/// The moment in 40 bits of milliseconds since the register began, which last until 2055; the person in 24, for there are at most
/// ten million; then the version in 16 bits, the event in 8, and its type in 8.
fn pakk(plass: Feedplass) -> [u32; 3] {
    let siden = (plass.at.as_millis() - tidligst(MIGRERT).as_millis()).cast_unsigned();
    let (hoeyt, lavt) = ((siden >> BAK) as u32, (siden as u32) << (32 - BAK));
    let hva = u32::from(plass.versjon) << 16 | u32::from(plass.nr) << 8 | plass.hendelsestype as u32;
    [hoeyt, lavt | plass.person, hva]
}

fn pakk_ut([hoeyt, lavt, hva]: [u32; 3]) -> Feedplass {
    let siden = i64::from(hoeyt) << BAK | i64::from(lavt >> (32 - BAK));
    let slag = Hendelsestype::ALLE[(hva & 0xff) as usize];
    Feedplass {
        at: tidligst(MIGRERT).plus_millis(siden),
        person: lavt & ((1 << (32 - BAK)) - 1),
        versjon: (hva >> 16) as u16,
        nr: (hva >> 8) as u8,
        hendelsestype: slag,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_out_again_in_order() {
        let siste = *Hendelsestype::ALLE.last().unwrap();
        let plass = |siden: i64, person, versjon, nr| Feedplass {
            at: tidligst(MIGRERT).plus_millis(siden),
            person,
            versjon,
            nr,
            hendelsestype: siste,
        };
        let i_rekke = [
            plass(0, Nasjon::STOERST_PERSONER - 1, u16::MAX, u8::MAX),
            plass(1, 0, 0, 0),
            plass(255, 7, 0, 0),
            plass(256, 6, 2, 0),
            plass(256, 6, 2, 1),
            plass(256, 6, 3, 0),
            plass(256, 7, 0, 0),
            plass((1 << 40) - 1, 1, 1, 1),
        ];
        let mut rekke = Feedrekke::default();
        rekke.extend(i_rekke.into_iter().rev());
        assert_eq!(rekke.i_rekke().collect::<Vec<_>>(), i_rekke);
        assert!(Hendelsestype::ALLE.len() <= 256);
    }
}
