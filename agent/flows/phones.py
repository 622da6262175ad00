"""Telephone numbers as customers write them."""

import re
from collections.abc import Iterator

import phonenumbers

from agent.flows.spans import Span

_WRITTEN = re.compile(r"(?<![A-Za-z0-9_@.-])(?:\+\s?)?\(?\d(?:[ \-().\u2010-\u2015/]{0,3}\d){2,24}(?![A-Za-z0-9_-])")
_CALLED = re.compile(
    r"\b(?:phone|tele?(?:phone)?|call|ring|text|mobile|cell|number)\b|电话|手机|号码|打给|致电|联系", re.IGNORECASE
)
_SHORTEST, _LONGEST = 7, 15  # digits: of a subscriber without an area code; of E.164
_UNASKED = 9  # digits without a word that calls them a telephone number


def phones_in(text: str, region: str, *, asked: bool) -> Iterator[tuple[str, Span]]:
    """The numbers that could be telephones', with their spans.

    region: the country whose numbers go without their country code, such as GB; a number then becomes its E.164 form, and
    one that no telephone there has is none. "": the country is not known, and digits are taken as they are written.
    """
    shortest = _SHORTEST if asked or _CALLED.search(text) else _UNASKED
    for match in _WRITTEN.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if match[0].startswith("+") or region:
            if number := _international(match[0], region):
                yield number, match.span()
        elif shortest <= len(digits) <= _LONGEST:
            yield digits, match.span()


def _international(written: str, region: str) -> str:
    """The E.164 form; "" where no telephone has this number."""
    try:
        number = phonenumbers.parse(written, region or None)
    except phonenumbers.NumberParseException:
        return ""
    possible = phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if possible else ""
