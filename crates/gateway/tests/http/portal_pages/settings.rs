//! The tool's settings as a form.

use std::time::Duration;

use serde_json::json;
use test_case::both_stores;

use super::{audit, enter, has, lacks, open, platform, send};
use crate::portal::Visitor;
use crate::support::{Gateway, Store};

const PATH: &str = "/portal/settings";
const JSON: &str = "/portal/settings?as=json";
const FILE: &str = "/portal/settings?as=toml";

#[both_stores("PO-9")]
async fn the_form_has_the_checks_of_the_api(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let (page, text) = open(&owner, PATH).await;
    has(&text, &["Test tool", "Default: 60.", "href=\"/portal/settings?as=toml\""]);
    let before = gateway.admin("GET", "/admin/tool", None).await.json().unwrap();
    let mut form = page.form_to(PATH).unwrap();
    // Sent as it is, nothing changes.
    let same = owner.submit(&page, &form).await;
    has(&same.text(), &["The settings are saved."]);
    assert_eq!(gateway.admin("GET", "/admin/tool", None).await.json().unwrap(), before);

    form.set("leewaySeconds", "301");
    form.set("description", "Halves and thirds");
    let wrong = owner.submit(&page, &form).await;
    assert_eq!(wrong.status, 400);
    has(
        &wrong.text(),
        &["Nothing was saved", "must be at most 300", "value=\"301\"", "Halves and thirds"],
    );
    assert_eq!(gateway.admin("GET", "/admin/tool", None).await.json().unwrap(), before);

    // Every mistake at once, by the names that the page has for its fields.
    form.set("launchUrl", "fractions/launch");
    form.set("deepLinkingUrl", "abc");
    let text = owner.submit(&page, &form).await.text();
    has(&text, &["<a href=\"#leewaySeconds\">", "<a href=\"#launchUrl\">"]);
    has(&text, &["<a href=\"#deepLinkingUrl\">Where choosing content leads</a>"]);
    lacks(&text, &["launch.leewaySeconds:", "Nothing was changed"]);
    assert_eq!(text.matches("aria-invalid").count(), 3, "{text}");
    let both = json!({"launchUrl": "fractions/launch", "launch": {"leewaySeconds": 301}});
    let both = gateway.admin("PATCH", "/admin/tool", Some(both)).await;
    let both = both.json().unwrap();
    let errors = both["details"]["errors"].as_array().unwrap().iter();
    let fields: Vec<&str> = errors.map(|error| error["field"].as_str().unwrap()).collect();
    assert!(fields.len() == 2 && fields.contains(&"launch.leewaySeconds"), "{both}");
    assert_eq!(gateway.admin("GET", "/admin/tool", None).await.json().unwrap(), before);

    for url in ["launchUrl", "deepLinkingUrl"] {
        form.set(url, before[url].as_str().unwrap_or_default());
    }
    form.set("leewaySeconds", "90");
    form.set("groups", "true");
    form.set("unknownDeployments", "pending");
    let saved = owner.submit(&page, &form).await;
    has(&saved.text(), &["The settings are saved."]);
    let (_, text) = open(&owner, FILE).await;
    has(&text, &["[tool]", "description = &#34;Halves and thirds&#34;"]);
    has(&text, &["<title>Tool settings · As a file · "]);
    let now = gateway.admin("GET", "/admin/tool", None).await.json().unwrap();
    let mut expected = before;
    expected["description"] = "Halves and thirds".into();
    expected["launch"]["leewaySeconds"] = 90.into();
    expected["launch"]["unknownDeployments"] = "pending".into();
    expected["services"]["groups"] = true.into();
    assert_eq!(now, expected);
    has(&audit(&owner).await, &["settings.changed"]);
}

#[both_stores("PO-9")]
async fn a_new_name_says_what_connected_lmss_keep(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let hint = "keep the old name";
    for (name, is_connected) in [("Fractions", false), ("Fractions 2", true)] {
        if is_connected {
            enter(&gateway, platform("Kestrel College", "kestrel-1")).await;
        }
        let (page, _) = open(&owner, PATH).await;
        let mut form = page.form_to(PATH).unwrap();
        form.set("name", name);
        let saved = owner.submit(&page, &form).await.text();
        has(&saved, &["The settings are saved."]);
        assert_eq!(saved.contains(hint), is_connected, "{name}: {saved}");
    }
    let (page, _) = open(&owner, PATH).await;
    let same = owner.submit(&page, &page.form_to(PATH).unwrap()).await.text();
    lacks(&same, &[hint]);
}

#[both_stores("PO-3")]
async fn where_launches_lead_takes_a_recent_proof(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    gateway.clock.advance(Duration::from_secs(11 * 60));
    let (page, _) = open(&owner, PATH).await;
    let mut form = page.form_to(PATH).unwrap();
    form.set("description", "Halves and thirds");
    let saved = owner.submit(&page, &form).await;
    has(&saved.text(), &["The settings are saved."]);
    let before = gateway.admin("GET", "/admin/tool", None).await.json().unwrap();
    for (fields, asks) in [
        ([("do", "json"), ("json", r#"{"launchUrl": "https://thief.example/"}"#)], true),
        ([("do", "json"), ("json", r#"{"deepLinkingUrl": "https://thief.example/"}"#)], true),
        ([("do", "json"), ("json", r#"{"deepLinkingUrl": null}"#)], false),
        (
            [
                ("do", "json"),
                ("json", r#"{"launch": {"targetOrigins": ["https://thief.example"]}}"#),
            ],
            true,
        ),
        ([("do", "json"), ("json", r#"{"launch": {"trustedAudiences": ["thief"]}}"#)], true),
        ([("do", "json"), ("json", r#"{"launch": {"targetMayDiffer": true}}"#)], true),
        ([("do", "json"), ("json", r#"{"studyreel": {"requireCapability": false}}"#)], true),
        (
            [
                ("do", "json"),
                ("json", r#"{"studyreel": {"provisioning": {"url": "https://thief.example/"}}}"#),
            ],
            true,
        ),
        ([("do", "json"), ("json", r#"{"studyreel": null}"#)], true),
        ([("launchUrl", "https://thief.example/"), ("do", "")], true),
    ] {
        let answer = owner.post(&page, PATH, &fields).await;
        assert_eq!(answer.url.path() == "/portal/confirm", asks, "{fields:?}: {}", answer.text());
    }
    let home = owner.get("/portal").await;
    let fields = [("launchUrl", "https://thief.example/")];
    let answer = owner.post(&home, "/portal/launch-url", &fields).await;
    assert_eq!(answer.url.path(), "/portal/confirm", "{}", answer.text());
    assert_eq!(gateway.admin("GET", "/admin/tool", None).await.json().unwrap(), before);
}

#[both_stores]
async fn looser_settings_take_a_recent_proof(store: Store) {
    let gateway = Gateway::start(store).await;
    let strict = json!({"maxAgeSeconds": 300, "unknownDeployments": "reject"});
    gateway.patch_tool(json!({"launch": strict, "studyreel": {"redeem": "click"}})).await;
    let owner = Visitor::owner(&gateway).await;
    gateway.clock.advance(Duration::from_secs(11 * 60));
    let (page, _) = open(&owner, PATH).await;
    let before = gateway.admin("GET", "/admin/tool", None).await.json().unwrap();
    for (field, value) in [
        ("autoActivate", "true"),
        ("anonymous", "allow"),
        ("maxAgeSeconds", "3600"),
        ("maxAgeSeconds", ""),
        ("leewaySeconds", "300"),
        ("unknownDeployments", "auto"),
        ("teacherWins", "false"),
    ] {
        let answer = owner.post(&page, PATH, &[(field, value)]).await;
        assert_eq!(answer.url.path(), "/portal/confirm", "{field}: {}", answer.text());
    }
    let redeem = [("do", "json"), ("json", r#"{"studyreel": {"redeem": "get"}}"#)];
    let answer = owner.post(&page, PATH, &redeem).await;
    assert_eq!(answer.url.path(), "/portal/confirm", "{}", answer.text());
    assert_eq!(gateway.admin("GET", "/admin/tool", None).await.json().unwrap(), before);
    // Stricter ones don't ask.
    let stricter = [("maxAgeSeconds", "60"), ("leewaySeconds", "30")];
    let saved = owner.post(&page, PATH, &stricter).await;
    has(&saved.text(), &["The settings are saved."]);
}

/// What is kept for less time is deleted.
#[both_stores("PO-3")]
async fn keeping_less_takes_a_recent_proof(store: Store) {
    let gateway = Gateway::start(store).await;
    gateway.patch_tool(json!({"retention": {"launchMinutes": 600, "traceMinutes": 600}})).await;
    let owner = Visitor::owner(&gateway).await;
    gateway.clock.advance(Duration::from_secs(11 * 60));
    let (page, _) = open(&owner, PATH).await;
    let before = gateway.admin("GET", "/admin/tool", None).await.json().unwrap();
    for (field, value) in [
        ("launchMinutes", "60"),
        ("traceMinutes", "0"),
        ("studentDays", "30"),
        ("keepDays", "1"),
        ("holdNotEnrolledDays", "0"),
    ] {
        let answer = owner.post(&page, PATH, &[(field, value)]).await;
        assert_eq!(answer.url.path(), "/portal/confirm", "{field}: {}", answer.text());
    }
    assert_eq!(gateway.admin("GET", "/admin/tool", None).await.json().unwrap(), before);
    let longer = [("launchMinutes", "601"), ("traceMinutes", ""), ("keepDays", "60")];
    let saved = owner.post(&page, PATH, &longer).await;
    has(&saved.text(), &["The settings are saved."]);
}

#[both_stores("PO-3")]
async fn wider_limits_take_a_recent_proof(store: Store) {
    let gateway = Gateway::start(store).await;
    gateway.patch_tool(json!({"limits": {"loginsPerAddress": 100}})).await;
    let owner = Visitor::owner(&gateway).await;
    gateway.clock.advance(Duration::from_secs(11 * 60));
    let (page, _) = open(&owner, PATH).await;
    let before = gateway.admin("GET", "/admin/tool", None).await.json().unwrap();
    for json in [
        r#"{"limits": {"loginsPerAddress": 0}}"#,
        r#"{"limits": {"loginsPerAddress": 101}}"#,
        r#"{"limits": {"loginsPerAddress": null}}"#,
        r#"{"limits": null}"#,
        r#"{"studyreel": {"limits": {"perStudent": 0}}}"#,
        r#"{"studyreel": {"replay": "pair"}}"#,
        r#"{"studyreel": {"skewSeconds": 121}}"#,
        r#"{"studyreel": {"loginLinkSeconds": 900}}"#,
    ] {
        let answer = owner.post(&page, PATH, &[("do", "json"), ("json", json)]).await;
        assert_eq!(answer.url.path(), "/portal/confirm", "{json}: {}", answer.text());
    }
    assert_eq!(gateway.admin("GET", "/admin/tool", None).await.json().unwrap(), before);
    let json = r#"{"limits": {"loginsPerAddress": 99}, "studyreel": {"skewSeconds": 60}}"#;
    let saved = owner.post(&page, PATH, &[("do", "json"), ("json", json)]).await;
    has(&saved.text(), &["The settings are saved."]);
}

#[both_stores]
async fn every_setting_can_be_written_as_json(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let (page, text) = open(&owner, JSON).await;
    has(&text, &["&#34;launch&#34;", "href=\"/docs#type-ToolSettings\""]);
    for (json, said) in [
        ("{", "not complete JSON"),
        (r#"{"nmae": "x"}"#, "nmae"),
        (r#"{"limits": {"loginsPerAddress": 1000001}}"#, "limits"),
    ] {
        let wrong = owner.post(&page, PATH, &[("do", "json"), ("json", json)]).await;
        assert_eq!(wrong.status, 400, "{json}");
        // What was typed is still there.
        has(&wrong.text(), &["Nothing was saved", said, &json.replace('"', "&#34;")]);
    }
    let json = r#"{"customParameters": {"a": "1"}, "limits": {"loginsPerAddress": 77}}"#;
    has(&send(&owner, &page, PATH, &[("do", "json"), ("json", json)]).await, &["are saved"]);
    let now = gateway.admin("GET", "/admin/tool", None).await.json().unwrap();
    assert_eq!(
        (&now["customParameters"]["a"], &now["limits"]["loginsPerAddress"]),
        (&"1".into(), &77.into())
    );
}

#[both_stores("PO-3")]
async fn an_address_that_is_called_is_for_who_may_change_it(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let called = "http://127.0.0.3:9/call?key=tell-nobody";
    gateway.patch_tool(json!({"studyreel": {"provisioning": {"url": called}}})).await;
    for role in ["registrar", "support", "viewer"] {
        let visitor = Visitor::invited(&gateway, &owner, role).await;
        for path in [JSON, FILE] {
            let (_, text) = open(&visitor, path).await;
            has(&text, &["http://127.0.0.3:9/…"]);
            lacks(&text, &["tell-nobody"]);
        }
        lacks(&open(&visitor, PATH).await.1, &["tell-nobody"]);
    }
    let admin = Visitor::invited(&gateway, &owner, "admin").await;
    for visitor in [&admin, &owner] {
        for path in [JSON, FILE] {
            has(&open(visitor, path).await.1, &[called]);
        }
    }
}

/// What waits for people to decide about grades is in the form; what the other settings mean is one
/// click away.
#[both_stores("PO-9")]
async fn rules_for_grades_are_in_the_form(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let (page, text) = open(&owner, PATH).await;
    has(&text, &["Grades that someone else gave in the LMS stay", "Default: waits."]);
    has(&text, &["href=\"/docs#type-ToolSettings\""]);
    let meanings = owner.get("/docs").await.text();
    assert!(meanings.contains("id=\"type-ToolSettings\""), "nothing is there");
    let mut form = page.form_to(PATH).unwrap();
    form.set("teacherWins", "false");
    form.set("lineItemGone", "recreate");
    form.set("keepDays", "60");
    form.set("holdConcludedDays", "61");
    let wrong = owner.submit(&page, &form).await;
    assert_eq!(wrong.status, 400, "{}", wrong.text());
    has(&wrong.text(), &["id=\"holdConcludedDays-e\"", "value=\"61\""]);
    form.set("holdConcludedDays", "5");
    has(&owner.submit(&page, &form).await.text(), &["The settings are saved."]);
    let grades = gateway.admin("GET", "/admin/tool", None).await.json().unwrap()["grades"].clone();
    let wanted = [
        ("teacherWins", json!(false)),
        ("lineItemGone", json!("recreate")),
        ("keepDays", json!(60)),
        ("holdConcludedDays", json!(5)),
        ("holdNotEnrolledDays", json!(7)),
    ];
    for (name, value) in wanted {
        assert_eq!(grades[name], value, "{name}: {grades}");
    }
}
