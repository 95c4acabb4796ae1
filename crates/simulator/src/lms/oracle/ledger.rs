//! What an application sent, by its own books.

use std::collections::BTreeMap;

/// A score that was acknowledged.
#[derive(Clone, Debug, PartialEq)]
pub struct SentWork {
    /// `scoreGiven`; none for a message of progress alone.
    pub given: Option<f64>,
    /// `scoreMaximum`.
    pub maximum: f64,
    /// Which piece of work it is about: several scores of one piece are one attempt.
    pub work: String,
    /// `comment`.
    pub comment: Option<String>,
    /// Whether it was refused for good in the end, so that it need not be in the gradebook.
    pub is_refused: bool,
}

impl SentWork {
    /// A score of this piece of work, without a comment.
    pub fn new(work: &str, given: f64, maximum: f64) -> Self {
        Self {
            given: Some(given),
            maximum,
            work: work.to_owned(),
            comment: None,
            is_refused: false,
        }
    }

    /// With a comment.
    #[must_use]
    pub fn comment(mut self, comment: &str) -> Self {
        self.comment = Some(comment.to_owned());
        self
    }
}

/// Everything that was acknowledged, in the order in which it was sent, for each line item and student.
#[derive(Clone, Debug, Default)]
pub struct Ledger(BTreeMap<(u64, String), Vec<SentWork>>);

impl Ledger {
    /// Notes a score; its number among those of this student in this line item, from 0.
    pub fn sent(&mut self, item: u64, user: &str, work: SentWork) -> usize {
        let all = self.0.entry((item, user.to_owned())).or_default();
        all.push(work);
        all.len() - 1
    }

    /// One of them was refused for good.
    pub fn refused(&mut self, item: u64, user: &str, number: usize) {
        let all = self.0.get_mut(&(item, user.to_owned()));
        if let Some(work) = all.and_then(|all| all.get_mut(number)) {
            work.is_refused = true;
        }
    }

    /// How many scores there are.
    pub fn len(&self) -> usize {
        self.0.values().map(Vec::len).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each student's scores, by line item and student.
    pub(super) fn all(&self) -> impl Iterator<Item = (u64, &str, &[SentWork])> {
        let all = self.0.iter();
        all.map(|((item, user), works)| (*item, user.as_str(), works.as_slice()))
    }

    pub(super) fn has(&self, item: u64, user: &str) -> bool {
        self.0.contains_key(&(item, user.to_owned()))
    }
}
