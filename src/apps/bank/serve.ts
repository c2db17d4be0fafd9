/** The bank's program: customers over one socket, its tellers over another. */
import { SECOND } from '../../base/dates.ts';
import { LIMITS } from '../../base/limits.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import { refusalAnswer } from '../../protocol/answers.ts';
import { decodeRequest, decodeTellerRequest, encode, referenceOf } from '../../protocol/codec.ts';
import { serveFrames } from '../../transports/frames-server.ts';
import type { FramesServer } from '../../transports/frames-server.ts';
import { log } from '../log.ts';
import type { RunningBank } from './open.ts';

/** How often the bank asks by itself: for receipts, and for fundings that the mint would not take. */
const SETTLE_PACE = 2 * SECOND;

export interface BankSockets {
  readonly customers: string;
  readonly tellers: string;
}

export interface ServedBank {
  close(): Promise<void>;
}

/** Serves a bank, and settles at once and every few seconds. */
export async function serveBank(running: RunningBank, sockets: BankSockets): Promise<ServedBank> {
  const customers = await serveFrames(
    service((context, bytes) => answerCustomer(running, context, bytes)),
    { path: sockets.customers, messageBytes: LIMITS.messageBytes },
  );
  const tellers = await serveFrames(
    service((_, bytes) => answerTeller(running, bytes)),
    { path: sockets.tellers, messageBytes: LIMITS.messageBytes },
  );
  const settling = keepSettling(running);
  return {
    close: async () => {
      await Promise.all([customers, tellers].map((each: FramesServer) => each.close()));
      await settling.stop();
    },
  };
}

function service(answer: (context: string, bytes: Uint8Array) => Promise<Uint8Array>) {
  return {
    answer,
    failed: (error: Error) => {
      bug(error);
      return encode(refusalAnswer(0, refuse('busy', 'the bank has failed')));
    },
  };
}

/** One message of a customer's in, one out. Never rejects for what it was sent. */
export async function answerCustomer(
  { bank, cddc }: Pick<RunningBank, 'bank' | 'cddc'>,
  context: string,
  bytes: Uint8Array,
): Promise<Uint8Array> {
  const request = decodeRequest(bytes);
  if (request instanceof Refusal) return refusal(bytes, request);
  if (context !== cddc.cdd.id) return refusal(bytes, refuse('unknown', 'this bank sells another currency'));
  const answer = await bank.answer(request);
  return answer instanceof Refusal ? refusal(bytes, answer) : encode(answer);
}

async function answerTeller({ bank }: RunningBank, bytes: Uint8Array): Promise<Uint8Array> {
  const request = decodeTellerRequest(bytes);
  if (request instanceof Refusal) return refusal(bytes, request);
  const answer = await bank.answerTeller(request);
  return answer instanceof Refusal ? refusal(bytes, answer) : encode(answer);
}

function refusal(bytes: Uint8Array, refused: Refusal): Uint8Array {
  return encode(refusalAnswer(referenceOf(bytes), refused));
}

function keepSettling(running: RunningBank): { stop(): Promise<void> } {
  const settle = async () => {
    for (const { name } of await running.settle()) log({ event: 'settling refused', name });
  };
  let settling = settle().catch(bug);
  let isSettling = true;
  const done = () => {
    isSettling = false;
  };
  void settling.then(done);
  const timer = setInterval(() => {
    if (isSettling) return;
    isSettling = true;
    settling = settle().catch(bug);
    void settling.then(done);
  }, SETTLE_PACE);
  return {
    stop: async () => {
      clearInterval(timer);
      await settling;
    },
  };
}

function bug(error: unknown): void {
  const { message, stack = '' } =
    error instanceof Error ? error : new Error('something that is no error was thrown');
  log({ event: 'bug', message, stack });
}
