import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queries } from './api/query.ts';
import { App } from './app/app.tsx';
import { loadScreen } from './app/routes.ts';

const place = document.getElementById('page');
if (!place) throw new Error('index.html has no #page');
// React shows a Suspense fallback for at least 300 ms, so wait up to 100 ms for the screen's code first.
const soon = new Promise((resolve) => setTimeout(resolve, 100));
await Promise.race([loadScreen(location.pathname).catch(() => {}), soon]);
createRoot(place).render(
	<StrictMode>
		<QueryClientProvider client={queries}>
			<App />
		</QueryClientProvider>
	</StrictMode>,
);
