//! The case engine: takes messages in the order they came, puts them before the rules, and writes what becomes of them
//! (producer sheet, chapter 5).
//!
//! A batch of cases is one change in the journal: persons, their events, the cases, what is told back, and how far the
//! engine has come. [`Hode`] is set under a guard, so however many nodes run, and whenever one dies, every case is decided
//! once, told of once, and numbered once.

use std::time::Duration;

use folkeregisteret::endring::Tur;
use journal::{AsOf, DocId, Guard, Step};
use serde::{Deserialize, Serialize};
use tid::{Date, Timestamp, crash};

use crate::drift::Drift;
use crate::lager::{
    IDENTER, MANUELLE, MELDINGER, MOTTATT, PARKERTE, SAKER, TILSTAND, VENTENDE, merk, noekkel, sett,
    siste_del, slett,
};
use crate::mottak::{LagretMelding, ident_noekkel};
use crate::ressurs::{Ressurs, Slag, Tilbakemeldingskontrakt};
use crate::sak::{
    Begrunnelse, Beslutning, Fortelles, Gang, Hending, Kode, Korrigerer, Sak, Stopp, Tilstand, Utkast, Vedtak,
};
use crate::tilbakemelding::{self, Beslutningsinnhold, publiser};
use crate::{Feil, Produsent, drift, regler};

/// Cases in one change.
const BUNT: usize = 64;
/// How long to wait for the journal to move before looking at dates and switches again.
const PAUSE: Duration = Duration::from_secs(1);
const HODE: &[u8] = b"hode";

/// How far the engine has come, and the next numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Hode {
    /// Messages up to this place have been taken.
    posisjon: u64,
    /// The next number on the feed.
    neste_tilbakemelding: u64,
    /// The year of the last case, and its number in the year.
    sak: (i16, u64),
    /// The number of the last case about D-numbers.
    dnummersak: u64,
}

/// A batch under way.
struct Bunt<'p, 's> {
    produsent: &'p Produsent,
    hode: Hode,
    vokter: Guard,
    tur: Tur<'s>,
    now: Timestamp,
    steg: Vec<Step>,
}

/// What a case worker decides.
#[derive(Debug, Clone)]
pub struct Avgjoerelse {
    /// The decision. A yes puts the message before the rules once more, with the worker's word against theirs.
    pub beslutning: Beslutning,
    /// Why not.
    pub begrunnelse: Option<Begrunnelse>,
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
    /// Something failed.
    #[error(transparent)]
    Feil(#[from] Feil),
}

impl Produsent {
    /// Takes cases until it is time to stop. One node does it at a time; were there two, none would do harm.
    pub async fn kjor(&self, stopp: impl Future<Output = ()> + Send) {
        tokio::pin!(stopp);
        let mut nytt = self.journal.watch();
        loop {
            nytt.mark_unchanged();
            let tatt = self.behandle().await.unwrap_or_else(|feil| {
                if !feil.er_konflikt() {
                    tracing::error!(%feil, "saksflyten kom ikke videre");
                }
                0
            });
            if tatt > 0 {
                // Others get a turn between batches.
                tokio::select! {
                    biased;
                    () = &mut stopp => return,
                    () = tokio::task::yield_now() => continue,
                }
            }
            tokio::select! {
                () = &mut stopp => return,
                _ = nytt.changed() => {}
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
    }

    /// Takes cases until there are no more that can be taken. Tells how many.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn toem(&self) -> Result<usize, Feil> {
        let mut alle = 0;
        loop {
            match self.behandle().await {
                Ok(0) => return Ok(alle),
                Ok(tatt) => alle += tatt,
                Err(feil) if feil.er_konflikt() => {}
                Err(feil) => return Err(feil),
            }
        }
    }

    /// Takes a batch of cases. Tells how many; none if there is nothing to take.
    ///
    /// # Errors
    /// When the store fails; a conflict when another node was faster. Then nothing is written.
    pub async fn behandle(&self) -> Result<usize, Feil> {
        let drift = drift::hent(&self.journal).await?;
        if drift.saksflyt_nede {
            return Ok(0);
        }
        let now = self.register.naa();
        let ventende = self.ventende(now.date_oslo(), &drift).await?;
        if ventende.is_empty() {
            let posisjon = self.hode().await?.0.posisjon;
            if self.journal.feed_head(MOTTATT).await?.position <= posisjon {
                return Ok(0);
            }
        }
        let mut bunt = self.ny_bunt(now).await?;
        let mut tatt = 0;
        for id in ventende {
            tatt += 1;
            if bunt.ta(id, &drift).await? {
                return bunt.ferdig().await.map(|()| tatt);
            }
        }
        for melding in self.journal.read(MOTTATT, bunt.hode.posisjon + 1, BUNT).await? {
            tatt += 1;
            bunt.hode.posisjon = melding.position;
            if bunt.ta(melding.subject, &drift).await? {
                break;
            }
        }
        bunt.ferdig().await?;
        Ok(tatt)
    }

    async fn ny_bunt(&self, now: Timestamp) -> Result<Bunt<'_, '_>, Feil> {
        let tur = self.register.skriver().tur().await?;
        let (hode, vokter) = self.hode().await?;
        Ok(Bunt { produsent: self, hode, vokter, tur, now, steg: Vec::new() })
    }

    async fn hode(&self) -> Result<(Hode, Guard), Feil> {
        Ok(match self.journal.record(TILSTAND, HODE).await? {
            Some(record) => (serde_json::from_slice(&record.value)?, Guard::SetAt(record.seq)),
            None => (Hode::default(), Guard::Absent),
        })
    }

    /// Cases whose date has come, and those of kinds that are no longer stopped.
    async fn ventende(&self, i_dag: Date, drift: &Drift) -> Result<Vec<DocId>, Feil> {
        let mut klare = Vec::new();
        let til = u64::try_from(i_dag.days_since_epoch()).unwrap_or(0);
        for record in self.journal.records(VENTENDE, &[], None, BUNT).await? {
            let dag = record.key.first_chunk::<8>().map_or(u64::MAX, |b| u64::from_be_bytes(*b));
            klare.extend(siste_del(&record.key).filter(|_| dag <= til));
        }
        for record in self.journal.records(PARKERTE, &[], None, BUNT).await? {
            let stoppet = drift.stoppede_sakstyper.iter().any(|s| s.as_bytes() == record.value);
            klare.extend(siste_del(&record.key).filter(|_| !stoppet));
        }
        klare.truncate(BUNT);
        Ok(klare)
    }

    /// A case and its message.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sak(&self, id: DocId) -> Result<Option<(Sak, LagretMelding)>, Feil> {
        let Some(record) = self.journal.record(SAKER, &noekkel(&[id])).await? else { return Ok(None) };
        let melding = self.journal.get(MELDINGER, id, AsOf::Now).await?;
        let melding = melding.ok_or(Feil::Mangler("en melding"))?;
        Ok(Some((serde_json::from_slice(&record.value)?, serde_json::from_slice(&melding.body)?)))
    }

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
            let mut bunt = self.ny_bunt(self.register.naa()).await?;
            bunt.avgjoer(id, avgjoerelse).await?;
            match bunt.ferdig().await {
                Err(feil) if feil.er_konflikt() => {}
                svar => return Ok(svar?),
            }
        }
    }
}

impl Bunt<'_, '_> {
    /// Takes a case as far as the rules do. Tells whether the batch must end here, because the next case may ask for what
    /// this one wrote beside the register.
    async fn ta(&mut self, id: DocId, drift: &Drift) -> Result<bool, Feil> {
        let (mut sak, melding) = self.produsent.sak(id).await?.ok_or(Feil::Mangler("en sak"))?;
        // Taken by another node since the head was read; then this batch is not written.
        if !matches!(sak.tilstand, Tilstand::Mottatt | Tilstand::Venter) {
            return Ok(false);
        }
        let ressurs = ressurs(&sak)?;
        if drift.stoppede_sakstyper.iter().any(|s| s == ressurs.sakstype) {
            let value = Some(ressurs.sakstype.as_bytes().to_vec());
            let key = noekkel(&[id]);
            self.steg.push(Step::Record { space: PARKERTE, key, value, guard: Guard::Any });
            return Ok(false);
        }
        self.aapne(&mut sak, ressurs);
        let korrigerer = self.opprinnelig(&sak, &melding, ressurs).await?;
        let (utfall, steg) = self.regler(&sak, &melding, ressurs, korrigerer, false).await?;
        let skrev_ved_siden = !steg.is_empty();
        self.steg.extend(steg);
        // What lay waiting does not any more.
        self.steg.push(slett(PARKERTE, noekkel(&[id])));
        if sak.tilstand == Tilstand::Venter {
            for record in self.produsent.journal.records(VENTENDE, &[], None, BUNT).await? {
                if siste_del(&record.key) == Some(id) {
                    self.steg.push(slett(VENTENDE, record.key));
                }
            }
        }
        self.avslutt(id, sak, ressurs, utfall)?;
        Ok(skrev_ved_siden)
    }

    /// Opens the case: from now on it has a number.
    fn aapne(&mut self, sak: &mut Sak, ressurs: &Ressurs) {
        if sak.saksnummer.is_some() {
            return;
        }
        let om_dnummer = matches!(
            ressurs.tilbakemelding,
            Tilbakemeldingskontrakt::Rekvisisjon | Tilbakemeldingskontrakt::EndringAvDNummerPerson
        );
        let nummer = if om_dnummer {
            self.hode.dnummersak += 1;
            (100_000 + self.hode.dnummersak).to_string()
        } else {
            let aar = self.now.date_oslo().year();
            self.hode.sak = if self.hode.sak.0 == aar { (aar, self.hode.sak.1 + 1) } else { (aar, 1) };
            format!("FOLK/{aar}/{:06}", self.hode.sak.1)
        };
        sak.saksnummer = Some(nummer);
        sak.opprettet = Some(self.now.as_millis());
    }

    /// Puts the message before the rules. Persons as they will be go into the turn if it is done.
    async fn regler(
        &mut self,
        sak: &Sak,
        melding: &LagretMelding,
        ressurs: &Ressurs,
        korrigerer: Korrigerer,
        overstyrt: bool,
    ) -> Result<(Utfall, Vec<Step>), Feil> {
        let utkast = Utkast::nytt(&mut self.tur, self.now, ressurs.aarsak);
        let mut gang = Gang::ny(utkast, self.produsent.journal.clone(), sak.orgnr, overstyrt);
        gang.manuelt(sak.vedlegg_mangler, Kode::VedleggMangler);
        let svar = regler::behandle(&mut gang, ressurs.slag, &melding.melding, korrigerer).await;
        let (merknader, steg) = (std::mem::take(&mut gang.merknader), std::mem::take(&mut gang.steg));
        match svar {
            Ok(vedtak) => {
                let meldinger = gang.u.meldinger();
                for melding in &meldinger {
                    self.tur.meld(melding).await?;
                }
                Ok((Utfall::Ja(vedtak, merknader), steg))
            }
            Err(Stopp::Nei(beslutning, begrunnelse, eksisterende)) => {
                Ok((Utfall::Nei(beslutning, begrunnelse, eksisterende), Vec::new()))
            }
            Err(Stopp::Manuell(grunner)) => Ok((Utfall::Manuell(grunner), Vec::new())),
            Err(Stopp::Vent(til)) => Ok((Utfall::Vent(til), Vec::new())),
            // One message that cannot be understood must not hold up the others; nothing of it has been written.
            Err(Stopp::Feil(feil)) if feil.er_meldingens() => {
                tracing::error!(%feil, "en melding kunne ikke behandles maskinelt");
                Ok((Utfall::Manuell(vec![Kode::KreverManuellVurdering.into()]), Vec::new()))
            }
            Err(Stopp::Feil(feil)) => Err(feil),
        }
    }

    fn avslutt(&mut self, id: DocId, mut sak: Sak, ressurs: &Ressurs, utfall: Utfall) -> Result<(), Feil> {
        let (hending, innhold) = match utfall {
            Utfall::Ja(vedtak, merknader) => {
                (Hending::ReglerBesluttet, Some(Beslutningsinnhold::Ja(vedtak, merknader)))
            }
            Utfall::Nei(beslutning, begrunnelse, eksisterende) => {
                let nei = Beslutningsinnhold::Nei { beslutning, begrunnelse, eksisterende };
                (Hending::ReglerBesluttet, Some(nei))
            }
            Utfall::Manuell(grunner) => {
                sak.begrunnelser = grunner;
                (Hending::ReglerManuelt, None)
            }
            Utfall::Vent(til) => {
                let dag = u64::try_from(til.days_since_epoch()).unwrap_or(0);
                self.steg.push(merk(VENTENDE, noekkel(&[dag, id]), Guard::Any));
                (Hending::ReglerVent, None)
            }
        };
        self.skift(id, sak, ressurs, hending, innhold.as_ref())
    }

    /// Moves a case on as the table of the state machine says, and tells of it.
    fn skift(
        &mut self,
        id: DocId,
        mut sak: Sak,
        ressurs: &Ressurs,
        hending: Hending,
        innhold: Option<&Beslutningsinnhold>,
    ) -> Result<(), Feil> {
        let (til, fortelles) = sak.tilstand.etter(hending).ok_or(Feil::Mangler("en overgang"))?;
        let var_manuell = sak.tilstand == Tilstand::Manuell;
        sak.tilstand = til;
        let fortelling = match (fortelles, innhold) {
            (Fortelles::Ingenting, _) | (Fortelles::Beslutning, None) => None,
            (Fortelles::Manuell, _) => {
                self.steg.push(merk(MANUELLE, noekkel(&[id]), Guard::Any));
                tilbakemelding::manuell(ressurs, &sak)
            }
            (Fortelles::Beslutning, Some(innhold)) => {
                (sak.beslutning, sak.tildelt) = match innhold {
                    Beslutningsinnhold::Ja(vedtak, _) => {
                        (Some(vedtak.beslutning), vedtak.tildelt.map(|tildelt| tildelt.nummer.verdi()))
                    }
                    Beslutningsinnhold::Nei { beslutning, .. } => (Some(*beslutning), None),
                };
                tilbakemelding::beslutning(ressurs, &sak, var_manuell, innhold, self.now)
            }
        };
        if var_manuell {
            self.steg.push(slett(MANUELLE, noekkel(&[id])));
        }
        if let Some(fortelling) = fortelling {
            let nummer = self.hode.neste_tilbakemelding;
            self.hode.neste_tilbakemelding += 1;
            self.steg.extend(publiser(sak.orgnr, nummer, self.now, &fortelling)?);
        }
        self.steg.push(sett(SAKER, noekkel(&[id]), &sak, Guard::Any)?);
        Ok(())
    }

    /// F8: what a birth message that corrects another finds. One that is on a desk ends here.
    async fn opprinnelig(
        &mut self,
        sak: &Sak,
        melding: &LagretMelding,
        ressurs: &'static Ressurs,
    ) -> Result<Korrigerer, Feil> {
        let f = &melding.melding["forespoersel"];
        if ressurs.slag != Slag::Foedsel || f["erKorrigertForespoersel"] != true {
            return Ok(Korrigerer::Ingenting);
        }
        let Some(ident) = f["identifikatorForOpprinneligMelding"].as_str() else {
            return Ok(Korrigerer::Ukjent);
        };
        let mut prefiks = ident_noekkel(sak.orgnr, ressurs, ident, 0);
        prefiks.truncate(prefiks.len() - 8);
        let mut funnet = Korrigerer::Ukjent;
        for record in self.produsent.journal.records(IDENTER, &prefiks, None, BUNT).await? {
            let Some(id) = siste_del(&record.key) else { continue };
            let Some((annen, _)) = self.produsent.sak(id).await? else { continue };
            if annen.referanse == sak.referanse {
                continue;
            }
            let registrert = annen.beslutning.is_some_and(Beslutning::innvilget);
            if registrert {
                funnet = Korrigerer::Registrert(annen.tildelt);
            } else if funnet == Korrigerer::Ukjent {
                funnet = Korrigerer::Uavgjort;
            }
            if annen.tilstand == Tilstand::Manuell {
                let begrunnelse = Begrunnelse::med(Kode::UgyldigMelding, "Erstattet av en korrigert melding");
                let nei = Beslutningsinnhold::Nei {
                    beslutning: Beslutning::Avbrutt,
                    begrunnelse,
                    eksisterende: None,
                };
                self.skift(id, annen, ressurs, Hending::Erstattet, Some(&nei))?;
            }
        }
        Ok(funnet)
    }

    async fn avgjoer(&mut self, id: DocId, avgjoerelse: &Avgjoerelse) -> Result<(), Ugyldig> {
        let funnet = self.produsent.sak(id).await?;
        let (sak, melding) =
            funnet.filter(|(sak, _)| sak.tilstand == Tilstand::Manuell).ok_or(Ugyldig::Ukjent)?;
        let ressurs = ressurs(&sak)?;
        let innhold = if avgjoerelse.beslutning.innvilget() {
            let korrigerer = self.opprinnelig(&sak, &melding, ressurs).await?;
            let (utfall, steg) = self.regler(&sak, &melding, ressurs, korrigerer, true).await?;
            self.steg.extend(steg);
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
        Ok(self.skift(id, sak, ressurs, Hending::Avgjort, Some(&innhold))?)
    }

    /// Writes the batch as one change.
    async fn ferdig(mut self) -> Result<(), Feil> {
        self.steg.push(sett(TILSTAND, HODE.to_vec(), &self.hode, self.vokter)?);
        crash::point("saksflyt.bunt.before");
        self.tur.fullfoer(self.now, self.steg).await?;
        crash::point("saksflyt.bunt.after");
        Ok(())
    }
}

/// What the rules ended in.
enum Utfall {
    Ja(Vedtak, Vec<Begrunnelse>),
    Nei(Beslutning, Begrunnelse, Option<u64>),
    Manuell(Vec<Begrunnelse>),
    Vent(Date),
}

fn ressurs(sak: &Sak) -> Result<&'static Ressurs, Feil> {
    Ressurs::av_navn(&sak.ressurs).map(|(ressurs, _)| ressurs).ok_or(Feil::Mangler("en ressurs"))
}
