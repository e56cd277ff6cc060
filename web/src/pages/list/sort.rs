//! What a list is ordered by, in the words of addresses: ours, and those of the present site.

/// An order that a reader can choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Relevance,
    Updated,
    Created,
    Downloads,
    Recent,
    Popular,
    Rating,
    Votes,
    Name,
}

impl Sort {
    /// All of them, as they are offered.
    pub(super) const ALL: [Self; 9] = [
        Self::Relevance,
        Self::Updated,
        Self::Created,
        Self::Popular,
        Self::Downloads,
        Self::Recent,
        Self::Rating,
        Self::Votes,
        Self::Name,
    ];

    /// In addresses.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Relevance => "relevance",
            Self::Updated => "updated",
            Self::Created => "created",
            Self::Downloads => "downloads",
            Self::Recent => "downloads_30_days",
            Self::Popular => "popular",
            Self::Rating => "rating",
            Self::Votes => "votes",
            Self::Name => "name",
        }
    }

    /// For people.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Relevance => "Best match",
            Self::Updated => "Recently updated",
            Self::Created => "Newest",
            Self::Downloads => "Most downloaded",
            Self::Recent => "Most downloaded in 30 days",
            Self::Popular => "Popular",
            Self::Rating => "Best rated",
            Self::Votes => "Most voted",
            Self::Name => "Name",
        }
    }

    /// The order of this word, also of those that links to the present site have.
    pub(super) fn of(word: &str) -> Option<Self> {
        let old = match word {
            "created_on" => Some(Self::Created),
            "latest_version_date" | "modified_on" => Some(Self::Updated),
            "weighted_rating" | "average_vote" => Some(Self::Rating),
            "rating_votes" => Some(Self::Votes),
            _ => None,
        };
        old.or_else(|| Self::ALL.into_iter().find(|sort| sort.word() == word))
    }

    /// Whether the most, the newest or the best comes first unless the reverse is asked for.
    pub(super) fn falls(self) -> bool {
        self != Self::Name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_understood_and_those_of_the_present_site_too() {
        for sort in Sort::ALL {
            assert_eq!(Sort::of(sort.word()), Some(sort));
        }
        assert_eq!(Sort::of("created_on"), Some(Sort::Created));
        assert_eq!(Sort::of("weight"), None);
    }
}
