//! The host that an attempt failed at. It is kept with the attempt, because the platform's
//! addresses may be corrected later.

use url::{Position, Url};

use super::Deliveries;
use super::attempting::DeliveryAttempt;
use super::details::{DeliveryTarget, open_body};

impl Deliveries {
    /// The host, with its port if that is unusual. `None` if nothing failed, or if it may have been
    /// either of the platform's hosts.
    pub(super) fn failed_host(&self, of: &DeliveryAttempt, outcome: &str) -> Option<String> {
        match outcome {
            "no token" => host(&of.platform.token_endpoint),
            "not taken" | "no answer" | "failed" => {
                let body = open_body(&self.rows, &of.row).ok().flatten();
                match (body, &of.details.target) {
                    (Some(body), _) => host(&body.line_item),
                    (None, DeliveryTarget::LineItem(url)) => host(url),
                    (None, DeliveryTarget::Handle(_)) => None,
                }
            }
            _ => None,
        }
    }
}

fn host(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let host = &url[Position::BeforeHost..Position::AfterPort];
    Some(host.to_owned()).filter(|host| !host.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_has_its_port_but_no_credentials() {
        for (address, expected) in [
            ("https://lms.example/token?a=b", Some("lms.example")),
            (
                "https://a:b@lms.example:8443/token",
                Some("lms.example:8443"),
            ),
            ("https://lms.example:443/", Some("lms.example")),
            ("http://[::1]:80/", Some("[::1]")),
            ("urn:x", None),
            ("nothing", None),
        ] {
            assert_eq!(host(address).as_deref(), expected, "{address}");
        }
    }
}
