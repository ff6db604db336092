import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../../kit/process/usage-error.ts';
import { Folder } from './folder.ts';
import { Bucket } from './s3/bucket.ts';
import type { S3Settings } from './s3/client.ts';
import type { ArchiveStore } from './store.ts';

/** A bucket, and the prefix of its keys. They have only characters that no URL changes. */
export const bucketPattern = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:\/(?!\.{1,2}(?:\/|$))[\w.-]+)*)\/?$/;

/**
 * Returns the archive at a place: a folder as a path or a `file:` URL, or `s3://BUCKET/PREFIX`.
 * @param option the option or variable that names the place, for messages
 * @throws {UsageError} that says what was found and what was expected
 */
export function archiveAt(place: string, option: string, env: NodeJS.ProcessEnv): ArchiveStore {
	if (!/^[a-z0-9]+:/.test(place)) return new Folder(resolve(place));
	try {
		if (place.startsWith('file:')) return new Folder(fileURLToPath(place));
	} catch {
		throw unknownPlace(place, option);
	}
	const [, bucket, prefix = ''] = bucketPattern.exec(place) ?? [];
	if (bucket === undefined) throw unknownPlace(place, option);
	return new Bucket(bucket, prefix.slice(1), s3Settings(env, place));
}

const unknownPlace = (place: string, option: string): UsageError =>
	new UsageError(`${option} ${place}: expected a folder, file:///FOLDER or s3://BUCKET/PREFIX`);

/** Reads the settings of a store. @throws {UsageError} that says what is missing or invalid */
export function s3Settings(env: NodeJS.ProcessEnv, place: string): S3Settings {
	const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
	if (!accessKeyId || !secretAccessKey)
		throw new UsageError(
			`${place} needs a key of its store in the environment: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and AWS_ENDPOINT_URL unless the store is Amazon S3`,
		);
	const region = env['AWS_REGION'] || 'us-east-1';
	const text = env['AWS_ENDPOINT_URL'] || `https://s3.${region}.amazonaws.com`;
	const endpoint = URL.parse(text);
	if (!endpoint || !/^https?:$/.test(endpoint.protocol) || endpoint.username || endpoint.search)
		throw new UsageError(`AWS_ENDPOINT_URL is "${text}": expected a URL like https://s3.example.com:9000`);
	return { endpoint, region, accessKeyId, secretAccessKey, sessionToken: env['AWS_SESSION_TOKEN'] || undefined };
}
