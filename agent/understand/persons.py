"""Tells a call for a person from the refusal of one, and from the question where a person stays who was called."""

import re

from agent.types import IntentScore
from knowledge.text.openers import FALTERING

TALK_TO_PERSON = "talk_to_person"
NO_PERSON = "no_person"
"""The intent of a message that wants no person, or none any more."""
PERSON_AWAITED = "person_awaited"
"""The intent of a message that asks where a person stays who was called."""

_NOUN = (
    r"(?:person|human|human being|agent|representative|rep|operator|colleague|manager|supervisor|advisor|adviser"
    r"|(?:some|any)(?:one|body)|(?:your |the )?(?:support |service |customer (?:service|support) )?(?:team|staff|people)"
    r"|customer (?:service|support|care)|support)"
)
_A = r"(?:(?:a|an|the|some|any|another|your|more|real|live|actual|human) )*"
_TALK = r"(?:talk|speak|chat)(?:ing)?"
_HAND_OVER = (
    r"(?:transfer(?:r?ing|red)?|connect(?:ing|ed)?|pass(?:ing|ed)?|hand(?:ing|ed)?|put(?:ting)?|forward(?:ing|ed)?)"
    r" (?:me|us|this|it)\b(?! (?:my|your|how|what))|escalat(?:e|ing)"
)
_CALLED = re.compile(
    rf"\b(?:{_TALK}|chat|connect(?: me| us)?|transfer(?: me| us)?|put (?:me|us) (?:through|in touch)|get me|pass me|hand me over"
    r"|escalate)\b[^.?!]{0,30}\b(?:(?:a |an |the |some |real |live |actual |human |another )*"
    r"(?:person|human|human being|agent|representative|rep|someone real|somebody real|operator|colleague|manager"
    r"|supervisor|advisor|adviser))\b"
    rf"|\b(?:(?:{_TALK}|connect (?:me|us)|transfer (?:me|us)|put (?:me|us) (?:through|in touch)|get me through) (?:to|with)"
    rf"|(?:get|give) (?:me|us)) {_A}{_NOUN}\b(?!'s)"
    r"|\b(?:transfer|put) (?:me|us)(?: through| over)?\W*$|\bget (?:someone|somebody|a (?:human|person)) on (?:the )?(?:line|phone|chat)"
    rf"|\b(?:(?:can|could|would|will) {_A}(?:someone|somebody|anyone|person|human|agent|manager|colleague|you|one of you)|(?:have|get) (?:someone|somebody)|please)"
    r" (?:please )?(?:call|ring|phone) (?:me|us)(?: back| up)?(?=\W*$|[ ,]+(?:please|now|today|tomorrow|on|about|at|back|asap))"
    r"|\b(?:is there|do you have|have you got|don'?t you have) (?:a|an|any|some)(?:one|body)? ?(?:real |live |human )?(?:person|human|agent|people)? ?(?:(?:that |who |whom )?(?:i|we) (?:can|could) (?:talk|speak|chat)|to (?:talk|speak|chat) (?:to|with))"
    r"|\b(?:i (?:want|need|would like)|give me|get me|let me (?:talk|speak) to) (?:a|an|the|some) "
    r"(?:real |live |actual )*"
    r"(?:human|person|agent|representative|operator|supervisor)\b(?!'s)"
    r"|^\W*(?:human|agent|operator|representative|real person)(?: please)?\W*$"
    r"|转(?:接)?(?:到|给)?人工|人工(?:客服|服务|坐席)|(?:找|叫|要|换|接)(?:个|一个|一下|你们|你们的)?(?:真人|人工|客服|经理|主管|活人|负责人)"
    r"|(?:找|叫|派|让|换|安排|来)(?:你们的?)?(?:一个|个|一位|位|名)?(?:懂的|负责的?|管事的?)?人(?:来|给我|跟我|和我|帮我|联系我|回我|处理|出来)"
    r"|(?:让|叫|请|麻烦)(?:你们的?)?(?:人|客服|人工|同事|负责人|经理|主管)\w{0,2}(?:联系|回复|回电|打给|打电话给|给)我|(?:给|跟|同)我(?:打个?|回个?|来个?)电话|(?:打|回)(?:个)?电话给我|回我(?:个)?电话"
    r"|(?:和|跟|同)(?:真人|人工|客服|活人|经理|人)(?:说话|聊|谈|沟通|对话|讲)|别用机器人|不(?:要|想)(?:和|跟)机器人"
    r"|(?:怎么|为什么|为啥|咋)(?:还|就|都)?(?:没有?|不给|不能)(?:转|找|接|安排)?人工",
    re.IGNORECASE,
)
_ANY_PERSON = (
    r"(?:person|human being|human|agent|representative|rep|operator|colleague|manager|supervisor|advisor|adviser)"
)
_ONLY_PERSON = re.compile(
    rf"\W*(?:(?:{FALTERING}|ok(?:ay)?|hi|hello|hey|then|fine|alright|all right|no|nope|yes|yeah|sorry|please|thanks|thank you|just|rather|maybe|sure|good|great)\b\W*){{0,6}}+"
    r"(?:(?:(?:can|could|may) (?:i|we) (?:please )?(?:have|get|see)|(?:i|we)(?:['’]d| would)? (?:like|want|need|prefer)|(?:give|get) (?:me|us)|to|for)\b\W*(?:(?:just|please)\b\W*)?)?"
    rf"(?:(?:a|an|the|some|another|your)\s+)?(?:(?:real|live|actual|human|other)\s+){{0,2}}{_ANY_PERSON}\b"
    r"(?:\W*(?:please|thanks|thank you|now|then|instead|cheers|asap)\b){0,3}+\W*"
    r"|\W*(?:(?:好的?|行|嗯|那|算了|您好|你好|不用?了?|可以|哦|就|还是|请|麻烦|谢谢|直接|帮我|给我|我要|我想要?|找|叫|转|接|换|来)[，,。！!\s]*){0,6}+"
    r"(?:一?[个位]|[一下]下)?(?:真人|人工|活人|客服)(?:客服|服务|坐席)?(?:[，,。！!\s]*(?:吧|呢|谢谢|了|啊|呀|好了|处理|可以吗|麻烦)){0,3}+[。！!?？\s]*",
    re.IGNORECASE,
)
"""Nothing but a person and courtesies around: "ok, a person please", 好的，人工谢谢."""
_ASKS_ABOUT = re.compile(
    r"\b(?:fee|charge|cost|hours?|until|what time|how much)\b|几点|费用|多少钱|\b(?:do|must|will|would|should|did) (?:i|we|you) (?:have to |need to |be )?talk",
    re.IGNORECASE,
)

_NOT = (
    r"(?:(?:do|did|does|would|could|wo|need)(?:n['’]?t| not)|dont|didnt|never|rather not|(?:no|without|not)(?= (?:need|want)))"
    r"(?! you)(?: (?:really|actually|even|just|please|ever|yet))*"
)
_WISH = r"(?:want(?:ed)?|need(?:ed)?|wish|like|ask(?:ed)?(?: for)?|request(?:ed)?|have|care|bother|wait|prefer)"
_WITHIN = r"(?:(?!\b(?:ro)?bots?\b|\bmachine\b|\bbut\b|\bi (?:want|need)\b|\b(?:give|get) me\b)[^.,;!?])"
_REFUSED_EN = (
    rf"\b{_NOT} {_WISH}\b{_WITHIN}{{0,30}}\b(?:(?:to|with|for|from|by|a|an|any|the|want|need|another|your|human|real|live) (?:real |live |human )?{_NOUN}\b(?: help| support)?|human (?:help|support)|{_HAND_OVER}|be(?:ing)? (?:transferred|connected|passed on|put through))"
    rf"|\b(?:{_NOT}|stop|quit) (?:{_HAND_OVER})(?:[ \w]{{0,12}}\b{_NOUN}\b| over| on| through| up)*"
    rf"|\b{_NOT} (?:{_TALK}|get|call|involve|send|bring)(?: in)?(?: to| with| me)? {_A}{_NOUN}\b"
    rf"|\bno need (?:for|of|to (?:{_TALK} (?:to|with)|involve|call|get|send|bring in|wait for)) {_A}{_NOUN}\b|\bno need to (?:{_HAND_OVER})(?: over| on| through)*"
    rf"|(?:^|[.,;!?]\s*|\b(?:ok|okay|please|but) )no (?:real |live |human )?(?:{_ANY_PERSON}s?|people)\b(?! (?:is|are|has|have|came|comes?|answers?|answered|ever|can|will)\b)(?: (?:is |was )?(?:needed|required|necessary))?"
    rf"|\bcancel(?:led|ling)? (?:the |that |my |this )?(?:(?:request|call|wait) (?:for|to) {_A}{_NOUN}|{_ANY_PERSON}|transfer|hand-?over|escalation)\b"
    rf"|\bwhy (?:are|did|would|do|must|should) (?:you|i|we) (?:have to |need to |be )?(?:{_HAND_OVER}|{_TALK} (?:to|with) {_A}{_NOUN})(?:[ \w]{{0,12}}\b{_NOUN}\b| over| on| through)*"
)
_PERSON_ZH = r"(?:人工|真人|活人|客服)(?:客服|服务|坐席|介入|帮助|处理)?"
_TO_ZH = r"(?:再|又|给我|帮我|把我|麻烦|急着|着急|先|去|来|跟|和|到|给|个|一个|位|你们|转接|转|找|叫|要|换|接|联系|等|请|通知|安排|惊动)"
_REFUSED_ZH = (
    rf"(?<![能可要用需想好])(?<!是不)(?<!怎么)(?<!为什么)(?<!为啥)(?:先|还是|暂时|真的|也)*(?:我)?(?:(?:暂时|现在|根本)*(?:不用|不要|不需要|不必|不想|不打算|不是|没(?:有)?(?=要|想|说|让|叫|找|需)(?:要|想|说|让|叫|需要)?你?|不(?=转|找|叫|接|等|麻烦)|别|甭|无需|无须|用不着|没必要)|取消|撤销|撤回|收回)(?:了)?{_TO_ZH}*{_PERSON_ZH}(?:请求|申请)?(?:了|啊|呀|吧|啦)*"
    rf"|(?:把)?(?:转|找|叫)?{_PERSON_ZH}(?:请求|申请)?(?:就|先|那就|那|我|也)*(?:不用|不要|不必|不需要|取消|算|免|撤销|撤回)(?:了|掉|吧|啦)*"
    rf"|(?:为什么|为啥|干嘛|干吗|干什么|谁让你们?|谁叫你们?|怎么(?=又|老|总|就|给我|把我))(?:要|非要|又|就|老是|老|总是|总|直接|一定)*(?:给我|帮我|把我|你)*(?:转|找|叫|接)(?:到|给|个)*{_PERSON_ZH}(?:了|啊|呀|呢)*"
)
_REFUSED = re.compile(rf"(?:\b(?:i|we|you|please|really)\s+)*(?:{_REFUSED_EN})|{_REFUSED_ZH}", re.IGNORECASE)
_WHY = re.compile(r"\bwhy\b|为什么|为啥|干嘛|干吗|干什么|谁让|谁叫|怎么", re.IGNORECASE)
_BESIDE = re.compile(
    rf"\b(?:{FALTERING}|you|i|can|could|will|just|please|answer|tell|help|me|it|this|that|here|myself|yourself|bot|with|the|is|are|am|fine|enough|good|ok(?:ay)?"
    r"|yes|no|nah|thanks?|thank|now|any|more|anymore|yet|really|actually|at|all|but|and|so|sorry|needed|to|be|for|hey|hi|wait|never ?mind|right|then|over|do|my|questions?|there|s|d|m|ve|ll|re)\b"
    r"|你们|你|您|来|直接|回答|回复|说|告诉|帮|解决|就|行|好|可以|了|吧|啊|呢|呀|哦|谢谢|我|自己|先|问|跟|聊|机器人|够|不用|不要|算|嗯|的|会|能|啦|亲|请|麻烦|刚才|那",
    re.IGNORECASE,
)
"""What is said beside a refusal and asks for nothing: "you answer it", 你来就好."""
_LETTER = re.compile(r"[^\W\d_]")

_TAKES_BACK = re.compile(
    r"\b(?:never ?mind|forget (?:it|about (?:it|that))|no need|no thanks?|no thank you|not (?:needed|necessary)|cancel|(?:don['’]?t|do not|no longer) need"
    r"|(?:won['’]?t|can['’]?t|don['’]?t want to) wait|sorted|solved|resolved|fixed|figured it out)\b"
    r"|取消|撤销|撤回|算了|不用|不必|不需要|不要了|不等|等不了|不麻烦|解决了|搞定了",
    re.IGNORECASE,
)
_STAYS = re.compile(
    r"\b(?:how (?:long|much longer|soon|many)|when|what time|(?:any|some)(?:one|body)|they|where|waiting|nobody|no ?one|queue|hello)\b"
    r"|多久|多长时间|几分钟|几点|什么时候|何时|几时|[人工服]呢|[没有]人|还没|没来|哪|轮到|排|好久|半天|还在吗",
    re.IGNORECASE,
)
_OF_WAITING = re.compile(
    rf"\b(?:{FALTERING}|{_ANY_PERSON}s?|(?:any|some|every)(?:one|body)|nobody|no ?one|hello|hi|hey|how|long|longer|much|more|soon|many|when|what|time|where|who|they|he|she|them|him|her|you|i|we|me|us|it|that|this|one"
    r"|is|are|am|was|will|would|can|could|do|does|did|has|have|had|been|be|to|a|an|the|your|my|of|in|on|at|or|and|but|so|for|from|not|there|here|still|yet|ever|even|now|today|then|all|exactly|usually|finally|actually|about|until|till|before"
    r"|wait|waiting|take|takes|come|comes|coming|going|gonna|go|gone|stay|need|must|should|expect|get|getting|got|hear|see|seen|read|answer|answers|answering|answered|reply|replies|replied|respond|responding|contact|join|call|arrive|arriving|help|helping|talk|speak|chat|connected|listening|back|touch|with"
    r"|people|others|ahead|left|queue|position|request|message|line|team|staff|support|service|available|free|around|real|live|please|thanks|thank|sorry|ok(?:ay)?|well|excuse|never ?mind|forget|no|nope|nah|need|needed|necessary|any ?more|cancel|don['’]?t|won['’]?t|can['’]?t|longer|want"
    r"|sorted|solved|resolved|fixed|figured|found|out|myself|already|after|manage|fine|though|just|actually|['’]?(?:s|re|ll|ve|m|d))\b"
    r"|请问|你好|您好|你们|您们|他们|你|您|我|自己|刚才|刚刚|那个|这个|问题|请求|申请|人工|真人|活人|客服|同事|人|服务|坐席|取消|撤销|撤回|算|不用|不必|不需要|不要|不等|等不了|不麻烦|麻烦|解决|搞定|弄好|谢谢|抱歉|不好意思"
    r"|大概|一般|到底|已经|现在|怎么|为什么|为啥|还|要|需要|得|等|排队?|队|多久|多长|时间|几分钟|分钟|几点|几时|几个|多少|什么时候|何时|前面|才|会|能|可以|有|没|来|接待?|回复?|回应|上线|在|到|轮|联系|处理|理|去|哪里?|哪儿|好久|半天|这么久"
    r"|那|先|就|也|都|把|给|掉|吧|呢|啊|呀|吗|么|嘛|了|啦|的|不|好|嗯|哦|喂|亲|是",
    re.IGNORECASE,
)
"""The words of who waits for a person; a message of others is about something else."""
_NAMED = re.compile(rf"\b{_ANY_PERSON}\b|{_PERSON_ZH}|同事", re.IGNORECASE)
_LONGEST = 80


def names_person(text: str) -> bool:
    """Whether a message names a person of the company in so many words."""
    return bool(_NAMED.search(text))


def wants_person(text: str) -> IntentScore | None:
    """The intent `talk_to_person` when the customer asks for a person, and not for their hours or price, nor for none."""
    left = _REFUSED.sub(" … ", text)
    called = _CALLED.search(left) or _ONLY_PERSON.fullmatch(left)
    if called and not _ASKS_ABOUT.search(text):
        return IntentScore(name=TALK_TO_PERSON, confidence=1.0)
    return None


def refuses_person(text: str) -> IntentScore | None:
    """The intent `no_person` when the customer wants no person and says nothing else."""
    left = _REFUSED.sub(" ", text)
    if left == text or _LETTER.search(_BESIDE.sub(" ", left)):
        return None
    return IntentScore(name=NO_PERSON, confidence=1.0)


def without_refusal(text: str) -> str:
    """A message without the words that no person is wanted; itself where nothing else is said."""
    left = _REFUSED.sub("", text)
    asked = left != text and _LETTER.search(_BESIDE.sub(" ", left)) and not wants_person(text)
    return left.strip(" \t\n,.;!，。；！、") if asked else text


def of_the_called(text: str) -> IntentScore | None:
    """What a message means right after a person was called: none is wanted any more, or the question where they stay."""
    if len(text) > _LONGEST:
        return None
    refused = refuses_person(text)
    waits = not _LETTER.search(_OF_WAITING.sub(" ", text))
    if (refused and not _WHY.search(text)) or (waits and _TAKES_BACK.search(text)):
        return IntentScore(name=NO_PERSON, confidence=1.0)
    return IntentScore(name=PERSON_AWAITED, confidence=1.0) if refused or (waits and _STAYS.search(text)) else None
