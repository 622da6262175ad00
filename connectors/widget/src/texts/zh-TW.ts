import type { Texts } from "./en.ts";

export const texts: Texts = {
  open: "開啟聊天", close: "關閉聊天", log: "對話", you: "您", agent: "智慧客服", message: "您的訊息", hint: "請輸入問題…",
  send: "傳送", stop: "停止", attach: "附加檔案", remove: "移除{}", menu: "更多", hello: "您好！有什麼可以幫您？", proof: "每個答案都會註明出處。",
  thinking: "正在思考", searching: "正在查閱資料", reading: "正在查閱{}份資料", writing: "正在回答", typing: "{}正在輸入",
  offline: "網路已中斷，正在重試…", queued: "等待網路恢復", failed: "傳送失敗：{}", retry: "重試", discard: "放棄",
  broken: "目前無法使用聊天。", sources: "出處", source: "出處{}：{}", article: "開啟文章", page: "第{}頁",
  good: "有幫助", bad: "沒幫助", rate: "這個答案有幫助嗎？", thanks: "謝謝您的意見！", why: "哪裡不對？", reasons: "內容有誤|不完整|答非所問|其他",
  tell: "請告訴我們更多（選填）", submit: "送出", copy: "複製", copied: "已複製", again: "重新回答", person: "轉接真人客服",
  asked: "已請真人同事加入。", hours: "真人客服將於{}恢復服務。", joined: "{}已加入對話。", left: "{}已離開，智慧客服繼續為您服務。", colleague: "真人同事", stopped: "已停止。",
  closed: "本次對話已結束。", fresh: "新對話", end: "結束對話", download: "下載對話紀錄", erase: "刪除我的對話",
  sure: "確定永久刪除這次對話嗎？", yes: "刪除", no: "取消", sound: "提示音", rating: "您對這次對話滿意嗎？", stars: "{}分（滿分5分）",
  slow: "傳送得太快了，將在{}秒後重試…", unnamed: "未傳送：無法確認您的身分。請重試，或重新載入頁面。", range: "請選擇{}至{}之間的值。", tongues: "僅以英文和中文回答。",
  consent: "為了協助您，我們會保存這次對話。您可以隨時刪除。", privacy: "隱私權政策", learn: "也可以用於改進智慧客服。",
  agree: "同意並開始", refuse: "不同意", refused: "未保存或傳送任何內容。您可以隨時改變主意。", start: "開始聊天", required: "請填寫「{}」。", email: "請填寫有效的電子郵件。",
  big: "{}太大了。", kind: "不支援這種檔案：{}", upload: "{}傳送失敗：{}", unread: "{}則新訊息", down: "查看最新訊息", choose: "請選擇", language: "語言", file: "開啟{}",
};
