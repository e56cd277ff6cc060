//! The numbers of a chart, where somebody points at it.

use crate::browser::{Browser, Scripts};
use crate::site::site;
use crate::visitor::two_plugins;
use cairn_store::Engine;
use cairn_store::testing::run;
use fantoccini::actions::{InputSource, MouseActions, PointerAction};
use fantoccini::key::Key;

/// The last line of the table below the chart, and what shows at the pointer.
const LAST: &str = "[...document.querySelector('[data-chart] tbody tr:last-child').cells].map((it) => it.textContent).join(' ')";
const SHOWN: &str = "document.querySelector('[data-chart] .tip:not([hidden])')";

#[test]
fn a_chart_tells_its_numbers_to_pointers_and_to_keys() {
    run(Engine::Sqlite, |t| async move {
        let Some(browser) = Browser::ready(Scripts::Run).await else { return };
        let app = site(&t).await;
        two_plugins(&app).await;
        app.settle().await;
        for _ in 0..7 {
            app.stranger().get("/plugins/lasso/version/1.0.0/download/").await;
        }
        app.settle_downloads().await;
        let story = async {
            browser.open_page(&format!("{}/plugins/lasso/statistics/", app.base)).await;
            browser.by_pointer().await;
            browser.open_page(&format!("{}/plugins/lasso/statistics/", app.base)).await;
            browser.by_keys().await;
        };
        browser.tells("chart", story).await;
    });
}

impl Browser {
    async fn by_pointer(&self) {
        let plot = self.finds("[data-chart] .plot").await;
        self.value("document.querySelector('[data-chart] .plot').scrollIntoView({ block: 'center' })").await;
        assert_eq!(self.value(&format!("{SHOWN} === null")).await, true, "nothing is pointed at");
        let (_, _, width, _) = plot.rectangle().await.unwrap();
        for (x, last) in [(width / 2.0 - 2.0, true), (2.0 - width / 2.0, false)] {
            let to =
                PointerAction::MoveToElement { element: plot.clone(), duration: None, x: x.trunc(), y: 0.0 };
            self.client.perform_actions(MouseActions::new("mouse".to_owned()).then(to)).await.unwrap();
            self.comes_true(SHOWN).await;
            let at_last = format!("{SHOWN}.innerText.replace('\\n', ' ') === {LAST}");
            assert_eq!(
                self.value(&at_last).await,
                last,
                "{:?}",
                self.value(&format!("{SHOWN}.innerText")).await
            );
        }
        let away = PointerAction::MoveTo { duration: None, x: 5.0, y: 5.0 };
        self.client.perform_actions(MouseActions::new("mouse".to_owned()).then(away)).await.unwrap();
        self.comes_true(&format!("{SHOWN} === null")).await;
    }

    async fn by_keys(&self) {
        self.tabs_to(|focus| focus.name.ends_with("walk with the arrow keys")).await;
        self.comes_true(SHOWN).await;
        let shown = self.value(&format!("{SHOWN}.innerText")).await;
        assert!(shown.as_str().unwrap().contains('7'), "the last day is told first: {shown}");
        self.hits(Key::Left).await;
        self.comes_true(&format!("{SHOWN}.innerText !== {shown}")).await;
        let told = self.value("document.querySelector('[data-chart] [role=status]').innerText").await;
        let before = self.value(&format!("{SHOWN}.innerText.replace(/\\n/g, ', ')")).await;
        assert_eq!(told, before, "whoever does not see it hears it");
        self.hits(Key::Escape).await;
        self.comes_true(&format!("{SHOWN} === null")).await;
    }
}
