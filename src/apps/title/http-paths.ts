/** Where a front serves what is about titles. */
export const TITLE_PATH = '/title';
