/** What a title box answers over frames. */
import { TITLE_LIMITS } from '../../title/documents/limits.ts';
import type { TitleServer } from '../../title/server/server.ts';
import { serveFrames } from '../../transports/frames/server.ts';
import type { FramesServer } from '../../transports/frames/server.ts';
import { DATAGRAM, TITLE_UNDERWAY } from './options.ts';

const NOTHING = new Uint8Array(0);

/** Serves at a UNIX socket. `bug` is told of faults; whoever asked then gets an answer without bytes: a front's word for none. */
export function serveTitleBox(
  server: TitleServer,
  path: string,
  bug: (error: Error) => void,
): Promise<FramesServer> {
  const answer = (context: string, bytes: Uint8Array) =>
    server.answer(bytes, context === DATAGRAM ? bytes.length : Infinity);
  const failed = (error: Error) => {
    bug(error);
    return NOTHING;
  };
  return serveFrames(
    { answer, failed },
    {
      path,
      messageBytes: TITLE_LIMITS.messageBytes,
      underway: TITLE_UNDERWAY,
      underwayOverAll: 2 * TITLE_UNDERWAY,
    },
  );
}
