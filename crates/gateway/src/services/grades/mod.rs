//! Line items, scores and results (ltiaas-api.md §2.5 and §2.6, lti.md F.2).

pub(in crate::services) mod answer;
mod in_step;
pub(crate) mod line_items;
pub(in crate::services) mod named;
mod pace;
pub(crate) mod scores;

use axum::http::Method;
use lti::ags::{Invalid, LineItem, NewLineItem};
use lti::claims::scope::{LINE_ITEM, LINE_ITEM_READONLY};
use url::Url;

pub(crate) use pace::Pace;

use super::INACTIVE;
use super::call::Call;
use super::deliveries::Vendor;
use super::line_item::{LineItemPut, read_line_item};
use super::platform_client::PlatformClient;
use super::platform_problem::PlatformProblem;
use crate::directory::platforms::Platform;
use crate::kit::outbound::Answer;
use crate::launch::{GradeAddresses, NOT_AVAILABLE, WithServices};
use crate::web::problem::Problem;
use crate::web::wrong_member::WrongMember;

/// The grade service of the place.
///
/// # Errors
/// 403: the tool has disabled it, or the platform doesn't offer it here.
pub(in crate::services) fn offered(services: &WithServices) -> Result<&GradeAddresses, Problem> {
    if !services.tool.settings.services.assignment_and_grades {
        return Err(INACTIVE.problem());
    }
    let offered = services.place.grades.as_ref();
    offered.ok_or_else(|| {
        NOT_AVAILABLE.saying("The platform offers no assignments and grades for this launch.")
    })
}

impl GradeAddresses {
    /// The first of these scopes that the launch grants. Nothing else is requested, because some
    /// platforms refuse a whole request for one scope too many (lti.md F-02).
    ///
    /// # Errors
    /// 403: it grants none of them (F-21).
    pub(in crate::services) fn scope(
        &self,
        wanted: &[&'static str],
    ) -> Result<&'static str, Problem> {
        let granted = |scope: &&str| self.scopes.iter().any(|one| one == scope);
        let found = wanted.iter().copied().find(granted);
        found.ok_or_else(|| {
            NOT_AVAILABLE.saying("The platform doesn't allow this for this launch: the scope is missing among those it grants.")
        })
    }

    /// The scope for reading line items.
    pub(in crate::services) fn reading(&self) -> Result<&'static str, Problem> {
        self.scope(&[LINE_ITEM_READONLY, LINE_ITEM])
    }
}

/// The line item in an answer.
pub(in crate::services) fn line_item(
    call: &Call<'_>,
    answer: &Answer,
) -> Result<LineItem, Problem> {
    // A new one gets its own address.
    let asked = (call.method != Method::POST).then_some(call.url);
    let item = read_line_item(&answer.body, asked);
    item.ok_or_else(|| PlatformProblem::of(call).unreadable(&answer.body))
}

/// Which product a platform runs.
pub(in crate::services) fn vendor(platform: &Platform) -> Vendor {
    Vendor::of(platform.family.as_deref(), &platform.issuer)
}

/// Replaces a line item.
///
/// # Errors
/// The launch doesn't grant it, or the platform refused it.
async fn put_line_item(
    client: &PlatformClient,
    services: &WithServices,
    url: &Url,
    item: &NewLineItem,
) -> Result<Answer, Problem> {
    offered(services)?.scope(&[LINE_ITEM])?;
    let platform = &services.platform;
    let put = LineItemPut {
        url,
        item,
        spelling: vendor(platform).spelling(),
    };
    let replaced = client.put_line_item(platform, &put).await;
    replaced.map_err(|failure| failure.problem(platform, &put.call()))
}

/// 400: the application's data is invalid. Nothing was sent.
pub(in crate::services) fn invalid(invalid: Invalid) -> Problem {
    let mut wrong = invalid.0.into_iter();
    let errors = wrong.clone();
    let errors = errors.map(|one| WrongMember::new(one.name, one.must));
    let errors = errors.collect();
    let first = wrong.next().map(|one| format!("{} {}", one.name, one.must));
    let description = format!(
        "The request body is wrong: {}.",
        first.unwrap_or_default().trim_start()
    );
    Problem::wrong_body(description).naming(errors)
}
