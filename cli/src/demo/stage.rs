//! The plan carried out: every deed by the command that people would give, at its time.

use super::package;
use super::plan::{Act, Plan, Release};
use crate::house::House;
use anyhow::Context;
use bytes::Bytes;
use cairn_commands::account::{
    BlockAccount, ConfirmEmail, GrantAdmin, GrantStaff, GrantTrust, RegisterAccount, SignUp,
};
use cairn_commands::plugin::{
    AcceptInvitation, AddTeamOwner, AllowRenaming, DeprecatePlugin, EditDetails, FeaturePlugin, InviteOwner,
    MarkForDeletion, TombstonePlugin, UnfeaturePlugin,
};
use cairn_commands::publisher::{NamePublisher, workflow};
use cairn_commands::secret::PluginToken;
use cairn_commands::site::{SetPolicy, SetQgisReleases};
use cairn_commands::team::{AddTeamMember, FormTeam};
use cairn_commands::token::{IssueToken, TokenNote};
use cairn_commands::version::{ApproveVersion, PinVersion, RefuseVersion, Uploaded, YankVersion};
use cairn_commands::vote::CastVote;
use cairn_commands::{Command, Intake};
use cairn_domain::Actor;
use cairn_domain::event::Channel;
use cairn_domain::ids::{AccountId, InvitationId, PublisherId, TokenId};
use cairn_domain::names::{PackageName, Sha256};
use cairn_domain::site::{QgisReleases, StaffFactor};
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// A version that can be downloaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Public {
    pub(super) plugin: usize,
    pub(super) version_id: u64,
    pub(super) since: DateTime<Utc>,
    pub(super) stable: bool,
}

/// What has come of the plan so far.
#[derive(Debug)]
pub(super) struct Stage<'a> {
    house: &'a House,
    plan: &'a Plan,
    intake: Intake,
    password_hash: String,
    accounts: HashMap<usize, AccountId>,
    uploaded: HashMap<(usize, String), (Uploaded, bool)>,
    invited: HashMap<(usize, usize), InvitationId>,
    tokens: HashMap<usize, (TokenId, usize)>,
    pub(super) public: Vec<Public>,
}

impl<'a> Stage<'a> {
    /// Before anything has happened. Everybody has the password of this hash.
    pub(super) fn new(house: &'a House, plan: &'a Plan, password_hash: String) -> Self {
        Self {
            house,
            plan,
            intake: house.intake(),
            password_hash,
            accounts: HashMap::new(),
            uploaded: HashMap::new(),
            invited: HashMap::new(),
            tokens: HashMap::new(),
            public: Vec::new(),
        }
    }

    /// Carries out one deed, at the time of the house's clock.
    pub(super) async fn carry_out(&mut self, act: &Act) -> anyhow::Result<()> {
        Box::pin(self.turn(act)).await.with_context(|| format!("{act:?}"))
    }

    async fn turn(&mut self, act: &Act) -> anyhow::Result<()> {
        match act {
            Act::Open
            | Act::Join(_)
            | Act::Confirm(_)
            | Act::Staff(_)
            | Act::Admin(_)
            | Act::Trust { .. }
            | Act::Block { .. }
            | Act::Qgis { .. } => self.of_people(act).await,
            Act::Upload { by, release } => {
                let actor = self.actor(*by);
                self.upload(actor, release).await
            }
            Act::UploadByToken(release) => {
                let (token, by) = self.tokens[&release.plugin];
                self.upload(Actor::Token { token, account: self.accounts[&by] }, release).await
            }
            Act::Approve { .. } | Act::Refuse { .. } | Act::Yank { .. } | Act::Pin { .. } => {
                self.of_versions(act).await
            }
            Act::Invite { .. }
            | Act::Accept { .. }
            | Act::FormTeam { .. }
            | Act::AddTeam { .. }
            | Act::Token { .. }
            | Act::Publisher { .. } => self.of_owners(act).await,
            Act::Feature { .. }
            | Act::Deprecate { .. }
            | Act::Mark { .. }
            | Act::Bury { .. }
            | Act::AllowRenaming { .. }
            | Act::Tag { .. }
            | Act::Vote { .. } => self.of_plugins(act).await,
        }
    }

    async fn send<C: Command>(&self, command: &C, actor: Actor) -> anyhow::Result<C::Answer> {
        Ok(self.house.commands.send(command, actor, None).await?.answer)
    }

    fn actor(&self, who: usize) -> Actor {
        Actor::Account { account: self.accounts[&who] }
    }

    fn package(&self, plugin: usize) -> anyhow::Result<PackageName> {
        Ok(self.plan.ideas[plugin].package.parse()?)
    }

    async fn of_people(&mut self, act: &Act) -> anyhow::Result<()> {
        match act {
            Act::Open => {
                let policy = SetPolicy { staff_factor: Some(StaffFactor::Never), ..SetPolicy::default() };
                self.send(&policy, Actor::Operator).await?;
            }
            Act::Join(who) => {
                let somebody = &self.plan.people[*who];
                let account = AccountId(self.house.ids.v4());
                let command = RegisterAccount {
                    account,
                    name: somebody.name.parse()?,
                    email: somebody.email().parse()?,
                    password_hash: Some(self.password_hash.clone()),
                    salt: self.house.ids.bytes(),
                    origin: cairn_domain::account::Origin::Local,
                    sign_up: SignUp::default(),
                };
                self.send(&command, Actor::Operator).await?;
                self.accounts.insert(*who, account);
            }
            Act::Confirm(who) => {
                let command = ConfirmEmail { account: self.accounts[who], challenge: None };
                self.send(&command, Actor::Operator).await?;
            }
            Act::Staff(who) => {
                self.send(&GrantStaff { account: self.accounts[who] }, Actor::Operator).await?;
            }
            Act::Admin(who) => {
                self.send(&GrantAdmin { account: self.accounts[who] }, Actor::Operator).await?;
            }
            Act::Trust { by, who } => {
                let reason = Some("Careful uploads for months.".to_owned());
                let command = GrantTrust { account: self.accounts[who], reason };
                self.send(&command, self.actor(*by)).await?;
            }
            Act::Block { by, who, reason } => {
                let command = BlockAccount {
                    account: self.accounts[who],
                    reason: Some((*reason).to_owned()),
                    until: None,
                    published: Vec::new(),
                };
                self.send(&command, self.actor(*by)).await?;
            }
            Act::Qgis { latest, ltr } => {
                let text = |text: &str| text.to_owned();
                let releases = QgisReleases { latest: text(latest), stable: text(ltr), ltr: text(ltr) };
                self.send(&SetQgisReleases { releases }, Actor::Operator).await?;
            }
            _ => unreachable!("`turn` sends only these here"),
        }
        Ok(())
    }

    async fn upload(&mut self, actor: Actor, release: &Release) -> anyhow::Result<()> {
        let (idea, look) = (&self.plan.ideas[release.plugin], &self.plan.looks[release.plugin]);
        let zip = Bytes::from(package::build(idea, look, release));
        let received = self.intake.add(None, zip, actor, None).await?;
        let uploaded = received.done.answer;
        if uploaded.approved {
            self.published(release.plugin, &uploaded, !release.experimental);
        }
        self.uploaded.insert((release.plugin, release.number.clone()), (uploaded, !release.experimental));
        Ok(())
    }

    fn published(&mut self, plugin: usize, uploaded: &Uploaded, stable: bool) {
        let since = self.house.clock.now();
        self.public.push(Public { plugin, version_id: uploaded.version_id, since, stable });
    }

    async fn of_versions(&mut self, act: &Act) -> anyhow::Result<()> {
        match act {
            Act::Approve { by, plugin, number } => {
                let (uploaded, stable) = self.uploaded[&(*plugin, number.clone())].clone();
                let command = ApproveVersion {
                    package: self.package(*plugin)?,
                    version: number.clone(),
                    sha256: Some(uploaded.sha256),
                    base: None,
                };
                self.send(&command, self.actor(*by)).await?;
                self.published(*plugin, &uploaded, stable);
            }
            Act::Refuse { by, plugin, number, reason } => {
                let (uploaded, _) = &self.uploaded[&(*plugin, number.clone())];
                let command = RefuseVersion {
                    package: self.package(*plugin)?,
                    version: number.clone(),
                    sha256: uploaded.sha256,
                    base: None,
                    reason: (*reason).to_owned(),
                };
                self.send(&command, self.actor(*by)).await?;
            }
            Act::Yank { by, plugin, number, reason } => {
                let (package, version) = (self.package(*plugin)?, number.clone());
                let command = YankVersion { package, version, reason: (*reason).to_owned() };
                self.send(&command, self.actor(*by)).await?;
            }
            Act::Pin { by, plugin, number } => {
                let (package, version) = (self.package(*plugin)?, number.clone());
                let command = PinVersion { package, version, channel: Channel::Stable };
                self.send(&command, self.actor(*by)).await?;
            }
            _ => unreachable!("`turn` sends only these here"),
        }
        Ok(())
    }

    async fn of_owners(&mut self, act: &Act) -> anyhow::Result<()> {
        match act {
            Act::Invite { by, plugin, who } => {
                let invitation = InvitationId(self.house.ids.v4());
                let account = self.accounts[who];
                let command =
                    InviteOwner { package: self.package(*plugin)?, account, transfer: false, invitation };
                self.send(&command, self.actor(*by)).await?;
                self.invited.insert((*plugin, *who), invitation);
            }
            Act::Accept { who, plugin } => {
                let invitation = self.invited[&(*plugin, *who)];
                let command = AcceptInvitation { package: self.package(*plugin)?, invitation };
                self.send(&command, self.actor(*who)).await?;
            }
            Act::FormTeam { by, team, members } => {
                let (team, actor) = (team.parse()?, self.actor(*by));
                let form = FormTeam { team };
                self.send(&form, actor).await?;
                for member in members {
                    let (team, account) = (form.team.clone(), self.accounts[member]);
                    self.send(&AddTeamMember { team, account }, actor).await?;
                }
            }
            Act::AddTeam { by, team, plugin } => {
                let command = AddTeamOwner { package: self.package(*plugin)?, team: team.parse()? };
                self.send(&command, self.actor(*by)).await?;
            }
            Act::Token { by, plugin, note } => {
                let token = PluginToken::new(TokenId(self.house.ids.v4()), self.house.ids.bytes());
                let command = IssueToken {
                    token: token.id,
                    package: self.package(*plugin)?,
                    secret_sha256: token.secret_sha256(),
                    expires_at: None,
                    may_approve: false,
                    note: TokenNote::given(Some(note))?,
                };
                self.send(&command, self.actor(*by)).await?;
                self.tokens.entry(*plugin).or_insert((token.id, *by));
            }
            Act::Publisher { by, plugin } => {
                let idea = &self.plan.ideas[*plugin];
                let repository = format!("{}/{}", self.plan.people[*by].name, idea.package);
                let issuer = "https://token.actions.githubusercontent.com";
                let (file, tags) = (".github/workflows/release.yml", Some("refs/tags/v*"));
                let command = NamePublisher {
                    publisher: PublisherId(self.house.ids.v4()),
                    package: self.package(*plugin)?,
                    workflow: workflow(issuer, &repository, file, Some("release"), tags)?,
                    may_approve: false,
                };
                self.send(&command, self.actor(*by)).await?;
            }
            _ => unreachable!("`turn` sends only these here"),
        }
        Ok(())
    }

    async fn of_plugins(&mut self, act: &Act) -> anyhow::Result<()> {
        match act {
            Act::Feature { by, plugin, featured } => {
                let (package, actor) = (self.package(*plugin)?, self.actor(*by));
                if *featured {
                    self.send(&FeaturePlugin { package }, actor).await?;
                } else {
                    self.send(&UnfeaturePlugin { package }, actor).await?;
                }
            }
            Act::Deprecate { by, plugin, successor, reason } => {
                let command = DeprecatePlugin {
                    package: self.package(*plugin)?,
                    successor: successor.map(|other| self.package(other)).transpose()?,
                    reason: Some((*reason).to_owned()),
                };
                self.send(&command, self.actor(*by)).await?;
            }
            Act::Mark { by, plugin, reason } => {
                let command =
                    MarkForDeletion { package: self.package(*plugin)?, reason: Some((*reason).to_owned()) };
                self.send(&command, self.actor(*by)).await?;
            }
            Act::Bury { plugin } => {
                let command = TombstonePlugin { package: self.package(*plugin)?, reason: None };
                self.send(&command, Actor::Site).await?;
            }
            Act::AllowRenaming { by, plugin } => {
                let command = AllowRenaming { package: self.package(*plugin)?, allowed: true };
                self.send(&command, self.actor(*by)).await?;
            }
            Act::Tag { by, plugin, tag } => {
                let tags = self.plan.ideas[*plugin].tags.split(", ").chain([*tag]);
                let tags: Result<Vec<_>, _> = tags.map(str::parse).collect();
                let command =
                    EditDetails { package: self.package(*plugin)?, tags: Some(tags?), server: None };
                self.send(&command, self.actor(*by)).await?;
            }
            Act::Vote { plugin, score, key } => {
                let key_of_the_day = Sha256::of(key);
                let command = CastVote { package: self.package(*plugin)?, score: *score, key_of_the_day };
                self.send(&command, Actor::Anonymous).await?;
            }
            _ => unreachable!("`turn` sends only these here"),
        }
        Ok(())
    }
}
