/** Every form, by its path: read from top to bottom. */
import type { Form } from './form.ts';
import { ENTRY_FORMS } from './forms-entry.ts';
import { MONEY_FORMS } from './forms-money.ts';
import { SETTINGS_FORMS } from './forms-settings.ts';
import { TITLE_FORMS } from './forms-titles.ts';

export const FORMS: readonly Form[] = [...ENTRY_FORMS, ...MONEY_FORMS, ...TITLE_FORMS, ...SETTINGS_FORMS];
