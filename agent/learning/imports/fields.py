"""How exports name what they hold, and what their values mean."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal

from agent.learning.imports.own import EVENTS, channel_of, spoken_events
from agent.learning.imports.shapes import Imported, Speakers, Spoken
from agent.types import Role

Record = Mapping[str, object]

TEXT = ("text", "content", "message", "body", "utterance", "query", "question", "内容", "文本", "消息", "正文", "问题")
TURNS = ("turns", "messages", "dialogue", "dialog", "utterances", "history", "conversation", "log", "对话", "消息列表")
CONVERSATION = (
    "conversation_id", "conversation", "session_id", "session", "dialogue_id", "dialog_id", "chat_id", "thread_id", "ticket_id",
    "case_id", "会话id", "会话", "对话id", "会话编号",
)  # fmt: skip
ROLE = (
    "role",
    "speaker",
    "sender",
    "from",
    "author",
    "author_type",
    "sender_type",
    "角色",
    "发送者",
    "说话人",
    "发言人",
)
_TIME = ("at", "time", "timestamp", "created_at", "ts", "date", "datetime", "时间", "发送时间")
_LABEL = ("correction", "label", "category", "标签", "意图标注", "人工意图")
_INTENT = ("intent", "predicted", "predicted_intent", "意图", "识别意图")
_FEEDBACK = ("feedback", "rating", "评价")
_CONSENT = ("consent", "learning", "may_learn", "agreed", "同意", "授权")
_CUSTOMER = ("customer_id", "customer", "user_id", "client_id", "客户id", "客户", "用户id")
_ID = ("id", *CONVERSATION)
_YES = frozenset("true yes y 1 agreed ok 是 同意 已同意 已授权".split())
_NAMES: dict[Role, str] = {
    "user": "user usr customer client human visitor guest caller buyer consumer end_user enduser 用户 客户 顾客 买家 访客 会员",
    "assistant": "assistant bot sys ai model chatbot virtual_agent gpt 机器人 助手 智能客服 系统客服",
    "agent": "agent staff operator rep representative support human_agent admin seller employee teammate 客服 坐席 人工 人工客服 商家 卖家 店家",
}
_SILENT = "system developer tool function event note internal_note 系统 系统消息"
ROLES: dict[str, Role | None] = {
    **{name: role for role, names in _NAMES.items() for name in names.split()},
    **dict.fromkeys(_SILENT.split()),
}


def first(record: Record, names: Sequence[str]) -> object:
    """The first of these fields that holds something; names in a file may be written in any case."""
    for name in names:
        value = record.get(name)
        if value is not None and value != "":
            return value
    return None


def lowered(record: Record) -> Record:
    """The record with names in lower case without spaces around them."""
    return {str(name).strip().lower(): value for name, value in record.items()}


def conversation_of(record: Record, fallback_id: str, speakers: Speakers) -> Imported:
    """A record that holds a whole conversation, or that is one utterance. Raises ValueError that says what is wrong."""
    fields = lowered(record)
    said = next((fields[name] for name in TURNS if isinstance(fields.get(name), list)), None)
    channel = str(fields.get("channel") or "")
    if isinstance(events := fields.get(EVENTS), list) and said is None:
        turns: list[Spoken | None] = list(spoken_events(events))
        channel = channel or channel_of(events)
    elif isinstance(said, list):
        turns = [_turn(item, number, speakers) for number, item in enumerate(said)]
    else:
        turns = [spoken_of({**fields, "role": "user"}, speakers)]
    found = tuple(turn for turn in turns if turn is not None)
    if not found:
        raise ValueError("nobody says anything")
    return Imported(
        id=str(first(fields, _ID) or fallback_id),
        turns=found,
        consent=consent_of(fields),
        customer=customer_of(fields),
        channel=channel,
    )


def _turn(item: object, number: int, speakers: Speakers) -> Spoken | None:
    if isinstance(item, str):  # a bare list of what was said, by turns
        return Spoken(role="assistant" if number % 2 else "user", text=item) if item.strip() else None
    if not isinstance(item, Mapping):
        raise ValueError(f"message {number + 1} is no object")
    return spoken_of(lowered(item), speakers)


def spoken_of(fields: Record, speakers: Speakers) -> Spoken | None:
    """One message; None where it is of a speaker that is left out, or empty. Raises ValueError."""
    speaker = str(first(fields, ROLE) or "").strip().lower()
    if not speaker:
        raise ValueError(f"no speaker; expected one of the fields {', '.join(ROLE[:4])}")
    known = speakers if speaker in speakers else ROLES
    if speaker not in known:
        raise ValueError(f"speaker {speaker!r} is not known; say who it is with --speaker {speaker!r}=user (or agent)")
    role = known[speaker]
    text = text_of(first(fields, TEXT))
    if role is None or not text.strip():
        return None
    label, intent = first(fields, _LABEL), first(fields, _INTENT)
    return Spoken(
        role=role,
        text=text,
        at=time_of(first(fields, _TIME)),
        intent=str(intent) if isinstance(intent, str) else None,
        label=str(label) if isinstance(label, str) else None,
        feedback=_feedback(first(fields, _FEEDBACK)),
    )


def text_of(value: object) -> str:
    """A text; of a list of parts, as OpenAI writes them, those that are text. Raises ValueError."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, list):
        parts = [part.get("text") if isinstance(part, Mapping) else part for part in value]
        return "\n".join(part for part in parts if isinstance(part, str))
    if isinstance(value, int | float):
        return str(value)
    raise ValueError("the text is no text")


def consent_of(fields: Record) -> bool | None:
    """What a record says of agreement; None where it has no such field."""
    value = first(fields, _CONSENT)
    return None if value is None else str(value).strip().lower() in _YES


def customer_of(fields: Record) -> str | None:
    """Whose conversation it is, as far as the record says."""
    value = first(fields, _CUSTOMER)
    return str(value) if isinstance(value, str | int) else None


def time_of(value: object) -> str | None:
    """ISO 8601 of a time in that form, or of seconds or milliseconds since 1970; None for what is no time."""
    try:
        number = float(str(value))
        when = datetime.fromtimestamp(number / 1000 if number > 1e11 else number, UTC) if number > 1e8 else None
    except (ValueError, OverflowError, OSError):
        try:
            when = datetime.fromisoformat(str(value).strip().replace("/", "-"))
        except ValueError:
            return None
    return when.isoformat() if when else None


def _feedback(value: object) -> Literal[-1, 1] | None:
    word = str(value).strip().lower()
    if word in {"1", "1.0", "up", "good", "positive", "helpful", "好评", "满意", "赞"}:
        return 1
    return -1 if word in {"-1", "-1.0", "down", "bad", "negative", "unhelpful", "差评", "不满意", "踩"} else None
