// Summarises a vitest report. The first line has the numbers of passed and failed tests, the others the failed tests
// with their messages. A file that could not be loaded has no tests and counts as one failed test.
import { readFileSync } from 'node:fs';

const { numPassedTests, testResults } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const failures = testResults.flatMap(({ name, message, status, assertionResults }) => {
	const failed = assertionResults.filter(({ status }) => status === 'failed');
	const of = (text) => `${name}: ${text.split('\n').slice(0, 20).join('\n')}`;
	if (status === 'failed' && failed.length === 0) return [of(message || 'could not be loaded')];
	return failed.map(({ fullName, failureMessages }) => of([fullName, ...failureMessages].join('\n')));
});
console.log([`${numPassedTests} ${failures.length}`, ...failures].join('\n'));
