import { useMutation } from '@tanstack/react-query';
import { words } from '../../language.ts';
import { announce } from '../announce.tsx';
import { Button } from '../button.tsx';
import { Failure } from '../notice.tsx';
import { saveFile } from './save-file.ts';

const useWords = words(
	{ csv: 'Download as CSV', busy: 'Downloading…', done: 'CSV downloaded.' },
	{ csv: 'Télécharger en CSV', busy: 'Téléchargement…', done: 'CSV téléchargé.' },
);

interface Props {
	/** The name of the file, without its extension. */
	readonly name: string;
	readonly file: () => Promise<Blob>;
}

/** Downloads rows as CSV. Not a link, because the request needs the access token. */
export function Download({ name, file }: Props) {
	const text = useWords();
	const fetching = useMutation({
		mutationFn: file,
		onSuccess: (content) => {
			saveFile(`${name}.csv`, content);
			announce(text.done);
		},
	});
	return (
		<div className="row">
			<Failure error={fetching.error} />
			<Button busy={fetching.isPending} onClick={() => fetching.mutate()}>
				{fetching.isPending ? text.busy : text.csv}
			</Button>
		</div>
	);
}
