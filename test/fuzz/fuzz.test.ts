import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { REQUESTS } from '../../src/protocol/catalogue.ts';
import { SUITES } from '../../src/suites/index.ts';
import type { CipherSuite } from '../../src/suites/index.ts';
import { campaign } from './campaign.ts';
import { mutations, publishedExamples, seeds } from './mutations.ts';
import { openSuiteTarget } from './suite-target.ts';
import { TARGETS } from './targets.ts';

describe('mutated messages', () => {
  for (const [name, { brief, open }] of Object.entries(TARGETS)) {
    it(`never crash the ${name}`, async () => {
      const target = await open();
      const { messages, statuses, crash } = await campaign(
        target.answer,
        target.messages(1),
        brief,
        Infinity,
      );
      assert.equal(crash?.reason, undefined, Buffer.from(crash?.message ?? []).toString());
      await target.close();
      assert.equal(messages, brief);
      for (const status of [200, 400])
        assert.ok((statuses.get(status) ?? 0) > brief / 100, `few answers ${status}`);
    });
  }

  it('are the same for the same seed, and others for another', () => {
    const first = (seed: number) =>
      [...mutations(seed).take(200)].map((bytes) => Buffer.from(bytes).toString('base64'));
    assert.deepEqual(first(7), first(7));
    assert.notDeepEqual(first(7), first(8));
    assert.ok(new Set(first(7)).size > 150);
  });

  it('begin with every published example and every kind of request', () => {
    const types = seeds().map((seed) => (seed as { type?: unknown }).type);
    assert.ok(publishedExamples().size >= 28);
    for (const type of Object.keys(REQUESTS)) assert.ok(types.includes(type), type);
  });
});

describe('a campaign', () => {
  it('reports a target that throws, or that answers 500', async () => {
    let count = 0;
    const throws = () => (++count === 40 ? Promise.reject(new Error('boom')) : Promise.resolve(200));
    const thrown = await campaign(throws, mutations(1), 100, Infinity);
    assert.equal(thrown.messages, 40);
    assert.match(thrown.crash?.reason ?? '', /boom/);
    const failed = await campaign(() => Promise.resolve(500), mutations(1), 100, Infinity);
    assert.equal(failed.messages, 1);
    assert.equal(failed.crash?.reason, 'status 500');
  });

  it('finds a suite that throws, or takes what is not the coin', async () => {
    const suite = SUITES.find(
      ({ promises }) => promises.verifiableBy === 'anyone' && promises.caution !== '',
    );
    if (suite === undefined) throw new Error('there is such a suite');
    const show = (text: string) => {
      if (/[A-F]/.test(text)) throw new Error('boom');
      return text;
    };
    const faults: [Partial<CipherSuite>, RegExp][] = [
      [{ show }, /boom/],
      [{ accepts: () => true }, /blind out of range/],
      [{ verify: (key, payload, text) => suite.verify(key, payload, text.toLowerCase()) }, /another coin/],
      [{ documents: { ...suite.documents, verify: () => true } }, /true !== false/],
    ];
    for (const [fault, expected] of faults) {
      const target = await openSuiteTarget({ ...suite, ...fault });
      const { crash } = await campaign(target.answer, target.messages(1), 5_000, Infinity);
      assert.match(crash?.reason ?? '', expected);
    }
  });

  it('ends when its time is over', async () => {
    const { messages } = await campaign(
      () => Promise.resolve(200),
      mutations(1),
      Infinity,
      performance.now() + 20,
    );
    assert.ok(messages > 0);
  });
});
