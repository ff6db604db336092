import * as z from 'zod';

/** The schema of a setting of `Scaling`. */
const setting = (most: number) => z.int().min(1).max(most);

/** How a function scales, as an admin sets it. */
export const Scaling = z
	.object({
		idle: setting(3_600).describe('Seconds without requests after which an instance is stopped.'),
		concurrency: setting(1_000).describe(
			'The number of parallel requests per instance, beyond which another one starts.',
		),
		max: setting(1_000).describe('The most instances. A laptop runs at most as many as it has cores.'),
	})
	.meta({ id: 'Scaling', examples: [{ idle: 30, concurrency: 20, max: 2 }] });
export type Scaling = z.output<typeof Scaling>;

/** How a function scales now, and the largest values that an admin can set. The idle time can come from a command line. */
export const CurrentScaling = z
	.object({
		idle: z.number().nonnegative(),
		concurrency: z.int().positive(),
		max: z.int().positive(),
		limits: Scaling.describe('The largest value of each setting; the smallest is 1.'),
	})
	.meta({
		id: 'CurrentScaling',
		examples: [{ idle: 30, concurrency: 20, max: 2, limits: { idle: 3_600, concurrency: 1_000, max: 2 } }],
	});
export type CurrentScaling = z.output<typeof CurrentScaling>;

const Bucket = z.object({
	up_to_ms: z.number().nullable().describe('The upper bound in milliseconds; null for the durations above all others.'),
	cold: z.int().nonnegative().describe('The last cold starts, of at most 20, that took this long.'),
	warm: z.int().nonnegative().describe('The requests that a running instance answered in this time.'),
});

const ServiceDetail = z.object({
	name: z.string(),
	signature: z.enum(['http', 'cloudevent']),
	errors: z
		.int()
		.nonnegative()
		.describe('The number of requests answered with a 5xx, over the same time as the requests.'),
	durations: z.array(Bucket).describe('A histogram of durations, cold against warm.'),
});

export const FunctionDetail = z
	.object({
		name: z.string(),
		platform: z.enum(['laptop', 'compose', 'cluster']),
		services: z.array(ServiceDetail),
		scaling: CurrentScaling.nullable().describe('How it scales now; null where it cannot be changed while it runs.'),
	})
	.meta({
		id: 'FunctionDetail',
		examples: [
			{
				name: 'books',
				platform: 'laptop',
				services: [
					{
						name: 'books',
						signature: 'http',
						errors: 0,
						durations: [
							{ up_to_ms: 5, cold: 0, warm: 40 },
							{ up_to_ms: null, cold: 1, warm: 2 },
						],
					},
				],
				scaling: { idle: 30, concurrency: 20, max: 2, limits: { idle: 3_600, concurrency: 1_000, max: 2 } },
			},
		],
	});
export type FunctionDetail = z.output<typeof FunctionDetail>;

export const severities = ['DEBUG', 'INFO', 'WARNING', 'ERROR'] as const;

export const LogLine = z
	.object({
		time: z.string().describe('When the line was written, in ISO 8601.'),
		service: z.string(),
		severity: z.enum(severities).describe('`INFO` for a line that is not JSON.'),
		message: z.string().describe('At most 2,000 characters.'),
		trace: z.string().nullable().describe('The trace id of 32 hexadecimal digits.'),
		fields: z.record(z.string(), z.unknown()).describe('The other fields of the line.'),
	})
	.meta({
		id: 'LogLine',
		examples: [
			{
				time: '2026-01-05T09:00:00.000Z',
				service: 'books',
				severity: 'INFO',
				message: 'request',
				trace: '0af7651916cd43dd8448eb211c80319c',
				fields: { method: 'GET', path: '/api/books', status: 200, ms: 3.1 },
			},
		],
	});
export type LogLine = z.output<typeof LogLine>;

const CodeOperation = z.object({
	name: z.string(),
	method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
	path: z.string().describe('With parameters as `{name}`.'),
	summary: z.string(),
	access: z.enum(['public', 'optional', 'user', 'admin']),
	parameters: z.array(
		z.object({
			name: z.string(),
			in: z.enum(['path', 'query', 'header']),
			required: z.boolean(),
			description: z.string().nullable(),
			example: z.unknown(),
		}),
	),
	body: z.unknown().describe('An example of the JSON body; null if the operation takes none.'),
});
export type CodeOperation = z.output<typeof CodeOperation>;

export const FunctionCode = z
	.object({
		declaration: z.record(z.string(), z.unknown()).describe('The declaration, with its defaults filled in.'),
		operations: z.array(CodeOperation),
		manifests: z.string().describe('Its Kubernetes objects as YAML, with a placeholder for the hash of its image.'),
		files: z
			.array(
				z.object({
					path: z.string(),
					text: z.string(),
					complete: z.boolean().describe('Whether the text is the whole file; at most 64 kB of a file are shown.'),
				}),
			)
			.describe('The sources in its folder that it was built from, with its migrations, without tests.'),
	})
	.meta({
		id: 'FunctionCode',
		examples: [
			{
				declaration: { name: 'books', scale: { concurrency: 20, max: 5 } },
				operations: [
					{
						name: 'getBook',
						method: 'GET',
						path: '/api/books/{id}',
						summary: 'Returns a book',
						access: 'public',
						parameters: [{ name: 'id', in: 'path', required: true, description: null, example: 1 }],
						body: null,
					},
				],
				manifests: 'kind: Service\n',
				files: [{ path: 'functions/books/function.ts', text: 'export default …', complete: true }],
			},
		],
	});
export type FunctionCode = z.output<typeof FunctionCode>;
