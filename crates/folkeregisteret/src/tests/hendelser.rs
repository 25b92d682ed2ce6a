//! Events: which the packages see, what of them, and what event documents give.

use serde_json::{Value, json};

use super::tabeller;
use crate::modell::{
    DokumentForHendelse, Dokumentidentifikator, FeedHendelse, Hendelsestype, LagretHendelse, Tekst,
};
use crate::{Rettighetspakke, Vern};

fn paa_feeden(type_: Hendelsestype) -> LagretHendelse {
    LagretHendelse {
        sekvensnummer: 7,
        hendelse: FeedHendelse {
            folkeregisteridentifikator: "15856543134".parse().ok(),
            hendelsetype: type_,
            hendelsesdokument: Some(Dokumentidentifikator::ny(1)),
            persondokument: Some(Dokumentidentifikator::ny(2)),
            ajourholdstidspunkt: "2026-03-25T12:41:16.421+01:00".parse().ok(),
            hendelsesaarsak_i_dsf: Tekst::parse("10").ok(),
        },
    }
}

/// What a package sees of a type, by the sheet; and where it leaves it open, by the protective reading.
fn ventet(type_: &str, pakke: Rettighetspakke) -> Option<&'static str> {
    let omh = pakke == Rettighetspakke::OffentligMedHjemmel;
    let kolonne = match pakke {
        Rettighetspakke::Svalbard if type_ == "endringIOppholdPaaSvalbard" => {
            return Some("endringIOppholdPaaSvalbard");
        }
        Rettighetspakke::Svalbard => "puh",
        pakke => pakke.kortnavn(),
    };
    let rad = tabeller::HENDELSETYPER.iter().find(|rad| rad["hendelsetype"] == type_).unwrap();
    match (rad[kolonne], type_) {
        (_, "endringIPerson") | ("nei", _) => None,
        // Birth in Norway is omh's only, so its events are too.
        _ if type_ == "endringIFoedselINorge" && !omh => None,
        // The marking is confidential: elsewhere it is some change that makes one fetch the person again.
        ("ja", "endringIAdressebeskyttelse") if !omh => Some("personErOppdatert"),
        ("ja", _) => Some(rad["hendelsetype"]),
        ("som endringIPerson", _) => Some("endringIPerson"),
        annet => panic!("{annet:?}"),
    }
}

#[test]
fn each_package_sees_the_events_of_what_it_gets() {
    for type_ in Hendelsestype::ALLE {
        for pakke in Rettighetspakke::ALLE {
            let sett = type_.slik_den_vises(pakke).map(Hendelsestype::kode);
            assert_eq!(sett, ventet(type_.kode(), pakke), "{type_} {pakke:?}");
            assert_eq!(pakke.filtrer_feed(paa_feeden(*type_)).is_some(), sett.is_some());
        }
    }
}

#[test]
fn an_event_on_the_feed_is_thin_and_thinner_outside_omh() {
    let sendt = |pakke: Rettighetspakke| {
        let (mut json, mut xml) = (Vec::new(), Vec::new());
        let levert = pakke.filtrer_feed(paa_feeden(Hendelsestype::EndringINavn)).unwrap();
        levert.skriv_json(&mut json);
        levert.skriv_xml(&mut xml, "ns2:");
        assert_eq!(levert.sekvensnummer(), 7);
        (String::from_utf8(json).unwrap(), String::from_utf8(xml).unwrap())
    };
    let (json, xml) = sendt(Rettighetspakke::OffentligMedHjemmel);
    assert_eq!(
        json,
        "{\"sekvensnummer\":7,\"hendelse\":{\"folkeregisteridentifikator\":\"15856543134\",\"hendelsetype\":\
         \"endringINavn\",\"hendelsesdokument\":\"00000000000000000000000000000001\",\"persondokument\":\
         \"00000000000000000000000000000002\",\"ajourholdstidspunkt\":\"2026-03-25T12:41:16.421+01:00\",\
         \"hendelsesaarsakIDsf\":\"10\"}}"
    );
    assert!(xml.starts_with("<ns2:lagretHendelse><ns2:sekvensnummer>7</ns2:sekvensnummer><ns2:hendelse>"));
    assert!(xml.ends_with("</ns2:hendelse></ns2:lagretHendelse>"));
    for pakke in [Rettighetspakke::Privat, Rettighetspakke::Presse] {
        let (json, _) = sendt(pakke);
        assert_eq!(
            json,
            "{\"sekvensnummer\":7,\"hendelse\":{\"folkeregisteridentifikator\":\"15856543134\",\"hendelsetype\":\
             \"endringIPerson\"}}"
        );
    }
    for pakke in Rettighetspakke::ALLE {
        let (json, xml) = sendt(pakke);
        let omh = pakke == Rettighetspakke::OffentligMedHjemmel;
        assert_eq!(json.contains("dokument"), omh);
        assert_eq!(json.contains("15856543134"), !pakke.kortnavn().ends_with("uid"));
        assert_eq!(json.contains("15856543134"), xml.contains("15856543134"));
    }
}

fn hendelsesdokument(egenskaper: &Value) -> DokumentForHendelse {
    let json = json!({
        "dokumentidentifikator": "0f3c5a7e9b1d2468ace013579bdf0246",
        "skjemaversjon": "1.0",
        "hendelse": {
            "folkeregisteridentifikator": "15856543134",
            "hendelsestype": "endringIAdressebeskyttelse",
            "ajourholdstidspunkt": "2026-03-25T12:41:16.421+01:00",
            "egenskapshendelse": egenskaper
        }
    });
    DokumentForHendelse::fra_json(json.to_string().as_bytes()).unwrap()
}

fn levert(egenskaper: &Value, naa: Vern) -> String {
    let mut ut = Vec::new();
    let omh = Rettighetspakke::OffentligMedHjemmel;
    omh.filtrer_hendelsesdokument(hendelsesdokument(egenskaper), naa).unwrap().skriv_json(&mut ut);
    String::from_utf8(ut).unwrap()
}

#[test]
fn event_documents_are_for_omh_and_pass_the_same_rules() {
    let endring = |entitet: &str, navn: &str, felter: Value| json!({ navn: felter, "entitet": entitet, "entitetsendring": "registrereNy" });
    let hjem = |gradering: &str| {
        endring(
            "bostedsadresse",
            "bostedsadresse",
            json!({"erGjeldende": true, "ukjentBosted": {}, "adressegradering": gradering}),
        )
    };
    let flytting = endring("innflytting", "innflytting", json!({"fraflyttingsland": "SWE"}));
    let kjoenn = endring("kjoenn", "kjoenn", json!({"kjoenn": "mann"}));
    let trukket = [
        endring(
            "forholdTilSametingetsValgmanntall",
            "forholdTilSametingetsValgmanntall",
            json!({"forhold": "innmeldt", "vedtaksdato": "2020-01-01"}),
        ),
        endring("preferertKontaktadresse", "preferertKontaktadresse", json!({"valg": "postadresse"})),
        endring(
            "oppholdPaaSvalbard",
            "oppholdPaaSvalbard",
            json!({"startdato": "2020-01-01", "antattOppholdsvarighet": "ukjent"}),
        ),
        // An entity under the name of another is none.
        endring(
            "kjoenn",
            "forholdTilSametingetsValgmanntall",
            json!({"forhold": "innmeldt", "vedtaksdato": "2020-01-01"}),
        ),
    ];

    let alt = json!([hjem("fortrolig"), flytting, kjoenn, trukket[0], trukket[1], trukket[2], trukket[3]]);
    let svar = levert(&alt, Vern::Ingen);
    assert!(svar.contains("bostedsadresse") && svar.contains("SWE") && svar.contains("mann"));
    assert!(
        !svar.contains("innmeldt") && !svar.contains("preferert") && !svar.contains("Svalbard"),
        "{svar}"
    );

    let strengt = json!([hjem("strengtFortrolig"), kjoenn]);
    assert!(!levert(&strengt, Vern::Ingen).contains("bostedsadresse"));
    let naa_strengt = levert(&json!([hjem("ugradert"), flytting, kjoenn]), Vern::StrengtFortrolig);
    assert!(
        !naa_strengt.contains("bostedsadresse")
            && !naa_strengt.contains("SWE")
            && naa_strengt.contains("mann")
    );
    let blir_strengt =
        endring("adressebeskyttelse", "adressebeskyttelse", json!({"graderingsnivaa": "strengtFortrolig"}));
    assert!(!levert(&json!([blir_strengt, hjem("ugradert")]), Vern::Ingen).contains("bostedsadresse"));

    for pakke in
        Rettighetspakke::ALLE.into_iter().filter(|pakke| *pakke != Rettighetspakke::OffentligMedHjemmel)
    {
        assert_eq!(pakke.filtrer_hendelsesdokument(hendelsesdokument(&alt), Vern::Ingen), None);
    }
}
