//! `personer/soek` and `personer/entydigsoek` (consumer sheet, section 9).

use std::io::Write;

use axum::response::Response;

use super::bulk::Felt;
use super::kall::{Avslag, Kall, Svar, XML_DEKLARASJON, ok};
use super::medietyper::{Form, VANLIGE};
use super::oppslag::{UKJENT, dokument, utlever};
use crate::Feil;
use crate::rettighetspakke::Tjeneste;
use crate::sporring::{Entydigsoek, Soek, Soekefeil, Treff};

/// Not published, made as the package names are (section 7.5).
const NAVNEROM_SVAR: &str = "folkeregisteret:tilgjengeliggjoering:person:v1:soek:response";

impl From<Soekefeil> for Avslag {
    fn from(feil: Soekefeil) -> Self {
        match feil {
            Soekefeil::Ugyldig(_) | Soekefeil::IkkeRettTilTreff | Soekefeil::ForMangeTreff => {
                Self::ugyldig(feil.to_string())
            }
            Soekefeil::IkkeEntydig => Self::ukjent(&feil.to_string()),
            Soekefeil::Avbrutt => Self::Feil(Feil::Avbrutt),
            Soekefeil::Indeks(feil) => Self::Feil(feil.into()),
        }
    }
}

/// `GET personer/soek`.
pub async fn liste(kall: Kall) -> Response {
    let svar = svar_liste(&kall).await;
    kall.svar(svar)
}

async fn svar_liste(kall: &Kall) -> Svar {
    let form = kall.forhandle(&VANLIGE)?;
    let soek = Soek::les(kall.query.pairs())?;
    let svar = kall.register().soek(soek, kall.pakke()).await;
    // Whoever is answered that there are too many has asked, too.
    let personer = svar.iter().flatten().map(|treff| treff.person);
    kall.register().logg().noter(kall.bruker, kall.pakke(), Tjeneste::Soek, personer).await?;
    Ok(ok(treffliste(&svar?, form), form))
}

fn treffliste(treff: &[Treff], form: Form) -> Vec<u8> {
    let navn = Felt::Nummer.navn();
    let (start, foer, skille, etter, slutt) = if form.er_xml() {
        let rot = format!(r#"{XML_DEKLARASJON}<personsoekResponse xmlns="{NAVNEROM_SVAR}">"#);
        (rot, format!("<{navn}>"), "", format!("</{navn}>"), "</personsoekResponse>")
    } else {
        (format!(r#"{{"{navn}":["#), "\"".to_owned(), ",", "\"".to_owned(), "]}")
    };
    let mut ut = start.into_bytes();
    for (i, treff) in treff.iter().enumerate() {
        let skille = if i > 0 { skille } else { "" };
        // Writing to memory does not fail.
        let _ = write!(ut, "{skille}{foer}{:011}{etter}", treff.nummer);
    }
    ut.extend_from_slice(slutt.as_bytes());
    ut
}

/// `GET personer/entydigsoek`.
pub async fn entydig(kall: Kall) -> Response {
    let svar = svar_entydig(&kall).await;
    kall.svar(svar)
}

async fn svar_entydig(kall: &Kall) -> Svar {
    let form = kall.forhandle(&VANLIGE)?;
    let deler = kall.deler()?;
    let soek = Entydigsoek::les(kall.query.pairs(), kall.pakke())?;
    let treff = match kall.register().entydigsoek(soek).await {
        Err(Soekefeil::IkkeEntydig) => {
            // That nobody was found is a search too.
            let logg = kall.register().logg();
            logg.noter(kall.bruker, kall.pakke(), Tjeneste::Entydigsoek, []).await?;
            return Err(Soekefeil::IkkeEntydig.into());
        }
        svar => svar?,
    };
    let funnet = kall.register().finn(&[treff.person]).await?.pop().flatten();
    let Some(funnet) = funnet else { return Err(Avslag::ukjent(UKJENT)) };
    let Some(utlevering) = utlever(&funnet, kall.pakke(), &deler)? else {
        return Err(Avslag::ukjent(UKJENT));
    };
    let logg = kall.register().logg();
    logg.noter(kall.bruker, kall.pakke(), Tjeneste::Entydigsoek, [funnet.person]).await?;
    Ok(ok(dokument(&utlevering, form), form))
}
