//! What a request notes on its way: steps with their times, and a few facts. Nothing personal, nothing encoded before
//! it is written, no more than one small allocation.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use serde::de::{Error, SeqAccess, Visitor};
use serde::ser::SerializeSeq;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::claims::{self, Name};
use crate::directory::frame_origins::FrameOrigins;
use crate::directory::platforms::Platform;
use crate::directory::tools::Tool;
use crate::keys::theirs::KeySource;
use crate::kit::clock::{Clock, Stopwatch};
use store::launches::Trace;

/// What was attempted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A login that went no further.
    Login,
    /// An LTI launch, its login included.
    Launch,
    /// A dynamic registration.
    Registration,
    /// A StudyReel launch.
    StudyReel,
}

impl Kind {
    /// As it is stored and shown.
    pub fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Launch => "launch",
            Self::Registration => "registration",
            Self::StudyReel => "studyreel",
        }
    }
}

/// Declares the steps with their stored numbers, which never change, and their words.
macro_rules! steps {
    ($($name:ident = $number:literal $words:literal,)+) => {
        /// A step that was done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Step {
            $(#[doc = $words] $name = $number,)+
        }

        impl Step {
            /// What was done.
            pub fn words(self) -> &'static str {
                match self { $(Self::$name => $words,)+ }
            }

            fn of_number(number: u32) -> Option<Self> {
                match number { $($number => Some(Self::$name),)+ _ => None }
            }
        }
    };
}

steps! {
    FormRead = 0 "form read",
    StateOpened = 1 "state opened",
    PlatformFound = 2 "platform found",
    BrowserKnown = 3 "browser known",
    KeyFound = 4 "key found",
    SignatureVerified = 5 "signature verified",
    ClaimsChecked = 6 "claims checked",
    DeploymentAdmitted = 7 "deployment admitted",
    TargetAllowed = 8 "target allowed",
    Admitted = 9 "admitted",
    ConfigurationRead = 10 "configuration read",
    PlatformAnswered = 11 "platform answered and stored",
    BodyRead = 12 "body read",
    ProofChecked = 13 "proof checked",
    StudentFound = 14 "student found",
    StudentCreated = 15 "student created",
    Stored = 16 "handed to the store",
}

/// Steps of a trace at most; there is no way with more.
const MOST_STEPS: usize = 12;

/// The steps so far, with the microseconds after the request's arrival.
#[derive(Clone, Debug)]
pub struct Steps {
    done: [(Step, u32); MOST_STEPS],
    length: usize,
}

impl Default for Steps {
    fn default() -> Self {
        Self {
            done: [(Step::FormRead, 0); MOST_STEPS],
            length: 0,
        }
    }
}

impl Steps {
    fn push(&mut self, step: Step, micros: u32) {
        if let Some(place) = self.done.get_mut(self.length) {
            *place = (step, micros);
            self.length += 1;
        }
    }

    /// In their order.
    pub fn iter(&self) -> impl Iterator<Item = (Step, u32)> {
        self.done.iter().take(self.length).copied()
    }

    fn is_empty(&self) -> bool {
        self.length == 0
    }
}

/// Flat: step, microseconds, step, microseconds.
impl Serialize for Steps {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.length * 2))?;
        for (step, micros) in self.iter() {
            list.serialize_element(&(step as u8))?;
            list.serialize_element(&micros)?;
        }
        list.end()
    }
}

impl<'de> Deserialize<'de> for Steps {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Flat;
        impl<'de> Visitor<'de> for Flat {
            type Value = Steps;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("steps and their microseconds")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Steps, A::Error> {
                let mut steps = Steps::default();
                while let Some(number) = list.next_element()? {
                    let step =
                        Step::of_number(number).ok_or_else(|| A::Error::custom("unknown step"))?;
                    steps.push(step, list.next_element()?.unwrap_or(0));
                }
                Ok(steps)
            }
        }
        deserializer.deserialize_seq(Flat)
    }
}

/// What a login did, as it travels in the sealed state: milliseconds of its second, flags, microseconds it took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginMark(u16, u8, u32);

const BY_POST: u8 = 1;
const AT_PLATFORMS_URL: u8 = 2;
const IN_NEW_WINDOW: u8 = 4;

impl LoginMark {
    /// The mark of a login that goes on to the platform now.
    pub fn new(
        trace: &Recorder,
        by_post: bool,
        at_platforms_url: bool,
        headers: &HeaderMap,
    ) -> Self {
        // Only our own page, which offers a new window, begins a login from our own site.
        let in_new_window = headers
            .get("sec-fetch-site")
            .is_some_and(|site| site == "same-origin");
        let flags = [
            (by_post, BY_POST),
            (at_platforms_url, AT_PLATFORMS_URL),
            (in_new_window, IN_NEW_WINDOW),
        ];
        let flags = flags.iter().filter(|(set, _)| *set);
        Self(
            u16::try_from(trace.at.rem_euclid(1000)).unwrap_or(0),
            flags.fold(0, |all, (_, flag)| all | flag),
            trace.watch.micros(),
        )
    }
}

/// A launch's login, as it stands in the trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Login {
    /// Milliseconds since 1970.
    #[serde(rename = "a")]
    pub at: i64,
    #[serde(rename = "m")]
    mark: LoginMark,
}

impl Login {
    /// From the mark and the second in which the login began.
    pub fn new(mark: LoginMark, second: i64) -> Self {
        let at = second.saturating_mul(1000) + i64::from(mark.0);
        Self { at, mark }
    }

    /// GET or POST.
    pub fn method(&self) -> &'static str {
        if self.mark.1 & BY_POST == 0 {
            "GET"
        } else {
            "POST"
        }
    }

    /// Whether it came to the platform's own login address.
    pub fn at_platforms_url(&self) -> bool {
        self.mark.1 & AT_PLATFORMS_URL != 0
    }

    /// Whether it was begun from our page that offers a new window.
    pub fn in_new_window(&self) -> bool {
        self.mark.1 & IN_NEW_WINDOW != 0
    }

    /// How long it took us.
    pub fn micros(&self) -> u32 {
        self.mark.2
    }
}

/// The browser's family: all that is kept of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Browser {
    /// Chrome and what is built on it.
    #[serde(rename = "c")]
    Chrome,
    /// Edge.
    #[serde(rename = "e")]
    Edge,
    /// Firefox.
    #[serde(rename = "f")]
    Firefox,
    /// Safari, and every browser on iOS.
    #[serde(rename = "s")]
    Safari,
    /// Anything else.
    #[serde(rename = "o")]
    Other,
}

impl Browser {
    fn of(headers: &HeaderMap) -> Option<Self> {
        let agent = headers.get(USER_AGENT)?.to_str().ok()?;
        // Each names its forerunners too; the rarest word decides.
        let words = [
            ("Edg", Self::Edge),
            ("Firefox/", Self::Firefox),
            ("Chrome/", Self::Chrome),
            ("Safari/", Self::Safari),
        ];
        let found = words.iter().find(|(word, _)| agent.contains(word));
        Some(found.map_or(Self::Other, |(_, browser)| *browser))
    }

    /// As it is shown.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chrome => "Chrome",
            Self::Edge => "Edge",
            Self::Firefox => "Firefox",
            Self::Safari => "Safari",
            Self::Other => "other",
        }
    }
}

/// How the browser of the launch was known for that of the login.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Binding {
    /// By the plain cookie: it is first-party here, or third-party cookies are allowed.
    #[serde(rename = "c")]
    Cookie,
    /// By the partitioned twin alone.
    #[serde(rename = "p")]
    Partitioned,
    /// By the developer's cookie alone.
    #[serde(rename = "d")]
    Developer,
    /// By no cookie: the platform's window is asked.
    #[serde(rename = "s")]
    Storage,
    /// Not at all.
    #[serde(rename = "n")]
    None,
}

impl Binding {
    /// As it is shown.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cookie => "cookie",
            Self::Partitioned => "partitioned cookie",
            Self::Developer => "developer cookie",
            Self::Storage => "platform storage",
            Self::None => "none",
        }
    }
}

/// What is written down of an attempt, beside the columns it is found by. Member names are short: there is one for each
/// launch.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Facts {
    /// What was done, and when.
    #[serde(rename = "s", default, skip_serializing_if = "Steps::is_empty")]
    pub steps: Steps,
    /// The login before a launch.
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    pub login: Option<Login>,
    /// Origin of the page around the login, where it may not show ours in a frame.
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    pub unlisted_origin: Option<String>,
    /// The browser.
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub browser: Option<Browser>,
    /// How it was known.
    #[serde(rename = "b", default, skip_serializing_if = "Option::is_none")]
    pub binding: Option<Binding>,
    /// Where the platform's key came from.
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none")]
    pub keys: Option<KeySource>,
    /// The platform's clock before (positive) or behind ours when the token arrived, in seconds: `iat` − now.
    #[serde(rename = "w", default, skip_serializing_if = "Option::is_none")]
    pub skew_seconds: Option<i64>,
    /// Kind of message.
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Cow<'static, str>>,
    /// The launch that this is about, where it isn't the launch's own trace.
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub launch_id: Option<String>,
    /// Which dialect of the JSON launch it was.
    #[serde(rename = "j", default, skip_serializing_if = "Option::is_none")]
    pub dialect: Option<Cow<'static, str>>,
    /// Names of the claims.
    #[serde(rename = "c", default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Name>,
    /// Their values as far as they may be shown, where the tool wants that.
    #[serde(rename = "v", default, skip_serializing_if = "Option::is_none")]
    pub values: Option<Value>,
    /// Issuer as the request named it, where it led to no platform.
    #[serde(rename = "i", default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// Client id as the request named it, where it led to no platform.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// What only a failure has.
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Box<Failure>>,
}

/// Longest trace, in bytes: one that would be longer goes without its claims.
const LONGEST: usize = 8192;

impl Facts {
    /// As they are stored.
    pub fn written(&mut self) -> String {
        // Numbers, texts and lists: there is nothing in it that can't be written.
        let text = serde_json::to_string(self).unwrap_or_default();
        if text.len() <= LONGEST {
            return text;
        }
        self.claims.clear();
        self.values = None;
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// What is written down of a failure.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Failure {
    /// HTTP status of the answer.
    #[serde(rename = "s")]
    pub status: u16,
    /// The rule in one sentence.
    #[serde(rename = "t")]
    pub text: String,
    /// The technical cause, where it was our fault or the platform's.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// Key id that the token named.
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// How many more failed for this reason in that minute and were only counted; such a trace stands for all of them.
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub more: Option<u64>,
}

/// A trace under way.
#[derive(Clone, Debug)]
pub struct Recorder {
    /// What is attempted.
    pub kind: Kind,
    /// When the request arrived, in milliseconds since 1970.
    pub at: i64,
    /// The tool, where it is known otherwise than by the platform or the host.
    pub tool_id: Option<String>,
    /// The platform, once it is found.
    pub platform: Option<Arc<Platform>>,
    /// The deployment, once it is known.
    pub deployment_id: Option<String>,
    /// Whether a platform's signature was verified.
    pub is_signed: bool,
    /// Whether the login came from a page that may show ours in a frame.
    pub is_framed_by_platform: bool,
    /// What is written down.
    pub facts: Facts,
    watch: Stopwatch,
}

impl Recorder {
    /// Begins with the arrival of a request.
    pub fn new(kind: Kind, clock: &Clock, headers: &HeaderMap) -> Self {
        Self {
            kind,
            at: clock.now_ms(),
            tool_id: None,
            platform: None,
            deployment_id: None,
            is_signed: false,
            is_framed_by_platform: false,
            facts: Facts {
                browser: Browser::of(headers),
                ..Facts::default()
            },
            watch: Stopwatch::start(),
        }
    }

    /// Notes that a step is done.
    pub fn done(&mut self, step: Step) {
        self.facts.steps.push(step, self.watch.micros());
    }

    /// Notes what a signed payload has: the names of its claims, and values where the tool wants them.
    pub fn payload(
        &mut self,
        names: impl Iterator<Item = impl AsRef<str>>,
        payload: &str,
        tool: &Tool,
    ) {
        self.facts.claims = claims::names(names);
        if tool.settings.traces.claim_values {
            self.facts.values = claims::shown(payload);
        }
    }

    /// Who may show a page of ours about this in a frame: the platform's pages, where the login is known to have come
    /// from one of them. In a frame that our policy doesn't name, nobody could read the page.
    pub fn known_frame_origins(&self) -> Option<String> {
        let platform = self.platform.as_ref();
        let platform = platform.filter(|_| self.is_framed_by_platform)?;
        Some(FrameOrigins::of(platform).policy())
    }

    /// The failure's part, made where there is none yet.
    pub fn failure(&mut self) -> &mut Failure {
        self.facts.failure.get_or_insert_default()
    }

    /// As it stands in the row of an accepted launch; `None` where the tool keeps no traces.
    pub fn of_launch(
        &mut self,
        names: impl Iterator<Item = impl AsRef<str>>,
        payload: &str,
        tool: &Tool,
    ) -> Option<Trace> {
        let minutes = i64::from(tool.settings.retention.trace_minutes);
        if minutes == 0 {
            return None;
        }
        self.payload(names, payload, tool);
        self.done(Step::Stored);
        Some(Trace {
            text: self.facts.written(),
            until: self.at + minutes * 60_000,
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn with(name: &'static str, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name.parse().unwrap(), HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn a_browser_is_known_by_its_family_alone() {
        let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36";
        let edge = format!("{chrome} Edg/141.0.0.0");
        let safari = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15";
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        for (agent, browser) in [
            (chrome, Browser::Chrome),
            (&edge, Browser::Edge),
            (safari, Browser::Safari),
            (firefox, Browser::Firefox),
            ("curl/8", Browser::Other),
        ] {
            assert_eq!(
                Browser::of(&with("user-agent", agent)),
                Some(browser),
                "{agent}"
            );
        }
        assert_eq!(Browser::of(&HeaderMap::new()), None);
    }

    #[test]
    fn what_is_written_is_short_and_reads_back() {
        let mut trace = Recorder::new(Kind::Launch, &Clock::default(), &HeaderMap::new());
        for step in [Step::FormRead, Step::StateOpened, Step::Stored] {
            trace.done(step);
        }
        let by_us = with("sec-fetch-site", "same-origin");
        trace.facts.login = Some(Login::new(
            LoginMark::new(&trace, true, false, &by_us),
            1_700_000_000,
        ));
        trace.facts.claims = claims::names(["iss", "sub", "odd"].into_iter());
        trace.facts.keys = Some(KeySource::Kept);
        let text = serde_json::to_string(&trace.facts).unwrap();
        assert!(text.len() < 200, "{text}");
        let read: Facts = serde_json::from_str(&text).unwrap();
        let steps: Vec<&str> = read.steps.iter().map(|(step, _)| step.words()).collect();
        assert_eq!(steps, ["form read", "state opened", "handed to the store"]);
        let login = read.login.unwrap();
        assert_eq!((login.method(), login.at / 1000), ("POST", 1_700_000_000));
        assert!(login.in_new_window() && !login.at_platforms_url());
        let names: Vec<&str> = read.claims.iter().map(Name::text).collect();
        assert_eq!(names, ["iss", "sub", "odd"]);
    }

    #[test]
    fn more_steps_than_there_is_room_for_do_no_harm() {
        let mut steps = Steps::default();
        for micros in 0..100 {
            steps.push(Step::FormRead, micros);
        }
        assert_eq!(steps.iter().count(), MOST_STEPS);
    }
}
