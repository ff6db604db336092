// Runs before the first paint, so that who has chosen a theme never sees the other; that is why it is a script of its own.
try {
	document.documentElement.dataset['theme'] = localStorage.getItem('bodega.theme') ?? 'system';
} catch {
	// A browser that keeps nothing shows what its system has.
}
