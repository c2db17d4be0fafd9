/** Words that stand on many pages, in English. */
export const words = {
  nav: {
    skip: 'To the content',
    main: 'Main',
    compose: 'Compose',
    inbox: 'Inbox',
    sent: 'Sent',
    receive: 'Receive',
    request: 'Request',
    purse: 'Purse',
    history: 'History',
    buy: 'Buy',
    redeem: 'Redeem',
    currencies: 'Currencies',
    titles: 'Titles',
    settings: 'Settings',
    more: 'More',
    signOut: 'Sign out',
    unread: (count: number) => (count === 1 ? '1 unread letter' : `${String(count)} unread letters`),
    group: 'Money',
  },

  common: {
    amount: 'Amount',
    currency: 'Currency',
    copy: 'Copy',
    copied: 'Copied',
    addCurrency: 'Add a currency first',
  },

  letterStates: {
    arriving: 'on its way',
    arrived: 'arrived',
    taken: 'taken',
    'not taken': 'not taken yet',
    'taken back': 'taken back',
    refused: 'refused',
  },

  letterStatesInFull: {
    inbox: {
      arriving: 'On its way: the issuer has not answered yet. It goes on by itself.',
      arrived: 'Here, and not in your purse yet.',
      taken: 'In your purse.',
      'not taken': 'Not in your purse.',
      'taken back': 'The sender took it back.',
      refused: 'These coins could not be taken.',
    },
    sent: {
      arriving: 'On its way: the issuer has not answered yet. It goes on by itself.',
      arrived: 'Arrived.',
      taken: 'Taken.',
      'not taken': 'Nobody has taken it yet.',
      'taken back': 'You took it back.',
      refused: 'It could not be delivered. The coins are back in your purse, or come back by themselves.',
    },
  },

  entryKinds: {
    buy: 'Bought',
    receive: 'Received',
    takeback: 'Taken back',
    tidy: 'Tidied',
    send: 'Sent',
    redeem: 'Redeemed',
    payout: 'Paid out',
    restore: 'Restored',
  },

  entryPlans: {
    buy: 'Purchase',
    receive: 'Receiving',
    takeback: 'Taking back',
    tidy: 'Tidying',
    send: 'Sending',
    redeem: 'Redemption',
    payout: 'Payout',
    restore: 'Looking for coins',
  },

  entryStates: {
    pending: 'pending',
    done: 'done',
    refused: 'not done',
    sent: 'not taken yet',
    taken: 'taken',
    'taken back': 'taken back',
  },

  invoiceStates: { open: 'open', paid: 'paid', withdrawn: 'withdrawn' },

  payoutStates: { pending: 'pending', paid: 'paid' } as Readonly<Record<string, string>>,
};
