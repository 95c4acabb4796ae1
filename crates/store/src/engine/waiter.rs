//! The request that waits for a write.

use tokio::sync::oneshot;

use super::claim::Claim;

/// Where the write's answer goes, and whether it may begin.
pub(super) struct Waiter<A> {
    reply: oneshot::Sender<A>,
    claim: Claim,
}

impl<A> Waiter<A> {
    /// A request that may call the write off by `claim`, and where its answer will be.
    pub(super) fn new(claim: Claim) -> (Self, oneshot::Receiver<A>) {
        let (reply, answer) = oneshot::channel();
        (Self { reply, claim }, answer)
    }

    /// Whether the write is to be carried out: not if its request was refused meanwhile, or went away. Asked once; a
    /// request that was told "yes" is waited for.
    pub(super) fn begin(&self) -> bool {
        !self.reply.is_closed() && self.claim.take()
    }

    /// Says what the write came to. The request may have gone; its write stays all the same.
    pub(super) fn answer(self, answer: A) {
        let _ = self.reply.send(answer);
    }
}
