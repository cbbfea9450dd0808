/** Every URL of the shop that does not depend on the content of a file. */
export const paths = {
  home: '/',
  healthz: '/healthz',
  readyz: '/readyz',
} as const
