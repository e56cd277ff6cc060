//! The HTML that authors of plugins write into their metadata, made into Markdown: QGIS shows it, so they do.
//!
//! One pass over the text; a tag that is not known here stays as it is, and is shown as text.

/// The longest tag that is looked at, in bytes.
const TAG_BYTES_MAX: usize = 2_000;

/// The text with Markdown in the place of known tags.
pub(super) fn as_markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // Where the words of an open link lead.
    let mut link: Option<String> = None;
    while let Some((before, from)) = rest.split_once('<') {
        out.push_str(before);
        let end = from.bytes().take(TAG_BYTES_MAX).position(|byte| byte == b'>');
        let tag = end.and_then(|end| Tag::of(&from[..end]).map(|tag| (tag, &from[end + 1..])));
        let Some((tag, after)) = tag else {
            out.push('<');
            rest = from;
            continue;
        };
        put(&mut out, &mut link, &tag, after);
        rest = after;
    }
    out.push_str(rest);
    out
}

/// A tag that is known.
struct Tag<'t> {
    name: String,
    closes: bool,
    attributes: &'t str,
}

impl<'t> Tag<'t> {
    /// What stands between `<` and `>`.
    fn of(text: &'t str) -> Option<Self> {
        let (closes, text) = text.strip_prefix('/').map_or((false, text), |rest| (true, rest));
        let text = text.trim_end().trim_end_matches('/');
        let end = text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len());
        let (name, attributes) = text.split_at(end);
        let known = [
            "p", "div", "br", "ul", "ol", "li", "b", "strong", "i", "em", "a", "img", "span", "font", "h1",
            "h2", "h3", "h4", "h5", "h6", "hr", "html", "body", "code",
        ];
        let name = name.to_ascii_lowercase();
        let good = attributes.is_empty() || attributes.starts_with(char::is_whitespace);
        (good && known.contains(&name.as_str())).then_some(Self { name, closes, attributes })
    }

    /// The address in `href`, if it is one of the web.
    fn href(&self) -> Option<String> {
        let at = self.attributes.to_ascii_lowercase().find("href")?;
        let value = self.attributes[at + 4..].trim_start().strip_prefix('=')?.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let value = match quote {
            Some(quote) => value[1..].split(quote).next()?,
            None => value.split_whitespace().next()?,
        };
        let web = ["http://", "https://", "mailto:"].iter().any(|scheme| value.starts_with(scheme));
        let plain = !value.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"'\\`".contains(c));
        (web && plain).then(|| value.to_owned())
    }
}

fn put(out: &mut String, link: &mut Option<String>, tag: &Tag<'_>, after: &str) {
    match (tag.name.as_str(), tag.closes) {
        ("br", _) => out.push('\n'),
        ("hr", _) => out.push_str("\n\n---\n\n"),
        ("p" | "div" | "ul" | "ol", _) | ("h1" | "h2" | "h3" | "h4" | "h5" | "h6", true) => {
            out.push_str("\n\n");
        }
        ("h1" | "h2" | "h3" | "h4" | "h5" | "h6", false) => out.push_str("\n\n### "),
        ("li", false) => out.push_str("\n- "),
        // Marks count only beside a word: else they would be shown.
        ("b" | "strong", closes) if beside_a_word(out, closes, after) => out.push_str("**"),
        ("i" | "em", closes) if beside_a_word(out, closes, after) => out.push('*'),
        ("code", _) => out.push('`'),
        ("a", false) => {
            *link = tag.href().filter(|_| after.contains("</"));
            if link.is_some() {
                out.push('[');
            }
        }
        ("a", true) => {
            if let Some(address) = link.take() {
                out.push_str("](<");
                out.push_str(&address);
                out.push_str(">)");
            }
        }
        _ => {}
    }
}

/// Whether a mark would open before a word, or close after one.
fn beside_a_word(out: &str, closes: bool, after: &str) -> bool {
    let next = if closes { out.chars().next_back() } else { after.chars().next() };
    next.is_some_and(|c| c.is_alphanumeric() || (closes && ".:!?)".contains(c)))
}

#[cfg(test)]
mod tests {
    use super::as_markdown;

    #[test]
    fn tags_become_what_they_mean() {
        assert_eq!(as_markdown("a<br/>b<BR>c"), "a\nb\nc");
        assert_eq!(as_markdown("<b>x</b> <i>y</i>"), "**x** *y*");
        assert_eq!(as_markdown("<a href='https://x.org/'>x</a>"), "[x](<https://x.org/>)");
        assert_eq!(as_markdown("<ul><li>a</li></ul>"), "\n\n\n- a\n\n");
    }

    #[test]
    fn what_is_no_known_tag_stays() {
        for text in ["a < b", "<", "<3", "x <script>y</script>", "<bold>", "</", "<ä>", "a <= b > c"] {
            assert_eq!(as_markdown(text), text);
        }
    }

    #[test]
    fn a_link_that_may_act_is_its_words() {
        for href in ["javascript:alert(1)", "https://x.org/\" onclick=\"x", "/plugins/", "https://x.org/<x"] {
            let text = format!("<a href='{href}'>x</a>");
            let made = as_markdown(&text);
            assert!(made == "x" || made.contains('<'), "{made}");
            assert!(!made.contains("]("), "{made}");
        }
    }
}
