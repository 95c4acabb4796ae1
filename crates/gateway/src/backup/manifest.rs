//! The manifest beside a backup, which says what the backup must contain.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::backup::Inventory;

use super::error::BackupError;
use super::files::{Digest, beside};
use crate::kit::file::read_regular_text;
use crate::kit::shape::in_words;

/// The only format so far.
const FORMAT: u32 = 1;

/// The manifest beside a backup: which version made it, its hash, and its number of rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// The format of this file.
    format: u32,
    /// The program's version.
    pub hallpass: String,
    /// The version of the tables.
    pub schema: i64,
    /// When the backup was started: it contains everything acknowledged before.
    pub made_at: String,
    /// The backup's size.
    pub bytes: u64,
    /// The backup's hash, in hexadecimal.
    pub sha256: String,
    /// Number of rows by table.
    pub rows: BTreeMap<String, i64>,
}

impl Manifest {
    /// The manifest of a new backup.
    pub(crate) fn new(made_at: String, digest: &Digest, contents: Inventory) -> Self {
        Self {
            format: FORMAT,
            hallpass: env!("CARGO_PKG_VERSION").to_owned(),
            schema: contents.schema,
            made_at,
            bytes: digest.bytes,
            sha256: digest.sha256.clone(),
            rows: contents.rows,
        }
    }

    /// The path of a backup's manifest.
    pub fn file_of(backup: &Path) -> PathBuf {
        beside(backup, ".json")
    }

    /// Reads a backup's manifest.
    pub(crate) fn read(backup: &Path) -> Result<Self, BackupError> {
        let path = Self::file_of(backup);
        let text = read_regular_text(&path).map_err(|error| error.to_string());
        let read = text.and_then(|text| {
            let manifest = Self::of_text(&text)?;
            match manifest.format {
                FORMAT => Ok(manifest),
                other => Err(format!("its format {other} is newer than this version")),
            }
        });
        read.map_err(|problem| BackupError::NoManifest { path, problem })
    }

    fn of_text(text: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(text).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            format!("it is no JSON: look at line {line}, column {column}")
        })?;
        serde_json::from_value(value).map_err(|error| in_words(&error))
    }

    /// The text of the file.
    pub(crate) fn to_text(&self) -> String {
        let text = serde_json::to_string_pretty(self);
        text.unwrap_or_default() + "\n"
    }

    /// How a file differs from the backup described here.
    pub(crate) fn differs(&self, digest: &Digest) -> Option<String> {
        if self.bytes != digest.bytes {
            return Some(format!("it has {} bytes, not {}", digest.bytes, self.bytes));
        }
        let same = self.sha256 == digest.sha256;
        (!same).then(|| "its SHA-256 is another".to_owned())
    }

    /// How its contents differ.
    pub(crate) fn misses(&self, contents: &Inventory) -> Option<String> {
        if self.schema != contents.schema {
            return Some(format!(
                "its schema is {}, not {}",
                contents.schema, self.schema
            ));
        }
        let rows = |table: &String| (contents.rows.get(table), self.rows.get(table));
        let mut tables = self.rows.keys().chain(contents.rows.keys());
        let table = tables.find(|table| rows(table).0 != rows(table).1)?;
        Some(format!("the table {table} has another number of rows"))
    }
}
