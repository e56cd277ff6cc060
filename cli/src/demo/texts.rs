//! What made-up authors write about made-up plugins.

use super::catalogue::Idea;
use super::chance::Chance;

/// What plugins of a theme are good for, and what they can do.
struct Theme {
    name: &'static str,
    intros: [&'static str; 2],
    features: [&'static str; 6],
}

const THEMES: [Theme; 13] = [
    Theme {
        name: "terrain",
        intros: [
            "Elevation models are large, full of holes and never quite where they should be. This plugin was written in a \
             survey office that works with them every day, and it takes the dull part of that work away.",
            "It reads any elevation raster that QGIS reads, also when it is far larger than the memory of your machine: \
             everything is computed in blocks that overlap.",
        ],
        features: [
            "works in blocks, so a whole country is only a matter of time",
            "tells metres from feet and asks when it is in doubt",
            "keeps no-data cells as they are instead of inventing heights",
            "draws a preview of the visible part before anything is computed",
            "writes cloud-optimised GeoTIFFs with overviews",
            "remembers its settings in the project, so a colleague gets the same result",
        ],
    },
    Theme {
        name: "raster",
        intros: [
            "Made for people who open the same kind of scene every week and do not want to click through the same five \
             dialogs each time.",
            "All steps are ordinary Processing algorithms, so they can be chained in a model and run over night on a server.",
        ],
        features: [
            "reads what GDAL reads, cloud-optimised files over HTTP included",
            "shows the histogram before and after",
            "uses all cores, and leaves one for you",
            "keeps band names, units and colour tables",
            "works on virtual rasters without copying them",
            "writes a small report with every parameter",
        ],
    },
    Theme {
        name: "vector",
        intros: [
            "Real data is never as clean as the data of a course. This plugin does one thing to it, does it properly, and \
             shows beforehand what will change.",
            "It never touches the layer it reads: results are new layers, and each row says where it comes from.",
        ],
        features: [
            "previews the result on the map while you move a slider",
            "keeps attributes, aliases and styles",
            "can be used on selected features only",
            "handles millions of features without freezing the window",
            "explains in the log why a feature was left out",
            "is there as a Processing algorithm too",
        ],
    },
    Theme {
        name: "edit",
        intros: [
            "Drawing is faster when both hands have something to do. Every tool here has a key, every key can be changed, \
             and nothing happens that cannot be undone.",
            "The tools feel like those of the programs that draughtspeople know, and they write ordinary layers.",
        ],
        features: [
            "works with snapping, tracing and advanced digitising as they are set",
            "shows coordinates and lengths beside the cursor",
            "respects constraints of the attribute form",
            "takes back one step at a time, across layers",
            "is quiet while nothing is being edited",
            "comes with a printed card of all keys",
        ],
    },
    Theme {
        name: "carto",
        intros: [
            "Maps are read by people who have thirty seconds. This plugin helps to spend these on the map and not on its \
             furniture.",
            "What it does is kept in the project and in layouts, so maps look the same on the machine of somebody who does \
             not have the plugin.",
        ],
        features: [
            "follows the scale of the map",
            "can be driven by expressions",
            "is exported to PDF and SVG as shapes, not as pixels",
            "has presets that can be shared as a file",
            "works in layouts, atlases and reports",
            "checks what it makes for readers who see fewer colours",
        ],
    },
    Theme {
        name: "web",
        intros: [
            "Services change, move and fail. This plugin treats that as the ordinary case: it says what happened in words, \
             tries again when that makes sense, and never blocks the map.",
            "It asks only servers that you name, and sends nothing about you to anybody else.",
        ],
        features: [
            "uses the proxies and credentials that are set up in QGIS",
            "keeps answers as long as the server allows",
            "shows licence and attribution of what it loads",
            "can be switched off for work without a net",
            "understands services in several languages",
            "has a log of all requests that can be sent to the people who run a service",
        ],
    },
    Theme {
        name: "data",
        intros: [
            "Half of the work with maps is getting data in and out without losing anything on the way. This plugin takes \
             care of the part that nobody sees and everybody waits for.",
            "It looks before it leaps: you see the first hundred rows as they will be, and can change your mind.",
        ],
        features: [
            "guesses types and shows what it guessed",
            "tells the row and column of every value it cannot read",
            "remembers choices for each source",
            "runs in the background and can be cancelled",
            "never changes a file in place without a copy",
            "can be called from a model or from Python",
        ],
    },
    Theme {
        name: "field",
        intros: [
            "Tested in rain, with gloves on and with four per cent of battery left. The buttons are large and there are few \
             of them.",
            "Everything works without a connection; what was collected is brought home when there is one.",
        ],
        features: [
            "large targets that can be hit while walking",
            "flags positions that are worse than you asked for",
            "keeps photographs beside the records they belong to",
            "prints sheets for those who prefer paper",
            "saves after every change",
            "exports to the formats that survey offices want",
        ],
    },
    Theme {
        name: "analysis",
        intros: [
            "A number on a map is believed more easily than one in a table. So this plugin tells what it assumes, shows how \
             much results depend on that, and writes both into the layer.",
            "The methods are those of the textbooks, with references, and results were compared with two other programs.",
        ],
        features: [
            "explains each parameter in a sentence and with an example",
            "computes confidence where the method has any",
            "links chart and map: what you select in one is selected in the other",
            "exports tables that statisticians accept",
            "has a seed, so chance can be repeated",
            "is there as a Processing algorithm too",
        ],
    },
    Theme {
        name: "network",
        intros: [
            "Networks are only as good as their worst junction. The plugin first checks yours and shows what to mend; only \
             then it answers questions.",
            "The graph is built once and kept beside the layer, so a second question takes a second.",
        ],
        features: [
            "finds islands, false dead ends and crossings without a node",
            "understands one-way streets, turn bans and bridges",
            "takes costs from any expression",
            "answers for hundreds of thousands of edges on a laptop",
            "writes routes with the edges they use",
            "shows on the map why there is no way",
        ],
    },
    Theme {
        name: "nature",
        intros: [
            "Written together with people who are outside more than at a desk. It speaks their language and makes the maps \
             that their reports want.",
            "Every result comes with the dates, stations or scenes it was made of, because somebody will ask in ten years.",
        ],
        features: [
            "has the usual classes and symbols, and lets you bring your own",
            "compares years and marks what is more than chance",
            "reads the open data of several countries",
            "keeps observations and interpretations apart",
            "makes the tables of the usual reports",
            "works on single sites and on whole regions",
        ],
    },
    Theme {
        name: "town",
        intros: [
            "Made in a town hall for town halls: with deadlines, responsibilities and a public that asks.",
            "It keeps the rules in a table that lawyers can read, and the map in a form that citizens can.",
        ],
        features: [
            "keeps the history: what was valid at any date",
            "makes letters and lists from the selection",
            "works on the cadastre as it is delivered",
            "has a role for those who only look",
            "shows what is due this month",
            "exports open data without what is personal",
        ],
    },
    Theme {
        name: "dev",
        intros: [
            "For people who write plugins, models and scripts, and for those who have to read them afterwards.",
            "It is a tool for the desk: nothing of it has to be installed where your own work runs.",
        ],
        features: [
            "works the same on the command line and in CI",
            "knows QGIS 3 and QGIS 4",
            "makes reports that open in a browser",
            "leaves your code alone unless you ask",
            "has examples that are tested with every release",
            "starts in less than a second",
        ],
    },
];

const STEPS: [&str; 8] = [
    "Open a project and choose the plugin in its menu, or press the button on the toolbar.",
    "Choose the layer; what does not fit is greyed out, with the reason.",
    "Leave the settings as they are for the first time.",
    "Look at the preview and move the slider until it looks right.",
    "Press **Run**. The result is a new layer at the top.",
    "Save the settings under a name, if you will do this again.",
    "Try it on the sample data in the folder `examples` first.",
    "Read the messages at the bottom: they say what was left out.",
];

const CLOSINGS: [&str; 6] = [
    "Questions and ideas are welcome in the tracker; please add a small piece of data that shows the problem.",
    "The manual has a chapter for every tool, and a page of *known limits* that is kept honest.",
    "Paid for by three municipalities and a handful of evenings. Translations are welcome.",
    "If you use it in a paper, a line in the acknowledgements makes the author happy.",
    "Works best with data in a projected coordinate system; it says so when yours is not.",
    "Not affiliated with the providers of the data; please read their terms.",
];

fn theme(idea: &Idea) -> &'static Theme {
    let found = THEMES.iter().find(|theme| theme.name == idea.theme);
    found.expect("every idea has one of these themes, as a test sees to")
}

/// The long text. Some authors write Markdown, some HTML, and some a paragraph. No line begins with `#`, which would be a
/// comment in metadata.txt.
pub(super) fn about(idea: &Idea, chance: &mut Chance) -> String {
    let theme = theme(idea);
    let intro = chance.pick(&theme.intros);
    let (wanted, steps) = (3 + chance.below(3), 2 + chance.below(3));
    let features = chance.some(&theme.features, wanted);
    let steps = chance.some(&STEPS, steps);
    let closing = chance.pick(&CLOSINGS);
    let description = &idea.description;
    let site = format!("https://example.org/{}/manual", idea.package);
    match chance.below(10) {
        0 => {
            let items = lines(features.iter().map(|feature| format!("<li>{feature}</li>")));
            format!(
                "<p><b>{description}.</b></p>\n<p>{intro}</p>\n<ul>{items}</ul>\n<p>{closing} <a href=\"{site}\">Manual</a></p>"
            )
        }
        1 | 2 => format!("{description}.\n\n{intro} {closing}"),
        _ => {
            let items = lines(features.iter().map(|feature| format!("- {feature}\n")));
            let steps = lines((1..).zip(&steps).map(|(number, step)| format!("{number}. {step}\n")));
            let code = if idea.processing {
                format!(
                    "\nFrom Python:\n\n```python\nprocessing.run(\"{}:run\", {{\"INPUT\": layer, \"OUTPUT\": \"memory:\"}})\n```\n",
                    idea.package
                )
            } else {
                String::new()
            };
            format!(
                "{description}.\n\n{intro}\n\n**What it does**\n\n{items}\n**First steps**\n\n{steps}{code}\n{closing} \
                 The [manual]({site}) has more."
            )
        }
    }
}

const FIRST: [&str; 3] =
    ["First public version.", "Hello, world: the first version.", "First version that others may use."];

const CHANGES: [&str; 26] = [
    "Twice as fast on layers with many vertices",
    "The preview follows the map",
    "New: settings can be saved under a name",
    "New: works on selected features only",
    "Runs with Qt 6",
    "No more crash when the layer is empty",
    "Dialog remembers its size and place",
    "German, French and Portuguese translations",
    "Japanese translation, thank you!",
    "Messages say which row is meant",
    "Does not block the window any longer; there is a cancel button",
    "Fixed: wrong result for coordinate systems with axes swapped",
    "Fixed: umlauts and accents in paths on Windows",
    "Fixed: the toolbar button stayed pressed",
    "Keyboard keys for everything",
    "Icons that can be told apart in dark themes",
    "Old settings are taken over",
    "Undo takes back the whole step at once",
    "Reads GeoPackage views",
    "Tests run for every supported QGIS version",
    "Removed what QGIS does by itself now",
    "Exports keep the order of fields",
    "Better words in the help",
    "Warns before it overwrites a file",
    "Memory use no longer grows with each run",
    "The log is readable by people",
];

/// What changed in a version, as a few lines.
pub(super) fn changes(first: bool, chance: &mut Chance) -> String {
    if first {
        return format!("- {}\n", chance.pick(&FIRST));
    }
    let wanted = 1 + chance.below(4);
    lines(chance.some(&CHANGES, wanted).into_iter().map(|change| format!("- {change}\n")))
}

/// One after the other.
fn lines(all: impl Iterator<Item = String>) -> String {
    all.fold(String::new(), |text, line| text + &line)
}

/// Why staff refuse a version.
pub(super) const REFUSALS: [&str; 6] = [
    "The plugin downloads and runs a script at start. Please put the code into the package, or ask the user before anything \
     is fetched.",
    "The repository link leads to a page that is not there. Please publish the source and upload again.",
    "The package contains a folder of other people's code without its licence. Please add the licence texts.",
    "It writes into the folder of QGIS itself, which fails for everybody who is not an administrator. Use the profile's \
     folder.",
    "The description is in one language only and does not say what the plugin does. Two English sentences are enough.",
    "On loading there is an error with QGIS 3.34, although the metadata promise 3.28. Please raise the minimum, or mend it.",
];

/// Why a version is yanked.
pub(super) const YANKS: [&str; 4] = [
    "Damages files with more than 65,535 rows; use the next version.",
    "Crashes QGIS when a project without layers is opened.",
    "Wrong units in the results; the next version has them right.",
    "Was built from the wrong branch.",
];

#[cfg(test)]
mod tests {
    use super::super::catalogue;
    use super::*;

    #[test]
    fn every_idea_has_a_text_that_metadata_can_hold() {
        for idea in catalogue::ideas() {
            let about = about(&idea, &mut Chance::of(1, &idea.package));
            assert!(about.starts_with(&idea.description) || about.starts_with("<p>"), "{about}");
            assert!(about.lines().all(|line| !line.starts_with(['#', ';'])), "{about}");
            assert!(!about.contains('%') && !about.contains("  "), "{about}");
        }
    }
}
