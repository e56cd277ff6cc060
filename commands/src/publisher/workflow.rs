//! Which workflow somebody means: texts of a form, checked.

use cairn_domain::Refusal;
use cairn_domain::publisher::Workflow;

/// The longest of each text, in bytes. GitHub's and GitLab's own limits are lower.
pub const WORKFLOW_TEXT_BYTES_MAX: usize = 255;

/// The most stars of a ref pattern: each costs a search of the ref.
const STARS_MAX: usize = 8;

/// The workflow of these texts; refused, with the name of the text, when one cannot be of any workflow. Empty optional
/// texts are as if absent.
pub fn workflow(
    issuer: &str,
    repository: &str,
    file: &str,
    environment: Option<&str>,
    ref_pattern: Option<&str>,
) -> Result<Workflow, Refusal> {
    let issuer = text("issuer", issuer)?.trim_end_matches('/').to_owned();
    let repository = text("repository", repository)?;
    let parts = || repository.split('/');
    let is_part = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '+'))
    };
    if parts().count() < 2 || !parts().all(is_part) {
        return Err(Refusal::invalid(
            "repository",
            "is owner/name, or the path of the project, not an address",
        ));
    }
    let file = text("workflow", file)?;
    let is_yaml = [".yml", ".yaml"].iter().any(|end| file.ends_with(end));
    if !is_yaml || file.starts_with('/') || file.split('/').any(|part| matches!(part, "" | "." | "..")) {
        let message = "is the file within the repository, such as .github/workflows/release.yml";
        return Err(Refusal::invalid("workflow", message));
    }
    let given = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let environment = given(environment).map(|name| text("environment", &name)).transpose()?;
    let ref_pattern = given(ref_pattern).map(|pattern| text("ref_pattern", &pattern)).transpose()?;
    if let Some(pattern) = &ref_pattern {
        if !pattern.starts_with("refs/") && !pattern.starts_with('*') {
            let message = "is a full ref in which * stands for any characters, such as refs/tags/v*";
            return Err(Refusal::invalid("ref_pattern", message));
        }
        if pattern.matches('*').count() > STARS_MAX {
            return Err(Refusal::invalid("ref_pattern", format!("has at most {STARS_MAX} stars")));
        }
    }
    Ok(Workflow { issuer, repository, workflow: file, environment, ref_pattern })
}

fn text(field: &str, given: &str) -> Result<String, Refusal> {
    let given = given.trim();
    if given.is_empty() {
        return Err(Refusal::invalid(field, "is missing"));
    }
    if given.len() > WORKFLOW_TEXT_BYTES_MAX {
        return Err(Refusal::invalid(field, format!("has at most {WORKFLOW_TEXT_BYTES_MAX} bytes")));
    }
    if given.chars().any(char::is_control) {
        return Err(Refusal::invalid(field, "is one line without control characters"));
    }
    Ok(given.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CI: &str = "https://ci.example";
    const FILE: &str = ".github/workflows/release.yml";

    fn refused_field(outcome: Result<Workflow, Refusal>) -> String {
        match outcome {
            Err(Refusal::InvalidInput { field, .. }) => field,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_left_empty_is_left_open() {
        let read = workflow("https://ci.example/", " ann/lasso ", FILE, Some(" "), None).unwrap();
        assert_eq!((read.issuer.as_str(), read.repository.as_str()), (CI, "ann/lasso"));
        assert_eq!((read.environment, read.ref_pattern), (None, None));
    }

    #[test]
    fn what_no_workflow_has_is_refused_by_name() {
        for repository in
            ["", "lasso", "https://github.com/ann/lasso", "ann//lasso", "ann/las so", "ann/lasso/"]
        {
            assert_eq!(
                refused_field(workflow(CI, repository, FILE, None, None)),
                "repository",
                "{repository}"
            );
        }
        for file in ["", "release", "/a.yml", "../a.yml", "a//b.yml"] {
            assert_eq!(refused_field(workflow(CI, "ann/lasso", file, None, None)), "workflow", "{file}");
        }
        assert_eq!(refused_field(workflow(CI, "a/b", FILE, Some("a\nb"), None)), "environment");
        assert_eq!(refused_field(workflow(CI, "a/b", FILE, None, Some("v*"))), "ref_pattern");
    }

    #[test]
    fn texts_and_stars_are_bounded() {
        let name = |bytes: usize| format!("a/{}", "b".repeat(bytes - 2));
        assert!(workflow(CI, &name(255), FILE, None, None).is_ok());
        assert_eq!(refused_field(workflow(CI, &name(256), FILE, None, None)), "repository");
        let stars = |count: usize| format!("refs/{}", "a*".repeat(count));
        assert!(workflow(CI, "a/b", FILE, None, Some(&stars(8))).is_ok());
        assert_eq!(refused_field(workflow(CI, "a/b", FILE, None, Some(&stars(9)))), "ref_pattern");
    }
}
