use super::*;

fn migrated() -> Connection {
    let mut connection = Connection::open_in_memory().unwrap();
    up(&mut connection, &all()).unwrap();
    connection
}

#[test]
fn released_migrations_are_never_edited() {
    let known: Vec<String> = all().iter().map(|it| format!("V{}__{} {:016x}", it.version(), it.name(), it.checksum())).collect();
    insta::assert_snapshot!(known.join("\n"), @r"
    V1__initial 65a066ddcb0719cb
    V2__sign_in 3bf5e05b0a42ae4a
    V3__time a0ca73b2e2db0160
    ");
}

#[test]
fn the_newest_migration_is_known_without_reading_any() {
    assert_eq!(NEWEST, newest(&all()));
}

#[test]
fn the_schema_is_what_the_migrations_make_it() {
    let schema = migrated()
        .all("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND tbl_name <> ?1 ORDER BY name", [HISTORY], |row| {
            Ok(row.get::<_, String>(0)?)
        })
        .unwrap();
    insta::assert_snapshot!("schema", schema.join(";\n"));
}

#[test]
fn each_migration_ends_with_its_version() {
    for migration in all() {
        let ending = format!("PRAGMA user_version = {};", migration.version());
        assert!(migration.sql().unwrap().trim_end().ends_with(&ending), "{}", migration.name());
    }
}

#[test] // A1
fn every_key_and_every_reference_leads_with_the_account() {
    let db = migrated();
    let tables = db
        .all("SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite%'", [], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, bool>(1)?))
        })
        .unwrap();
    let ours: Vec<_> = tables.into_iter().filter(|(name, _)| name != HISTORY && name != "meta").collect();
    assert!(ours.len() > 10);
    let first = |sql: &str, table: &str| db.all(sql, [table], |row| Ok(row.get::<_, String>(0)?)).unwrap();
    for (table, strict) in ours {
        assert!(strict, "{table}");
        let key = first("SELECT name FROM pragma_table_info(?1) WHERE pk = 1", &table);
        // Whoever comes with a secret says no account: the secret tells it. Nothing else is found by so much as a guess.
        let leads = if table == "secrets" { "hash" } else { "account_id" };
        assert_eq!(key, [leads], "the key of {table}");
        for column in first("SELECT \"from\" FROM pragma_foreign_key_list(?1) WHERE seq = 0", &table) {
            assert_eq!(column, "account_id", "a reference of {table}");
        }
        let indexed = "SELECT i.name FROM pragma_index_list(?1) l, pragma_index_info(l.name) i
                       WHERE i.seqno = 0 AND l.origin <> 'pk'";
        for column in first(indexed, &table) {
            assert_eq!(column, "account_id", "an index of {table}");
        }
    }
}
