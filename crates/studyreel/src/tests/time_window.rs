//! The times of a launch against the clock.

use jiff::tz::Offset;
use serde_json::json;
use test_case::cases;

use super::*;

fn with_times(iat: i64, exp: i64) -> Value {
    let mut body = with("iat", iat);
    body["exp"] = exp.into();
    body
}

#[cases("STUDYREEL-47")]
#[test]
fn an_expired_launch_is_refused_after_the_skew() {
    assert_eq!(code(&with_times(NOW - 7200, NOW - 3600)), "expired");
    assert_eq!(code(&with_times(NOW - 3600, NOW - 120)), "accepted");
    assert_eq!(code(&with_times(NOW - 3600, NOW - 121)), "expired");
}

#[cases("STUDYREEL-48")]
#[test]
fn a_launch_issued_in_the_future_is_refused() {
    assert_eq!(code(&with_times(NOW + 3600, NOW + 7200)), "not_yet_valid");
    assert_eq!(code(&with_times(NOW + 5, NOW + 3605)), "accepted");
    assert_eq!(code(&with_times(NOW + 120, NOW + 3720)), "accepted");
    assert_eq!(code(&with_times(NOW + 121, NOW + 3721)), "not_yet_valid");
}

#[cases("STUDYREEL-49")]
#[test]
fn lifetimes_over_a_day_or_below_zero_are_refused() {
    assert_eq!(code(&with_times(NOW, NOW)), "invalid_timestamp");
    assert_eq!(code(&with_times(NOW, NOW - 1)), "invalid_timestamp");
    assert_eq!(
        code(&with_times(NOW, NOW + 365 * 86_400)),
        "invalid_timestamp"
    );
    assert_eq!(code(&with_times(NOW, NOW + 86_400)), "accepted");
    assert_eq!(code(&with_times(NOW, NOW + 86_401)), "invalid_timestamp");
}

#[test]
fn a_launch_in_the_hour_that_comes_twice_is_taken() {
    let zone = TimeZone::get("America/Chicago").unwrap();
    let mut expected = expected();
    expected.time_zone = &zone;
    // 06:30 UTC; an hour later the clocks there show the same time again.
    let mut body = with("iat", "2026-11-01 01:30:00");
    body["exp"] = "2026-11-01 01:30:00".into();
    let payload = STUDYREEL.parse(body.to_string().as_bytes()).unwrap();
    let now: jiff::Timestamp = "2026-11-01T06:30:05Z".parse().unwrap();
    let launch = check(&payload, &expected, now.as_second()).unwrap();
    assert_eq!(launch.expires_at - launch.issued_at, 3600);
}

#[cases("STUDYREEL-50")]
#[test]
fn garbage_times_are_refused() {
    for member in ["iat", "exp"] {
        for time in [
            json!("garbage"),
            json!("2024-09-19"),
            json!("null"),
            json!(true),
            json!(-5),
        ] {
            assert_eq!(
                code(&with(member, time.clone())),
                "invalid_timestamp",
                "{member} = {time}"
            );
        }
    }
    let endless = PRINTED_EXAMPLE.replace(r#""2024-09-19 04:14:07""#, "1e999");
    assert_eq!(
        receive(endless.as_bytes()),
        Err(PayloadRefusal::UnreadableTime("exp"))
    );
}

#[test]
fn a_wrong_zone_shows_in_the_delta_and_the_setting_mends_it() {
    let payload = STUDYREEL.parse(PRINTED_EXAMPLE.as_bytes()).unwrap();
    let zone = TimeZone::fixed(Offset::from_hours(-5).unwrap());
    let central_now = NOW + 5 * 3600;
    let under_utc = check(&payload, &expected(), central_now);
    assert_eq!(
        under_utc,
        Err(PayloadRefusal::Expired {
            seconds_ago: 4 * 3600 + 10
        })
    );
    check(
        &payload,
        &PayloadRules {
            time_zone: &zone,
            ..expected()
        },
        central_now,
    )
    .unwrap();
}

#[test]
fn the_age_limit_is_optional() {
    let body = with_times(NOW - 4000, NOW + 4000).to_string();
    let payload = STUDYREEL.parse(body.as_bytes()).unwrap();
    check(&payload, &expected(), NOW).unwrap();
    let limited = PayloadRules {
        max_age_seconds: Some(3600),
        ..expected()
    };
    assert_eq!(
        check(&payload, &limited, NOW),
        Err(PayloadRefusal::TooOld { seconds_old: 4000 })
    );
    check(&payload, &limited, NOW - 280).unwrap();
}

#[cases("STUDYREEL-52")]
#[test]
fn the_printed_example_is_stale_except_in_the_sandbox() {
    let today = PRINTED_IAT + 2 * 365 * 86_400;
    let payload = STUDYREEL.parse(PRINTED_EXAMPLE.as_bytes()).unwrap();
    let sandbox = PayloadRules {
        sandbox: true,
        max_age_seconds: Some(3600),
        ..expected()
    };
    assert_eq!(
        check(&payload, &expected(), today)
            .unwrap_err()
            .code()
            .name(),
        "expired"
    );
    let launch = check(&payload, &sandbox, today).unwrap();
    assert_eq!(launch.replayable_until, today + 86_400);

    for (body, code) in [
        (with_times(today + 3600, today + 7200), "not_yet_valid"),
        (with_times(today, today), "invalid_timestamp"),
        (with("iss", "https://evil.example"), "unknown_issuer"),
        (with("role", "Teacher"), "role_not_allowed"),
    ] {
        let payload = STUDYREEL.parse(body.to_string().as_bytes()).unwrap();
        assert_eq!(
            check(&payload, &sandbox, today).unwrap_err().code().name(),
            code
        );
    }
}
