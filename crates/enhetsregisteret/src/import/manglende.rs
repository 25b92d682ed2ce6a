//! Units that the register has and a newer dump has not: deleted since.
//!
//! A total dump holds every live unit, so what is not in it is gone. But a file that is only a part (a filtered
//! download, a truncated copy) must not empty the register; so without being told, an import takes units away
//! only when few are missing and no record was refused.

use identifikator::Organisasjonsnummer;
use serde_json::value::RawValue;
use tid::{Date, Timestamp};

use super::{Importrapport, Importvalg, Innhold};
use crate::endring::{Datert, Melding, ROLLER};
use crate::modell::dokument::{Kanonisk, skriv_nokkel, skriv_streng};
use crate::modell::{Dokument, Enhetstype};
use crate::{Enhetsregister, Feil};

/// What happens to what a file does not mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Manglende {
    /// Marked as deleted if no record was refused and at most 5 % (or 100) are missing; otherwise kept, and the
    /// report says so.
    #[default]
    Auto,
    /// Marked as deleted.
    Slett,
    /// Kept.
    Behold,
}

/// Percent of the register that may be missing from a file for it still to pass for a total dump.
const MAKS_PROSENT: u64 = 5;
/// A few may always be missing.
const MAKS_FAA: u64 = 100;
const BOLK: usize = 2000;

pub(super) async fn behandle(
    register: &Enhetsregister,
    valg: &Importvalg,
    tid: Timestamp,
    sett: &[u32],
    rapport: &mut Importrapport,
) -> Result<(), Feil> {
    if valg.manglende == Manglende::Behold {
        return Ok(());
    }
    let (mangler, totalt) = finn(register, valg.innhold, sett).await?;
    rapport.manglende = mangler.len() as u64;
    let faa = rapport.manglende <= MAKS_FAA.max(totalt * MAKS_PROSENT / 100);
    // A file without a single good record is no total dump, however small the register.
    let trygt = faa && rapport.avviste == 0 && !sett.is_empty();
    rapport.slettet_manglende = valg.manglende == Manglende::Slett || trygt;
    if !rapport.slettet_manglende {
        return Ok(());
    }
    for bolk in mangler.chunks(BOLK) {
        let meldinger = slettinger(register, valg.innhold, bolk, tid).await?;
        let kvittering = register.skriver().skriv(tid, meldinger, Vec::new()).await?;
        rapport.endrede += kvittering.endrede;
    }
    Ok(())
}

/// The live ones that the file did not mention, and how many live ones there are.
async fn finn(register: &Enhetsregister, innhold: Innhold, sett: &[u32]) -> Result<(Vec<u64>, u64), Feil> {
    let samling = match innhold {
        Innhold::Enheter(kind) => kind.samling(),
        Innhold::Roller => ROLLER,
    };
    let journal = register.journal();
    let seq = journal.head().await?;
    let (mut mangler, mut totalt, mut etter) = (Vec::new(), 0, None);
    loop {
        let bolk = journal.scan(samling, seq, etter, BOLK).await?;
        for versjon in bolk.iter().filter(|v| !v.removed) {
            let lever = match innhold {
                Innhold::Enheter(_) => !Dokument::les(&versjon.body)?.er_slettet(),
                Innhold::Roller => versjon.body != crate::endring::INGEN_ROLLER,
            };
            if !lever {
                continue;
            }
            totalt += 1;
            if u32::try_from(versjon.id).is_ok_and(|id| sett.binary_search(&id).is_err()) {
                mangler.push(versjon.id);
            }
        }
        etter = bolk.last().map(|v| v.id);
        if bolk.len() < BOLK {
            return Ok((mangler, totalt));
        }
    }
}

async fn slettinger(
    register: &Enhetsregister,
    innhold: Innhold,
    ider: &[u64],
    tid: Timestamp,
) -> Result<Vec<Datert>, Feil> {
    let datert = |melding| Datert { at: Some(tid), endringstype: None, melding };
    let orgnr = |id: u64| u32::try_from(id).ok().and_then(Organisasjonsnummer::fra_verdi);
    let Innhold::Enheter(kind) = innhold else {
        return Ok(ider
            .iter()
            .filter_map(|id| orgnr(*id))
            .map(|orgnr| datert(Melding::Roller { orgnr, roller: None }))
            .collect());
    };
    let enheter = register.journal().get_many(kind.samling(), ider, journal::AsOf::Now).await?;
    enheter
        .iter()
        .flatten()
        .filter(|v| !v.removed)
        .map(|v| slett(&v.body, kind, tid.date_oslo()).map(|enhet| datert(Melding::Enhet { kind, enhet })))
        .collect()
}

/// What is left of a unit when it is deleted (sheet sections 8.4, 9.2).
pub fn slett(lagret: &[u8], kind: Enhetstype, slettedato: Date) -> Result<Kanonisk, Feil> {
    let dokument = Dokument::les(lagret)?;
    let orgnr = dokument.organisasjonsnummer()?;
    let mut json = vec![b'{'];
    let mut felt = |navn: &str, verdi: &RawValue| {
        skriv_nokkel(&mut json, navn);
        json.extend_from_slice(verdi.get().as_bytes());
        json.push(b',');
    };
    for navn in ["organisasjonsnummer", "navn", "organisasjonsform", "historiskeNavn"] {
        if let Some(verdi) = dokument.felt(navn) {
            felt(navn, verdi);
        }
    }
    skriv_nokkel(&mut json, "slettedato");
    skriv_streng(&mut json, &slettedato.to_string());
    if let (Enhetstype::Underenhet, Some(verdi)) = (kind, dokument.felt("nedleggelsesdato")) {
        json.push(b',');
        skriv_nokkel(&mut json, "nedleggelsesdato");
        json.extend_from_slice(verdi.get().as_bytes());
    }
    json.push(b'}');
    Ok(Kanonisk { orgnr, json })
}
