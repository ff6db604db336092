/** How long the browser may take to begin with it, in milliseconds. */
const kept = 60_000;

/** Hands a file to the browser, as a download. */
export function saveFile(name: string, content: Blob): void {
	const url = URL.createObjectURL(content);
	const link = document.createElement('a');
	link.href = url;
	link.download = name;
	link.click();
	setTimeout(() => URL.revokeObjectURL(url), kept);
}
