//! `/staff/settings/`: the rules of the repository, what each means, and who made it so. Admins change them here.

use super::who::{Said, Signed, Staff, deed};
use crate::ask::Ask;
use crate::documents::staff_settings::{
    OnBlock, Registration, Rules, StaffFactor, StaffSettingsSiteChanges, StaffSettingsSiteFeatures,
    StaffSettingsSiteLimits,
};
use crate::documents::{SetPolicy, StaffSettings, set_policy, staff_settings};
use crate::done::Done;
use crate::frame::{Frame, Part};
use crate::page::page_with;
use crate::text::{Bytes, Count, Day};
use askama::Template;
use axum::extract::Form;
use axum::response::Response;
use cairn_api::problem::Problem;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "staff/settings.html")]
struct SettingsPage {
    frame: Frame,
    tab: &'static str,
    /// May change what the form shows.
    admin: bool,
    problem: Option<String>,
    staff: u64,
    admins: u64,
    staff_needs_factor: bool,
    registration: Rule,
    staff_factor: Rule,
    publisher_factor: Rule,
    on_block: Rule,
    token_days: String,
    token_days_since: Option<Since>,
    facts: Facts,
}

/// What the operator decided when the server was set up.
struct Facts {
    program: Option<String>,
    base_url: String,
    sends_mail: bool,
    knows_countries: bool,
    directory: Option<String>,
    providers: Vec<String>,
    package: Bytes,
    unpacked: Bytes,
    entries: Count,
    icon: Bytes,
}

/// A rule with its choices.
struct Rule {
    choices: Vec<Choice>,
    since: Option<Since>,
}

struct Choice {
    word: &'static str,
    label: &'static str,
    chosen: bool,
}

/// When a rule became what it is.
struct Since {
    position: u64,
    at: Day,
    by: String,
}

/// What the form sends; words are those of the schema.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct PolicyForm {
    registration: String,
    staff_factor: String,
    publisher_factor: String,
    on_block: String,
    token_days: String,
}

const REGISTRATION: [(&str, &str); 3] = [
    ("OPEN", "Everybody may make an account"),
    ("INVITE", "Only who was invited by staff"),
    ("CLOSED", "Nobody; staff and the directory make accounts"),
];
const STAFF_FACTOR: [(&str, &str); 3] =
    [("AUTO", "As soon as there is more than one staff account"), ("ALWAYS", "Always"), ("NEVER", "Never")];
const PUBLISHER_FACTOR: [(&str, &str); 2] =
    [("no", "Only who wants one"), ("yes", "Everybody who publishes must have one")];
const ON_BLOCK: [(&str, &str); 3] = [
    ("KEEP", "They stay public"),
    ("REVIEW", "They stay public, and wait to be looked at again"),
    ("UNAPPROVE", "They are in no feed any more"),
];

impl PolicyForm {
    /// The present rules as the form would send them.
    fn of(rules: &Rules) -> Self {
        let registration = match &rules.registration {
            Registration::OPEN => "OPEN",
            Registration::INVITE => "INVITE",
            Registration::CLOSED => "CLOSED",
            Registration::Other(word) => word,
        };
        let staff_factor = match &rules.staff_factor {
            StaffFactor::AUTO => "AUTO",
            StaffFactor::ALWAYS => "ALWAYS",
            StaffFactor::NEVER => "NEVER",
            StaffFactor::Other(word) => word,
        };
        let on_block = match &rules.on_block {
            OnBlock::KEEP => "KEEP",
            OnBlock::REVIEW => "REVIEW",
            OnBlock::UNAPPROVE => "UNAPPROVE",
            OnBlock::Other(word) => word,
        };
        Self {
            registration: registration.to_owned(),
            staff_factor: staff_factor.to_owned(),
            publisher_factor: if rules.publisher_factor { "yes" } else { "no" }.to_owned(),
            on_block: on_block.to_owned(),
            token_days: rules.token_days_max.to_string(),
        }
    }

    fn input(&self) -> set_policy::SetPolicyInput {
        let registration = match self.registration.as_str() {
            "OPEN" => Some(set_policy::Registration::OPEN),
            "INVITE" => Some(set_policy::Registration::INVITE),
            "CLOSED" => Some(set_policy::Registration::CLOSED),
            _ => None,
        };
        let staff_factor = match self.staff_factor.as_str() {
            "AUTO" => Some(set_policy::StaffFactor::AUTO),
            "ALWAYS" => Some(set_policy::StaffFactor::ALWAYS),
            "NEVER" => Some(set_policy::StaffFactor::NEVER),
            _ => None,
        };
        let on_block = match self.on_block.as_str() {
            "KEEP" => Some(set_policy::OnBlock::KEEP),
            "REVIEW" => Some(set_policy::OnBlock::REVIEW),
            "UNAPPROVE" => Some(set_policy::OnBlock::UNAPPROVE),
            _ => None,
        };
        let publisher_factor = match self.publisher_factor.as_str() {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        };
        // What is no number is refused as one that cannot be.
        let days = Some(self.token_days.trim()).filter(|text| !text.is_empty());
        let token_days_max = days.map(|text| text.parse().unwrap_or(0));
        set_policy::SetPolicyInput {
            idempotency_key: None,
            on_block,
            publisher_factor,
            registration,
            staff_factor,
            token_days_max,
        }
    }
}

pub(super) async fn show(staff: Staff) -> Result<Response, Problem> {
    look(&staff.ask, staff.admin, None, Said::default()).await
}

pub(super) async fn change(Signed(ask): Signed, Form(form): Form<PolicyForm>) -> Result<Response, Problem> {
    let variables = set_policy::Variables { input: form.input() };
    match deed::<SetPolicy>(&ask, variables).await? {
        Ok(told) => Ok(ask.go("/staff/settings/", Some(Done::PolicySet), told.position)),
        Err(said) => look(&ask, true, Some(form), said).await,
    }
}

async fn look(ask: &Ask, admin: bool, typed: Option<PolicyForm>, said: Said) -> Result<Response, Problem> {
    let site = ask.query::<StaffSettings>(staff_settings::Variables {}).await?.site;
    let form = typed.unwrap_or_else(|| PolicyForm::of(&site.policy));
    let since = |of: fn(&PolicyForm) -> &str| since(&site.policy, &site.changes, of);
    let rule = |choices: &[(&'static str, &'static str)], of: fn(&PolicyForm) -> &str| Rule {
        choices: choices
            .iter()
            .map(|(word, label)| Choice { word, label, chosen: of(&form) == *word })
            .collect(),
        since: since(of),
    };
    let page = SettingsPage {
        frame: ask.frame(Part::Staff),
        tab: "settings",
        admin,
        problem: said.problem.clone(),
        staff: u64::try_from(site.staff).unwrap_or(0),
        admins: u64::try_from(site.admins).unwrap_or(0),
        staff_needs_factor: site.staff_needs_factor,
        registration: rule(&REGISTRATION, |form| &form.registration),
        staff_factor: rule(&STAFF_FACTOR, |form| &form.staff_factor),
        publisher_factor: rule(&PUBLISHER_FACTOR, |form| &form.publisher_factor),
        on_block: rule(&ON_BLOCK, |form| &form.on_block),
        token_days_since: since(|form| &form.token_days),
        token_days: form.token_days.clone(),
        facts: Facts::of(site.program_version, site.features, &site.limits),
    };
    Ok(page_with(said.status(), &page))
}

impl Facts {
    fn of(
        program: Option<String>,
        features: StaffSettingsSiteFeatures,
        limits: &StaffSettingsSiteLimits,
    ) -> Self {
        Self {
            program,
            base_url: features.base_url,
            sends_mail: features.sends_mail,
            knows_countries: features.knows_countries,
            directory: features.directory,
            providers: features.providers.into_iter().map(|provider| provider.title).collect(),
            package: Bytes(limits.package_bytes_max),
            unpacked: Bytes(limits.unpacked_bytes_max),
            entries: Count(limits.package_entries_max),
            icon: Bytes(limits.icon_bytes_max),
        }
    }
}

/// The change that made a rule what it is; none if it is as it was at the beginning, or has been longer than is told.
fn since(now: &Rules, changes: &[StaffSettingsSiteChanges], of: fn(&PolicyForm) -> &str) -> Option<Since> {
    let now = PolicyForm::of(now);
    let told = changes.iter().filter_map(|change| Some((change, PolicyForm::of(change.policy.as_ref()?))));
    let same = told.take_while(|(_, then)| of(then) == of(&now));
    same.last().map(|(change, _)| Since {
        position: change.position,
        at: Day(change.at),
        by: match &change.by {
            Some(account) => account.name.clone().unwrap_or_else(|| "a forgotten account".to_owned()),
            None => "the operator".to_owned(),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing::{self, HOSTILE};

    fn rules(token_days_max: i64) -> Rules {
        Rules {
            registration: Registration::OPEN,
            staff_factor: StaffFactor::AUTO,
            publisher_factor: false,
            on_block: OnBlock::KEEP,
            token_days_max,
        }
    }

    fn change(position: u64, token_days_max: i64) -> StaffSettingsSiteChanges {
        StaffSettingsSiteChanges {
            position,
            at: "2026-03-04T05:06:07Z".parse().unwrap(),
            by: None,
            policy: Some(rules(token_days_max)),
        }
    }

    #[test]
    fn a_rule_holds_since_the_change_that_made_it_so() {
        let changes = [change(9, 30), change(7, 30), change(5, 60), change(3, 30)];
        let days = since(&rules(30), &changes, |form| &form.token_days).unwrap();
        assert_eq!(days.position, 7);
        let door = since(&rules(30), &changes, |form| &form.registration).unwrap();
        assert_eq!(door.position, 3);
        assert!(since(&rules(30), &[], |form| &form.token_days).is_none());
    }

    #[test]
    fn a_form_sends_what_it_shows_and_no_word_of_its_own() {
        let input = PolicyForm::of(&rules(30)).input();
        assert_eq!((input.token_days_max, input.publisher_factor), (Some(30), Some(false)));
        let strange =
            PolicyForm { registration: HOSTILE.into(), token_days: "soon".into(), ..PolicyForm::default() };
        let input = strange.input();
        assert!(input.registration.is_none() && input.token_days_max == Some(0));
    }

    #[test]
    fn who_is_no_admin_reads_and_an_admin_is_told_what_was_wrong() {
        let rule = || Rule {
            choices: vec![Choice { word: "OPEN", label: "Everybody", chosen: true }],
            since: Some(Since { position: 3, at: Day(change(3, 1).at), by: HOSTILE.into() }),
        };
        let page = |admin| SettingsPage {
            frame: testing::frame(Part::Staff),
            tab: "settings",
            admin,
            problem: Some(HOSTILE.into()),
            staff: 2,
            admins: 1,
            staff_needs_factor: true,
            registration: rule(),
            staff_factor: rule(),
            publisher_factor: rule(),
            on_block: rule(),
            token_days: HOSTILE.into(),
            token_days_since: None,
            facts: Facts {
                program: Some(HOSTILE.into()),
                base_url: HOSTILE.into(),
                sends_mail: true,
                knows_countries: false,
                directory: Some(HOSTILE.into()),
                providers: vec![HOSTILE.into()],
                package: Bytes(25_000_000),
                unpacked: Bytes(25_000_000),
                entries: Count(1_000),
                icon: Bytes(1_000),
            },
        };
        let html = page(true).render().unwrap();
        assert!(html.contains("<button>") && html.contains("role=\"alert\""), "{html}");
        testing::is_tame(&html);
        let html = page(false).render().unwrap();
        assert!(!html.contains("<button>") && html.contains("Only admins"), "{html}");
        testing::is_tame(&html);
    }
}
