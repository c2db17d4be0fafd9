/** News of a wallet as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
import { utf8 } from '../../base/bytes.ts';
import { object } from '../../host/objections.ts';
import type { Objection } from '../../host/objections.ts';
import type { NewsEvent } from '../../host/news.ts';
import type { OpenMember } from '../../host/open-member.ts';
import { newsOf } from '../../pages/wording.ts';
import type { Stream } from './streams.ts';
import { isMemberVisit } from './visit.ts';
import type { MemberVisit, Visit } from './visit.ts';

/** Milliseconds between two signs of life: shorter than proxies wait, and how long an ended session may go unnoticed. */
const HEARTBEAT = 15_000;

/** Events that may wait for a browser to read them. */
const UNREAD = 256;

/** The stream of the wallet that the browser is signed in to; 'signed out', or 'too many'. */
export function live(visit: Visit): ReadableStream<Uint8Array> | Objection {
  if (!isMemberVisit(visit)) return object('signed out');
  const listener = new Listener(visit);
  if (!visit.site.streams.add(listener)) {
    listener.end();
    return object('too many', 'streams of one session');
  }
  return listener.body;
}

class Listener implements Stream {
  readonly member: string;
  readonly session: string;
  readonly body: ReadableStream<Uint8Array>;
  readonly #visit: MemberVisit;
  readonly #heartbeat: NodeJS.Timeout;
  #heard: OpenMember;
  #stopHearing: () => void;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;

  constructor(visit: MemberVisit) {
    this.#visit = visit;
    this.member = visit.member.id;
    this.session = visit.session.row.hash;
    this.body = new ReadableStream({
      start: (controller) => {
        this.#controller = controller;
        controller.enqueue(utf8('retry: 3000\n\n'));
      },
      // The browser has left: there is nothing to close any more.
      cancel: () => {
        this.#controller = undefined;
        this.end();
      },
    });
    this.#heard = visit.member;
    this.#stopHearing = this.#hear(visit.member);
    this.#heartbeat = setInterval(() => {
      this.#send(': here\n\n');
      this.check().catch((error: unknown) => this.#fail(error));
    }, HEARTBEAT);
  }

  /** The wallet may have been closed and opened again meanwhile: then the new one is heard. */
  async check(): Promise<void> {
    const { site, secret } = this.#visit;
    const session = await site.host.session(secret);
    const member = session?.member;
    if (member === undefined || session?.row.kind !== 'page') this.end();
    else if (member !== this.#heard && this.#controller !== undefined) {
      this.#stopHearing();
      this.#heard = member;
      this.#stopHearing = this.#hear(member);
      this.#send('event: changed\ndata: {}\n\n');
    }
  }

  end(): void {
    clearInterval(this.#heartbeat);
    this.#stopHearing();
    this.#visit.site.streams.remove(this);
    this.#controller?.close();
    this.#controller = undefined;
  }

  #fail(error: unknown): void {
    this.end();
    this.#visit.site.bug(error instanceof Error ? error : new Error('something that is no error was thrown'));
  }

  #hear(member: OpenMember): () => void {
    return member.news.on((event) => this.#send(written(event, this.#visit)));
  }

  /** A browser that does not read what it is told is let go of. */
  #send(text: string): void {
    if ((this.#controller?.desiredSize ?? 0) < -UNREAD) this.end();
    this.#controller?.enqueue(utf8(text));
  }
}

/** One event. JSON has no line breaks, so it is one line of data. */
function written(event: NewsEvent, { language }: Visit): string {
  if (event.kind === 'changed') return 'event: changed\ndata: {}\n\n';
  const { id, folder } = event.letter;
  const data = { id, folder, text: newsOf(language, event.letter) };
  return `event: letter\ndata: ${JSON.stringify(data)}\n\n`;
}
