//! Names that users, owners, platforms and gradebooks bring: text on every page that shows them.

use serde_json::json;
use simulator::faults::Fault;
use simulator::lms::Endpoint;
use test_case::both_stores;

use super::hostile::is_harmless;
use super::{Portal, open, send};
use crate::platform_services::Course;
use crate::platform_services::background::graded;
use crate::portal::{OTHERS, Visitor};
use crate::support::Store;

/// Pages that show something of a tool.
pub(super) const PAGES: &[&str] = &[
    "/portal",
    "/portal/account",
    "/portal/audit",
    "/portal/audit/check",
    "/portal/users",
    "/portal/platforms",
    "/portal/platforms/waiting",
    "/portal/connect",
    "/portal/connect/moodle",
    "/portal/failures",
    "/portal/failures?show=all",
    "/portal/deliveries",
    "/portal/keys",
    "/portal/keys/services",
    "/portal/keys/webhooks",
    "/portal/keys/events",
    "/portal/tools",
    "/portal/settings",
    "/portal/settings/error-page",
    "/portal/usage",
    "/portal/people",
    "/portal/paths",
];

/// A name that would act, told from others by its number.
pub(super) fn evil(number: u32) -> String {
    format!("\"><script>alert({number})</script>")
}

/// The page has these names, harmless.
#[track_caller]
pub(super) fn shows(path: &str, text: &str, numbers: &[u32]) {
    is_harmless(path, text);
    for number in numbers {
        let shown = format!("&#60;script&#62;alert({number})");
        assert!(text.contains(&shown), "{path}: {number}: {text}");
    }
}

/// Somebody who joins under this name.
async fn joins(portal: &Portal, link: &str, name: &str) -> Visitor {
    let visitor = Visitor::of(portal.gateway());
    let page = visitor.get(link).await;
    let mut form = page.form_to(link).unwrap();
    form.set("name", name);
    form.set("password", OTHERS);
    let home = visitor.submit(&page, &form).await;
    assert_eq!((home.status, home.url.path()), (200, "/portal"), "{}", home.text());
    visitor
}

#[both_stores("PO-1")]
async fn what_people_here_are_called_is_text(store: Store) {
    let portal = Portal::new(store).await;
    let (gateway, owner) = (portal.gateway(), &portal.owner);
    gateway.patch_tool(json!({"name": evil(1), "description": evil(2)})).await;
    let link = owner.invite("admin", &format!("{}@school.example", evil(3))).await;
    shows("the invited", &open(owner, "/portal/users").await.1, &[1, 3]);
    let welcome = Visitor::of(gateway).get(&link).await.text();
    shows("the invitation", &welcome, &[1]);
    let admin = joins(&portal, &link, &evil(4)).await;
    let (page, text) = open(owner, "/portal/users").await;
    shows("/portal/users", &text, &[1, 3, 4]);
    let invited = [
        ("platformName", evil(5)),
        ("uses", "1".into()),
        ("ends", "72".into()),
        ("mode", "automatic".into()),
    ];
    let fields = invited.each_ref().map(|(name, value)| (*name, value.as_str()));
    let made = send(owner, &page, "/portal/connect/invites", &fields).await;
    shows("the letter", &made, &[1, 5]);
    shows("/portal/connect", &open(owner, "/portal/connect").await.1, &[1, 5]);
    shows("/portal/account", &open(&admin, "/portal/account").await.1, &[1, 4]);
    shows("/portal/audit", &open(&admin, "/portal/audit").await.1, &[1, 3, 4, 5]);
    let (_, first) = text.split_once("href=\"/portal/users/").unwrap();
    let id: String = first.chars().take_while(char::is_ascii_alphanumeric).collect();
    shows("a user", &open(owner, &format!("/portal/users/{id}")).await.1, &[1]);
    shows("sign-in", &Visitor::of(gateway).get("/portal/sign-in").await.text(), &[1]);
    for path in PAGES {
        shows(path, &open(owner, path).await.1, &[1]);
    }
}

#[both_stores("PO-1")]
async fn what_an_lms_and_its_gradebook_say_is_text(store: Store) {
    let course = Course::in_background(store, json!({})).await;
    let (gateway, id) = (&course.school.gateway, &course.school.platform_id);
    let owner = Visitor::owner(gateway).await;
    let said = format!("This course has concluded. {}", evil(4));
    let refusal = Fault::Answer {
        status: 422,
        content_type: "application/json".to_owned(),
        body: json!({"errors": {"type": "unprocessable_entity", "message": said}}).to_string(),
    };
    course.school.lms.faults().next(Endpoint::Scores, 1, refusal);
    let delivery = course.hand_in(graded(&evil(5), 7.0)).await;
    course.comes_to(&delivery["id"], "refused").await;
    let names = format!(
        "UPDATE platforms SET name = '{}', family = '{}', version = '{}'",
        evil(1),
        evil(2),
        evil(3)
    );
    gateway.meddle(&names).await;
    let path = format!("/portal/deliveries/{}", delivery["id"].as_str().unwrap());
    let (page, text) = open(&owner, &path).await;
    shows(&path, &text, &[4, 5]);
    let (user, platform) = (evil(5), evil(1));
    for at in ["", platform.as_str()] {
        let fields = [("user", user.as_str()), ("platform", at)];
        let text = send(&owner, &page, "/portal/deliveries/person", &fields).await;
        shows("the person's grades", &text, &[1, 5]);
    }
    shows("/portal/platforms", &open(&owner, "/portal/platforms").await.1, &[1]);
    for tab in ["", "/registration", "/deployments", "/keys", "/settings", "/blocked", "/launches"]
    {
        let path = format!("/portal/platforms/{id}{tab}");
        shows(&path, &open(&owner, &path).await.1, &[1]);
    }
    for path in PAGES {
        is_harmless(path, &open(&owner, path).await.1);
    }
}
