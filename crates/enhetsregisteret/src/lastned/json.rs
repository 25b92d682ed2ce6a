//! The JSON downloads: a pretty-printed array, element by element (fact sheet section 12.2).

use std::io::{self, Write};

/// Writes `[ {…}, {…} ]` in the real files' layout, with constant memory.
pub struct Liste<W: Write> {
    ut: W,
    buffer: Vec<u8>,
    antall: u64,
}

impl<W: Write> Liste<W> {
    /// Begins the array.
    pub fn new(ut: W) -> Self {
        Self { ut, buffer: b"[ ".to_vec(), antall: 0 }
    }

    /// Adds an element, given as compact JSON.
    ///
    /// # Errors
    /// When the destination cannot be written.
    pub fn skriv(&mut self, kompakt: &[u8]) -> io::Result<()> {
        if self.antall > 0 {
            self.buffer.extend_from_slice(b", ");
        }
        self.antall += 1;
        web::json::pretty_into(&mut self.buffer, kompakt, 0);
        self.ut.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }

    /// Ends the array and gives the destination back.
    ///
    /// # Errors
    /// When the destination cannot be written.
    pub fn ferdig(mut self) -> io::Result<W> {
        self.buffer.extend_from_slice(if self.antall > 0 { b" ]" } else { b"]" });
        self.ut.write_all(&self.buffer)?;
        Ok(self.ut)
    }
}
