"""Numbers that name one person's things: cards, accounts, identity papers, orders; with checksums where there are any."""

import re
from collections.abc import Iterator

from stdnum import iban, luhn
from stdnum.cn import ric
from stdnum.es import dni, nie
from stdnum.fr import nir
from stdnum.it import codicefiscale
from stdnum.us import ssn

from agent.privacy.kinds import Found, Kind, after

_IS = r"\s*(?:(?:is|was|are|为|是)\s*)?[:：=#]?\s*"
_CARD = re.compile(r"(?<![\d.+])(?:\d[ -]?){13,18}\d(?![\d.]*\d)")
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]{4}){2,7}(?: ?[A-Za-z0-9]{1,3})?(?![A-Za-z0-9])")
_RESIDENT = re.compile(r"(?<![A-Za-z0-9])\d{17}[\dXx](?![A-Za-z0-9])")
_SSN = re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])")
_PAPERS = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]|\d{8}[A-Z]|[XYZ]\d{7}[A-Z]|[12]\d{14})(?!\w)"
)
_NINO = re.compile(r"(?<!\w)[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)")
_DIGIT = r"(?=[A-Za-z-]*\d)"
_CODE = rf"(?<![A-Za-z0-9]){_DIGIT}[A-Za-z0-9](?:[A-Za-z0-9_-]{{3,}})(?![A-Za-z0-9])"
_ORDERED = r"\b(?:order|booking|ref|reservation|tracking|parcel|shipment|invoice|case|ticket|reference|confirmation|return|rma)s?"
_IN_CONTEXT: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.NATIONAL_ID, after(rf"(?:身份证|证件)(?:号码?)?{_IS}", r"\d{14,17}[\dXx](?!\w)")),
    (Kind.NATIONAL_ID, after(rf"\b(?:ssn|social security(?: number| no\.?)?){_IS}", r"\d{3}[- ]?\d{2}[- ]?\d{4}(?!\d)")),
    (Kind.NATIONAL_ID, after(rf"(?:\bpassport(?: number| no\.?| #)?|护照(?:号码?)?){_IS}", r"(?=[A-Z]*\d)[A-Z0-9]{7,10}(?!\w)")),
    (Kind.NATIONAL_ID, after(rf"(?:驾驶证号?|通行证号?|回乡证号?|\bdriver'?s licen[cs]e(?: number| no\.?)?){_IS}", _CODE)),
    (Kind.ORDER, after(rf"{_ORDERED}(?: (?:number|no\.?|id|code|ref(?:erence)?|num))?{_IS}", rf"(?=[A-Za-z]*[-_A-Z]*\d[A-Za-z0-9-]*\d){_CODE}")),
    (Kind.ORDER, after(r"\b(?:booking|confirmation|reservation)(?: (?:reference|code|number))?(?: is)?[:：]?\s*", r"(?-i:(?=[A-Z]*\d)[A-Z0-9]{6})(?!\w)")),
    (Kind.ORDER, after(rf"(?:订单|快递|运单|物流|单据|工单|发票|退货|预订|预约|流水)(?:单|编)?(?:号码?|编号)?{_IS}", _CODE)),
    (Kind.ORDER, after(rf"(?<![A-Za-z0-9\u4e00-\u9fff])?单号{_IS}", _CODE)),
    (Kind.ACCOUNT, after(rf"\b(?:account|acct|customer|member(?:ship)?|client|policy|loyalty)(?: (?:number|no\.?|id|num))?{_IS}", rf"(?=[A-Za-z-]*\d[A-Za-z0-9-]*\d){_CODE}")),
    (Kind.ACCOUNT, after(r"\b(?:user ?name|user id|login|skype|wechat|telegram|line id)(?: id)?\s*(?:is\s+|[:：=]\s*)", r"[\w.@-]{3,}\w")),
    (Kind.ACCOUNT, after(rf"(?:会员|客户|用户|账户|帐户|社保|保单|公积金)(?:卡)?(?:号码?|编号|ID){_IS}", r"[A-Za-z0-9_-]{4,}")),
    (Kind.ACCOUNT, after(rf"(?:账号|帐号|用户名|登录名|微信号?|(?<![A-Za-z])QQ号?){_IS}", r"(?=[A-Za-z_-]*\d|wxid)[A-Za-z0-9][A-Za-z0-9_-]{4,}")),
    (Kind.CARD, after(rf"(?:银行卡|储蓄卡|信用卡|借记卡|卡)(?:号码?)?{_IS}", r"\d(?:[ -]?\d){14,18}(?!\d)")),
    (Kind.CARD, after(rf"\bcard (?:number|no\.?|#){_IS}", r"\d(?:[ -]?\d){12,18}(?!\d)")),
    (Kind.SECRET, after(r"\b(?:cvv2?|cvc2?|pin(?: code| number)?|otp|passcode|(?:verification|security|one[- ]time|access|sms) code)(?:\s+(?:is|was)|\s*[:：=])?\s*", r"\d{3,8}(?!\w)")),
    (Kind.SECRET, after(r"\b(?:password|passwd|pwd|passphrase)\s*(?:is|was|[:：=])\s*", r"(?=\S*[\d!@#$%^&*_])[^\s，。,]{4,}(?<![.,;!?])")),
    (Kind.SECRET, after(rf"(?:验证码|校验码|动态码|安全码|支付密码|取件码){_IS}", r"(?=\w*\d)[A-Za-z0-9]{3,8}(?!\w)")),
    (Kind.SECRET, after(r"(?:密码|口令)\s*(?:是|为|[:：=])\s*", r"(?=[^\s，。]*[\dA-Za-z])[A-Za-z0-9!@#$%^&*._-]{4,}")),
    (Kind.BIRTHDATE, after(rf"\b(?:date of birth|d\.?o\.?b\.?|born(?: on)?|birth ?day){_IS}(?:on\s+)?", r"(?:\d{1,4}[/. -]\d{1,2}[/. -]\d{2,4}|(?:\d{1,2}(?:st|nd|rd|th)? )?[A-Z][a-z]{2,8}\.? (?:\d{1,2}(?:st|nd|rd|th)?,? )?\d{4})(?!\d)")),
    (Kind.BIRTHDATE, after(rf"(?:出生(?:日期|年月|于)?|生日){_IS}", r"\d{2,4}\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?")),
    (Kind.PLATE, after(rf"\b(?:(?:licen[cs]e|number|registration|reg) ?plate|(?:car |vehicle )?reg(?:istration)?(?: number| no\.?)?|plate(?: number| no\.?)?){_IS}", r"(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z0-9]{2,4}[ -]?[A-Z0-9]{2,4}(?!\w)")),
    (Kind.PLATE, re.compile(r"(?P<value>[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z]\s?[·•-]?\s?(?=[A-Z]{0,4}\d)[A-Z0-9]{5,6}(?![A-Za-z0-9]))")),
)  # fmt: skip
_ORDER_CODE = re.compile(r"(?<![A-Za-z0-9-])(?P<value>(?:ORD|ORDER|INV|RMA|PO|TKT|SO)-?\d[\d-]{3,}\d)(?![A-Za-z0-9])")
_NUMBER_SIGN = re.compile(r"\b(?:order|ticket|case|invoice)s?\s*#\s*(?P<value>\d{3,})(?!\w)", re.IGNORECASE)


def find_numbers(text: str) -> Iterator[Found]:
    """All such numbers, in no order; they may overlap. Text without a digit holds none."""
    if not any(character.isdigit() for character in text) and "wxid" not in text:
        return
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        if digits[0] in "234568" and luhn.is_valid(digits) and len(set(digits)) > 1:
            yield Found(Kind.CARD, *match.span())
    yield from _find_ibans(text)
    for pattern, is_valid in ((_RESIDENT, ric.is_valid), (_SSN, ssn.is_valid), (_NINO, bool)):
        for match in pattern.finditer(text):
            if is_valid(match.group()):
                yield Found(Kind.NATIONAL_ID, *match.span())
    for match in _PAPERS.finditer(text):
        if any(paper.is_valid(match.group()) for paper in (codicefiscale, dni, nie, nir)):
            yield Found(Kind.NATIONAL_ID, *match.span())
    for kind, pattern in (*_IN_CONTEXT, (Kind.ORDER, _NUMBER_SIGN), (Kind.ORDER, _ORDER_CODE)):
        for match in pattern.finditer(text):
            yield Found(kind, *match.span("value"))


def _find_ibans(text: str) -> Iterator[Found]:
    for match in _IBAN.finditer(text):
        groups = match.group().split(" ")
        for count in range(len(groups), 0, -1):  # the words behind it may look like its last groups
            account = " ".join(groups[:count])
            if iban.is_valid(account):
                yield Found(Kind.IBAN, match.start(), match.start() + len(account))
                break
