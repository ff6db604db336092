import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queries } from './api/query.ts';
import { App } from './app/app.tsx';
import { loadScreen } from './app/routes.ts';

const place = document.getElementById('page');
if (!place) throw new Error('index.html has no #page');
// React shows what stands for a missing screen for 300 ms at least, so the screen's code comes first if it comes soon.
const soon = new Promise((resolve) => setTimeout(resolve, 100));
await Promise.race([loadScreen(location.pathname).catch(() => {}), soon]);
createRoot(place).render(
	<StrictMode>
		<QueryClientProvider client={queries}>
			<App />
		</QueryClientProvider>
	</StrictMode>,
);
