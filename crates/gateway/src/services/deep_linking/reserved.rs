//! Reserves the handles of an answer before it is signed (services.md SV-3).

use lti::content_item::ContentItem;

use super::DeepLinking;
use super::asked::OpenRequest;
use super::refusal::{ALREADY_ANSWERED, already_selected};
use crate::launch::reservations::{Course, NotReserved};
use crate::web::problem::Problem;

/// Handles reserved for an answer until it is signed or has failed.
pub(super) struct ReservedHandles {
    course: Course,
    handles: Vec<String>,
    answer_id: String,
}

impl ReservedHandles {
    /// Reserves the handles of an answer's items, if there are any.
    ///
    /// # Errors
    /// One of them has already been chosen, the launch was already answered, or the store failed.
    pub(super) async fn new(
        room: &DeepLinking,
        asked: &OpenRequest<'_>,
        items: &[ContentItem],
    ) -> Result<Self, Problem> {
        let handles = items.iter().filter_map(ContentItem::handle);
        let reserved = Self {
            course: Course::of(&asked.launch.tool_id, &asked.facts),
            handles: handles.map(str::to_owned).collect(),
            answer_id: room.random.token(),
        };
        let all = room.launches.reservations();
        let (course, handles) = (&reserved.course, &reserved.handles);
        match all.reserve(course, handles, &reserved.answer_id).await {
            Ok(()) => Ok(reserved),
            Err(NotReserved::Store(error)) => Err(error.into()),
            // They belong to the first answer to this launch, so the actual problem is that it was
            // already answered.
            Err(NotReserved::Taken(_)) if room.launches.is_spent(&asked.nonce()).await? => {
                Err(ALREADY_ANSWERED.problem())
            }
            Err(NotReserved::Taken(handle)) => Err(already_selected(&handle)),
        }
    }

    /// Gives them back, because nothing was signed.
    pub(super) async fn give_back(self, room: &DeepLinking) {
        let all = room.launches.reservations();
        all.give_back(&self.course, &self.handles, &self.answer_id)
            .await;
    }
}
