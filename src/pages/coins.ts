/** Coins as drawings: stacked by denomination, larger and nobler the more they are worth. */
import { html } from 'hono/html';
import type { Html } from './look.ts';

/** More coins than these are drawn as a stack of this height; the number stands beside it anyway. */
const TALLEST = 10;
const THICKNESS = 8;
/** How flat a circle looks from where the purse is looked at. */
const FLATNESS = 0.42;
const WIDTH = 104;

interface Metal {
  /** Worth of a coin in main units from which it is made of this. */
  readonly from: number;
  readonly name: string;
  readonly face: string;
  readonly rim: string;
  readonly edge: string;
  readonly ink: string;
}

const METALS: readonly Metal[] = [
  { from: 100, name: 'platinum', face: '#dfe7ee', rim: '#9fb2c4', edge: '#7d93a8', ink: '#26384a' },
  { from: 10, name: 'gold', face: '#f6d873', rim: '#cfa02c', edge: '#b5861b', ink: '#55390a' },
  { from: 1, name: 'silver', face: '#e6e9ea', rim: '#a9b1b4', edge: '#868f93', ink: '#2f393c' },
  { from: 0.1, name: 'bronze', face: '#e9bd86', rim: '#b57c3c', edge: '#99642a', ink: '#4b2c0b' },
  { from: 0, name: 'copper', face: '#e79c7c', rim: '#b15f3c', edge: '#95492a', ink: '#4a1b08' },
];

interface Pile {
  readonly denomination: number;
  readonly divisor: number;
  readonly coins: number;
  /** What a coin is worth, as it stands on its face. */
  readonly face: string;
}

/** A pile of equal coins. What it says is said beside it in words. */
export function pile({ denomination, divisor, coins, face }: Pile): Html {
  const worth = denomination / divisor;
  const metal = METALS.find((each) => worth >= each.from) ?? METALS[0];
  if (metal === undefined) return html``;
  const radius = radiusOf(worth);
  const across = radius * FLATNESS;
  const drawn = Math.min(coins, TALLEST);
  const height = drawn * THICKNESS + 2 * across + 4;
  const centre = WIDTH / 2;
  const floor = height - across - 2;
  const layers = Array.from({ length: drawn }, (_, layer) => {
    // No hand stacks coins exactly.
    const x = centre + ((layer * 7 + coins) % 5) * 0.6 - 1.2;
    return coin(metal, { x, y: floor - layer * THICKNESS, radius, across });
  });
  const top = floor - drawn * THICKNESS;
  const topX = centre + (((drawn - 1) * 7 + coins) % 5) * 0.6 - 1.2;
  return html`<svg
    class="pile"
    viewBox="0 0 ${WIDTH} ${short(height)}"
    width="${WIDTH}"
    height="${short(height)}"
    aria-hidden="true"
    focusable="false"
  >
    ${layers}
    <ellipse
      cx="${short(topX)}"
      cy="${short(top)}"
      rx="${short(radius)}"
      ry="${short(across)}"
      fill="${metal.rim}"
    />
    <ellipse
      cx="${short(topX)}"
      cy="${short(top)}"
      rx="${short(radius - 3.5)}"
      ry="${short(across - 1.7)}"
      fill="${metal.face}"
    />
    <text
      x="${short(topX)}"
      y="${short(top + across * 0.36)}"
      text-anchor="middle"
      font-family="Georgia, 'Times New Roman', serif"
      font-weight="700"
      font-size="${short(lettering(face, radius, across))}"
      fill="${metal.ink}"
    >
      ${face}
    </text>
  </svg>`;
}

interface Disc {
  readonly x: number;
  /** Of the lower side's centre. */
  readonly y: number;
  readonly radius: number;
  readonly across: number;
}

/** The edge of one coin: a band with ridges. */
function coin(metal: Metal, { x, y, radius, across }: Disc): Html {
  const [left, right, up] = [short(x - radius), short(x + radius), short(y - THICKNESS)];
  const arc = `${short(radius)} ${short(across)}`;
  return html`<path
      d="M${left} ${up}V${short(y)}A${arc} 0 0 0 ${right} ${short(y)}V${up}z"
      fill="${metal.edge}"
    />
    <path
      d="M${left} ${short(y - THICKNESS)}A${arc} 0 0 0 ${right} ${short(y - THICKNESS)}"
      fill="none"
      stroke="${metal.rim}"
      stroke-width="2.4"
    />`;
}

/** Pixels; ten times the worth is a step wider. */
function radiusOf(worth: number): number {
  const steps = Math.log10(Math.max(worth, 0.001)) + 2;
  return Math.min(48, Math.max(23, 25 + steps * 5.5));
}

/** As large as fits the face. */
function lettering(face: string, radius: number, across: number): number {
  return Math.max(5, Math.min(across * 1.15, (radius * 1.55) / (face.length * 0.56)));
}

function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}
