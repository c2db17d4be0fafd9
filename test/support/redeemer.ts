/** A customer who redeems: a real coin, made and given back over a front of its own. */
import assert from 'node:assert/strict';
import { randomBytes, createHash } from 'node:crypto';
import { PROTOCOL_VERSION } from '../../src/protocol/documents.ts';
import type { Payload } from '../../src/protocol/documents.ts';
import type { SignedOrder } from '../../src/protocol/governance.ts';
import { payloadBytes } from '../../src/protocol/ids.ts';
import { SUITES } from '../../src/suites/index.ts';
import { certain } from './certain.ts';
import { freshReference, fundRequest } from './lone-box.ts';
import type { Key, LoneBox } from './lone-box.ts';
import { RawFront } from './raw-front.ts';

/** Redeems one unit for an account. The order is executed before, so that there is a unit to be had. */
export async function redeemTo(box: LoneBox, cashier: Key, payee: string, order: SignedOrder): Promise<void> {
  const { issuerId, mintKeys, socket } = box;
  const front = await RawFront.connect(socket);
  const raised = await front.request(issuerId, {
    type: 'request operate',
    message_reference: 1,
    signed_order: order,
  });
  assert.equal(raised.status_code, 200);
  const [suite] = SUITES;
  const certificate = mintKeys.find(({ mint_key: { denomination } }) => denomination === 1);
  assert.ok(suite !== undefined && certificate !== undefined);
  const { mint_key } = certificate;
  const key = certain(suite.readKey(mint_key.public_mint_key));
  const payload: Payload = {
    cdd_location: 'http://127.0.0.1:1/',
    denomination: 1,
    issuer_id: issuerId,
    mint_key_id: mint_key.id,
    protocol_version: PROTOCOL_VERSION,
    serial: freshReference(),
    type: 'payload',
  };
  const seed = randomBytes(32);
  const secrets = (label: string, length: number) =>
    new Uint8Array(createHash('shake256', { outputLength: length }).update(seed).update(label).digest());
  const fund = fundRequest(issuerId, cashier, 1);
  assert.equal((await front.request(issuerId, fund)).status_code, 200);
  const minted = await front.request(issuerId, {
    blinds: [
      {
        blinded_payload_hash: suite.prepare(key, payloadBytes(payload), secrets),
        mint_key_id: mint_key.id,
        reference: '0',
        type: 'blinded payload hash',
      },
    ],
    message_reference: 1,
    transaction_reference: fund.funding.transaction_reference,
    type: 'request mint',
  });
  assert.ok(minted.type === 'response mint');
  const answer = minted.blind_signatures[0]?.blind_signature ?? '';
  const signature = certain(suite.unblind(key, payloadBytes(payload), answer, secrets));
  const redeemed = await front.request(issuerId, {
    coins: [{ payload, signature, type: 'coin' }],
    message_reference: 1,
    payee,
    type: 'request redeem',
  });
  assert.equal(redeemed.type, 'response redeem');
  front.close();
}
