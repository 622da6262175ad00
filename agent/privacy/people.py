"""Names of people where the words round them say that they are, and where people live."""

import re
from collections.abc import Iterator
from functools import lru_cache

from agent.privacy.kinds import Found, Kind

_CAPITAL = r"(?-i:[A-Z][a-z]*(?:['’-][A-Z]?[a-z]+)*|[A-Z]['’][A-Z][a-z]+)"
_FULL = rf"(?:{_CAPITAL}\.?(?: (?:(?-i:de|van|von|der|den|la|bin|al) )*{_CAPITAL}){{0,3}})"
_NO_NAME = frozenset(
    """a an the my your our is are was i not no yes it this that spelled spelt wrong on in and or but please order account
    here from still very so really just happy angry urgent sorry sure sir madam customer new old there what how why who
    spelling misspelled missing incorrect different listed shown changed correct too also written printed known not being
    credit debit card english chinese pepper martens monday tuesday wednesday thursday friday saturday sunday january february march
    april may june july august september october november december""".split()
)
_NO_CHINESE_NAME = frozenset(
    "白领 高管 黄牛 金卡 白金 黑金 黑卡 银卡 房东 房客 房主 车主 单身 常客 熟客 贵宾 孕妇 文员 农民 商家 商户 管家".split()
)
_ENGLISH = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:my (?:full |first |last |sur|family )?name(?:'s| is|:)|name is|name (?:on|for|of) [\w ]{{1,30}} is|i am called|they call me) (?P<value>{_FULL})",
        rf"(?:^|\n|[,;]\s*)(?:(?:full |first |last |family |sur)?name|contact|recipient|attn|holder)\s*[:：]\s*(?P<value>{_FULL})",
        r"\bmy name(?:'s| is) (?P<value>[a-z]+(?: [a-z]+)?)(?=\s*(?:$|[.,!;\n]|\band i\b|\bi\b|\bfrom\b))",
        rf"\b(?:i'm|i am|speaking with|speaking to) (?P<value>(?-i:[A-Z][a-z]+) {_CAPITAL})(?![’']s?\w| \w+ing\b)",
        rf"\b(?:this is|it's|you have) (?P<value>{_FULL})(?= (?:from|here|calling|speaking|again)\b)",
        rf"(?:^|[,.!]\s*)(?P<value>(?-i:[A-Z][a-z]+) {_CAPITAL}) here\b",
        rf"\b(?:mrs?|ms|miss|dr|prof|mx)\.? (?P<value>{_FULL})",
        rf"(?:regards|sincerely|cheers|best wishes|yours)[,!.]?\s*\n+\s*(?P<value>{_FULL})\s*(?:\n|$)",
    )
)
_SURNAME = (
    "(?:欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|宇文|长孙|夏侯|端木|"
    "[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖"
    "贾夏韦付傅方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧"
    "耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉"
    "缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝])"
)
_GIVEN = r"(?:(?![了的个你您他她它们我不没去过到在一二两三份几错号来])[\u4e00-\u9fff]){1,2}?"
_EDGE = (
    r"(?=$|[\s，。！？；：、,.!?;:（）()\[\]~～]|[的是在想要和与来也就说有昨今去能可请需]|先生|女士|小姐|手机|电话|收)"
)
_TITLE = "(?:先生|女士|小姐|太太|师傅|阿姨|经理|老师|医生)"
_CHINESE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:我(?:的名字|名字)?(?:叫做?|是|的?名字[叫是])|本人|姓名[:：]?\s?[是叫]?|名字[是叫])\s*(?P<value>{_SURNAME}{_GIVEN}){_EDGE}",
        rf"我是(?P<value>[小老阿]{_SURNAME}){_EDGE}",
        rf"(?:收[件货]人|联系人|预订人|预定人|入住人|持卡人|户名|寄件人|客户姓名|姓名)\s*(?:[:：]|是|叫|[改换]?[成为]|改成|换成|\s)\s*(?P<value>[\u4e00-\u9fff·]{{2,4}}){_EDGE}",
        rf"(?:我(?:免贵)?姓|免贵姓)\s*(?P<value>{_SURNAME})(?![\u4e00-\u9fff]{{0,2}}名)",
        r"(?:我(?:的名字)?叫|我的?英文名[叫是]?|姓名[:：])\s*(?P<value>(?-i:[A-Z][a-z]+(?: [A-Z][a-z]+)?))",
        rf"(?P<value>{_SURNAME}(?:(?![的是和，])[\u4e00-\u9fff]){{0,2}}){_TITLE}(?!的?(?:[\u4e00-\u9fff]{{1,4}})?(?:店|馆|餐厅|公司|饭|面|菜))",
    )
)
_STREET = (
    r"(?:street|st|avenue|ave|road|rd|lane|ln|drive|boulevard|blvd|court|ct|terrace|close|crescent|highway|hwy|parkway|"
    r"pkwy|square|place|way)"
)
_REGION = r"(?-i:[A-Z]{2},? \d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})"
_TOWN = rf"(?:,?\s+(?:apt|apartment|unit|suite|flat|#)\.? ?[\w-]+|,\s*(?:apt|apartment|unit|suite|flat|#)\.? ?[\w-]+)?(?:,? (?-i:[A-Z][a-z]+(?: [A-Z][a-z]+)?),? {_REGION}|,? {_REGION})?"
_ADDRESS_EN = re.compile(
    rf"(?<![\w$€£.,-])\d{{1,5}}[A-Za-z]?(?:-\d+)? (?:(?:north|south|east|west|n|s|e|w)\.? )?"
    rf"(?:(?!(?:way|place|star|minutes?|of|the|a|and|in|on|my|to|at|per|hours?|days?|miles?|km|x|for|is|near|from)\b)[A-Za-z'’.]+ ){{1,3}}{_STREET}\b\.?{_TOWN}"
    rf"|\bp\.? ?o\.? ?box \d+(?:,? (?-i:[A-Z][a-z]+),? {_REGION})?"
    rf"|(?<=postcode )(?-i:[A-Z]{{1,2}}\d[A-Z\d]? ?\d[A-Z]{{2}})\b|(?<=zip code )\d{{5}}(?:-\d{{4}})?\b",
    re.IGNORECASE,
)
_PLACE = r"[\u4e00-\u9fff]"
_ADDRESS_ZH = re.compile(
    rf"(?:{_PLACE}{{2,7}}?(?:省|自治区))?(?:{_PLACE}{{2,6}}?(?:市|自治州))?(?:{_PLACE}{{1,6}}?(?:区|县|旗))?"
    rf"{_PLACE}{{1,12}}?(?:大街|大道|路|街|道|巷|弄|胡同|里|条|村|庄)(?:{_PLACE}{{0,4}}?)?(?:甲|乙|丙)?\d{{1,5}}(?:-\d+)?号(?!线|店)"
    r"(?:院|甲|乙)?(?:\d{1,4}(?:号楼|号|栋|幢|座|楼|单元|层|室)){0,4}(?:\d{2,4}(?!\d))?"
    rf"|{_PLACE}{{2,8}}(?:小区|花园|公寓|家园|苑|新村|社区|大厦)(?:\d{{1,3}}(?:号楼|栋|幢|座|期))(?:\d{{1,2}}单元)?(?:\d{{2,4}}(?:室|号)?)?"
)
# The pattern may begin in the middle of such words: 址是北京…
_LEAD_IN = re.compile(
    r"^(?:址[是为]?|[是为于])|^.*?(?:地址(?:是|为)?|位于|寄到|送到|寄往|送往|发到|发往|住在|家在|住|坐落(?:在|于)|就?在)"
)


def find_people(text: str) -> Iterator[Found]:
    """Names and addresses, in no order; they may overlap."""
    for pattern in _ENGLISH:
        for match in pattern.finditer(text):
            found = _without_common_words(match["value"])
            if found:
                yield Found(Kind.NAME, match.start("value"), match.start("value") + len(found))
    for pattern in _CHINESE:
        for match in pattern.finditer(text):
            if not _is_word(match["value"]):
                yield Found(Kind.NAME, *match.span("value"))
    if not any(character.isdigit() for character in text) and "code" not in text:
        return
    for match in _ADDRESS_EN.finditer(text):
        yield Found(Kind.ADDRESS, *match.span())
    for match in _ADDRESS_ZH.finditer(text):
        lead = _LEAD_IN.match(match.group())
        yield Found(Kind.ADDRESS, match.start() + (lead.end() if lead else 0), match.end())


@lru_cache(maxsize=10_000)
def _is_word(name: str) -> bool:
    """Whether a Chinese word that could be a name (白领, 路痴) stands in the dictionary as something else."""
    if len(name) < 2 or name in _NO_CHINESE_NAME:
        return name in _NO_CHINESE_NAME
    import rjieba

    return bool(rjieba.has_word(name)) and all(not tag.startswith("nr") for _, tag in rjieba.tag(name))


def _without_common_words(name: str) -> str:
    """The words of a name up to the first that is none; "" where it begins with one."""
    kept: list[str] = []
    for word in name.split(" "):
        if word.lower().strip(".") in _NO_NAME:
            break
        kept.append(word)
    return " ".join(kept).rstrip(".")
