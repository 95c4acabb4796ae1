//! The cookies that bind a login to its browser: one set per login, so that several frames on a
//! page don't interfere with each other (lti.md A-39, C-01 to C-03).
//!
//! A plain and a partitioned cookie with `SameSite=None; Secure` (the plain one without `SameSite`
//! for browsers that misread it); on a developer's loopback address also a `Lax` one without
//! `Secure`, for command-line clients and for WebKit ([`super::once_more`]).

use axum::http::header::{COOKIE, SET_COOKIE, USER_AGENT};
use axum::http::{HeaderMap, HeaderValue};

use crate::traces::Binding;

/// How long a login may take, in seconds: the platform may show the person its own sign-in page.
pub(crate) const LOGIN_SECONDS: i64 = 600;
/// How many logins a browser may have open at once, because a course page may frame many links.
/// Beyond that the oldest is dropped, so that a request's cookies stay below 6 KiB.
const OPEN_LOGINS: usize = 24;

const PLAIN: &str = "__Host-lti_st_";
const PARTITIONED: &str = "__Host-lti_sp_";
const DEVELOPER: &str = "lti_st_";

/// A new login's id, from these random bytes. It sorts by time, so that the oldest can be found,
/// even among frames of one page.
pub(super) fn new_login_id(now_ms: i64, random: [u8; 4]) -> String {
    format!("{now_ms:011x}{:08x}", u32::from_le_bytes(random))
}

fn append(headers: &mut HeaderMap, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        headers.append(SET_COOKIE, value);
    }
}

/// Sets a login's cookies, and removes those of the oldest logins if there are too many.
pub(super) fn set(
    answer: &mut HeaderMap,
    asked: &HeaderMap,
    login_id: &str,
    value: &str,
    developer_mode: bool,
) {
    let same_site = plain_same_site(asked);
    append(
        answer,
        &format!(
            "{PLAIN}{login_id}={value}; Path=/; Max-Age={LOGIN_SECONDS}; Secure; HttpOnly{same_site}"
        ),
    );
    append(
        answer,
        &format!(
            "{PARTITIONED}{login_id}={value}; Path=/; Max-Age={LOGIN_SECONDS}; Secure; HttpOnly; SameSite=None; Partitioned"
        ),
    );
    if developer_mode {
        append(
            answer,
            &format!(
                "{DEVELOPER}{login_id}={value}; Path=/; Max-Age={LOGIN_SECONDS}; HttpOnly; SameSite=Lax"
            ),
        );
    }
    let mut open: Vec<&str> = sent(asked).filter_map(|(name, _)| login_of(name)).collect();
    open.sort_unstable();
    open.dedup();
    let too_many = (open.len() + 1).saturating_sub(OPEN_LOGINS);
    // A few at a time, so that the header stays small; the next login removes the rest.
    for login_id in open.into_iter().take(too_many.min(2)) {
        clear(answer, asked, login_id);
    }
}

/// The plain cookie's `SameSite` for this browser, also when it is removed: a browser that drops a
/// `Set-Cookie` with `None` would keep the cookie.
fn plain_same_site(asked: &HeaderMap) -> &'static str {
    match misreads_none(asked) {
        true => "",
        false => "; SameSite=None",
    }
}

/// Whether the browser treats `SameSite=None` as `Strict` (everything on iOS 12, Safari on macOS
/// 10.14) or drops such cookies (Chrome 51 to 66). In these browsers, cookies without the attribute
/// behave like `None`; in others they wouldn't.
fn misreads_none(asked: &HeaderMap) -> bool {
    let agent = user_agent(asked);
    let has = |part| agent.contains(part);
    let is_ios_12 = has("CPU OS 12_") || has("CPU iPhone OS 12_");
    let version = |name| {
        let rest = agent.split_once(name)?.1;
        rest.split('.').next()?.parse::<u32>().ok()
    };
    let chrome = version("Chrome/").or_else(|| version("Chromium/"));
    is_ios_12
        || has("Mac OS X 10_14") && is_webkit(asked)
        || chrome.is_some_and(|version| (51..=66).contains(&version))
}

/// Whether the browser has Safari's engine; Chrome mentions it, too.
pub(super) fn is_webkit(asked: &HeaderMap) -> bool {
    let agent = user_agent(asked);
    let is_chrome = agent.contains("Chrome/") || agent.contains("Chromium/");
    agent.contains("AppleWebKit/") && !is_chrome
}

/// The browser's user agent; empty if there is none.
fn user_agent(asked: &HeaderMap) -> &str {
    let agent = asked.get(USER_AGENT);
    agent
        .and_then(|agent| agent.to_str().ok())
        .unwrap_or_default()
}

/// The cookie in which the browser sent the login's value; the plain one is preferred.
pub(super) fn found(
    asked: &HeaderMap,
    login_id: &str,
    value: &str,
    developer_mode: bool,
) -> Option<Binding> {
    let of_login = sent(asked).filter(|(name, sent)| {
        // A neighbouring host can set a cookie without the prefix; only a developer's machine may
        // trust one.
        (developer_mode || !name.starts_with(DEVELOPER))
            && login_of(name) == Some(login_id)
            && aws_lc_rs::constant_time::verify_slices_are_equal(sent.as_bytes(), value.as_bytes())
                .is_ok()
    });
    let kinds = of_login.map(|(name, _)| match name {
        _ if name.starts_with(PLAIN) => (0, Binding::Cookie),
        _ if name.starts_with(PARTITIONED) => (1, Binding::Partitioned),
        _ => (2, Binding::Developer),
    });
    kinds.min_by_key(|(rank, _)| *rank).map(|(_, kind)| kind)
}

/// Removes those of a login's cookies that the browser sent.
pub(super) fn clear(answer: &mut HeaderMap, asked: &HeaderMap, login_id: &str) {
    for (name, _) in sent(asked).filter(|(name, _)| login_of(name) == Some(login_id)) {
        let (kind, same_site) = match name {
            _ if name.starts_with(PLAIN) => ("Secure; HttpOnly", plain_same_site(asked)),
            _ if name.starts_with(PARTITIONED) => {
                ("Secure; HttpOnly", "; SameSite=None; Partitioned")
            }
            _ => ("HttpOnly", "; SameSite=Lax"),
        };
        append(
            answer,
            &format!("{name}=; Path=/; Max-Age=0; {kind}{same_site}"),
        );
    }
}

fn login_of(name: &str) -> Option<&str> {
    [PLAIN, PARTITIONED, DEVELOPER]
        .iter()
        .find_map(|prefix| name.strip_prefix(prefix))
}

fn sent(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    headers
        .get_all(COOKIE)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use test_case::cases;

    use super::*;
    use crate::kit::clock::Random;

    fn set_names(answer: &HeaderMap) -> Vec<String> {
        let all = answer
            .get_all(SET_COOKIE)
            .into_iter()
            .map(|value| value.to_str().unwrap().to_owned());
        all.collect()
    }

    #[cases("TC-029")]
    #[test]
    fn the_state_cookies_carry_every_attribute() {
        let mut answer = HeaderMap::new();
        set(&mut answer, &HeaderMap::new(), "1", "v", false);
        let cookies = set_names(&answer);
        assert_eq!(cookies.len(), 2);
        for cookie in &cookies {
            for part in [
                "__Host-",
                "Path=/",
                "Max-Age=600",
                "Secure",
                "HttpOnly",
                "SameSite=None",
            ] {
                assert!(cookie.contains(part), "{cookie}");
            }
        }
        assert!(cookies[1].ends_with("Partitioned"));
    }

    #[test]
    fn browsers_that_misread_same_site_get_a_cookie_without_it() {
        let webkit = "AppleWebKit/605.1.15 (KHTML, like Gecko)";
        let chrome = |version: u32| {
            format!(
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{version}.0.1.2 Safari/537.36"
            )
        };
        let plain = |agent: &str| {
            let kept = HeaderValue::from_static("__Host-lti_st_1=v; __Host-lti_sp_1=v");
            let agent = HeaderValue::from_str(agent).unwrap();
            let asked = HeaderMap::from_iter([(USER_AGENT, agent), (COOKIE, kept)]);
            let (mut begun, mut ended) = (HeaderMap::new(), HeaderMap::new());
            set(&mut begun, &asked, "1", "v", false);
            clear(&mut ended, &asked, "1");
            let (begun, ended) = (set_names(&begun), set_names(&ended));
            for cookies in [&begun, &ended] {
                assert_eq!(cookies.len(), 2, "{cookies:?}");
                assert!(
                    cookies[1].ends_with("; HttpOnly; SameSite=None; Partitioned"),
                    "{cookies:?}"
                );
            }
            let has = |cookies: &[String]| cookies[0].ends_with("; HttpOnly; SameSite=None");
            let is_without = |cookies: &[String]| cookies[0].ends_with("; Secure; HttpOnly");
            assert!(has(&begun) || is_without(&begun), "{begun:?}");
            assert!(has(&ended) || is_without(&ended), "{ended:?}");
            assert_eq!(has(&begun), has(&ended), "{ended:?}");
            has(&begun)
        };
        for old in [
            format!(
                "Mozilla/5.0 (iPad; CPU OS 12_5_7 like Mac OS X) {webkit} Version/12.1.2 Mobile/15E148 Safari/604.1"
            ),
            format!(
                "Mozilla/5.0 (iPhone; CPU iPhone OS 12_0 like Mac OS X) {webkit} CriOS/70.0 Mobile/15E148 Safari/605.1"
            ),
            format!(
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_14_6) {webkit} Version/12.1.2 Safari/605.1.15"
            ),
            chrome(51),
            chrome(66),
        ] {
            assert!(!plain(&old), "{old}");
        }
        for other in [
            format!("Mozilla/5.0 (iPad; CPU OS 13_2 like Mac OS X) {webkit} Version/13.0 Mobile/15E148 Safari/604.1"),
            format!("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {webkit} Version/18.0 Safari/605.1.15"),
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_14_6) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/116.0.0.0 Safari/537.36".to_owned(),
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.14; rv:115.0) Gecko/20100101 Firefox/115.0".to_owned(),
            chrome(50),
            chrome(67),
            "curl/8".to_owned(),
        ] {
            assert!(plain(&other), "{other}");
        }
    }

    #[cases("TC-031")]
    #[test]
    fn sixty_logins_leave_a_small_header() {
        let (random, mut jar) = (Random::default(), Vec::<String>::new());
        // All within one second.
        let logins: Vec<String> = (0..60)
            .map(|after| new_login_id(1_795_000_000_000 + after, random.bytes()))
            .collect();
        for login_id in &logins {
            let mut asked = HeaderMap::new();
            asked.insert(COOKIE, jar.join("; ").parse().unwrap());
            assert!(jar.join("; ").len() < 6144, "{}", jar.join("; ").len());
            let mut answer = HeaderMap::new();
            set(&mut answer, &asked, login_id, &random.token(), true);
            for cookie in set_names(&answer) {
                let (name, _) = cookie.split_once('=').unwrap();
                jar.retain(|kept| !kept.starts_with(&format!("{name}=")));
                if !cookie.contains("Max-Age=0") {
                    jar.push(cookie.split(';').next().unwrap().to_owned());
                }
            }
        }
        let kept: Vec<&str> = jar
            .iter()
            .filter_map(|cookie| cookie.split_once('=')?.0.strip_prefix(PLAIN))
            .collect();
        let newest = logins.iter().skip(60 - OPEN_LOGINS);
        assert_eq!(kept, newest.collect::<Vec<_>>());
        assert_eq!(jar.len(), OPEN_LOGINS * 3);
    }

    #[test]
    fn any_twin_binds_and_nothing_else_does() {
        let asked =
            |text: &str| HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(text).unwrap())]);
        for (cookie, kind) in [
            ("__Host-lti_st_7=v", Binding::Cookie),
            ("__Host-lti_sp_7=v; __Host-lti_st_7=v", Binding::Cookie),
            ("a=b; __Host-lti_sp_7=v", Binding::Partitioned),
            ("lti_st_7=v", Binding::Developer),
        ] {
            assert_eq!(
                found(&asked(cookie), "7", "v", true),
                Some(kind),
                "{cookie}"
            );
        }
        assert_eq!(found(&asked("lti_st_7=v"), "7", "v", false), None);
        for cookie in ["__Host-lti_st_8=v", "__Host-lti_st_7=w", "lti_st_7=", "x=v"] {
            assert_eq!(found(&asked(cookie), "7", "v", true), None, "{cookie}");
        }
    }
}
