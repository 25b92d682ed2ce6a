//! Views of the index that are kept for those who page through a result.

use std::time::Duration;

use sok::View;
use tid::Timestamp;
use tokio::sync::Mutex;

use crate::modell::Enhetstype;

/// How long a view is kept after it was last used. The next search after that lets it go.
pub const LEVETID: Duration = Duration::from_mins(5);

/// At most so many are kept, of both kinds together: each holds files on disk.
const MAKS: usize = 8;

struct Holdt {
    kind: Enhetstype,
    view: View,
    brukt: Timestamp,
}

/// The views that are kept. Searches that begin at the same state of the index share one.
#[derive(Default)]
pub struct Visninger(Mutex<Vec<Holdt>>);

impl Visninger {
    /// The view at a feed position, if it is still kept.
    pub async fn hent(&self, kind: Enhetstype, posisjon: u64, naa: Timestamp) -> Option<View> {
        let mut holdte = self.0.lock().await;
        rydd(&mut holdte, naa);
        let holdt = holdte.iter_mut().find(|h| h.kind == kind && h.view.position() == posisjon)?;
        holdt.brukt = naa;
        Some(holdt.view.clone())
    }

    /// Keeps a view, unless there is one of the same position. The one that has lain longest gives way.
    pub async fn hold(&self, kind: Enhetstype, view: View, naa: Timestamp) {
        let mut holdte = self.0.lock().await;
        rydd(&mut holdte, naa);
        if let Some(holdt) =
            holdte.iter_mut().find(|h| h.kind == kind && h.view.position() == view.position())
        {
            holdt.brukt = naa;
            return;
        }
        if holdte.len() == MAKS
            && let Some(eldst) = (0..holdte.len()).min_by_key(|i| holdte[*i].brukt)
        {
            holdte.swap_remove(eldst);
        }
        holdte.push(Holdt { kind, view, brukt: naa });
    }
}

fn rydd(holdte: &mut Vec<Holdt>, naa: Timestamp) {
    let levetid = i64::try_from(LEVETID.as_millis()).unwrap_or(i64::MAX);
    holdte.retain(|holdt| holdt.brukt.plus_millis(levetid) > naa);
}
