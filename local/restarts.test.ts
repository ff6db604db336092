import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Restarts } from './restarts.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('doubles the pauses up to 5 s, and begins again after a process that ran for a while', () => {
	const restarts = new Restarts();
	expect(Array.from({ length: 8 }, () => restarts.ended(100))).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000, 5000]);
	expect(restarts.ended(10_001)).toBe(250);
	restarts.reset();
	expect([restarts.left, restarts.ended()]).toEqual([0, 250]);
});

test('does not depend on the clock of the system', () => {
	const restarts = new Restarts();
	restarts.ended();
	vi.setSystemTime(Date.now() - 3_600_000);
	vi.advanceTimersByTime(200);
	expect(restarts.left).toBe(50);
	vi.setSystemTime(Date.now() + 7_200_000);
	expect(restarts.left).toBe(50);
});
