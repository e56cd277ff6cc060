//! `/`: what this repository is, how to add it to QGIS, and what is new in it.

use crate::card::{Card, cards};
use crate::frame::{Frame, Part};
use crate::page::page;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use cairn_api::problem::Problem;
use cairn_api::{App, RequestId};
use cairn_projections::Read;
use cairn_projections::catalogue::{Plugin, PluginFilter, PluginOrder, plugins};
use cairn_store::Result;

/// How many plugins each list shows.
const PLUGINS_SHOWN: u32 = 5;

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    frame: Frame,
    newest: Vec<Card>,
    most_downloaded: Vec<Card>,
}

pub(super) async fn show(State(app): State<App>, request: RequestId) -> Result<Response, Problem> {
    let home = look(&app).await.map_err(|fault| Problem::store(fault, &request))?;
    Ok(page(&home))
}

async fn look(app: &App) -> Result<HomePage> {
    let frame = Frame::of(app, Part::Home);
    let mut read = app.projections.read().await?;
    let newest = first_by(&mut read, PluginOrder::Created).await?;
    let most_downloaded = first_by(&mut read, PluginOrder::Downloads).await?;
    Ok(HomePage {
        newest: cards(&mut read, &frame, &newest).await?,
        most_downloaded: cards(&mut read, &frame, &most_downloaded).await?,
        frame,
    })
}

async fn first_by(read: &mut Read, order: PluginOrder) -> Result<Vec<Plugin>> {
    let listed = plugins(read, &PluginFilter::default(), order, PLUGINS_SHOWN, None).await?;
    Ok(listed.plugins.into_iter().map(|(_, plugin)| plugin).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing::{self, HOSTILE};

    #[test]
    fn an_empty_repository_teaches_how_to_fill_it() {
        let html = HomePage { frame: testing::frame(Part::Home), newest: vec![], most_downloaded: vec![] }
            .render()
            .unwrap();
        assert!(html.contains("value=\"https://example.org/qgis/plugins/plugins.xml\""), "{html}");
        assert!(html.contains("https://example.org/qgis/plugins/api/PACKAGE/version/add/"), "{html}");
        assert!(!html.contains("Most downloaded"), "{html}");
    }

    #[test]
    fn plugins_are_shown_and_their_texts_do_nothing() {
        let card = testing::card(HOSTILE);
        let home = HomePage {
            frame: testing::frame(Part::Home),
            newest: vec![card.clone()],
            most_downloaded: vec![card],
        };
        let html = home.render().unwrap();
        assert!(html.contains("Most downloaded") && html.contains("12\u{202f}345 downloads"), "{html}");
        testing::is_tame(&html);
    }
}
