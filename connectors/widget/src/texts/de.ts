import type { Texts } from "./en.ts";

export const texts: Texts = {
  open: "Chat öffnen", close: "Chat schließen", log: "Unterhaltung", you: "Sie", agent: "Assistent", message: "Ihre Nachricht", hint: "Frage stellen…",
  send: "Senden", stop: "Anhalten", attach: "Datei anhängen", remove: "{} entfernen", menu: "Mehr", hello: "Hallo! Wie können wir helfen?", proof: "Jede Antwort nennt ihre Quelle.",
  thinking: "Denkt nach", searching: "Sieht in unserem Wissen nach", reading: "Liest {} Quelle|Liest {} Quellen", writing: "Schreibt", typing: "{} schreibt",
  offline: "Keine Verbindung. Neuer Versuch…", queued: "Wartet auf Verbindung", failed: "Nicht gesendet: {}", retry: "Erneut versuchen", discard: "Verwerfen",
  broken: "Der Chat ist zurzeit nicht verfügbar.", sources: "Quellen", source: "Quelle {}: {}", article: "Artikel öffnen", page: "Seite {}",
  good: "Hilfreich", bad: "Nicht hilfreich", rate: "War diese Antwort hilfreich?", thanks: "Danke!", why: "Was stimmte nicht?", reasons: "Falsch|Unvollständig|Nicht meine Frage|Etwas anderes",
  tell: "Erzählen Sie mehr (freiwillig)", submit: "Absenden", copy: "Kopieren", copied: "Kopiert", again: "Neu antworten", person: "Mit einem Menschen sprechen",
  asked: "Jemand aus dem Team wurde gerufen.", hours: "Unser Team ist {} wieder da.", joined: "{} ist jetzt dabei.", left: "{} ist gegangen. Der Assistent ist wieder da.", colleague: "Jemand aus dem Team", stopped: "Angehalten.",
  closed: "Diese Unterhaltung ist beendet.", fresh: "Neue Unterhaltung", end: "Unterhaltung beenden", download: "Verlauf herunterladen", erase: "Meine Unterhaltung löschen",
  sure: "Diese Unterhaltung endgültig löschen?", yes: "Löschen", no: "Abbrechen", sound: "Ton", rating: "Wie war diese Unterhaltung?", stars: "{} von 5",
  slow: "Zu viele Nachrichten auf einmal. Neuer Versuch in {} Sekunde…|Zu viele Nachrichten auf einmal. Neuer Versuch in {} Sekunden…", unnamed: "Nicht gesendet: Wir konnten nicht bestätigen, wer Sie sind. Bitte versuchen Sie es noch einmal, oder laden Sie die Seite neu.", range: "Bitte wählen Sie von {} bis {}.", tongues: "Antworten gibt es nur auf Englisch und Chinesisch.",
  consent: "Diese Unterhaltung wird gespeichert, damit wir helfen können. Sie können sie jederzeit löschen.", privacy: "Datenschutz", learn: "Sie darf auch den Assistenten verbessern helfen.",
  agree: "Zustimmen und beginnen", refuse: "Nein, danke", refused: "Nichts wurde gespeichert oder gesendet. Sie können es sich jederzeit anders überlegen.", start: "Chat beginnen", required: "Bitte „{}“ ausfüllen.", email: "Bitte eine E-Mail-Adresse angeben.",
  big: "{} ist zu groß.", kind: "Diese Art von Datei wird nicht angenommen: {}", upload: "{} konnte nicht gesendet werden: {}", unread: "{} neue Nachricht|{} neue Nachrichten", down: "Zur neuesten Nachricht", choose: "Bitte wählen", language: "Sprache", file: "{} öffnen",
};
