//! All routes of the pretend StudyReel.

use std::sync::Arc;

use axum::{
    Router,
    routing::{delete, get, post},
};

use super::{
    api,
    pages::{launches, problem, students},
    register,
    system::System,
};
use crate::web::style;

pub(super) fn router(system: &Arc<System>) -> Router {
    Router::new()
        .route("/tools/register", post(register::register))
        .merge(for_people())
        .merge(for_programs())
        .fallback(problem::unknown)
        .with_state(Arc::clone(system))
}

fn for_people() -> Router<Arc<System>> {
    Router::new()
        .route("/", get(students::students))
        .route("/style.css", get(style))
        .route("/students", post(students::save_student))
        .route("/switches", post(students::set_switches))
        .route("/launch", post(launches::launch))
        .route("/visit", post(launches::visit))
        .route("/transcript", get(launches::transcript))
}

fn for_programs() -> Router<Arc<System>> {
    Router::new()
        .route("/sim/launch", post(api::launch))
        .route("/sim/students", get(api::students).post(api::save_student))
        .route("/sim/students/{sub}", delete(api::remove_student))
        .route("/sim/switches", get(api::writing).put(api::set_writing))
        .route("/sim/transcript", get(api::transcript))
}
