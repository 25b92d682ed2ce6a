//! A batch of cases: what becomes of each, gathered and written as one change.

use folkeregisteret::endring::Tur;
use journal::{DocId, Guard, Step};
use tid::{Date, Timestamp, crash};

use super::{BUNT, HODE, Hode};
use crate::drift::Drift;
use crate::lager::{
    IDENTER, MANUELLE, PARKERTE, SAKER, TILSTAND, VENTENDE, avtrykk, merk, noekkel, sett, siste_del, slett,
};
use crate::mottak::{LagretMelding, ident_noekkel};
use crate::ressurs::{Ressurs, Slag, Tilbakemeldingskontrakt};
use crate::sak::{
    Begrunnelse, Beslutning, Fortelles, Gang, Hending, Kode, Korrigerer, Sak, Stopp, Tilstand, Utkast, Vedtak,
};
use crate::tilbakemelding::{self, Beslutningsinnhold, publiser};
use crate::{Feil, Produsent, regler};

/// Whether cases are put before the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Regelbruk {
    /// They are.
    Vanlig,
    /// They go to the desk unseen: the register could not take what the rules made of them.
    TilSkrivebord,
}

/// What the batch does after a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tatt {
    /// Takes the next.
    Videre,
    /// Ends here, because the next may ask for what this one wrote beside the register.
    Ferdig,
    /// Ends before this one, which asks for what earlier ones have written.
    Utsatt,
}

/// A batch under way.
pub(super) struct Bunt<'p, 's> {
    produsent: &'p Produsent,
    hode: Hode,
    vokter: Guard,
    tur: Tur<'s>,
    now: Timestamp,
    regelbruk: Regelbruk,
    antall: usize,
    steg: Vec<Step>,
}

/// What the rules ended in.
pub(super) enum Utfall {
    Ja(Vedtak, Vec<Begrunnelse>),
    Nei(Beslutning, Begrunnelse, Option<u64>),
    Manuell(Vec<Begrunnelse>),
    Vent(Date),
}

pub(super) fn ressurs(sak: &Sak) -> Result<&'static Ressurs, Feil> {
    Ressurs::av_navn(&sak.ressurs).map(|(ressurs, _)| ressurs).ok_or(Feil::Mangler("en ressurs"))
}

/// Where a case waits for a date.
fn ventenoekkel(til: Date, id: DocId) -> Vec<u8> {
    noekkel(&[u64::try_from(til.days_since_epoch()).unwrap_or(0), id])
}

/// Where a case of a kind that is stopped waits: by kind, in the order they came.
fn parkeringsnoekkel(ressurs: &Ressurs, id: DocId) -> Vec<u8> {
    [avtrykk(&[ressurs.sakstype.as_bytes()]), noekkel(&[id])].concat()
}

impl<'p, 's> Bunt<'p, 's> {
    pub(super) fn ny(
        produsent: &'p Produsent,
        (hode, vokter): (Hode, Guard),
        tur: Tur<'s>,
        now: Timestamp,
        regelbruk: Regelbruk,
    ) -> Self {
        Self { produsent, hode, vokter, tur, now, regelbruk, antall: 0, steg: Vec::new() }
    }

    /// The last message that has been taken.
    pub(super) const fn posisjon(&self) -> u64 {
        self.hode.posisjon
    }

    /// Messages up to here have been taken.
    pub(super) const fn kommet_til(&mut self, posisjon: u64) {
        self.hode.posisjon = posisjon;
    }

    /// How many cases have been taken.
    pub(super) const fn antall(&self) -> usize {
        self.antall
    }

    /// Takes a case as far as the rules do.
    pub(super) async fn ta(&mut self, id: DocId, drift: &Drift) -> Result<Tatt, Feil> {
        let (mut sak, melding) = self.produsent.sak(id).await?.ok_or(Feil::Mangler("en sak"))?;
        if self.antall > 0 && korrigerer_en_annen(&melding, ressurs(&sak)?) {
            return Ok(Tatt::Utsatt);
        }
        self.antall += 1;
        // Taken by another node since the head was read; then this batch is not written.
        if !matches!(sak.tilstand, Tilstand::Mottatt | Tilstand::Venter) {
            return Ok(Tatt::Videre);
        }
        let ressurs = ressurs(&sak)?;
        if let Some(til) = sak.venter_til.take() {
            self.steg.push(slett(VENTENDE, ventenoekkel(til, id)));
        }
        if drift.stoppet(ressurs.sakstype) {
            self.steg.push(merk(PARKERTE, parkeringsnoekkel(ressurs, id), Guard::Any));
            self.steg.push(sett(SAKER, noekkel(&[id]), &sak, Guard::Any)?);
            return Ok(Tatt::Videre);
        }
        self.steg.push(slett(PARKERTE, parkeringsnoekkel(ressurs, id)));
        self.aapne(&mut sak, ressurs);
        let (utfall, steg) = match self.regelbruk {
            Regelbruk::Vanlig => {
                let korrigerer = self.opprinnelig(&sak, &melding, ressurs).await?;
                self.regler(&sak, &melding, ressurs, korrigerer, false).await?
            }
            Regelbruk::TilSkrivebord => {
                (Utfall::Manuell(vec![Kode::KreverManuellVurdering.into()]), Vec::new())
            }
        };
        let tatt = if steg.is_empty() { Tatt::Videre } else { Tatt::Ferdig };
        self.steg.extend(steg);
        self.avslutt(id, (sak, &melding), ressurs, utfall)?;
        Ok(tatt)
    }

    /// Writes this with the batch.
    pub(super) fn skriv(&mut self, steg: Vec<Step>) {
        self.steg.extend(steg);
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
            // A node whose clock is behind at New Year must not begin the old year's numbers anew.
            let aar = self.now.date_oslo().year().max(self.hode.sak.0);
            self.hode.sak = if self.hode.sak.0 == aar { (aar, self.hode.sak.1 + 1) } else { (aar, 1) };
            format!("FOLK/{aar}/{:06}", self.hode.sak.1)
        };
        sak.saksnummer = Some(nummer);
        sak.opprettet = Some(self.now.as_millis());
    }

    /// Puts the message before the rules. Persons as they will be go into the turn if it is done.
    pub(super) async fn regler(
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
            Err(Stopp::Feil(feil)) => Err(feil),
        }
    }

    fn avslutt(
        &mut self,
        id: DocId,
        (mut sak, melding): (Sak, &LagretMelding),
        ressurs: &Ressurs,
        utfall: Utfall,
    ) -> Result<(), Feil> {
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
                self.steg.push(merk(VENTENDE, ventenoekkel(til, id), Guard::Any));
                sak.venter_til = Some(til);
                (Hending::ReglerVent, None)
            }
        };
        self.skift(id, (sak, melding), ressurs, hending, innhold.as_ref())
    }

    /// Moves a case on as the table of the state machine says, and tells of it.
    pub(super) fn skift(
        &mut self,
        id: DocId,
        (mut sak, melding): (Sak, &LagretMelding),
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
                tilbakemelding::beslutning(ressurs, (&sak, &melding.melding), var_manuell, innhold, self.now)
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
    pub(super) async fn opprinnelig(
        &mut self,
        sak: &Sak,
        melding: &LagretMelding,
        ressurs: &'static Ressurs,
    ) -> Result<Korrigerer, Feil> {
        if !korrigerer_en_annen(melding, ressurs) {
            return Ok(Korrigerer::Ingenting);
        }
        let ident = &melding.melding["forespoersel"]["identifikatorForOpprinneligMelding"];
        let Some(ident) = ident.as_str() else { return Ok(Korrigerer::Ukjent) };
        let mut prefiks = ident_noekkel(sak.orgnr, ressurs, ident, 0);
        prefiks.truncate(prefiks.len() - 8);
        let mut funnet = Korrigerer::Ukjent;
        for record in self.produsent.journal.records(IDENTER, &prefiks, None, BUNT).await? {
            let Some(id) = siste_del(&record.key) else { continue };
            let Some((annen, melding)) = self.produsent.sak(id).await? else { continue };
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
                self.skift(id, (annen, &melding), ressurs, Hending::Erstattet, Some(&nei))?;
            }
        }
        Ok(funnet)
    }

    /// Writes the batch as one change.
    pub(super) async fn ferdig(mut self) -> Result<(), Feil> {
        self.steg.push(sett(TILSTAND, HODE.to_vec(), &self.hode, self.vokter)?);
        crash::point("saksflyt.bunt.before");
        self.tur.fullfoer(self.now, self.steg).await?;
        crash::point("saksflyt.bunt.after");
        Ok(())
    }
}

/// Whether the message says that it corrects another: only births do.
fn korrigerer_en_annen(melding: &LagretMelding, ressurs: &Ressurs) -> bool {
    ressurs.slag == Slag::Foedsel && melding.melding["forespoersel"]["erKorrigertForespoersel"] == true
}
