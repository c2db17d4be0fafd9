/** What is said after a mistake of ours. */
import { brokenPage } from '../../pages/pages.ts';
import { MONEY_FORMS } from './forms-money.ts';
import type { Site } from './site.ts';
import { lookOf, visitOf } from './visit.ts';
import type { HostRequest } from './visit.ts';

/** Money may have moved all the same: nobody is told to try again without a look first. */
const PLAIN =
  'Something went wrong here. If you were paying, look into the history before you try again: it may have been done.';

const MONEY = MONEY_FORMS.map(({ path }) => new RegExp(`^${path.replace(':id', '[0-9a-f]+')}$`));

/** The page, or what a program reads, after something was thrown. */
export async function answerBroken(site: Site, request: HostRequest, error: Error): Promise<Response> {
  site.bug(error);
  const { path, method } = request.req;
  const problem = { error: 'broken', details: '', next: PLAIN };
  if (path.startsWith('/api/')) return request.json(problem, 500);
  if (path.startsWith('/passkeys/')) return request.json({ ...problem, text: PLAIN }, 500);
  try {
    const look = lookOf(await visitOf(site, request));
    const isMoney = method === 'POST' && MONEY.some((pattern) => pattern.test(path));
    return await request.html(brokenPage(look, isMoney), 500);
  } catch (again) {
    // What a page is made of is broken too.
    site.bug(again instanceof Error ? again : new Error('something that is no error was thrown'));
    return request.text(`${PLAIN}\n`, 500);
  }
}
