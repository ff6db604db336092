/** How the database is called by those that connect to it. */
export const database = { service: 'postgres', port: 5432, owner: 'bodega', name: 'bodega' } as const;
