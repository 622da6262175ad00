import type { Texts } from "./en.ts";

export const texts: Texts = {
  open: "Ouvrir le chat", close: "Fermer le chat", log: "Conversation", you: "Vous", agent: "Assistant", message: "Votre message", hint: "Posez une question…",
  send: "Envoyer", stop: "Arrêter", attach: "Joindre un fichier", remove: "Retirer {}", menu: "Plus", hello: "Bonjour ! Comment pouvons-nous vous aider ?", proof: "Chaque réponse indique sa source.",
  thinking: "Réfléchit", searching: "Consulte nos informations", reading: "Lecture de {} source|Lecture de {} sources", writing: "Écrit", typing: "{} écrit",
  offline: "Pas de connexion. Nouvel essai…", queued: "En attente de connexion", failed: "Non envoyé : {}", retry: "Réessayer", discard: "Abandonner",
  broken: "Le chat n’est pas disponible pour le moment.", sources: "Sources", source: "Source {} : {}", article: "Ouvrir l’article", page: "page {}",
  good: "Utile", bad: "Pas utile", rate: "Cette réponse vous a-t-elle aidé ?", thanks: "Merci !", why: "Qu’est-ce qui n’allait pas ?", reasons: "Faux|Incomplet|Pas ma question|Autre chose",
  tell: "Dites-nous en plus (facultatif)", submit: "Envoyer", copy: "Copier", copied: "Copié", again: "Répondre à nouveau", person: "Parler à une personne",
  asked: "Une personne de l’équipe a été appelée.", hours: "Notre équipe revient {}.", joined: "{} a rejoint la conversation.", left: "{} est parti. L’assistant reprend.", colleague: "Une personne de l’équipe", stopped: "Arrêté.",
  closed: "Cette conversation est terminée.", fresh: "Nouvelle conversation", end: "Terminer la conversation", download: "Télécharger la conversation", erase: "Supprimer ma conversation",
  sure: "Supprimer définitivement cette conversation ?", yes: "Supprimer", no: "Annuler", sound: "Son", rating: "Comment était cette conversation ?", stars: "{} sur 5",
  slow: "Trop de messages à la fois. Nouvel essai dans {} seconde…|Trop de messages à la fois. Nouvel essai dans {} secondes…", unnamed: "Non envoyé : nous n’avons pas pu confirmer qui vous êtes. Réessayez ou rechargez la page.", range: "Choisissez entre {} et {}.", tongues: "Les réponses sont données uniquement en anglais et en chinois.",
  consent: "Cette conversation est conservée pour vous aider. Vous pouvez la supprimer à tout moment.", privacy: "Confidentialité", learn: "Elle peut aussi servir à améliorer l’assistant.",
  agree: "Accepter et commencer", refuse: "Non, merci", refused: "Rien n’a été conservé ni envoyé. Vous pouvez changer d’avis à tout moment.", start: "Commencer", required: "Veuillez remplir « {} ».", email: "Veuillez indiquer une adresse e-mail.",
  big: "{} est trop volumineux.", kind: "Ce type de fichier n’est pas accepté : {}", upload: "{} n’a pas pu être envoyé : {}", unread: "{} nouveau message|{} nouveaux messages", down: "Au dernier message", choose: "Choisissez", language: "Langue", file: "Ouvrir {}",
};
