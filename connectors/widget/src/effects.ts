/** What reaches out of the panel: a sound, a saved file. */

/** Two short tones. */
export function chime(): void {
  try {
    const audio = new AudioContext();
    for (const [pitch, start] of [[660, 0], [880, 0.12]] as const) {
      const tone = audio.createOscillator(), volume = audio.createGain();
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.08, audio.currentTime + start);
      volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + start + 0.2);
      tone.connect(volume).connect(audio.destination);
      tone.start(audio.currentTime + start);
      tone.stop(audio.currentTime + start + 0.2);
      tone.onended = () => { if (start) void audio.close(); };
    }
  } catch { /* a page that may not make sounds stays silent */ }
}

/** Hands a file to the customer. */
export function saved(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
