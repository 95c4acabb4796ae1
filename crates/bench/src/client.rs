//! One HTTP/1.1 connection that is kept alive, as a browser's or an application's.

use std::net::SocketAddr;

use anyhow::Context;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// The type of a form.
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

/// What is asked.
#[derive(Debug, Default)]
pub(crate) struct Ask<'a> {
    /// Path and query.
    pub(crate) target: &'a str,
    /// What to post, and its type; without it it is a GET.
    pub(crate) body: Option<(&'static str, Bytes)>,
    /// Cookie header.
    pub(crate) cookies: Option<&'a str>,
    /// Authorization header.
    pub(crate) authorization: Option<&'a str>,
    /// Whether the answer shall come before the work is done.
    pub(crate) is_async: bool,
    /// Whether a page of the server's own asks.
    pub(crate) is_own: bool,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    /// Status code.
    pub(crate) status: u16,
    /// Location header.
    pub(crate) location: Option<String>,
    /// `name=value` of each cookie that was set; removed ones are left out.
    pub(crate) cookies: Vec<String>,
    /// Read to its end.
    pub(crate) body: Bytes,
}

/// The connection.
#[derive(Debug)]
pub(crate) struct Client {
    host: String,
    send: SendRequest<Full<Bytes>>,
}

impl Client {
    /// Opens one connection and keeps it.
    pub(crate) async fn connect(to: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(to).await.context("connecting")?;
        stream.set_nodelay(true)?;
        let (send, connection) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::task::spawn_local(connection);
        Ok(Self {
            host: to.to_string(),
            send,
        })
    }

    /// Asks and waits for the whole answer.
    pub(crate) async fn ask(&mut self, ask: Ask<'_>) -> anyhow::Result<Answer> {
        let mut request = Request::get(ask.target)
            .header(HOST, &self.host)
            .header(ACCEPT, "text/html,application/xhtml+xml")
            // As in a top-level window, where a login takes no look at the cookies first.
            .header("sec-fetch-dest", "document");
        if let Some((content_type, _)) = ask.body {
            request = request.method("POST").header(CONTENT_TYPE, content_type);
        }
        if let Some(cookies) = ask.cookies {
            request = request.header(COOKIE, cookies);
        }
        if let Some(authorization) = ask.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        if ask.is_own {
            request = request.header("sec-fetch-site", "same-origin");
        }
        if ask.is_async {
            request = request.header("prefer", "respond-async");
        }
        let request = request.body(Full::new(ask.body.unwrap_or_default().1))?;
        self.send.ready().await?;
        let answer = self.send.send_request(request).await?;
        let headers = answer.headers();
        let text = |value: &hyper::header::HeaderValue| value.to_str().ok().map(str::to_owned);
        let cookies = headers.get_all(SET_COOKIE).iter().filter_map(text);
        Ok(Answer {
            status: answer.status().as_u16(),
            location: headers.get(LOCATION).and_then(text),
            cookies: cookies
                .filter(|cookie| !cookie.contains("Max-Age=0"))
                .filter_map(|cookie| cookie.split(';').next().map(str::to_owned))
                .collect(),
            body: answer.into_body().collect().await?.to_bytes(),
        })
    }
}
