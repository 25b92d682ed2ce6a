//! `grunndata virksomhetssertifikat`: an enterprise certificate of the built-in test authority, with its key.

use std::path::Path;

use sertifikat::{Order, Profile, TestCa};
use tid::{Clock, SystemClock, SystemRandom};

use super::print;
use crate::cli::maskinporten::{Profil, Virksomhetssertifikat};
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::failure::{Failure, chain};
use crate::{secrets, tokens};

pub(super) fn run(config: &Config, asked: &Virksomhetssertifikat) -> Result<(), Failure> {
    let dir = DataDir::of(config);
    dir.make()?;
    let refused = |error: sertifikat::TestCaFault| {
        Failure::failed(
            format!("no certificate can be issued: {}", chain(&error)),
            "check rights and disk space with `grunndata doctor`",
        )
    };
    let place = tokens::test_authority(&dir);
    if !place.is_dir() {
        eprintln!("making the test authority; a server that runs trusts it from its next start on");
    }
    let now = SystemClock.now();
    let authority = TestCa::open_or_create(&place, now, &SystemRandom).map_err(refused)?;
    let order = Order {
        orgnr: asked.orgnr,
        navn: asked.navn.clone(),
        profile: match asked.profil {
            Profil::Seid1 => Profile::Seid1,
            Profil::Seid2 => Profile::Seid2,
        },
        days: asked.dager,
    };
    let issued = authority.issue(&order, now, &SystemRandom).map_err(refused)?;
    secrets::make_dir(&asked.ut)?;
    let key = asked.ut.join(format!("{}.key.pem", asked.orgnr));
    let certificates = asked.ut.join(format!("{}.pem", asked.orgnr));
    secrets::write_new(&key, vakt::pem::encode("PRIVATE KEY", &issued.key).as_bytes())?;
    let chain: String =
        issued.chain.iter().map(|der| vakt::pem::encode("CERTIFICATE", der).to_string()).collect();
    secrets::write_new(&certificates, chain.as_bytes())?;
    print(&format!("{}\n{}\n", shown(&key), shown(&certificates)))
}

fn shown(file: &Path) -> String {
    file.display().to_string()
}
