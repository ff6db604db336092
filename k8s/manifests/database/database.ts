import { shop } from '../../../shop.ts';

/** The names and port that clients use to connect to the database. */
export const database = { service: 'postgres', port: 5432, owner: shop.database, name: shop.database } as const;

/** The official Postgres image, and the id of its user. */
export const postgresImage = { name: 'postgres:18', user: 999 } as const;

/** The Pod of the shop's own Postgres. */
export const postgresPod = `${database.service}-0`;
