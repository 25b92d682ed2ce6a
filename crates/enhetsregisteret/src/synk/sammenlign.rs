//! Whether a copy is true: its documents against the upstream's.
//!
//! Everything is compared with the total files, or a sample with look-ups. A file is older than the copy, so what
//! differs there is only suspected: it is looked up by number, and counts as a fault when it still differs and the
//! upstream has no event on its way about it. Works on a store that another process is writing to.

use std::collections::HashMap;
use std::sync::Arc;

use identifikator::Organisasjonsnummer;
use journal::{AsOf, SharedJournal, Version};
use serde::Serialize;
use serde_json::Value;
use tid::Random;
use tokio::task::JoinSet;

use super::markor::{self, STROMMER, Sted};
use super::oppstroms::{Oppstroms, Svar};
use super::{Synkoppsett, folge, grunnlag, nedlasting};
use crate::Feil;
use crate::endring::{ENHETER, INGEN_ROLLER, Melding, ROLLER};
use crate::import::{Innhold, Poster};
use crate::modell::{Dokument, Enhetstype, Versjon, dokument};
use crate::representasjon::{self, Form};

/// Suspects looked up at the same time; the upstream's own limit on calls comes on top.
const SAMTIDIG: usize = 64;
/// Faults told of by number.
const MAKS_VIST: usize = 100;
/// Local documents read at a time.
const BOLK: usize = 2000;

/// One document that is not as it is upstream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Avvik {
    /// The kind of document: `enheter`, `underenheter`, `roller`.
    pub hva: &'static str,
    /// Whose.
    pub organisasjonsnummer: String,
    /// What is wrong with it, in bokmål.
    pub feil: String,
}

/// What a comparison found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Sammenligning {
    /// Documents compared.
    pub sammenlignet: u64,
    /// Those that differ because the upstream has events that the copy has not come to yet.
    pub underveis: u64,
    /// Those that are wrong.
    pub antall_avvik: u64,
    /// The first of them.
    pub avvik: Vec<Avvik>,
}

/// Compares a copy with its upstream: everything, or about `utvalg` documents of each kind.
///
/// # Errors
/// When the store or the upstream fails.
pub async fn sammenlign(
    journal: &SharedJournal,
    oppsett: &Synkoppsett,
    tilfeldig: Arc<dyn Random>,
    utvalg: Option<u64>,
    framdrift: &(dyn Fn(u64) + Send + Sync),
) -> Result<Sammenligning, Feil> {
    let oppstroms = Arc::new(Oppstroms::ny(oppsett, tilfeldig.clone())?);
    let mut ut = Sammenligning::default();
    for strom in STROMMER {
        let mistenkte = match utvalg {
            Some(antall) => {
                let valgte = trekk(journal, strom, antall, &*tilfeldig).await?;
                ut.sammenlignet += valgte.len() as u64;
                valgte
            }
            None => mot_filen(journal, &oppstroms, strom, &mut ut, framdrift).await?,
        };
        avgjor(journal, &oppstroms, strom, &mistenkte, &mut ut).await?;
        framdrift(ut.sammenlignet);
    }
    Ok(ut)
}

const fn samling(strom: Innhold) -> journal::Collection {
    match strom {
        Innhold::Enheter(kind) => kind.samling(),
        Innhold::Roller => ROLLER,
    }
}

/// Documents of the copy drawn by lot: the first one from a random number on, again and again.
async fn trekk(
    journal: &SharedJournal,
    strom: Innhold,
    antall: u64,
    tilfeldig: &dyn Random,
) -> Result<Vec<Organisasjonsnummer>, Feil> {
    let hode = journal.head().await?;
    let forste = journal.scan(samling(strom), hode, None, 1).await?;
    let Some(lavest) = forste.first().map(|v| v.id) else { return Ok(Vec::new()) };
    let spenn = 1_000_000_000_u64.saturating_sub(lavest).max(1);
    let mut valgte = std::collections::BTreeSet::new();
    for _ in 0..antall {
        let mut byte = [0u8; 8];
        tilfeldig.fill(&mut byte);
        let etter = lavest + u64::from_le_bytes(byte) % spenn;
        let funnet = journal.scan(samling(strom), hode, Some(etter), 1).await?;
        valgte.insert(funnet.first().map_or(lavest, |v| v.id));
    }
    Ok(valgte.into_iter().filter_map(nummer_av).collect())
}

fn nummer_av(id: u64) -> Option<Organisasjonsnummer> {
    u32::try_from(id).ok().and_then(Organisasjonsnummer::fra_verdi)
}

/// Those that differ from the total file, are missing here, or are here and not there.
async fn mot_filen(
    journal: &SharedJournal,
    oppstroms: &Arc<Oppstroms>,
    strom: Innhold,
    ut: &mut Sammenligning,
    framdrift: &(dyn Fn(u64) + Send + Sync),
) -> Result<Vec<Organisasjonsnummer>, Feil> {
    let fil = nedlasting::begynn(oppstroms, grunnlag::rute(strom)).await?;
    let mut bunter = Poster::les(fil.leser, strom);
    let (mut mistenkte, mut sett) = (Vec::new(), Vec::new());
    while let Some(bunt) = bunter.neste().await {
        let poster: Vec<(Organisasjonsnummer, Melding)> =
            bunt?.into_iter().filter_map(|(_, post)| post.ok()).collect();
        let ider: Vec<u64> = poster.iter().map(|(orgnr, _)| orgnr.verdi().into()).collect();
        let her = journal.get_many(samling(strom), &ider, AsOf::Now).await?;
        for ((orgnr, melding), her) in poster.into_iter().zip(her) {
            sett.push(orgnr.verdi());
            if !er_lik(her.as_ref(), &melding, true)? {
                mistenkte.push(orgnr);
            }
        }
        ut.sammenlignet += ider.len() as u64;
        framdrift(ut.sammenlignet);
    }
    sett.sort_unstable();
    let mut etter = None;
    let hode = journal.head().await?;
    loop {
        let bolk = journal.scan(samling(strom), hode, etter, BOLK).await?;
        for versjon in levende(journal, strom, &bolk).await? {
            let Some(orgnr) = nummer_av(versjon.id) else { continue };
            if sett.binary_search(&orgnr.verdi()).is_err() {
                ut.sammenlignet += 1;
                mistenkte.push(orgnr);
            }
        }
        etter = bolk.last().map(|v| v.id);
        if bolk.len() < BOLK {
            return Ok(mistenkte);
        }
    }
}

/// Those that would be in a total file.
async fn levende<'a>(
    journal: &SharedJournal,
    strom: Innhold,
    bolk: &'a [Version],
) -> Result<Vec<&'a Version>, Feil> {
    let ider: Vec<u64> = bolk.iter().map(|v| v.id).collect();
    let enheter = match strom {
        Innhold::Roller => journal.get_many(ENHETER, &ider, AsOf::Now).await?,
        Innhold::Enheter(_) => vec![None; ider.len()],
    };
    let mut ut = Vec::with_capacity(bolk.len());
    for (versjon, enhet) in bolk.iter().zip(enheter) {
        let borte = |v: &Version| Ok::<_, Feil>(v.removed || Dokument::les(&v.body)?.er_slettet());
        let enheten_borte = enhet.as_ref().map_or(Ok(false), borte)?;
        if !borte(versjon)? && !enheten_borte && versjon.body != INGEN_ROLLER {
            ut.push(versjon);
        }
    }
    Ok(ut)
}

/// Looks every suspect up and counts.
async fn avgjor(
    journal: &SharedJournal,
    oppstroms: &Arc<Oppstroms>,
    strom: Innhold,
    mistenkte: &[Organisasjonsnummer],
    ut: &mut Sammenligning,
) -> Result<(), Feil> {
    for bolk in mistenkte.chunks(SAMTIDIG) {
        let mut oppgaver = JoinSet::new();
        for orgnr in bolk.iter().copied() {
            let (journal, oppstroms) = (journal.clone(), oppstroms.clone());
            oppgaver.spawn(async move { (orgnr, dom(&journal, &oppstroms, strom, orgnr).await) });
        }
        let mut dommer: HashMap<Organisasjonsnummer, Dom> = HashMap::new();
        while let Some(ferdig) = oppgaver.join_next().await {
            let (orgnr, dom) = ferdig.map_err(|_| Feil::Avbrutt)?;
            dommer.insert(orgnr, dom?);
        }
        for orgnr in bolk {
            match dommer.remove(orgnr) {
                Some(Dom::Underveis) => ut.underveis += 1,
                Some(Dom::Feil(feil)) => {
                    ut.antall_avvik += 1;
                    if ut.avvik.len() < MAKS_VIST {
                        let organisasjonsnummer = orgnr.to_string();
                        ut.avvik.push(Avvik { hva: strom.ord(), organisasjonsnummer, feil });
                    }
                }
                Some(Dom::Lik) | None => {}
            }
        }
    }
    Ok(())
}

enum Dom {
    Lik,
    Underveis,
    Feil(String),
}

/// One document here against the same one upstream, now.
async fn dom(
    journal: &SharedJournal,
    oppstroms: &Oppstroms,
    strom: Innhold,
    orgnr: Organisasjonsnummer,
) -> Result<Dom, Feil> {
    let svar = folge::nummer(oppstroms, strom, orgnr).await?;
    let Some(feil) = forskjell(journal, strom, orgnr, &svar).await? else { return Ok(Dom::Lik) };
    if paa_vei(journal, oppstroms, strom, orgnr).await? {
        return Ok(Dom::Underveis);
    }
    // The event may have been taken between the look-up here and the question about it.
    let svar = folge::nummer(oppstroms, strom, orgnr).await?;
    Ok(match forskjell(journal, strom, orgnr, &svar).await? {
        None => Dom::Lik,
        Some(_) if paa_vei(journal, oppstroms, strom, orgnr).await? => Dom::Underveis,
        Some(_) => Dom::Feil(feil),
    })
}

/// Whether the upstream has an event about it that the copy has not come to.
async fn paa_vei(
    journal: &SharedJournal,
    oppstroms: &Oppstroms,
    strom: Innhold,
    orgnr: Organisasjonsnummer,
) -> Result<bool, Feil> {
    let etter = markor::les(journal, strom).await?.map_or(Sted::Id(0), |lagret| lagret.markor.sted);
    Ok(oppstroms.har_hendelse_om(strom, etter, orgnr).await?)
}

/// What is wrong with the copy's document, if anything.
async fn forskjell(
    journal: &SharedJournal,
    strom: Innhold,
    orgnr: Organisasjonsnummer,
    svar: &Svar,
) -> Result<Option<String>, Feil> {
    let id = orgnr.verdi().into();
    let lest = journal.get(samling(strom), id, AsOf::Now).await?;
    let fjernet = lest.as_ref().is_some_and(|v| v.removed);
    let her = match (&lest, strom) {
        (Some(versjon), Innhold::Roller) => {
            levende(journal, strom, std::slice::from_ref(versjon)).await?.pop()
        }
        (versjon, _) => versjon.as_ref().filter(|v| !v.removed),
    };
    Ok(match (svar, her) {
        (Svar::Fjernet(_), _) if lest.is_none() || fjernet => None,
        (Svar::Fjernet(_), _) => Some("fjernet oppstrøms, men ikke her".to_owned()),
        (Svar::Ukjent, None) => None,
        (Svar::Ukjent, Some(_)) => Some("finnes ikke oppstrøms".to_owned()),
        (Svar::Funnet(kropp), her) => {
            let melding = folge::tolk(strom, orgnr, kropp)?;
            // What was deleted before the copy began was never told to it.
            let slettet =
                matches!(&melding, Melding::Enhet { enhet, .. } if Dokument::les(&enhet.json)?.er_slettet());
            match her {
                None if slettet && lest.is_none() => None,
                None => Some("mangler her".to_owned()),
                Some(her) if er_lik(Some(her), &melding, false)? => None,
                Some(_) => Some("har annet innhold oppstrøms".to_owned()),
            }
        }
    })
}

/// Whether a document is the same here as in an answer. Version 2, which the upstream is asked for, hides small
/// numbers of employees, and files lack the date a business was closed; neither is a difference.
fn er_lik(her: Option<&Version>, melding: &Melding, i_fil: bool) -> Result<bool, Feil> {
    let Some(her) = her.filter(|v| !v.removed) else { return Ok(false) };
    let (kind, der) = match melding {
        Melding::Enhet { kind, enhet } => (*kind, &enhet.json),
        Melding::Roller { roller: Some(roller), .. } => {
            return Ok(her.body == *roller || som_tre(&her.body)? == som_tre(roller)?);
        }
        _ => return Ok(false),
    };
    if her.body == *der {
        return Ok(true);
    }
    let mut vist = Vec::with_capacity(her.body.len());
    let form = Form { versjon: Versjon::V2, utvidet: true };
    representasjon::enhet_i_fil(&mut vist, &her.body, kind, form)?;
    let (mut a, mut b) = (som_tre(&dokument::kanoniser(&vist, kind)?.json)?, som_tre(der)?);
    for tre in [&mut a, &mut b] {
        if let (Some(objekt), Enhetstype::Underenhet, true) = (tre.as_object_mut(), kind, i_fil) {
            objekt.shift_remove("nedleggelsesdato");
        }
    }
    Ok(a == b)
}

/// Without regard to the order of keys.
fn som_tre(json: &[u8]) -> Result<Value, Feil> {
    Ok(serde_json::from_slice(json)?)
}
