import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { Refusal, refuse } from '../../base/refusal.ts';
import { accepted } from '../../base/accepted.test-helper.ts';
import { FOUNDING } from '../../mint/charter/charter.test-helper.ts';
import type { Founding } from '../../protocol/governance.ts';
import type { Box, OpenCurrency } from './box.ts';
import { foundAll, missingOf, readFoundings } from './found-missing.ts';

const folder = mkdtempSync(join(tmpdir(), 'specie-foundings-'));
after(() => {
  rmSync(folder, { recursive: true });
});

function at(path: string, name = 'Town'): Founding {
  const cdd_location = `https://mint.example/${path}`;
  return { ...FOUNDING, description: { ...FOUNDING.description, cdd_location, currency_name: name } };
}

/** A currency as far as it is looked at: what its journal begins with, and where it lives now. */
function currency(founding: Founding, cdd_location = founding.description.cdd_location): OpenCurrency {
  const event = { type: 'founded', founding };
  return {
    mint: { keyring: { cdd: { id: 'aa', cdd_location } } },
    store: { journal: () => Promise.resolve([{ entry: { event } }]) },
  } as unknown as OpenCurrency;
}

function missing(currencies: readonly OpenCurrency[], foundings: readonly Founding[]) {
  const open = new Map(currencies.map((each, index) => [String(index), each]));
  return missingOf(open, foundings);
}

describe('a box that is started with foundings', () => {
  it('founds those that it does not have', async () => {
    assert.deepEqual(await missing([], [at(''), at('b/')]), [at(''), at('b/')]);
    assert.deepEqual(await missing([currency(at(''))], [at(''), at('b/')]), [at('b/')]);
  });

  it('never founds a currency again that has moved since, nor one where another lives', async () => {
    assert.deepEqual(await missing([currency(at(''), 'https://mint.example/moved/')], [at('')]), []);
    assert.deepEqual(await missing([currency(at(''))], [at('', 'Changed since')]), []);
  });

  it('takes up the rest at the next start, and stops at what is refused', async () => {
    const made: string[] = [];
    const box = {
      found: ({ description }: Founding) => {
        made.push(description.currency_name);
        return Promise.resolve(description.currency_name === 'Bad' ? refuse('malformed', 'no') : 'id');
      },
    } as unknown as Box;
    const refused = await foundAll(box, [at('a/', 'Good'), at('b/', 'Bad'), at('c/', 'Later')]);
    assert.ok(refused instanceof Refusal);
    assert.deepEqual(made, ['Good', 'Bad']);
  });

  it('reads what is there, needs none that is gone, and refuses what is no founding', () => {
    const path = (name: string) => join(folder, name);
    writeFileSync(path('good.json'), JSON.stringify(at('')));
    writeFileSync(path('bad.json'), '{}');
    assert.deepEqual(accepted(readFoundings([path('good.json'), path('gone.json')])), [at('')]);
    assert.ok(readFoundings([path('good.json'), path('bad.json')]) instanceof Refusal);
  });
});
