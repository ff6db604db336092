import { useMutation } from '@tanstack/react-query';
import { useParams } from 'wouter';
import type { TracesData } from '../../functions/event-log/api.ts';
import { ask } from '../api/ask.ts';
import { refresh, useAnswer } from '../api/query.ts';
import { useFormat } from '../format.ts';
import { words } from '../language.ts';
import { AdminScreen } from '../ui/admin-only.tsx';
import { Button, ButtonLink } from '../ui/button.tsx';
import { saveFile } from '../ui/download/save-file.ts';
import { Loaded } from '../ui/loaded.tsx';
import { Failure } from '../ui/notice.tsx';
import { Lines } from './lines.tsx';
import { layOut } from './waterfall.ts';

const useWords = words(
	{
		title: (id: string) => `Trace ${id.slice(0, 8)}`,
		lead: 'The HTTP calls, database queries and events of one request, in all functions, on one axis of time.',
		again: 'Refresh',
		download: 'Download as OTLP',
		events: 'Its events',
		collector:
			'The functions send their spans to the collector that OTEL_EXPORTER_OTLP_ENDPOINT names. Look there for this trace.',
		nowhere:
			'This shop records no traces. Set OTEL_EXPORTER_OTLP_ENDPOINT to an OpenTelemetry collector to see them there.',
		off: 'No spans of this trace are recorded. Recording costs time in every request, so it is off until you start it.',
		on: (when: string) => `No spans of this trace are recorded. Traces of requests until ${when} are.`,
		recording: (when: string) => `Recording until ${when}, in the memory of the shop’s process.`,
		record: 'Record for ten minutes',
		end: 'End the recording',
		restarts: 'Each function restarts once. Then repeat what you want to see.',
	},
	{
		title: (id: string) => `Trace ${id.slice(0, 8)}`,
		lead: 'Les appels HTTP, les requêtes SQL et les événements d’une même demande, dans toutes les fonctions, sur un seul axe du temps.',
		again: 'Actualiser',
		download: 'Télécharger en OTLP',
		events: 'Ses événements',
		collector:
			'Les fonctions envoient leurs spans au collecteur indiqué par OTEL_EXPORTER_OTLP_ENDPOINT. Cherchez-y cette trace.',
		nowhere:
			'Cette boutique n’enregistre pas de traces. Indiquez un collecteur OpenTelemetry dans OTEL_EXPORTER_OTLP_ENDPOINT pour les y voir.',
		off: 'Aucun span de cette trace n’est enregistré. L’enregistrement ralentit chaque requête : il est donc arrêté tant que vous ne le lancez pas.',
		on: (when: string) => `Aucun span de cette trace n’est enregistré. Les requêtes faites d’ici ${when} le seront.`,
		recording: (when: string) => `Enregistrement jusqu’à ${when}, dans la mémoire du processus de la boutique.`,
		record: 'Enregistrer pendant dix minutes',
		end: 'Arrêter l’enregistrement',
		restarts: 'Chaque fonction redémarre une fois. Refaites ensuite ce que vous voulez voir.',
	},
);

export default function TraceScreen() {
	const { trace = '' } = useParams();
	const text = useWords();
	return (
		<AdminScreen title={text.title(trace)} lead={text.lead}>
			<OneTrace key={trace} trace={trace} />
		</AdminScreen>
	);
}

function OneTrace({ trace }: { readonly trace: string }) {
	const text = useWords();
	const query = useAnswer('GET /api/traces/:trace', { params: { trace } });
	const isMissing = query.data?.resourceSpans.length === 0;
	return (
		<>
			<div className="row">
				<Button busy={query.isFetching} onClick={() => refresh('GET /api/traces/:trace', 'GET /api/recording')}>
					{text.again}
				</Button>
				{query.data && !isMissing && <Download trace={trace} data={query.data} />}
				<ButtonLink href={`/events?trace=${trace}`}>{text.events}</ButtonLink>
			</div>
			<Recording isMissing={isMissing} />
			{!isMissing && <Loaded query={query}>{(data) => <Lines waterfall={layOut(data)} />}</Loaded>}
		</>
	);
}

function Download({ trace, data }: { readonly trace: string; readonly data: TracesData }) {
	const text = useWords();
	const save = (): void =>
		saveFile(`trace-${trace}.json`, new Blob([JSON.stringify(data, undefined, 2)], { type: 'application/json' }));
	return <Button onClick={save}>{text.download}</Button>;
}

/** Says where spans are, and starts or ends a recording. */
function Recording({ isMissing }: { readonly isMissing: boolean }) {
	const text = useWords();
	const { clock } = useFormat();
	const query = useAnswer('GET /api/recording');
	const changing = useMutation({
		mutationFn: (start: boolean) =>
			start ? ask('PUT /api/recording', { body: { minutes: 10 } }) : ask('DELETE /api/recording'),
		onSuccess: () => refresh('GET /api/recording'),
	});
	return (
		<Loaded query={query}>
			{({ place, until }) => (
				<div className="card stack" role="status">
					<p>
						{place !== 'memory'
							? text[place]
							: until === null
								? text.off
								: isMissing
									? text.on(clock(until))
									: text.recording(clock(until))}
					</p>
					{place === 'memory' && (
						<div className="row">
							{/* One button, so that the focus stays. */}
							<Button busy={changing.isPending} onClick={() => changing.mutate(until === null)}>
								{until === null ? text.record : text.end}
							</Button>
							{until === null && <span className="quiet">{text.restarts}</span>}
						</div>
					)}
					<Failure error={changing.error} />
				</div>
			)}
		</Loaded>
	);
}
