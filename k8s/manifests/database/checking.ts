import type { Declaration } from '../../../kit/declare/declare.ts';
import { database } from './database.ts';
import { restoring } from './restoring.ts';

/**
 * Returns a bash script that waits for tonight's dump, restores it into a Postgres of its own, and counts the rows, so the
 * check puts no load on the shop's server. It renames the dump and deletes the oldest ones only afterwards, so a failure
 * leaves the existing dumps untouched.
 */
export const checking = (
	{ folder, days }: { folder: string; days: number },
	functions: readonly Declaration[],
): string => `set -euo pipefail
tonight() { find ${folder} -name '*.dump.unchecked' -mmin -720 | sort | tail -n 1; }
for _ in $(seq 1440); do
	unchecked=$(tonight)
	[ -n "$unchecked" ] && break
	sleep 5
done
[ -n "$unchecked" ] || { echo 'Found no new dump in two hours. Has the Job "backup" failed?' >&2; exit 1; }

rm -rf /tmp/check
initdb --pgdata=/tmp/check --username=${database.owner} --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync > /tmp/initdb.log ||
	{ cat /tmp/initdb.log; exit 1; }
pg_ctl --pgdata=/tmp/check --log=/tmp/server.log --wait --silent \\
	--options="-c listen_addresses= -c unix_socket_directories=/tmp -c fsync=off" start || { cat /tmp/server.log; exit 1; }
export PGHOST=/tmp
${restoring('"$unchecked"', 'checked', functions)}
mv "$unchecked" "\${unchecked%.unchecked}"
find ${folder} -name '*.dump' -mtime +${days - 1} -delete
ls -l ${folder}
`;
