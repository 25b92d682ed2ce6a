//! How many grants a client, and calls an address, may send in a minute (sheet 8.3).

use std::collections::HashMap;
use std::net::IpAddr;

use parking_lot::Mutex;
use tid::Timestamp;
use vakt::limit::Rate;

use crate::Oppsett;

const MINUTT_MS: i64 = 60_000;

/// Counts of the running minute, on this node. Those of other minutes are forgotten, so that memory is bounded by
/// the callers of one minute.
#[derive(Debug, Default)]
pub struct Teller {
    per_minutt: u32,
    minuttet: Mutex<Minutt>,
}

#[derive(Debug, Default)]
struct Minutt {
    nummer: i64,
    antall: HashMap<String, u32>,
}

impl Teller {
    /// So many a minute for each; 0: no limit.
    pub fn ny(per_minutt: u32) -> Self {
        Self { per_minutt, minuttet: Mutex::default() }
    }

    /// Counts one more.
    ///
    /// # Errors
    /// Seconds until the next minute, when it is one too many.
    pub fn tell(&self, hvem: &str, naa: Timestamp) -> Result<(), u32> {
        if self.per_minutt == 0 {
            return Ok(());
        }
        let nummer = naa.as_millis().div_euclid(MINUTT_MS);
        let mut minuttet = self.minuttet.lock();
        if minuttet.nummer != nummer {
            *minuttet = Minutt { nummer, antall: HashMap::new() };
        }
        let antall = minuttet.antall.entry(hvem.to_owned()).or_default();
        if *antall >= self.per_minutt {
            let igjen = (nummer + 1) * MINUTT_MS - naa.as_millis();
            return Err(u32::try_from((igjen + 999) / 1000).unwrap_or(60).max(1));
        }
        *antall += 1;
        Ok(())
    }
}

/// Both limits.
pub struct Grenser {
    /// Grants of a client whose signature is good: strangers do not use up its share.
    pub klient: Teller,
    /// Calls of an address to the token endpoint.
    adresse: Option<Rate>,
}

impl Grenser {
    /// The limits of the settings.
    pub fn ny(oppsett: &Oppsett) -> Self {
        let adresse = (oppsett.adresse_per_minutt > 0).then(|| Rate::new(oppsett.adresse_per_minutt));
        Self { klient: Teller::ny(oppsett.klient_per_minutt), adresse }
    }

    /// Counts one more call of an address.
    ///
    /// # Errors
    /// Seconds until there is room, when it is one too many.
    pub fn adresse(&self, adresse: IpAddr, naa: Timestamp) -> Result<(), u32> {
        let Some(rate) = &self.adresse else { return Ok(()) };
        rate.admit(adresse, naa.as_millis()).map_err(|millis| millis.div_ceil(1000))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_its_own_minute() {
        let teller = Teller::ny(2);
        let da = |ms| Timestamp::from_millis(ms);
        assert_eq!(teller.tell("a", da(1_000)), Ok(()));
        assert_eq!(teller.tell("a", da(2_000)), Ok(()));
        assert_eq!(teller.tell("a", da(30_500)), Err(30));
        assert_eq!(teller.tell("b", da(30_500)), Ok(()));
        assert_eq!(teller.tell("a", da(60_000)), Ok(()));
        assert_eq!(Teller::ny(0).tell("a", da(0)), Ok(()));
    }
}
