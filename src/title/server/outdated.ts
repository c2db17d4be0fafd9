/** The one refusal that says more than words. */
import { Refusal } from '../../base/refusal.ts';

/** A transfer's proof is not the last one of its title: says which title, and its sequence now. */
export class OutdatedProof extends Refusal {
  readonly serial: number;
  readonly sequence: number;

  constructor(details: string, serial: number, sequence: number) {
    super('outdated proof', details);
    this.serial = serial;
    this.sequence = sequence;
  }
}
