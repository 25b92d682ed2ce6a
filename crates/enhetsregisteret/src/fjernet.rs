//! What has been removed from disclosure, and proof that it is gone.
//!
//! Removal beats history: of a removed unit nothing may be left but its number and a date, in no version, no search
//! hit, no download, no role and no property. This looks for traces everywhere the register keeps something, rather than trusting
//! the writer that removed it.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::io::ErrorKind;
use std::path::Path;

use journal::{Collection, SharedJournal, Version};
use serde::Serialize;
use sok::{Follower, Index, Query, Request};

use crate::Feil;
use crate::endring::ROLLER;
use crate::import::Innhold;
use crate::lastned::lesing;
use crate::modell::{Dokument, Enhetstype};
use crate::soking::Soking;
use crate::utvidet::personindeks::Personindeks;

const BOLK: usize = 2000;

/// A removed unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fjernet {
    /// `enheter` or `underenheter`.
    pub hva: &'static str,
    /// Its number.
    pub organisasjonsnummer: String,
    /// The date that a look-up tells.
    pub slettedato: String,
    /// When it was removed here.
    pub fjernet: String,
    /// Where something of it is left, in bokmål. Empty: nothing is.
    pub spor: Vec<String>,
}

/// What was looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Rapport {
    /// The removed units, by kind and number.
    pub fjernet: Vec<Fjernet>,
    /// Download files that were read.
    pub filer: u64,
    /// Whether the search was asked.
    pub sok: bool,
    /// Removed units that hold a role in another unit, as that unit's roles are now. They belong to the other unit.
    pub nevnt_i_andres_roller: u64,
}

/// Every index that a unit can be in.
pub struct Indekser {
    enheter: [Soking; 2],
    personer: Personindeks,
}

impl Indekser {
    /// Opens those of a directory.
    ///
    /// # Errors
    /// When it cannot be made or read.
    pub fn open(mappe: &Path) -> Result<Self, Feil> {
        let [enhet, underenhet] = Enhetstype::ALLE;
        let enheter = [Soking::open(mappe, enhet)?, Soking::open(mappe, underenhet)?];
        Ok(Self { enheter, personer: Personindeks::open(mappe)? })
    }
}

/// Every removed unit, with proof. `lastned` is where the download files lie; `indekser`: the search, when nobody else has it open.
///
/// # Errors
/// When the store, the search or a file cannot be read.
pub async fn rapport(
    journal: &SharedJournal,
    lastned: &Path,
    indekser: Option<&Indekser>,
) -> Result<Rapport, Feil> {
    let mut rapport = Rapport { sok: indekser.is_some(), ..Rapport::default() };
    for kind in Enhetstype::ALLE {
        let mut borte = HashMap::new();
        let mut fjernet = Vec::new();
        for gravstein in gravsteiner(journal, kind.samling()).await? {
            borte.insert(gravstein.id, fjernet.len());
            fjernet.push(undersok(journal, kind, &gravstein).await?);
        }
        if let Some(indekser) = indekser {
            let soking = &indekser.enheter[kind as usize];
            let funnet = sok(soking.index(), soking.folger(journal.clone()), &borte).await?;
            merk(&mut fjernet, &borte, funnet, "er et treff i søket");
        }
        let ider: HashSet<u64> = borte.keys().copied().collect();
        let (lest, funnet) = filene(lastned, Innhold::Enheter(kind), &ider).await?;
        rapport.filer += lest;
        merk_filer(&mut fjernet, &borte, funnet);
        if kind == Enhetstype::Enhet {
            let (lest, funnet) = filene(lastned, Innhold::Roller, &ider).await?;
            rapport.filer += lest;
            merk_filer(&mut fjernet, &borte, funnet);
            if let Some(personer) = indekser.map(|indekser| &indekser.personer) {
                let funnet = sok(personer.index(), personer.folger(journal.clone()), &borte).await?;
                merk(&mut fjernet, &borte, funnet, "er i søket etter personer");
            }
            let eiendommer = crate::matrikkel::nevnt(journal, &ider).await?;
            merk(&mut fjernet, &borte, eiendommer, "står i matrikkelen");
            rapport.nevnt_i_andres_roller = nevnt(journal, &ider).await?;
        }
        rapport.fjernet.append(&mut fjernet);
    }
    Ok(rapport)
}

fn merk(
    fjernet: &mut [Fjernet],
    borte: &HashMap<u64, usize>,
    funnet: impl IntoIterator<Item = u64>,
    spor: &str,
) {
    for id in funnet {
        if let Some(fjernet) = borte.get(&id).and_then(|plass| fjernet.get_mut(*plass)) {
            fjernet.spor.push(spor.to_owned());
        }
    }
}

fn merk_filer(fjernet: &mut [Fjernet], borte: &HashMap<u64, usize>, funnet: Vec<(u64, String)>) {
    for (id, fil) in funnet {
        merk(fjernet, borte, [id], &format!("står i {fil}"));
    }
}

async fn gravsteiner(journal: &SharedJournal, samling: Collection) -> Result<Vec<Version>, Feil> {
    let hode = journal.head().await?;
    let (mut funnet, mut etter) = (Vec::new(), None);
    loop {
        let bolk = journal.scan(samling, hode, etter, BOLK).await?;
        etter = bolk.last().map(|v| v.id);
        let slutt = bolk.len() < BOLK;
        funnet.extend(bolk.into_iter().filter(|v| v.removed));
        if slutt {
            return Ok(funnet);
        }
    }
}

/// What the store has of one: all its versions, and its roles'.
async fn undersok(journal: &SharedJournal, kind: Enhetstype, gravstein: &Version) -> Result<Fjernet, Feil> {
    let dokument = Dokument::les(&gravstein.body)?;
    let mut spor = Vec::new();
    if dokument.felter.iter().any(|(navn, _)| !matches!(navn.as_ref(), "organisasjonsnummer" | "slettedato"))
    {
        spor.push("gravsteinen forteller mer enn nummer og dato".to_owned());
    }
    let versjoner = journal.versions(kind.samling(), gravstein.id).await?;
    if versjoner.len() != 1 {
        spor.push(format!("har {} versjoner i lageret", versjoner.len()));
    }
    if kind == Enhetstype::Enhet && journal.versions(ROLLER, gravstein.id).await?.iter().any(|v| !v.removed) {
        spor.push("har roller i lageret".to_owned());
    }
    Ok(Fjernet {
        hva: kind.flertall(),
        organisasjonsnummer: format!("{:09}", gravstein.id),
        slettedato: dokument.som("slettedato").unwrap_or_default(),
        fjernet: gravstein.at.to_string(),
        spor,
    })
}

/// Which of them an index has, having brought it up to date. An index that is not built has no hits.
async fn sok(index: &Index, mut folger: Follower, borte: &HashMap<u64, usize>) -> Result<Vec<u64>, Feil> {
    if index.fault().is_some() {
        return Ok(Vec::new());
    }
    folger.catch_up().await?;
    let (index, ider) = (index.clone(), borte.keys().copied().collect::<Vec<u64>>());
    let funnet = tokio::task::spawn_blocking(move || -> Result<_, Feil> {
        let mut funnet = Vec::new();
        for bolk in ider.chunks(1000) {
            let query = Query::Ids(bolk.to_vec());
            funnet.extend(index.search(&Request { query, sort: vec![], offset: 0, limit: bolk.len() })?.ids);
        }
        Ok(funnet)
    });
    funnet.await.map_err(|_| Feil::Avbrutt)?
}

/// Reads the files of a kind that lie on disk; how many, and which of the numbers have a record in which.
async fn filene(
    lastned: &Path,
    innhold: Innhold,
    ider: &HashSet<u64>,
) -> Result<(u64, Vec<(u64, String)>), Feil> {
    let (lastned, ider) = (lastned.to_owned(), ider.clone());
    let lest = tokio::task::spawn_blocking(move || -> Result<_, Feil> {
        let (mut filer, mut funnet) = (0, Vec::new());
        let Ok(mappe) = std::fs::read_dir(&lastned) else { return Ok((0, funnet)) };
        for fil in mappe.flatten() {
            let mut her = BTreeSet::new();
            let ta = |nummer: &str| her.extend(nummer.parse().ok().filter(|id| ider.contains(id)));
            match lesing::numre(&fil.path(), innhold, ta) {
                Ok(er_en) => filer += u64::from(er_en),
                // A newer one took its place meanwhile.
                Err(Feil::Fil(feil)) if feil.kind() == ErrorKind::NotFound => {}
                Err(feil) => return Err(feil),
            }
            let navn = fil.file_name().to_string_lossy().into_owned();
            funnet.extend(her.into_iter().map(|id| (id, navn.clone())));
        }
        Ok((filer, funnet))
    });
    lest.await.map_err(|_| Feil::Avbrutt)?
}

/// How many of the numbers stand as holders of roles in other units.
async fn nevnt(journal: &SharedJournal, ider: &HashSet<u64>) -> Result<u64, Feil> {
    const NOKKEL: &[u8] = b"\"organisasjonsnummer\":\"";
    let hode = journal.head().await?;
    let (mut nevnt, mut etter) = (HashSet::new(), None);
    loop {
        let bolk = journal.scan(ROLLER, hode, etter, BOLK).await?;
        for versjon in bolk.iter().filter(|v| !v.removed) {
            for (plass, _) in versjon.body.windows(NOKKEL.len()).enumerate().filter(|(_, bit)| *bit == NOKKEL)
            {
                let siffer = versjon.body.get(plass + NOKKEL.len()..plass + NOKKEL.len() + 9);
                let id = siffer.and_then(|s| std::str::from_utf8(s).ok()?.parse::<u64>().ok());
                nevnt.extend(id.filter(|id| ider.contains(id)));
            }
        }
        etter = bolk.last().map(|v| v.id);
        if bolk.len() < BOLK {
            return Ok(nevnt.len() as u64);
        }
    }
}
