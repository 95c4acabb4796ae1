//! Launches (lti.md A and B).

use simulator::browser::Browser;
use simulator::lms::Launch;

use crate::support::{Gateway, lms, on_both_stores};

on_both_stores! {
    async fn a_registered_platform_launches_and_the_application_reads_it(store) {
        let (gateway, lms) = (Gateway::start(store).await, lms().await);
        let browser = Browser::new().unwrap();
        let start = lms.begin_registration(&gateway.at("/lti/register")).unwrap();
        let page = browser.get(&start.url).await.unwrap();
        assert_eq!(page.status, 200, "{}", page.text());
        lms.activate(&start.client_id).unwrap();
        let platform = gateway.platforms().await.remove(0);
        let id = platform["id"].as_str().unwrap();
        gateway.admin("POST", &format!("/admin/platforms/{id}/activate"), None).await;
        let target = gateway.at("/lti/launch?resource=7&ltik=fake");
        let launch = Launch::new(&start.client_id).teacher().target(&target);
        let login = lms.login_request(&launch).unwrap();
        let fields: Vec<(&str, &str)> = login.fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let page = browser.send(simulator::browser::Request::new("POST".parse().unwrap(), &login.url).unwrap().no_redirects()
            .body("application/x-www-form-urlencoded", url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish())).await.unwrap();
        assert_eq!(page.status, 302, "{}", page.text());
        let page = browser.get(page.location().unwrap().as_str()).await.unwrap();
        let form = page.auto_form().unwrap();
        let posted: Vec<(&str, &str)> = ["id_token", "state"].map(|name| (name, form.field(name).unwrap())).to_vec();
        let page = browser.send(simulator::browser::Request::new("POST".parse().unwrap(), &gateway.at("/lti/launch")).unwrap().no_redirects()
            .body("application/x-www-form-urlencoded", url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&posted).finish())).await.unwrap();
        assert_eq!(page.status, 303, "{}", page.text());
        let app = page.location().unwrap();
        let query: Vec<(String, String)> = app.query_pairs().into_owned().collect();
        assert_eq!(query[0], ("own".into(), "1".into()));
        assert_eq!(query[1], ("resource".into(), "7".into()));
        assert_eq!((query[2].0.as_str(), query.len()), ("ltik", 3));
        let token = gateway.idtoken(&query[2].1, "").await;
        assert_eq!(token.status, 200, "{}", token.text());
        println!("{}", serde_json::to_string_pretty(&token.json().unwrap()).unwrap());
        assert_eq!(token.json().unwrap()["user"]["role"], "instructor");
    }
}
