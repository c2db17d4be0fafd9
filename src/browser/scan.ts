import { filled, handIn, wording } from './page.ts';

/** The receive page's camera. What decodes its pictures is large, and is fetched only when somebody starts it. */
export function begin(): void {
  const place = document.querySelector<HTMLElement>('[data-camera]');
  const start = place?.querySelector<HTMLButtonElement>('[data-camera-start]');
  const stop = place?.querySelector<HTMLButtonElement>('[data-camera-stop]');
  const video = place?.querySelector('video');
  if (!place || !start || !stop || !video) return;
  let ending = new AbortController();
  const show = (isOn: boolean) => {
    start.hidden = isOn;
    stop.hidden = !isOn;
    video.hidden = !isOn;
  };
  start.addEventListener('click', () => {
    ending = new AbortController();
    show(true);
    void scan(place, video, ending.signal).then(() => {
      show(false);
    });
  });
  stop.addEventListener('click', () => {
    ending.abort();
  });
}

/** Scans until a code is read, the person stops it, or there is no camera; the camera is off afterwards. */
async function scan(place: HTMLElement, video: HTMLVideoElement, signal: AbortSignal): Promise<void> {
  const say = (name: string, values: Readonly<Record<string, number>> = {}) => {
    const status = place.querySelector('[data-camera-status]');
    if (status !== null) status.textContent = filled(wording(place, name), values);
  };
  const { read } = await import('./camera.ts');
  say('looking');
  const end = await read(video, signal, (have, all) => {
    say('progress', { have, all });
  });
  if ('text' in end) handIn(end.text);
  else say(end.why);
}
