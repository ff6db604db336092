import { openParts, runClients } from './clients.ts';
import { Injector } from './faults/injector.ts';
import { sharedFaults } from './faults/shared.ts';
import { Healing } from './healing.ts';
import { History } from './history.ts';
import { invariants as ofAnswers } from './invariants/answers.ts';
import { invariants as ofEvents } from './invariants/events.ts';
import { judge, type Verdict } from './invariants/invariant.ts';
import type { Part } from './part.ts';
import { pause } from './pause.ts';
import { describe, plan } from './plan.ts';
import { type Report, reportOf, type Terminal } from './report.ts';
import { Stage } from './stage.ts';
import type { Target } from './target.ts';

export interface Options {
	readonly target: 'local' | 'cluster';
	readonly seconds: number;
	readonly seed: number;
}

/**
 * Seconds after the faults for which clients repeat requests without an answer, and follow their orders. An event that a fault
 * has lost is republished after 30 to 90 s, and a retry can come after that.
 */
const patience = 180;

/**
 * Lets clients use a shop while faults are injected, waits until it has healed, and checks what it promised.
 * @throws {Error} when the shop cannot be opened or asked
 * @throws {DOMException} an AbortError when `stop` is aborted
 */
export async function run(options: Options, terminal: Terminal, stop: AbortSignal): Promise<Report> {
	terminal.say(`opening the shop: ${options.target}`);
	const target = await open(options, stop);
	const history = new History();
	const stage = new Stage(target, history, options.seed, stop);
	const verdicts: Verdict[] = [];
	try {
		if (!(await stage.admin.signIn())) throw new Error('the admin cannot sign in');
		const parts = await openParts(stage);
		const storm = await storming(target, stage, parts, options, terminal, stop);
		verdicts.push(...(await check(stage, parts, storm, terminal, stop)));
	} finally {
		terminal.say('closing the shop');
		await stage.close();
		verdicts.push(...(await target.close()));
	}
	stop.throwIfAborted();
	return reportOf(options, history, verdicts, target.log);
}

async function open({ target }: Options, stop: AbortSignal): Promise<Target> {
	try {
		return target === 'local'
			? await (await import('./local/target.ts')).openLocal(stop)
			: await (await import('./cluster/target.ts')).openCluster();
	} catch (error) {
		stop.throwIfAborted();
		throw error;
	}
}

interface Storm {
	/** The faults that could not be ended. */
	readonly unended: readonly string[];
	/** Resolves when each client has finished its last step. */
	readonly left: Promise<void>;
}

/** Lets the clients work while the faults of the plan are injected. */
async function storming(
	target: Target,
	stage: Stage,
	parts: readonly Part[],
	{ seed, seconds }: Options,
	terminal: Terminal,
	stop: AbortSignal,
): Promise<Storm> {
	const { admin, history } = stage;
	const tell = (line: string): void => terminal.say(line);
	const kinds = [...target.faults(admin, history), ...sharedFaults(admin, stage.visitor('crowd'))];
	const planned = plan(seed, seconds, kinds, target.pause);
	terminal.say(['the faults:', ...planned.map(describe)].join('\n'));
	const over = AbortSignal.any([AbortSignal.timeout(seconds * 1000), stop]);
	const hush = terminal.follow(history);
	try {
		const clients = runClients(
			parts.flatMap((part) => part.clients),
			stage,
			over,
		);
		const unended = await new Injector(kinds, history, tell).run(planned, over, stop);
		await pause(seconds, over);
		terminal.say('healing: the faults are over');
		return { unended, left: clients.finally(stage.limit(patience)) };
	} finally {
		hush();
	}
}

/** Waits until the shop has healed, and checks every invariant. */
async function check(
	{ admin, history, since }: Stage,
	parts: readonly Part[],
	{ unended, left }: Storm,
	terminal: Terminal,
	stop: AbortSignal,
): Promise<Verdict[]> {
	const healing = new Healing(admin, since, (line) => terminal.say(line), stop);
	const [state] = await Promise.all([healing.heal(left).catch((error: Error) => error), left]);
	stop.throwIfAborted();
	const broken = state instanceof Error;
	const healed = {
		claim: 'the shop answers again after the faults',
		violations: [...unended, ...(broken ? [state.message] : [])],
	};
	if (broken) return [healed, ...judge(ofAnswers, history, undefined)];
	terminal.say('checking the invariants');
	const verdicts = [healed, ...judge(ofEvents, history, state)];
	for (const part of parts) verdicts.push(...(await part.judge()));
	// Last, because reading the final state adds answers.
	return [...verdicts, ...judge(ofAnswers, history, undefined)];
}
