//! New issues for items that came apart from theirs: only where those are not there any more.

use crate::Engine;
use crate::error::EngineError;
use crate::run::Ground;
use store::link::LinkState;
use store::{StoreError, WriteTx};
use workspace::ItemId;

impl Engine {
    /// Refuses to make a second issue of an item whose own can be read. That one cannot be read proves little; what it
    /// means, a person has said.
    ///
    /// # Errors
    /// [`EngineError::IssueThere`], or what keeps Jira from answering.
    pub(super) async fn none_is_there(
        &self,
        ground: &Ground,
        items: &[ItemId],
    ) -> Result<(), EngineError> {
        let (connection, items) = (ground.connection_id(), items.to_vec());
        let read = self.inner.store.read(move |read| {
            let links = store::link::by_items(read, &items)?.into_values().flatten();
            let severed = links
                .filter(|link| link.connection == connection && link.state != LinkState::Linked);
            Ok(severed.map(|link| link.remote_id).collect::<Vec<_>>())
        });
        let issues = read.await?;
        let remote = self.remote(connection).await?;
        for issue in issues {
            match remote.client().issue(&issue, &["summary"]).await {
                Ok(None) => {}
                Ok(Some(found)) => return Err(EngineError::IssueThere(found.key)),
                Err(error) => return Err(self.note(connection, error.into()).await),
            }
        }
        Ok(())
    }
}

/// Takes back that an issue is to be made of an item, because it is linked to one; or says that a request has left, so that
/// there may be two. What is part of it was asked for as well, and is made below that one.
///
/// # Errors
/// What the database meets.
pub(crate) fn give_up(
    tx: &WriteTx<'_>,
    item: ItemId,
) -> Result<Result<(), EngineError>, StoreError> {
    let own = store::create_intent::of_items(tx, &[item])?;
    if own.iter().any(|intent| intent.sent.is_some()) {
        return Ok(Err(super::under_way()));
    }
    for intent in own {
        store::create_intent::delete(tx, intent.id)?;
    }
    Ok(Ok(()))
}
