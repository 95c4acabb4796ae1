//! Closes a connection whose client may still be sending.
//!
//! Closing a socket with unread bytes makes the system reset the connection, and a reset makes the
//! client discard an answer that it hasn't read yet: 413 would look like a broken connection. So
//! after the last answer, further input is read for a moment and discarded, as RFC 9112 requires.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

use super::passing::passes_writes_on;
use super::slots::ConnectionSlot;

/// How long a client may take to notice our answer and stop.
const MOMENT: Duration = Duration::from_secs(2);

/// A stream that closes slowly if a request's body was left unread.
pub(super) struct Linger<S> {
    stream: S,
    has_unread: Arc<AtomicBool>,
    /// Learns that further input is discarded.
    slot: Arc<ConnectionSlot>,
    ending: Option<Pin<Box<Sleep>>>,
}

impl<S> Linger<S> {
    /// Closes slowly if `has_unread` is set.
    pub(super) fn new(stream: S, has_unread: Arc<AtomicBool>, slot: Arc<ConnectionSlot>) -> Self {
        Self {
            stream,
            has_unread,
            slot,
            ending: None,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Linger<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Linger<S> {
    passes_writes_on!();

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.ending.is_none() {
            ready!(Pin::new(&mut this.stream).poll_shutdown(context))?;
            if !this.has_unread.load(Ordering::Relaxed) {
                return Poll::Ready(Ok(()));
            }
            this.slot.throws_away();
        }
        let ending = this
            .ending
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(MOMENT)));
        let mut bytes = [0; 4096];
        while ending.as_mut().poll(context).is_pending() {
            let mut buffer = ReadBuf::new(&mut bytes);
            match ready!(Pin::new(&mut this.stream).poll_read(context, &mut buffer)) {
                Ok(()) if !buffer.filled().is_empty() => {}
                // The client has read the answer and hung up.
                _ => break,
            }
        }
        Poll::Ready(Ok(()))
    }
}
