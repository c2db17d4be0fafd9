/** A process that keeps rows until it is killed, and says which were acknowledged: the file, and the first number. */
import { writeSync } from 'node:fs';
import { Refusal } from '../../base/refusal.ts';
import { idOf, invoice, letter, member } from './rows.test-helper.ts';
import { openSqliteHostStore } from './sqlite.ts';

const [path = '', from = ''] = process.argv.slice(2);
const store = openSqliteHostStore(path);
if (store instanceof Refusal) throw new Error(store.details);

for (let number = Number(from); ; number++) {
  await store.addMember(member(number));
  await store.putLetter(letter(number, number));
  await store.putInvoice(invoice(number, number));
  await store.settleInvoice(idOf(number), idOf(number));
  // To the pipe at once, not to a buffer that dies with the process.
  writeSync(1, `${number}\n`);
}
