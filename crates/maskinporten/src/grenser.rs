//! How many grants a client may send in a minute (sheet 8.3).

use std::collections::HashMap;

use parking_lot::Mutex;
use tid::Timestamp;

const MINUTT_MS: i64 = 60_000;

/// Counts of the running minute, on this node. Clients of other minutes are forgotten, so that memory is bounded by
/// the clients of one minute.
#[derive(Debug, Default)]
pub struct Grenser {
    per_minutt: u32,
    telling: Mutex<Telling>,
}

#[derive(Debug, Default)]
struct Telling {
    minutt: i64,
    antall: HashMap<String, u32>,
}

impl Grenser {
    /// So many a minute for each; 0: no limit.
    pub fn ny(per_minutt: u32) -> Self {
        Self { per_minutt, telling: Mutex::default() }
    }

    /// Counts one more of a client's.
    ///
    /// # Errors
    /// Seconds until the next minute, when it is one too many.
    pub fn klient(&self, client_id: &str, naa: Timestamp) -> Result<(), u32> {
        if self.per_minutt == 0 {
            return Ok(());
        }
        let minutt = naa.as_millis().div_euclid(MINUTT_MS);
        let mut telling = self.telling.lock();
        if telling.minutt != minutt {
            *telling = Telling { minutt, antall: HashMap::new() };
        }
        let antall = telling.antall.entry(client_id.to_owned()).or_default();
        if *antall >= self.per_minutt {
            let igjen = (minutt + 1) * MINUTT_MS - naa.as_millis();
            return Err(u32::try_from((igjen + 999) / 1000).unwrap_or(60).max(1));
        }
        *antall += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_client_has_its_own_minute() {
        let grenser = Grenser::ny(2);
        let da = |ms| Timestamp::from_millis(ms);
        assert_eq!(grenser.klient("a", da(1_000)), Ok(()));
        assert_eq!(grenser.klient("a", da(2_000)), Ok(()));
        assert_eq!(grenser.klient("a", da(30_500)), Err(30));
        assert_eq!(grenser.klient("b", da(30_500)), Ok(()));
        assert_eq!(grenser.klient("a", da(60_000)), Ok(()));
        assert_eq!(Grenser::ny(0).klient("a", da(0)), Ok(()));
    }
}
