//! The operator's and the case worker's orders, as the command line and the desk's API give them.

use folkeregisteret::modell::Identitetsgrunnlagstatus;
use identifikator::{Organisasjonsnummer, Personidentifikator};
use journal::DocId;
use serde::de::IntoDeserializer;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::drift::{self, Drift};
use crate::lager::{VEDLEGG, noekkel};
use crate::mottak::{LagretMelding, nummer_av};
use crate::nyheter::Ordre;
use crate::sak::{Begrunnelse, Beslutning, Kode, Sak};
use crate::saksflyt::{Avgjoerelse, Ugyldig};
use crate::skranke::Navnevalg;
use crate::tilgang::{self, Produsentrett};
use crate::{Feil, Produsent};

/// Longest `Tekst` (section 4.1).
const TEKST_MAKS: usize = 4000;
/// Cases in a list, unless otherwise is asked.
const SAKER: usize = 100;

/// An order.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kommando")]
pub enum Kommando {
    /// Who may send what.
    Produsenter,
    /// Says what an organisation may send.
    GiRett {
        /// The organisation.
        orgnr: Organisasjonsnummer,
        /// What it may.
        rett: Produsentrett,
    },
    /// An organisation may send nothing any more.
    TrekkRett {
        /// The organisation.
        orgnr: Organisasjonsnummer,
    },
    /// Cases on desks, oldest first.
    Saker {
        /// After the case with this reference.
        etter: Option<String>,
    },
    /// A case with its message.
    Sak {
        /// Its reference.
        referanse: String,
    },
    /// Decides a case that is on a desk.
    Avgjoer {
        /// Its reference.
        referanse: String,
        /// The decision.
        beslutning: Beslutning,
        /// The code of the reason, for a no.
        kode: Option<String>,
        /// More to say.
        merknad: Option<String>,
    },
    /// How the switches of maintenance stand.
    Drift,
    /// Sets them.
    StillDrift(Drift),
    /// Takes every case that can be taken, now.
    Toem,
    /// Takes the night's round of D-numbers that have run out, now.
    Inaktiver,
    /// Gives a child the name that its parents have chosen.
    Navnevalg {
        /// The child.
        nummer: Personidentifikator,
        /// The name.
        valg: Navnevalg,
    },
    /// Says how well somebody's identity is checked.
    Identitetskontroll {
        /// The person.
        nummer: Personidentifikator,
        /// How well, in the register's words.
        status: String,
    },
    /// News and operations messages.
    Nyhet(Ordre),
}

/// Why an order is not carried out.
#[derive(Debug, thiserror::Error)]
pub enum Avslag {
    /// There is no such thing.
    #[error("{0}")]
    Ukjent(&'static str),
    /// It cannot be done so.
    #[error("{0}")]
    Umulig(String),
    /// Something failed.
    #[error(transparent)]
    Feil(#[from] Feil),
}

impl From<Ugyldig> for Avslag {
    fn from(ugyldig: Ugyldig) -> Self {
        match ugyldig {
            Ugyldig::Feil(feil) => Self::Feil(feil),
            Ugyldig::Ukjent => Self::Ukjent("saken finnes ikke, eller den er ikke til manuell behandling"),
            annet => Self::Umulig(annet.to_string()),
        }
    }
}

impl Produsent {
    /// Carries out an order of somebody's, who is kept with what is decided.
    ///
    /// # Errors
    /// [`Avslag`] when it cannot be; then nothing is changed.
    pub async fn utfor(&self, av: &str, kommando: Kommando) -> Result<Value, Avslag> {
        Ok(match kommando {
            Kommando::Produsenter => {
                let alle = tilgang::alle(&self.journal).await?;
                alle.into_iter()
                    .map(|(orgnr, rett)| json!({ "orgnr": format!("{orgnr:09}"), "rett": rett }))
                    .collect()
            }
            Kommando::GiRett { orgnr, rett } => {
                tilgang::gi(&self.journal, self.register.naa(), orgnr, Some(&rett)).await?;
                json!({ "orgnr": orgnr, "rett": rett })
            }
            Kommando::TrekkRett { orgnr } => {
                tilgang::gi(&self.journal, self.register.naa(), orgnr, None).await?;
                json!({ "orgnr": orgnr })
            }
            Kommando::Saker { etter } => {
                let saker = self.manuelle(etter.as_deref().and_then(nummer_av), SAKER).await?;
                saker.iter().map(|(_, sak)| vis(sak)).collect()
            }
            Kommando::Sak { referanse } => {
                let (_, sak, melding) = self.sak_med(&referanse).await?;
                tracing::info!(av, referanse, "en sak er vist");
                let mut vist = vis(&sak);
                vist["melding"] = melding.melding;
                vist["vedlegg"] = json!(melding.vedlegg);
                vist
            }
            Kommando::Avgjoer { referanse, beslutning, kode, merknad } => {
                let begrunnelse = kode.map(|kode| begrunnelse(&kode, merknad)).transpose()?;
                let (id, ..) = self.sak_med(&referanse).await?;
                self.avgjoer(id, &Avgjoerelse { beslutning, begrunnelse, av: av.to_owned() }).await?;
                tracing::info!(av, referanse, "en sak er avgjort");
                vis(&self.sak_med(&referanse).await?.1)
            }
            Kommando::Drift => json!(drift::hent(&self.journal).await?),
            Kommando::StillDrift(drift) => {
                if let Some(ukjent) = drift.ukjent_sakstype() {
                    return Err(Avslag::Umulig(format!("{ukjent} er ikke en sakstype")));
                }
                drift::still(&self.journal, self.register.naa(), &drift).await?;
                json!(drift)
            }
            Kommando::Toem => json!({ "behandlet": self.toem().await? }),
            Kommando::Inaktiver => {
                while self.inaktiver().await? {}
                json!({ "ferdig": true })
            }
            Kommando::Navnevalg { nummer, valg } => {
                self.velg_navn(nummer, &valg).await?;
                tracing::info!(av, "et navn er valgt");
                json!({ "nummer": nummer })
            }
            Kommando::Identitetskontroll { nummer, status } => {
                let status = Identitetsgrunnlagstatus::deserialize(status.as_str().into_deserializer());
                let status = status.map_err(|_: serde::de::value::Error| {
                    Avslag::Umulig("statusen finnes ikke".to_owned())
                })?;
                self.kontroller_identitet(nummer, status).await?;
                tracing::info!(av, "en identitet er kontrollert");
                json!({ "nummer": nummer })
            }
            Kommando::Nyhet(ordre) => self.utfor_nyhet(ordre).await?,
        })
    }

    async fn sak_med(&self, referanse: &str) -> Result<(DocId, Sak, LagretMelding), Avslag> {
        let ukjent = || Avslag::Ukjent("saken finnes ikke");
        let id = nummer_av(referanse).ok_or_else(ukjent)?;
        let (sak, melding) =
            self.sak(id).await?.filter(|(sak, _)| sak.referanse == referanse).ok_or_else(ukjent)?;
        Ok((id, sak, melding))
    }

    /// An attachment of a case: by its place among those that the case lists, from 0.
    ///
    /// # Errors
    /// [`Avslag`] when there is none.
    pub async fn vedlegg(&self, av: &str, referanse: &str, plass: u64) -> Result<Vec<u8>, Avslag> {
        let (id, ..) = self.sak_med(referanse).await?;
        let record = self.journal.record(VEDLEGG, &noekkel(&[id, plass])).await.map_err(Feil::from)?;
        let record = record.ok_or(Avslag::Ukjent("vedlegget finnes ikke"))?;
        tracing::info!(av, referanse, plass, "et vedlegg er vist");
        Ok(record.value)
    }
}

fn begrunnelse(kode: &str, merknad: Option<String>) -> Result<Begrunnelse, Avslag> {
    let funnet = Kode::ALLE.iter().find(|k| k.kode() == kode);
    let funnet = funnet.ok_or_else(|| Avslag::Umulig(format!("{kode} er ikke en begrunnelseskode")))?;
    if merknad.as_deref().is_some_and(|merknad| !er_tekst(merknad)) {
        return Err(Avslag::Umulig(format!("merknaden må ha 1 til {TEKST_MAKS} tegn og ingen styretegn")));
    }
    Ok(Begrunnelse { merknad, ..Begrunnelse::from(*funnet) })
}

/// Whether it may stand in a `Tekst` of the contracts.
fn er_tekst(tekst: &str) -> bool {
    (1..=TEKST_MAKS).contains(&tekst.chars().count()) && !tekst.contains(|tegn: char| tegn.is_control())
}

fn vis(sak: &Sak) -> Value {
    json!(sak)
}
