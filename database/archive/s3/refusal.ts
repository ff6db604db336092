/** Returns the text of the first element with a name in XML without attributes, or nothing. */
export const textIn = (xml: string, element: string): string | undefined => {
	const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
	const text = new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1];
	return text?.replace(/&(\w+);/g, (entity, name: string) => entities[name] ?? entity);
};

/** The remedies for error codes (Amazon S3 API Reference, "List of Error Codes"). */
const remedies: Readonly<Record<string, string>> = {
	InvalidAccessKeyId: 'The store does not know this key. Correct AWS_ACCESS_KEY_ID.',
	SignatureDoesNotMatch: 'The secret does not belong to the key. Correct AWS_SECRET_ACCESS_KEY.',
	ExpiredToken: 'The session has expired. Get new credentials with a new AWS_SESSION_TOKEN.',
	InvalidToken: 'AWS_SESSION_TOKEN does not belong to the key. Correct it.',
	AccessDenied:
		'Allow the key s3:ListBucket on the bucket, and s3:GetObject, s3:PutObject and s3:AbortMultipartUpload on its objects.',
	NoSuchBucket: 'Create the bucket, or correct its name.',
	NoSuchKey: 'The file was deleted meanwhile.',
	RequestTimeTooSkewed: 'The clock of this machine is wrong. Set it.',
};

/** The statuses of answers that another attempt can change. */
const passing = [408, 429, 500, 502, 503, 504];

/** An answer that is no success. */
export class Refusal extends Error {
	readonly isPassing: boolean;

	constructor(what: string, { status, headers }: Pick<Response, 'status' | 'headers'>, body: string) {
		const code = textIn(body, 'Code');
		const region = headers.get('x-amz-bucket-region') ?? textIn(body, 'Region');
		const said = [status, code, textIn(body, 'Message') ?? (code ? undefined : body.trim().slice(0, 200))];
		const remedy =
			region && /^(AuthorizationHeaderMalformed|PermanentRedirect|IllegalLocationConstraintException)$/.test(code ?? '')
				? `The bucket is in another region: AWS_REGION=${region}`
				: remedies[code ?? ''];
		super(
			`${what}: the store answered ${said.filter(Boolean).join(' ').replace(/\.$/, '')}${remedy ? `. ${remedy}` : ''}`,
		);
		this.isPassing = passing.includes(status) || code === 'SlowDown' || code === 'InternalError';
	}
}
