//! Reads a roster from the platform: the changes since the last time, if the platform offers them
//! and they suffice; otherwise all of it (lti.md F-43, F-46, F-47).

use axum::body::Bytes;
use axum::http::StatusCode;
use lti::claims::scope::MEMBERSHIP_READONLY;
use lti::nrps::{CONTAINER, Filter, Reader};
use url::Url;

use super::kept::KnownRoster;
use super::room::Rosters;
use super::taking::{Extent, ReadRoster, RosterReading};
use super::version::Version;
use crate::launch::WithServices;
use crate::services::call::Call;
use crate::services::list_pages::{ListPages, ListUnending};
use crate::services::platform_client::{PlatformClient, links};
use crate::services::platform_problem::{self, PlatformProblem};
use crate::services::roster::TOO_SLOW;
use crate::web::api_rule::ApiRule;
use crate::web::problem::Problem;

pub(super) const TOO_LARGE: ApiRule = ApiRule::new(
    "ROSTER_TOO_LARGE",
    StatusCode::BAD_GATEWAY,
    "The platform's list of members has no end, or more than 200,000 members.",
);
/// Members on pages that can't be requested would count as having left.
pub(super) const CUT_OFF: ApiRule = ApiRule::new(
    "ROSTER_CUT_OFF",
    StatusCode::BAD_GATEWAY,
    "The platform names a next page of members on another host, or one that is no address, so the list can't be read to its \
     end. Nothing was changed.",
);

/// How many members to request per page: with a default of ten, a large course would take too long.
const PAGE_SIZE: u32 = 5_000;
/// The most pages to read.
const MOST_PAGES: usize = 1000;
/// The most members in a course.
const MOST_MEMBERS: usize = 200_000;
/// The most bytes of all pages together.
const MOST_BYTES: usize = 128 * 1024 * 1024;
/// How long to rely on differences before reading a whole roster again, in milliseconds: anything a
/// platform forgets to mention is wrong for at most a day.
const WHOLE_AGAIN_MS: i64 = 24 * 60 * 60 * 1000;

/// The platform's current roster, read through its differences if they suffice, otherwise as a
/// whole. `since` says what the application has; if it `confirms` a roster that looked wrong, the
/// whole roster is read.
///
/// # Errors
/// The platform or the store failed, or the list never ends.
pub(super) async fn whole_or_differences(
    room: &Rosters,
    client: &PlatformClient,
    services: &WithServices,
    (mut known, url): (KnownRoster, Url),
    (since, confirms): (Option<&str>, bool),
) -> Result<ReadRoster, Problem> {
    let now = room.clock.now_ms();
    let has = |known: &KnownRoster| {
        let at = Version::read(since?, &known.row, now)?;
        known.snapshot.goes_back_to(at).then_some(at)
    };
    let link = differences(&known, has(&known), &url, now);
    if let Some(link) = link.filter(|_| !confirms) {
        let since = has(&known);
        let mut taking = RosterReading::new(known, Extent::Differences, since, now);
        match read(client, services, link, &mut taking).await {
            Ok(next) => return Ok(taking.end(next.as_ref())),
            Err(problem) if is_over(&problem) => {}
            Err(problem) => return Err(problem),
        }
        // It may already contain some of the changes.
        drop(taking);
        known = room.known(services).await?;
    }
    let large = Filter {
        limit: Some(PAGE_SIZE),
        ..Filter::default()
    };
    let since = has(&known);
    let mut taking = RosterReading::new(known, Extent::Whole, since, now);
    let next = read(client, services, large.apply(&url), &mut taking).await?;
    Ok(taking.end(next.as_ref()))
}

/// Where to ask for changes. These don't include members whom the application lacks but who have
/// not changed since the last time, so differences suffice only if there are none.
fn differences(known: &KnownRoster, since: Option<i64>, url: &Url, now: i64) -> Option<Url> {
    let source = &known.snapshot.source;
    let link = Url::parse(source.differences.as_deref()?).ok()?;
    let is_near = link.origin() == url.origin();
    // A roster read while the clock was ahead must not count as recent for that long.
    let is_young = (now.saturating_sub(WHOLE_AGAIN_MS)..=now).contains(&source.whole_at);
    let is_enough = since.is_some_and(|since| known.snapshot.is_known_at(since));
    (is_near && is_young && is_enough).then_some(link)
}

/// Whether to read the whole roster because its differences are unavailable: links to them expire.
fn is_over(problem: &Problem) -> bool {
    let rules = [
        platform_problem::REFUSED,
        platform_problem::UNREADABLE,
        TOO_LARGE,
        CUT_OFF,
    ];
    rules.iter().any(|rule| problem.is(rule))
}

/// Reads every member on every page, starting with this one. Returns the platform's address for
/// later changes.
async fn read(
    client: &PlatformClient,
    services: &WithServices,
    first: Url,
    taking: &mut RosterReading,
) -> Result<Option<Url>, Problem> {
    let (mut pages, mut bytes) = (ListPages::beginning(first, MOST_PAGES), 0);
    loop {
        let call = Call::get(pages.url(), MEMBERSHIP_READONLY, CONTAINER);
        let problem = PlatformProblem::of(&call);
        let mut answer = client.open(&services.platform, &call).await?;
        let links = links(pages.url(), &answer.headers);
        let (mut reader, mut beginning) = (Reader::default(), Bytes::new());
        while let Some(piece) = answer
            .piece()
            .await
            .map_err(|error| problem.not_reached(&error))?
        {
            if beginning.is_empty() {
                beginning = piece.clone();
            }
            let mut failed = None;
            let fed = reader.feed(&piece, |member| {
                if let Err(error) = taking.take(member) {
                    failed = Some(error);
                }
            });
            fed.map_err(|_| problem.unreadable(&beginning))?;
            if let Some(error) = failed {
                return Err(Problem::internal(error));
            }
            bytes += piece.len();
            if taking.listed() > MOST_MEMBERS || bytes > MOST_BYTES {
                return Err(TOO_LARGE.problem());
            }
        }
        let read = reader.finish();
        let read = read.map_err(|_| problem.unreadable(&beginning))?;
        if !read.has_members {
            return Err(problem.unreadable(&beginning));
        }
        match pages.turn(&links) {
            Ok(true) => {}
            Ok(false) => return Ok(links.differences),
            Err(ListUnending::CutOff) => return Err(CUT_OFF.problem()),
            Err(ListUnending::Endless) => return Err(TOO_LARGE.problem()),
            Err(ListUnending::TooSlow) => return Err(TOO_SLOW.problem()),
        }
    }
}
