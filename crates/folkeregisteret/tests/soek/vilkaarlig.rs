//! Whatever is asked, there is an answer or a reason.

use folkeregisteret::Rettighetspakke;
use folkeregisteret::sporring::{Entydigsoek, Soek, Soekefeil, Uttrekkskriterier};
use proptest::prelude::*;

use crate::folk::FOLK;

fn parametre() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let navn: Vec<&'static str> = [&Soek::PARAMETRE[..], &Entydigsoek::PARAMETRE[..], &["ukjent"]].concat();
    let verdi = prop_oneof![
        "\\PC{0,12}",
        "[0-9]{1,11}",
        "[A-Z]{3}-[0-9a-z -]{0,8}",
        "true|false|historisk|mann|0301|4601|Storgata|ANNE HANSEN"
    ];
    prop::collection::vec((prop::sample::select(navn), verdi), 0..6)
}

fn er_sagt(feil: &Soekefeil) -> bool {
    matches!(
        feil,
        Soekefeil::Ugyldig(_)
            | Soekefeil::IkkeRettTilTreff
            | Soekefeil::ForMangeTreff
            | Soekefeil::IkkeEntydig
    )
}

proptest! {
    #[test]
    fn a_search_is_answered_or_refused(parametre in parametre()) {
        let omh = Rettighetspakke::OffentligMedHjemmel;
        let gitt = || parametre.iter().map(|(navn, verdi)| (*navn, verdi.as_str()));
        let liste = Soek::les(gitt()).and_then(|soek| FOLK.indeks().soek(&soek, omh));
        prop_assert!(liste.as_ref().err().is_none_or(er_sagt));
        let en = Entydigsoek::les(gitt(), omh).and_then(|soek| FOLK.indeks().entydigsoek(&soek));
        prop_assert!(en.as_ref().err().is_none_or(er_sagt));
    }

    #[test]
    fn an_order_is_read_or_refused(kropp in "\\PC{0,40}|\\{\"(personstatustyper|kjoenn)\":(\\[\"bosatt\"\\]|1|null|\"x\")\\}") {
        if let Err(feil) = Uttrekkskriterier::les(kropp.as_bytes()) {
            prop_assert!(er_sagt(&feil));
        }
    }
}
