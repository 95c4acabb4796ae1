//! The cookies that bind a login to the browser it began in: one set a login, so that four frames of a page don't
//! disturb each other (lti.md A-39, C-01 to C-03).
//!
//! A plain and a partitioned twin with `SameSite=None; Secure`; on a developer's loopback address also a `Lax` one
//! without `Secure`, for command-line clients.

use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};

use crate::kit::clock::Random;
use crate::traces::Binding;

/// How long a login may take, in seconds: the platform may send the person through its own sign-in.
pub(crate) const LOGIN_SECONDS: i64 = 600;
/// Logins a browser may have open at once: a page of a course may frame many links. Beyond that the oldest is given up,
/// so that a request's cookies stay below 6 KiB.
const OPEN_LOGINS: usize = 24;

const PLAIN: &str = "__Host-lti_st_";
const PARTITIONED: &str = "__Host-lti_sp_";
const DEVELOPER: &str = "lti_st_";

/// A new login's id: sorts by time, so that the oldest can be told, also among the frames of one page.
pub(super) fn new_login_id(now_ms: i64, random: &Random) -> String {
    format!("{now_ms:011x}{:08x}", u32::from_le_bytes(random.bytes()))
}

fn append(headers: &mut HeaderMap, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        headers.append(SET_COOKIE, value);
    }
}

/// Sets a login's cookies, and drops those of the oldest logins where there are too many.
pub(super) fn set(
    answer: &mut HeaderMap,
    asked: &HeaderMap,
    login_id: &str,
    value: &str,
    developer_mode: bool,
) {
    append(
        answer,
        &format!(
            "{PLAIN}{login_id}={value}; Path=/; Max-Age={LOGIN_SECONDS}; Secure; HttpOnly; SameSite=None"
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
    // A few at a time, so that the header stays small; the next login drops the rest.
    for login_id in open.into_iter().take(too_many.min(2)) {
        clear(answer, asked, login_id);
    }
}

/// The cookie in which the browser sent the login's value; the plain one before its twins.
pub(super) fn found(
    asked: &HeaderMap,
    login_id: &str,
    value: &str,
    developer_mode: bool,
) -> Option<Binding> {
    let of_login = sent(asked).filter(|(name, sent)| {
        // A neighbouring host can set a cookie without the prefix; only a developer's machine may be believed one.
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

/// Removes a login's cookies, as far as the browser sent them.
pub(super) fn clear(answer: &mut HeaderMap, asked: &HeaderMap, login_id: &str) {
    for (name, _) in sent(asked).filter(|(name, _)| login_of(name) == Some(login_id)) {
        let kind = match name {
            _ if name.starts_with(PLAIN) => "Secure; HttpOnly; SameSite=None",
            _ if name.starts_with(PARTITIONED) => "Secure; HttpOnly; SameSite=None; Partitioned",
            _ => "HttpOnly; SameSite=Lax",
        };
        append(answer, &format!("{name}=; Path=/; Max-Age=0; {kind}"));
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

    #[cases("TC-031")]
    #[test]
    fn sixty_logins_leave_a_small_header() {
        let (random, mut jar) = (Random::default(), Vec::<String>::new());
        // All within one second.
        let logins: Vec<String> = (0..60)
            .map(|after| new_login_id(1_795_000_000_000 + after, &random))
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
