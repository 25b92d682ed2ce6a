//! Which services a package has (consumer sheet, section 3.2).

use super::{ALLE, BRSV, EID, FIN, OMH, OUH, PUH, Pakker, Rettighetspakke};

/// A service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tjeneste {
    /// `personer/{id}`.
    Oppslag,
    /// `personer/bulkoppslag`.
    Bulkoppslag,
    /// `personer/soek`.
    Soek,
    /// `personer/entydigsoek`.
    Entydigsoek,
    /// `personer/arkiv/{id}` and `personer/bulkoppslag/arkiv`.
    Arkiv,
    /// `hendelser/feed` and `hendelser/siste/sekvensnummer`.
    Feed,
    /// `hendelser/{id}` and `hendelser/bulkoppslag`.
    Hendelsesdokument,
    /// `uttrekk/komplett`.
    KomplettUttrekk,
    /// `uttrekk/tilpasset`.
    TilpassetUttrekk,
    /// `uttrekk/{job}/batch/{n}`.
    Uttrekksbatch,
    /// `personer/xsd`, `hendelser/xsd`, `hendelser/feedxsd`.
    Skjema,
}

impl Tjeneste {
    /// Its name in the log: its path, without what is particular to a call.
    pub const fn navn(self) -> &'static str {
        match self {
            Self::Oppslag => "personer",
            Self::Bulkoppslag => "personer/bulkoppslag",
            Self::Soek => "personer/soek",
            Self::Entydigsoek => "personer/entydigsoek",
            Self::Arkiv => "personer/arkiv",
            Self::Feed => "hendelser/feed",
            Self::Hendelsesdokument => "hendelser",
            Self::KomplettUttrekk => "uttrekk/komplett",
            Self::TilpassetUttrekk => "uttrekk/tilpasset",
            Self::Uttrekksbatch => "uttrekk/batch",
            Self::Skjema => "xsd",
        }
    }

    /// The packages that have it. brsv is seen with look-up, feed and schemas only.
    pub const fn pakker(self) -> Pakker {
        const MED_OPPSLAG: Pakker = OMH.og(OUH).og(PUH).og(FIN).og(EID);
        match self {
            Self::Oppslag => MED_OPPSLAG.og(BRSV),
            Self::Bulkoppslag | Self::Soek | Self::TilpassetUttrekk | Self::Uttrekksbatch => MED_OPPSLAG,
            Self::Entydigsoek => ALLE.uten(BRSV),
            Self::Arkiv | Self::Hendelsesdokument | Self::KomplettUttrekk => OMH,
            Self::Feed | Self::Skjema => ALLE,
        }
    }
}

impl Rettighetspakke {
    /// Whether the package has a service.
    pub const fn har(self, tjeneste: Tjeneste) -> bool {
        tjeneste.pakker().har(self)
    }
}
