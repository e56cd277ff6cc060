//! Who may do what: invitations, teams, roles, the policy, blocks, and undoing an actor.

use cairn_commands::secret::PluginToken;
use cairn_domain::Actor;
use cairn_domain::package::testing::PackageBuilder;
use cairn_store::both;
use cairn_tests::{Person, TestApp, feed};
use reqwest::StatusCode;
use serde_json::{Value, json};

/// What a deed answers; it must be done.
async fn done(who: &Person, deed: &str) -> Value {
    let answer = who.graphql(&format!("mutation {{ {deed} }}"), json!({})).await;
    assert!(answer["errors"].is_null(), "{deed}: {answer}");
    answer["data"].clone()
}

/// The code that a deed is refused with.
async fn code(who: &Person, deed: &str) -> String {
    let answer = who.graphql(&format!("mutation {{ {deed} }}"), json!({})).await;
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

/// What a question is answered with, once readers have caught up.
async fn told(app: &TestApp, who: &Person, question: &str) -> Value {
    app.settle().await;
    let answer = who.graphql(&format!("{{ {question} }}"), json!({})).await;
    assert!(answer["errors"].is_null(), "{question}: {answer}");
    answer["data"].clone()
}

fn zip(version: &str) -> Vec<u8> {
    PackageBuilder::new("lasso").version(version).metadata_key("name", "lasso").build()
}

both!(an_invited_account_owns_the_plugin_once_it_accepts, |t| {
    let app = TestApp::start(&t).await;
    let (ann, bob, cid) = (app.trusted("ann").await, app.person("bob").await, app.person("cid").await);
    ann.upload("lasso", "1.0").await;
    app.settle().await;
    let invite = r#"inviteOwner(input: { package: "lasso", account: "bob" }) { invitationId expiresAt }"#;
    assert_eq!(code(&bob, invite).await, "not_owner");
    let asked = done(&ann, invite).await;
    let id = asked["inviteOwner"]["invitationId"].as_str().unwrap();
    assert_eq!(done(&ann, invite).await["inviteOwner"]["invitationId"], id, "it is asked once");

    let mine =
        told(&app, &bob, "me { invitations { invitationId package inviter { name } } plugins { package } }")
            .await;
    let expected = json!([{ "invitationId": id, "package": "lasso", "inviter": { "name": "ann" } }]);
    assert_eq!((&mine["me"]["invitations"], &mine["me"]["plugins"]), (&expected, &json!([])));
    let of_plugin = r#"plugin(package: "lasso") { invitations { account { name } } owners { name } }"#;
    let seen = told(&app, &ann, of_plugin).await;
    assert_eq!(seen["plugin"]["invitations"], json!([{ "account": { "name": "bob" } }]));
    assert_eq!(told(&app, &cid, of_plugin).await["plugin"]["invitations"], json!([]));

    let answer =
        |deed: &str| format!(r#"{deed}(input: {{ package: "lasso", invitation: "{id}" }}) {{ ownerIds }}"#);
    assert_eq!(code(&cid, &answer("acceptInvitation")).await, "not_invited");
    assert_eq!(bob.upload_to("lasso", zip("1.1")).await.status(), StatusCode::FORBIDDEN);
    done(&bob, &answer("acceptInvitation")).await;
    assert_eq!(bob.upload_zip("lasso", zip("1.1")).await["approved"], false);
    assert_eq!(code(&bob, &answer("declineInvitation")).await, "invitation_unknown");
    let mine = told(&app, &bob, "me { invitations { invitationId } plugins { package } }").await;
    assert_eq!(
        (&mine["me"]["invitations"], &mine["me"]["plugins"][0]["package"]),
        (&json!([]), &json!("lasso"))
    );

    // And ann offers her own place, which makes her a stranger.
    let offer =
        r#"inviteOwner(input: { package: "lasso", account: "cid", transfer: true }) { invitationId }"#;
    let offered = done(&ann, offer).await;
    let id = offered["inviteOwner"]["invitationId"].as_str().unwrap();
    done(
        &cid,
        &format!(r#"acceptInvitation(input: {{ package: "lasso", invitation: "{id}" }}) {{ ownerIds }}"#),
    )
    .await;
    assert_eq!(ann.upload_to("lasso", zip("1.2")).await.status(), StatusCode::FORBIDDEN);
    done(&bob, r#"leavePlugin(input: { package: "lasso" }) { ownerIds }"#).await;
    assert_eq!(code(&cid, r#"leavePlugin(input: { package: "lasso" }) { ownerIds }"#).await, "last_owner");
    let unknown = r#"withdrawInvitation(input: { package: "lasso", invitation: "x" }) { ownerIds }"#;
    assert_eq!(code(&cid, unknown).await, "invitation_unknown");
});

both!(members_of_a_team_own_what_it_owns_while_they_are_in_it, |t| {
    let app = TestApp::start(&t).await;
    let (ann, bob, sue) = (app.trusted("ann").await, app.person("bob").await, app.staff("sue").await);
    ann.upload("lasso", "1.0").await;
    app.settle().await;
    let members = |deed: &str, name: &str| {
        format!(r#"{deed}(input: {{ team: "core", account: "{name}" }}) {{ memberIds }}"#)
    };
    let owner =
        |deed: &str| format!(r#"{deed}(input: {{ package: "lasso", team: "core" }}) {{ teamNames }}"#);
    done(&ann, r#"formTeam(input: { team: "Core" }) { team memberIds }"#).await;
    assert_eq!(code(&bob, r#"formTeam(input: { team: "core" }) { team }"#).await, "team_name_taken");
    assert_eq!(code(&bob, &members("addTeamMember", "bob")).await, "not_team_member");
    assert_eq!(code(&sue, &members("removeTeamMember", "ann")).await, "last_member");
    done(&ann, &members("addTeamMember", "bob")).await;
    assert_eq!(bob.upload_to("lasso", zip("1.1")).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(done(&ann, &owner("addTeamOwner")).await["addTeamOwner"]["teamNames"], json!(["core"]));

    assert_eq!(bob.upload_zip("lasso", zip("1.1")).await["approved"], false);
    let seen = told(&app, &bob, r#"me { plugins { package } teams { name } } plugin(package: "lasso") { waitingVersions owners { name } teams { name members { name } plugins { package } } }"#).await;
    assert_eq!(seen["me"], json!({ "plugins": [{ "package": "lasso" }], "teams": [{ "name": "Core" }] }));
    assert_eq!(seen["plugin"]["waitingVersions"], 1, "a member sees what waits");
    assert_eq!(seen["plugin"]["owners"], json!([{ "name": "ann" }]));
    assert_eq!(seen["plugin"]["teams"][0]["plugins"], json!([{ "package": "lasso" }]));
    assert!(app.stranger().text("/plugins/lasso/").await.contains("team Core"));
    let listed =
        told(&app, &app.stranger(), r#"plugins(filter: { owner: "bob" }) { nodes { package } }"#).await;
    assert_eq!(listed["plugins"]["nodes"], json!([{ "package": "lasso" }]));

    // The team may stay alone, and its last place is kept.
    done(&ann, r#"leavePlugin(input: { package: "lasso" }) { ownerIds }"#).await;
    assert_eq!(code(&bob, &owner("removeTeamOwner")).await, "last_owner");
    done(&bob, &members("removeTeamMember", "ann")).await;
    assert_eq!(ann.upload_to("lasso", zip("1.2")).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(code(&ann, &owner("removeTeamOwner")).await, "not_owner");
    assert_eq!(
        code(&ann, r#"addTeamMember(input: { team: "none", account: "ann" }) { team }"#).await,
        "team_unknown"
    );
});

both!(admins_say_who_is_staff_and_what_the_rules_are, |t| {
    let app = TestApp::start(&t).await;
    let (ann, sue, ada) = (app.person("ann").await, app.staff("sue").await, app.admin("ada").await);
    let role = |deed: &str, name: &str| {
        format!(r#"{deed}(input: {{ account: "{name}" }}) {{ account {{ staff admin }} }}"#)
    };
    assert_eq!(code(&sue, &role("grantStaff", "ann")).await, "not_admin");
    assert_eq!(code(&ann, &role("grantAdmin", "ann")).await, "not_staff");
    assert_eq!(code(&ada, &role("grantAdmin", "ann")).await, "invalid_input");
    assert_eq!(code(&ada, &role("withdrawAdmin", "ada")).await, "last_admin");
    assert_eq!(code(&ada, &role("withdrawStaff", "ada")).await, "last_admin");
    let now = done(&ada, &role("grantAdmin", "sue")).await;
    assert_eq!(now["grantAdmin"]["account"], json!({ "staff": true, "admin": true }));
    done(&sue, &role("withdrawStaff", "ada")).await;
    let site =
        told(&app, &app.stranger(), "site { staff admins policy { registration onBlock tokenDaysMax } }")
            .await;
    let policy = json!({ "registration": "OPEN", "onBlock": "KEEP", "tokenDaysMax": 365 });
    assert_eq!(site["site"], json!({ "staff": 1, "admins": 1, "policy": policy }));

    let set = "setPolicy(input: { registration: CLOSED, tokenDaysMax: 30 }) { policy { registration onBlock tokenDaysMax } }";
    assert_eq!(code(&ada, set).await, "not_staff");
    let policy = json!({ "registration": "CLOSED", "onBlock": "KEEP", "tokenDaysMax": 30 });
    assert_eq!(done(&sue, set).await["setPolicy"]["policy"], policy);
    assert_eq!(code(&sue, "setPolicy(input: { tokenDaysMax: 0 }) { position }").await, "invalid_input");
});

both!(two_staff_accounts_need_second_factors, |t| {
    let app = TestApp::start(&t).await;
    let (ann, sue) = (app.person("ann").await, app.staff("sue").await);
    let trust = r#"grantTrust(input: { account: "ann" }) { position }"#;
    done(&sue, trust).await;
    app.operate(&cairn_commands::account::GrantStaff { account: ann.id() }).await;
    assert_eq!(code(&sue, trust).await, "second_factor_required");
});

both!(a_block_ends_everything_at_once_and_takes_back_what_the_policy_says, |t| {
    let app = TestApp::start(&t).await;
    let (ann, bob, ada) = (app.trusted("ann").await, app.person("bob").await, app.admin("ada").await);
    ann.upload("lasso", "1.0").await;
    let token = PluginToken::new(cairn_domain::ids::TokenId(app.house.ids.v4()), app.house.ids.bytes());
    let issue = cairn_commands::token::IssueToken {
        token: token.id,
        package: "lasso".parse().unwrap(),
        secret_sha256: token.secret_sha256(),
        expires_at: None,
        may_approve: true,
        note: None,
    };
    let by_ann = Actor::Account { account: ann.id() };
    app.house.commands.send(&issue, by_ann, None).await.unwrap();
    let ci = app.stranger().with_bearer(&token.reveal());
    assert_eq!(ci.upload_zip("lasso", zip("1.1")).await["approved"], true);
    app.settle().await;
    done(&ada, "setPolicy(input: { onBlock: UNAPPROVE }) { position }").await;

    let block =
        r#"blockAccount(input: { account: "ann", until: "2100-01-01T00:00:00Z" }) { account { blocked } }"#;
    assert_eq!(code(&bob, block).await, "not_staff");
    assert_eq!(code(&ada, block).await, "invalid_input", "that is for ever");
    let soon = app.house.clock.now() + chrono::TimeDelta::days(3);
    let soon = soon.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    let block = format!(
        r#"blockAccount(input: {{ account: "ann", until: "{soon}" }}) {{ account {{ blocked blockedUntil }} }}"#
    );
    assert_eq!(done(&ada, &block).await["blockAccount"]["account"]["blocked"], true);
    for credential in [&ann, &ci] {
        let refused = credential.upload_to("lasso", zip("1.2")).await;
        assert_eq!(refused.json::<Value>().await.unwrap()["code"], "account_blocked");
    }
    app.settle().await;
    assert_eq!(feed::entries(&ada.text("/plugins/plugins.xml?qgis=3.34").await).len(), 0);

    done(&ada, r#"unblockAccount(input: { account: "ann" }) { account { blocked } }"#).await;
    let dead = ci.upload_to("lasso", zip("1.2")).await;
    assert_eq!(dead.json::<Value>().await.unwrap()["code"], "token_invalid", "also after the block");
    let staff = r#"blockAccount(input: { account: "ada" }) { position }"#;
    assert_eq!(code(&ada, staff).await, "staff_cannot_be_blocked");
});

both!(what_an_account_did_since_a_time_is_undone_once, |t| {
    let app = TestApp::start(&t).await;
    let (ann, bob, ada) = (app.trusted("ann").await, app.person("bob").await, app.admin("ada").await);
    ann.upload("lasso", "1.0").await;
    app.settle().await;
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    let since = app.house.clock.now().to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    ann.upload_zip("lasso", zip("2.0")).await;
    done(&ann, r#"formTeam(input: { team: "gang" }) { team }"#).await;
    done(&ann, r#"addTeamOwner(input: { package: "lasso", team: "gang" }) { teamNames }"#).await;
    done(&ann, r#"inviteOwner(input: { package: "lasso", account: "bob" }) { invitationId }"#).await;
    app.settle().await;
    assert_eq!(feed::entries(&bob.text("/plugins/plugins.xml?qgis=3.34").await)[0]["version"], "2.0");

    let undo = |dry_run: bool| {
        format!(
            r#"undoActor(input: {{ actor: "ann", since: "{since}", dryRun: {dry_run} }}) {{ done {{ deed by stream }} left {{ deed reason }} }}"#
        )
    };
    assert_eq!(code(&bob, &undo(false)).await, "not_staff");
    assert_eq!(code(&app.stranger(), &undo(false)).await, "unauthenticated");
    let head = app.house.commands.registry().head().await.unwrap();
    let planned = done(&ada, &undo(true)).await;
    assert_eq!(app.house.commands.registry().head().await.unwrap(), head, "a dry run does nothing");
    let undone = done(&ada, &undo(false)).await;
    assert_eq!(undone["undoActor"], planned["undoActor"]);
    let by: Vec<&str> = undone["undoActor"]["done"]
        .as_array()
        .unwrap()
        .iter()
        .map(|deed| deed["by"].as_str().unwrap())
        .collect();
    for expected in ["VersionUnapproved", "TeamOwnerRemoved", "InvitationWithdrawn"] {
        assert!(by.contains(&expected), "{expected} in {by:?}");
    }
    app.settle().await;
    let entries = feed::entries(&bob.text("/plugins/plugins.xml?qgis=3.34").await);
    assert_eq!((entries.len(), &entries[0]["version"]), (1, &"1.0".to_owned()));

    let head = app.house.commands.registry().head().await.unwrap();
    assert_eq!(done(&ada, &undo(false)).await["undoActor"], json!({ "done": [], "left": [] }));
    assert_eq!(app.house.commands.registry().head().await.unwrap(), head, "the second time does nothing");
});

both!(staff_give_a_plugin_to_somebody_when_its_owner_is_gone, |t| {
    let app = TestApp::start(&t).await;
    let (ann, bob, sue) = (app.person("ann").await, app.person("bob").await, app.staff("sue").await);
    ann.upload("lasso", "1.0").await;
    app.settle().await;
    let reassign =
        r#"reassignPlugin(input: { package: "lasso", account: "bob", reason: "gone" }) { owners { name } }"#;
    assert_eq!(code(&bob, reassign).await, "not_staff");
    done(&sue, r#"blockAccount(input: { account: "ann", reason: "spam" }) { position }"#).await;
    assert_eq!(done(&sue, reassign).await["reassignPlugin"]["owners"], json!([{ "name": "bob" }]));
    assert_eq!(bob.upload_zip("lasso", zip("1.1")).await["approved"], false);
});
