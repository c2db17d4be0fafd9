/** Inbox and sent: the list, and beside it the letter that is read. */
import { html } from 'hono/html';
import type { LetterView } from '../host/schemas.ts';
import { page } from './layout.ts';
import { letterArticle } from './letter.ts';
import type { Html, Look } from './look.ts';
import { emptiness, linkButton } from './parts.ts';
import type { FolderView, Listing } from './views.ts';
import { figure, moment, named } from './wording.ts';

type Folder = LetterView['folder'];

export function inboxPage(look: Look, view: FolderView): Html {
  return folderPage(look, 'inbox', view);
}

export function sentPage(look: Look, view: FolderView): Html {
  return folderPage(look, 'sent', view);
}

function folderPage(look: Look, folder: Folder, { letters, letter, handover }: FolderView): Html {
  const { texts } = look;
  const name = texts.nav[folder];
  const title = letter === undefined ? name : letter.subject === '' ? texts.folder.noSubject : letter.subject;
  // With a letter open the list is beside it: the letter's subject is the page's heading then.
  const heading = letter === undefined ? html`<h1>${name}</h1>` : html`<p class="as-heading">${name}</p>`;
  return page(
    look,
    { title, shape: 'wide' },
    html`<div class="folder ${letter === undefined ? 'listing' : 'reading'}">
      <section class="list" aria-label="${texts.folder.letters}">
        ${heading}
        <div id="letters" data-live>${list(look, folder, letters, letter)}</div>
      </section>
      <section class="reader">
        ${
          letter === undefined
            ? html`<p class="choose">${letters.items.length === 0 ? '' : texts.folder.choose}</p>`
            : letterArticle(look, letter, handover)
        }
      </section>
    </div>`,
  );
}

function list(look: Look, folder: Folder, letters: Listing<LetterView>, open: LetterView | undefined): Html {
  if (letters.items.length === 0) return nothing(look, folder);
  return html`<ul class="letters">
      ${letters.items.map((letter) => line(look, letter, letter.id === open?.id))}
    </ul>
    ${pager(look, letters, (number) => `/${folder}?page=${String(number)}`)}`;
}

function line(look: Look, letter: LetterView, isOpen: boolean): Html {
  const { texts, language } = look;
  const isInbox = letter.folder === 'inbox';
  const isUnread = isInbox && !letter.isRead;
  const isMoved = letter.state !== 'refused' && letter.state !== 'taken back';
  const sign = isMoved ? (isInbox ? '+' : '−') : '';
  const nobody = letter.way === 'address' ? texts.titleLetter.someAddress : texts.folder.nobody;
  const who = isInbox ? letter.from || texts.folder.someone : letter.to || nobody;
  return html`<li>
    <a
      href="/${letter.folder}/${letter.id}"
      class="${isUnread ? 'unread' : ''}"
      ${isOpen ? html`aria-current="true"` : ''}
    >
      <span class="who"
        >${isUnread ? html`<span class="unseen">${texts.folder.unread}: </span>` : ''}${who}</span
      >
      <span class="sum"
        >${sign}${figure(language, letter.amount, letter.divisor)}
        <span class="unit">${named(letter).currencyName}</span></span
      >
      <span class="subject">${letter.subject === '' ? texts.folder.noSubject : letter.subject}</span>
      <span class="when"
        >${unknownMark(look, letter)} ${isPlain(letter) ? '' : stateMark(look, letter)}
        ${moment(look, letter.time)}</span
      >
    </a>
  </li>`;
}

/** Whose name says nothing: anybody can issue money under any. */
export function unknownMark({ texts }: Look, { isKnown }: LetterView): Html | '' {
  return isKnown ? '' : html`<span class="state bad">${texts.folder.unknown}</span>`;
}

/** What is as it should be needs no word in a list, and what has another none beside it. */
function isPlain({ folder, state, isKnown }: LetterView): boolean {
  return state === 'taken' || (state === 'arrived' && (folder === 'sent' || !isKnown));
}

function stateMark({ texts }: Look, { state }: LetterView): Html {
  return html`<span class="state ${state === 'refused' ? 'bad' : 'open'}"
    >${texts.letterStates[state]}</span
  >`;
}

function nothing({ texts }: Look, folder: Folder): Html {
  if (folder === 'sent') {
    return emptiness(
      'sent',
      texts.folder.emptySent,
      texts.folder.emptySentLead,
      linkButton('/compose', texts.nav.compose, { icon: 'compose' }),
    );
  }
  return emptiness(
    'inbox',
    texts.folder.emptyInbox,
    texts.folder.emptyInboxLead,
    html`${linkButton('/request', texts.nav.request, { icon: 'request' })}
    ${linkButton('/buy', texts.nav.buy, { icon: 'buy' })}`,
  );
}

/** To the neighbours of a page of a long list; nothing when it is short. */
export function pager(
  look: Look,
  { page: at, pages }: Listing<unknown>,
  href: (page: number) => string,
): Html | '' {
  if (pages < 2) return '';
  const { folder } = look.texts;
  return html`<p class="pager">
    ${at > 1 ? html`<a href="${href(at - 1)}" rel="prev">${folder.newer}</a>` : ''}
    <span>${folder.page(String(at), String(pages))}</span>
    ${at < pages ? html`<a href="${href(at + 1)}" rel="next">${folder.older}</a>` : ''}
  </p>`;
}
