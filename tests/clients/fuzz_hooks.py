"""What schemathesis does not know by itself: our scalars, as texts and numbers that are good, at their edges, or nearly right."""

import schemathesis
from hypothesis import strategies as st
from schemathesis.graphql import nodes, scalar


def texts(*examples):
    return st.sampled_from(examples).map(nodes.String)


WHOLE = st.sampled_from([0, 1, 2, 100, 101, 2**31, 2**53 - 1])

scalar("Position", WHOLE.map(nodes.Int))
scalar("Count", WHOLE.map(nodes.Int))
scalar("Date", texts("2026-03-01", "1970-01-01", "9999-12-31", "2024-02-29"))
scalar("DateTime", texts("2026-03-01T00:00:00Z", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z"))
scalar("Sha256", texts("0" * 64, "f" * 64))
scalar("JSON", texts("{}", "[]"))
scalar("Upload", texts("#file:0"))


@schemathesis.check
def no_fault_of_ours(ctx, response, case):
    """A refusal is an answer. A fault of ours, over HTTP or within an answer of GraphQL, is not."""
    assert response.status_code < 500 or response.status_code == 503 and case.path == "/readyz", response.text
    try:
        errors = response.json().get("errors") or []
    except (ValueError, AttributeError):
        return
    for error in errors:
        code = (error.get("extensions") or {}).get("code") if isinstance(error, dict) else None
        assert code not in ("internal", "unavailable"), error
