//! Everything about one platform, for `hallpass platforms show`.

use gateway::keys::rotation::KeyEntry;
use gateway::kit::clock::iso;
use gateway::operator::KnownPlatform;
use serde_json::{Value, json};
use store::deployments::Deployment;
use store::platforms::KeyMethod;

use super::{object, state};

/// Everything about one platform, including the addresses by which it knows us.
pub(super) struct WholePlatform {
    pub(super) known: KnownPlatform,
    pub(super) deployments: Vec<Deployment>,
    pub(super) keys: Vec<KeyEntry>,
    pub(super) login: String,
    pub(super) launch: String,
    pub(super) key_set: String,
    /// Where the public URL in these addresses comes from: a flag, a variable, a file or `default`.
    pub(super) addresses_from: String,
}

impl WholePlatform {
    /// The platform as JSON, with the API's names.
    pub(super) fn object(&self) -> serde_json::Result<Value> {
        let platform = &self.known.platform;
        let mut object = object(&self.known);
        object["loginUrl"] = self.login.as_str().into();
        object["launchUrl"] = self.launch.as_str().into();
        object["keysetUrl"] = self.key_set.as_str().into();
        object["authenticationEndpoint"] = platform.authorization_endpoint.clone().into();
        object["accesstokenEndpoint"] = platform.token_endpoint.clone().into();
        let (method, key) = (platform.key_method.as_str(), &platform.key_value);
        object["authConfig"] = json!({"method": method, "key": key});
        object["keyDelivery"] = platform.key_delivery.clone().into();
        object["frameOrigins"] = platform.frame_origins.split_whitespace().collect();
        let chosen = [
            ("authorizationServer", &platform.authorization_server),
            ("unknownDeployments", &platform.unknown_deployments),
        ];
        for (name, value) in chosen {
            if let Some(value) = value {
                object[name] = value.as_str().into();
            }
        }
        let rules = [
            ("launch", &platform.launch_rules),
            ("grades", &platform.grade_rules),
        ];
        for (name, rules) in rules {
            if !own(rules).is_empty() {
                object[name] = serde_json::from_str(rules)?;
            }
        }
        object["scopes"] = platform.scopes.split_whitespace().collect();
        let deployment = |deployment: &Deployment| {
            let status = deployment.status.as_str();
            json!({"deploymentId": deployment.deployment_id, "status": status})
        };
        object["deployments"] = self.deployments.iter().map(deployment).collect();
        object["keys"] = serde_json::to_value(&self.keys)?;
        Ok(object)
    }

    /// Names and values, one pair per line.
    pub(super) fn pairs(&self) -> Vec<(&'static str, String)> {
        let platform = &self.known.platform;
        let product = [&platform.family, &platform.version].into_iter().flatten();
        let product: Vec<&str> = product.map(String::as_str).collect();
        let visit = self.known.visit.as_ref();
        let own_name = visit.and_then(|visit| visit.own_name.clone());
        let never = "never, or before this was noted".to_owned();
        let last_launch = visit.map_or(never, |visit| iso(visit.last_launch_at));
        let keys_from = match platform.key_method {
            KeyMethod::JwkSet => platform.key_value.clone(),
            KeyMethod::JwkKey | KeyMethod::RsaKey => "one pasted key".to_owned(),
        };
        let our_keys = format!("{} ({})", self.key_set, platform.key_delivery);
        let audience = platform.authorization_server.clone().unwrap_or_default();
        let unknown = platform.unknown_deployments.clone().unwrap_or_default();
        // A server may run with other settings than this command.
        let addresses_from = match self.addresses_from.as_str() {
            "default" => "public_url isn't set here, and may be where the server runs".to_owned(),
            origin => format!("public_url ({origin})"),
        };
        let mut pairs = vec![
            ("id", platform.id.clone()),
            ("name", platform.name.clone()),
            ("calls itself", own_name.unwrap_or_default()),
            ("product", product.join(" ")),
            ("state", state(platform).to_owned()),
            ("registered", iso(platform.created_at)),
            ("changed", iso(platform.updated_at)),
            ("last launch", last_launch),
            ("issuer", platform.issuer.clone()),
            ("client id", platform.client_id.clone()),
            ("its login", platform.authorization_endpoint.clone()),
            ("its tokens", platform.token_endpoint.clone()),
            ("its audience", audience),
            ("its keys", keys_from),
            ("its frames", platform.frame_origins.clone()),
            ("it granted", platform.scopes.clone()),
            ("our login", self.login.clone()),
            ("our launch", self.launch.clone()),
            ("our keys", our_keys),
            ("our addresses from", addresses_from),
            ("unknown deployments", unknown),
            ("launch rules", own(&platform.launch_rules)),
            ("grade rules", own(&platform.grade_rules)),
        ];
        for deployment in &self.deployments {
            let (id, status) = (&deployment.deployment_id, deployment.status.as_str());
            pairs.push(("deployment", format!("{id} ({status})")));
        }
        for key in &self.keys {
            pairs.push(("our key", format!("{} ({})", key.kid, key.state)));
        }
        pairs
    }
}

/// A platform's own rules as JSON; empty if the tool's apply.
fn own(rules: &str) -> String {
    match rules {
        "{}" => String::new(),
        rules => rules.to_owned(),
    }
}
