/** A title server: a request in, an answer out. */
import { bytesToHex } from '../../base/bytes.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import { readTitleRequest, titleReferenceOf } from '../documents/codec.ts';
import type { Enveloped } from '../documents/codec.ts';
import { TITLE_LIMITS } from '../documents/limits.ts';
import { TITLE_REQUESTS } from '../documents/messages.ts';
import type { Said, TitleRequest, TitleResponse } from '../documents/messages.ts';
import { LEAST_GROUPS_BYTES, fitting, fittingClasses, fittingGroups, tooLarge } from './answers.ts';
import { Commits, broken } from './commits.ts';
import { Lane } from './lane.ts';
import { lookAtClasses, lookAtPool, lookAtServer, lookAtTitle } from './look.ts';
import type { TitleServerParts } from './ports.ts';
import { Past, wayOf } from './past.ts';
import { noteRecent } from './recent.ts';
import { Roots } from './roots.ts';
import { TitleState } from './state.ts';
import { Transfers } from './transfers.ts';

/** Certifies who holds which title. */
export interface TitleServer {
  /**
   * The answer to a request, in at most `room` bytes; empty where nothing fits (Infinity: as a message over HTTP). Never
   * rejects. The request's bytes must stay as they are until then.
   */
  answer(request: Uint8Array, room: number): Promise<Uint8Array>;
  /** Resolves with what broke the server: it says `busy` from then on, and has to be started anew. Never rejects. */
  readonly failed: Promise<unknown>;
  /** Takes no more transfers, ends what is under way, and closes the store. */
  close(): Promise<void>;
}

/** Opens a server on what its store has kept. Throws when that does not add up. */
export async function openTitleServer(parts: TitleServerParts): Promise<TitleServer> {
  const start = await parts.store.start();
  const state = new TitleState(parts, start);
  await noteRecent(state.recent, { groups: start.groups, registry: state.registry }, parts);
  return new Server(parts, state);
}

/** What a transfer brings is forgotten when it is answered: nothing of it has to be copied. A class stays. */
function isTransfer(request: Uint8Array): boolean {
  return request[KIND_AT] === TITLE_REQUESTS['request title transfer'].kind;
}

/** Where a message says its kind, behind what all begin with. */
const KIND_AT = 2;

class Server implements TitleServer {
  readonly failed: Promise<unknown>;
  readonly #parts: TitleServerParts;
  readonly #state: TitleState;
  readonly #commits: Commits;
  readonly #roots: Roots;
  readonly #past: Past;
  readonly #registering: Lane;
  readonly #transfers: Transfers;
  #fail: (error: unknown) => void = () => undefined;
  #isDown = false;
  #underway = 0;
  #isIdle: () => void = () => undefined;

  constructor(parts: TitleServerParts, state: TitleState) {
    this.failed = new Promise((resolve) => (this.#fail = resolve));
    this.#parts = parts;
    this.#state = state;
    this.#roots = new Roots(parts, state);
    this.#commits = new Commits(parts, state, {
      took: (made) => this.#roots.took(made),
      broke: (error) => this.#break(error),
    });
    this.#registering = new Lane(1, parts.pause);
    this.#past = new Past(parts, state);
    this.#transfers = new Transfers(parts, state, { commits: this.#commits, past: this.#past });
  }

  async answer(request: Uint8Array, room: number): Promise<Uint8Array> {
    const space = Math.min(room, TITLE_LIMITS.messageBytes);
    if (this.#isDown) return fitting(titleReferenceOf(request), broken(), space);
    const read = readTitleRequest(request, isTransfer(request));
    if (read instanceof Refusal) return fitting(titleReferenceOf(request), read, space);
    this.#underway++;
    try {
      return await this.#answer(read, request, space);
    } catch (error) {
      // A store that fails, or a bug: what there is now is not known any more.
      this.#break(error);
      return fitting(read.reference, broken(), space);
    } finally {
      this.#underway--;
      if (this.#underway === 0) this.#isIdle();
    }
  }

  async close(): Promise<void> {
    this.#isDown = true;
    if (this.#underway > 0) await new Promise<void>((resolve) => (this.#isIdle = resolve));
    await this.#commits.idle();
    await this.#parts.store.close();
  }

  #break(error: unknown): void {
    this.#isDown = true;
    this.#fail(error);
  }

  async #answer(
    { reference, message }: Enveloped<TitleRequest>,
    request: Uint8Array,
    room: number,
  ): Promise<Uint8Array> {
    switch (message.type) {
      case 'request title classes':
        return fittingClasses(reference, lookAtClasses(message, this.#state), room);
      case 'request title groups': {
        const isThere = message.from <= this.#state.end.groups;
        if (isThere && room < LEAST_GROUPS_BYTES) return fitting(reference, tooLarge(), room);
        const most = Math.min(TITLE_LIMITS.groupsPageBytes, room);
        const groups = await this.#past.groups(message.from, most, wayOf(room));
        return groups instanceof Refusal
          ? fitting(reference, groups, room)
          : fittingGroups(reference, groups, room);
      }
      default:
        return fitting(reference, await this.#said(message, request, room), room);
    }
  }

  #said(
    message: Exclude<TitleRequest, { readonly type: 'request title classes' | 'request title groups' }>,
    request: Uint8Array,
    room: number,
  ): Promise<TitleResponse | Refusal> | TitleResponse | Refusal {
    switch (message.type) {
      case 'request title server':
        return lookAtServer(this.#state, this.#parts);
      case 'request title class':
        return this.#register(message);
      case 'request title transfer':
        return this.#transfers.answer(message, request, room);
      case 'request title':
        return lookAtTitle(
          message,
          this.#state,
          { past: this.#past, store: this.#parts.store },
          { room, way: wayOf(room) },
        );
      case 'request title pool':
        return lookAtPool(message, this.#state);
      case 'request title root':
        return this.#roots.answer(message.pages, room, this.#commits);
    }
  }

  async #register({
    certificate,
  }: Said<'request title class'>): Promise<Said<'response title class'> | Refusal> {
    const { issuers } = this.#parts;
    const issuer = bytesToHex(certificate.title_class.terms.issuer);
    if (issuers !== undefined && !issuers.includes(issuer))
      return refuse('unauthorised', 'title_class.terms.issuer: this server takes classes of others only');
    const taken = await this.#registering.run(() => this.#commits.titleClass(certificate));
    if (taken instanceof Refusal) return taken;
    return { type: 'response title class', title_class: taken.known.idBytes, group: taken.group };
  }
}
