import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/** Prints a line for each finished file. The report at the end of all lanes shows the errors of failed tests. */
export default class Progress implements Reporter {
	onTestModuleEnd(module: TestModule): void {
		const tests = [...module.children.allTests()];
		const seconds = (module.diagnostic().duration / 1000).toFixed(1);
		const mark = module.ok() ? '✓' : '✗';
		process.stdout.write(`${mark} ${module.relativeModuleId}: ${tests.length} tests in ${seconds} s\n`);
		for (const { fullName } of tests.filter((test) => test.result().state === 'failed'))
			process.stdout.write(`  ✗ ${fullName}\n`);
		for (const { message } of module.errors()) process.stdout.write(`  ✗ ${message}\n`);
	}

	/** Prints what was thrown outside of tests, which fails a run although every test passes. */
	onTestRunEnd(_: readonly TestModule[], unhandled: readonly SerializedError[]): void {
		for (const { message, stack } of unhandled) process.stdout.write(`✗ outside of a test: ${stack ?? message}\n`);
	}
}
