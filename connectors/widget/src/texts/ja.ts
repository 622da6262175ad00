import type { Texts } from "./en.ts";

export const texts: Texts = {
  open: "チャットを開く", close: "チャットを閉じる", log: "会話", you: "あなた", agent: "アシスタント", message: "メッセージ", hint: "ご質問をどうぞ…",
  send: "送信", stop: "停止", attach: "ファイルを添付", remove: "{}を外す", menu: "その他", hello: "こんにちは。ご用件をどうぞ。", proof: "すべての回答に出典を示します。",
  thinking: "考えています", searching: "資料を確認しています", reading: "{}件の資料を確認しています", writing: "回答を書いています", typing: "{}が入力中",
  offline: "接続が切れました。再接続しています…", queued: "接続を待っています", failed: "送信できませんでした：{}", retry: "再送信", discard: "破棄",
  broken: "チャットを利用できません：{}", sources: "出典", source: "出典{}：{}", article: "記事を開く", page: "{}ページ",
  good: "役に立った", bad: "役に立たなかった", rate: "この回答は役に立ちましたか？", thanks: "ありがとうございます。", why: "問題は何でしたか？", reasons: "誤り|不十分|質問と違う|その他",
  tell: "詳しくお聞かせください（任意）", submit: "送る", copy: "コピー", copied: "コピーしました", again: "もう一度回答", person: "担当者と話す",
  asked: "担当者を呼んでいます。", hours: "担当者は{}に戻ります。", joined: "{}が参加しました。", left: "{}が退出しました。アシスタントが引き継ぎます。", colleague: "担当者", stopped: "停止しました。",
  closed: "この会話は終了しました。", fresh: "新しい会話", end: "会話を終了", download: "会話記録を保存", erase: "会話を削除",
  sure: "この会話を完全に削除しますか？", yes: "削除", no: "キャンセル", sound: "通知音", rating: "この会話はいかがでしたか？", stars: "5点中{}点",
  consent: "サポートのため、この会話を保存します。いつでも削除できます。", privacy: "プライバシーポリシー", learn: "アシスタントの改善にも利用してよい。",
  agree: "同意して始める", refuse: "同意しない", refused: "何も保存・送信していません。いつでも変更できます。", start: "チャットを始める", required: "「{}」を入力してください。", email: "メールアドレスを入力してください。",
  big: "{}は大きすぎます。", kind: "この種類のファイルは送れません：{}", upload: "{}を送信できませんでした：{}", unread: "新着{}件", down: "最新のメッセージへ", choose: "選択してください", language: "言語", file: "{}を開く",
};
