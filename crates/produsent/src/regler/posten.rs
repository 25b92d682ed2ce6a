//! Moving notices by the postal service (producer sheet, section 6.9).

use folkeregisteret::modell::{
    Bosted, Bostedsadresse, DeltBosted, DeltBostedValg, Entitet, Hendelsestype, Kontaktadresse,
    KontaktadresseIUtlandet, Personstatus,
};
use serde::Deserialize;
use tid::Date;

use super::adresse::{Post, Vei, hjem, samme_sted};
use super::felles::rimelig;
use super::verb::Verb;
use crate::sak::{Flyttet, Flytting, Gang, Innslag, Kode, P, Stopp, Svar, Vedtak, gjeldende, gjeldende_alle};

/// From this age on somebody moves by themselves.
const MYNDIG: i32 = 18;

#[derive(Deserialize)]
pub(super) struct Flyttemelding {
    forespoersel: Flytteforespoersel,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Flytteforespoersel {
    person_som_flytter: Vec<Flytter>,
    ny_adresse: serde_json::Value,
    samtykke: Vec<Samtykke>,
    adresseendringsidentifikator: String,
    er_annullering: bool,
    innsender: String,
}

#[derive(Deserialize)]
struct Flytter {
    foedselsnummer: String,
}

#[derive(Deserialize)]
struct Samtykke {
    samtykketype: String,
    samtykkeverdi: String,
}

#[derive(Deserialize)]
struct NyAdresse {
    vegadresse: Option<Vei>,
    flyttedato: Date,
}

impl Flytteforespoersel {
    /// Which address may be changed: it takes the consent that goes with what the new one is.
    fn adresse(&self) -> Option<Flyttet> {
        let (_, krever, adresse) = [
            ("vegadresse", "vegadresse", Flyttet::Bostedsadresse),
            ("postboksadresse", "postadresse", Flyttet::Postadresse),
            ("utenlandskPostadresse", "utenlandskAdresse", Flyttet::PostadresseIUtlandet),
        ]
        .into_iter()
        .find(|(felt, ..)| self.ny_adresse.get(felt).is_some())?;
        let gitt = |s: &Samtykke| s.samtykketype == krever && s.samtykkeverdi == "samtykkeErGitt";
        self.samtykke.iter().any(gitt).then_some(adresse)
    }
}

pub(super) async fn flytting(gang: &mut Gang<'_, '_>, m: Flyttemelding) -> Svar<Vedtak> {
    let f = m.forespoersel;
    gang.u.kilde = "posten".to_owned();
    rimelig(gang, f.person_som_flytter.len())?;
    let ny: NyAdresse = super::les(&f.ny_adresse)?;
    let adresse = f.adresse();
    if adresse.is_none() && !f.er_annullering {
        return Ok(Vedtak::REGISTRERT);
    }
    // An annulment too: what it annuls waits for the same day, and came before it.
    if ny.flyttedato > gang.u.i_dag() {
        return Err(Stopp::Vent(ny.flyttedato));
    }
    gang.u.gyldig = ny.flyttedato;
    let Some(adresse) = adresse.filter(|_| !f.er_annullering) else {
        angre(gang, &f).await?;
        return Ok(Vedtak::REGISTRERT);
    };
    let flyttere = flyttere(gang, &f).await?;
    for p in &flyttere {
        gang.dato(ny.flyttedato, *p)?;
    }
    if let Some(vei) = &ny.vegadresse {
        // Nobody can tell which one it is in the cadastre.
        gang.manuelt(!vei.har_husnummer(), Kode::MangelfulleOpplysninger);
        gang.manuelt(vei.kommune().is_none(), Kode::UkjentKommunenummer);
    }
    gang.klar()?;
    let post: Post = super::les(&f.ny_adresse)?;
    for p in flyttere {
        if let Some(vei) = &ny.vegadresse {
            flytt(gang, p, vei, ny.flyttedato)?;
        } else {
            post.registrer(gang, p);
            gang.u.meld(p, Hendelsestype::EndringIKontaktinformasjon);
        }
        let flytting = Flytting { adresse, at: gang.u.at().as_millis(), fra: ny.flyttedato };
        gang.husk_flytting(&f.adresseendringsidentifikator, p, Some(flytting))?;
    }
    Ok(Vedtak::REGISTRERT)
}

/// Those who move: residents without protection who live together. One of the adults among them sent the notice, or
/// somebody who is responsible for the children.
async fn flyttere(gang: &mut Gang<'_, '_>, f: &Flytteforespoersel) -> Svar<Vec<P>> {
    let mut alle = Vec::new();
    for flytter in &f.person_som_flytter {
        let p = gang.person(&flytter.foedselsnummer).await?;
        let bosatt = gang.u.status(p) == Some(Personstatus::Bosatt);
        gang.manuelt(!bosatt, Kode::UgyldigPersonstatus);
        gang.vern(p);
        if !alle.contains(&p) {
            alle.push(p);
        }
    }
    let innsender = gang.person(&f.innsender).await?;
    let i_dag = gang.u.i_dag();
    let voksen = |p: P| gang.u.alder(p, i_dag).is_some_and(|alder| alder >= MYNDIG);
    let har_ansvar = |barn: P| {
        let nummer = gang.u.nummer(barn);
        gjeldende_alle(&gang.u.dok(innsender).foreldreansvar).any(|a| a.ansvarssubjekt == Some(nummer))
    };
    let kan = voksen(innsender)
        && (alle.contains(&innsender) || alle.iter().all(|p| !voksen(*p) && har_ansvar(*p)));
    let bosted = |p: &P| gjeldende(&gang.u.dok(*p).bostedsadresse).map(|b| b.bosted.clone());
    let sammen = alle.windows(2).all(|par| bosted(&par[0]) == bosted(&par[1]));
    gang.manuelt(!kan, Kode::InnsenderHarIkkeEndringsrett);
    gang.manuelt(!sammen, Kode::MotstridendeOpplysninger);
    Ok(alle)
}

fn flytt(gang: &mut Gang<'_, '_>, p: P, vei: &Vei, flyttedato: Date) -> Svar {
    let adresse = vei.innslag().ok_or(Kode::UkjentKommunenummer)?;
    let ny = hjem(gang, p, Bosted::Vegadresse(adresse.clone()), false, flyttedato);
    gang.u.registrer(p, ny, |_| true);
    // A home cannot be shared with itself, nor with nobody knows where.
    gang.u.avslutt(p, |delt: &DeltBosted| match &delt.bosted {
        DeltBostedValg::Vegadresse(delt) => samme_sted(delt, &adresse),
        DeltBostedValg::Matrikkeladresse(_) => false,
        DeltBostedValg::UkjentBosted(_) => true,
    });
    meld_flytting(gang, p);
    Ok(())
}

fn meld_flytting(gang: &mut Gang<'_, '_>, p: P) {
    gang.u.meld_entitet(p, Entitet::Bostedsadresse, Hendelsestype::EndringIBostedsadresse);
    gang.u.meld(p, Hendelsestype::EndringIDeltBosted);
}

/// Undoes a change that is still current, on the same conditions; an unknown one is let be.
async fn angre(gang: &mut Gang<'_, '_>, f: &Flytteforespoersel) -> Svar {
    let ident = &f.adresseendringsidentifikator;
    let mut gjort = Vec::new();
    for flytter in &f.person_som_flytter {
        let p = gang.person(&flytter.foedselsnummer).await?;
        gjort.extend(gang.flytting(ident, p).await?.map(|flytting| (p, flytting)));
    }
    if gjort.is_empty() {
        return Ok(());
    }
    flyttere(gang, f).await?;
    gang.klar()?;
    for (p, flytting) in gjort {
        match flytting.adresse {
            Flyttet::Bostedsadresse => {
                if tilbake::<Bostedsadresse>(gang, p, flytting) {
                    gang.u.gjenaapne(p, flytting.fra, |_: &DeltBosted| true);
                    meld_flytting(gang, p);
                }
            }
            Flyttet::Postadresse => {
                tilbake::<Kontaktadresse>(gang, p, flytting);
                gang.u.meld(p, Hendelsestype::EndringIKontaktinformasjon);
            }
            Flyttet::PostadresseIUtlandet => {
                tilbake::<KontaktadresseIUtlandet>(gang, p, flytting);
                gang.u.meld(p, Hendelsestype::EndringIKontaktinformasjon);
            }
        }
        gang.husk_flytting(ident, p, None)?;
    }
    Ok(())
}

/// Takes away what a notice entered, if it is current still. Tells whether it was.
fn tilbake<T: Innslag>(gang: &mut Gang<'_, '_>, p: P, flytting: Flytting) -> bool {
    let denne =
        |v: &T| v.meta().ajourholdstidspunkt.is_some_and(|at| at.timestamp().as_millis() == flytting.at);
    Verb::Annullere.ta_bort(gang, p, denne)
}
