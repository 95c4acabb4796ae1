//! Other information in a launch: the services of its place, and content that has arrived.

use super::Launches;
use crate::directory::platforms::Platform;
use crate::launch::facts::Facts;
use crate::launch::reservations;
use crate::launch::seen_places::ClaimsMark;
use crate::launch::service_place::ServicePlace;
use crate::launch::service_places::PlaceNews;
use crate::launch::verified::Launch;
use crate::web::problem::Problem;

impl Launches {
    /// New information about a launch's place, to be stored together with the launch. `claims` are
    /// the claims that contain it, as received.
    ///
    /// # Errors
    /// The store failed, or the document can't be read. A place that can't be read is logged and
    /// doesn't stop the launch.
    pub(crate) async fn place_news(
        &self,
        launch: &Launch,
        platform: &Platform,
        claims: &[&str],
    ) -> Result<Option<PlaceNews>, Problem> {
        let mark = ClaimsMark::by(launch, platform, claims);
        if self.0.places.knows(mark) {
            return Ok(None);
        }
        let facts = self.facts_of_place(launch, platform)?;
        let place = ServicePlace::of(&facts, launch.created_at);
        match self.0.places.news(&launch.tool_id, &place, mark).await {
            Err(problem) if problem.is_of_the_store() => Err(problem),
            Err(problem) => {
                not_kept(launch, &problem);
                Ok(None)
            }
            news => news,
        }
    }

    /// Places the handle of a stored launch, if it has one. Its line item is the one that the
    /// content was chosen for. If this fails, the launch goes on, and the link's next launch places
    /// the handle.
    pub(crate) async fn place_handle(&self, launch: &Launch, platform: &Platform) {
        if !launch.document.contains(reservations::PARAMETER) {
            return;
        }
        let placed = async {
            let facts = self.facts_of_place(launch, platform)?;
            let is_placed = self
                .0
                .reservations
                .launched(&launch.tool_id, &facts)
                .await?;
            let line_item = facts.grades.as_ref();
            let line_item = line_item.and_then(|grades| grades.lineitem.as_deref());
            if let Some(line_item) = line_item.filter(|_| is_placed) {
                self.0.line_items.used(&facts.platform.id, line_item).await;
            }
            Ok(())
        };
        if let Err(problem) = placed.await {
            not_kept(launch, &problem);
        }
    }

    /// The launch's facts, for uses that don't involve our own addresses.
    fn facts_of_place(&self, launch: &Launch, platform: &Platform) -> Result<Facts, Problem> {
        (self.adapter_of(launch)?.facts)(launch, Some(platform), &self.0.public_url)
    }
}

fn not_kept(launch: &Launch, problem: &Problem) {
    let (launch_id, cause) = (&launch.id, problem.cause.as_deref());
    tracing::warn!(
        launch_id,
        cause,
        "what a launch tells of its place was not kept"
    );
}
