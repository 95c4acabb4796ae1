//! Who is asking for deliveries, and which ones they may see.

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use store::deliveries::DeliveryRow;

use crate::directory::api_keys::keyring::ApiKeys;
use crate::directory::api_keys::scope::ForDeliveries;
use crate::directory::auth::WithApiKey;
use crate::directory::credentials::Credentials;
use crate::directory::platforms::Platforms;
use crate::directory::tools::Tool;
use crate::launch::{Launches, Ltiks, NOT_AVAILABLE, WithServices};
use crate::services::deliveries::DeliveryKeys;
use crate::web::problem::Problem;

/// Who is asking.
pub(crate) enum Viewer {
    /// With an `ltik`: for the person of the launch.
    Person {
        /// The launch's tool, platform and place.
        services: Box<WithServices>,
        /// The person, by the platform's id.
        user_id: String,
    },
    /// With a service key: for its place.
    Place(Box<WithServices>),
    /// With only an API key: for the tool.
    Tool(Arc<Tool>),
}

impl<S: Send + Sync> FromRequestParts<S> for Viewer
where
    ApiKeys: FromRef<S>,
    Launches: FromRef<S>,
    Ltiks: FromRef<S>,
    Platforms: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let is_launch = match Credentials::of(parts)? {
            Credentials::Bearer(_) => {
                let with_key = WithApiKey::<ForDeliveries>::from_request_parts(parts, state);
                return Ok(Self::Tool(with_key.await?.tool));
            }
            Credentials::Ltik { .. } => true,
            Credentials::Service { .. } => false,
        };
        let mut services = Box::new(WithServices::from_request_parts(parts, state).await?);
        if !is_launch {
            return Ok(Self::Place(services));
        }
        let user_id = services.user_id.take().ok_or_else(nobody)?;
        Ok(Self::Person { services, user_id })
    }
}

impl Viewer {
    /// The tool of the API key.
    pub(super) fn tool(&self) -> &Arc<Tool> {
        match self {
            Self::Person { services, .. } | Self::Place(services) => &services.tool,
            Self::Tool(tool) => tool,
        }
    }

    /// The platform whose deliveries are visible, if it is only one.
    pub(super) fn platform_id(&self) -> Option<&str> {
        match self {
            Self::Person { services, .. } | Self::Place(services) => Some(&services.platform.id),
            Self::Tool(_) => None,
        }
    }

    /// Whether they may see this delivery of the tool.
    pub(super) fn sees(&self, delivery: &DeliveryRow, keys: &DeliveryKeys) -> bool {
        match self {
            Self::Person { services, user_id } => {
                delivery.user_key == keys.user(&services.platform.id, user_id)
            }
            Self::Place(services) => delivery.place_id == services.place.id(),
            Self::Tool(tool) => delivery.tool_id == tool.id,
        }
    }
}

/// 401: the request is about more than the person of an `ltik`.
pub(super) fn not_with_an_ltik() -> Problem {
    Problem::unauthorized(
        "This address takes: Authorization: Bearer <API key>, or SERVICE-AUTH-V1 <API key>:<service key>",
    )
}

/// 403: the launch identifies no person, so there are no deliveries to show.
fn nobody() -> Problem {
    NOT_AVAILABLE.saying("The launch names no person, so there are no deliveries to show.")
}
