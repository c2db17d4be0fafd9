export const operator = () => 0 as const;
