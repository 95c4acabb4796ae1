//! Whether another score may be queued (grades.md GR-6, GR-12).

use axum::http::StatusCode;

use super::{Deliveries, KIND};
use crate::jobs::NoRoom;
use crate::web::api_rule::ApiRule;
use crate::web::problem::{A_MOMENT, Problem};

const FULL: ApiRule = ApiRule::new(
    "DELIVERIES_FULL",
    StatusCode::SERVICE_UNAVAILABLE,
    "Too many scores wait to be delivered. Try again later.",
)
.retry_after(A_MOMENT);

impl Deliveries {
    /// Reserves room in the queue for a score to a platform. Each platform may use only part of the
    /// queue, so that one that is away for long leaves room for the others.
    ///
    /// # Errors
    /// 503 `DELIVERIES_FULL`, or the store failed.
    pub(super) async fn admit(&self, platform_id: &str) -> Result<(), Problem> {
        let (most, of_platform) = self.most_waiting;
        let admitted = self.jobs.admit_to(KIND, platform_id, of_platform).await;
        admitted.map_err(|no_room| no_room_for(no_room, " for this platform"))?;
        let admitted = self.jobs.admit(KIND, most).await;
        admitted.map_err(|no_room| no_room_for(no_room, ""))
    }
}

fn no_room_for(no_room: NoRoom, of: &str) -> Problem {
    let full = match no_room {
        NoRoom::Full(full) => full,
        NoRoom::Store(error) => return error.into(),
    };
    FULL.saying(format!(
        "{} scores wait to be delivered{of}, and no more are taken. Try again later.",
        full.0
    ))
}
