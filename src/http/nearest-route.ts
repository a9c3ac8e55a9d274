import leven from 'leven'

/** Routes as a tree of the segments of their patterns, `:name` for a parameter. */
export interface RouteTree {
  readonly children: Map<string, RouteTree>
  /** The routes whose pattern ends here: their methods, and how they are shown. */
  readonly routes: Map<string, string>
}

export function createRouteTree (): RouteTree {
  return { children: new Map(), routes: new Map() }
}

export function addRoute (tree: RouteTree, method: string, url: string): void {
  let node = tree
  for (const segment of url.split('/')) {
    const child = node.children.get(segment) ?? createRouteTree()
    node.children.set(segment, child)
    node = child
  }
  node.routes.set(method, `${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`)
}

/** The segments of a path that are compared, and the characters of each: more than any route has. */
const MAX_SEGMENTS = 12
const MAX_SEGMENT_LENGTH = 40

/**
 * Returns the route that is written most like a request, as `POST /extractions/...`; null if the request differs from every route
 * in more than half of the characters that are not parameters. Segments are compared one by one, and parameters match any
 * segment, so that the time this takes does not grow with the length of the path.
 */
export function nearestRoute (tree: RouteTree, method: string, path: string): string | null {
  const segments = path.split('/', MAX_SEGMENTS + 1).map(segment => segment.slice(0, MAX_SEGMENT_LENGTH))
  if (segments.length > MAX_SEGMENTS) return null
  const lengths = segments.map(costOf)
  let best: { readonly cost: number, readonly route: string | null } = { cost: Infinity, route: null }

  /**
   * Visits a node. `costs` holds the cost of turning the first segments of the path, by their number, into those of the node, and
   * `fixed` the number of characters in those that are not parameters.
   */
  function visit ({ children, routes }: RouteTree, costs: readonly number[], fixed: number): void {
    for (const [routeMethod, route] of routes) {
      const cost = Number(costs.at(-1)) + leven(method, routeMethod)
      if (cost < best.cost && cost <= (routeMethod.length + fixed) / 2) best = { cost, route }
    }
    for (const [segment, child] of children) {
      const next = nextCosts(costs, segment)
      if (Math.min(...next) < best.cost) visit(child, next, isParameter(segment) ? fixed : fixed + costOf(segment))
    }
  }

  function nextCosts (costs: readonly number[], routeSegment: string): number[] {
    const inserted = costOf(routeSegment)
    const next = [Number(costs[0]) + inserted]
    for (const [index, segment] of segments.entries()) {
      next.push(Math.min(
        Number(costs[index]) + difference(segment, routeSegment),
        Number(costs[index + 1]) + inserted,
        Number(next[index]) + Number(lengths[index])
      ))
    }
    return next
  }

  visit(tree, lengths.reduce<readonly number[]>((sums, length) => [...sums, Number(sums.at(-1)) + length], [0]), 0)
  return best.route
}

/** The cost of a segment that one side lacks: its characters, and the slash. */
function costOf (segment: string): number {
  return segment.length + 1
}

/** The number of characters in which two segments differ: all of them, unless one is a misspelling of the other. */
function difference (segment: string, routeSegment: string): number {
  if (isParameter(routeSegment)) return 0
  const longer = Math.max(segment.length, routeSegment.length)
  const limit = Math.ceil(longer / 3)
  const distance = leven(segment, routeSegment, { maxDistance: limit + 1 })
  return distance > limit ? longer : distance
}

function isParameter (routeSegment: string): boolean {
  return routeSegment.startsWith(':')
}
