//! For each kind of message its rules and its effect on persons (producer sheet, chapter 6).

mod adresse;
mod dnummerendring;
mod doedsbo;
mod doedsfall;
mod dublett;
mod ekteskap;
mod endring;
mod familie;
mod farskap;
mod felles;
mod foedsel;
mod foedselsretting;
mod innflytting;
mod nummerbytte;
mod opphav;
mod papirer;
mod person;
mod posten;
mod rekvisisjon;
mod statsborgerskap;
mod verb;

use serde_json::Value;

use crate::Feil;
use crate::ressurs::Slag;
use crate::sak::{Gang, Korrigerer, Svar, Vedtak};

pub(crate) use felles::Navn;
pub(crate) use person::grunnlag;

/// Puts a message before the rules of its kind. `korrigerer` is what a message that corrects another found (F8).
pub(crate) async fn behandle(
    gang: &mut Gang<'_, '_>,
    slag: Slag,
    melding: &Value,
    korrigerer: Korrigerer,
) -> Svar<Vedtak> {
    match slag {
        Slag::Doedsfall => doedsfall::doedsfall(gang, les(melding)?).await,
        Slag::AnnulleringAvDoedsfall => doedsfall::annullering(gang, les(melding)?).await,
        Slag::Foedsel => foedsel::foedsel(gang, les(melding)?, korrigerer).await,
        Slag::Vigsel => ekteskap::vigsel(gang, les(melding)?).await,
        Slag::Separasjon => ekteskap::separasjon(gang, les(melding)?).await,
        Slag::Skilsmisse => ekteskap::skilsmisse(gang, les(melding)?).await,
        Slag::Farskap => farskap::farskap(gang, les(melding)?).await,
        Slag::Innflytting => innflytting::innflytting(gang, les(melding)?).await,
        Slag::FlyttemeldingFraPosten => posten::flytting(gang, les(melding)?).await,
        Slag::FnrEndring => endring::fnr_endring(gang, les(melding)?).await,
        Slag::EndringAvDNummerPerson => dnummerendring::dnummer_endring(gang, les(melding)?).await,
        Slag::RekvisisjonAvDNummer => rekvisisjon::rekvisisjon(gang, les(melding)?).await,
        Slag::KontaktopplysningerDoedsbo => doedsbo::doedsbo(gang, les(melding)?).await,
    }
}

fn les<T: serde::de::DeserializeOwned>(melding: &Value) -> Svar<T> {
    Ok(T::deserialize(melding).map_err(Feil::from)?)
}
