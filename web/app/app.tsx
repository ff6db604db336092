import { Suspense } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { words } from '../language.ts';
import { groupAt } from '../screens.ts';
import { Announcements } from '../ui/announce.tsx';
import { Connection } from './connection.tsx';
import { Crash } from './crash.tsx';
import { Footer } from './footer.tsx';
import { Header } from './header.tsx';
import { News } from './news.tsx';
import { NotFound } from './not-found.tsx';
import { Placeholder } from './placeholder.tsx';
import { routes } from './routes.ts';
import { Handled, Skyline } from './skyline.tsx';
import { Tour } from './tour.tsx';

const useWords = words({ skip: 'Skip to content' }, { skip: 'Aller au contenu' });

export function App() {
	const text = useWords();
	const [path] = useLocation();
	const slim = groupAt(path) !== 'shop';
	return (
		<>
			<a className="skip" href="#main">
				{text.skip}
			</a>
			<Header slim={slim} />
			<Connection />
			{!slim && <Skyline />}
			<main id="main" tabIndex={-1} data-slim={slim}>
				<Crash>
					<Suspense fallback={<Placeholder />}>
						<Switch>
							{routes.map(({ path, screen }) => (
								<Route key={path} path={path} component={screen} />
							))}
							<Route component={NotFound} />
						</Switch>
					</Suspense>
				</Crash>
			</main>
			<Footer />
			<Tour />
			<Announcements />
			<News />
			<Handled />
		</>
	);
}
