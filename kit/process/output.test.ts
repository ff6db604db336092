import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

test('drops lines while nobody reads them', async () => {
	const output = pathToFileURL(`${import.meta.dirname}/output.ts`).href;
	const code = `import { print } from '${output}';
		for (let n = 0; n < 10_000; n += 1) print('x'.repeat(999) + '\\n');
		process.stderr.write(String(process.stdout.writableLength));
		process.stdout.once('drain', () => print('read again'));`;
	const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'pipe'] });
	const [waiting] = await once(child.stderr, 'data');
	expect(Number(waiting)).toBeLessThan(1_100_000);
	const text = (await child.stdout.setEncoding('utf8').toArray()).join('');
	expect(text.endsWith('read again')).toBe(true);
});
