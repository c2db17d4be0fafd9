import { filled, handIn, placeWithForm, wording } from './page.ts';

/** The receive page's camera. What decodes its pictures is large, and is fetched only when somebody starts it. */
export function begin(): void {
  const [place, form] = placeWithForm('camera') ?? [];
  const start = place?.querySelector<HTMLElement>('[data-camera-start]');
  const stop = place?.querySelector<HTMLElement>('[data-camera-stop]');
  const view = place?.querySelector<HTMLElement>('[data-camera-view]');
  const video = place?.querySelector('video');
  if (!place || !form || !start || !stop || !view || !video) return;
  let ending = new AbortController();
  const show = (isOn: boolean) => {
    start.hidden = isOn;
    view.hidden = !isOn;
  };
  const say = (name: string, values: Readonly<Record<string, number>> = {}) => {
    const status = place.querySelector('[data-camera-status]');
    if (status !== null) status.textContent = filled(wording(place, name), values);
  };
  start.addEventListener('click', () => {
    ending = new AbortController();
    show(true);
    say('cameraHint');
    void scan(video, ending.signal, say).then((text) => {
      show(false);
      if (text !== undefined) handIn(form, text);
    });
  });
  stop.addEventListener('click', () => {
    ending.abort();
  });
}

type Say = (name: string, values?: Readonly<Record<string, number>>) => void;

/** Scans until a code is read, the person stops it, or there is no camera; the camera is off afterwards. */
async function scan(video: HTMLVideoElement, signal: AbortSignal, say: Say): Promise<string | undefined> {
  const { read } = await import('./camera.ts');
  const end = await read(video, signal, (done, all) => {
    say('cameraProgress', { done, all });
  });
  if ('text' in end) {
    say('cameraRead');
    return end.text;
  }
  // Nothing is to be said of a camera that was stopped.
  say(end.why === 'stopped' ? '' : 'cameraNone');
  return undefined;
}
