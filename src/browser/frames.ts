import { wording } from './page.ts';

/** Milliseconds that one code stands still: time for a camera to see it twice. */
const STILL = 250;

/** Shows an animated code's frames one after the other. Who wants less motion starts it by the button. */
export function begin(): void {
  for (const place of document.querySelectorAll<HTMLElement>('[data-frames]')) animate(place);
}

function animate(place: HTMLElement): void {
  const frames = [...place.querySelectorAll<HTMLElement>('[data-frame]')];
  const button = place.querySelector<HTMLElement>('[data-frames-toggle]');
  let at = 0;
  let timer: number | undefined;
  const show = () => {
    for (const [index, frame] of frames.entries()) frame.hidden = index !== at;
  };
  const next = () => {
    at = (at + 1) % frames.length;
    show();
  };
  const run = (isRunning: boolean) => {
    clearInterval(timer);
    timer = isRunning ? setInterval(next, STILL) : undefined;
    if (button !== null) button.textContent = wording(button, isRunning ? 'pause' : 'play');
  };
  button?.addEventListener('click', () => {
    run(timer === undefined);
  });
  show();
  run(!matchMedia('(prefers-reduced-motion: reduce)').matches);
}
