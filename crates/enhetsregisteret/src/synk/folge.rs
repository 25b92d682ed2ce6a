//! Following: a page of a feed, the units it names, and both written as one change.
//!
//! The page's events go on our feed as they stand upstream; each unit named is fetched once, as it is now. Written
//! together with the cursor, so a copy that dies between two writes neither misses nor doubles anything: there is
//! only one write.

use std::collections::HashMap;
use std::time::Duration;

use identifikator::Organisasjonsnummer;
use serde::Deserialize;
use serde_json::value::RawValue;
use tid::{Date, Timestamp};
use tokio::task::JoinSet;

use super::Synk;
use super::markor::{self, Lagret, Markor, Sted};
use super::oppstroms::{Oppstroms, Oppstromsfeil, Svar};
use crate::Feil;
use crate::endring::{Datert, Endringstype, Gjengitt, Melding};
use crate::import::Innhold;
use crate::modell::{Dokument, Enhetstype, dokument, rolleform};

/// Units asked for in one search. The address stays far below what the front of the real service allows (sheet
/// section 3).
const SAMLET: usize = 100;

/// A search may lag behind look-ups by number; units that changed more recently than this are looked up.
const SOKET_ER_FERSKT_ETTER: Duration = Duration::from_mins(10);

/// What taking a page came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Skritt {
    /// Events written.
    pub(super) hendelser: u64,
    /// Documents that were new here or changed.
    pub(super) dokumenter: u64,
    /// Events that are known to wait upstream.
    pub(super) venter: u64,
    /// Documents from upstream that could not be read.
    pub(super) uleselige: u64,
    /// Whether the page was the last one for now.
    pub(super) a_jour: bool,
}

impl Synk {
    /// Takes the next page of a feed.
    pub(super) async fn skritt(&self, strom: Innhold) -> Result<Skritt, Feil> {
        let journal = self.register.journal();
        let lagret = markor::les(journal, strom)
            .await?
            .ok_or_else(|| Oppstromsfeil::Uforenlig("kopien har ikke noe grunnlag ennå".to_owned()))?;
        let vakt = lagret.vakt;
        match self.skritt_fra(strom, lagret).await {
            Err(feil) => match markor::les(journal, strom).await? {
                // A write that was given up on came through after all: on from where it led.
                Some(naa) if naa.vakt != vakt => Ok(Skritt::default()),
                _ => Err(feil),
            },
            tatt => tatt,
        }
    }

    async fn skritt_fra(&self, strom: Innhold, Lagret { markor, vakt }: Lagret) -> Result<Skritt, Feil> {
        let register = &self.register;
        let side = self.oppstroms.side(strom, markor.sted, self.oppsett.bunt).await?;
        let a_jour = (side.lest as u64) < self.oppsett.bunt;
        let Some(siste) = side.hendelser.last().copied() else {
            if !a_jour {
                let arsak = "hele siden er om det som er hentet før".to_owned();
                return Err(Oppstromsfeil::Uleselig { rute: "/oppdateringer", arsak }.into());
            }
            // Nothing new: the cursor stays where it is.
            return Ok(Skritt { a_jour: true, ..Skritt::default() });
        };
        self.plass_til(strom, side.hendelser[0].nummer).await?;
        let (dokumenter, uleselige) = self.hent_nevnte(strom, &side.hendelser).await?;
        let ny = Markor { sted: Sted::Id(siste.nummer), dato: Some(siste.at), ..markor };
        let med = vec![ny.steg(strom, vakt)?];
        tid::crash::point("synk.side.before");
        let kvittering = register.skriver().gjengi(register.naa(), dokumenter, &side.hendelser, med).await?;
        tid::crash::point("synk.side.after");
        let hendelser = side.hendelser.len() as u64;
        let venter = if a_jour { 0 } else { side.totalt.saturating_sub(side.lest as u64).max(1) };
        Ok(Skritt { hendelser, dokumenter: kvittering.nye + kvittering.endrede, venter, uleselige, a_jour })
    }

    /// The upstream's numbers must fit above those that are on our feed.
    async fn plass_til(&self, strom: Innhold, forste: u64) -> Result<(), Feil> {
        let feed = match strom {
            Innhold::Enheter(kind) => kind.feed(),
            Innhold::Roller => crate::endring::OPPDATERTE_ROLLER,
        };
        let hode = self.register.journal().feed_head(feed).await?.number;
        if forste > hode {
            return Ok(());
        }
        Err(Oppstromsfeil::Uforenlig(format!(
            "oppdateringer av {} går her til nummer {hode}, og oppstrøms fortsetter på {forste}: kopien har fått \
             egne endringer, og må lages på nytt i en tom datamappe",
            strom.ord()
        ))
        .into())
    }

    /// Every unit that the events name, as it is upstream now, dated by the newest event about it.
    async fn hent_nevnte(&self, strom: Innhold, hendelser: &[Gjengitt]) -> Result<(Vec<Datert>, u64), Feil> {
        let mut nyeste: HashMap<Organisasjonsnummer, Gjengitt> = HashMap::with_capacity(hendelser.len());
        for hendelse in hendelser {
            nyeste.insert(hendelse.orgnr, *hendelse);
        }
        let mut hentet = Hentet { svar: HashMap::with_capacity(nyeste.len()), uleselige: 0 };
        if let Innhold::Enheter(kind) = strom {
            self.hent_samlet(kind, &nyeste, &mut hentet).await?;
        }
        let resten = nyeste.values().filter(|h| !hentet.svar.contains_key(&h.orgnr)).copied().collect();
        self.hent_enkeltvis(strom, resten, &mut hentet).await?;
        let dokumenter = hentet
            .svar
            .into_iter()
            .filter_map(|(orgnr, melding)| {
                Some(Datert { at: Some(nyeste.get(&orgnr)?.at), endringstype: None, melding: melding? })
            })
            .collect();
        Ok((dokumenter, hentet.uleselige))
    }

    /// Many live units with one search, where a search can be trusted and is fewer calls.
    async fn hent_samlet(
        &self,
        kind: Enhetstype,
        nyeste: &HashMap<Organisasjonsnummer, Gjengitt>,
        hentet: &mut Hentet,
    ) -> Result<(), Feil> {
        let ferskt_til = self.register.naa().plus_millis(-millis(SOKET_ER_FERSKT_ETTER));
        let lever = |type_| !matches!(type_, Endringstype::Sletting | Endringstype::Fjernet);
        let i_soket: Vec<Organisasjonsnummer> =
            nyeste.values().filter(|h| h.at < ferskt_til && lever(h.endringstype)).map(|h| h.orgnr).collect();
        let mut oppgaver = JoinSet::new();
        for bolk in i_soket.chunks(SAMLET).filter(|bolk| bolk.len() > 1) {
            let liste: Vec<String> = bolk.iter().map(ToString::to_string).collect();
            let rute = flertall(kind);
            let sti = format!("{rute}?organisasjonsnummer={}&size={}", liste.join(","), bolk.len());
            let oppstroms = self.oppstroms.clone();
            oppgaver.spawn(async move { sokesvar(&oppstroms.funnet(rute, &sti).await?, rute, kind) });
        }
        while let Some(svar) = oppgaver.join_next().await {
            let enheter = match svar.map_err(|_| Feil::Avbrutt)? {
                // The units are looked up one by one instead.
                Err(Oppstromsfeil::Uleselig { rute, arsak }) => {
                    tracing::warn!(rute, arsak, "et søkesvar fra oppstrøms kan ikke leses");
                    continue;
                }
                enheter => enheter?,
            };
            for (orgnr, melding) in enheter {
                if nyeste.contains_key(&orgnr) {
                    hentet.svar.insert(orgnr, Some(melding));
                }
            }
        }
        Ok(())
    }

    /// One call a unit, some at a time.
    async fn hent_enkeltvis(
        &self,
        strom: Innhold,
        hendelser: Vec<Gjengitt>,
        hentet: &mut Hentet,
    ) -> Result<(), Feil> {
        let mut oppgaver = JoinSet::new();
        for hendelse in hendelser {
            let oppstroms = self.oppstroms.clone();
            oppgaver.spawn(async move { (hendelse.orgnr, hent_en(&oppstroms, strom, &hendelse).await) });
        }
        while let Some(ferdig) = oppgaver.join_next().await {
            let (orgnr, svar) = ferdig.map_err(|_| Feil::Avbrutt)?;
            let melding = match svar {
                Err(Oppstromsfeil::Uleselig { rute, arsak }) => {
                    // One document must not stop the rest. What is here stays, and the status tells of it.
                    tracing::error!(rute, arsak, "et dokument fra oppstrøms kan ikke leses");
                    hentet.uleselige += 1;
                    None
                }
                svar => svar?,
            };
            hentet.svar.insert(orgnr, melding);
        }
        Ok(())
    }
}

/// What the upstream said about each unit; `None`: nothing that can be written.
struct Hentet {
    svar: HashMap<Organisasjonsnummer, Option<Melding>>,
    uleselige: u64,
}

/// The route of a kind of unit.
pub(super) const fn flertall(kind: Enhetstype) -> &'static str {
    match kind {
        Enhetstype::Enhet => "/enheter",
        Enhetstype::Underenhet => "/underenheter",
    }
}

/// A unit or its roles as they are upstream now.
async fn hent_en(
    oppstroms: &Oppstroms,
    strom: Innhold,
    hendelse: &Gjengitt,
) -> Result<Option<Melding>, Oppstromsfeil> {
    let Gjengitt { orgnr, at, endringstype, .. } = *hendelse;
    let svar = nummer(oppstroms, strom, orgnr).await?;
    let slettedato = |kropp: &[u8]| dato_i(kropp).unwrap_or_else(|| at.date_oslo());
    match (strom, svar) {
        (_, Svar::Funnet(kropp)) => tolk(strom, orgnr, &kropp).map(Some),
        (Innhold::Enheter(kind), Svar::Fjernet(kropp)) => {
            Ok(Some(Melding::Fjernet { kind, orgnr, slettedato: slettedato(&kropp) }))
        }
        // What the feed says is removed is removed, also when the upstream has forgotten that it ever was.
        (Innhold::Enheter(kind), Svar::Ukjent) if endringstype == Endringstype::Fjernet => {
            Ok(Some(Melding::Fjernet { kind, orgnr, slettedato: at.date_oslo() }))
        }
        (Innhold::Enheter(_), Svar::Ukjent) => Ok(None),
        (Innhold::Roller, Svar::Fjernet(kropp)) => {
            Ok(Some(Melding::RollerFjernet { orgnr, slettedato: slettedato(&kropp) }))
        }
        (Innhold::Roller, Svar::Ukjent) => Ok(Some(Melding::Roller { orgnr, roller: None })),
    }
}

/// The look-up of one unit or its roles.
pub(super) async fn nummer(
    oppstroms: &Oppstroms,
    strom: Innhold,
    orgnr: Organisasjonsnummer,
) -> Result<Svar, Oppstromsfeil> {
    match strom {
        Innhold::Enheter(kind @ Enhetstype::Enhet) => {
            oppstroms.hent("/enheter/{orgnr}", &format!("{}/{orgnr}", flertall(kind))).await
        }
        Innhold::Enheter(kind @ Enhetstype::Underenhet) => {
            oppstroms.hent("/underenheter/{orgnr}", &format!("{}/{orgnr}", flertall(kind))).await
        }
        Innhold::Roller => {
            oppstroms.hent("/enheter/{orgnr}/roller", &format!("/enheter/{orgnr}/roller")).await
        }
    }
}

/// An answer as the register stores it.
pub(super) fn tolk(
    strom: Innhold,
    orgnr: Organisasjonsnummer,
    kropp: &[u8],
) -> Result<Melding, Oppstromsfeil> {
    let uleselig = |rute: &'static str, arsak: String| Oppstromsfeil::Uleselig { rute, arsak };
    match strom {
        Innhold::Enheter(kind) => {
            let enhet = dokument::kanoniser(kropp, kind)
                .map_err(|feil| uleselig(flertall(kind), feil.to_string()))?;
            if enhet.orgnr != orgnr {
                return Err(uleselig(flertall(kind), "svaret er om en annen enhet".to_owned()));
            }
            Ok(Melding::Enhet { kind, enhet })
        }
        Innhold::Roller => {
            let (_, roller) = rolleform::kanoniser(kropp, Some(orgnr))
                .map_err(|feil| uleselig("/enheter/{orgnr}/roller", feil.to_string()))?;
            Ok(Melding::Roller { orgnr, roller: Some(roller) })
        }
    }
}

/// The live units of a search answer. One that cannot be read is left out, and looked up by number afterwards.
fn sokesvar(
    kropp: &[u8],
    rute: &'static str,
    kind: Enhetstype,
) -> Result<Vec<(Organisasjonsnummer, Melding)>, Oppstromsfeil> {
    #[derive(Deserialize)]
    struct Side<'a> {
        #[serde(rename = "_embedded", borrow)]
        innhold: Option<Innebygd<'a>>,
    }
    #[derive(Deserialize)]
    struct Innebygd<'a> {
        #[serde(rename = "enheter", alias = "underenheter", borrow)]
        liste: Vec<&'a RawValue>,
    }
    let side: Side<'_> = serde_json::from_slice(kropp)
        .map_err(|feil| Oppstromsfeil::Uleselig { rute, arsak: feil.to_string() })?;
    let liste = side.innhold.map(|innhold| innhold.liste).unwrap_or_default();
    let lesbare = liste.iter().filter_map(|json| dokument::kanoniser(json.get().as_bytes(), kind).ok());
    Ok(lesbare.map(|enhet| (enhet.orgnr, Melding::Enhet { kind, enhet })).collect())
}

fn dato_i(kropp: &[u8]) -> Option<Date> {
    let tekst: String = Dokument::les(kropp).ok()?.som("slettedato")?;
    Date::parse(&tekst).ok()
}

/// A length of time as the timestamps count it.
pub(super) fn millis(lengde: Duration) -> i64 {
    i64::try_from(lengde.as_millis()).unwrap_or(i64::MAX)
}

/// How long ago a moment is, in whole seconds.
pub(super) fn sekunder_siden(naa: Timestamp, da: Timestamp) -> u64 {
    u64::try_from((naa.as_millis() - da.as_millis()) / 1000).unwrap_or(0)
}
