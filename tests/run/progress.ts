import type { Reporter, TestModule } from 'vitest/node';

/** Prints a line for each finished file. The report at the end of all lanes shows the errors of failed tests. */
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
