//! What people paste into their CI, with the addresses and names of this repository and this plugin in it.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pasted_names_this_repository_and_this_plugin() {
        let base = "https://plugins.example.org";
        for text in [
            curl(base, "lasso", "cairn_1"),
            actions_with_token(base, "lasso"),
            actions_trusted(base, "lasso", "plugins.example.org"),
        ] {
            assert!(text.contains("https://plugins.example.org/plugins/api/lasso/version/add/"), "{text}");
            assert!(text.contains("package=@lasso.zip"), "{text}");
        }
        assert!(actions_with_token(base, "lasso").contains("${{ secrets.CAIRN_TOKEN }}"));
        let trusted = actions_trusted(base, "lasso", "plugins.example.org");
        assert!(trusted.contains("id-token: write") && trusted.contains("audience=plugins.example.org"));
        assert!(trusted.contains(r#"'{package: "lasso", token: $token}'"#), "{trusted}");
    }
}
