import { hash } from 'node:crypto';

interface Panel {
	readonly title: string;
	readonly description?: string;
	readonly kind?: 'timeseries' | 'stat';
	/** Grafana's name of the unit. */
	readonly unit?: 'short' | 'reqps' | 's' | 'percentunit' | 'bytes' | 'ops';
	/** The lines of the graph, in PromQL. */
	readonly queries: readonly { readonly expr: string; readonly legend?: string }[];
	/** The number of columns, of the 24 in a row. */
	readonly width?: 6 | 8 | 12 | 24;
}

export interface Dashboard {
	readonly name: string;
	readonly title: string;
	readonly panels: readonly Panel[];
}

const datasource = { type: 'prometheus', uid: 'prometheus' };

/** Returns a dashboard as JSON for Grafana (its "Dashboard JSON model"). */
export function dashboardJson({ name, title, panels }: Dashboard): string {
	const model = {
		uid: hash('sha256', `bodega ${name}`).slice(0, 12),
		title: `Bodega: ${title}`,
		tags: ['bodega'],
		schemaVersion: 39,
		editable: false,
		refresh: '15s',
		time: { from: 'now-1h', to: 'now' },
		timezone: 'browser',
		links: [{ type: 'dashboards', tags: ['bodega'], title: 'Bodega', asDropdown: true }],
		panels: laidOut(panels),
	};
	return `${JSON.stringify(model, null, '\t')}\n`;
}

/** Lays panels out in rows from left to right, as many per row as fit. */
function laidOut(panels: readonly Panel[]): object[] {
	const deployment = { x: 0, y: 0, h: 0 };
	return panels.map((panel, index) => {
		const { title, description, kind = 'timeseries', unit = 'short', queries, width = 12 } = panel;
		const height = kind === 'stat' ? 4 : 8;
		if (deployment.x + width > 24) Object.assign(deployment, { x: 0, y: deployment.y + deployment.h, h: 0 });
		const gridPos = { x: deployment.x, y: deployment.y, w: width, h: height };
		Object.assign(deployment, { x: deployment.x + width, h: Math.max(deployment.h, height) });
		return {
			id: index + 1,
			type: kind,
			title,
			...(description ? { description } : {}),
			datasource,
			gridPos,
			fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
			targets: queries.map(({ expr, legend }, number) => ({
				refId: String.fromCharCode(65 + number),
				datasource,
				expr,
				...(legend ? { legendFormat: legend } : {}),
			})),
		};
	});
}
