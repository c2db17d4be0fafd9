/** A wallet host put together: its folder, its secrets, its mail, and the network as far as strangers may name it. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { SECOND } from '../../base/dates.ts';
import { Refusal } from '../../base/refusal.ts';
import { Host } from '../../host/host.ts';
import type { HostParts, Postman } from '../../host/ports.ts';
import { verifyEd25519 } from '../../signers/ed25519.ts';
import { phraseSeed } from '../../signers/phrase-seed.ts';
import { memberSecrets } from '../../signers/member-secrets.ts';
import { openSqliteHostStore } from '../../stores/host/sqlite.ts';
import { sealedWallets } from '../../stores/host/wallets.ts';
import { handover } from '../../transports/handover.ts';
import { folderPostman, smtpPostman } from '../../transports/mail.ts';
import { guardedMessenger } from '../../transports/public-network.ts';
import { makeAssets } from './assets.ts';
import { openAttempts } from './attempts.ts';
import { Challenges } from './challenges.ts';
import { Once } from './once.ts';
import type { Site } from './site.ts';
import { Streams } from './streams.ts';
import { titleWallets } from './titles.ts';

export interface WalletHostOptions {
  readonly folder: string;
  /** The host's own address; its path is `/`. */
  readonly url: URL;
  /** The addresses of the currencies that every new wallet knows; they may be on networks that are not public. */
  readonly issuers: readonly string[];
  /** The addresses of the title servers that every new wallet knows; they may be on such networks too. */
  readonly titles: readonly string[];
  /** Where mails are handed to, with the password in it; undefined: they are laid into the folder. */
  readonly smtpUrl: string | undefined;
  readonly mailFrom: string;
  readonly behindProxy: boolean;
  readonly bug: (error: Error) => void;
}

export interface RunningHost {
  readonly site: Site;
  /** Ends the upkeep, closes every wallet and the books. */
  close(): Promise<void>;
}

/** How often members' wallets are looked after, in milliseconds. */
const UPKEEP = 3 * SECOND;

/** Opens a host. Refuses 'busy' where another process has the folder, and what is wrong with folder or mail server. */
export async function openRunningHost(options: WalletHostOptions): Promise<RunningHost | Refusal> {
  const postman = postmanOf(options);
  if (postman instanceof Refusal) return postman;
  const store = openSqliteHostStore(join(options.folder, 'host.sqlite'));
  if (store instanceof Refusal) return store;
  const secrets = memberSecrets();
  const parts: HostParts = {
    store,
    wallets: sealedWallets(join(options.folder, 'wallets'), secrets),
    titles: titleWallets(options, secrets),
    secrets,
    postman,
    handover,
    messenger: guardedMessenger({ allowed: options.issuers.map((each) => new URL(each).origin) }),
    clock: Date.now,
    randomness: (length) => new Uint8Array(randomBytes(length)),
    verifyEd25519,
    seedOf: phraseSeed,
    pause: () => setImmediate(),
    url: options.url.href,
    currencies: options.issuers,
    bug: options.bug,
  };
  const host = await Host.open(parts);
  const stopUpkeep = keepUp(host, options.bug);
  return {
    site: siteOf(host, parts, options),
    close: async () => {
      await stopUpkeep();
      await host.close();
    },
  };
}

function siteOf(host: Host, parts: HostParts, { url, behindProxy, smtpUrl, bug }: WalletHostOptions): Site {
  const { clock, randomness, secrets } = parts;
  return {
    host,
    url,
    isSecure: url.protocol === 'https:',
    hasMailServer: smtpUrl !== undefined,
    behindProxy,
    assets: makeAssets(),
    attempts: openAttempts(),
    challenges: new Challenges(clock),
    once: new Once(clock),
    calls: new Once(clock),
    streams: new Streams(),
    handover,
    secrets,
    clock,
    randomness,
    bug,
  };
}

function postmanOf({ smtpUrl, mailFrom, folder }: WalletHostOptions): Postman | Refusal {
  return smtpUrl === undefined
    ? folderPostman(join(folder, 'mails'), mailFrom)
    : smtpPostman(smtpUrl, mailFrom);
}

/** Runs the upkeep every few seconds, one after the other, until it is stopped. */
function keepUp(host: Host, bug: (error: Error) => void): () => Promise<void> {
  let running: Promise<void> | undefined;
  const once = async (): Promise<void> => {
    try {
      await host.upkeep();
    } catch (error) {
      bug(error instanceof Error ? error : new Error('something that is no error was thrown'));
    }
    running = undefined;
  };
  const timer = setInterval(() => {
    running ??= once();
  }, UPKEEP);
  return async () => {
    clearInterval(timer);
    await running;
  };
}
