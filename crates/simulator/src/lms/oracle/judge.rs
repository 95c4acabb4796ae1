//! Compares each student's grade with what was sent for it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Harm, HarmKind, Ledger, SentWork};
use crate::{
    lms::state::{LineItem, ScoreRecord},
    profiles::GradeStyle,
};

/// The scores received for each student.
type ReceivedBy<'a> = BTreeMap<&'a str, Vec<&'a Value>>;

/// All harm in these line items.
pub(in crate::lms) fn harm_of<'a>(
    items: impl Iterator<Item = &'a LineItem>,
    ledger: &Ledger,
    style: &GradeStyle,
) -> Vec<Harm> {
    let items: BTreeMap<u64, &LineItem> = items.map(|item| (item.id, item)).collect();
    let received: BTreeMap<u64, ReceivedBy<'_>> = items
        .iter()
        .map(|(id, item)| (*id, by_student(item)))
        .collect();
    let mut found = Vec::new();
    for (id, user, works) in ledger.all() {
        let Some(item) = items.get(&id) else {
            // A teacher deleted it, along with its grades.
            continue;
        };
        let of_student = received.get(&id).and_then(|all| all.get(user));
        let judged = Judged {
            item,
            style,
            works,
            record: item.scores.get(user),
            received: of_student.map(Vec::as_slice).unwrap_or_default(),
        };
        let harms = judged.harms().into_iter();
        found.extend(harms.map(|(kind, details)| Harm {
            kind,
            item: id,
            user: user.to_owned(),
            details,
        }));
    }
    for (id, all) in &received {
        let strangers = all.keys().filter(|user| !ledger.has(*id, user));
        found.extend(strangers.map(|user| Harm {
            kind: HarmKind::NeverSent,
            item: *id,
            user: (*user).to_owned(),
            details: "nothing was sent for this student".to_owned(),
        }));
    }
    found
}

fn by_student(item: &LineItem) -> ReceivedBy<'_> {
    let mut all = ReceivedBy::new();
    for score in &item.received {
        let user = score["userId"].as_str().unwrap_or_default();
        all.entry(user).or_default().push(score);
    }
    all
}

/// One student's grade in one line item.
struct Judged<'a> {
    item: &'a LineItem,
    style: &'a GradeStyle,
    works: &'a [SentWork],
    record: Option<&'a ScoreRecord>,
    received: &'a [&'a Value],
}

impl Judged<'_> {
    fn harms(&self) -> Vec<(HarmKind, String)> {
        let mut harms = Vec::new();
        harms.extend(self.grade());
        harms.extend(self.order());
        let Some(record) = self.record else {
            return harms;
        };
        let works: BTreeSet<&str> = self.works.iter().map(|work| work.work.as_str()).collect();
        if record.attempts as usize > works.len() {
            let details = format!("{} attempts of {} works", record.attempts, works.len());
            harms.push((HarmKind::ExtraAttempt, details));
        }
        let written: BTreeSet<&str> = self
            .works
            .iter()
            .filter_map(|work| work.comment.as_deref())
            .collect();
        if record.comments.len() > written.len() {
            let details = format!("{:?} of {written:?}", record.comments);
            harms.push((HarmKind::ExtraComment, details));
        }
        harms
    }

    /// Checks the grade: it must be the teacher's, otherwise that of the last score that wasn't
    /// refused.
    fn grade(&self) -> Option<(HarmKind, String)> {
        let found = self.record.and_then(|record| record.score);
        if let Some(record) = self.record
            && let Some(given) = record.by_teacher
        {
            let is_there = same(found, Some(given)) && record.teacher_overruled == 0;
            let details = format!("a teacher gave {given}, and {found:?} is there");
            return (!is_there).then_some((HarmKind::TeacherOverruled, details));
        }
        let counts = |work: &&SentWork| !work.is_refused && work.given.is_some();
        let expected = self.works.iter().rev().find(counts);
        let expected = expected.and_then(|work| {
            let given = work.given?;
            Some(self.item.scaled(given, work.maximum, self.style))
        });
        if same(found, expected) {
            return None;
        }
        let details = format!("{expected:?} was expected, and {found:?} is there");
        let kind = match found {
            Some(_) => HarmKind::WrongGrade,
            None if self.received.is_empty() => HarmKind::Lost,
            None => HarmKind::Erased,
        };
        Some((kind, details))
    }

    /// Checks that each accepted score was sent, and that none is older than the one before.
    fn order(&self) -> Option<(HarmKind, String)> {
        let mut at = 0;
        for score in self.received {
            let is_it = |work: &SentWork| is_of(score, work);
            let later = self.works.iter().skip(at).position(is_it);
            match later {
                Some(further) => at += further,
                None => {
                    let is_older = self.works.iter().any(is_it);
                    let kind = if is_older {
                        HarmKind::OutOfOrder
                    } else {
                        HarmKind::NeverSent
                    };
                    return Some((kind, format!("{score} after the score number {at}")));
                }
            }
        }
        None
    }
}

fn is_of(score: &Value, work: &SentWork) -> bool {
    let share = |given: f64, maximum: f64| given / maximum;
    let received = score["scoreGiven"]
        .as_f64()
        .zip(score["scoreMaximum"].as_f64());
    let received = received.map(|(given, maximum)| share(given, maximum));
    same(received, work.given.map(|given| share(given, work.maximum)))
}

/// Equal, apart from rounding by scaling.
fn same(one: Option<f64>, other: Option<f64>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => (one - other).abs() < 1e-6,
        (None, None) => true,
        _ => false,
    }
}
