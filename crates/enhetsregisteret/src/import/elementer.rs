//! Splits a JSON array into its elements, as a stream.
//!
//! Dumps do not fit in memory, and one bad record must not cost the rest. So the array is never parsed whole:
//! this reader finds where each element begins and ends by counting brackets outside strings, and hands over its
//! bytes with number, line and offset. A record whose brackets or quotes do not match is cut off at the next
//! record boundary of the official layout, a line beginning with `}, {`, and reading goes on from there.

use std::io::{self, Read};

/// An element larger than this cannot be a unit.
const MAKS_ELEMENT: usize = 4 * 1024 * 1024;
const BUFFER: usize = 256 * 1024;

/// One element of the array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// 1 for the first.
    pub nummer: u64,
    /// The line it begins on, from 1.
    pub linje: u64,
    /// The byte it begins at, from 0, in the unpacked file.
    pub offset: u64,
    /// Its bytes.
    pub innhold: Vec<u8>,
    /// Why it is not a whole JSON object, if it is not.
    pub feil: Option<&'static str>,
}

/// The elements of a JSON array, one by one.
pub struct Elementer<R> {
    kilde: R,
    buffer: Box<[u8]>,
    start: usize,
    slutt: usize,
    offset: u64,
    linje: u64,
    nummer: u64,
    /// The `{` of the next element was read already, at a boundary found early.
    aapnet: bool,
}

impl<R: Read> Elementer<R> {
    /// Elements of the array that the reader holds.
    pub fn new(kilde: R) -> Self {
        let buffer = vec![0; BUFFER].into_boxed_slice();
        Self { kilde, buffer, start: 0, slutt: 0, offset: 0, linje: 1, nummer: 0, aapnet: false }
    }

    /// The next element; `None` at the end of the array or file.
    ///
    /// # Errors
    /// When the source cannot be read (a broken gzip file, for example).
    pub fn neste(&mut self) -> io::Result<Option<Element>> {
        if !self.aapnet && !self.til_apning()? {
            return Ok(None);
        }
        self.aapnet = false;
        self.nummer += 1;
        let mut element = Element {
            nummer: self.nummer,
            linje: self.linje,
            offset: self.offset - 1,
            innhold: vec![b'{'],
            feil: None,
        };
        element.feil = self.les_objekt(&mut element.innhold)?;
        Ok(Some(element))
    }

    /// Skips to just after the `{` of the next element.
    fn til_apning(&mut self) -> io::Result<bool> {
        while let Some(b) = self.byte()? {
            if b == b'{' {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Reads to the end of the object whose `{` has been read.
    fn les_objekt(&mut self, ut: &mut Vec<u8>) -> io::Result<Option<&'static str>> {
        let (mut dybde, mut i_streng) = (1u32, false);
        while self.fyll()? {
            let bit = &self.buffer[self.start..self.slutt];
            let stopp = bit.iter().position(|b| matches!(b, b'"' | b'\\' | b'{' | b'}' | b'\n'));
            let lest = stopp.map_or(bit.len(), |i| i + 1);
            ut.extend_from_slice(&bit[..lest]);
            self.start += lest;
            self.offset += lest as u64;
            if ut.len() > MAKS_ELEMENT {
                self.til_grense()?;
                return Ok(Some("posten er større enn 4 MB"));
            }
            match stopp.map(|_| ut[ut.len() - 1]) {
                Some(b'"') => i_streng = !i_streng,
                Some(b'\\') if i_streng => {
                    // The escaped byte is never structure.
                    if let Some(b) = self.byte()? {
                        ut.push(b);
                    }
                }
                Some(b'{') if !i_streng => dybde += 1,
                Some(b'}') if !i_streng => {
                    dybde -= 1;
                    if dybde == 0 {
                        return Ok(None);
                    }
                }
                Some(b'\n') => {
                    self.linje += 1;
                    if (i_streng || dybde != 1) && self.er_grense()? {
                        self.aapnet = true;
                        return Ok(Some("klammer eller anførselstegn går ikke opp"));
                    }
                }
                _ => {}
            }
        }
        Ok(Some("filen slutter midt i posten"))
    }

    /// Whether `}, {` stands next, at the start of a line; if so it is passed over.
    fn er_grense(&mut self) -> io::Result<bool> {
        const GRENSE: &[u8] = b"}, {";
        while self.slutt - self.start < GRENSE.len() {
            if !self.les_mer()? {
                return Ok(false);
            }
        }
        let er = self.buffer[self.start..self.slutt].starts_with(GRENSE);
        if er {
            self.start += GRENSE.len();
            self.offset += GRENSE.len() as u64;
        }
        Ok(er)
    }

    /// Skips to the next boundary.
    fn til_grense(&mut self) -> io::Result<()> {
        while let Some(b) = self.byte()? {
            if b == b'\n' && self.er_grense()? {
                self.aapnet = true;
                break;
            }
        }
        Ok(())
    }

    fn byte(&mut self) -> io::Result<Option<u8>> {
        if !self.fyll()? {
            return Ok(None);
        }
        let b = self.buffer[self.start];
        self.start += 1;
        self.offset += 1;
        self.linje += u64::from(b == b'\n');
        Ok(Some(b))
    }

    /// Makes sure that there is at least one byte; `false` at the end.
    fn fyll(&mut self) -> io::Result<bool> {
        Ok(self.start < self.slutt || self.les_mer()?)
    }

    fn les_mer(&mut self) -> io::Result<bool> {
        self.buffer.copy_within(self.start..self.slutt, 0);
        self.slutt -= self.start;
        self.start = 0;
        loop {
            match self.kilde.read(&mut self.buffer[self.slutt..]) {
                Ok(0) => return Ok(false),
                Ok(n) => {
                    self.slutt += n;
                    return Ok(true);
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn alle(json: &[u8]) -> Vec<(u64, u64, String, Option<&'static str>)> {
        let mut elementer = Elementer::new(json);
        let mut ut = Vec::new();
        while let Some(e) = elementer.neste().unwrap() {
            assert_eq!(json[e.offset as usize], b'{');
            ut.push((e.nummer, e.linje, String::from_utf8(e.innhold).unwrap(), e.feil));
        }
        ut
    }

    #[test]
    fn official_layout_and_compact() {
        let pen = alle(b"[ {\n  \"a\" : \"} \\\" {\"\n}, {\n  \"b\" : [ {\n  } ]\n} ]");
        assert_eq!(pen.len(), 2);
        assert_eq!((pen[0].1, pen[1].1), (1, 3));
        assert_eq!(pen[0].2, "{\n  \"a\" : \"} \\\" {\"\n}");
        assert_eq!(alle(br#"[{"a":{}},{"b":1}]"#).len(), 2);
        assert!(alle(b"[ ]").is_empty() && alle(b"").is_empty());
    }

    #[test]
    fn one_bad_record_does_not_cost_the_rest() {
        for daarlig in ["  \"a\" : \"uten slutt", "  \"a\" : { \"b\" : 1", "  \"a\" : }"] {
            let fil = format!(
                "[ {{\n  \"nr\" : 1\n}}, {{\n{daarlig}\n}}, {{\n  \"nr\" : 3\n}}, {{\n  \"nr\" : 4\n}} ]"
            );
            let ut = alle(fil.as_bytes());
            let hele: Vec<&str> = ut.iter().filter(|e| e.3.is_none()).map(|e| e.2.as_str()).collect();
            assert!(hele.contains(&"{\n  \"nr\" : 1\n}"), "{daarlig}");
            assert!(hele.iter().any(|e| e.contains("\"nr\" : 3") && e.len() < 20), "{daarlig}: {ut:?}");
            assert!(hele.iter().any(|e| e.contains("\"nr\" : 4") && e.len() < 20), "{daarlig}");
        }
    }

    #[test]
    fn a_file_cut_off_says_so() {
        let ut = alle(b"[ {\n  \"a\" : 1\n}, {\n  \"b\" : ");
        assert_eq!((ut[0].3, ut[1].3), (None, Some("filen slutter midt i posten")));
    }

    proptest! {
        #[test]
        fn splits_as_a_parser_would(tekster in prop::collection::vec(".{0,40}", 0..20), pen in any::<bool>()) {
            let liste: Vec<serde_json::Value> = tekster.iter().map(|t| serde_json::json!({ t: [t, { "x": t }] })).collect();
            let json = if pen { serde_json::to_vec_pretty(&liste) } else { serde_json::to_vec(&liste) }.unwrap();
            let mut elementer = Elementer::new(&json[..]);
            let mut ut = Vec::new();
            while let Some(e) = elementer.neste().unwrap() {
                ut.push(serde_json::from_slice::<serde_json::Value>(&e.innhold).unwrap());
            }
            prop_assert_eq!(ut, liste);
        }
    }
}
