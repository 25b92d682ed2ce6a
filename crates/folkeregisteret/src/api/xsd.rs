//! `personer/xsd`, `hendelser/xsd`, `hendelser/feedxsd` and `hendelser/feed/xsd` (consumer sheet, section 5.6).

use axum::response::Response;

use super::kall::{Kall, ok};
use super::medietyper::{Form, SKJEMA};
use crate::xsd::Skjema;

/// A schema.
#[expect(clippy::unused_async, reason = "handlers are")]
pub async fn hent(kall: Kall, skjema: Skjema) -> Response {
    let svar = kall.forhandle(&SKJEMA).map(|_| ok(skjema.tekst().as_bytes().to_vec(), Form::Xml));
    kall.svar(svar)
}
