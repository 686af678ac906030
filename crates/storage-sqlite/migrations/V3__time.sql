-- People track time on tasks.

ALTER TABLE accounts ADD COLUMN last_entry INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN last_tag INTEGER NOT NULL DEFAULT 0;

-- A timer and the entry that it becomes when it is stopped: the number stays. Instants are whole seconds in microseconds.
CREATE TABLE entries (
    account_id INTEGER NOT NULL,
    entry_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    -- Nothing for "No task".
    task_id INTEGER,
    started_at INTEGER NOT NULL CHECK (started_at % 1000000 = 0),
    -- A timer that runs has none.
    ended_at INTEGER CHECK (ended_at % 1000000 = 0),
    way TEXT CHECK (way = 'stopped' OR way = 'switched' OR way = 'device' OR way = 'hand'),
    -- Its days are those of this zone (E5).
    zone TEXT NOT NULL,
    -- The one that it is listed on, counted from 1970-01-01: the one it begins on.
    day INTEGER NOT NULL,
    note TEXT NOT NULL,
    billable INTEGER NOT NULL CHECK (billable IN (0, 1)),
    -- A clock was set back while it ran.
    stepped_back INTEGER NOT NULL DEFAULT 0 CHECK (stepped_back IN (0, 1)),
    made_by INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    changed_by INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, entry_id),
    FOREIGN KEY (account_id, person_id) REFERENCES people (account_id, person_id),
    FOREIGN KEY (account_id, task_id) REFERENCES tasks (account_id, task_id),
    FOREIGN KEY (account_id, made_by) REFERENCES people (account_id, person_id),
    FOREIGN KEY (account_id, changed_by) REFERENCES people (account_id, person_id),
    CHECK ((ended_at IS NULL) = (way IS NULL)),
    CHECK (ended_at >= started_at),
    CHECK (way IS NOT 'hand' OR (ended_at > started_at AND ended_at - started_at <= 86400000000))
) STRICT, WITHOUT ROWID;

-- At most one timer of a person runs (E1).
CREATE UNIQUE INDEX entries_running ON entries (account_id, person_id) WHERE ended_at IS NULL;
CREATE INDEX entries_start ON entries (account_id, person_id, started_at);
CREATE INDEX entries_task ON entries (account_id, task_id) WHERE task_id IS NOT NULL;

-- How the time of entries falls on the days of their zones: what sheets and reports add up.
CREATE TABLE entry_days (
    account_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    day INTEGER NOT NULL,
    entry_id INTEGER NOT NULL,
    task_id INTEGER,
    billable INTEGER NOT NULL CHECK (billable IN (0, 1)),
    seconds INTEGER NOT NULL CHECK (seconds >= 0),
    PRIMARY KEY (account_id, person_id, day, entry_id),
    FOREIGN KEY (account_id, entry_id) REFERENCES entries (account_id, entry_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX entry_days_entry ON entry_days (account_id, entry_id);

CREATE TABLE tags (
    account_id INTEGER NOT NULL REFERENCES accounts (account_id),
    tag_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    tag_key TEXT NOT NULL,
    PRIMARY KEY (account_id, tag_id),
    UNIQUE (account_id, tag_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE entry_tags (
    account_id INTEGER NOT NULL,
    entry_id INTEGER NOT NULL,
    tag_id INTEGER NOT NULL,
    PRIMARY KEY (account_id, entry_id, tag_id),
    FOREIGN KEY (account_id, entry_id) REFERENCES entries (account_id, entry_id),
    FOREIGN KEY (account_id, tag_id) REFERENCES tags (account_id, tag_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX entry_tags_tag ON entry_tags (account_id, tag_id, entry_id);

-- Who did what to whose time (E3). It has the number of its change.
CREATE TABLE audit (
    account_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    -- The first number of what was done at once: what is taken back at once. No other number comes between.
    step INTEGER NOT NULL,
    entry_id INTEGER NOT NULL,
    action TEXT NOT NULL CHECK (action = 'created' OR action = 'changed' OR action = 'deleted'),
    by_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    -- JSON of what it was before and is after; nothing where there was or is none.
    before TEXT,
    after TEXT,
    PRIMARY KEY (account_id, number),
    FOREIGN KEY (account_id, by_id) REFERENCES people (account_id, person_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX audit_entry ON audit (account_id, entry_id, number);

-- When the last assignment of a person on a task ended, for what a device tells later (E7).
CREATE TABLE access_ended (
    account_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    task_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (account_id, person_id, task_id),
    FOREIGN KEY (account_id, person_id) REFERENCES people (account_id, person_id)
) STRICT, WITHOUT ROWID;

-- The same with more subjects, and whose it is where only they and who manages hear of it.
CREATE TABLE changes_3 (
    account_id INTEGER NOT NULL REFERENCES accounts (account_id),
    number INTEGER NOT NULL,
    -- Not with IN, for which the engine makes a table each time.
    subject TEXT NOT NULL CHECK (
        subject = 'entry' OR subject = 'task' OR subject = 'assignments' OR subject = 'person' OR subject = 'access' OR subject = 'tags'
        OR subject = 'run' OR subject = 'integration' OR subject = 'invitation' OR subject = 'account'
    ),
    subject_id INTEGER,
    person_id INTEGER,
    by_id INTEGER,
    at INTEGER NOT NULL,
    PRIMARY KEY (account_id, number),
    FOREIGN KEY (account_id, by_id) REFERENCES people (account_id, person_id),
    CHECK ((subject = 'account' OR subject = 'integration' OR subject = 'tags') = (subject_id IS NULL)),
    CHECK ((subject = 'entry') = (person_id IS NOT NULL))
) STRICT, WITHOUT ROWID;

INSERT INTO changes_3 (account_id, number, subject, subject_id, by_id, at)
    SELECT account_id, number, subject, subject_id, by_id, at FROM changes;
DROP TABLE changes;
ALTER TABLE changes_3 RENAME TO changes;

PRAGMA user_version = 3;
