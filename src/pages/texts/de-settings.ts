/** What the settings say, in German. */
import type { settingsTexts as english } from './en-settings.ts';

export const settingsTexts: typeof english = {
  settings: {
    title: 'Einstellungen',
    you: 'Sie',
    since: 'Hier seit',
    language: 'Sprache',
    byBrowser: 'Wie im Browser eingestellt',
    save: 'Speichern',
    passwordTitle: 'Passwort',
    passwordLead:
      'Alle anderen Browser werden abgemeldet. Tokens von Programmen bleiben gültig, wenn Sie sie nicht ebenfalls beenden.',
    endTokens: 'Auch die Tokens aller Programme beenden',
    before: 'Altes Passwort',
    after: 'Neues Passwort',
    change: 'Passwort ändern',
    wordsTitle: 'Zwölf Wörter',
    wordsLead:
      'Mit ihnen bekommen Sie Ihre Geldbörse zurück, wenn Sie das Passwort nicht mehr haben – hier oder anderswo.',
    showWords: 'Meine Wörter anzeigen',
    passkeysTitle: 'Passkeys',
    passkeysLead: 'Anmelden mit Fingerabdruck, Gesicht oder Schlüssel.',
    passkeyName: 'Name für den Passkey',
    addPasskey: 'Passkey hinzufügen',
    addPasskeyTitle: 'Einen hinzufügen',
    opens: 'meldet ohne Passwort an',
    second: 'nur als zweiter Faktor',
    removePasskey: 'Entfernen',
    noPasskeys: 'Es gibt noch keinen.',
    passkeyNoScript: 'Um einen Passkey hinzuzufügen, muss JavaScript im Browser eingeschaltet sein.',
    factorTitle: 'Zweiter Faktor',
    factorOn: 'Eingeschaltet: Außer dem Passwort wird ein Passkey verlangt.',
    factorOff: 'Ausgeschaltet: Das Passwort allein öffnet die Geldbörse.',
    factorNeeds: 'Fügen Sie zuerst einen Passkey hinzu.',
    switchOn: 'Einschalten',
    switchOff: 'Ausschalten',
    browsersTitle: 'Browser und Programme',
    browsersLead:
      'Diese Browser und Programme sind bei Ihrer Geldbörse angemeldet. Beenden Sie, was Sie nicht kennen.',
    thisOne: 'dieser Browser',
    seen: 'zuletzt',
    end: 'Beenden',
    kinds: { page: 'Browser', half: 'Browser, Passkey fehlt', token: 'Programm' },
    tokenTitle: 'Token für ein Programm',
    tokenLead:
      'Damit kann ein Programm mit Ihrer Geldbörse alles tun, was Sie selbst tun können. Erstellen Sie für jedes Programm ein eigenes.',
    tokenLabel: 'Wofür',
    newToken: 'Token erstellen',
    filesTitle: 'Alles mitnehmen',
    filesLead:
      'Alle Münzen als Dateien, Ihre Wörter, Briefe und der Verlauf, in einem Archiv. Jede Specie-Geldbörse nimmt sie an.',
    takeAway: 'Alles herunterladen',
    filesNote:
      'Die Münzen im Archiv verlassen die Geldbörse hier. Solange niemand sie angenommen hat, können Sie sie unter „Gesendet“ zurücknehmen.',
    closeTitle: 'Geldbörse auflösen',
    closeLead: 'Alles, was zu ihr gehört, wird hier für immer entfernt.',
    closeMoney: 'Es ist noch Geld darin. Nehmen Sie es zuerst mit, sonst ist es verloren.',
    closeTitles: 'Es sind Titel darin. Bewahren Sie Ihre zwölf Wörter auf: Damit bekommen Sie sie wieder.',
    closeConfirm: 'Ich habe mitgenommen, was ich brauche. Was noch da ist, kann verloren gehen.',
    close: 'Geldbörse auflösen',
    password: 'Ihr Passwort',
    created: 'hinzugefügt am',
    contents: 'Auf dieser Seite',
  },

  token: {
    title: 'Ihr neues Token',
    lead: 'Es wird nur dieses eine Mal gezeigt. Legen Sie es dorthin, wo das Programm es findet, und nirgends sonst hin.',
    label: 'Token',
    back: 'Zurück zu den Einstellungen',
  },
};
