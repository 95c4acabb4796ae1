//! An attempt at a delivery, and its possible outcomes.

use std::sync::Arc;
use std::time::Duration;

use store::StoreError;
use store::deliveries::DeliveryRow;

use super::details::DeliveryDetails;
use super::failure::JudgedFailure;
use super::not_accepted::LastError;
use super::rules::body::ScoreBody;
use super::rules::reason::DeliveryReason;
use super::rules::vendor::Vendor;
use super::rules::verdict::ScoreVerdict;
use crate::directory::platforms::Platform;
use crate::jobs::AttemptNote;
use crate::settings::grades::{GradeSettings, OverMaximum};

/// An attempt at a delivery.
pub(super) struct DeliveryAttempt {
    pub row: DeliveryRow,
    pub details: DeliveryDetails,
    /// The worker that has its job.
    pub owner: String,
    /// The number of the claim under which it has it.
    pub claim: i64,
    pub platform: Arc<Platform>,
    pub settings: GradeSettings,
    pub vendor: Vendor,
}

impl DeliveryAttempt {
    pub(super) fn over_maximum(&self) -> OverMaximum {
        let own = self.platform.grades.over_maximum;
        own.unwrap_or_else(|| self.vendor.over_maximum())
    }

    /// The scopes that may be requested.
    pub(super) fn scopes(&self) -> impl Iterator<Item = &str> {
        let grades = self.details.place.grades.iter();
        grades.flat_map(|grades| grades.scopes.iter().map(String::as_str))
    }
}

/// The outcome of an attempt.
pub(super) struct AttemptEnd {
    pub fate: AttemptFate,
    pub note: AttemptNote,
    /// A remark about the delivery.
    pub remark: Option<String>,
}

/// What becomes of the delivery.
pub(super) enum AttemptFate {
    /// The platform has it; and why it may nevertheless show something else.
    Delivered(Box<ScoreBody>, Option<DeliveryReason>),
    /// It is not sent, because it need not be.
    Superseded(DeliveryReason),
    /// It is not sent, because the delivery with this id replaces it.
    Replaced(String),
    /// The platform refuses it.
    Refused(DeliveryReason),
    /// It waits for a person to do something.
    Held(DeliveryReason),
    /// The platform was overloaded.
    Throttled(Duration),
    /// The platform certainly didn't accept it.
    NotTaken,
    /// It was not sent, because the platform refused to show the grade that it would replace.
    NotShown,
    /// The platform may have accepted it.
    Unknown,
    /// It was not tried, for a reason on our side.
    NotTried,
    /// It ended meanwhile, or another worker has it.
    Nothing,
}

/// Why an attempt stops.
pub(super) enum Halt {
    /// The store failed.
    Store(StoreError),
    /// It has an outcome.
    End(Box<AttemptEnd>),
}

impl From<StoreError> for Halt {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Without knowing what the platform has, nothing is sent.
impl From<LastError> for Halt {
    fn from(error: LastError) -> Self {
        match error {
            LastError::Store(error) => Self::Store(error),
            LastError::NotReadable(error) => {
                tracing::error!(%error, "the record of a last score can't be read");
                AttemptEnd::refused(DeliveryReason::NotReadable).into()
            }
        }
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

    /// It is not sent, and never will be.
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

    /// Keeps the earlier remark, unless there is a newer one.
    pub(super) fn still_remarking(self, before: Option<String>) -> Self {
        Self {
            remark: self.remark.or(before),
            ..self
        }
    }

    /// The platform could not be asked what is in its gradebook.
    pub(super) fn not_taken(note: AttemptNote) -> Self {
        Self {
            fate: AttemptFate::NotTaken,
            note,
            remark: None,
        }
    }

    /// A request failed.
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
