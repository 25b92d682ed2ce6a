//! Folkeregisteret, as its consumers call it: the real binary, tokens of its own Maskinporten, the demo's people.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

mod drept;
mod endepunkter;
mod innsyn;
mod oppslag;
mod skript;

use crate::nation::Data;
use crate::program::run;
use crate::server::{Answer, Server};

pub(crate) const OMH: &str = "/folkeregisteret/offentlig-med-hjemmel/api/v1";
pub(crate) const FINANS: &str = "/folkeregisteret/api/finans/v1";
pub(crate) const PRIVAT: &str = "/folkeregisteret/api/privat/v1";
pub(crate) const UTEN: &str = "/folkeregisteret/api/privatutenfolkeregisteridentifikator/v1";

/// A server on the demo nation that delivers everything, however old, and tokens for it.
pub(crate) struct Folk {
    pub(crate) data: Data,
    pub(crate) server: Server,
}

/// A caller with a token.
pub(crate) struct Konsument<'f> {
    pub(crate) server: &'f Server,
    pub(crate) token: String,
    pub(crate) base: &'static str,
}

impl Folk {
    pub(crate) fn start(set: &[&str]) -> Self {
        let data = Data::nation();
        let flags: Vec<&str> = set.iter().flat_map(|set| ["--set", set]).collect();
        let server = Server::start(&data.path(), &flags);
        Self { data, server }
    }

    /// One that delivers everything.
    pub(crate) fn hele() -> Self {
        Self::start(&["folkeregisteret.oppbevaring_maaneder=1200"])
    }

    pub(crate) fn konsument(&self, pakke: &str, base: &'static str) -> Konsument<'_> {
        let scope = format!("folkeregister:deling/{pakke}");
        let said = run(&self.data.path(), &["token", "--url", &self.server.base, "--scope", &scope]).ok();
        Konsument { server: &self.server, token: format!("Bearer {}", said.out.trim()), base }
    }

    pub(crate) fn omh(&self) -> Konsument<'_> {
        self.konsument("offentligmedhjemmel", OMH)
    }
}

impl Konsument<'_> {
    pub(crate) fn get_with(&self, sti: &str, hoder: &[(&str, &str)]) -> Answer {
        let mut alle = vec![("authorization", self.token.as_str())];
        alle.extend_from_slice(hoder);
        self.server.get_with(&format!("{}{sti}", self.base), &alle)
    }

    pub(crate) fn get(&self, sti: &str) -> Answer {
        self.get_with(sti, &[])
    }

    pub(crate) fn json(&self, sti: &str) -> Value {
        let svar = self.get(sti);
        assert_eq!(svar.status, 200, "{sti}: {}", svar.text());
        serde_json::from_slice(&svar.body).expect("JSON")
    }

    pub(crate) fn post(&self, sti: &str, type_: &str, kropp: &[u8]) -> Answer {
        let hoder = [("authorization", self.token.as_str()), ("content-type", type_)];
        self.server.send("POST", &format!("{}{sti}", self.base), &hoder, kropp)
    }

    pub(crate) fn post_json(&self, sti: &str, kropp: &Value) -> Value {
        let svar = self.post(sti, "application/json", kropp.to_string().as_bytes());
        assert_eq!(svar.status, 200, "{sti}: {}", svar.text());
        serde_json::from_slice(&svar.body).expect("JSON")
    }

    /// The whole feed.
    pub(crate) fn feed(&self) -> Vec<Value> {
        let (mut alle, mut neste) = (Vec::new(), 0);
        loop {
            let side = self.json(&format!("/hendelser/feed/?seq={neste}"));
            let side = side.as_array().expect("a list").clone();
            assert!(side.len() <= 1000);
            let Some(siste) = side.last() else { return alle };
            neste = siste["sekvensnummer"].as_u64().expect("a number") + 1;
            alle.extend(side);
        }
    }
}

pub(crate) fn tekst<'v>(verdi: &'v Value, sti: &str) -> &'v str {
    verdi.pointer(sti).and_then(Value::as_str).unwrap_or_else(|| panic!("no {sti} in {verdi}"))
}

/// Every batch of an extract, when it is made.
pub(crate) fn batcher(konsument: &Konsument<'_>, jobb: &str, felt: &str) -> Vec<String> {
    let (mut alle, mut nr, begynt) = (Vec::new(), 0, Instant::now());
    loop {
        let svar = konsument.get(&format!("/uttrekk/{jobb}/batch/{nr}"));
        if svar.status == 404 {
            assert!(svar.text().contains("feilmelding") && begynt.elapsed() < Duration::from_secs(30));
            std::thread::sleep(Duration::from_millis(50));
            continue;
        }
        let kropp: Value = serde_json::from_slice(&svar.body).expect("JSON");
        if kropp == json!({}) {
            return alle;
        }
        let liste = kropp[felt].as_array().unwrap_or_else(|| panic!("{kropp}"));
        alle.extend(liste.iter().map(|v| v.as_str().expect("text").to_owned()));
        nr += 1;
    }
}

/// What `grunndata innsyn` says of a person.
pub(crate) fn innsyn(data: &Path, nummer: &str, flagg: &[&str]) -> Vec<Value> {
    let said = run(data, &[&["innsyn", "--json", "--person", nummer], flagg].concat()).ok();
    serde_json::from_str(&said.out).expect("JSON")
}
