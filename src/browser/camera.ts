import { decodeQR } from 'qr/decode.js';
import { NO_PARTS, joined, withPart } from './parts.ts';

/** What came of it: the text of a code, or why there is none. */
export type Scanned = { readonly text: string } | { readonly why: 'stopped' | 'none' };

type Progress = (have: number, all: number) => void;

/** Pixels of a picture's longer side, at most: enough for the largest code, and quick to search. What a camera has less of is not made up. */
const LONGER_SIDE = 960;
/** Of that: a code that stands still may be one that cannot be read at one size. */
const SIZES = [1, 5 / 6, 9 / 8] as const;

/**
 * Milliseconds that a picture may be searched for. At first little, so that the next code is not missed; twice as long
 * after each picture in which nothing was found, since a slow or busy machine may find nothing sooner.
 */
const EFFORT = { least: 100, most: 800 } as const;

/** Reads one code, or all parts of an animated one, from the camera at the back. The camera is off when it resolves. */
export async function read(
  video: HTMLVideoElement,
  signal: AbortSignal,
  progress: Progress,
): Promise<Scanned> {
  const stream = await camera();
  if (!(stream instanceof MediaStream)) return stream;
  const end = () => {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
  try {
    video.srcObject = stream;
    await video.play();
    return await codes(video, signal, progress);
  } finally {
    end();
  }
}

async function camera(): Promise<MediaStream | Scanned> {
  // There is none in the navigator of a page that came without TLS.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (devices === undefined) return { why: 'none' };
  try {
    return await devices.getUserMedia({
      audio: false,
      video: { facingMode: 'environment', width: { ideal: 1280 } },
    });
  } catch {
    // There is none, another program has it, or the person does not allow it: the page says what helps with each.
    return { why: 'none' };
  }
}

function codes(video: HTMLVideoElement, signal: AbortSignal, progress: Progress): Promise<Scanned> {
  const canvas = document.createElement('canvas');
  let parts = NO_PARTS;
  let effort: number = EFFORT.least;
  return new Promise((resolve) => {
    const stopped = () => {
      resolve({ why: 'stopped' });
    };
    signal.addEventListener('abort', stopped, { once: true });
    const look = () => {
      if (signal.aborted) return;
      const text = codeIn(video, canvas, effort);
      effort = text === undefined ? Math.min(effort * 2, EFFORT.most) : EFFORT.least;
      const next = text === undefined ? parts : withPart(parts, text);
      const whole = next === undefined ? text : joined(next);
      if (whole !== undefined) {
        signal.removeEventListener('abort', stopped);
        resolve({ text: whole });
        return;
      }
      if (next !== undefined && next !== parts) {
        parts = next;
        progress(parts.seen.size, parts.count);
      }
      afterSome(video, look);
    };
    afterSome(video, look);
  });
}

/** Pictures at most from one look to the next. */
const SOME = 3;

/**
 * After one picture or a few, by chance: an animated code comes round and round, and whoever looks in step with it always
 * sees the same of its frames.
 */
function afterSome(video: HTMLVideoElement, look: () => void): void {
  let left = 1 + Math.floor(Math.random() * SOME);
  const picture = () => {
    if (--left === 0) look();
    else video.requestVideoFrameCallback(picture);
  };
  video.requestVideoFrameCallback(picture);
}

/** The text of a code in the picture that the camera shows now: at one size or another, by chance too. */
function codeIn(video: HTMLVideoElement, canvas: HTMLCanvasElement, effort: number): string | undefined {
  const size = SIZES[Math.floor(Math.random() * SIZES.length)] ?? 1;
  const own = Math.max(video.videoWidth, video.videoHeight, 1);
  const scale = (size * Math.min(LONGER_SIDE, own)) / own;
  const width = Math.round(video.videoWidth * scale);
  const height = Math.round(video.videoHeight * scale);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null || width === 0 || height === 0) return undefined;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  context.drawImage(video, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  try {
    return decodeQR({ width, height, data }, { timeLimit: effort });
  } catch {
    // That is how the decoder says that this picture holds none.
    return undefined;
  }
}
