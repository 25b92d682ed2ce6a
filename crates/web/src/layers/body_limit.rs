//! A limit on request bodies that are sent without a length.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use axum::body::Body;
use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};

/// Tells how the reading of a body went, whatever the handler made of that.
#[derive(Debug, Clone, Default)]
pub(super) struct Reading(Arc<Flags>);

#[derive(Debug, Default)]
struct Flags {
    too_large: AtomicBool,
    whole: AtomicBool,
}

impl Reading {
    /// It went over its limit.
    pub(super) fn too_large(&self) -> bool {
        self.0.too_large.load(Ordering::Relaxed)
    }

    /// All of it has come.
    pub(super) fn whole(&self) -> bool {
        self.0.whole.load(Ordering::Relaxed)
    }
}

/// Wraps a body so that reading more than `limit` bytes fails.
pub(super) fn limit(body: Body, limit: usize) -> (Body, Reading) {
    let reading = Reading::default();
    (Body::new(Limited { body, left: limit, reading: reading.clone() }), reading)
}

struct Limited {
    body: Body,
    left: usize,
    reading: Reading,
}

impl HttpBody for Limited {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if frame.is_none() || self.body.is_end_stream() {
            self.reading.0.whole.store(true, Ordering::Relaxed);
        }
        let size = frame.as_ref().and_then(|f| f.as_ref().ok()?.data_ref().map(Bytes::len)).unwrap_or(0);
        if let Some(left) = self.left.checked_sub(size) {
            self.left = left;
            return Poll::Ready(frame);
        }
        self.reading.0.too_large.store(true, Ordering::Relaxed);
        let error = io::Error::new(io::ErrorKind::FileTooLarge, "the request body is too large");
        Poll::Ready(Some(Err(axum::Error::new(error))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
