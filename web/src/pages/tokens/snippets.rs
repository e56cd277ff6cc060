//! What people paste into their CI, with the addresses and names of this repository and this plugin in it.

/// A recipe, ready to be pasted.
#[derive(Debug, Clone)]
pub(super) struct Snippet {
    /// What it is for.
    pub(super) title: &'static str,
    /// What else has to be done, in one sentence.
    pub(super) hint: &'static str,
    /// The text.
    pub(super) text: String,
}

/// The recipes of one plugin.
#[derive(Debug, Clone)]
pub(super) struct Snippets {
    /// For trusted publishers, which keep no secret.
    pub(super) trusted: Vec<Snippet>,
    /// For whoever keeps a token.
    pub(super) with_token: Vec<Snippet>,
}

const SECRET: &str = "Keep the token as the secret CAIRN_TOKEN of your repository.";

impl Snippets {
    /// With the site's address, the package name, and for whom identity tokens are made.
    pub(super) fn of(base: &str, package: &str, audience: &str) -> Self {
        let trusted = vec![
            Snippet {
                title: "GitHub Actions",
                hint: "Save it as .github/workflows/release.yml, and name that file above.",
                text: actions_trusted(base, package, audience),
            },
            Snippet {
                title: "GitLab CI",
                hint: "Put it into .gitlab-ci.yml, and name that file and your GitLab above.",
                text: gitlab_trusted(base, package, audience),
            },
        ];
        let with_token = vec![
            Snippet {
                title: "A terminal",
                hint: "TOKEN is the token that you made.",
                text: curl(base, package, "$TOKEN"),
            },
            Snippet { title: "GitHub Actions", hint: SECRET, text: actions_with_token(base, package) },
            Snippet {
                title: "GitLab CI",
                hint: "Keep the token as the masked variable CAIRN_TOKEN of your project.",
                text: gitlab_with_token(base, package),
            },
            Snippet { title: "qgis-plugin-ci", hint: SECRET, text: plugin_ci(base) },
        ];
        Self { trusted, with_token }
    }
}

/// Publishing by a token that somebody keeps, from a terminal.
pub(super) fn curl(base: &str, package: &str, token: &str) -> String {
    format!(
        "curl --fail-with-body -H \"Authorization: Bearer {token}\" \\\n  -F package=@{package}.zip \\\n  {base}/plugins/api/{package}/version/add/"
    )
}

/// Publishing by a token that somebody keeps, from GitHub Actions.
pub(super) fn actions_with_token(base: &str, package: &str) -> String {
    let upload = format!("{base}/plugins/api/{package}/version/add/");
    format!(
        r#"on:
  push:
    tags: ["v*"]

jobs:
  publish:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: git archive --prefix={package}/ --output={package}.zip HEAD:{package}
      - env:
          TOKEN: ${{{{ secrets.CAIRN_TOKEN }}}}
        run: curl --fail-with-body -H "Authorization: Bearer $TOKEN" -F package=@{package}.zip {upload}
"#
    )
}

/// Publishing from GitHub Actions without any kept secret.
pub(super) fn actions_trusted(base: &str, package: &str, audience: &str) -> String {
    format!(
        r#"on:
  push:
    tags: ["v*"]

jobs:
  publish:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      id-token: write
    steps:
      - uses: actions/checkout@v4
      - run: git archive --prefix={package}/ --output={package}.zip HEAD:{package}
      - run: |
          identity=$(curl --fail -sS -H "Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" \
            "$ACTIONS_ID_TOKEN_REQUEST_URL&audience={audience}" | jq -r .value)
          token=$(jq -n --arg token "$identity" '{{package: "{package}", token: $token}}' |
            curl --fail-with-body -sS -H "Content-Type: application/json" -d @- \
              {base}/plugins/api/publish/exchange/ | jq -r .token)
          echo "::add-mask::$token"
          curl --fail-with-body -H "Authorization: Bearer $token" -F package=@{package}.zip \
            {base}/plugins/api/{package}/version/add/
"#
    )
}

/// Publishing from GitLab CI without any kept secret.
fn gitlab_trusted(base: &str, package: &str, audience: &str) -> String {
    format!(
        r#"publish:
  image: alpine:3
  rules:
    - if: $CI_COMMIT_TAG
  id_tokens:
    IDENTITY:
      aud: {audience}
  script:
    - apk add --no-cache curl git jq
    - git archive --prefix={package}/ --output={package}.zip HEAD:{package}
    - |
      token=$(jq -n --arg token "$IDENTITY" '{{package: "{package}", token: $token}}' |
        curl --fail-with-body -sS -H "Content-Type: application/json" -d @- \
          {base}/plugins/api/publish/exchange/ | jq -r .token)
    - curl --fail-with-body -H "Authorization: Bearer $token" -F package=@{package}.zip
      {base}/plugins/api/{package}/version/add/
"#
    )
}

/// Publishing by a token that somebody keeps, from GitLab CI.
fn gitlab_with_token(base: &str, package: &str) -> String {
    format!(
        r#"publish:
  image: alpine:3
  rules:
    - if: $CI_COMMIT_TAG
  script:
    - apk add --no-cache curl git
    - git archive --prefix={package}/ --output={package}.zip HEAD:{package}
    - curl --fail-with-body -H "Authorization: Bearer $CAIRN_TOKEN" -F package=@{package}.zip
      {base}/plugins/api/{package}/version/add/
"#
    )
}

/// Publishing by qgis-plugin-ci, which makes the zip by itself; a token is as good as a password there.
fn plugin_ci(base: &str) -> String {
    format!(
        r#"      - run: pip install qgis-plugin-ci
      - env:
          TOKEN: ${{{{ secrets.CAIRN_TOKEN }}}}
        run: |
          qgis-plugin-ci release "${{GITHUB_REF_NAME#v}}" \
            --alternative-repo-url {base}/plugins/RPC2/ \
            --osgeo-username token --osgeo-password "$TOKEN"
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pasted_names_this_repository_and_this_plugin() {
        let base = "https://plugins.example.org";
        let Snippets { trusted, with_token } = Snippets::of(base, "lasso", "plugins.example.org");
        for Snippet { text, title, .. } in trusted.iter().chain(&with_token) {
            if *title == "qgis-plugin-ci" {
                assert!(text.contains("https://plugins.example.org/plugins/RPC2/"), "{text}");
                assert!(text.contains("\"${GITHUB_REF_NAME#v}\""), "{text}");
                continue;
            }
            assert!(text.contains("https://plugins.example.org/plugins/api/lasso/version/add/"), "{text}");
            assert!(text.contains("package=@lasso.zip"), "{text}");
        }
        assert!(actions_with_token(base, "lasso").contains("${{ secrets.CAIRN_TOKEN }}"));
        for Snippet { text, .. } in &trusted {
            assert!(text.contains(r#"'{package: "lasso", token: $token}'"#), "{text}");
            assert!(text.contains("plugins.example.org/plugins/api/publish/exchange/"), "{text}");
        }
        let actions = &trusted[0].text;
        assert!(actions.contains("id-token: write") && actions.contains("audience=plugins.example.org"));
        assert!(trusted[1].text.contains("aud: plugins.example.org"));
    }
}
