//! The contract in docs/spec, taken apart into what a reference may name: documents, sections,
//! numbered items, rules and cases.

use crate::File;
use std::collections::{BTreeMap, BTreeSet};

/// The parts of lti.md whose letters rules begin with.
pub(crate) const PARTS: std::ops::RangeInclusive<&str> = "A"..="I";
/// The letters that other rules and cases begin with.
pub(crate) const LETTERS: [&str; 7] = ["TC", "CB", "GR", "WH", "SV", "PO", "SR"];

/// What the documents of docs/spec define.
#[derive(Debug)]
pub struct Contract {
    documents: BTreeMap<String, Document>,
}

/// One document of the contract.
#[derive(Debug, Default)]
pub struct Document {
    sections: BTreeSet<String>,
    items: BTreeSet<(String, u32)>,
    ids: BTreeSet<String>,
    cases: BTreeSet<u32>,
}

impl Contract {
    /// Reads the documents of docs/spec among `files`.
    pub fn read(files: &[File]) -> Self {
        let specs = files
            .iter()
            .filter_map(|f| Some((f.path.strip_prefix("docs/spec/")?, f)));
        let documents = specs.map(|(name, file)| (name.to_owned(), Document::read(&file.text)));
        Self {
            documents: documents.collect(),
        }
    }

    /// A document by its file name, `lti.md`.
    pub fn document(&self, name: &str) -> Option<&Document> {
        self.documents.get(name)
    }

    /// Whether some document defines the rule or case `id`, such as `B-27`.
    pub fn defines(&self, id: &str) -> bool {
        self.documents
            .values()
            .any(|document| document.ids.contains(id))
    }
}

impl Document {
    fn read(text: &str) -> Self {
        let mut document = Self::default();
        let mut section = String::new();
        for line in text.lines() {
            if line.starts_with('#') {
                let title = line.trim_start_matches(['#', ' ', '§']);
                let number = title
                    .split([' ', ':'])
                    .next()
                    .unwrap_or_default()
                    .trim_end_matches('.');
                if is_section(number) {
                    number.clone_into(&mut section);
                    document.sections.insert(section.clone());
                }
                continue;
            }
            let start = line.trim_start_matches(|c: char| !c.is_alphanumeric());
            let word: &str = start.split([' ', '*', '.', '|']).next().unwrap_or_default();
            if is_id(word) {
                document.ids.insert(word.to_owned());
            } else if word == "case" {
                document.cases.extend(number_at(&start["case ".len()..]));
            } else if line.starts_with(char::is_numeric) || line.starts_with('|') {
                document
                    .items
                    .extend(number_at(start).map(|n| (section.clone(), n)));
            }
        }
        document
    }

    /// Whether it has the section `number`: `5`, `5.3`, `B.2`, `12.A`.
    pub fn has_section(&self, number: &str) -> bool {
        self.sections.contains(number)
    }

    /// Whether the numbered list or table of section `number` has the item `item`.
    pub fn has_item(&self, number: &str, item: u32) -> bool {
        self.items.contains(&(number.to_owned(), item))
    }

    /// Whether it has the case `number`.
    pub fn has_case(&self, number: u32) -> bool {
        self.cases.contains(&number)
    }
}

/// Whether `word` is the number of a section: digits, or one letter, with further parts after dots.
fn is_section(word: &str) -> bool {
    let mut parts = word.split('.');
    let first = parts.next().unwrap_or_default();
    let letter = first.len() == 1 && first.starts_with(|c: char| c.is_ascii_uppercase());
    (letter || is_number(first)) && parts.all(|part| is_number(part) || part.len() == 1)
}

/// Whether `word` is the id of a rule or case: the letter of a part or the letters of a document,
/// and a number.
fn is_id(word: &str) -> bool {
    let Some((letters, number)) = word.split_once('-') else {
        return false;
    };
    let rule = letters.len() == 1 && PARTS.contains(&letters) && number.len() == 2;
    is_number(number) && (rule || LETTERS.contains(&letters))
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())
}

/// The number that `text` begins with.
fn number_at(text: &str) -> Option<u32> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    text[..end].parse().ok()
}
