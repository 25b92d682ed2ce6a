//! The times of a grant (sheet section 5, steps 13 to 16), by one clock: the server's.

use tid::Timestamp;

use super::avslag::{Avslag, FOR_LANG_LEVETID, FRAM_I_TID, UTLOPT};
use super::krav::Krav;
use crate::Oppsett;

/// Judges `exp`, `iat` and `nbf`.
pub fn sjekk(krav: &Krav, naa: Timestamp, oppsett: &Oppsett) -> Result<(), Avslag> {
    let naa = naa.as_millis();
    let avvik = krav.iat.saturating_sub(naa / 1000);
    let merk = |avslag: Avslag| avslag.merk(format!("iat is {avvik} s from the server's clock"));
    if millis(krav.exp) <= naa {
        return Err(merk(UTLOPT));
    }
    let frem = naa.saturating_add(millis(oppsett.klokke_fram_s));
    if millis(krav.iat) > frem || krav.nbf.is_some_and(|nbf| millis(nbf) > frem) {
        return Err(merk(FRAM_I_TID));
    }
    // The text of this one is not known; MP-130 is the sheet's choice (section 19).
    if millis(krav.iat) < naa.saturating_sub(millis(oppsett.klokke_bak_s)) {
        return Err(merk(UTLOPT));
    }
    let levetid = krav.exp.saturating_sub(krav.iat);
    if levetid <= 0 || levetid > oppsett.bevis_levetid_s + oppsett.bevis_slingring_s {
        return Err(FOR_LANG_LEVETID.merk(format!("exp is {levetid} s after iat")));
    }
    Ok(())
}

/// Until when a used grant must be remembered: as long as it could be presented again.
pub fn huskes_til(krav: &Krav, oppsett: &Oppsett) -> Timestamp {
    Timestamp::from_millis(millis(krav.exp)).plus_millis(millis(oppsett.klokke_fram_s))
}

fn millis(sekunder: i64) -> i64 {
    sekunder.saturating_mul(1000)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NAA: i64 = 1_767_225_600;

    fn svar(iat: i64, exp: i64, nbf: Option<i64>) -> Result<(), (Option<&'static str>, String)> {
        let mut krav = json!({ "aud": "a", "iss": "i", "scope": "a:b", "iat": iat, "exp": exp });
        if let Some(nbf) = nbf {
            krav["nbf"] = json!(nbf);
        }
        let krav = Krav::les(krav.as_object().unwrap()).unwrap();
        let naa = Timestamp::from_millis(NAA * 1000);
        sjekk(&krav, naa, &Oppsett::default()).map_err(|avslag| (avslag.kode, avslag.tekst.into_owned()))
    }

    #[test]
    fn the_rows_of_the_attack_table() {
        let utlopt = Err((Some("MP-130"), "JWT is expired".to_owned()));
        let fram = Err((None, "Issue time is after now".to_owned()));
        assert_eq!(svar(NAA - 5, NAA - 1, None), utlopt, "A50");
        assert_eq!(svar(NAA, NAA, None), utlopt);
        assert_eq!(svar(NAA + 60, NAA + 100, None), fram, "A51");
        assert_eq!(svar(NAA + 9, NAA + 100, None), Ok(()), "A52");
        assert_eq!(svar(NAA + 11, NAA + 100, None), fram, "A52");
        assert_eq!(svar(NAA - 60, NAA + 50, None), utlopt, "A53");
        assert_eq!(svar(NAA - 10, NAA + 50, None), Ok(()));
        for (levetid, godt) in [(120, true), (121, true), (122, false), (200, false), (86_400, false)] {
            assert_eq!(svar(NAA, NAA + levetid, None).is_ok(), godt, "A54 {levetid}");
        }
        assert!(svar(NAA + 5, NAA + 5, None).is_err(), "A55");
        assert!(svar(0, 0, None).is_err(), "A55");
        assert!(svar(i64::MAX / 2048, i64::MAX / 2048, None).is_err(), "A55, no overflow");
        assert_eq!(svar(NAA, NAA + 100, Some(NAA + 600)), fram, "A57");
        assert_eq!(svar(NAA, NAA + 100, Some(NAA + 10)), Ok(()));
    }
}
