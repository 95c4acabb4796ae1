//! An application's record of what it sent.

use std::collections::BTreeMap;

/// An acknowledged score.
#[derive(Clone, Debug, PartialEq)]
pub struct SentWork {
    /// `scoreGiven`; `None` for a message that only reports progress.
    pub given: Option<f64>,
    /// `scoreMaximum`.
    pub maximum: f64,
    /// The piece of work it belongs to: several scores for one piece count as one attempt.
    pub work: String,
    /// `comment`.
    pub comment: Option<String>,
    /// Whether it was refused for good, so that it need not be in the gradebook.
    pub is_refused: bool,
}

impl SentWork {
    /// A score for this piece of work, without a comment.
    pub fn new(work: &str, given: f64, maximum: f64) -> Self {
        Self {
            given: Some(given),
            maximum,
            work: work.to_owned(),
            comment: None,
            is_refused: false,
        }
    }

    /// Adds a comment.
    #[must_use]
    pub fn comment(mut self, comment: &str) -> Self {
        self.comment = Some(comment.to_owned());
        self
    }
}

/// All acknowledged scores, in the order they were sent, by line item and student.
#[derive(Clone, Debug, Default)]
pub struct Ledger(BTreeMap<(u64, String), Vec<SentWork>>);

impl Ledger {
    /// Records a score. Returns its number among this student's scores in this line item, from 0.
    pub fn sent(&mut self, item: u64, user: &str, work: SentWork) -> usize {
        let all = self.0.entry((item, user.to_owned())).or_default();
        all.push(work);
        all.len() - 1
    }

    /// Records that one of them was refused for good.
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
