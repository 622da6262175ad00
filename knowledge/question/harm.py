"""What tells that somebody is unwell or hurt: then it is looked, besides, for what to do about that."""

import re

from knowledge.question.parts import QuestionPart
from knowledge.text.han import HAN
from knowledge.text.words import words

HARM = re.compile(
    r"\b(?:rash(?:es)?|hives|swollen|swelling|swells?|itch\w*|blister\w*|bleed\w*|vomit\w*|thr[eo]w\w* up|diarrh\w+"
    r"|allergic reaction|hurts?(?! less)|painful|in pain|stings?|stinging|burns? (?:my|his|her|their|our)|inflam\w+|irritated"
    r"|dizzy|faint(?:ed|ing)?|chok(?:ed|ing)|swallowed|poison\w*|seizures?|can(?:'|no)?t breathe|convuls\w+"
    r"|(?:eyes?|skin|face|arms?|legs?|hands?|neck|scalp)(?: \w+){0,3} (?:red|sore|burning)|(?:red|sore|burning) (?:eyes?|skin|face|scalp|throat))\b"
    r"|[红皮起出荨]疹|疹子|红肿|肿了|肿起|肿得|发红|红了|瘙痒|发痒|好痒|很痒|刺痛|灼痛|疼|[头肚胃眼]痛|很痛|好痛|起泡|水泡|出血|流血|呕吐|吐了|[在直]吐"
    r"|拉肚子|腹泻|抽搐|发烧|头晕|晕倒|窒息|呼吸困难|喘不|误[食服吞]|吞了|中毒|过敏了|脱皮|溃烂",
    re.IGNORECASE,
)
"""What is done to a body."""
REMEDY = re.compile(
    r"\b(?:(?:see|ask|call|consult|contact|tell|seek|get|go to|visit|inform)\b[^.]{0,40}\b(?:doctor|physician|gp|medical|emergency|hospital"
    r"|a&e|poison|pharmacist|optician|dentist|vet|ambulance)|(?:stop|discontinue) (?:using|use|taking|wearing))\b"
    r"|停用|停止(?:使用|服用|喂)|就医|就诊|送医|急诊|拨打\s?120|(?:遵|谨遵)医嘱|(?:咨询|联系|询问|问|找|请教)(?:医生|医师|兽医|药师)",
    re.IGNORECASE,
)
"""What is to be done about it: to stop, and to see somebody who heals."""

DANGER = re.compile(
    r"\b(?:(?:on|caught|catch(?:es)?|caused a) fire|(?:in|into|up in) flames|explod(?:ed|es|ing)|(?:is|was|are|were|it['’]?s|start(?:s|ed)|beg[ai]n) (?:smoking|sparking|burning)"
    r"|smok(?:e|ing) (?:is |was )?coming|gives? off smoke|smells? (?:of |like )?(?:burn\w+|gas|smoke)|gas leak|electric(?:al)? shock|got a shock|electrocuted)\b"
    r"|着火|起火|烧起来|冒烟|冒火|爆炸|炸了|漏电|触电|电到|焦味|糊味|煤气味|燃气泄漏",
    re.IGNORECASE,
)
"""What a thing does that may harm somebody at any moment."""
OF_DANGER = re.compile(
    rf"{DANGER.pattern}|\b(?:fires?|flames?|smoke|burn\w*|explo\w+|sparks?|shocks?|overheat\w*|swollen|emergency|unplug|switch (?:it )?off|power off)\b"
    r"|火|烟|爆|触电|漏电|烧|过热|鼓包|紧急|断电|拔掉|切断|关闭电源",
    re.IGNORECASE,
)
"""What speaks of such danger, or says what to do at once."""


def harm_in(text: str) -> frozenset[str]:
    """Index terms of the harm that a text tells of."""
    return frozenset(word for found in HARM.finditer(text) for word in words(found.group()))


def has_remedy(passage_text: str, told: str) -> bool:
    """Whether a passage says what to do about the like of what is told."""
    return bool(REMEDY.search(passage_text)) and not harm_in(told).isdisjoint(harm_in(passage_text))


def what_to_do(question: str) -> tuple[QuestionPart, ...]:
    """What to look for where a question tells of harm: the harm, with the words of those who say to stop and see a doctor."""
    told = [found.group() for found in HARM.finditer(question)]
    if not told:
        return ()
    more = "立即停用并就医" if HAN.search(question) else "stop using it and see a doctor"
    return (QuestionPart(text=f"{' '.join(told)} {more}", names=()),)
