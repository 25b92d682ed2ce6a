//! What is done when nobody asks: used grants, ended tokens and old rows of the trail are taken away, and the next
//! signing key is published in time; one node does it, by lease. Every node keeps to the signing keys in the store.

use std::time::Duration;

use journal::{Record, Space};

use crate::endring::{BRUKTE, OPAKE, Opaktoken, UTSTEDELSER};
use crate::{Feil, Maskinporten};

/// Between two looks at the signing keys: however often the store changes, and when nothing is heard of it.
const MINST: Duration = Duration::from_millis(100);
const MEST: Duration = Duration::from_millis(500);
/// How often what has had its time is taken away.
const RYDD_HVERT: Duration = Duration::from_secs(30);
/// The lease lasts a little longer than the time between two such rounds.
const LEIE: Duration = Duration::from_secs(90);
/// Records looked at, and taken away, at a time.
const BUNT: usize = 1_000;

impl Maskinporten {
    /// Looks after store and keys until it is time to stop.
    pub async fn vedlikehold(self: std::sync::Arc<Self>, stopp: impl Future<Output = ()> + Send) {
        tokio::select! {
            () = stopp => {}
            () = self.folg_noklene() => {}
            () = self.rydd_jevnlig() => {}
        }
    }

    /// Keeps to the signing keys in the store: what any node withdraws is gone from this one's guards at once. Never
    /// ends.
    async fn folg_noklene(&self) {
        let mut endringer = self.journal().watch();
        let mut sagt = false;
        loop {
            endringer.mark_unchanged();
            match self.nokkelring().les(self.naa()).await {
                Ok(()) => sagt = false,
                Err(feil) if !sagt => {
                    let raad = "noder på samme lager skal ha samme hovednøkkel: maskinporten.hovednokkel_fil";
                    tracing::error!(target: "maskinporten", %feil, raad, "tokener kan ikke utstedes her");
                    sagt = true;
                }
                Err(_) => {}
            }
            tokio::time::sleep(MINST).await;
            // An engine may miss the word of another node's change, so nothing is waited for longer than this.
            let _ = tokio::time::timeout(MEST, endringer.changed()).await;
        }
    }

    /// Never ends.
    async fn rydd_jevnlig(&self) {
        let holder = tid::uuid(self.tilfeldig());
        loop {
            tokio::time::sleep(RYDD_HVERT).await;
            let leie = self.journal().lease("maskinporten/vedlikehold", &holder, self.naa(), LEIE).await;
            if matches!(leie, Ok(true))
                && let Err(feil) = self.rydd().await
            {
                tracing::warn!(target: "maskinporten", %feil, "vedlikehold mislyktes");
            }
        }
    }

    /// Takes away what has had its time and publishes the next key if it is time; answers how many records went.
    ///
    /// # Errors
    /// When the store fails; what was taken away is gone, and the rest is taken next time.
    pub async fn rydd(&self) -> Result<u64, Feil> {
        let naa = self.naa();
        self.bytt_gammel_nokkel().await?;
        let millis = naa.as_millis();
        let brukt_opp = |post: &Record| tidspunkt(&post.value).is_none_or(|til| til < millis);
        let ended = |post: &Record| {
            serde_json::from_slice::<Opaktoken>(&post.value).is_ok_and(|token| token.til.as_millis() < millis)
        };
        let mut borte = self.rydd_rom(BRUKTE, brukt_opp, false).await?;
        borte += self.rydd_rom(OPAKE, ended, false).await?;
        if self.oppsett().utstedelser_d > 0 {
            let grense = millis - self.oppsett().utstedelser_d * 86_400_000;
            let gammel = |post: &Record| tidspunkt(&post.key).is_none_or(|da| da < grense);
            borte += self.rydd_rom(UTSTEDELSER, gammel, true).await?;
        }
        Ok(borte)
    }

    /// Takes away the records of a room that `skal_bort` says; where keys are in order of time, the first that
    /// stays ends it.
    async fn rydd_rom(
        &self,
        rom: Space,
        skal_bort: impl Fn(&Record) -> bool,
        i_tidsorden: bool,
    ) -> Result<u64, Feil> {
        let (mut etter, mut borte) = (None::<Vec<u8>>, 0);
        loop {
            let side = self.journal().records(rom, b"", etter.as_deref(), BUNT).await?;
            let bort: Vec<Vec<u8>> =
                side.iter().filter(|post| skal_bort(post)).map(|post| post.key.clone()).collect();
            let slutt = side.len() < BUNT || (i_tidsorden && bort.len() < side.len());
            etter = side.last().map(|post| post.key.clone());
            borte += bort.len() as u64;
            if !bort.is_empty() {
                self.skriver().rydd(self.naa(), rom, bort).await?;
            }
            if slutt {
                return Ok(borte);
            }
        }
    }
}

/// The moment that the bytes begin with.
fn tidspunkt(bytes: &[u8]) -> Option<i64> {
    Some(i64::from_be_bytes(bytes.get(..8)?.try_into().ok()?))
}
