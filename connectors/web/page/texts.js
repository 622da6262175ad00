// Every text of the page, in both languages.

export const TEXTS = {
  en: {
    other: "中文", anew: "New chat", label: "Your message", hint: "Ask a question…", send: "Send", stop: "Stop",
    hello: "Hello! How can we help?", promise: "Ask in English or Chinese. Every answer shows where it comes from.",
    thinking: "Looking for an answer", offline: "Connection lost; trying again…", stopped: "Stopped.",
    refused: "That could not be sent: ", log: "Conversation", sources: "Sources", source: "Source", open: "Open the article", page: "page #",
    good: "Helpful", bad: "Not helpful", thanks: "Thank you!", verdict: "Was this answer helpful?",
    person: "A person, please", helper: "A colleague has been asked to join.", joined: "A colleague is with you.",
    colleague: "Colleague", closed: "This conversation has ended. “New chat” starts another.",
  },
  zh: {
    other: "English", anew: "新对话", label: "您的消息", hint: "请输入问题…", send: "发送", stop: "停止",
    hello: "您好！有什么可以帮您？", promise: "中文、英文都可以提问，每个答案都会注明出处。",
    thinking: "正在查找答案", offline: "连接中断，正在重试…", stopped: "已停止。",
    refused: "发送失败：", log: "对话", sources: "出处", source: "出处", open: "打开文章", page: "第#页",
    good: "有帮助", bad: "没帮助", thanks: "谢谢您的反馈！", verdict: "这个答案有帮助吗？",
    person: "转人工", helper: "已请人工同事加入。", joined: "人工同事正在为您服务。",
    colleague: "人工同事", closed: "本次对话已结束，点“新对话”可重新开始。",
  },
};
