/** The wallet's news as they come: one stream for all of a browser's pages, since a host bears few of them. */

/** What is told: a sentence for the person, or nothing but that something has changed. */
type Tell = (sentence: string) => void;

/** Milliseconds until a stream that the host refused is tried again: at first, and at most. */
const PAUSE = 5_000;
const LONGEST_PAUSE = 300_000;

const NAME = 'specie news';

/** Tells of all news. The page that holds the lock listens to the host, and passes on what it hears. */
export function tuneIn(tell: Tell): void {
  const others = new BroadcastChannel(NAME);
  others.addEventListener('message', ({ data }) => {
    tell(String(data));
  });
  const tellAll = (sentence: string) => {
    tell(sentence);
    others.postMessage(sentence);
  };
  // A page that came without TLS has no locks, and listens by itself.
  const locks = navigator.locks as LockManager | undefined;
  if (locks === undefined) listen(tell, PAUSE);
  else void locks.request(NAME, () => (listen(tellAll, PAUSE), new Promise<never>(() => undefined)));
}

function listen(tell: Tell, pause: number): void {
  const source = new EventSource('/live');
  let isAgain = false;
  source.addEventListener('open', () => {
    // What happened while nobody listened is told by nobody.
    if (isAgain || pause > PAUSE) tell('');
    isAgain = true;
  });
  source.addEventListener('letter', ({ data }) => {
    tell(sentenceOf(data));
  });
  source.addEventListener('changed', () => {
    tell('');
  });
  source.addEventListener('error', () => {
    if (source.readyState !== EventSource.CLOSED) return;
    setTimeout(() => {
      listen(tell, Math.min(pause * 2, LONGEST_PAUSE));
    }, pause);
  });
}

function sentenceOf(data: unknown): string {
  const { text } = JSON.parse(String(data)) as { text?: unknown };
  return typeof text === 'string' ? text : '';
}
