//! Lets a layer step in after a request was admitted and before it is carried out.
//!
//! Each extractor that admits requests (by API key, with a launch, with a place) knocks once
//! everything it checks is in order: key, scope, and whether session, person, deployment and
//! platform are still in good standing. So when the layer answers in place of the handler, only
//! callers get that answer whom the handler would have served.

use std::sync::{Arc, Mutex, PoisonError};

use axum::http::request::Parts;
use tokio::sync::oneshot;

use crate::directory::api_keys::scope::Scope;
use crate::web::problem::Problem;

/// A caller, in the terms by which callers are distinguished.
#[derive(Clone, Debug)]
pub(crate) struct KnownAsker {
    pub(crate) tool_id: String,
    /// The id of the API key.
    pub(crate) key_id: Arc<str>,
    /// The scope of the API key, because the answer may depend on it.
    pub(crate) scope: Scope,
    /// What the request is for: the whole tool, a launch or a place.
    pub(crate) who: String,
    /// The platform of the launch or the place.
    pub(crate) platform_id: Option<String>,
    /// The person of the launch.
    pub(crate) subject: Option<String>,
}

/// A caller who has been admitted and waits.
pub(crate) struct Knock {
    pub(crate) asker: KnownAsker,
    /// Lets the request continue. If it is dropped, the request ends, because the layer answers
    /// instead.
    pub(crate) open: oneshot::Sender<()>,
}

/// An extension of requests, for a layer that wants to know the caller before anything is done.
/// Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct Doorstep(Arc<Mutex<Option<oneshot::Sender<Knock>>>>);

impl Doorstep {
    /// A doorstep for a request, and the receiver of its knock.
    pub(crate) fn new() -> (Self, oneshot::Receiver<Knock>) {
        let (tell, knocks) = oneshot::channel();
        (Self(Arc::new(Mutex::new(Some(tell)))), knocks)
    }

    /// Reports the caller and waits to be let in. Returns at once if no layer is interested, or one
    /// has let the caller in already.
    ///
    /// # Errors
    /// The request must not continue. The problem itself is never sent: the layer has answered, or
    /// is gone.
    pub(crate) async fn knock(
        request: &Parts,
        asker: impl FnOnce() -> KnownAsker,
    ) -> Result<(), Problem> {
        let doorstep = request.extensions.get::<Self>();
        let Some(tell) = doorstep.and_then(Self::take) else {
            return Ok(());
        };
        let (open, opened) = oneshot::channel();
        let asker = asker();
        if tell.send(Knock { asker, open }).is_err() || opened.await.is_err() {
            return Err(Problem::internal("answered in the handler's place"));
        }
        Ok(())
    }

    fn take(&self) -> Option<oneshot::Sender<Knock>> {
        let mut tell = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tell.take()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use axum::extract::Request;

    use super::*;

    fn asker() -> KnownAsker {
        KnownAsker {
            tool_id: "tool".into(),
            key_id: "key".into(),
            scope: Scope::Services,
            who: "launch 1".into(),
            platform_id: None,
            subject: None,
        }
    }

    fn request(doorstep: Option<Doorstep>) -> Parts {
        let mut request = Request::new(()).into_parts().0;
        if let Some(doorstep) = doorstep {
            request.extensions.insert(doorstep);
        }
        request
    }

    #[tokio::test]
    async fn who_knocks_waits_to_be_let_in_and_once() {
        Doorstep::knock(&request(None), asker).await.unwrap();
        let (doorstep, knocks) = Doorstep::new();
        let request = request(Some(doorstep));
        let letting_in = async {
            let knock = knocks.await.unwrap();
            assert_eq!(knock.asker.who, "launch 1");
            knock.open.send(()).unwrap();
        };
        let (let_in, ()) = tokio::join!(Doorstep::knock(&request, asker), letting_in);
        let_in.unwrap();
        Doorstep::knock(&request, asker).await.unwrap();
    }

    #[tokio::test]
    async fn who_is_not_let_in_does_nothing() {
        for is_there in [true, false] {
            let (doorstep, knocks) = Doorstep::new();
            let request = request(Some(doorstep));
            let turned_away = async {
                match is_there {
                    true => drop(knocks.await.unwrap().open),
                    false => drop(knocks),
                }
            };
            let (let_in, ()) = tokio::join!(Doorstep::knock(&request, asker), turned_away);
            let_in.unwrap_err();
        }
    }
}
