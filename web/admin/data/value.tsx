import { useState } from 'react';
import { words } from '../../language.ts';
import { Time } from '../../time.tsx';
import { Dialog } from '../../ui/dialog.tsx';

const useWords = words({ empty: 'empty' }, { empty: 'vide' });

/** The most characters that a cell shows in full. A longer value opens in a dialog. */
const longest = 60;
/** Characters rendered of a longer value: more than fit in a cell, few enough for a thousand cells. */
const drawn = 200;

interface Props {
	readonly name: string;
	/** The column's type in Postgres. */
	readonly type: string;
	readonly value: unknown;
}

/** Shows a value of a table. Null, an empty text and the text "null" look different. */
export function Value({ name, type, value }: Props) {
	const words = useWords();
	if (value === null || value === undefined) return <span className="value-none">null</span>;
	if (value === '') return <span className="value-none">{words.empty}</span>;
	// `infinity` is a timestamp too.
	if (type.startsWith('timestamp') && !Number.isNaN(Date.parse(String(value))))
		return <Time className="value" at={String(value)} form="full" />;
	const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
	if (text.length <= longest && !text.includes('\n')) return <span className="value">{text}</span>;
	return (
		<Clipped name={name} text={text} whole={typeof value === 'object' ? JSON.stringify(value, undefined, 2) : text} />
	);
}

function Clipped({ name, text, whole }: { readonly name: string; readonly text: string; readonly whole: string }) {
	const [isOpen, setOpen] = useState(false);
	return (
		<>
			<button
				type="button"
				className="value value-clipped frameless"
				aria-haspopup="dialog"
				onClick={() => setOpen(true)}
			>
				{text.slice(0, drawn)}
			</button>
			{isOpen && (
				<Dialog title={name} onClose={() => setOpen(false)}>
					{/* biome-ignore lint/a11y/noNoninteractiveTabindex: it needs to scroll with the keyboard */}
					<pre className="value-whole" tabIndex={0}>
						{whole}
					</pre>
				</Dialog>
			)}
		</>
	);
}
