/** What the page about titles shows, asked of the title box as anybody may. */
import { SECOND } from '../../base/dates.ts';
import type { RootStatement, TitleClassCertificate } from '../../title/documents/documents.ts';
import { classId } from '../../title/documents/signed.ts';
import type { Said } from '../../title/documents/messages.ts';
import type { TitleFront } from './front.ts';

/** Classes that the page shows; all of them are read by programs. */
const CLASSES_SHOWN = 32;
/** How long a look serves everybody who asks: signing a root is work. */
const FRESH = 2 * SECOND;

export interface ClassLook {
  readonly id: Uint8Array;
  readonly titleClass: TitleClassCertificate['title_class'];
  /** By denomination: how many were issued, and how many of them the pool has. */
  readonly stock: readonly {
    readonly denomination: number;
    readonly issued: number;
    readonly pooled: number;
  }[];
}

export interface TitleLook {
  readonly server: Said<'response title server'>;
  readonly classes: readonly ClassLook[];
  readonly statement: RootStatement | undefined;
}

/** Looks, no more often than every two seconds, however many ask. Undefined while the box does not answer. */
export function looker(
  front: TitleFront,
  clock: () => number = () => performance.now(),
): () => Promise<TitleLook | undefined> {
  let last: { readonly at: number; readonly look: Promise<TitleLook | undefined> } | undefined;
  return () => {
    if (last === undefined || clock() - last.at >= FRESH) last = { at: clock(), look: look(front) };
    return last.look;
  };
}

async function look(front: TitleFront): Promise<TitleLook | undefined> {
  const [server, listed, root] = await Promise.all([
    front.ask({ type: 'request title server' }),
    front.ask({ type: 'request title classes', from: 0 }),
    front.ask({ type: 'request title root', pages: [] }),
  ]);
  if (server?.type !== 'response title server' || listed?.type !== 'response title classes') return undefined;
  const certificates = listed.certificates.slice(0, CLASSES_SHOWN);
  return {
    server,
    classes: await Promise.all(certificates.map((each) => lookAt(front, each))),
    statement: root?.type === 'response title root' ? root.signed_root.statement : undefined,
  };
}

async function lookAt(front: TitleFront, { title_class }: TitleClassCertificate): Promise<ClassLook> {
  const id = classId(title_class.terms);
  const pool = await front.ask({ type: 'request title pool', title_class: id });
  const pooled = pool?.type === 'response title pool' ? pool.stock : [];
  const stock = title_class.terms.denominations.map((denomination) => ({
    denomination,
    issued: title_class.ranges.reduce(
      (sum, range) => (range.denomination === denomination ? sum + range.count : sum),
      0,
    ),
    pooled: pooled.find((each) => each.denomination === denomination)?.count ?? 0,
  }));
  return { id, titleClass: title_class, stock };
}
