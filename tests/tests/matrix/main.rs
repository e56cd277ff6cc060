//! Who may do what: one table, and every role tries every deed at every door to see that the table is true.
//!
//! `table.txt` is the policy. `deeds.rs` says how each deed is done at each door. A deed is tried on a plugin of its own,
//! so that no attempt sees what another did. A mutation of the schema or a command that has no row fails a test here.

#![expect(clippy::unwrap_used, reason = "what helps a story fails as the story does")]

mod complete;
mod deeds;
mod doors;
mod people;
mod role;
mod stage;
mod table;
mod world;

use cairn_store::both;
use deeds::deeds;
use std::fmt::Write;
use table::Table;
use world::World;

both!(every_role_may_do_what_the_table_says_at_every_door, |t| {
    let table = Table::read();
    let world = World::new(&t).await;
    let mut wrong = String::new();
    let mut tried = 0;
    for deed in deeds() {
        for (door, attempt) in &deed.doors {
            for role in role::ALL {
                if !door.admits(role) {
                    continue;
                }
                let cell = world.cell(role, &deed).await;
                let told = attempt.carry_out(&cell).await;
                let expected = table.expected(deed.name, role);
                tried += 1;
                if !expected.fits(told.as_deref()) {
                    let told = told.as_deref().unwrap_or("done");
                    writeln!(
                        wrong,
                        "{} as {role:?} by {door:?}: {told}, the table says {expected}",
                        deed.name
                    )
                    .unwrap();
                }
            }
        }
    }
    assert!(wrong.is_empty(), "of {tried} attempts these were not as the table says:\n{wrong}");
    eprintln!("{tried} attempts were as the table says");
});
