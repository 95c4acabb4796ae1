//! The identities that the sealed columns of deliveries are sealed with.

/// For the score and the person.
pub(crate) fn details_identity(id: &str) -> String {
    format!("score_deliveries/{id}/details")
}

/// For the request body.
pub(crate) fn body_identity(id: &str) -> String {
    format!("score_deliveries/{id}/body")
}

/// For the attempts.
pub(crate) fn attempts_identity(id: &str) -> String {
    format!("score_deliveries/{id}/attempts")
}

/// For a lane's last delivery.
pub(crate) fn last_identity(id: &str) -> String {
    format!("score_lasts/{id}")
}
