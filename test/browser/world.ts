/** What the walks go through: an issuer with its wallet host, as `specie start` starts them, and a browser. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, startIssuer } from '../support/processes.ts';
import { startChromium } from './chromium.ts';
import { Visitor } from './visitor.ts';
import type { Device } from './visitor.ts';

export interface World {
  /** The address of the wallet host; it ends with a slash. */
  readonly host: string;
  /** The address of the issuer of Demo. */
  readonly issuer: string;
  /** The title server of the issuer, and the file of the key by which titles of its class are issued. */
  readonly titles: { readonly url: string; readonly key: string };
  /** A folder for what people save. */
  readonly scratch: string;
  /** Where mails end up. */
  readonly mails: string;
  /** What the camera sees. */
  readonly film: string;
  /** Somebody new at a browser of their own. */
  visitor(device: Device): Promise<Visitor>;
  end(): Promise<void>;
}

/** `walletPort`: where wallets are served; a free port when not given. `suites`: as of startIssuer. */
export async function startWorld(walletPort?: number, suites?: readonly string[]): Promise<World> {
  const scratch = mkdtempSync(join(tmpdir(), 'specie-walk-'));
  const film = join(scratch, 'film.mjpeg');
  const port = walletPort ?? (await freePort());
  const [issuer, browser] = await Promise.all([
    startIssuer({ walletPort: port, titles: true, ...(suites === undefined ? {} : { suites }) }),
    startChromium(film),
  ]);
  const host = `http://localhost:${port}/`;
  return {
    host,
    issuer: issuer.url,
    titles: { url: `${issuer.url}title`, key: join(issuer.folder, 'titles', 'issuer.key') },
    scratch,
    mails: join(issuer.folder, 'wallet-host', 'mails'),
    film,
    visitor: (device) => Visitor.arrive(browser, host, device),
    end: async () => {
      await browser.close();
      await issuer.stop();
      rmSync(scratch, { recursive: true });
    },
  };
}
