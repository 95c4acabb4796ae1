//! Addresses that anyone may send bodies to: forms of browsers and of platforms.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::MethodRouter;

use crate::app::App;
use crate::web::whole_body::WholeBody;

/// Routes whose handlers are called when the body is there.
pub(super) struct FormRouter(Router<App>);

impl FormRouter {
    pub(super) fn new() -> Self {
        Self(Router::new())
    }

    /// Adds an address. A limit for its body must be around it, as that of [`Self::limit`] is.
    pub(super) fn route(self, path: &str, methods: MethodRouter<App>) -> Self {
        // Methods that don't exist there are refused before.
        Self(self.0.route(path, methods.route_layer(WholeBody)))
    }

    pub(super) fn merge(self, other: Self) -> Self {
        Self(self.0.merge(other.0))
    }

    /// Limits the bodies of all routes so far, but for those that already have a limit.
    pub(super) fn limit(self, bytes: usize) -> Self {
        Self(self.0.layer(DefaultBodyLimit::max(bytes)))
    }
}

impl From<FormRouter> for Router<App> {
    fn from(forms: FormRouter) -> Self {
        forms.0
    }
}
