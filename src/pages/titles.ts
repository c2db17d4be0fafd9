/** Titles: what is held, by class, what is on its way, and what happened; and the servers that say so. */
import { html } from 'hono/html';
import { HOST_LIMITS } from '../host/limits.ts';
import type {
  TitleClassView,
  TitleOperationView,
  TitleServerView,
  TitleView,
} from '../host/titles/schemas.ts';
import { icon } from './icons.ts';
import { page } from './layout.ts';
import type { Html, Look, Values } from './look.ts';
import { check, emptiness, facts, field, form, linkButton, submit } from './parts.ts';
import { address } from './promises.ts';
import { bundles, caution, pseudonym, runs, worth } from './titles-parts.ts';
import type { Bundle } from './titles-parts.ts';
import type { TitlesDesk } from './views.ts';
import { counted, figure, fullMoment, moment } from './wording.ts';

/** So many lines of the history are shown. */
const MOST_LINES = 50;

export function titlesPage(look: Look, { view, said }: TitlesDesk): Html {
  const { titles } = look.texts;
  const isNew = view.titles.length === 0 && view.operations.length === 0;
  const pending = view.operations.filter(({ state }) => state === 'pending');
  return page(
    look,
    { title: titles.title },
    html`<h1>${titles.title}</h1>
      <p class="lead">${titles.lead}</p>
      ${view.titles.length === 0 ? '' : actions(look)} ${said.length === 0 ? '' : saidBy(look, said)}
      ${isNew ? caution(look) : ''}
      <div id="titles" data-live>
        ${view.titles.length === 0 ? nothing(look) : ''}
        ${view.classes.map((each) => classCard(look, each, view))} ${pendingList(look, pending, view.classes)}
      </div>
      ${history(look, view.operations, view.classes)}
      <section class="part">
        ${
          isNew
            ? ''
            : html`<details class="more">
                <summary>${titles.caution}</summary>
                ${titles.cautions.map((each) => html`<p>${each}</p>`)}
              </details>`
        }
        <p>${linkButton('/titles/servers', titles.servers, { icon: 'link', kind: 'quiet' })}</p>
      </section>`,
  );
}

function nothing(look: Look): Html {
  const { titles } = look.texts;
  return emptiness(
    'titles',
    titles.none,
    titles.noneLead,
    html`${linkButton('/titles/receive', titles.receive, { icon: 'receive', kind: 'main' })}
    ${linkButton('/titles/verify', titles.verify, { icon: 'search' })}
    ${form(look, { action: '/titles/check', kind: 'bareform' }, submit(titles.ask, { icon: 'check', kind: 'plain' }))}`,
  );
}

function saidBy({ texts }: Look, said: readonly string[]): Html {
  return html`<div class="notice bad" role="alert">
    ${icon('alert')}
    <div>
      <p><b>${texts.titles.checkSaid}</b></p>
      ${said.map((each) => html`<p lang="en">${each}</p>`)}
    </div>
  </div>`;
}

function actions(look: Look): Html {
  const { titles } = look.texts;
  return html`<div class="actions title-actions">
    ${linkButton('/titles/receive', titles.receive, { icon: 'receive' })}
    ${linkButton('/titles/verify', titles.verify, { icon: 'search' })}
    ${form(look, { action: '/titles/check', kind: 'bareform' }, submit(titles.check, { icon: 'check', kind: 'plain' }))}
  </div>`;
}

function classCard(look: Look, titleClass: TitleClassView, view: TitlesDesk['view']): Html | '' {
  const { titles } = look.texts;
  const mine = view.titles.filter((each) => each.titleClass === titleClass.id);
  if (mine.length === 0) return '';
  const free = mine.filter(({ condition }) => condition === null);
  const unlisted = view.unlisted.find((each) => each.titleClass === titleClass.id);
  const total = free
    .filter(({ state }) => state === 'held')
    .reduce((sum, { denomination }) => sum + denomination, unlisted?.amount ?? 0);
  // Anybody may take a name: where it is there twice, the issuer's key tells them apart.
  const isAmbiguous = view.classes.some(({ id, name }) => id !== titleClass.id && name === titleClass.name);
  const server = view.servers.find(({ id }) => id === titleClass.server);
  const id = `class-${titleClass.id.slice(0, 12)}`;
  return html`<article class="card purse" aria-labelledby="${id}">
    <h2 id="${id}">
      <span class="over">${titleClass.name} ${isAmbiguous ? pseudonym(titleClass.issuer) : ''}</span>
      <span class="amount"
        ><span class="money"
          ><b>${figure(look.language, total, 1)}</b> <span class="unit">${titleClass.unit}</span></span
        ></span
      >
    </h2>
    <blockquote class="entitles">
      <p>${titleClass.entitles}</p>
      <footer class="hint">${titles.entitlesHint}</footer>
    </blockquote>
    ${free.length === 0 ? '' : tickets(look, free)}
    ${unlisted === undefined ? '' : html`<p class="hint">${titles.unlisted(counted(look.language, unlisted.count))}</p>`}
    ${mine.filter(({ condition }) => condition !== null).map((each) => bound(look, titleClass, each))}
    ${
      free.length === 0
        ? ''
        : html`<p class="actions">
            ${linkButton(`/titles/give?class=${titleClass.id}`, titles.give, { icon: 'sent', kind: 'main' })}
          </p>`
    }
    <details class="more">
      <summary>${titles.more}</summary>
      ${facts([
        [titles.issued, worth(look, titleClass.issued, titleClass)],
        [
          titles.denominations,
          titleClass.denominations.map((each) => figure(look.language, each, 1)).join(', '),
        ],
        [titles.server, server === undefined ? '' : address(server.url)],
        [titles.issuer, pseudonym(titleClass.issuer)],
        [titles.id, html`<code>${titleClass.id}</code>`],
      ])}
    </details>
  </article>`;
}

function tickets(look: Look, free: readonly TitleView[]): Html {
  const { titles } = look.texts;
  return html`<ul
    class="tickets"
    aria-label="${titles.yours}: ${titles.held(free.length, counted(look.language, free.length))}"
  >
    ${bundles(free).map((bundle) => ticket(look, bundle))}
  </ul>`;
}

function ticket(look: Look, { first, last, title, checked }: Bundle): Html {
  const { titles } = look.texts;
  const value = figure(look.language, title.denomination, 1);
  return html`<li>
    <b>${first === last ? titles.number(String(first)) : titles.numbers(String(first), String(last))}</b>
    <span class="hint">${first === last ? titles.worth(value) : titles.each(value)}</span>
    ${
      title.state === 'leaving'
        ? html`<span class="state open">${titles.leaving}</span>`
        : checked === ''
          ? html`<span class="state quiet">${titles.unchecked}</span>`
          : html`<span class="state good" title="${titles.checkedHint}"
              >${titles.checked} ${moment(look, checked)}</span
            >`
    }
  </li>`;
}

/** A title that somebody can still claim, or that falls back. */
function bound(look: Look, titleClass: TitleClassView, title: TitleView): Html | '' {
  const { titles } = look.texts;
  const { condition, serial } = title;
  if (condition === null) return '';
  const { isOwn, isOver, until } = condition;
  const id = `secret-${titleClass.id.slice(0, 12)}-${String(serial)}`;
  const hidden = { class: titleClass.id, serial: String(serial) };
  const lead = isOwn
    ? isOver
      ? titles.boundBackOver
      : titles.boundBack
    : isOver
      ? titles.boundOver
      : titles.boundForYou;
  return html`<div class="notice calm bound">
    ${icon('key')}
    <div>
      <p>
        <b>${titles.number(String(serial))}, ${titles.worth(figure(look.language, title.denomination, 1))}</b>
      </p>
      <p>${titles.boundTitle}. ${lead} ${isOver ? '' : html`<b>${fullMoment(look, until)}</b>.`}</p>
      ${
        isOwn && isOver
          ? form(
              look,
              { action: '/titles/claim', isOnce: true, hidden },
              submit(titles.takeBack, { icon: 'undo', kind: 'plain' }),
            )
          : ''
      }
      ${
        !isOwn && !isOver
          ? form(
              look,
              { action: '/titles/claim', isOnce: true, hidden },
              html`${field({
                name: 'secret',
                id,
                label: titles.secret,
                hint: titles.secretHint,
                isExact: true,
                isRequired: true,
                autocomplete: 'off',
                most: 64,
              })}
              ${submit(titles.claim, { icon: 'check', kind: 'plain' })}`,
            )
          : ''
      }
    </div>
  </div>`;
}

function pendingList(
  look: Look,
  pending: readonly TitleOperationView[],
  classes: readonly TitleClassView[],
): Html | '' {
  if (pending.length === 0) return '';
  const { titles } = look.texts;
  return html`<section class="part" aria-labelledby="pending">
    <h2 id="pending">${titles.pending}</h2>
    <p class="hint">${titles.pendingLead}</p>
    ${lines(look, pending, classes)}
  </section>`;
}

function history(
  look: Look,
  operations: readonly TitleOperationView[],
  classes: readonly TitleClassView[],
): Html | '' {
  const past = operations.filter(({ state }) => state !== 'pending');
  if (past.length === 0) return '';
  return html`<section class="part" aria-labelledby="history">
    <h2 id="history">${look.texts.titles.history}</h2>
    <div id="title-history" data-live>${lines(look, past.slice(0, MOST_LINES), classes)}</div>
  </section>`;
}

function lines(
  look: Look,
  operations: readonly TitleOperationView[],
  classes: readonly TitleClassView[],
): Html {
  return html`<ul class="entries">
    ${operations.map((each) =>
      line(
        look,
        each,
        classes.find(({ id }) => id === each.titleClass),
      ),
    )}
  </ul>`;
}

const SIGNS: Readonly<Record<TitleOperationView['kind'], '+' | '−' | ''>> = {
  give: '−',
  pay: '−',
  split: '',
  pool: '−',
  claim: '+',
  receive: '+',
};

function line(look: Look, operation: TitleOperationView, titleClass: TitleClassView | undefined): Html {
  const { texts, language } = look;
  const { kind, state, who, amount, serials, reason, letter, time } = operation;
  const names = state === 'done' ? texts.titleKinds : texts.titlePlans;
  const numbers = runs(serials).map(([first, last]) =>
    first === last ? texts.titles.number(String(first)) : texts.titles.numbers(String(first), String(last)),
  );
  const sign = state === 'refused' ? '' : SIGNS[kind];
  return html`<li>
    <span class="who">${names[kind]}${who === '' ? '' : ` ${texts.titles.to(who)}`}</span>
    <span class="sum"
      ><span class="figure">${sign}${figure(language, amount, 1)}</span>
      <span class="unit">${titleClass?.unit ?? ''}</span></span
    >
    <span class="subject">
      ${[titleClass?.name ?? '', ...numbers].join(' · ')}
      ${reason === '' ? '' : html`<span class="reason" lang="en">${reason}</span>`}
      ${letter === '' ? '' : html`<a href="/sent/${letter}">${texts.history.letter}</a>`}
    </span>
    <span class="when">
      ${
        state === 'done'
          ? ''
          : html`<span class="state ${state === 'refused' ? 'bad' : 'open'}"
              >${texts.titleStates[state]}</span
            >`
      }
      ${moment(look, time)}
    </span>
  </li>`;
}

/** The title servers that the wallet knows, and how another one comes to it. */
export function titleServersPage(look: Look, servers: readonly TitleServerView[], values: Values): Html {
  const { titleServers } = look.texts;
  return page(
    look,
    { title: titleServers.title },
    html`<a class="back" href="/titles">${icon('back')} <span>${titleServers.back}</span></a>
      <h1>${titleServers.title}</h1>
      <p class="lead">${titleServers.lead}</p>
      ${
        servers.length === 0
          ? html`<p class="quiet">${titleServers.none}</p>`
          : html`<div class="card">
              <ul class="rows">
                ${servers.map(
                  ({ id, url }) =>
                    html`<li>
                      <span>${address(url)} <span class="hint">${pseudonym(id)}</span></span>
                      ${form(
                        look,
                        { action: '/titles/restore', kind: 'bareform', hidden: { url } },
                        submit(titleServers.restore, { kind: 'plain' }),
                      )}
                      <span class="hint">${titleServers.restoreHint}</span>
                    </li>`,
                )}
              </ul>
            </div>`
      }
      <section class="part" aria-labelledby="add">
        <h2 id="add">${titleServers.add}</h2>
        ${caution(look)}
        ${form(
          look,
          { action: '/titles/servers', kind: 'stack card' },
          html`${field({
            name: 'url',
            label: titleServers.url,
            hint: titleServers.urlHint,
            value: values['url'],
            inputmode: 'url',
            isExact: true,
            isRequired: true,
            autocomplete: 'off',
            most: HOST_LIMITS.url,
          })}
          ${check({
            name: 'confirmed',
            id: 'confirmed',
            value: 'yes',
            label: titleServers.confirm,
            isRequired: true,
          })}
          ${submit(titleServers.button, { icon: 'buy' })}`,
        )}
      </section>`,
  );
}
