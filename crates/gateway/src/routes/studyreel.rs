//! StudyReel's addresses, and those for the students that it sends.

use ::studyreel::{Dialect, STUDYREEL};
use axum::extract::{FromRef, Request, State};
use axum::http::header::REFERRER_POLICY;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Extension, Router};

use super::Outermost;
use super::forms::FormRouter;
use crate::app::App;
use crate::render::Renderer;
use crate::studyreel::paths::api as paths;
use crate::studyreel::{
    learn, owner, preview, receive, student_changes, student_subject, students,
};

/// Body limit for a form with one token.
const FORM_BYTES: usize = 4 * 1024;

/// Where launches of every dialect are posted.
pub(super) fn launches(app: &App, outermost: &Outermost) -> Router<App> {
    Dialect::ALL
        .into_iter()
        .map(|dialect| launches_of(dialect, app, outermost))
        .fold(Router::new(), Router::merge)
}

/// All other addresses.
pub(super) fn router() -> Router<App> {
    let no_head = || async { StatusCode::METHOD_NOT_ALLOWED };
    let learn = FormRouter::up_to(FORM_BYTES).route(
        "/studyreel/learn",
        get(learn::open).post(learn::redeem).head(no_head),
    );
    Router::<App>::from(learn).merge(for_owners())
}

/// Where the launches of a dialect are posted. The short address is StudyReel's.
fn launches_of(dialect: &'static Dialect, app: &App, outermost: &Outermost) -> Router<App> {
    let name = dialect.name;
    let launches = Router::new()
        .route(&format!("/{name}/launch"), post(receive::plain))
        .route(
            &format!("/{name}/launch/{{capability}}"),
            post(receive::capable),
        );
    let launches = if name == STUDYREEL.name {
        launches.route("/launch", post(receive::plain))
    } else {
        launches
    };
    let renderer = Renderer::from_ref(app);
    let in_dialect = from_fn_with_state((renderer, dialect), in_dialect);
    let (all_requests, at_once) = outermost.clone();
    launches.layer((all_requests, Extension(dialect), in_dialect, at_once))
}

/// Wraps every launch: writes problems out in the dialect's format only.
async fn in_dialect(
    State((renderer, dialect)): State<(Renderer, &'static Dialect)>,
    request: Request,
    next: Next,
) -> Response {
    let handle = |request| next.run(request);
    let mut response = renderer.render_in(dialect, request, handle).await;
    let no_referrer = HeaderValue::from_static("no-referrer");
    response.headers_mut().insert(REFERRER_POLICY, no_referrer);
    response
}

/// For the tool's owner and the application, with an API key.
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
        .route("/api/students/{id}/subject", post(student_subject::change))
}
