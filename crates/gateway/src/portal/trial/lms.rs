//! The pretend LMS: a platform whose key exists for only one launch. After that nothing can launch
//! from it, because the private half is gone.

use std::net::Ipv4Addr;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::response::Response;
use serde_json::{Value, json};
use store::platforms::{self, PlatformFilter};
use store::{StoreError, deliveries};
use url::Url;
use url::form_urlencoded::Serializer;

use super::ISSUER;
use crate::directory::auth::WithApiKey;
use crate::directory::tools::{AtTool, Tool};
use crate::directory::{deployments, platforms_api};
use crate::keys::pair;
use crate::keys::signer::Signer;
use crate::kit::media_type::FORM;
use crate::lti13::login::{self, RawLogin};
use crate::lti13::receive;
use crate::portal::query::body_of;
use crate::portal::room::Portal;
use crate::web::client::Source;
use crate::web::problem::Problem;

/// Its name in lists.
pub(super) const NAME: &str = "Test LMS";
/// Its only deployment.
const DEPLOYMENT: &str = "test";
/// How long its token is valid, in seconds.
const TOKEN_SECONDS: i64 = 300;
/// How many such platforms are looked for, although there is only one at a time.
const MOST_PLATFORMS: i64 = 20;

/// The pretend LMS, registered and active.
pub(super) struct TestLms {
    pub(super) platform_id: String,
    client_id: String,
    signer: Signer,
}

/// What the login asked it for.
struct AskedLogin {
    state: String,
    nonce: String,
    /// What the browser would send back.
    cookies: HeaderValue,
}

impl TestLms {
    /// Registers it with a tool, using the API's handlers.
    ///
    /// # Errors
    /// Those of the handlers.
    pub(super) async fn register(portal: &Portal, tool: &Arc<Tool>) -> Result<Self, Problem> {
        let key = pair::generate(&portal.rows).await?;
        let client_id = portal.random.token();
        let asked = json!({
            "url": ISSUER,
            "clientId": client_id,
            "name": NAME,
            "authenticationEndpoint": format!("{ISSUER}/auth"),
            "accesstokenEndpoint": format!("{ISSUER}/token"),
            "authConfig": {"method": "RSA_KEY", "key": key.public_pem},
        });
        let (room, granted) = (portal.directory.clone(), WithApiKey::granted(tool));
        let Json(made) = platforms_api::create(State(room), granted, body_of(&asked)).await?;
        let (room, granted) = (portal.directory.clone(), WithApiKey::granted(tool));
        let body = body_of(&json!({"deploymentId": DEPLOYMENT, "status": "active"}));
        let _ = deployments::create(State(room), granted, Path(made.id.clone()), body).await?;
        Ok(Self {
            platform_id: made.id,
            client_id,
            signer: Signer::of(&key, &portal.rows),
        })
    }

    /// Logs the test person in and launches. Returns the last response, which leads a browser to
    /// the application, or is what people would see instead.
    ///
    /// # Errors
    /// The token can't be signed.
    pub(super) async fn launch(
        &self,
        portal: &Portal,
        tool: &Arc<Tool>,
    ) -> Result<Response, Problem> {
        let target = portal.address(tool, "/lti/launch");
        let query = Serializer::new(String::new())
            .append_pair("iss", ISSUER)
            .append_pair("client_id", &self.client_id)
            .append_pair("lti_deployment_id", DEPLOYMENT)
            .append_pair("login_hint", "test-person")
            .append_pair("target_link_uri", &target)
            .finish();
        let mut headers = HeaderMap::new();
        headers.insert("sec-fetch-dest", HeaderValue::from_static("document"));
        // No client has this one, so they can't keep it from its turn.
        let source = Source::of_address(Ipv4Addr::UNSPECIFIED.into());
        let asked = RawLogin {
            method: Method::GET,
            query: Some(query),
            headers: headers.clone(),
            body: Bytes::new(),
            source,
        };
        let room = State(portal.lti13.clone());
        let answer = login::start(room, AtTool(tool.clone()), asked).await;
        let Some(asked) = AskedLogin::of(&answer) else {
            return Ok(answer);
        };
        let claims = self.claims(&target, &asked.nonce, portal.clock.now_seconds());
        let token = self.signer.sign(&claims)?;
        let form = Serializer::new(String::new())
            .append_pair("state", &asked.state)
            .append_pair("id_token", &token)
            .finish();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(FORM));
        headers.insert(COOKIE, asked.cookies);
        let room = State(portal.lti13.clone());
        Ok(receive::receive(room, RawQuery(None), headers, Bytes::from(form)).await)
    }

    /// The claims of its token: a learner who doesn't exist.
    fn claims(&self, target: &str, nonce: &str, now: i64) -> Value {
        json!({
            "iss": ISSUER,
            "aud": self.client_id,
            "sub": "test-person",
            "iat": now,
            "exp": now + TOKEN_SECONDS,
            "nonce": nonce,
            "name": "Sam Test",
            "given_name": "Sam",
            "family_name": "Test",
            "email": "sam@test-lms.invalid",
            "https://purl.imsglobal.org/spec/lti/claim/message_type": "LtiResourceLinkRequest",
            "https://purl.imsglobal.org/spec/lti/claim/version": "1.3.0",
            "https://purl.imsglobal.org/spec/lti/claim/deployment_id": DEPLOYMENT,
            "https://purl.imsglobal.org/spec/lti/claim/target_link_uri": target,
            "https://purl.imsglobal.org/spec/lti/claim/resource_link": {"id": "test-link", "title": "Test link"},
            "https://purl.imsglobal.org/spec/lti/claim/roles":
                ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"],
            "https://purl.imsglobal.org/spec/lti/claim/context": {
                "id": "test-course", "label": "TEST", "title": "Test course",
                "type": ["http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"],
            },
            "https://purl.imsglobal.org/spec/lti/claim/tool_platform": {"guid": "test-lms", "name": NAME},
            "https://purl.imsglobal.org/spec/lti/claim/launch_presentation": {"document_target": "window"},
        })
    }
}

impl AskedLogin {
    /// The parameters with which a login's response redirects the browser to the platform; `None`
    /// if it doesn't.
    fn of(answer: &Response) -> Option<Self> {
        let to: Url = answer
            .headers()
            .get(LOCATION)?
            .to_str()
            .ok()?
            .parse()
            .ok()?;
        let parameter = |name: &str| {
            let mut pairs = to.query_pairs();
            let (_, value) = pairs.find(|(known, _)| known == name)?;
            Some(value.into_owned())
        };
        let set = answer.headers().get_all(SET_COOKIE).iter();
        let cookies = set.filter_map(|cookie| cookie.to_str().ok()?.split(';').next());
        let cookies: Vec<&str> = cookies.collect();
        Some(Self {
            state: parameter("state")?,
            nonce: parameter("nonce")?,
            cookies: HeaderValue::from_str(&cookies.join("; ")).ok()?,
        })
    }
}

/// Removes the pretend LMS from a tool, using the API's handler. Returns whether there was one.
///
/// # Errors
/// As the handler.
pub(super) async fn remove(portal: &Portal, tool: &Arc<Tool>) -> Result<bool, Problem> {
    let mut was_there = false;
    for (id, undelivered) in registered(portal, tool).await? {
        // Scores of a person who doesn't exist may be lost.
        let lost = (undelivered > 0).then(|| format!("undelivered={undelivered}"));
        let (room, granted) = (portal.directory.clone(), WithApiKey::granted(tool));
        let _ =
            platforms_api::removing::delete(State(room), granted, Path(id), RawQuery(lost)).await?;
        was_there = true;
    }
    Ok(was_there)
}

/// Whether a tool still has the pretend LMS.
///
/// # Errors
/// The store failed.
pub(crate) async fn is_registered(portal: &Portal, tool: &Tool) -> Result<bool, StoreError> {
    Ok(!registered(portal, tool).await?.is_empty())
}

/// Ids of the pretend LMS's platforms, with the number of waiting scores of each.
async fn registered(portal: &Portal, tool: &Tool) -> Result<Vec<(String, i64)>, StoreError> {
    let filter = PlatformFilter {
        issuer: Some(ISSUER.to_owned()),
        limit: MOST_PLATFORMS,
        ..PlatformFilter::default()
    };
    let mut reader = portal.db.read().await?;
    let tx = &mut reader.tx();
    let found = platforms::page(tx, &tool.id, &filter, portal.clock.now_ms()).await?;
    let mut all = Vec::with_capacity(found.len());
    for platform in found {
        let undelivered = deliveries::undelivered(tx, &platform.row.id).await?;
        all.push((platform.row.id, undelivered));
    }
    Ok(all)
}
