//! Private keys at rest: AES-256-GCM under a master key that lies outside the store.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use tid::Random;
use vakt::base64url;
use zeroize::Zeroizing;

use crate::Feil;

/// The master key that private keys are stored under. It is never in the store, nor in a backup of it.
#[derive(Clone)]
pub struct Hovednokkel(Zeroizing<[u8; 32]>);

impl fmt::Debug for Hovednokkel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hovednokkel(…)")
    }
}

/// Why there is no master key.
#[derive(Debug, thiserror::Error)]
pub enum IngenHovednokkel {
    /// The file cannot be read or written.
    #[error(transparent)]
    Fil(#[from] io::Error),
    /// The file or the command's output is not 32 bytes in base64url.
    #[error("the master key is not 32 bytes in base64url (43 characters)")]
    Form,
    /// The command ended badly.
    #[error("the command for the master key ended with {0}")]
    Kommando(std::process::ExitStatus),
}

impl Hovednokkel {
    /// Reads 43 characters of base64url; white space around them does no harm.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn les(tekst: &str) -> Result<Self, IngenHovednokkel> {
        let bytes = Zeroizing::new(base64url::decode(tekst.trim()).ok_or(IngenHovednokkel::Form)?);
        let nokkel: [u8; 32] = bytes[..].try_into().map_err(|_| IngenHovednokkel::Form)?;
        Ok(Self(Zeroizing::new(nokkel)))
    }

    /// Reads a file.
    ///
    /// # Errors
    /// When it is not there or holds something else.
    pub fn fra_fil(sti: &Path) -> Result<Self, IngenHovednokkel> {
        Self::les(&Zeroizing::new(fs::read_to_string(sti)?))
    }

    /// Reads a file, which is made with a new key, for its owner alone, if it is not there.
    ///
    /// # Errors
    /// When it cannot be read or written.
    pub fn fra_egen_fil(sti: &Path, tilfeldig: &dyn Random) -> Result<Self, IngenHovednokkel> {
        match Self::fra_fil(sti) {
            Err(IngenHovednokkel::Fil(feil)) if feil.kind() == io::ErrorKind::NotFound => {}
            lest => return lest,
        }
        let mut bytes = Zeroizing::new([0; 32]);
        tilfeldig.fill(&mut *bytes);
        let tekst = Zeroizing::new(base64url::encode(&bytes[..]) + "\n");
        if let Some(mappe) = sti.parent() {
            fs::create_dir_all(mappe)?;
        }
        // Written aside and linked into place: another process that starts now has this key or its own, never half.
        let ved_siden = sti.with_extension("ny");
        let _ = fs::remove_file(&ved_siden);
        let mut fil = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&ved_siden)?;
        fil.write_all(tekst.as_bytes())?;
        fil.sync_all()?;
        let lenket = fs::hard_link(&ved_siden, sti);
        fs::remove_file(&ved_siden)?;
        // A power cut must not take the key and leave what will be stored under it.
        if let Some(mappe) = sti.parent() {
            fs::File::open(mappe)?.sync_all()?;
        }
        match lenket {
            Err(feil) if feil.kind() != io::ErrorKind::AlreadyExists => Err(feil.into()),
            _ => Self::fra_fil(sti),
        }
    }

    /// Reads what a command writes: the hook for keys that a device or a vault gives out. The words of the
    /// command are separated by spaces; no shell is involved.
    ///
    /// # Errors
    /// When it cannot be started, fails, or writes something else.
    pub fn fra_kommando(kommando: &str) -> Result<Self, IngenHovednokkel> {
        let mut ord = kommando.split_whitespace();
        let program = ord.next().ok_or(IngenHovednokkel::Form)?;
        let svar = Command::new(program).args(ord).stdin(Stdio::null()).stderr(Stdio::inherit()).output()?;
        let ut = Zeroizing::new(svar.stdout);
        if !svar.status.success() {
            return Err(IngenHovednokkel::Kommando(svar.status));
        }
        Self::les(str::from_utf8(&ut).map_err(|_| IngenHovednokkel::Form)?)
    }

    fn aead(&self) -> Result<RandomizedNonceKey, Feil> {
        RandomizedNonceKey::new(&AES_256_GCM, &self.0[..])
            .map_err(|_| Feil::Nokkel("hovednøkkelen kan ikke brukes"))
    }

    /// Encrypts, bound to a name. The answer is base64url of nonce and ciphertext.
    pub(super) fn lukk(&self, navn: &str, innhold: &[u8]) -> Result<String, Feil> {
        // Room for the tag at once: the plaintext is encrypted in place and leaves no copy behind.
        let mut bytes = Vec::with_capacity(innhold.len() + AES_256_GCM.tag_len());
        bytes.extend_from_slice(innhold);
        let mut bytes = Zeroizing::new(bytes);
        let nonce = self
            .aead()?
            .seal_in_place_append_tag(Aad::from(navn.as_bytes()), &mut *bytes)
            .map_err(|_| Feil::Nokkel("kryptering mislyktes"))?;
        Ok(base64url::encode([&nonce.as_ref()[..], &bytes[..]].concat()))
    }

    /// Decrypts what [`lukk`](Self::lukk) made under the same name.
    pub(super) fn aapne(&self, navn: &str, tekst: &str) -> Result<Zeroizing<Vec<u8>>, Feil> {
        const SKADET: Feil = Feil::Nokkel("den lagrede nøkkelen er skadet");
        let bytes = base64url::decode(tekst).ok_or(SKADET)?;
        let (nonce, lukket) = bytes.split_at_checked(NONCE_LEN).ok_or(SKADET)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SKADET)?;
        let mut apen = Zeroizing::new(lukket.to_vec());
        let lengde = self
            .aead()?
            .open_in_place(nonce, Aad::from(navn.as_bytes()), &mut apen)
            .map_err(|_| Feil::Nokkel("den lagrede nøkkelen er lukket med en annen hovednøkkel"))?
            .len();
        apen.truncate(lengde);
        Ok(apen)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use tid::SeededRandom;

    use super::*;

    #[test]
    fn closed_under_one_name_and_one_key() {
        let nokkel = Hovednokkel::les(&base64url::encode([7; 32])).unwrap();
        let lukket = nokkel.lukk("a", b"hemmelig").unwrap();
        assert!(!lukket.contains("hemmelig"));
        assert_eq!(&*nokkel.aapne("a", &lukket).unwrap(), b"hemmelig");
        assert_ne!(nokkel.lukk("a", b"hemmelig").unwrap(), lukket, "a nonce is used once");
        assert!(nokkel.aapne("b", &lukket).is_err());
        assert!(Hovednokkel::les(&base64url::encode([8; 32])).unwrap().aapne("a", &lukket).is_err());
        for skadet in ["", "AAAA", "ø", &lukket[1..]] {
            assert!(nokkel.aapne("a", skadet).is_err());
        }
        assert_eq!(format!("{nokkel:?}"), "Hovednokkel(…)");
    }

    #[test]
    fn a_file_of_its_own_is_made_once_and_for_its_owner() {
        let mappe = tempfile::tempdir().unwrap();
        let sti = mappe.path().join("under").join("hovednokkel");
        let forst = Hovednokkel::fra_egen_fil(&sti, &SeededRandom::new(1)).unwrap();
        let igjen = Hovednokkel::fra_egen_fil(&sti, &SeededRandom::new(2)).unwrap();
        assert_eq!(*forst.0, *igjen.0);
        assert_eq!(fs::metadata(&sti).unwrap().permissions().mode() & 0o777, 0o600);
        fs::write(&sti, "kort").unwrap();
        assert!(matches!(Hovednokkel::fra_fil(&sti), Err(IngenHovednokkel::Form)));
    }

    #[test]
    fn a_command_gives_the_key() {
        let tekst = base64url::encode([9; 32]);
        let nokkel = Hovednokkel::fra_kommando(&format!("echo {tekst}")).unwrap();
        assert_eq!(*nokkel.0, [9; 32]);
        assert!(matches!(Hovednokkel::fra_kommando("false"), Err(IngenHovednokkel::Kommando(_))));
        assert!(matches!(Hovednokkel::fra_kommando("echo kort"), Err(IngenHovednokkel::Form)));
        assert!(Hovednokkel::fra_kommando("").is_err());
    }
}
