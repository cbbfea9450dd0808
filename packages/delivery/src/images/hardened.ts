/** All that a container of ours can do without, as options of `docker run`. */
export const hardened = [
  ...['--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
  ...['--user', '65532', '--pids-limit', '100', '--memory', '1g'],
]
