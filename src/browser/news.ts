/** The wallet's news as they come: one stream for all of a browser's pages, since a host bears few of them. */

/** What is told: a sentence for the person, or nothing but that something has changed. */
type Tell = (sentence: string) => void;

interface Stream {
  /** Asks the host again at once, where it had refused. */
  again(): void;
}

/** Milliseconds until a stream that the host refused is asked for again: at first, and at most. */
const PAUSE = 5_000;
const LONGEST_PAUSE = 300_000;

const NAME = 'specie news';

/** What a new page says to the others: somebody may have signed in again since the host refused. */
const HELLO = { hello: true };

/** Tells of all news. The page that holds the lock listens to the host, and passes on what it hears. */
export function tuneIn(tell: Tell): void {
  // A page that came without TLS has no locks, and listens by itself.
  const locks = navigator.locks as LockManager | undefined;
  if (locks === undefined) {
    listen(tell);
    return;
  }
  let stream: Stream | undefined;
  const others = new BroadcastChannel(NAME);
  others.addEventListener('message', ({ data }) => {
    if (typeof data === 'string') tell(data);
    else stream?.again();
  });
  others.postMessage(HELLO);
  void locks.request(NAME, () => {
    stream = listen((sentence) => {
      tell(sentence);
      others.postMessage(sentence);
    });
    // The lock is held until the page goes.
    return new Promise<never>(() => undefined);
  });
}

function listen(tell: Tell): Stream {
  let pause = PAUSE;
  let timer: number | undefined;
  let hasMissed = false;
  const open = () => {
    clearTimeout(timer);
    timer = undefined;
    const source = new EventSource('/live');
    source.addEventListener('open', () => {
      // What happened while nobody listened is told by nobody.
      if (hasMissed) tell('');
      hasMissed = false;
      pause = PAUSE;
    });
    source.addEventListener('letter', ({ data }) => {
      tell(sentenceOf(data));
    });
    source.addEventListener('changed', () => {
      tell('');
    });
    source.addEventListener('error', () => {
      hasMissed = true;
      // A browser tries by itself again only where the host did not answer at all.
      if (source.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(open, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    });
  };
  open();
  return {
    again: () => {
      if (timer !== undefined) open();
    },
  };
}

function sentenceOf(data: unknown): string {
  const { text } = JSON.parse(String(data)) as { text?: unknown };
  return typeof text === 'string' ? text : '';
}
