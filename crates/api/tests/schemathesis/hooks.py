"""What the API promises beyond what any API does."""

import schemathesis

UNREAD = ("the body cannot be read", "the body is not what", "the body must", "the query cannot", "the path cannot", "is not an id")


@schemathesis.check
def what_the_document_allows_is_understood(ctx, response, case):
    """A refusal of what the document allows is about what it says, not about how it is written."""
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code != 400:
        return
    title = response.json()["title"]
    assert not any(words in title for words in UNREAD), f"the document allows this: {title}"


@schemathesis.check
def a_refusal_has_a_code_and_its_status(ctx, response, case):
    """Whatever goes wrong is told by a code of the document, with the status that goes with it."""
    if response.status_code < 400:
        return
    problem = response.json()
    codes = case.operation.schema.raw_schema["components"]["responses"]["Problem"]["x-codes"]
    assert codes[problem["code"]]["status"] == response.status_code == problem["status"], problem
    assert problem["hint"], problem
