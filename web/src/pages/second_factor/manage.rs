//! `/account/second-factor/`: what an account has besides its password.

use super::me::Me;
use super::{Summary, frame, secret_page};
use crate::ask::Ask;
use crate::frame::Frame;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use cairn_api::problem::Problem;

#[derive(Template)]
#[template(path = "second_factor/manage.html")]
struct ManagePage {
    frame: Frame,
    summary: Summary,
}

pub(super) async fn show(ask: Ask, _me: Me) -> Result<Response, Problem> {
    let summary = Summary::look(&ask).await?;
    Ok(secret_page(StatusCode::OK, &ManagePage { frame: frame(&ask), summary }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Part;
    use crate::pages::second_factor::{Row, Sort};
    use crate::pages::testing::{self, HOSTILE};
    use crate::text::Day;

    fn page(factors: Vec<Row>, codes_left: u64) -> String {
        let frame = testing::frame(Part::Other);
        ManagePage { frame, summary: Summary { factors, codes_left, passkeys: true } }.render().unwrap()
    }

    fn row(label: &str) -> Row {
        let added_at = Day("2026-03-04T05:06:07Z".parse().unwrap());
        Row { id: "f1".into(), label: label.into(), sort: Sort::App, added_at, last_used_at: None }
    }

    #[test]
    fn who_has_none_is_told_why_to_add_one() {
        let html = page(vec![], 0);
        assert!(html.contains("You have none yet") && !html.contains("Recovery codes"), "{html}");
    }

    #[test]
    fn what_people_call_their_factors_does_nothing() {
        let html = page(vec![row(HOSTILE)], 3);
        assert!(html.contains("You have 3 left") && html.contains("/qgis/account/second-factor/f1/remove/"));
        testing::is_tame(&html);
    }

    #[test]
    fn who_has_no_codes_left_is_warned() {
        assert!(page(vec![row("phone")], 0).contains("You have none left"));
    }
}
