"""What the OpenAPI document promises in words, because no schema can say it."""

import itertools
import sys
from pathlib import Path

import schemathesis

sys.path.insert(0, str(Path(__file__).parent))
from seed import NAMES

LIMITS = [("email", 254, "You have to enter a valid email address"), ("pwd", 1024, "The password is too long: at most 1024 bytes")]

registered = set(NAMES)
numbers = itertools.count(1)


def name_of(case):
    """The name that a case registers; none if it is another case, or one without a name."""
    if case.operation.label == "POST /register" and isinstance(case.body, dict):
        name = case.body.get("username")
        return name if isinstance(name, str) else None
    return None


@schemathesis.hook
def before_call(ctx, case, kwargs):
    """Only a name that is free shows whether the rest of a registration is good; as long as it was, up to the limit."""
    name = name_of(case)
    if name in registered:
        end = f"~{next(numbers)}"
        case.body = {**case.body, "username": name[: 64 - len(end)] + end}


@schemathesis.hook
def after_call(ctx, case, response):
    if response.status_code == 204 and name_of(case) is not None:
        registered.add(name_of(case))


@schemathesis.check
def refused_registration(ctx, response, case):
    """A registration that fits the schema, with a name that is free, is only refused for a limit in bytes."""
    valid = case.meta is not None and case.meta.generation.mode.is_positive
    if case.operation.label != "POST /register" or response.status_code != 400 or not valid:
        return
    broken = [message for key, limit, message in LIMITS if len(case.body[key].encode()) > limit]
    given = response.json()["error_msg"]
    assert given in broken[:1], f"refused with {given!r}"


@schemathesis.check
def error_object(ctx, response, case):
    """Every error, documented or not, is the error object."""
    if response.status_code < 400 or response.request.method == "HEAD":
        return
    error = response.json()
    assert set(error) == {"status", "error_msg"}, f"the error has the members {sorted(error)}"
    assert error["status"] == response.status_code, f"the error says {error['status']}"
