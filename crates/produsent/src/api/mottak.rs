//! `mottak/api/{resource}` (producer sheet, chapter 3).

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::{Method, StatusCode, header};
use quick_xml::events::Event;
use web::accept::{Offer, negotiate};
use web::fault::Fault;

use super::feilform::{med_kropp, mottaksfeil};
use super::kall::{Innsendt, Kall};
use crate::mottak::{Avvist, Mottatt, Vedlegg};
use crate::multipart::{self, Del};
use crate::ressurs::Ressurs;

/// Names of the part that is the message: the documented one, and that of the only known client (section 3.5).
const MELDINGSDELER: [&str; 2] = ["rekvisisjon", "melding"];
/// The form that answers come in.
const TILBUD: [Offer<()>; 1] = [Offer { media_type: "application/xml", tag: () }];

/// `POST`.
pub async fn post(innsendt: Innsendt, navn: String) -> Response {
    match ta_imot(innsendt, &navn).await {
        Ok(mottatt) => kvittering(&mottatt),
        Err(avslag) => *avslag,
    }
}

/// `HEAD`: whether the organisation may post here (section 3.6). There is nothing to `GET`.
pub async fn prov(kall: Kall, navn: String) -> Response {
    if kall.metode != Method::HEAD {
        return Fault::NotFound.into_response();
    }
    let Some((ressurs, _)) = Ressurs::av_navn(&navn) else { return Fault::NotFound.into_response() };
    match kall.produsent().maa_sende(kall.avsender, ressurs).await {
        Ok(_) => StatusCode::OK.into_response(),
        Err(avvist) => avslag(avvist),
    }
}

async fn ta_imot(innsendt: Innsendt, navn: &str) -> Result<Mottatt, Box<Response>> {
    if negotiate(innsendt.kall.hoder.get_all(header::ACCEPT), &TILBUD, 0).is_err() {
        let melding = "Accept må tillate application/xml";
        let status = StatusCode::NOT_ACCEPTABLE;
        return Err(Box::new(mottaksfeil(status, "UgyldigAcceptException", melding, &[])));
    }
    let (ressurs, _) = Ressurs::av_navn(navn).ok_or_else(|| Box::new(Fault::NotFound.into_response()))?;
    // Before the body is read: who may not send does not fill memory either.
    let (produsent, avsender) = (innsendt.kall.produsent().clone(), innsendt.kall.avsender);
    let rett = produsent.maa_sende(avsender, ressurs).await.map_err(|avvist| Box::new(avslag(avvist)))?;
    let (kall, kropp) = innsendt.les().await.map_err(Box::new)?;
    let type_ = kall.innholdstype();
    let svar = match multipart::grense(type_).filter(|_| ressurs.har_vedlegg) {
        Some(grense) => {
            let deler =
                multipart::les(&kropp.bytes, &grense).map_err(|melding| Box::new(vedleggsfeil(melding)))?;
            let (xml, vedlegg) = fordel(&deler, produsent.rot(ressurs))?;
            produsent.ta_imot((avsender, &rett), (ressurs, true), &xml, &vedlegg).await
        }
        None if er_xml(type_) => {
            produsent.ta_imot((avsender, &rett), (ressurs, false), &kropp.bytes, &[]).await
        }
        None => {
            let melding =
                "Content-Type må være application/xml, eller multipart/form-data der vedlegg kan sendes";
            let status = StatusCode::BAD_REQUEST;
            return Err(Box::new(mottaksfeil(status, "UgyldigXmlException", melding, &[])));
        }
    };
    svar.map_err(|avvist| Box::new(avslag(avvist)))
}

fn er_xml(type_: &str) -> bool {
    let type_ = type_.split(';').next().unwrap_or("").trim();
    type_.eq_ignore_ascii_case("application/xml") || type_.eq_ignore_ascii_case("text/xml")
}

fn vedleggsfeil(melding: impl AsRef<str>) -> Response {
    mottaksfeil(StatusCode::BAD_REQUEST, "UgyldigVedleggException", melding.as_ref(), &[])
}

/// A message and its attachments.
type Delt<'k> = (Cow<'k, [u8]>, Vec<Vedlegg<'k>>);

/// Tells the message, whose root is known, from its attachments.
fn fordel<'k>(deler: &'k [Del<'k>], rot: &str) -> Result<Delt<'k>, Box<Response>> {
    let ved_navn = deler.iter().position(|del| MELDINGSDELER.contains(&&*del.navn));
    let plass = ved_navn.or_else(|| deler.iter().position(|del| har_rot(&tegnsett(del), rot)));
    let plass = plass.ok_or_else(|| Box::new(vedleggsfeil("Ingen av delene er en melding")))?;
    let mut vedlegg = Vec::new();
    for (i, del) in deler.iter().enumerate().filter(|(i, _)| *i != plass) {
        let Some(filnavn) = &del.filnavn else {
            return Err(Box::new(vedleggsfeil(format!("Del {} er et vedlegg uten filnavn", i + 1))));
        };
        vedlegg.push(Vedlegg { filnavn: filnavn.clone(), innhold: del.innhold });
    }
    Ok((tegnsett(&deler[plass]), vedlegg))
}

/// Whether it begins as a document with this root.
fn har_rot(innhold: &[u8], rot: &str) -> bool {
    let Ok(tekst) = str::from_utf8(innhold) else { return false };
    let mut inn = quick_xml::Reader::from_str(tekst.trim_start_matches('\u{feff}'));
    loop {
        match inn.read_event() {
            Ok(Event::Start(start) | Event::Empty(start)) => return start.local_name().as_ref() == rot,
            Ok(Event::Decl(_) | Event::Comment(_) | Event::PI(_)) => {}
            Ok(Event::Text(tekst)) if tekst.xml10_content().trim().is_empty() => {}
            _ => return false,
        }
    }
}

/// The message in UTF-8. Until November 2021 the part came in ISO-8859-1, and some senders may do so still.
fn tegnsett<'k>(del: &'k Del<'k>) -> Cow<'k, [u8]> {
    let parametre = del.type_.split_once(';').map_or("", |(_, parametre)| parametre);
    let latin1 = multipart::parameter(parametre, "charset")
        .is_some_and(|navn| navn.eq_ignore_ascii_case("ISO-8859-1"));
    if !latin1 {
        return Cow::Borrowed(del.innhold);
    }
    let tekst: String = del.innhold.iter().map(|b| char::from(*b)).collect();
    // The declaration may say so too; what is read is UTF-8 now.
    let uten = tekst.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")).map(|(_, rest)| rest);
    Cow::Owned(uten.map_or_else(|| tekst.clone(), str::to_owned).into_bytes())
}

fn avslag(avvist: Avvist) -> Response {
    match avvist {
        Avvist::Tilgang(ressurs) => {
            let melding = format!("Produsent har ikke tilgang til å sende inn {}", ressurs.meldingstype);
            mottaksfeil(StatusCode::FORBIDDEN, "KonsumentManglerTilgangException", &melding, &[])
        }
        Avvist::Xml(feil) => {
            let tillegg = [("linje", feil.linje.to_string()), ("sti", feil.sti)];
            mottaksfeil(StatusCode::BAD_REQUEST, "ValideringsFeil", &feil.melding, &tillegg)
        }
        Avvist::Vedlegg(melding) => vedleggsfeil(melding),
        Avvist::Nede => Fault::Unavailable.into_response(),
        Avvist::Feil(feil) => {
            tracing::error!(%feil, "en melding ble ikke mottatt");
            Fault::Internal.into_response()
        }
    }
}

/// 202: the order of the elements and the lack of a namespace matter (section 3.3).
fn kvittering(mottatt: &Mottatt) -> Response {
    let ident = mottatt.meldingsidentifikator.as_deref().map(|ident| {
        let ident = quick_xml::escape::escape(ident);
        format!("<avsendersMeldingsidentifikator>{ident}</avsendersMeldingsidentifikator>")
    });
    let kropp = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<meldingMottatt><folkeregisterReferanse>{}</folkeregisterReferanse>{}</meldingMottatt>",
        mottatt.referanse,
        ident.unwrap_or_default(),
    );
    med_kropp(StatusCode::ACCEPTED, kropp, "application/xml")
}
