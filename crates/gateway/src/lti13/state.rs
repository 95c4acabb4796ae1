//! `state`: what a login must remember until the platform answers. It is sealed and carried by the
//! browser, so that a login writes nothing and any replica can complete it (decision 0015).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::directory::platforms::Platform;
use crate::kit::seal::{self, Sealer};
use crate::lti13::cookies::LOGIN_SECONDS;
use crate::traces::{Login, LoginMark};
use crate::web::notice::Button;
use crate::web::texts::launch as texts;

const PURPOSE: &str = "state";
/// The beginning of Open edX's authorization endpoints' paths.
const OPEN_EDX: &str = "/api/lti_consumer/";

/// The parameter that marks a login as coming from our own offer of a window.
pub(super) const OFFERED: &str = "hallpass_window";

/// A login in progress.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct LoginState {
    /// The platform it was started with; the token is checked against this one (lti.md B-11).
    #[serde(rename = "p")]
    pub platform_id: String,
    /// Nonce that the token must carry.
    #[serde(rename = "n")]
    pub nonce: String,
    /// Where the person wants to go, according to the platform at login.
    #[serde(rename = "t")]
    pub target: LoginTarget,
    /// The deployment, if the platform named it at login.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub deployment_id: Option<String>,
    /// The frame for platform storage, if the platform offered one.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub storage_target: Option<String>,
    /// The platform's hints, unless they are very long: a login in a new window needs them.
    #[serde(rename = "h", default, skip_serializing_if = "Option::is_none")]
    pub hints: Option<Hints>,
    /// Part of the cookies' names.
    #[serde(rename = "i")]
    pub login_id: String,
    /// The value of the cookies.
    #[serde(rename = "b")]
    pub binding: String,
    /// Its expiry, in seconds since 1970.
    #[serde(rename = "e")]
    pub expires: i64,
    /// The page that contains the login.
    #[serde(rename = "f", default, skip_serializing_if = "Around::is_unknown")]
    pub around: Around,
    /// Whether it started in a window offered by one of our pages, which waits for the outcome in
    /// its frame. No other window is offered there.
    #[serde(rename = "w", default, skip_serializing_if = "std::ops::Not::not")]
    pub offered: bool,
    /// What the login did, for the launch's trace.
    #[serde(rename = "o", default)]
    pub mark: LoginMark,
}

/// The longest target link that a state contains unchanged, in bytes.
const MAX_TARGET: usize = 2048;

/// The target link of a login.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum LoginTarget {
    /// The link, as sent by the platform.
    Link(String),
    /// Its hash, because the state must fit into a request line.
    Hash {
        #[serde(rename = "h")]
        hash: String,
    },
}

impl LoginTarget {
    pub(super) fn new(link: String) -> Self {
        if link.len() <= MAX_TARGET {
            Self::Link(link)
        } else {
            let hash = hash_of(&link);
            Self::Hash { hash }
        }
    }

    /// The login's link, if known; a link named by the launch counts as known if it has the right
    /// hash. Otherwise empty, which is never a link.
    pub(super) fn link<'a>(&'a self, named_at_launch: Option<&'a str>) -> &'a str {
        match self {
            Self::Link(link) => link,
            Self::Hash { hash } => {
                let named = named_at_launch.filter(|link| hash_of(link) == *hash);
                named.unwrap_or_default()
            }
        }
    }
}

fn hash_of(link: &str) -> String {
    URL_SAFE_NO_PAD.encode(seal::hash(&["target link", link]))
}

/// The page that the login came from, as far as its browser said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Around {
    /// The browser didn't say.
    #[default]
    #[serde(rename = "n")]
    Unknown,
    /// It may show our pages in a frame.
    #[serde(rename = "l")]
    Listed,
    /// It may not; contains its origin. Platform storage is useless there.
    #[serde(rename = "u")]
    Unlisted(String),
}

impl Around {
    fn is_unknown(&self) -> bool {
        *self == Self::Unknown
    }

    /// Its origin, if it may not show our pages.
    pub(super) fn unlisted(&self) -> Option<&String> {
        match self {
            Self::Unlisted(origin) => Some(origin),
            Self::Unknown | Self::Listed => None,
        }
    }
}

/// The opaque hints of a login.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Hints {
    /// `login_hint`.
    #[serde(rename = "l")]
    pub login: String,
    /// `lti_message_hint`.
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// Why a `state` is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StateRefusal {
    /// Not sealed by us.
    #[error("the state was not given out by this installation, or was altered")]
    Unknown,
    /// Older than ten minutes.
    #[error("the login took longer than ten minutes")]
    Expired,
}

impl LoginState {
    /// The frame for platform storage, if one was offered and one of our pages can be shown to ask
    /// it.
    pub(super) fn storage(&self) -> Option<&str> {
        let offered = self.storage_target.as_deref();
        offered.filter(|_| self.around.unlisted().is_none())
    }

    /// The login again, in a new window, where cookies are first-party (lti.md C-50): without
    /// platform storage, and only if its hints and its whole target are known.
    pub(super) fn login_again(&self, platform: &Platform) -> Option<Button> {
        let hints = self.hints.as_ref()?;
        let LoginTarget::Link(target) = &self.target else {
            return None;
        };
        let mut fields = vec![
            ("iss", platform.issuer.clone()),
            ("client_id", platform.client_id.clone()),
            ("login_hint", hints.login.clone()),
            ("target_link_uri", target.clone()),
            (OFFERED, "1".to_owned()),
        ];
        fields.extend(hints.message.clone().map(|hint| ("lti_message_hint", hint)));
        fields.extend(
            self.deployment_id
                .clone()
                .map(|id| ("lti_deployment_id", id)),
        );
        Some(Button {
            method: "get",
            address: format!("/lti/login/{}", platform.id),
            fields,
            label: texts::NEW_WINDOW,
            new_window: true,
        })
    }

    /// [`Self::login_again`], after the platform has answered. Nearly all platforms use up a
    /// login's hints with their answer (Moodle, Canvas), so a new window would end on their error
    /// page. Open edX looks them up each time.
    pub(super) fn login_once_more(&self, platform: &Platform) -> Option<Button> {
        let endpoint = Url::parse(&platform.authorization_endpoint).ok()?;
        let keeps_hints = endpoint.path().starts_with(OPEN_EDX);
        self.login_again(platform).filter(|_| keeps_hints)
    }

    /// Seals it for the authentication request.
    ///
    /// # Errors
    /// It can't be serialised. The caller can do nothing about it.
    pub(super) fn seal(&self, states: &Sealer) -> Result<String, serde_json::Error> {
        Ok(URL_SAFE_NO_PAD.encode(states.seal(PURPOSE, &serde_json::to_vec(self)?)))
    }

    /// The login, for the launch's trace.
    pub(super) fn login(&self) -> Login {
        Login::new(self.mark, self.expires - LOGIN_SECONDS)
    }

    /// Opens what came back, expired or not: see [`Self::check_time`].
    ///
    /// # Errors
    /// It isn't ours.
    pub(super) fn unseal(states: &Sealer, text: &str) -> Result<Self, StateRefusal> {
        let sealed = URL_SAFE_NO_PAD.decode(text);
        let sealed = sealed.map_err(|_| StateRefusal::Unknown)?;
        let plain = states.open(PURPOSE, &sealed);
        let plain = plain.map_err(|_| StateRefusal::Unknown)?;
        serde_json::from_slice(&plain).map_err(|_| StateRefusal::Unknown)
    }

    /// Checks that it has not expired; `now` is in seconds since 1970.
    ///
    /// # Errors
    /// It has.
    pub(super) fn check_time(&self, now: i64) -> Result<(), StateRefusal> {
        if now > self.expires {
            Err(StateRefusal::Expired)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;
    use crate::kit::clock::Random;
    use crate::kit::seal::{SecretKey, SecretKeys};

    fn sealer(purpose: &str, secret: &SecretKeys) -> Sealer {
        Sealer::new(secret, purpose, Random::default())
    }

    fn state() -> LoginState {
        LoginState {
            platform_id: "p".into(),
            nonce: "n".into(),
            target: LoginTarget::new("https://lti.example.com/lti/launch".into()),
            deployment_id: None,
            storage_target: Some("_parent".into()),
            hints: None,
            login_id: "1".into(),
            binding: "b".into(),
            expires: 1_000,
            around: Around::Unknown,
            offered: false,
            mark: LoginMark::default(),
        }
    }

    #[test]
    fn a_state_opens_where_it_was_sealed_and_nowhere_else() {
        let secret = SecretKeys::from(SecretKey::generate(&Random::default()));
        let states = sealer("login states", &secret);
        let sealed = state().seal(&states).unwrap();
        let opened = LoginState::unseal(&states, &sealed).unwrap();
        assert_eq!((opened.nonce, opened.expires), ("n".to_owned(), 1_000));
        let elsewhere = [
            LoginState::unseal(&sealer("rows", &secret), &sealed),
            LoginState::unseal(&states, &sealed[1..]),
            LoginState::unseal(&states, &format!("{sealed}=")),
            LoginState::unseal(&states, ""),
            LoginState::unseal(
                &states,
                &URL_SAFE_NO_PAD.encode(states.seal("verify", b"{}")),
            ),
        ];
        for opened in elsewhere {
            assert_eq!(opened.unwrap_err(), StateRefusal::Unknown);
        }
    }

    #[test]
    fn a_long_target_is_remembered_by_its_hash() {
        let long = format!("https://lti.example.com/lti/launch?q={}", "x".repeat(8000));
        let secret = SecretKeys::from(SecretKey::generate(&Random::default()));
        let states = sealer("login states", &secret);
        let state = LoginState {
            target: LoginTarget::new(long.clone()),
            hints: Some(Hints {
                login: "5".into(),
                message: None,
            }),
            ..state()
        };
        let sealed = state.seal(&states).unwrap();
        assert!(sealed.len() < 512, "{}", sealed.len());
        let opened = LoginState::unseal(&states, &sealed).unwrap();
        assert_eq!(opened.target.link(Some(&long)), long);
        for other in [None, Some(&long[..8000]), Some("")] {
            assert_eq!(opened.target.link(other), "");
        }
        let short = LoginTarget::new("https://lti.example.com/".into());
        assert_eq!(short.link(Some(&long)), "https://lti.example.com/");
    }

    #[test]
    fn a_state_is_good_until_its_last_second() {
        assert_eq!(state().check_time(1_000), Ok(()));
        assert_eq!(state().check_time(1_001), Err(StateRefusal::Expired));
    }

    #[test]
    fn storage_is_of_no_use_in_a_page_that_may_not_show_ours() {
        assert_eq!(state().storage(), Some("_parent"));
        let unlisted = LoginState {
            around: Around::Unlisted("https://elsewhere.example".into()),
            ..state()
        };
        assert_eq!(unlisted.storage(), None);
    }
}
