"""A home whose questions have long answers, in both languages, and a model that gives them slowly."""

from pathlib import Path

from agent.homes import new_home, open_documents
from agent.settings import load_settings
from tests.support.openai_server import Behaviour, writes

_COUNT = 12
_WORDS = "amber birch cedar dahlia ebony fennel garnet hazel indigo jasper kelp lilac".split()
_CHINESE = "琥珀 白桦 雪松 丁香 乌木 茴香 石榴 榛子 靛蓝 碧玉 海带 紫藤".split()
QUESTION = "How heavy are the trail lamps of each colour?"
QUESTION_ZH = "各种颜色的登山灯有多重？"
ANSWER = " ".join(f"The {word} trail lamp weighs {number + 101} grams [1]." for number, word in enumerate(_WORDS))
ANSWER_ZH = "".join(f"{word}色的登山灯重{number + 201}克[1]。" for number, word in enumerate(_CHINESE))


def lamp_home(folder: Path, suggestions: str = "") -> Path:
    """A home with an article of lamps in each language."""
    articles = folder / "articles"
    articles.mkdir(parents=True)
    (articles / "lamps.md").write_text(f"# Trail lamps\n\n{ANSWER.replace(' [1]', '')}\n", "utf-8")
    (articles / "登山灯.md").write_text(f"# 登山灯\n\n{ANSWER_ZH.replace('[1]', '')}\n", "utf-8")
    root = folder / "home"
    home = new_home(root)
    home.settings_file.write_text('[knowledge]\nembedder = "corpus"\n[guard]\nwrong_answer_cost = 0.1\n', "utf-8")
    if suggestions:
        home.suggestions_file.write_text(suggestions, "utf-8")
    with open_documents(home, load_settings(root)) as library:
        library.ingest([articles])
    return root


def slowly(text: str, *, seconds: float, size: int = 4) -> Behaviour:
    """Writes a text in pieces, evenly over so long."""
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    return writes(pieces, pause_s=seconds / len(pieces))
