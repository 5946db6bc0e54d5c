// Written by `UPDATE_BINDINGS=1 cargo test -p api`. Do not edit: change src-tauri/crates/api.

export type AbsenceState = "unseen" | "project_unseen" | "archived";

export type AbsentPair = { 
/**
 * Its id.
 */
link_id: number, 
/**
 * The item.
 */
item_id: number, 
/**
 * The item's title.
 */
title: string, 
/**
 * Through which integration.
 */
integration_id: number | null, 
/**
 * The integration's name.
 */
integration_name: string, 
/**
 * Key of the issue as it was last seen.
 */
key: string, 
/**
 * The issue in the browser.
 */
url: string, 
/**
 * What the last look found.
 */
state: AbsenceState, 
/**
 * Looks that found it so, one after the other.
 */
looks: number, 
/**
 * Since when.
 */
since: string, 
/**
 * When it is looked for again.
 */
next_at: string, };

export type ActivityArgs = { 
/**
 * Of this item.
 */
item_id: number | null, 
/**
 * Of items that are or were linked through this integration.
 */
integration_id: number | null, 
/**
 * Of this run.
 */
run_id: number | null, 
/**
 * From there.
 */
origin: ChangeOrigin | null, 
/**
 * Of the field with this key.
 */
field: string | null, 
/**
 * Of items of which the title or the key of an issue has these words, or made in Jira by somebody of whom the name
 * has them.
 */
search: string | null, 
/**
 * From the first before this one; none for the newest.
 */
before: number | null, 
/**
 * At most so many.
 */
limit: number, };

export type ActivityChange = { 
/**
 * Its place in the journal; takes it back when given to `item_edit_undo`.
 */
id: number, 
/**
 * When.
 */
at: string, 
/**
 * The item.
 */
item_id: number, 
/**
 * Its title; none if it is gone.
 */
title: string | null, 
/**
 * Key of its issue.
 */
key: string | null, 
/**
 * Where it came from.
 */
origin: ChangeOrigin, 
/**
 * Who made it in Jira, as they are called there; none for what was made here, and where Jira does not tell.
 */
author: string | null, 
/**
 * What it was part of.
 */
cause: ChangeCause, 
/**
 * The run that it was part of.
 */
run_id: number | null, 
/**
 * What kind it was.
 */
kind: ChangeKind, 
/**
 * Name of the field.
 */
field: string | null, 
/**
 * What it was before.
 */
before: FieldValue, 
/**
 * What it became.
 */
after: FieldValue, 
/**
 * Whether it can be taken back by itself, as long as nobody changed it since.
 */
undoable: boolean, };

export type ActivityPage = { 
/**
 * The changes.
 */
changes: Array<ActivityChange>, 
/**
 * What to give as `before` for the next page; none at the end.
 */
next: number | null, };

export type AgeBar = { 
/**
 * For example `Last 7 days`.
 */
label: string, 
/**
 * Issues last updated then.
 */
count: number, };

export type ApiError = { 
/**
 * From the closed list.
 */
code: ErrorCode, 
/**
 * What belongs to it; never a secret.
 */
detail: { [key in string]: string }, };

export type AppState = { 
/**
 * Version of Lockstep.
 */
version: string, 
/**
 * Where the database lies.
 */
data_dir: string, 
/**
 * Chosen theme.
 */
theme: Theme, 
/**
 * Where secrets are kept.
 */
secret_store: SecretStoreState, 
/**
 * Items in the workspace.
 */
items: number, 
/**
 * Connections.
 */
connections: number, 
/**
 * Project integrations.
 */
integrations: number, 
/**
 * The run under way, or waiting to be continued.
 */
active_run: Run | null, 
/**
 * When an import last finished.
 */
last_import_at: string | null, };

export type Area = { 
/**
 * Local id.
 */
id: number, 
/**
 * The area that it lies in.
 */
parent_id: number | null, 
/**
 * Name.
 */
name: string, 
/**
 * Items in it and below.
 */
items: number, };

export type AuthKind = "cloud_token" | "password" | "pat";

export type BacklogIdsArgs = { 
/**
 * The view.
 */
view: number, 
/**
 * First row, from 0.
 */
start: number, 
/**
 * How many.
 */
count: number, };

export type BacklogQuery = { 
/**
 * Words of the title or key.
 */
search: string, 
/**
 * Only these levels.
 */
levels: Array<number>, 
/**
 * Only these types.
 */
types: Array<number>, 
/**
 * Only these statuses.
 */
statuses: Array<number>, 
/**
 * Only these raw statuses.
 */
dev_statuses: Array<string>, 
/**
 * Only this area and what lies below it.
 */
area_id: number | null, 
/**
 * Order among siblings.
 */
sort: SortColumn, 
/**
 * From the end.
 */
descending: boolean, 
/**
 * Items whose children are hidden.
 */
collapsed: Array<number>, 
/**
 * Whether every item's children are hidden, but those of `collapsed`.
 */
collapse_all: boolean, };

export type BacklogRow = { 
/**
 * Item.
 */
id: number, 
/**
 * Depth, from 0.
 */
depth: number, 
/**
 * Whether it has children.
 */
has_children: boolean, 
/**
 * Whether its children are shown.
 */
expanded: boolean, 
/**
 * Whether it matches itself, not only something below it.
 */
matched: boolean, 
/**
 * Title.
 */
title: string, 
/**
 * Type.
 */
item_type: number, 
/**
 * Key of the linked issue.
 */
key: string | null, 
/**
 * Status.
 */
status: FieldOption | null, 
/**
 * Raw status from Jira.
 */
dev_status: string | null, 
/**
 * Importance.
 */
importance: FieldOption | null, 
/**
 * Dev assignee's name.
 */
dev_assignee: string | null, 
/**
 * Story points.
 */
story_points: number | null, 
/**
 * Product area.
 */
area_id: number, };

export type BacklogRows = { 
/**
 * The rows; empty if the view is no longer known (open it again).
 */
rows: Array<BacklogRow>, 
/**
 * Whether items changed since the view was opened.
 */
stale: boolean, };

export type BacklogRowsArgs = { 
/**
 * The view.
 */
view: number, 
/**
 * First row, from 0.
 */
start: number, 
/**
 * How many.
 */
count: number, };

export type BacklogView = { 
/**
 * Names the view in `backlog_rows`.
 */
view: number, 
/**
 * Rows that can be shown.
 */
rows: number, 
/**
 * Items that match (ancestors of matches are shown too).
 */
matched: number, };

export type Block = { "type": "heading", 
/**
 * 1 to 6.
 */
level: number, 
/**
 * Words.
 */
content: Array<Inline>, } | { "type": "paragraph", 
/**
 * Words.
 */
content: Array<Inline>, } | { "type": "bullet_list", 
/**
 * Each item's blocks.
 */
items: Array<Array<Block>>, } | { "type": "ordered_list", 
/**
 * First number.
 */
start: number, 
/**
 * Each item's blocks.
 */
items: Array<Array<Block>>, } | { "type": "task_list", 
/**
 * The tasks.
 */
items: Array<Task>, } | { "type": "code_block", 
/**
 * Language.
 */
language: string | null, 
/**
 * The code.
 */
text: string, } | { "type": "quote", 
/**
 * Blocks.
 */
content: Array<Block>, } | { "type": "panel", 
/**
 * `info`, `note`, `success`, `warning`, `error` or `custom`.
 */
kind: string, 
/**
 * Title.
 */
title: string | null, 
/**
 * Blocks.
 */
content: Array<Block>, } | { "type": "table", 
/**
 * Rows.
 */
rows: Array<Array<Cell>>, } | { "type": "rule" } | { "type": "expand", 
/**
 * Title.
 */
title: string, 
/**
 * Blocks.
 */
content: Array<Block>, } | { "type": "media", 
/**
 * Its name.
 */
name: string, } | { "type": "unknown", 
/**
 * The remote's word for it.
 */
name: string, 
/**
 * Its readable words.
 */
text: string, };

export type Board = { 
/**
 * The site's id.
 */
id: string, 
/**
 * Name.
 */
name: string, 
/**
 * `scrum`, `kanban` or `simple`.
 */
kind: string, };

export type Cell = { 
/**
 * Whether it is a heading.
 */
header: boolean, 
/**
 * Columns that it covers.
 */
colspan: number, 
/**
 * Rows that it covers.
 */
rowspan: number, 
/**
 * Blocks.
 */
content: Array<Block>, };

export type ChangeCause = "import" | "sync" | "edit";

export type ChangeKind = "created" | "field" | "parent" | "type" | "deleted" | "restored" | "severed" | "relinked" | "decided";

export type ChangeOrigin = "jira" | "here" | "sent";

export type Check = { 
/**
 * What was looked at, for example `reachable`, `tls`, `identity`, `permission:CREATE_ISSUES`.
 */
id: string, 
/**
 * In words.
 */
label: string, 
/**
 * What came out.
 */
state: CheckState, 
/**
 * More about it: time taken, name found, what the permission buys.
 */
detail: string | null, 
/**
 * What is wrong and how to mend it.
 */
problem: ApiError | null, };

export type CheckState = "passed" | "warning" | "failed" | "unknown";

export type ChoiceCreateArgs = { 
/**
 * The integration.
 */
integration_id: number, 
/**
 * The issue's id.
 */
remote_id: string, };

export type ChoiceCreated = { 
/**
 * Its name.
 */
name: string, };

export type CompareArgs = { 
/**
 * The severed pair.
 */
link_id: number, 
/**
 * Id or key of the issue to compare with; none for the pair's own.
 */
issue: string | null, };

export type ComparedField = { 
/**
 * The field's key; `parent` for what it is part of.
 */
key: string, 
/**
 * The field's name.
 */
name: string, 
/**
 * What stands here.
 */
here: FieldValue, 
/**
 * What Jira says.
 */
there: FieldValue, 
/**
 * Whether both are the same.
 */
alike: boolean, 
/**
 * Who changed it.
 */
standing: Standing, 
/**
 * Who is to win if nobody says otherwise; none where a person has to say, and where both are the same.
 */
suggested: ConflictWinner | null, 
/**
 * What it was, to be given back with the choice.
 */
seen: string, };

export type Comparison = { 
/**
 * The severed pair.
 */
link_id: number, 
/**
 * Its item.
 */
item_id: number, 
/**
 * The item's title.
 */
title: string, 
/**
 * Through which integration they would be linked.
 */
integration_id: number, 
/**
 * Id of the issue.
 */
remote_id: string, 
/**
 * Key of the issue.
 */
key: string, 
/**
 * Title of the issue.
 */
remote_title: string, 
/**
 * Whether it is the issue of the pair, and not another one.
 */
same_issue: boolean, 
/**
 * All fields, in the mapping's order; the parent comes last.
 */
fields: Array<ComparedField>, };

export type Conflict = { 
/**
 * The item.
 */
item_id: number, 
/**
 * Its title.
 */
title: string, 
/**
 * Key of the issue.
 */
key: string, 
/**
 * The field's key.
 */
field: string, 
/**
 * The field's name.
 */
field_name: string, 
/**
 * Since when.
 */
since: string, 
/**
 * On what both sides last agreed; none if they never did.
 */
base: FieldValue | null, 
/**
 * What stands here.
 */
here: FieldValue, 
/**
 * What Jira says.
 */
there: FieldValue, 
/**
 * How the sides took turns in setting it to the same two values, the oldest first; empty if they did not. Then
 * it rests until somebody decides.
 */
turns: Array<Turn>, };

export type ConflictField = { 
/**
 * The field's key.
 */
field: string, 
/**
 * Its name.
 */
name: string, 
/**
 * In how many items, all of them counted.
 */
count: number, };

export type ConflictFieldsArgs = { 
/**
 * Only those of this integration.
 */
integration_id: number | null, };

export type ConflictKey = { 
/**
 * The item.
 */
item_id: number, 
/**
 * The field's key.
 */
field: string, };

export type ConflictWinner = "here" | "jira";

export type ConflictsArgs = { 
/**
 * Only those of this integration.
 */
integration_id: number | null, 
/**
 * Only those of the field with this key.
 */
field: string | null, 
/**
 * Only those of this item.
 */
item_id: number | null, 
/**
 * Only those of the issue with this key.
 */
key: string | null, };

export type Connection = { 
/**
 * Local id.
 */
id: number, 
/**
 * Name, unique.
 */
name: string, 
/**
 * Kind of Jira.
 */
kind: SiteKind, 
/**
 * Address for people.
 */
url: string, 
/**
 * Version of the site.
 */
version: string | null, 
/**
 * How we sign in.
 */
auth: AuthKind, 
/**
 * E-mail or user name that was given.
 */
login: string, 
/**
 * Who we are there, as the site shows it.
 */
account: string, 
/**
 * Whether it is a practice site on this machine.
 */
practice: boolean, 
/**
 * Why it is stopped, if it is.
 */
problem: ApiError | null, 
/**
 * Proxy of its own.
 */
proxy: string | null, 
/**
 * Whether it trusts a certificate authority of its own.
 */
has_ca: boolean, 
/**
 * Whether it shows a client certificate.
 */
has_client_identity: boolean, 
/**
 * Integrations that use it.
 */
integrations: number, 
/**
 * When it was made.
 */
created_at: string, };

export type ConnectionForm = { 
/**
 * Name, unique.
 */
name: string, 
/**
 * Address of the site.
 */
url: string, 
/**
 * How to sign in.
 */
auth: AuthKind, 
/**
 * E-mail or user name; empty for a personal access token.
 */
login: string, 
/**
 * Token or password. Goes into the secret store and nowhere else.
 */
secret: string, 
/**
 * Certificate authority to trust, PEM.
 */
ca_pem: string | null, 
/**
 * Proxy address.
 */
proxy: string | null, 
/**
 * Client certificate and its key, PEM. Kept with the secrets.
 */
client_identity_pem: string | null, };

export type ConnectionPauseArgs = { 
/**
 * Which connection.
 */
id: number, 
/**
 * Whether they are to rest.
 */
paused: boolean, };

export type ConnectionReport = { 
/**
 * Whether everything needed is there.
 */
ok: boolean, 
/**
 * Kind of Jira.
 */
kind: SiteKind | null, 
/**
 * Version of the site.
 */
version: string | null, 
/**
 * Who we are there.
 */
account: string | null, 
/**
 * The lines.
 */
checks: Array<Check>, };

export type Counted = { 
/**
 * How many.
 */
count: number, };

export type CreateState = { 
/**
 * Through which integration.
 */
integration_id: number, 
/**
 * What names the attempt.
 */
unmade_id: number, 
/**
 * Whether a request has left of which it is not known what came of it.
 */
under_way: boolean, 
/**
 * Title of the item above whose issue comes first.
 */
waits_for: string | null, 
/**
 * Why the last attempt failed.
 */
problem: ApiError | null, 
/**
 * Whether somebody has to do something first.
 */
parked: boolean, };

export type CredentialsArgs = { 
/**
 * Which connection.
 */
id: number, 
/**
 * How to sign in.
 */
auth: AuthKind, 
/**
 * E-mail or user name.
 */
login: string, 
/**
 * Token or password.
 */
secret: string, };

export type DeletionExtent = { 
/**
 * Items.
 */
items: number, 
/**
 * Issues that are linked to them; they stay in Jira.
 */
issues: number, };

export type Direction = "both" | "to_remote" | "from_remote" | "set_once";

export type DisconnectArgs = { 
/**
 * Which connection or integration.
 */
id: number, 
/**
 * Items with edits that are not in Jira, of all integrations that go.
 */
unsent: number, 
/**
 * Conflicts that nobody has decided.
 */
conflicts: number, 
/**
 * Issues that are still to be made.
 */
unmade: number, };

export type Disconnected = { 
/**
 * Severed pairs that were asked for, the latest first; at most 1,000.
 */
pairs: Array<SeveredPair>, 
/**
 * How many severed pairs there are, by integration and reason, whatever was asked for.
 */
counts: Array<SeveredCount>, 
/**
 * Pairs in force whose issues are out of reach, the longest first.
 */
absent: Array<AbsentPair>, 
/**
 * Questions whether unusually many pairs are to be severed.
 */
questions: Array<SeverQuestion>, };

export type DisconnectedArgs = { 
/**
 * Only those of this integration.
 */
integration_id: number | null, 
/**
 * Only those with this reason.
 */
reason: SeverReason | null, 
/**
 * Only those whose title or key holds this.
 */
search: string, 
/**
 * Those that were put out of sight, instead of the others.
 */
dismissed: boolean, };

export type DismissArgs = { 
/**
 * The pairs.
 */
link_ids: Array<number>, 
/**
 * Out of sight.
 */
dismissed: boolean, };

export type EditArgs = { 
/**
 * The item.
 */
item_id: number, 
/**
 * The field's key.
 */
field: string, 
/**
 * What it is to hold.
 */
value: EditValue, };

export type EditValue = { "type": "none" } | { "type": "text", 
/**
 * The text.
 */
text: string, } | { "type": "number", 
/**
 * The number.
 */
number: number, } | { "type": "date", 
/**
 * `YYYY-MM-DD`.
 */
date: string, } | { "type": "options", 
/**
 * Their ids.
 */
ids: Array<number>, } | { "type": "person", 
/**
 * Their id.
 */
id: number, } | { "type": "labels", 
/**
 * The words.
 */
labels: Array<string>, } | { "type": "bool", 
/**
 * Yes.
 */
yes: boolean, } | { "type": "link", 
/**
 * The address.
 */
href: string, } | { "type": "dependency", 
/**
 * The other item.
 */
item_id: number, 
/**
 * What this one is to it.
 */
relation: ItemRelation, 
/**
 * Whether it is to be there.
 */
there: boolean, } | { "type": "item", 
/**
 * Its id.
 */
id: number, } | { "type": "rich", 
/**
 * Its notation.
 */
format: RichFormat, 
/**
 * The text in it.
 */
source: string, 
/**
 * The text that `rich_source` gave when the edit began. The edit is refused if it is another one by now.
 */
was: string, };

export type Edited = { 
/**
 * The item as it is now.
 */
item: ItemDetail, 
/**
 * Takes the edit back when given to `item_edit_undo`; none if nothing changed.
 */
undo: number | null, };

export type ErrorCode = "url_invalid" | "host_unknown" | "host_refused" | "host_timeout" | "proxy_failed" | "tls_untrusted" | "certificate_invalid" | "redirect_elsewhere" | "not_jira" | "jira_unavailable" | "credentials_wrong" | "credentials_expired" | "captcha_required" | "basic_auth_disabled" | "anonymous" | "permission_missing" | "rate_limited" | "jira_paused" | "jira_too_old" | "jira_rejected" | "project_gone" | "project_replaced" | "project_taken" | "no_projects" | "jql_invalid" | "type_gone" | "field_gone" | "mapping_refused" | "mapping_missing" | "name_taken" | "name_invalid" | "connection_removed" | "connection_stopped" | "not_found" | "run_active" | "run_state" | "plan_stale" | "edit_refused" | "edit_overtaken" | "value_unsayable" | "parent_unpushed" | "parent_fixed" | "parent_refused" | "sprint_closed" | "sprint_refused" | "choice_missing" | "link_unsayable" | "link_refused" | "status_unmapped" | "transition_missing" | "transition_fields" | "transition_none" | "push_refused" | "fields_required" | "push_under_way" | "issue_unreadable" | "issue_there" | "issue_elsewhere" | "issue_unfit" | "pair_taken" | "compare_stale" | "leaving_stale" | "fuse_blown" | "already_open" | "database_newer" | "database_older" | "database_corrupt" | "database_read_only" | "disk_full" | "disk_failed" | "secret_store_unavailable" | "secret_store_locked" | "passphrase_wrong" | "secret_missing" | "bad_request" | "internal";

export type Event = { "type": "changed", 
/**
 * What.
 */
tags: Array<Tag>, } | { "type": "missed" } | { "type": "run", 
/**
 * The run now.
 */
run: Run, } | { "type": "limit", 
/**
 * Connection.
 */
connection_id: number, 
/**
 * Requests under way.
 */
in_flight: number, 
/**
 * Requests allowed at once.
 */
concurrency: number, 
/**
 * Until when the site makes us wait.
 */
waiting_until: string | null, };

export type Facet = { 
/**
 * Local id.
 */
id: number, 
/**
 * Name.
 */
name: string, 
/**
 * Icon name, for types.
 */
icon: string | null, 
/**
 * Colour name.
 */
colour: string | null, 
/**
 * How many.
 */
count: number, };

export type Facets = { 
/**
 * Levels and types.
 */
levels: Array<LevelFacet>, 
/**
 * Statuses of the workspace.
 */
statuses: Array<Facet>, 
/**
 * Raw statuses from Jira.
 */
dev_statuses: Array<TextFacet>, 
/**
 * Items in all.
 */
total: number, };

export type Field = { 
/**
 * Key.
 */
key: string, 
/**
 * Name.
 */
name: string, 
/**
 * What its values are, in words.
 */
kind: string, 
/**
 * Choices, for selects.
 */
options: Array<FieldOption>, 
/**
 * A value that an item holds, where one does.
 */
sample: string | null, 
/**
 * For each Jira field that may not be chosen or loses something: why.
 */
choices: Array<FieldChoice>, };

export type FieldArgs = { 
/**
 * The field's key.
 */
field: string, };

export type FieldChoice = { 
/**
 * Jira field id.
 */
remote_field: string, 
/**
 * Why it may not be chosen.
 */
refusal: string | null, 
/**
 * What is converted or lost, if it may.
 */
note: string | null, 
/**
 * Directions that make sense; empty if it may not be chosen.
 */
directions: Array<Direction>, };

export type FieldChoices = { 
/**
 * Choices, in their order; empty for fields without choices.
 */
options: Array<FieldOption>, 
/**
 * People, by name; empty for fields that hold none.
 */
people: Array<PersonChoice>, 
/**
 * Whether it is edited here.
 */
editable: boolean, };

export type FieldMapping = { 
/**
 * Workspace fields that can be mapped.
 */
fields: Array<Field>, 
/**
 * Jira's fields.
 */
remote_fields: Array<RemoteField>, 
/**
 * Pairs saved before, or the core pairs.
 */
pairs: Array<FieldPair>, 
/**
 * Pairs that are suggested and not in `pairs`.
 */
suggestions: Array<FieldSuggestion>, 
/**
 * What is to say about `pairs`.
 */
remarks: Array<FieldRemark>, 
/**
 * Whether `pairs` were saved.
 */
saved: boolean, };

export type FieldOption = { 
/**
 * Local id.
 */
id: number, 
/**
 * Name.
 */
name: string, 
/**
 * Colour name.
 */
colour: string | null, };

export type FieldPair = { 
/**
 * Workspace field key, for example `story_points` or `custom:12`.
 */
field: string, 
/**
 * Jira field id.
 */
remote_field: string, 
/**
 * Which way.
 */
direction: Direction, 
/**
 * Who wins.
 */
winner: Winner, 
/**
 * Choices that belong together.
 */
values: Array<ValuePair>, 
/**
 * Whether it is locked on.
 */
core: boolean, };

export type FieldPairsArgs = { 
/**
 * Integration.
 */
integration_id: number, 
/**
 * The pairs.
 */
pairs: Array<FieldPair>, };

export type FieldRemark = { 
/**
 * Workspace field key, where it is about one.
 */
field: string | null, 
/**
 * Jira field id, where it is about one.
 */
remote_field: string | null, 
/**
 * How bad.
 */
severity: Severity, 
/**
 * In words.
 */
text: string, };

export type FieldSuggestion = { 
/**
 * The pair.
 */
pair: FieldPair, 
/**
 * How sure, in percent.
 */
confidence: number, 
/**
 * Why.
 */
reason: string, };

export type FieldValue = { "type": "none" } | { "type": "text", 
/**
 * The text.
 */
text: string, } | { "type": "rich_text", 
/**
 * Blocks.
 */
blocks: Array<Block>, } | { "type": "number", 
/**
 * The number.
 */
number: number, } | { "type": "date", 
/**
 * `YYYY-MM-DD`.
 */
date: string, } | { "type": "options", 
/**
 * The choices.
 */
options: Array<FieldOption>, } | { "type": "people", 
/**
 * Their names.
 */
names: Array<string>, } | { "type": "labels", 
/**
 * The words.
 */
labels: Array<string>, } | { "type": "references", 
/**
 * The items.
 */
references: Array<ItemReference>, } | { "type": "bool", 
/**
 * Yes.
 */
yes: boolean, } | { "type": "link", 
/**
 * The address.
 */
href: string, };

export type FileChange = { "type": "keep" } | { "type": "remove" } | { "type": "replace", 
/**
 * The file, PEM.
 */
pem: string, };

export type Firewall = { 
/**
 * This machine's own addresses.
 */
own: Array<string>, 
/**
 * Addresses that Craft.io publishes for its cloud, with a name each.
 */
craft: Array<NamedAddress>, 
/**
 * Port.
 */
port: number, };

export type Fuse = { 
/**
 * The run whose plan says what would be taken over; none where it is about what would be sent.
 */
run_id: number | null, 
/**
 * Items that would be changed here.
 */
incoming: number, 
/**
 * Of these, those of which a field would be emptied.
 */
blanked: number, 
/**
 * Issues that would be changed in Jira.
 */
outgoing: number, 
/**
 * Pairs in force at that time.
 */
linked: number, 
/**
 * When.
 */
at: string, };

export type FuseArgs = { 
/**
 * The integration.
 */
integration_id: number, 
/**
 * Whether it goes on as it is; else what is to do is looked at anew.
 */
go_on: boolean, };

export type FuseLimits = { 
/**
 * The integration.
 */
integration_id: number, 
/**
 * Items or issues that are changed.
 */
changed_percent: number, 
/**
 * Items of which a field is emptied.
 */
emptied_percent: number, };

export type Hierarchy = { 
/**
 * The workspace's levels, top first.
 */
levels: Array<Level>, 
/**
 * Jira's types, highest level first.
 */
remote_types: Array<RemoteType>, 
/**
 * What may be chosen for each workspace type, and why not the rest.
 */
choices: Array<TypeChoice>, 
/**
 * Pairs saved before, or the proposal.
 */
pairs: Array<TypePair>, 
/**
 * What is proposed, with reasons.
 */
proposals: Array<TypeProposal>, 
/**
 * Whether `pairs` were saved.
 */
saved: boolean, 
/**
 * What is wrong with `pairs`.
 */
remarks: Array<TypeRemark>, };

export type IdArgs = { 
/**
 * The id.
 */
id: number, };

export type Ids = { 
/**
 * The ids.
 */
ids: Array<number>, };

export type Inline = { "type": "text", 
/**
 * The words.
 */
text: string, 
/**
 * Bold.
 */
bold: boolean, 
/**
 * Italic.
 */
italic: boolean, 
/**
 * Underlined.
 */
underline: boolean, 
/**
 * Struck out.
 */
strike: boolean, 
/**
 * Code.
 */
code: boolean, } | { "type": "link", 
/**
 * Address.
 */
href: string, 
/**
 * Words.
 */
content: Array<Inline>, } | { "type": "mention", 
/**
 * Name.
 */
text: string, } | { "type": "emoji", 
/**
 * As text.
 */
text: string, } | { "type": "date", 
/**
 * `YYYY-MM-DD`.
 */
date: string, } | { "type": "status", 
/**
 * Words.
 */
text: string, 
/**
 * Colour name.
 */
colour: string, } | { "type": "hard_break" } | { "type": "image", 
/**
 * Its name.
 */
name: string, } | { "type": "unknown", 
/**
 * The remote's word for it.
 */
name: string, 
/**
 * Its readable words.
 */
text: string, };

export type Integration = { 
/**
 * Local id.
 */
id: number, 
/**
 * Connection.
 */
connection_id: number, 
/**
 * Name of the connection.
 */
connection_name: string, 
/**
 * Kind of Jira.
 */
kind: SiteKind, 
/**
 * Name, unique.
 */
name: string, 
/**
 * Project key.
 */
project_key: string, 
/**
 * Project name.
 */
project_name: string, 
/**
 * Board id.
 */
board_id: string | null, 
/**
 * Board name.
 */
board_name: string | null, 
/**
 * Filter of the import.
 */
jql: string, 
/**
 * Whether closed issues are imported too.
 */
include_closed: boolean, 
/**
 * Product area that imported items land in.
 */
area_id: number | null, 
/**
 * Whether the hierarchy mapping was saved.
 */
hierarchy_saved: boolean, 
/**
 * Whether the field mapping was saved.
 */
fields_saved: boolean, 
/**
 * Jira's statuses that are mapped; 0 until the status mapping was saved.
 */
statuses_mapped: number, 
/**
 * Items that are linked.
 */
linked: number, 
/**
 * Items that were linked to issues of the project through an integration that was removed, and can be linked
 * again; those that were put out of sight are not among them.
 */
offered: number, 
/**
 * When it was last imported.
 */
imported_at: string | null, };

export type IntegrationArgs = { 
/**
 * Integration.
 */
integration_id: number, };

export type IntegrationForm = { 
/**
 * Connection.
 */
connection_id: number, 
/**
 * Project key.
 */
project_key: string, 
/**
 * Board, where there is one.
 */
board_id: string | null, 
/**
 * Name, unique.
 */
name: string, };

export type IssueLook = { "type": "there", 
/**
 * Its key.
 */
key: string, 
/**
 * Its title.
 */
title: string, 
/**
 * Name of its type.
 */
issue_type: string, 
/**
 * Name of its status.
 */
status: string, 
/**
 * Key of its project.
 */
project: string, 
/**
 * When it last changed.
 */
updated_at: string | null, } | { "type": "not_there" };

export type IssueMatch = { 
/**
 * Its id.
 */
remote_id: string, 
/**
 * Its key.
 */
key: string, 
/**
 * Its title.
 */
title: string, 
/**
 * Name of its type.
 */
issue_type: string, 
/**
 * Name of its status.
 */
status: string, 
/**
 * How likely it is the same thing, in percent.
 */
score: number, 
/**
 * Whether its type is mapped to the item's.
 */
same_type: boolean, 
/**
 * Whether both stand below the same thing; none where that cannot be told.
 */
same_parent: boolean | null, };

export type ItemDetail = { 
/**
 * Local id.
 */
id: number, 
/**
 * Title.
 */
title: string, 
/**
 * Type.
 */
item_type: number, 
/**
 * Product area.
 */
area_id: number, 
/**
 * From the top to its parent.
 */
ancestors: Array<ItemRef>, 
/**
 * Direct children, the first hundred.
 */
children: Array<ItemRef>, 
/**
 * How many direct children.
 */
children_total: number, 
/**
 * Its issue in Jira.
 */
link: ItemLink | null, 
/**
 * Every field, in the workspace's order, the title aside.
 */
fields: Array<ItemField>, 
/**
 * When it was made here.
 */
created_at: string, };

export type ItemField = { 
/**
 * Key.
 */
key: string, 
/**
 * Name.
 */
name: string, 
/**
 * What its values are, in words.
 */
kind: string, 
/**
 * What it holds.
 */
value: FieldValue, 
/**
 * Name of the Jira field that it is mapped to.
 */
mapped_to: string | null, };

export type ItemIdsArgs = { 
/**
 * Their ids.
 */
ids: Array<number>, };

export type ItemLink = { 
/**
 * Key.
 */
key: string, 
/**
 * Address for people.
 */
url: string, 
/**
 * Integration.
 */
integration_id: number, 
/**
 * Name of the integration.
 */
integration_name: string, 
/**
 * When Jira last changed it, as last seen.
 */
updated_at: string | null, };

export type ItemRef = { 
/**
 * Local id.
 */
id: number, 
/**
 * Title.
 */
title: string, 
/**
 * Type.
 */
item_type: number, 
/**
 * Key of the linked issue.
 */
key: string | null, 
/**
 * Status.
 */
status: FieldOption | null, };

export type ItemReference = { 
/**
 * The other item.
 */
item: ItemRef, 
/**
 * `blocks`, `is blocked by` or `relates to`.
 */
relation: string, };

export type ItemRelation = "blocks" | "blocked_by" | "relates_to";

export type ItemSync = { 
/**
 * Keys of fields that were edited here and are not in Jira yet.
 */
unsent: Array<string>, 
/**
 * Keys of fields that both sides changed.
 */
conflicts: Array<string>, 
/**
 * Why its issue could not be changed, or not be read.
 */
problem: ApiError | null, 
/**
 * How far the making of its issue has come; none if none is to be made.
 */
create: CreateState | null, };

export type ItemType = { 
/**
 * Local id.
 */
id: number, 
/**
 * Name of one.
 */
singular: string, 
/**
 * Name of many.
 */
plural: string, 
/**
 * Icon name.
 */
icon: string, 
/**
 * Colour name.
 */
colour: string, };

export type Items = { 
/**
 * The items, by id.
 */
items: Array<ItemDetail>, 
/**
 * What to give as `after` for the next page; none at the end.
 */
next: number | null, };

export type ItemsArgs = { 
/**
 * Only items of this integration.
 */
integration_id: number | null, 
/**
 * Only items with a greater id; 0 for the first page.
 */
after: number, 
/**
 * At most so many.
 */
limit: number, };

export type ItemsDeleted = { 
/**
 * Items.
 */
items: number, 
/**
 * Issues that were linked to them; they stay in Jira.
 */
issues: number, 
/**
 * Takes it back when given to `items_delete_undo`.
 */
undo: number, };

export type LeavingExtent = { 
/**
 * The connection.
 */
connection: Connection, 
/**
 * Whether it goes too, with its secret.
 */
connection_goes: boolean, 
/**
 * Where its secret is kept.
 */
secrets: SecretStoreKind, 
/**
 * The integrations that go, by name.
 */
integrations: Array<LeavingIntegration>, };

export type LeavingIntegration = { 
/**
 * Local id.
 */
id: number, 
/**
 * Name.
 */
name: string, 
/**
 * Project key.
 */
project_key: string, 
/**
 * Pairs of types that are forgotten.
 */
types: number, 
/**
 * Pairs of fields that are forgotten.
 */
fields: number, 
/**
 * Pairs of statuses that are forgotten.
 */
statuses: number, 
/**
 * Pairs in force: they come apart, and are remembered.
 */
linked: number, 
/**
 * How many items hold edits that are not in Jira. They stay as they are, and are not sent.
 */
unsent: number, 
/**
 * The first of them; at most 100.
 */
unsent_items: Array<UnsentItem>, 
/**
 * Conflicts that nobody has decided: each side keeps what it has.
 */
conflicts: number, 
/**
 * Issues that are still to be made: they will not be.
 */
unmade: number, 
/**
 * Of these, those of which a request left without an answer: the issue may be in Jira.
 */
unmade_doubtful: number, 
/**
 * Imports that can be taken back as a whole until now.
 */
imports: number, 
/**
 * Syncs that can be taken back as a whole until now.
 */
cycles: number, 
/**
 * Issues that could not be changed, not be read, or not be made.
 */
problems: number, 
/**
 * Pairs of which it is asked whether they are to be disconnected.
 */
asked: number, 
/**
 * Whether a filter or an area of its own was chosen for it.
 */
scoped: boolean, 
/**
 * Whether an import is under way or stands still. It has to be ended first.
 */
importing: boolean, };

export type Level = { 
/**
 * Local id.
 */
id: number, 
/**
 * Name of one.
 */
singular: string, 
/**
 * Name of many.
 */
plural: string, 
/**
 * Types that stand on it.
 */
types: Array<ItemType>, };

export type LevelFacet = { 
/**
 * Local id.
 */
id: number, 
/**
 * Name of many.
 */
name: string, 
/**
 * Items on it.
 */
count: number, 
/**
 * Its types.
 */
types: Array<Facet>, };

export type LinkArgs = { 
/**
 * Their ids.
 */
link_ids: Array<number>, };

export type LookAgainArgs = { 
/**
 * The integration.
 */
integration_id: number, };

export type MatchesArgs = { 
/**
 * The severed pair.
 */
link_id: number, 
/**
 * Words to look for, or a key; none for those of the item's title.
 */
query: string | null, };

export type MoveArgs = { 
/**
 * Items; their descendants go along.
 */
ids: Array<number>, 
/**
 * The area.
 */
area_id: number, };

export type Moved = { 
/**
 * Items that changed their area.
 */
moved: number, 
/**
 * Items that a taking back left where they are: somebody moved them on since, or they or their area
 * are gone.
 */
left: number, 
/**
 * Takes it back when given to `items_move_undo`.
 */
undo: number, };

export type NamedAddress = { 
/**
 * For example `US`.
 */
name: string, 
/**
 * The address.
 */
address: string, };

export type NetworkArgs = { 
/**
 * Which connection.
 */
id: number, 
/**
 * Proxy address; absent: that of the system.
 */
proxy: string | null, 
/**
 * Certificate authority to trust.
 */
ca: FileChange, 
/**
 * Client certificate and its key. Kept with the secrets.
 */
client_identity: FileChange, };

export type NewAreaArgs = { 
/**
 * The area to put it in.
 */
parent_id: number | null, 
/**
 * Name.
 */
name: string, };

export type NewItemArgs = { 
/**
 * Title.
 */
title: string, 
/**
 * Type.
 */
item_type: number, 
/**
 * The item that it is to be part of; none for the top.
 */
parent_id: number | null, 
/**
 * Where it is to lie; none for where its parent lies, or the workspace's first area.
 */
area_id: number | null, };

export type Nothing = Record<symbol, never>;

export type OutOfScope = "keep" | "stop";

export type PairLook = { 
/**
 * The pair.
 */
link_id: number, 
/**
 * What Jira says.
 */
issue: IssueLook, };

export type PauseArgs = { 
/**
 * The integration.
 */
integration_id: number, 
/**
 * Whether it is to rest.
 */
paused: boolean, };

export type PersonChoice = { 
/**
 * Id.
 */
id: number, 
/**
 * Name.
 */
name: string, };

export type PlanAction = "create" | "update" | "unchanged" | "skip";

export type PlanField = { 
/**
 * Workspace field name.
 */
name: string, 
/**
 * What the item holds now.
 */
before: string | null, 
/**
 * What it will hold.
 */
after: string | null, 
/**
 * Whether both sides changed it, so that it is kept aside.
 */
conflict: boolean, };

export type PlanGroup = { 
/**
 * What is to become of them.
 */
action: PlanAction, 
/**
 * Closed word for why.
 */
reason: string | null, 
/**
 * Why, in words.
 */
reason_text: string | null, 
/**
 * Jira type name.
 */
remote_type: string, 
/**
 * How many.
 */
count: number, };

export type PlanRow = { 
/**
 * Place in the plan.
 */
seq: number, 
/**
 * Issue key.
 */
key: string, 
/**
 * Title.
 */
title: string, 
/**
 * Jira type name.
 */
remote_type: string, 
/**
 * Workspace type that it becomes.
 */
item_type: number | null, 
/**
 * What is to become of it.
 */
action: PlanAction, 
/**
 * Closed word for why, for filtering.
 */
reason: string | null, 
/**
 * Why, in words.
 */
reason_text: string | null, 
/**
 * What became of it.
 */
outcome: RowOutcome | null, 
/**
 * Address of the issue.
 */
url: string, 
/**
 * The item, once there is one.
 */
item_id: number | null, };

export type PlanRowArgs = { 
/**
 * Run.
 */
run_id: number, 
/**
 * Place in the plan.
 */
seq: number, };

export type PlanRowDetail = { 
/**
 * The row.
 */
row: PlanRow, 
/**
 * The fields.
 */
fields: Array<PlanField>, 
/**
 * Other things to know: parent out of scope, value not mapped.
 */
notes: Array<string>, };

export type PlanRows = { 
/**
 * How many match in all.
 */
total: number, 
/**
 * The rows.
 */
rows: Array<PlanRow>, };

export type PlanRowsAfter = { 
/**
 * The rows, in the order of the plan.
 */
rows: Array<PlanRow>, 
/**
 * What to give as `after` for the next page; none at the end.
 */
next: number | null, };

export type PlanRowsAfterArgs = { 
/**
 * Run.
 */
run_id: number, 
/**
 * Only this action.
 */
action: PlanAction | null, 
/**
 * Only rows of which this has become.
 */
outcome: RowOutcome | null, 
/**
 * Only rows after this place in the plan; 0 for the first page.
 */
after: number, 
/**
 * At most so many.
 */
limit: number, };

export type PlanRowsArgs = { 
/**
 * Run.
 */
run_id: number, 
/**
 * Only this action.
 */
action: PlanAction | null, 
/**
 * Only rows of which this has become.
 */
outcome: RowOutcome | null, 
/**
 * Only this reason.
 */
reason: string | null, 
/**
 * Only this Jira type, by name.
 */
remote_type: string | null, 
/**
 * Words of the key or title.
 */
search: string | null, 
/**
 * From this row on.
 */
offset: number, 
/**
 * At most so many.
 */
limit: number, };

export type PlanSummary = { 
/**
 * A line for each action, reason and type.
 */
groups: Array<PlanGroup>, };

export type PracticeArgs = { 
/**
 * Kind of Jira to rehearse.
 */
kind: SiteKind, 
/**
 * Issues on it.
 */
issues: number, };

export type Project = { 
/**
 * The site's id.
 */
id: string, 
/**
 * Key.
 */
key: string, 
/**
 * Name.
 */
name: string, 
/**
 * Whether its own team manages it, apart from the rest of the site.
 */
team_managed: boolean, 
/**
 * Integrations that it has already.
 */
integrations: number, };

export type ProjectArgs = { 
/**
 * Connection.
 */
connection_id: number, 
/**
 * Project key.
 */
project_key: string, };

export type Projects = { 
/**
 * The projects.
 */
projects: Array<Project>, 
/**
 * How many match in all.
 */
total: number, };

export type ProjectsArgs = { 
/**
 * Connection.
 */
connection_id: number, 
/**
 * Words of the key or name; empty for the first ones.
 */
query: string, 
/**
 * At most so many.
 */
limit: number, };

export type PushAnswer = { 
/**
 * Of which item; none for all that become issues of the type.
 */
item_id: number | null, 
/**
 * Id of Jira's type.
 */
remote_type: string, 
/**
 * Id of Jira's field.
 */
field: string, 
/**
 * What.
 */
value: PushValue, };

export type PushArgs = { 
/**
 * The items.
 */
item_ids: Array<number>, 
/**
 * Through which integration; none for the one that suggests itself.
 */
integration_id: number | null, 
/**
 * Types of Jira's that somebody chose.
 */
types: Array<PushType>, 
/**
 * What somebody said of fields that Jira demands.
 */
answers: Array<PushAnswer>, 
/**
 * Whether Jira is asked anew what it demands. Only a preview asks.
 */
refresh: boolean, 
/**
 * Whether those of the items that came apart from their issues get new ones, which is refused while theirs can be
 * read.
 */
anew: boolean, };

export type PushCancelled = { 
/**
 * Of how many items.
 */
count: number, };

export type PushChoice = { 
/**
 * Jira's id.
 */
id: string, 
/**
 * Jira's name.
 */
name: string, };

export type PushInput = "text" | "long_text" | "number" | "date" | "labels" | "link" | "one" | "many";

export type PushLeftOut = { 
/**
 * What is left out.
 */
name: string, 
/**
 * Why.
 */
reason: string, };

export type PushPreview = { 
/**
 * Through which integration.
 */
integration_id: number, 
/**
 * Its name.
 */
integration_name: string, 
/**
 * Key of its project.
 */
project_key: string, 
/**
 * The items, in the order of the tree.
 */
rows: Array<PushRow>, 
/**
 * Of how many an issue would be made.
 */
count: number, 
/**
 * Fields that Jira demands and that nobody has said anything of, by type.
 */
questions: Array<PushQuestion>, 
/**
 * Why Jira could not be asked what it demands: this is by what it said last.
 */
unasked: ApiError | null, };

export type PushQuestion = { 
/**
 * Id of Jira's type.
 */
remote_type: string, 
/**
 * Its name.
 */
type_name: string, 
/**
 * Id of Jira's field.
 */
field: string, 
/**
 * Its name.
 */
name: string, 
/**
 * How it is answered.
 */
input: PushInput, 
/**
 * What can be chosen.
 */
choices: Array<PushChoice>, 
/**
 * The items that it is asked for.
 */
item_ids: Array<number>, };

export type PushRow = { 
/**
 * The item.
 */
item_id: number, 
/**
 * How many of the items above it are rows too.
 */
depth: number, 
/**
 * Title.
 */
title: string, 
/**
 * Its type here.
 */
item_type: number, 
/**
 * Whether nobody asked for it: others need it as their parent.
 */
taken_along: boolean, 
/**
 * Why no issue can be made of it.
 */
refused: string | null, 
/**
 * Key of the issue that it has.
 */
key: string | null, 
/**
 * Address of that issue, for people.
 */
url: string | null, 
/**
 * How far the making of its issue has come, if that was asked for.
 */
create: CreateState | null, 
/**
 * Id of the type that its issue has.
 */
remote_type: string | null, 
/**
 * The types that its issue may have.
 */
types: Array<PushChoice>, 
/**
 * What its issue says, in the order of the mapping.
 */
writes: Array<PushWrite>, 
/**
 * What is left out, and why.
 */
left_out: Array<PushLeftOut>, 
/**
 * Ids of fields that Jira demands and that nobody has said anything of.
 */
asked: Array<string>, };

export type PushType = { 
/**
 * Of which item.
 */
item_id: number, 
/**
 * Id of Jira's type.
 */
remote_type: string, };

export type PushValue = { "type": "typed", 
/**
 * The value; never a choice or a person.
 */
value: EditValue, } | { "type": "chosen", 
/**
 * Ids of Jira's choices.
 */
ids: Array<string>, };

export type PushWrite = { 
/**
 * Jira's name of the field.
 */
name: string, 
/**
 * What.
 */
value: FieldValue, 
/**
 * Whether nothing here is mapped to it: somebody said it, or it is demanded and made up from the title.
 */
beside: boolean, };

export type Pushed = { 
/**
 * Through which integration.
 */
integration_id: number, 
/**
 * Items of which an issue is made with the next sync, parents first.
 */
item_ids: Array<number>, };

export type QuestionPair = { 
/**
 * Its id.
 */
link_id: number, 
/**
 * The item.
 */
item_id: number, 
/**
 * The item's title.
 */
title: string, 
/**
 * Key of the issue.
 */
key: string, 
/**
 * Why.
 */
reason: SeverReason, };

export type RelinkArgs = { 
/**
 * The severed pair.
 */
link_id: number, 
/**
 * Id of the issue: the pair's own, or another one.
 */
remote_id: string, 
/**
 * A choice for every field that was compared.
 */
choices: Array<WinnerChoice>, };

export type RelinkManyArgs = { 
/**
 * The severed pairs.
 */
link_ids: Array<number>, 
/**
 * Who wins where both sides changed a field; none to leave such pairs as they are.
 */
winner: ConflictWinner | null, };

export type RemoteField = { 
/**
 * Jira's id.
 */
id: string, 
/**
 * Name as Jira shows it.
 */
name: string, 
/**
 * What its values are, in words.
 */
kind: string, 
/**
 * Whether somebody added it to the site.
 */
custom: boolean, 
/**
 * Whether it stands on the create screen of the mapped types; unknown where Jira does not tell.
 */
on_create: boolean | null, 
/**
 * Options, for selects.
 */
options: Array<RemoteOption>, 
/**
 * A value from a real issue, where one has it.
 */
sample: string | null, };

export type RemoteOption = { 
/**
 * Jira's id.
 */
id: string, 
/**
 * Name as Jira shows it.
 */
name: string, };

export type RemoteStatus = { 
/**
 * Jira's id.
 */
id: string, 
/**
 * Name as Jira shows it.
 */
name: string, 
/**
 * What it says about progress; none for one that is gone.
 */
category: StatusCategory | null, 
/**
 * Linked items whose issue stands in it.
 */
count: number, };

export type RemoteType = { 
/**
 * Jira's id.
 */
id: string, 
/**
 * Name as Jira shows it.
 */
name: string, 
/**
 * Level in words: `Epic level`, `Standard`, `Sub-task`.
 */
level_name: string, 
/**
 * Level: -1 sub-task, 0 standard, 1 epic, 2 and above.
 */
level: number | null, };

export type RenameArgs = { 
/**
 * Which.
 */
id: number, 
/**
 * The name.
 */
name: string, };

export type ResolveArgs = { 
/**
 * The item.
 */
item_id: number, 
/**
 * The field's key.
 */
field: string, 
/**
 * Who wins.
 */
winner: ConflictWinner, };

export type ResolveManyArgs = { 
/**
 * Only those of this integration.
 */
integration_id: number | null, 
/**
 * Only those of the field with this key.
 */
field: string | null, 
/**
 * Only these.
 */
some: Array<ConflictKey> | null, 
/**
 * Who wins.
 */
winner: ConflictWinner, };

export type Resolved = { 
/**
 * How many were decided.
 */
decided: number, 
/**
 * Those that could not be, and why.
 */
left: Array<Undecided>, 
/**
 * What takes the decisions back; none if there were none.
 */
undo: number | null, };

export type ResolvedUndone = { 
/**
 * Fields that are in conflict again.
 */
undone: number, 
/**
 * Fields that stay decided: their value was sent meanwhile, or changed again.
 */
kept: number, };

export type ResyncOutcome = { 
/**
 * The pair.
 */
link_id: number, 
/**
 * What became of it.
 */
outcome: Resynced, };

export type Resynced = { "type": "linked" } | { "type": "restored" } | { "type": "needs_choice", 
/**
 * Names of the fields.
 */
fields: Array<string>, } | { "type": "failed", 
/**
 * Why.
 */
error: ApiError, };

export type RetryArgs = { 
/**
 * The integration.
 */
integration_id: number, 
/**
 * Which issues; none for all, those that could not be made among them.
 */
remote_ids: Array<string> | null, 
/**
 * Which of those that could not be made, where not all are meant.
 */
unmade_ids: Array<number>, };

export type RichBlocks = { 
/**
 * Blocks.
 */
blocks: Array<Block>, };

export type RichFormat = "adf" | "wiki";

export type RichSource = { 
/**
 * The notation that the item's site takes.
 */
format: RichFormat, 
/**
 * The text in it.
 */
source: string, };

export type RichSourceArgs = { 
/**
 * The item.
 */
item_id: number, 
/**
 * The field's key.
 */
field: string, };

export type RowOutcome = "applied" | "skipped" | "failed" | "undone";

export type Run = { 
/**
 * Local id.
 */
id: number, 
/**
 * Integration.
 */
integration_id: number, 
/**
 * Name of the integration.
 */
integration_name: string, 
/**
 * Where it stands.
 */
state: RunState, 
/**
 * While it is paused: where it goes on.
 */
resumes: RunState | null, 
/**
 * Done in the present phase.
 */
done: number, 
/**
 * To do in the present phase; none while it is not known.
 */
total: number | null, 
/**
 * Rows a second, over the last moments.
 */
rate_per_s: number | null, 
/**
 * Time left in the present phase.
 */
seconds_left: number | null, 
/**
 * What the plan says, or what became of it.
 */
counts: RunCounts, 
/**
 * When it began.
 */
started_at: string, 
/**
 * When it ended.
 */
ended_at: string | null, 
/**
 * Why it failed or stands still.
 */
problem: ApiError | null, 
/**
 * Whether it can be undone.
 */
undoable: boolean, };

export type RunArgs = { 
/**
 * Run.
 */
run_id: number, };

export type RunCounts = { 
/**
 * Issues that were found.
 */
found: number, 
/**
 * To create.
 */
create: number, 
/**
 * To update.
 */
update: number, 
/**
 * Nothing to do.
 */
unchanged: number, 
/**
 * Skipped, with a reason each.
 */
skip: number, 
/**
 * Fields in conflict, kept aside.
 */
conflicts: number, 
/**
 * Created so far.
 */
created: number, 
/**
 * Updated so far.
 */
updated: number, 
/**
 * Failed while writing, or gone meanwhile.
 */
failed: number, 
/**
 * Taken back so far.
 */
undone: number, };

export type RunState = "listing" | "reading" | "planned" | "applying" | "paused" | "cancelled" | "done" | "undoing" | "undone";

export type SampleNode = { 
/**
 * Issue key.
 */
key: string, 
/**
 * Title.
 */
title: string, 
/**
 * Jira type name.
 */
remote_type: string, 
/**
 * Workspace type that it becomes; none if its type is not mapped.
 */
item_type: number | null, 
/**
 * Depth in the tree, from 0.
 */
depth: number, 
/**
 * What is odd about it: parent missing, type not mapped.
 */
remark: string | null, };

export type SampleTree = { 
/**
 * The issues.
 */
nodes: Array<SampleNode>, };

export type SaveScopeArgs = { 
/**
 * Integration.
 */
integration_id: number, 
/**
 * The admin's own filter.
 */
jql: string, 
/**
 * Closed issues too.
 */
include_closed: boolean, 
/**
 * Product area to land in; none for `Imported from Jira`.
 */
area_id: number | null, };

export type SchemaArgs = { 
/**
 * Integration.
 */
integration_id: number, 
/**
 * Ask Jira anew rather than use what it last said.
 */
refresh: boolean, };

export type ScopeArgs = { 
/**
 * Integration.
 */
integration_id: number, 
/**
 * The admin's own filter; the project is added to it.
 */
jql: string, 
/**
 * Closed issues too.
 */
include_closed: boolean, };

export type ScopePolicy = { 
/**
 * The integration.
 */
integration_id: number, 
/**
 * The policy.
 */
out_of_scope: OutOfScope, };

export type ScopeReport = { 
/**
 * Whether Jira accepts it.
 */
ok: boolean, 
/**
 * What Jira has against it, in Jira's words.
 */
errors: Array<string>, 
/**
 * How many issues match.
 */
count: number | null, 
/**
 * Whether the count is exact.
 */
exact: boolean, 
/**
 * How many of the matches are of which age, newest first.
 */
histogram: Array<AgeBar>, 
/**
 * The whole filter as it is sent.
 */
effective_jql: string, };

export type SecretStoreArgs = { 
/**
 * Which.
 */
kind: SecretStoreKind, 
/**
 * For the file: the passphrase that opens it (and makes it, the first time).
 */
passphrase: string | null, };

export type SecretStoreKind = "keyring" | "file";

export type SecretStoreState = { 
/**
 * Which store is in use.
 */
kind: SecretStoreKind, 
/**
 * Whether it can be used now.
 */
ready: boolean, 
/**
 * Why not, if it cannot.
 */
problem: ApiError | null, 
/**
 * Whether an encrypted file of secrets is there already, in use or not.
 */
file_exists: boolean, };

export type Setup = { 
/**
 * Step that was open last, 1 to 10.
 */
step: number, 
/**
 * Connection in hand.
 */
connection_id: number | null, 
/**
 * Integration in hand.
 */
integration_id: number | null, 
/**
 * The ten steps in order.
 */
steps: Array<SetupStep>, };

export type SetupPlaceArgs = { 
/**
 * Step, 1 to 10.
 */
step: number, 
/**
 * Connection in hand.
 */
connection_id: number | null, 
/**
 * Integration in hand.
 */
integration_id: number | null, };

export type SetupStep = { 
/**
 * 1 to 10.
 */
number: number, 
/**
 * Where it stands.
 */
state: StepState, 
/**
 * One line of what was chosen, for a step that is done.
 */
summary: string | null, 
/**
 * Why it needs attention, was skipped, or cannot be opened yet.
 */
reason: string | null, 
/**
 * Whether it can be opened now.
 */
reachable: boolean, };

export type SeverDecisionArgs = { 
/**
 * The integration.
 */
integration_id: number, 
/**
 * Severs the pairs, instead of leaving them in force.
 */
sever: boolean, };

export type SeverQuestion = { 
/**
 * The integration.
 */
integration_id: number, 
/**
 * Its name.
 */
integration_name: string, 
/**
 * How many pairs it has in force.
 */
linked: number, 
/**
 * The pairs.
 */
pairs: Array<QuestionPair>, };

export type SeverReason = "deleted_there" | "deleted_here" | "moved_away" | "out_of_scope" | "no_permission" | "connection_removed" | "by_hand";

export type SeveredCount = { 
/**
 * Through which integration; none if that is gone.
 */
integration_id: number | null, 
/**
 * Why.
 */
reason: SeverReason, 
/**
 * How many.
 */
count: number, };

export type SeveredPair = { 
/**
 * Its id.
 */
link_id: number, 
/**
 * The item.
 */
item_id: number, 
/**
 * The item's type.
 */
item_type: number, 
/**
 * The item's title.
 */
title: string, 
/**
 * Whether the item was deleted here.
 */
item_gone: boolean, 
/**
 * Through which connection it was; it may be gone.
 */
connection_id: number, 
/**
 * Through which integration it was; none if that is gone.
 */
integration_id: number | null, 
/**
 * The integration's name; empty if it is gone.
 */
integration_name: string, 
/**
 * Key of the issue as it was last seen.
 */
key: string, 
/**
 * The issue in the browser.
 */
url: string, 
/**
 * Whether its connection was removed: nothing can be done about it before somebody connects to the site again.
 */
connection_gone: boolean, 
/**
 * Why.
 */
reason: SeverReason, 
/**
 * Since when; none if nobody noted it.
 */
severed_at: string | null, 
/**
 * Whether somebody has put it out of sight.
 */
dismissed: boolean, };

export type Severity = "refusal" | "warning";

export type Site = { 
/**
 * The address cleaned up, as it will be used.
 */
url: string, 
/**
 * Kind of Jira, where it could be told.
 */
kind: SiteKind | null, 
/**
 * Version, where the site told it.
 */
version: string | null, 
/**
 * The site's own title.
 */
title: string | null, 
/**
 * What is wrong with it.
 */
problem: ApiError | null, };

export type SiteKind = "cloud" | "data_center";

export type SortColumn = "rank" | "key" | "title" | "item_type" | "status" | "dev_status" | "importance" | "dev_assignee" | "story_points";

export type Standing = "changed_here" | "changed_there" | "changed_both" | "never_agreed";

export type Status = { 
/**
 * Local id.
 */
id: number, 
/**
 * Name.
 */
name: string, 
/**
 * Colour name.
 */
colour: string | null, 
/**
 * What it says about progress.
 */
category: StatusCategory, };

export type StatusCategory = "open" | "in_progress" | "done";

export type StatusMapping = { 
/**
 * Jira's statuses of the project, those that are gone but mapped at the end.
 */
remote_statuses: Array<RemoteStatus>, 
/**
 * The workspace's statuses, in order.
 */
statuses: Array<Status>, 
/**
 * Pairs saved before, or the proposal.
 */
pairs: Array<StatusPair>, 
/**
 * What is proposed, with reasons.
 */
proposals: Array<StatusProposal>, 
/**
 * Whether a status that is set here goes to Jira.
 */
goes_back: boolean, 
/**
 * Who wins when both sides changed.
 */
winner: Winner, 
/**
 * Items that are linked; the counts of the statuses are among them.
 */
linked: number, 
/**
 * Whether `pairs` were saved.
 */
saved: boolean, 
/**
 * What is to say about `pairs`.
 */
remarks: Array<StatusRemark>, };

export type StatusPair = { 
/**
 * Jira's status id.
 */
remote_status: string, 
/**
 * The workspace's status.
 */
status: number, 
/**
 * Whether issues go to this one when an item is given the status here.
 */
is_written: boolean, };

export type StatusPairsArgs = { 
/**
 * Integration.
 */
integration_id: number, 
/**
 * The pairs.
 */
pairs: Array<StatusPair>, 
/**
 * Whether a status that is set here goes to Jira.
 */
goes_back: boolean, 
/**
 * Who wins when both sides changed.
 */
winner: Winner, };

export type StatusProposal = { 
/**
 * The pair.
 */
pair: StatusPair, 
/**
 * How sure, in percent.
 */
confidence: number, 
/**
 * Why.
 */
reason: string, };

export type StatusRemark = { 
/**
 * Jira's status id, where it is about one.
 */
remote_status: string | null, 
/**
 * The workspace's status, where it is about one.
 */
status: number | null, 
/**
 * How bad.
 */
severity: Severity, 
/**
 * In words.
 */
text: string, };

export type StepState = "not_started" | "in_progress" | "done" | "attention" | "skipped" | "not_available";

export type SyncComparison = { 
/**
 * Since when a round is under way.
 */
began_at: string | null, 
/**
 * Pairs taken up in it so far.
 */
done: number, 
/**
 * When the last whole round ended.
 */
ended_at: string | null, };

export type SyncHold = "none" | "not_imported" | "paused" | "connection_stopped" | "import" | "fuse";

export type SyncProblem = { 
/**
 * The issue's id; empty for one that could not be made.
 */
remote_id: string, 
/**
 * What names the attempt to make an issue, for one that could not be made.
 */
unmade_id: number | null, 
/**
 * Key of the issue; empty for one that could not be made.
 */
key: string, 
/**
 * Its item.
 */
item_id: number | null, 
/**
 * The item's title.
 */
title: string, 
/**
 * Attempts so far.
 */
attempts: number, 
/**
 * When it is tried again by itself; none where somebody has to do something first.
 */
next_at: string | null, 
/**
 * Why.
 */
problem: ApiError, };

export type SyncReport = { 
/**
 * Issues made in Jira.
 */
made: number, 
/**
 * Issues that had changed in Jira since the last cycle.
 */
heard: number, 
/**
 * Items made here.
 */
created: number, 
/**
 * Items changed here.
 */
updated: number, 
/**
 * Issues changed in Jira.
 */
sent: number, 
/**
 * Issues about which something is still to do.
 */
waiting: number, 
/**
 * Of these, those for which somebody has to do something first.
 */
parked: number, 
/**
 * Fields in conflict.
 */
conflicts: number, 
/**
 * Pairs that were severed.
 */
severed: number, 
/**
 * Pairs of which a person is asked whether they are to be severed.
 */
asked: number, };

export type SyncState = { 
/**
 * The integration.
 */
integration_id: number, 
/**
 * What keeps it from being kept in step.
 */
hold: SyncHold, 
/**
 * Whether this process keeps it in step by itself.
 */
automatic: boolean, 
/**
 * Whether a cycle is under way.
 */
running: boolean, 
/**
 * When the last cycle that went through ended; none since this process began.
 */
in_step_at: string | null, 
/**
 * What it did.
 */
report: SyncReport | null, 
/**
 * When the next one is due.
 */
next_at: string | null, 
/**
 * Why the last one failed.
 */
problem: ApiError | null, 
/**
 * Pairs in force.
 */
linked: number, 
/**
 * Of these, those whose sides are not known to agree.
 */
apart: number, 
/**
 * How far the slow comparison of all pairs has come.
 */
comparison: SyncComparison, 
/**
 * The cycle that would have changed unusually much.
 */
fuse: Fuse | null, };

export type Tag = "app" | "connections" | "integrations" | "runs" | "items" | "sync";

export type TakenBack = { 
/**
 * Changes that were taken back.
 */
undone: number, 
/**
 * Changes that stay: the field was changed again since, or it is none that can be taken back by itself.
 */
kept: number, };

export type Task = { 
/**
 * Ticked off.
 */
done: boolean, 
/**
 * Words.
 */
content: Array<Inline>, };

export type TextFacet = { 
/**
 * The word.
 */
name: string, 
/**
 * How many.
 */
count: number, };

export type Theme = "system" | "light" | "dark";

export type ThemeArgs = { 
/**
 * The theme.
 */
theme: Theme, };

export type Turn = { 
/**
 * Whether it came from Jira; else it was set here.
 */
from_jira: boolean, 
/**
 * To what.
 */
value: FieldValue, 
/**
 * When.
 */
at: string, };

export type TypeChoice = { 
/**
 * Workspace type.
 */
item_type: number, 
/**
 * Jira type id.
 */
remote_type: string, 
/**
 * Why not; absent if it may.
 */
refusal: string | null, };

export type TypePair = { 
/**
 * Workspace type.
 */
item_type: number, 
/**
 * Jira type id.
 */
remote_type: string, };

export type TypePairsArgs = { 
/**
 * Integration.
 */
integration_id: number, 
/**
 * The pairs.
 */
pairs: Array<TypePair>, };

export type TypeProposal = { 
/**
 * Workspace type.
 */
item_type: number, 
/**
 * Jira type id.
 */
remote_type: string, 
/**
 * How sure, in percent.
 */
confidence: number, 
/**
 * Why.
 */
reason: string, };

export type TypeRemark = { 
/**
 * Workspace type, where it is about one.
 */
item_type: number | null, 
/**
 * Jira type id, where it is about one.
 */
remote_type: string | null, 
/**
 * How bad.
 */
severity: Severity, 
/**
 * In words.
 */
text: string, };

export type Undecided = { 
/**
 * The item.
 */
item_id: number, 
/**
 * Its title.
 */
title: string, 
/**
 * Key of its issue; empty if the field is in no conflict any more.
 */
key: string, 
/**
 * The field's key.
 */
field: string, 
/**
 * The field's name.
 */
field_name: string, 
/**
 * Why.
 */
problem: ApiError, };

export type UnlinkArgs = { 
/**
 * The pairs.
 */
link_ids: Array<number>, 
/**
 * What is known of them: `deleted_there` for issues that are known to be deleted, else `by_hand`.
 */
reason: SeverReason, };

export type Unlinked = { 
/**
 * The pairs that are severed now: given to `unlink_undo` they are in force again.
 */
link_ids: Array<number>, };

export type UnsentItem = { 
/**
 * The item.
 */
item_id: number, 
/**
 * Its title.
 */
title: string, 
/**
 * Key of its issue.
 */
key: string, 
/**
 * The fields that were edited, by name.
 */
fields: Array<string>, };

export type UrlArgs = { 
/**
 * The address.
 */
url: string, 
/**
 * Certificate authority to trust, PEM.
 */
ca_pem: string | null, 
/**
 * Proxy address.
 */
proxy: string | null, };

export type ValueLine = { 
/**
 * Jira's option.
 */
remote: RemoteOption, 
/**
 * The workspace's option that is proposed.
 */
option: number | null, 
/**
 * How sure, in percent.
 */
confidence: number, 
/**
 * Why.
 */
reason: string, };

export type ValuePair = { 
/**
 * Jira's option id.
 */
remote_option: string, 
/**
 * The workspace's option; none leaves it unmapped.
 */
option: number | null, };

export type Values = { 
/**
 * A line for each of Jira's options.
 */
lines: Array<ValueLine>, 
/**
 * Whether an unmapped choice is added to the workspace under its own name (else it is left empty).
 */
grows: boolean, };

export type ValuesArgs = { 
/**
 * Integration.
 */
integration_id: number, 
/**
 * Workspace field key.
 */
field: string, 
/**
 * Jira field id.
 */
remote_field: string, };

export type Why = { 
/**
 * The item, if there is one.
 */
item_id: number | null, 
/**
 * Its title.
 */
title: string, 
/**
 * Key of the issue, if it is known.
 */
key: string, 
/**
 * What was looked at, in its order.
 */
lines: Array<WhyLine>, };

export type WhyArgs = { 
/**
 * An item.
 */
item_id: number | null, 
/**
 * The key of an issue.
 */
key: string | null, };

export type WhyCure = { "type": "credentials", 
/**
 * The connection.
 */
connection_id: number, } | { "type": "resume", 
/**
 * The integration.
 */
integration_id: number, } | { "type": "decide", 
/**
 * The integration.
 */
integration_id: number, } | { "type": "setup", 
/**
 * The integration.
 */
integration_id: number, 
/**
 * The step.
 */
step: number, } | { "type": "conflicts", 
/**
 * The item.
 */
item_id: number, } | { "type": "problems", 
/**
 * The item.
 */
item_id: number, } | { "type": "disconnected", 
/**
 * The item.
 */
item_id: number, } | { "type": "sync", 
/**
 * The integration.
 */
integration_id: number, };

export type WhyLine = { 
/**
 * What it is, and whether it holds, in a few words.
 */
title: string, 
/**
 * More words; empty if there are none.
 */
text: string, 
/**
 * Whether it holds.
 */
verdict: WhyVerdict, 
/**
 * What mends it.
 */
cure: WhyCure | null, };

export type WhyVerdict = "fine" | "note" | "broken" | "unknown";

export type Winner = "ask" | "remote" | "workspace" | "newest";

export type WinnerChoice = { 
/**
 * The field's key.
 */
key: string, 
/**
 * What it was when it was chosen.
 */
seen: string, 
/**
 * Who wins; none where both are the same.
 */
winner: ConflictWinner | null, };

/** Every command, with what it takes and gives. */
export interface Commands {
  app_state: { args: Nothing; result: AppState };
  theme_set: { args: ThemeArgs; result: AppState };
  secret_store_choose: { args: SecretStoreArgs; result: SecretStoreState };
  setup: { args: Nothing; result: Setup };
  setup_place: { args: SetupPlaceArgs; result: Setup };
  site_detect: { args: UrlArgs; result: Site };
  connection_test: { args: ConnectionForm; result: ConnectionReport };
  connection_create: { args: ConnectionForm; result: Connection };
  connection_practice: { args: PracticeArgs; result: Connection };
  connections: { args: Nothing; result: Array<Connection> };
  connection_check: { args: IdArgs; result: ConnectionReport };
  connection_rename: { args: RenameArgs; result: Connection };
  connection_credentials: { args: CredentialsArgs; result: Connection };
  connection_network: { args: NetworkArgs; result: Connection };
  connection_pause: { args: ConnectionPauseArgs; result: Nothing };
  connection_leaving: { args: IdArgs; result: LeavingExtent };
  connection_disconnect: { args: DisconnectArgs; result: Counted };
  firewall: { args: Nothing; result: Firewall };
  projects: { args: ProjectsArgs; result: Projects };
  boards: { args: ProjectArgs; result: Array<Board> };
  integration_create: { args: IntegrationForm; result: Integration };
  integrations: { args: Nothing; result: Array<Integration> };
  integration: { args: IdArgs; result: Integration };
  integration_rename: { args: RenameArgs; result: Integration };
  integration_leaving: { args: IdArgs; result: LeavingExtent };
  integration_disconnect: { args: DisconnectArgs; result: Counted };
  hierarchy: { args: SchemaArgs; result: Hierarchy };
  hierarchy_check: { args: TypePairsArgs; result: Array<TypeRemark> };
  hierarchy_sample: { args: TypePairsArgs; result: SampleTree };
  hierarchy_save: { args: TypePairsArgs; result: Integration };
  field_mapping: { args: SchemaArgs; result: FieldMapping };
  field_mapping_check: { args: FieldPairsArgs; result: Array<FieldRemark> };
  field_mapping_save: { args: FieldPairsArgs; result: Integration };
  field_values: { args: ValuesArgs; result: Values };
  status_mapping: { args: SchemaArgs; result: StatusMapping };
  status_mapping_check: { args: StatusPairsArgs; result: Array<StatusRemark> };
  status_mapping_save: { args: StatusPairsArgs; result: Integration };
  scope_check: { args: ScopeArgs; result: ScopeReport };
  scope_save: { args: SaveScopeArgs; result: Integration };
  import_plan: { args: IntegrationArgs; result: Run };
  import_apply: { args: RunArgs; result: Run };
  import_pause: { args: RunArgs; result: Run };
  import_resume: { args: RunArgs; result: Run };
  import_cancel: { args: RunArgs; result: Run };
  import_undo: { args: RunArgs; result: Run };
  run: { args: RunArgs; result: Run };
  runs: { args: IntegrationArgs; result: Array<Run> };
  plan_summary: { args: RunArgs; result: PlanSummary };
  plan_rows: { args: PlanRowsArgs; result: PlanRows };
  plan_rows_after: { args: PlanRowsAfterArgs; result: PlanRowsAfter };
  plan_row: { args: PlanRowArgs; result: PlanRowDetail };
  areas: { args: Nothing; result: Array<Area> };
  area_create: { args: NewAreaArgs; result: Area };
  area_rename: { args: RenameArgs; result: Area };
  levels: { args: Nothing; result: Array<Level> };
  facets: { args: Nothing; result: Facets };
  backlog_open: { args: BacklogQuery; result: BacklogView };
  backlog_rows: { args: BacklogRowsArgs; result: BacklogRows };
  backlog_ids: { args: BacklogIdsArgs; result: Ids };
  item: { args: IdArgs; result: ItemDetail };
  items: { args: ItemsArgs; result: Items };
  items_move: { args: MoveArgs; result: Moved };
  items_move_undo: { args: IdArgs; result: Moved };
  item_create: { args: NewItemArgs; result: ItemDetail };
  item_create_undo: { args: IdArgs; result: Nothing };
  item_edit: { args: EditArgs; result: Edited };
  item_edit_undo: { args: IdArgs; result: Edited };
  rich_source: { args: RichSourceArgs; result: RichSource };
  rich_preview: { args: RichSource; result: RichBlocks };
  item_sync: { args: IdArgs; result: ItemSync };
  field_choices: { args: FieldArgs; result: FieldChoices };
  sync_now: { args: IntegrationArgs; result: SyncReport };
  sync_states: { args: Nothing; result: Array<SyncState> };
  integration_pause: { args: PauseArgs; result: Nothing };
  fuse_decide: { args: FuseArgs; result: Nothing };
  fuse_limits: { args: IntegrationArgs; result: FuseLimits };
  fuse_limits_set: { args: FuseLimits; result: FuseLimits };
  compare_all: { args: IntegrationArgs; result: Nothing };
  activity: { args: ActivityArgs; result: ActivityPage };
  sync_undo: { args: RunArgs; result: TakenBack };
  why: { args: WhyArgs; result: Why };
  looking: { args: Nothing; result: Nothing };
  conflicts: { args: ConflictsArgs; result: Array<Conflict> };
  conflict_fields: { args: ConflictFieldsArgs; result: Array<ConflictField> };
  conflict_resolve: { args: ResolveArgs; result: Nothing };
  conflicts_resolve: { args: ResolveManyArgs; result: Resolved };
  conflicts_resolve_undo: { args: IdArgs; result: ResolvedUndone };
  sync_problems: { args: IntegrationArgs; result: Array<SyncProblem> };
  sync_retry: { args: RetryArgs; result: Nothing };
  choice_create: { args: ChoiceCreateArgs; result: ChoiceCreated };
  push_preview: { args: PushArgs; result: PushPreview };
  push: { args: PushArgs; result: Pushed };
  push_cancel: { args: IdArgs; result: PushCancelled };
  disconnected: { args: DisconnectedArgs; result: Disconnected };
  disconnected_decide: { args: SeverDecisionArgs; result: Counted };
  disconnected_look: { args: LinkArgs; result: Array<PairLook> };
  disconnected_look_again: { args: LookAgainArgs; result: Nothing };
  disconnected_dismiss: { args: DismissArgs; result: Counted };
  pairs_unlink: { args: UnlinkArgs; result: Unlinked };
  item_unlink: { args: IdArgs; result: Unlinked };
  unlink_undo: { args: LinkArgs; result: Nothing };
  resync_matches: { args: MatchesArgs; result: Array<IssueMatch> };
  resync_compare: { args: CompareArgs; result: Comparison };
  resync_link: { args: RelinkArgs; result: Nothing };
  resync_many: { args: RelinkManyArgs; result: Array<ResyncOutcome> };
  resync_create: { args: LinkArgs; result: Array<ResyncOutcome> };
  items_delete_extent: { args: ItemIdsArgs; result: DeletionExtent };
  items_delete: { args: ItemIdsArgs; result: ItemsDeleted };
  items_delete_undo: { args: IdArgs; result: Counted };
  scope_policy: { args: IntegrationArgs; result: ScopePolicy };
  scope_policy_set: { args: ScopePolicy; result: ScopePolicy };
}

/** The one table: a code, and what a person is told. `{name}` stands for a detail. */
export const ERROR_WORDS: Record<
  ErrorCode,
  { title: string; cause: string; cure: string; severity: "input" | "waiting" | "broken" }
> = {
  url_invalid: {"title":"This is not a web address","cause":"The address cannot be read as one.","cure":"Paste the address that you see in the browser when Jira is open, for example https://acme.atlassian.net.","severity":"input"},
  host_unknown: {"title":"There is no such host","cause":"The name {host} is not known on this network.","cure":"Check the spelling. If Jira is only reachable inside the company, connect to its network or VPN first.","severity":"input"},
  host_refused: {"title":"The host refuses the connection","cause":"{host} is there, but nothing answers on that port, or a firewall turns us away.","cure":"Check the port in the address. For an on-premise Jira, ask its administrator to let this machine's address through.","severity":"broken"},
  host_timeout: {"title":"No answer in time","cause":"{host} did not answer. The network may be down, or a firewall drops the connection without a word.","cure":"Check the network or VPN, then try again. What was read so far is kept.","severity":"waiting"},
  proxy_failed: {"title":"The proxy does not let us through","cause":"The proxy is not reachable or refuses the connection.","cure":"Check the proxy address under Advanced, or leave it empty to go without.","severity":"broken"},
  tls_untrusted: {"title":"The site's certificate is not trusted","cause":"The certificate was not accepted: {reason}.","cure":"If your company has its own certificate authority, choose its file (PEM) under Advanced.","severity":"broken"},
  certificate_invalid: {"title":"The certificate file cannot be read","cause":"It holds no certificate or key in PEM form.","cure":"Choose a text file that contains BEGIN CERTIFICATE; a client certificate needs its private key in the same file.","severity":"input"},
  redirect_elsewhere: {"title":"The site sends us to another address","cause":"It points to {to}. Credentials are never sent on to another host.","cure":"Use the address that Jira itself shows. If that is a sign-in page, ask for direct access to Jira's REST interface.","severity":"input"},
  not_jira: {"title":"This address does not answer as Jira","cause":"Something answers there, but not with Jira's interface.","cure":"Check the address. If Jira lives under a path, such as https://example.com/jira, include it.","severity":"input"},
  jira_unavailable: {"title":"Jira is not available right now","cause":"It answered with an error of its own ({status}). It may be restarting or under maintenance.","cure":"Wait a little and try again. What was read so far is kept.","severity":"waiting"},
  credentials_wrong: {"title":"Jira does not accept the credentials","cause":"The name, or the token or password, is wrong.","cure":"Copy the token again without blanks at its ends. On Cloud use the account's e-mail and an API token, not a password.","severity":"broken"},
  credentials_expired: {"title":"The token no longer works","cause":"It expired, or somebody revoked it.","cure":"Create a new token and update the credentials of this connection. Everything waiting is kept.","severity":"broken"},
  captcha_required: {"title":"Jira wants to see a person first","cause":"After several failed sign-ins Jira asks this account for a CAPTCHA, and refuses even the right password until then.","cure":"Sign in once in the browser ({login_url}), solve the CAPTCHA, then connect again.","severity":"broken"},
  basic_auth_disabled: {"title":"This Jira does not take passwords","cause":"Its administrator switched off signing in with a password (newer versions come that way).","cure":"Use a personal access token: in Jira, open your profile, then Personal Access Tokens.","severity":"broken"},
  anonymous: {"title":"Jira treats us as nobody","cause":"The credentials did not count, so Jira shows only what anybody may see. An empty answer would be no proof of anything, so we stopped.","cure":"Check the credentials. An API token with scopes and an expired token both look like this.","severity":"broken"},
  permission_missing: {"title":"The account may not do this","cause":"Jira refuses it for lack of a permission {permission}.","cure":"Ask the Jira administrator for the permission, or connect with an account that has it.","severity":"broken"},
  rate_limited: {"title":"Jira asks for fewer requests","cause":"The site's limit is reached.","cure":"Work under way goes on by itself in {retry_after_s} seconds; ask again then for anything else.","severity":"waiting"},
  jira_paused: {"title":"Waiting for Jira until {until_time}","cause":"The site's limit is used up, and it lets nothing more through until then.","cure":"Nothing to do: an import goes on by itself. What was read so far is kept.","severity":"waiting"},
  jira_too_old: {"title":"This version of Jira lacks something we need","cause":"It does not have {endpoint}.","cure":"Ask the administrator about an update; versions from 8.14 on are known to work.","severity":"broken"},
  jira_rejected: {"title":"Jira refused the request","cause":"In its own words: {messages}","cure":"Check the setting that the message names, then try again.","severity":"broken"},
  project_gone: {"title":"The project {name} cannot be seen","cause":"It was deleted or archived, or the account may no longer browse it.","cure":"Check in Jira whether it is there, and whether this account may browse it. Nothing here was changed.","severity":"broken"},
  project_replaced: {"title":"{name} is another project now","cause":"The project that was imported was deleted in Jira, and a new one was made under its key. Its issues are not those that the items here are linked to.","cure":"Restore the old project in Jira, or add the new one as an integration of its own, under another name. Nothing here was changed.","severity":"broken"},
  project_taken: {"title":"This project is integrated already","cause":"It is kept in step as {integration}, through the connection {connection} to the same site. Through a second connection every issue would be imported once more.","cure":"Use {integration}, or add the project through the connection {connection}.","severity":"input"},
  no_projects: {"title":"No project can be seen with this account","cause":"Jira shows this account not a single project.","cure":"Ask the Jira administrator for the Browse Projects permission, or connect with another account.","severity":"broken"},
  jql_invalid: {"title":"Jira does not accept the filter","cause":"In its own words: {messages}","cure":"Correct the filter; it is checked by Jira as you type.","severity":"input"},
  type_gone: {"title":"A mapped type is gone from Jira","cause":"{name} was there when the mapping was saved and is not any more.","cure":"Open the hierarchy mapping, choose another type for its row, and save.","severity":"broken"},
  field_gone: {"title":"A mapped field is gone from Jira","cause":"{name} was there when the mapping was saved and is not any more.","cure":"Open the field mapping, choose another field for its row or take the row away, and save.","severity":"broken"},
  mapping_refused: {"title":"The mapping cannot be used like this","cause":"Some rows contradict each other, or lack something. {messages}","cure":"Mend the rows that carry a remark, then save again.","severity":"input"},
  mapping_missing: {"title":"The mapping has not been saved yet","cause":"Without it nobody knows what an issue becomes.","cure":"Save the hierarchy mapping and the field mapping first; suggestions are ready.","severity":"input"},
  name_taken: {"title":"This name is taken","cause":"{name} is in use already.","cure":"Choose another name.","severity":"input"},
  name_invalid: {"title":"A name is needed","cause":"It is empty, or longer than 100 characters.","cure":"Type a short name.","severity":"input"},
  connection_removed: {"title":"Nothing is connected to this site any more","cause":"The connection to {site} was removed, so nobody can be asked about the issue.","cure":"Connect to {site} again and add its project. What was linked is remembered, and can be linked again then.","severity":"input"},
  connection_stopped: {"title":"The connection is stopped","cause":"Jira refused its credentials, so nothing is sent until they are mended; that keeps the account from being locked.","cure":"Update the credentials of this connection.","severity":"broken"},
  not_found: {"title":"It is not there any more","cause":"There is no such {what}.","cure":"Go back and look again; somebody may have removed it in another window.","severity":"broken"},
  run_active: {"title":"An import is under way","cause":"Only one import of an integration can run at a time.","cure":"Wait until it is done, or cancel it.","severity":"waiting"},
  run_state: {"title":"The import cannot do that now","cause":"It is {state}.","cure":"Look at where it stands, then choose again.","severity":"input"},
  plan_stale: {"title":"The plan is out of date","cause":"The mapping, the filter or the area was changed after the plan was made, so the import would do what nobody has seen.","cure":"Cancel it and make a new plan. What was imported already stays.","severity":"input"},
  edit_refused: {"title":"The field cannot hold that","cause":"It was not changed: {reason}.","cure":"Enter another value, or leave the field as it is.","severity":"input"},
  edit_overtaken: {"title":"The value was changed again","cause":"Somebody, or Jira, has given the field another value since.","cure":"Look at what it holds now, and set it by hand if that is wrong.","severity":"input"},
  value_unsayable: {"title":"Jira has no such value","cause":"What stands here in {fields} has no counterpart in this Jira project, or cannot be written there yet.","cure":"Choose a value that Jira has, or map the value in step 6. The edit is kept here until then.","severity":"broken"},
  parent_unpushed: {"title":"The new parent has no issue yet","cause":"The item was moved below one that is not in Jira: {parent}. What else was edited is sent.","cure":"Push the parent to Jira; the move follows by itself. Or choose another parent here.","severity":"broken"},
  parent_fixed: {"title":"Jira cannot be told of the new parent","cause":"The item was moved here, and {reason}. What else was edited is sent.","cure":"Move the issue in Jira (More › Move), or choose the parent here that Jira shows.","severity":"broken"},
  parent_refused: {"title":"Jira refused the new parent","cause":"Jira says: {messages} What else was edited is sent.","cure":"Choose a parent whose type may stand above this one in Jira, or mend it there and try again.","severity":"broken"},
  sprint_closed: {"title":"The sprint {sprint} is closed","cause":"Jira takes no issue into a closed sprint, and none out of it. What else was edited is sent.","cure":"Choose a sprint here that is not closed, or the one that Jira shows.","severity":"broken"},
  sprint_refused: {"title":"Jira refused the sprint","cause":"Jira says: {messages} What else was edited is sent.","cure":"Choose the sprint here that Jira shows, or have the account given the permission Schedule Issues and try again.","severity":"broken"},
  choice_missing: {"title":"Jira has no {what} {name}","cause":"The item names one that this Jira project does not have: {name}. What else was edited is sent.","cure":"Create it in Jira, if the account may, or choose one here that Jira has.","severity":"broken"},
  link_unsayable: {"title":"Jira has no such link","cause":"Dependencies are kept as links of the kind {kind}. This Jira has no such kind, or the link is of another one, which is left alone.","cure":"Set the dependency here as Jira shows it, or change the link in Jira.","severity":"broken"},
  link_refused: {"title":"Jira refused a link","cause":"Jira says: {messages} What else was edited is sent.","cure":"Set the dependencies here as Jira shows them, or have the account given the permission Link Issues and try again.","severity":"broken"},
  status_unmapped: {"title":"Nothing in Jira stands for {status}","cause":"The item has a status here to which none of the project's Jira statuses is mapped, so the issue stays in {from}.","cure":"Map a Jira status to it in step 8, or choose another status here. The edit is kept here until then.","severity":"broken"},
  transition_missing: {"title":"Jira has no step from {from} to {to}","cause":"The workflow has no direct step there. From {from} it leads to: {steps}.","cure":"Take the issue there in Jira, by the steps that its workflow has, or choose a status here that is one step away.","severity":"broken"},
  transition_fields: {"title":"Jira asks for more on the way to {to}","cause":"The step {step} from {from} wants values that nobody has given: {fields}.","cure":"Take the step in Jira, which asks for them; both sides agree then. Or choose another status here.","severity":"broken"},
  transition_none: {"title":"The issue cannot leave {from}","cause":"Jira offers no step at all on the way to {to}: its workflow ends there, or the account lacks the permission Transition Issues.","cure":"Ask the Jira administrator for the permission and try again, or choose the status here that Jira shows.","severity":"broken"},
  push_refused: {"title":"No issue can be made of this","cause":"Nothing was sent to Jira: {reason}.","cure":"Look at the preview of Push to Jira: it says for each item what is in the way.","severity":"input"},
  fields_required: {"title":"Jira demands more fields","cause":"An issue of this type is not made without {fields}, and nothing here fills that in.","cure":"Fill them in when you push the item, or map them in step 6. What was asked for is kept; take it back and push again to be asked.","severity":"input"},
  push_under_way: {"title":"The issue may be there already","cause":"The request to make it has left, and Jira has not said yet what came of it.","cure":"Wait for the next sync: it looks for the issue and never makes a second one.","severity":"waiting"},
  issue_unreadable: {"title":"The issue cannot be read any more","cause":"Jira does not tell whether it was deleted, archived, moved out of sight, or hidden by a permission. The item here is as it was.","cure":"Look for the issue in Jira. If the account has lost a permission, have it given back and try again.","severity":"broken"},
  issue_there: {"title":"The item's issue is there","cause":"{key} can be read in Jira. A new one would be a second issue of the same item.","cure":"Link the item to {key} again under Disconnected. If it is another thing by now, link the item to the right issue.","severity":"input"},
  issue_elsewhere: {"title":"The issue is in a project that is not integrated","cause":"{key} is in another project than those that are kept in step through this connection.","cure":"Add that project as an integration first, or choose an issue of this one.","severity":"input"},
  issue_unfit: {"title":"The issue does not fit the mapping","cause":"Its type is mapped to none here, or it is closed and closed issues are left out, or it has no title ({reason}).","cure":"Map its type in step 5, or include closed items in step 7, then try again.","severity":"input"},
  pair_taken: {"title":"One of the two is linked already","cause":"The item or the issue is kept in step with another one by now.","cure":"Disconnect that one first, or choose another issue.","severity":"input"},
  compare_stale: {"title":"One side has changed since they were compared","cause":"Somebody changed the item or the issue meanwhile. Nothing was written.","cure":"Look at the fields once more and choose again.","severity":"input"},
  leaving_stale: {"title":"More would be lost by now","cause":"Edits, conflicts or requests came in since it was shown what goes, and Jira would not get them. Nothing was disconnected.","cure":"Look at what goes now, and decide again.","severity":"input"},
  fuse_blown: {"title":"Unusually much would change","cause":"Of {linked} linked items {incoming} would be changed here, {blanked} of them would lose what stands in a field, and {outgoing} issues would be changed in Jira. Nothing of it was done.","cure":"Look at what would change. If that is meant, let it go on; if not, put it right first, and then have it looked at anew.","severity":"waiting"},
  already_open: {"title":"Lockstep is open already","cause":"Another Lockstep on this machine uses the same data.","cure":"Use that one, or close it and try again. Beside it, “lockstep status”, “items”, “mapping” and “statuses” work in a terminal: they read what is saved.","severity":"broken"},
  database_newer: {"title":"The data was written by a newer Lockstep","cause":"It has version {found}; this program knows versions up to {known}.","cure":"Install the newer Lockstep again. Nothing was changed.","severity":"broken"},
  database_older: {"title":"An older Lockstep has the data open","cause":"The data has version {found}; this program reads version {known}, and changes nothing while another has it open.","cure":"Close the older Lockstep and try again: the data is brought to this version then, and a copy kept.","severity":"broken"},
  database_corrupt: {"title":"The database is damaged","cause":"The file in the data directory cannot be read as a database.","cure":"Put a copy back from a backup: Lockstep keeps one beside it from before each update. Nothing was changed.","severity":"broken"},
  database_read_only: {"title":"The data directory cannot be written","cause":"The directory or the database in it may only be read.","cure":"Give your user the right to write there, or choose another directory, then try again.","severity":"broken"},
  disk_full: {"title":"The disk is full","cause":"There was no room to save. Everything saved before is safe.","cure":"Free some space, then continue where it stopped.","severity":"broken"},
  disk_failed: {"title":"The disk did not save","cause":"The operating system refused to read or write the workspace ({messages}): a quota is used up, the drive is gone, or it fails. Everything saved before is safe.","cure":"See to the disk, then continue where it stopped.","severity":"broken"},
  secret_store_unavailable: {"title":"There is no store for secrets on this machine","cause":"No keyring runs in this session, so a token could not be kept safely.","cure":"Start a keyring (for example GNOME Keyring or KWallet), or choose an encrypted file with a passphrase.","severity":"broken"},
  secret_store_locked: {"title":"The store for secrets is locked","cause":"It is there, but it does not open without its password.","cure":"Unlock the keyring and try again, or give the passphrase of the encrypted file.","severity":"broken"},
  passphrase_wrong: {"title":"The passphrase does not fit","cause":"It does not open the encrypted file.","cure":"Type it again. Without it the secrets cannot be read; you can update each connection's credentials instead.","severity":"input"},
  secret_missing: {"title":"The connection's token or password is not in the store","cause":"It was removed from the keyring, or the keyring is another one than before.","cure":"Update the credentials of this connection.","severity":"broken"},
  bad_request: {"title":"What was sent could not be understood","cause":"It is not of the form that is asked for. {messages}","cure":"Reload the window. If it happens again, copy the details for support.","severity":"broken"},
  internal: {"title":"Something went wrong inside Lockstep","cause":"This is a fault of the program, not of your data. {messages}","cure":"Try again. Nothing that was saved is lost. If it happens again, copy the details for support.","severity":"broken"},
};
