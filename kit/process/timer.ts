/** The longest delay of Node's timers, in milliseconds: 25 days. With a longer one, they fire immediately. */
const longest = 2 ** 31 - 1;

/** Calls `act` after a delay of any length, in milliseconds. Returns the function that cancels it. */
export function startTimer(milliseconds: number, act: () => void): () => void {
	let timer: NodeJS.Timeout;
	const wait = (left: number): void => {
		timer = setTimeout(() => (left > longest ? wait(left - longest) : act()), Math.min(left, longest));
	};
	wait(milliseconds);
	return () => clearTimeout(timer);
}
