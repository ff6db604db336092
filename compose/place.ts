import type { Place } from '../kit/declare/environment.ts';
import { broker } from '../local/plan.ts';
import { shop } from '../shop.ts';

/** The port of every function and of the broker, each in a container of its own. */
export const port = 8080;

const url = (service: string): string => `http://${service}:${port}`;

/** Where the parts of the shop are reached: by the names of their services. */
export const place: Place = { url, sink: `${url('broker')}/${shop.namespace}/${broker}` };

/** How the database is called by those that connect to it. */
export const database = { service: 'postgres', owner: shop.name, name: shop.name } as const;

/** The file with the URL by which a container connects to the database, in the volume it is given for that. */
export const credentials = { folder: '/credentials', file: 'database.env' } as const;
