-- One account's data never meets another's: every key and every reference leads with the account (A1).
-- Instants are whole microseconds since 1970 (UTC).

PRAGMA application_id = 0x544c5950;

-- What the file says of itself.
CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO meta (name, value) VALUES
    ('sort_key_version', 1),
    -- Whether the log may still hold a destroyed token.
    ('token_in_log', 0);

-- The numbers are counters, taken in the transaction that uses them.
CREATE TABLE accounts (
    account_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    zone TEXT NOT NULL,
    last_person INTEGER NOT NULL DEFAULT 0,
    last_task INTEGER NOT NULL DEFAULT 0,
    last_run INTEGER NOT NULL DEFAULT 0,
    last_epoch INTEGER NOT NULL DEFAULT 0,
    last_change INTEGER NOT NULL DEFAULT 0,
    -- Grows with every write to what a plan is computed from.
    structure INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE people (
    account_id INTEGER NOT NULL REFERENCES accounts (account_id),
    person_id INTEGER NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('administrator', 'manager', 'member')),
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    password_hash TEXT,
    PRIMARY KEY (account_id, person_id),
    UNIQUE (account_id, email_key)
) STRICT, WITHOUT ROWID;

-- A first import writes a hundred thousand of these at once. So their checks are spelled out, since a list of more than two
-- values is made into a table by every statement, and their references are looked at in the end, since a statement of several
-- rows that may fail half way keeps a copy of every page that it touches.
CREATE TABLE tasks (
    account_id INTEGER NOT NULL REFERENCES accounts (account_id) DEFERRABLE INITIALLY DEFERRED,
    task_id INTEGER NOT NULL,
    parent_id INTEGER,
    name TEXT NOT NULL,
    sort_key BLOB NOT NULL,
    search_key TEXT NOT NULL,
    origin TEXT NOT NULL CHECK (origin = 'native' OR origin = 'kept' OR origin = 'imported'),
    kind TEXT CHECK (kind = 'task' OR kind = 'project' OR kind = 'client' OR kind = 'workspace' OR kind = 'root'),
    external_id INTEGER,
    color TEXT,
    billable INTEGER CHECK (billable IN (0, 1)),
    archived_reason TEXT,
    archived_at INTEGER,
    -- The run that changed it last.
    changed_run INTEGER,
    PRIMARY KEY (account_id, task_id),
    FOREIGN KEY (account_id, parent_id) REFERENCES tasks (account_id, task_id) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (account_id, changed_run) REFERENCES runs (account_id, run_id) DEFERRABLE INITIALLY DEFERRED,
    CHECK ((origin = 'native') = (kind IS NULL)),
    CHECK ((kind IS NULL OR kind = 'root') = (external_id IS NULL)),
    CHECK ((archived_reason IS NULL) = (archived_at IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX tasks_parent ON tasks (account_id, parent_id);
CREATE UNIQUE INDEX tasks_identity ON tasks (account_id, kind, coalesce(external_id, 0)) WHERE kind IS NOT NULL;

-- How a person stands to a task. Both kinds of assignment can stand at once (P2).
CREATE TABLE assignments (
    account_id INTEGER NOT NULL,
    task_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    automatic_since INTEGER,
    automatic_run INTEGER,
    manual_since INTEGER,
    manual_by INTEGER,
    -- An automatic assignment was taken away here and stays away (P5).
    suppressed INTEGER NOT NULL DEFAULT 0 CHECK (suppressed IN (0, 1)),
    -- Unlinking ended an automatic assignment that enabling again brings back (I15, I16).
    formerly_automatic INTEGER NOT NULL DEFAULT 0 CHECK (formerly_automatic IN (0, 1)),
    -- The manual assignment stands only because unlinking made it of the automatic one.
    made_by_unlinking INTEGER NOT NULL DEFAULT 0 CHECK (made_by_unlinking IN (0, 1)),
    PRIMARY KEY (account_id, task_id, person_id),
    FOREIGN KEY (account_id, task_id) REFERENCES tasks (account_id, task_id),
    FOREIGN KEY (account_id, person_id) REFERENCES people (account_id, person_id),
    FOREIGN KEY (account_id, automatic_run) REFERENCES runs (account_id, run_id),
    FOREIGN KEY (account_id, manual_by) REFERENCES people (account_id, person_id),
    CHECK ((manual_since IS NULL) = (manual_by IS NULL)),
    CHECK (automatic_since IS NOT NULL OR automatic_run IS NULL),
    CHECK (formerly_automatic OR NOT made_by_unlinking),
    CHECK (automatic_since IS NOT NULL OR manual_since IS NOT NULL OR suppressed)
) STRICT, WITHOUT ROWID;

CREATE INDEX assignments_person ON assignments (account_id, person_id);

CREATE TABLE integrations (
    account_id INTEGER PRIMARY KEY REFERENCES accounts (account_id),
    linked INTEGER NOT NULL CHECK (linked IN (0, 1)),
    owner_id INTEGER NOT NULL,
    -- JSON: whose token it is.
    toggl_user TEXT,
    token_rejected INTEGER NOT NULL DEFAULT 0 CHECK (token_rejected IN (0, 1)),
    -- JSON.
    selection TEXT NOT NULL,
    -- JSON.
    settings TEXT NOT NULL,
    last_synced_at INTEGER,
    -- JSON: what was left of the source's allowance when it was last heard of.
    quota TEXT,
    FOREIGN KEY (account_id, owner_id) REFERENCES people (account_id, person_id)
) STRICT;

-- The sealed tokens, apart from what is read often.
CREATE TABLE tokens (
    account_id INTEGER PRIMARY KEY REFERENCES integrations (account_id),
    sealed BLOB NOT NULL
) STRICT;

-- The workspaces that a token ever saw.
CREATE TABLE workspaces (
    account_id INTEGER NOT NULL REFERENCES accounts (account_id),
    external_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (account_id, external_id)
) STRICT, WITHOUT ROWID;

-- The members seen at the last sync (P4, N1).
CREATE TABLE members (
    account_id INTEGER NOT NULL REFERENCES accounts (account_id),
    workspace_id INTEGER NOT NULL,
    email_key TEXT NOT NULL,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    joined INTEGER NOT NULL CHECK (joined IN (0, 1)),
    PRIMARY KEY (account_id, workspace_id, email_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
    account_id INTEGER NOT NULL REFERENCES accounts (account_id),
    run_id INTEGER NOT NULL,
    trigger TEXT NOT NULL,
    started_by INTEGER,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    outcome TEXT NOT NULL CHECK (
        outcome IN ('running', 'waiting', 'succeeded', 'failed', 'cancelled', 'held', 'rejected', 'superseded')
    ),
    waiting_until INTEGER,
    requests INTEGER NOT NULL DEFAULT 0,
    -- JSON, as are those below.
    counts TEXT NOT NULL,
    error TEXT,
    hold TEXT,
    shown TEXT,
    -- The tasks that it created: what it says of them comes first among its items, in the order of their numbers.
    first_created INTEGER,
    last_created INTEGER,
    warnings TEXT NOT NULL,
    proof TEXT NOT NULL,
    PRIMARY KEY (account_id, run_id),
    FOREIGN KEY (account_id, started_by) REFERENCES people (account_id, person_id),
    CHECK ((outcome IN ('running', 'waiting')) = (ended_at IS NULL)),
    CHECK ((outcome = 'waiting') = (waiting_until IS NOT NULL)),
    CHECK ((first_created IS NULL) = (last_created IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX runs_created ON runs (account_id, first_created) WHERE first_created IS NOT NULL;
CREATE INDEX runs_held ON runs (account_id, run_id) WHERE outcome = 'held';

-- The right to end the run under way (I11): one in an account.
CREATE TABLE leases (
    account_id INTEGER PRIMARY KEY REFERENCES accounts (account_id),
    run_id INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    -- JSON.
    holder TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    FOREIGN KEY (account_id, run_id) REFERENCES runs (account_id, run_id)
) STRICT;

-- Pages that a run under way, or one that ended too early, has read (I19).
CREATE TABLE staged_parts (
    account_id INTEGER NOT NULL REFERENCES accounts (account_id),
    list TEXT NOT NULL,
    page INTEGER NOT NULL,
    read_at INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (account_id, list, page)
) STRICT;

-- What a run changed, or would have changed (I14).
CREATE TABLE run_items (
    account_id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    -- The number of the first of them, from 1.
    first INTEGER NOT NULL,
    -- JSON: several items that follow one another.
    items TEXT NOT NULL,
    PRIMARY KEY (account_id, run_id, first),
    FOREIGN KEY (account_id, run_id) REFERENCES runs (account_id, run_id)
) STRICT;

-- Which items are about a task, but for those that tell of its creation. A deleted one keeps its history, so the task is no
-- reference; nor is the run, which has its items.
CREATE TABLE run_item_tasks (
    account_id INTEGER NOT NULL,
    task_id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (account_id, task_id, run_id, number)
) STRICT, WITHOUT ROWID;

-- What changed, for whoever follows along (E6).
CREATE TABLE changes (
    account_id INTEGER NOT NULL REFERENCES accounts (account_id),
    number INTEGER NOT NULL,
    subject TEXT NOT NULL CHECK (subject IN ('account', 'person', 'task', 'assignments', 'integration', 'run')),
    subject_id INTEGER,
    by_id INTEGER,
    at INTEGER NOT NULL,
    PRIMARY KEY (account_id, number),
    FOREIGN KEY (account_id, by_id) REFERENCES people (account_id, person_id),
    CHECK ((subject IN ('account', 'integration')) = (subject_id IS NULL))
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 1;
