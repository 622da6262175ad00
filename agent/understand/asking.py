"""Tells a message that wants something, a question or a demand, from one that only tells how things are."""

import re

_RHETORICAL = re.compile(
    r"\b(?:are|is) (?:you|this|it|that)(?: guys| people)? (?:even |all |just )?(?:kidding|serious|joking|a joke|insane|crazy"
    r"|for real|listening|human|normal)\b|\bwhat (?:the (?:hell|heck|fuck)|a |kind of |sort of |is wrong with)"
    r"|\bhow (?:dare|rude|awful|dreadful|disgusting|can (?:you|anyone|a company)|could you)\b|\bwho do you think\b"
    r"|\b(?:seriously|really)\s*[?!]|\bwhy (?:do|did) i (?:even |ever )?(?:bother|trust)\b"
    r"|[怎咋]么?(?:回事|搞的|这么|这样|那么)|搞什么|(?:^|[^\u4e00-\u9fff]|都|算|这|这是)什么东西|什么(?:破|玩意|垃圾|态度|鬼|烂|公司|服务)|有没有搞错|有没有(?:人管|良心)"
    r"|是不是有病|凭什么|有你们这样|这也叫|还有没有|能不能有点|要不要脸|有没有(?:天理|王法|素质)|有完没完|[讲要]不[讲要](?:道理|理|信用)"
    r"|(?P<same>[烦丢累])不(?P=same)|[动时]不[动时]",
    re.IGNORECASE,
)
_WANTS = re.compile(
    r"(?:^|[.!?;:,]\s*|\n)(?:(?:so|and|but|then|hi|hello|hey|ok(?:ay)?|well|please|hm+|um+|uh+|erm?|oh|ah|wait|actually|sorry|right|yeah|no|also"
    r"|by the way|quick question|one (?:more )?(?:thing|question))\W+)*"
    r"(?:what(?:'?s)?|how|when|where|which|who|whose|why|can|could|do|does|did|is|are|was|were|will|would|may|should|has"
    r"|have|am)\b(?! (?:never|been|no)\b)"
    r"|\b(?:i (?:want|need|demand|would like|wonder)|i'?d like|please|help me|let me know|(?:give|tell|send|show|refund) me|cancel (?:my|the|it))\b"
    r"|\b(?:can|could|do|does|did|is|are|will|would|may|should|am) (?:i|we|you|my|our|the|it|they|he|she|there|some\w+)\b"
    r"|\bhow (?:fast|quick\w*|long|much|many|often|far|soon|do|can|does)\b|\b(?:until|till|since|from|to|for) (?:when|what|which)\b"
    r"|\bwhat (?:do|does|is|are|can|happens|now)\b|\bhelp\W*$"
    r"|吗|呢|咋|没[\s?？!！。]*$|[^\W\d_]还是(?![没不很太老这那一])[^\W\d_]|(?:^|[\s，,。!！了])(?:给我|帮我|麻烦|直接)?(?:退|补|换|赔)(?:一?下|个|点)?(?:差价|货|款|钱|运费|发|寄|偿)\W*$|么[\s?？!！。]*$|什么|怎么|如何|多少|多久|(?<![好那这过了十])几[点天个次号折家]|哪[里儿个家些天]|为何|为啥|能不能|可不可以|可以.{0,8}不"
    r"|是否|是不是|有没有|有无|(?P<same>[\u4e00-\u9fff])[不没](?P=same)|了没有?[\s?？!！。]*$|[能会有行]\w{0,8}不[\s?？!！。]*$|请(?!的)|帮我|帮忙|我要(?!的|气|疯|崩|被|死)|我想|告诉我|给我(?:退|换|查|发|寄|办|一个)",
    re.IGNORECASE,
)


def asks(text: str) -> bool:
    """Whether a message asks or demands something. "Are you kidding?" and "什么破公司！" do not."""
    rest = _RHETORICAL.sub(_SILENT, text)
    marked = any(
        "?" in sentence or "？" in sentence for sentence in _SENTENCES.findall(rest) if _SILENT not in sentence
    )
    return marked or bool(_WANTS.search(rest))


_SILENT = "…"
"""Stands for what only sounds like a question."""
_SENTENCES = re.compile(r"[^.!?。！？\n]+[.!?。！？]*")
