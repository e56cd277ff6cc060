//! The plugin's icon: small, of a known kind, and harmless in a browser.

use std::io::Cursor;

use image::{ImageFormat, ImageReader, Limits};

use super::codes::FindingCode as Code;
use super::limits::PackageLimits;
use super::svg;

/// An icon that may be served as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Icon {
    /// The file as the author made it.
    pub bytes: Vec<u8>,
    /// What it is by its content, whatever its name says; such as `image/png`.
    pub media_type: &'static str,
    /// The usual extension of that type, without dot.
    pub extension: &'static str,
}

/// The icon in these bytes, or why there is none.
pub(super) fn judge(bytes: Vec<u8>, limits: &PackageLimits) -> Result<Icon, (Code, String)> {
    if bytes.len() > limits.icon_bytes_max {
        let message = format!("the icon has more than {} bytes", limits.icon_bytes_max);
        return Err((Code::IconTooLarge, message));
    }
    let (media_type, extension) = match image::guess_format(&bytes) {
        Ok(format) => raster(&bytes, format, limits)?,
        Err(_) => svg::judge(&bytes).map(|()| ("image/svg+xml", "svg"))?,
    };
    Ok(Icon { bytes, media_type, extension })
}

/// Reads the header only: the pixels are never unpacked here, so a bomb of an image costs nothing.
fn raster(
    bytes: &[u8],
    format: ImageFormat,
    limits: &PackageLimits,
) -> Result<(&'static str, &'static str), (Code, String)> {
    let named = match format {
        ImageFormat::Png => ("image/png", "png"),
        ImageFormat::Jpeg => ("image/jpeg", "jpg"),
        ImageFormat::Gif => ("image/gif", "gif"),
        ImageFormat::WebP => ("image/webp", "webp"),
        other => return Err((Code::IconInvalid, format!("icons of the kind {other:?} are not shown"))),
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut bounds = Limits::default();
    bounds.max_alloc = Some(limits.icon_pixels_max.saturating_mul(8));
    reader.limits(bounds);
    let (width, height) = reader
        .into_dimensions()
        .map_err(|fault| (Code::IconInvalid, format!("the icon cannot be read: {fault}")))?;
    let pixels = u64::from(width) * u64::from(height);
    if pixels > limits.icon_pixels_max {
        let message =
            format!("the icon has {width} × {height} pixels; {} are allowed", limits.icon_pixels_max);
        return Err((Code::IconTooLarge, message));
    }
    if pixels == 0 {
        return Err((Code::IconInvalid, "the icon has no pixels".to_owned()));
    }
    Ok(named)
}
