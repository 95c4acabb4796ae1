//! The layer around every route: writes problems out, and completes every response's headers.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::extract::{FromRef, Request};
use axum::http::Method;
use axum::response::Response;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tower::{Layer, Service, ServiceExt};

use crate::app::App;
use crate::render::{Headers, Renderer};
use crate::web::form;
use crate::web::language::Language;
use crate::web::page::ToolFace;
use crate::web::redirect::Onward;

/// The layer. Cloning it is cheap.
#[derive(Clone)]
pub(super) struct AllRequests(Arc<(Renderer, Headers)>);

impl AllRequests {
    pub(super) fn of(app: &App) -> Self {
        let headers = Headers::at(&app.config.public_url);
        Self(Arc::new((Renderer::from_ref(app), headers)))
    }

    async fn answer<F: Future<Output = Response>>(
        &self,
        request: Request,
        handle: impl FnOnce(Request) -> F,
    ) -> Response {
        let (renderer, headers) = &*self.0;
        let path = request.uri().path().to_owned();
        let there = meant_to_register(&request).and_then(|there| {
            let onward = Onward {
                random: &renderer.random,
                language: Language::accepted(request.headers()),
                tool: ToolFace::default(),
            };
            // A value that can't be put in a header was not a configuration's address.
            onward.see_other_here(&there).ok()
        });
        let mut response = match there {
            Some(there) => there,
            None => renderer.render(request, handle).await,
        };
        headers.complete(&path, response.headers_mut());
        response
    }
}

impl<S> Layer<S> for AllRequests {
    type Service = Surrounded<S>;

    fn layer(&self, inside: S) -> Self::Service {
        let around = self.clone();
        Surrounded { around, inside }
    }
}

/// What the layer makes of a service.
#[derive(Clone)]
pub(super) struct Surrounded<S> {
    around: AllRequests,
    inside: S,
}

impl<S> Service<Request> for Surrounded<S>
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        // What is inside is asked when it is called.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let Self { around, inside } = self.clone();
        let handle = |request| inside.oneshot(request).map(|Ok(response)| response);
        async move { Ok(around.answer(request, handle).await) }.boxed()
    }
}

/// Where a learning platform meant to register: its administrator pasted another of our addresses,
/// and the platform opened it with its configuration. No other request has this parameter.
fn meant_to_register(request: &Request) -> Option<String> {
    let query = request.uri().query()?;
    let path = request.uri().path();
    let is_api = || ["/api/", "/admin/"].iter().any(|api| path.starts_with(api));
    let is_elsewhere = request.method() == Method::GET && !registers(path) && !is_api();
    (is_elsewhere && form::has(query, "openid_configuration"))
        .then(|| format!("/lti/register?{query}"))
}

/// Whether platforms register at this address, with or without an invitation's code. Canvas's
/// address works without a query, and the confirmation's is for our own page.
fn registers(path: &str) -> bool {
    let code = path.strip_prefix("/lti/register/");
    let is_invitation =
        code.is_some_and(|code| !code.contains('/') && !matches!(code, "canvas" | "confirm"));
    matches!(path, "/register" | "/lti/register") || is_invitation
}
