/** How much of something a container asks for, and the most it may use. */
export interface Range {
  request: number
  limit: number
}

/** A command of a service that a cluster runs by a schedule. */
export interface Job {
  /** When, in cron's syntax. */
  schedule: string
  /** What Node runs, from the package's folder: `['src/commands/train.ts']`. */
  command: readonly string[]
  memoryMib?: Range
  cpuMillis?: Range
}

/** What differs between the deployments of services; all else follows from their definitions. */
export interface Deployment {
  memoryMib?: Range
  cpuMillis?: Range
  /** The fewest and the most replicas. */
  replicas?: { min: number; max: number }
  /** By name. */
  jobs?: Readonly<Record<string, Job>>
  /** The TCP ports of servers outside the cluster that it calls, such as those of mail. */
  egressPorts?: readonly number[]
  /** Variables of its containers, where what is right in a container is not the default. */
  environment?: Readonly<Record<string, string>>
  /** Whether people reach it from outside the cluster. */
  isPublic?: boolean
  /**
   * Whether it stands for something that production has elsewhere. It is part of the store in one process, in Compose and in a local
   * cluster, where its pages (of one that speaks HTTP) are reached from that machine, and is not deployed in production.
   */
  isDevelopmentOnly?: boolean
}
