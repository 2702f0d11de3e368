// A short sound that no file is needed for.

let audio: AudioContext | undefined;

/** In one of the tabs only, whichever is first; each message has its own name. Silent where the browser forbids it. */
export async function beepOnce(name: string): Promise<void> {
  if (!navigator.locks) return beep();
  await navigator.locks.request(`guest-messenger:${name}`, { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    await beep();
    // Until the slowest tab has heard of the message too.
    await new Promise((over) => setTimeout(over, 2_000));
  });
}

export async function beep(): Promise<void> {
  audio ??= new AudioContext();
  await audio.resume();
  const volume = audio.createGain();
  volume.connect(audio.destination);
  [880, 1_320].forEach((frequency, at) => {
    const tone = audio!.createOscillator();
    tone.frequency.value = frequency;
    tone.connect(volume);
    tone.start(audio!.currentTime + at * 0.09);
    tone.stop(audio!.currentTime + 0.24);
  });
  volume.gain.setValueAtTime(0.06, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + 0.24);
}
