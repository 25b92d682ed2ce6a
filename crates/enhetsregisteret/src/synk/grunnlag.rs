//! What a copy begins with: the upstream's total files, and a place in each feed from before they were made.
//!
//! A total file is made once a night and may be a day old when it is fetched, so "now" is no place to follow from:
//! everything between the making and the fetching would be missing (the bootstrap gap). The place is the time the
//! file was made, or now if it does not say, less a margin for the making itself and for clocks. What the file has
//! already is fetched once more, which changes nothing.

use journal::{Guard, Step};
use serde::{Deserialize, Serialize};
use tid::Timestamp;

use super::markor::{self, Markor, STROMMER, SYNK, Sted};
use super::oppstroms::Oppstromsfeil;
use super::{Synk, folge, nedlasting};
use crate::Feil;
use crate::import::{self, Importvalg, Innhold, Manglende};
use crate::modell::Enhetstype;

/// The record of a load under way.
const GRUNNLAG: &[u8] = b"grunnlag";

/// How far a load has come, and from when each feed is to be followed. Times of an earlier, cut off load are kept:
/// what it loaded is as old as they are.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Grunnlag {
    oppstroms: String,
    fra: [Option<Timestamp>; 3],
    ferdig: [bool; 3],
}

impl Synk {
    /// Makes sure that there is a place to follow from in every feed: the copy's own, or `dump_tid` if the store was
    /// filled from files of that time, or else by loading the upstream's total files.
    ///
    /// # Errors
    /// When the store has content of another origin, follows another upstream, or loading fails. A load that was cut
    /// off goes on where it was when this is called again.
    pub async fn klargjor(&self, dump_tid: Option<Timestamp>) -> Result<(), Feil> {
        let journal = self.register.journal();
        let mut mangler = Vec::new();
        for strom in STROMMER {
            match markor::les(journal, strom).await? {
                Some(lagret) => self.samme_oppstroms(&lagret.markor.oppstroms)?,
                None => mangler.push(strom),
            }
        }
        if mangler.is_empty() {
            return Ok(());
        }
        if let Some(tid) = dump_tid {
            return self.begynn_fra([Some(tid); 3]).await;
        }
        let mut grunnlag = match journal.record(SYNK, GRUNNLAG).await? {
            Some(post) => serde_json::from_slice::<Grunnlag>(&post.value)?,
            None => self.nytt_grunnlag().await?,
        };
        self.samme_oppstroms(&grunnlag.oppstroms)?;
        for (plass, strom) in STROMMER.into_iter().enumerate() {
            if !grunnlag.ferdig[plass] {
                self.last(plass, strom, &mut grunnlag).await?;
            }
        }
        // Nothing on the feeds tells what is derived of this load, so it is told here, before the load counts as done.
        self.register.nedlastinger().glem().await?;
        for kind in Enhetstype::ALLE {
            let soking = self.register.soking(kind);
            if soking.index().fault().is_none() {
                soking.folger(journal.clone()).rebuild(&sok::RebuildReason::Requested).await?;
            }
        }
        let personer = self.register.personindeks();
        if personer.index().fault().is_none() {
            personer.folger(journal.clone()).rebuild(&sok::RebuildReason::Requested).await?;
        }
        self.begynn_fra(grunnlag.fra).await
    }

    fn samme_oppstroms(&self, oppstroms: &str) -> Result<(), Oppstromsfeil> {
        if oppstroms == self.oppstroms.base() {
            return Ok(());
        }
        Err(Oppstromsfeil::Uforenlig(format!(
            "kopien følger {oppstroms}; numrene der betyr noe annet hos {}",
            self.oppstroms.base()
        )))
    }

    async fn nytt_grunnlag(&self) -> Result<Grunnlag, Feil> {
        let (journal, hode) = (self.register.journal(), self.register.journal().head().await?);
        for samling in [Enhetstype::Enhet.samling(), Enhetstype::Underenhet.samling(), crate::endring::ROLLER]
        {
            if !journal.scan(samling, hode, None, 1).await?.is_empty() {
                return Err(Oppstromsfeil::Uforenlig(
                    "lageret har innhold som ikke kommer fra en synkronisering; si hvilket tidspunkt det er fra \
                     (--dump-tid), eller begynn i en tom datamappe"
                        .to_owned(),
                )
                .into());
            }
        }
        Ok(Grunnlag { oppstroms: self.oppstroms.base().to_owned(), ..Grunnlag::default() })
    }

    /// Loads one total file.
    async fn last(&self, plass: usize, strom: Innhold, grunnlag: &mut Grunnlag) -> Result<(), Feil> {
        let naa = self.register.naa();
        let fil = nedlasting::begynn(&self.oppstroms, rute(strom)).await?;
        let laget = fil.laget.map_or(naa, |laget| laget.min(naa));
        let fra = laget.plus_millis(-folge::millis(self.oppsett.margin));
        let fra = grunnlag.fra[plass].map_or(fra, |foer| foer.min(fra));
        grunnlag.fra[plass] = Some(fra);
        self.skriv_grunnlag(grunnlag).await?;
        tracing::info!(hva = strom.ord(), laget = %laget, "laster totalbestanden fra oppstrøms");
        let valg = Importvalg {
            innhold: strom,
            avvist_til: None,
            // What went between two attempts, the feed tells.
            manglende: Manglende::Behold,
            stille: Some(fra),
        };
        let framdrift = |_, poster| self.status.lastet(plass, poster);
        let rapport = import::flyt(&self.register, fil.leser, None, &valg, &framdrift).await?;
        if rapport.avviste > 0 {
            tracing::error!(
                antall = rapport.avviste,
                hva = strom.ord(),
                "poster fra oppstrøms kunne ikke leses"
            );
        }
        tid::crash::point("synk.grunnlag.after");
        grunnlag.ferdig[plass] = true;
        self.skriv_grunnlag(grunnlag).await
    }

    async fn skriv_grunnlag(&self, grunnlag: &Grunnlag) -> Result<(), Feil> {
        let value = Some(serde_json::to_vec(grunnlag)?);
        let steg = Step::Record { space: SYNK, key: GRUNNLAG.to_vec(), value, guard: Guard::Any };
        self.register.skriver().gjengi(self.register.naa(), Vec::new(), &[], vec![steg]).await?;
        Ok(())
    }

    /// Writes the cursors that are missing, all in one change; from then on the feeds are followed.
    async fn begynn_fra(&self, fra: [Option<Timestamp>; 3]) -> Result<(), Feil> {
        let mut steg =
            vec![Step::Record { space: SYNK, key: GRUNNLAG.to_vec(), value: None, guard: Guard::Any }];
        for (strom, fra) in STROMMER.into_iter().zip(fra) {
            let (None, Some(tid)) = (markor::les(self.register.journal(), strom).await?, fra) else {
                continue;
            };
            let oppstroms = self.oppstroms.base().to_owned();
            let markor = Markor { sted: Sted::Tid(tid), oppstroms, dato: None };
            steg.push(markor.steg(strom, Guard::Absent)?);
        }
        self.register.skriver().gjengi(self.register.naa(), Vec::new(), &[], steg).await?;
        Ok(())
    }
}

/// Where a total file is.
pub(super) const fn rute(strom: Innhold) -> &'static str {
    match strom {
        Innhold::Enheter(Enhetstype::Enhet) => "/enheter/lastned",
        Innhold::Enheter(Enhetstype::Underenhet) => "/underenheter/lastned",
        Innhold::Roller => "/roller/totalbestand",
    }
}
