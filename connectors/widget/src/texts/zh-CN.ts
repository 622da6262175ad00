import type { Texts } from "./en.ts";

export const texts: Texts = {
  open: "打开聊天", close: "关闭聊天", log: "对话", you: "您", agent: "智能客服", message: "您的消息", hint: "请输入问题…",
  send: "发送", stop: "停止", attach: "添加文件", remove: "移除{}", menu: "更多", hello: "您好！有什么可以帮您？", proof: "每个答案都会注明出处。",
  thinking: "正在思考", searching: "正在查阅资料", reading: "正在查阅{}份资料", writing: "正在回答", typing: "{}正在输入",
  offline: "网络已断开，正在重试…", queued: "等待网络恢复", failed: "发送失败：{}", retry: "重试", discard: "放弃",
  broken: "暂时无法使用聊天。", sources: "出处", source: "出处{}：{}", article: "打开文章", page: "第{}页",
  good: "有帮助", bad: "没帮助", rate: "这个答案有帮助吗？", thanks: "谢谢您的反馈！", why: "哪里不对？", reasons: "内容有误|不完整|答非所问|其他",
  tell: "请告诉我们更多（选填）", submit: "提交", copy: "复制", copied: "已复制", again: "重新回答", person: "转人工客服",
  asked: "已请人工同事加入。", hours: "人工客服将于{}恢复服务。", joined: "{}已加入对话。", left: "{}已离开，智能客服继续为您服务。", colleague: "人工同事", stopped: "已停止。",
  closed: "本次对话已结束。", fresh: "新对话", end: "结束对话", download: "下载聊天记录", erase: "删除我的对话",
  sure: "确定永久删除这次对话吗？", yes: "删除", no: "取消", sound: "提示音", rating: "您对这次对话满意吗？", stars: "{}分（满分5分）",
  slow: "发送太快了，将在{}秒后重试…", unnamed: "未发送：无法确认您的身份。请重试，或刷新页面。", range: "请选择{}至{}之间的值。", tongues: "仅以英文和中文回答。",
  consent: "为了帮助您，我们会保存这次对话。您可以随时删除。", privacy: "隐私政策", learn: "也可以用于改进智能客服。",
  agree: "同意并开始", refuse: "不同意", refused: "未保存或发送任何内容。您可以随时改变主意。", start: "开始聊天", required: "请填写“{}”。", email: "请填写有效的电子邮箱。",
  big: "{}太大了。", kind: "不支持这种文件：{}", upload: "{}发送失败：{}", unread: "{}条新消息", down: "查看最新消息", choose: "请选择", language: "语言", file: "打开{}",
};
