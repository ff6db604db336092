export function saveFile(name: string, content: Blob): void {
	const url = URL.createObjectURL(content);
	const link = document.createElement('a');
	link.href = url;
	link.download = name;
	link.click();
	// The browser has a minute to start the download.
	setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
