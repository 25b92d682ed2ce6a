//! Reading the trail: who did what, and which grants came.

use journal::{Record, Space};
use serde::de::DeserializeOwned;
use tid::Timestamp;

use super::Utfall;
use crate::endring::{SPOR, UTSTEDELSER, tidsnokkel};
use crate::modell::{Sporpost, Utstedelse};
use crate::{Feil, Maskinporten};

/// Most rows of an answer.
pub const RADER_MAKS: usize = 10_000;

impl Maskinporten {
    /// The administration's trail from a moment on, oldest first, at most `antall` rows.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn spor(&self, fra: Timestamp, antall: usize) -> Utfall<Vec<Sporpost>> {
        self.rader(SPOR, fra, antall).await
    }

    /// The trail of authenticated grants from a moment on, oldest first, at most `antall` rows.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn utstedelser(&self, fra: Timestamp, antall: usize) -> Utfall<Vec<Utstedelse>> {
        self.rader(UTSTEDELSER, fra, antall).await
    }

    async fn rader<T: DeserializeOwned>(&self, rom: Space, fra: Timestamp, antall: usize) -> Utfall<Vec<T>> {
        // Keys begin with the time, so everything from a moment on comes after the moment's bare key.
        let etter = tidsnokkel(fra.plus_millis(-1), &[0xff; 64]);
        let antall = antall.clamp(1, RADER_MAKS);
        let poster: Vec<Record> =
            self.journal().records(rom, b"", Some(&etter), antall).await.map_err(Feil::from)?;
        let les = |post: &Record| {
            serde_json::from_slice(&post.value).map_err(|arsak| Feil::Post { rom: rom.0, arsak })
        };
        Ok(poster.iter().map(les).collect::<Result<_, _>>()?)
    }
}
