"""What the connector says by itself, in both languages: never an answer, only what goes on."""

from collections.abc import Mapping

from agent.types import Language

_TEXTS: Mapping[str, Mapping[Language, str]] = {
    "thinking": {"en": "is thinking…", "zh": "正在思考…"},
    "loading": {"en": "Looking it up…\nReading the articles…", "zh": "正在查找…\n正在阅读资料…"},
    "stopped": {"en": "_Stopped._", "zh": "_已停止。_"},
    "ask": {
        "en": "Hello! Write your question after my name, and I will answer in this thread.",
        "zh": "您好！请在我的名字后面写下您的问题，我会在这个消息列中回答。",
    },
    "usage": {"en": "Ask me something: `{command} your question`.", "zh": "请这样提问：`{command} 您的问题`。"},
    "looking": {"en": "One moment …", "zh": "请稍候……"},
    "share": {"en": "Share in channel", "zh": "分享到频道"},
    "asked": {"en": "<@{user}> asked: {question}", "zh": "<@{user}> 提问：{question}"},
    "not_yours": {"en": "Only the person who asked may do this.", "zh": "只有提问的人可以这样做。"},
    "thanks": {"en": "Thank you, I have noted it.", "zh": "谢谢，已记录。"},
    "invite": {
        "en": "I cannot write in this channel: invite me with `/invite`, then try again.",
        "zh": "我无法在此频道发言：请先用 `/invite` 邀请我，然后重试。",
    },
    "prompts": {"en": "What would you like to know?", "zh": "您想了解什么？"},
    "no_text": {"en": "There is no text in this message that I could answer.", "zh": "这条消息里没有可以回答的文字。"},
    "no_files": {"en": "I cannot read files of this kind.", "zh": "我无法读取这类文件。"},
    "too_long": {"en": "That is too long for me: please shorten it.", "zh": "内容太长了，请缩短后再发。"},
    "added": {"en": "Added to the knowledge.", "zh": "已加入知识库。"},
    "not_editor": {
        "en": "You may not add to the knowledge: ask whoever runs Parley to name you in [slack] editors.",
        "zh": "您没有添加知识的权限：请联系管理员将您加入 [slack] editors。",
    },
    "said_by": {"en": "**{person}:** {text}", "zh": "**{person}：** {text}"},
}


def say(name: str, language: Language, **values: str) -> str:
    """A text with its places filled in."""
    text = _TEXTS[name][language]
    for place, value in values.items():
        text = text.replace("{" + place + "}", value)
    return text


def language_of_text(text: str) -> Language:
    """Chinese where there is a Chinese character."""
    return "zh" if any("\u4e00" <= character <= "\u9fff" for character in text) else "en"
