//! From sources to a checked configuration.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use super::*;

fn load(
    flags: &[(&str, &str)],
    environment: &[(&str, &str)],
    file: Option<&str>,
) -> Result<Config, String> {
    let pairs = |list: &[(&str, &str)]| {
        list.iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect::<Vec<_>>()
    };
    Config::load(&Sources {
        flags: pairs(flags).into_iter().collect(),
        environment: pairs(environment),
        file: file.map(|text| (PathBuf::from("hallpass.toml"), text.to_owned())),
        again: false,
    })
    .map_err(|error| error.to_string())
}

#[test]
fn a_flag_beats_the_environment_which_beats_the_file() {
    let file = "listen = \"127.0.0.1:1\"\nlog_level = \"warn\"\n";
    let config = load(
        &[("listen", "127.0.0.1:3")],
        &[("HALLPASS_LISTEN", "127.0.0.1:2")],
        Some(file),
    )
    .unwrap();
    assert_eq!(config.listen.port(), 3);
    let config = load(
        &[],
        &[("HALLPASS_LISTEN", "127.0.0.1:2"), ("PATH", "/bin")],
        Some(file),
    )
    .unwrap();
    assert_eq!(
        (config.listen.port(), config.log_level.as_str()),
        (2, "warn")
    );
    assert_eq!(load(&[], &[], Some(file)).unwrap().listen.port(), 1);
    assert_eq!(
        load(&[], &[], None).unwrap().database_url,
        "sqlite:./hallpass-data/hallpass.db"
    );
}

#[test]
fn what_is_no_toml_is_told_in_short() {
    let error = load(
        &[],
        &[],
        Some("public_url = \"http://127.0.0.1:1\"\nlisten = 127.0.0.1:80"),
    )
    .unwrap_err();
    assert!(error.contains("line 2: "), "{error}");
    assert!(!error.contains("expected"), "{error}");
}

#[test]
fn unknown_names_are_named_with_their_source() {
    for (result, name, origin) in [
        (
            load(&[], &[], Some("lisen = \"x\"")),
            "\"lisen\"",
            "hallpass.toml",
        ),
        (
            load(&[], &[("HALLPASS_LISEN", "x")], None),
            "\"lisen\"",
            "HALLPASS_LISEN",
        ),
        (load(&[("lisen", "x")], &[], None), "\"lisen\"", "--lisen"),
        (
            load(&[], &[], Some("[tool]\nlaunchURL = \"http://127.0.0.1/\"")),
            "launchURL",
            "hallpass.toml",
        ),
        (
            load(&[], &[], Some("[tool.launch]\nleeway = 5")),
            "launch.leeway",
            "hallpass.toml",
        ),
    ] {
        let error = result.unwrap_err();
        assert!(error.contains(name) && error.contains(origin), "{error}");
    }
}

#[test]
fn bad_values_are_named_with_what_to_do() {
    for (key, value, words) in [
        ("listen", "here", "address and a port"),
        ("public_url", "http://lti.example.com", "must be https"),
        (
            "public_url",
            "https://lti.example.com/path",
            "host and port only",
        ),
        (
            "public_url",
            "http://127.0.0.1.example.com",
            "must be https",
        ),
        ("database_url", "mysql://x", "postgres://"),
        (
            "database_pooler",
            "statement",
            "none, session or transaction",
        ),
        (
            "database_pooler",
            "transaction",
            "needs database_direct_url",
        ),
        ("database_direct_url", "sqlite:x", "postgres://"),
        ("database_pooler", "session", "is for PostgreSQL"),
        ("database_direct_url", "postgres://h/d", "is for PostgreSQL"),
        ("data_dir", "", "name a folder"),
        ("database_url", "sqlite:", "names no file"),
        ("database_url", "sqlite://", "names no file"),
        ("database_url", "sqlite:a.db?mode=x", "a parameter"),
        ("database_url", "postgres://u:pa/s@h/d", "percent-encode"),
        ("database_url", "postgres://u:pa#s@h/d", "percent-encode"),
        ("database_url", "postgres://u:12#s@h/d", "percent-encode"),
        ("database_url", "postgres://u:12?s@h/d", "percent-encode"),
        ("database_url", "postgres://h/d?sslmode=yes", "verify-full"),
        ("database_url", "postgres://h/d?port=x", "a parameter"),
        ("public_url", "https://lti.example.com:0", "not 0"),
        ("log_format", "xml", "text or json"),
        ("outbound_allow", "10.0.0.0/99", "10.0.0.0/99"),
        ("trusted_proxies", "10.0.0.1, proxy.test", "proxy.test"),
        ("forwarded_header", "x-real-ip", "x-forwarded-for or"),
        ("bootstrap_api_key", "short", "at least 16"),
        ("bootstrap_api_key", "with:a:colon:inside", "no colon"),
        (
            "bootstrap_api_key",
            "with,a,comma,inside",
            "no colon, comma",
        ),
        ("bootstrap_api_key", "schlüssel-der-nie-passt", "ASCII"),
        ("bootstrap_api_key", "with-a-tab\tinside-it", "blank"),
        ("bootstrap_admin_password", "horse12345", "12 characters"),
        ("bootstrap_admin_password", "111111111111", "different"),
        ("bootstrap_admin_password", "Admin of 2026!", "login"),
        ("tls_cert", "cert.pem", "tls_key"),
        (
            "portal_oidc_issuer",
            "Google",
            "https://accounts.google.com",
        ),
        (
            "portal_oidc_issuer",
            "https://idp.example?realm=1",
            "the provider's issuer",
        ),
        ("portal_oidc_issuer", "ftp://idp.example", "https://"),
        (
            "portal_oidc_issuer",
            "https://me:pw@idp.example",
            "no user name",
        ),
        (
            "portal_oidc_issuer",
            "https://idp.example/.well-known/openid-configuration",
            "leave /.well-known",
        ),
        (
            "portal_oidc_issuer",
            "https://login.microsoftonline.com/common/v2.0",
            "id of your own tenant",
        ),
        (
            "portal_oidc_issuer",
            "https://idp.example",
            "portal_oidc_client_id",
        ),
        ("portal_oidc_client_id", "", "is empty"),
        (
            "portal_oidc_client_id",
            "portal",
            "needs portal_oidc_issuer",
        ),
        ("portal_oidc_client_secret", " ", "is empty"),
        ("portal_oidc_client_secret", "s", "needs portal_oidc_issuer"),
        ("portal_oidc_label", "", "1 to 40 characters"),
        (
            "portal_oidc_domains",
            "school.example, school",
            "\"school\"",
        ),
        ("portal_oidc_domains", "@school.example", "no domain"),
        ("portal_oidc_role", "owner", "viewer, support or registrar"),
        ("portal_oidc_unverified", "yes", "refused or taken"),
        ("portal_oidc_passwords", "no", "kept or off"),
        ("idle_timeout", "0", "1 to 3600"),
        ("idle_timeout", "75s", "number of seconds"),
        ("shutdown_delay", "-1", "0 to 600"),
        ("tool", "[1]", "must be a table"),
        ("tool", "[]", "must be a table"),
        ("tool", "{\"launchUrl\":\"javascript:x\"}", "launchUrl"),
        ("learning_paths", "{}", "[[learning_paths]]"),
        ("learning_paths", "[{\"id\":\"a\"}]", "subject is missing"),
    ] {
        let error = load(&[(key, value)], &[], None).unwrap_err();
        assert!(error.contains(key) && error.contains(words), "{error}");
    }
}

/// A complete provider, plus these settings.
fn load_provider(more: &[(&str, &str)]) -> Result<Config, String> {
    let flags = [
        ("portal_oidc_issuer", "https://idp.example/realms/school"),
        ("portal_oidc_client_id", "hallpass"),
        ("portal_oidc_client_secret", "s3cret"),
    ];
    load(&[&flags[..], more].concat(), &[], None)
}

#[test]
fn a_provider_is_whole_or_named_as_what_is_missing() {
    assert!(load(&[], &[], None).unwrap().oidc().is_none());
    let provider = load_provider(&[]).unwrap().oidc().unwrap();
    assert_eq!(provider.label, "idp.example");
    assert!(
        provider.keeps_passwords && !provider.takes_unverified && provider.can_reauthenticate()
    );
    assert_eq!((provider.domains.len(), provider.role), (0, None));
    let error = load_provider(&[("portal_oidc_role", "viewer")]).unwrap_err();
    assert!(error.contains("needs portal_oidc_domains"), "{error}");
    let domains = (
        "portal_oidc_domains",
        "School.example, staff.school.example",
    );
    let more = [domains, ("portal_oidc_role", "viewer")];
    let provider = load_provider(&more).unwrap().oidc().unwrap();
    assert_eq!(provider.domains, ["school.example", "staff.school.example"]);
    let flags = [
        ("portal_oidc_issuer", "https://idp.example"),
        ("portal_oidc_client_id", "a"),
    ];
    let error = load(&flags, &[], None).unwrap_err();
    assert!(error.contains("needs portal_oidc_client_secret"), "{error}");
}

#[test]
fn a_provider_by_plain_http_is_a_developers() {
    let issuer = ("portal_oidc_issuer", "http://127.0.0.1:8090/realms/school");
    let others = [
        ("portal_oidc_client_id", "a"),
        ("portal_oidc_client_secret", "b"),
        issuer,
    ];
    assert!(load(&others, &[], None).is_ok());
    let public = ("public_url", "https://lti.example.com");
    let error = load(&[&others[..], &[public]].concat(), &[], None).unwrap_err();
    assert!(error.contains("must start with https://"), "{error}");
}

#[test]
fn numbers_need_no_quotes_in_the_file() {
    // The default is longer than the 60 seconds of nginx and AWS (docs/operating.md, "Behind a
    // proxy").
    let config = load(&[], &[], None).unwrap();
    assert_eq!(config.idle_timeout.as_secs(), 75);
    let file = "idle_timeout = 60\nshutdown_delay = \"7\"\n";
    let config = load(&[], &[("HALLPASS_IDLE_TIMEOUT", "61")], Some(file)).unwrap();
    let seconds = [config.idle_timeout, config.shutdown_delay].map(|time| time.as_secs());
    assert_eq!(seconds, [61, 7]);
    let error = load(&[], &[], Some("idle_timeout = true")).unwrap_err();
    assert!(
        error.contains("idle_timeout (hallpass.toml) must be a number"),
        "{error}"
    );
}

#[test]
fn only_a_public_server_waits_before_it_stops() {
    let delay = |url: &str| {
        load(&[("public_url", url)], &[], None)
            .unwrap()
            .shutdown_delay
    };
    assert_eq!(delay("https://lti.example.com").as_secs(), 5);
    assert_eq!(delay("http://127.0.0.1:8080").as_secs(), 0);
}

#[test]
fn settings_that_changed_are_known_by_name() {
    let file = "log_level = 'warn'\n[tool]\nname = 'A'\n";
    let before = load(&[], &[], Some(file)).unwrap();
    assert_eq!(before.differences(&before.clone()), [""; 0]);
    let after = load(
        &[("trusted_proxies", "10.0.0.1")],
        &[],
        Some(&file.replace('A', "B")),
    );
    let changed = before.differences(&after.unwrap());
    assert_eq!(changed, ["trusted_proxies", "tool"]);
}

#[test]
fn learning_paths_come_from_the_file_or_as_json() {
    let file = "[[learning_paths]]\nid = 'm'\nsubject = 'math'\ngrades = [1, 2]\n";
    let config = load(&[], &[], Some(file)).unwrap();
    assert_eq!(config.learning_paths[0].grades.as_slice(), [1, 2]);
    let json = r#"[{"id": "r", "subject": "reading", "grades": ["K"]}]"#;
    let config = load(&[], &[("HALLPASS_LEARNING_PATHS", json)], Some(file)).unwrap();
    assert_eq!(config.learning_paths.len(), 1);
    assert_eq!(config.learning_paths[0].id, "r", "the environment holds");
    let error = load(&[], &[], Some(&file.replace("[1, 2]", "[]"))).unwrap_err();
    assert!(
        error.starts_with(
            "the setting learning_paths (hallpass.toml, line 4) is wrong: learning path 1"
        ),
        "{error}"
    );
}

#[test]
fn a_learning_path_that_is_wrong_is_told_in_words() {
    let file = "[[learning_paths]]\nid = 'm'\nsubject = 'math'\ngrades = [1, 2]\n";
    for (from, to, line, words) in [
        ("id = 'm'", "id = 7", 2, "'id': must be a text"),
        (
            "id = 'm'",
            "id = 'm'\ndiagnostic = 'x'",
            3,
            "'diagnostic': is not a known name; known here: id, subject, ",
        ),
        ("subject = 'math'\n", "", 1, "subject is missing"),
    ] {
        let error = load(&[], &[], Some(&file.replace(from, to))).unwrap_err();
        let place = format!("(hallpass.toml, line {line}) is wrong: learning path 1");
        assert!(
            error.contains(&place) && error.contains(words),
            "{words}: {error}"
        );
        for parsers in ["invalid type", "unknown field", "missing field", "expected"] {
            assert!(!error.contains(parsers), "{parsers}: {error}");
        }
    }
}

#[test]
fn a_secret_may_come_from_a_file() {
    let file = std::env::temp_dir().join(format!("hallpass-secret-{}", std::process::id()));
    std::fs::write(&file, "postgres://u:p@127.0.0.1/db\n").unwrap();
    let config = load(
        &[],
        &[("HALLPASS_DATABASE_URL_FILE", file.to_str().unwrap())],
        None,
    )
    .unwrap();
    std::fs::remove_file(&file).unwrap();
    assert_eq!(config.database_url, "postgres://u:p@127.0.0.1/db");
}

#[test]
fn a_secret_of_a_missing_file_or_given_twice_is_named() {
    let error = load(&[], &[("HALLPASS_SECRET_KEY_FILE", "/none")], None).unwrap_err();
    for named in ["secret_key", "HALLPASS_SECRET_KEY_FILE", "/none"] {
        assert!(error.contains(named), "{error}");
    }
    let plain = ("HALLPASS_DATABASE_URL", "sqlite:x.db");
    let file = ("HALLPASS_DATABASE_URL_FILE", "/none");
    for both in [[plain, file], [file, plain]] {
        let error = load(&[], &both, None).unwrap_err();
        assert!(
            error.contains("database_url is given twice")
                && both.iter().all(|(name, _)| error.contains(name)),
            "{error}"
        );
    }
    // A flag overrides both.
    let config = load(&[("database_url", "sqlite:y.db")], &[plain], None).unwrap();
    assert_eq!(config.database_url, "sqlite:y.db");
}

/// .NET and PowerShell prepend it to texts that they write.
#[test]
fn a_byte_order_mark_is_no_part_of_a_value() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    std::fs::write(&file, "\u{feff}a-key-of-my-own-123\r\n").unwrap();
    let file = ("HALLPASS_BOOTSTRAP_API_KEY_FILE", file.to_str().unwrap());
    let tool = ("HALLPASS_TOOL", "\u{feff}{\"name\": \"Quiz\"}");
    let config = load(&[], &[file, tool], None).unwrap();
    assert_eq!(config.tool.settings.name, "Quiz");
    assert_eq!(
        config.bootstrap_api_key.as_deref(),
        Some("a-key-of-my-own-123")
    );
}

#[test]
fn the_variable_that_gives_a_setting_is_known() {
    let sources = |flag: &[&str], variable: &str| Sources {
        flags: flag
            .iter()
            .map(|key| ((*key).to_owned(), String::new()))
            .collect(),
        environment: vec![
            ("PATH".into(), String::new()),
            (variable.into(), String::new()),
        ],
        ..Sources::default()
    };
    for name in ["HALLPASS_SECRET_KEY", "HALLPASS_SECRET_KEY_FILE"] {
        let known = sources(&[], name);
        assert_eq!(known.variable_of("secret_key"), Some(name));
        assert_eq!(known.variable_of("data_dir"), None);
        assert_eq!(
            sources(&["secret_key"], name).variable_of("secret_key"),
            None
        );
    }
}

#[cfg(unix)]
#[test]
fn a_running_server_reads_regular_files_only() {
    let sources = |again| Sources {
        environment: vec![("HALLPASS_SECRET_KEY_FILE".into(), "/dev/null".into())],
        again,
        ..Sources::default()
    };
    assert_eq!(
        Config::load(&sources(false)).unwrap().secret_key.unwrap(),
        ""
    );
    let error = Config::load(&sources(true)).unwrap_err().to_string();
    assert!(
        error.contains("HALLPASS_SECRET_KEY_FILE") && error.contains("no regular file"),
        "{error}"
    );
}

#[test]
fn plain_http_is_for_loopback_only() {
    for url in [
        "http://127.0.0.1:8080",
        "http://localhost:1",
        "http://[::1]:1",
        "http://127.0.0.2:9",
    ] {
        assert!(PublicUrl::parse(url).unwrap().is_developer_mode(), "{url}");
    }
    let url = PublicUrl::parse("https://lti.example.com:8443/").unwrap();
    assert_eq!(
        (url.as_str(), url.domain()),
        ("https://lti.example.com:8443", "lti.example.com:8443")
    );
    assert!(!url.is_developer_mode());
}

/// A machine that listens on other addresses is not a developer's machine, whatever public_url says
/// (decision 0123).
#[test]
fn an_installation_is_local_by_both_of_its_addresses() {
    for (listen, public_url, is_local) in [
        ("127.0.0.1:8080", "http://127.0.0.1:8080", true),
        ("[::1]:8080", "http://localhost:8080", true),
        ("0.0.0.0:8080", "http://127.0.0.1:8080", false),
        ("127.0.0.1:8080", "https://lti.example.com", false),
    ] {
        let config = load(&[("listen", listen), ("public_url", public_url)], &[], None).unwrap();
        assert_eq!(config.is_local(), is_local, "{listen} {public_url}");
    }
}

/// Local installations may do what others may not, so neither address alone makes an installation
/// local.
#[test]
fn only_what_listens_and_is_called_on_this_machine_is_local() {
    for (public_url, listen, is_local) in [
        ("http://127.0.0.1:8080", "127.0.0.1:8080", true),
        ("http://localhost:8080", "[::1]:8080", true),
        // A proxy or a container's port may lead here from anywhere.
        ("http://127.0.0.1:8080", "0.0.0.0:8080", false),
        ("http://localhost:8080", "[::]:8080", false),
        ("http://localhost:8080", "192.0.2.1:8080", false),
        ("https://lti.example.com", "127.0.0.1:8080", false),
        ("https://lti.example.com", "0.0.0.0:8080", false),
    ] {
        let config = load(&[("public_url", public_url), ("listen", listen)], &[], None).unwrap();
        assert_eq!(config.is_local(), is_local, "{public_url} at {listen}");
    }
}
