//! Documents of sub-units.

use enhetsregisteret::modell::enhet::HistoriskNavn;
use enhetsregisteret::modell::{Adresse, Slettet, Underenhet};

use crate::enhetsdok::{self, tidspunkt};
use crate::kalender::{Parti, dato};
use crate::koder;
use crate::liv::har_mva;
use crate::naering;
use crate::nasjon::{self, Nasjon};
use crate::navn;
use crate::plan::Plan;
use crate::sted;
use crate::terning::Merke;
use crate::tilstand::{Tilstand, Undertilstand};

/// The form of the sub-units of a unit: traders and the public have `BEDR`, the others `AAFY`.
fn form(plan: &Plan) -> &'static str {
    match plan.form.kode {
        "FLI" | "BRL" | "ESEK" | "SAM" | "PERS" | "IKJP" | "STI" => "AAFY",
        _ => "BEDR",
    }
}

/// A sub-unit in a state. `foerste` is the running number of its parent's first sub-unit.
pub(crate) fn underenhet(
    nasjon: &Nasjon,
    plan: &Plan,
    tilstand: &Tilstand,
    nr: u8,
    foerste: u32,
) -> Underenhet {
    let under = &tilstand.under[usize::from(nr)];
    let koder = naering::koder(plan, 0);
    let naering = |i: usize| koder.koder[i].map(koder::naeringskode);
    let navn = navn::underenhet(nasjon, plan, nr, under.morsnavn, under.eget_navn);
    let kontakt = enhetsdok::kontakt(plan, Merke::UnderKontakt, u32::from(nr), &navn);
    let ansatte_dag = under.ansatte.map(|_| dato(under.ansatte_dag));
    let mut t = plan.terning.gren(Merke::UnderKontakt, 1000 + u32::from(nr));
    let oppstart = dato(under.registrert - t.mellom(0, 45));
    Underenhet {
        organisasjonsnummer: nasjon::undernummer(foerste, nr).to_string(),
        navn,
        organisasjonsform: koder::organisasjonsform(form(plan)),
        historiske_navn: historiske_navn(nasjon, plan, under, nr),
        hjemmeside: kontakt.hjemmeside,
        postadresse: t.promille(120).then(|| sted::adresse(&mut t, plan.hjemsted(), true)),
        registreringsdato_enhetsregisteret: dato(under.registrert),
        registrert_i_mvaregisteret: har_mva(plan),
        frivillig_mva_registrert_beskrivelser: Vec::new(),
        naeringskode1: naering(0),
        naeringskode2: naering(1),
        naeringskode3: naering(2),
        hjelpeenhetskode: koder.hjelp.map(koder::naeringskode),
        antall_ansatte: under.ansatte,
        har_registrert_antall_ansatte: under.ansatte.is_some(),
        overordnet_enhet: Some(nasjon::nummer(plan.slot).to_string()),
        registreringsdato_antall_ansatte_enhetsregisteret: ansatte_dag,
        registreringsdato_antall_ansatte_nav_aaregisteret: ansatte_dag,
        epostadresse: kontakt.epost,
        telefon: kontakt.telefon,
        mobil: kontakt.mobil,
        oppstartsdato: t.promille(970).then_some(oppstart),
        dato_eierskifte: under.eierskifte.map(dato),
        beliggenhetsadresse: beliggenhet(nasjon, plan, nr, under.adresse),
        nedleggelsesdato: under.nedlagt.map(dato),
    }
}

/// Where it is: the first sub-unit at the parent's first address, the others where chance puts them.
fn beliggenhet(nasjon: &Nasjon, plan: &Plan, nr: u8, versjon: u8) -> Option<Adresse> {
    if nr == 0 && versjon == 0 {
        let mors = enhetsdok::forretningsadresse(nasjon, plan, 0);
        if mors.as_ref().is_some_and(|a| a.kommune.is_some()) {
            return mors;
        }
    }
    let mut t = plan.terning.gren(Merke::UnderAdresse, u32::from(nr) << 8 | u32::from(versjon));
    let naer = plan.er_kommune() || t.promille(600);
    let sted = if naer { plan.hjemsted() } else { sted::trekk(&mut t) };
    Some(sted::adresse(&mut t, sted, false))
}

fn historiske_navn(nasjon: &Nasjon, plan: &Plan, under: &Undertilstand, nr: u8) -> Vec<HistoriskNavn> {
    let mut fra = nasjon.kalender().at(under.registrert, Parti::Natt, 0);
    let mut navn = Vec::with_capacity(under.navnebytter.len());
    for (morsnavn, eget, til) in &under.navnebytter {
        navn.push(HistoriskNavn {
            navn: navn::underenhet(nasjon, plan, nr, *morsnavn, *eget),
            fra_dato: tidspunkt(fra),
            til_dato: tidspunkt(*til),
        });
        fra = *til;
    }
    navn
}

/// What is left of a deleted sub-unit.
pub(crate) fn slettet(nasjon: &Nasjon, plan: &Plan, tilstand: &Tilstand, nr: u8, foerste: u32) -> Slettet {
    let under = &tilstand.under[usize::from(nr)];
    Slettet {
        organisasjonsnummer: nasjon::undernummer(foerste, nr).to_string(),
        navn: navn::underenhet(nasjon, plan, nr, under.morsnavn, under.eget_navn),
        organisasjonsform: koder::organisasjonsform(form(plan)),
        historiske_navn: historiske_navn(nasjon, plan, under, nr),
        slettedato: dato(under.slettet.unwrap_or_default()),
        nedleggelsesdato: under.nedlagt.map(dato),
    }
}
