//! A delivery that is tried, and what may come of it.

use std::sync::Arc;
use std::time::Duration;

use store::StoreError;
use store::deliveries::DeliveryRow;

use super::details::DeliveryDetails;
use super::failure::JudgedFailure;
use super::rules::body::ScoreBody;
use super::rules::reason::DeliveryReason;
use super::rules::vendor::Vendor;
use super::rules::verdict::ScoreVerdict;
use crate::directory::platforms::Platform;
use crate::jobs::AttemptNote;
use crate::settings::grades::{GradeSettings, OverMaximum};

/// A delivery that is tried.
pub(super) struct Attempting {
    pub row: DeliveryRow,
    pub details: DeliveryDetails,
    /// The worker that has its job.
    pub owner: String,
    /// The number of the claim by which it has it.
    pub claim: i64,
    pub platform: Arc<Platform>,
    pub settings: GradeSettings,
    pub vendor: Vendor,
}

impl Attempting {
    pub(super) fn over_maximum(&self) -> OverMaximum {
        let own = self.platform.grades.over_maximum;
        own.unwrap_or_else(|| self.vendor.over_maximum())
    }

    /// What may be asked for.
    pub(super) fn scopes(&self) -> impl Iterator<Item = &str> {
        let grades = self.details.place.grades.iter();
        grades.flat_map(|grades| grades.scopes.iter().map(String::as_str))
    }
}

/// What came of an attempt.
pub(super) struct AttemptEnd {
    pub fate: AttemptFate,
    pub note: AttemptNote,
    /// What else is to be known of the delivery from now on.
    pub remark: Option<String>,
}

/// What becomes of the delivery.
pub(super) enum AttemptFate {
    /// The platform has it, and why it may show something else nevertheless.
    Delivered(Box<ScoreBody>, Option<DeliveryReason>),
    /// It is not sent, and need not be.
    Superseded(DeliveryReason),
    /// It is not sent, because the delivery with this id takes its place.
    Replaced(String),
    /// The platform won't take it.
    Refused(DeliveryReason),
    /// It waits for something that a person has to do.
    Held(DeliveryReason),
    /// It was too much for the platform.
    Throttled(Duration),
    /// It surely wasn't taken.
    NotTaken,
    /// It may have been taken.
    Unknown,
    /// It was not tried, for a reason of ours.
    NotTried,
    /// It ended meanwhile, or another worker has it.
    Nothing,
}

/// Why an attempt goes no further.
pub(super) enum Halt {
    /// The store failed.
    Store(StoreError),
    /// It has an end.
    End(Box<AttemptEnd>),
}

impl From<StoreError> for Halt {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<AttemptEnd> for Halt {
    fn from(end: AttemptEnd) -> Self {
        Self::End(Box::new(end))
    }
}

impl AttemptEnd {
    pub(super) fn new(fate: AttemptFate, outcome: &'static str) -> Self {
        Self {
            fate,
            note: AttemptNote {
                outcome,
                ..AttemptNote::default()
            },
            remark: None,
        }
    }

    /// It is not sent, and won't be.
    pub(super) fn refused(reason: DeliveryReason) -> Self {
        Self::new(AttemptFate::Refused(reason), "not sent")
    }

    /// The platform has it.
    pub(super) fn delivered(
        body: ScoreBody,
        reason: Option<DeliveryReason>,
        outcome: &'static str,
    ) -> Self {
        Self::new(AttemptFate::Delivered(Box::new(body), reason), outcome)
    }

    pub(super) fn answered(self, status: u16) -> Self {
        Self {
            note: AttemptNote {
                status: Some(status),
                ..self.note
            },
            ..self
        }
    }

    pub(super) fn saying(self, said: String) -> Self {
        Self {
            note: AttemptNote {
                said: Some(said),
                ..self.note
            },
            ..self
        }
    }

    pub(super) fn remarking(self, remark: impl Into<String>) -> Self {
        Self {
            remark: Some(remark.into()),
            ..self
        }
    }

    /// With what was to be known before, unless there is something newer.
    pub(super) fn still_remarking(self, before: Option<String>) -> Self {
        Self {
            remark: self.remark.or(before),
            ..self
        }
    }

    /// The platform couldn't be asked what stands in its gradebook.
    pub(super) fn not_taken(note: AttemptNote) -> Self {
        Self {
            fate: AttemptFate::NotTaken,
            note,
            remark: None,
        }
    }

    /// A request came to nothing.
    pub(super) fn failed(judged: JudgedFailure) -> Self {
        let fate = match judged.verdict {
            _ if judged.is_ours => AttemptFate::NotTried,
            ScoreVerdict::Throttled(pause) => AttemptFate::Throttled(pause),
            ScoreVerdict::Refused(reason) => AttemptFate::Refused(reason),
            ScoreVerdict::NotTaken => AttemptFate::NotTaken,
            ScoreVerdict::Unknown => AttemptFate::Unknown,
        };
        Self {
            fate,
            note: judged.note,
            remark: None,
        }
    }
}
