import { EchoService } from '@books/proto'
import { variablesOf } from '@books/runtime'
import { describe, expect, it } from '@jest/globals'
import { defineService } from './define-service.ts'
import { dependency } from './dependency.ts'
import { settingsSchemaOf } from './service-settings.ts'
import { describeUnknownVariables } from './unknown-variables.ts'

const cart = defineService({
  name: 'cart',
  port: 50_058,
  dependencies: { inventory: dependency(EchoService, { port: 50_053 }) },
  start: async () => ({ services: [] }),
})
const known = variablesOf(settingsSchemaOf(cart))

function unknownIn(...names: string[]): string[] {
  return describeUnknownVariables({
    services: [cart],
    known,
    env: Object.fromEntries(names.map((name) => [name, 'x'])),
  })
}

describe('describeUnknownVariables', () => {
  it('names what begins with a service or a dependency of it, and is no setting', () => {
    expect(unknownIn('CART_COLOUR', 'INVENTORY_URL')).toEqual(['CART_COLOUR', 'INVENTORY_URL'])
  })

  it('names a misspelling with what was meant', () => {
    expect(unknownIn('GRACE_M', 'INVENTROY_HOST', 'TLS_CERTS')).toEqual([
      'GRACE_M (did you mean GRACE_MS?)',
      'INVENTROY_HOST (did you mean INVENTORY_HOST?)',
      'TLS_CERTS (did you mean TLS_CERT?)',
    ])
  })

  it('passes over settings, their files, variables of other programs, and what Kubernetes sets', () => {
    const others = [
      'PATH',
      'HOME',
      'HOSTNAME',
      'NODE_ENV',
      'PWD',
      'SHLVL',
      'TERM',
      'LANG',
      'TZ',
      'npm_config_user_agent',
    ]
    const links = ['INVENTORY_SERVICE_HOST', 'CART_PORT_50058_TCP_ADDR', 'INVENTORY_SERVICE_PORT_GRPC']

    expect(unknownIn('GRACE_MS', 'TLS_KEY_FILE', 'INVENTORY_PORT', ...others, ...links)).toEqual([])
  })
})
