/** Returns the value that the browser stores under a name, if any. Some browsers are set to store nothing. */
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
		// Without storage, the next visit starts without the value.
	}
}
