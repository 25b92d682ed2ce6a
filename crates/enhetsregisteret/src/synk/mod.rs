//! Keeping in step with an upstream that speaks the API: the real register, or another grunndata.
//!
//! This is the recipe of seed 001, "Vedlikehold av kopi", as one mechanism: load the total files, follow the three
//! feeds from a place before the files were made, fetch what they name. Ids and times on our feeds are the
//! upstream's. What makes it safe is that a page of a feed is one change of the journal (events, documents and
//! cursor together), so there is no moment at which dying leaves something half.
//!
//! - [`oppstroms`]: calls, with patience; [`nedlasting`]: files.
//! - [`hendelser`]: pages of the feeds; [`markor`]: how far each has come.
//! - [`grunnlag`]: the first load; [`folge`]: everything after it.
//! - [`status`]: how it goes; [`sammenlign`]: whether it is true.

mod folge;
mod grunnlag;
mod hendelser;
mod markor;
mod nedlasting;
mod oppstroms;
mod sammenlign;
mod status;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tid::{Random, Timestamp};

pub use oppstroms::Oppstromsfeil;
pub use sammenlign::{Avvik, Sammenligning, sammenlign};
pub use status::{Stromstatus, Synkstatus, les as les_status};

use crate::import::Innhold;
use crate::{Enhetsregister, Feil};
use markor::STROMMER;
use oppstroms::Oppstroms;
use status::Tavle;

/// The file, among the register's derived ones, where the following process leaves how it goes.
pub const STATUSFIL: &str = "synk.json";

/// After errors, the longest pause before the upstream is tried again.
const LENGSTE_PAUSE: Duration = Duration::from_mins(5);

/// What is followed and how.
#[derive(Debug, Clone)]
pub struct Synkoppsett {
    /// The upstream's API, such as `https://data.brreg.no/enhetsregisteret/api`.
    pub fra: String,
    /// How long to wait before the next look when there was nothing new.
    pub intervall: Duration,
    /// Calls to the upstream at the same time.
    pub samtidige: usize,
    /// Events taken at a time, as one change: 1 to 10 000.
    pub bunt: u64,
    /// How long a call may take, and how long a download may stand still.
    pub tidsgrense: Duration,
    /// How much earlier than a total file was made its feed is followed from.
    pub margin: Duration,
}

/// What bringing the copy in step came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Runde {
    /// Events taken.
    pub hendelser: u64,
    /// Documents that were new here or changed.
    pub dokumenter: u64,
    /// Documents from upstream that could not be read.
    pub uleselige: u64,
}

/// A copy that follows an upstream.
pub struct Synk {
    register: Arc<Enhetsregister>,
    oppsett: Synkoppsett,
    oppstroms: Arc<Oppstroms>,
    status: Tavle,
}

impl Synk {
    /// A copy. `mappe` is where the register's derived files lie.
    ///
    /// # Errors
    /// When the address cannot be one, or TLS cannot be set up.
    pub fn ny(
        register: Arc<Enhetsregister>,
        oppsett: Synkoppsett,
        tilfeldig: Arc<dyn Random>,
        mappe: &Path,
    ) -> Result<Arc<Self>, Feil> {
        let oppstroms = Arc::new(Oppstroms::ny(&oppsett, tilfeldig)?);
        Ok(Arc::new(Self { register, oppsett, oppstroms, status: Tavle::ny(mappe.join(STATUSFIL)) }))
    }

    /// Takes everything there is until all three feeds are in step.
    ///
    /// # Errors
    /// The first error of any feed; what was taken stays, and the next call goes on from there.
    pub async fn en_gang(&self) -> Result<Runde, Feil> {
        let [a, b, c] = [0, 1, 2].map(|plass| self.til_a_jour(plass));
        let (a, b, c) = tokio::join!(a, b, c);
        let (a, b, c) = (a?, b?, c?);
        Ok(Runde {
            hendelser: a.hendelser + b.hendelser + c.hendelser,
            dokumenter: a.dokumenter + b.dokumenter + c.dokumenter,
            uleselige: a.uleselige + b.uleselige + c.uleselige,
        })
    }

    /// Loads what is missing and follows the feeds until told to stop. Errors are logged, shown in the status, and
    /// tried again. `klar` is called when there is something to search in.
    pub async fn kjor(
        self: Arc<Self>,
        dump_tid: Option<Timestamp>,
        klar: impl FnOnce() + Send,
        stopp: impl Future<Output = ()> + Send,
    ) {
        let arbeid = async {
            let mut feil_paa_rad = 0;
            while let Err(feil) = self.klargjor(dump_tid).await {
                feil_paa_rad += 1;
                self.merk_feil(0, &feil).await;
                self.pause(feil_paa_rad).await;
            }
            klar();
            let [a, b, c] = [0, 1, 2].map(|plass| self.folg(plass));
            tokio::join!(a, b, c);
        };
        tokio::select! {
            () = arbeid => {}
            () = stopp => {}
        }
    }

    /// How it goes.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn status(&self) -> Result<Synkstatus, Feil> {
        self.status.samlet(self.register.journal(), self.register.naa()).await
    }

    /// One feed, for ever. Each goes at its own pace; a feed in trouble does not hold the others up.
    async fn folg(&self, plass: usize) {
        let mut feil_paa_rad = 0;
        loop {
            if self.til_a_jour(plass).await.is_ok() {
                feil_paa_rad = 0;
                tokio::time::sleep(self.oppstroms.spredt(self.oppsett.intervall)).await;
            } else {
                feil_paa_rad += 1;
                self.pause(feil_paa_rad).await;
            }
        }
    }

    async fn til_a_jour(&self, plass: usize) -> Result<Runde, Feil> {
        let strom: Innhold = STROMMER[plass];
        let mut runde = Runde::default();
        loop {
            match self.skritt(strom).await {
                Ok(skritt) => {
                    self.status.skritt(plass, self.register.naa(), &skritt);
                    runde.hendelser += skritt.hendelser;
                    runde.dokumenter += skritt.dokumenter;
                    runde.uleselige += skritt.uleselige;
                    self.legg_igjen_status().await;
                    if skritt.a_jour {
                        return Ok(runde);
                    }
                }
                Err(feil) => {
                    self.merk_feil(plass, &feil).await;
                    return Err(feil);
                }
            }
        }
    }

    async fn merk_feil(&self, plass: usize, feil: &Feil) {
        tracing::warn!(strom = STROMMER[plass].ord(), %feil, "synkroniseringen stoppet opp; prøver igjen");
        self.status.feil(plass, self.register.naa(), feil);
        self.legg_igjen_status().await;
    }

    async fn legg_igjen_status(&self) {
        if let Ok(status) = self.status().await
            && let Err(feil) = self.status.legg_igjen(&status)
        {
            tracing::warn!(%feil, "statusfilen for synkroniseringen kunne ikke skrives");
        }
    }

    async fn pause(&self, feil_paa_rad: u32) {
        let lengde = self.oppsett.intervall.max(Duration::from_secs(1));
        let lengde = LENGSTE_PAUSE.min(lengde.saturating_mul(2u32.saturating_pow(feil_paa_rad.min(16) - 1)));
        tokio::time::sleep(self.oppstroms.spredt(lengde)).await;
    }
}
