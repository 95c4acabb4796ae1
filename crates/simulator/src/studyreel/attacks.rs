//! Launches that a receiver must refuse, and some that it must bear.

use futures_util::future;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{Overrides, Student, StudyReel, Verdict};

/// One kind of launch that is not right.
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
}

impl Attack {
    /// All of them.
    pub const ALL: [Self; 12] = [
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
    ];
}

impl StudyReel {
    /// Makes one attack; a good receiver's answer is [`Verdict::refused`].
    pub async fn attack(&self, student: &Student, attack: Attack) -> Verdict {
        let changed = |overrides: Overrides| self.payload(student, &overrides);
        let none = Overrides::none;
        let message = match attack {
            Attack::Expired => changed(self.times(-2, -1)),
            Attack::Future => changed(self.times(1, 2)),
            Attack::Replay | Attack::ReplayNonce | Attack::ReplayJti => {
                let first = changed(none());
                self.send(&first).await;
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
            Attack::WrongContentType => {
                return self
                    .send_raw("text/plain", changed(none()).to_string().into_bytes())
                    .await;
            }
            Attack::Garbage => {
                return self
                    .send_raw("application/json", b"{\"messageType\":".to_vec())
                    .await;
            }
        };
        self.send(&message).await
    }

    /// Launches one student many times at once. All launches are good and differ from one another.
    pub async fn burst(&self, student: &Student, launches: usize) -> Vec<Verdict> {
        let messages: Vec<Value> = (0..launches)
            .map(|_| self.payload(student, &Overrides::none()))
            .collect();
        future::join_all(messages.iter().map(|message| self.send(message))).await
    }

    /// `iat` and `exp` so many hours from now.
    fn times(&self, iat: i64, exp: i64) -> Overrides {
        let times = self.system.state().switches.times;
        let at = |hours| {
            self.system
                .clock
                .now()
                .saturating_add(SignedDuration::from_hours(hours))
                .unwrap_or(Timestamp::MAX)
        };
        Overrides::none()
            .with("iat", json!(times.write(at(iat))))
            .with("exp", json!(times.write(at(exp))))
    }
}
