//! Registered keys (sheet 11.3): a set is replaced as a whole.

use sertifikat::Refusal;
use vakt::json::Object;
use vakt::jwk::{RegisteredKey, UnfitKeySet, read_registered};

use super::klienter::hent;
use super::{Aktor, Avvist, Utfall};
use crate::lager::{KLIENTER, SIDE};
use crate::modell::{Lagretklient, Nokkel, Nokkelsett, Orgnr};
use crate::{Feil, Maskinporten};

impl Maskinporten {
    /// Replaces the keys of a client with the set in `dokument`, `{"keys":[…]}`. They end in a year at the latest;
    /// posting them again renews them.
    ///
    /// # Errors
    /// When the set is not allowed: nothing of it is stored then.
    pub async fn sett_nokler(
        &self,
        aktor: &Aktor,
        client_id: &str,
        dokument: &Object,
        use_paakrevd: bool,
    ) -> Utfall<Lagretklient> {
        let nokler = read_registered(dokument, use_paakrevd).map_err(|feil| ugyldig(&feil))?;
        if nokler.len() > self.oppsett().nokler_maks {
            return Err(ugyldig(&UnfitKeySet::Count));
        }
        let mut arbeid = self.skriver().begynn(self.naa(), aktor.hvem.clone()).await;
        let naa = arbeid.naa();
        let mut lagret = hent(&mut arbeid, aktor, client_id).await?;
        if !lagret.klient.active {
            return Err(Avvist::Ukjent("klienten"));
        }
        let naa_s = naa.as_millis().div_euclid(1000);
        if nokler.iter().any(|nokkel| nokkel.exp.is_some_and(|exp| exp <= naa_s)) {
            return Err(Avvist::ugyldig("exp", "exp er passert"));
        }
        for nokkel in &nokler {
            self.sertifikatet_er_nokkelens(nokkel, lagret.klient.driver())?;
        }
        let senest = naa_s + self.oppsett().nokkel_levetid_d * 86_400;
        let created = lagret.jwks.as_ref().map_or(naa, |sett| sett.created);
        let keys = nokler.iter().map(|nokkel| Nokkel::av(nokkel, senest)).collect();
        lagret.jwks = Some(Nokkelsett { keys, created, last_updated: naa });
        self.lagre(arbeid, "nokler.satt", lagret).await
    }

    /// Takes away all keys of a client.
    ///
    /// # Errors
    /// When the client is unknown or another's.
    pub async fn slett_nokler(&self, aktor: &Aktor, client_id: &str) -> Utfall<()> {
        let mut arbeid = self.skriver().begynn(self.naa(), aktor.hvem.clone()).await;
        let mut lagret = hent(&mut arbeid, aktor, client_id).await?;
        if lagret.jwks.take().is_some() {
            self.lagre(arbeid, "nokler.slettet", lagret).await?;
        }
        Ok(())
    }

    /// How many registered keys of active clients end within so many days and have not ended; with 0, how many have
    /// ended.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn nokler_som_utloper(&self, dager: i64) -> Result<u64, Feil> {
        let naa = self.naa().as_millis().div_euclid(1000);
        let teller = |nokkel: &&Nokkel| match dager {
            0 => nokkel.exp <= naa,
            _ => nokkel.exp > naa && nokkel.exp <= naa + dager * 86_400,
        };
        let (mut antall, mut etter) = (0, None::<Vec<u8>>);
        loop {
            let side = KLIENTER.side(&**self.journal(), "", etter.as_deref(), SIDE).await?;
            let aktive = side.iter().filter(|post| post.verdi.klient.active);
            let nokler = aktive.flat_map(|post| post.verdi.jwks.iter().flat_map(|sett| &sett.keys));
            antall += nokler.filter(teller).count() as u64;
            etter = side.last().map(|post| post.nokkel.clone());
            if side.len() < SIDE {
                return Ok(antall);
            }
        }
    }

    /// A certificate that a key is locked to is the key's own, trusted, and of the organisation that signs.
    fn sertifikatet_er_nokkelens(&self, nokkel: &RegisteredKey, orgnr: Orgnr) -> Utfall<()> {
        let Some(kjede) = &nokkel.x5c else { return Ok(()) };
        let nei = |tekst: &str| Err(Avvist::ugyldig("x5c", tekst));
        let Some(tillit) = self.tillit() else {
            return nei("sertifikater er ikke satt opp på denne tjeneren");
        };
        match tillit.verify(kjede, self.naa()) {
            Ok(s) if s.orgnr != orgnr => nei("sertifikatet er utstedt til en annen virksomhet"),
            Ok(s) if s.modulus != nokkel.key.modulus() => nei("x5c er ikke sertifikatet til nøkkelen"),
            Ok(_) => Ok(()),
            Err(Refusal::Malformed) => nei("x5c er ikke et sertifikat"),
            Err(Refusal::Organisation(_)) => nei("sertifikatet er ikke et virksomhetssertifikat"),
            Err(Refusal::Untrusted(_)) => nei("sertifikatet er ikke gyldig eller ikke betrodd"),
        }
    }
}

/// The refusal of a set, in bokmål.
fn ugyldig(feil: &UnfitKeySet) -> Avvist {
    match feil {
        UnfitKeySet::Count => Avvist::ugyldig("keys", "keys må være en liste med 1 til 5 nøkler"),
        UnfitKeySet::Member(navn) => Avvist::ugyldig(navn, format!("{navn} mangler eller er ugyldig")),
        UnfitKeySet::Private => Avvist::ugyldig(
            "keys",
            "private felter skal ikke sendes; en nøkkel som er sendt med dem, må ikke brukes mer",
        ),
        UnfitKeySet::Repeated => Avvist::ugyldig("kid", "to nøkler har samme kid"),
        UnfitKeySet::Unfit(_) => {
            Avvist::ugyldig("n", "nøkkelen må være RSA med 2048 til 4096 bit og eksponent 65537")
        }
    }
}
