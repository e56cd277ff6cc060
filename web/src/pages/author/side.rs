//! The menu beside the pages of one's own plugin.

use crate::ask::Ask;
use crate::documents::{SidePage, side_page};
use crate::text::Day;
use cairn_api::problem::Problem;

/// The pages of a plugin that its owners have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::pages) enum Menu {
    /// Its versions.
    Versions,
    /// Uploading another.
    Add,
    /// Tags and the like.
    Edit,
    /// Who owns it.
    Owners,
    /// Tokens and trusted publishers.
    Tokens,
    /// Advising against it.
    Deprecate,
    /// Hiding it, and bringing it back.
    Delete,
}

/// A plugin as the menu shows it.
#[derive(Debug, Clone)]
pub(in crate::pages) struct Side {
    /// The package name.
    pub(in crate::pages) package: String,
    /// The name people see.
    pub(in crate::pages) name: String,
    /// For the place of a missing picture.
    pub(in crate::pages) initial: String,
    /// The address of its icon.
    pub(in crate::pages) icon: Option<String>,
    /// Owners or staff advise against it, for this reason and with that in its place.
    pub(in crate::pages) deprecated: Option<(Option<String>, Option<String>)>,
    /// It is hidden; until when it can be restored, unless it is gone for good.
    #[expect(clippy::option_option, reason = "whether it is hidden, and whether that ends by a time")]
    pub(in crate::pages) deleted: Option<Option<Day>>,
    pub(super) menu: Menu,
}

impl Side {
    pub(in crate::pages) fn is(&self, menu: Menu) -> bool {
        self.menu == menu
    }

    /// For a page whose plugin need not exist yet, or is not the asker's.
    pub(in crate::pages) async fn look(
        ask: &Ask,
        package: &str,
        menu: Menu,
    ) -> Result<Option<Self>, Problem> {
        let told = ask.query::<SidePage>(side_page::Variables { package: package.to_owned() }).await?;
        let frame = ask.frame(crate::frame::Part::Publish);
        Ok(told
            .plugin
            .filter(|plugin| plugin.waiting_versions.is_some())
            .map(|plugin| Self::from((&frame, plugin, menu))))
    }
}

/// Lets the menu be made of the fragment `Side` in a document, given the module of the document:
///
/// ```graphql
/// fragment Side on Plugin {
///   package name iconUrl waitingVersions deprecated deprecation { reason successor } deletion { reason restorableUntil }
/// }
/// ```
macro_rules! side_of {
    ($document:ident) => {
        impl From<(&$crate::frame::Frame, $document::Side, $crate::pages::author::side::Menu)>
            for $crate::pages::author::side::Side
        {
            fn from(
                (frame, told, menu): (
                    &$crate::frame::Frame,
                    $document::Side,
                    $crate::pages::author::side::Menu,
                ),
            ) -> Self {
                let first = told.name.chars().find(|c| c.is_alphanumeric());
                Self::made(
                    first.map(|c| c.to_uppercase().to_string()).unwrap_or_default(),
                    told.icon_url.as_deref().map(|address| frame.local(address)),
                    told.deprecation.map(|told| (told.reason, told.successor)),
                    told.deletion.map(|told| told.restorable_until.map($crate::text::Day)),
                    (told.package, told.name),
                    menu,
                )
            }
        }

        impl $crate::pages::author::side::Owned for $document::Side {
            fn is_ours(&self) -> bool {
                self.waiting_versions.is_some()
            }
        }
    };
}

pub(super) use side_of;

side_of!(side_page);

impl Side {
    #[doc(hidden)]
    #[expect(clippy::option_option, reason = "as in the field")]
    pub(super) fn made(
        initial: String,
        icon: Option<String>,
        deprecated: Option<(Option<String>, Option<String>)>,
        deleted: Option<Option<Day>>,
        (package, name): (String, String),
        menu: Menu,
    ) -> Self {
        Self { package, name, initial, icon, deprecated, deleted, menu }
    }
}

/// What a document says of a plugin's relation to whoever asks.
pub(super) trait Owned {
    /// Whether they own it, or are staff.
    fn is_ours(&self) -> bool;
}

/// Refuses everybody but owners and staff, each in the words that fit.
pub(super) fn ours<P>(
    plugin: Option<P>,
    side: impl Fn(&P) -> &dyn Owned,
    package: &str,
) -> Result<P, Problem> {
    use cairn_domain::Refusal;
    let package = package.chars().take(200).collect::<String>();
    match plugin {
        None => Err(Refusal::PluginUnknown { package }.into()),
        Some(plugin) if side(&plugin).is_ours() => Ok(plugin),
        Some(_) => Err(Refusal::NotOwner { package }.into()),
    }
}

#[cfg(test)]
pub(super) fn lasso(menu: Menu) -> Side {
    use crate::pages::testing::HOSTILE;
    Side {
        package: "lasso".into(),
        name: HOSTILE.into(),
        initial: "<".into(),
        icon: Some("/qgis/icons/00.png".into()),
        deprecated: Some((Some(HOSTILE.into()), Some("rope".into()))),
        deleted: Some(Some(Day("2026-03-04T05:06:07Z".parse().unwrap()))),
        menu,
    }
}
