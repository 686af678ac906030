-- A database as version 0.1.0 left it: two accounts with people, trees, runs, a run that waits for a yes, one under way, and
-- pages that were read. It is never made anew: what is tested with it is that what is out there can still be opened.

PRAGMA foreign_keys = OFF;
BEGIN TRANSACTION;
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
INSERT INTO "accounts" VALUES(1,'Ours','Europe/Berlin',5,17,4,4,41,33);
INSERT INTO "accounts" VALUES(2,'Theirs','Europe/Berlin',6,15,5,5,25,18);
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
INSERT INTO "assignments" VALUES(1,5,2,1795523640000000,NULL,NULL,NULL,0,0,0);
INSERT INTO "assignments" VALUES(1,6,1,NULL,NULL,1795523460000000,1,0,0,0);
INSERT INTO "assignments" VALUES(1,6,2,NULL,NULL,NULL,NULL,1,0,0);
INSERT INTO "assignments" VALUES(1,6,4,NULL,NULL,1795523460000000,1,0,0,0);
INSERT INTO "assignments" VALUES(1,6,5,NULL,NULL,1795523460000000,1,0,0,0);
INSERT INTO "assignments" VALUES(1,7,5,NULL,NULL,1795523460000000,1,0,0,0);
INSERT INTO "assignments" VALUES(1,12,4,NULL,NULL,1795522560000000,1,0,0,0);
INSERT INTO "assignments" VALUES(2,5,1,1795521660000000,NULL,NULL,NULL,0,0,0);
INSERT INTO "assignments" VALUES(2,6,1,1795521780000000,1,NULL,NULL,0,0,0);
INSERT INTO "assignments" VALUES(2,6,2,1795521780000000,1,NULL,NULL,0,0,0);
INSERT INTO "assignments" VALUES(2,6,6,1795521840000000,NULL,NULL,NULL,0,0,0);
INSERT INTO "assignments" VALUES(2,7,3,1795521780000000,1,NULL,NULL,0,0,0);
INSERT INTO "assignments" VALUES(2,7,6,1795521840000000,NULL,NULL,NULL,0,0,0);
INSERT INTO "assignments" VALUES(2,15,6,NULL,NULL,1795521840000000,1,0,0,0);
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
INSERT INTO "changes" VALUES(1,1,'account',NULL,1,1795521600000000);
INSERT INTO "changes" VALUES(1,2,'person',1,1,1795521600000000);
INSERT INTO "changes" VALUES(1,3,'person',2,1,1795521600000000);
INSERT INTO "changes" VALUES(1,4,'person',3,1,1795521600000000);
INSERT INTO "changes" VALUES(1,5,'person',4,1,1795521600000000);
INSERT INTO "changes" VALUES(1,6,'task',1,1,1795521600000000);
INSERT INTO "changes" VALUES(1,7,'task',2,1,1795521600000000);
INSERT INTO "changes" VALUES(1,8,'task',3,1,1795521600000000);
INSERT INTO "changes" VALUES(1,9,'task',4,1,1795521600000000);
INSERT INTO "changes" VALUES(1,10,'integration',NULL,1,1795521660000000);
INSERT INTO "changes" VALUES(1,11,'integration',NULL,1,1795521720000000);
INSERT INTO "changes" VALUES(1,12,'run',1,1,1795521780000000);
INSERT INTO "changes" VALUES(1,13,'run',1,1,1795521780000000);
INSERT INTO "changes" VALUES(1,14,'person',5,1,1795522260000000);
INSERT INTO "changes" VALUES(1,15,'person',2,1,1795522320000000);
INSERT INTO "changes" VALUES(1,16,'person',3,1,1795522380000000);
INSERT INTO "changes" VALUES(1,17,'person',1,2,1795522440000000);
INSERT INTO "changes" VALUES(1,18,'person',1,2,1795522500000000);
INSERT INTO "changes" VALUES(1,19,'assignments',12,1,1795522560000000);
INSERT INTO "changes" VALUES(1,20,'assignments',6,1,1795522620000000);
INSERT INTO "changes" VALUES(1,21,'task',14,1,1795522680000000);
INSERT INTO "changes" VALUES(1,22,'task',3,1,1795522740000000);
INSERT INTO "changes" VALUES(1,23,'task',3,1,1795522800000000);
INSERT INTO "changes" VALUES(1,24,'task',4,1,1795522860000000);
INSERT INTO "changes" VALUES(1,25,'task',3,1,1795522920000000);
INSERT INTO "changes" VALUES(1,26,'task',2,1,1795522980000000);
INSERT INTO "changes" VALUES(1,27,'integration',NULL,1,1795523040000000);
INSERT INTO "changes" VALUES(1,28,'integration',NULL,1,1795523100000000);
INSERT INTO "changes" VALUES(1,29,'run',2,1,1795523160000000);
INSERT INTO "changes" VALUES(1,30,'run',2,1,1795523160000000);
INSERT INTO "changes" VALUES(1,31,'run',3,1,1795523220000000);
INSERT INTO "changes" VALUES(1,32,'run',3,1,1795523280000000);
INSERT INTO "changes" VALUES(1,33,'run',3,1,1795522800000000);
INSERT INTO "changes" VALUES(1,34,'run',4,1,1795523340000000);
INSERT INTO "changes" VALUES(1,35,'run',4,NULL,1795523400000000);
INSERT INTO "changes" VALUES(1,36,'assignments',6,1,1795523460000000);
INSERT INTO "changes" VALUES(1,37,'assignments',7,1,1795523460000000);
INSERT INTO "changes" VALUES(1,38,'integration',NULL,1,1795523520000000);
INSERT INTO "changes" VALUES(1,39,'integration',NULL,1,1795523580000000);
INSERT INTO "changes" VALUES(1,40,'integration',NULL,2,1795523640000000);
INSERT INTO "changes" VALUES(1,41,'task',1,1,1795523700000000);
INSERT INTO "changes" VALUES(2,1,'account',NULL,1,1795521600000000);
INSERT INTO "changes" VALUES(2,2,'person',1,1,1795521600000000);
INSERT INTO "changes" VALUES(2,3,'person',2,1,1795521600000000);
INSERT INTO "changes" VALUES(2,4,'person',3,1,1795521600000000);
INSERT INTO "changes" VALUES(2,5,'person',4,1,1795521600000000);
INSERT INTO "changes" VALUES(2,6,'task',1,1,1795521600000000);
INSERT INTO "changes" VALUES(2,7,'task',2,1,1795521600000000);
INSERT INTO "changes" VALUES(2,8,'task',3,1,1795521600000000);
INSERT INTO "changes" VALUES(2,9,'task',4,1,1795521600000000);
INSERT INTO "changes" VALUES(2,10,'integration',NULL,1,1795521660000000);
INSERT INTO "changes" VALUES(2,11,'integration',NULL,1,1795521720000000);
INSERT INTO "changes" VALUES(2,12,'run',1,1,1795521780000000);
INSERT INTO "changes" VALUES(2,13,'run',1,1,1795521780000000);
INSERT INTO "changes" VALUES(2,14,'person',5,1,1795521840000000);
INSERT INTO "changes" VALUES(2,15,'person',6,1,1795521840000000);
INSERT INTO "changes" VALUES(2,16,'task',14,1,1795521840000000);
INSERT INTO "changes" VALUES(2,17,'task',15,1,1795521840000000);
INSERT INTO "changes" VALUES(2,18,'assignments',15,1,1795521840000000);
INSERT INTO "changes" VALUES(2,19,'run',2,1,1795521900000000);
INSERT INTO "changes" VALUES(2,20,'run',2,1,1795521900000000);
INSERT INTO "changes" VALUES(2,21,'run',3,1,1795521960000000);
INSERT INTO "changes" VALUES(2,22,'run',3,1,1795521960000000);
INSERT INTO "changes" VALUES(2,23,'run',4,1,1795522020000000);
INSERT INTO "changes" VALUES(2,24,'run',4,1,1795522080000000);
INSERT INTO "changes" VALUES(2,25,'run',5,1,1795523760000000);
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
INSERT INTO "integrations" VALUES(1,1,2,'{"id":9,"name":"ada","email":"ada@toggl.test"}',0,'{"only":[100]}','{"private_projects":"leave-out","schedule":30}',1795523160000000,NULL);
INSERT INTO "integrations" VALUES(2,1,1,'{"id":9,"name":"ada","email":"ada@toggl.test"}',0,'"all"','{"private_projects":"keep","schedule":null}',1795521900000000,NULL);
CREATE TABLE leases (
    account_id INTEGER PRIMARY KEY REFERENCES accounts (account_id),
    run_id INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    -- JSON.
    holder TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    FOREIGN KEY (account_id, run_id) REFERENCES runs (account_id, run_id)
) STRICT;
INSERT INTO "leases" VALUES(2,5,5,'{"machine":"here","process":4711,"started":17}',1795523820000000);
CREATE TABLE members (
    account_id INTEGER NOT NULL REFERENCES accounts (account_id),
    workspace_id INTEGER NOT NULL,
    email_key TEXT NOT NULL,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    joined INTEGER NOT NULL CHECK (joined IN (0, 1)),
    PRIMARY KEY (account_id, workspace_id, email_key)
) STRICT, WITHOUT ROWID;
INSERT INTO "members" VALUES(1,100,'ada@tally.test','ada@tally.test','ada in Toggl',1);
INSERT INTO "members" VALUES(1,100,'dee@tally.test','dee@tally.test','dee in Toggl',1);
INSERT INTO "members" VALUES(1,100,'fay@tally.test','fay@tally.test','fay in Toggl',1);
INSERT INTO "members" VALUES(1,100,'gil@tally.test','gil@tally.test','gil in Toggl',0);
INSERT INTO "members" VALUES(1,200,'cem@tally.test','cem@tally.test','cem in Toggl',1);
INSERT INTO "members" VALUES(1,200,'fay@tally.test','fay@tally.test','fay in Toggl',1);
INSERT INTO "members" VALUES(2,100,'ada@tally.test','ada@tally.test','ada in Toggl',1);
INSERT INTO "members" VALUES(2,100,'bea@tally.test','bea@tally.test','bea in Toggl',1);
INSERT INTO "members" VALUES(2,100,'fay@tally.test','fay@tally.test','fay in Toggl',1);
INSERT INTO "members" VALUES(2,100,'gil@tally.test','gil@tally.test','gil in Toggl',0);
INSERT INTO "members" VALUES(2,200,'cem@tally.test','cem@tally.test','cem in Toggl',1);
INSERT INTO "members" VALUES(2,200,'fay@tally.test','fay@tally.test','fay in Toggl',1);
CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "meta" VALUES('sort_key_version',1);
INSERT INTO "meta" VALUES('token_in_log',1);
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
INSERT INTO "people" VALUES(1,1,'ada@tally.test','ada@tally.test','ada','administrator',1,NULL);
INSERT INTO "people" VALUES(1,2,'bea@tally.test','bea@tally.test','bea','administrator',1,NULL);
INSERT INTO "people" VALUES(1,3,'cem2@tally.test','cem2@tally.test','cem','member',1,NULL);
INSERT INTO "people" VALUES(1,4,'dee@tally.test','dee@tally.test','dee','member',1,NULL);
INSERT INTO "people" VALUES(1,5,'fay@tally.test','fay@tally.test','fay','administrator',1,NULL);
INSERT INTO "people" VALUES(2,1,'ada@tally.test','ada@tally.test','ada','administrator',1,NULL);
INSERT INTO "people" VALUES(2,2,'bea@tally.test','bea@tally.test','bea','manager',1,NULL);
INSERT INTO "people" VALUES(2,3,'cem@tally.test','cem@tally.test','cem','member',1,NULL);
INSERT INTO "people" VALUES(2,4,'dee@tally.test','dee@tally.test','dee','member',1,NULL);
INSERT INTO "people" VALUES(2,5,'eve@tally.test','eve@tally.test','eve','member',1,NULL);
INSERT INTO "people" VALUES(2,6,'fay@tally.test','fay@tally.test','fay','member',1,NULL);
CREATE TABLE refinery_schema_history(
             version int4 PRIMARY KEY,
             name VARCHAR(255),
             applied_on VARCHAR(255),
             checksum VARCHAR(255));
INSERT INTO "refinery_schema_history" VALUES(1,'initial','2026-11-24T19:18:03.740970674Z','7322966096884472267');
CREATE TABLE run_item_tasks (
    account_id INTEGER NOT NULL,
    task_id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (account_id, task_id, run_id, number)
) STRICT, WITHOUT ROWID;
INSERT INTO "run_item_tasks" VALUES(1,6,1,9);
INSERT INTO "run_item_tasks" VALUES(1,6,1,10);
INSERT INTO "run_item_tasks" VALUES(1,6,2,12);
INSERT INTO "run_item_tasks" VALUES(1,6,3,10);
INSERT INTO "run_item_tasks" VALUES(1,7,1,11);
INSERT INTO "run_item_tasks" VALUES(1,7,2,4);
INSERT INTO "run_item_tasks" VALUES(1,9,2,5);
INSERT INTO "run_item_tasks" VALUES(1,9,2,6);
INSERT INTO "run_item_tasks" VALUES(1,9,2,7);
INSERT INTO "run_item_tasks" VALUES(1,9,3,1);
INSERT INTO "run_item_tasks" VALUES(1,9,3,2);
INSERT INTO "run_item_tasks" VALUES(1,9,3,3);
INSERT INTO "run_item_tasks" VALUES(1,10,2,8);
INSERT INTO "run_item_tasks" VALUES(1,10,3,4);
INSERT INTO "run_item_tasks" VALUES(1,11,2,9);
INSERT INTO "run_item_tasks" VALUES(1,12,2,10);
INSERT INTO "run_item_tasks" VALUES(1,12,3,5);
INSERT INTO "run_item_tasks" VALUES(1,13,2,11);
INSERT INTO "run_item_tasks" VALUES(1,13,3,6);
INSERT INTO "run_item_tasks" VALUES(1,15,3,7);
INSERT INTO "run_item_tasks" VALUES(1,16,3,8);
INSERT INTO "run_item_tasks" VALUES(1,17,3,9);
INSERT INTO "run_item_tasks" VALUES(2,6,1,9);
INSERT INTO "run_item_tasks" VALUES(2,6,1,10);
INSERT INTO "run_item_tasks" VALUES(2,6,3,10);
INSERT INTO "run_item_tasks" VALUES(2,6,3,11);
INSERT INTO "run_item_tasks" VALUES(2,7,1,11);
INSERT INTO "run_item_tasks" VALUES(2,9,3,4);
INSERT INTO "run_item_tasks" VALUES(2,9,3,5);
INSERT INTO "run_item_tasks" VALUES(2,9,3,6);
INSERT INTO "run_item_tasks" VALUES(2,10,3,7);
INSERT INTO "run_item_tasks" VALUES(2,12,3,8);
INSERT INTO "run_item_tasks" VALUES(2,13,3,9);
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
INSERT INTO "run_items" VALUES(1,1,1,'[{"identity":{"Workspace":100},"path":["Toggl","Northlight"]},{"identity":{"Workspace":200},"path":["Toggl","Southwind"]},{"identity":{"Client":110},"path":["Toggl","Northlight","Harbour"]},{"identity":{"Project":120},"path":["Toggl","Northlight","Harbour","Website"]},{"identity":{"Project":121},"path":["Toggl","Northlight","Internal"]},{"identity":{"Project":220},"path":["Toggl","Southwind","Advice"]},{"identity":{"Task":130},"path":["Toggl","Northlight","Harbour","Website","Draft"]},{"identity":{"Task":5000000131},"path":["Toggl","Northlight","Harbour","Website","Review"]},{"change":"assigned","created":0,"identity":{"Workspace":100},"path":["Toggl","Northlight"],"person":1},{"change":"assigned","created":0,"identity":{"Workspace":100},"path":["Toggl","Northlight"],"person":2},{"change":"assigned","created":1,"identity":{"Workspace":200},"path":["Toggl","Southwind"],"person":3}]');
INSERT INTO "run_items" VALUES(2,1,1,'[{"identity":{"Workspace":100},"path":["Toggl","Northlight"]},{"identity":{"Workspace":200},"path":["Toggl","Southwind"]},{"identity":{"Client":110},"path":["Toggl","Northlight","Harbour"]},{"identity":{"Project":120},"path":["Toggl","Northlight","Harbour","Website"]},{"identity":{"Project":121},"path":["Toggl","Northlight","Internal"]},{"identity":{"Project":220},"path":["Toggl","Southwind","Advice"]},{"identity":{"Task":130},"path":["Toggl","Northlight","Harbour","Website","Draft"]},{"identity":{"Task":5000000131},"path":["Toggl","Northlight","Harbour","Website","Review"]},{"change":"assigned","created":0,"identity":{"Workspace":100},"path":["Toggl","Northlight"],"person":1},{"change":"assigned","created":0,"identity":{"Workspace":100},"path":["Toggl","Northlight"],"person":2},{"change":"assigned","created":1,"identity":{"Workspace":200},"path":["Toggl","Southwind"],"person":3}]');
INSERT INTO "run_items" VALUES(2,3,1,'[{"identity":{"Client":112},"path":["Toggl","Northlight","Spare"]},{"identity":{"Project":123},"path":["Toggl","Northlight","Spare","Fresh"]},{"identity":{"Task":133},"path":["Toggl","Northlight","Spare","Fresh","First"]},{"change":"renamed","task":9,"identity":{"Project":120},"path":["Toggl","Northlight","Spare","Web site 🦀 / \"new\""],"old_name":"Website"},{"change":"moved","task":9,"identity":{"Project":120},"path":["Toggl","Northlight","Spare","Web site 🦀 / \"new\""],"old_path":["Toggl","Northlight","Harbour","Website"]},{"change":"recolored","task":9,"identity":{"Project":120},"path":["Toggl","Northlight","Spare","Web site 🦀 / \"new\""]},{"change":"archived","task":10,"identity":{"Project":121},"path":["Toggl","Northlight","Internal"],"reason":"archived_in_toggl"},{"change":"archived","task":12,"identity":{"Task":130},"path":["Toggl","Northlight","Spare","Web site 🦀 / \"new\"","Draft"],"reason":"deleted_in_toggl"},{"change":"archived","task":13,"identity":{"Task":5000000131},"path":["Toggl","Northlight","Spare","Web site 🦀 / \"new\"","Review"],"reason":"done_in_toggl"},{"change":"assigned","task":6,"identity":{"Workspace":100},"path":["Toggl","Northlight"],"person":4},{"change":"withdrawn","task":6,"identity":{"Workspace":100},"path":["Toggl","Northlight"],"person":2}]');
INSERT INTO "run_items" VALUES(1,2,1,'[{"identity":{"Client":112},"path":["Toggl","Northlight","Spare"]},{"identity":{"Project":123},"path":["Toggl","Northlight","Spare","Fresh"]},{"identity":{"Task":133},"path":["Toggl","Northlight","Spare","Fresh","First"]},{"change":"archived","task":7,"identity":{"Workspace":200},"path":["Toggl","Southwind"],"reason":"deselected"},{"change":"renamed","task":9,"identity":{"Project":120},"path":["Toggl","Northlight","Spare","Web site 🦀 / \"new\""],"old_name":"Website"},{"change":"moved","task":9,"identity":{"Project":120},"path":["Toggl","Northlight","Spare","Web site 🦀 / \"new\""],"old_path":["Toggl","Northlight","Harbour","Website"]},{"change":"recolored","task":9,"identity":{"Project":120},"path":["Toggl","Northlight","Spare","Web site 🦀 / \"new\""]},{"change":"archived","task":10,"identity":{"Project":121},"path":["Toggl","Northlight","Internal"],"reason":"archived_in_toggl"},{"change":"archived","task":11,"identity":{"Project":220},"path":["Toggl","Southwind","Advice"],"reason":"parent_archived"},{"change":"archived","task":12,"identity":{"Task":130},"path":["Toggl","Northlight","Spare","Web site 🦀 / \"new\"","Draft"],"reason":"deleted_in_toggl"},{"change":"archived","task":13,"identity":{"Task":5000000131},"path":["Toggl","Northlight","Spare","Web site 🦀 / \"new\"","Review"],"reason":"done_in_toggl"},{"change":"assigned","task":6,"identity":{"Workspace":100},"path":["Toggl","Northlight"],"person":4}]');
INSERT INTO "run_items" VALUES(1,3,1,'[{"change":"renamed","task":9,"identity":{"Project":120},"path":["Toggl","Northlight","Harbour","Website"],"old_name":"Web site 🦀 / \"new\""},{"change":"moved","task":9,"identity":{"Project":120},"path":["Toggl","Northlight","Harbour","Website"],"old_path":["Toggl","Northlight","Spare","Web site 🦀 / \"new\""]},{"change":"recolored","task":9,"identity":{"Project":120},"path":["Toggl","Northlight","Harbour","Website"]},{"change":"restored","task":10,"identity":{"Project":121},"path":["Toggl","Northlight","Internal"],"old_reason":"archived_in_toggl"},{"change":"restored","task":12,"identity":{"Task":130},"path":["Toggl","Northlight","Harbour","Website","Draft"],"old_reason":"deleted_in_toggl"},{"change":"restored","task":13,"identity":{"Task":5000000131},"path":["Toggl","Northlight","Harbour","Website","Review"],"old_reason":"done_in_toggl"},{"change":"archived","task":15,"identity":{"Client":112},"path":["Toggl","Northlight","Spare"],"reason":"deleted_in_toggl"},{"change":"archived","task":16,"identity":{"Project":123},"path":["Toggl","Northlight","Spare","Fresh"],"reason":"deleted_in_toggl"},{"change":"archived","task":17,"identity":{"Task":133},"path":["Toggl","Northlight","Spare","Fresh","First"],"reason":"deleted_in_toggl"},{"change":"withdrawn","task":6,"identity":{"Workspace":100},"path":["Toggl","Northlight"],"person":4}]');
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
INSERT INTO "runs" VALUES(1,1,'manual',1,1795521780000000,1795521780000000,'succeeded',NULL,7,'{"created":8,"renamed":0,"moved":0,"archived":0,"restored":0,"unchanged":1,"assigned":3,"withdrawn":0}',NULL,NULL,NULL,6,13,'[]','{"lists":[{"list":"projects","workspace":100,"pages":2,"rows":205,"total":205,"read_twice":true}]}');
INSERT INTO "runs" VALUES(1,2,'manual',1,1795523160000000,1795523160000000,'succeeded',NULL,7,'{"created":3,"renamed":1,"moved":1,"archived":5,"restored":0,"unchanged":3,"assigned":1,"withdrawn":0}',NULL,NULL,NULL,15,17,'[]','{"lists":[{"list":"projects","workspace":100,"pages":2,"rows":205,"total":205,"read_twice":true}]}');
INSERT INTO "runs" VALUES(1,3,'manual',1,1795523220000000,1795523280000000,'rejected',NULL,7,'{"created":0,"renamed":1,"moved":1,"archived":3,"restored":3,"unchanged":3,"assigned":0,"withdrawn":1}',NULL,'{"archives":1,"active":9,"overwrites":0}',NULL,NULL,NULL,'[]','{"lists":[{"list":"projects","workspace":100,"pages":2,"rows":205,"total":205,"read_twice":true}]}');
INSERT INTO "runs" VALUES(1,4,'manual',1,1795523340000000,1795523400000000,'cancelled',NULL,0,'{"created":0,"renamed":0,"moved":0,"archived":0,"restored":0,"unchanged":0,"assigned":0,"withdrawn":0}',NULL,NULL,NULL,NULL,NULL,'[]','{"lists":[]}');
INSERT INTO "runs" VALUES(2,1,'manual',1,1795521780000000,1795521780000000,'succeeded',NULL,7,'{"created":8,"renamed":0,"moved":0,"archived":0,"restored":0,"unchanged":1,"assigned":3,"withdrawn":0}',NULL,NULL,NULL,6,13,'[]','{"lists":[{"list":"projects","workspace":100,"pages":2,"rows":205,"total":205,"read_twice":true}]}');
INSERT INTO "runs" VALUES(2,2,'manual',1,1795521900000000,1795521900000000,'succeeded',NULL,7,'{"created":0,"renamed":0,"moved":0,"archived":0,"restored":0,"unchanged":9,"assigned":0,"withdrawn":0}',NULL,NULL,NULL,NULL,NULL,'[]','{"lists":[{"list":"projects","workspace":100,"pages":2,"rows":205,"total":205,"read_twice":true}]}');
INSERT INTO "runs" VALUES(2,3,'manual',1,1795521960000000,1795521960000000,'held',NULL,7,'{"created":3,"renamed":1,"moved":1,"archived":3,"restored":0,"unchanged":5,"assigned":1,"withdrawn":1}',NULL,'{"archives":1,"active":9,"overwrites":0}','{"archived":[],"overwritten":[]}',NULL,NULL,'[]','{"lists":[{"list":"projects","workspace":100,"pages":2,"rows":205,"total":205,"read_twice":true}]}');
INSERT INTO "runs" VALUES(2,4,'manual',1,1795522020000000,1795522080000000,'cancelled',NULL,1,'{"created":0,"renamed":0,"moved":0,"archived":0,"restored":0,"unchanged":0,"assigned":0,"withdrawn":0}',NULL,NULL,NULL,NULL,NULL,'[]','{"lists":[]}');
INSERT INTO "runs" VALUES(2,5,'manual',1,1795523760000000,NULL,'running',NULL,0,'{"created":0,"renamed":0,"moved":0,"archived":0,"restored":0,"unchanged":0,"assigned":0,"withdrawn":0}',NULL,NULL,NULL,NULL,NULL,'[]','{"lists":[]}');
CREATE TABLE staged_parts (
    account_id INTEGER NOT NULL REFERENCES accounts (account_id),
    list TEXT NOT NULL,
    page INTEGER NOT NULL,
    read_at INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (account_id, list, page)
) STRICT;
INSERT INTO "staged_parts" VALUES(2,'projects',1,1795522020000000,X'01');
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
INSERT INTO "tasks" VALUES(1,3,4,'Basin',X'2D2B4F3B450109','basin','native',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "tasks" VALUES(1,4,NULL,'Garden',X'372B4D313345010A','garden','native',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "tasks" VALUES(1,5,NULL,'Toggl',X'51473737410109','toggl','imported','root',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "tasks" VALUES(1,6,5,'Northlight',X'45474D5139413B373951010E','northlight','kept','workspace',100,NULL,NULL,NULL,NULL,1);
INSERT INTO "tasks" VALUES(1,7,5,'Southwind',X'4F47535139573B4531010D','southwind','kept','workspace',200,NULL,NULL,'deselected',1795523160000000,2);
INSERT INTO "tasks" VALUES(1,8,6,'Harbour',X'392B4D2D47534D010B','harbour','kept','client',110,NULL,NULL,NULL,NULL,1);
INSERT INTO "tasks" VALUES(1,9,15,'Web site 🦀 / "new"',X'57332D044F3B5133040D454E040A8C04097645335709760116','web site 🦀 / "new"','kept','project',120,'#c7741c',NULL,NULL,NULL,2);
INSERT INTO "tasks" VALUES(1,10,6,'Internal',X'3B4551334D452B41010C','internal','kept','project',121,NULL,NULL,'archived_in_toggl',1795523160000000,2);
INSERT INTO "tasks" VALUES(1,11,7,'Advice',X'2B31553B2F33010A','advice','kept','project',220,NULL,NULL,'parent_archived',1795523160000000,2);
INSERT INTO "tasks" VALUES(1,12,9,'Draft',X'314D2B35510109','draft','kept','task',130,NULL,NULL,'deleted_in_toggl',1795523160000000,2);
INSERT INTO "tasks" VALUES(1,13,9,'Review',X'4D33553B3357010A','review','kept','task',5000000131,NULL,NULL,'done_in_toggl',1795523160000000,2);
INSERT INTO "tasks" VALUES(1,14,4,'Shed',X'4F3933310108','shed','native',NULL,NULL,NULL,NULL,'archived_here',1795522860000000,NULL);
INSERT INTO "tasks" VALUES(1,15,6,'Spare',X'4F492B4D330109','spare','kept','client',112,NULL,NULL,NULL,NULL,2);
INSERT INTO "tasks" VALUES(1,16,15,'Fresh',X'354D334F390109','fresh','kept','project',123,NULL,NULL,NULL,NULL,2);
INSERT INTO "tasks" VALUES(1,17,16,'First',X'353B4D4F510109','first','kept','task',133,NULL,NULL,NULL,NULL,2);
INSERT INTO "tasks" VALUES(2,1,NULL,'House',X'3947534F330109','house','native',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "tasks" VALUES(2,2,1,'Kitchen',X'3F3B512F393345010B','kitchen','native',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "tasks" VALUES(2,3,2,'Sink',X'4F3B453F0108','sink','native',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "tasks" VALUES(2,4,NULL,'Garden',X'372B4D313345010A','garden','native',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "tasks" VALUES(2,5,NULL,'Toggl',X'51473737410109','toggl','imported','root',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "tasks" VALUES(2,6,5,'Northlight',X'45474D5139413B373951010E','northlight','imported','workspace',100,NULL,NULL,NULL,NULL,1);
INSERT INTO "tasks" VALUES(2,7,5,'Southwind',X'4F47535139573B4531010D','southwind','imported','workspace',200,NULL,NULL,NULL,NULL,1);
INSERT INTO "tasks" VALUES(2,8,6,'Harbour',X'392B4D2D47534D010B','harbour','imported','client',110,NULL,NULL,NULL,NULL,1);
INSERT INTO "tasks" VALUES(2,9,8,'Website',X'57332D4F3B5133010B','website','imported','project',120,'#0b83d9',1,NULL,NULL,1);
INSERT INTO "tasks" VALUES(2,10,6,'Internal',X'3B4551334D452B41010C','internal','imported','project',121,NULL,NULL,NULL,NULL,1);
INSERT INTO "tasks" VALUES(2,11,7,'Advice',X'2B31553B2F33010A','advice','imported','project',220,NULL,NULL,NULL,NULL,1);
INSERT INTO "tasks" VALUES(2,12,9,'Draft',X'314D2B35510109','draft','imported','task',130,NULL,NULL,NULL,NULL,1);
INSERT INTO "tasks" VALUES(2,13,9,'Review',X'4D33553B3357010A','review','imported','task',5000000131,NULL,NULL,NULL,NULL,1);
INSERT INTO "tasks" VALUES(2,14,NULL,'Secret',X'4F332F4D3351010A','secret','native',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "tasks" VALUES(2,15,14,'Secret too',X'4F332F4D335104514747010E','secret too','native',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE tokens (
    account_id INTEGER PRIMARY KEY REFERENCES integrations (account_id),
    sealed BLOB NOT NULL
) STRICT;
INSERT INTO "tokens" VALUES(1,X'017365616C6564');
INSERT INTO "tokens" VALUES(2,X'017365616C6564');
CREATE TABLE workspaces (
    account_id INTEGER NOT NULL REFERENCES accounts (account_id),
    external_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (account_id, external_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "workspaces" VALUES(1,100,'Northlight');
INSERT INTO "workspaces" VALUES(1,200,'Southwind');
INSERT INTO "workspaces" VALUES(2,100,'Northlight');
INSERT INTO "workspaces" VALUES(2,200,'Southwind');
CREATE INDEX tasks_parent ON tasks (account_id, parent_id);
CREATE UNIQUE INDEX tasks_identity ON tasks (account_id, kind, coalesce(external_id, 0)) WHERE kind IS NOT NULL;
CREATE INDEX assignments_person ON assignments (account_id, person_id);
CREATE INDEX runs_created ON runs (account_id, first_created) WHERE first_created IS NOT NULL;
CREATE INDEX runs_held ON runs (account_id, run_id) WHERE outcome = 'held';
COMMIT;
PRAGMA application_id = 0x544c5950;
PRAGMA user_version = 1;
