import { type Owner, urlOf } from '../../database/roles.ts';

/** Returns the owner of a test's database, with the secret that the tests' roles have their passwords from. */
export const ownerOf = (url: string): Owner => ({ url, secret: 'secret of the tests' });

/** Returns the URL with which a function connects to a test's database. */
export const roleUrl = (ownerUrl: string, fn: string): string => urlOf(ownerOf(ownerUrl), fn);
