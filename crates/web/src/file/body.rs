//! A stretch of a file as a response body.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use hyper::body::{Body, Frame, SizeHint};
use tokio::fs::File;
use tokio::io::{AsyncRead, ReadBuf};

/// Bytes read at a time. Each read is a hop to the blocking pool; this is large enough to make that cheap.
const CHUNK: usize = 128 * 1024;

/// Reads on from where the file stands until `left` bytes have been sent. Holds one chunk at a time.
pub(super) struct FileBody {
    file: File,
    left: u64,
    chunk: BytesMut,
}

impl FileBody {
    pub(super) fn new(mut file: File, left: u64) -> Self {
        file.set_max_buf_size(CHUNK);
        Self { file, left, chunk: BytesMut::new() }
    }
}

impl Body for FileBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let this = &mut *self;
        if this.left == 0 {
            return Poll::Ready(None);
        }
        let room = usize::try_from(this.left).unwrap_or(CHUNK).min(CHUNK);
        this.chunk.resize(room, 0);
        let mut read = ReadBuf::new(&mut this.chunk);
        let outcome = ready!(Pin::new(&mut this.file).poll_read(cx, &mut read));
        let filled = read.filled().len();
        Poll::Ready(Some(match outcome {
            Err(error) => Err(error),
            Ok(()) if filled == 0 => Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(()) => {
                this.left -= filled as u64;
                Ok(Frame::data(this.chunk.split_to(filled).freeze()))
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
