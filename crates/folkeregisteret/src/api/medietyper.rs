//! The forms that answers come in (consumer sheet, section 4.1).

use web::accept::Offer;

/// A form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Json,
    Xml,
    Atom,
    Tekst,
}

impl Form {
    /// Whether it is told in elements.
    pub(super) const fn er_xml(self) -> bool {
        matches!(self, Self::Xml | Self::Atom)
    }
}

pub(super) const JSON: &str = "application/json";
pub(super) const XML: &str = "application/xml";
pub(super) const ATOM: &str = "application/atom+xml";
pub(super) const TEKST: &str = "text/plain;charset=UTF-8";

const fn tilbud(media_type: &'static str, tag: Form) -> Offer<Form> {
    Offer { media_type, tag }
}

/// What most services offer.
pub(super) const VANLIGE: [Offer<Form>; 2] = [tilbud(JSON, Form::Json), tilbud(XML, Form::Xml)];
/// What the feed offers.
pub(super) const FEED: [Offer<Form>; 3] =
    [tilbud(JSON, Form::Json), tilbud(ATOM, Form::Atom), tilbud(XML, Form::Xml)];
/// What the last number is offered as.
pub(super) const SISTE: [Offer<Form>; 3] =
    [tilbud(JSON, Form::Json), tilbud(XML, Form::Xml), tilbud(TEKST, Form::Tekst)];
/// What schemas are offered as.
pub(super) const SKJEMA: [Offer<Form>; 1] = [tilbud(XML, Form::Xml)];
