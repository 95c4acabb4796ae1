//! What goes wrong while scores are under way: the rows of the matrix.

use std::time::Duration;

use simulator::faults::{Fault, ScoreRefusal};
use simulator::lms::Endpoint;
use simulator::profiles::Profile;

use super::class::Class;
use super::cluster::Cluster;

/// One row.
#[derive(Clone, Copy)]
pub(super) struct Scenario {
    pub(super) name: &'static str,
    pub(super) trouble: Trouble,
    /// Whether scores may be refused for good, or held, in the end.
    pub(super) may_end: Ends,
}

/// How scores may end beside being delivered or superseded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    Delivered,
    Refused,
    RefusedOrHeld,
}

/// What goes wrong.
#[derive(Clone, Copy)]
pub(super) enum Trouble {
    Nothing,
    /// So many scores meet this fault.
    Next(u32, fn() -> Fault),
    /// This endpoint has this fault for a while.
    While(Endpoint, fn() -> Fault),
    /// So many answers to scores are lost, and results can't be read meanwhile.
    Blind(u32),
    /// More requests than the LMS takes.
    Throttle,
    /// A teacher deletes the line item.
    Deleted,
    /// The course is over for a while.
    Concluded,
    /// The student 6 is not enrolled for a while.
    NotEnrolled,
    /// A teacher has graded the students 5 and 6.
    Teacher,
    /// Both sides' keys change, and access tokens are forgotten.
    Keys,
    /// Access tokens are forgotten, and the LMS says so with 403, as Sakai does.
    Forbidden,
    /// Scores don't come out even on the line item's scale, so that the LMS rounds or cuts them.
    Thirds,
    /// Graded work is put before the teacher again, with a score that isn't final.
    ByHand,
    /// A line item is made by a handle, and the answer is lost.
    Handle,
    /// The same, and everyone is graded once more by the handle.
    HandleAgain,
    /// A server is frozen for so long that others do its jobs, and goes on where it stood.
    Frozen,
    /// The LMS's clock is ahead of ours.
    Ahead,
    /// Results may not be read, and two answers to scores are lost.
    Unreadable,
    /// The course is over for a while, and everything is tried again afterwards.
    RetriedAll,
    /// The LMS loses grades, and what was delivered is compared with what it has.
    Repaired,
}

/// Seconds that the LMS's clock is ahead.
const AHEAD: i64 = 5;

const fn row(name: &'static str, trouble: Trouble, may_end: Ends) -> Scenario {
    Scenario {
        name,
        trouble,
        may_end,
    }
}

impl Scenario {
    /// How scores may end at this LMS.
    pub(super) fn ends_at(&self, profile: &Profile) -> Ends {
        match (self.trouble, profile.name) {
            // Its words for this are unknown, so the refusal looks like any other.
            (Trouble::NotEnrolled, "schoology") => Refused,
            _ => self.may_end,
        }
    }
}

use Ends::{Delivered, Refused, RefusedOrHeld};
use Trouble::{Next, While};

/// Every row.
pub(super) const ALL: [Scenario; 35] = [
    row("nothing but the kill", Trouble::Nothing, Delivered),
    row("drop before", Next(3, || Fault::Drop), Delivered),
    row("drop after accept", Next(3, || Fault::Cut), Delivered),
    row("401 once", Next(1, || Fault::Status(401)), Delivered),
    row(
        "401 for a while",
        While(Endpoint::Scores, || Fault::Status(401)),
        Delivered,
    ),
    row("403 throttle", Next(3, || Fault::Throttled), Delivered),
    row("429", Next(3, || busy(429)), Delivered),
    row("503 Retry-After", Next(3, || busy(503)), Delivered),
    row(
        "500 for a while",
        While(Endpoint::Scores, || Fault::Status(500)),
        Delivered,
    ),
    row("500 halfway", Next(3, || Fault::Halfway(500)), Delivered),
    row(
        "500 after accept",
        Next(3, || Fault::Afterwards(500)),
        Delivered,
    ),
    row("404 once", Next(1, || Fault::Status(404)), RefusedOrHeld),
    row("line item deleted", Trouble::Deleted, RefusedOrHeld),
    // The scores have no time of their own, so ours moves.
    row("409 once", Next(1, || Fault::Status(409)), Delivered),
    row(
        "422 attempts",
        Next(2, || ScoreRefusal::CanvasNoAttemptLeft.fault()),
        Refused,
    ),
    row("course concluded", Trouble::Concluded, Refused),
    row("slow drip", Next(4, drip), Delivered),
    row("broken JSON", Next(3, || Fault::Garbled), Delivered),
    row("HTML with 200", Next(3, sign_in_page), Delivered),
    row("keys rotated", Trouble::Keys, Delivered),
    row("token dies (403)", Trouble::Forbidden, Delivered),
    row(
        "no tokens",
        While(Endpoint::Token, || Fault::Status(500)),
        Delivered,
    ),
    row("drop after, blind", Trouble::Blind(2), Delivered),
    row("too many requests", Trouble::Throttle, Delivered),
    row("not enrolled yet", Trouble::NotEnrolled, Delivered),
    row("teacher graded", Trouble::Teacher, Refused),
    row("thirds", Trouble::Thirds, Delivered),
    row("by hand again", Trouble::ByHand, Delivered),
    row("made by handle", Trouble::Handle, Delivered),
    row("regraded by handle", Trouble::HandleAgain, Delivered),
    row("server frozen", Trouble::Frozen, Delivered),
    row("LMS clock ahead", Trouble::Ahead, Delivered),
    row("results unreadable", Trouble::Unreadable, Delivered),
    row("all tried again", Trouble::RetriedAll, Delivered),
    row("lost and repaired", Trouble::Repaired, Delivered),
];

fn busy(status: u16) -> Fault {
    Fault::Busy { status, seconds: 1 }
}

fn drip() -> Fault {
    Fault::Drip {
        bytes: 4,
        pause: Duration::from_millis(20),
    }
}

/// A proxy in front of the LMS wants somebody to sign in: nothing was done.
fn sign_in_page() -> Fault {
    Fault::Answer {
        status: 200,
        content_type: "text/html; charset=utf-8".to_owned(),
        body: "<!doctype html><title>Sign in</title>".to_owned(),
    }
}

impl Trouble {
    pub(super) async fn begin(self, cluster: &Cluster, class: &Class) {
        let (faults, gradebook) = (class.lms.faults(), class.lms.gradebook());
        match self {
            Self::Nothing | Self::Repaired | Self::Thirds | Self::ByHand => {}
            Self::Forbidden => class.lms.forget_access_tokens(),
            Self::Next(times, fault) => faults.next(Endpoint::Scores, times, fault()),
            Self::While(endpoint, fault) => {
                class.lms.forget_access_tokens();
                faults.set(endpoint, fault());
            }
            Self::Blind(times) => {
                faults.next(Endpoint::Scores, times, Fault::Cut);
                faults.set(Endpoint::Results, Fault::Status(500));
            }
            Self::Throttle => gradebook.throttle(Some(3)),
            Self::Deleted => class.lms.delete_line_item(class.item),
            Self::Concluded | Self::RetriedAll => gradebook.conclude("2"),
            Self::NotEnrolled => gradebook.withdraw("6"),
            Self::Teacher => {
                for (user, score) in [("5", 77.0), ("6", 88.0)] {
                    gradebook.grade_by_hand(class.item, user, score).unwrap();
                }
            }
            Self::Keys => {
                class.lms.rotate_key().unwrap();
                let path = format!("/admin/platforms/{}/keys/rotate", class.platform);
                cluster.admin("POST", &path, None).await;
                class.lms.forget_access_tokens();
            }
            Self::Frozen => {
                // So that something is under way when it freezes.
                let slow = Fault::Late(Duration::from_secs(2));
                faults.next(Endpoint::Results, 4, slow.clone());
                faults.next(Endpoint::Scores, 4, slow);
            }
            Self::Ahead => class.lms.clock().set_offset(AHEAD),
            Self::Unreadable => {
                faults.set(Endpoint::Results, Fault::Status(403));
                faults.next(Endpoint::Scores, 2, Fault::Cut);
            }
            Self::Handle | Self::HandleAgain => {
                let lost = [Fault::Late(Duration::ZERO), Fault::Cut];
                faults.in_turn(Endpoint::LineItems, lost);
            }
        }
    }

    /// The LMS that has this trouble.
    pub(super) fn prepared(self, mut profile: Profile) -> Profile {
        if matches!(self, Self::Forbidden) {
            profile.services.refuse_access = Profile::sakai().services.refuse_access;
        }
        profile
    }

    /// What a score is out of. The line item is out of 100, or else of 10.
    pub(super) const fn maximum(self) -> f64 {
        match self {
            Self::Thirds => 120.0,
            _ => 100.0,
        }
    }

    /// Whether scores go to a line item that is made by a handle.
    pub(super) const fn is_by_handle(self) -> bool {
        matches!(self, Self::Handle | Self::HandleAgain)
    }

    pub(super) fn end(self, class: &Class) {
        class.lms.faults().clear_all();
        let gradebook = class.lms.gradebook();
        gradebook.throttle(None);
        gradebook.reopen("2");
        gradebook.enrol("6");
    }
}
