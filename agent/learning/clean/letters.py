"""E-mail in a conversation: the quoted letter, the signature and the device's greeting are not what the customer says."""

import re

_ANSWERED = re.compile(
    r"^\s*(?:On\b.{4,120}\bwrote\s*:|Le\b.{4,80}\ba écrit\s*:|Am\b.{4,80}\bschrieb\b.*:|在.{4,80}写道\s*[:：]|.{2,60}于.{4,60}写道\s*[:：]"
    r"|-{2,}\s*(?:Original Message|Forwarded message|原始邮件|转发的?邮件|原邮件).*|_{8,}"
    r"|(?:From|发件人)\s*[:：].*)\s*$",
    re.IGNORECASE,
)
_HEADER = re.compile(r"^\s*(?:Sent|Date|To|Subject|发送时间|发送日期|收件人|主题|日期|时间)\s*[:：]", re.IGNORECASE)
_QUOTED = re.compile(r"^\s*(?:>|&gt;)")
_SENT_FROM = re.compile(
    r"^\s*(?:(?:sent|posted) (?:from|via) (?:my |the )?\w[\w .'+-]{1,40}|get outlook for \w+|发自我的.{1,30}|来自我的.{1,30}"
    r"|从我的.{1,20}发送|发送自.{1,30})\.?\s*$",
    re.IGNORECASE,
)
_DASHES = re.compile(r"^\s*--\s*$")
_CLOSING = re.compile(
    r"^\s*(?:(?:best|kind|warm|many thanks and|with) ?(?:regards|wishes)|regards|sincerely(?: yours)?|yours (?:truly|sincerely|faithfully)"
    r"|cheers|best|此致|敬礼|祝好|顺颂商祺|谢谢，祝好)\s*[,，!！.。]?\s*$",
    re.IGNORECASE,
)
_LONGEST_SIGNATURE = 6


def without_letterhead(text: str) -> str:
    """The text up to the quoted letter or the signature, without lines that quote; a single line is left as it is."""
    if "\n" not in text:
        return "" if _SENT_FROM.match(text) else text
    kept: list[str] = []
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if _QUOTED.match(line) or _SENT_FROM.match(line):
            continue
        if _ends(lines, number, bool(kept)):
            break
        kept.append(line)
    return "\n".join(kept)


def _ends(lines: list[str], number: int, has_text: bool) -> bool:
    """Whether the customer's own words end before this line."""
    line, after = lines[number], lines[number + 1 :]
    if _ANSWERED.match(line):
        # "From: Beijing" alone is no head of a letter: another field of one must follow.
        is_field = re.match(r"\s*(?:From|发件人)\s*[:：]", line, re.IGNORECASE)
        return not is_field or any(_HEADER.match(one) for one in after[:4])
    if _DASHES.match(line):
        return has_text
    return has_text and bool(_CLOSING.match(line)) and len([one for one in after if one.strip()]) <= _LONGEST_SIGNATURE
