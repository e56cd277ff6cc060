//! `[[oidc]]`: identity providers.

use super::HIDDEN;
use anyhow::{Context, bail};
use cairn_outside::http::Outgoing;
use cairn_outside::oidc::{Provider, ProviderSettings};
use serde::{Deserialize, Serialize};
use std::fmt;
use url::Url;

/// The most providers; each is a button on the sign-in page.
pub const PROVIDERS_MAX: usize = 20;

/// The table of one provider as it is written. Its Debug output hides the secret.
#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct OidcTable {
    /// What the provider is called in addresses.
    pub name: String,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its address, exactly as it calls itself.
    pub issuer: String,
    /// The name it knows us by.
    pub client_id: String,
    /// What proves it; none for a public client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<String>,
    /// What is asked for besides `openid`.
    #[serde(default = "default_scopes")]
    pub scopes: Vec<String>,
    /// The claim that has a person's groups.
    #[serde(default = "default_groups_claim")]
    pub groups_claim: String,
    /// Groups whose members are staff.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub staff_groups: Vec<String>,
    /// Groups whose members are trusted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trusted_groups: Vec<String>,
    /// Whoever it vouches for gets an account, whatever the policy says of signing up.
    #[serde(default)]
    pub registers: bool,
}

fn default_scopes() -> Vec<String> {
    vec!["profile".into(), "email".into()]
}

fn default_groups_claim() -> String {
    "groups".into()
}

impl fmt::Debug for OidcTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("OidcTable");
        out.field("name", &self.name).field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

impl OidcTable {
    /// What people call the provider.
    pub fn title(&self) -> &str {
        self.title.as_deref().unwrap_or(&self.name)
    }

    /// Where it sends people back to: this must be registered with it.
    pub fn redirect_url(&self, base_url: &Url) -> String {
        format!("{}/account/oidc/{}/callback", base_url.as_str().trim_end_matches('/'), self.name)
    }

    /// The provider, which is not asked yet.
    pub fn open(&self, base_url: &Url, http: Outgoing) -> anyhow::Result<Provider> {
        let settings = ProviderSettings {
            issuer: self.issuer.clone(),
            client_id: self.client_id.clone(),
            client_secret: self.client_secret.clone(),
            redirect_url: self.redirect_url(base_url),
            scopes: self.scopes.clone(),
            groups_claim: self.groups_claim.clone(),
        };
        Provider::new(settings, http).with_context(|| format!("[[oidc]] {}", self.name))
    }

    /// The table with its secret hidden.
    pub(super) fn shown(&self) -> Self {
        let client_secret = self.client_secret.as_ref().map(|_| HIDDEN.to_owned());
        Self { client_secret, ..self.clone() }
    }
}

/// The tables with secrets from elsewhere, each `NAME=SECRET`, after all of them were found to make sense.
pub(super) fn checked(mut tables: Vec<OidcTable>, secrets: &[String]) -> anyhow::Result<Vec<OidcTable>> {
    if tables.len() > PROVIDERS_MAX {
        bail!("there are more than {PROVIDERS_MAX} [[oidc]] tables");
    }
    for secret in secrets {
        let (name, secret) = secret.split_once('=').context("oidc_client_secret: write it as NAME=SECRET")?;
        let table = tables.iter_mut().find(|table| table.name == name);
        let table = table.with_context(|| format!("oidc_client_secret: there is no [[oidc]] {name}"))?;
        table.client_secret = Some(secret.to_owned());
    }
    for (at, table) in tables.iter().enumerate() {
        check(table).with_context(|| format!("[[oidc]] {}", table.name))?;
        if tables.iter().take(at).any(|other| other.name == table.name || other.issuer == table.issuer) {
            bail!("[[oidc]] {}: another one has this name or issuer", table.name);
        }
    }
    Ok(tables)
}

fn check(table: &OidcTable) -> anyhow::Result<()> {
    super::check_name(&table.name)?;
    let issuer: Url = table.issuer.parse().context("issuer")?;
    if !matches!(issuer.scheme(), "https" | "http") {
        bail!("issuer: {issuer} is not an http or https address");
    }
    if table.client_id.is_empty() || table.client_secret.as_deref() == Some("") {
        bail!("client_id and client_secret must not be empty");
    }
    let groups = table.staff_groups.iter().chain(&table.trusted_groups);
    if groups.into_iter().any(String::is_empty) {
        bail!("a group has an empty name");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &str) -> OidcTable {
        let text = format!("name = '{name}'\nissuer = 'https://{name}.example.org'\nclient_id = 'cairn'");
        toml::from_str(&text).unwrap()
    }

    #[test]
    fn a_few_lines_suffice_and_tell_where_people_come_back() {
        let tables = checked(vec![table("keycloak")], &["keycloak=a=b".into()]).unwrap();
        let only = &tables[0];
        assert_eq!((only.title(), only.registers), ("keycloak", false));
        assert_eq!(only.client_secret.as_deref(), Some("a=b"));
        let base = "https://plugins.example.org/qgis/".parse().unwrap();
        assert_eq!(
            only.redirect_url(&base),
            "https://plugins.example.org/qgis/account/oidc/keycloak/callback"
        );
        let shown = format!("{only:?}{}", toml::to_string(&only.shown()).unwrap());
        assert!(!shown.contains("a=b") && shown.contains(HIDDEN), "{shown}");
    }

    #[test]
    fn what_cannot_work_is_told_before_anybody_signs_in() {
        let told = |tables: Vec<OidcTable>, secrets: &[String]| {
            format!("{:#}", checked(tables, secrets).unwrap_err())
        };
        let changed = |change: fn(&mut OidcTable)| {
            let mut table = table("a");
            change(&mut table);
            told(vec![table], &[])
        };
        assert!(told(vec![table("a"), table("a")], &[]).contains("another one"));
        assert!(told(vec![table("a")], &["b=c".into()]).contains("no [[oidc]] b"));
        assert!(told(vec![table("a")], &["b".into()]).contains("NAME=SECRET"));
        assert!(changed(|table| table.name = "a b".into()).contains("name"));
        assert!(changed(|table| table.issuer = "ftp://x".into()).contains("not an http"));
        assert!(changed(|table| table.client_id.clear()).contains("empty"));
        assert!(changed(|table| table.staff_groups = vec![String::new()]).contains("empty name"));
        let many = |count: usize| (0..count).map(|one| table(&format!("p{one}"))).collect::<Vec<_>>();
        assert!(checked(many(PROVIDERS_MAX), &[]).is_ok());
        assert!(told(many(PROVIDERS_MAX + 1), &[]).contains("more than 20"));
    }
}
