import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LIMITS } from '../base/limits.ts';
import type { Cdd } from '../protocol/documents.ts';
import type { DescriptionTerms } from '../protocol/governance.ts';
import { descriptionFaults, pathOf, pathTaken } from './description.ts';
import { FOUNDING, NOW, foundTestCurrency } from './mint.test-helper.ts';

const faultOf = (changes: Partial<DescriptionTerms>) => {
  const fault = descriptionFaults({ ...FOUNDING.description, ...changes }, NOW);
  return fault === undefined ? undefined : `${fault.name}: ${fault.details}`;
};

describe('a description', () => {
  test('has no address that nobody can go to', () => {
    assert.equal(faultOf({}), undefined);
    assert.match(faultOf({ cdd_location: 'http://[' }) ?? '', /^malformed: cdd_location/);
    for (const service of [
      'info_service',
      'invalidation_service',
      'renewal_service',
      'validation_service',
    ] as const) {
      const urls = [
        [1, 'https://mint.example/'],
        [2, 'https://mint.example:99999/'],
      ] as const;
      assert.match(faultOf({ [service]: urls }) ?? '', new RegExp(`^malformed: ${service}`));
    }
  });

  test('leaves room for those of the other currencies in one answer', async () => {
    assert.equal(faultOf({ additional_info: 'x'.repeat(LIMITS.additionalInfo) }), undefined);
    const services = Array.from({ length: 16 }, () => [1, `https://a.example/${'x'.repeat(1_900)}`] as const);
    assert.match(faultOf({ info_service: services }) ?? '', /^too large: description/);
    const { step } = await foundTestCurrency();
    const event = step.entries[0]?.entry.event;
    assert.ok(event?.type === 'founded');
    // The largest keys and signatures that anybody reads: 8192 bits.
    const others = JSON.stringify(event.cddc).length + 2 * LIMITS.bigIntDigits;
    assert.ok(LIMITS.currencies * (LIMITS.descriptionBytes + others) < LIMITS.messageBytes);
  });
});

describe('a path', () => {
  const at = (cdd_location: string, id = 'ab'.repeat(32)) => ({ cdd_location, id }) as Cdd;

  test('belongs to one currency of a mint', () => {
    assert.equal(pathOf(at('https://one.example/a/')), '/a/');
    assert.equal(pathOf(at('http://[')), undefined);
    const others = [at('https://one.example/'), at('https://one.example/b/', 'cd'.repeat(32))];
    assert.equal(pathTaken(at('https://one.example/a/'), others), undefined);
    assert.match(pathTaken(at('http://two.example:8080/b/'), others)?.details ?? '', /cdcdcd.* path \/b\/$/);
  });
});
