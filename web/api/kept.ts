/** What the browser keeps under a name, or nothing; some browsers are told to keep nothing at all. */
export function kept(name: string): string | undefined {
	try {
		return localStorage.getItem(`bodega.${name}`) ?? undefined;
	} catch {
		return undefined;
	}
}

export function keep(name: string, value: string | undefined): void {
	try {
		if (value === undefined) localStorage.removeItem(`bodega.${name}`);
		else localStorage.setItem(`bodega.${name}`, value);
	} catch {
		// Then it is asked for again the next time.
	}
}
