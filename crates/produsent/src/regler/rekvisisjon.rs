//! Requisition of D-numbers (producer sheet, section 6.12).

use folkeregisteret::modell::{
    Folkeregisterpersonstatus, Hendelsestype, Identitetsgrunnlagstatus, Oppholdsadresse, Oppholdssted,
    Personkjoenn, Personstatus,
};
use identifikator::Slag;
use serde::Deserialize;
use tid::Date;

use super::dublett::{dubletter, gjoer_kjent};
use super::felles::{Gaard, Identifikasjon, Navn, Vei, gradering, kjoenn, navn_i_registeret};
use super::foedsel::{identifikator, tildel};
use super::innflytting::{Post, foedsel, grunnlag, papirer, postadresse, statsborgerskap};
use crate::sak::{Begrunnelse, Beslutning, Gang, Kode, P, Stopp, Svar, Vedtak, alder, gjeldende};

#[derive(Deserialize)]
pub(super) struct Rekvisisjon {
    forespoersel: Rekvisisjonsforespoersel,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rekvisisjonsforespoersel {
    kandidat: Rekvirert,
    kilde: String,
    #[serde(default)]
    identifikasjon: Vec<Identifikasjon>,
    identitetskontroll_kreves: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rekvirert {
    navn: Navn,
    foedselsdato_er_kjent: bool,
    foedselsdato: Date,
    foedeland: Option<String>,
    kjoenn: String,
    oppholdsadresse: Option<Sted>,
    postadresse: Option<Post>,
    postadresse_i_utlandet: Option<Post>,
    statsborgerskap: Vec<String>,
    har_ukjent_oppholdsadresse: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Sted {
    vegadresse: Option<Vei>,
    matrikkeladresse: Option<Gaard>,
    er_klientadresse: bool,
    oppholdsadressedato: Date,
}

/// Years that nobody has lived.
const ALDER_MAKS: i32 = 130;

pub(super) async fn rekvisisjon(gang: &mut Gang<'_, '_>, m: Rekvisisjon) -> Svar<Vedtak> {
    let f = m.forespoersel;
    let k = &f.kandidat;
    gang.u.kilde.clone_from(&f.kilde);
    kan_rekvireres(gang, &f)?;
    dublettkontroll(gang, &f).await?;
    gang.klar()?;
    let tildelt = tildel(gang, Slag::DNummer, k.foedselsdato, kjoenn(&k.kjoenn)).await?;
    let p = gang.u.ny(tildelt.nummer);
    identifikator(gang, p, &tildelt);
    let ny = Folkeregisterpersonstatus { meta: gang.u.meta(), status: Personstatus::Midlertidig };
    gang.u.registrer(p, ny, |_| true);
    let ny = k.navn.innslag(gang);
    gang.u.registrer(p, ny, |_| true);
    if let Some(kjoenn) = kjoenn(&k.kjoenn) {
        let ny = Personkjoenn { meta: gang.u.meta(), kjoenn };
        gang.u.registrer(p, ny, |_| true);
    }
    let dato = k.foedselsdato_er_kjent.then_some(k.foedselsdato);
    let ny = foedsel(gang, dato, k.foedselsdato, k.foedeland.as_ref(), None);
    gang.u.registrer(p, ny, |_| true);
    statsborgerskap(gang, p, &k.statsborgerskap);
    if let Some(sted) = &k.oppholdsadresse {
        oppholdsadresse(gang, p, sted);
    } else if k.har_ukjent_oppholdsadresse {
        ukjent_oppholdsadresse(gang, p);
    }
    for post in [&k.postadresse, &k.postadresse_i_utlandet].into_iter().flatten() {
        postadresse(gang, p, post);
    }
    let kontroll = f.identitetskontroll_kreves;
    let status = if kontroll {
        Identitetsgrunnlagstatus::IkkeKontrollert
    } else {
        Identitetsgrunnlagstatus::IngenStatus
    };
    grunnlag(gang, p, status);
    papirer(gang, p, &f.identifikasjon);
    gang.u.meld(p, Hendelsestype::PersonErOpprettet);
    gjoer_kjent(gang, p, &k.navn, k.foedselsdato, &f.identifikasjon);
    Ok(Vedtak { beslutning: Beslutning::Godkjent, tildelt: Some(tildelt), ..Vedtak::REGISTRERT })
}

/// R6, R7 and R8: refusals in words, as the contract has them.
fn kan_rekvireres(gang: &Gang<'_, '_>, f: &Rekvisisjonsforespoersel) -> Svar {
    let k = &f.kandidat;
    let grunn = |kode, tekst: &str| Begrunnelse::med(kode, tekst);
    gang.avvis(k.foedselsdato > gang.u.i_dag(), grunn(Kode::FremtidigDato, "Fødselsdatoen er frem i tid"))?;
    let for_gammel = alder(k.foedselsdato, gang.u.i_dag()) > ALDER_MAKS;
    gang.avvis(for_gammel, grunn(Kode::UgyldigMelding, "Fødselsdatoen er for langt tilbake i tid"))?;
    let begge = k.har_ukjent_oppholdsadresse && k.oppholdsadresse.is_some();
    let tekst = "Oppholdsadresse er både oppgitt og ukjent";
    gang.avvis(begge, grunn(Kode::MotstridendeOpplysninger, tekst))?;
    let har_papir = f.identifikasjon.iter().any(|i| {
        let bekreftet = i.identitetsbekreftelse.as_ref().is_some_and(|b| b.identitet_er_bekreftet);
        i.dokumentgrunnlag.is_some() || bekreftet || i.identifikasjonsdokument_mangler
    });
    gang.avvis(!har_papir, grunn(Kode::MangelfulleOpplysninger, "Identifikasjonsdokument mangler"))?;
    gang.avvis(!k.navn.passer(), grunn(Kode::UgyldigMelding, "Navn er lengre enn 200 tegn"))
}

/// R1 to R5.
async fn dublettkontroll(gang: &mut Gang<'_, '_>, f: &Rekvisisjonsforespoersel) -> Svar {
    let k = &f.kandidat;
    let kjente = dubletter(gang, &k.navn, k.foedselsdato, &f.identifikasjon).await?;
    let samme = |gang: &Gang<'_, '_>, p: P| {
        let navn = navn_i_registeret(gang, p).is_some_and(|navn| navn == k.navn.normalisert());
        let foedt = gjeldende(&gang.u.dok(p).foedsel);
        navn && foedt.is_some_and(|f| f.foedselsdato.is_none_or(|dato| dato == k.foedselsdato))
    };
    for (funnet, tekst, kode) in [
        (kjente.duf, "DUF-nummer er i bruk", Kode::DufNummerIBruk),
        (kjente.papir, "Personen har identifikasjonsnummer fra før", Kode::MuligDublett),
    ] {
        let Some(p) = funnet else { continue };
        if samme(gang, p) && !gang.overstyrt {
            let har = gang.u.nummer(p).verdi();
            return Err(Stopp::Nei(Beslutning::Avvist, Begrunnelse::med(kode, tekst), Some(har)));
        }
        gang.manuelt(true, kode);
    }
    gang.manuelt(kjente.navn.is_some(), Kode::MuligDublett);
    gang.manuelt(k.statsborgerskap.iter().any(|land| land == "NOR"), Kode::MuligDublett);
    Ok(())
}

/// A place of stay.
pub(super) fn oppholdsadresse(gang: &mut Gang<'_, '_>, p: P, sted: &Sted) {
    let veg = sted.vegadresse.as_ref().and_then(Vei::innslag).map(Oppholdssted::Vegadresse);
    let gaard = sted.matrikkeladresse.as_ref().and_then(Gaard::innslag).map(Oppholdssted::Matrikkeladresse);
    let ny = Oppholdsadresse {
        meta: gang.u.meta(),
        oppholdssted: veg.or(gaard).unwrap_or(Oppholdssted::AdressenErUkjent(true)),
        adresse_identifikator_fra_matrikkelen: None,
        adressegradering: gradering(gang, p, sted.er_klientadresse),
        oppholdsadressedato: Some(sted.oppholdsadressedato),
        opphold_annet_sted: None,
    };
    gang.u.registrer(p, ny, |_| true);
}

/// A place of stay that nobody knows.
pub(super) fn ukjent_oppholdsadresse(gang: &mut Gang<'_, '_>, p: P) {
    let ny = Oppholdsadresse {
        meta: gang.u.meta(),
        oppholdssted: Oppholdssted::AdressenErUkjent(true),
        adresse_identifikator_fra_matrikkelen: None,
        adressegradering: gradering(gang, p, false),
        oppholdsadressedato: None,
        opphold_annet_sted: None,
    };
    gang.u.registrer(p, ny, |_| true);
}
