import type { Kubectl } from './kubectl.ts';
import { completeKept, type Kept, secretName } from './manifests/secret.ts';

interface Secret {
	readonly metadata: { readonly name: string };
	readonly data?: Readonly<Record<string, string>>;
}

/** The secrets that the deployment was made with, or new ones where it has none. */
export async function readKept(kubectl: Kubectl): Promise<Kept> {
	const found = await kubectl.list<Secret>('secrets', '-l', 'app.kubernetes.io/part-of=bodega');
	const value = (secret: string, key: string): string | undefined => {
		const encoded = found.find(({ metadata }) => metadata.name === secret)?.data?.[key];
		return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString();
	};
	const ownerPassword = value(secretName.owner, 'POSTGRES_PASSWORD');
	const adminPassword = value(secretName.admin, 'ADMIN_PASSWORD');
	return completeKept({ ...(ownerPassword ? { ownerPassword } : {}), ...(adminPassword ? { adminPassword } : {}) });
}
