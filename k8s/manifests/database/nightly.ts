import type { ICronJob } from 'kubernetes-models/batch/v1';
import type { IPodSpec } from 'kubernetes-models/v1';

interface Metadata {
	readonly labels: Record<string, string>;
	readonly annotations?: Record<string, string>;
}

/** Returns a CronJob that runs a Pod at a time of the night in UTC, and ends it after `hours`. */
export function nightly(
	metadata: Metadata & { readonly name: string },
	{ schedule, hours }: { readonly schedule: string; readonly hours: number },
	podMetadata: Metadata,
	pod: Omit<IPodSpec, 'restartPolicy'>,
): ICronJob {
	return {
		apiVersion: 'batch/v1',
		kind: 'CronJob',
		metadata,
		spec: {
			schedule,
			timeZone: 'Etc/UTC',
			concurrencyPolicy: 'Forbid',
			// This is the default, but it has to be explicit: `bodega stop` suspends the CronJob, and a deployment resumes
			// it.
			suspend: false,
			// Lets a cluster that was off at night run the job up to 12 hours late.
			startingDeadlineSeconds: 12 * 3600,
			successfulJobsHistoryLimit: 1,
			failedJobsHistoryLimit: 3,
			jobTemplate: {
				metadata: { labels: metadata.labels },
				spec: {
					backoffLimit: 2,
					activeDeadlineSeconds: hours * 3600,
					template: {
						metadata: podMetadata,
						// With OnFailure, a failed Pod and its logs would be deleted.
						spec: { restartPolicy: 'Never', ...pod },
					},
				},
			},
		},
	};
}
