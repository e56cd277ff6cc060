//! The people of the demo, as their lines in `people.txt` tell of them.

/// Somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Somebody {
    /// The name to sign in with.
    pub(super) name: String,
    /// The name in metadata.
    pub(super) full_name: String,
    roles: String,
}

impl Somebody {
    /// Whether somebody gets this role: `staff`, `admin`, `trusted`, `blocked`.
    pub(super) fn is(&self, role: &str) -> bool {
        self.roles.split(' ').any(|one| one == role)
    }

    /// Where mail would go.
    pub(super) fn email(&self) -> String {
        format!("{}@example.org", self.name)
    }
}

/// Everybody, the founders first.
pub(super) fn people() -> Vec<Somebody> {
    let somebody = |line: &str| {
        let mut parts = line.split('|').map(str::to_owned);
        let mut part = || parts.next().expect("each line of people.txt has three parts");
        Somebody { name: part(), full_name: part(), roles: part() }
    };
    include_str!("people.txt").lines().map(somebody).collect()
}
