//! What sealed columns of deliveries are sealed together with.

/// What is delivered, and for whom.
pub(crate) fn details_identity(id: &str) -> String {
    format!("score_deliveries/{id}/details")
}

/// The bytes that are sent.
pub(crate) fn body_identity(id: &str) -> String {
    format!("score_deliveries/{id}/body")
}

/// How the attempts went.
pub(crate) fn attempts_identity(id: &str) -> String {
    format!("score_deliveries/{id}/attempts")
}

/// What was last delivered in a lane.
pub(crate) fn last_identity(id: &str) -> String {
    format!("score_lasts/{id}")
}
