//! What a launch's trace says about its login, which stores no trace itself.

use serde::{Deserialize, Serialize};

/// What a login did, as it travels in the sealed state: the millisecond within its second, flags,
/// and the microseconds we took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginMark(u16, u8, u32);

const BY_POST: u8 = 1;
const AT_PLATFORMS_URL: u8 = 2;
const IN_NEW_WINDOW: u8 = 4;

impl LoginMark {
    /// The mark of a login that is now sent on to the platform. It started at `at`, in milliseconds
    /// since 1970, and we took `micros` microseconds. `in_new_window`: it came from our page that
    /// offers a new window.
    pub fn new(
        at: i64,
        micros: u32,
        by_post: bool,
        at_platforms_url: bool,
        in_new_window: bool,
    ) -> Self {
        let flags = [
            (by_post, BY_POST),
            (at_platforms_url, AT_PLATFORMS_URL),
            (in_new_window, IN_NEW_WINDOW),
        ];
        let flags = flags.iter().filter(|(set, _)| *set);
        Self(
            u16::try_from(at.rem_euclid(1000)).unwrap_or(0),
            flags.fold(0, |all, (_, flag)| all | flag),
            micros,
        )
    }
}

/// A launch's login, as stored in the trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Login {
    /// When it started, in milliseconds since 1970.
    #[serde(rename = "a")]
    pub at: i64,
    #[serde(rename = "m")]
    mark: LoginMark,
}

impl Login {
    /// Combines the mark with the second in which the login started.
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

    /// Whether it used the platform's own login address.
    pub fn at_platforms_url(&self) -> bool {
        self.mark.1 & AT_PLATFORMS_URL != 0
    }

    /// Whether it started from our page that offers a new window.
    pub fn in_new_window(&self) -> bool {
        self.mark.1 & IN_NEW_WINDOW != 0
    }

    /// How many microseconds we took.
    pub fn micros(&self) -> u32 {
        self.mark.2
    }
}
