/** An event for a broker, and how the broker handles it. */
export interface Case {
	readonly name: string;
	/** The trigger of `triggers` that the event goes to. Default: `ok`. */
	readonly trigger?: string;
	/** Changes to the headers of a valid event in binary mode. A header that is undefined is left out. */
	readonly headers?: Readonly<Record<string, string | string[] | undefined>>;
	/** Changes to the members of a valid event. The event is then in structured mode. */
	readonly json?: object;
	/** The whole body. The event is then in structured mode. */
	readonly text?: string;
	readonly status: number;
	/** How many deliveries there are. Default: one for a 202, otherwise none. */
	readonly deliveries?: number;
	/** The same on a cluster, if the laptop protects itself there. */
	readonly onCluster?: { readonly status?: number; readonly deliveries?: number };
	/** Headers of the last delivery. One that is undefined is missing there. */
	readonly received?: Readonly<Record<string, string | undefined>>;
	/** The body of the last delivery. */
	readonly body?: string;
}

interface Target {
	/** `HOST` and `ALIAS` stand for the receiver, under two names. */
	readonly uri: string;
	readonly attributes?: Record<string, string>;
	readonly retry?: number;
	readonly timeout?: string;
	readonly deadLetterSink?: string;
}

const deadLetterSink = 'http://HOST/zdead';

/** The triggers by name. Each takes the events whose extension `trigger` is its name. */
export const triggers: Readonly<Record<string, Target>> = {
	ok: { uri: 'http://HOST/ok' },
	echo: { uri: 'http://HOST/echo', retry: 1 },
	echodead: { uri: 'http://HOST/echo', retry: 1, deadLetterSink },
	reply: { uri: 'http://HOST/reply/answered', attributes: { trigger: 'reply', type: 'asked' } },
	replied: { uri: 'http://HOST/second', attributes: { trigger: 'reply', type: 'answered' }, retry: 1 },
	second: { uri: 'http://HOST/second', retry: 3 },
	fails: { uri: 'http://HOST/status/500', retry: 2, deadLetterSink },
	refuses: { uri: 'http://HOST/status/400', retry: 2, deadLetterSink },
	lost: { uri: 'http://HOST/status/500', retry: 1 },
	text: { uri: 'http://HOST/text', retry: 1 },
	batch: { uri: 'http://HOST/batch', retry: 1 },
	silent: { uri: 'http://HOST/silent', timeout: 'PT0.5S', retry: 1, deadLetterSink },
	// A connection of its own: the broker sends a request again if a reused one breaks.
	close: { uri: 'http://ALIAS/close', retry: 1 },
	moved: { uri: 'http://HOST/moved/ok' },
	basic: { uri: 'http://ann:p%40ss@HOST/ok?x=y#f' },
	odd: { uri: 'http://HOST/ok/a|b/../%41 c' },
	negative: { uri: 'http://HOST/status/503', retry: 1, timeout: '-PT1S' },
};

/** A valid event. */
export const event = { specversion: '1.0', id: '1', source: '/table', type: 'asked' };

const time = (text: string, passed?: string): Case => ({
	name: `time ${JSON.stringify(text)}`,
	headers: { 'ce-time': text },
	...(passed === undefined ? { status: 400 } : { status: 202, received: { 'ce-time': passed } }),
});
const source = (text: string, passed?: string): Case => ({
	name: `source ${JSON.stringify(text)}`,
	json: { source: text },
	...(passed === undefined ? { status: 400 } : { status: 202, received: { 'ce-source': passed } }),
});
const type = (text: string, status: number): Case => ({
	name: `media type ${JSON.stringify(text)}`,
	headers: { 'content-type': text },
	status,
	...(status === 202 ? { received: { 'content-type': text } } : {}),
});
const accepted = (name: string, headers: Case['headers'], received?: Case['received']): Case => ({
	name,
	...(headers ? { headers } : {}),
	status: 202,
	...(received ? { received } : {}),
});
const refused = (name: string, headers: Case['headers']): Case => ({
	name,
	...(headers ? { headers } : {}),
	status: 400,
});
const structured = (name: string, json: object, status: number, rest: Partial<Case> = {}): Case => ({
	name,
	json,
	status,
	...rest,
});
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Inputs that the laptop's broker and Knative's treat alike, unless `onCluster` says otherwise. */
export const cases: readonly Case[] = [
	time('2024-02-29T10:00:00Z', '2024-02-29T10:00:00Z'),
	time('2023-02-29T10:00:00Z'),
	time('1900-02-29T00:00:00Z'),
	time('2023-04-31T00:00:00Z'),
	time('2023-01-01T24:00:00Z'),
	time('2016-12-31T23:59:60Z'),
	time('2023-01-01t00:00:00z'),
	time('2023-01-01 00:00:00Z'),
	time('2023-01-01T00:00:00'),
	time('2023-01-01T00:00:00+0100'),
	time('2023-01-01T00:00:00.120+01:00', '2022-12-31T23:00:00.12Z'),
	time('2023-01-01T00:00:00.1234567899Z', '2023-01-01T00:00:00.123456789Z'),
	time('2023-01-01T5:00:00,5Z', '2023-01-01T05:00:00.5Z'),
	time('2023-01-01T00:00:00+24:00', '2022-12-31T00:00:00Z'),
	time('2023-01-01T00:00:00+25:00'),
	{ ...time('9999-12-31T23:59:59-01:00'), onCluster: { status: 500 } },
	time('yesterday'),
	accepted("Go's zero time", { 'ce-time': '0001-01-01T00:00:00Z' }, { 'ce-time': undefined }),
	refused('an empty time', { 'ce-time': '' }),

	source('/a b|é', '/a%20b%7C%C3%A9'),
	source('HTTP://Host/x#a#b', 'http://Host/x#a%23b'),
	source('urn:a:b', 'urn:a:b'),
	source('1:2'),
	source('/%zz'),
	source('http://a b/'),
	source('http://a:b/'),
	refused('a relative schema', { 'ce-dataschema': '/schema' }),
	refused('a malformed schema', { 'ce-dataschema': 'http://[::1' }),
	accepted('a schema', { 'ce-dataschema': 'HTTP://h/a b' }, { 'ce-dataschema': 'http://h/a%20b' }),
	structured('a malformed schema in JSON', { dataschema: 'http://[::1' }, 202, {
		received: { 'ce-dataschema': undefined },
	}),

	type('text/plain; charset=utf-8', 202),
	type('text/plain; a = "b\\"c"; d*=x;', 202),
	type("a!#$%&'*+.^_`|~/b", 202),
	type('text', 202),
	type('text/', 400),
	type('text/plain; a=b; A=c', 400),
	type('text/plain; a=b; A="b"', 202),
	type('text/plain;;a=b', 400),
	type('text/plain, text/html', 400),
	accepted('no media type', { 'content-type': undefined }, { 'content-type': undefined }),

	accepted('CloudEvents 0.3', { 'ce-specversion': '0.3' }, { 'ce-specversion': '0.3' }),
	refused('version 9.9', { 'ce-specversion': '9.9' }),
	refused('no version', { 'ce-specversion': undefined }),
	refused('no id', { 'ce-id': undefined }),
	refused('an empty id', { 'ce-id': '' }),
	refused('no source', { 'ce-source': undefined }),
	refused('no type', { 'ce-type': undefined }),
	refused('a batch', { 'content-type': 'application/cloudevents-batch+json' }),
	refused('a name with a dash', { 'ce-my-ext': 'x' }),
	refused('datacontenttype as an extension', { 'ce-datacontenttype': 'text/plain' }),
	accepted('percent-encoding', { 'ce-subject': 'a%20b' }, { 'ce-subject': 'a%20b' }),
	accepted('an empty subject', { 'ce-subject': '' }, { 'ce-subject': undefined }),
	accepted('an empty extension', { 'ce-ext': '' }, { 'ce-ext': '' }),
	accepted('an extension twice', { 'ce-ext': ['a', 'b'] }, { 'ce-ext': 'a' }),
	accepted('a long extension', { 'ce-ext': 'x'.repeat(20_000) }),
	accepted('a TTL of 2', { 'ce-knativebrokerttl': '2' }, { 'ce-knativebrokerttl': undefined }),
	refused('a TTL of 1', { 'ce-knativebrokerttl': '1' }),
	accepted('a TTL that is no number', { 'ce-knativebrokerttl': '0x1' }),

	structured('numbers and booleans', { n: -1.9, b: true, i: 2 ** 31 - 1, z: null, Up: 'x' }, 202, {
		received: { 'ce-n': '-1', 'ce-b': 'true', 'ce-i': '2147483647', 'ce-z': undefined, 'ce-up': 'x' },
	}),
	structured('a number beyond 32 bits', { n: 2 ** 31 }, 400),
	structured('an object as an extension', { n: {} }, 400),
	structured('a line break', { subject: 'a\nb' }, 400, { onCluster: { status: 500 } }),
	structured('a zero byte', { ext: 'a\0b' }, 400, { onCluster: { status: 500 } }),
	structured('a tab', { subject: 'a\tb' }, 202, { received: { 'ce-subject': 'a\tb' } }),
	structured('an attribute in upper case', { ID: '2' }, 400),
	structured('a space as a subject', { subject: ' ' }, 400),
	structured('a date that does not exist', { time: '2023-02-29T10:00:00Z' }, 400),
	structured('JSON data', { data: { a: [1, 'x'] } }, 202, {
		body: '{"a":[1,"x"]}',
		received: { 'content-type': undefined },
	}),
	structured('text', { datacontenttype: 'text/plain', data: 'é' }, 202, { body: 'é' }),
	structured('an object as text', { datacontenttype: 'text/plain', data: {} }, 400),
	structured('base64', { datacontenttype: 'text/plain', data_base64: base64('hi') }, 202, { body: 'hi' }),
	structured('malformed base64', { data_base64: '?' }, 400),
	structured('an event format as media type', { datacontenttype: 'application/cloudevents+json', data: 'x' }, 400, {
		onCluster: { status: 500 },
	}),
	{ name: 'no JSON', text: '{', status: 400 },
	{ name: 'a JSON list', text: '[]', status: 400 },

	{ name: 'a retry', trigger: 'second', status: 202, deliveries: 2 },
	{
		name: 'a dead letter',
		trigger: 'fails',
		status: 202,
		deliveries: 4,
		received: { 'ce-knativeerrorcode': '500', 'ce-knativeerrordata': base64('no'), 'ce-knativebrokerttl': '255' },
	},
	{
		name: 'a dead letter without a retry',
		trigger: 'refuses',
		status: 202,
		deliveries: 2,
		received: { 'ce-knativeerrorcode': '400' },
	},
	{ name: 'a lost event', trigger: 'lost', status: 500, deliveries: 2 },
	{ name: 'a response that is no event', trigger: 'text', status: 500, deliveries: 2 },
	{ name: 'a response that is a batch', trigger: 'batch', status: 500, deliveries: 2 },
	{ name: 'a timeout', trigger: 'silent', status: 202, deliveries: 3, received: { 'ce-knativeerrorcode': undefined } },
	{ name: 'a broken connection', trigger: 'close', status: 500, deliveries: 2 },
	{ name: 'a negative timeout', trigger: 'negative', status: 500, deliveries: 2 },
	{ name: 'a redirect', trigger: 'moved', status: 202, deliveries: 2, body: '{"a":1}' },
	{
		name: 'credentials',
		trigger: 'basic',
		status: 202,
		received: { authorization: `Basic ${base64('ann:p@ss')}` },
	},
	{ name: 'odd characters in a path', trigger: 'odd', status: 202 },
	{ name: 'a reply', trigger: 'reply', status: 202, deliveries: 3, received: { 'ce-type': 'answered' } },
	{
		name: 'a loop with a dead letter sink',
		trigger: 'echodead',
		headers: { 'ce-knativebrokerttl': '5' },
		status: 202,
		deliveries: 5,
	},
	// Knative's broker retries each publication of the loop: 2 ** 5 - 1 deliveries.
	{
		name: 'a loop',
		trigger: 'echo',
		headers: { 'ce-knativebrokerttl': '6' },
		status: 500,
		deliveries: 5,
		onCluster: { deliveries: 31 },
	},
];
