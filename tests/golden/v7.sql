PRAGMA application_id = 1282368363;
PRAGMA user_version = 7;
CREATE TABLE setting (
-- What the application remembers about itself. Never a secret.
key   TEXT NOT NULL PRIMARY KEY,
value TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE TABLE level (
-- A level of the hierarchy, as the admin named it.
level_id INTEGER PRIMARY KEY AUTOINCREMENT,
depth    INTEGER NOT NULL UNIQUE,           -- 0 is the highest
singular TEXT    NOT NULL CHECK (singular <> ''),
plural   TEXT    NOT NULL CHECK (plural <> '')
) STRICT;
CREATE TABLE item_type (
-- A type of item. Several may stand on one level.
item_type_id INTEGER PRIMARY KEY AUTOINCREMENT,
level_id     INTEGER NOT NULL REFERENCES level (level_id),
position     INTEGER NOT NULL DEFAULT 0,    -- among the types of the level
singular     TEXT    NOT NULL CHECK (singular <> ''),
plural       TEXT    NOT NULL CHECK (plural <> ''),
icon         TEXT    NOT NULL DEFAULT '',
colour       TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE field (
-- A field that items have. Elsewhere fields are named by key: a system field's own, or custom:<field_id>.
field_id   INTEGER PRIMARY KEY AUTOINCREMENT,
system_key TEXT    NOT NULL DEFAULT '',     -- empty for a custom field
name       TEXT    NOT NULL CHECK (name <> ''),
kind       TEXT    NOT NULL,
number_max REAL,                            -- NULL: no limit
position   INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX field_system ON field (system_key) WHERE system_key <> '';
CREATE TABLE field_option (
-- A choice of a field. Names are unique for people only, not by index: a remote may rename a sprint to
-- the name of another one, and neither may be lost for it.
option_id INTEGER PRIMARY KEY AUTOINCREMENT,
field_key TEXT    NOT NULL,
name      TEXT    NOT NULL CHECK (name <> ''),
name_key  TEXT    NOT NULL,                 -- the name folded, to find it by
position  INTEGER NOT NULL DEFAULT 0,
colour    TEXT    NOT NULL DEFAULT '',
category  TEXT    NOT NULL DEFAULT '',      -- of a status
starts_on TEXT    NOT NULL DEFAULT '',
ends_on   TEXT    NOT NULL DEFAULT '',
weight    REAL                              -- NULL: counts for nothing in a formula
) STRICT;
CREATE INDEX field_option_name ON field_option (field_key, name_key);
CREATE TABLE option_identity (
-- A choice of a remote's field and the choice here that it became. Several may have become one.
site_key      TEXT    NOT NULL,             -- which remote; outlives a connection to it
field_key     TEXT    NOT NULL,
remote_option TEXT    NOT NULL,             -- the remote's id
remote_name   TEXT    NOT NULL DEFAULT '',  -- the remote's name for it, when last seen
option_id     INTEGER NOT NULL REFERENCES field_option (option_id) ON DELETE CASCADE,
PRIMARY KEY (site_key, field_key, remote_option)
) STRICT, WITHOUT ROWID;
CREATE INDEX option_identity_option ON option_identity (option_id);
CREATE TABLE area (
-- A product area: a container of items.
area_id   INTEGER PRIMARY KEY AUTOINCREMENT,
parent_id INTEGER REFERENCES area (area_id), -- NULL at the top
name      TEXT    NOT NULL CHECK (name <> ''),
name_key  TEXT    NOT NULL,                  -- the name folded, to find it by
position  INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX area_name ON area (ifnull(parent_id, 0), name_key);
CREATE TABLE person (
-- A person, invited or merely met in a sync.
person_id INTEGER PRIMARY KEY AUTOINCREMENT,
name      TEXT    NOT NULL CHECK (name <> ''),
name_key  TEXT    NOT NULL,                 -- the name folded, to sort and find by
email     TEXT    NOT NULL DEFAULT '',
seat      TEXT    NOT NULL
) STRICT;
CREATE INDEX person_email ON person (lower(email)) WHERE email <> '';
CREATE TABLE person_identity (
-- Who a person is at a remote.
site_key  TEXT    NOT NULL,                 -- which remote; outlives a connection to it
remote_id TEXT    NOT NULL,                 -- account id or user key: never changes
person_id INTEGER NOT NULL REFERENCES person (person_id) ON DELETE CASCADE,
PRIMARY KEY (site_key, remote_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_identity_person ON person_identity (person_id);
CREATE TABLE item (
-- A row of the backlog. Its field values are in item_value; those that the backlog sorts and filters by
-- stand here once more.
item_id           INTEGER PRIMARY KEY AUTOINCREMENT,
parent_id         INTEGER REFERENCES item (item_id) DEFERRABLE INITIALLY DEFERRED, -- NULL at the top
item_type_id      INTEGER NOT NULL REFERENCES item_type (item_type_id),
area_id           INTEGER NOT NULL REFERENCES area (area_id),
rank              TEXT    NOT NULL,
title             TEXT    NOT NULL CHECK (title <> ''),
title_key         TEXT    NOT NULL,            -- the title folded, to sort and search by
key_text          TEXT    NOT NULL DEFAULT '', -- keys of the issues it is linked to, by a blank
status_option     INTEGER,                     -- from item_value, as are those below
importance_option INTEGER,
dev_status        TEXT    NOT NULL DEFAULT '',
assignee          INTEGER,
dev_assignee      INTEGER,
story_points      REAL,
created_at        INTEGER NOT NULL,
updated_at        INTEGER NOT NULL             -- when anything about it last changed here
) STRICT;
CREATE INDEX item_rank ON item (rank, parent_id);
CREATE INDEX item_parent ON item (parent_id, rank);
CREATE INDEX item_area ON item (area_id);
CREATE TABLE connection (
-- A connection to a site. The secret is in the keyring and nowhere else; here is only its name there.
connection_id       INTEGER PRIMARY KEY AUTOINCREMENT,
name                TEXT    NOT NULL CHECK (name <> ''),
name_key            TEXT    NOT NULL UNIQUE,     -- the name folded
kind                TEXT    NOT NULL,
site_url            TEXT    NOT NULL,            -- what people open, with the context path
api_base            TEXT    NOT NULL,            -- what requests go to: the site, or Atlassian's gateway
display_url         TEXT    NOT NULL DEFAULT '', -- what the site itself says that it is
version             TEXT    NOT NULL DEFAULT '', -- what the site says it runs
auth                TEXT    NOT NULL,
login               TEXT    NOT NULL DEFAULT '', -- e-mail or user name; empty for a personal access token
account_id          TEXT    NOT NULL DEFAULT '',
account_name        TEXT    NOT NULL DEFAULT '',
time_zone           TEXT    NOT NULL DEFAULT '', -- of the account; JQL reads days and hours in it
ca_pem              TEXT    NOT NULL DEFAULT '',
proxy               TEXT    NOT NULL DEFAULT '', -- without credentials
has_client_identity INTEGER NOT NULL DEFAULT 0,  -- whether the keyring holds a client certificate for it
practice_face       TEXT    NOT NULL DEFAULT '', -- empty: a real site
practice_issues     INTEGER NOT NULL DEFAULT 0,
practice_seed       INTEGER NOT NULL DEFAULT 0,
secret_ref          TEXT    NOT NULL,            -- under which the keyring holds the secret
stopped_code        TEXT    NOT NULL DEFAULT '', -- empty: it works
stopped_detail      TEXT    NOT NULL DEFAULT '',
created_at          INTEGER NOT NULL,
checked_at          INTEGER                      -- NULL: never
) STRICT;
CREATE TABLE integration (
-- A project of a site that is kept in step with the workspace.
integration_id INTEGER PRIMARY KEY AUTOINCREMENT,
connection_id  INTEGER NOT NULL REFERENCES connection (connection_id),
name           TEXT    NOT NULL CHECK (name <> ''),
name_key       TEXT    NOT NULL UNIQUE,     -- the name folded
project_id     TEXT    NOT NULL,            -- the remote's id, which never changes
project_key    TEXT    NOT NULL,
project_name   TEXT    NOT NULL DEFAULT '',
board_id       TEXT    NOT NULL DEFAULT '', -- empty: no board
board_name     TEXT    NOT NULL DEFAULT '',
jql            TEXT    NOT NULL DEFAULT '',
include_closed INTEGER NOT NULL DEFAULT 0,
area_id        INTEGER REFERENCES area (area_id), -- NULL: the usual one for imports
created_at     INTEGER NOT NULL,
updated_at     INTEGER NOT NULL
, heard_until INTEGER, out_of_scope TEXT NOT NULL DEFAULT 'keep', is_paused INTEGER NOT NULL DEFAULT 0, fuse_changed_percent INTEGER NOT NULL DEFAULT 20, fuse_emptied_percent INTEGER NOT NULL DEFAULT 5) STRICT;
CREATE INDEX integration_connection ON integration (connection_id);
CREATE INDEX integration_area ON integration (area_id);
CREATE TABLE mapping_type (
-- A workspace type and a remote type that belong together.
integration_id INTEGER NOT NULL REFERENCES integration (integration_id) ON DELETE CASCADE,
remote_type    TEXT    NOT NULL,
position       INTEGER NOT NULL DEFAULT 0,
item_type_id   INTEGER NOT NULL REFERENCES item_type (item_type_id),
remote_name    TEXT    NOT NULL DEFAULT '', -- what the remote called it when it was mapped
PRIMARY KEY (integration_id, remote_type)
) STRICT, WITHOUT ROWID;
CREATE TABLE mapping_field (
-- A workspace field and a remote field that belong together.
integration_id INTEGER NOT NULL REFERENCES integration (integration_id) ON DELETE CASCADE,
field_key      TEXT    NOT NULL,
position       INTEGER NOT NULL DEFAULT 0,
remote_field   TEXT    NOT NULL,
remote_name    TEXT    NOT NULL DEFAULT '',
direction      TEXT    NOT NULL,
winner         TEXT    NOT NULL,
core           INTEGER NOT NULL DEFAULT 0,
PRIMARY KEY (integration_id, field_key),
UNIQUE (integration_id, remote_field)
) STRICT, WITHOUT ROWID;
CREATE TABLE mapping_value (
-- A choice of each side that belong together, in a pair of fields.
integration_id INTEGER NOT NULL,
field_key      TEXT    NOT NULL,
remote_option  TEXT    NOT NULL,
position       INTEGER NOT NULL DEFAULT 0,
option_id      INTEGER NOT NULL REFERENCES field_option (option_id) ON DELETE CASCADE,
remote_name    TEXT    NOT NULL DEFAULT '',
PRIMARY KEY (integration_id, field_key, remote_option),
FOREIGN KEY (integration_id, field_key) REFERENCES mapping_field (integration_id, field_key)
  ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX mapping_value_option ON mapping_value (option_id);
CREATE TABLE mapping_status (
-- A status of each side that belong together.
integration_id INTEGER NOT NULL REFERENCES integration (integration_id) ON DELETE CASCADE,
remote_status  TEXT    NOT NULL,
position       INTEGER NOT NULL DEFAULT 0,
option_id      INTEGER NOT NULL REFERENCES field_option (option_id) ON DELETE CASCADE,
remote_name    TEXT    NOT NULL DEFAULT '', is_written INTEGER NOT NULL DEFAULT 0,
PRIMARY KEY (integration_id, remote_status)
) STRICT, WITHOUT ROWID;
CREATE INDEX mapping_status_option ON mapping_status (option_id);
CREATE TABLE schema_snapshot (
-- What an integration's project offered to map when it was last asked. A cache: may be lost.
integration_id INTEGER NOT NULL PRIMARY KEY
  REFERENCES integration (integration_id) ON DELETE CASCADE,
schema         TEXT    NOT NULL,            -- JSON
taken_at       INTEGER NOT NULL
) STRICT;
CREATE TABLE link (
-- An item and an issue that are the same thing. A severed pair stays: it is offered for linking again.
link_id           INTEGER PRIMARY KEY AUTOINCREMENT,
item_id           INTEGER NOT NULL REFERENCES item (item_id) ON DELETE CASCADE,
integration_id    INTEGER REFERENCES integration (integration_id) ON DELETE SET NULL,
connection_id     INTEGER NOT NULL REFERENCES connection (connection_id),
remote_id         TEXT    NOT NULL,            -- never changes
remote_key        TEXT    NOT NULL,            -- changes when the issue moves
remote_type       TEXT    NOT NULL DEFAULT '', -- id of its type
remote_updated_at INTEGER,                     -- NULL: the remote did not say
severed_reason    TEXT    NOT NULL DEFAULT '', -- empty: linked
base_parent       INTEGER,                     -- the parent that both sides last agreed on; NULL: none
created_at        INTEGER NOT NULL
, severed_at INTEGER, dismissed INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE UNIQUE INDEX link_remote ON link (connection_id, remote_id) WHERE severed_reason = '';
CREATE INDEX link_severed ON link (connection_id, remote_id) WHERE severed_reason <> '';
CREATE UNIQUE INDEX link_item ON link (item_id, connection_id) WHERE severed_reason = '';
CREATE INDEX link_item_all ON link (item_id);
CREATE INDEX link_integration ON link (integration_id, item_id);
CREATE TABLE run (
-- An import from its listing to its end. The counters are kept by what changes the run's rows.
run_id         INTEGER PRIMARY KEY AUTOINCREMENT,
integration_id INTEGER NOT NULL REFERENCES integration (integration_id) ON DELETE CASCADE,
kind           TEXT    NOT NULL,
state          TEXT    NOT NULL,
resumes        TEXT    NOT NULL DEFAULT '', -- while paused: the state to go on in
jql            TEXT    NOT NULL DEFAULT '', -- as it was sent
cursor         TEXT    NOT NULL DEFAULT '', -- where the listing stands, in the remote's terms
expected       INTEGER,                     -- issues that the remote promised; NULL: unknown
listed         INTEGER NOT NULL DEFAULT 0,
read           INTEGER NOT NULL DEFAULT 0,
created        INTEGER NOT NULL DEFAULT 0,
updated        INTEGER NOT NULL DEFAULT 0,
unchanged      INTEGER NOT NULL DEFAULT 0,
skipped        INTEGER NOT NULL DEFAULT 0,
failed         INTEGER NOT NULL DEFAULT 0,
excluded       INTEGER NOT NULL DEFAULT 0,
error_code     TEXT    NOT NULL DEFAULT '',
error_detail   TEXT    NOT NULL DEFAULT '',
started_at     INTEGER NOT NULL,
ended_at       INTEGER                      -- NULL: not yet
, ground TEXT NOT NULL DEFAULT '', undo_place INTEGER, undone INTEGER NOT NULL DEFAULT 0, kept INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX run_integration ON run (integration_id);
CREATE TABLE run_row (
-- An issue that a run found, what the run decided about it, and what became of it.
row_seq       INTEGER PRIMARY KEY AUTOINCREMENT, -- ascends in the order of the listing
run_id        INTEGER NOT NULL REFERENCES run (run_id) ON DELETE CASCADE,
remote_id     TEXT    NOT NULL,
remote_key    TEXT    NOT NULL DEFAULT '',
title         TEXT    NOT NULL DEFAULT '',
remote_type   TEXT    NOT NULL DEFAULT '',
depth         INTEGER NOT NULL DEFAULT 0,        -- of its level here: parents are less deep, and first
parent_ref    TEXT    NOT NULL DEFAULT '',       -- id:... or key:...
state         TEXT    NOT NULL,
action        TEXT    NOT NULL DEFAULT '',       -- empty: not decided
reason_code   TEXT    NOT NULL DEFAULT '',
reason_detail TEXT    NOT NULL DEFAULT '',
item_id       INTEGER,                           -- what it is or became here; may have gone since
UNIQUE (run_id, remote_id)
) STRICT;
CREATE INDEX run_row_key ON run_row (run_id, remote_key) WHERE remote_key <> '';
CREATE INDEX run_row_order ON run_row (run_id, row_seq);
CREATE INDEX run_row_listed ON run_row (run_id, row_seq) WHERE state = 'listed';
CREATE INDEX run_row_todo ON run_row (run_id, depth, row_seq)
  WHERE state = 'read' AND action IN ('create', 'update');
CREATE INDEX link_key ON link (connection_id, remote_key)
  WHERE severed_reason = '';
CREATE TABLE run_due (
-- What is still to do about a row besides its action. Shrinks to nothing as the run goes on.
run_id  INTEGER NOT NULL REFERENCES run (run_id) ON DELETE CASCADE,
due     TEXT    NOT NULL,
row_seq INTEGER NOT NULL,                   -- no reference: rows go with their run, as this does
PRIMARY KEY (run_id, due, row_seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE link_memory (
-- Per field, two of the three values that decide what happens to it; the third is the item's own. JSON, by
-- field: base is what both sides last agreed on, absent if they never did; remote is what the remote last
-- said, absent if that is the base, or nothing where there is no base.
link_id INTEGER NOT NULL PRIMARY KEY REFERENCES link (link_id) ON DELETE CASCADE,
memory  TEXT    NOT NULL
) STRICT;
CREATE TABLE journal_entry (
-- A change of an item, or of what Jira holds of it. Only ever added to.
journal_seq INTEGER PRIMARY KEY AUTOINCREMENT,
run_id      INTEGER REFERENCES run (run_id) ON DELETE CASCADE, -- NULL: not part of a run
origin      TEXT    NOT NULL,
item_id     INTEGER NOT NULL,               -- no reference: the item may have gone since
change      TEXT    NOT NULL,
field_key   TEXT    NOT NULL DEFAULT '',    -- of a change of a field
before      TEXT    NOT NULL DEFAULT '',    -- JSON of a field's value; number of a parent or type
after       TEXT    NOT NULL DEFAULT '',
base        TEXT,                           -- as before: what both sides had agreed on; of a type: the id of
                                            -- the remote's type; NULL: nobody noted it
at          INTEGER NOT NULL
, author TEXT DEFAULT '', author_key TEXT NOT NULL DEFAULT '', changed_after INTEGER, changed_until INTEGER) STRICT;
CREATE INDEX journal_entry_run ON journal_entry (run_id);
CREATE INDEX journal_entry_item ON journal_entry (item_id);
CREATE TABLE due (
-- An issue that is to be looked at. The row goes when both sides agree, or when a person has to decide.
integration_id INTEGER NOT NULL REFERENCES integration (integration_id) ON DELETE CASCADE,
remote_id      TEXT    NOT NULL,
marks          INTEGER NOT NULL DEFAULT 1,  -- goes up with each reason to look: one that came meanwhile is not missed
sent           TEXT    NOT NULL DEFAULT '', -- JSON by field: a change that was sent, and of which it is not known
                                            -- what came of it; empty: there is none
attempts       INTEGER NOT NULL DEFAULT 0,  -- that failed, one after the other
next_at        INTEGER NOT NULL,            -- not before
problem_code   TEXT    NOT NULL DEFAULT '', -- why the last attempt failed; empty: it did not
problem_detail TEXT    NOT NULL DEFAULT '',
is_parked      INTEGER NOT NULL DEFAULT 0,  -- 1: nothing is sent until somebody has done something
looked         INTEGER NOT NULL DEFAULT 0,  -- while parked: the marks that it was last looked at with
PRIMARY KEY (integration_id, remote_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX due_next ON due (integration_id, next_at);
CREATE TABLE conflict (
-- A field of a pair that both sides changed and nobody has decided.
link_id   INTEGER NOT NULL REFERENCES link (link_id) ON DELETE CASCADE,
field_key TEXT    NOT NULL,
since     INTEGER NOT NULL, is_loop INTEGER NOT NULL DEFAULT 0,
PRIMARY KEY (link_id, field_key)
) STRICT, WITHOUT ROWID;
CREATE TABLE item_values (
-- What an item holds. JSON, by field; a field in which it holds nothing is absent. No row: nothing at all.
-- Pairs may remember a field as what is held here: it never changes but through the one function that
-- first gives them a copy of their own (store::item_value).
item_id INTEGER NOT NULL PRIMARY KEY REFERENCES item (item_id) ON DELETE CASCADE,
held    TEXT    NOT NULL
) STRICT;
CREATE TABLE run_issue (
-- An issue as a run read it. Apart from its row, which changes several times while this never does.
row_seq INTEGER NOT NULL PRIMARY KEY REFERENCES run_row (row_seq) ON DELETE CASCADE,
issue   ANY     NOT NULL                    -- MessagePack; JSON where an earlier version wrote it
) STRICT;
CREATE TABLE mapping_status_rule (
-- How the statuses of an integration are kept in step; without a row, both ways, and a person decides.
integration_id INTEGER NOT NULL PRIMARY KEY REFERENCES integration (integration_id) ON DELETE CASCADE,
goes_back      INTEGER NOT NULL, -- 1: a status that is set here goes to the remote
winner         TEXT    NOT NULL  -- who wins when both sides changed
) STRICT;
CREATE TABLE create_intent (
-- An issue that is to be made of an item. The row goes in the transaction that makes the pair.
create_intent_id INTEGER PRIMARY KEY AUTOINCREMENT,
item_id          INTEGER NOT NULL REFERENCES item (item_id) ON DELETE CASCADE,
integration_id   INTEGER NOT NULL REFERENCES integration (integration_id) ON DELETE CASCADE,
remote_type      TEXT    NOT NULL,            -- id of the type that it is to have
marker           TEXT    NOT NULL UNIQUE,     -- goes along with the request and is found in the issue again
sent_at          INTEGER,                     -- when a request left of which it is not known what came of it;
                                              -- NULL: there is none, the issue does not exist
sent             TEXT    NOT NULL DEFAULT '', -- JSON by field: what that request says
sent_parent      INTEGER,                     -- the item whose issue it names as the parent; NULL: none
attempts         INTEGER NOT NULL DEFAULT 0,  -- that failed, one after the other
next_at          INTEGER NOT NULL,            -- not before
problem_code     TEXT    NOT NULL DEFAULT '', -- why the last attempt failed; empty: it did not
problem_detail   TEXT    NOT NULL DEFAULT '',
is_parked        INTEGER NOT NULL DEFAULT 0,  -- 1: nothing is sent until somebody has done something
created_at       INTEGER NOT NULL,
UNIQUE (item_id, integration_id)
) STRICT;
CREATE INDEX create_intent_next ON create_intent (integration_id, next_at);
CREATE TABLE create_answer (
-- A field that the remote demands and that nothing here fills in: what somebody said when they pushed the item.
create_intent_id INTEGER NOT NULL REFERENCES create_intent (create_intent_id) ON DELETE CASCADE,
remote_field     TEXT    NOT NULL,
value            TEXT    NOT NULL,            -- JSON, in the remote's terms
PRIMARY KEY (create_intent_id, remote_field)
) STRICT, WITHOUT ROWID;
CREATE TABLE deleted_item (
-- An item as it was when it was deleted; columns as in item.
item_id      INTEGER PRIMARY KEY,
deletion     INTEGER NOT NULL,               -- items that went together have the same number
deleted_at   INTEGER NOT NULL,
parent_id    INTEGER,
item_type_id INTEGER NOT NULL,
area_id      INTEGER NOT NULL,
rank         TEXT    NOT NULL,
title        TEXT    NOT NULL,
title_key    TEXT    NOT NULL,
status_option     INTEGER,
importance_option INTEGER,
dev_status   TEXT    NOT NULL,
assignee     INTEGER,
dev_assignee INTEGER,
story_points REAL,
created_at   INTEGER NOT NULL,
updated_at   INTEGER NOT NULL,
field_values TEXT    NOT NULL                -- JSON of values by field
) STRICT;
CREATE INDEX deleted_item_deletion ON deleted_item (deletion);
CREATE TABLE deleted_link (
-- A pair of such an item; columns as in link.
link_id           INTEGER PRIMARY KEY,
item_id           INTEGER NOT NULL REFERENCES deleted_item (item_id) ON DELETE CASCADE,
integration_id    INTEGER REFERENCES integration (integration_id) ON DELETE SET NULL,
connection_id     INTEGER NOT NULL REFERENCES connection (connection_id) ON DELETE CASCADE,
remote_id         TEXT    NOT NULL,
remote_key        TEXT    NOT NULL,
remote_type       TEXT    NOT NULL,
remote_updated_at INTEGER,
severed_reason    TEXT    NOT NULL,          -- before the item was deleted
severed_at        INTEGER,
base_parent       INTEGER,
created_at        INTEGER NOT NULL,
dismissed         INTEGER NOT NULL DEFAULT 0,
memory            TEXT    NOT NULL           -- as in link_memory
) STRICT;
CREATE INDEX deleted_link_remote ON deleted_link (connection_id, remote_id);
CREATE INDEX deleted_link_item ON deleted_link (item_id);
CREATE TABLE absence (
-- A linked issue that is out of reach, or of which was heard that it was deleted.
integration_id INTEGER NOT NULL REFERENCES integration (integration_id) ON DELETE CASCADE,
remote_id      TEXT    NOT NULL,
state          TEXT    NOT NULL,            -- what the last look found
heard_deleted  INTEGER NOT NULL DEFAULT 0,  -- 1: Jira told that it was deleted
looks          INTEGER NOT NULL DEFAULT 0,  -- that found it out of reach, one after the other
first_at       INTEGER NOT NULL,            -- since when
last_at        INTEGER NOT NULL,
next_at        INTEGER NOT NULL,            -- when it is worth looking again
PRIMARY KEY (integration_id, remote_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX absence_next ON absence (integration_id, next_at);
CREATE TABLE severing (
-- A pair in force that is to be severed. Goes when that is done, declined, or no longer called for.
link_id  INTEGER NOT NULL PRIMARY KEY REFERENCES link (link_id) ON DELETE CASCADE,
reason   TEXT    NOT NULL,
found_at INTEGER NOT NULL,
asked_at INTEGER                             -- a person is asked since then; NULL: nobody has to be
) STRICT;
CREATE INDEX run_open ON run (integration_id) WHERE ended_at IS NULL;
CREATE TABLE comparison (
-- How far an integration's pairs were compared with what the remote holds, one round after the other.
integration_id INTEGER PRIMARY KEY REFERENCES integration (integration_id) ON DELETE CASCADE,
began_at       INTEGER,                    -- of the round under way; NULL: there is none
place          INTEGER NOT NULL DEFAULT 0, -- in a round: the last item whose pair was taken up
ended_at       INTEGER                     -- of the last whole round; NULL: there was none
) STRICT;
CREATE TABLE fuse (
-- A cycle that would have changed unusually much. It stopped, and nothing goes on before somebody has decided.
integration_id INTEGER PRIMARY KEY REFERENCES integration (integration_id) ON DELETE CASCADE,
run_id         INTEGER REFERENCES run (run_id) ON DELETE SET NULL, -- the plan of what would be taken over
incoming       INTEGER NOT NULL,           -- items that would be changed here
blanked        INTEGER NOT NULL,           -- of these, those of which a field would be emptied
outgoing       INTEGER NOT NULL,           -- issues that would be changed at the remote
linked         INTEGER NOT NULL,           -- pairs in force at that time
blown_at       INTEGER NOT NULL,
is_released    INTEGER NOT NULL DEFAULT 0  -- 1: somebody has looked, and lets it go on
) STRICT;
CREATE INDEX journal_entry_unnamed ON journal_entry (journal_seq) WHERE author IS NULL;
INSERT INTO setting (key, value) VALUES ('wizard.step', '5');
INSERT INTO setting (key, value) VALUES ('workspace.made_at', '2026-01-01T00:00:00Z');
INSERT INTO level (level_id, depth, singular, plural) VALUES (1, 0, 'Initiative', 'Initiatives');
INSERT INTO level (level_id, depth, singular, plural) VALUES (2, 1, 'Epic', 'Epics');
INSERT INTO level (level_id, depth, singular, plural) VALUES (3, 2, 'Feature', 'Features');
INSERT INTO level (level_id, depth, singular, plural) VALUES (4, 3, 'Story', 'Stories');
INSERT INTO item_type (item_type_id, level_id, position, singular, plural, icon, colour) VALUES (1, 1, 0, 'Initiative', 'Initiatives', 'flag', 'amber');
INSERT INTO item_type (item_type_id, level_id, position, singular, plural, icon, colour) VALUES (2, 2, 0, 'Epic', 'Epics', 'zap', 'violet');
INSERT INTO item_type (item_type_id, level_id, position, singular, plural, icon, colour) VALUES (3, 3, 0, 'Feature', 'Features', 'puzzle', 'green');
INSERT INTO item_type (item_type_id, level_id, position, singular, plural, icon, colour) VALUES (4, 3, 1, 'Bug', 'Bugs', 'bug', 'red');
INSERT INTO item_type (item_type_id, level_id, position, singular, plural, icon, colour) VALUES (5, 3, 2, 'Task', 'Tasks', 'square-check', 'blue');
INSERT INTO item_type (item_type_id, level_id, position, singular, plural, icon, colour) VALUES (6, 3, 3, 'Requirement', 'Requirements', 'file-check', 'teal');
INSERT INTO item_type (item_type_id, level_id, position, singular, plural, icon, colour) VALUES (7, 3, 4, 'Improvement', 'Improvements', 'trending-up', 'cyan');
INSERT INTO item_type (item_type_id, level_id, position, singular, plural, icon, colour) VALUES (8, 4, 0, 'Story', 'Stories', 'bookmark', 'slate');
INSERT INTO field (field_id, system_key, name, kind, number_max, position) VALUES (1, 'title', 'Title', 'text', NULL, 0);
INSERT INTO field (field_id, system_key, name, kind, number_max, position) VALUES (2, 'description', 'Description', 'rich_text', NULL, 1);
INSERT INTO field (field_id, system_key, name, kind, number_max, position) VALUES (3, 'status', 'Status', 'single_select', NULL, 2);
INSERT INTO field (field_id, system_key, name, kind, number_max, position) VALUES (4, 'dev_status', 'Dev Status', 'text', NULL, 3);
INSERT INTO field (field_id, system_key, name, kind, number_max, position) VALUES (5, 'importance', 'Importance', 'single_select', NULL, 4);
INSERT INTO field (field_id, system_key, name, kind, number_max, position) VALUES (6, 'assignee', 'Assignee', 'person', NULL, 5);
INSERT INTO field (field_id, system_key, name, kind, number_max, position) VALUES (7, 'dev_assignee', 'Dev Assignee', 'person', NULL, 6);
INSERT INTO field (field_id, system_key, name, kind, number_max, position) VALUES (8, 'sprint', 'Sprint', 'single_select', NULL, 7);
INSERT INTO field (field_id, system_key, name, kind, number_max, position) VALUES (9, 'quarter', 'Quarter / release', 'multi_select', NULL, 8);
INSERT INTO field (field_id, system_key, name, kind, number_max, position) VALUES (10, 'story_points', 'Story points', 'number', NULL, 9);
INSERT INTO field (field_id, system_key, name, kind, number_max, position) VALUES (11, 'estimated_hours', 'Estimated hours', 'number', NULL, 10);
INSERT INTO field (field_id, system_key, name, kind, number_max, position) VALUES (12, 'value', 'Value', 'number', NULL, 11);
INSERT INTO field (field_id, system_key, name, kind, number_max, position) VALUES (13, 'effort', 'Effort', 'number', NULL, 12);
INSERT INTO field (field_id, system_key, name, kind, number_max, position) VALUES (14, 'kano', 'Kano', 'single_select', NULL, 13);
INSERT INTO field (field_id, system_key, name, kind, number_max, position) VALUES (15, 'labels', 'Labels', 'labels', NULL, 14);
INSERT INTO field (field_id, system_key, name, kind, number_max, position) VALUES (16, 'components', 'Components', 'multi_select', NULL, 15);
INSERT INTO field (field_id, system_key, name, kind, number_max, position) VALUES (17, 'team', 'Team', 'single_select', NULL, 16);
INSERT INTO field (field_id, system_key, name, kind, number_max, position) VALUES (18, 'start_date', 'Start date', 'date', NULL, 17);
INSERT INTO field (field_id, system_key, name, kind, number_max, position) VALUES (19, 'target_date', 'Target date', 'date', NULL, 18);
INSERT INTO field (field_id, system_key, name, kind, number_max, position) VALUES (20, 'objective', 'Objective', 'single_select', NULL, 19);
INSERT INTO field (field_id, system_key, name, kind, number_max, position) VALUES (21, 'key_result', 'Key result', 'single_select', NULL, 20);
INSERT INTO field (field_id, system_key, name, kind, number_max, position) VALUES (22, 'persona', 'Persona', 'multi_select', NULL, 21);
INSERT INTO field (field_id, system_key, name, kind, number_max, position) VALUES (23, 'dependencies', 'Dependencies', 'dependencies', NULL, 22);
INSERT INTO field (field_id, system_key, name, kind, number_max, position) VALUES (24, '', 'Risk', 'single_select', NULL, 23);
INSERT INTO field_option (option_id, field_key, name, name_key, position, colour, category, starts_on, ends_on, weight) VALUES (1, 'status', 'Open', 'open', 0, 'slate', 'open', '', '', NULL);
INSERT INTO field_option (option_id, field_key, name, name_key, position, colour, category, starts_on, ends_on, weight) VALUES (2, 'status', 'In design', 'in design', 1, 'violet', 'in_progress', '', '', NULL);
INSERT INTO field_option (option_id, field_key, name, name_key, position, colour, category, starts_on, ends_on, weight) VALUES (3, 'status', 'In development', 'in development', 2, 'blue', 'in_progress', '', '', NULL);
INSERT INTO field_option (option_id, field_key, name, name_key, position, colour, category, starts_on, ends_on, weight) VALUES (4, 'status', 'In review', 'in review', 3, 'cyan', 'in_progress', '', '', NULL);
INSERT INTO field_option (option_id, field_key, name, name_key, position, colour, category, starts_on, ends_on, weight) VALUES (5, 'status', 'Done', 'done', 4, 'green', 'done', '', '', NULL);
INSERT INTO field_option (option_id, field_key, name, name_key, position, colour, category, starts_on, ends_on, weight) VALUES (6, 'importance', 'Blocker', 'blocker', 0, '', '', '', '', NULL);
INSERT INTO field_option (option_id, field_key, name, name_key, position, colour, category, starts_on, ends_on, weight) VALUES (7, 'importance', 'High', 'high', 1, '', '', '', '', NULL);
INSERT INTO field_option (option_id, field_key, name, name_key, position, colour, category, starts_on, ends_on, weight) VALUES (8, 'importance', 'Medium', 'medium', 2, '', '', '', '', NULL);
INSERT INTO field_option (option_id, field_key, name, name_key, position, colour, category, starts_on, ends_on, weight) VALUES (9, 'importance', 'Low', 'low', 3, '', '', '', '', NULL);
INSERT INTO field_option (option_id, field_key, name, name_key, position, colour, category, starts_on, ends_on, weight) VALUES (10, 'kano', 'Basic', 'basic', 0, '', '', '', '', NULL);
INSERT INTO field_option (option_id, field_key, name, name_key, position, colour, category, starts_on, ends_on, weight) VALUES (11, 'kano', 'Performer', 'performer', 1, '', '', '', '', NULL);
INSERT INTO field_option (option_id, field_key, name, name_key, position, colour, category, starts_on, ends_on, weight) VALUES (12, 'kano', 'Exciter', 'exciter', 2, '', '', '', '', NULL);
INSERT INTO field_option (option_id, field_key, name, name_key, position, colour, category, starts_on, ends_on, weight) VALUES (13, 'sprint', 'Sprint 12', 'sprint 12', 0, '', '', '2026-01-05', '2026-01-16', NULL);
INSERT INTO field_option (option_id, field_key, name, name_key, position, colour, category, starts_on, ends_on, weight) VALUES (14, 'custom:24', 'Great', 'great', 0, '', '', '', '', NULL);
INSERT INTO option_identity (site_key, field_key, remote_option, remote_name, option_id) VALUES ('https://site.test', 'sprint', '12', 'Sprint 12', 13);
INSERT INTO area (area_id, parent_id, name, name_key, position) VALUES (1, NULL, 'Product', 'product', 0);
INSERT INTO area (area_id, parent_id, name, name_key, position) VALUES (2, NULL, 'Imported from Jira', 'imported from jira', 1);
INSERT INTO person (person_id, name, name_key, email, seat) VALUES (1, 'Ada', 'ada', 'ada@site.test', 'met');
INSERT INTO person_identity (site_key, remote_id, person_id) VALUES ('https://site.test', 'account-ada', 1);
INSERT INTO item (item_id, parent_id, item_type_id, area_id, rank, title, title_key, key_text, status_option, importance_option, dev_status, assignee, dev_assignee, story_points, created_at, updated_at) VALUES (1, NULL, 2, 2, '00000000001V', 'Payments in Kč', 'payments in kc', '', NULL, NULL, '', NULL, NULL, NULL, 1767225610000, 1767225610000);
INSERT INTO item (item_id, parent_id, item_type_id, area_id, rank, title, title_key, key_text, status_option, importance_option, dev_status, assignee, dev_assignee, story_points, created_at, updated_at) VALUES (2, 1, 3, 2, '00000000002V', 'Überweisung', 'uberweisung', 'PAY-7', NULL, NULL, 'To Do', NULL, 1, 0.30000000000000004, 1767225610000, 1767225610000);
INSERT INTO connection (connection_id, name, name_key, kind, site_url, api_base, display_url, version, auth, login, account_id, account_name, time_zone, ca_pem, proxy, has_client_identity, practice_face, practice_issues, practice_seed, secret_ref, stopped_code, stopped_detail, created_at, checked_at) VALUES (1, 'Site', 'site', 'data_center', 'https://site.test/jira', 'https://site.test/jira', 'https://shown.test/jira', '9.12.0', 'pat', '', 'JIRAUSER1', 'Lockstep', 'Europe/Prague', '-----BEGIN CERTIFICATE-----', 'http://proxy.test:3128', 1, 'data_center', 250, 7, 'connection-1', '', '', 1767225601000, NULL);
INSERT INTO integration (integration_id, connection_id, name, name_key, project_id, project_key, project_name, board_id, board_name, jql, include_closed, area_id, created_at, updated_at, heard_until, out_of_scope, is_paused, fuse_changed_percent, fuse_emptied_percent) VALUES (1, 1, 'Payments', 'payments', '10000', 'PAY', 'Payments', '3', 'PAY board', 'type != Epic', 1, NULL, 1767225602000, 1767225602000, 1767225606000, 'keep', 0, 20, 5);
INSERT INTO mapping_type (integration_id, remote_type, position, item_type_id, remote_name) VALUES (1, '10000', 1, 2, '');
INSERT INTO mapping_type (integration_id, remote_type, position, item_type_id, remote_name) VALUES (1, '10001', 0, 3, 'Story');
INSERT INTO mapping_field (integration_id, field_key, position, remote_field, remote_name, direction, winner, core) VALUES (1, 'custom:24', 0, 'customfield_1', 'Risk level', 'from_remote', 'newest', 0);
INSERT INTO mapping_field (integration_id, field_key, position, remote_field, remote_name, direction, winner, core) VALUES (1, 'title', 1, 'summary', '', 'from_remote', 'newest', 0);
INSERT INTO mapping_value (integration_id, field_key, remote_option, position, option_id, remote_name) VALUES (1, 'custom:24', '1', 1, 14, '');
INSERT INTO mapping_value (integration_id, field_key, remote_option, position, option_id, remote_name) VALUES (1, 'custom:24', '9', 0, 14, 'High');
INSERT INTO mapping_status (integration_id, remote_status, position, option_id, remote_name, is_written) VALUES (1, '10000', 0, 1, 'To Do', 1);
INSERT INTO schema_snapshot (integration_id, schema, taken_at) VALUES (1, '{"types":[{"id":"10001","name":"Story","level":0,"required":["summary"]}],"fields":[{"id":"customfield_10020","name":"Sprint","kind":"sprint","role":"sprint","options":[{"id":"12","name":"Sprint 12","disabled":false}],"on_create":["10001"],"read_only":false}],"statuses":[{"id":"10000","name":"To Do","category":"open"}]}', 1767225603000);
INSERT INTO link (link_id, item_id, integration_id, connection_id, remote_id, remote_key, remote_type, remote_updated_at, severed_reason, base_parent, created_at, severed_at, dismissed) VALUES (1, 2, 1, 1, '10007', 'PAY-7', '10001', 1767225606000, '', 1, 1767225610000, NULL, 0);
INSERT INTO run (run_id, integration_id, kind, state, resumes, jql, cursor, expected, listed, read, created, updated, unchanged, skipped, failed, excluded, error_code, error_detail, started_at, ended_at, ground, undo_place, undone, kept) VALUES (1, 1, 'import', 'listing', '', 'project = PAY', '', NULL, 2, 1, 0, 0, 0, 0, 0, 0, '', '', 1767225604000, NULL, '', NULL, 0, 0);
INSERT INTO run_row (row_seq, run_id, remote_id, remote_key, title, remote_type, depth, parent_ref, state, action, reason_code, reason_detail, item_id) VALUES (1, 1, '10007', 'PAY-7', 'Title of PAY-7', '10001', 2, 'key:PAY-1', 'read', '', '', '', NULL);
INSERT INTO run_row (row_seq, run_id, remote_id, remote_key, title, remote_type, depth, parent_ref, state, action, reason_code, reason_detail, item_id) VALUES (2, 1, '10008', '', '', '', 0, '', 'listed', '', '', '', NULL);
INSERT INTO link_memory (link_id, memory) VALUES (1, '{"custom:24":{"held":true},"description":{"held":true},"dev_assignee":{"held":true},"dev_status":{"held":true},"sprint":{"held":true},"story_points":{"held":true}}');
INSERT INTO journal_entry (journal_seq, run_id, origin, item_id, change, field_key, before, after, base, at, author, author_key, changed_after, changed_until) VALUES (1, 1, 'run', 2, 'field', 'title', '{"text":"Transfer"}', '{"text":"Überweisung"}', NULL, 1767225605000, 'Zoë Ångström', 'zoe angstrom', NULL, NULL);
INSERT INTO journal_entry (journal_seq, run_id, origin, item_id, change, field_key, before, after, base, at, author, author_key, changed_after, changed_until) VALUES (2, NULL, 'here', 1, 'parent', '', '2', '', '', 1767225606000, '', '', NULL, NULL);
INSERT INTO due (integration_id, remote_id, marks, sent, attempts, next_at, problem_code, problem_detail, is_parked, looked) VALUES (1, '10007', 1, '', 0, 1767225606000, '', '', 0, 0);
INSERT INTO conflict (link_id, field_key, since, is_loop) VALUES (1, 'story_points', 1767225606000, 0);
INSERT INTO item_values (item_id, held) VALUES (1, '{}');
INSERT INTO item_values (item_id, held) VALUES (2, '{"custom:24":{"options":[14]},"description":{"rich":{"format":"wiki","source":"*Words*","plain":"Words"}},"dev_assignee":{"people":[1]},"dev_status":{"text":"To Do"},"sprint":{"options":[13]},"story_points":{"number":0.30000000000000004}}');
INSERT INTO run_issue (row_seq, issue) VALUES (1, X'88A26964A53130303037A36B6579A55041592D37A474797065A53130303031A57469746C65AE5469746C65206F66205041592D37A6706172656E7481A36B6579A55041592D31A673746174757383A26964A53130303030A46E616D65A5546F20446FA863617465676F7279A46F70656EA775706461746564B4323032362D30312D30315430303A30303A30365AA676616C75657383A861737369676E656581A670656F706C659183A26964AB6163636F756E742D616461A46E616D65A3416461A5656D61696CAD61646140736974652E74657374AB6465736372697074696F6E81A47269636883A6666F726D6174A477696B69A6736F75726365A72A576F7264732AA5706C61696EA5576F726473A6737072696E7481A763686F696365739185A26964A23132A46E616D65A9537072696E74203132A6737461727473AA323032362D30312D3035A4656E6473AA323032362D30312D3136A6636C6F736564C2');
INSERT INTO mapping_status_rule (integration_id, goes_back, winner) VALUES (1, 0, 'remote');
INSERT INTO create_intent (create_intent_id, item_id, integration_id, remote_type, marker, sent_at, sent, sent_parent, attempts, next_at, problem_code, problem_detail, is_parked, created_at) VALUES (1, 1, 1, '10000', 'a word of its own', 1767225607000, '{"title":{"base":{"text":"Checkout"}}}', NULL, 0, 1767225606000, '', '', 0, 1767225606000);
INSERT INTO create_answer (create_intent_id, remote_field, value) VALUES (1, 'customfield_1', '{"number":2.0}');
INSERT INTO deleted_item (item_id, deletion, deleted_at, parent_id, item_type_id, area_id, rank, title, title_key, status_option, importance_option, dev_status, assignee, dev_assignee, story_points, created_at, updated_at, field_values) VALUES (3, 1, 1767225606000, NULL, 3, 2, '00000000003V', 'Refund', 'refund', NULL, NULL, '', NULL, NULL, NULL, 1767225610000, 1767225610000, '{}');
INSERT INTO deleted_link (link_id, item_id, integration_id, connection_id, remote_id, remote_key, remote_type, remote_updated_at, severed_reason, severed_at, base_parent, created_at, dismissed, memory) VALUES (2, 3, 1, 1, '10010', 'PAY-10', '10001', 1767225606000, '', NULL, NULL, 1767225607000, 0, '{}');
INSERT INTO absence (integration_id, remote_id, state, heard_deleted, looks, first_at, last_at, next_at) VALUES (1, '10009', 'heard', 1, 0, 1767225606000, 1767225606000, 1767225606000);
INSERT INTO severing (link_id, reason, found_at, asked_at) VALUES (1, 'deleted_there', 1767225606000, NULL);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence (name, seq) VALUES ('area', 2);
INSERT INTO sqlite_sequence (name, seq) VALUES ('connection', 1);
INSERT INTO sqlite_sequence (name, seq) VALUES ('create_intent', 1);
INSERT INTO sqlite_sequence (name, seq) VALUES ('field', 24);
INSERT INTO sqlite_sequence (name, seq) VALUES ('field_option', 14);
INSERT INTO sqlite_sequence (name, seq) VALUES ('integration', 1);
INSERT INTO sqlite_sequence (name, seq) VALUES ('item', 3);
INSERT INTO sqlite_sequence (name, seq) VALUES ('item_type', 8);
INSERT INTO sqlite_sequence (name, seq) VALUES ('journal_entry', 2);
INSERT INTO sqlite_sequence (name, seq) VALUES ('level', 4);
INSERT INTO sqlite_sequence (name, seq) VALUES ('link', 2);
INSERT INTO sqlite_sequence (name, seq) VALUES ('person', 1);
INSERT INTO sqlite_sequence (name, seq) VALUES ('run', 1);
INSERT INTO sqlite_sequence (name, seq) VALUES ('run_row', 2);
