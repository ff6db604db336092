import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startTimer } from './timer.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const day = 86_400_000;

test.each([1, 2 ** 31 - 1, 2 ** 31, 30 * day, 400 * day])('fires after %i ms and not before', (delay) => {
	const act = vi.fn();
	startTimer(delay, act);
	vi.advanceTimersByTime(delay - 1);
	expect(act).not.toHaveBeenCalled();
	vi.advanceTimersByTime(1);
	expect(act).toHaveBeenCalledOnce();
});

test.each([1, 40 * day])('can be cancelled after %i ms', (waited) => {
	const act = vi.fn();
	const cancel = startTimer(50 * day, act);
	vi.advanceTimersByTime(waited);
	cancel();
	vi.advanceTimersByTime(100 * day);
	expect(act).not.toHaveBeenCalled();
});
