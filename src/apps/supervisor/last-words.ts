/** Lines that say nothing to people: log events, the frames and the frame of a stack trace. */
const NOT_FOR_PEOPLE = /^(?:\s|[{}[\]^]|Node\.js v\d|file:\/\/|node:|\(node:|\(Use `|$)/;

/** Whether a line on a program's standard error is a sentence for people, and no log event or part of a stack trace. */
export function isForPeople(line: string): boolean {
  return !NOT_FOR_PEOPLE.test(line);
}

/** A line for people as the details of a refusal: without the name of the program that said it and the full stop. */
export function asDetails(line: string): string {
  return line.replace(/^(?:specie|\w*Error)(?: \[\w+\])?: /, '').replace(/\.$/, '');
}
