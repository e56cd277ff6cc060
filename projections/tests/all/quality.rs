//! Whether people find what they look for, on the real list of plugins of February 2024: written questions, each with the plugin that
//! must be among the first three, asked of both engines, which must give the very same answers.

use crate::real_list;
use crate::support::House;
use cairn_projections::catalogue::{
    self, CountedList, CountedOrder, ListOrder, Plugin, PluginFilter, PluginOrder, Window,
};
use cairn_store::both;
use std::fmt::Write as _;
use std::path::Path;

/// Questions and the package that each is about.
const PAIRS: [(&str, &str); 50] = [
    // names, in the ways people write them
    ("quickmapservices", "quick_map_services"),
    ("quick map services", "quick_map_services"),
    ("Quick Map", "quick_map_services"),
    ("QuickOSM", "QuickOSM"),
    ("quick osm", "QuickOSM"),
    ("semi automatic classification", "SemiAutomaticClassificationPlugin"),
    ("semi-automatic", "SemiAutomaticClassificationPlugin"),
    ("lat lon", "latlontools"),
    ("profile tool", "profiletool"),
    ("google earth engine", "ee_plugin"),
    ("street view", "StreetView"),
    ("point sampling", "pointsamplingtool"),
    ("visibility analysis", "ViewshedAnalysis"),
    ("plugin builder", "pluginbuilder3"),
    ("raster tool", "rastertool"),
    ("smart map", "Smart_Map"),
    // package names
    ("qgis2web", "qgis2web"),
    ("qgis 2 web", "qgis2web"),
    ("ee_plugin", "ee_plugin"),
    ("slyr_community", "slyr_community"),
    ("qgis_resource_sharing", "qgis_resource_sharing"),
    // beginnings, as while typing
    ("qfie", "qfieldsync"),
    ("mmq", "mmqgis"),
    ("timema", "timemanager"),
    ("datap", "DataPlotly"),
    ("digitizing to", "DigitizingTools"),
    // accents, with and without
    ("geobretagne", "geobretagne"),
    ("GéoBretagne", "geobretagne"),
    ("veloroutes", "veloroutes_voies_vertes"),
    ("raumlicher filter", "spatial_filter"),
    ("weissflächen", "weissflaechenkartierung"),
    ("usluga lokalizacji dzialek", "uldk_gugik"),
    // what a plugin is for: tags and texts
    ("openstreetmap download", "QuickOSM"),
    ("spreadsheet excel", "SpreadsheetLayers"),
    ("georeference raster freehand", "FreehandRasterGeoreferencer"),
    ("pivot table", "GroupStats"),
    ("3d printing", "DEMto3D"),
    ("nominatim", "nominatim"),
    ("lidar point clouds", "LAStools"),
    // authors
    ("luca congedo", "SemiAutomaticClassificationPlugin"),
    ("anita graser", "timemanager"),
    ("zoran cuckovic", "ViewshedAnalysis"),
    ("hamilton kml", "kmltools"),
    ("camptocamp", "SpreadsheetLayers"),
    // slips
    ("quickmapservces", "quick_map_services"),
    ("semi automatic clasification", "SemiAutomaticClassificationPlugin"),
    ("gogle earth engine", "ee_plugin"),
    ("qgis2wbe", "qgis2web"),
    ("azimut and distnace", "qgsAzimuth"),
    ("spredsheet layers", "SpreadsheetLayers"),
];

/// How many answers the two engines are compared by.
const COMPARED: u32 = 10;

/// All orders there are.
const ORDERS: [PluginOrder; 10] = [
    PluginOrder::Relevance,
    PluginOrder::Name,
    PluginOrder::Downloads,
    PluginOrder::RecentDownloads,
    PluginOrder::Popular,
    PluginOrder::Created,
    PluginOrder::Updated,
    PluginOrder::Rating,
    PluginOrder::Votes,
    PluginOrder::Id,
];

fn packages<'a>(plugins: impl IntoIterator<Item = &'a Plugin>) -> Vec<&'a str> {
    plugins.into_iter().map(|plugin| plugin.package.as_str()).collect()
}

async fn listed(house: &House, filter: &PluginFilter, order: ListOrder) -> (u64, Vec<Plugin>) {
    let mut read = house.projections.read().await.unwrap();
    let found = catalogue::plugins(&mut read, filter, order, &Window::first(COMPARED)).await.unwrap();
    (found.total.unwrap(), found.plugins.into_iter().map(|(_, plugin)| plugin).collect())
}

fn counted(list: &CountedList) -> String {
    let each = list.items.iter().map(|(_, item)| format!("{} ({})", item.name, item.plugins));
    format!("{}: {}", list.total.unwrap(), each.collect::<Vec<_>>().join(", "))
}

/// Both engines are held to one file, so that neither can drift.
fn same_as_written(answers: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/all/answers.txt");
    #[expect(clippy::disallowed_methods, reason = "a switch for developers, not a setting")]
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, answers).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    let differing = answers.lines().zip(written.lines()).find(|(one, other)| one != other);
    assert!(
        written == answers,
        "other answers than written: UPDATE=1 cargo test -p cairn-projections quality, and look at each; first at {differing:?}"
    );
}

/// The list of a tag that every plugin has is the list of all plugins, page by page.
async fn a_tag_of_all_narrows_nothing(house: &House) {
    let tag = Some(real_list::TAG_OF_ALL.parse().unwrap());
    let tagged = PluginFilter { tag, ..PluginFilter::default() };
    let mut read = house.projections.read().await.unwrap();
    for by in ORDERS {
        for backward in [false, true] {
            let mut window = Window { backward, ..Window::first(100) };
            for _ in 0..3 {
                let order = ListOrder::by(by);
                let all =
                    catalogue::plugins(&mut read, &PluginFilter::default(), order, &window).await.unwrap();
                let found = catalogue::plugins(&mut read, &tagged, order, &window).await.unwrap();
                assert_eq!(found, all, "{by:?}, backward: {backward}");
                let end = if backward { found.plugins.first() } else { found.plugins.last() };
                window.from = end.map(|(cursor, _)| cursor.clone());
            }
        }
    }
}

both!(people_find_what_they_look_for_among_the_first_three, |t| {
    let house = House::new(&t).await;
    real_list::happened(&house, &t).await;
    let (mut answers, mut missed) = (String::new(), Vec::new());
    for (text, wanted) in PAIRS {
        let filter = PluginFilter { text: Some(text.into()), ..PluginFilter::default() };
        let (total, found) = listed(&house, &filter, ListOrder::by(PluginOrder::Relevance)).await;
        let found = packages(&found);
        if !found.iter().take(3).any(|package| *package == wanted) {
            missed.push(format!("{text}: {wanted} is not among {found:?}"));
        }
        writeln!(answers, "{text}, {total}: {}", found.join(" ")).unwrap();
    }
    for by in ORDERS {
        for reversed in [false, true] {
            let (_, found) = listed(&house, &PluginFilter::default(), ListOrder { by, reversed }).await;
            writeln!(answers, "{by:?} reversed {reversed}: {}", packages(&found).join(" ")).unwrap();
        }
    }
    a_tag_of_all_narrows_nothing(&house).await;
    let mut read = house.projections.read().await.unwrap();
    for text in ["q", "qui", "raster cal", "osm", "gogle"] {
        let suggested = catalogue::suggest(&mut read, text, 5).await.unwrap();
        writeln!(answers, "suggested for {text}: {}", packages(&suggested).join(" ")).unwrap();
    }
    for order in [CountedOrder::Name, CountedOrder::Count] {
        for backward in [false, true] {
            let window = Window { backward, ..Window::first(8) };
            let tags = catalogue::tags(&mut read, None, order, &window).await.unwrap();
            writeln!(answers, "tags by {order:?}, {}", counted(&tags)).unwrap();
            let authors = catalogue::authors(&mut read, None, order, &window).await.unwrap();
            writeln!(answers, "authors by {order:?}, {}", counted(&authors)).unwrap();
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
    same_as_written(&answers);
});
