//! Launches of StudyReel and its like: from the request to a placed student with a one-time login link (studyreel.md).
//!
//! [`receive`] takes the launch, [`provision`] turns it into an account, a placement and a launch in one transaction,
//! [`login_link`] lets the student's browser in. From there on it is a launch like any other.

mod adapter;
mod answer;
mod gate;
mod hook;
pub mod keys;
mod learn;
mod login_link;
mod message;
mod owner;
pub mod paths;
mod preview;
mod profile;
mod provision;
mod receive;
pub mod retention;
mod settle;
mod signature;
mod student_changes;
mod students;

pub use adapter::ADAPTER;
pub use keys::Keys;
pub use paths::{Offer, Paths};
pub(crate) use provision::{placement_row, student_row};

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use axum::{Extension, Router};
use studyreel::{Dialect, STUDYREEL};

use crate::app::App;
use crate::kit::seal::SecretKey;

/// A request of the owner or the application.
const API_BYTES: usize = 256 * 1024;
/// A form with one token in it.
const FORM_BYTES: usize = 4 * 1024;

/// What this room keeps while the service runs.
pub struct Room {
    /// What is derived from the installation's secret.
    pub keys: Keys,
    /// Learning paths at hand.
    pub paths: Paths,
    /// How the application answers the provisioning hook.
    hook: hook::Hook,
}

impl Room {
    /// The room of an installation, with what outlives its secret keys: students are found by it, and StudyReel keeps
    /// the launch URL.
    pub fn new(root: &SecretKey) -> Self {
        Self {
            keys: Keys::new(root),
            paths: Paths::default(),
            hook: hook::Hook::default(),
        }
    }
}

/// StudyReel's addresses.
pub fn router(app: &App) -> Router<App> {
    let no_head = || async { StatusCode::METHOD_NOT_ALLOWED };
    let launches = Dialect::ALL
        .into_iter()
        .map(|dialect| launch_of(dialect, app))
        .fold(Router::new(), Router::merge);
    let learn = Router::new()
        .route(
            "/studyreel/learn",
            get(learn::open).post(learn::redeem).head(no_head),
        )
        .layer(DefaultBodyLimit::max(FORM_BYTES));
    Router::new()
        .merge(launches)
        .merge(learn)
        .merge(for_owners())
}

/// Where the launches of a dialect are posted. The short address is StudyReel's.
fn launch_of(dialect: &'static Dialect, app: &App) -> Router<App> {
    let name = dialect.name;
    let launch = Router::new()
        .route(&format!("/{name}/launch"), post(receive::plain))
        .route(
            &format!("/{name}/launch/{{capability}}"),
            post(receive::capable),
        );
    let launch = if name == STUDYREEL.name {
        launch.route("/launch", post(receive::plain))
    } else {
        launch
    };
    launch
        .layer(from_fn_with_state(app.clone(), answer::render))
        .layer(Extension(dialect))
}

/// What the tool's owner and the application reach, with an API key.
fn for_owners() -> Router<App> {
    Router::new()
        .route("/admin/studyreel", get(owner::read))
        .route(
            "/admin/learning-paths",
            get(paths::list).post(paths::create),
        )
        .route(
            "/admin/learning-paths/{id}",
            get(paths::one).put(paths::replace).delete(paths::delete),
        )
        .route("/admin/placement/preview", post(preview::preview))
        .route("/api/students", get(students::list))
        .route(
            "/api/students/{id}",
            get(students::one)
                .patch(student_changes::change)
                .delete(student_changes::erase),
        )
        .layer(DefaultBodyLimit::max(API_BYTES))
}
