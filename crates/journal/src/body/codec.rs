//! Bodies in rows: zstd, with the collection's dictionary when it has one.

use std::cell::RefCell;
use std::sync::Arc;

use zstd::bulk::Compressor;
use zstd::zstd_safe::{CParameter, DCtx, get_error_name, get_frame_content_size};

use super::dictionary::Dictionary;
use crate::JournalError;
use crate::error::Result;

/// The longest body, before compression.
pub(crate) const MAX_BODY: usize = 16 << 20;
/// Level 3: the measured best of size against time for register documents of 1–3 kB.
pub(crate) const LEVEL: i32 = 3;

/// The body as it is, because compression would not make it shorter.
const RAW: i64 = -1;
/// zstd without a dictionary.
const PLAIN: i64 = 0;

/// A body as its row stores it.
pub(crate) struct Packed {
    /// A dictionary's number, [`PLAIN`] or [`RAW`].
    pub(crate) coding: i64,
    /// The row's bytes.
    pub(crate) bytes: Vec<u8>,
}

/// Packs many bodies of one collection with one compression context.
pub(crate) struct Packer<'d> {
    compressor: Compressor<'d>,
    coding: i64,
    scratch: Vec<u8>,
}

impl<'d> Packer<'d> {
    /// With the collection's dictionary, if it has one.
    pub(crate) fn new(dictionary: Option<&'d Dictionary>) -> Result<Self> {
        let (compressor, coding) = match dictionary {
            Some(dictionary) => {
                (Compressor::with_prepared_dictionary(&dictionary.encoder), dictionary.number)
            }
            None => (Compressor::new(LEVEL), PLAIN),
        };
        let mut compressor = compressor.map_err(engine)?;
        // The row has the dictionary's number already; a checksum shows a bit that fell over on the disk.
        compressor.set_parameter(CParameter::DictIdFlag(false)).map_err(engine)?;
        compressor.set_parameter(CParameter::ChecksumFlag(true)).map_err(engine)?;
        Ok(Self { compressor, coding, scratch: Vec::new() })
    }

    /// One body.
    pub(crate) fn pack(&mut self, body: Vec<u8>) -> Result<Packed> {
        self.scratch.clear();
        self.scratch.reserve(zstd::zstd_safe::compress_bound(body.len()));
        self.compressor.compress_to_buffer(&body, &mut self.scratch).map_err(engine)?;
        Ok(if self.scratch.len() < body.len() {
            Packed { coding: self.coding, bytes: self.scratch.as_slice().to_vec() }
        } else {
            Packed { coding: RAW, bytes: body }
        })
    }
}

fn engine(error: std::io::Error) -> JournalError {
    JournalError::Engine(Box::new(error))
}

thread_local! {
    static CONTEXT: RefCell<DCtx<'static>> = RefCell::new(DCtx::create());
}

/// The number of the dictionary that a row needs, if it needs one.
pub(crate) fn needs(coding: i64) -> Option<i64> {
    (coding > PLAIN).then_some(coding)
}

/// The body of a row; `dictionary` finds the one with a number. Never allocates more than [`MAX_BODY`], whatever the
/// row says.
pub(crate) fn unpack(
    coding: i64,
    bytes: &[u8],
    dictionary: impl FnOnce(i64) -> Result<Arc<Dictionary>>,
) -> Result<Vec<u8>> {
    if coding == RAW {
        return Ok(bytes.to_vec());
    }
    let size = match get_frame_content_size(bytes) {
        Ok(Some(size)) if size <= MAX_BODY as u64 => size as usize,
        _ => return Err(damaged("its length is not readable")),
    };
    let mut body = Vec::with_capacity(size);
    let written = CONTEXT.with_borrow_mut(|context| {
        if coding == PLAIN {
            return Ok(context.decompress(&mut body, bytes));
        }
        let dictionary = dictionary(coding)?;
        Ok::<_, JournalError>(context.decompress_using_ddict(&mut body, bytes, dictionary.decoder.as_ddict()))
    })?;
    match written {
        Ok(written) if written == size => Ok(body),
        Ok(_) => Err(damaged("it is shorter than it says")),
        Err(code) => Err(damaged(get_error_name(code))),
    }
}

fn damaged(why: &str) -> JournalError {
    JournalError::Corrupt(format!("a document body cannot be decompressed: {why}"))
}
