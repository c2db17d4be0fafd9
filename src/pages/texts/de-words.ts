/** Words that stand on many pages, in German. */
import type { words as english } from './en-words.ts';

export const words: typeof english = {
  nav: {
    skip: 'Zum Inhalt',
    main: 'Hauptnavigation',
    compose: 'Schreiben',
    inbox: 'Posteingang',
    sent: 'Gesendet',
    receive: 'Empfangen',
    request: 'Anfordern',
    purse: 'Geldbörse',
    history: 'Verlauf',
    buy: 'Kaufen',
    redeem: 'Einlösen',
    currencies: 'Währungen',
    titles: 'Titel',
    settings: 'Einstellungen',
    more: 'Mehr',
    signOut: 'Abmelden',
    unread: (count: number) => (count === 1 ? '1 ungelesen' : `${String(count)} ungelesen`),
    group: 'Geld',
  },

  common: {
    amount: 'Betrag',
    currency: 'Währung',
    copy: 'Kopieren',
    copied: 'Kopiert',
    addCurrency: 'Währung hinzufügen',
  },

  letterStates: {
    arriving: 'unterwegs',
    arrived: 'angekommen',
    taken: 'angenommen',
    'not taken': 'noch nicht angenommen',
    'taken back': 'zurückgenommen',
    refused: 'abgelehnt',
  },

  letterStatesInFull: {
    inbox: {
      arriving: 'Unterwegs: Die Ausgabestelle hat noch nicht geantwortet. Es geht von selbst weiter.',
      arrived: 'Angekommen, aber noch nicht in Ihrer Geldbörse.',
      taken: 'In Ihrer Geldbörse.',
      'not taken': 'Nicht in Ihrer Geldbörse.',
      'taken back': 'Zurückgenommen.',
      refused: 'Diese Münzen konnten nicht angenommen werden.',
    },
    sent: {
      arriving: 'Unterwegs: Die Ausgabestelle hat noch nicht geantwortet. Es geht von selbst weiter.',
      arrived: 'Angekommen.',
      taken: 'Angenommen.',
      'not taken': 'Noch hat es niemand angenommen.',
      'taken back': 'Sie haben es zurückgenommen.',
      refused:
        'Das ließ sich nicht zustellen. Die Münzen sind wieder in Ihrer Geldbörse oder kommen von selbst zurück.',
    },
  },

  entryKinds: {
    buy: 'Gekauft',
    receive: 'Empfangen',
    takeback: 'Zurückgenommen',
    tidy: 'Aufgeräumt',
    send: 'Gesendet',
    redeem: 'Eingelöst',
    payout: 'Ausgezahlt',
    restore: 'Wiederhergestellt',
  },

  entryPlans: {
    buy: 'Kauf',
    receive: 'Empfang',
    takeback: 'Rücknahme',
    tidy: 'Aufräumen',
    send: 'Versand',
    redeem: 'Einlösung',
    payout: 'Auszahlung',
    restore: 'Suche nach Münzen',
  },

  entryStates: {
    pending: 'läuft',
    done: 'erledigt',
    refused: 'nicht erledigt',
    sent: 'noch nicht angenommen',
    taken: 'angenommen',
    'taken back': 'zurückgenommen',
  },

  invoiceStates: { open: 'offen', paid: 'bezahlt', withdrawn: 'zurückgezogen' },

  payoutStates: { pending: 'läuft', paid: 'ausgezahlt' },
};
