//! Registrations at platforms that never answer: whom they keep waiting (lti.md I-10).

use std::time::Duration;

use serde_json::json;
use simulator::lms::Endpoint;
use test_case::both_stores;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::Instant;

use super::outbound::registration_url;
use super::*;
use crate::support::Store;
use crate::undisturbed::undisturbed;

/// A machine that keeps anyone waiting for so long is no judge of who waits for five seconds.
const LATE: Duration = Duration::from_millis(200);

/// A platform at every loopback address that takes connections and says nothing, until it goes
/// away.
struct Silent {
    port: u16,
    connections: watch::Sender<Vec<TcpStream>>,
}

impl Silent {
    async fn start() -> Self {
        let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let connections = watch::Sender::new(Vec::new());
        let accepted = connections.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                accepted.send_modify(|connections| connections.push(stream));
            }
        });
        Self { port, connections }
    }

    /// Strangers open the registration URL for it, each from an address and for a host of their
    /// own.
    fn flooded_by(&self, gateway: &Gateway, strangers: std::ops::Range<u8>) {
        for number in strangers {
            self.asked_by(gateway, number, &format!("203.0.113.{number}"));
        }
    }

    fn asked_by(&self, gateway: &Gateway, host: u8, from: &str) {
        self.asked_at(gateway, &format!("127.1.0.{host}"), from);
    }

    fn asked_at(&self, gateway: &Gateway, host: &str, from: &str) {
        let configuration = format!("http://{host}:{}/", self.port);
        let (url, from) = (registration_url(gateway, &configuration), from.to_owned());
        tokio::spawn(async move { open_from(&url, &from).await });
    }

    async fn was_asked(&self, times: usize) {
        let asked = |connections: &Vec<TcpStream>| connections.len() >= times;
        self.connections.subscribe().wait_for(asked).await.unwrap();
    }

    fn goes_away(&self) {
        self.connections.send_modify(Vec::clear);
    }
}

async fn open_from(url: &str, from: &str) -> Page {
    open_by(&Browser::new().unwrap(), url, from).await
}

async fn open_by(browser: &Browser, url: &str, from: &str) -> Page {
    let request = Request::new("GET".parse().unwrap(), url).unwrap().no_redirects();
    browser.send(request.header("x-forwarded-for", from)).await.unwrap()
}

/// A registration URL as a new LMS makes it from one of ours.
async fn from_a_new_lms(url: &str) -> (Lms, String) {
    let lms = lms_of("moodle").await;
    let start = lms.begin_registration(url).unwrap();
    (lms, start.url)
}

async fn behind_a_proxy(store: Store, settings: Value) -> Gateway {
    Gateway::start_configured(store, settings, &[("trusted_proxies", "127.0.0.1")]).await
}

/// The click on the confirmation page, from anywhere.
async fn click(gateway: &Gateway, page: &Page) -> Page {
    assert_eq!(page.status, 200, "{}", page.text());
    let filled = page.form_to("/lti/register/confirm").unwrap();
    let request = form(&gateway.at("/lti/register/confirm"), &filled.fields);
    Browser::new().unwrap().send(request).await.unwrap()
}

#[both_stores("I-10")]
async fn strangers_keep_nobody_waiting_who_was_let_in(store: Store) {
    undisturbed(LATE, async || {
        let asking = json!({"registration": {"confirm": true, "autoActivate": true}});
        let gateway = behind_a_proxy(store, asking).await;
        let open = gateway.at("/lti/register");
        let (_lms, url) = from_a_new_lms(&open).await;
        let begun_before = open_from(&url, "192.0.2.1").await;
        let silent = Silent::start().await;
        silent.flooded_by(&gateway, 1..17);
        silent.was_asked(16).await;
        let began = Instant::now();
        let (_late, url) = from_a_new_lms(&open).await;
        let late =
            tokio::spawn(async move { (open_from(&url, "192.0.2.2").await, began.elapsed()) });
        // None of these waits.
        let invite = gateway.admin("POST", "/admin/invites", Some(json!({}))).await.json().unwrap();
        let (_invited, url) = from_a_new_lms(invite["url"].as_str().unwrap()).await;
        let page = click(&gateway, &open_from(&url, "192.0.2.3").await).await;
        assert_eq!(page.status, 200, "invited: {}", page.text());
        let page = click(&gateway, &begun_before).await;
        assert_eq!(page.status, 200, "confirmed: {}", page.text());
        assert_eq!(gateway.platforms().await.len(), 2);
        // A stranger waits for a turn.
        let (page, waited) = late.await.unwrap();
        assert_refused(&page, 503, "REGISTRATIONS_BUSY");
        assert!(waited >= Duration::from_secs(4), "{waited:?}");
        assert!(page.header("retry-after").is_some());
        assert!(page.text().contains("your learning platform was not asked"), "{}", page.text());
        let answer = page.json().unwrap();
        let reference = answer["details"]["correlationId"].as_str().unwrap();
        let trace = gateway.trace(reference).await;
        assert_eq!(trace["reason"]["code"], "REGISTRATIONS_BUSY", "{trace}");
    })
    .await;
}

#[both_stores("I-10")]
async fn one_address_has_two_turns_and_waits_for_a_third(store: Store) {
    undisturbed(LATE, async || {
        let gateway = behind_a_proxy(store, json!({})).await;
        let silent = Silent::start().await;
        silent.asked_by(&gateway, 1, "192.0.2.1");
        silent.asked_by(&gateway, 2, "192.0.2.1");
        silent.was_asked(2).await;
        let open = gateway.at("/lti/register");
        let (_other, url) = from_a_new_lms(&open).await;
        let page = open_from(&url, "192.0.2.2").await;
        assert_eq!(page.status, 200, "another address has turns of its own: {}", page.text());
        let (lms, url) = from_a_new_lms(&open).await;
        let third = tokio::spawn(async move { open_from(&url, "192.0.2.1").await });
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(lms.hits(Endpoint::Configuration), 0, "it has to wait");
        silent.goes_away();
        let page = third.await.unwrap();
        assert_eq!(page.status, 200, "{}", page.text());
    })
    .await;
}

#[both_stores("I-10")]
async fn a_host_that_never_answers_has_two_turns(store: Store) {
    let gateway = behind_a_proxy(store, json!({})).await;
    let silent = Silent::start().await;
    // Next to an LMS, on another port.
    for number in 1..9 {
        silent.asked_at(&gateway, "127.0.0.1", &format!("203.0.113.{number}"));
    }
    silent.was_asked(2).await;
    let (_lms, url) = from_a_new_lms(&gateway.at("/lti/register")).await;
    let page = open_from(&url, "192.0.2.1").await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert_eq!(silent.connections.borrow().len(), 2, "the others wait");
}

#[both_stores("I-10")]
async fn so_many_wait_for_a_turn_and_the_others_are_told_at_once(store: Store) {
    undisturbed(LATE, async || {
        let gateway = behind_a_proxy(store, json!({})).await;
        let silent = Silent::start().await;
        silent.flooded_by(&gateway, 1..17);
        silent.was_asked(16).await;
        let browser = Browser::new().unwrap();
        let strangers = (17..77).map(|number| {
            let configuration = format!("http://127.1.0.{number}:{}/", silent.port);
            let url = registration_url(&gateway, &configuration);
            let browser = browser.fresh();
            async move {
                let began = Instant::now();
                let page = open_by(&browser, &url, &format!("203.0.113.{number}")).await;
                (page, began.elapsed())
            }
        });
        let answers = futures_util::future::join_all(strangers).await;
        let mut waited = 0;
        for (page, time) in &answers {
            assert_refused(page, 503, "REGISTRATIONS_BUSY");
            assert!(page.header("retry-after").is_some());
            waited += usize::from(*time >= Duration::from_secs(4));
        }
        assert_eq!(waited, 32, "{:?}", answers.iter().map(|(_, time)| time).collect::<Vec<_>>());
    })
    .await;
}

#[both_stores("I-10")]
async fn the_tools_own_approval_waits_for_no_stranger(store: Store) {
    let gateway = behind_a_proxy(store, with_approval_page()).await;
    let (_lms, url) = from_a_new_lms(&gateway.at("/lti/register")).await;
    let id = registration_id(&open_from(&url, "192.0.2.1").await);
    let silent = Silent::start().await;
    silent.flooded_by(&gateway, 1..17);
    silent.was_asked(16).await;
    // It would find no turn.
    assert_eq!(complete(&gateway, &id, None).await.status, 200);
}
