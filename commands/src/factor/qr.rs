//! A text as a square of black and white, for cameras.

use qrcode::types::QrError;
use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write as _;

/// The white border that cameras need, in modules (ISO/IEC 18004).
const QUIET: usize = 4;

/// The text as an SVG of one path, without style and without anything that a content security policy would stop.
/// Refused is only what is longer than a QR code holds, 2,331 bytes at this level.
pub(super) fn qr_svg(text: &str) -> Result<String, QrError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)?;
    let side = code.width() + 2 * QUIET;
    let mut path = String::new();
    for (y, line) in code.to_colors().chunks(code.width()).enumerate() {
        let mut x = 0;
        for run in line.chunk_by(|one, next| one == next) {
            if run.first() == Some(&Color::Dark) {
                let _ = write!(path, "M{} {}h{}v1h-{}z", x + QUIET, y + QUIET, run.len(), run.len());
            }
            x += run.len();
        }
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"qr\" viewBox=\"0 0 {side} {side}\" role=\"img\" \
         aria-label=\"QR code of the key\" shape-rendering=\"crispEdges\">\
         <rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads the squares back from the path.
    fn dark_squares(svg: &str) -> usize {
        let path = svg.split("<path d=\"").nth(1).unwrap().split('"').next().unwrap();
        path.split('M')
            .skip(1)
            .map(|run| {
                let width = run.split('h').nth(1).unwrap().split('v').next().unwrap();
                width.parse::<usize>().unwrap()
            })
            .sum()
    }

    #[test]
    fn every_dark_square_is_drawn() {
        let text =
            "otpauth://totp/example.org:ann?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=example.org";
        let svg = qr_svg(text).unwrap();
        let code = QrCode::with_error_correction_level(text, EcLevel::M).unwrap();
        let dark = code.to_colors().into_iter().filter(|color| *color == Color::Dark).count();
        assert_eq!(dark_squares(&svg), dark);
        assert!(!svg.contains("style"), "{svg}");
    }

    #[test]
    fn what_is_too_long_is_refused() {
        assert!(qr_svg(&"x".repeat(2_331)).is_ok());
        assert!(qr_svg(&"x".repeat(2_332)).is_err());
    }
}
