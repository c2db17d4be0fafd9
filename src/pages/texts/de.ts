/** Everything that people read, in German. */
import { objections } from './de-objections.ts';
import { words } from './de-words.ts';
import { moneyTexts } from './de-money.ts';
import { titleTexts } from './de-titles.ts';
import { settingsTexts } from './de-settings.ts';
import type { Texts } from './en.ts';

export const de: Texts = {
  ...words,
  ...moneyTexts,
  ...settingsTexts,
  ...titleTexts,
  objections,

  entry: {
    welcome: 'Geld wie Post',
    lead: 'Verschicken Sie Geld wie einen Brief, und empfangen Sie es genauso. Es ist Bargeld und gehört Ihnen allein.',
    points: [
      'Zahlen Sie an einen Namen, per E-Mail, Link oder Code – oder auf Papier.',
      'Münzen, die auch nicht zurückverfolgen kann, wer sie ausgibt – wo die Währung das verspricht.',
      'Nur Ihr Passwort schließt Ihre Münzen auf; auch wer diesen Dienst betreibt, kann sie in seinem Speicher nicht lesen.',
    ],
    signIn: 'Anmelden',
    signUp: 'Geldbörse eröffnen',
    name: 'Name',
    nameHint:
      'Unter diesem Namen bezahlt man Sie: 2 bis 40 Buchstaben, Ziffern, Punkte, Bindestriche oder Unterstriche.',
    password: 'Passwort',
    newPassword: 'Neues Passwort',
    passwordHint: 'Mindestens 10 Zeichen. Ein paar Wörter hintereinander kann man sich leicht merken.',
    bring: 'Ich habe schon eine Geldbörse',
    words: 'Zwölf Wörter',
    bringHint:
      'Geben Sie deren zwölf Wörter ein, dann kommen Münzen und Titel mit. Für eine neue Geldbörse bleibt das Feld leer.',
    forgot: 'Passwort vergessen?',
    newHere: 'Neu hier?',
    hasWallet: 'Sie haben hier schon eine Geldbörse?',
    withPasskey: 'Mit Passkey anmelden',
    passkeyFailed: 'Das hat nicht geklappt. Versuchen Sie es noch einmal, oder nehmen Sie Ihr Passwort.',
    passkeyBusy: 'Warten auf Ihren Passkey …',
    carried: 'Das Geld, das Sie bekommen haben, geht nicht verloren: Es kommt gleich danach.',
  },

  second: {
    title: 'Nun der Passkey',
    lead: (name: string) =>
      `Das Passwort stimmt, ${name}. Um die Geldbörse zu öffnen, fehlt noch Ihr Passkey.`,
    button: 'Passkey verwenden',
    noScript: 'Für Passkeys muss JavaScript im Browser eingeschaltet sein.',
    lost: 'Passkey verloren?',
    recover: 'Zwölf Wörter verwenden',
  },

  recover: {
    title: 'Zwölf Wörter verwenden',
    lead: 'Mit den zwölf Wörtern öffnen Sie Ihre Geldbörse, wenn Sie das Passwort nicht mehr haben. Sie wählen ein neues Passwort; alle anderen Browser werden abgemeldet und Ihre Passkeys entfernt.',
    button: 'Geldbörse öffnen',
    wordsHint: 'Alle zwölf, der Reihe nach, mit Leerzeichen dazwischen.',
  },

  twelve: {
    titleNew: 'Schreiben Sie diese Wörter auf',
    title: 'Ihre zwölf Wörter',
    lead: 'Diese zwölf Wörter sind Ihre Geldbörse. Wenn Sie Ihr Passwort vergessen oder es diesen Dienst nicht mehr gibt, bringen sie Ihre Münzen und Titel zurück – hier oder anderswo.',
    warning:
      'Wer sie kennt, hat Ihr Geld. Schreiben Sie sie auf Papier und zeigen Sie sie niemandem. Per E-Mail bekommen Sie sie nicht.',
    written: 'Ich habe sie aufgeschrieben',
    button: 'Weiter zur Geldbörse',
    back: 'Zurück zu den Einstellungen',
  },

  signedOut: {
    title: 'Sie sind abgemeldet',
    lead: 'Ihre Geldbörse ist geschlossen. Ohne Ihr Passwort kann niemand sie öffnen.',
    again: 'Wieder anmelden',
  },

  closed: {
    title: 'Ihre Geldbörse ist aufgelöst',
    lead: 'Alles, was zu ihr gehörte, wurde hier entfernt. Was Sie als Dateien mitgenommen haben, bleibt gültig: Jede Geldbörse nimmt es an.',
    home: 'Zur Startseite',
  },

  error: {
    title: 'Das hat nicht geklappt',
    notFound: 'Diese Seite gibt es nicht',
    notFoundLead: 'Die Adresse stimmt nicht, oder was hier war, ist nicht mehr da.',
    home: 'Zur Startseite',
    inbox: 'Zum Posteingang',
    details: 'Einzelheiten',
    broken: 'Hier ist etwas schiefgegangen',
    brokenLead: 'Das lag nicht an Ihnen. Versuchen Sie es gleich noch einmal.',
    brokenMoney:
      'Das lag nicht an Ihnen, und vielleicht ist trotzdem geschehen, was Sie wollten. Sehen Sie im Verlauf nach, bevor Sie es noch einmal versuchen.',
  },

  folder: {
    emptyInbox: 'Hier ist noch nichts',
    emptyInboxLead:
      'Nennen Sie jemandem Ihren Namen, fordern Sie Geld an, oder kaufen Sie Ihre ersten Münzen.',
    emptySent: 'Noch nichts gesendet',
    emptySentLead: 'Eine Zahlung ist wie ein Brief: ein Name, ein Betrag, ein paar Worte.',
    choose: 'Wählen Sie links etwas aus, um es zu lesen.',
    someone: 'jemand',
    nobody: 'wer den Link hat',
    noSubject: 'Ohne Betreff',
    unknown: 'unbekannte Währung',
    unread: 'ungelesen',
    letters: 'Liste',
    newer: 'Neuere',
    older: 'Ältere',
    page: (page: string, pages: string) => `Seite ${page} von ${pages}`,
  },

  letter: {
    from: 'Von',
    to: 'An',
    when: 'Datum',
    state: 'Stand',
    reply: 'Zurückzahlen',
    take: (amount: string) => `${amount} annehmen`,
    unknown: (currency: string, issuer: string) =>
      `Ihre Geldbörse kennt diese Währung nicht. Sie wird bei ${issuer} ausgegeben und heißt dort „${currency}“ – ein Name, den jeder wählen kann. Nehmen Sie das Geld nur an, wenn Sie der Ausgabestelle vertrauen; die Währung wird dann hinzugefügt.`,
    takeBack: 'Zurücknehmen',
    takeBackHint: 'Solange niemand die Münzen angenommen hat, können Sie sie zurücknehmen.',
    takeBackEarly:
      'Sie müssen nicht warten: Solange die Münzen nicht angekommen sind, können Sie sie zurücknehmen.',
    mailAgain: 'E-Mail noch einmal senden',
    remove: 'Hier entfernen',
    removeHint: 'Das Geld bleibt, wo es ist.',
    removeUnknown: 'Sie wollen es nicht? Dann entfernen Sie es samt seinen Münzen.',
    removeConfirm: 'Die Münzen darin können verloren gehen',
    handOver: 'Übergeben',
    handOverLead: 'Wer eines davon zuerst bekommt, hat das Geld. Geben Sie es nur an eine einzige Person.',
    link: 'Link',
    scan: 'Lassen Sie diesen Code mit einem Telefon scannen.',
    file: 'Datei',
    fileHint: 'Als Anhang für eine E-Mail oder einen Chat.',
    codes: 'Münzen als Code',
    codesHint: 'Vom Bildschirm zur Kamera, bei Ihnen auch ohne Netz.',
    note: 'Banknote',
    noteHint: 'Zum Ausdrucken, Ausschneiden und Weitergeben.',
    mailLies: 'Die E-Mail liegt hier in einem Ordner; verschickt ist sie noch nicht.',
    mailedTo: (address: string) => `Per E-Mail verschickt an ${address}.`,
    notMailed: 'Noch nicht als E-Mail verschickt',
    back: 'Zurück',
    qr: 'QR-Code des Links',
  },

  note: {
    title: 'Banknote',
    print: 'Drucken',
    lead: 'Schneiden Sie an der Linie entlang und falten Sie das Papier in der Mitte. Wer den Code zuerst scannt, hat das Geld; passen Sie darauf auf wie auf Bargeld.',
    kind: 'Inhabernote',
    number: 'Nr.',
    issued: 'vom',
    how: 'So nehmen Sie dieses Geld an',
    steps: (host: string) => [
      'Scannen Sie den Code mit der Kamera Ihres Telefons.',
      `Er führt zu ${host}. Melden Sie sich an, oder eröffnen Sie eine Geldbörse: Das dauert eine Minute.`,
      'Drücken Sie auf den Knopf. Von da an gehört das Geld Ihnen, und dies ist nur noch ein Stück Papier.',
    ],
    secret: 'Der Code ist das Geld. Veröffentlichen Sie kein Bild davon.',
    cut: 'Hier schneiden',
    qr: 'QR-Code, mit dem man das Geld bekommt',
  },

  codes: {
    title: 'Münzen als Code',
    lead: 'Diese Bilder sind die Münzen selbst. Halten Sie den Bildschirm vor die Kamera der anderen Geldbörse: Dort gibt es unter „Empfangen“ einen Knopf dafür.',
    part: (part: string, of: string) => `Code ${part} von ${of}`,
    pause: 'Anhalten',
    play: 'Abspielen',
    text: 'Dasselbe als Text',
    textHint: 'Kopieren Sie ihn in einen Chat. Wer ihn unter „Empfangen“ zuerst einfügt, hat das Geld.',
  },

  compose: {
    title: 'Schreiben',
    to: 'An',
    toHint:
      'Ein Name von hier oder eine E-Mail-Adresse. Bleibt das Feld leer, bekommen Sie einen Link zum Weitergeben.',
    noMailServer:
      'E-Mails lassen sich von hier noch nicht verschicken: Sie landen in einem Ordner, und der Betreiber muss sie weiterleiten.',
    subject: 'Betreff',
    text: 'Nachricht',
    send: 'Senden',
    available: (amount: string) => `${amount} in Ihrer Geldbörse`,
    empty: 'In Ihrer Geldbörse sind noch keine Münzen.',
    buy: 'Zuerst welche kaufen',
  },

  receive: {
    title: 'Empfangen',
    lead: 'Jemand hat Ihnen Geld als Link, Text, Datei oder Code gegeben? Hier hinein damit.',
    text: 'Link oder Text',
    textHint: 'Fügen Sie alles ein. Was drum herum steht, schadet nicht.',
    file: 'Oder eine Datei',
    fileHint: 'Ihr Name endet auf .oc',
    drop: 'Datei hier ablegen',
    look: 'Nachsehen, was es ist',
    camera: 'Mit der Kamera scannen',
    cameraStop: 'Anhalten',
    cameraHint: 'Halten Sie den Code vor die Kamera.',
    cameraNone:
      'Es gibt keine Kamera, oder der Browser darf sie nicht verwenden. Erlauben Sie es in der Adressleiste, oder wählen Sie eine Datei.',
    cameraProgress: '{done} von {all}',
    cameraRead: 'Gelesen',
    byName: 'Oder an Ihren Namen',
    byNameLead: (name: string, host: string) =>
      `Wer auf ${host} eine Geldbörse hat, kann an ${name} zahlen. Das Geld kommt von selbst an.`,
    ask: 'Geld anfordern',
  },

  offer: {
    title: 'Geld für Sie',
    from: (name: string) => `von ${name}`,
    fromSomeone: 'von jemandem',
    coins: (count: number, written: string) => (count === 1 ? 'eine Münze' : `${written} Münzen`),
    issuer: 'Ausgegeben von',
    currency: 'Währung',
    called: (currency: string) => `„${currency}“`,
    strange: (currency: string, issuer: string) => `„${currency}“ von ${issuer}`,
    known: 'Ihre Geldbörse kennt diese Währung.',
    unknown:
      'Ihre Geldbörse kennt diese Währung noch nicht. Nehmen Sie das Geld nur an, wenn Sie der Ausgabestelle vertrauen: Es ist so viel wert, wie man dort dafür gibt.',
    promises: 'Was ihre Münzen versprechen',
    take: (amount: string) => `${amount} annehmen`,
    takeUnknown: (amount: string) => `${amount} annehmen und diese Währung hinzufügen`,
    takeBack: (amount: string) => `${amount} zurücknehmen`,
    own: 'Diese Münzen haben Sie selbst verschickt, und noch hat sie niemand angenommen. Sie können sie zurücknehmen.',
    taken: 'Diese Münzen sind schon in Ihrer Geldbörse.',
    spent:
      'Diese Münzen hat schon jemand angenommen. Sie sind nichts mehr wert. Bitten Sie um eine neue Zahlung.',
    signInToTake: 'Anmelden und annehmen',
    signUpToTake: 'Geldbörse eröffnen und annehmen',
    orFile: 'Oder als Datei behalten',
    orFileHint:
      'Jede Specie-Geldbörse nimmt die Datei an. Bis dahin kann das Geld noch zurückgenommen werden.',
    save: 'Als Datei speichern',
    other: 'Etwas anderes empfangen',
    stopped: 'Ihre Geldbörse hat diese Währung gesperrt',
  },

  promises: {
    untraceable:
      'Die Ausgabestelle kann keine Münze zurückverfolgen: Sie unterschreibt Münzen, ohne sie zu sehen.',
    traceable: 'Die Ausgabestelle kann jede Münze zurückverfolgen.',
    anyone: 'Jeder kann prüfen, ob eine Münze echt ist.',
    issuer: 'Nur die Ausgabestelle kann prüfen, ob eine Münze echt ist.',
    leftUnblinded:
      'Ihre Geldbörse verzichtet hier auf die Blindheit der Unterschriften: Die Ausgabestelle kann Ihre Münzen zurückverfolgen.',
    offline:
      'Eine Münze kann ohne Verbindung zur Ausgabestelle angenommen werden: Wer sie zweimal ausgibt, verrät sich damit. Wer sie annimmt, erfährt die Ausgabestelle.',
    online:
      'Eine Münze gehört Ihnen, sobald Ihre Geldbörse sie bei der Ausgabestelle erneuert hat; das dauert einen Augenblick.',
    twoRounds:
      'Münzen entstehen in zwei Schritten, und nur für diejenigen, die ein Konto bei der Bank der Ausgabestelle haben.',
    cautions: {
      'RSA-SHA512-CHAUM86':
        'Die Ausgabestelle unterschreibt alles, wofür bezahlt wird; aus genügend gekauften Unterschriften über kleine Primzahlen lassen sich Münzen fälschen.',
      'SECP256K1-WAGNER':
        'Wer eine Münze bekommt, könnte gemeinsam mit der Ausgabestelle herausfinden, aus welchem Kauf oder welcher Erneuerung sie stammt.',
      'P256-BRANDS':
        'Dass sich Münzen nicht fälschen lassen, ist nicht bewiesen und beruht darauf, dass die Ausgabestelle nur wenige Abhebungen zugleich zulässt. Wer ohne Verbindung zweimal zahlt, wird erst danach entdeckt; das schreckt nur ab, wenn die Bank weiß, wem ein Konto gehört.',
      'ED25519-UNBLINDED':
        'Hier bleibt nichts verborgen: Die Ausgabestelle sieht, welche Münze an wen geht, und erkennt sie wieder, wenn sie zurückkommt.',
      PLAIN:
        'Hier bleibt nichts verborgen, und nur die Ausgabestelle kann eine echte Münze von irgendeiner Zahl unterscheiden.',
    },
  },

  request: {
    title: 'Geld anfordern',
    lead: 'Geben Sie an, wie viel und wofür. Sie bekommen einen Link, der um genau diesen Betrag bittet.',
    subject: 'Wofür',
    create: 'Anforderung erstellen',
    mine: 'Ihre Anforderungen',
    none: 'Sie haben noch nichts angefordert.',
    one: 'Anforderung',
    asks: (name: string) => `${name} bittet um`,
    share: 'Link für die Person, die bezahlen soll',
    scan: 'Oder lassen Sie diesen Code scannen.',
    qr: 'QR-Code der Anforderung',
    withdraw: 'Anforderung zurückziehen',
    pay: (amount: string) => `${amount} bezahlen`,
    yourPurse: (amount: string) => `Sie haben ${amount} in dieser Währung.`,
    tooLittle: 'Das reicht nicht.',
    buy: 'Münzen kaufen',
    unknown: 'Ihre Geldbörse kennt diese Währung noch nicht.',
    add: 'Diese Währung hinzufügen',
    own: 'Das ist Ihre eigene Anforderung.',
    ownLink: 'Ansehen',
    paid: 'Diese Anforderung ist bezahlt.',
    withdrawn: 'Diese Anforderung wurde zurückgezogen.',
    signIn: 'Anmelden und bezahlen',
    signUp: 'Geldbörse eröffnen',
    withCoins: 'Oder mit Münzen bezahlen',
    withCoinsHint: (amount: string) => `Ein Link, ein Text oder eine .oc-Datei im Wert von genau ${amount}.`,
    payWithCoins: 'Mit diesen Münzen bezahlen',
    at: 'Ausgegeben von',
  },

  done: {
    welcome: 'Willkommen. Ihre Geldbörse ist offen.',
    sent: 'Gesendet.',
    mailed: 'Als E-Mail verschickt.',
    mailLaid: 'Fertig. Die E-Mail ist noch nicht unterwegs: Von hier lassen sich noch keine verschicken.',
    link: 'Fertig. Geben Sie Link, Code oder Datei an die Person weiter, die das Geld haben soll.',
    onTheWay: 'Unterwegs. Die Ausgabestelle antwortet gerade nicht; es geht von selbst weiter.',
    taken: 'Das Geld ist in Ihrer Geldbörse.',
    takenBack: 'Die Münzen sind wieder in Ihrer Geldbörse.',
    removed: 'Entfernt.',
    requested: 'Ihre Anforderung ist fertig. Geben Sie den Link an die Person weiter, die bezahlen soll.',
    withdrawn: 'Die Anforderung ist zurückgezogen.',
    paid: 'Bezahlt. Vielen Dank.',
    bought: 'Gekauft. Die Münzen sind in Ihrer Geldbörse.',
    ordered: 'Bestellt. Bezahlen Sie wie unten angegeben; die Münzen kommen von selbst.',
    redeemed: 'Eingelöst.',
    paidOut: 'Die Bank hat Ihren Auftrag.',
    added: 'Die Währung ist hinzugefügt.',
    restored: 'Alle Münzen, die zu Ihren Wörtern gehören, sind in Ihrer Geldbörse.',
    noneRestored: 'Zu Ihren Wörtern gab es keine Münzen.',
    doubtCleared:
      'Diese Münzen können Sie verwenden. Was andere schon zur Ausgabestelle gebracht hatten, ist nicht mehr dabei.',
    doubtGone: 'Andere hatten schon alles davon zur Ausgabestelle gebracht: Es ist nichts mehr da.',
    language: 'Gespeichert.',
    password: 'Ihr Passwort ist geändert. Alle anderen Browser sind abgemeldet.',
    recovered: 'Ihre Geldbörse ist offen, und das neue Passwort gilt.',
    passkeyAdded: 'Der Passkey ist hinzugefügt.',
    passkeyRemoved: 'Der Passkey ist entfernt.',
    factorOn: 'Der zweite Faktor ist eingeschaltet.',
    factorOff: 'Der zweite Faktor ist ausgeschaltet.',
    ended: 'Beendet.',
    given: 'Weitergegeben.',
    givenAddress: 'Weitergegeben. Schicken Sie nun noch die Übergabe, damit die andere Geldbörse es findet.',
    titlesOnTheWay: 'Unterwegs. Der Titelserver antwortet gerade nicht; es geht von selbst weiter.',
    titlesTaken: 'Es gehört Ihnen.',
    titlesChecked: 'Geprüft: Die Titelserver sagen dasselbe wie Ihre Geldbörse.',
    titlesRestored: 'Das Verzeichnis ist gelesen: Alles, was zu Ihren Wörtern gehört, ist hier.',
    claimed: 'Erledigt. Der Titelserver ist gefragt.',
    addressMade: 'Hier ist eine neue Adresse.',
    serverAdded: 'Ihre Geldbörse kennt diesen Titelserver jetzt.',
  },

  news: {
    letter: (who: string, amount: string) => `${who} hat Ihnen ${amount} gesendet.`,
    taken: (amount: string) => `Ihre Zahlung über ${amount} wurde angenommen.`,
    someone: 'Jemand',
  },
};
