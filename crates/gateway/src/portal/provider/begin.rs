//! Sends a browser to the provider. Signing in and reauthenticating are links. Connecting an
//! account is a form that is answered with a page: redirects of a form must not leave the portal
//! (`form-action`).

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use url::Url;

use super::flow::{Departure, FlowPurpose};
use super::refusal::{OidcRefusal, leading_back};
use crate::directory::tools::{AtTool, Tool};
use crate::portal::again::again;
use crate::portal::page::{PortalAnswer, next, set_cookies};
use crate::portal::people::rights::Anyone;
use crate::portal::room::Portal;
use crate::portal::signed_in::{FORGED, PortalForm, SignedIn};
use crate::web::client::Source;
use crate::web::form::field;
use crate::web::language::Language;
use crate::web::page::is_unseen;
use crate::web::problem::Problem;
use crate::web::redirect::{Onward, see_other_here};
use crate::web::texts::portal_oidc as texts;

const ACCOUNT: &str = "/portal/account";

/// `GET /portal/oidc/sign-in`
pub(crate) async fn sign_in(
    State(portal): State<Portal>,
    AtTool(tool): AtTool,
    source: Source,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> PortalAnswer {
    let next = next(field(query.unwrap_or_default().as_bytes(), "next"));
    if portal.session(&headers, &tool).await?.is_some() {
        return Ok(see_other_here(&next)?);
    }
    // Any page can make its visitors' browsers request this, which must not use up the address's
    // share.
    if is_unseen(&headers) {
        return Err(FORGED
            .broken("a page of another site loads the way to the provider")
            .into());
    }
    let counted = portal.own.tries.of_departures(&tool.id, source);
    counted.map_err(Problem::too_many)?;
    let departure = portal.depart(&tool, FlowPurpose::SignIn, next, None).await;
    let departure = departure.map_err(|refusal| {
        let back = portal.address(&tool, "/portal/sign-in");
        leading_back(refusal.into(), &back)
    })?;
    leave(&portal, &tool, Language::accepted(&headers), departure)
}

/// `GET /portal/confirm/oidc`: for users who have to prove again who they are.
pub(crate) async fn confirm(
    State(portal): State<Portal>,
    RawQuery(query): RawQuery,
    who: SignedIn<Anyone>,
) -> PortalAnswer {
    let person = &who.person;
    let next = next(field(query.unwrap_or_default().as_bytes(), "next"));
    let counted = portal
        .own
        .tries
        .of("portal confirmation", &person.tool.id, &person.id);
    counted.map_err(Problem::too_many)?;
    if !portal.provider()?.settings().can_reauthenticate() {
        return Err(OidcRefusal::NotFresh.into());
    }
    let purpose = FlowPurpose::Confirm {
        session: person.session_id.clone(),
    };
    let login = Some(&*person.profile.login);
    let departure = portal.depart(&person.tool, purpose, next, login).await?;
    leave(&portal, &person.tool, person.language, departure)
}

/// Redirects to the provider, however long the address is.
fn leave(portal: &Portal, tool: &Tool, language: Language, departure: Departure) -> PortalAnswer {
    let onward = Onward {
        random: &portal.random,
        language,
        tool: tool.face_in(language),
    };
    let address = Url::parse(&departure.address).map_err(Problem::internal)?;
    let mut response = onward.see_other(&address)?;
    set_cookies(&mut response, [departure.cookie]);
    Ok(response)
}

/// `POST /portal/account/oidc`: connects the signed-in user's account with the provider.
pub(crate) async fn connect(
    State(portal): State<Portal>,
    form: PortalForm<Anyone>,
) -> PortalAnswer {
    form.confirmed(&portal, ACCOUNT)?;
    let person = &form.person;
    let purpose = FlowPurpose::Connect {
        session: person.session_id.clone(),
    };
    let next = ACCOUNT.to_owned();
    let departure = portal.depart(&person.tool, purpose, next, None).await?;
    let mut response = again(person.language, texts::GOING_THERE, &departure.address)?;
    set_cookies(&mut response, [departure.cookie]);
    Ok(response)
}
