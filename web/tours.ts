import type { ComponentType } from 'react';

/** Loads the code of a guided tour. */
type Load = () => Promise<{ default: ComponentType }>;

/** The guided tours, by the function that they show. The page offers the first one, and loads its code when it is started. */
export const tours: Readonly<Record<string, Load>> = {
	orders: () => import('./tour/tour.tsx'),
};
