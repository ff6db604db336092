import { placeOf, roomFor } from './reorder.ts';

/** The distance from the window's edge at which the page scrolls, and the scroll step per frame, in pixels. */
const edge = 56;
const step = 8;

/**
 * Drags the row of a handle: it follows the pointer, and the other rows make room. Rows are moved through their styles
 * instead of rendering, which is faster; at the end the styles are reset.
 * @param onDrop called with the new index if the row was dropped elsewhere. Escape cancels the drag.
 */
export function drag(down: PointerEvent, handle: HTMLElement, onDrop: (to: number) => void): void {
	const row = handle.closest('li');
	const list = row?.parentElement;
	if (!row || !list || down.button !== 0) return;
	const rows = [...list.children] as HTMLElement[];
	const boxes = rows.map(({ offsetTop, offsetHeight }) => ({ top: offsetTop, height: offsetHeight }));
	const from = rows.indexOf(row);
	const highest = (boxes[0]?.top ?? 0) - row.offsetTop;
	const lowest = (boxes.at(-1)?.top ?? 0) + (boxes.at(-1)?.height ?? 0) - row.offsetTop - row.offsetHeight;
	const began = down.clientY + window.scrollY;
	let pointer = down.clientY;
	let by = 0;
	let to = from;

	const follow = (): void => {
		by = Math.min(lowest, Math.max(highest, pointer + window.scrollY - began));
		to = placeOf(boxes, from, by);
		for (const [index, each] of rows.entries())
			each.style.translate = `0 ${index === from ? by : roomFor(boxes, from, to, index)}px`;
	};
	let frame = requestAnimationFrame(function scroll() {
		if (!handle.isConnected) return end(false);
		// A row grabbed near an edge scrolls only once the pointer moves closer to that edge.
		if (pointer < Math.min(edge, down.clientY) && by > highest) window.scrollBy(0, -step);
		if (pointer > Math.max(window.innerHeight - edge, down.clientY) && by < lowest) window.scrollBy(0, step);
		follow();
		frame = requestAnimationFrame(scroll);
	});

	const ended = new AbortController();
	const end = (dropped: boolean): void => {
		ended.abort();
		cancelAnimationFrame(frame);
		delete list.dataset['dragging'];
		delete row.dataset['dragged'];
		for (const each of rows) each.style.translate = '';
		if (dropped && to !== from) onDrop(to);
	};
	const on = <Name extends keyof HTMLElementEventMap>(name: Name, act: (event: HTMLElementEventMap[Name]) => void) =>
		handle.addEventListener(name, act, { signal: ended.signal });
	on('pointermove', ({ clientY }) => {
		pointer = clientY;
		follow();
	});
	on('pointerup', () => end(true));
	on('pointercancel', () => end(false));
	on('keydown', ({ key }) => key === 'Escape' && end(false));
	list.dataset['dragging'] = 'true';
	row.dataset['dragged'] = 'true';
	// Send all pointer events to the handle, wherever the pointer goes.
	handle.setPointerCapture(down.pointerId);
	handle.focus();
}
