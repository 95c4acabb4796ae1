//! The platform that the load comes from: a key set that the server fetches, and id_tokens of 3.3
//! kB.

use std::net::SocketAddr;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;
use simulator::jose::SigningKey;
use tokio::net::TcpListener;

/// Client id of the registration.
pub(crate) const CLIENT_ID: &str = "bench-client";
/// Deployment that launches.
pub(crate) const DEPLOYMENT_ID: &str = "bench-deployment";

/// Under which names a platform is registered.
#[derive(Clone, Debug)]
pub(crate) struct Registration {
    /// `iss` of its tokens.
    pub(crate) issuer: String,
    /// `aud` of its tokens.
    pub(crate) client_id: String,
}

impl Registration {
    /// One of many that share a key set; their rows are copies (growth/fill.rs).
    pub(crate) fn copy(number: usize) -> Self {
        Self {
            issuer: format!("https://lms-{number}.example"),
            client_id: format!("client-{number}"),
        }
    }
}

/// A platform with an RSA-2048 key.
pub(crate) struct Platform {
    /// Issuer, and the start of its endpoints.
    pub(crate) issuer: String,
    key: SigningKey,
    header: String,
}

impl Platform {
    /// Serves its key set on a separate thread, at any free port.
    pub(crate) async fn start() -> anyhow::Result<Self> {
        let key = SigningKey::generate()?;
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
        let issuer = format!("http://{}", listener.local_addr()?);
        let set = json!({"keys": [key.jwk()]});
        let router = Router::new().route("/jwks", get(move || async move { Json(set) }));
        tokio::task::spawn_local(async move { axum::serve(listener, router).await });
        Ok(Self {
            issuer,
            header: key.header().to_string(),
            key,
        })
    }

    /// The registration that each server has from its start.
    pub(crate) fn registration(&self) -> Registration {
        Registration {
            issuer: self.issuer.clone(),
            client_id: CLIENT_ID.to_owned(),
        }
    }

    /// A signed launch with about as many claims as a real platform sends.
    pub(crate) fn id_token(
        &self,
        number: usize,
        nonce: &str,
        target: &str,
        registration: &Registration,
    ) -> anyhow::Result<String> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let (issuer, user, course) = (&registration.issuer, number % 500, number % 21);
        let claims = json!({
            "iss": issuer, "aud": registration.client_id, "sub": format!("user-{user:06}"), "iat": now, "exp": now + 3600,
            "nonce": nonce, "name": format!("Ada Learner {user}"), "given_name": "Ada",
            "family_name": format!("Learner {user}"), "email": format!("learner{user}@school.example"),
            "locale": "en-GB", "picture": "https://school.example/u.png",
            "https://purl.imsglobal.org/spec/lti/claim/message_type": "LtiResourceLinkRequest",
            "https://purl.imsglobal.org/spec/lti/claim/version": "1.3.0",
            "https://purl.imsglobal.org/spec/lti/claim/deployment_id": DEPLOYMENT_ID,
            "https://purl.imsglobal.org/spec/lti/claim/target_link_uri": target,
            "https://purl.imsglobal.org/spec/lti/claim/roles": [
                "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Student",
                "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner",
                "http://purl.imsglobal.org/vocab/lis/v2/system/person#User"],
            "https://purl.imsglobal.org/spec/lti/claim/context": {
                "id": format!("course-{course}"), "label": format!("CS{course}"),
                "title": format!("Course number {course}"),
                "type": ["http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"]},
            "https://purl.imsglobal.org/spec/lti/claim/resource_link": {
                "id": format!("link-{course}-1"), "title": "Week 1 quiz", "description": "A quiz"},
            "https://purl.imsglobal.org/spec/lti/claim/tool_platform": {
                "guid": "platform-1", "name": "Bench LMS", "product_family_code": "bench", "version": "1.0",
                "url": issuer},
            "https://purl.imsglobal.org/spec/lti/claim/launch_presentation": {
                "document_target": "iframe", "return_url": format!("{issuer}/return"), "locale": "en-GB",
                "height": 600, "width": 800},
            "https://purl.imsglobal.org/spec/lti/claim/lis": {
                "person_sourcedid": format!("sis-{user}"), "course_offering_sourcedid": format!("off-{course}")},
            "https://purl.imsglobal.org/spec/lti/claim/custom": {"quiz": "17", "mode": "graded"},
            "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint": {
                "scope": ["https://purl.imsglobal.org/spec/lti-ags/scope/lineitem",
                          "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly",
                          "https://purl.imsglobal.org/spec/lti-ags/scope/score"],
                "lineitems": format!("{issuer}/course/{course}/lineitems"),
                "lineitem": format!("{issuer}/course/{course}/lineitems/1")},
            "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice": {
                "context_memberships_url": format!("{issuer}/course/{course}/members"), "service_versions": ["2.0"]},
        });
        Ok(self.key.sign_text(&self.header, &claims.to_string())?)
    }
}
