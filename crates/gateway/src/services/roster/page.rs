//! Streams a page of members: read from the platform and written for the application piece by
//! piece, so that 50,000 members take the memory of a few.

use std::io;

use axum::body::{Body, Bytes};
use futures_util::stream;
use lti::nrps::{Member, Reader, RoleFilter, RosterError};

use super::answer::{Head, MemberAnswer};
use crate::kit::outbound::{ArrivingAnswer, OutboundError, Pieces};
use crate::services::call::Call;
use crate::services::platform_problem::PlatformProblem;
use crate::web::problem::Problem;

/// How much of a page is read before the answer begins, in bytes: errors within that get their own
/// status. Most pages are shorter.
const READ_FIRST: usize = 512 * 1024;
/// How much of an unreadable page is passed on, in bytes.
const LONGEST_BEGINNING: usize = 4096;
/// How much is read before the result is passed on, in bytes, because platforms send hundreds of
/// kilobytes at once.
const AT_ONCE: usize = 32 * 1024;

/// A page being streamed.
pub(super) struct RosterPage {
    pieces: Pieces,
    /// Data that has arrived but has not been read yet.
    arrived: Bytes,
    reader: Reader,
    writer: MemberWriter,
    /// `None` once the end has been written.
    head: Option<Head>,
    beginning: Vec<u8>,
    read: usize,
}

#[derive(Debug, thiserror::Error)]
enum PageError {
    #[error(transparent)]
    Send(#[from] OutboundError),
    #[error(transparent)]
    Roster(#[from] RosterError),
    /// An error sent with status 200 has no list, and must not be mistaken for a course that
    /// everyone has left.
    #[error("the page has no list of members")]
    NoList,
    #[error(transparent)]
    Write(#[from] serde_json::Error),
}

/// Writes members as they arrive.
struct MemberWriter {
    role: Option<RoleFilter>,
    is_first: bool,
    out: Vec<u8>,
    failed: Option<serde_json::Error>,
}

impl RosterPage {
    pub(super) fn new(answer: ArrivingAnswer, role: Option<&str>, head: Head) -> Self {
        Self {
            pieces: answer.detached(),
            arrived: Bytes::new(),
            reader: Reader::default(),
            writer: MemberWriter {
                role: role.map(RoleFilter::new),
                is_first: true,
                out: b"{\"members\":[".to_vec(),
                failed: None,
            },
            head: Some(head),
            beginning: Vec::new(),
            read: 0,
        }
    }

    /// The answer's body, once enough has arrived to be sure that it is a page of members.
    ///
    /// # Errors
    /// 502: it isn't, or the platform went silent.
    pub(super) async fn body(mut self, call: &Call<'_>) -> Result<Body, Problem> {
        while self.head.is_some() && self.read < READ_FIRST {
            self.step().await.map_err(|error| {
                let problem = PlatformProblem::of(call);
                match error {
                    PageError::Send(error) => problem.not_reached(&error),
                    PageError::Roster(_) | PageError::NoList => problem.unreadable(&self.beginning),
                    PageError::Write(error) => Problem::internal(error),
                }
            })?;
        }
        if self.head.is_none() {
            return Ok(self.writer.out.into());
        }
        Ok(Body::from_stream(stream::unfold(self, Self::next)))
    }

    /// The next piece for the application. An error aborts the answer, so that a part isn't
    /// mistaken for the whole.
    async fn next(mut self) -> Option<(io::Result<Bytes>, Self)> {
        while self.writer.out.is_empty() {
            self.head.as_ref()?;
            if let Err(error) = self.step().await {
                tracing::warn!(%error, "a page of members broke off");
                self.head = None;
                return Some((Err(io::Error::other(error)), self));
            }
        }
        let piece = std::mem::take(&mut self.writer.out);
        Some((Ok(piece.into()), self))
    }

    /// Processes some of what has arrived, or writes the end.
    async fn step(&mut self) -> Result<(), PageError> {
        if self.arrived.is_empty() {
            let Some(arrived) = self.pieces.next().await? else {
                return self.end();
            };
            self.arrived = arrived;
        }
        let piece = self.arrived.split_to(AT_ONCE.min(self.arrived.len()));
        self.read += piece.len();
        let room = LONGEST_BEGINNING
            .saturating_sub(self.beginning.len())
            .min(piece.len());
        self.beginning.extend_from_slice(&piece[..room]);
        let writer = &mut self.writer;
        self.reader.feed(&piece, |member| writer.write(member))?;
        match writer.failed.take() {
            Some(error) => Err(error.into()),
            None => Ok(()),
        }
    }

    fn end(&mut self) -> Result<(), PageError> {
        let container = std::mem::take(&mut self.reader).finish()?;
        if !container.has_members {
            return Err(PageError::NoList);
        }
        if let Some(head) = self.head.take() {
            self.writer.out.extend_from_slice(b"],");
            self.writer.out.extend(head.tail(container)?);
        }
        Ok(())
    }
}

impl MemberWriter {
    fn write(&mut self, member: Member) {
        if self
            .role
            .as_ref()
            .is_some_and(|role| !role.admits(&member.roles))
        {
            return;
        }
        if !std::mem::take(&mut self.is_first) {
            self.out.push(b',');
        }
        let member = MemberAnswer::from(member);
        if let Err(error) = serde_json::to_writer(&mut self.out, &member) {
            self.failed = Some(error);
        }
    }
}
