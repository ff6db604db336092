import { shop } from '../../shop.ts';

/** The used part of Swagger UI's API. Its bundle is loaded before this script. */
declare function SwaggerUIBundle(options: Readonly<Record<string, unknown>>): {
	preauthorizeApiKey(scheme: string, token: string): void;
	readonly authActions: { logout(schemes: readonly string[]): void };
};

const session = shop.signIn;
const form = document.querySelector('form') as HTMLFormElement;
const said = form.querySelector('output') as HTMLOutputElement;
const signOut = form.querySelector('button[type=button]') as HTMLButtonElement;

const dark = matchMedia('(prefers-color-scheme: dark)');
const paint = (): void => void document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', paint);
paint();

const ui = SwaggerUIBundle({
	url: '/api/openapi.json',
	dom_id: '#reference',
	deepLinking: true,
	displayRequestDuration: true,
	defaultModelsExpandDepth: 0,
	tryItOutEnabled: true,
	// The default validator is on another origin.
	validatorUrl: null,
});

let renewal: ReturnType<typeof setTimeout> | undefined;

/** Requests an access token, uses it for every operation, and renews it before it expires. */
async function enter(path: string, body: Readonly<Record<string, unknown>>): Promise<void> {
	const answer = await fetch(path, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body),
	});
	const told = (await answer.json()) as { access_token: string; expires_in: number; detail?: string };
	if (!answer.ok) throw new Error(told.detail);
	ui.preauthorizeApiKey('bearer', told.access_token);
	// `expires_in` is in seconds.
	renewal = setTimeout(() => void attempt(enter(`${session}/refresh`, {})), (told.expires_in - 60) * 1000);
}

async function attempt(entering: Promise<void>): Promise<void> {
	try {
		await entering;
		show(`Signed in as ${new FormData(form).get('email')}`, true);
	} catch (error) {
		leave();
		show((error as Error).message, false);
	}
}

function leave(): void {
	// Swagger UI fails on a second logout.
	if (renewal === undefined) return;
	clearTimeout(renewal);
	renewal = undefined;
	ui.authActions.logout(['bearer']);
}

function show(text: string, signedIn: boolean): void {
	said.textContent = text;
	form.classList.toggle('signed-in', signedIn);
}

form.addEventListener('submit', (event) => {
	event.preventDefault();
	void attempt(enter(session, Object.fromEntries(new FormData(form))));
});

signOut.addEventListener('click', () => {
	leave();
	form.reset();
	show('', false);
	void fetch(session, { method: 'DELETE' });
});
