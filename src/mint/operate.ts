/** Operators' orders: signatures gather until the policy is met, then the order takes effect, once. */
import { readDate } from '../base/dates.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import { ok } from '../protocol/answers.ts';
import type { OperatorSignature, SignedOrder } from '../protocol/governance.ts';
import { hashOf } from '../protocol/ids.ts';
import type {
  RequestOperate,
  RequestPendingOrders,
  ResponseOperate,
  ResponsePendingOrders,
} from '../protocol/messages/operate.ts';
import type { Charter } from './charter/charter.ts';
import { judgeOrder, verifiedSignatures } from './charter/policy.ts';
import { carryOut, payOut } from './execute.ts';
import { fitting } from './fitting.ts';
import type { OpenMint } from './mint.ts';

/** Takes an order with what signatures it has; with those that came before it may be enough. */
export async function operate(mint: OpenMint, request: RequestOperate): Promise<ResponseOperate | Refusal> {
  // One at a time: of two operators who sign at once, both signatures are to be kept.
  const outcome = await mint.scribe.inTurn(() => gatherOrKeep(mint, request));
  if (outcome instanceof Refusal || outcome.type === 'response operate') return outcome;
  const refused = await carryOut(mint, outcome);
  return refused ?? executed(mint, request, outcome);
}

/** The order once its policy is met; until then it waits, and the answer says what for. */
async function gatherOrKeep(
  mint: OpenMint,
  request: RequestOperate,
): Promise<SignedOrder | ResponseOperate | Refusal> {
  const gathered = await gather(mint, request.signed_order);
  if (gathered instanceof Refusal) return gathered;
  const verdict = judgeOrder(mint.scribe.charter, gathered, mint.clock());
  if (verdict instanceof Refusal) return verdict;
  return verdict.kind === 'missing' ? wait(mint, request, gathered, verdict.sentences) : gathered;
}

/**
 * The orders that wait for signatures, oldest first: as many as one answer holds, and none that nobody of the policy has
 * signed.
 */
export async function pendingOrders(
  mint: OpenMint,
  request: RequestPendingOrders,
): Promise<ResponsePendingOrders> {
  const orders = await mint.store.orders();
  const now = mint.clock();
  const operators = new Set(operatorsOf(mint.scribe.charter));
  const waiting = orders.filter(
    ({ order, signatures }) =>
      (readDate(order.expires) ?? 0) >= now && signatures.some((each) => operators.has(each.operator)),
  );
  return {
    ...ok(request.message_reference),
    orders: fitting(waiting),
    type: 'response pending orders',
  };
}

function operatorsOf({ policy }: Charter): readonly string[] {
  return policy.operators.map((each) => each.public_key);
}

/** The order with every signature that verifies: those that came now, and those that came before. */
async function gather(mint: OpenMint, signed: SignedOrder): Promise<SignedOrder | Refusal> {
  const { charter } = mint.scribe;
  if (signed.order.issuer_id !== charter.issuerId)
    return refuse('unknown', 'order.issuer_id: another currency');
  const fresh = verifiedSignatures(charter, signed, mint.verify);
  if (fresh.length === 0)
    return refuse('unauthorised', 'signatures: none of them is an operator’s over this order');
  const waiting = (await mint.store.orders()).find(({ order }) => order.serial === signed.order.serial);
  if (waiting !== undefined && hashOf(waiting.order) !== hashOf(signed.order))
    return refuse('reference reused', 'order.serial: another order waits under it');
  // Verified again: an operator may have left the policy since.
  const before = waiting === undefined ? [] : verifiedSignatures(charter, waiting, mint.verify);
  return { ...signed, signatures: merge(before, fresh) };
}

function merge(
  before: readonly OperatorSignature[],
  fresh: readonly OperatorSignature[],
): readonly OperatorSignature[] {
  return [...new Map([...before, ...fresh].map((each) => [each.operator, each])).values()];
}

async function wait(
  mint: OpenMint,
  request: RequestOperate,
  gathered: SignedOrder,
  missing: readonly string[],
): Promise<ResponseOperate | Refusal> {
  const kept = await mint.store.keepOrder(gathered, operatorsOf(mint.scribe.charter), mint.clock());
  if (kept === 'too many')
    return refuse(
      'busy',
      'too many orders wait for signatures, of all operators or of the one who began this',
    );
  return {
    ...ok(request.message_reference),
    missing: [...missing],
    signed_order: gathered,
    state: 'waiting',
    type: 'response operate',
  };
}

async function executed(
  mint: OpenMint,
  request: RequestOperate,
  gathered: SignedOrder,
): Promise<ResponseOperate | Refusal> {
  const { action, serial } = gathered.order;
  const sealed = action.type === 'release reserve' ? await payOut(mint, serial, action.recipient) : undefined;
  if (sealed instanceof Refusal) return sealed;
  return {
    ...ok(request.message_reference),
    missing: [],
    ...(sealed === undefined ? {} : { sealed_stack: sealed }),
    signed_order: gathered,
    state: 'executed',
    type: 'response operate',
  };
}
