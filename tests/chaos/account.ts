import { shop } from '../../shop.ts';
import type { History } from './history.ts';
import { type Answered, type Reach, Visitor } from './visitor.ts';

/** Milliseconds after which a token is renewed; it is valid for 15 minutes. */
const renewal = 5 * 60_000;

export interface Credentials {
	readonly email: string;
	readonly password: string;
}

/** A visitor with an account. It signs in, and renews its access token with the refresh token. */
export class Account extends Visitor {
	readonly credentials: Credentials;
	readonly #now: () => number;
	#renewed = Number.NEGATIVE_INFINITY;
	#cookie: string | undefined;
	/** Whether the refresh token is known to be unused. */
	#isSure = true;
	#renewing: Promise<boolean> | undefined;

	constructor(reach: Reach, history: History, credentials: Credentials, name = credentials.email) {
		super(name, reach, history);
		this.credentials = credentials;
		this.#now = () => history.now();
	}

	/** Signs in if there is no session or its token is old. @returns whether the visitor has a valid token */
	override authorize(): Promise<boolean> {
		if (this.#now() - this.#renewed < renewal) return Promise.resolve(true);
		// The admin is several clients, which share one session.
		this.#renewing ??= (async () => (await this.refresh()) || (await this.signIn()))().finally(() => {
			this.#renewing = undefined;
		});
		return this.#renewing;
	}

	async signIn(): Promise<boolean> {
		return this.#take(await this.ask('POST', shop.signIn, { body: this.credentials }));
	}

	/**
	 * Renews the token. Without an answer it is unknown whether the refresh token is used up, and a later use of it can end
	 * the session.
	 */
	async refresh(): Promise<boolean> {
		if (this.#cookie === undefined) return false;
		const headers = { cookie: this.#cookie, 'content-type': 'application/json' };
		const right = this.#isSure ? [200] : [200, 401];
		const answer = await this.ask('POST', `${shop.signIn}/refresh`, { headers, right });
		this.#isSure = answer.status === 200;
		if (answer.status === 401) this.#cookie = undefined;
		return this.#take(answer);
	}

	#take({ status, whole, cookie }: Answered): boolean {
		if (status !== 200) return false;
		this.authorization = `Bearer ${(whole as { access_token: string }).access_token}`;
		this.#cookie = cookie?.split(';')[0];
		this.#renewed = this.#now();
		this.#isSure = true;
		return true;
	}
}
