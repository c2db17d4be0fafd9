/** The engraving of a banknote: the same for the same letter and currency. */
import { html } from 'hono/html';
import type { Html } from './look.ts';

export interface Engraving {
  /** Hexadecimal digits that say what the pattern looks like. */
  readonly seed: string;
  /** Hexadecimal digits that say which inks it is printed in. */
  readonly inks: string;
  /** Printed so small that only who looks closely reads it. */
  readonly fineprint: string;
}

const WIDTH = 1600;
const HEIGHT = 750;

/** Dark ink, light ink, paper. Dark on paper is readable by far: at least 7 to 1. */
const PALETTES = [
  ['#0b4f46', '#2f8f7f', '#f3f6ea'],
  ['#5a2d0c', '#b6743a', '#faf3e3'],
  ['#3b2560', '#8467b5', '#f5f1f8'],
  ['#10395f', '#4d86b8', '#eef4f6'],
  ['#5c1a2e', '#b65a74', '#faf0ee'],
] as const;

/** The inks for a currency. */
export function inksOf(hex: string): readonly [dark: string, light: string, paper: string] {
  return PALETTES[digit(hex, 0) % PALETTES.length] ?? PALETTES[0];
}

/** The whole note's background, to lie under its text. */
export function engraving({ seed, inks, fineprint }: Engraving): Html {
  const [dark, light, paper] = inksOf(inks);
  const small = `${fineprint} · `.repeat(Math.ceil(240 / (fineprint.length + 3))).slice(0, 240);
  return html`<svg
    class="engraving"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    preserveAspectRatio="none"
    aria-hidden="true"
    focusable="false"
  >
    <rect width="${WIDTH}" height="${HEIGHT}" fill="${paper}" />
    <g fill="none" stroke="${light}" stroke-width="1.3" opacity="0.42">${ground(seed)}</g>
    <g fill="none" stroke="${light}" stroke-width="1.5" opacity="0.75">
      ${rosette(seed, { x: 545, y: 375, radius: 280, at: 3 })}
    </g>
    <g fill="none" stroke="${dark}" stroke-width="1.2" opacity="0.5">
      ${rosette(seed, { x: 545, y: 375, radius: 180, at: 9 })}
    </g>
    <g fill="none" stroke="${dark}" stroke-width="1.6" opacity="0.85">
      ${band(34, seed)} ${band(HEIGHT - 34, seed)}
    </g>
    <g fill="none" stroke="${dark}" stroke-width="1.6" opacity="0.85">
      ${[
        [70, 70],
        [WIDTH - 70, 70],
        [70, HEIGHT - 70],
        [WIDTH - 70, HEIGHT - 70],
      ].map(
        ([x = 0, y = 0]) =>
          html`<circle
              cx="${x}"
              cy="${y}"
              r="57"
              fill="${paper}"
              stroke="none"
            />${rosette(seed, { x, y, radius: 56, at: 15 })}`,
      )}
    </g>
    <g fill="${dark}" font-family="system-ui, sans-serif" font-size="9" opacity="0.8">
      <text x="150" y="90" textLength="${WIDTH - 300}">${small}</text>
      <text x="150" y="${HEIGHT - 83}" textLength="${WIDTH - 300}">${small}</text>
    </g>
    <rect
      x="8"
      y="8"
      width="${WIDTH - 16}"
      height="${HEIGHT - 16}"
      fill="none"
      stroke="${dark}"
      stroke-width="5"
    />
  </svg>`;
}

/** Long waves over the whole note, each a little out of step with the one above. */
function ground(seed: string): Html {
  const length = 120 + digit(seed, 1) * 8;
  const drift = 9 + digit(seed, 2);
  const lines = Array.from({ length: 44 }, (_, line) =>
    wave({ x: -length + ((line * drift) % length), y: 20 + line * 16.5, length, height: 26 }),
  );
  return html`<path d="${lines.join('')}" />`;
}

/** A border of interlaced waves. */
function band(y: number, seed: string): Html {
  const length = 64 + (digit(seed, 4) % 4) * 8;
  const strands = Array.from({ length: 8 }, (_, strand) =>
    wave({ x: 110 - length + (strand * length) / 8, y, length, height: 40, end: WIDTH - 70 }),
  );
  return html`<path d="${strands.join('')}" />`;
}

interface Wave {
  readonly x: number;
  readonly y: number;
  /** From crest to crest. */
  readonly length: number;
  readonly height: number;
  /** Where it may stop. */
  readonly end?: number;
}

/** A parabola and its reflections: as near to a sine as ink can show. */
function wave({ x, y, length, height, end = WIDTH + length }: Wave): string {
  const half = length / 2;
  const times = Math.ceil((end - x) / half) - 1;
  return `M${short(x)} ${short(y)}q${short(half / 2)} ${short(height)} ${short(half)} 0${`t${short(half)} 0`.repeat(times)}`;
}

interface Rosette {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  /** Which digit of the seed shapes it. */
  readonly at: number;
}

/** Ellipses turned about a centre: their edges weave the pattern. */
function rosette(seed: string, { x, y, radius, at }: Rosette): Html {
  const petals = 24 + (digit(seed, at) % 5) * 6;
  const width = radius * (0.3 + digit(seed, at + 1) * 0.022);
  const inner = radius * (0.16 + digit(seed, at + 2) * 0.01);
  const turn = 180 / petals;
  return html`${Array.from(
    { length: petals },
    (_, petal) =>
      html`<ellipse
        cx="${x}"
        cy="${y}"
        rx="${short(radius)}"
        ry="${short(petal % 2 === 0 ? width : inner)}"
        transform="rotate(${short(petal * turn)} ${x} ${y})"
      />`,
  )}`;
}

/** A hexadecimal digit as a number; 0 where there is none. */
function digit(hex: string, at: number): number {
  const value = Number.parseInt(hex.charAt(at), 16);
  return Number.isNaN(value) ? 0 : value;
}

function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}
