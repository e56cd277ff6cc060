//! Which values QGIS cannot show: it reads metadata.txt with `%` interpolation on, and we do not.

use std::collections::HashMap;

/// The keys (by index into `general`) whose value Python's `ConfigParser.get` would refuse.
///
/// A value is good when every `%` begins `%%` or `%(key)s` of a known good key, to a depth of ten. Keys are compared in lower
/// case. Values are settled round by round, each once, so that references cannot be made to multiply.
pub(super) fn refused(general: &[(String, String)]) -> Vec<usize> {
    /// Python's MAX_INTERPOLATION_DEPTH.
    const DEPTH_MAX: usize = 10;
    let by_name: HashMap<String, usize> =
        general.iter().enumerate().map(|(index, (key, _))| (key.to_lowercase(), index)).collect();
    let mut settled: Vec<bool> = general.iter().map(|(_, value)| !value.contains('%')).collect();
    let mut waiting: Vec<(usize, Vec<usize>)> = Vec::new();
    let mut refused = Vec::new();
    for (index, (_, value)) in general.iter().enumerate().filter(|(_, (_, value))| value.contains('%')) {
        let named = references(value).and_then(|names| {
            names.iter().map(|name| by_name.get(&name.to_lowercase()).copied()).collect::<Option<Vec<_>>>()
        });
        match named {
            Some(needed) => waiting.push((index, needed)),
            None => refused.push(index),
        }
    }
    for _ in 0..DEPTH_MAX {
        let (now, later): (Vec<_>, Vec<_>) =
            waiting.into_iter().partition(|(_, needed)| needed.iter().all(|at| settled[*at]));
        waiting = later;
        for (index, _) in now {
            settled[index] = true;
        }
    }
    refused.extend(waiting.into_iter().map(|(index, _)| index));
    refused.sort_unstable();
    refused
}

/// The keys that `%(key)s` names in a value; none where a `%` begins neither that nor `%%`.
fn references(value: &str) -> Option<Vec<&str>> {
    let mut names = Vec::new();
    let mut rest = value;
    while let Some(at) = rest.find('%') {
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('%') {
            rest = after;
            continue;
        }
        let (name, after) = rest.strip_prefix('(')?.split_once(')')?;
        rest = after.strip_prefix('s')?;
        if name.is_empty() {
            return None;
        }
        names.push(name);
    }
    Some(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused_values(values: &[(&str, &str)]) -> Vec<usize> {
        let general: Vec<_> = values.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        refused(&general)
    }

    #[test]
    fn a_percent_must_be_doubled_or_name_a_key() {
        assert_eq!(refused_values(&[("a", "100%"), ("b", "100%%"), ("c", "%(B)s"), ("d", "%(x)s")]), [0, 3]);
        assert_eq!(refused_values(&[("a", "%()s"), ("b", "%(b"), ("c", "%(a)"), ("d", "x")]), [0, 1, 2]);
    }

    #[test]
    fn a_reference_to_a_refused_value_or_to_itself_is_refused() {
        assert_eq!(refused_values(&[("a", "5 %"), ("b", "%(a)s"), ("c", "%(c)s")]), [0, 1, 2]);
    }

    #[test]
    fn ten_levels_are_shown_and_eleven_refused() {
        let chain: Vec<(String, String)> = (0..=11)
            .map(|i| (format!("k{i}"), if i == 0 { "x".to_owned() } else { format!("%(k{})s", i - 1) }))
            .collect();
        assert_eq!(refused(&chain), [11]);
    }
}
