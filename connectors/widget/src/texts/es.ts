import type { Texts } from "./en.ts";

export const texts: Texts = {
  open: "Abrir el chat", close: "Cerrar el chat", log: "Conversación", you: "Usted", agent: "Asistente", message: "Su mensaje", hint: "Haga una pregunta…",
  send: "Enviar", stop: "Detener", attach: "Adjuntar un archivo", remove: "Quitar {}", menu: "Más", hello: "¡Hola! ¿En qué podemos ayudarle?", proof: "Cada respuesta indica su fuente.",
  thinking: "Pensando", searching: "Consultando lo que sabemos", reading: "Leyendo {} fuente|Leyendo {} fuentes", writing: "Escribiendo", typing: "{} está escribiendo",
  offline: "Sin conexión. Reintentando…", queued: "Esperando la conexión", failed: "No se envió: {}", retry: "Reintentar", discard: "Descartar",
  broken: "El chat no está disponible en este momento.", sources: "Fuentes", source: "Fuente {}: {}", article: "Abrir el artículo", page: "página {}",
  good: "Útil", bad: "No es útil", rate: "¿Le ha sido útil esta respuesta?", thanks: "¡Gracias!", why: "¿Qué estaba mal?", reasons: "Incorrecta|Incompleta|No es lo que pregunté|Otra cosa",
  tell: "Cuéntenos más (opcional)", submit: "Enviar", copy: "Copiar", copied: "Copiado", again: "Responder de nuevo", person: "Hablar con una persona",
  asked: "Hemos avisado a una persona del equipo.", hours: "Nuestro equipo vuelve {}.", joined: "{} se ha unido.", left: "{} ha salido. Vuelve el asistente.", colleague: "Una persona del equipo", stopped: "Detenido.",
  closed: "Esta conversación ha terminado.", fresh: "Nueva conversación", end: "Terminar la conversación", download: "Descargar la conversación", erase: "Borrar mi conversación",
  sure: "¿Borrar esta conversación para siempre?", yes: "Borrar", no: "Cancelar", sound: "Sonido", rating: "¿Qué le ha parecido esta conversación?", stars: "{} de 5",
  slow: "Demasiados mensajes seguidos. Se reintentará en {} segundo…|Demasiados mensajes seguidos. Se reintentará en {} segundos…", unnamed: "No enviado: no hemos podido confirmar quién es usted. Inténtelo de nuevo o vuelva a cargar la página.", range: "Elija entre {} y {}.", tongues: "Solo se responde en inglés y chino.",
  consent: "Guardamos esta conversación para poder ayudarle. Puede borrarla cuando quiera.", privacy: "Política de privacidad", learn: "También puede usarse para mejorar el asistente.",
  agree: "Aceptar y empezar", refuse: "No, gracias", refused: "No se ha guardado ni enviado nada. Puede cambiar de opinión cuando quiera.", start: "Empezar", required: "Rellene «{}».", email: "Indique un correo electrónico.",
  big: "{} es demasiado grande.", kind: "No se admite este tipo de archivo: {}", upload: "No se pudo enviar {}: {}", unread: "{} mensaje nuevo|{} mensajes nuevos", down: "Ir al último mensaje", choose: "Elija", language: "Idioma", file: "Abrir {}",
};
