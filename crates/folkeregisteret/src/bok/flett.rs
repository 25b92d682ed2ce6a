//! How a new version's entries go into the book.

use std::borrow::Cow;

use super::{EVIG, Innslag, Rekke, SIER_IKKE};

impl Rekke<'_> {
    /// Takes in the entries as they are from version `k` on, in their order. What is as before, or has become past, goes
    /// on; what is not there any more ends; the rest is new.
    pub(super) fn flett(&mut self, nye: Vec<(Option<bool>, String)>, k: i32) {
        let mut plass = 0;
        for (gjeldende, json) in nye {
            let funnet = (plass..self.orden.len()).find(|p| self.paa(*p).kan_bli(gjeldende, &json));
            if let Some(funnet) = funnet {
                self.avslutt(plass..funnet, k);
                let innslag = self.paa_mut(funnet);
                if gjeldende == Some(false) && innslag.forbi == EVIG {
                    innslag.forbi = k;
                }
                plass = funnet + 1;
            } else {
                let forbi = match gjeldende {
                    None => SIER_IKKE,
                    Some(true) => EVIG,
                    Some(false) => k,
                };
                self.orden.insert(plass, self.innslag.len() as u16);
                self.innslag.push(Innslag { fra: k, forbi, til: EVIG, json: Cow::Owned(json) });
                plass += 1;
            }
        }
        self.avslutt(plass..self.orden.len(), k);
    }

    fn paa(&self, plass: usize) -> &Innslag<'_> {
        &self.innslag[usize::from(self.orden[plass])]
    }

    fn avslutt(&mut self, plasser: std::ops::Range<usize>, k: i32) {
        for plass in plasser {
            let innslag = self.paa_mut(plass);
            if innslag.til == EVIG {
                innslag.til = k;
                if innslag.forbi == EVIG {
                    innslag.forbi = k;
                }
            }
        }
    }
}

impl<'a> Rekke<'a> {
    fn paa_mut(&mut self, plass: usize) -> &mut Innslag<'a> {
        &mut self.innslag[usize::from(self.orden[plass])]
    }
}

impl Innslag<'_> {
    /// Whether it is there still and can be this from now on: the same, current or past, and never current again.
    fn kan_bli(&self, gjeldende: Option<bool>, json: &str) -> bool {
        let likt = match (self.forbi, gjeldende) {
            (SIER_IKKE, None) | (EVIG, Some(_)) => true,
            (SIER_IKKE, Some(_)) | (_, None | Some(true)) => false,
            (_, Some(false)) => true,
        };
        likt && self.til == EVIG && self.json == json
    }
}
