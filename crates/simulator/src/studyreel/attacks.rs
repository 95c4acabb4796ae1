//! Launches that a receiver must refuse, and some that it must bear.

use std::time::Duration;

use futures_util::future;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{Overrides, Student, StudyReel, System, Tool, Verdict};
use crate::browser::Pace;

/// Launches of a burst, where nobody says how many.
const BURST: usize = 20;
/// How a slow client sends its body.
const SLOW: Pace = Pace {
    pieces: 10,
    pause: Duration::from_millis(100),
};

/// One kind of launch that is not right, or not nice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attack {
    /// `exp` an hour ago.
    Expired,
    /// `iat` an hour ahead.
    Future,
    /// A good launch, then exactly the same again.
    Replay,
    /// A good launch, then a fresh one with its nonce.
    ReplayNonce,
    /// A good launch, then a fresh one with its `jti`.
    ReplayJti,
    /// Another issuer.
    WrongIssuer,
    /// Another deployment.
    WrongDeployment,
    /// A teacher.
    WrongRole,
    /// A deep linking request.
    WrongMessage,
    /// A body of 200 KiB.
    Oversize,
    /// JSON under `text/plain`.
    WrongContentType,
    /// Not JSON.
    Garbage,
    /// A good launch whose body takes a second to arrive.
    Slow,
    /// Twenty good launches at once; the verdict is on the worst.
    Burst,
}

impl Attack {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::Expired,
        Self::Future,
        Self::Replay,
        Self::ReplayNonce,
        Self::ReplayJti,
        Self::WrongIssuer,
        Self::WrongDeployment,
        Self::WrongRole,
        Self::WrongMessage,
        Self::Oversize,
        Self::WrongContentType,
        Self::Garbage,
        Self::Slow,
        Self::Burst,
    ];

    /// Its name, and what it is in words.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Expired => ("expired", "expired an hour ago"),
            Self::Future => ("future", "issued in an hour"),
            Self::Replay => ("replay", "the same launch twice"),
            Self::ReplayNonce => ("replay-nonce", "a nonce twice"),
            Self::ReplayJti => ("replay-jti", "a jti twice"),
            Self::WrongIssuer => ("wrong-issuer", "another issuer"),
            Self::WrongDeployment => ("wrong-deployment", "another deployment"),
            Self::WrongRole => ("wrong-role", "a teacher"),
            Self::WrongMessage => ("wrong-message", "a deep linking request"),
            Self::Oversize => ("oversize", "a body of 200 KiB"),
            Self::WrongContentType => ("wrong-content-type", "text/plain"),
            Self::Garbage => ("garbage", "no JSON"),
            Self::Slow => ("slow", "a slow client"),
            Self::Burst => ("burst", "twenty at once"),
        }
    }

    /// As programs call it.
    pub fn name(self) -> &'static str {
        self.names().0
    }

    /// As people call it.
    pub fn title(self) -> &'static str {
        self.names().1
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|attack| attack.name() == name)
    }

    /// Whether a good receiver refuses it; else it answers as ever.
    pub fn is_refused(self) -> bool {
        !matches!(self, Self::Slow | Self::Burst)
    }

    /// Whether the receiver did as it should.
    pub fn held(self, verdict: &Verdict) -> bool {
        if self.is_refused() {
            verdict.refused()
        } else {
            verdict.accepted()
        }
    }
}

impl StudyReel {
    /// Makes one attack on the newest tool; [`Attack::held`] judges the verdict.
    pub async fn attack(&self, student: &Student, attack: Attack) -> Verdict {
        let tool = self.tool();
        let none = Overrides::none();
        self.system.attack(student, &tool, attack, &none).await
    }

    /// Launches one student many times at once. All launches are good and differ from one another.
    pub async fn burst(&self, student: &Student, launches: usize) -> Vec<Verdict> {
        let (tool, none) = (self.tool(), Overrides::none());
        self.system.burst(student, &tool, launches, &none).await
    }
}

impl System {
    /// Makes one attack on a tool, with these changes beside its own, and says so in the transcript.
    pub(super) async fn attack(
        &self,
        student: &Student,
        tool: &Tool,
        attack: Attack,
        overrides: &Overrides,
    ) -> Verdict {
        let verdict = self.attempt(student, tool, attack, overrides).await;
        let mut state = self.state();
        let mut launches = state.transcript.iter_mut().rev();
        if let Some(launched) = launches.find(|launched| launched.verdict == verdict) {
            launched.fault = Some(attack);
        }
        verdict
    }

    async fn attempt(
        &self,
        student: &Student,
        tool: &Tool,
        attack: Attack,
        overrides: &Overrides,
    ) -> Verdict {
        let changed = |more: Overrides| {
            let mut message = self.payload(student, &tool.deployment_id, overrides);
            if let Value::Object(members) = &mut message {
                more.apply(members);
            }
            message
        };
        let send = async |kind: &str, message: &Value, pace: Option<Pace>| {
            let body = overrides.body(message).into_bytes();
            self.deliver(tool, kind, body, pace).await
        };
        const JSON: &str = "application/json";
        let none = Overrides::none;
        let message = match attack {
            Attack::Expired => changed(self.times(-2, -1)),
            Attack::Future => changed(self.times(1, 2)),
            Attack::Replay | Attack::ReplayNonce | Attack::ReplayJti => {
                let first = changed(none());
                send(JSON, &first, None).await;
                match attack {
                    Attack::ReplayNonce => changed(none().with("nonce", first["nonce"].clone())),
                    Attack::ReplayJti => changed(none().with("jti", first["jti"].clone())),
                    _ => first,
                }
            }
            Attack::WrongIssuer => changed(none().with("iss", "https://studyreel.example.com")),
            Attack::WrongDeployment => {
                changed(none().with("deployment_id", "c29tZWJvZHkgZWxzZTox"))
            }
            Attack::WrongRole => changed(none().with("role", "Teacher")),
            Attack::WrongMessage => changed(none().with("messageType", "LtiDeepLinkingRequest")),
            Attack::Oversize => changed(none().with("padding", "x".repeat(200 * 1024))),
            Attack::WrongContentType => return send("text/plain", &changed(none()), None).await,
            Attack::Garbage => {
                let body = b"{\"messageType\":".to_vec();
                return self.deliver(tool, JSON, body, None).await;
            }
            Attack::Slow => return send(JSON, &changed(none()), Some(SLOW)).await,
            Attack::Burst => {
                let mut verdicts = self.burst(student, tool, BURST, overrides).await;
                let worst = verdicts.iter().position(|verdict| !verdict.accepted());
                return verdicts.swap_remove(worst.unwrap_or_default());
            }
        };
        send(JSON, &message, None).await
    }

    async fn burst(
        &self,
        student: &Student,
        tool: &Tool,
        launches: usize,
        overrides: &Overrides,
    ) -> Vec<Verdict> {
        let launches = (0..launches).map(|_| self.launch(student, tool, overrides));
        future::join_all(launches).await
    }

    /// `iat` and `exp` so many hours from now.
    fn times(&self, iat: i64, exp: i64) -> Overrides {
        let times = self.state().switches.times;
        let at = |hours| {
            self.clock
                .now()
                .saturating_add(SignedDuration::from_hours(hours))
                .unwrap_or(Timestamp::MAX)
        };
        Overrides::none()
            .with("iat", json!(times.write(at(iat))))
            .with("exp", json!(times.write(at(exp))))
    }
}
