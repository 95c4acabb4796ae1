//! Whether the browser keeps the cookies that these tests say it does: a server that is no part of
//! ours sets two, and shows which came back.

use axum::Router;
use axum::http::HeaderMap;
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::response::{AppendHeaders, Html, IntoResponse, Redirect};
use axum::routing::get;
use tokio::net::TcpListener;

use super::*;
use crate::chromium::Cookies;

const SEEN: &str = "#seen";

async fn set() -> impl IntoResponse {
    const ATTRIBUTES: &str = "Path=/; Secure; HttpOnly; SameSite=None";
    let cookies = [
        (SET_COOKIE, format!("plain=1; {ATTRIBUTES}")),
        (SET_COOKIE, format!("partitioned=1; {ATTRIBUTES}; Partitioned")),
    ];
    (AppendHeaders(cookies), Redirect::to("/seen"))
}

async fn seen(headers: HeaderMap) -> Html<String> {
    let cookies = headers.get(COOKIE).map_or("", |sent| sent.to_str().unwrap());
    let mut cookies: Vec<&str> = cookies.split("; ").collect();
    cookies.sort_unstable();
    Html(format!("<!doctype html><title>Cookies</title><p id=seen>{}</p>", cookies.join(", ")))
}

/// The server, and a page on another site that frames it.
async fn serve() -> (String, String) {
    let listener = TcpListener::bind("127.0.0.2:0").await.unwrap();
    let server = format!("http://{}/set", listener.local_addr().unwrap());
    let router = Router::new().route("/set", get(set)).route("/seen", get(seen));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let around = format!("http://{}/", listener.local_addr().unwrap());
    let page = format!("<!doctype html><title>Around</title><iframe src='{server}'></iframe>");
    let router = Router::new().route("/", get(async move || Html(page)));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (server, around)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_browser_blocks_third_party_cookies_when_told_to() {
    let (server, around) = serve().await;
    for (cookies, in_frame, in_window) in [
        (Cookies::FirstParty, "partitioned=1", "partitioned=1, plain=1"),
        (Cookies::All, "partitioned=1, plain=1", "partitioned=1, plain=1"),
        (Cookies::None, "", ""),
    ] {
        let chromium = Chromium::start_with(cookies, &[]).await;
        chromium.open(&around).await;
        assert_eq!(chromium.text(Place::Frame, SEEN).await, in_frame, "{cookies:?}");
        chromium.open(&server).await;
        assert_eq!(chromium.text(Place::Page, SEEN).await, in_window, "{cookies:?}");
        // What the window keeps stays out of the frame.
        chromium.open(&around).await;
        assert_eq!(chromium.text(Place::Frame, SEEN).await, in_frame, "{cookies:?}");
    }
}
