//! `GET /portal/oidc/callback`: what a browser brings back from the provider. The request comes
//! from another site, so it doesn't carry the session's cookie. Nothing here needs it, and each
//! outcome leads to a page of ours that continues with it.

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

use super::flow::{FlowPurpose, ProviderFlow};
use super::refusal::{OidcRefusal, leading_back};
use crate::directory::tools::{AtTool, Tool};
use crate::oidc::{ProviderAnswer, ProviderPerson};
use crate::portal::cookies::PortalCookie;
use crate::portal::page::{PortalAnswer, set_cookies};
use crate::portal::room::Portal;
use crate::web::client::Source;
use crate::web::form::field;
use crate::web::language::Language;
use crate::web::problem::Problem;

/// `GET /portal/oidc/callback`
pub(crate) async fn callback(
    State(portal): State<Portal>,
    AtTool(tool): AtTool,
    language: Language,
    source: Source,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let query = query.unwrap_or_default();
    let answer = portal.taken_back(&tool, language, source, &headers, &query);
    let answer = answer.await;
    let back = portal.address(&tool, "/portal/sign-in");
    let mut response =
        answer.unwrap_or_else(|refusal| leading_back(refusal, &back).into_response());
    let clear = PortalCookie::Provider.clear(&portal.public_url);
    set_cookies(&mut response, [clear]);
    response
}

impl Portal {
    async fn taken_back(
        &self,
        tool: &Tool,
        language: Language,
        source: Source,
        headers: &HeaderMap,
        query: &str,
    ) -> PortalAnswer {
        let state = field(query.as_bytes(), "state").unwrap_or_default();
        self.provider()?;
        let flow = self.returned(tool, headers, &state).await?;
        let counted = self.own.tries.of_provider_answers();
        counted.map_err(Problem::too_many)?;
        self.spend(&flow).await?;
        let who = self.named(tool, &flow, source, query).await?;
        match &flow.purpose {
            FlowPurpose::SignIn => self.arrive(tool, language, headers, &who, &flow.next).await,
            FlowPurpose::Connect { session } => self.connect(tool, language, session, &who).await,
            FlowPurpose::Confirm { session } => {
                self.confirm_by_provider(tool, headers, session, &flow, &who)
                    .await
            }
        }
    }

    /// The person that the provider names.
    async fn named(
        &self,
        tool: &Tool,
        flow: &ProviderFlow,
        source: Source,
        query: &str,
    ) -> Result<ProviderPerson, OidcRefusal> {
        let value = |name: &str| field(query.as_bytes(), name);
        if let Some(error) = value("error") {
            return Err(match &*error {
                "access_denied" | "consent_required" | "interaction_required" => {
                    OidcRefusal::Declined
                }
                _ => OidcRefusal::provider_error(&error),
            });
        }
        let code = value("code").ok_or(OidcRefusal::Lost("the answer has no code"))?;
        let issuer = value("iss");
        let redirect_uri = self.redirect_uri(tool);
        let source = source.to_string();
        let answer = ProviderAnswer {
            code: &code,
            issuer: issuer.as_deref(),
            redirect_uri: &redirect_uri,
            verifier: &flow.verifier,
            nonce: &flow.nonce,
            source: &source,
        };
        Ok(self.provider()?.person(&answer).await?)
    }
}
