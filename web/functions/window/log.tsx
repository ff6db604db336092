import { useEffect, useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import type { FunctionDetail, LogLine } from '../../../functions/info/api.ts';
import { pathOf } from '../../../kit/declare/path.ts';
import { isAdmin, useAccount } from '../../api/account.ts';
import { ask } from '../../api/ask.ts';
import { follow } from '../../api/follow.ts';
import { words } from '../../language.ts';
import { Time } from '../../time.tsx';
import { Button } from '../../ui/button.tsx';
import { Input, Select } from '../../ui/field.tsx';
import { Failure } from '../../ui/notice.tsx';
import { withParam } from '../../ui/search.tsx';

const useWords = words(
	{
		title: 'Log',
		admins: 'Log lines can contain customers’ details, so only admins can read them.',
		signIn: 'Sign in as an admin',
		compose: 'With Compose, read the log in a terminal:',
		label: 'Log lines, newest first',
		severity: 'Severity',
		DEBUG: 'all',
		INFO: 'from information on',
		WARNING: 'warnings and errors',
		ERROR: 'errors only',
		trace: 'Trace',
		hint: 'The first digits of a trace id',
		pause: 'Pause the log',
		resume: 'Resume the log',
		none: 'No lines yet. They appear here as the function logs them.',
		onlyTrace: (trace: string) => `Only trace ${trace}`,
	},
	{
		title: 'Journal',
		admins: 'Le journal peut contenir des informations sur des clients : seuls les admins peuvent le lire.',
		signIn: 'Se connecter comme admin',
		compose: 'Avec Compose, lisez le journal dans un terminal :',
		label: 'Lignes du journal, les plus récentes d’abord',
		severity: 'Gravité',
		DEBUG: 'toutes',
		INFO: 'à partir des informations',
		WARNING: 'avertissements et erreurs',
		ERROR: 'erreurs seulement',
		trace: 'Trace',
		hint: 'Les premiers chiffres d’un identifiant de trace',
		pause: 'Suspendre le journal',
		resume: 'Reprendre le journal',
		none: 'Aucune ligne pour l’instant. Elles s’affichent ici dès que la fonction les écrit.',
		onlyTrace: (trace: string) => `Seulement la trace ${trace}`,
	},
);

const severities = ['DEBUG', 'INFO', 'WARNING', 'ERROR'] as const;
type Severity = (typeof severities)[number];

interface Props {
	readonly name: string;
	readonly platform: FunctionDetail['platform'] | undefined;
}

/** The live log of a function's instances. Only admins see it. */
export function Log({ name, platform }: Props) {
	const text = useWords();
	const account = useAccount();
	return (
		<section className="stack" aria-labelledby="log">
			<h2 id="log">{text.title}</h2>
			{platform === 'compose' ? (
				<div className="card stack">
					<p>{text.compose}</p>
					<pre className="command">{`docker compose logs -f ${name}`}</pre>
				</div>
			) : isAdmin(account) ? (
				platform && <Lines name={name} />
			) : (
				account !== undefined && (
					<div className="card row">
						<p>{text.admins}</p>
						<Link href={`/sign-in?to=${encodeURIComponent(`/functions/${name}`)}`}>{text.signIn}</Link>
					</div>
				)
			)}
		</section>
	);
}

function Lines({ name }: { readonly name: string }) {
	const text = useWords();
	const [params, setParams] = useSearchParams();
	const set = (key: string, value: string): void =>
		setParams((before) => withParam(before, key, value), { replace: true });
	const severity = severities.find((each) => each === params.get('severity')) ?? 'DEBUG';
	const typed = params.get('trace') ?? '';
	const trace = /^[0-9a-f]{1,32}$/.exec(typed)?.[0];
	const [held, setHeld] = useState<readonly LogLine[]>();
	const { lines, error } = useLines(name, severity, trace);
	return (
		<div className="card stack">
			<div className="log-filters">
				<Select label={text.severity} value={severity} onChange={({ target }) => set('severity', target.value)}>
					{severities.map((each) => (
						<option key={each} value={each}>
							{text[each]}
						</option>
					))}
				</Select>
				<Input
					label={text.trace}
					hint={text.hint}
					value={typed}
					maxLength={32}
					spellCheck={false}
					autoComplete="off"
					onChange={({ target }) => set('trace', target.value.trim().toLowerCase())}
				/>
				<Button onClick={() => setHeld(held ? undefined : lines)}>{held ? text.resume : text.pause}</Button>
			</div>
			<Failure error={error} heals />
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable regions must be keyboard-focusable */}
			<section className="scroll log" aria-label={text.label} tabIndex={0}>
				{lines.length ? (
					<ol>
						{(held ?? lines).map((line) => (
							<Line key={keyOf(line)} line={line} onTrace={(id) => set('trace', id)} />
						))}
					</ol>
				) : (
					<p className="quiet">{text.none}</p>
				)}
			</section>
		</div>
	);
}

function Line({ line, onTrace }: { readonly line: LogLine; readonly onTrace: (trace: string) => void }) {
	const text = useWords();
	const { time, service, severity, message, trace, fields } = line;
	return (
		<li data-severity={severity}>
			<Time at={time} form="clock" /> <span className="quiet">{service}</span> <strong>{severity}</strong>{' '}
			<span lang="en">{message}</span>{' '}
			{Object.entries(fields).map(([key, value]) => (
				<span key={key}>
					<span className="quiet">{key}=</span>
					{typeof value === 'string' ? value : JSON.stringify(value)}{' '}
				</span>
			))}
			{trace && (
				<button
					type="button"
					className="frameless trace-link"
					aria-label={text.onlyTrace(trace.slice(0, 8))}
					onClick={() => onTrace(trace)}
				>
					{trace.slice(0, 8)}
				</button>
			)}
		</li>
	);
}

/** The most lines that the page holds. */
const most = 500;

const keyOf = (line: LogLine): string => JSON.stringify(line);

interface Followed {
	/** Newest first. */
	readonly lines: readonly LogLine[];
	/** The failure of the last attempt, if it failed. */
	readonly error: unknown;
}

/** Follows the log. A stream that begins again repeats lines, which count once. */
function useLines(name: string, severity: Severity, trace: string | undefined): Followed {
	const [error, setError] = useState<unknown>();
	const [lines, setLines] = useState<ReadonlyMap<string, LogLine>>(new Map());
	useEffect(() => {
		let came: (readonly [string, LogLine])[] = [];
		let timer: ReturnType<typeof setTimeout> | undefined;
		const tell = (): void => {
			const news = came;
			came = [];
			timer = undefined;
			setLines((before) => new Map([...before, ...news].slice(-most)));
		};
		const sent = { params: { name }, query: { severity, trace } };
		const stop = follow<LogLine>(pathOf('/api/functions/:name/log', sent), {
			onUpdate(line) {
				setError(undefined);
				came.push([keyOf(line), line]);
				// Lines arrive in bursts, and are rendered together.
				timer ??= setTimeout(tell, 50);
			},
			poll: () =>
				ask('GET /api/functions/:name/log', sent).catch((failure) => {
					setError(failure);
					throw failure;
				}),
		});
		return () => {
			stop();
			clearTimeout(timer);
			setLines(new Map());
		};
	}, [name, severity, trace]);
	return { lines: [...lines.values()].reverse(), error };
}
