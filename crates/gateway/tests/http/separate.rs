//! Launches of one browser stay apart, and a page of another site can't act for us (lti.md I-45,
//! I-48).

use serde_json::json;
use simulator::browser::{Browser, Request};
use test_case::both_stores;

use crate::registered::{Registered, form, ltik_of};
use crate::support::{API_KEY, Gateway, Store};

#[both_stores("TC-340")]
async fn teacher_and_student_tabs_in_one_browser_keep_their_roles(store: Store) {
    let school = Registered::new(store).await;
    let browser = Browser::new().unwrap();
    let preview = school.student().with(
        "roles",
        json!([
            "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner",
            "http://purl.imsglobal.org/vocab/lti/system/person#TestUser",
        ]),
    );
    let mut tabs = Vec::new();
    for (launch, role) in [(school.teacher(), "instructor"), (preview, "learner")] {
        let posted = school.begin(&browser, &launch).await;
        tabs.push((ltik_of(role, &school.post(&browser, &posted).await), role));
    }
    for _ in 0..2 {
        for (ltik, role) in &tabs {
            let read = school.read(ltik).await;
            assert_eq!(read["user"]["role"], *role);
            assert_eq!(read["user"].get("testUser").is_some(), *role == "learner");
        }
    }
    // Nothing of ours stays in the browser that another tab's launch could meet.
    assert_eq!(browser.cookies(&school.gateway.url), []);
}

#[both_stores("TC-338")]
async fn a_page_of_another_site_cannot_change_anything(store: Store) {
    let gateway = Gateway::start(store).await;
    // The only form of ours that changes anything on its own answers our own page alone.
    let confirm = form(&gateway.at("/lti/register/confirm"), &[("registration", "x")]);
    for site in ["cross-site", "same-site", "none"] {
        let request = confirm.clone().header("sec-fetch-site", site);
        let request = request.header("origin", "https://evil.test");
        let page = Browser::new().unwrap().send(request).await.unwrap();
        assert_eq!(page.status, 403, "{site}");
    }
    let own = confirm.header("sec-fetch-site", "same-origin");
    assert_eq!(Browser::new().unwrap().send(own).await.unwrap().status, 404);
    // What the application does needs its key in a header, which no form and no foreign page can
    // set: neither a cookie nor a field stands for it.
    for (method, path) in [
        ("PATCH", "/admin/tool"),
        ("POST", "/admin/platforms"),
        ("POST", "/admin/invites"),
        ("GET", "/api/idtoken"),
        ("POST", "/api/platforms"),
        ("PUT", "/admin/learning-paths/math"),
        ("PATCH", "/api/students/x"),
    ] {
        let request = Request::new(method.parse().unwrap(), &gateway.at(path)).unwrap();
        let request = request
            .header("origin", "https://evil.test")
            .header("cookie", &format!("authorization=Bearer {API_KEY}; api_key={API_KEY}"))
            .body(
                "application/x-www-form-urlencoded",
                format!("api_key={API_KEY}&authorization=Bearer+{API_KEY}"),
            );
        let page = Browser::new().unwrap().send(request).await.unwrap();
        assert_eq!(page.status, 401, "{method} {path}: {}", page.text());
        assert_eq!(page.header("access-control-allow-origin"), None, "{method} {path}");
    }
}
