import { shop } from '../../../shop.ts';

/** How the database is called by those that connect to it. */
export const database = { service: 'postgres', port: 5432, owner: shop.name, name: shop.name } as const;

/** The official image of Postgres, and its user. */
export const postgresImage = { name: 'postgres:18', user: 999 } as const;

/** The pod of the shop's own Postgres. */
export const postgresPod = `${database.service}-0`;
