//! What a platform offers: its configuration, fetched once and checked (lti.md D.2).

use lti::registration::{CheckedConfiguration, PlatformConfiguration};
use url::Url;

use super::asker::Asker;
use super::refusal::RegistrationError;
use crate::directory::families::lms_name;
use crate::directory::frame_origins::FrameOrigins;
use crate::kit::media_type::JSON;
use crate::kit::outbound::{Outbound, OutboundError, Request};
use lti::json::without_mark;

/// The largest configuration, or answer to a registration, in bytes (lti.md D-10).
pub(crate) const DOCUMENT_BYTES: usize = 256 * 1024;

/// A platform's configuration, and the token from the registration URL.
pub(super) struct PlatformOffer {
    /// Where it was fetched from.
    pub url: Url,
    /// As the platform sent it.
    pub document: String,
    /// The parsed configuration.
    pub configuration: PlatformConfiguration,
    /// The result of checking it.
    pub checked: CheckedConfiguration,
    /// The platform's one-time token, if it sent one.
    pub registration_token: Option<String>,
}

impl PlatformOffer {
    /// Fetches the configuration, with its query exactly as given and only once, because some
    /// platforms' addresses can be used only once (D-02).
    ///
    /// # Errors
    /// It can't be fetched, or isn't a configuration we can use.
    pub(super) async fn fetch(
        outbound: &Outbound,
        asker: &Asker,
        url: Url,
        registration_token: Option<String>,
    ) -> Result<Self, RegistrationError> {
        let request = Request {
            purpose: asker.fetches(),
            source: asker.source.as_deref(),
            url: &url,
            accept: JSON,
            bearer: registration_token.as_deref(),
            limit: DOCUMENT_BYTES,
        };
        let permitted = outbound.permits(&url).map_err(OutboundError::Blocked);
        permitted.map_err(RegistrationError::Fetch)?;
        let answer = outbound
            .get(request)
            .await
            .map_err(RegistrationError::fetching)?;
        if answer.status != 200 {
            return Err(RegistrationError::FetchStatus(answer.status));
        }
        let media_type = answer.media_type();
        if media_type.contains("html") || media_type.contains("xml") {
            return Err(RegistrationError::NotJson(media_type));
        }
        let document = String::from_utf8(without_mark(&answer.body).to_vec())
            .map_err(|_| RegistrationError::NotJson("bytes that are no text".into()))?;
        let offer = Self::read(url, document, registration_token)?;
        offer.check_addresses(outbound)?;
        Ok(offer)
    }

    /// Reads a configuration that was fetched earlier.
    ///
    /// # Errors
    /// It isn't a configuration we can use.
    pub(super) fn read(
        url: Url,
        document: String,
        registration_token: Option<String>,
    ) -> Result<Self, RegistrationError> {
        let configuration = PlatformConfiguration::parse(document.as_bytes())?;
        let checked = configuration.check(&url)?;
        Ok(Self {
            url,
            document,
            configuration,
            checked,
            registration_token,
        })
    }

    /// Checks that we may connect to every address in the configuration.
    ///
    /// # Errors
    /// [`RegistrationError::Endpoint`] for the first that is blocked.
    pub(super) fn check_addresses(&self, outbound: &Outbound) -> Result<(), RegistrationError> {
        for (name, endpoint) in self.configuration.endpoints() {
            outbound
                .permits(endpoint.url())
                .map_err(|blocked| RegistrationError::Endpoint(name, blocked))?;
        }
        Ok(())
    }

    /// Checks that access tokens come from the platform itself or a known vendor. Otherwise a
    /// stranger could have us fetch those of another platform (decision 0498).
    ///
    /// # Errors
    /// [`RegistrationError::ForeignTokens`].
    pub(super) fn check_token_endpoint(&self) -> Result<(), RegistrationError> {
        if !self.checked.foreign_token_endpoint {
            return Ok(());
        }
        let origin = self.configuration.token_endpoint.url().origin();
        let origin = origin.ascii_serialization();
        Err(RegistrationError::ForeignTokens(origin))
    }

    /// Origins that show the registration in a frame, and later launches. The school's own host
    /// often appears only here.
    pub(super) fn frame_origins(&self) -> FrameOrigins {
        let configuration = &self.configuration;
        FrameOrigins::of_urls([
            configuration.registration_endpoint.as_str(),
            configuration.issuer.as_str(),
            configuration.authorization_endpoint.as_str(),
            self.url.as_str(),
        ])
    }

    /// A name for the platform if none was set.
    pub(super) fn name(&self) -> String {
        let configuration = &self.configuration;
        let host = Url::parse(&configuration.issuer)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned));
        match (configuration.product_family_code.as_deref(), host) {
            (Some(family), Some(host)) => {
                let lms = lms_name(Some(family), &configuration.issuer);
                format!("{lms} at {host}")
            }
            (_, host) => host.unwrap_or_else(|| configuration.issuer.clone()),
        }
    }
}
