//! A platform as a form, and as JSON for the API: the same for registering it by hand and for
//! changing it.

use serde_json::{Map, Value, json};
use store::platforms::KeyMethod;

use crate::directory::frame_origins::FrameOrigins;
use crate::directory::platforms::Platform;
use crate::directory::unknown_deployments::rule_of_tool;
use crate::kit::id::id_from;
use crate::kit::seal::hash;
use crate::portal::form::{FormErrors, FormField};
use crate::settings::launch::{Anonymous, LaunchRules, UnknownDeployments};
use crate::web::language::Language;
use crate::web::problem::Problem;
use crate::web::texts::{Text, portal_platforms as texts};

/// Signature algorithms that the form offers. The API supports more.
pub(crate) const ALGORITHMS: [&str; 4] = ["RS256", "RS384", "RS512", "ES256"];

/// The members that the API accepts, as form values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PlatformForm {
    pub(crate) name: String,
    pub(crate) url: String,
    pub(crate) client_id: String,
    pub(crate) authentication_endpoint: String,
    pub(crate) accesstoken_endpoint: String,
    pub(crate) authorization_server: String,
    pub(crate) method: String,
    pub(crate) key: String,
    pub(crate) key_delivery: String,
}

/// Looks up a form's values.
pub(crate) type FieldOf<'a> = &'a dyn Fn(&str) -> Option<String>;

impl PlatformForm {
    /// The submitted values.
    pub(crate) fn sent(field: FieldOf<'_>) -> Self {
        let of = |name: &str| field(name).unwrap_or_default().trim().to_owned();
        Self {
            name: of("name"),
            url: of("url"),
            client_id: of("clientId"),
            authentication_endpoint: of("authenticationEndpoint"),
            accesstoken_endpoint: of("accesstokenEndpoint"),
            authorization_server: of("authorizationServer"),
            method: of("method"),
            key: of("key"),
            key_delivery: of("keyDelivery"),
        }
    }

    /// The stored values.
    pub(super) fn stored(platform: &Platform) -> Self {
        let row = &platform.row;
        Self {
            name: row.name.clone(),
            url: row.issuer.clone(),
            client_id: row.client_id.clone(),
            authentication_endpoint: row.authorization_endpoint.clone(),
            accesstoken_endpoint: row.token_endpoint.clone(),
            authorization_server: row.authorization_server.clone().unwrap_or_default(),
            method: row.key_method.as_str().to_owned(),
            key: row.key_value.clone(),
            key_delivery: row.key_delivery.clone(),
        }
    }

    /// Whether more than the name differs: who the platform is, its keys, its addresses.
    pub(super) fn is_another(&self, before: &Self) -> bool {
        let identity = |form: &Self| Self {
            name: String::new(),
            // Browsers send other line breaks.
            key: form.key.split_whitespace().collect(),
            ..form.clone()
        };
        identity(self) != identity(before)
    }

    /// Whether issuer or client id differ, by which launches find the platform.
    pub(super) fn is_found_elsewhere(&self, before: &Self) -> bool {
        (&self.url, &self.client_id) != (&before.url, &before.client_id)
    }

    /// The members of the API's body.
    pub(crate) fn to_members(&self) -> Map<String, Value> {
        let server = &self.authorization_server;
        let server = (!server.is_empty()).then_some(server);
        let members = json!({
            "name": self.name,
            "url": self.url,
            "clientId": self.client_id,
            "authenticationEndpoint": self.authentication_endpoint,
            "accesstokenEndpoint": self.accesstoken_endpoint,
            "authorizationServer": server,
            "authConfig": {"method": self.method, "key": self.key},
            "keyDelivery": self.key_delivery,
        });
        match members {
            Value::Object(members) => members,
            _ => Map::new(),
        }
    }

    /// The fields with their errors.
    pub(crate) fn fields(&self, language: Language, errors: &FormErrors) -> Vec<FormField> {
        let say = |text: Text| text.to(language).to_owned();
        let methods = [
            (KeyMethod::JwkSet.as_str(), say(texts::BY_KEY_SET)),
            (KeyMethod::JwkKey.as_str(), say(texts::BY_JWK)),
            (KeyMethod::RsaKey.as_str(), say(texts::BY_PEM)),
        ];
        let deliveries = [
            ("url", say(texts::DELIVERY_URL)),
            ("pasted", say(texts::DELIVERY_PASTED)),
        ];
        let fields = [
            FormField::line("name", say(texts::PLATFORM_NAME), &self.name),
            FormField::line("url", say(texts::ISSUER), &self.url).meaning(say(texts::ISSUER_HELP)),
            FormField::line("clientId", say(texts::CLIENT_ID), &self.client_id),
            FormField::line(
                "authenticationEndpoint",
                say(texts::AUTHENTICATION),
                &self.authentication_endpoint,
            ),
            FormField::line(
                "accesstokenEndpoint",
                say(texts::TOKENS),
                &self.accesstoken_endpoint,
            ),
            FormField::line(
                "authorizationServer",
                say(texts::AUDIENCE),
                &self.authorization_server,
            )
            .meaning(say(texts::AUDIENCE_HELP)),
            FormField::choice("method", say(texts::KEY_METHOD), &self.method, methods),
            FormField::area("key", say(texts::KEY_VALUE), &self.key),
            FormField::choice(
                "keyDelivery",
                say(texts::KEY_DELIVERY),
                &self.key_delivery,
                deliveries,
            ),
        ];
        fields
            .into_iter()
            .map(|field| field.checked(errors))
            .collect()
    }
}

/// The rules of a platform, as form values. An empty one means the tool's setting.
#[derive(Clone, Debug, Default)]
pub(super) struct RuleForm {
    pub(super) unknown_deployments: String,
    pub(super) leeway_seconds: String,
    pub(super) max_age_seconds: String,
    pub(super) anonymous: String,
    pub(super) deep_linking_by: String,
    pub(super) frame_origins: String,
    pub(super) algorithms: Vec<String>,
}

impl RuleForm {
    /// The submitted values.
    pub(super) fn sent(field: FieldOf<'_>) -> Self {
        let of = |name: &str| field(name).unwrap_or_default().trim().to_owned();
        let chosen = ALGORITHMS.into_iter();
        let chosen = chosen.filter(|name| field(&format!("alg{name}")).is_some());
        Self {
            unknown_deployments: of("unknownDeployments"),
            leeway_seconds: of("leewaySeconds"),
            max_age_seconds: of("maxAgeSeconds"),
            anonymous: of("anonymous"),
            deep_linking_by: of("deepLinkingBy"),
            frame_origins: of("frameOrigins"),
            algorithms: chosen.map(str::to_owned).collect(),
        }
    }

    /// The stored values.
    ///
    /// # Errors
    /// The rules can't be written; the caller can't do anything about that.
    pub(super) fn stored(platform: &Platform) -> Result<Self, Problem> {
        let rules = serde_json::to_value(&platform.launch).map_err(Problem::internal)?;
        let text = |name: &str| match rules.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        };
        let named = rules.get("algorithms").and_then(Value::as_array);
        let named = named.into_iter().flatten().filter_map(Value::as_str);
        let offered = named.filter(|name| ALGORITHMS.contains(name));
        let origins = FrameOrigins::listed(&platform.frame_origins);
        Ok(Self {
            unknown_deployments: platform.unknown_deployments.clone().unwrap_or_default(),
            leeway_seconds: text("leewaySeconds"),
            max_age_seconds: text("maxAgeSeconds"),
            anonymous: text("anonymous"),
            deep_linking_by: text("deepLinkingBy"),
            frame_origins: origins.into_sources().join("\n"),
            algorithms: offered.map(str::to_owned).collect(),
        })
    }

    /// Whether they let in more than those before: guests, other deployments, older tokens, clocks
    /// that are further off, other pages that frame ours, other signatures. What isn't clearly
    /// stricter counts as looser.
    pub(super) fn is_looser(&self, before: &Self, tool: &LaunchRules, issuer: &str) -> bool {
        let has_guests = |rules: &Self| match &*rules.anonymous {
            "" => tool.anonymous == Anonymous::Allow,
            chosen => chosen != "refuse",
        };
        let unknown = |rules: &Self| {
            let own = UnknownDeployments::from_name(&rules.unknown_deployments);
            own.unwrap_or_else(|| rule_of_tool(tool.unknown_deployments, issuer))
        };
        (has_guests(self) && !has_guests(before))
            || unknown(self) > unknown(before)
            || is_longer(
                (&self.max_age_seconds, &before.max_age_seconds),
                tool.max_age_seconds,
            )
            || is_longer(
                (&self.leeway_seconds, &before.leeway_seconds),
                tool.leeway_seconds.into(),
            )
            || self.origins() != before.origins()
            || self.offered() != before.offered()
    }

    fn origins(&self) -> Vec<&str> {
        self.frame_origins.split_whitespace().collect()
    }

    /// The algorithms that the form offers, of those that are accepted.
    fn offered(&self) -> Vec<&'static str> {
        let offered = ALGORITHMS.into_iter();
        let chosen = offered.filter(|name| self.algorithms.iter().any(|chosen| chosen == name));
        chosen.collect()
    }

    /// Adds the rules to the members of the API's body. Rules that the form doesn't show stay as
    /// they are.
    ///
    /// # Errors
    /// The rules can't be written; the caller can't do anything about that.
    pub(super) fn add_to(
        &self,
        members: &mut Map<String, Value>,
        platform: &Platform,
    ) -> Result<(), Problem> {
        let mut rules = serde_json::to_value(&platform.launch).map_err(Problem::internal)?;
        if let Some(rules) = rules.as_object_mut() {
            let values = [
                ("leewaySeconds", number(&self.leeway_seconds)),
                ("maxAgeSeconds", number(&self.max_age_seconds)),
                ("anonymous", word(&self.anonymous)),
                ("deepLinkingBy", word(&self.deep_linking_by)),
            ];
            for (name, value) in values {
                put(rules, name, value);
            }
            put(rules, "algorithms", self.algorithms_of(platform));
        }
        let origins = self.origins();
        let policy = word(&self.unknown_deployments).unwrap_or_default();
        members.insert("launch".to_owned(), rules);
        members.insert("frameOrigins".to_owned(), json!(origins));
        members.insert("unknownDeployments".to_owned(), policy);
        Ok(())
    }

    /// The ticked algorithms, plus those that the form doesn't offer.
    fn algorithms_of(&self, platform: &Platform) -> Option<Value> {
        let kept = platform.launch.algorithms.iter().flatten();
        let kept = kept.map(|algorithm| algorithm.0.name().to_owned());
        let kept = kept.filter(|name| !ALGORITHMS.contains(&name.as_str()));
        let mut all = self.algorithms.clone();
        for name in kept {
            // They may be stored twice.
            if !all.contains(&name) {
                all.push(name);
            }
        }
        (!all.is_empty()).then(|| json!(all))
    }
}

/// Whether the first of two numbers of seconds is the greater one. An empty one is the tool's.
fn is_longer((after, before): (&str, &str), tools: u32) -> bool {
    let seconds = |text: &str| match text {
        "" => Some(tools),
        text => text.parse().ok(),
    };
    // The API refuses what is no number.
    let both = seconds(after).zip(seconds(before));
    both.is_some_and(|(after, before)| after > before)
}

fn put(rules: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    match value {
        Some(value) => rules.insert(name.to_owned(), value),
        None => rules.shift_remove(name),
    };
}

fn word(text: &str) -> Option<Value> {
    (!text.is_empty()).then(|| text.into())
}

/// A number, or the text itself, so that the API says what is wrong with it.
fn number(text: &str) -> Option<Value> {
    let number: Option<u64> = text.parse().ok();
    number.map(Value::from).or_else(|| word(text))
}

/// An unchanged platform as the API accepts it.
///
/// # Errors
/// As [`RuleForm::stored`].
pub(super) fn whole(platform: &Platform) -> Result<Map<String, Value>, Problem> {
    let mut members = PlatformForm::stored(platform).to_members();
    RuleForm::stored(platform)?.add_to(&mut members, platform)?;
    Ok(members)
}

/// Stands for what the forms of a platform show, so that one that was opened before a change is
/// told from one opened since.
///
/// # Errors
/// As [`RuleForm::stored`].
pub(super) fn version(platform: &Platform) -> Result<String, Problem> {
    let whole = Value::Object(whole(platform)?).to_string();
    Ok(id_from(&hash(&[&whole])))
}
