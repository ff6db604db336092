import type { Reporter, TestModule } from 'vitest/node';

/** A line for each file when its tests are done: what failed in it is told at the end, by the report of all lanes. */
export default class Progress implements Reporter {
	onTestModuleEnd(module: TestModule): void {
		const tests = [...module.children.allTests()];
		const seconds = (module.diagnostic().duration / 1000).toFixed(1);
		const mark = module.ok() ? '✓' : '✗';
		process.stdout.write(`${mark} ${module.relativeModuleId}: ${tests.length} tests in ${seconds} s\n`);
		for (const { fullName } of tests.filter((test) => test.result().state === 'failed'))
			process.stdout.write(`  ✗ ${fullName}\n`);
	}
}
