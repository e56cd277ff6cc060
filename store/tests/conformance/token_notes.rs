//! What accounts call their tokens.

use cairn_store::both;
use cairn_store::vault::{self, TokenNoteRow};
use uuid::Uuid;

fn note(token: u128, account: u128, note: &str) -> TokenNoteRow {
    let (token_id, account_id) = (Uuid::from_u128(token), Uuid::from_u128(account));
    TokenNoteRow { token_id, account_id, note: note.into() }
}

both!(notes_are_kept_for_tokens_and_forgotten_alone_or_with_their_account, |t| {
    let mut tx = t.db.begin().await.unwrap();
    for row in [note(1, 7, "first"), note(2, 7, "second"), note(3, 8, "third"), note(1, 7, "better")] {
        vault::put_token_note(&mut tx, &row).await.unwrap();
    }
    let ids = [1, 2, 3, 4].map(Uuid::from_u128);
    let mut found = vault::token_notes(&mut tx, &ids).await.unwrap();
    found.sort_by_key(|row| row.token_id);
    assert_eq!(found, [note(1, 7, "better"), note(2, 7, "second"), note(3, 8, "third")]);
    assert!(!format!("{found:?}").contains("better"), "a log line must not show it");

    vault::erase_token_note(&mut tx, Uuid::from_u128(2)).await.unwrap();
    assert_eq!(vault::token_notes(&mut tx, &ids[1..2]).await.unwrap(), []);
    vault::erase_token_notes_of(&mut tx, Uuid::from_u128(7)).await.unwrap();
    assert_eq!(vault::token_notes(&mut tx, &ids).await.unwrap(), [note(3, 8, "third")]);
});
