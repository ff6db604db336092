import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let gc: (() => void) | undefined;

/**
 * Collects garbage now. V8 counts neither a container's limit nor the memory of buffers when it decides how long to wait, so
 * the remains of several large bodies would exceed the limit. It takes some 50 ms, little compared to parsing such a body.
 */
export function collectGarbage(): void {
	if (!gc) {
		setFlagsFromString('--expose-gc');
		gc = runInNewContext('gc') as () => void;
	}
	gc();
}
