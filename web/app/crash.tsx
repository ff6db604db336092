import { Component, type ReactNode } from 'react';
import { words } from '../language.ts';
import { Button } from '../ui/button.tsx';
import { Screen } from '../ui/screen.tsx';

const useWords = words(
	{
		title: 'Something went wrong',
		lead: 'This screen has an error, or part of it could not be loaded. Your data is safe.',
		reload: 'Reload the page',
	},
	{
		title: 'Un problème est survenu',
		lead: 'Cet écran a une erreur, ou une partie n’a pas pu être chargée. Vos données sont intactes.',
		reload: 'Recharger la page',
	},
);

function Broken() {
	const text = useWords();
	return (
		<Screen title={text.title} lead={text.lead}>
			<p>
				<Button kind="main" onClick={() => location.reload()}>
					{text.reload}
				</Button>
			</p>
		</Screen>
	);
}

/** Catches the errors of a screen, so that the rest of the page stays. React supports this in classes only. */
export class Crash extends Component<{ readonly children: ReactNode }, { readonly broken: boolean }> {
	override state = { broken: false };

	static getDerivedStateFromError = () => ({ broken: true });

	override render(): ReactNode {
		return this.state.broken ? <Broken /> : this.props.children;
	}
}
