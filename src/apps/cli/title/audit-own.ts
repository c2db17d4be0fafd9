/** The titles of a wallet, as an audit looks for them. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bytesToHex, hexToBytes } from '../../../base/bytes.ts';
import { Refusal, refuse } from '../../../base/refusal.ts';
import { askTitles } from '../../../title/audit/ask.ts';
import type { TitleWay } from '../../../title/audit/ask.ts';
import type { OwnTitle } from '../../../title/audit/own.ts';
import type { TitleView } from '../../../title/wallet/facade.ts';
import { openTitlesIn } from './wallet-open.ts';

/** What the wallet in a folder holds of the server that is asked. Refuses where there is none: an audit makes no wallets. */
export async function ownTitles(folder: string, way: TitleWay): Promise<readonly OwnTitle[] | Refusal> {
  if (!existsSync(join(folder, 'titles.sqlite')))
    return refuse('unknown', `${folder} holds no wallet of titles`);
  const asked = await askTitles(way, { type: 'request title server' });
  if (asked instanceof Refusal) return asked;
  const wallet = await openTitlesIn(folder);
  if (wallet instanceof Refusal) return wallet;
  try {
    const server = bytesToHex(asked.server);
    return wallet
      .titles()
      .filter(({ titleClass }) => titleClass.server === server)
      .map(ownTitle);
  } finally {
    await wallet.close();
  }
}

function ownTitle({ titleClass, serial, sequence, holder, condition, state }: TitleView): OwnTitle {
  return {
    titleClass: hexToBytes(titleClass.id),
    serial,
    sequence,
    holder: hexToBytes(holder),
    condition:
      condition === undefined
        ? undefined
        : {
            hash: hexToBytes(condition.hash),
            until: condition.until,
            fallback: hexToBytes(condition.fallback),
          },
    isLeaving: state === 'leaving',
  };
}
