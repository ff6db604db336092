import type { ReactNode, Ref } from 'react';

export interface Column<Row> {
	readonly key: string;
	readonly heading: ReactNode;
	/** The heading of a cell on a phone, where the heading is no text. */
	readonly label?: string;
	/** `number` is right-aligned, `text` has up to three lines. Other columns have one line. */
	readonly kind?: 'number' | 'text' | undefined;
	readonly sort?: 'ascending' | 'descending' | undefined;
	readonly cell: (row: Row) => ReactNode;
}

interface Props<Row> {
	readonly label: string;
	/** The first column has the row headings. */
	readonly columns: readonly Column<Row>[];
	readonly rows: readonly Row[];
	readonly keyOf: (row: Row, index: number) => string | number;
	readonly region?: Ref<HTMLElement>;
	readonly className?: string;
}

/** A table that scrolls inside its frame where it is too wide. On a phone each row is a card. */
export function Sheet<Row>({ label, columns, rows, keyOf, region, className = '' }: Props<Row>) {
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region needs to scroll with the keyboard
		<section ref={region} className={`scroll sheet ${className}`} aria-label={label} tabIndex={0}>
			<table className="table">
				<thead>
					<tr>
						{columns.map(({ key, heading, kind, sort }) => (
							<th key={key} scope="col" className={kind} aria-sort={sort}>
								{heading}
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{rows.map((row, index) => (
						<tr key={keyOf(row, index)}>
							{columns.map(({ key, kind, heading, label: own, cell }, at) =>
								at === 0 ? (
									<th key={key} scope="row" className={kind} data-label={own}>
										<div>{cell(row)}</div>
									</th>
								) : (
									<td
										key={key}
										className={kind}
										data-label={own ?? (typeof heading === 'string' ? heading : undefined)}
									>
										<div>{cell(row)}</div>
									</td>
								),
							)}
						</tr>
					))}
				</tbody>
			</table>
		</section>
	);
}
