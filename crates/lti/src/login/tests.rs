#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use proptest::prelude::*;
use test_case::cases;

use super::*;

const GOOD: [(&str, &str); 4] = [
    ("iss", "https://p1.test"),
    ("login_hint", "u-77"),
    ("target_link_uri", "https://tool.test/lti/launch"),
    ("client_id", "c1"),
];

fn with<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    GOOD.iter().chain(more).copied().collect()
}

fn request<'a>(hint: Option<&'a str>) -> AuthenticationRequest<'a> {
    AuthenticationRequest {
        client_id: "c1",
        redirect_uri: "https://tool.test/lti/launch",
        login_hint: "ü+%2B &=#\u{1F600}",
        lti_message_hint: hint,
        state: "s",
        nonce: "n",
    }
}

fn decoded(url: &Url) -> Vec<(String, String)> {
    url.query_pairs().into_owned().collect()
}

#[cases("TC-003", "TC-004", "TC-005")]
#[test]
fn a_missing_or_empty_parameter_is_named() {
    for name in ["iss", "login_hint", "target_link_uri"] {
        let without: Vec<_> = GOOD.into_iter().filter(|(n, _)| *n != name).collect();
        let missing = LoginRequest::from_pairs(without).unwrap_err();
        assert_eq!(missing, LoginError::Missing(name));
        assert_eq!(missing.status(), 400);
        let empty: Vec<_> = GOOD
            .into_iter()
            .map(|(n, v)| (n, if n == name { "" } else { v }))
            .collect();
        assert_eq!(
            LoginRequest::from_pairs(empty),
            Err(LoginError::Missing(name))
        );
    }
}

#[cases("TC-009")]
#[test]
fn unknown_parameters_are_ignored() {
    let pairs = with(&[("foo", "1"), ("foo", "2"), ("deployment_id", "9")]);
    let login = LoginRequest::from_pairs(pairs).unwrap();
    assert_eq!(login.deployment_id, None);
    assert_eq!(login.client_id.as_deref(), Some("c1"));
}

#[cases("TC-010", "TC-011")]
#[test]
fn repeated_parameters_are_refused() {
    for name in ["iss", "client_id", "target_link_uri", "login_hint"] {
        let pairs = with(&[(name, "again")]);
        assert_eq!(
            LoginRequest::from_pairs(pairs),
            Err(LoginError::Repeated(name))
        );
    }
    for name in ["state", "lti_message_hint", "lti_deployment_id"] {
        let pairs = with(&[(name, ""), (name, "")]);
        assert_eq!(
            LoginRequest::from_pairs(pairs),
            Err(LoginError::Repeated(name))
        );
    }
}

#[cases("TC-032")]
#[test]
fn parameter_sizes_are_bounded() {
    let long = "x".repeat(MAX_LOGIN_HINT_BYTES + 1);
    let pairs = [("login_hint", long.as_str())];
    assert_eq!(
        LoginRequest::from_pairs(pairs),
        Err(LoginError::TooLong("login_hint"))
    );
    let long = "x".repeat(MAX_MESSAGE_HINT_BYTES);
    assert!(LoginRequest::from_pairs(with(&[("lti_message_hint", &long)])).is_ok());
    let long = "x".repeat(MAX_REQUEST_BYTES);
    let refused = LoginRequest::from_pairs(with(&[("foo", &long)])).unwrap_err();
    assert_eq!((refused, refused.status()), (LoginError::TooLarge, 413));
}

#[cases("A-38")]
#[test]
fn what_a_login_may_bring_comes_back_in_its_state() {
    let id = "d".repeat(MAX_ID_BYTES);
    assert!(LoginRequest::from_pairs(with(&[("lti_deployment_id", &id)])).is_ok());
    // A token could not contain a longer one.
    let id = "d".repeat(MAX_ID_BYTES + 1);
    assert_eq!(
        LoginRequest::from_pairs(with(&[("lti_deployment_id", &id)])),
        Err(LoginError::TooLong("lti_deployment_id"))
    );
    let state = "s".repeat(MAX_STATE_BYTES);
    assert!(LaunchForm::from_pairs([("id_token", "a.b.c"), ("state", &state)]).is_ok());
    let state = "s".repeat(MAX_STATE_BYTES + 1);
    assert_eq!(
        LaunchForm::from_pairs([("id_token", "a.b.c"), ("state", &state)]),
        Err(LoginError::TooLong("state"))
    );
}

#[cases("A-31")]
#[test]
fn a_hint_that_would_come_back_changed_is_refused() {
    let lossy = |query: &str| {
        let pairs = url::form_urlencoded::parse(query.as_bytes());
        LoginRequest::from_pairs(pairs)
    };
    let login = "iss=i&target_link_uri=t&login_hint=";
    for (query, name) in [
        (format!("{login}M%FCller"), "login_hint"),
        (format!("{login}7&lti_message_hint=%ff"), "lti_message_hint"),
    ] {
        let refused = lossy(&query).unwrap_err();
        assert_eq!(refused, LoginError::NotText(name));
        assert_eq!(refused.status(), 400);
    }
    assert_eq!(
        lossy(&format!("{login}M%C3%BCller")).unwrap().login_hint,
        "Müller"
    );
}

#[cases("TC-034")]
#[test]
fn a_login_without_parameters_is_refused() {
    let none: [(&str, &str); 0] = [];
    assert_eq!(LoginRequest::from_pairs(none), Err(LoginError::Empty));
    assert_eq!(
        LoginRequest::from_pairs([("x", "y")]),
        Err(LoginError::Empty)
    );
}

#[test]
fn control_characters_in_identifiers_are_refused() {
    assert_eq!(
        LoginRequest::from_pairs([("iss", "https://p1.test\0")]),
        Err(LoginError::Malformed("iss"))
    );
}

#[cases("TC-001")]
#[test]
fn all_parameters_are_sent() {
    let url = request(None).url(&Url::parse("https://p1.test/auth").unwrap());
    let names: Vec<_> = decoded(&url).into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        names,
        [
            "scope",
            "response_type",
            "response_mode",
            "prompt",
            "client_id",
            "redirect_uri",
            "login_hint",
            "state",
            "nonce"
        ]
    );
}

#[cases("TC-006", "TC-008")]
#[test]
fn hints_go_back_byte_for_byte() {
    let hint = r#"{"cmid":12,"launchid":"lti launch+4/=%"}"#;
    let url = request(Some(hint)).url(&Url::parse("https://p1.test/auth").unwrap());
    let pairs = decoded(&url);
    assert!(pairs.contains(&("lti_message_hint".into(), hint.into())));
    assert!(pairs.contains(&("login_hint".into(), "ü+%2B &=#\u{1F600}".into())));
}

#[cases("TC-007")]
#[test]
fn an_absent_message_hint_stays_absent() {
    let url = request(None).url(&Url::parse("https://p1.test/auth").unwrap());
    assert!(!url.as_str().contains("lti_message_hint"));
    let login = LoginRequest::from_pairs(with(&[("lti_message_hint", "")])).unwrap();
    assert_eq!(login.lti_message_hint.as_deref(), Some(""));
}

#[cases("TC-027")]
#[test]
fn an_existing_query_is_kept() {
    let url = request(None).url(&Url::parse("https://p1.test/auth?x=%7e1#f").unwrap());
    assert!(
        url.as_str()
            .starts_with("https://p1.test/auth?x=%7e1&scope=openid&")
    );
    assert_eq!(url.fragment(), None);
}

#[cases("TC-045")]
#[test]
fn token_and_error_together_are_refused() {
    let pairs = [("id_token", "a.b.c"), ("error", "x"), ("state", "s")];
    assert_eq!(
        LaunchForm::from_pairs(pairs),
        Err(LoginError::TokenAndError)
    );
}

#[cases("TC-048", "TC-056")]
#[test]
fn exactly_one_state_and_one_token_are_required() {
    assert_eq!(
        LaunchForm::from_pairs([("id_token", "a.b.c")]),
        Err(LoginError::Missing("state"))
    );
    assert_eq!(
        LaunchForm::from_pairs([("id_token", "a"), ("state", "s"), ("id_token", "b")]),
        Err(LoginError::Repeated("id_token"))
    );
    assert_eq!(
        LaunchForm::from_pairs([("state", "s")]),
        Err(LoginError::Missing("id_token"))
    );
}

#[cases("TC-041", "TC-042")]
#[test]
fn platform_errors_are_read() {
    let form = LaunchForm::from_pairs([
        ("error", "login_required"),
        ("error_description", "<script>\n\u{7}x"),
        ("state", "s"),
    ]);
    let Ok(LaunchForm::Error { error, state }) = form else {
        panic!("{form:?}");
    };
    assert_eq!(state, "s");
    assert!(error.code.suggests_new_window());
    assert_eq!(error.description.as_deref(), Some("<script>x"));
}

#[test]
fn error_codes_go_there_and_back() {
    for (name, code) in PlatformErrorCode::KNOWN {
        assert_eq!(code.name(), name);
    }
    assert_eq!(PlatformErrorCode::from_name("odd\0").name(), "odd");
}

proptest! {
    #[test]
    fn never_panics(pairs in proptest::collection::vec(("[a-z_]{0,18}", ".{0,40}"), 0..8)) {
        let _ = LoginRequest::from_pairs(pairs.clone());
        let _ = LaunchForm::from_pairs(pairs);
    }

    #[test]
    fn hints_survive(hint in any::<String>()) {
        let endpoint = Url::parse("https://p1.test/auth").unwrap();
        let url = request(Some(&hint)).url(&endpoint);
        prop_assert!(decoded(&url).contains(&("lti_message_hint".into(), hint)));
    }
}

#[test]
fn a_launch_of_the_old_version_is_told_from_an_empty_request() {
    let old = [
        ("lti_message_type", "basic-lti-launch-request"),
        ("lti_version", "LTI-1p0"),
        ("oauth_consumer_key", "school-7"),
    ];
    for one in old {
        let form = [one, ("resource_link_id", "1")];
        assert_eq!(LaunchForm::from_pairs(form), Err(LoginError::OldVersion));
        assert_eq!(LoginRequest::from_pairs(form), Err(LoginError::OldVersion));
    }
    // Together with a token or an error they are ignored.
    let token = [old[0], ("id_token", "a.b.c"), ("state", "s")];
    assert!(LaunchForm::from_pairs(token).is_ok());
    let other = [("lti_version", "1.3.0"), ("x", "1")];
    let missing = Err(LoginError::Missing("id_token"));
    assert_eq!(LaunchForm::from_pairs(other), missing);
    assert_eq!(LoginRequest::from_pairs(other), Err(LoginError::Empty));
}

#[test]
fn a_login_and_a_launch_at_each_others_address_are_told() {
    let login = [
        ("iss", "https://p1.test"),
        ("login_hint", "42"),
        ("target_link_uri", "https://tool.test/"),
    ];
    let swapped = Err(LoginError::LoginElsewhere);
    assert_eq!(LaunchForm::from_pairs(login), swapped);
    assert_eq!(LaunchForm::from_pairs([login[0], login[1]]), swapped);
    // A token or an error may be accompanied by the issuer.
    let token = [login[0], login[1], ("id_token", "a.b.c"), ("state", "s")];
    assert!(LaunchForm::from_pairs(token).is_ok());
    let error = [
        login[0],
        login[1],
        ("error", "login_required"),
        ("state", "s"),
    ];
    assert!(LaunchForm::from_pairs(error).is_ok());
    for half in [[login[0], ("login_hint", "")], [("iss", ""), login[1]]] {
        let missing = Err(LoginError::Missing("id_token"));
        assert_eq!(LaunchForm::from_pairs(half), missing, "{half:?}");
    }

    let long = "a".repeat(2 * MAX_REQUEST_BYTES);
    let swapped = Err(LoginError::LaunchElsewhere);
    for launch in [
        vec![("id_token", "a.b.c"), ("state", "s")],
        vec![
            ("id_token", &*long),
            ("state", &long[..MAX_STATE_BYTES - 100]),
        ],
        vec![("id_token", "a.b.c"), ("iss", "")],
        vec![("error", "login_required"), ("state", "s")],
    ] {
        assert_eq!(LoginRequest::from_pairs(launch), swapped);
    }
    let both = [
        login[0],
        login[1],
        login[2],
        ("id_token", "a.b.c"),
        ("state", "s"),
    ];
    assert!(LoginRequest::from_pairs(both).is_ok());
    let empty = [("id_token", ""), ("state", "")];
    assert_eq!(
        LoginRequest::from_pairs(empty),
        Err(LoginError::Missing("iss"))
    );
}
