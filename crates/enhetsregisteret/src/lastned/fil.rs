//! The downloads there are.

use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

use journal::Feed;

use crate::Oppsett;
use crate::endring::{OPPDATERTE_ENHETER, OPPDATERTE_ROLLER};
use crate::modell::{Enhetstype, Versjon};

/// One of the downloads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fil {
    /// All units as gzipped JSON.
    Json(Enhetstype, Versjon),
    /// All units as gzipped CSV; version 2 only.
    Csv(Enhetstype),
    /// All units as a spreadsheet.
    Regneark(Enhetstype, Versjon),
    /// All roles as gzipped JSON.
    Roller,
    /// All units as Parquet: the columns of the CSV, typed, and more.
    Parquet(Enhetstype),
    /// All roles as Parquet, one row each.
    ParquetRoller,
}

impl fmt::Display for Fil {
    /// Name and version.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.navn())?;
        if self.versjon() == Versjon::V1 { f.write_str(" (v1)") } else { Ok(()) }
    }
}

impl Fil {
    /// Every one that is served.
    pub fn alle(oppsett: &Oppsett) -> Vec<Self> {
        let mut alle = Vec::new();
        for kind in Enhetstype::ALLE {
            for versjon in [Versjon::V2, Versjon::V1] {
                if versjon == Versjon::V2 || oppsett.versjon1 {
                    alle.extend([Self::Json(kind, versjon), Self::Regneark(kind, versjon)]);
                }
            }
            alle.extend([Self::Csv(kind), Self::Parquet(kind)]);
        }
        alle.extend([Self::Roller, Self::ParquetRoller]);
        alle
    }

    /// The name the caller saves it under.
    pub fn navn(self) -> String {
        match self {
            Self::Json(kind, _) => format!("{}_alle.json.gz", kind.flertall()),
            Self::Csv(kind) => format!("{}_alle.csv.gz", kind.flertall()),
            Self::Regneark(kind, _) => format!("{}_alle.xlsx", kind.flertall()),
            Self::Roller => "roller_alle.json.gz".to_owned(),
            Self::Parquet(kind) => format!("{}_alle.parquet", kind.flertall()),
            Self::ParquetRoller => "roller_alle.parquet".to_owned(),
        }
    }

    /// Which of the API's versions it is in.
    pub fn versjon(self) -> Versjon {
        match self {
            Self::Json(_, versjon) | Self::Regneark(_, versjon) => versjon,
            Self::Csv(_) | Self::Roller | Self::Parquet(_) | Self::ParquetRoller => Versjon::V2,
        }
    }

    /// The feeds that tell whether it is still right.
    pub(super) fn feeder(self) -> &'static [Feed] {
        const ENHET: &[Feed] = &[Enhetstype::Enhet.feed()];
        const UNDERENHET: &[Feed] = &[Enhetstype::Underenhet.feed()];
        match self {
            Self::Json(kind, _) | Self::Csv(kind) | Self::Regneark(kind, _) | Self::Parquet(kind) => {
                match kind {
                    Enhetstype::Enhet => ENHET,
                    Enhetstype::Underenhet => UNDERENHET,
                }
            }
            // Whose unit is deleted or removed has no place in the role file, whether the role feed says so or not.
            Self::Roller | Self::ParquetRoller => &[OPPDATERTE_ROLLER, OPPDATERTE_ENHETER],
        }
    }

    /// Whether the sequence number that it is exact for stands in the file itself.
    pub(super) fn sier_nummeret(self) -> bool {
        matches!(self, Self::Parquet(_) | Self::ParquetRoller)
    }

    /// What its name on disk begins with: all that the content depends on beside what the register holds.
    pub(super) fn stamme(self, oppsett: &Oppsett) -> String {
        let versjon = if self.versjon() == Versjon::V1 { "v1" } else { "v2" };
        let profil = if oppsett.utvidede_felter { "u" } else { "k" };
        let stamme = format!("{}.{versjon}{profil}", self.navn());
        if self != Self::Roller {
            return stamme;
        }
        // Its links begin with the register's address.
        let mut hash = DefaultHasher::new();
        oppsett.fil_base.hash(&mut hash);
        format!("{stamme}{:08x}", hash.finish() as u32)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_files_share_a_place() {
        let oppsett = Oppsett::default();
        let alle = Fil::alle(&oppsett);
        assert_eq!(alle.len(), 14);
        let stammer: HashSet<_> = alle.iter().map(|fil| fil.stamme(&oppsett)).collect();
        assert_eq!(stammer.len(), alle.len());
        let uten = Oppsett { versjon1: false, ..oppsett.clone() };
        assert_eq!(Fil::alle(&uten).len(), 10);
    }

    #[test]
    fn another_address_is_another_role_file() {
        let (her, der) =
            (Oppsett::default(), Oppsett { fil_base: "https://x/api".into(), ..Oppsett::default() });
        assert_ne!(Fil::Roller.stamme(&her), Fil::Roller.stamme(&der));
        assert_eq!(Fil::ParquetRoller.stamme(&her), Fil::ParquetRoller.stamme(&der));
    }
}
