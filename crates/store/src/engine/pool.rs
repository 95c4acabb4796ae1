//! Takes connections from PostgreSQL's pool, and deals with those that died.

use futures_util::future::BoxFuture;
use sqlx::postgres::PgPool;

/// After one connection turned out to be dead or silent: the idle ones are probably dead too. They
/// are dropped instead of returned, because the pool would ping each one and wait forever for a
/// silent one.
pub(super) fn give_up_idle(pool: &PgPool) {
    for idle in std::iter::from_fn(|| pool.try_acquire()) {
        drop(idle.detach());
    }
}

/// Waits for a connection in a box: the pool's futures are 14 kB, which every request that might
/// use the store would otherwise carry (and copy, several times) even if it never does.
pub(super) fn taken<'a, T>(
    taking: impl Future<Output = sqlx::Result<T>> + Send + 'a,
) -> BoxFuture<'a, sqlx::Result<T>> {
    Box::pin(taking)
}
