import { html } from 'hono/html';
import type { EntryView } from '../host/schemas.ts';
import { pager } from './folder.ts';
import { page } from './layout.ts';
import type { Html, Look } from './look.ts';
import { field, linkButton, submit } from './parts.ts';
import type { HistoryView } from './views.ts';
import { counted, figure, moment } from './wording.ts';

/** Which way the money went, seen from the purse. */
const SIGNS: Readonly<Record<EntryView['kind'], '+' | '−' | ''>> = {
  buy: '+',
  receive: '+',
  takeback: '+',
  tidy: '',
  send: '−',
  redeem: '−',
  payout: '',
  restore: '+',
};

export function historyPage(look: Look, { entries, search }: HistoryView): Html {
  const { history } = look.texts;
  const query = search === '' ? '' : `search=${encodeURIComponent(search)}`;
  return page(
    look,
    { title: history.title },
    html`<h1>${history.title}</h1>
      <form method="get" action="/history" role="search" class="inline">
        ${field({ name: 'search', label: history.search, type: 'search', value: search, autocomplete: 'off' })}
        ${submit(history.button, { icon: 'search', kind: 'plain' })}
      </form>
      <div id="entries" data-live>
        ${
          entries.items.length === 0
            ? html`<p class="quiet">${search === '' ? history.none : history.noneFound}</p>`
            : html`<ul class="entries" aria-label="${history.entries}">
                ${entries.items.map((entry) => line(look, entry))}
              </ul>`
        }
      </div>
      <p class="hint"><a href="/titles">${history.titles}</a></p>
      ${pager(look, entries, (number) => `/history?${query === '' ? '' : `${query}&`}page=${String(number)}`)}
      <p class="actions">
        ${linkButton(query === '' ? '/history.csv' : `/history.csv?${query}`, history.csv, { icon: 'file' })}
        ${search === '' ? '' : linkButton('/history', history.all)}
      </p>`,
  );
}

function line(look: Look, entry: EntryView): Html {
  const { texts, language } = look;
  const { history } = texts;
  const isDone = entry.state === 'done' || entry.state === 'taken';
  const kinds = entry.state === 'pending' || entry.state === 'refused' ? texts.entryPlans : texts.entryKinds;
  const sign = entry.state === 'refused' ? '' : SIGNS[entry.kind];
  const folder = entry.kind === 'send' || entry.kind === 'takeback' ? 'sent' : 'inbox';
  const details = [
    entry.subject,
    entry.instructions,
    entry.payee === '' ? '' : entry.payee,
    entry.receipt === 0 ? '' : history.receipt(counted(language, entry.receipt)),
  ].filter((each) => each !== '');
  return html`<li>
    <span class="who">${kinds[entry.kind]}${entry.who === '' ? '' : ` · ${entry.who}`}</span>
    <span class="sum"
      ><span class="figure">${sign}${figure(language, entry.amount, entry.divisor)}</span>
      <span class="unit">${entry.currencyName}</span></span
    >
    <span class="subject">
      ${details.join(' · ')}
      ${entry.reason === '' ? '' : html`<span class="reason" lang="en">${entry.reason}</span>`}
      ${entry.letter === '' ? '' : html`<a href="/${folder}/${entry.letter}">${history.letter}</a>`}
    </span>
    <span class="when">
      ${isDone ? '' : html`<span class="state ${entry.state === 'refused' ? 'bad' : 'open'}">${texts.entryStates[entry.state]}</span>`}
      ${moment(look, entry.time)}
    </span>
  </li>`;
}
