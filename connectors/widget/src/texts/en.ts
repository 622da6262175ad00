export const texts = {
  open: "Open chat", close: "Close chat", log: "Conversation", you: "You", agent: "Assistant", message: "Your message", hint: "Ask a question…",
  send: "Send", stop: "Stop", attach: "Attach a file", remove: "Remove {}", menu: "More", hello: "Hello! How can we help?", proof: "Every answer shows where it comes from.",
  thinking: "Thinking", searching: "Reading what we know", reading: "Reading {} source|Reading {} sources", writing: "Writing", typing: "{} is typing",
  offline: "No connection. Trying again…", queued: "Waiting for a connection", failed: "Not sent: {}", retry: "Try again", discard: "Discard",
  broken: "Chat is not available at the moment.", sources: "Sources", source: "Source {}: {}", article: "Open the article", page: "page {}",
  good: "Helpful", bad: "Not helpful", rate: "Was this answer helpful?", thanks: "Thank you!", why: "What was wrong?", reasons: "Wrong|Incomplete|Not what I asked|Something else",
  tell: "Tell us more (optional)", submit: "Submit", copy: "Copy", copied: "Copied", again: "Answer again", person: "Talk to a person",
  asked: "A colleague has been asked to join.", hours: "Our people are back {}.", joined: "{} has joined.", left: "{} has left. The assistant is back.", colleague: "A colleague", stopped: "Stopped.",
  closed: "This conversation has ended.", fresh: "New conversation", end: "End conversation", download: "Download transcript", erase: "Delete my conversation",
  sure: "Delete this conversation for good?", yes: "Delete", no: "Cancel", sound: "Sound", rating: "How was this conversation?", stars: "{} of 5",
  slow: "Too many messages at once. Trying again in {} second…|Too many messages at once. Trying again in {} seconds…", unnamed: "Not sent: we could not confirm who you are. Please try again, or load the page anew.", range: "Please choose from {} to {}.", tongues: "Answers are given in English and Chinese only.",
  consent: "This conversation is stored so that we can help you. You can delete it at any time.", privacy: "Privacy policy", learn: "It may also be used to improve the assistant.",
  agree: "Agree and start", refuse: "No, thanks", refused: "Nothing was stored or sent. You can change your mind at any time.", start: "Start chat", required: "Please fill in “{}”.", email: "Please give an e-mail address.",
  big: "{} is too large.", kind: "This kind of file is not accepted: {}", upload: "{} could not be sent: {}", unread: "{} new message|{} new messages", down: "To the newest message", choose: "Please choose", language: "Language", file: "Open {}",
};

/** Every text of the chat. `{}` stands for what is put in; for those of PLURAL, `|` is between the forms for one, for more. */
export type Texts = typeof texts;

/** Those whose form depends on a number. */
export const PLURAL: readonly (keyof Texts)[] = ["unread", "reading", "slow"];
