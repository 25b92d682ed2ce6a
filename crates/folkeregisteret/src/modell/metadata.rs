//! What every entity begins with.

use tid::Moment;

use super::Tekst;

felttabell! {
    /// Common metadata, first in every entity, all optional (consumer sheet, section 7.2).
    #[derive(Default)]
    Registermetadata {
        /// When it was entered in the register.
        ajourholdstidspunkt: Option<Moment> = ALLE,
        /// Whether this is the current value. Event documents lack it.
        er_gjeldende: Option<bool> = ALLE,
        /// Source, free text.
        kilde: Option<Tekst> = ALLE,
        /// Cause, free text.
        aarsak: Option<Tekst> = ALLE,
        /// Valid from.
        gyldighetstidspunkt: Option<Moment> = ALLE,
        /// Set only when the value ended without a successor.
        opphoerstidspunkt: Option<Moment> = ALLE,
    }
}

/// An entity: a top-level part of the person document, with metadata.
pub(crate) trait Entitetsinnslag {
    /// Its metadata.
    fn meta(&self) -> &Registermetadata;
}

/// A table for an entity: [`felttabell`] with [`Registermetadata`] first.
macro_rules! entitetstabell {
    ($(#[$doc:meta])* $navn:ident $([ $(#[$inndoc:meta])* $inn:ident: $gruppe:ty ])? { $($felter:tt)* }) => {
        felttabell! {
            $(#[$doc])*
            $navn [
                /// Common metadata.
                meta: $crate::modell::metadata::Registermetadata
                $(, $(#[$inndoc])* $inn: $gruppe )?
            ] { $($felter)* }
        }

        impl $crate::modell::metadata::Entitetsinnslag for $navn {
            fn meta(&self) -> &$crate::modell::metadata::Registermetadata {
                &self.meta
            }
        }
    };
}
