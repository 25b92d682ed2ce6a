//! The people of the synthetic nation, told to Folkeregisteret: every version of everybody.

use folkeregisteret::innlasting::{Ferdig, Gruppe, Innlasting};
use folkeregisteret::{Feil, Folkeregister};
use syntetisk::{Grend, Nasjon};
use tokio::sync::mpsc;

use crate::progress::Meter;

/// Persons in one change, or a few more: large enough for few flushes to disk, small enough to hold in memory.
const BATCH: usize = 2_000;
/// Hamlets that may wait to be written.
const AHEAD: usize = 16;
/// Threads that make hamlets.
const THREADS: usize = 2;

/// Tells the register of everybody in a nation.
///
/// # Errors
/// When the store fails.
pub async fn load(register: &Folkeregister, nation: Nasjon, meter: &Meter) -> Result<(), Feil> {
    let all = u64::from(nation.oppsett().personer);
    let mut hamlets = made(nation);
    let mut loading = Innlasting::ny(register);
    let (mut done, mut batch) = (0, Vec::new());
    while let Some(hamlet) = hamlets.recv().await {
        batch.push(hamlet?);
        let waiting: usize = batch.iter().map(|hamlet| hamlet.personer).sum();
        if waiting >= BATCH || hamlets.is_empty() {
            done += waiting as u64;
            loading.ta(std::mem::take(&mut batch)).await?;
            // The events come after; they take about a tenth of the time.
            meter.at(done, Some((done.min(all) * 9, all * 10)));
        }
    }
    loading.ta(batch).await?;
    loading.ferdig(|part, whole| meter.at(all, Some((all * 9 * whole + all * part, all * 10 * whole)))).await
}

/// The hamlets of a nation, made on threads of their own a little ahead of the writer.
fn made(nation: Nasjon) -> mpsc::Receiver<Result<Ferdig, Feil>> {
    let (tell, hamlets) = mpsc::channel(AHEAD);
    tokio::task::spawn_blocking(move || {
        // Who hears no more has met an error.
        let _ = nation.grend_for_grend(THREADS, hamlet, |made| tell.blocking_send(made));
    });
    hamlets
}

fn hamlet(hamlet: &Grend<'_>) -> Result<Ferdig, Feil> {
    let mut group = Gruppe::default();
    for place in 0..hamlet.antall() {
        let mut versions = hamlet.versjoner(place);
        let Some(first) = versions.next() else { continue };
        let Some(told) = first.hendelser.first() else { continue };
        let mut person = group.person(told.folkeregisteridentifikator);
        person.versjon(first.at, first.dokument, first.hendelser)?;
        while let Some(version) = versions.next() {
            person.versjon(version.at, version.dokument, version.hendelser)?;
        }
    }
    group.ferdig()
}
