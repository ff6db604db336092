interface Props {
	/** The name of the table for screen readers. */
	readonly label: string;
	readonly className?: string;
	readonly heads: readonly string[];
	/** The indexes of the columns with numbers, which are right-aligned. */
	readonly numbers?: readonly number[];
	/** Whether the first cell of each row is its header. */
	readonly rowHeads?: boolean;
	readonly rows: readonly { readonly key: string | number; readonly cells: readonly string[] }[];
}

/** A table that scrolls inside its frame where it is too wide. On a phone each row is a card. */
export function Table({ label, className = 'scroll', heads, numbers = [], rowHeads = true, rows }: Props) {
	const classOf = (index: number) => (numbers.includes(index) ? 'number' : undefined);
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable regions must be keyboard-focusable
		<section className={className} tabIndex={0} aria-label={label}>
			<table className="table">
				<thead>
					<tr>
						{heads.map((head, index) => (
							<th key={head} scope="col" className={classOf(index)}>
								{head}
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{rows.map(({ key, cells }) => (
						<tr key={key}>
							{cells.map((cell, index) =>
								rowHeads && index === 0 ? (
									<th key={heads[index]} scope="row">
										{cell}
									</th>
								) : (
									<td key={heads[index]} className={classOf(index)} data-label={heads[index]}>
										{cell}
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
