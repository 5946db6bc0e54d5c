//! Steps 5 and 6: what a project has, what is proposed, what is checked and kept.

use crate::error::EngineError;
use crate::integrations::IntegrationView;
use crate::scope::effective_jql;
use crate::{Engine, Topic};
use std::collections::BTreeMap;
use store::IntegrationId;
use store::mapping::RemoteNames;
use sync::fields::{FieldFinding, FieldProposal, MissingCore};
use sync::mapping::{FieldPair, Mapping, Severity, TypePair, ValuePair};
use sync::plan::{OrderRow, ParentNote, order};
use sync::remote::{ParentRef, RemoteIssue, RemoteValue, Schema};
use sync::types::{TypeFinding, TypeProposal};
use sync::values::ValueProposals;
use workspace::{Field, FieldKey, FieldOption, ItemType, Level};

/// Issues looked at for a sample: enough to find ten that hang together.
const SAMPLE_POOL: u32 = 60;
/// Issues shown in the sample tree.
const SAMPLE: usize = 10;

/// Everything about the hierarchy of an integration.
pub struct HierarchyView {
    /// Levels of the workspace.
    pub levels: Vec<Level>,
    /// Types of the workspace.
    pub types: Vec<ItemType>,
    /// Fields of the workspace, for naming.
    pub fields: Vec<Field>,
    /// What the project has.
    pub schema: Schema,
    /// Pairs that were saved, else the proposal.
    pub pairs: Vec<TypePair>,
    /// What is proposed.
    pub proposals: Vec<TypeProposal>,
    /// Whether the pairs were saved.
    pub saved: bool,
    /// What is to say about the pairs.
    pub findings: Vec<TypeFinding>,
}

/// Everything about the fields of an integration.
pub struct FieldsView {
    /// Levels of the workspace, for naming.
    pub levels: Vec<Level>,
    /// Types of the workspace, for naming.
    pub types: Vec<ItemType>,
    /// Fields of the workspace.
    pub fields: Vec<Field>,
    /// Choices of the workspace.
    pub options: Vec<FieldOption>,
    /// What the project has.
    pub schema: Schema,
    /// The mapping that was saved, else the core pairs on the saved types.
    pub mapping: Mapping,
    /// Pairs worth suggesting.
    pub proposals: Vec<FieldProposal>,
    /// Core fields without a counterpart.
    pub missing: Vec<MissingCore>,
    /// Whether fields were saved.
    pub saved: bool,
    /// What is to say about the pairs.
    pub findings: Vec<FieldFinding>,
    /// A value for each remote field that a real issue has.
    pub samples: BTreeMap<String, RemoteValue>,
}

/// An issue of the sample tree.
#[derive(Debug, Clone, PartialEq)]
pub struct SampleIssue {
    /// The issue.
    pub issue: RemoteIssue,
    /// Depth in the tree.
    pub depth: u16,
    /// Why it stands at the top though it names a parent.
    pub note: Option<ParentNote>,
    /// The workspace's type; none if its type is not mapped.
    pub item_type: Option<workspace::ItemTypeId>,
}

struct Shape {
    levels: Vec<Level>,
    types: Vec<ItemType>,
    fields: Vec<Field>,
    options: Vec<FieldOption>,
    mapping: Mapping,
}

impl Engine {
    /// What a project has to map: as last seen, or asked anew.
    ///
    /// # Errors
    /// What Jira says.
    pub(crate) async fn schema(
        &self,
        id: IntegrationId,
        refresh: bool,
    ) -> Result<Schema, EngineError> {
        if !refresh {
            let kept = self
                .inner
                .store
                .read(move |read| store::schema_snapshot::load(read, id))
                .await?;
            if let Some((schema, _)) = kept {
                return Ok(schema);
            }
        }
        let data = self.integration(id).await?.integration.data;
        let remote = self.remote(data.connection).await?;
        let board = data.board.as_ref().map(|board| board.id.as_str());
        let schema = match remote.schema(&data.project_key, board).await {
            Ok(schema) => schema,
            Err(error) => return Err(self.note(data.connection, error).await),
        };
        let (kept, now) = (schema.clone(), self.now());
        self.inner
            .store
            .write(move |tx| store::schema_snapshot::save(tx, id, &kept, now))
            .await?;
        Ok(schema)
    }

    async fn shape(&self, id: IntegrationId) -> Result<Shape, EngineError> {
        let shape = self
            .inner
            .store
            .read(move |read| {
                Ok(Shape {
                    levels: store::level::list(read)?,
                    types: store::item_type::list(read)?,
                    fields: store::field::list(read)?,
                    options: store::field_option::list(read)?,
                    mapping: store::mapping::load(read, id)?.0,
                })
            })
            .await?;
        Ok(shape)
    }

    /// Everything that step 5 shows.
    ///
    /// # Errors
    /// What Jira says.
    pub async fn hierarchy(
        &self,
        id: IntegrationId,
        refresh: bool,
    ) -> Result<HierarchyView, EngineError> {
        let schema = self.schema(id, refresh).await?;
        let shape = self.shape(id).await?;
        let proposals = sync::types::propose(&shape.levels, &shape.types, &schema.types);
        let saved = !shape.mapping.types.is_empty();
        let pairs = if saved {
            shape.mapping.types
        } else {
            proposed_types(&proposals)
        };
        let findings = sync::types::check(&shape.levels, &shape.types, &schema.types, &pairs);
        Ok(HierarchyView {
            levels: shape.levels,
            types: shape.types,
            fields: shape.fields,
            schema,
            pairs,
            proposals,
            saved,
            findings,
        })
    }

    /// What is to say about pairs of types.
    ///
    /// # Errors
    /// What Jira says, if the project was never looked at.
    pub async fn check_hierarchy(
        &self,
        id: IntegrationId,
        pairs: Vec<TypePair>,
    ) -> Result<HierarchyView, EngineError> {
        let mut view = self.hierarchy(id, false).await?;
        view.findings = sync::types::check(&view.levels, &view.types, &view.schema.types, &pairs);
        view.pairs = pairs;
        Ok(view)
    }

    /// Keeps pairs of types.
    ///
    /// # Errors
    /// [`EngineError::TypesRefused`].
    pub async fn save_hierarchy(
        &self,
        id: IntegrationId,
        pairs: Vec<TypePair>,
    ) -> Result<IntegrationView, EngineError> {
        let view = self.check_hierarchy(id, pairs).await?;
        let refused: Vec<TypeFinding> = view
            .findings
            .into_iter()
            .filter(|finding| finding.reason.severity() == Severity::Refused)
            .collect();
        if !refused.is_empty() {
            return Err(EngineError::TypesRefused(refused));
        }
        let (schema, pairs) = (view.schema, view.pairs);
        self.inner
            .store
            .write(move |tx| {
                let (mut mapping, _) = store::mapping::load(tx, id)?;
                mapping.types = pairs;
                store::mapping::save(tx, id, &mapping, &names(&schema))
            })
            .await?;
        self.tell(&[Topic::Integrations]);
        self.integration(id).await
    }

    /// How the tree will look: up to ten real issues that hang together.
    ///
    /// # Errors
    /// What Jira says.
    pub async fn sample_tree(
        &self,
        id: IntegrationId,
        pairs: &[TypePair],
    ) -> Result<Vec<SampleIssue>, EngineError> {
        let schema = self.schema(id, false).await?;
        let shape = self.shape(id).await?;
        let issues = self.sample(id, &schema).await?;
        let depth_of = |remote_type: &str| {
            let pair = pairs.iter().find(|pair| pair.remote_type == remote_type)?;
            let found = shape.types.iter().find(|kind| kind.id == pair.item_type)?;
            shape
                .levels
                .iter()
                .find(|level| level.id == found.level)
                .map(|level| level.depth)
        };
        Ok(sample_tree(issues, pairs, depth_of))
    }

    async fn sample(
        &self,
        id: IntegrationId,
        schema: &Schema,
    ) -> Result<Vec<RemoteIssue>, EngineError> {
        let data = self.integration(id).await?.integration.data;
        let remote = self.remote(data.connection).await?;
        let jql = effective_jql(&data.project_key, &data.jql, data.include_closed);
        let jql = format!("{jql} ORDER BY created ASC");
        match remote.sample(&jql, SAMPLE_POOL, schema).await {
            Ok(issues) => Ok(issues),
            Err(error) => Err(self.note(data.connection, error).await),
        }
    }

    /// Everything that step 6 shows.
    ///
    /// # Errors
    /// What Jira says; without an answer from Jira there are no samples, and that is no error.
    pub async fn fields(
        &self,
        id: IntegrationId,
        refresh: bool,
    ) -> Result<FieldsView, EngineError> {
        let schema = self.schema(id, refresh).await?;
        let shape = self.shape(id).await?;
        let core = sync::fields::core_pairs(&shape.fields, &schema);
        let saved = !shape.mapping.fields.is_empty();
        let mut mapping = shape.mapping;
        if mapping.types.is_empty() {
            mapping.types = proposed_types(&sync::types::propose(
                &shape.levels,
                &shape.types,
                &schema.types,
            ));
        }
        if !saved {
            mapping.fields = core
                .pairs
                .into_iter()
                .map(|pair| with_values(pair, &shape.fields, &shape.options, &schema))
                .collect();
        }
        let proposals = sync::fields::propose(&shape.fields, &schema, &mapping.fields)
            .into_iter()
            .map(|mut proposal| {
                proposal.pair = with_values(proposal.pair, &shape.fields, &shape.options, &schema);
                proposal
            })
            .collect();
        let findings = sync::fields::check(&shape.fields, &shape.options, &schema, &mapping);
        let samples = match self.sample(id, &schema).await {
            Ok(issues) => samples(issues),
            Err(error) => {
                tracing::info!(%error, "no samples");
                BTreeMap::new()
            }
        };
        Ok(FieldsView {
            levels: shape.levels,
            types: shape.types,
            fields: shape.fields,
            options: shape.options,
            schema,
            mapping,
            proposals,
            missing: core.missing,
            saved,
            findings,
            samples,
        })
    }

    /// What is to say about pairs of fields.
    ///
    /// # Errors
    /// What Jira says, if the project was never looked at.
    pub async fn check_fields(
        &self,
        id: IntegrationId,
        pairs: Vec<FieldPair>,
    ) -> Result<FieldsView, EngineError> {
        let schema = self.schema(id, false).await?;
        let shape = self.shape(id).await?;
        let mapping = Mapping {
            fields: pairs,
            ..shape.mapping
        };
        let findings = sync::fields::check(&shape.fields, &shape.options, &schema, &mapping);
        Ok(FieldsView {
            levels: shape.levels,
            types: shape.types,
            fields: shape.fields,
            options: shape.options,
            schema,
            mapping,
            proposals: Vec::new(),
            missing: Vec::new(),
            saved: false,
            findings,
            samples: BTreeMap::new(),
        })
    }

    /// Keeps pairs of fields.
    ///
    /// # Errors
    /// [`EngineError::FieldsRefused`]; [`EngineError::MappingMissing`] before types were saved.
    pub async fn save_fields(
        &self,
        id: IntegrationId,
        pairs: Vec<FieldPair>,
    ) -> Result<IntegrationView, EngineError> {
        let view = self.check_fields(id, pairs).await?;
        if view.mapping.types.is_empty() {
            return Err(EngineError::MappingMissing);
        }
        let refused: Vec<FieldFinding> = view
            .findings
            .into_iter()
            .filter(|finding| finding.reason.severity() == Severity::Refused)
            .collect();
        if !refused.is_empty() {
            return Err(EngineError::FieldsRefused(refused));
        }
        let (schema, fields) = (view.schema, view.mapping.fields);
        self.inner
            .store
            .write(move |tx| {
                let (mut mapping, _) = store::mapping::load(tx, id)?;
                let before = std::mem::replace(&mut mapping.fields, fields);
                for pair in before {
                    let stays = mapping.fields.iter().any(|now| {
                        now.field == pair.field && now.remote_field == pair.remote_field
                    });
                    if !stays {
                        store::link_field::forget(tx, id, pair.field)?;
                    }
                }
                store::mapping::save(tx, id, &mapping, &names(&schema))
            })
            .await?;
        self.tell(&[Topic::Integrations]);
        self.integration(id).await
    }

    /// Proposed pairs of choices for a pair of fields, with both fields.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] if one of the fields is not there.
    pub async fn field_values(
        &self,
        id: IntegrationId,
        key: FieldKey,
        remote_field: &str,
    ) -> Result<(Field, sync::remote::RemoteField, ValueProposals), EngineError> {
        let schema = self.schema(id, false).await?;
        let shape = self.shape(id).await?;
        let field = shape.fields.into_iter().find(|field| field.key == key);
        let field = field.ok_or(EngineError::NotFound("field"))?;
        let remote = schema
            .fields
            .into_iter()
            .find(|field| field.id == remote_field);
        let remote = remote.ok_or_else(|| EngineError::FieldGone(remote_field.to_owned()))?;
        let proposals = sync::values::propose(&field, &shape.options, &remote.options);
        Ok((field, remote, proposals))
    }
}

fn proposed_types(proposals: &[TypeProposal]) -> Vec<TypePair> {
    proposals
        .iter()
        .map(|proposal| TypePair {
            item_type: proposal.item_type,
            remote_type: proposal.remote_type.clone(),
        })
        .collect()
}

/// A pair with the proposed pairs of its choices.
fn with_values(
    mut pair: FieldPair,
    fields: &[Field],
    options: &[FieldOption],
    schema: &Schema,
) -> FieldPair {
    let field = fields.iter().find(|field| field.key == pair.field);
    let remote = schema
        .fields
        .iter()
        .find(|field| field.id == pair.remote_field);
    if let (Some(field), Some(remote)) = (field, remote)
        && !remote.options.is_empty()
    {
        pair.values = sync::values::propose(field, options, &remote.options)
            .pairs
            .into_iter()
            .map(|proposal| ValuePair {
                remote_option: proposal.pair.remote_option,
                option: proposal.pair.option,
            })
            .collect();
    }
    pair
}

/// What the remote calls things now, so that they can be named when they are gone.
pub(crate) fn names(schema: &Schema) -> RemoteNames {
    let named = |id: &String, name: &String| (id.clone(), name.clone());
    RemoteNames {
        types: schema
            .types
            .iter()
            .map(|found| named(&found.id, &found.name))
            .collect(),
        fields: schema
            .fields
            .iter()
            .map(|found| named(&found.id, &found.name))
            .collect(),
        options: schema
            .fields
            .iter()
            .flat_map(|field| {
                field
                    .options
                    .iter()
                    .map(|option| ((field.id.clone(), option.id.clone()), option.name.clone()))
            })
            .collect(),
        statuses: schema
            .statuses
            .iter()
            .map(|found| named(&found.id, &found.name))
            .collect(),
    }
}

/// The first value that any of the issues holds, by remote field.
fn samples(issues: Vec<RemoteIssue>) -> BTreeMap<String, RemoteValue> {
    let mut found = BTreeMap::new();
    for (field, value) in issues.into_iter().flat_map(|issue| issue.values) {
        found.entry(field).or_insert(value);
    }
    found
}

/// Picks issues that hang together and puts them in tree order: whole families first, then the rest.
fn sample_tree(
    issues: Vec<RemoteIssue>,
    pairs: &[TypePair],
    depth_of: impl Fn(&str) -> Option<u8>,
) -> Vec<SampleIssue> {
    let id_of_key: BTreeMap<&str, &str> = issues
        .iter()
        .map(|issue| (issue.key.as_str(), issue.id.as_str()))
        .collect();
    let rows: Vec<OrderRow> = issues
        .iter()
        .map(|issue| OrderRow {
            id: issue.id.clone(),
            parent: issue.parent.as_ref().map(|parent| match parent {
                ParentRef::Id(id) => id.clone(),
                ParentRef::Key(key) => id_of_key
                    .get(key.as_str())
                    .map_or_else(|| key.clone(), |id| (*id).to_owned()),
            }),
            depth: depth_of(&issue.type_id),
        })
        .collect();
    let ordered = order(&rows);
    let mut children: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for row in &ordered {
        if let Some(parent) = row.parent {
            children.entry(parent).or_default().push(row.row);
        }
    }
    let mut tops: Vec<_> = ordered.iter().filter(|row| row.parent.is_none()).collect();
    tops.sort_by_key(|row| std::cmp::Reverse(children.contains_key(&row.row)));
    let mut picked = Vec::new();
    for top in tops {
        let mut stack = vec![(top.row, 0_u16, top.note)];
        while let Some((row, depth, note)) = stack.pop() {
            if picked.len() == SAMPLE {
                break;
            }
            let issue = issues[row].clone();
            let pair = pairs.iter().find(|pair| pair.remote_type == issue.type_id);
            picked.push(SampleIssue {
                item_type: pair.map(|pair| pair.item_type),
                issue,
                depth,
                note,
            });
            // Few of each family, so that ten issues show more than one.
            let parts = children.get(&row).map(Vec::as_slice).unwrap_or_default();
            let few = parts.iter().take(3).rev();
            stack.extend(few.map(|part| (*part, depth + 1, None)));
        }
    }
    let unmapped = issues
        .into_iter()
        .filter(|issue| depth_of(&issue.type_id).is_none());
    let room = SAMPLE.saturating_sub(picked.len());
    picked.extend(unmapped.take(room).map(|issue| SampleIssue {
        issue,
        depth: 0,
        note: None,
        item_type: None,
    }));
    picked
}
