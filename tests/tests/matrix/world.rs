//! Accounts of every role, and a plugin for each attempt.

use crate::deeds::Deed;
use crate::role::{ALL, Role};
use crate::stage::Stage;
use cairn_cli::config::Config;
use cairn_commands::secret::PluginToken;
use cairn_domain::Actor;
use cairn_domain::event::*;
use cairn_domain::ids::{AccountId, CommandId, InvitationId, PublisherId, TokenId};
use cairn_domain::names::{PackageName, Sha256, TeamName};
use cairn_domain::package::testing::PackageBuilder;
use cairn_domain::publisher::{Run, Workflow};
use cairn_domain::site::{Policy, StaffFactor};
use cairn_store::testing::TestDb;
use cairn_store::{Expected, NewEvent};
use cairn_tests::{Person, TestApp};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

/// One thing that happened.
pub(crate) type Fact = (Stream, Event);

/// The server, and who there is.
pub(crate) struct World {
    app: TestApp,
    url: String,
    folder: String,
    people: BTreeMap<Role, Person>,
    next: AtomicU32,
}

/// Somebody of a role before a plugin of their own.
pub(crate) struct Cell<'w> {
    pub(crate) world: &'w World,
    pub(crate) role: Role,
    /// The plugin.
    pub(crate) package: String,
    /// Who asks, with the credential of the role.
    pub(crate) asker: Person,
    /// An account that nothing was done to yet.
    pub(crate) subject: Person,
    /// The invitation of the asker, or of the subject, if the stage has one.
    pub(crate) invitation: InvitationId,
    /// A token of the trusted owner for the plugin.
    pub(crate) token: TokenId,
    /// A trusted publisher of the plugin.
    pub(crate) publisher: PublisherId,
    /// The team that owns the plugin.
    pub(crate) team: String,
}

impl World {
    pub(crate) async fn new(t: &TestDb) -> Self {
        // Passkeys are for names, not for numbers.
        let named = |config: &mut Config| {
            config.base_url = format!("http://localhost:{}", config.listen.port()).parse().unwrap();
        };
        let app = TestApp::with(t, named).await;
        let mut people = BTreeMap::new();
        for role in ALL {
            let person = match role {
                Role::Anonymous => app.stranger(),
                Role::Token | Role::ApprovingToken | Role::Ci | Role::OtherToken => continue,
                _ => app.person(&format!("{role:?}").to_lowercase()).await,
            };
            people.insert(role, person);
        }
        let world = Self {
            app,
            url: t.url().to_owned(),
            folder: t.folder().display().to_string(),
            people,
            next: AtomicU32::new(0),
        };
        let policy = Policy { staff_factor: StaffFactor::Never, ..Policy::default() };
        let of = |role, event: fn(AccountId) -> Event| {
            let account = world.id(role);
            (Stream::Account(account), event(account))
        };
        let staff: fn(AccountId) -> Event = |account| StaffGranted { account }.into();
        let trust: fn(AccountId) -> Event = |account| TrustGranted { account, reason: None }.into();
        let facts = vec![
            (Stream::Site, PolicySet { policy }.into()),
            (Stream::Site, StaffCounted { staff: 3, admins: 2 }.into()),
            of(Role::Staff, staff),
            of(Role::Admin, staff),
            of(Role::Admin, |account| AdminGranted { account }.into()),
            of(Role::Trusted, trust),
            of(Role::TrustedOwner, trust),
            of(Role::Blocked, |account| AccountBlocked { account, reason: None, until: None }.into()),
        ];
        world.tell(facts).await;
        world
    }

    fn id(&self, role: Role) -> AccountId {
        self.people[&role].id()
    }

    /// Somebody without any credential.
    pub(crate) fn stranger(&self) -> Person {
        self.app.stranger()
    }

    /// Settings of a program that works on the same database.
    pub(crate) fn settings(&self) -> Vec<String> {
        ["--data-dir", &self.folder, "--database-url", &self.url].map(str::to_owned).to_vec()
    }

    /// The code of the refusal whose sentence stands in `text`, or the text.
    pub(crate) fn code_in(text: &str) -> String {
        let told = [
            ("unauthenticated", "sign in first"),
            ("account_blocked", "this account is blocked"),
            ("not_owner", "you are not an owner of"),
            ("token_for_another_plugin", "this token is for the plugin"),
            ("token_scope", "a plugin token may only"),
            ("token_invalid", "token is invalid"),
            ("plugin_deleted", "is marked for deletion"),
        ];
        let found = told.iter().find(|(_, sentence)| text.contains(sentence));
        found.map_or_else(|| text.to_owned(), |(code, _)| (*code).to_owned())
    }

    /// Writes what happened into the log, without asking any rule.
    async fn tell(&self, facts: Vec<Fact>) {
        let house = &self.app.house;
        let meta = EventMeta { actor: Actor::Operator, command: CommandId(house.ids.v4()) };
        let new = |(stream, event): Fact| NewEvent {
            id: house.ids.v4(),
            stream: stream.to_string(),
            expected: Expected::Any,
            kind: event.kind().to_owned(),
            schema: event.schema(),
            payload: event.encode(),
            metadata: serde_json::to_vec(&meta).unwrap(),
        };
        let mut tx = house.commands.registry().begin().await.unwrap();
        tx.append(facts.into_iter().map(new).collect()).await.unwrap();
        tx.commit().await.unwrap();
        self.app.settle().await;
    }

    /// Somebody of this role before a plugin that is as the deed needs it.
    pub(crate) async fn cell(&self, role: Role, deed: &Deed) -> Cell<'_> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let package = format!("plugin{number}");
        let name: PackageName = package.parse().unwrap();
        let subject = self.app.person(&format!("subject{number}")).await;
        let ids = &self.app.house.ids;
        let mut cell = Cell {
            world: self,
            role,
            package,
            asker: self.app.stranger(),
            subject,
            invitation: InvitationId(ids.v4()),
            token: TokenId(ids.v4()),
            publisher: PublisherId(ids.v4()),
            team: format!("crew{number}"),
        };
        let mut facts = self.team(&cell);
        if deed.stage != Stage::Nothing {
            self.people[&Role::Owner].upload_zip(&cell.package, cell.zip("1.0")).await;
            facts.extend(self.owners(&cell, &name));
        }
        facts.extend(self.credentials(&mut cell, &name));
        facts.extend(deed.stage.facts(&cell, &name));
        self.tell(facts).await;
        cell
    }

    fn team(&self, cell: &Cell<'_>) -> Vec<Fact> {
        let team: TeamName = cell.team.parse().unwrap();
        let founder = self.id(Role::TeamMember);
        vec![(Stream::team(&team), TeamFormed { team: team.clone(), founder }.into())]
    }

    /// All owners there are, beside the one who uploaded.
    fn owners(&self, cell: &Cell<'_>, name: &PackageName) -> Vec<Fact> {
        let owner = |role| OwnerAdded { package: name.clone(), account: self.id(role), reason: None }.into();
        let team = cell.team.parse().unwrap();
        let maintainer = Some(self.id(Role::Maintainer));
        let events: [Event; 4] = [
            owner(Role::TrustedOwner),
            owner(Role::Blocked),
            TeamOwnerAdded { package: name.clone(), team }.into(),
            MaintainerNamed { package: name.clone(), account: maintainer }.into(),
        ];
        events.into_iter().map(|event| (Stream::plugin(name), event)).collect()
    }

    /// The token and the publisher of the trusted owner, and the credential of the role.
    fn credentials(&self, cell: &mut Cell<'_>, name: &PackageName) -> Vec<Fact> {
        let account = self.id(Role::TrustedOwner);
        let publisher = cell.publisher;
        let named = PublisherNamed {
            package: name.clone(),
            publisher,
            account,
            workflow: workflow(),
            may_approve: false,
        };
        let token = PluginToken::new(cell.token, self.app.house.ids.bytes());
        let secret_sha256 = token.secret_sha256();
        let package = if cell.role == Role::OtherToken { "elsewhere".parse().unwrap() } else { name.clone() };
        let (token_id, may_approve) = (cell.token, cell.role == Role::ApprovingToken);
        let issued: Event = if cell.role == Role::Ci {
            let (expires_at, run) = (some_day(), run());
            let token = token_id;
            CiTokenIssued { token, publisher, account, package, secret_sha256, expires_at, may_approve, run }
                .into()
        } else {
            let (token, expires_at) = (token_id, Some(some_day()));
            TokenIssued { token, account, package, secret_sha256, expires_at, may_approve }.into()
        };
        cell.asker = if cell.role.is_token() {
            self.app.stranger().with_bearer(&token.reveal())
        } else {
            self.people[&cell.role].clone()
        };
        vec![(Stream::publishers(name), named.into()), (Stream::Token(token_id), issued)]
    }
}

fn workflow() -> Workflow {
    Workflow {
        issuer: "https://ci.example".into(),
        repository: "ann/lasso".into(),
        workflow: "release.yml".into(),
        environment: None,
        ref_pattern: None,
    }
}

fn run() -> Run {
    Run {
        issuer: "https://ci.example".into(),
        repository: "ann/lasso".into(),
        workflow: "release.yml".into(),
        environment: None,
        git_ref: None,
        commit: None,
    }
}

impl Cell<'_> {
    /// A good package of the plugin.
    pub(crate) fn zip(&self, version: &str) -> Vec<u8> {
        PackageBuilder::new(&self.package).version(version).metadata_key("name", &self.package).build()
    }

    /// The digest of version 1.0.
    pub(crate) fn sha256(&self) -> Sha256 {
        Sha256::of(&self.zip("1.0"))
    }

    /// The text with what this cell has in place of the words with `@`.
    pub(crate) fn fill(&self, text: &str) -> String {
        let mut text = text
            .replace("@package", &self.package)
            .replace("@subject", &self.subject.name)
            .replace("@asker", &self.asker.name)
            .replace("@team", &self.team)
            .replace("@invitation", &self.invitation.to_string())
            .replace("@token", &self.token.to_string())
            .replace("@publisher", &self.publisher.to_string());
        if text.contains("@sha256") {
            text = text.replace("@sha256", &self.sha256().to_string());
        }
        if text.contains("@zip") {
            let path = format!("{}/{}.zip", self.world.folder, self.package);
            std::fs::write(&path, self.zip("1.1")).unwrap();
            text = text.replace("@zip", &path);
        }
        text
    }
}

/// Far enough.
pub(crate) fn some_day() -> DateTime<Utc> {
    "2100-01-01T00:00:00Z".parse().unwrap()
}
