//! Icons drawn by code, no two of one theme quite alike.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "colours are 0 to 255 and pixels few"
)]

use super::chance::Chance;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};

/// Width and height, in pixels.
const SIDE: u32 = 64;

/// Points looked at in each direction of a pixel, for soft edges.
const FINE: u32 = 3;

type Colour = [f32; 3];

/// Ground, figure and accent.
const PALETTES: [[Colour; 3]; 12] = [
    [[27.0, 94.0, 89.0], [238.0, 246.0, 240.0], [244.0, 179.0, 80.0]],
    [[41.0, 61.0, 105.0], [236.0, 240.0, 250.0], [110.0, 196.0, 219.0]],
    [[126.0, 63.0, 42.0], [252.0, 241.0, 230.0], [231.0, 140.0, 75.0]],
    [[88.0, 110.0, 38.0], [246.0, 248.0, 232.0], [214.0, 222.0, 92.0]],
    [[92.0, 48.0, 103.0], [247.0, 238.0, 250.0], [214.0, 132.0, 204.0]],
    [[196.0, 72.0, 54.0], [255.0, 246.0, 240.0], [255.0, 205.0, 120.0]],
    [[23.0, 112.0, 150.0], [235.0, 249.0, 255.0], [255.0, 221.0, 128.0]],
    [[56.0, 62.0, 70.0], [242.0, 243.0, 245.0], [127.0, 199.0, 126.0]],
    [[214.0, 150.0, 38.0], [64.0, 42.0, 8.0], [255.0, 244.0, 214.0]],
    [[224.0, 231.0, 226.0], [34.0, 84.0, 70.0], [226.0, 112.0, 69.0]],
    [[222.0, 232.0, 245.0], [33.0, 66.0, 122.0], [222.0, 82.0, 98.0]],
    [[20.0, 58.0, 50.0], [158.0, 222.0, 178.0], [250.0, 250.0, 210.0]],
];

/// What the ground looks like.
#[derive(Debug, Clone, Copy)]
enum Ground {
    Round,
    Square,
    Hexagon,
    Ring,
    Split,
    None,
}

const GROUNDS: [Ground; 8] = [
    Ground::Round,
    Ground::Square,
    Ground::Square,
    Ground::Hexagon,
    Ground::Ring,
    Ground::Split,
    Ground::None,
    Ground::Square,
];

/// The icon of a plugin of this theme, as PNG.
pub(super) fn draw(theme: &str, chance: &mut Chance) -> Vec<u8> {
    let ground = *chance.pick(&GROUNDS);
    let palette = chance.pick(&PALETTES);
    let turn = chance.below(4);
    let variant = chance.below(3) as f32;
    let mut pixels = Vec::with_capacity((SIDE * SIDE * 4) as usize);
    for row in 0..SIDE {
        for column in 0..SIDE {
            let (mut sum, mut seen) = ([0.0_f32; 3], 0.0_f32);
            for fine in 0..FINE * FINE {
                let place = |pixel: u32, part: u32| {
                    let at = pixel as f32 + (part as f32 + 0.5) / FINE as f32;
                    at / SIDE as f32 * 2.0 - 1.0
                };
                let (x, y) = (place(column, fine % FINE), place(row, fine / FINE));
                if let Some(colour) = colour(ground, palette, theme, (x, y), turn, variant) {
                    seen += 1.0;
                    for (total, part) in sum.iter_mut().zip(colour) {
                        *total += part;
                    }
                }
            }
            pixels.extend(sum.map(|total| if seen > 0.0 { (total / seen) as u8 } else { 0 }));
            pixels.push((seen / (FINE * FINE) as f32 * 255.0) as u8);
        }
    }
    let mut png = Vec::new();
    PngEncoder::new_with_quality(&mut png, CompressionType::Default, FilterType::Adaptive)
        .write_image(&pixels, SIDE, SIDE, ExtendedColorType::Rgba8)
        .expect("writing to memory cannot fail");
    png
}

#[expect(clippy::many_single_char_names, reason = "coordinates are called so")]
fn colour(
    ground: Ground,
    [back, figure, accent]: &[Colour; 3],
    theme: &str,
    (x, y): (f32, f32),
    turn: usize,
    variant: f32,
) -> Option<Colour> {
    let r = x.hypot(y);
    let corner = (x.abs() - 0.66).max(0.0).hypot((y.abs() - 0.66).max(0.0)) < 0.30;
    let six = (x.abs() * 0.866 + y.abs() * 0.5).max(y.abs()) < 0.88;
    let under = match ground {
        Ground::Round => (r < 0.97).then_some(back),
        Ground::Square => corner.then_some(back),
        Ground::Hexagon => six.then_some(back),
        Ground::Ring => (r < 0.97).then_some(if r > 0.84 { accent } else { back }),
        Ground::Split => corner.then_some(if x + y * 0.4 > 0.1 { accent } else { back }),
        Ground::None => None,
    };
    // The figure is smaller than its ground, so that it stands free of the edge.
    let size = if matches!(ground, Ground::None) { 0.95 } else { 0.68 };
    let (u, v) = match turn {
        1 => (-x / size, y / size),
        _ => (x / size, y / size),
    };
    match (motif(theme, u, v, variant), under) {
        // Without a ground the darker colour draws the figure, as pale figures would vanish on pale pages.
        (Some(false), None) if matches!(ground, Ground::None) => {
            Some(if back.iter().sum::<f32>() < figure.iter().sum::<f32>() { *back } else { *figure })
        }
        (Some(true), None) if matches!(ground, Ground::None) => Some(*accent),
        (Some(false), Some(_)) => Some(*figure),
        (Some(true), Some(on)) if std::ptr::eq(on, accent) => Some(*figure),
        (Some(true), Some(_)) => Some(*accent),
        (_, under) => under.copied(),
    }
}

/// Whether the figure of a theme covers a point of the square from -1 to 1, and there in the accent's colour.
fn motif(theme: &str, x: f32, y: f32, variant: f32) -> Option<bool> {
    let r = x.hypot(y);
    let disc = |cx: f32, cy: f32, radius: f32| (x - cx).hypot(y - cy) < radius;
    let stroke = |a: (f32, f32), b: (f32, f32), width: f32| {
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        let along = (((x - a.0) * dx + (y - a.1) * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
        (x - a.0 - along * dx).hypot(y - a.1 - along * dy) < width
    };
    match theme {
        "terrain" if variant < 1.0 => {
            let bent = r + 0.10 * (3.0 * y.atan2(x)).sin();
            (bent < 0.98 && (bent * 4.2).fract() < 0.45).then_some(bent < 0.22)
        }
        "terrain" => {
            let first = y > -0.75 + (x + 0.2).abs() * 1.5 && y < 0.7;
            let second = y > -0.2 + (x - 0.5).abs() * 1.6 && y < 0.7;
            (first || second).then_some(y < -0.35 && first)
        }
        "raster" => {
            let (column, row) = (((x + 1.0) * 2.0).floor(), ((y + 1.0) * 2.0).floor());
            let inner = ((x + 1.0) * 2.0).fract() > 0.10 && ((y + 1.0) * 2.0).fract() > 0.10;
            let lit = ((column * 3.0 + row * 5.0 + variant * 2.0) % 4.0) < 1.5;
            (x.abs() < 1.0 && y.abs() < 1.0 && inner && r < 1.3).then_some(lit)
        }
        "vector" => {
            let corners =
                [(-0.7, -0.5), (0.35, -0.8), (0.8, 0.25), (0.0 - variant * 0.15, 0.75), (-0.8, 0.4)];
            let edges = corners.iter().zip(corners.iter().cycle().skip(1));
            let node = corners.iter().any(|c| disc(c.0, c.1, 0.19));
            (node || edges.into_iter().any(|(a, b)| stroke(*a, *b, 0.08))).then_some(node)
        }
        "edit" => {
            let tip = stroke((-0.75, 0.75), (-0.5, 0.5), 0.10);
            let body = stroke((-0.4, 0.4), (0.6, -0.6), 0.24);
            let line = stroke((-0.2, 0.85), (0.85, 0.85 - variant * 0.2), 0.07);
            (tip || body || line).then_some(tip || line)
        }
        "carto" => {
            let sheet = |up: f32| x.abs() * 0.5 + (y - up).abs() < 0.42;
            let (low, middle, high) = (sheet(0.42), sheet(0.08), sheet(-0.28));
            let gap = |up: f32| x.abs() * 0.5 + (y - up).abs() < 0.49;
            let shown = high || (middle && !gap(-0.28)) || (low && !gap(0.08));
            shown.then_some(high && variant < 2.0)
        }
        "web" => {
            let meridian = (x / (0.45 + 0.2 * variant.min(1.0))).hypot(y);
            let line = (0.82..0.98).contains(&r)
                || (r < 0.9 && (x.abs() < 0.07 || y.abs() < 0.07 || (0.86..1.02).contains(&meridian)));
            line.then_some(y.abs() < 0.07 && r < 0.8)
        }
        "data" => {
            let lid = |up: f32| (x / 0.75).hypot((y - up) / 0.28) < 1.0;
            let band = |up: f32| x.abs() < 0.75 && y > up && y < up + 0.3 || lid(up + 0.3);
            let covered = lid(-0.55) || (band(-0.35) && !lid(-0.47)) || (band(0.22) && !lid(0.08));
            covered.then_some(lid(-0.55))
        }
        "field" => {
            let head = disc(0.0, -0.3, 0.58);
            let point = y > -0.2 && y < 0.95 && x.abs() < (0.95 - y) * 0.45;
            ((head || point) && !disc(0.0, -0.3, 0.14 + 0.05 * variant)).then_some(disc(0.0, -0.3, 0.3))
        }
        "analysis" => {
            let heights = [0.2, 0.9, 0.5, 1.3];
            let bar = heights.iter().enumerate().find(|(at, height)| {
                let left = -0.85 + *at as f32 * 0.45;
                (left..left + 0.33).contains(&x) && y < 0.8 && y > 0.8 - **height - variant * 0.1
            });
            bar.map(|(at, _)| at == 3 || (variant > 1.0 && at == 1))
        }
        "network" => {
            let nodes = [(-0.7, 0.55), (-0.15, -0.1), (0.65, 0.4 - variant * 0.1), (0.35, -0.75)];
            let ways = [(0, 1), (1, 2), (1, 3)];
            let on_node = nodes.iter().position(|node| disc(node.0, node.1, 0.24));
            let on_way = ways.iter().any(|&(a, b)| stroke(nodes[a], nodes[b], 0.09));
            (on_node.is_some() || on_way).then_some(on_node == Some(1) || on_node == Some(3))
        }
        "nature" if variant < 1.0 => {
            let drop = disc(0.0, 0.25, 0.58) || (y < 0.1 && x.abs() < (y + 0.95) * 0.48 && y > -0.95);
            drop.then_some(disc(0.15, 0.35, 0.22))
        }
        "nature" => {
            let leaf = disc(0.45, 0.3, 1.0) && disc(-0.3, -0.45, 1.0);
            let vein = stroke((-0.75, 0.75), (0.5, -0.5), 0.06);
            (leaf || vein).then_some(vein)
        }
        "town" => {
            let houses = [(-0.85, -0.35, -0.1), (-0.28, 0.22, -0.8), (0.3, 0.85, -0.35)];
            let house =
                houses.iter().find(|(left, right, top)| x > *left && x < *right && y > *top && y < 0.8);
            let window = ((x + 2.0) * 5.0).fract() > 0.55 && ((y + 2.0) * 4.0).fract() > 0.55;
            house.map(|_| window && y < 0.6)
        }
        _ => {
            let left = stroke((-0.35, -0.6), (-0.85, 0.0), 0.11) || stroke((-0.85, 0.0), (-0.35, 0.6), 0.11);
            let right = stroke((0.35, -0.6), (0.85, 0.0), 0.11) || stroke((0.85, 0.0), (0.35, 0.6), 0.11);
            let slash = stroke((0.14, -0.7), (-0.14, 0.7), 0.09);
            (left || right || slash).then_some(slash)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_theme_has_a_small_icon_that_shows_something() {
        let themes = [
            "terrain", "raster", "vector", "edit", "carto", "web", "data", "field", "analysis", "network",
            "nature", "town", "dev",
        ];
        for theme in themes {
            for seed in 0..4 {
                let png = draw(theme, &mut Chance::of(seed, theme));
                let read = image::load_from_memory(&png).unwrap().to_rgba8();
                let mut colours: Vec<_> = read.pixels().filter(|pixel| pixel.0[3] == 255).collect();
                colours.sort_by_key(|pixel| pixel.0);
                colours.dedup();
                assert!(colours.len() > 1, "{theme} {seed} is blank");
                assert!(png.len() < 8_000, "{theme} {seed} has {} bytes", png.len());
            }
        }
    }
}
