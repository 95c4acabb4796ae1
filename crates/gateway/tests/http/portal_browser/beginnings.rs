//! Pages that a new installation shows, and people who are kept out: they hold as all others do.

use serde_json::json;
use test_case::cases;

use super::every_page::Inspector;
use super::first_start::unused;
use super::forms::{OF_FIRST_STEPS, confirm};
use crate::portal::account::with_second_step;
use crate::portal::{OTHERS, OWNER, PASSWORD, Visitor};
use crate::support::{Gateway, Store};

const HOME: &str = "/portal";
const LANGUAGES: [&str; 5] = ["en", "es", "fr", "de", "pt"];
/// How many answers there are to what becomes of the standard learning paths.
const STANDARD_PATHS: &str = "document.querySelectorAll('main [name=standard]').length";
/// Home with its steps, and lists with nothing on them.
const EMPTY: [(&str, &str); 13] = [
    ("home-new", HOME),
    ("platforms-none", "/portal/platforms"),
    ("waiting-none", "/portal/platforms/waiting"),
    ("connect-new", "/portal/connect/moodle"),
    ("failures-none", "/portal/failures"),
    ("deliveries-none", "/portal/deliveries"),
    ("people-none", "/portal/people"),
    ("paths-none", "/portal/paths"),
    ("service-keys-none", "/portal/keys/services"),
    ("webhooks-none", "/portal/keys/webhooks"),
    ("events-none", "/portal/keys/events"),
    ("usage-none", "/portal/usage"),
    ("found-none", "/portal/find?q=nothing"),
];

#[cases("PO-2")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_installation_holds_in_each_language() {
    let (gateway, start) = unused().await;
    let mut inspector = Inspector::at(&gateway).await;
    let outside = [("sign-in-new", "/portal/sign-in".to_owned()), ("first-start", start.clone())];
    for language in LANGUAGES {
        inspector.look_at(&outside, language, 360).await;
    }
    inspector.window.become_owner(&start).await;
    let pages = EMPTY.map(|(name, path)| (name, path.to_owned()));
    for language in LANGUAGES {
        inspector.look_at(&pages, language, 360).await;
    }
    // Only the first learning path asks, and only its form leads to the question.
    let first_path =
        [("title", "Halves"), ("id", "halves"), ("subject", "math"), ("grades", "3, 4")];
    for language in LANGUAGES {
        inspector.window.speak(language).await;
        inspector.window.open("/portal/paths").await;
        for (field, value) in first_path {
            inspector.window.fill(&format!("#{field}"), value).await;
        }
        inspector.window.follow("main form .primary[value=define]").await;
        assert_eq!(inspector.window.value(STANDARD_PATHS).await, json!(2), "{language}");
        inspector.judge_twice("first-path", language).await;
    }
    inspector.found_nothing();
}

/// What becomes of the first step's address.
#[cases("PO-2")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_step_holds_in_each_language() {
    let (gateway, start) = unused().await;
    let mut inspector = Inspector::at(&gateway).await;
    inspector.window.size(360, 800).await;
    inspector.window.become_owner(&start).await;
    for language in LANGUAGES {
        inspector.window.speak(language).await;
        confirm(&inspector.window, OTHERS).await;
        for form in OF_FIRST_STEPS {
            form.send_at(&inspector.window, HOME).await;
            inspector.judge_twice(form.name, language).await;
        }
    }
    inspector.found_nothing();
}

#[cases("PO-2")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_keeps_people_out_holds_in_each_language() {
    let gateway = Gateway::start(Store::Sqlite).await;
    let owner = Visitor::owner(&gateway).await;
    Visitor::invited(&gateway, &owner, "viewer").await;
    with_second_step(&gateway).await;
    let mut inspector = Inspector::at(&gateway).await;
    inspector.window.size(360, 800).await;
    for language in LANGUAGES {
        inspector.window.speak(language).await;
        for (name, password) in [("sign-in-refused", OTHERS), ("code", PASSWORD)] {
            inspector.window.open("/portal/sign-in").await;
            inspector.window.fill("[name=login]", OWNER).await;
            inspector.window.fill("[name=password]", password).await;
            inspector.window.follow("main form .primary").await;
            inspector.judge_twice(name, language).await;
        }
        inspector.window.fill("[name=code]", "abcdef").await;
        inspector.window.follow("main form .primary").await;
        inspector.judge_twice("code-refused", language).await;
    }
    inspector.window.sign_in("viewer@school.example", OTHERS).await;
    for language in LANGUAGES {
        inspector.look_at(&[("forbidden", "/portal/users".to_owned())], language, 360).await;
    }
    inspector.found_nothing();
}

/// Pages of a portal that has an identity provider, which is away. Those that say so look like the
/// pages of launches.
#[cases("PO-2")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ways_by_a_provider_hold_in_each_language() {
    let settings = [
        ("portal_oidc_issuer", "http://127.0.0.1:9"),
        ("portal_oidc_client_id", "portal"),
        ("portal_oidc_client_secret", "s3cret/of the client"),
        ("portal_oidc_label", "Kestrel College"),
    ];
    let tool = json!({"name": "Fractions"});
    let gateway = Gateway::start_configured(Store::Sqlite, tool, &settings).await;
    let mut inspector = Inspector::at(&gateway).await;
    for language in LANGUAGES {
        let outside = [("sign-in-provider", "/portal/sign-in".to_owned())];
        inspector.look_at(&outside, language, 360).await;
        for path in ["/portal/oidc/sign-in?next=%2Fportal", "/portal/oidc/callback?state=x"] {
            for scheme in ["light", "dark"] {
                inspector.window.colours(scheme).await;
                inspector.window.open(path).await;
                inspector.ask_axe(&format!("{path} {language} {scheme}")).await;
            }
        }
    }
    inspector.window.sign_in(OWNER, PASSWORD).await;
    let inside = [
        ("account-provider", "/portal/account".to_owned()),
        ("confirm-provider", "/portal/confirm".to_owned()),
        ("disconnect-provider", "/portal/account/oidc/disconnect".to_owned()),
    ];
    for language in LANGUAGES {
        inspector.look_at(&inside, language, 360).await;
    }
    inspector.found_nothing();
}
