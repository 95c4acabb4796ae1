//! Addresses that anyone may send bodies to: forms of browsers and of platforms.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::MethodRouter;

use crate::app::App;
use crate::web::whole_body::WholeBody;

/// Body limit for a form of the portal.
pub(super) const FORM_BYTES: usize = 64 * 1024;

/// Routes whose handlers are called when the body is there.
pub(super) struct FormRouter {
    routes: Router<App>,
    most_bytes: usize,
}

impl FormRouter {
    /// No routes yet. The bodies of those to come may have this many bytes.
    pub(super) fn up_to(most_bytes: usize) -> Self {
        Self {
            routes: Router::new(),
            most_bytes,
        }
    }

    /// Adds an address.
    pub(super) fn route(self, path: &str, methods: MethodRouter<App>) -> Self {
        // Methods that don't exist there are refused before.
        let layers = (DefaultBodyLimit::max(self.most_bytes), WholeBody);
        let routes = self.routes.route(path, methods.route_layer(layers));
        Self { routes, ..self }
    }

    /// Adds the routes of another, which keep its limit.
    pub(super) fn merge(self, other: Self) -> Self {
        let routes = self.routes.merge(other.routes);
        Self { routes, ..self }
    }
}

impl From<FormRouter> for Router<App> {
    fn from(forms: FormRouter) -> Self {
        forms.routes
    }
}
