//! Which fields are in conflict, and deciding many conflicts at once.

use crate::app::App;
use crate::convert::{self, field_key};
use crate::dto::{
    ConflictField, ConflictFieldsArgs, ConflictWinner, IdArgs, ResolveManyArgs, Resolved,
    ResolvedUndone, Undecided,
};
use crate::error::ErrorDto;
use engine::{ConflictFilter, EngineError};
use store::IntegrationId;
use sync::reconcile::Side;
use workspace::ItemId;

impl App {
    /// In which fields there are conflicts, and how many, however many there are.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn conflict_fields(
        &self,
        args: ConflictFieldsArgs,
    ) -> Result<Vec<ConflictField>, ErrorDto> {
        let integration = args.integration_id.map(IntegrationId);
        let read = self
            .engine
            .store()
            .read(move |read| store::conflict::fields(read, integration));
        let found = read.await.map_err(EngineError::from)?;
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let names = self.names().await?;
        let fields = found.into_iter().map(|(field, count)| ConflictField {
            field: field.to_string(),
            name: super::sync::field_name(&names, field),
            count: convert::count(count),
        });
        Ok(fields.collect())
    }

    /// Decides conflicts for one side, each for itself.
    ///
    /// # Errors
    /// `bad_request` for a field that is none; what concerns one conflict is in the answer.
    pub async fn conflicts_resolve(&self, args: ResolveManyArgs) -> Result<Resolved, ErrorDto> {
        let some = args.some.map(|some| {
            let named = some.into_iter();
            let named = named.map(|one| Ok((ItemId(one.item_id), field_key(&one.field)?)));
            named.collect::<Result<Vec<_>, ErrorDto>>()
        });
        let filter = ConflictFilter {
            integration: args.integration_id.map(IntegrationId),
            field: args.field.as_deref().map(field_key).transpose()?,
            some: some.transpose()?,
        };
        let winner = match args.winner {
            ConflictWinner::Here => Side::Workspace,
            ConflictWinner::Jira => Side::Remote,
        };
        let resolved = self.engine.resolve_conflicts(filter, winner).await?;
        let names = self.names().await?;
        Ok(Resolved {
            decided: convert::count(resolved.decided),
            left: resolved
                .left
                .into_iter()
                .map(|left| Undecided {
                    item_id: left.item.0,
                    title: left.title,
                    key: left.key,
                    field: left.field.to_string(),
                    field_name: super::sync::field_name(&names, left.field),
                    problem: ErrorDto::from(&left.problem),
                })
                .collect(),
            undo: resolved.undo.and_then(|number| i64::try_from(number).ok()),
        })
    }

    /// Takes decisions back.
    ///
    /// # Errors
    /// `not_found` if they were taken back already, or too many others followed.
    pub async fn conflicts_resolve_undo(&self, args: IdArgs) -> Result<ResolvedUndone, ErrorDto> {
        let number = u64::try_from(args.id).map_err(|_| EngineError::NotFound("decision"))?;
        let (undone, kept) = self.engine.undo_decisions(number).await?;
        Ok(ResolvedUndone {
            undone: convert::count(undone),
            kept: convert::count(kept),
        })
    }
}
