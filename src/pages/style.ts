import { BASE } from './style-base.ts';
import { FRAME } from './style-frame.ts';
import { MONEY } from './style-money.ts';
import { PARTS } from './style-parts.ts';
import { TITLES } from './style-titles.ts';

/** The one stylesheet of all pages. */
export const STYLE = `${BASE}${FRAME}${PARTS}${MONEY}${TITLES}`.trim();
