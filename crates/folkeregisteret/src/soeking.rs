//! The register's searches, off the threads that serve calls; and how far the index has come.

use serde::Serialize;

use crate::endring::HENDELSER;
use crate::sporring::{Entydigsoek, Soek, Soekefeil, Treff};
use crate::{Feil, Folkeregister, Personindeks, Rettighetspakke};

/// How the search is.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Status {
    /// Persons in the index.
    pub personer: u64,
    /// Events on the feed.
    pub hendelser: u64,
    /// Events that the search has not taken in yet. `None`: it is being built.
    pub etterslep: Option<u64>,
}

impl Folkeregister {
    /// How the search is.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn status(&self) -> Result<Status, Feil> {
        let index = self.indeks().index();
        // Before the head is: an index that is ahead of it would be a wonder.
        let position = index.position();
        let hendelser = self.journal().feed_head(HENDELSER).await?.position;
        let etterslep = position.map(|position| hendelser.saturating_sub(position));
        Ok(Status { personer: index.documents().unwrap_or(0), hendelser, etterslep })
    }

    /// As [`Personindeks::soek`].
    ///
    /// # Errors
    /// As there.
    pub async fn soek(&self, soek: Soek, pakke: Rettighetspakke) -> Result<Vec<Treff>, Soekefeil> {
        self.spoer(move |indeks| indeks.soek(&soek, pakke)).await
    }

    /// As [`Personindeks::entydigsoek`].
    ///
    /// # Errors
    /// As there.
    pub async fn entydigsoek(&self, soek: Entydigsoek) -> Result<Treff, Soekefeil> {
        self.spoer(move |indeks| indeks.entydigsoek(&soek)).await
    }

    async fn spoer<T: Send + 'static>(
        &self,
        hva: impl FnOnce(&Personindeks) -> Result<T, Soekefeil> + Send + 'static,
    ) -> Result<T, Soekefeil> {
        let indeks = self.indeks().clone();
        tokio::task::spawn_blocking(move || hva(&indeks)).await.map_err(|_| Soekefeil::Avbrutt)?
    }
}
