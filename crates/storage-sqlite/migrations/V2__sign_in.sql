-- People sign in, are invited, and get mail.

ALTER TABLE accounts ADD COLUMN week_start INTEGER NOT NULL DEFAULT 1 CHECK (week_start BETWEEN 1 AND 7);
-- Sessions, tokens and links are counted together.
ALTER TABLE accounts ADD COLUMN last_secret INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN last_invitation INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN last_mail INTEGER NOT NULL DEFAULT 0;

-- Their own, where they set one (E5).
ALTER TABLE people ADD COLUMN zone TEXT;
ALTER TABLE people ADD COLUMN week_start INTEGER CHECK (week_start BETWEEN 1 AND 7);

-- What a schedule counts from, and the last scheduled run of which administrators were told (I4, I14).
ALTER TABLE integrations ADD COLUMN schedule_since INTEGER NOT NULL DEFAULT 0;
ALTER TABLE integrations ADD COLUMN told_run INTEGER;

UPDATE integrations SET schedule_since = coalesce(
    (SELECT max(at) FROM changes WHERE changes.account_id = integrations.account_id AND subject = 'integration'), 0
);

-- Where a secret leads. The one table that is asked without an account, since the secret is all that somebody comes with.
CREATE TABLE secrets (
    hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
    account_id INTEGER NOT NULL REFERENCES accounts (account_id),
    kind TEXT NOT NULL CHECK (kind IN ('session', 'token', 'link', 'invitation')),
    id INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One works at a time.
CREATE UNIQUE INDEX secrets_of ON secrets (account_id, kind, id);

-- A session that ended has no row any more.
CREATE TABLE sessions (
    account_id INTEGER NOT NULL,
    session_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    client TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, session_id),
    FOREIGN KEY (account_id, person_id) REFERENCES people (account_id, person_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_person ON sessions (account_id, person_id);

CREATE TABLE api_tokens (
    account_id INTEGER NOT NULL,
    token_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    scope TEXT NOT NULL CHECK (scope IN ('read', 'track', 'manage', 'admin')),
    created_at INTEGER NOT NULL,
    used_at INTEGER,
    expires_at INTEGER,
    revoked_at INTEGER,
    PRIMARY KEY (account_id, token_id),
    FOREIGN KEY (account_id, person_id) REFERENCES people (account_id, person_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX api_tokens_person ON api_tokens (account_id, person_id);

-- A link that was used or replaced has no row any more. One whose mail has not left has no secret yet, nor an end.
CREATE TABLE links (
    account_id INTEGER NOT NULL,
    link_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    purpose TEXT NOT NULL CHECK (purpose IN ('reset', 'email')),
    email TEXT,
    made_by INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    expires_at INTEGER,
    PRIMARY KEY (account_id, link_id),
    UNIQUE (account_id, person_id, purpose),
    FOREIGN KEY (account_id, person_id) REFERENCES people (account_id, person_id),
    FOREIGN KEY (account_id, made_by) REFERENCES people (account_id, person_id),
    CHECK ((purpose = 'email') = (email IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE invitations (
    account_id INTEGER NOT NULL,
    invitation_id INTEGER NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('administrator', 'manager', 'member')),
    invited_by INTEGER NOT NULL,
    invited_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'revoked')),
    expires_at INTEGER,
    -- Whom it made.
    person_id INTEGER,
    -- The mail that brings its link: an earlier one that still waits leaves no more.
    mail_id INTEGER,
    PRIMARY KEY (account_id, invitation_id),
    FOREIGN KEY (account_id, invited_by) REFERENCES people (account_id, person_id),
    FOREIGN KEY (account_id, person_id) REFERENCES people (account_id, person_id),
    FOREIGN KEY (account_id, mail_id) REFERENCES outbox (account_id, mail_id),
    CHECK ((state = 'accepted') = (person_id IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX invitations_email ON invitations (account_id, email_key);
CREATE INDEX invitations_mail ON invitations (account_id, mail_id);

-- What is to leave, and what became of it (N3). What stands in a mail is made when it leaves.
CREATE TABLE outbox (
    account_id INTEGER NOT NULL,
    mail_id INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('invitation', 'reset', 'email', 'held', 'failing')),
    -- To whom, where it is somebody here; else the invitation says it.
    person_id INTEGER,
    invitation_id INTEGER,
    link_id INTEGER,
    run_id INTEGER,
    state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'possibly_sent', 'failed', 'withheld')),
    tries INTEGER NOT NULL DEFAULT 0,
    queued_at INTEGER NOT NULL,
    due_at INTEGER,
    claimed_at INTEGER,
    ended_at INTEGER,
    -- What the mail server said last.
    problem TEXT,
    PRIMARY KEY (account_id, mail_id),
    FOREIGN KEY (account_id, person_id) REFERENCES people (account_id, person_id),
    FOREIGN KEY (account_id, invitation_id) REFERENCES invitations (account_id, invitation_id),
    FOREIGN KEY (account_id, run_id) REFERENCES runs (account_id, run_id),
    CHECK ((kind = 'invitation') = (invitation_id IS NOT NULL)),
    CHECK ((kind IN ('held', 'failing')) = (run_id IS NOT NULL)),
    CHECK ((state = 'queued') = (due_at IS NOT NULL)),
    CHECK ((state = 'sending') = (claimed_at IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX outbox_waiting ON outbox (account_id, due_at) WHERE state = 'queued';
CREATE INDEX outbox_sending ON outbox (account_id, claimed_at) WHERE state = 'sending';

-- Answers to be given again (E7).
CREATE TABLE replays (
    account_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    request BLOB NOT NULL,
    answer BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (account_id, person_id, key),
    FOREIGN KEY (account_id, person_id) REFERENCES people (account_id, person_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX replays_at ON replays (account_id, at);

-- The same with more subjects.
CREATE TABLE changes_2 (
    account_id INTEGER NOT NULL REFERENCES accounts (account_id),
    number INTEGER NOT NULL,
    subject TEXT NOT NULL CHECK (
        subject IN ('account', 'person', 'access', 'task', 'assignments', 'integration', 'run', 'invitation')
    ),
    subject_id INTEGER,
    by_id INTEGER,
    at INTEGER NOT NULL,
    PRIMARY KEY (account_id, number),
    FOREIGN KEY (account_id, by_id) REFERENCES people (account_id, person_id),
    CHECK ((subject IN ('account', 'integration')) = (subject_id IS NULL))
) STRICT, WITHOUT ROWID;

INSERT INTO changes_2 SELECT account_id, number, subject, subject_id, by_id, at FROM changes;
DROP TABLE changes;
ALTER TABLE changes_2 RENAME TO changes;

PRAGMA user_version = 2;
