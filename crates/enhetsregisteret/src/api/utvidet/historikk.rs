//! The history of units and roles.

use axum::response::Response;
use serde_json::json;
use web::hal::{Envelope, Links};
use web::respond::represent;

use super::avvis_ukjente;
use crate::api::enheter;
use crate::api::kall::{Avslag, Kall, Svar};
use crate::modell::Enhetstype;
use crate::sporring::regler::{self, Feilliste, orgnr_i_sti};
use crate::utvidet::historikk::{Emne, Historie, Historisk};

/// Versions on a page when the call does not say how many.
pub const STANDARD_VERSJONER: u64 = 100;

/// `GET …/{orgnr}/historikk`, `GET /enheter/{orgnr}/roller/historikk`.
pub async fn vis(kall: Kall, emne: Emne) -> Response {
    let svar = svar_historikk(&kall, emne).await;
    kall.svar(svar)
}

async fn svar_historikk(kall: &Kall, emne: Emne) -> Svar {
    let orgnr = orgnr_i_sti(kall.stiverdier.get("orgnr"))?;
    let mut feil = Feilliste::default();
    avvis_ukjente(kall, &["page", "size"], &mut feil);
    let side = regler::side(&kall.query, STANDARD_VERSJONER, &mut feil);
    feil.ferdig()?;
    let (kind, ressurs) = match emne {
        Emne::Enhet(kind) => (kind, format!("{}/{orgnr}", kind.flertall())),
        Emne::Roller => (Enhetstype::Enhet, format!("enheter/{orgnr}/roller")),
    };
    match kall.register().historikk(emne, orgnr, side.offset(), side.size).await? {
        Historie::Ukjent => Err(Avslag::IkkeFunnet),
        Historie::Fjernet(gravstein) => enheter::fjernet(kall, kind, &gravstein.body),
        Historie::Funnet(antall, versjoner) => {
            let dokument = format!("{}/{ressurs}", kall.base());
            let mut konvolutt = Envelope::new("versjoner");
            for versjon in &versjoner {
                let href = format!("{dokument}?sekvensnummer={}", versjon.seq);
                konvolutt.linked_item(&element(versjon), &Links::new().with("versjon", href));
            }
            let kropp = kall.side(konvolutt, &format!("{ressurs}/historikk"), side.of(antall), &[]);
            Ok(represent(kropp, "application/json"))
        }
    }
}

fn element(Historisk { seq, at, endringstype, endringer }: &Historisk) -> Vec<u8> {
    let mut ut = json!({
        "sekvensnummer": seq.0,
        "tidspunkt": at.to_string(),
        "endringstype": endringstype.ord(),
    });
    if let Some(endringer) = endringer {
        ut["endringer"] = json!(endringer);
    }
    ut.to_string().into_bytes()
}
