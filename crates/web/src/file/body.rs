//! A stretch of a file as a response body.

use std::fs::File;
use std::future::Future;
use std::io::{self, Read};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::task::{JoinHandle, spawn_blocking};

/// Bytes read at a time. Each read is a hop to the blocking pool; this is large enough to make that cheap.
const CHUNK: usize = 128 * 1024;

/// Reads on from where the file stands until `left` bytes have been sent, one chunk ahead of what is being written.
pub(super) struct FileBody {
    file: Arc<File>,
    /// Bytes not handed on yet.
    left: u64,
    /// The read under way.
    reading: Option<JoinHandle<io::Result<Chunk>>>,
    spare: Spare,
}

/// Chunks that have been written and can be filled again. Chunks are filled on one thread and let go on another,
/// which is what allocators are worst at: reuse keeps memory at what is under way.
type Spare = Arc<Mutex<Vec<Box<[u8]>>>>;

/// A chunk with bytes of the file in it; goes back to the spare ones when it has been written.
struct Chunk {
    room: Box<[u8]>,
    filled: usize,
    spare: Spare,
}

impl AsRef<[u8]> for Chunk {
    fn as_ref(&self) -> &[u8] {
        &self.room[..self.filled]
    }
}

impl Drop for Chunk {
    fn drop(&mut self) {
        let room = std::mem::take(&mut self.room);
        self.spare.lock().unwrap_or_else(PoisonError::into_inner).push(room);
    }
}

impl FileBody {
    pub(super) fn new(file: File, left: u64) -> Self {
        Self { file: Arc::new(file), left, reading: None, spare: Spare::default() }
    }

    /// The read under way, begun if there is none.
    fn read(&mut self) -> &mut JoinHandle<io::Result<Chunk>> {
        self.reading.get_or_insert_with(|| {
            let most = usize::try_from(self.left).unwrap_or(CHUNK).min(CHUNK);
            let used = self.spare.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let room = used.unwrap_or_else(|| vec![0; CHUNK].into_boxed_slice());
            let mut chunk = Chunk { room, filled: 0, spare: Arc::clone(&self.spare) };
            let file = Arc::clone(&self.file);
            spawn_blocking(move || {
                chunk.filled = (&*file).read(&mut chunk.room[..most])?;
                Ok(chunk)
            })
        })
    }
}

impl Body for FileBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let outcome = ready!(Pin::new(self.read()).poll(cx));
        self.reading = None;
        Poll::Ready(Some(match outcome.map_err(io::Error::other).flatten() {
            Err(error) => Err(error),
            Ok(chunk) if chunk.filled == 0 => Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(chunk) => {
                self.left -= chunk.filled as u64;
                if self.left > 0 {
                    self.read();
                }
                Ok(Frame::data(Bytes::from_owner(chunk)))
            }
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
