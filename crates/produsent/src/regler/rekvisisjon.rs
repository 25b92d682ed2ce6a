//! Requisition of D-numbers (producer sheet, section 6.12).

use folkeregisteret::modell::{Hendelsestype, Identitetsgrunnlagstatus, Personstatus};
use identifikator::Slag;
use serde::Deserialize;
use tid::Date;

use super::adresse::{Oppholdsplass, Post, ukjent_opphold};
use super::dublett::Kandidat;
use super::felles::{Navn, kjoenn, rimelig};
use super::foedsel::{identifikator, tildel};
use super::papirer::{Identifikasjon, papirer};
use super::person::{Foedt, grunnlag, navn_og_kjoenn, status};
use super::statsborgerskap;
use crate::sak::{Begrunnelse, Beslutning, Gang, Kode, P, Stopp, Svar, Vedtak, alder};

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
    oppholdsadresse: Option<Oppholdsplass>,
    postadresse: Option<Post>,
    postadresse_i_utlandet: Option<Post>,
    statsborgerskap: Vec<String>,
    har_ukjent_oppholdsadresse: bool,
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
    status(gang, p, Personstatus::Midlertidig);
    navn_og_kjoenn(gang, p, &k.navn, kjoenn(&k.kjoenn));
    let dato = k.foedselsdato_er_kjent.then_some(k.foedselsdato);
    Foedt { dato, aar: k.foedselsdato, land: k.foedeland.as_ref(), sted: None }.registrer(gang, p);
    statsborgerskap::bare(gang, p, &k.statsborgerskap);
    adresser(gang, p, k);
    grunnlag(
        &mut gang.u,
        p,
        if f.identitetskontroll_kreves {
            Identitetsgrunnlagstatus::IkkeKontrollert
        } else {
            Identitetsgrunnlagstatus::IngenStatus
        },
    );
    papirer(gang, p, &f.identifikasjon);
    gang.u.meld(p, Hendelsestype::PersonErOpprettet);
    Ok(Vedtak { beslutning: Beslutning::Godkjent, tildelt: Some(tildelt), ..Vedtak::REGISTRERT })
}

fn adresser(gang: &mut Gang<'_, '_>, p: P, k: &Rekvirert) {
    let opphold = match &k.oppholdsadresse {
        Some(sted) => Some(sted.innslag(gang, p)),
        None => k.har_ukjent_oppholdsadresse.then(|| ukjent_opphold(gang, p)),
    };
    if let Some(opphold) = opphold {
        gang.u.registrer(p, opphold, |_| true);
    }
    for post in [&k.postadresse, &k.postadresse_i_utlandet].into_iter().flatten() {
        post.registrer(gang, p);
    }
}

/// C3, R6, R7 and R8: refusals in words, as the contract has them.
fn kan_rekvireres(gang: &Gang<'_, '_>, f: &Rekvisisjonsforespoersel) -> Svar {
    let k = &f.kandidat;
    rimelig(gang, k.statsborgerskap.len())?;
    let i_dag = gang.u.i_dag();
    let har_papir = f.identifikasjon.iter().any(|i| {
        let bekreftet = i.identitetsbekreftelse.as_ref().is_some_and(|b| b.identitet_er_bekreftet);
        i.dokumentgrunnlag.is_some() || bekreftet || i.identifikasjonsdokument_mangler
    });
    let opphold = k.oppholdsadresse.as_ref();
    for (naar, kode, tekst) in [
        (k.foedselsdato > i_dag, Kode::FremtidigDato, "Fødselsdatoen er frem i tid"),
        (
            alder(k.foedselsdato, i_dag) > ALDER_MAKS,
            Kode::UgyldigMelding,
            "Fødselsdatoen er for langt tilbake i tid",
        ),
        (
            opphold.is_some_and(|o| o.oppholdsadressedato > i_dag),
            Kode::FremtidigDato,
            "Oppholdsadressedatoen er frem i tid",
        ),
        (
            opphold.is_some() && k.har_ukjent_oppholdsadresse,
            Kode::MotstridendeOpplysninger,
            "Oppholdsadresse er både oppgitt og ukjent",
        ),
        (
            gang.har_avvik(Kode::VedleggMangler),
            Kode::VedleggMangler,
            "Et vedlegg som meldingen viser til, mangler",
        ),
        (!har_papir, Kode::MangelfulleOpplysninger, "Identifikasjonsdokument mangler"),
        (!k.navn.passer(), Kode::UgyldigMelding, "Navn er lengre enn 200 tegn"),
    ] {
        gang.avvis(naar, Begrunnelse::med(kode, tekst))?;
    }
    Ok(())
}

/// R1 to R5.
async fn dublettkontroll(gang: &mut Gang<'_, '_>, f: &Rekvisisjonsforespoersel) -> Svar {
    let k = &f.kandidat;
    let kandidat = Kandidat { navn: &k.navn, foedt: k.foedselsdato, identifikasjoner: &f.identifikasjon };
    let kjente = kandidat.kjente(gang).await?;
    for (funnet, tekst, kode) in [
        (&kjente.duf, "DUF-nummer er i bruk", Kode::DufNummerIBruk),
        (&kjente.papir, "Personen har identifikasjonsnummer fra før", Kode::MuligDublett),
    ] {
        let samme = funnet.iter().find(|p| kandidat.heter_og_er_foedt(gang.u.dok(**p)));
        if let Some(p) = samme.filter(|_| !gang.overstyrt) {
            let har = gang.u.nummer(*p).verdi();
            return Err(Stopp::Nei(Beslutning::Avvist, Begrunnelse::med(kode, tekst), Some(har)));
        }
        gang.manuelt(!funnet.is_empty(), kode);
    }
    gang.manuelt(!kjente.navn.is_empty(), Kode::MuligDublett);
    gang.manuelt(k.statsborgerskap.iter().any(|land| land == "NOR"), Kode::MuligDublett);
    Ok(())
}
