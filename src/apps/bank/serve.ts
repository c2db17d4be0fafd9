/** The bank's program: customers over one socket, its tellers over another. */
import { SECOND } from '../../base/dates.ts';
import { LIMITS } from '../../base/limits.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import { refusalAnswer } from '../../protocol/answers.ts';
import { decodeRequest, decodeTellerRequest, encode, referenceOf } from '../../protocol/codec.ts';
import { serveFrames } from '../../transports/frames/server.ts';
import type { FramesServer } from '../../transports/frames/server.ts';
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

/** What of a currency's bank answers messages. */
type Answering = Pick<RunningBank, 'bank' | 'cddc'>;

/** Serves the banks of several currencies as one, and settles each at once and every few seconds. */
export async function serveBanks(banks: readonly RunningBank[], sockets: BankSockets): Promise<ServedBank> {
  const customers = await serveFrames(
    service((context, bytes) => answerCustomer(banks, context, bytes)),
    { path: sockets.customers, messageBytes: LIMITS.messageBytes },
  );
  const tellers = await serveFrames(
    service((context, bytes) => answerTeller(banks, context, bytes)),
    { path: sockets.tellers, messageBytes: LIMITS.messageBytes },
  );
  // Each for itself: they share nothing but the process.
  const settling = banks.map((each) => keepSettling(each));
  return {
    close: async () => {
      await Promise.all([customers, tellers].map((each: FramesServer) => each.close()));
      await Promise.all(settling.map((each) => each.stop()));
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

/** One message of a customer's in, one out, for the currency in the frame's context. Never rejects for what it was sent. */
export async function answerCustomer(
  banks: readonly Answering[],
  context: string,
  bytes: Uint8Array,
): Promise<Uint8Array> {
  const request = decodeRequest(bytes);
  if (request instanceof Refusal) return refusal(bytes, request);
  const asked = banks.find(({ cddc }) => cddc.cdd.id === context);
  if (asked === undefined) return refusal(bytes, refuse('unknown', 'this bank sells another currency'));
  const answer = await asked.bank.answer(request);
  return answer instanceof Refusal ? refusal(bytes, answer) : encode(answer);
}

/** The same of a teller's. Where one currency alone is sold, it need not be named. */
export async function answerTeller(
  banks: readonly Answering[],
  context: string,
  bytes: Uint8Array,
): Promise<Uint8Array> {
  const request = decodeTellerRequest(bytes);
  if (request instanceof Refusal) return refusal(bytes, request);
  const [only] = banks.length === 1 && context === '' ? banks : [];
  const asked = only ?? banks.find(({ cddc }) => cddc.cdd.id === context);
  if (asked === undefined) return refusal(bytes, refuse('unknown', 'this bank sells other currencies'));
  const answer = await asked.bank.answerTeller(request);
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
