import type { ObjectionName } from '../../host/objections.ts';

/** Why something was not done, and what to do next. */
export const objections: Readonly<Record<ObjectionName, string>> = {
  'name taken': 'Diesen Namen hat schon jemand. Wählen Sie einen anderen.',
  'bad name':
    'Ein Name hat 2 bis 40 Buchstaben, Ziffern, Punkte, Bindestriche oder Unterstriche. Wählen Sie einen anderen.',
  'weak password': 'Wählen Sie ein Passwort mit mindestens 10 Zeichen, das niemand errät.',
  'wrong password':
    'Name oder Passwort stimmt nicht. Versuchen Sie es noch einmal, oder nehmen Sie Ihre zwölf Wörter.',
  'wrong phrase': 'Name und Wörter gehören nicht zusammen. Prüfen Sie jedes Wort und seinen Platz.',
  'wrong passkey':
    'Dieser Passkey öffnet diese Geldbörse nicht. Nehmen Sie einen anderen, oder Ihr Passwort.',
  'signed out': 'Sie sind nicht angemeldet. Melden Sie sich zuerst an.',
  'too many': 'Das waren zu viele Versuche. Warten Sie ein wenig und versuchen Sie es dann noch einmal.',
  'no such member':
    'Hier heißt niemand so. Prüfen Sie den Namen, oder lassen Sie das Feld leer und verschicken Sie stattdessen einen Link.',
  'to yourself': 'Sie können sich nicht selbst bezahlen. Wählen Sie jemand anderen.',
  'bad address': 'Das ist keine gültige E-Mail-Adresse. Prüfen Sie die Schreibweise.',
  'bad amount': 'Geben Sie einen Betrag als Zahl ein, zum Beispiel 12 oder 1,50.',
  'no currency': 'Wählen Sie eine Währung; wenn es noch keine gibt, fügen Sie zuerst eine hinzu.',
  'no coins':
    'Darin sind keine Münzen. Fügen Sie den ganzen Link oder Text ein, oder wählen Sie die .oc-Datei.',
  'no drop':
    'Was hinter diesem Link lag, wurde schon angenommen oder zurückgenommen, oder es war nie hier. Wenn nicht Sie es bekommen haben, bitten Sie darum, dass es noch einmal geschickt wird.',
  'other host':
    'Dieser Link gehört zu einem anderen Dienst. Öffnen Sie ihn dort, oder bitten Sie um die .oc-Datei.',
  'no letter': 'Diese Zahlung gibt es hier nicht.',
  'no invoice': 'Diese Anforderung gibt es nicht. Bitten Sie noch einmal um den Link.',
  'not open': 'Diese Anforderung wurde schon bezahlt oder zurückgezogen. Es wurde nichts bezahlt.',
  'other amount':
    'Diese Münzen sind nicht genau so viel wert wie angefordert. Nehmen Sie Münzen über genau diesen Betrag.',
  'not mailed':
    'Die E-Mail konnte nicht verschickt werden. Die Münzen sind sicher: Verschicken Sie sie noch einmal, oder nehmen Sie sie zurück.',
  'no address':
    'Geben Sie einen Namen von hier ein, oder fügen Sie die Adresse einer Geldbörse für Titel ein.',
  'no such recipient': 'Hier heißt niemand so. Prüfen Sie den Namen.',
  'bad title address': 'Diese Adresse ist unvollständig oder enthält einen Fehler. Kopieren Sie sie ganz.',
  'other title server':
    'Diese Adresse gehört zu einem anderen Titelserver. Bitten Sie um eine bei dem Server, von dem diese Titel sind.',
  'bad title amount': 'Geben Sie eine ganze Zahl ab 1 ein. Titel lassen sich nicht teilen.',
  'bad title number': 'Geben Sie die Nummer des Titels ein, zum Beispiel 12.',
  'no title chosen': 'Wählen Sie mindestens einen Titel aus.',
  'are titles': 'Das sind Titel und keine Münzen. Nehmen Sie sie unter „Titel“ an.',
  'not your titles': 'Diese Titel gehören inzwischen jemand anderem.',
  'no titles': 'Darin sind keine Titel. Fügen Sie die ganze Übergabe ein, oder wählen Sie die .title-Datei.',
  'too few titles': 'So viel haben Sie davon nicht. Wählen Sie weniger Titel oder einen kleineren Betrag.',
  'no such title': 'Diesen Titel gibt es nicht. Prüfen Sie Klasse und Nummer.',
  'no title server':
    'Ihre Geldbörse kennt den Titelserver dieser Titel nicht. Fügen Sie ihn zuerst hinzu, unter „Titelserver“.',
  'forged titles':
    'Eine Unterschrift stimmt nicht: Kein Titelserver hat das beglaubigt. Nehmen Sie es nicht an.',
  'server away':
    'Der Titelserver antwortet nicht. Es ist nichts verloren; versuchen Sie es später noch einmal.',
  'server distrusted':
    'Dieser Titelserver widerspricht sich selbst oder seinen eigenen Dokumenten. Verlassen Sie sich nicht auf ihn; sagen Sie es dem Betreiber.',
  'not ready':
    'Für diese Person lässt sich gerade nichts zustellen: Sie muss sich erst wieder einmal anmelden. Es wurde nichts weitergegeben.',
  'not confirmed': 'Setzen Sie zur Bestätigung das Häkchen.',
  'money left':
    'In dieser Geldbörse ist noch Geld. Nehmen Sie es zuerst als Dateien mit, oder senden Sie es jemandem.',
  'titles left':
    'In dieser Geldbörse sind Titel. Bewahren Sie Ihre zwölf Wörter auf: Damit bekommen Sie sie wieder.',
  full: 'Hier ist kein Platz mehr. Entfernen Sie zuerst etwas.',
  unreadable: 'Das war nicht lesbar. Berichtigen Sie Ihre Eingabe und versuchen Sie es noch einmal.',
  forged:
    'Dieses Formular ist zu alt oder kam von einer anderen Seite. Laden Sie die Seite neu und versuchen Sie es noch einmal.',
  unpaid: 'Noch nicht bezahlt. Sobald bezahlt ist, geht es von selbst weiter.',
  busy: 'Die Ausgabestelle ist gerade beschäftigt. Versuchen Sie es gleich noch einmal.',
  'switched off': 'Die Ausgabestelle ist abgeschaltet. Versuchen Sie es später noch einmal.',
  unreachable:
    'Die Ausgabestelle antwortet nicht. Es ist nichts verloren; versuchen Sie es später noch einmal.',
  malformed: 'Die Nachricht ist nicht lesbar.',
  unauthorised: 'Das ist nicht erlaubt.',
  'treasury exhausted':
    'Die Ausgabestelle darf gerade keine weiteren Münzen ausgeben. Versuchen Sie es wieder, wenn die Grenze erhöht wurde.',
  unknown: 'Das ist hier nicht bekannt. Prüfen Sie es und versuchen Sie es noch einmal.',
  'already spent':
    'Diese Münzen hat schon jemand angenommen. Bitten Sie um eine neue Zahlung, wenn Sie sie von jemandem bekommen haben.',
  'first round over':
    'Die Ausgabestelle hat vergessen, was sie begonnen hatte. Versuchen Sie es noch einmal.',
  'reference reused':
    'Das wurde schon einmal abgeschickt, mit anderem Inhalt. Sehen Sie nach, ob es geklappt hat, bevor Sie es noch einmal senden.',
  'outdated proof':
    'Dieser Titel hat inzwischen den Besitzer gewechselt. Fragen Sie den Server nach Ihren Titeln.',
  'empty pool': 'Der Titelserver kann das nicht wechseln. Wählen Sie Titel aus, oder einen anderen Betrag.',
  expired: 'Dafür ist es zu spät. Fangen Sie noch einmal an.',
  'too large': 'Das ist zu groß. Teilen Sie es auf.',
  unbalanced: 'Die Summen stimmen nicht überein. Es ist nichts geschehen.',
  'bad signature': 'Eine Unterschrift stimmt nicht: Diese Münzen sind nicht echt. Nehmen Sie sie nicht an.',
  'not enough':
    'In Ihrer Geldbörse ist nicht genug Geld. Kaufen Sie Münzen, oder wählen Sie einen kleineren Betrag.',
  distrusted:
    'Diese Währung verletzt eine Regel, die Sie schützt. Verwenden Sie sie nicht; sagen Sie es der Ausgabestelle.',
  'not possible': 'Das geht so nicht.',
};
