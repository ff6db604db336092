import * as z from 'zod';

/** Money: a decimal string with two digits after the point. */
export const Money = z.string().regex(/^\d{1,14}\.\d{2}$/);
