//! A file of entries, streamed page by page from the store to its reader, so that a long log takes
//! no more memory than a short one.

use std::io;

use axum::body::{Body, Bytes};
use futures_util::stream;
use store::StoreError;
use store::audit::AuditFilter;

use super::room::AuditLog;
use crate::audit::{AuditLine, AuditPart};

/// How many entries are read at a time.
const PIECE: i64 = 200;

/// All entries that match a filter, newest first.
pub(crate) struct AuditPages {
    log: AuditLog,
    tool_id: String,
    filter: AuditFilter,
    /// Whether the reader may see users of the portal.
    sees_users: bool,
    /// The next entries.
    page: AuditPart,
}

/// How to write entries as a file.
#[derive(Clone, Copy)]
pub(crate) struct AuditFileShape {
    /// The text above them.
    pub(crate) head: &'static str,
    /// Writes one.
    pub(crate) entry: fn(AuditLine, &mut Vec<u8>) -> io::Result<()>,
    /// The text between two.
    pub(crate) between: &'static str,
    /// The text below them.
    pub(crate) tail: &'static str,
}

/// A file in the making.
struct AuditFile {
    pages: AuditPages,
    shape: AuditFileShape,
    has_begun: bool,
    has_entries: bool,
}

impl AuditPages {
    /// Reads the first page, so that a failing store can still be reported.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn begin(
        log: AuditLog,
        tool_id: &str,
        filter: AuditFilter,
        sees_users: bool,
    ) -> Result<Self, StoreError> {
        let AuditLog { db, audit } = &log;
        let page = audit.page_seen_by(db, tool_id, &filter, None, PIECE, sees_users);
        Ok(Self {
            page: page.await?,
            log,
            tool_id: tool_id.to_owned(),
            filter,
            sees_users,
        })
    }

    /// The entries before this one; empty only at the end.
    async fn read(&self, before: i64) -> Result<AuditPart, StoreError> {
        let AuditLog { db, audit } = &self.log;
        let (tool_id, sees_users) = (&*self.tool_id, self.sees_users);
        let mut before = Some(before);
        loop {
            let found = audit.page_seen_by(db, tool_id, &self.filter, before, PIECE, sees_users);
            let found = found.await?;
            if !found.lines.is_empty() || found.rest.is_none() {
                return Ok(found);
            }
            before = found.rest;
        }
    }

    /// Returns the next entries and reads those after them.
    async fn next(&mut self) -> Result<Vec<AuditLine>, StoreError> {
        let lines = std::mem::take(&mut self.page.lines);
        if let Some(rest) = self.page.rest.take() {
            self.page = self.read(rest).await?;
        }
        Ok(lines)
    }

    /// The whole file as a body. An error cuts it off, so that a partial file can't be mistaken for
    /// a complete one.
    pub(crate) fn body(self, shape: AuditFileShape) -> Body {
        let file = AuditFile {
            pages: self,
            shape,
            has_begun: false,
            has_entries: false,
        };
        Body::from_stream(stream::unfold(Some(file), AuditFile::piece))
    }
}

impl AuditFile {
    /// The next piece, and the rest.
    async fn piece(file: Option<Self>) -> Option<(io::Result<Bytes>, Option<Self>)> {
        let mut file = file?;
        match file.write().await {
            Ok((piece, is_last)) => Some((Ok(piece.into()), (!is_last).then_some(file))),
            Err(error) => {
                tracing::warn!(%error, "an export of the audit log broke off");
                Some((Err(error), None))
            }
        }
    }

    /// Writes a page, and the tail after the last one.
    async fn write(&mut self) -> io::Result<(Vec<u8>, bool)> {
        let lines = self.pages.next().await.map_err(io::Error::other)?;
        let (shape, is_last) = (self.shape, self.pages.page.lines.is_empty());
        let mut piece = Vec::new();
        if !std::mem::replace(&mut self.has_begun, true) {
            piece.extend_from_slice(shape.head.as_bytes());
        }
        for line in lines {
            if std::mem::replace(&mut self.has_entries, true) {
                piece.extend_from_slice(shape.between.as_bytes());
            }
            (shape.entry)(line, &mut piece)?;
        }
        if is_last {
            piece.extend_from_slice(shape.tail.as_bytes());
        }
        Ok((piece, is_last))
    }
}
