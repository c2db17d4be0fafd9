/** A suite's own functions, without an issuer before them. */
import type { CipherSuite } from '../../src/suites/index.ts';
import { makeMaterial } from './suite-material.ts';
import type { Material } from './suite-material.ts';
import { suiteMessages } from './suite-messages.ts';
import type { SuiteMessage } from './suite-messages.ts';
import { probesOf } from './suite-probes.ts';
import type { OpenTarget } from './targets.ts';

/** Answers 200 where something took what came, 400 where nothing did. Throws where what must hold does not. */
export async function openSuiteTarget(suite: CipherSuite): Promise<OpenTarget> {
  const material = await makeMaterial(suite);
  const probes = probesOf(material);
  const byName = new Map(probes.map((each) => [each.name, each]));
  return {
    messages: (seed) => suiteMessages(seed, material, probes),
    answer: async (bytes) => {
      const message = JSON.parse(new TextDecoder().decode(bytes)) as SuiteMessage;
      const probe = byName.get(message.probe);
      if (probe === undefined) throw new Error(`there is no probe ${message.probe}`);
      try {
        return await Promise.resolve(probe.try(material, message) ? 200 : 400);
      } catch (cause) {
        throw told(material, message, cause);
      }
    },
    close: () => Promise.resolve(),
  };
}

/** Keys and nonces are fresh in every run: all that it takes to see it again. */
function told({ suite, pair, coin, master }: Material, message: SuiteMessage, cause: unknown): Error {
  const reason = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  const seen = {
    message,
    pair: { document: pair.document, secretDocument: pair.secretDocument },
    coin: { ...coin, payload: new TextDecoder().decode(coin.payload) },
    master: master.document,
  };
  return new Error(`${suite.name}: ${reason}\n${JSON.stringify(seen)}`, { cause });
}
