//! The load: batches of logins, then of launches, then of the application's first question, each
//! timed separately. Every launch uses a fresh browser; connections are kept alive. Tokens are
//! signed between the phases, untimed.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Instant;

use anyhow::Context;
use bytes::Bytes;
use url::{Url, form_urlencoded};

use crate::client::{Answer, Ask, Client, FORM};
use crate::platform::{DEPLOYMENT_ID, Platform, Registration};
use crate::server::{API_KEY, Server};
use crate::stats::{Phase, rate};

/// Launches between two signings: tokens stay young.
const BATCH: usize = 2_000;

/// Whom to ask and in whose name.
pub(crate) struct Load<'a> {
    server: &'a Server,
    platform: &'a Platform,
    to: SocketAddr,
    target: String,
    registrations: Vec<Registration>,
    /// The address of each one's login.
    logins: Rc<[String]>,
}

/// What a run gives.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    /// Login initiations.
    pub(crate) logins: Phase,
    /// Posts to `/lti/launch`, up to the redirect with `ltik`.
    pub(crate) launches: Phase,
    /// `GET /api/idtoken`.
    pub(crate) id_tokens: Phase,
}

impl Figures {
    /// Adds a later run of the same.
    pub(crate) fn add(&mut self, later: Self) {
        self.logins.add(later.logins);
        self.launches.add(later.launches);
        self.id_tokens.add(later.id_tokens);
    }

    /// Login and launch together, a second.
    pub(crate) fn complete(&self) -> f64 {
        rate(self.launches.done(), self.logins.took + self.launches.took)
    }

    /// An error if anything failed.
    pub(crate) fn complain(&self) -> anyhow::Result<()> {
        self.logins.complain("login")?;
        self.launches.complain("launch")?;
        self.id_tokens.complain("GET /api/idtoken")
    }
}

/// A browser between two steps.
#[derive(Debug, Default)]
struct Visit {
    number: usize,
    cookies: String,
    state: String,
    nonce: String,
    form: Bytes,
    authorization: String,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Login,
    Launch,
    IdToken,
}

impl<'a> Load<'a> {
    /// Load on a server, from a platform that is registered there.
    pub(crate) fn new(server: &'a Server, platform: &'a Platform) -> Self {
        Self::among(server, platform, vec![platform.registration()])
    }

    /// The same under many registrations, one after the other.
    pub(crate) fn among(
        server: &'a Server,
        platform: &'a Platform,
        registrations: Vec<Registration>,
    ) -> Self {
        let target = format!("{}/lti/launch", server.url);
        let login = |registration: &Registration| {
            let query = form_urlencoded::Serializer::new(String::new())
                .append_pair("iss", &registration.issuer)
                .append_pair("target_link_uri", &target)
                .append_pair("client_id", &registration.client_id)
                .append_pair("lti_deployment_id", DEPLOYMENT_ID)
                .finish();
            format!("/lti/login?{query}")
        };
        Self {
            server,
            platform,
            to: server.address,
            logins: registrations.iter().map(login).collect(),
            registrations,
            target,
        }
    }

    /// Whole launches.
    pub(crate) async fn run(&self, launches: usize, concurrency: usize) -> anyhow::Result<Figures> {
        let mut figures = Figures::default();
        let mut left = launches;
        while left > 0 {
            let count = left.min(BATCH);
            left -= count;
            let begun = visits(left, count);
            let mut begun = self
                .phase(Step::Login, begun, concurrency, &mut figures.logins)
                .await?;
            for visit in &mut begun {
                let at = visit.number % self.registrations.len();
                let registration = self.registrations.get(at).context("no registration")?;
                let token = self.platform.id_token(
                    visit.number,
                    &visit.nonce,
                    &self.target,
                    registration,
                )?;
                let form = form_urlencoded::Serializer::new(String::new())
                    .append_pair("id_token", &token)
                    .append_pair("state", &visit.state)
                    .finish();
                visit.form = form.into();
            }
            let done = self
                .phase(Step::Launch, begun, concurrency, &mut figures.launches)
                .await?;
            self.phase(Step::IdToken, done, concurrency, &mut figures.id_tokens)
                .await?;
        }
        Ok(figures)
    }

    /// Logins that are never followed.
    pub(crate) async fn logins(&self, count: usize, concurrency: usize) -> anyhow::Result<Phase> {
        let mut logins = Phase::default();
        self.phase(Step::Login, visits(0, count), concurrency, &mut logins)
            .await?;
        Ok(logins)
    }

    /// Takes every visit one step on, `concurrency` at a time; gives those that got there.
    async fn phase(
        &self,
        step: Step,
        todo: Vec<Visit>,
        concurrency: usize,
        into: &mut Phase,
    ) -> anyhow::Result<Vec<Visit>> {
        let mut clients = Vec::new();
        for _ in 0..concurrency {
            clients.push(Client::connect(self.to).await?);
        }
        let logins = &self.logins;
        let shared = Rc::new(RefCell::new((todo, Vec::new(), Phase::default())));
        let (started, ran) = (Instant::now(), self.server.cpu()?);
        let workers: Vec<_> = clients
            .into_iter()
            .map(|mut client| {
                let (shared, logins) = (shared.clone(), logins.clone());
                tokio::task::spawn_local(async move {
                    loop {
                        let Some(mut visit) = shared.borrow_mut().0.pop() else {
                            return;
                        };
                        let asked = Instant::now();
                        let result = take(step, &logins, &mut client, &mut visit).await;
                        let mut shared = shared.borrow_mut();
                        shared.2.note(asked.elapsed(), &result);
                        if result.is_ok() {
                            shared.1.push(visit);
                        }
                    }
                })
            })
            .collect();
        for worker in workers {
            worker.await?;
        }
        let (_, done, mut phase) = shared.take();
        phase.took = started.elapsed();
        phase.cpu = self.server.cpu()?.saturating_sub(ran);
        into.add(phase);
        Ok(done)
    }
}

fn visits(from: usize, count: usize) -> Vec<Visit> {
    let visit = |number| Visit {
        number,
        ..Visit::default()
    };
    (from..from + count).map(visit).collect()
}

async fn take(
    step: Step,
    logins: &[String],
    client: &mut Client,
    visit: &mut Visit,
) -> anyhow::Result<()> {
    match step {
        Step::Login => {
            let number = visit.number;
            let login = logins.get(number % logins.len()).context("no login")?;
            let target =
                format!("{login}&login_hint=hint-{number}&lti_message_hint=message-{number}");
            let answer = client
                .ask(Ask {
                    target: &target,
                    ..Ask::default()
                })
                .await?;
            let to = Url::parse(&redirect(&answer, 302)?)?;
            for (name, value) in to.query_pairs() {
                match &*name {
                    "state" => visit.state = value.into_owned(),
                    "nonce" => visit.nonce = value.into_owned(),
                    _ => {}
                }
            }
            visit.cookies = answer.cookies.join("; ");
            Ok(())
        }
        Step::Launch => {
            let ask = Ask {
                target: "/lti/launch",
                body: Some((FORM, std::mem::take(&mut visit.form))),
                cookies: Some(&visit.cookies),
                ..Ask::default()
            };
            let to = redirect(&client.ask(ask).await?, 303)?;
            let ltik = to
                .rsplit_once("ltik=")
                .context("no ltik in the redirect")?
                .1;
            visit.authorization = format!("LTIK-AUTH-V2 {API_KEY}:{ltik}");
            Ok(())
        }
        Step::IdToken => {
            let ask = Ask {
                target: "/api/idtoken",
                authorization: Some(&visit.authorization),
                ..Ask::default()
            };
            let answer = client.ask(ask).await?;
            let whole = answer.status == 200 && answer.body.len() > 1000;
            anyhow::ensure!(whole, "{}: {}", answer.status, text(&answer));
            Ok(())
        }
    }
}

fn redirect(answer: &Answer, status: u16) -> anyhow::Result<String> {
    anyhow::ensure!(
        answer.status == status,
        "{}: {}",
        answer.status,
        text(answer)
    );
    answer
        .location
        .clone()
        .context("a redirect without Location")
}

fn text(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.body)
        .chars()
        .take(300)
        .collect()
}
