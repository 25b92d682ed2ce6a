//! Reading XML into the types that JSON is read into.
//!
//! A [`serde::Deserializer`] for documents of one kind: elements hold either elements or text, a list is an element
//! repeated, attributes mean nothing. Elements are told by their local names, so that any prefix will do (consumer
//! sheet, section 7.5). No document type is read and no entity of its own is resolved; depth is that of the types.

use std::borrow::Cow;
use std::fmt;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde::de::{self, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};

/// Why a text is not the XML that was expected. Says where, never what stands there.
#[derive(Debug)]
pub(crate) struct Xmlfeil(pub(crate) String);

impl fmt::Display for Xmlfeil {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Xmlfeil {}

impl de::Error for Xmlfeil {
    fn custom<T: fmt::Display>(tekst: T) -> Self {
        Self(tekst.to_string())
    }
}

impl From<quick_xml::Error> for Xmlfeil {
    fn from(feil: quick_xml::Error) -> Self {
        Self(match feil {
            quick_xml::Error::Io(_) | quick_xml::Error::Encoding(_) => "teksten er ikke UTF-8".to_owned(),
            _ => "teksten er ikke velformet XML".to_owned(),
        })
    }
}

/// Reads a document whose root element has this local name; any, if it is empty.
pub(crate) fn les<'a, T: de::Deserialize<'a>>(xml: &'a [u8], rot: &str) -> Result<T, Xmlfeil> {
    let tekst = str::from_utf8(xml).map_err(|_| Xmlfeil("teksten er ikke UTF-8".to_owned()))?;
    let mut leser = Leser { inn: Reader::from_str(tekst.trim_start_matches('\u{feff}')), neste: None };
    leser.inn.config_mut().expand_empty_elements = true;
    leser.inn.config_mut().check_end_names = true;
    let start = loop {
        match leser.les()? {
            Event::Start(start) => break start,
            Event::Eof => return Err(Xmlfeil(format!("rotelementet {rot} mangler"))),
            _ => {}
        }
    };
    // The names of messages' roots are not published (sheet section 7.5): theirs do not matter.
    if !rot.is_empty() && lokalnavn(&start) != rot {
        return Err(Xmlfeil(format!("rotelementet må være {rot}")));
    }
    let verdi = T::deserialize(Element { leser: &mut leser })?;
    loop {
        match leser.les()? {
            Event::Eof => return Ok(verdi),
            Event::Text(t) if er_blank(&t) => {}
            _ => return Err(Xmlfeil(format!("noe står etter rotelementet {rot}"))),
        }
    }
}

/// The events of a document, with one read ahead.
struct Leser<'a> {
    inn: Reader<&'a [u8]>,
    neste: Option<Event<'a>>,
}

impl<'a> Leser<'a> {
    /// The next event that is not a comment or the like.
    fn les(&mut self) -> Result<Event<'a>, Xmlfeil> {
        if let Some(event) = self.neste.take() {
            return Ok(event);
        }
        loop {
            match self.inn.read_event()? {
                Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
                Event::DocType(_) => return Err(Xmlfeil("dokumenttype (DOCTYPE) leses ikke".to_owned())),
                event => return Ok(event),
            }
        }
    }

    /// The next child element; `None` at the end of the parent, which is read.
    fn neste_barn(&mut self) -> Result<Option<BytesStart<'a>>, Xmlfeil> {
        loop {
            match self.les()? {
                Event::Start(start) => return Ok(Some(start)),
                Event::End(_) => return Ok(None),
                Event::Text(t) if er_blank(&t) => {}
                _ => return Err(Xmlfeil("tekst står der bare elementer kan stå".to_owned())),
            }
        }
    }

    /// Reads the start of the next element if, blanks aside, it has this name; otherwise it is left unread.
    fn enda_et(&mut self, navn: &str) -> Result<bool, Xmlfeil> {
        let mut event = self.les()?;
        while matches!(&event, Event::Text(t) if er_blank(t)) {
            event = self.les()?;
        }
        if matches!(&event, Event::Start(start) if lokalnavn(start) == navn) {
            return Ok(true);
        }
        self.neste = Some(event);
        Ok(false)
    }

    /// The text of an element whose start is read, to its end.
    fn tekst(&mut self) -> Result<Cow<'a, str>, Xmlfeil> {
        let mut tekst = Cow::Borrowed("");
        loop {
            match self.les()? {
                Event::Text(t) => legg_til(&mut tekst, t.xml10_content()),
                Event::CData(t) => legg_til(&mut tekst, t.xml10_content()),
                Event::GeneralRef(r) => {
                    let tegn = match r.resolve_char_ref()? {
                        Some(tegn) => Cow::Owned(tegn.to_string()),
                        None => quick_xml::escape::resolve_xml_entity(&r)
                            .map(Cow::Borrowed)
                            .ok_or_else(|| Xmlfeil("teksten har en ukjent entitet".to_owned()))?,
                    };
                    legg_til(&mut tekst, tegn);
                }
                Event::End(_) => return Ok(tekst),
                _ => return Err(Xmlfeil("et element står der bare tekst kan stå".to_owned())),
            }
        }
    }

    /// Passes over an element whose start is read. Without recursion, however deep it is.
    fn forbi(&mut self) -> Result<(), Xmlfeil> {
        let mut dybde = 1u64;
        while dybde > 0 {
            match self.les()? {
                Event::Start(_) => dybde += 1,
                Event::End(_) => dybde -= 1,
                Event::Eof => return Err(Xmlfeil("dokumentet slutter for tidlig".to_owned())),
                _ => {}
            }
        }
        Ok(())
    }
}

fn lokalnavn<'b>(start: &'b BytesStart<'_>) -> &'b str {
    start.local_name().into_inner()
}

fn er_blank(tekst: &str) -> bool {
    tekst.bytes().all(|b| b.is_ascii_whitespace())
}

fn legg_til<'a>(tekst: &mut Cow<'a, str>, mer: Cow<'a, str>) {
    if tekst.is_empty() {
        *tekst = mer;
    } else {
        tekst.to_mut().push_str(&mer);
    }
}

/// An element whose start is read.
struct Element<'r, 'a> {
    leser: &'r mut Leser<'a>,
}

macro_rules! tall {
    ($a:lifetime: $($metode:ident $besoek:ident $type:ty),*) => {
        $(fn $metode<V: Visitor<$a>>(self, besoek: V) -> Result<V::Value, Xmlfeil> {
            let tekst = self.leser.tekst()?;
            let verdi: $type = tekst.trim_ascii().parse().map_err(|_| Xmlfeil("verdien er ikke et tall".to_owned()))?;
            besoek.$besoek(verdi)
        })*
    };
}

impl<'a> Deserializer<'a> for Element<'_, 'a> {
    type Error = Xmlfeil;

    fn deserialize_any<V: Visitor<'a>>(self, besoek: V) -> Result<V::Value, Xmlfeil> {
        match self.leser.tekst()? {
            Cow::Borrowed(tekst) => besoek.visit_borrowed_str(tekst),
            Cow::Owned(tekst) => besoek.visit_string(tekst),
        }
    }

    fn deserialize_bool<V: Visitor<'a>>(self, besoek: V) -> Result<V::Value, Xmlfeil> {
        match self.leser.tekst()?.trim_ascii() {
            "true" | "1" => besoek.visit_bool(true),
            "false" | "0" => besoek.visit_bool(false),
            _ => Err(Xmlfeil("verdien er verken true eller false".to_owned())),
        }
    }

    tall!(
        'a: deserialize_i8 visit_i8 i8, deserialize_i16 visit_i16 i16, deserialize_i32 visit_i32 i32,
        deserialize_i64 visit_i64 i64, deserialize_u8 visit_u8 u8, deserialize_u16 visit_u16 u16,
        deserialize_u32 visit_u32 u32, deserialize_u64 visit_u64 u64, deserialize_f32 visit_f32 f32,
        deserialize_f64 visit_f64 f64
    );

    fn deserialize_map<V: Visitor<'a>>(self, besoek: V) -> Result<V::Value, Xmlfeil> {
        besoek.visit_map(Barn { leser: self.leser, navn: String::new() })
    }

    fn deserialize_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        besoek: V,
    ) -> Result<V::Value, Xmlfeil> {
        self.deserialize_map(besoek)
    }

    fn deserialize_newtype_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        besoek: V,
    ) -> Result<V::Value, Xmlfeil> {
        besoek.visit_newtype_struct(self)
    }

    fn deserialize_option<V: Visitor<'a>>(self, besoek: V) -> Result<V::Value, Xmlfeil> {
        besoek.visit_some(self)
    }

    fn deserialize_enum<V: Visitor<'a>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        besoek: V,
    ) -> Result<V::Value, Xmlfeil> {
        let tekst = self.leser.tekst()?;
        besoek.visit_enum(tekst.as_ref().into_deserializer())
    }

    fn deserialize_ignored_any<V: Visitor<'a>>(self, besoek: V) -> Result<V::Value, Xmlfeil> {
        self.leser.forbi()?;
        besoek.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        <W: Visitor<'a>>
        i128 u128 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct identifier
    }
}

/// The children of an element, as the fields of an object.
struct Barn<'r, 'a> {
    leser: &'r mut Leser<'a>,
    /// The local name of the child whose start was read last.
    navn: String,
}

impl<'a> MapAccess<'a> for Barn<'_, 'a> {
    type Error = Xmlfeil;

    fn next_key_seed<K: DeserializeSeed<'a>>(&mut self, noekkel: K) -> Result<Option<K::Value>, Xmlfeil> {
        let Some(start) = self.leser.neste_barn()? else { return Ok(None) };
        self.navn.clear();
        self.navn.push_str(lokalnavn(&start));
        let navn: de::value::StrDeserializer<'_, Xmlfeil> = self.navn.as_str().into_deserializer();
        noekkel.deserialize(navn).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'a>>(&mut self, verdi: V) -> Result<V::Value, Xmlfeil> {
        verdi.deserialize(Felt { leser: self.leser, navn: &self.navn })
    }
}

/// The value of a field: an element whose start is read, or, asked for a list, all that follow with its name.
struct Felt<'r, 'a, 'n> {
    leser: &'r mut Leser<'a>,
    navn: &'n str,
}

macro_rules! som_element {
    ($a:lifetime: $($metode:ident),*) => {
        $(fn $metode<V: Visitor<$a>>(self, besoek: V) -> Result<V::Value, Xmlfeil> {
            Element { leser: self.leser }.$metode(besoek)
        })*
    };
}

impl<'a> Deserializer<'a> for Felt<'_, 'a, '_> {
    type Error = Xmlfeil;

    som_element!(
        'a: deserialize_any, deserialize_bool, deserialize_i8, deserialize_i16, deserialize_i32, deserialize_i64,
        deserialize_u8, deserialize_u16, deserialize_u32, deserialize_u64, deserialize_f32, deserialize_f64,
        deserialize_map, deserialize_ignored_any
    );

    fn deserialize_option<V: Visitor<'a>>(self, besoek: V) -> Result<V::Value, Xmlfeil> {
        besoek.visit_some(self)
    }

    fn deserialize_seq<V: Visitor<'a>>(self, besoek: V) -> Result<V::Value, Xmlfeil> {
        besoek.visit_seq(Like { leser: self.leser, navn: self.navn, foerste: true })
    }

    fn deserialize_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        besoek: V,
    ) -> Result<V::Value, Xmlfeil> {
        self.deserialize_map(besoek)
    }

    fn deserialize_newtype_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        besoek: V,
    ) -> Result<V::Value, Xmlfeil> {
        besoek.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'a>>(
        self,
        navn: &'static str,
        varianter: &'static [&'static str],
        besoek: V,
    ) -> Result<V::Value, Xmlfeil> {
        Element { leser: self.leser }.deserialize_enum(navn, varianter, besoek)
    }

    serde::forward_to_deserialize_any! {
        <W: Visitor<'a>>
        i128 u128 char str string bytes byte_buf unit unit_struct tuple tuple_struct identifier
    }
}

/// Elements of one name that follow each other. The start of the first is read.
struct Like<'r, 'a, 'n> {
    leser: &'r mut Leser<'a>,
    navn: &'n str,
    foerste: bool,
}

impl<'a> SeqAccess<'a> for Like<'_, 'a, '_> {
    type Error = Xmlfeil;

    fn next_element_seed<T: DeserializeSeed<'a>>(&mut self, verdi: T) -> Result<Option<T::Value>, Xmlfeil> {
        if !std::mem::take(&mut self.foerste) && !self.leser.enda_et(self.navn)? {
            return Ok(None);
        }
        verdi.deserialize(Element { leser: self.leser }).map(Some)
    }
}
