//! Intake: a message is read, held against its contract, and kept. Only when it is on disk is it received (producer sheet,
//! chapter 3).

use identifikator::Organisasjonsnummer;
use journal::{Change, DocId, Guard, JournalError, Step};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tid::{Random, Timestamp};

use crate::kontrakt::Kontrakt;
use crate::lager::{IDENTER, INNSENDT, MELDINGER, MOTTATT, SAKER, VEDLEGG, avtrykk, merk, noekkel, sett};
use crate::ressurs::{Ressurs, Slag};
use crate::sak::{Sak, Tilstand};
use crate::xml::{self, Node, Xmlfeil};
use crate::{Feil, Produsent, drift, tilgang};

/// Largest attachment, in bytes (section 3.5).
pub const VEDLEGG_MAKS: usize = 10 * 1024 * 1024;
/// Who reports a birth when the message does not say.
pub const FOEDSELSKILDE: &str = "helse";
/// Bits of a message's number that are random; the others are the time.
const TILFELDIGE_BITS: u32 = 21;
/// How often a message gets another number, should one be taken.
const FORSOEK: usize = 4;

/// A message as it came, in the journal.
#[derive(Serialize, Deserialize)]
pub struct LagretMelding {
    /// The resource.
    pub ressurs: String,
    /// Who sent it.
    pub orgnr: u64,
    /// The reference that was given back.
    pub referanse: String,
    /// The message in its stored form.
    pub melding: Value,
    /// The message as it was sent.
    pub xml: String,
    /// The attachments, by name and place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vedlegg: Vec<String>,
}

/// An attachment.
pub struct Vedlegg<'a> {
    /// The name that the message knows it by.
    pub filnavn: String,
    /// What it holds.
    pub innhold: &'a [u8],
}

/// The receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mottatt {
    /// The register's reference.
    pub referanse: String,
    /// The sender's identifier, if the message has one.
    pub meldingsidentifikator: Option<String>,
}

/// Why a message is not received.
#[derive(Debug)]
pub enum Avvist {
    /// The organisation may not send this.
    Tilgang(&'static Ressurs),
    /// The message is not as its contract says.
    Xml(Xmlfeil),
    /// Something is wrong with the attachments.
    Vedlegg(String),
    /// Messages are not received for now.
    Nede,
    /// Something failed.
    Feil(Feil),
}

impl<E: Into<Feil>> From<E> for Avvist {
    fn from(feil: E) -> Self {
        Self::Feil(feil.into())
    }
}

/// Who decides on the digital signature of a message (section 6.14).
pub trait Signaturkontroll: Send + Sync {
    /// Whether the document has no signature, or one that holds.
    ///
    /// # Errors
    /// What the sender is told when it does not.
    fn kontroller(&self, xml: &str) -> Result<(), &'static str>;
}

/// A message on its way in.
struct Inn<'a> {
    ressurs: &'static Ressurs,
    orgnr: u64,
    melding: Value,
    xml: &'a [u8],
    vedlegg: &'a [Vedlegg<'a>],
    med_vedlegg: bool,
    ident: Option<String>,
    fingeravtrykk: Option<Vec<u8>>,
}

impl Produsent {
    /// Whether an organisation may post to a resource.
    ///
    /// # Errors
    /// [`Avvist`] when it may not.
    pub async fn maa_sende(
        &self,
        avsender: Organisasjonsnummer,
        ressurs: &'static Ressurs,
    ) -> Result<tilgang::Produsentrett, Avvist> {
        let rett = tilgang::hent(&self.journal, avsender).await?;
        rett.filter(|rett| rett.ressurs(ressurs.navn)).ok_or(Avvist::Tilgang(ressurs))
    }

    /// Receives a message from who [may send it](Self::maa_sende). When this returns, it is on disk. The same message again gets the receipt of the first (section
    /// 3.7).
    ///
    /// # Errors
    /// [`Avvist`] when it is not received; then nothing is kept.
    pub async fn ta_imot(
        &self,
        (avsender, rett): (Organisasjonsnummer, &tilgang::Produsentrett),
        (ressurs, med_vedlegg): (&'static Ressurs, bool),
        xml: &[u8],
        vedlegg: &[Vedlegg<'_>],
    ) -> Result<Mottatt, Avvist> {
        if drift::hent(&self.journal).await?.mottak_nede {
            return Err(Avvist::Nede);
        }
        let kontrakt = self.kontrakter.get(ressurs.navn).ok_or(Feil::Mangler("en kontrakt"))?;
        let (melding, fingeravtrykk) = les(kontrakt, xml).map_err(Avvist::Xml)?;
        self.kontroller_signatur(kontrakt, xml).await.map_err(Avvist::Xml)?;
        if kilder(ressurs, &melding).iter().any(|kilde| !rett.kilde(kilde)) {
            return Err(Avvist::Tilgang(ressurs));
        }
        bind(&melding, vedlegg, med_vedlegg).map_err(Avvist::Vedlegg)?;
        let ident = melding["innsending"]["avsendersMeldingsidentifikator"].as_str().map(str::to_owned);
        let orgnr = u64::from(avsender.verdi());
        let fingeravtrykk = ident.as_ref().map(|ident| {
            let org = orgnr.to_be_bytes();
            let mut deler: Vec<Vec<u8>> =
                vec![org.to_vec(), familie(ressurs).into(), ident.as_bytes().to_vec(), fingeravtrykk];
            let mut vedlegg: Vec<_> =
                vedlegg.iter().map(|v| avtrykk(&[v.filnavn.as_bytes(), v.innhold])).collect();
            vedlegg.sort_unstable();
            deler.extend(vedlegg);
            avtrykk(&deler.iter().map(Vec::as_slice).collect::<Vec<_>>())
        });
        self.behold(&Inn { ressurs, orgnr, melding, xml, vedlegg, med_vedlegg, ident, fingeravtrykk }).await
    }

    async fn behold(&self, inn: &Inn<'_>) -> Result<Mottatt, Avvist> {
        let kvittering = |referanse| Mottatt { referanse, meldingsidentifikator: inn.ident.clone() };
        for _ in 0..FORSOEK {
            if let Some(kjent) = self.kjent(inn).await? {
                return Ok(kvittering(kjent));
            }
            let now = self.register.naa();
            let (id, referanse) = nytt_nummer(now, &*self.tilfeldig);
            let steps = steg(inn, id, &referanse, now)?;
            match self.journal.append(Change { at: now, steps }).await {
                Ok(_) => return Ok(kvittering(referanse)),
                // The same message at the same time, or a number that is taken: look again.
                Err(JournalError::Conflict { .. }) => {}
                Err(feil) => return Err(feil.into()),
            }
        }
        Err(Feil::Mangler("et ledig meldingsnummer").into())
    }

    /// Where signatures are looked at, one that is there must hold. It is work for a processor, not for who answers calls.
    async fn kontroller_signatur(&self, kontrakt: &Kontrakt, xml: &[u8]) -> Result<(), Xmlfeil> {
        let Some(kontroll) = self.signaturer.clone() else { return Ok(()) };
        let tekst = str::from_utf8(xml).unwrap_or_default().trim_start_matches('\u{feff}').to_owned();
        let svar = tokio::task::spawn_blocking(move || kontroll.kontroller(&tekst)).await;
        svar.unwrap_or(Err("Signaturen kunne ikke kontrolleres")).map_err(|melding| Xmlfeil {
            melding: melding.to_owned(),
            linje: 0,
            sti: format!("/{}", kontrakt.rot.navn),
        })
    }

    /// The reference that this very message got before.
    async fn kjent(&self, inn: &Inn<'_>) -> Result<Option<String>, Feil> {
        let Some(avtrykk) = &inn.fingeravtrykk else { return Ok(None) };
        let kjent = self.journal.record(INNSENDT, avtrykk).await?;
        Ok(kjent.and_then(|record| String::from_utf8(record.value).ok()))
    }
}

fn steg(inn: &Inn<'_>, id: DocId, referanse: &str, now: Timestamp) -> Result<Vec<Step>, Feil> {
    let lagret = LagretMelding {
        ressurs: inn.ressurs.navn.to_owned(),
        orgnr: inn.orgnr,
        referanse: referanse.to_owned(),
        melding: inn.melding.clone(),
        xml: String::from_utf8_lossy(inn.xml).into_owned(),
        vedlegg: inn.vedlegg.iter().map(|v| v.filnavn.clone()).collect(),
    };
    let sak = Sak {
        tilstand: Tilstand::Mottatt,
        ressurs: inn.ressurs.navn.to_owned(),
        orgnr: inn.orgnr,
        referanse: referanse.to_owned(),
        meldingsidentifikator: inn.ident.clone(),
        saksreferanse: saksreferanse(&inn.melding),
        mottatt: now.as_millis(),
        saksnummer: None,
        opprettet: None,
        vedlegg_mangler: !inn.med_vedlegg && !multipartnavn(&inn.melding).is_empty(),
        begrunnelser: Vec::new(),
        beslutning: None,
        tildelt: None,
        avgjort_av: None,
        venter_til: None,
    };
    let mut steg = vec![
        sett(SAKER, noekkel(&[id]), &sak, Guard::Absent)?,
        Step::Put { collection: MELDINGER, id, body: serde_json::to_vec(&lagret)?, at: None },
        Step::Publish { feed: MOTTATT, subject: id, kind: 1, number: None, at: None },
    ];
    if let Some(avtrykk) = &inn.fingeravtrykk {
        let value = Some(referanse.as_bytes().to_vec());
        steg.push(Step::Record { space: INNSENDT, key: avtrykk.clone(), value, guard: Guard::Absent });
    }
    // Only births refer to earlier messages (section 6.3, F8).
    if let (Slag::Foedsel, Some(ident)) = (inn.ressurs.slag, &inn.ident) {
        steg.push(merk(IDENTER, ident_noekkel(inn.orgnr, inn.ressurs, ident, id), Guard::Any));
    }
    for (plass, vedlegg) in inn.vedlegg.iter().enumerate() {
        let (key, value) = (noekkel(&[id, plass as u64]), Some(vedlegg.innhold.to_vec()));
        steg.push(Step::Record { space: VEDLEGG, key, value, guard: Guard::Any });
    }
    Ok(steg)
}

/// The key of a sender's identifier; the message number is the last of it.
pub fn ident_noekkel(orgnr: u64, ressurs: &Ressurs, ident: &str, id: DocId) -> Vec<u8> {
    let mut key = avtrykk(&[&orgnr.to_be_bytes(), familie(ressurs).as_bytes(), ident.as_bytes()]);
    key.extend_from_slice(&id.to_be_bytes());
    key
}

/// The resource without its version: messages of one family repeat each other across versions.
fn familie(ressurs: &Ressurs) -> &'static str {
    ressurs.navn.rsplit_once("_v").map_or(ressurs.navn, |(familie, _)| familie)
}

/// A message's number, time first so that newer messages lie together, and the reference that tells it: a UUID of version 7.
fn nytt_nummer(now: Timestamp, tilfeldig: &dyn Random) -> (DocId, String) {
    let mut bytes = [0u8; 16];
    tilfeldig.fill(&mut bytes);
    let millis = u64::try_from(now.as_millis()).unwrap_or(0) & ((1 << 42) - 1);
    let tall = u128::from_be_bytes(bytes);
    let id = millis << TILFELDIGE_BITS | (tall as u64) & ((1 << TILFELDIGE_BITS) - 1);
    let uuid = (u128::from(millis) << 80)
        | (0x7 << 76)
        | ((tall >> 64) & 0xfff) << 64
        | (0b10 << 62)
        | (tall & ((1 << 62) - 1));
    let hex = format!("{uuid:032x}");
    let referanse = format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]);
    (id, referanse)
}

/// The number of the message with a reference: its time and its last bits are there.
pub fn nummer_av(referanse: &str) -> Option<DocId> {
    let hex: String = referanse.split('-').collect();
    let uuid = (hex.len() == 32).then(|| u128::from_str_radix(&hex, 16).ok()).flatten()?;
    let millis = (uuid >> 80) as u64;
    Some(millis << TILFELDIGE_BITS | (uuid as u64) & ((1 << TILFELDIGE_BITS) - 1))
}

/// The stored form of a document, and what tells it from others but for times.
fn les(kontrakt: &Kontrakt, xml: &[u8]) -> Result<(Value, Vec<u8>), Xmlfeil> {
    let rot = xml::les(xml)?;
    let melding = kontrakt.valider(&rot)?;
    let mut tekst = Vec::with_capacity(xml.len());
    kjennetegn(&rot, &mut tekst);
    Ok((melding, avtrykk(&[&tekst])))
}

/// What senders write anew when they send again (section 3.7).
const SKIFTENDE: [&str; 5] = [
    "avsendersInnsendingstidspunkt",
    "registreringsdato",
    "rekvireringsdato",
    "forespoerselssdato",
    "forespoerselsdato",
];

/// A digital signature (section 6.14).
const SIGNATUR: &str = "Signature";

fn kjennetegn(node: &Node<'_>, ut: &mut Vec<u8>) {
    ut.push(b'<');
    ut.extend_from_slice(node.navn.as_bytes());
    ut.push(b'>');
    if node.barn.is_empty() && !SKIFTENDE.contains(&node.navn) {
        ut.extend_from_slice(node.tekst.as_bytes());
    }
    // A signature is made anew with the times that it covers.
    for barn in node.barn.iter().filter(|barn| barn.navn != SIGNATUR) {
        kjennetegn(barn, ut);
    }
    ut.extend_from_slice(b"</>");
}

/// Whom the message says that it comes from.
fn kilder<'m>(ressurs: &Ressurs, melding: &'m Value) -> Vec<&'m str> {
    let f = &melding["forespoersel"];
    match ressurs.slag {
        // A birth that does not say is taken as one from the health service.
        Slag::Foedsel => vec![f["innsender"]["innsendertype"].as_str().unwrap_or(FOEDSELSKILDE)],
        Slag::Farskap => {
            let innsendere = f["innsender"].as_array().into_iter().flatten();
            innsendere.filter_map(|innsender| innsender["innsendertype"].as_str()).collect()
        }
        _ => f["kilde"].as_str().into_iter().collect(),
    }
}

fn saksreferanse(melding: &Value) -> Option<String> {
    let f = &melding["forespoersel"];
    let verdi =
        f["avsendersSaksreferanse"].as_str().or_else(|| f["avsender"]["avsendersSaksreferanse"].as_str());
    verdi.map(str::to_owned)
}

/// Every attachment that a message names.
fn multipartnavn(melding: &Value) -> Vec<&str> {
    match melding {
        Value::Object(felter) => {
            let her = felter.get("multipartnavn").and_then(Value::as_str);
            her.into_iter().chain(felter.values().flat_map(multipartnavn)).collect()
        }
        Value::Array(verdier) => verdier.iter().flat_map(multipartnavn).collect(),
        _ => Vec::new(),
    }
}

/// Every name in the message has its part, and every part its name.
fn bind(melding: &Value, vedlegg: &[Vedlegg<'_>], med_vedlegg: bool) -> Result<(), String> {
    if !med_vedlegg {
        return Ok(());
    }
    let navn = multipartnavn(melding);
    if let Some(navn) = navn.iter().find(|navn| !vedlegg.iter().any(|v| v.filnavn == **navn)) {
        return Err(format!("Vedlegget {navn} mangler"));
    }
    for v in vedlegg {
        if !navn.contains(&&*v.filnavn) {
            return Err(format!("Meldingen viser ikke til vedlegget {}", v.filnavn));
        }
        if vedlegg.iter().filter(|annet| annet.filnavn == v.filnavn).count() > 1 {
            return Err(format!("Vedlegget {} er sendt mer enn en gang", v.filnavn));
        }
        if v.innhold.is_empty() {
            return Err(format!("Vedlegget {} er tomt", v.filnavn));
        }
        if v.innhold.len() > VEDLEGG_MAKS {
            return Err(format!("Vedlegget {} er større enn 10 MiB", v.filnavn));
        }
        if !er_kjent_format(v.innhold) {
            return Err(format!("Vedlegget {} er ikke PDF, PNG, JPEG, TIFF eller XML", v.filnavn));
        }
    }
    Ok(())
}

/// What a sender says of an attachment's type is not believed (section 3.5).
fn er_kjent_format(innhold: &[u8]) -> bool {
    let uten_bom = innhold.strip_prefix(b"\xef\xbb\xbf").unwrap_or(innhold);
    let begynnelser: [&[u8]; 5] = [b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*"];
    begynnelser.iter().any(|b| innhold.starts_with(b)) || uten_bom.trim_ascii_start().starts_with(b"<")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_tells_the_number() {
        let tilfeldig = tid::SeededRandom::new(1);
        let naa = Timestamp::parse("2026-06-30T12:00:00.000Z").unwrap();
        for _ in 0..100 {
            let (id, referanse) = nytt_nummer(naa, &tilfeldig);
            assert_eq!(referanse.len(), 36);
            assert_eq!(&referanse[14..15], "7");
            assert_eq!(nummer_av(&referanse), Some(id));
        }
        assert_eq!(nummer_av("x"), None);
    }

    #[test]
    fn attachments_are_known_by_how_they_begin() {
        assert!(er_kjent_format(b"%PDF-1.7") && er_kjent_format(b" <?xml"));
        assert!(!er_kjent_format(b"MZ\x90") && !er_kjent_format(b""));
    }
}
