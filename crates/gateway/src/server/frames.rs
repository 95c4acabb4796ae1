//! Bytes of HTTP/2 frames that are still arriving, and of heads that span several of them.
//!
//! The HTTP library keeps a frame until it is complete, and what has come of a head until its last
//! frame. A client that never sends that one occupied 36 KiB at no cost, and by the library's
//! limits it could be 112 KiB (decision 0437). Frames that carry nothing have a budget, too.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::frame_budget::{CONTINUATION, END_HEADERS, FrameBudget, HEADERS};
use super::slots::ConnectionSlot;
use super::work::ConnectionWork;
use crate::kit::clock::Stopwatch;

/// How an HTTP/2 connection begins (RFC 9113 §3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// The size of a frame's head, which has its length, type, flags and stream (RFC 9113 §4.1).
const FRAME_HEAD: usize = 9;
/// What an incomplete head occupies besides its bytes: its decoded headers have up to 16 KiB, and
/// if they are short, about three times as much memory.
const DECODED: usize = 48 * 1024;

/// A decrypted connection whose frames are followed, if it is HTTP/2.
pub(super) struct FramedStream<S> {
    stream: S,
    slot: Arc<ConnectionSlot>,
    frames: Frames,
    work: ConnectionWork,
    /// The bytes that the slot counts for them.
    counted: usize,
}

/// Where a connection is in its frames.
#[derive(Default)]
struct Frames {
    speaks: Speaks,
    /// What has come of the current frame's head, and how many bytes.
    head: u128,
    head_bytes: usize,
    /// The current frame's bytes after its head: those that have come, and those to come.
    came: usize,
    to_come: usize,
    /// The bytes in complete frames of a request's head whose last frame has not come.
    of_head: usize,
    /// How many frames have ended since the last look.
    ended: usize,
    budget: FrameBudget,
    clock: Stopwatch,
}

/// What a connection speaks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Speaks {
    /// Undecided: this many bytes match the beginning of HTTP/2.
    Either(usize),
    Http1,
    Http2,
}

impl Default for Speaks {
    fn default() -> Self {
        Self::Either(0)
    }
}

impl Frames {
    /// Follows the next bytes; `draw` takes a portion of frames from the source's budget.
    fn follow(&mut self, bytes: &[u8], draw: impl Fn() -> bool) {
        let mut bytes = match self.speaks {
            Speaks::Either(known) => self.begin(known, bytes),
            _ => bytes,
        };
        if self.speaks != Speaks::Http2 {
            return;
        }
        while let Some((byte, rest)) = bytes.split_first() {
            if self.head_bytes < FRAME_HEAD {
                self.head = self.head << 8 | u128::from(*byte);
                self.head_bytes += 1;
                bytes = rest;
                if self.head_bytes == FRAME_HEAD {
                    self.to_come = self.payload();
                }
            } else {
                let (now, later) = bytes.split_at(bytes.len().min(self.to_come));
                self.came += now.len();
                self.to_come -= now.len();
                bytes = later;
            }
            if self.head_bytes == FRAME_HEAD && self.to_come == 0 {
                self.end(&draw);
            }
        }
    }

    /// Compares the beginning with that of HTTP/2, of which so much is known; what comes after it.
    fn begin<'b>(&mut self, known: usize, bytes: &'b [u8]) -> &'b [u8] {
        let wanted = PREFACE.get(known..).unwrap_or_default();
        let (now, later) = bytes.split_at(bytes.len().min(wanted.len()));
        self.speaks = if !wanted.starts_with(now) {
            Speaks::Http1
        } else if now.len() == wanted.len() {
            Speaks::Http2
        } else {
            Speaks::Either(known + now.len())
        };
        later
    }

    /// The current frame is complete.
    fn end(&mut self, draw: impl FnOnce() -> bool) {
        let [.., kind, flags, _, _, _, _] = self.head.to_be_bytes();
        let clock = &self.clock;
        let uptime = || clock.elapsed();
        self.budget.came(kind, flags, self.came, uptime, draw);
        self.ended += 1;
        if matches!(kind, HEADERS | CONTINUATION) {
            let is_last = flags & END_HEADERS != 0;
            self.of_head = match is_last {
                true => 0,
                false => self.of_head + FRAME_HEAD + self.came,
            };
        }
        (self.head, self.head_bytes, self.came) = (0, 0, 0);
    }

    /// The length of the current frame's payload.
    fn payload(&self) -> usize {
        let [.., high, middle, low, _, _, _, _, _, _] = self.head.to_be_bytes();
        [high, middle, low]
            .into_iter()
            .fold(0, |length, byte| length << 8 | usize::from(byte))
    }

    /// The bytes that the connection occupies for what is incomplete.
    fn unfinished(&self) -> usize {
        let of_head = match self.of_head {
            0 => 0,
            bytes => bytes + DECODED,
        };
        of_head + self.head_bytes + self.came
    }
}

impl<S> FramedStream<S> {
    pub(super) fn new(stream: S, slot: Arc<ConnectionSlot>) -> Self {
        let budget = match slot.is_of_proxy() {
            true => FrameBudget::of_proxy(),
            false => FrameBudget::default(),
        };
        Self {
            stream,
            slot,
            frames: Frames {
                budget,
                ..Frames::default()
            },
            work: ConnectionWork::default(),
            counted: 0,
        }
    }

    fn came(&mut self, bytes: &[u8]) {
        let before = self.frames.speaks;
        let slot = &self.slot;
        self.frames.follow(bytes, || slot.draw_frames());
        if self.frames.speaks != Speaks::Http2 {
            return;
        }
        if before != Speaks::Http2 {
            self.slot.is_multiplexed();
        }
        self.count(self.frames.unfinished());
    }

    /// Counts what was written of answers.
    fn wrote(&mut self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(Ok(bytes)) = written {
            self.frames.budget.wrote(bytes);
        }
        written
    }

    fn count(&mut self, bytes: usize) {
        if bytes != self.counted {
            self.slot.has_unfinished(self.counted, bytes);
            self.counted = bytes;
        }
    }
}

impl<S> Drop for FramedStream<S> {
    fn drop(&mut self) {
        self.count(0);
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for FramedStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        // Decrypted input may be left when nothing more is read from the socket in this turn.
        ready!(ConnectionWork::poll_turn(context));
        let before = buffer.filled().len();
        let read = Pin::new(&mut this.stream).poll_read(context, buffer);
        let came = buffer.filled().get(before..).unwrap_or_default();
        if !came.is_empty() && this.frames.speaks != Speaks::Http1 {
            this.came(came);
        }
        let ended = std::mem::take(&mut this.frames.ended);
        this.work.came(context, came.len(), ended);
        if this.frames.budget.is_overdrawn() {
            this.slot.floods();
            buffer.set_filled(before);
            let error = io::Error::other("the client sent frames that carry nothing without end");
            return Poll::Ready(Err(error));
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for FramedStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.wrote(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.wrote(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use futures_util::FutureExt;
    use tokio::io::AsyncReadExt;

    use super::super::frame_budget::DATA;
    use super::super::slots::ConnectionSlots;
    use super::*;
    use crate::web::client::Source;

    /// Decision 0485.
    #[tokio::test]
    async fn a_client_that_sends_without_end_takes_turns() {
        let pings = [PREFACE, &frame(6, 0, 8).repeat(950)].concat();
        for (input, least) in [(vec![b'a'; 1 << 20], 8), (pings, 2)] {
            let slots = ConnectionSlots::new(1, usize::MAX);
            let source = Source::of_address([192, 0, 2, 1].into());
            let slot = slots.take(source, false).unwrap();
            let mut stream = FramedStream::new(input.as_slice(), slot);
            let mut piece = [0; 512];
            let (mut turns, mut read) = (1, 0);
            while read < input.len() {
                match stream.read(&mut piece).now_or_never() {
                    Some(bytes) => read += bytes.unwrap(),
                    None => {
                        turns += 1;
                        tokio::task::yield_now().await;
                    }
                }
            }
            assert!(turns >= least, "{turns}");
        }
    }

    /// A frame with this many bytes.
    fn frame(kind: u8, flags: u8, length: u16) -> Vec<u8> {
        let [high, low] = length.to_be_bytes();
        let mut frame = vec![0, high, low, kind, flags, 0, 0, 0, 1];
        frame.resize(FRAME_HEAD + usize::from(length), b'a');
        frame
    }

    /// The same in pieces of this size.
    fn follow(frames: &mut Frames, bytes: &[u8], piece: usize) {
        let pieces = bytes.chunks(piece);
        pieces.for_each(|bytes| frames.follow(bytes, || true));
    }

    #[test]
    fn what_is_incomplete_is_counted_until_it_is_complete() {
        for piece in [1, 7, 1 << 20] {
            let mut frames = Frames::default();
            follow(&mut frames, PREFACE, piece);
            follow(&mut frames, &frame(4, 0, 0), piece);
            assert_eq!(frames.unfinished(), 0, "SETTINGS");
            let head = frame(HEADERS, END_HEADERS, 500);
            let (most, last) = head.split_at(400);
            follow(&mut frames, most, piece);
            assert_eq!(frames.unfinished(), 400);
            follow(&mut frames, last, piece);
            assert_eq!(frames.unfinished(), 0);
            follow(&mut frames, &frame(DATA, 0, 16_384), piece);
            follow(&mut frames, &frame(DATA, 0, 1_000)[..10], piece);
            assert_eq!(frames.unfinished(), 10);
        }
    }

    #[test]
    fn a_head_in_several_frames_is_counted_until_the_last() {
        for piece in [1, 7, 1 << 20] {
            let mut frames = Frames::default();
            follow(&mut frames, PREFACE, piece);
            follow(&mut frames, &frame(HEADERS, 0, 991), piece);
            assert_eq!(frames.unfinished(), 1_000 + DECODED);
            follow(&mut frames, &frame(CONTINUATION, 0, 1_991), piece);
            assert_eq!(frames.unfinished(), 3_000 + DECODED);
            let last = frame(CONTINUATION, END_HEADERS, 20);
            follow(&mut frames, &last[..5], piece);
            assert_eq!(frames.unfinished(), 3_005 + DECODED);
            follow(&mut frames, &last[5..], piece);
            assert_eq!(frames.unfinished(), 0);
        }
    }

    #[test]
    fn http1_has_no_frames() {
        let begun = [&PREFACE[..10], &b"x"[..]].concat();
        for bytes in [&b"PUT / HTTP/1.1\r\n"[..], begun.as_slice()] {
            for piece in [1, 5, 100] {
                let mut frames = Frames::default();
                follow(&mut frames, bytes, piece);
                assert!(frames.speaks == Speaks::Http1 && frames.unfinished() == 0);
            }
        }
    }
}
