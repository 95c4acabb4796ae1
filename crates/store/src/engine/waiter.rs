//! The request that waits for a write.

use tokio::sync::oneshot;

use super::claim::Claim;

/// Where to send the write's answer, and whether the write may begin.
pub(super) struct Waiter<A> {
    reply: oneshot::Sender<A>,
    claim: Claim,
}

impl<A> Waiter<A> {
    /// Creates a waiter for a request that may call the write off through `claim`, and the receiver
    /// for its answer.
    pub(super) fn new(claim: Claim) -> (Self, oneshot::Receiver<A>) {
        let (reply, answer) = oneshot::channel();
        (Self { reply, claim }, answer)
    }

    /// Whether to carry out the write: not if its request was refused or dropped meanwhile. Ask
    /// only once; after a "yes", the request waits for the result.
    pub(super) fn begin(&self) -> bool {
        !self.reply.is_closed() && self.claim.take()
    }

    /// Sends the write's result. If the request is gone, its write stays all the same.
    pub(super) fn answer(self, answer: A) {
        let _ = self.reply.send(answer);
    }
}
