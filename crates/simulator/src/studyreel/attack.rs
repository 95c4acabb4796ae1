//! Launches that a receiver must refuse, and some that it must tolerate.

use super::verdict::Verdict;

/// A kind of launch that is wrong or unpleasant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attack {
    /// `exp` is an hour ago.
    Expired,
    /// `iat` is an hour ahead.
    Future,
    /// A valid launch, then exactly the same again.
    Replay,
    /// A valid launch, then a fresh one with the same nonce.
    ReplayNonce,
    /// A valid launch, then a fresh one with the same `jti`.
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
    /// A valid launch whose body takes a second to arrive.
    Slow,
    /// Twenty valid launches at once; the verdict is about the worst.
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

    /// Its name, and a description.
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

    /// The name for programs.
    pub fn name(self) -> &'static str {
        self.names().0
    }

    /// The name for people.
    pub fn title(self) -> &'static str {
        self.names().1
    }

    /// The attack with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|attack| attack.name() == name)
    }

    /// Whether a correct receiver refuses it; if not, it answers as usual.
    pub fn is_refused(self) -> bool {
        !matches!(self, Self::Slow | Self::Burst)
    }

    /// Whether the receiver behaved correctly.
    pub fn held(self, verdict: &Verdict) -> bool {
        if self.is_refused() {
            verdict.refused()
        } else {
            verdict.accepted()
        }
    }
}
