import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queries } from './api/query.ts';
import { App } from './app/app.tsx';

const place = document.getElementById('page');
if (!place) throw new Error('index.html has no #page');
createRoot(place).render(
	<StrictMode>
		<QueryClientProvider client={queries}>
			<App />
		</QueryClientProvider>
	</StrictMode>,
);
