//! One statement for many rows, and rows by column name.

use cairn_store::{Bulk, Value, both, on, rows};
use uuid::Uuid;

rows! {
    /// A row with a column of each kind.
    #[derive(Clone, PartialEq)]
    pub(crate) struct Wide {
        pub(crate) id: i64,
        name: Option<String>,
        body: Option<Vec<u8>>,
        shown: Option<bool>,
        who: Option<Uuid>,
        share: Option<f64>,
        constant: i64,
    }
}

const TABLE: &str =
    "create table wide (share double precision, id bigint not null primary key, name text, body bytea,
    shown boolean, who uuid, constant bigint not null)";

const UPSERT: &str =
    "insert into wide (id, name, body, shown, who, share, constant) values ($1, $2, $3, $4, $5, $6, 7)
    on conflict (id) do update set name = excluded.name, body = excluded.body";

fn row(id: i64, name: &str) -> Vec<Value> {
    let who = Uuid::from_u128(id.unsigned_abs().into());
    vec![id.into(), name.into(), vec![0_u8, 255].into(), (id % 2 == 0).into(), who.into(), 0.25.into()]
}

both!(many_rows_are_written_and_written_over, |t| {
    let bulk = Bulk::new(UPSERT);
    let mut tx = t.db.begin().await.unwrap();
    on!(tx, |c| sqlx::query(TABLE).execute(&mut *c).await.map(drop)).unwrap();
    // every chunk size is needed: 2 × 1000, 3 × 100, 4 × 10, 5
    let many: Vec<_> = (0..2_345).map(|id| row(id, "first")).collect();
    assert_eq!(bulk.rows(&mut tx, &many).await.unwrap(), 2_345);
    assert_eq!(bulk.rows(&mut tx, &[row(7, "second"), row(-1, "new")]).await.unwrap(), 2);
    let nulls = vec![
        99_999_i64.into(),
        Value::Text(None),
        Value::Bytes(None),
        Value::Bool(None),
        Value::Uuid(None),
        Value::Float(None),
    ];
    bulk.rows(&mut tx, &[nulls]).await.unwrap();
    assert_eq!(bulk.rows(&mut tx, &[]).await.unwrap(), 0);
    tx.commit().await.unwrap();

    let mut conn = t.db.read().await.unwrap();
    let sql = "select * from wide order by id";
    let all: Vec<Wide> = on!(conn, |c| sqlx::query_as(sql).fetch_all(&mut *c).await).unwrap();
    assert_eq!(all.len(), 2_347);
    let seventh = Wide {
        id: 7,
        name: Some("second".into()),
        body: Some(vec![0, 255]),
        shown: Some(false),
        who: Some(Uuid::from_u128(7)),
        share: Some(0.25),
        constant: 7,
    };
    assert!(all[8] == seventh, "{:?}", all[8]);
    let empty = Wide { id: 99_999, name: None, body: None, shown: None, who: None, share: None, constant: 7 };
    assert!(all[2_346] == empty, "{:?}", all[2_346]);
});

both!(a_failed_bulk_fails_its_transaction, |t| {
    let bulk = Bulk::new("insert into wide (id) values ($1)");
    let mut tx = t.db.begin().await.unwrap();
    assert!(bulk.rows(&mut tx, &[vec![1_i64.into()]]).await.is_err());
    assert!(tx.commit().await.is_err());
});
