//! A small repository with a page of every sort in it: a plugin with a public and a waiting version, its owner, somebody of the
//! staff, a team, a token, a plugin that is marked for deletion.

use crate::pages::{Page, Who};
use crate::{Person, TestApp};
use cairn_cli::demo;
use cairn_commands::Command;
use cairn_commands::plugin::{AddTeamOwner, DeprecatePlugin, InviteOwner, MarkForDeletion};
use cairn_commands::secret::PluginToken;
use cairn_commands::team::FormTeam;
use cairn_commands::token::{IssueToken, TokenNote};
use cairn_domain::Actor;
use cairn_domain::event::Stream;
use cairn_domain::ids::{InvitationId, TokenId};
use cairn_domain::names::PackageName;
use cairn_domain::package::testing::PackageBuilder;
use cairn_projections::people;
use reqwest::multipart::{Form, Part};
use reqwest::{Method, RequestBuilder, Response, StatusCode};

/// The repository and who looks at it.
#[derive(Debug, Clone)]
pub struct World {
    /// The server.
    pub app: TestApp,
    /// The owner of the plugin.
    pub ann: Person,
    /// Of the staff.
    pub sue: Person,
    /// What stands in braces in the list of pages, and what it is here.
    pub values: Vec<(&'static str, String)>,
    cookies: [Option<String>; 3],
}

impl World {
    /// A world around this plugin, with `text` wherever people write what they like. `package` makes the zip of a version.
    pub async fn of(app: TestApp, text: &str, package: impl Fn(&str, &str) -> PackageBuilder) -> Self {
        let (ann, bob, sue) = (app.person("ann").await, app.person("bob").await, app.staff("sue").await);
        ann.upload_zip("lasso", package("lasso", "1.0").build()).await;
        sue.approve("lasso", "1.0").await;
        ann.upload_zip("lasso", package("lasso", "1.1").build()).await;
        ann.upload("gone", "1.0").await;
        sue.approve("gone", "1.0").await;
        let (lasso, by_ann) = (|| "lasso".parse().expect("a name"), Actor::Account { account: ann.id() });
        let token = PluginToken::new(TokenId(app.house.ids.v4()), app.house.ids.bytes());
        let issue = IssueToken {
            token: token.id,
            package: lasso(),
            secret_sha256: token.secret_sha256(),
            expires_at: None,
            may_approve: false,
            note: TokenNote::given(Some(text)).expect("a note"),
        };
        send(&app, &issue, by_ann).await;
        let team = || "core".parse().expect("a name");
        send(&app, &FormTeam { team: team() }, by_ann).await;
        send(&app, &AddTeamOwner { package: lasso(), team: team() }, by_ann).await;
        let invitation = InvitationId(app.house.ids.v4());
        let invite = InviteOwner { package: lasso(), account: bob.id(), transfer: false, invitation };
        send(&app, &invite, by_ann).await;
        let gone = "gone".parse().expect("a name");
        send(&app, &MarkForDeletion { package: gone, reason: Some(text.to_owned()) }, by_ann).await;
        app.settle().await;
        let cookies = [None, Some(ann.browser_cookie().await), Some(sue.browser_cookie().await)];
        let mut world = Self { app, ann, sue, values: Vec::new(), cookies };
        world.values = vec![
            ("package", "lasso".to_owned()),
            ("version", "1.0".to_owned()),
            ("waiting", "1.1".to_owned()),
            ("gone", "gone".to_owned()),
            ("name", "ann".to_owned()),
            ("other", "bob".to_owned()),
            ("team", "core".to_owned()),
            ("tag", "editing".to_owned()),
            ("token", token.id.to_string()),
            ("invitation", invitation.to_string()),
            ("position", "3".to_owned()),
            ("*rest", "publish".to_owned()),
            ("text", text.to_owned()),
        ];
        let staged = world.stage(Who::Author, package("lasso", "1.2").build()).await;
        world.values.push(("staged", staged));
        world
    }

    /// A plain world.
    pub async fn plain(app: TestApp) -> Self {
        Self::of(app, "a note", |package, version| {
            let package =
                PackageBuilder::new(package).version(version).metadata_key("tags", "editing, selection");
            package.metadata_key("about", "It *selects*.\n\n- by hand\n- by eye")
        })
        .await
    }

    /// The made-up community of the demo, with Ada for the author and Grace for the staff.
    pub async fn of_demo(app: TestApp) -> Self {
        let known = |name: &'static str| {
            let app = app.clone();
            async move {
                let account = app.house.account(name).await.expect("the demo has them");
                let bearer = Some(app.sign_in(account).await);
                Person { name: name.to_owned(), account: Some(account), app, bearer }
            }
        };
        let (ann, sue) = (known(demo::AUTHOR).await, known(demo::STAFF).await);
        let package: PackageName = "contour_loom".parse().expect("a name");
        let look = app.house.commands.look(vec![Stream::plugin(&package)], Actor::Operator).await;
        let look = look.expect("the log answers");
        let plugin = look.plugin(&package).expect("the demo has it");
        let public = plugin.newest_approved().expect("it is public").number.to_string();
        let waiting = plugin.versions.iter().rev().find(|version| !version.approved && !version.refused);
        let waiting = waiting.expect("a version of it waits").number.to_string();
        let mut read = app.house.projections.read().await.expect("the read models answer");
        let tokens = people::tokens_for(&mut read, &package).await.expect("the read models answer");
        drop(read);
        let cookies = [None, Some(ann.browser_cookie().await), Some(sue.browser_cookie().await)];
        let text = |text: &str| text.to_owned();
        let values = vec![
            ("package", package.to_string()),
            ("version", public),
            ("waiting", waiting),
            ("gone", text("xyz_cache")),
            ("name", text(demo::AUTHOR)),
            ("other", text("okello")),
            ("team", text("terrain-tools")),
            ("tag", text("dem")),
            ("token", tokens.first().expect("it has a token").id.to_string()),
            ("position", text("30")),
            ("*rest", text("publish")),
            ("text", text("contour")),
        ];
        let mut world = Self { app, ann, sue, values, cookies };
        let details = plugin.details.as_ref().expect("it is public");
        let next =
            PackageBuilder::new("contour_loom").version("99.0").metadata_key("name", details.name.as_str());
        let next = next.metadata_key("description", "Weaves contour lines, now in colour");
        let staged = world.stage(Who::Author, next.build()).await;
        world.values.push(("staged", staged));
        world
    }

    /// What a browser of this reader sends along: the name of a cookie and its value.
    pub fn cookie(&self, who: Who) -> Option<(&str, &str)> {
        self.cookies[who as usize].as_deref().and_then(|cookie| cookie.split_once('='))
    }

    /// The plugin is given up, for this reason.
    pub async fn deprecate(&self, reason: &str) {
        let package = "lasso".parse().expect("a name");
        let command = DeprecatePlugin { package, successor: None, reason: Some(reason.to_owned()) };
        send(&self.app, &command, Actor::Account { account: self.ann.id() }).await;
        self.app.settle().await;
    }

    /// A request as a browser of this reader makes it.
    pub fn request(&self, who: Who, method: Method, path: &str) -> RequestBuilder {
        let request = self.app.stranger().request(method, path).header("accept", "text/html,*/*;q=0.8");
        match &self.cookies[who as usize] {
            Some(cookie) => request.header("cookie", cookie),
            None => request,
        }
    }

    /// The answer to a GET.
    pub async fn get(&self, who: Who, path: &str) -> Response {
        self.request(who, Method::GET, path).send().await.expect("the server answers")
    }

    /// A page of the list.
    pub async fn page(&self, page: &Page) -> Response {
        self.get(page.who, &page.path(&self.values)).await
    }

    /// Drops a zip on the page for uploads, and answers under which id it waits for its author's word.
    pub async fn stage(&self, who: Who, zip: Vec<u8>) -> String {
        let answer = self.drop_zip(who, zip).await;
        let status = answer.status();
        let to =
            answer.headers().get("location").and_then(|to| to.to_str().ok()).unwrap_or_default().to_owned();
        let id = to.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
        assert!(status == StatusCode::SEE_OTHER && !id.is_empty(), "{status} {to:?}");
        id
    }

    /// The answer to a zip that is dropped on the page for uploads.
    pub async fn drop_zip(&self, who: Who, zip: Vec<u8>) -> Response {
        let form = Form::new().part("package", Part::bytes(zip).file_name("lasso.zip"));
        let request =
            self.request(who, Method::POST, "/plugins/add/").header("sec-fetch-site", "same-origin");
        request.multipart(form).send().await.expect("the server answers")
    }

    /// A form that somebody sends.
    pub async fn post(&self, who: Who, path: &str, site: &str, fields: &[(&str, &str)]) -> Response {
        let body: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{}={}", crate::pages::coded(name), crate::pages::coded(value)))
            .collect();
        let request = self.request(who, Method::POST, path).header("sec-fetch-site", site);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        request.body(body.join("&")).send().await.expect("the server answers")
    }
}

async fn send<C: Command>(app: &TestApp, command: &C, actor: Actor) {
    app.house.commands.send(command, actor, None).await.expect("they may");
}
