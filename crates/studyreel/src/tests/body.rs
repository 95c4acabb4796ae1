//! The body as a whole, and the answer to it.

use serde_json::json;
use test_case::cases;

use super::*;

#[test]
fn the_printed_example_within_its_hour() {
    let launch = ok(&printed());
    assert_eq!(launch.issuer, "https://studyreel.alpha1edtech.com");
    assert_eq!(launch.deployment_id, "U3BhcnNoJ3MgdGVzdCBhcHAgNjoxLjM=");
    assert_eq!(launch.subject_key, "student@studyreel.com");
    assert_eq!(names(&launch), (Some("John"), Some("Doe")));
    assert_eq!(launch.resource_link_id, "default");
    assert_eq!(launch.target_link_uri, "studyreel://learn");
    assert_eq!(launch.token_id, "4556");
    assert_eq!(
        (launch.issued_at, launch.expires_at),
        (PRINTED_IAT, PRINTED_IAT + 3600)
    );
    assert_eq!(launch.replayable_until, PRINTED_IAT + 3720);
    assert_eq!(launch.acquisition_source.as_deref(), Some("StudyReel"));
    assert_eq!(launch.learning_blocks, LearningBlocks::default());
    let report = &launch.placement;
    assert_eq!(report.age_grade.value, Some(5));
    let values = Subject::ALL.map(|s| (report.subject(s).grade.value, report.subject(s).rit.value));
    let printed = [
        (Some(5), Some(190)),
        (Some(5), Some(170)),
        (Some(6), Some(180)),
        (None, None),
    ];
    assert_eq!(values, printed);
    assert_eq!(report.reading.grade.raw.as_deref(), Some("null"));
    assert_eq!(report.reading.grade.warning, None);
}

#[cases("STUDYREEL-12", "STUDYREEL-13")]
#[test]
fn unknown_members_order_and_blanks_do_not_matter() {
    let mut more = with(
        "nested",
        json!({"sub": "someone else", "deep": [[1, 2], {"iss": null}]}),
    );
    more["flat"] = json!(1);
    assert_eq!(ok(&more), ok(&printed()));

    let members: Vec<_> = printed()
        .as_object()
        .unwrap()
        .clone()
        .into_iter()
        .rev()
        .collect();
    let reversed = Value::Object(members.into_iter().collect());
    assert_eq!(
        receive(&serde_json::to_vec_pretty(&reversed).unwrap()),
        Ok(ok(&printed()))
    );
    assert_eq!(receive(&appended(r#""x": 1, "x": 2"#)), Ok(ok(&printed())));
}

#[cases("STUDYREEL-60")]
#[test]
fn a_body_that_is_not_one_object_is_refused() {
    let truncated = &PRINTED_EXAMPLE.as_bytes()[..200];
    let mut invalid = PRINTED_EXAMPLE.as_bytes().to_vec();
    invalid[20] = 0xff;
    let bodies: [&[u8]; 12] = [
        b"",
        b" ",
        b"[]",
        b"\"x\"",
        b"null",
        b"{",
        b"{}}",
        b"{'a':1}",
        b"{\"a\":1,}",
        b"{\"a\":01}",
        truncated,
        &invalid,
    ];
    for body in bodies {
        let refusal = receive(body).unwrap_err();
        assert_eq!(
            refusal.code().name(),
            "malformed_json",
            "{}",
            body.escape_ascii()
        );
    }
    assert_eq!(
        receive(b"{}"),
        Err(PayloadRefusal::MissingField("messageType"))
    );
    for member in REQUIRED_MEMBERS {
        let twice = appended(&format!(r#""{member}": "again""#));
        assert_eq!(
            receive(&twice),
            Err(PayloadRefusal::DuplicateMember(member))
        );
    }
    let disguised = appended(r#""s\u0075b": "again""#);
    assert_eq!(
        receive(&disguised),
        Err(PayloadRefusal::DuplicateMember("sub"))
    );
    let half = PRINTED_EXAMPLE.replace("\"Student\"", r#""\ud800""#);
    assert_eq!(
        receive(half.as_bytes()),
        Err(PayloadRefusal::BrokenText("role"))
    );
}

#[cases("STUDYREEL-61")]
#[test]
fn deep_nesting_is_refused_without_recursion() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("\"deep\":{}1{}", open.repeat(10_000), close.repeat(10_000));
        assert_eq!(receive(&appended(&deep)), Err(PayloadRefusal::TooDeep));
        assert_eq!(
            receive(open.repeat(1_000_000).as_bytes()),
            Err(PayloadRefusal::TooDeep)
        );
    }
    receive(&appended(
        r#""brackets": "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"[[[[[[""#,
    ))
    .unwrap();
}

#[cases("STUDYREEL-64")]
#[test]
fn refusals_repeat_nothing_from_the_payload() {
    for member in REQUIRED_MEMBERS {
        for value in [json!("zqx\u{1}zqx"), json!(["zqx"]), json!({"zqx": 1})] {
            if let Err(refusal) = launch(&with(member, value)) {
                assert!(
                    !format!("{refusal} {refusal:?}").contains("zqx"),
                    "{refusal:?}"
                );
            }
        }
    }
    let launch = ok(&printed());
    assert!(!format!("{launch:?}").contains("student@"));
}

fn refused(refusal: PayloadRefusal) -> RefusalAnswer {
    RefusalAnswer {
        message: refusal.to_string(),
        code: refusal.code().name().to_owned(),
        request_id: "r1".to_owned(),
    }
}

#[test]
fn the_answer_has_the_five_documented_members() {
    let answer = LaunchAnswer::new("u1".into(), UserType::New, "https://app.example/l".into());
    assert_eq!(
        STUDYREEL.accept(&answer),
        json!({
            "status": "success", "message": "Student signed up and login token generated.",
            "userID": "u1", "userType": "new", "loginLink": "https://app.example/l"
        })
    );
    let error = refused(PayloadRefusal::MissingField("sub"));
    assert_eq!(
        STUDYREEL.refuse(&error),
        json!({
            "status": "error", "message": "Required member 'sub' is missing.",
            "code": "missing_field", "requestId": "r1"
        })
    );
}

#[test]
fn magic_link_answers_match_its_known_receivers_answers() {
    let answer = LaunchAnswer::new("u1".into(), UserType::New, "https://app.example/l".into());
    let mut expected = STUDYREEL.accept(&answer);
    expected["user"] = json!({"userId": "u1"});
    assert_eq!(MAGIC_LINK.accept(&answer), expected);
    let error = refused(PayloadRefusal::MissingField("sub"));
    let mut expected = STUDYREEL.refuse(&error);
    expected["error"] = json!("Required member 'sub' is missing.");
    assert_eq!(MAGIC_LINK.refuse(&error), expected);
}

#[test]
fn dialects_are_found_by_names_that_differ_and_fit_an_address() {
    for dialect in Dialect::ALL {
        assert!(std::ptr::eq(Dialect::named(dialect.name).unwrap(), dialect));
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        assert!(dialect.name.bytes().all(fits), "{}", dialect.name);
    }
    assert!(Dialect::named("StudyReel").is_none());
}
