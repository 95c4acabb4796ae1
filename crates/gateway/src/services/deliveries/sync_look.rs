//! The look into the gradebook before a score is sent synchronously (grades.md GR-13, GR-15, GR-21;
//! decision 0504).

use std::time::Duration;

use lti::ags::{self, RESULT_CONTAINER, Score};
use lti::claims::scope::RESULT_READONLY;
use url::Url;

use super::Deliveries;
use super::failure::judged;
use super::lanes::NotedFate;
use super::not_accepted::OVERRIDDEN;
use super::read_back::{GradeLook, Unread};
use super::rules::before::{SendingStep, Situation};
use super::rules::facts::{ScoreFacts, ScoreOptions};
use super::rules::last::LastDelivered;
use super::rules::reading::Reading;
use super::rules::vendor::Vendor;
use super::rules::verdict::ScoreVerdict;
use super::sync::SyncScore;
use crate::keys::service_tokens::{GivenToken, ServiceTokenError};
use crate::launch::WithServices;
use crate::services::call::Call;
use crate::services::platform_failure::CallFailure;
use crate::services::platform_problem::{NOT_REACHED, UNREADABLE, external};
use crate::web::problem::Problem;

/// How long the gradebook may take to show a grade. After that the score itself takes up to twelve
/// seconds, and others wait for both (`sync::LOOKS`).
const READS_WITHIN: Duration = Duration::from_secs(4);
/// What a failed look means for the score.
const NOT_SENT: &str = "The gradebook could not be read, so it is not known whether a teacher has graded, and the score \
                        was not sent.";

impl Deliveries {
    /// An access token for the look into the gradebook, if there will be one. It is asked for
    /// before the score's time runs. If there is none, the look says why.
    pub(crate) async fn token_to_look(
        &self,
        services: &WithServices,
        score: &Score,
        options: &ScoreOptions,
    ) -> Option<GivenToken> {
        let platform = &services.platform;
        let facts = ScoreFacts::new(score.members(), options);
        let vendor = Vendor::of(platform.family.as_deref(), &platform.issuer);
        let teacher_wins = Self::rules(&services.tool, platform).teacher_wins;
        let is_read = situation(facts, None, teacher_wins, vendor).needs_reading();
        if !is_read || !is_granted(services) {
            return None;
        }
        self.client.token(platform, RESULT_READONLY).await.ok()
    }

    /// Looks whether a score may be sent. Returns false if it need not be; then, as after an error,
    /// it counts as not sent.
    ///
    /// # Errors
    /// 409 `OVERRIDDEN_BY_TEACHER`, or the platform doesn't say what is in its gradebook.
    pub(crate) async fn look_before_sync(
        &self,
        services: &WithServices,
        line_item: &Url,
        sync: &SyncScore,
        token: Option<&GivenToken>,
    ) -> Result<bool, Problem> {
        let facts = ScoreFacts::new(sync.score.members(), &sync.options);
        let known = sync.known.as_ref();
        let situation = situation(facts, known, sync.teacher_wins, sync.vendor);
        if !situation.needs_reading() {
            return Ok(true);
        }
        let look = GradeLook {
            platform: &services.platform,
            vendor: sync.vendor,
            line_item,
            user: sync.score.user_id(),
            is_granted: is_granted(services),
            teacher_wins: sync.teacher_wins,
            within: READS_WITHIN.min(self.reading),
            token,
        };
        let reading = match self.read_back(&look).await {
            // There is no later attempt, and nothing where that could be said.
            Err(Unread::Refused(_)) => Ok(Reading::Impossible),
            Err(Unread::Failed(failure)) if is_refusal(sync.vendor, &failure) => {
                Ok(Reading::Impossible)
            }
            read => read.map_err(|unread| not_read(services, line_item, &unread)),
        };
        let may_leave = reading.and_then(|reading| may_leave(situation.step(&reading)));
        if !matches!(may_leave, Ok(true)) {
            self.note_fate(sync, NotedFate::NotTaken).await;
        }
        may_leave
    }
}

/// What is known of a score before the gradebook is read. None is newer: its turn has just come.
const fn situation<'a>(
    score: ScoreFacts<'a>,
    last: Option<&'a LastDelivered>,
    teacher_wins: bool,
    vendor: Vendor,
) -> Situation<'a> {
    Situation {
        score,
        last,
        newer: &[],
        is_unsure: false,
        teacher_wins,
        vendor,
    }
}

/// Whether the launch allows us to read grades.
fn is_granted(services: &WithServices) -> bool {
    let grades = services.place.grades.as_ref();
    grades.is_some_and(|grades| grades.scopes.iter().any(|one| one == RESULT_READONLY))
}

/// Whether the platform refuses to show the grade in a way that another attempt might change: it
/// accepts no token for results, gives none, or redirects to a sign-in page.
fn is_refusal(vendor: Vendor, failure: &CallFailure) -> bool {
    match failure {
        CallFailure::Refused(_) => judged(vendor, failure).verdict == ScoreVerdict::NotTaken,
        // The one for the score was given.
        CallFailure::NoToken(error) => match &**error {
            ServiceTokenError::Refused(answer) => matches!(answer.status, 400 | 401 | 403),
            _ => false,
        },
        _ => false,
    }
}

/// Whether a score is sent.
fn may_leave(step: SendingStep) -> Result<bool, Problem> {
    match step {
        SendingStep::Send | SendingStep::SendAgain { .. } | SendingStep::SendWithoutComment => {
            Ok(true)
        }
        SendingStep::Overridden | SendingStep::OverriddenSince => Err(OVERRIDDEN.problem()),
        SendingStep::Confirmed
        | SendingStep::Overtaken
        | SendingStep::AlreadyGraded
        | SendingStep::NotHigher => Ok(false),
    }
}

/// The answer if the gradebook can't be read: the platform's failure, and what it means.
fn not_read(services: &WithServices, line_item: &Url, unread: &Unread) -> Problem {
    let url = ags::results_url(line_item);
    let problem = match unread {
        Unread::Refused(failure) | Unread::Failed(failure) => {
            let call = Call::get(&url, RESULT_READONLY, RESULT_CONTAINER);
            failure.problem(&services.platform, &call)
        }
        Unread::Unclear(why) => {
            let problem = UNREADABLE.problem().detailed(format!("{why}."));
            external(problem, url.as_str())
        }
        Unread::TooSlow => external(NOT_REACHED.problem(), url.as_str()),
    };
    let description = format!("{} {NOT_SENT}", problem.description);
    Problem {
        description: description.into(),
        ..problem
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_sent_leaves() {
        for (step, expected) in [
            (SendingStep::Send, Some(true)),
            (SendingStep::AlreadyGraded, Some(false)),
            (SendingStep::NotHigher, Some(false)),
            (SendingStep::Overridden, None),
        ] {
            assert_eq!(may_leave(step).ok(), expected, "{step:?}");
        }
    }
}
