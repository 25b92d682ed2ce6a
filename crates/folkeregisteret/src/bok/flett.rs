//! How a new version's entries go into the book.

use std::borrow::Cow;

use super::{EVIG, Innslag, Rekke, SIER_IKKE};

impl Rekke<'_> {
    /// Whether so many entries could be taken in: their places are counted in sixteen bits.
    pub(super) fn har_plass_til(&self, nye: usize) -> bool {
        u16::try_from(self.innslag.len() + nye).is_ok()
    }

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

#[cfg(test)]
mod tests {
    use identifikator::Personidentifikator;
    use serde_json::json;
    use tid::Timestamp;

    use crate::bok::{Bok, FullBok};
    use crate::modell::Persondokument;

    #[test]
    fn a_book_takes_no_more_entries_than_it_can_count() {
        let dokument = |kilde: &str, antall: usize| {
            let innslag =
                |i| json!({ "erGjeldende": true, "kilde": format!("{kilde} {i}"), "statsborgerskap": "SWE" });
            let alle: Vec<_> = (0..antall).map(innslag).collect();
            Persondokument::fra_json(json!({ "statsborgerskap": alle }).to_string().as_bytes()).unwrap()
        };
        let mut bok = Bok::ny(Personidentifikator::parse("14859049894").unwrap());
        let at = Timestamp::from_millis(0);
        bok.ny_versjon(Some(&dokument("a", 40_000)), at, &[]).unwrap();
        assert_eq!(bok.ny_versjon(Some(&dokument("b", 30_000)), at, &[]), Err(FullBok));
        assert_eq!(bok.siste(), Some(0));
        let naa = bok.versjon(0).unwrap().unwrap();
        assert_eq!(naa.statsborgerskap.len(), 40_000, "it is as it was");
        assert!(bok.ny_versjon(Some(&dokument("b", 20)), at, &[]).is_ok());
    }
}
