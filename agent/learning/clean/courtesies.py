"""Greetings and thanks round what the customer wants, and messages that are nothing else."""

import re

from agent.understand.small_talk import small_talk

_COURTEOUS = {"greeting", "thanks", "goodbye"}
_PART = re.compile(r"(?s:.+?)(?:(?:[!~。！，、…\n?？]|[.,]+(?=\s|$))+|$)\s*")
_OPENING = re.compile(
    r"^(?:(?:hi|hello|hey)(?: there| all| team)?|good (?:morning|afternoon|evening)|dear (?:sir|madam|team|all|support)(?: or madam)?)"
    r"\s+(?=(?:i|i'm|i've|i'd|my|we|can|could|how|what|when|where|why|is|are|do|does|please|would|need|the|there)\b)",
    re.IGNORECASE,
)
_FILLED = re.compile(
    r"^(?:dear (?:sir|madam|sirs|team|support|customer service)(?: or madam)?|亲爱的客服|客服|亲)$", re.IGNORECASE
)
_CLOSED = re.compile(
    r"(?:no,? )?(?:i have )?(?:no|nothing) (?:more|other|further|else)(?: questions?)?|that(?:'s| is| was| will be) (?:all|it)(?: for (?:now|today))?"
    r"|(?:i (?:will|'ll)|i'll) (?:wait|try|check|do that|note it down)|got it|noted|understood|i understand|ok got it|yes please|no thanks?"
    r"|(?:我|暂时|目前|那)*(?:已经|都|就)?(?:没有?|没什么|没啥)(?:其[他它]|别的|什么|任何|啥)?(?:的)?(?:问题|疑问|事情?|需要)?(?:要问)?(?:的)?[了啦]?[啊呀呢哈]?"
    r"|(?:我(?:的)?)?(?:问题)?(?:都)?问完了?|(?:好的?|嗯+|行|哦)?(?:我)?(?:都|已经)?(?:知道|收到|明白|了解|记住|记下(?:来)?|清楚)(?:了|啦)?[啊呀哈]?|就这些(?:了)?|辛苦(?:你|您)?了?"
    r"|(?:那|真的?|好的?|太|嗯|哦)*(?:非常|十分|特别|万分|多)?(?:谢谢|感谢|多谢|谢)(?:你|您|了|啦|啊|哦|呀|哈|呢|们|亲)*"
    r"(?:的?(?:帮助|帮忙|介绍|推荐|查询|服务|解答|回复|耐心|热心|指引|提醒|建议|支持))*[啊呀了啦哈呢]?"
    r"|[恩嗯哦噢喔]+[啊呀了呢]?|(?:那)?(?:就)?(?:好|行|可以|成|中|对|是|没错|没关系|不客气|不用|不需要|不要|很好|非常好|真好|太好|太棒|真是太[好棒]|太感谢|感激不尽)"
    r"(?:的|吧|嘞|呢|呀|啊|了|哦|啦)*|(?:哦，?)?(?:原来)?(?:是)?这样[啊呀子]?|886|88|拜拜啦?",
    re.IGNORECASE,
)
_MENU = re.compile(
    r"(?:[0-9]{1,2}|[#*]|[a-dA-D]|menu|main menu|back|start|/\w+|返回|返回菜单|上一级|主菜单|菜单|按?[0-9]号?键?)[.。)）]?",
    re.IGNORECASE,
)


def is_courtesy(text: str) -> bool:
    """Whether a text is nothing but a greeting, thanks, a farewell or a word of assent ("ok", "好的")."""
    bare = text.strip(" \t\n!.,~。！，、…?？")
    if not bare or _FILLED.match(bare) or _CLOSED.fullmatch(bare):
        return True
    found = small_talk(bare)
    # A greeting before it makes small talk of a mere filler, and of nothing else.
    return found.name in _COURTEOUS if found else small_talk(f"hi. {bare}") is not None


def is_menu(text: str) -> bool:
    """Whether a text only chooses from a bot's menu."""
    return _MENU.fullmatch(text.strip()) is not None


def without_courtesies(text: str) -> str:
    """What is left once greetings before and thanks after are cut; "" where nothing is. Again changes nothing."""
    while True:
        parts = _PART.findall(_OPENING.sub("", text))
        while parts and is_courtesy(parts[0]):
            parts.pop(0)
        while parts and is_courtesy(parts[-1]):
            parts.pop()
        # What ended in a comma before the thanks that are gone is a sentence of its own.
        left = re.sub(r"[\s,，、]+$", "", "".join(parts).strip())
        if left == text:
            return left
        text = left
