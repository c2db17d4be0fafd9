/** A title server in this process, and its messages in both forms: what a front hands it from datagrams and over HTTP. */
import { Refusal } from '../../src/base/refusal.ts';
import { auditTitles } from '../../src/title/audit/audit.ts';
import { beginLife } from '../../src/title/audit/lives.test-helper.ts';
import {
  ENVELOPE_BYTES,
  readTitleRequest,
  readTitleRequestJson,
  readTitleResponse,
  readTitleResponseJson,
  titleReferenceOf,
  writeTitleJson,
  writeTitleRequest,
  writeTitleResponse,
} from '../../src/title/documents/codec.ts';
import type { Enveloped } from '../../src/title/documents/codec.ts';
import { TITLE_LIMITS } from '../../src/title/documents/limits.ts';
import type { TitleRequest, TitleResponse } from '../../src/title/documents/messages.ts';
import { openWorld, sha256, verify } from '../../src/title/server/world.test-helper.ts';
import type { World } from '../../src/title/server/world.test-helper.ts';
import { Dice } from './dice.ts';
import type { OpenTarget } from './targets.ts';
import { titleMessages } from './titles-messages.ts';

/** After so many messages something happens that is as it must be, so that others become outdated. */
const STEP = 256;
const FIRST_STEPS = 40;
const BRACE = 0x7b;

export async function openTitlesTarget(): Promise<OpenTarget> {
  const world = await openWorld();
  let failure: unknown;
  void world.server.failed.then((reason) => (failure = reason ?? new Error('the server failed')));
  const life = beginLife(world, new Dice(1));
  for (let step = 0; step < FIRST_STEPS; step++) await life.step();
  let answered = 0;
  return {
    messages: (seed) => titleMessages(seed, life),
    answer: async (bytes) => {
      if (++answered % STEP === 0) await life.step();
      const status = bytes[0] === BRACE ? await answerJson(world, bytes) : await answerBytes(world, bytes);
      if (failure !== undefined) throw new Error('the server failed', { cause: failure });
      return status;
    },
    close: async () => {
      await assertSound(world);
      await world.server.close();
    },
  };
}

/** A datagram: what is read of it is written as it came, and the answer fits where it came from. */
async function answerBytes(world: World, bytes: Uint8Array): Promise<number> {
  const request = readTitleRequest(bytes);
  if (!(request instanceof Refusal)) {
    assertSame(writeTitleRequest(request, bytes.length), bytes);
    assertInJson(request, readTitleRequestJson);
  }
  const response = readTitleResponse(bytes);
  if (!(response instanceof Refusal)) {
    assertSame(writeTitleResponse(response), bytes);
    assertInJson(response, readTitleResponseJson);
  }
  const answer = await world.server.answer(bytes, bytes.length);
  if (answer.length > bytes.length) throw new Error('the answer is longer than the question');
  if (answer.length === 0) return request instanceof Refusal ? 400 : 413;
  const status = statusOf(answer, titleReferenceOf(bytes));
  if (request instanceof Refusal && status === 200)
    throw new Error('the server answered what cannot be read');
  return status;
}

/** What comes over HTTP as JSON. */
async function answerJson(world: World, bytes: Uint8Array): Promise<number> {
  const response = readTitleResponseJson(bytes);
  if (!(response instanceof Refusal)) assertInBytes(response);
  const request = readTitleRequestJson(bytes);
  if (request instanceof Refusal) return request.code;
  const binary = writeTitleRequest(request);
  assertSame(writeTitleJson(mustRead(readTitleRequest(binary))), writeTitleJson(request));
  const answer = await world.server.answer(binary, TITLE_LIMITS.messageBytes);
  return statusOf(answer, request.reference);
}

function statusOf(answer: Uint8Array, reference: number): number {
  const said = mustRead(readTitleResponse(answer));
  if (said.reference !== reference && answer.length >= ENVELOPE_BYTES && reference !== 0)
    throw new Error('the answer has another reference than the question');
  return said.message.type === 'response title refusal' ? said.message.status_code : 200;
}

function assertInJson<Message extends TitleRequest | TitleResponse>(
  enveloped: Enveloped<Message>,
  read: (json: Uint8Array) => Enveloped<Message> | Refusal,
): void {
  const json = writeTitleJson(enveloped);
  const again = mustRead(read(json));
  assertSame(writeTitleJson(again), json);
}

function assertInBytes(response: Enveloped<TitleResponse>): void {
  const bytes = writeTitleResponse(response);
  assertSame(writeTitleResponse(mustRead(readTitleResponse(bytes))), bytes);
}

function mustRead<Value>(read: Value | Refusal): Value {
  if (read instanceof Refusal) throw new Error(`what was written cannot be read: ${read.details}`);
  return read;
}

function assertSame(left: Uint8Array, right: Uint8Array): void {
  if (!Buffer.from(left).equals(right)) throw new Error('what was read changes when written again');
}

/** Whatever came, the log adds up. */
async function assertSound(world: World): Promise<void> {
  const findings = await auditTitles(
    (request) => world.server.answer(request, Infinity),
    { kept: undefined, others: [], own: [], now: world.now, progress: () => undefined },
    { verify, sha256 },
  );
  const faults = findings instanceof Refusal ? [findings.details] : findings.faults;
  if (faults.length > 0) throw new Error(`the server came to harm: ${faults.join('; ')}`);
}
