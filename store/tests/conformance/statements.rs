//! How many statements a piece of work sends.

use cairn_store::statements::counted;
use cairn_store::{both, on, sqlx};

both!(statements_are_counted_where_somebody_counts, |t| {
    let ask = async || {
        let mut conn = t.db.read().await.unwrap();
        let sql = include_str!("../../sql/last_event.sql");
        let _: Option<(i64, i64)> = on!(conn, |c| sqlx::query_as(sql).fetch_optional(&mut *c).await).unwrap();
    };
    ask().await;
    let ((inner, within), all) = Box::pin(counted(async {
        ask().await;
        Box::pin(counted(async {
            ask().await;
            ask().await;
            7
        }))
        .await
    }))
    .await;
    assert_eq!((inner, within, all), (7, 2, 3));
});
