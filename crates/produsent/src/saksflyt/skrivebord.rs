//! The desk: cases that somebody must look at, and what is decided of them (producer sheet, section 5.4).

use journal::DocId;

use super::bunt::{Bunt, Regelbruk, Utfall, ressurs};
use crate::lager::{MANUELLE, noekkel, siste_del};
use crate::sak::{Begrunnelse, Beslutning, Hending, Sak, Tilstand, Vedtak};
use crate::tilbakemelding::Beslutningsinnhold;
use crate::{Feil, Produsent, drift};

/// What a case worker decides.
#[derive(Debug, Clone)]
pub struct Avgjoerelse {
    /// The decision. A yes puts the message before the rules once more, with the worker's word against theirs.
    pub beslutning: Beslutning,
    /// Why not.
    pub begrunnelse: Option<Begrunnelse>,
    /// Who decides; kept with the case.
    pub av: String,
}

/// Why a case worker's decision does not take effect.
#[derive(Debug, thiserror::Error)]
pub enum Ugyldig {
    /// There is no such case, or it is not on a desk.
    #[error("saken finnes ikke, eller den er ikke til manuell behandling")]
    Ukjent,
    /// What the message asks for cannot be done, whoever says so.
    #[error("saken kan ikke avgjøres slik: {0}")]
    Umulig(String),
    /// A refusal needs a reason.
    #[error("en sak som ikke innvilges, må ha en begrunnelse")]
    UtenGrunn,
    /// Cases of this kind, or all, stand still for maintenance.
    #[error("saksflyten er stoppet for vedlikehold")]
    Stoppet,
    /// Something failed.
    #[error(transparent)]
    Feil(#[from] Feil),
}

impl Produsent {
    /// Cases on desks, oldest first, after one.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn manuelle(&self, etter: Option<DocId>, antall: usize) -> Result<Vec<(DocId, Sak)>, Feil> {
        let etter = etter.map(|id| noekkel(&[id]));
        let mut saker = Vec::new();
        for record in self.journal.records(MANUELLE, &[], etter.as_deref(), antall).await? {
            let Some(id) = siste_del(&record.key) else { continue };
            if let Some((sak, _)) = self.sak(id).await? {
                saker.push((id, sak));
            }
        }
        Ok(saker)
    }

    /// Decides a case that is on a desk.
    ///
    /// # Errors
    /// [`Ugyldig`] when it cannot be decided so; then nothing is written.
    pub async fn avgjoer(&self, id: DocId, avgjoerelse: &Avgjoerelse) -> Result<(), Ugyldig> {
        if !avgjoerelse.beslutning.innvilget() && avgjoerelse.begrunnelse.is_none() {
            return Err(Ugyldig::UtenGrunn);
        }
        loop {
            let mut bunt = self.ny_bunt(self.register.naa(), Regelbruk::Vanlig).await?;
            self.legg_til(&mut bunt, id, avgjoerelse).await?;
            match bunt.ferdig().await {
                Err(feil) if feil.er_konflikt() => {}
                Err(feil) if feil.er_meldingens() => return Err(Ugyldig::Umulig(feil.to_string())),
                svar => return Ok(svar?),
            }
        }
    }

    async fn legg_til(
        &self,
        bunt: &mut Bunt<'_, '_>,
        id: DocId,
        avgjoerelse: &Avgjoerelse,
    ) -> Result<(), Ugyldig> {
        let funnet = self.sak(id).await?;
        let (mut sak, melding) =
            funnet.filter(|(sak, _)| sak.tilstand == Tilstand::Manuell).ok_or(Ugyldig::Ukjent)?;
        let ressurs = ressurs(&sak)?;
        let drift = drift::hent(&self.journal).await?;
        if drift.saksflyt_nede || drift.stoppet(ressurs.sakstype) {
            return Err(Ugyldig::Stoppet);
        }
        sak.avgjort_av = Some(avgjoerelse.av.clone());
        let innhold = if avgjoerelse.beslutning.innvilget() {
            let korrigerer = bunt.opprinnelig(&sak, &melding, ressurs).await?;
            let (utfall, steg) = match bunt.regler(&sak, &melding, ressurs, korrigerer, true).await {
                Err(feil) if feil.er_meldingens() => return Err(Ugyldig::Umulig(feil.to_string())),
                svar => svar?,
            };
            bunt.skriv(steg);
            match utfall {
                Utfall::Ja(vedtak, merknader) => {
                    Beslutningsinnhold::Ja(Vedtak { beslutning: avgjoerelse.beslutning, ..vedtak }, merknader)
                }
                Utfall::Nei(_, begrunnelse, _) => return Err(Ugyldig::Umulig(begrunnelse.navn)),
                Utfall::Manuell(grunner) => {
                    let navn: Vec<String> = grunner.into_iter().map(|g| g.navn).collect();
                    return Err(Ugyldig::Umulig(navn.join(", ")));
                }
                Utfall::Vent(til) => return Err(Ugyldig::Umulig(format!("meldingen gjelder fra {til}"))),
            }
        } else {
            let begrunnelse = avgjoerelse.begrunnelse.clone().ok_or(Ugyldig::UtenGrunn)?;
            Beslutningsinnhold::Nei { beslutning: avgjoerelse.beslutning, begrunnelse, eksisterende: None }
        };
        Ok(bunt.skift(id, (sak, &melding), ressurs, Hending::Avgjort, Some(&innhold))?)
    }
}
