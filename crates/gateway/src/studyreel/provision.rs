//! Turns a verified launch into an account, placements, a launch and a login link, in one
//! transaction or not at all (studyreel.md §7). If the application has to be asked about the
//! student, only the account and the placements are written before that, and the rest afterwards
//! (`settle`).

use std::sync::Arc;

use store::{Tx, studyreel_seen};

use super::arrival::Arrival;
use super::enrol::EnrolledStudent;
use super::login_link::FreshLink;
use super::refusal::StudyReelRefusal;
use super::room::StudyReel;
use super::settle::{PendingLaunch, settle};
use super::student_for_platform::StudentForPlatform;
use crate::launch::Launch;

/// How far the first transaction got.
enum LaunchProgress {
    /// Everything is stored.
    Done(Launch, StudentForPlatform),
    /// The application has to be asked about the student before anything else is stored.
    Asks(Arc<PendingLaunch>),
}

/// Runs the transaction: replay, account, placements, launch, link, in this order. If the
/// application wants to be asked and doesn't know the student, it is asked in between, and a second
/// transaction stores the launch and its link.
pub(super) async fn run(
    room: &StudyReel,
    arrival: Arrival,
    link: FreshLink,
) -> Result<(Arc<Launch>, StudentForPlatform), StudyReelRefusal> {
    let write = room.db.write::<_, StudyReelRefusal, _>(move |mut tx| {
        Box::pin(async move { write(arrival, &mut tx, link).await })
    });
    let written = write.await?;
    room.events.committed();
    let (launch, told) = match written {
        LaunchProgress::Done(launch, told) => (launch, told),
        LaunchProgress::Asks(pending) => settle(room, pending).await?,
    };
    let launch = Arc::new(launch);
    room.launches.keep(&launch);
    let (from, student) = (launch.adapter, launch.subject.as_deref());
    room.usage
        .launched(&launch.tool_id, from, student, launch.created_at);
    Ok((launch, told))
}

async fn write(
    mut arrival: Arrival,
    tx: &mut Tx<'_>,
    link: FreshLink,
) -> Result<LaunchProgress, StudyReelRefusal> {
    let spent = arrival.spend(tx).await?;
    let EnrolledStudent {
        student,
        profile,
        told,
        ..
    } = arrival.enrol(tx).await?;
    if let Some(told) = told {
        let launch = arrival.store(tx, &link, None, (&student, &profile)).await?;
        return Ok(LaunchProgress::Done(launch, told));
    }
    // Until we have answered, the same launch may be sent again.
    for hash in spent {
        studyreel_seen::forget(tx, hash).await?;
    }
    Ok(LaunchProgress::Asks(Arc::new(PendingLaunch {
        arrival,
        link,
        student_id: student.id,
        profile,
    })))
}
