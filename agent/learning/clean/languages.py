"""Which language an utterance is in: English, Chinese, or one that is not learned from."""

import re

from agent.types import Language
from agent.understand.language import ScriptLanguages

_OTHER = re.compile(
    r"[\u0370-\u1cff\u3040-\u30ff\u31f0-\u31ff\uac00-\ud7af\u0e00-\u0eff]"  # Greek to Cherokee, kana, Hangul, Thai
)
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ENGLISH = frozenset(
    "the a an is are was i my me you it to of and in for on with not do does can have has how what when where why this".split()
)
_FOREIGN = frozenset(
    """der die das und ich nicht ist mit ein eine mein meine auf wie kann habe bitte für sie wir wo wann
    el los las una por para que qué mi con está cómo no puedo tengo dónde cuándo quiero pedido es
    le les des une je ne pas est mon ma pour avec vous comment puis où quand c'est j'ai commande
    il lo gli che per non mio mia come posso dove quando sono ho ordine questo
    o os um uma não meu minha você posso onde quando pedido tenho
    het een niet mijn ik hoe wanneer waar van""".split()
) - {"a", "no", "die", "on", "me"}
_ENOUGH = 2


def language_of(text: str) -> Language | None:
    """English or Chinese; None for another language, as far as script and small words tell."""
    letters = len(_LETTER.findall(text))
    if letters and len(_OTHER.findall(text)) * 3 > letters:
        return None
    words = [word.lower() for word in _WORD.findall(text)]
    foreign, english = sum(word in _FOREIGN for word in words), sum(word in _ENGLISH for word in words)
    if foreign >= _ENOUGH and foreign > english * 2:
        return None
    return ScriptLanguages().detect(text, ())
