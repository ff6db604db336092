import { type UseQueryResult, useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { CurrentScaling, FunctionDetail } from '../../../functions/info/api.ts';
import { isAdmin, useAccount } from '../../api/account.ts';
import { ask } from '../../api/ask.ts';
import { faultOf } from '../../api/problem.ts';
import { refresh } from '../../api/query.ts';
import { useFormat } from '../../format.ts';
import { words } from '../../language.ts';
import { Button } from '../../ui/button.tsx';
import { Input } from '../../ui/field.tsx';
import { Form } from '../../ui/form.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Failure, Notice } from '../../ui/notice.tsx';

const useWords = words(
	{
		title: 'Scale',
		idle: 'Idle time, in seconds',
		concurrency: 'Parallel requests per instance',
		max: 'Most instances',
		range: (most: string) => `From 1 to ${most}`,
		apply: 'Apply',
		applied: 'Applied. It acts immediately, until the shop is closed.',
		admins: 'Admins can change these values while the shop runs.',
		compose: 'Compose does not scale containers by itself. Run more of them with:',
		cluster: 'On a cluster the declaration decides. Change its scale, then run:',
	},
	{
		title: 'Mise à l’échelle',
		idle: 'Durée d’inactivité, en secondes',
		concurrency: 'Requêtes parallèles par instance',
		max: 'Instances au plus',
		range: (most: string) => `De 1 à ${most}`,
		apply: 'Appliquer',
		applied: 'C’est appliqué, avec effet immédiat, jusqu’à la fermeture de la boutique.',
		admins: 'Les admins peuvent changer ces valeurs pendant que la boutique tourne.',
		compose: 'Compose n’ajuste pas seul le nombre de conteneurs. Pour en lancer davantage :',
		cluster: 'Sur un cluster, la déclaration décide. Changez-y l’échelle, puis lancez :',
	},
);

const settings = ['idle', 'concurrency', 'max'] as const;

interface Props {
	readonly query: UseQueryResult<FunctionDetail>;
	readonly name: string;
}

export function Scaling({ query, name }: Props) {
	const text = useWords();
	return (
		<section className="card stack" aria-labelledby="scaling">
			<h2 id="scaling">{text.title}</h2>
			<Loaded query={query}>
				{({ scaling, platform }) =>
					scaling ? (
						<Settings scaling={scaling} name={name} />
					) : (
						<>
							<p className="small">{platform === 'compose' ? text.compose : text.cluster}</p>
							<pre className="command">
								{platform === 'compose'
									? `docker compose up -d --no-recreate --scale ${name}=2`
									: `$EDITOR functions/${name}/function.ts\nnpx bodega deploy`}
							</pre>
						</>
					)
				}
			</Loaded>
		</section>
	);
}

function Settings({ scaling, name }: { readonly scaling: CurrentScaling; readonly name: string }) {
	const text = useWords();
	const { number } = useFormat();
	const admin = isAdmin(useAccount());
	/** The values that the user has typed, until they are applied. */
	const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
	const applying = useMutation({
		mutationFn: () => {
			const value = (setting: (typeof settings)[number]): number => Number(typed[setting] ?? scaling[setting]);
			const body = { idle: value('idle'), concurrency: value('concurrency'), max: value('max') };
			return ask('PUT /api/functions/:name/scaling', { params: { name }, body });
		},
		onSuccess() {
			setTyped({});
			refresh('GET /api/functions/:name');
		},
	});
	const isFault = settings.some((setting) => faultOf(applying.error, `body.${setting}`));
	return (
		<Form error={applying.error} busy={applying.isPending} onSend={() => applying.mutate()}>
			{settings.map((setting) => (
				<Input
					key={setting}
					label={text[setting]}
					hint={text.range(number(scaling.limits[setting]))}
					fault={faultOf(applying.error, `body.${setting}`)}
					type="number"
					inputMode="numeric"
					min={1}
					max={scaling.limits[setting]}
					readOnly={!admin}
					value={typed[setting] ?? scaling[setting]}
					onChange={({ target }) => setTyped({ ...typed, [setting]: target.value })}
				/>
			))}
			{!isFault && <Failure error={applying.error} />}
			{applying.isSuccess && <Notice kind="good">{text.applied}</Notice>}
			{admin ? (
				<Button type="submit" kind="main" busy={applying.isPending}>
					{text.apply}
				</Button>
			) : (
				<p className="small quiet">{text.admins}</p>
			)}
		</Form>
	);
}
