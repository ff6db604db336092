import type { Addresses } from '../kit/declare/environment.ts';
import { broker } from '../local/plan.ts';
import { shop } from '../shop.ts';

/** The port of every function and of the Broker. Each runs in its own container. */
export const port = 8080;

const url = (service: string): string => `http://${service}:${port}`;

/** The URLs of the shop's parts, by the names of their services. */
export const addresses: Addresses = { url, sink: `${url('broker')}/${shop.namespace}/${broker}` };

/** The names that clients use to connect to the database. */
export const database = { service: 'postgres', owner: shop.database, name: shop.database } as const;

/** The file with the database's URL, and the folder where a container mounts the volume with it. */
export const credentials = { folder: '/credentials', file: 'database.env' } as const;
