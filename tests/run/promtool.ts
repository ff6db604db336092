import { spawnSync } from 'node:child_process';

/** Returns whether promtool is installed, the tool of Prometheus that tests alert rules. */
export const hasPromtool = (): boolean => spawnSync('promtool', ['--version']).status === 0;
