//! Addresses that show nothing, opened as if they did: those of forms, as from a bookmark or a tab
//! that is opened again, and mistyped ones. For people who are signed in, none is a dead end
//! (decision 0440).

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::response::IntoResponse;

use super::page::{PortalAnswer, PortalRefusal};
use super::room::Portal;
use super::signed_in::signed_in;
use crate::kit::id::is_id;
use crate::web::redirect::see_other_here;

/// The pages that forms belong to. A star stands for an id.
const PAGES: [&str; 14] = [
    "/portal/sign-in",
    "/portal/account",
    "/portal/audit",
    "/portal/connect",
    "/portal/deliveries",
    "/portal/keys",
    "/portal/keys/services",
    "/portal/paths",
    "/portal/platforms/*",
    "/portal/platforms/waiting",
    "/portal/settings",
    "/portal/tools/*",
    "/portal/users",
    "/portal/users/*",
];

/// Another method at an address of the portal: of a form, people get the page that it belongs to.
pub(crate) async fn not_taken(State(portal): State<Portal>, request: Request) -> PortalAnswer {
    let (parts, _) = request.into_parts();
    if !is_visit(&parts.method) {
        return Ok(StatusCode::METHOD_NOT_ALLOWED.into_response());
    }
    signed_in(&portal, &parts).await?;
    Ok(see_other_here(page_of(parts.uri.path()))?)
}

/// An address of the portal that there is not.
pub(crate) async fn nowhere(State(portal): State<Portal>, request: Request) -> PortalAnswer {
    let (parts, _) = request.into_parts();
    if !is_visit(&parts.method) {
        return Ok(StatusCode::NOT_FOUND.into_response());
    }
    match signed_in(&portal, &parts).await {
        Ok(person) => portal.nothing(&person).await,
        // No reason to sign in.
        Err(PortalRefusal::Page(_)) => Ok(StatusCode::NOT_FOUND.into_response()),
        Err(problem) => Err(problem),
    }
}

fn is_visit(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// The nearest page above a path: Home if there is none.
fn page_of(path: &str) -> &str {
    let ends = path.rmatch_indices('/').map(|(end, _)| end);
    let above = ends.filter_map(|end| path.get(..end));
    let mut above = above.filter(|above| PAGES.iter().any(|page| is_at(above, page)));
    above.next().unwrap_or("/portal")
}

/// Whether a path is this page's.
fn is_at(path: &str, page: &str) -> bool {
    let fits = |(part, of): (&str, &str)| part == of || (of == "*" && is_id(part));
    let number = |text: &str| text.split('/').count();
    number(path) == number(page) && path.split('/').zip(page.split('/')).all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_leads_to_the_page_it_is_on() {
        let id = "VcTf4tjJscwzW89FVDZs";
        for (form, page) in [
            ("/portal/account/second-step", "/portal/account"),
            ("/portal/account/sessions/{}/end", "/portal/account"),
            ("/portal/connect/invites/{}/revoke", "/portal/connect"),
            ("/portal/keys/{}/revoke", "/portal/keys"),
            ("/portal/keys/services/{}/revoke", "/portal/keys/services"),
            ("/portal/platforms/{}/check", "/portal/platforms/{}"),
            ("/portal/platforms/waiting/{}", "/portal/platforms/waiting"),
            ("/portal/users/{}/role", "/portal/users/{}"),
            ("/portal/users/links/{}/withdraw", "/portal/users"),
            ("/portal/waiting/{}/deployment", "/portal"),
            ("/portal/trial/remove", "/portal"),
            ("/portal/sign-out", "/portal"),
            ("/portal/", "/portal"),
            ("/portal//evil.example/x", "/portal"),
        ] {
            let (form, page) = (form.replace("{}", id), page.replace("{}", id));
            assert_eq!(page_of(&form), page, "{form}");
        }
    }
}
