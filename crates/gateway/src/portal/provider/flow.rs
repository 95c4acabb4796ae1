//! A sign-in at the provider that is under way. The browser carries it, sealed: nothing is stored
//! before the browser comes back.

use axum::http::{HeaderMap, HeaderValue};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use store::{StoreError, portal_states};

use super::refusal::OidcRefusal;
use crate::directory::tools::Tool;
use crate::oidc::{Oidc, SignInRequest};
use crate::portal::cookies::PortalCookie;
use crate::portal::people::keys::same;
use crate::portal::room::Portal;

/// How long a sign-in at the provider may take, in milliseconds.
const LIFE_MS: i64 = 10 * 60 * 1000;
/// Why a repeated answer is refused.
const ANSWERED: &str = "it was answered before";

/// What the browser carries.
#[derive(Serialize, Deserialize)]
pub(super) struct ProviderFlow {
    /// Returned by the provider with its answer.
    state: String,
    /// Required in the provider's token.
    pub(super) nonce: String,
    /// Proves to its token endpoint that we requested the code.
    pub(super) verifier: String,
    /// When it started, in milliseconds since 1970.
    pub(super) at: i64,
    /// Where to continue: a path of the portal.
    pub(super) next: String,
    pub(super) purpose: FlowPurpose,
}

/// The purpose of a sign-in at the provider.
#[derive(Serialize, Deserialize)]
pub(super) enum FlowPurpose {
    /// To sign in here.
    SignIn,
    /// To connect the account of this session with the provider.
    Connect { session: String },
    /// To reauthenticate this session's user.
    Confirm { session: String },
}

/// Where to send a browser, and the cookie that binds the answer to it.
pub(super) struct Departure {
    pub(super) address: String,
    pub(super) cookie: Option<HeaderValue>,
}

fn sealed_for(tool: &Tool) -> String {
    format!("sign-in at the provider/{}", tool.id)
}

impl Portal {
    /// The provider, if there is one.
    pub(super) fn provider(&self) -> Result<&Oidc, OidcRefusal> {
        self.own.oidc.as_ref().ok_or(OidcRefusal::Off)
    }

    /// Where the provider sends browsers back to.
    pub(super) fn redirect_uri(&self, tool: &Tool) -> String {
        self.address(tool, "/portal/oidc/callback")
    }

    /// Starts a sign-in at the provider. `reauthenticate` is the login of a user who has to sign in
    /// again even if the provider still has a session.
    ///
    /// # Errors
    /// There is no provider, or it doesn't answer.
    pub(super) async fn depart(
        &self,
        tool: &Tool,
        purpose: FlowPurpose,
        next: String,
        reauthenticate: Option<&str>,
    ) -> Result<Departure, OidcRefusal> {
        let flow = ProviderFlow {
            state: self.random.token(),
            nonce: self.random.token(),
            verifier: self.random.token(),
            at: self.clock.now_ms(),
            next,
            purpose,
        };
        let redirect_uri = self.redirect_uri(tool);
        let request = SignInRequest {
            redirect_uri: &redirect_uri,
            state: &flow.state,
            nonce: &flow.nonce,
            verifier: &flow.verifier,
            reauthenticate,
        };
        let address = self.provider()?.address(&request).await?;
        let carried =
            serde_json::to_vec(&flow).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        let sealed = self.own.carried.seal(&sealed_for(tool), &carried);
        let text = URL_SAFE_NO_PAD.encode(sealed);
        Ok(Departure {
            address: address.into(),
            cookie: PortalCookie::Provider.set(&text, &self.public_url),
        })
    }

    /// The sign-in that an answer belongs to: started in this browser, at this tool's portal, at
    /// most ten minutes ago, and not answered before. The caller still has to spend its state
    /// ([`Portal::spend`]).
    ///
    /// # Errors
    /// There is no such sign-in.
    pub(super) async fn returned(
        &self,
        tool: &Tool,
        headers: &HeaderMap,
        state: &str,
    ) -> Result<ProviderFlow, OidcRefusal> {
        let cookie = PortalCookie::Provider.read(headers, &self.public_url);
        let cookie = cookie.ok_or(OidcRefusal::Lost("the browser didn't begin it"))?;
        let sealed = URL_SAFE_NO_PAD.decode(cookie).ok();
        let opened = sealed.and_then(|sealed| {
            let opened = self.own.carried.open(&sealed_for(tool), &sealed);
            opened.ok()
        });
        let flow = opened.and_then(|flow| serde_json::from_slice::<ProviderFlow>(&flow).ok());
        let flow = flow.ok_or(OidcRefusal::Lost("the browser's cookie isn't ours"))?;
        if !same(state, &flow.state) {
            return Err(OidcRefusal::Lost("the state is another sign-in's"));
        }
        if !(0..LIFE_MS).contains(&(self.clock.now_ms() - flow.at)) {
            return Err(OidcRefusal::Lost("it took longer than ten minutes"));
        }
        // If it is repeated many times, only the first one uses the writer.
        let mut reader = self.db.read().await?;
        let hash = self.own.keys.state(state);
        let is_spent = portal_states::is_spent(&mut reader.tx(), hash).await?;
        drop(reader);
        match is_spent {
            true => Err(OidcRefusal::Lost(ANSWERED)),
            false => Ok(flow),
        }
    }

    /// Spends the state of a sign-in.
    ///
    /// # Errors
    /// It was spent before.
    pub(super) async fn spend(&self, flow: &ProviderFlow) -> Result<(), OidcRefusal> {
        let (hash, until) = (self.own.keys.state(&flow.state), flow.at + LIFE_MS);
        let spend = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { portal_states::spend(&mut tx, hash, until).await })
        });
        match spend.await? {
            true => Ok(()),
            false => Err(OidcRefusal::Lost(ANSWERED)),
        }
    }
}
