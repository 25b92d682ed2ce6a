//! The register's searches, off the threads that serve calls.

use crate::sporring::{Entydigsoek, Soek, Soekefeil, Treff};
use crate::{Folkeregister, Personindeks, Rettighetspakke};

impl Folkeregister {
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
