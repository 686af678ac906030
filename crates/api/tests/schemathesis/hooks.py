"""What the API promises beyond what any API does."""

import os

import schemathesis

# What may be answered to a request that the document allows, beside success: it has no right to it, there is no such thing, the
# thing is in no state for it, it comes too often, or somebody else fails.
USUAL = {401, 403, 404, 409, 429}

# Refusals that no document can rule out, by their codes.
NO_DOCUMENT_SAYS = {
    "account_needed": "how many accounts the server holds",
    "changed_meanwhile": "which tag a thing has",
    "end_before_start": "which of two instants is the later one",
    "entry_too_long": "how far two instants lie apart",
    "invalid_cursor": "which cursors were handed out",
    "invalid_duration": "how much there is that something could be less than",
    "invalid_password": "which passwords are common",
    "invalid_secret": "which check belongs to a secret",
    "invalid_tag": "how many bytes a text has",
    "invalid_time": "which days a month has, which times the clocks of a zone leave out, which of two days is the later one",
    "invalid_zone": "which zones there are",
    "link_dead": "which links work",
    "other_product": "what tokens of Toggl's other product look like",
    "replay_differs": "which keys were used before",
    "token_missing": "whether a token is stored",
    "token_rejected": "which tokens Toggl takes",
}

# The same, by what is said: that two spellings are of one thing.
ONE_THING = "is in the list twice"

# And that parameters of a query exclude each other.
TOGETHER = ("give either", "entries are not grouped")


@schemathesis.hook
def before_call(ctx, case, kwargs):
    """A token of Toggl's that the document allows is one that Toggl takes, or there would never be a link to ask for."""
    allowed = case.meta is not None and case.meta.generation.mode.is_positive
    if allowed and isinstance(case.body, dict) and case.body.get("api_token"):
        case.body["api_token"] = os.environ["TOGGL_API_TOKEN"]


@schemathesis.check
def what_the_document_allows_is_accepted(ctx, response, case):
    """A refusal of what the document allows is for a reason that it cannot name."""
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code < 400:
        return
    problem = response.json()
    known = response.status_code in USUAL or problem["code"] in NO_DOCUMENT_SAYS or ONE_THING in problem["title"]
    known = known or problem["title"].startswith(TOGETHER)
    assert known, f"the document allows this: {problem['code']}: {problem['title']}"


@schemathesis.check
def a_refusal_has_a_code_and_its_status(ctx, response, case):
    """Whatever goes wrong is told by a code of the document, with the status that goes with it."""
    if response.status_code < 400:
        return
    problem = response.json()
    codes = case.operation.schema.raw_schema["components"]["responses"]["Problem"]["x-codes"]
    assert codes[problem["code"]]["status"] == response.status_code == problem["status"], problem
    assert problem["hint"], problem
