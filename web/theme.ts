// A separate script that runs before the first paint, so that the page never flashes in the wrong theme.
try {
	document.documentElement.dataset['theme'] = localStorage.getItem('bodega.theme') ?? 'system';
} catch {
	// Without storage the page follows the system's theme.
}
