//! What teachers and administrators do in the gradebook, and what happened to the scores that an
//! application sent.

use super::{
    Lms,
    oracle::{Harm, Ledger, harm_of},
    state::{LineItem, Platform, ScoreRecord},
};
use crate::Error;

/// The gradebook of a running LMS.
#[derive(Clone, Copy)]
pub struct GradebookHandle<'a>(&'a Platform);

impl Lms {
    /// Its gradebook: for acting as a teacher, and for finding the harm done to it.
    pub fn gradebook(&self) -> GradebookHandle<'_> {
        GradebookHandle(&self.platform)
    }
}

impl GradebookHandle<'_> {
    /// A student's grade in a line item.
    pub fn grade(&self, item: u64, user: &str) -> Option<ScoreRecord> {
        let memory = self.0.memory();
        memory.gradebook.items.get(&item)?.scores.get(user).cloned()
    }

    /// A teacher grades a student by hand, on the line item's scale.
    pub fn grade_by_hand(&self, item: u64, user: &str, score: f64) -> Result<(), Error> {
        let now = self.0.clock.now();
        let mut memory = self.0.memory();
        memory.person(user)?;
        if memory.gradebook.grade_by_hand(item, user, score, now) {
            Ok(())
        } else {
            Err(Error::unknown("line item", item.to_string()))
        }
    }

    /// Removes a student's grade from a line item, as restoring a backup might.
    pub fn lose_grade(&self, item: u64, user: &str) -> Result<(), Error> {
        self.change(item, |item| drop(item.scores.remove(user)))
    }

    /// Concludes a course: its gradebook neither accepts nor shows anything.
    pub fn conclude(&self, course: &str) {
        let mut memory = self.0.memory();
        memory.gradebook.concluded.insert(course.to_owned());
    }

    /// Reopens a course.
    pub fn reopen(&self, course: &str) {
        self.0.memory().gradebook.concluded.remove(course);
    }

    /// Removes a person from all courses; they stay in the school.
    pub fn withdraw(&self, user: &str) {
        self.0.memory().gradebook.outside.insert(user.to_owned());
    }

    /// Enrols a person in every course, as everyone is at first.
    pub fn enrol(&self, user: &str) {
        self.0.memory().gradebook.outside.remove(user);
    }

    /// Limits the number of attempts, if scores are submissions; `None` removes the limit.
    pub fn allow_attempts(&self, item: u64, attempts: Option<u32>) -> Result<(), Error> {
        self.change(item, |item| item.allowed_attempts = attempts)
    }

    /// A teacher changes the maximum score.
    pub fn set_maximum(&self, item: u64, maximum: f64) -> Result<(), Error> {
        self.change(item, |item| item.score_maximum = maximum)
    }

    /// Whether scores may exceed the maximum, if each line item has its own setting for that.
    pub fn may_exceed(&self, item: u64, can_exceed: bool) -> Result<(), Error> {
        self.change(item, |item| item.can_exceed = can_exceed)
    }

    fn change(&self, id: u64, change: impl FnOnce(&mut LineItem)) -> Result<(), Error> {
        let mut memory = self.0.memory();
        let item = memory.gradebook.items.get_mut(&id);
        change(item.ok_or_else(|| Error::unknown("line item", id.to_string()))?);
        Ok(())
    }

    /// Limits the requests per second to its services; `None` removes the limit.
    pub fn throttle(&self, per_second: Option<u32>) {
        self.0.memory().gradebook.throttle.per_second = per_second;
    }

    /// How many requests have been throttled.
    pub fn throttled(&self) -> u64 {
        self.0.memory().gradebook.throttle.refused
    }

    /// The most simultaneous requests to its services so far.
    pub fn most_at_once(&self) -> u32 {
        self.0.memory().gradebook.throttle.most_at_once
    }

    /// The harm done to grades, judged by what the application sent.
    pub fn harm(&self, ledger: &Ledger) -> Vec<Harm> {
        let memory = self.0.memory();
        let items = memory.gradebook.items.values();
        harm_of(items, ledger, &self.0.profile.services.grades)
    }
}
