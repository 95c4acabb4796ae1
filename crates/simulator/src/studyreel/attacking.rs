//! How attacks are made.

use std::time::Duration;

use futures_util::future;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{
    attack::Attack, overrides::Overrides, students::Student, system::System, tool::StudyReelTool,
    verdict::Verdict,
};
use crate::browser::Pace;

/// The number of launches in a burst.
const BURST: usize = 20;
/// How a slow client sends its body.
const SLOW: Pace = Pace {
    pieces: 10,
    pause: Duration::from_millis(100),
};

impl System {
    /// Attacks a tool, with additional changes, and records it in the transcript.
    pub(super) async fn attack(
        &self,
        student: &Student,
        tool: &StudyReelTool,
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
        tool: &StudyReelTool,
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

    /// Launches one student many times at once.
    pub(super) async fn burst(
        &self,
        student: &Student,
        tool: &StudyReelTool,
        launches: usize,
        overrides: &Overrides,
    ) -> Vec<Verdict> {
        let launches = (0..launches).map(|_| self.launch(student, tool, overrides));
        future::join_all(launches).await
    }

    /// `iat` and `exp` this many hours from now.
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
