//! A total file from the upstream, as a reader for the import.
//!
//! The import reads on a thread of its own; what comes over the network is handed to it through a short queue, so
//! that memory stays small whichever is faster. A connection that breaks is taken up where it broke, if the file is
//! still the same one (`Range` with `If-Range`); otherwise the reader fails and the load begins anew.

use std::io::{self, Read};
use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf, Bytes};
use http::{Response, StatusCode, header};
use http_body_util::BodyExt;
use tid::Timestamp;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::oppstroms::{Nei, Oppstroms, Oppstromsfeil, forbindelse, tidspunkt};

/// Pieces that may wait for the import; each is what the network gave at a time, at most some hundred kB.
const KO: usize = 16;
/// How many times in a row a file may break without a byte having come.
const FORSOK: u32 = 8;

/// A download that has begun.
pub(super) struct Nedlasting {
    /// When the upstream made the file; `None`: it does not say.
    pub(super) laget: Option<Timestamp>,
    /// The file.
    pub(super) leser: Leser,
}

/// Begins to download. It stops when the reader is dropped.
pub(super) async fn begynn(
    oppstroms: &Arc<Oppstroms>,
    rute: &'static str,
) -> Result<Nedlasting, Oppstromsfeil> {
    let mut pumpe = Pumpe { oppstroms: oppstroms.clone(), rute, merke: None, lest: 0 };
    let svar = pumpe.apne().await?;
    let hode = |navn| svar.headers().get(navn).and_then(|v| v.to_str().ok()).map(str::to_owned);
    // Only a strong tag says that two files are the same to the byte.
    pumpe.merke = hode(header::ETAG).filter(|merke| !merke.starts_with("W/"));
    let laget = hode(header::LAST_MODIFIED).as_deref().and_then(tidspunkt);
    let (til, fra) = mpsc::channel(KO);
    let oppgave = tokio::spawn(pumpe.pump(svar, til));
    Ok(Nedlasting { laget, leser: Leser { fra, bit: Bytes::new(), slutt: false, oppgave } })
}

struct Pumpe {
    oppstroms: Arc<Oppstroms>,
    rute: &'static str,
    merke: Option<String>,
    lest: u64,
}

type Svar = Response<hyper::body::Incoming>;

impl Pumpe {
    /// Asks for the file from where it stands, again and again as for any call.
    async fn apne(&self) -> Result<Svar, Oppstromsfeil> {
        let mut forsok = 1;
        loop {
            let omrade = format!("bytes={}-", self.lest);
            let mut hoder = vec![("accept", "*/*"), ("accept-encoding", "identity")];
            if let (Some(merke), true) = (&self.merke, self.lest > 0) {
                hoder.extend([("range", omrade.as_str()), ("if-range", merke.as_str())]);
            }
            let svar = tokio::time::timeout(
                self.oppstroms.tidsgrense() * 4,
                self.oppstroms.send(self.rute, self.rute, &hoder),
            );
            let nei = match svar.await {
                Ok(Ok(svar)) => return self.passer(svar),
                Ok(Err(nei)) => nei,
                Err(_) => Nei { feil: forbindelse(self.rute, "tiden gikk ut"), igjen: Some(Duration::ZERO) },
            };
            match nei.igjen {
                Some(minst) if forsok < FORSOK => self.oppstroms.vent(forsok, minst).await,
                _ => return Err(nei.feil),
            }
            forsok += 1;
        }
    }

    fn passer(&self, svar: Svar) -> Result<Svar, Oppstromsfeil> {
        match (svar.status(), self.lest) {
            (StatusCode::OK, 0) => Ok(svar),
            (StatusCode::PARTIAL_CONTENT, lest) if lest > 0 => Ok(svar),
            (StatusCode::OK, _) => Err(forbindelse(self.rute, "filen ble en annen under nedlastingen")),
            (status, _) => Err(Oppstromsfeil::Status { rute: self.rute, status }),
        }
    }

    async fn pump(mut self, mut svar: Svar, til: mpsc::Sender<io::Result<Bytes>>) {
        let mut uten_framgang = 0;
        loop {
            let foer = self.lest;
            match self.overfor(&mut svar, &til).await {
                // An empty piece says that the end was reached.
                Ok(true) => return drop(til.send(Ok(Bytes::new())).await),
                Ok(false) => return,
                Err(feil) => {
                    uten_framgang = if self.lest > foer { 0 } else { uten_framgang + 1 };
                    if self.merke.is_none() || uten_framgang == FORSOK {
                        return drop(til.send(Err(io::Error::other(feil))).await);
                    }
                    tracing::info!(%feil, "nedlastingen ble brutt; fortsetter der den var");
                }
            }
            self.oppstroms.vent(uten_framgang + 1, Duration::ZERO).await;
            svar = match self.apne().await {
                Ok(svar) => svar,
                Err(feil) => return drop(til.send(Err(io::Error::other(feil))).await),
            };
        }
    }

    /// Hands over one answer's body. `false`: nobody reads any more.
    async fn overfor(
        &mut self,
        svar: &mut Svar,
        til: &mpsc::Sender<io::Result<Bytes>>,
    ) -> Result<bool, Oppstromsfeil> {
        loop {
            let bit = tokio::time::timeout(self.oppstroms.tidsgrense(), svar.body_mut().frame()).await;
            let bit = bit.map_err(|_| forbindelse(self.rute, "ingenting kom lenger"))?;
            let Some(bit) = bit else { return Ok(true) };
            let bit = bit.map_err(|feil| Nei::forbindelse(self.rute, &feil).feil)?;
            if let Ok(data) = bit.into_data()
                && !data.is_empty()
            {
                self.lest += data.len() as u64;
                if til.send(Ok(data)).await.is_err() {
                    return Ok(false);
                }
            }
        }
    }
}

/// Reads the download; from a thread that may block.
pub(super) struct Leser {
    fra: mpsc::Receiver<io::Result<Bytes>>,
    bit: Bytes,
    slutt: bool,
    oppgave: JoinHandle<()>,
}

impl Read for Leser {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.bit.is_empty() && !self.slutt {
            match self.fra.blocking_recv() {
                Some(Ok(bit)) if bit.is_empty() => self.slutt = true,
                Some(bit) => self.bit = bit?,
                None => return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "nedlastingen ble avbrutt")),
            }
        }
        let antall = buffer.len().min(self.bit.len());
        self.bit.copy_to_slice(&mut buffer[..antall]);
        Ok(antall)
    }
}

impl Drop for Leser {
    fn drop(&mut self) {
        self.oppgave.abort();
    }
}
