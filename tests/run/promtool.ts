import { spawnSync } from 'node:child_process';

/** Whether Prometheus's own tool is installed, which tries the rules of the alerts. */
export const hasPromtool = (): boolean => spawnSync('promtool', ['--version']).status === 0;
