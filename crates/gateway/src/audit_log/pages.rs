//! A file of entries: read from the store and written for its reader page by page, so that a long log takes the memory of a
//! short one.

use std::io;

use axum::body::{Body, Bytes};
use futures_util::stream;
use store::StoreError;
use store::audit::AuditFilter;

use super::room::AuditLog;
use crate::audit::{AuditLine, AuditPart};

/// Entries that are read at a time.
const PIECE: i64 = 200;

/// All entries that fit a filter, the newest first.
pub(crate) struct AuditPages {
    log: AuditLog,
    tool_id: String,
    filter: AuditFilter,
    /// What comes next.
    page: AuditPart,
}

/// How entries are written as a file.
#[derive(Clone, Copy)]
pub(crate) struct AuditFileShape {
    /// What stands above them.
    pub(crate) head: &'static str,
    /// Writes one.
    pub(crate) entry: fn(AuditLine, &mut Vec<u8>) -> io::Result<()>,
    /// What stands between two.
    pub(crate) between: &'static str,
    /// What stands below them.
    pub(crate) tail: &'static str,
}

/// A file that is being written.
struct AuditFile {
    pages: AuditPages,
    shape: AuditFileShape,
    has_begun: bool,
    has_entries: bool,
}

impl AuditPages {
    /// Reads the first page, so that a store that fails can still be told of.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn begin(
        log: AuditLog,
        tool_id: &str,
        filter: AuditFilter,
    ) -> Result<Self, StoreError> {
        let page = log.audit.page(&log.db, tool_id, &filter, None, PIECE);
        Ok(Self {
            page: page.await?,
            log,
            tool_id: tool_id.to_owned(),
            filter,
        })
    }

    /// The entries before this one; none only at the end.
    async fn read(&self, before: i64) -> Result<AuditPart, StoreError> {
        let AuditLog { db, audit } = &self.log;
        let mut before = Some(before);
        loop {
            let found = audit.page(db, &self.tool_id, &self.filter, before, PIECE);
            let found = found.await?;
            if !found.lines.is_empty() || found.rest.is_none() {
                return Ok(found);
            }
            before = found.rest;
        }
    }

    /// The next entries, behind which others are read.
    async fn next(&mut self) -> Result<Vec<AuditLine>, StoreError> {
        let lines = std::mem::take(&mut self.page.lines);
        if let Some(rest) = self.page.rest.take() {
            self.page = self.read(rest).await?;
        }
        Ok(lines)
    }

    /// All of it as a body. What fails on the way cuts it off, so that nobody takes a part for the whole.
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
    /// The next piece, and what follows it.
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

    /// Writes a page, and the end behind the last.
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
