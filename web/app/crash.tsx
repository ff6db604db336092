import { Component, type ReactNode } from 'react';
import { words } from '../language.ts';
import { Button } from '../ui/button.tsx';
import { Screen } from '../ui/screen.tsx';

const useWords = words(
	{
		title: 'This screen has broken',
		lead: 'The fault is the page’s own, or a part of it could not be loaded. Nothing that the shop keeps is lost.',
		reload: 'Load the page anew',
	},
	{
		title: 'Cet écran est en panne',
		lead: 'La faute en revient à la page, ou une partie n’a pas pu être chargée. Rien de ce que garde la boutique n’est perdu.',
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

interface Props {
	readonly children: ReactNode;
}

/** Keeps a screen that throws from taking the whole page with it. React has this for classes only. */
export class Crash extends Component<Props, { readonly broken: boolean }> {
	override state = { broken: false };

	static getDerivedStateFromError = () => ({ broken: true });

	override render(): ReactNode {
		return this.state.broken ? <Broken /> : this.props.children;
	}
}
