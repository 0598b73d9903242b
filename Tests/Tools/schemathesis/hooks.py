"""What Schemathesis cannot know from the document."""
import itertools
import re

import schemathesis

numbers = itertools.count()


@schemathesis.hook
def filter_case(context, case):
    """Leaves out an empty header field, which behind FastCGI is none, and a member that is given by two of its names."""
    headers = case.headers or {}
    return "" not in (headers.get("X-Webhook-URL"), headers.get("Idempotency-Key")) and not given_twice(case)


@schemathesis.hook
def before_call(context, case, kwargs):
    """Gives a key that has not come before, and no address for messages: they go to hosts that the operator allows, and no made-up one is such a host.

    No wait that can be: each holds the run up, and the tests of waiting have them."""
    if str((case.query or {}).get("wait", "")) in map(str, range(1, 56)):
        del case.query["wait"]
    if re.search(r"wait\s*=\s*\"?[1-9]", str((case.headers or {}).get("Prefer", ""))):
        del case.headers["Prefer"]
    if re.fullmatch("[!-~]{1,255}", str((case.headers or {}).get("Idempotency-Key", ""))):
        case.headers["Idempotency-Key"] = f"key-{next(numbers)}"
    for place, name in ((case.headers, "X-Webhook-URL"), (case.body, "webhook_url")):
        if hasattr(place, "get") and str(place.get(name, "")).startswith("http"):
            del place[name]


def given_twice(case):
    """The document calls all names of a member but one "Another name"."""
    if not isinstance(case.body, dict):
        return False
    schemas = case.operation.schema.raw_schema["components"]["schemas"]
    members = {name: member for schema in schemas.values() for name, member in schema.get("properties", {}).items()}
    words = re.compile(r"Another name of (\w+)\.")
    given = [name for name, value in case.body.items() if value is not None]
    fields = [found[1] if (found := words.match(members.get(name, {}).get("description", ""))) else name for name in given]
    return len(fields) > len(set(fields))
