import { expect, test } from 'vitest';
import { checkEnvironment } from './environment.ts';

test.each([
	['LOG_LEVEL', 'loud', 'LOG_LEVEL is "loud": expected debug, info, warning or error'],
	['ADMIN_PASSWORD', 'x'.repeat(201), 'ADMIN_PASSWORD has 201 characters: expected at most 200'],
	['TRUSTED_PROXIES', '-1', 'TRUSTED_PROXIES is invalid: "-1"'],
	['RELAY_AFTER', '1e400', 'RELAY_AFTER is invalid: "1e400"'],
	['RELAY_SCHEDULE', 'often', 'RELAY_SCHEDULE: '],
	['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318', 'OTEL_EXPORTER_OTLP_ENDPOINT is "collector:4318"'],
	['WAKE_AHEAD', 'maybe', 'WAKE_AHEAD is "maybe"; expected on or off'],
	['ARCHIVE', 'gs://bucket', 'ARCHIVE gs://bucket: expected a folder, file:///FOLDER or s3://BUCKET/PREFIX'],
	['ARCHIVE', 's3://bucket', 's3://bucket needs a key of its store in the environment'],
	['DATABASE_URL', 'nonsense', 'DATABASE_URL is "nonsense": expected a URL like'],
])('rejects %s=%s', async (name, value, message) => {
	await expect(checkEnvironment({ [name]: value })).rejects.toMatchObject({
		exitCode: 2,
		message: expect.stringContaining(message),
	});
});

test('accepts an empty environment, and empty variables', async () => {
	await checkEnvironment({});
	await checkEnvironment({ DATABASE_URL: '', LOG_LEVEL: '', ADMIN_PASSWORD: '', TRUSTED_PROXIES: '' });
});
