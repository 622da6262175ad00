"""Ways to reach a person or a machine: telephones, e-mail, addresses on the net."""

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import parse_qsl, urlsplit

from phonenumbers import Leniency, PhoneNumberMatcher

from agent.privacy.kinds import Found, Kind, after

_EMAIL = re.compile(
    r"(?<![\w.+'-])[A-Za-z0-9][\w.+'-]*\s?[@＠]\s?(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}"
    r"|(?<![\w.+-])[\w.+-]+\s*(?:\(at\)|\[at\]|\{at\})\s*[\w-]+(?:\s*(?:\(dot\)|\[dot\]|\{dot\}|\.)\s*[A-Za-z]{2,})+",
    re.IGNORECASE | re.ASCII,
)
_URL = re.compile(r"(?:https?|ftp)://[^\s<>\"'，。；）)\]\u4e00-\u9fff]+", re.IGNORECASE)
_TELLING = re.compile(
    r"token|key|sig|auth|code|session|sid|passw|pwd|secret|email|phone|mobile|ticket|jwt|otp|invite|user", re.IGNORECASE
)
_IPV4 = re.compile(r"(?<![A-Za-z0-9_.])(?:\d{1,3}\.){3}\d{1,3}(?![A-Za-z0-9_]|\.\d)")
_IPV6 = re.compile(r"(?<![\w:])(?:[0-9A-Fa-f]{0,4}:){3,7}[0-9A-Fa-f]{0,4}(?![\w:])")
_VERSION = re.compile(
    r"(?:version|firmware|build|release|driver|\bv|版本|固件|系统)\s*(?:is|号|是|为)?\s*[:：]?\s*$", re.IGNORECASE
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_DIGITS = re.compile(r"(?:\d\D{0,3}){7}")
_LANDLINE = r"(?:\(0\d{2,3}\)|（0\d{2,3}）|0\d{2,3})[\s-]?\d{3,4}[\s-]?\d{4}(?:\s*[转-]\s*\d{1,5})?"
_CHINESE = re.compile(
    rf"(?<![\dA-Za-z.])(?:(?:\+?86|0086)[\s-]?)?1[3-9]\d[\s-]?\d{{4}}[\s-]?\d{{4}}(?![\d.]*\d)"
    rf"|(?<![\dA-Za-z.(（]){_LANDLINE}(?!\d)|(?<!\w)[(（]0\d{{2,3}}[)）]\s?\d{{7,8}}(?!\d)"
    rf"|(?<![\dA-Za-z-])[48]00[\s-]?\d{{3}}[\s-]?\d{{4}}(?!\d)|(?<![\dA-Za-z-])[48]00-\d{{4}}-\d{{3}}(?!\d)"
)
_BRITISH = re.compile(r"(?<![\w+.-])(?:\(0\d{3,4}\)|0\d{3,4})[ -]\d{3}[ -]?\d{3,4}(?![\d.-]*\d)")
_SAID = after(
    r"(?:电话|手机|座机|号码|传真|热线|致电|拨打|\b(?:phone|tel|telephone|mobile|cell|fax|call me (?:on|at)|ring me on|"
    r"text me (?:on|at)|(?:my|phone|contact|mobile|cell) number)\b)(?:号码?|号)?\s*(?:(?:is|are|no\.?|number|是|为)\s*){0,2}[:：]?\s*",
    r"\+?\(?\d(?:[\d\s()/.-]{5,18})\d(?!\d)",
)
_ANOTHER = after(r"\[phone\]\s*(?:[,，、;；/和或及]|\b(?:and|or)\b)\s*", r"\d{7,12}(?!\d)")
_NO_PHONE = re.compile(
    r"(?:order|booking|tracking|invoice|account|reference|ticket|case|serial|model|item|part|sku|isbn|ref|policy|id|no\.|"
    r"[$€£¥#]|订单|编号|单号|型号|序列号|货号|条码|金额|积分|会员号?)\s*(?:number|no\.?|code|id|号码?)?\s*(?:is|是|为)?\s*[:：#]?\s*$",
    re.IGNORECASE,
)


def find_reaching(text: str) -> Iterator[Found]:
    """All of them, in no order; they may overlap."""
    if "@" in text or "＠" in text or "at" in text.lower():
        for match in _EMAIL.finditer(text):
            yield Found(Kind.EMAIL, *match.span())
    if "://" in text:
        for match in _URL.finditer(text):
            address = match.group().rstrip(".,;:!?")
            if _tells(address):
                yield Found(Kind.URL, match.start(), match.start() + len(address))
    yield from _find_ips(text)
    if _DIGITS.search(text):
        yield from _find_phones(text)


def _tells(address: str) -> bool:
    """Whether an address opens something or names somebody, rather than leading to a page for all."""
    try:
        parts = urlsplit(address)
        values = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return True
    if parts.username or parts.password:
        return True
    if any(_TELLING.search(name) and value for name, value in values):
        return True
    pieces = [*(value for _, value in values), *parts.path.split("/"), parts.fragment]
    return any(_is_random(piece) for piece in pieces)


def _is_random(piece: str) -> bool:
    return any(
        len(run) >= 16 and any(c.isdigit() for c in run) and any(c.isalpha() for c in run)
        for run in re.findall(r"[A-Za-z0-9_]+", piece)
    )


def _find_ips(text: str) -> Iterator[Found]:
    for pattern, kind in ((_IPV4, IPv4Address), (_IPV6, IPv6Address)):
        for match in pattern.finditer(text):
            try:
                kind(match.group())
            except AddressValueError:
                continue
            if not _VERSION.search(text[max(0, match.start() - 24) : match.start()]):
                yield Found(Kind.IP, *match.span())


def _find_phones(text: str) -> Iterator[Found]:
    for match in _CHINESE.finditer(text):
        if not _NO_PHONE.search(text[max(0, match.start() - 24) : match.start()]):
            yield Found(Kind.PHONE, *match.span())
    for match in _BRITISH.finditer(text):
        if not _NO_PHONE.search(text[max(0, match.start() - 24) : match.start()]):
            yield Found(Kind.PHONE, *match.span())
    for pattern in (_SAID, _ANOTHER):
        for match in pattern.finditer(text):
            if 7 <= sum(character.isdigit() for character in match["value"]) <= 15:
                yield Found(Kind.PHONE, *match.span("value"))
    for region in ("CN",) if _HAN.search(text) else ("US", "GB"):
        for found in PhoneNumberMatcher(text, region, leniency=Leniency.STRICT_GROUPING):
            if not _NO_PHONE.search(text[max(0, found.start - 24) : found.start]):
                yield Found(Kind.PHONE, found.start, found.end)
